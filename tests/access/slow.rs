//! The rules of docs/ACCESS.md, one function each, by plain recursion: slow, and obviously right.

use azedit::access::Answer;
use azedit::accounts::Sid;
use azedit::store::{GroupType, Kind, LeafKind, ObjId, Store};

fn targets(store: &Store, owner: ObjId, kind: LeafKind) -> Vec<ObjId> {
    store.leaves_of(owner, kind).filter_map(|leaf| store.target(leaf)).collect()
}

fn sids(store: &Store, owner: ObjId, kind: LeafKind) -> Vec<Sid> {
    store.leaves_of(owner, kind).filter_map(|leaf| Sid::parse(store.text(leaf).trim()).ok()).collect()
}

fn is_above(store: &Store, level: ObjId, of: ObjId) -> bool {
    let from = store.level(of);
    level == from || store.application(from) == Some(level) || level == store.root()
}

/// Reaching an operation from a definition or assignment.
fn reaches(store: &Store, from: ObjId, operation: ObjId, seen: &mut Vec<ObjId>) -> Answer {
    if seen.contains(&from) {
        return Answer::No;
    }
    seen.push(from);
    let mut answer = Answer::No;
    for target in targets(store, from, LeafKind::OperationLink) {
        if target == operation && store.application(from) == store.parent(operation) {
            answer = Answer::Yes;
        }
    }
    for target in targets(store, from, LeafKind::TaskLink) {
        let is_definition = matches!(store.kind(target), Kind::Task | Kind::Role);
        if is_definition && is_above(store, store.level(target), from) {
            answer = answer.max(reaches(store, target, operation, seen));
        }
    }
    seen.pop();
    let has_rule = store.kind(from) != Kind::Assignment
        && store.first(from, LeafKind::BizRule).is_some_and(|rule| !rule.trim().is_empty());
    if has_rule { answer.min(Answer::Conditional) } else { answer }
}

/// Who asks: what is listed of it, all that it is when somebody is kept out, and whether groups may find it.
pub struct Who<'w> {
    pub listed: &'w [Sid],
    pub all: &'w [Sid],
    pub found: bool,
}

/// Being in a group or assignment.
fn holds(store: &Store, owner: ObjId, who: &Who<'_>, seen: &mut Vec<ObjId>) -> Answer {
    if seen.contains(&owner) {
        return Answer::No;
    }
    if store.kind(owner) == Kind::Group {
        match store.group_type(owner) {
            None | Some(GroupType::Basic) => {}
            Some(GroupType::LdapQuery | GroupType::BizRule) => {
                return if who.found { Answer::Conditional } else { Answer::No };
            }
        }
        if sids(store, owner, LeafKind::NonMember).iter().any(|sid| who.all.contains(sid)) {
            return Answer::No;
        }
    }
    if sids(store, owner, LeafKind::Member).iter().any(|sid| who.listed.contains(sid)) {
        return Answer::Yes;
    }
    seen.push(owner);
    let mut answer = Answer::No;
    for group in targets(store, owner, LeafKind::AppMemberLink) {
        if store.kind(group) == Kind::Group && is_above(store, store.level(group), owner) {
            answer = answer.max(holds(store, group, who, seen));
        }
    }
    seen.pop();
    answer
}

/// The answer of an access check.
pub fn can(
    store: &Store,
    who: &Who<'_>,
    application: ObjId,
    scope: Option<ObjId>,
    operation: ObjId,
) -> Answer {
    let mut answer = Answer::No;
    for level in [Some(application), scope].into_iter().flatten() {
        for assignment in store.children_of(level, Kind::Assignment) {
            let inside = holds(store, assignment, who, &mut Vec::new());
            let outside = reaches(store, assignment, operation, &mut Vec::new());
            answer = answer.max(inside.min(outside));
        }
    }
    answer
}
