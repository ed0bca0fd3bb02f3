//! The ways behind an answer, in words.

use crate::access::{Because, Condition};
use crate::accounts::{Names, Sid};
use crate::app::dialog::access::PathLine;
use crate::report::access as words;
use crate::store::{Kind, LeafId, LeafKind, ObjId, Store};

/// A leaf of `owner` that links to `target`.
fn link(store: &Store, owner: ObjId, kind: LeafKind, target: ObjId) -> Option<LeafId> {
    store.leaves_of(owner, kind).find(|&leaf| store.target(leaf) == Some(target))
}

/// The leaf of `owner` that names the account.
fn member(store: &Store, owner: ObjId, sid: &Sid) -> Option<LeafId> {
    let is_it = |&leaf: &LeafId| Sid::parse(store.text(leaf).trim()).as_ref() == Ok(sid);
    store.leaves_of(owner, LeafKind::Member).find(is_it)
}

/// `Administrator  in Joes VM Scope`: a name and the level it is of.
fn named(store: &Store, id: ObjId) -> String {
    let level = store.level(id);
    match store.kind(level) {
        Kind::Store => format!("{}, a group of the store", store.name(id)),
        Kind::Scope => format!("{} in {}", store.name(id), store.name(level)),
        _ => format!("{} of {}", store.name(id), store.name(level)),
    }
}

/// The lines of one way: how the account comes in, and how the assignment comes to the operation. `account` is not
/// named again where it is itself what is listed.
pub fn lines(store: &Store, way: &Because, account: Option<Sid>, operation: ObjId) -> Vec<PathLine> {
    let mut lines = Vec::new();
    let owners: Vec<ObjId> = std::iter::once(way.assignment).chain(way.groups.iter().copied()).collect();
    let last = owners.last().copied().unwrap_or(way.assignment);
    let listed = way.member.filter(|sid| Some(*sid) != account);
    let kind = |id: ObjId| if store.kind(id) == Kind::Group { "group " } else { "" };
    let leaf = way.member.and_then(|sid| member(store, last, &sid));
    lines.push(PathLine {
        label: if way.member.is_some() { "member of" } else { "found by" },
        text: match listed {
            Some(sid) => format!(
                "{}{}, as {}",
                kind(last),
                named(store, last),
                words::account(&Names::default(), &sid)
            ),
            None => format!("{}{}", kind(last), named(store, last)),
        },
        link: Some((last, leaf)),
    });
    for (&group, &owner) in owners.iter().skip(1).zip(&owners).rev() {
        lines.push(PathLine {
            label: "which is in",
            text: format!("{}{}", kind(owner), named(store, owner)),
            link: Some((owner, link(store, owner, LeafKind::AppMemberLink, group))),
        });
    }
    let mut at = way.assignment;
    for &definition in way.role.iter().chain(&way.tasks) {
        lines.push(PathLine {
            label: if at == way.assignment { "which has" } else { "with" },
            text: format!("{} {}", store.kind(definition), named(store, definition)),
            link: Some((at, link(store, at, LeafKind::TaskLink, definition))),
        });
        at = definition;
    }
    lines.push(PathLine {
        label: if at == way.assignment { "which has" } else { "with" },
        text: format!("operation {}", words::operation(store, operation)),
        link: Some((at, link(store, at, LeafKind::OperationLink, operation))),
    });
    if let Some(condition) = way.condition {
        let text = match condition {
            Condition::Rule => "an authorization rule says so",
            Condition::Ldap => "the group's LDAP query says so",
        };
        lines.push(PathLine { label: "only if", text: text.to_owned(), link: None });
    }
    lines
}

/// The lines of all ways, one after the other.
pub fn all(store: &Store, ways: &[Because], account: Option<Sid>, operation: ObjId) -> Vec<PathLine> {
    let mut all = Vec::new();
    for (number, way) in ways.iter().enumerate() {
        if number > 0 {
            all.push(PathLine { label: "and", text: String::new(), link: None });
        }
        all.extend(lines(store, way, account, operation));
    }
    all
}
