//! Where everybody is listed: one pass over an application, for those who ask about it again and again.
//!
//! A [`Roster`] answers nothing itself. It tells the few role assignments that an account can possibly be in, and the
//! engine is asked about those alone: so there is one set of rules, and a question costs what the account has, not
//! what the store holds.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::holdings::{Holding, Operations, Principal, holdings_of};
use super::links::{self, Finds};
use super::question::{Access, Where};
use super::token::Token;
use crate::accounts::{Sid, SidReader};
use crate::store::{Kind, LeafKind, ObjId, Store};

/// An account as two numbers: which of [`Roster::bases`], and its own last number.
type Key = (u32, u32);

/// All of a SID but its last number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Base {
    /// This SID, which has no number to spare.
    Whole(Sid),
    /// What the account's last number follows.
    Domain(Sid),
}

/// Who is listed where in an application: by its role assignments, by those of its scopes, and by the groups that
/// these can link. A picture of one state of the store; 16 bytes for each listing.
#[derive(Debug)]
pub struct Roster {
    operations: Arc<Operations>,
    bases: Vec<Base>,
    /// Who is listed, and by which object; in order.
    listed: Vec<(Key, ObjId)>,
    /// Where in `listed` each account begins.
    accounts: Vec<u32>,
    /// The groups that a query or a rule fills, in order.
    found: Vec<ObjId>,
    /// Groups, and the assignments and groups that link each; in order.
    linking: Vec<(ObjId, ObjId)>,
}

impl Roster {
    /// Reads every member and every link to a group of one application. Linear in the store.
    pub fn of(store: &Store, application: ObjId) -> Roster {
        let mut reading = Reading::default();
        let mut linking = Vec::new();
        let mut found = Vec::new();
        let mut listed = Vec::new();
        let mut at_level = |level: ObjId| {
            for owner in store.children(level) {
                match store.kind(owner) {
                    Kind::Assignment => {}
                    Kind::Group if links::finds(store, owner) != Finds::Listed => found.push(owner),
                    Kind::Group => {}
                    _ => continue,
                }
                links::each_sid(store, owner, LeafKind::Member, &mut reading.sids, |sid| {
                    listed.push((key(&mut reading.bases, &sid), owner));
                });
                linking.extend(links::groups(store, owner).map(|group| (group, owner)));
            }
        };
        at_level(application);
        store.children_of(application, Kind::Scope).for_each(&mut at_level);
        at_level(store.root());
        let bases = reading.bases.sort(&mut listed);
        listed.sort_unstable();
        listed.dedup();
        linking.sort_unstable();
        found.sort_unstable();
        let begins = |at: &u32| {
            let at = *at as usize;
            at == 0 || listed[at - 1].0 != listed[at].0
        };
        let accounts = (0..u32::try_from(listed.len()).unwrap_or(u32::MAX)).filter(begins).collect();
        let operations = Arc::new(Operations::of(store, application));
        Roster { operations, bases, listed, accounts, found, linking }
    }

    /// The operations of the application.
    pub fn operations(&self) -> &Arc<Operations> {
        &self.operations
    }

    /// How many members there are: accounts, and groups that find their members.
    pub fn len(&self) -> usize {
        self.accounts.len() + self.found.len()
    }

    /// Whether nobody is listed anywhere.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The member with this number, below [`Roster::len`]: accounts in their order, then groups.
    pub fn member(&self, number: usize) -> Option<Principal> {
        match self.accounts.get(number) {
            Some(&at) => self.sid(self.listed.get(at as usize)?.0).map(Principal::Account),
            None => self.found.get(number.checked_sub(self.accounts.len())?).copied().map(Principal::Found),
        }
    }

    /// The number of a member.
    pub fn number(&self, member: Principal) -> Option<usize> {
        match member {
            Principal::Account(sid) => {
                let key = self.key(&sid)?;
                let at = self.listed.partition_point(|(known, _)| *known < key);
                self.accounts
                    .binary_search(&u32::try_from(at).ok()?)
                    .ok()
                    .filter(|_| self.listed.get(at).is_some_and(|(known, _)| *known == key))
            }
            Principal::Found(group) => {
                self.found.binary_search(&group).ok().map(|number| number + self.accounts.len())
            }
        }
    }

    fn sid(&self, (base, number): Key) -> Option<Sid> {
        match *self.bases.get(base as usize)? {
            Base::Whole(sid) => Some(sid),
            Base::Domain(sid) => sid.with_number(number),
        }
    }

    fn key(&self, sid: &Sid) -> Option<Key> {
        let (base, number) = split(sid);
        Some((u32::try_from(self.bases.binary_search(&base).ok()?).ok()?, number))
    }

    /// The objects that list one of these members themselves.
    fn owners(&self, member: Principal) -> impl Iterator<Item = ObjId> + '_ {
        let (key, group) = match member {
            Principal::Account(sid) => (self.key(&sid), None),
            Principal::Found(group) => (None, Some(group)),
        };
        let from =
            key.map_or(self.listed.len(), |key| self.listed.partition_point(|(known, _)| *known < key));
        let listed = self.listed.iter().skip(from).take_while(move |(known, _)| Some(*known) == key);
        listed.map(|(_, owner)| *owner).chain(group)
    }

    /// The role assignments that one of these members can be in, if no group on the way keeps it out; in order.
    fn assignments(&self, store: &Store, members: impl Iterator<Item = Principal>) -> Vec<ObjId> {
        let mut reached: BTreeSet<ObjId> = members.flat_map(|member| self.owners(member)).collect();
        let mut todo: Vec<ObjId> =
            reached.iter().copied().filter(|&id| store.kind(id) == Kind::Group).collect();
        while let Some(group) = todo.pop() {
            let from = self.linking.partition_point(|(linked, _)| *linked < group);
            for &(_, owner) in self.linking.iter().skip(from).take_while(|(linked, _)| *linked == group) {
                if reached.insert(owner) && store.kind(owner) == Kind::Group {
                    todo.push(owner);
                }
            }
        }
        reached.into_iter().filter(|&id| store.kind(id) == Kind::Assignment).collect()
    }

    /// The same as [`Access::of`], made only for questions about whoever has this token.
    pub fn access<'s>(&self, store: &'s Store, token: &Token, places: Where) -> Access<'s> {
        let accounts = token.sids().iter().copied().map(Principal::Account);
        let found = self.found.iter().copied().map(Principal::Found);
        self.among(store, accounts.chain(found), places)
    }

    /// The same for questions about one member by itself.
    pub fn access_of<'s>(&self, store: &'s Store, member: Principal, places: Where) -> Access<'s> {
        self.among(store, std::iter::once(member), places)
    }

    fn among<'s>(
        &self,
        store: &'s Store,
        members: impl Iterator<Item = Principal>,
        places: Where,
    ) -> Access<'s> {
        let is_there = |&id: &ObjId| match (store.scope(id), places) {
            (None, _) | (_, Where::Anywhere) => true,
            (Some(scope), Where::Scope(wanted)) => scope == wanted,
            (Some(_), Where::Default) => false,
        };
        let assignments = self.assignments(store, members).into_iter().filter(is_there);
        Access::among(store, Arc::clone(&self.operations), assignments)
    }

    /// What a member holds by itself, level by level.
    pub fn holdings(&self, store: &Store, member: Principal) -> Vec<Holding> {
        let assignments = self.assignments(store, std::iter::once(member));
        let mut at_levels: Vec<_> = assignments.into_iter().map(|id| (store.level(id), id)).collect();
        at_levels.sort_unstable();
        holdings_of(store, &self.operations, &at_levels, &|principal| *principal == member)
    }
}

#[derive(Default)]
struct Reading {
    sids: SidReader,
    bases: Bases,
}

/// The bases met so far, and their numbers in the order of meeting.
#[derive(Default)]
struct Bases {
    met: Vec<Base>,
    number: HashMap<Base, u32>,
    last: Option<(Base, u32)>,
}

fn split(sid: &Sid) -> (Base, u32) {
    match (sid.parent(), sid.subauthorities().last()) {
        (Some(parent), Some(&number)) => (Base::Domain(parent), number),
        _ => (Base::Whole(*sid), 0),
    }
}

fn key(bases: &mut Bases, sid: &Sid) -> Key {
    let (base, number) = split(sid);
    if let Some((last, known)) = bases.last
        && last == base
    {
        return (known, number);
    }
    let next = u32::try_from(bases.met.len()).unwrap_or(u32::MAX);
    let known = *bases.number.entry(base).or_insert(next);
    if known == next {
        bases.met.push(base);
    }
    bases.last = Some((base, known));
    (known, number)
}

impl Bases {
    /// The bases in their order, with the keys made so far told of it.
    fn sort(self, listed: &mut [(Key, ObjId)]) -> Vec<Base> {
        let mut order: Vec<u32> = (0..).zip(&self.met).map(|(number, _)| number).collect();
        order.sort_unstable_by_key(|&number| self.met[number as usize]);
        let mut place = vec![0; order.len()];
        for (at, &number) in (0..).zip(&order) {
            place[number as usize] = at;
        }
        for ((base, _), _) in listed.iter_mut() {
            *base = place[*base as usize];
        }
        order.into_iter().map(|number| self.met[number as usize]).collect()
    }
}
