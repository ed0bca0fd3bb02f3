//! Which links count, and what is conditional.
//!
//! A link counts where azman.msc could have made it: to an operation of the same application, to a definition of the
//! same level or of the application above a scope, to a group of the same level or of one above. Any other link, and
//! one to nothing or to another kind of object, grants nothing; `check` reports it.

use std::borrow::Cow;

use crate::accounts::{Sid, SidReader};
use crate::store::{GroupType, Kind, LeafId, LeafKind, ObjId, Store};

/// How an application group finds its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finds {
    /// By its list of members and non-members.
    Listed,
    /// By asking a directory, or a script: nobody can tell from the store.
    Unknown(Condition),
}

/// What a grant depends on beyond the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// An authorization rule, of a definition or of a group.
    Rule,
    /// The query of an LDAP group.
    Ldap,
}

impl Condition {
    /// The word of JSON.
    pub fn word(self) -> &'static str {
        match self {
            Condition::Rule => "rule",
            Condition::Ldap => "ldap",
        }
    }
}

/// Whether a task or role definition has an authorization rule.
pub(super) fn has_rule(store: &Store, definition: ObjId) -> bool {
    store.first(definition, LeafKind::BizRule).is_some_and(|text| !text.trim().is_empty())
}

/// How the group finds its members. One whose type is none of the three is taken for a list.
pub(super) fn finds(store: &Store, group: ObjId) -> Finds {
    match store.group_type(group) {
        None | Some(GroupType::Basic) => Finds::Listed,
        Some(GroupType::LdapQuery) => Finds::Unknown(Condition::Ldap),
        Some(GroupType::BizRule) => Finds::Unknown(Condition::Rule),
    }
}

/// The operations that a definition or role assignment links directly.
pub(super) fn operations(store: &Store, owner: ObjId) -> impl Iterator<Item = ObjId> + '_ {
    let application = store.application(owner);
    targets(store, owner, LeafKind::OperationLink)
        .filter(move |&to| store.kind(to) == Kind::Operation && store.parent(to) == application)
}

/// The task and role definitions that a definition or role assignment links directly.
pub(super) fn definitions(store: &Store, owner: ObjId) -> impl Iterator<Item = ObjId> + '_ {
    let levels = [Some(store.level(owner)), store.application(owner)];
    targets(store, owner, LeafKind::TaskLink).filter(move |&to| {
        matches!(store.kind(to), Kind::Task | Kind::Role) && levels.contains(&store.parent(to))
    })
}

/// The groups that a role assignment links, or that a list group links as its members.
pub(super) fn groups(store: &Store, owner: ObjId) -> impl Iterator<Item = ObjId> + '_ {
    let counts = counts(store, owner);
    let levels = [Some(store.level(owner)), store.application(owner), Some(store.root())];
    // A group of the store has no application above it, and must not take one of nowhere.
    targets(store, owner, LeafKind::AppMemberLink).filter(move |&to| {
        counts
            && store.kind(to) == Kind::Group
            && store.parent(to).is_some()
            && levels.contains(&store.parent(to))
    })
}

fn targets(store: &Store, owner: ObjId, kind: LeafKind) -> impl Iterator<Item = ObjId> + '_ {
    store.leaves_of(owner, kind).filter_map(|leaf| store.target(leaf))
}

/// The SIDs that an assignment or a list group names as members, or (`NonMember`) that the group keeps out.
pub(super) fn sids(store: &Store, owner: ObjId, kind: LeafKind) -> impl Iterator<Item = Sid> + '_ {
    let counts = counts(store, owner);
    store.leaves_of(owner, kind).filter(move |_| counts).filter_map(|leaf| {
        let text = store.raw_text(leaf).map_or_else(|| store.text(leaf), Cow::Borrowed);
        // Nothing that needs decoding begins like a SID and is one.
        Sid::parse(&text).or_else(|_| Sid::parse(store.text(leaf).trim())).ok()
    })
}

/// Whether the member may be one of those whose SIDs end in these numbers. Tells nearly all others without reading them:
/// what a SID ends in is its last number, in decimal digits.
pub(super) fn may_end_in(store: &Store, member: LeafId, numbers: &[u32]) -> bool {
    let Some(text) = store.raw_text(member) else { return true };
    let (mut number, mut place) = (0_u64, 1_u64);
    for byte in text.bytes().rev() {
        match byte {
            b'0'..=b'9' if place < 1 << 40 => {
                number += u64::from(byte - b'0') * place;
                place *= 10;
            }
            b'-' if place > 1 => return numbers.iter().any(|wanted| u64::from(*wanted) == number),
            _ => return true,
        }
    }
    true
}

/// The same for those who read many: `read` remembers what it met.
pub(super) fn each_sid(
    store: &Store,
    owner: ObjId,
    kind: LeafKind,
    read: &mut SidReader,
    mut each: impl FnMut(Sid),
) {
    for leaf in store.leaves_of(owner, kind).filter(|_| counts(store, owner)) {
        sid(store, leaf, read).into_iter().for_each(&mut each);
    }
}

/// Every SID that the object's members ever were, removed ones too.
pub(super) fn each_sid_ever(store: &Store, owner: ObjId, read: &mut SidReader, mut each: impl FnMut(Sid)) {
    for leaf in store.leaves_ever(owner).filter(|&leaf| store.leaf_kind(leaf) == LeafKind::Member) {
        sid(store, leaf, read).into_iter().for_each(&mut each);
    }
}

/// The members, of which only those are read that may end in these numbers; `None`: all.
pub(super) fn each_sid_among(
    store: &Store,
    owner: ObjId,
    numbers: Option<&[u32]>,
    read: &mut SidReader,
    mut each: impl FnMut(Sid),
) {
    if !counts(store, owner) {
        return;
    }
    let may_be = |leaf: &LeafId| numbers.is_none_or(|numbers| may_end_in(store, *leaf, numbers));
    for leaf in store.leaves_of(owner, LeafKind::Member).filter(may_be) {
        sid(store, leaf, read).into_iter().for_each(&mut each);
    }
}

/// Whether what the object lists counts: what a group lists that finds its members does not.
fn counts(store: &Store, owner: ObjId) -> bool {
    store.kind(owner) != Kind::Group || finds(store, owner) == Finds::Listed
}

fn sid(store: &Store, leaf: LeafId, read: &mut SidReader) -> Option<Sid> {
    let raw = store.raw_text(leaf).and_then(|text| read.read(text).ok());
    raw.map(|(sid, _)| sid).or_else(|| Sid::parse(store.text(leaf).trim()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_member_is_left_unread_that_could_be_the_one() {
        for (member, may_be) in [
            ("S-1-5-21-1-2-3-1001", true),
            ("s-1-5-21-1-2-3-0001001", true),
            (" S-1-5-21-1-2-3-1001 ", true),
            ("S-1-5-21-1-2-3-10&#48;1", true),
            ("S-1-5-21-1-2-3-1<!-- -->001", true),
            ("<![CDATA[S-1-5-21-1-2-3-1001]]>", true),
            ("1001", true),
            ("", true),
            ("S-1-5-21-1-2-3-2001", false),
            ("S-1-5-21-1-2-3-11001", false),
            ("S-1-5-21-1-2-3-100", false),
        ] {
            let text = format!(
                "<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"><AzApplicationGroup Name=\"g\" \
                 GroupType=\"Basic\"><Member>{member}</Member></AzApplicationGroup></AzAdminManager>"
            );
            let store = Store::open(text.into_bytes()).unwrap();
            let group = store.children_of(store.root(), Kind::Group).next().unwrap();
            let leaf = store.leaves_of(group, LeafKind::Member).next().unwrap();
            assert_eq!(may_end_in(&store, leaf, &[7, 1001]), may_be, "{member}");
        }
    }
}
