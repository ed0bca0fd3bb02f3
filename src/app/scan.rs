//! Walking the store in slices.
//!
//! Search, filter, jump list and "where used" look at every object, and a store may hold millions. So each looks at a
//! slice at a time: the first with the key that began it, and as long as something is left the program asks its host to
//! be called again when no input waits ([`Effect::GoOn`](super::Effect::GoOn)). A key never waits for more than a slice.

use std::sync::Arc;

use crate::accounts::Sid;
use crate::store::{LeafId, ObjId, Store};

use super::fuzzy::Pattern;
use super::machines::{Listed, Roster};
use super::node::{Node, Part};
use super::search::Needle;

/// Objects and leaves that one slice looks at. Some milliseconds' work.
pub const SLICE: usize = 20_000;
/// Of ranked matches the best are kept.
const BEST: usize = 500;

/// What an object is looked at for.
#[derive(Debug, Clone)]
pub enum Test {
    /// A text in it. One match for each object: itself, or its first leaf that holds the text.
    Text(Needle),
    /// An account among its members and non-members. One match for each leaf.
    Account(Sid),
    /// Its name, fuzzily; ranked.
    Name(Pattern),
}

/// A match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The object's place in what is walked.
    pub at: u32,
    /// The object.
    pub object: ObjId,
    /// The member or text in it that matches, if it is not the object itself.
    pub leaf: Option<LeafId>,
    /// The virtual machine in it that matches, by its number and its place among those there.
    pub machine: Option<(u32, u32)>,
    /// How well, where that is asked.
    pub score: i32,
}

impl Found {
    /// The row of the tree that it is.
    pub fn node(&self) -> Node {
        match self.machine {
            Some((number, _)) => Node { object: self.object, part: Part::Machine(number) },
            None => Node::of(self.object),
        }
    }

    /// Where it comes among the others: an object, its folders (which are never found), its machines.
    pub fn order(&self) -> (u32, u32) {
        (self.at, self.machine.map_or(0, |(_, rank)| rank.saturating_add(2)))
    }
}

/// A walk, as far as it has come.
#[derive(Debug, Clone)]
pub struct Scan {
    /// What is looked for.
    pub test: Test,
    /// The matches: in the order of the walk until it is done, then by their place; ranked ones the best first.
    pub found: Vec<Found>,
    /// The first match of the walk.
    pub first: Option<Found>,
    /// How many matched, also where only the best are kept.
    pub count: usize,
    over: Arc<[ObjId]>,
    machines: Arc<Roster>,
    start: usize,
    looked: usize,
    /// Leaves of the object at hand that have been looked at.
    leaves: usize,
}

impl Scan {
    /// A walk over these objects, from the one at `start` to the end and from the first up to it.
    pub fn new(test: Test, over: Arc<[ObjId]>, start: usize) -> Scan {
        let machines = Arc::default();
        Scan { test, found: Vec::new(), first: None, count: 0, over, machines, start, looked: 0, leaves: 0 }
    }

    /// The same walk, past these machines too.
    pub fn past(self, machines: &Arc<Roster>) -> Scan {
        Scan { machines: Arc::clone(machines), ..self }
    }

    /// The same walk from its start, for something else.
    pub fn again(&self, test: Test) -> Scan {
        Scan::new(test, Arc::clone(&self.over), self.start).past(&self.machines)
    }

    /// The machines that it walks past.
    pub fn machines(&self) -> &Roster {
        &self.machines
    }

    /// Whether everything was looked at.
    pub fn is_done(&self) -> bool {
        self.looked >= self.over.len()
    }

    /// How many objects are walked over.
    pub fn total(&self) -> usize {
        self.over.len()
    }

    /// An object's place in what is walked.
    pub fn place(&self, object: ObjId) -> Option<u32> {
        let place = self.over.iter().position(|&other| other == object)?;
        u32::try_from(place).ok()
    }

    /// Looks at one slice more.
    pub fn go_on(&mut self, store: &Store) {
        let mut work = SLICE;
        let was_done = self.is_done();
        while work > 0 && !self.is_done() {
            let index = self.start.saturating_add(self.looked) % self.over.len().max(1);
            let Some(&object) = self.over.get(index) else { break };
            let at = u32::try_from(index).unwrap_or(u32::MAX);
            let is_finished = !store.is_live(object) || self.look(store, at, object, &mut work);
            work = work.saturating_sub(1);
            if is_finished {
                self.looked = self.looked.saturating_add(1);
                self.leaves = 0;
            }
        }
        if matches!(self.test, Test::Name(_)) {
            self.found.sort_by_key(|found| (std::cmp::Reverse(found.score), found.order()));
            self.found.truncate(BEST);
        } else if self.is_done() && !was_done {
            self.found.sort_by_key(Found::order);
        }
    }

    /// Looks at an object. False: there was no work left for all of its leaves.
    fn look(&mut self, store: &Store, at: u32, object: ObjId, work: &mut usize) -> bool {
        let found = |leaf, score| Found { at, object, leaf, machine: None, score };
        let (mut hits, mut is_finished) = (Vec::new(), true);
        match &self.test {
            Test::Name(pattern) => {
                let worth = pattern.score(&store.name(object), || beside(store, object));
                hits.extend(worth.map(|worth| found(None, worth)));
            }
            Test::Text(needle) if self.leaves == 0 && needle.is_in_object(store, object) => {
                hits.push(found(None, 0));
            }
            test => {
                let is_hit = |leaf| match test {
                    Test::Text(needle) => needle.is_in_leaf(store, leaf),
                    Test::Account(sid) => is_account(store, leaf, sid),
                    Test::Name(_) => false,
                };
                for leaf in store.leaves(object).skip(self.leaves) {
                    if *work == 0 {
                        is_finished = false;
                        break;
                    }
                    // A long text is worth as many short ones.
                    let length = store.raw_text(leaf).map_or(0, str::len) / 64;
                    *work = work.saturating_sub(length.saturating_add(1));
                    self.leaves = self.leaves.saturating_add(1);
                    if is_hit(leaf) {
                        hits.push(found(Some(leaf), 0));
                        if matches!(test, Test::Text(_)) {
                            break;
                        }
                    }
                }
            }
        }
        if is_finished {
            hits.extend(self.machines_at(store, at, object));
        }
        self.count = self.count.saturating_add(hits.len());
        self.first = self.first.or(hits.first().copied());
        self.found.extend(hits);
        is_finished
    }
}

/// What a machine may be told apart by.
const MACHINE: &str = "virtual machine";

impl Scan {
    /// The machines of a place that match.
    fn machines_at(&self, store: &Store, at: u32, object: ObjId) -> Vec<Found> {
        let worth = |listed: &Listed| match &self.test {
            Test::Text(needle) => listed.matches(needle).then_some(0),
            Test::Name(pattern) => pattern.score(&listed.name, || {
                format!("{MACHINE} {} {}", store.name(object), beside(store, object))
            }),
            Test::Account(_) => None,
        };
        let listed = (0u32..).zip(self.machines.at(object));
        let found = listed.filter_map(|(rank, listed)| {
            let machine = Some((listed.number, rank));
            Some(Found { at, object, leaf: None, machine, score: worth(listed)? })
        });
        found.collect()
    }
}

/// Whether a leaf is a member or non-member that is this account, however its SID is written.
fn is_account(store: &Store, leaf: LeafId, sid: &Sid) -> bool {
    store.leaf_kind(leaf).is_member() && Sid::parse(store.text(leaf).trim()).is_ok_and(|other| other == *sid)
}

/// What a name may be told apart by: the object's kind and where it is.
fn beside(store: &Store, object: ObjId) -> String {
    let mut text = store.kind(object).word().to_owned();
    for level in std::iter::successors(store.parent(object), |&at| store.parent(at)) {
        text.push(' ');
        text.push_str(&store.name(level));
    }
    text
}
