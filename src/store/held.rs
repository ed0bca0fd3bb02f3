//! The links and members of an object, found by what they mean.
//!
//! They are listed for an object when its links or members are first changed, and only ever added to afterwards. So a
//! script that adds a hundred thousand members one by one does not read all of them for each. What the list returns is
//! checked against the store, so that removing and undoing need not touch it. What a link or member says never changes:
//! it goes, and another comes.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{LeafId, LeafKind, Meaning, ObjId, Store};

/// What an object holds or ever held.
#[derive(Clone)]
pub(super) struct Held {
    /// Links and members by what they mean. Keys are hashes: a match is verified on the store.
    leaves: BTreeSet<(u64, LeafId)>,
    /// The kind of leaf that comes last in written order, of those it ever held, texts too.
    last: Option<LeafKind>,
}

fn key(what: &(LeafKind, Meaning)) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

impl Store {
    /// The links and members of an object that mean this, removed ones too, in the order of their numbers.
    pub(super) fn ever_held(&mut self, owner: ObjId, what: &(LeafKind, Meaning)) -> Vec<LeafId> {
        if !self.held.contains_key(&owner) {
            let all = self.all_leaves(owner);
            let leaves = all.filter(|&leaf| !self.leaf_kind(leaf).is_single());
            let held = Held {
                leaves: leaves.map(|leaf| (key(&self.meaning(leaf)), leaf)).collect(),
                last: self.all_leaves(owner).map(|leaf| self.leaf_kind(leaf)).max(),
            };
            self.held.insert(owner, held);
        }
        let key = key(what);
        let same = self.held.get(&owner).into_iter();
        let same = same.flat_map(|held| held.leaves.range((key, LeafId(0))..=(key, LeafId(u32::MAX))));
        same.map(|&(_, leaf)| leaf).filter(|&leaf| self.meaning(leaf) == *what).collect()
    }

    /// The links and members of an object that mean this. A file may repeat one.
    pub(super) fn held(&mut self, owner: ObjId, what: &(LeafKind, Meaning)) -> Vec<LeafId> {
        let mut found = self.ever_held(owner, what);
        found.retain(|&leaf| self.leaf(leaf).live);
        found
    }

    /// Whether it is known that no leaf of the object, removed ones too, comes behind those of this kind in written order.
    pub(super) fn is_last(&self, owner: ObjId, kind: LeafKind) -> bool {
        self.held.get(&owner).is_some_and(|held| held.last <= Some(kind))
    }

    /// A leaf is new.
    pub(super) fn index_leaf(&mut self, leaf: LeafId) {
        let (owner, kind) = (self.owner(leaf), self.leaf_kind(leaf));
        if self.held.contains_key(&owner) {
            let place = (!kind.is_single()).then(|| (key(&self.meaning(leaf)), leaf));
            if let Some(held) = self.held.get_mut(&owner) {
                held.leaves.extend(place);
                held.last = held.last.max(Some(kind));
            }
        }
        self.index_link(leaf);
    }
}
