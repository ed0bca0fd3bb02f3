//! What could give an account an operation: who it would have to join, what would have to be linked, what made.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::super::graph::Graph;
use super::super::holdings::rights;
use super::super::links::{self, Condition, Finds};
use super::super::question::{Access, Because, Where};
use super::super::rights::{Answer, Operations, Rights};
use super::{Question, add_link, add_member};
use crate::accounts::Sid;
use crate::store::{Change, Create, Kind, LeafKind, Link, ObjId, Object, Place, Property, Store};

/// So many of each sort are tried, those that give least first.
const TRIED: usize = 8;
/// Letters of an operation's name that a role definition made for it takes over.
const NAME: usize = 50;

/// What may grant it: each is tried before it is offered.
pub(super) fn candidates(store: &Store, question: &Question, because: &[Because]) -> Vec<Vec<Change>> {
    let Question { application, operation, ref account, .. } = *question;
    let operations = Operations::of(store, application);
    let Some(number) = operations.number(operation) else { return Vec::new() };
    let giving = |ids: &[ObjId]| giving(store, &operations, number, ids);
    let at =
        |kind: Kind| question.levels().flat_map(move |level| store.of_kind(level, kind)).collect::<Vec<_>>();
    let assignments = giving(&at(Kind::Assignment));
    let has_no_rule = |id: &ObjId| !links::has_rule(store, *id);
    let unruled: Vec<ObjId> = at(Kind::Role).into_iter().filter(has_no_rule).collect();
    let roles = giving(&unruled);
    let joined = joined(store, question);

    let mut sets: Vec<Vec<Change>> = Vec::new();
    let mut offer = |changes: Option<Vec<Change>>| sets.extend(changes);
    // The account joins an assignment or one of its groups.
    for &id in assignments.iter().take(TRIED) {
        offer(add_member(store, id, account).map(|change| vec![change]));
    }
    let groups = Graph::reach(assignments.iter().flat_map(|&id| links::groups(store, id)), |id| {
        links::groups(store, id)
    });
    let lists = |id: &ObjId| links::finds(store, *id) == Finds::Listed;
    for &id in groups.nodes().iter().filter(|id| lists(id)).take(TRIED) {
        offer(add_member(store, id, account).map(|change| vec![change]));
        offer(let_in(store, id, question).map(|change| vec![change]));
    }
    // What the account is in already gets the operation, or a role definition that has it.
    let definitions = Graph::reach(joined.iter().flat_map(|&id| links::definitions(store, id)), |id| {
        links::definitions(store, id)
    });
    let mut definitions: Vec<ObjId> = definitions.nodes().iter().copied().filter(has_no_rule).collect();
    definitions.sort_by_cached_key(|&id| store.referrers(id).len());
    for &id in definitions.iter().take(TRIED) {
        offer(add_link(store, id, operation).map(|change| vec![change]));
    }
    for &id in joined.iter().take(TRIED) {
        for &role in roles.iter().take(2) {
            offer(add_link(store, id, role).map(|change| vec![change]));
        }
    }
    offer(without_rules(store, because));
    // An assignment of its own, of a role definition that has none there.
    for level in question.levels() {
        let assigned: BTreeSet<ObjId> =
            store.of_kind(level, Kind::Assignment).flat_map(|id| links::definitions(store, id)).collect();
        for &role in roles.iter().filter(|role| !assigned.contains(role)).take(2) {
            offer(assignment(store, level, &store.name(role), role, account).map(|change| vec![change]));
        }
    }
    offer(role_and_assignment(store, question));
    sets
}

/// Those that surely give the operation, what gives least first.
fn giving(store: &Store, operations: &Operations, number: usize, ids: &[ObjId]) -> Vec<ObjId> {
    let held = rights(store, operations, ids.iter().copied());
    let mut giving: Vec<(usize, Reverse<Kind>, ObjId)> = ids
        .iter()
        .zip(&held)
        .filter(|(_, rights)| rights.answer(number) == Answer::Yes)
        .map(|(&id, rights)| (Rights::count(rights), Reverse(store.kind(store.level(id))), id))
        .collect();
    giving.sort();
    giving.into_iter().map(|(_, _, id)| id).collect()
}

/// The assignments that the account is surely in, where the question is asked.
fn joined(store: &Store, question: &Question) -> Vec<ObjId> {
    let place = question.scope.map_or(Where::Default, Where::Scope);
    Access::of(store, question.application, place).joined(&question.token)
}

/// The group no longer keeps the account out.
fn let_in(store: &Store, group: ObjId, question: &Question) -> Option<Change> {
    let out: BTreeSet<Sid> =
        links::sids(store, group, LeafKind::NonMember).filter(|sid| question.token.has(sid)).collect();
    let links: Vec<Link> = out.iter().map(|sid| Link::NonMember(sid.to_string())).collect();
    Some(Change::Remove(Object::of(store, group)?, links)).filter(|_| !out.is_empty())
}

/// The rules on the shortest of the ways that depend on rules go.
fn without_rules(store: &Store, because: &[Because]) -> Option<Vec<Change>> {
    let depends = |way: &&Because| way.condition == Some(Condition::Rule) && way.member.is_some();
    let way = because.iter().filter(depends).min_by_key(|way| way.tasks.len())?;
    let ruled = way.role.iter().chain(&way.tasks).copied().filter(|&id| links::has_rule(store, id));
    let drop = |id| Some(Change::Set(Object::of(store, id)?, Property::Rule, String::new()));
    let changes: Option<Vec<Change>> = ruled.map(drop).collect();
    changes.filter(|changes| !changes.is_empty())
}

/// A new role assignment for the account alone.
fn assignment(store: &Store, level: ObjId, name: &str, role: ObjId, account: &Sid) -> Option<Change> {
    let role = Link::to(store, level, role)?;
    created(store, level, Kind::Assignment, name, vec![role, Link::Member(account.to_string())])
}

/// A role definition with nothing but the operation, and an assignment of it.
fn role_and_assignment(store: &Store, question: &Question) -> Option<Vec<Change>> {
    let level = question.scope.unwrap_or(question.application);
    let name: String = store.name(question.operation).chars().take(NAME).collect();
    let operation = Link::to(store, question.application, question.operation)?;
    let name = format!("{} only", name.trim_end());
    let role = created(store, question.application, Kind::Role, &name, vec![operation])?;
    let Change::Create(Create { name: role_name, .. }) = &role else { return None };
    let links = vec![Link::Role(role_name.as_str().into()), Link::Member(question.account.to_string())];
    let assignment = created(store, level, Kind::Assignment, role_name, links)?;
    Some(vec![role, assignment])
}

/// A new object; its name gets a number where another has it.
fn created(store: &Store, level: ObjId, kind: Kind, name: &str, links: Vec<Link>) -> Option<Change> {
    let is_free = |name: &String| store.named(level, name).is_empty();
    let numbered = (2..100).map(|number| format!("{name} {number}"));
    let name = std::iter::once(name.to_owned()).chain(numbered).find(is_free)?;
    Some(Change::Create(Create { links, ..Create::new(kind, name, Place::of(store, level)?) }))
}
