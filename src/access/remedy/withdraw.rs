//! What could take an operation from an account: which links all its ways go over.
//!
//! A set of cuts is a remedy when no way is left. All single cuts and all pairs are tried; where none of them is
//! enough, all ways are cut at the same sort of link.

use super::super::links::{self, Finds};
use super::super::question::Because;
use super::super::rights::Answer;
use super::{Question, remove_link};
use crate::accounts::Sid;
use crate::store::{Change, LeafKind, Link, ObjId, Object, Session, Store};

/// So many first cuts are followed by a second.
const FOLLOWED: usize = 24;
/// After so many rounds of cutting all ways there are, there will always be others.
const ROUNDS: usize = 16;

/// The sorts of link that a way can be cut at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// The account is no longer listed.
    Member,
    /// A group keeps the account out.
    NonMember,
    /// The assignment, or a group, no longer holds a group.
    Group,
    /// The assignment no longer has the definition.
    Definition,
    /// A definition no longer has the one in it.
    Inner,
    /// The last definition no longer has the operation.
    Operation,
}

const SORTS: [At; 6] = [At::Member, At::NonMember, At::Group, At::Definition, At::Inner, At::Operation];

/// What may withdraw it, each tried already.
pub(super) fn candidates(session: &mut Session, question: &Question, ways: &[Because]) -> Vec<Vec<Change>> {
    let Some(first) = ways.first() else { return Vec::new() };
    let mut found: Vec<Vec<Change>> = Vec::new();
    let mut open: Vec<(Change, Because)> = Vec::new();
    for cut in all_cuts(session.store(), question, first) {
        match left(session, question, std::slice::from_ref(&cut)) {
            None => {}
            Some(left) => match left.into_iter().next() {
                None => found.push(vec![cut]),
                Some(way) => open.push((cut, way)),
            },
        }
    }
    let singles = found.len();
    for (cut, way) in open.into_iter().take(FOLLOWED) {
        for second in all_cuts(session.store(), question, &way) {
            // A cut that does it alone needs no other.
            if found.iter().take(singles).any(|single| *single == [second.clone()]) {
                continue;
            }
            let both = merged(vec![cut.clone(), second]);
            if left(session, question, &both).is_some_and(|left| left.is_empty()) {
                found.push(both);
            }
        }
    }
    if found.is_empty() {
        found.extend(SORTS.into_iter().filter_map(|sort| everywhere(session, question, ways, sort)));
    }
    found
}

/// The ways that are left after these changes; `None` where they cannot be made.
fn left(session: &mut Session, question: &Question, changes: &[Change]) -> Option<Vec<Because>> {
    let seen = session.attempt(changes, |store, _| question.ask(store));
    seen.ok().map(|(answer, because)| if answer == Answer::No { Vec::new() } else { because })
}

/// Cuts at one sort of link until no way is left, and at the nearest other where a way has none of it.
fn everywhere(session: &mut Session, question: &Question, ways: &[Because], sort: At) -> Option<Vec<Change>> {
    let mut changes: Vec<Change> = Vec::new();
    let mut ways = ways.to_vec();
    for _ in 0..ROUNDS {
        let store = session.store();
        for way in &ways {
            let wanted = cuts(store, question, way, sort).into_iter().next();
            let cut = wanted.or_else(|| all_cuts(store, question, way).into_iter().next())?;
            if !changes.contains(&cut) {
                changes.push(cut);
            }
        }
        let merged = merged(changes.clone());
        ways = left(session, question, &merged)?;
        if ways.is_empty() {
            return Some(merged);
        }
    }
    None
}

fn all_cuts(store: &Store, question: &Question, way: &Because) -> Vec<Change> {
    SORTS.into_iter().flat_map(|sort| cuts(store, question, way, sort)).collect()
}

/// The changes that cut this way at links of one sort.
fn cuts(store: &Store, question: &Question, way: &Because, sort: At) -> Vec<Change> {
    let definitions: Vec<ObjId> = way.role.iter().chain(&way.tasks).copied().collect();
    let last_group = way.groups.last().copied();
    let cuts: Vec<Option<Change>> = match sort {
        At::Member => {
            let owner = last_group.unwrap_or(way.assignment);
            way.member.map(|sid| remove_member(store, owner, &sid)).into_iter().collect()
        }
        At::NonMember => {
            let lists = |id: &&ObjId| links::finds(store, **id) == Finds::Listed;
            way.groups.iter().filter(lists).map(|&group| keep_out(store, group, &question.account)).collect()
        }
        At::Group => {
            let owners = std::iter::once(&way.assignment).chain(&way.groups);
            let links = owners.zip(&way.groups);
            links.map(|(&from, &to)| remove_link(store, from, LeafKind::AppMemberLink, to)).collect()
        }
        At::Definition => way
            .role
            .map(|to| remove_link(store, way.assignment, LeafKind::TaskLink, to))
            .into_iter()
            .collect(),
        At::Inner => {
            let links = definitions.iter().zip(definitions.iter().skip(1));
            links.map(|(&from, &to)| remove_link(store, from, LeafKind::TaskLink, to)).collect()
        }
        At::Operation => {
            let owner = definitions.last().copied().unwrap_or(way.assignment);
            vec![remove_link(store, owner, LeafKind::OperationLink, question.operation)]
        }
    };
    cuts.into_iter().flatten().collect()
}

fn remove_member(store: &Store, owner: ObjId, sid: &Sid) -> Option<Change> {
    Some(Change::Remove(Object::of(store, owner)?, vec![Link::Member(sid.to_string())]))
}

fn keep_out(store: &Store, group: ObjId, sid: &Sid) -> Option<Change> {
    Some(Change::Add(Object::of(store, group)?, vec![Link::NonMember(sid.to_string())]))
}

/// The same changes with those to one object in one line.
fn merged(changes: Vec<Change>) -> Vec<Change> {
    let mut merged: Vec<Change> = Vec::new();
    for change in changes {
        let joined = merged.iter_mut().any(|known| match (known, &change) {
            (Change::Add(to, links), Change::Add(object, more))
            | (Change::Remove(to, links), Change::Remove(object, more))
                if to == object =>
            {
                let new: Vec<Link> = more.iter().filter(|link| !links.contains(link)).cloned().collect();
                links.extend(new);
                true
            }
            _ => false,
        });
        if !joined {
            merged.push(change);
        }
    }
    merged
}
