//! Which links count, and what is conditional.
//!
//! A link counts where azman.msc could have made it: to an operation of the same application, to a definition of the
//! same level or of the application above a scope, to a group of the same level or of one above. Any other link, and
//! one to nothing or to another kind of object, grants nothing; `check` reports it.

use std::borrow::Cow;

use crate::accounts::{Sid, SidReader};
use crate::store::{GroupType, Kind, LeafKind, ObjId, Store};

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
    let counts = store.kind(owner) != Kind::Group || finds(store, owner) == Finds::Listed;
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
    let counts = store.kind(owner) != Kind::Group || finds(store, owner) == Finds::Listed;
    store.leaves_of(owner, kind).filter(move |_| counts).filter_map(|leaf| {
        let text = store.raw_text(leaf).map_or_else(|| store.text(leaf), Cow::Borrowed);
        // Nothing that needs decoding begins like a SID and is one.
        Sid::parse(&text).or_else(|_| Sid::parse(store.text(leaf).trim())).ok()
    })
}

/// The same for those who read many: `read` remembers what it met.
pub(super) fn each_sid(
    store: &Store,
    owner: ObjId,
    kind: LeafKind,
    read: &mut SidReader,
    mut each: impl FnMut(Sid),
) {
    if store.kind(owner) == Kind::Group && finds(store, owner) != Finds::Listed {
        return;
    }
    for leaf in store.leaves_of(owner, kind) {
        let raw = store.raw_text(leaf).and_then(|text| read.read(text).ok());
        let sid = raw.map(|(sid, _)| sid).or_else(|| Sid::parse(store.text(leaf).trim()).ok());
        sid.into_iter().for_each(&mut each);
    }
}
