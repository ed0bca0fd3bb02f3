//! Which objects differ from the saved file, for the signs in the tree.
//!
//! Counted, not compared: each applied transaction adds one to the objects it edited, each undone one takes it
//! away, a save begins anew. So the cost of a sign does not grow with the store.

use std::collections::HashMap;

use crate::store::{ObjId, Store};

use super::node::{Node, container, container_of};

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
    /// How many touched objects stand in a node of the tree, in whatever depth.
    inside: HashMap<Node, u32>,
    /// The nodes that a touched object counts in, as they were when it was touched first: it may become another kind.
    within: HashMap<ObjId, Vec<Node>>,
    /// During which save period an object was born.
    born: HashMap<ObjId, u32>,
    saves: u32,
}

impl Marks {
    /// Takes in a transaction that was applied (`1`) or undone (`-1`).
    pub fn count(&mut self, store: &Store, objects: impl IntoIterator<Item = ObjId>, by: i32) {
        for object in objects {
            let count = self.touched.entry(object).or_default();
            let was = *count;
            *count = count.saturating_add(by);
            if *count == 0 {
                self.touched.remove(&object);
                for node in self.within.remove(&object).unwrap_or_default() {
                    if let Some(count) = self.inside.get_mut(&node) {
                        *count = count.saturating_sub(1);
                    }
                }
            } else if was == 0 {
                let way: Vec<Node> =
                    std::iter::successors(container_of(store, object), |&at| container(store, at)).collect();
                for node in &way {
                    let count = self.inside.entry(*node).or_default();
                    *count = count.saturating_add(1);
                }
                self.within.insert(object, way);
            }
            if store.position(object).is_none() {
                self.born.entry(object).or_insert(self.saves);
            }
        }
    }

    /// Everything is on disk now.
    pub fn saved(&mut self) {
        self.touched.clear();
        self.inside.clear();
        self.within.clear();
        self.saves = self.saves.saturating_add(1);
    }

    /// How the object differs from the saved file, if it does.
    pub fn of(&self, object: ObjId) -> Option<Mark> {
        self.touched.get(&object)?;
        Some(if self.born.get(&object) == Some(&self.saves) { Mark::Added } else { Mark::Changed })
    }

    /// Whether something that stands in a node of the tree differs, was removed from it, or came to it.
    pub fn is_inside(&self, node: Node) -> bool {
        self.inside.get(&node).is_some_and(|count| *count > 0)
    }

    /// The objects that differ.
    pub fn objects(&self) -> impl Iterator<Item = ObjId> + '_ {
        self.touched.keys().copied()
    }
}
