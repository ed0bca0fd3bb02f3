//! Which objects differ from the saved file, for the signs in the tree.
//!
//! Counted, not compared: each applied transaction adds one to the objects it edited, each undone one takes it
//! away, a save begins anew. So the cost of a sign does not grow with the store.

use std::collections::HashMap;

use crate::store::{ObjId, Store};

/// How an object differs from the saved file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Not in it.
    Added,
    /// In it, and different.
    Changed,
}

/// The marks of one document.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    touched: HashMap<ObjId, i32>,
    /// During which save period an object was born.
    born: HashMap<ObjId, u32>,
    saves: u32,
}

impl Marks {
    /// Takes in a transaction that was applied (`1`) or undone (`-1`).
    pub fn count(&mut self, store: &Store, objects: impl IntoIterator<Item = ObjId>, by: i32) {
        for object in objects {
            let count = self.touched.entry(object).or_default();
            *count = count.saturating_add(by);
            if *count == 0 {
                self.touched.remove(&object);
            }
            if store.position(object).is_none() {
                self.born.entry(object).or_insert(self.saves);
            }
        }
    }

    /// Everything is on disk now.
    pub fn saved(&mut self) {
        self.touched.clear();
        self.saves = self.saves.saturating_add(1);
    }

    /// How the object differs from the saved file, if it does.
    pub fn of(&self, object: ObjId) -> Option<Mark> {
        self.touched.get(&object)?;
        Some(if self.born.get(&object) == Some(&self.saves) { Mark::Added } else { Mark::Changed })
    }

    /// The objects that differ.
    pub fn objects(&self) -> impl Iterator<Item = ObjId> + '_ {
        self.touched.keys().copied()
    }
}
