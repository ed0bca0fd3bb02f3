//! Changes that can be taken back, and what is unsaved.
//!
//! A [`Session`] is a store and the list of transactions that led from the file as it was opened to the store as it
//! is. A transaction is what the user did in one step: one change, or a whole script. It keeps the primitive edits
//! that flip it; undoing applies them and keeps what they return, so that redoing is the same operation.
//!
//! Every transaction has a revision number that is never given twice. The session is *dirty* when the revision it
//! stands at is not the one that was saved: nothing else is remembered about saving, and undo works across it.
//!
//! Limits: the list is not a tree (a new change drops what was undone), and it lives as long as the session.

mod parts;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub use self::parts::{Part, Parts};

use super::create::{Schema, new_store};
use super::diff::{Difference, Snapshot, compare, diff};
use super::edit::Edit;
use super::perform::{ChangeError, Work};
use super::{Change, Guid, ObjId, OpenError, Store};
use crate::xml::Rendering;

/// One step of the user.
pub struct Transaction {
    /// What the step is called.
    pub label: String,
    /// The changes, as the change language says them.
    pub changes: Vec<Change>,
    /// Its number; never given to another.
    pub revision: u64,
    /// The edits that take it back, or, once undone, that make it again; in the order in which to apply them.
    edits: Vec<Edit>,
    /// The objects that the step changes in the end, where it goes back and forth to get there.
    about: Option<BTreeSet<ObjId>>,
}

/// What a step did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// What the step is called.
    pub label: String,
    /// Whether anything changed.
    pub changed: bool,
    /// What to show: what changed, or where it was.
    pub select: Option<ObjId>,
    /// Every object for which anything may have changed: edited, added or removed ones, what they link to.
    pub touched: Vec<ObjId>,
    /// What else was done, in sentences.
    pub notes: Vec<String>,
}

/// A store being edited.
pub struct Session {
    /// Shared with the threads that look at it: a step made meanwhile is made on a copy, and there is no other.
    store: Arc<Store>,
    transactions: Vec<Transaction>,
    /// How many of the transactions are in force.
    position: usize,
    last_revision: u64,
    saved_revision: u64,
    /// What the file held when it was last read or written.
    saved: Rendering,
    /// The undone steps that a step took the place of which may be forgotten again.
    undone: Vec<Transaction>,
}

impl Transaction {
    /// Whether the step goes back and forth: objects that it makes again have other numbers than before, whatever its
    /// changes say.
    pub fn is_remade(&self) -> bool {
        self.about.is_some()
    }
}

impl Session {
    /// Begins with a store as it was opened.
    pub fn new(store: Store) -> Session {
        let saved = store.rendering();
        Session {
            store: Arc::new(store),
            transactions: Vec::new(),
            position: 0,
            last_revision: 0,
            saved_revision: 0,
            saved,
            undone: Vec::new(),
        }
    }

    /// The store as it is now.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The store as it is now and stays, for another thread to look at. While it does, the first step costs a copy.
    pub fn shared(&self) -> Arc<Store> {
        Arc::clone(&self.store)
    }

    fn store_mut(&mut self) -> &mut Store {
        Arc::make_mut(&mut self.store)
    }

    /// Applies changes as one step: all of them or none.
    ///
    /// # Errors
    /// The number of the change that was refused (from 0) and why. The store is as it was.
    pub fn apply(
        &mut self,
        changes: &[Change],
        label: impl Into<String>,
    ) -> Result<Applied, (usize, ChangeError)> {
        let mut work = Work::default();
        let store = self.store_mut();
        for (number, change) in changes.iter().enumerate() {
            if let Err(error) = store.perform(&mut work, change) {
                for edit in work.undo.into_iter().rev() {
                    store.edit(edit);
                }
                return Err((number, error));
            }
        }
        let label = label.into();
        if work.undo.is_empty() {
            return Ok(Applied { label, select: work.select, notes: work.notes, ..Applied::default() });
        }
        work.undo.reverse();
        self.transactions.truncate(self.position);
        self.last_revision += 1;
        self.transactions.push(Transaction {
            label: label.clone(),
            changes: changes.to_vec(),
            revision: self.last_revision,
            edits: work.undo,
            about: None,
        });
        self.position += 1;
        let touched = self.touched(self.position - 1);
        Ok(Applied { label, changed: true, select: work.select, touched, notes: work.notes })
    }

    /// Takes in a step that changes nothing in the store. What it stands for is kept elsewhere, under the revision that
    /// the session has then; that it is in force, undone, done again or dropped is told by the session's steps.
    pub fn step(&mut self, label: impl Into<String>) -> Applied {
        let label = label.into();
        self.transactions.truncate(self.position);
        self.last_revision += 1;
        self.transactions.push(Transaction {
            label: label.clone(),
            changes: Vec::new(),
            revision: self.last_revision,
            edits: Vec::new(),
            about: None,
        });
        self.position += 1;
        Applied { label, changed: true, ..Applied::default() }
    }

    /// Those of the changes that can be made one after the other; nothing is made.
    pub fn settled(&mut self, changes: Vec<Change>) -> Vec<Change> {
        let mut work = Work::default();
        let mut fitting = Vec::new();
        let store = self.store_mut();
        for change in changes {
            let from = work.undo.len();
            if store.perform(&mut work, &change).is_ok() {
                fitting.push(change);
            } else {
                for edit in work.undo.split_off(from).into_iter().rev() {
                    store.edit(edit);
                }
            }
        }
        work.undo.into_iter().rev().for_each(|edit| _ = store.edit(edit));
        fitting
    }

    /// Takes back the last step. `None`: there is none.
    pub fn undo(&mut self) -> Option<Applied> {
        self.position = self.position.checked_sub(1)?;
        Some(self.flip(self.position))
    }

    /// Makes the last undone step again. `None`: there is none.
    pub fn redo(&mut self) -> Option<Applied> {
        if self.position == self.transactions.len() {
            return None;
        }
        self.position += 1;
        Some(self.flip(self.position - 1))
    }

    fn flip(&mut self, at: usize) -> Applied {
        self.flip_edits(at);
        let touched = self.touched(at);
        let transaction = &self.transactions[at];
        // An object that came (back) is what to look at; without one, what was changed, or where something went.
        let came = transaction.edits.iter().find_map(|edit| match *edit {
            Edit::Object { id, .. } => self.store.is_live(id).then_some(id),
            _ => None,
        });
        let changed = transaction.edits.iter().find_map(|edit| {
            let id = match *edit {
                Edit::Object { id, .. } => self.store.parent(id)?,
                Edit::Attribute { id, .. } => id,
                Edit::Leaf { id, .. } | Edit::Text { id, .. } => self.store.owner(id),
            };
            self.store.is_live(id).then_some(id)
        });
        let select = came.or(changed);
        Applied { label: transaction.label.clone(), changed: true, select, touched, notes: Vec::new() }
    }

    fn flip_edits(&mut self, at: usize) {
        let edits = std::mem::take(&mut self.transactions[at].edits);
        let store = self.store_mut();
        let mut flipped: Vec<Edit> = edits.into_iter().map(|edit| store.edit(edit)).collect();
        flipped.reverse();
        self.transactions[at].edits = flipped;
    }

    /// Every object that the transaction's edits can matter to.
    fn touched(&self, at: usize) -> Vec<ObjId> {
        let store = &self.store;
        let mut touched = BTreeSet::new();
        for edit in &self.transactions[at].edits {
            match *edit {
                Edit::Object { id, .. } => {
                    touched.extend(store.parent(id));
                    let mut todo = vec![id];
                    while let Some(id) = todo.pop() {
                        touched.insert(id);
                        todo.extend(store.children(id));
                        touched.extend(store.leaves(id).filter_map(|leaf| store.target(leaf)));
                    }
                }
                Edit::Leaf { id, .. } | Edit::Text { id, .. } => {
                    touched.insert(store.owner(id));
                    touched.extend(store.target(id));
                }
                Edit::Attribute { id, .. } => {
                    touched.insert(id);
                }
            }
        }
        touched.into_iter().collect()
    }

    /// The objects that a step itself edits, adds or removes (not those they only link to): whose signs it changes.
    pub fn edited(&self, step: usize) -> BTreeSet<ObjId> {
        let Some(step) = self.transactions.get(step) else { return BTreeSet::new() };
        step.about.clone().unwrap_or_else(|| edited(&self.store, &step.edits))
    }

    /// Looks at the store as these changes would leave it, and at the objects that they would edit, add or remove. (It
    /// makes them and takes them back, hence `&mut`; the session, with what was undone in it, is as before.)
    ///
    /// # Errors
    /// The number of the change that is refused (from 0) and why.
    pub fn attempt<T>(
        &mut self,
        changes: &[Change],
        look: impl FnOnce(&Store, &BTreeSet<ObjId>) -> T,
    ) -> Result<T, (usize, ChangeError)> {
        let mut work = Work::default();
        let store = self.store_mut();
        let refused = changes
            .iter()
            .enumerate()
            .find_map(|(number, change)| store.perform(&mut work, change).err().map(|error| (number, error)));
        let seen = match refused {
            Some(refused) => Err(refused),
            None => Ok(look(store, &edited(store, &work.undo))),
        };
        work.undo.into_iter().rev().for_each(|edit| _ = store.edit(edit));
        seen
    }

    /// The steps, oldest first; those after [`Session::position`] were undone.
    pub fn transactions(&self) -> &[Transaction] {
        &self.transactions
    }

    /// How many steps are in force in the saved state; `None` when it can no longer be reached by undoing and redoing.
    pub fn saved_position(&self) -> Option<usize> {
        if self.saved_revision == 0 {
            return Some(0);
        }
        Some(self.transactions.iter().position(|t| t.revision == self.saved_revision)? + 1)
    }

    /// How many of the steps are in force.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The number of the state that the store is in; 0 = as opened.
    pub fn revision(&self) -> u64 {
        self.position.checked_sub(1).and_then(|at| self.transactions.get(at)).map_or(0, |t| t.revision)
    }

    /// Whether the store differs from what was last read or written.
    pub fn is_dirty(&self) -> bool {
        self.revision() != self.saved_revision
    }

    /// Says that the store as it is now is what the file holds.
    pub fn mark_saved(&mut self) {
        self.saved_revision = self.revision();
        self.saved = self.store.rendering();
    }

    /// What the file held when it was last read or written: what another writer must not have changed.
    pub fn saved(&self) -> &Rendering {
        &self.saved
    }

    /// What differs from what was last read or written, object by object. Costs what was changed, not what the store
    /// holds. (It steps back and forth, hence `&mut`; the session is as before.)
    pub fn unsaved(&mut self) -> Vec<Difference> {
        let Some((saved_at, ids)) = self.since_saved() else {
            // The saved state was undone and then left for good: only the file knows it. Should its bytes not open,
            // everything counts as unsaved; the one wrong answer would be that nothing is.
            let empty = || Store::open(new_store(Schema::V1, Guid::random(), ""));
            let saved = Store::open(self.saved.to_bytes()).or_else(|_| empty());
            return saved.map(|saved| diff(&saved, &self.store)).unwrap_or_default();
        };
        let mut differences = Vec::new();
        for (then, now) in self.since(saved_at, &ids) {
            compare(then.as_ref(), now.as_ref(), &mut differences);
        }
        differences
    }

    /// These objects as they were at a position of the history, and as they are.
    fn since(&mut self, position: usize, ids: &BTreeSet<ObjId>) -> Vec<Pair> {
        let here = self.position;
        let now: Vec<_> = ids.iter().map(|&id| Snapshot::of(&self.store, id)).collect();
        self.step_to(position);
        let then: Vec<_> = ids.iter().map(|&id| Snapshot::of(&self.store, id)).collect();
        self.step_to(here);
        pair(then, now)
    }

    /// The objects that were edited, added or removed since the store was last read or written; `None` when that state
    /// can no longer be reached by undoing and redoing.
    pub fn unsaved_objects(&self) -> Option<BTreeSet<ObjId>> {
        self.since_saved().map(|(_, ids)| ids)
    }

    /// Looks at the store as it was last read or written. (It steps back and forth, hence `&mut`; the session is as
    /// before.)
    ///
    /// # Errors
    /// That state can no longer be reached by undoing and redoing, and what was written does not open. It did when it
    /// was written.
    pub fn with_saved<T>(&mut self, look: impl FnOnce(&Store) -> T) -> Result<T, OpenError> {
        let Some((saved_at, _)) = self.since_saved() else {
            return Store::open(self.saved.to_bytes()).map(|saved| look(&saved));
        };
        let here = self.position;
        self.step_to(saved_at);
        let seen = look(&self.store);
        self.step_to(here);
        Ok(seen)
    }

    /// How many transactions are in force in the saved state, and the objects that those between it and the present
    /// state edit, add or remove.
    fn since_saved(&self) -> Option<(usize, BTreeSet<ObjId>)> {
        let saved_at = self.saved_position()?;
        let here = self.position;
        let mut ids = BTreeSet::new();
        for at in saved_at.min(here)..saved_at.max(here) {
            // What a step that goes back and forth leaves alike has other numbers after it.
            ids.extend(edited(&self.store, &self.transactions[at].edits));
        }
        Some((saved_at, ids))
    }

    fn step_to(&mut self, position: usize) {
        while self.position > position {
            self.position -= 1;
            self.flip_edits(self.position);
        }
        while self.position < position {
            self.flip_edits(self.position);
            self.position += 1;
        }
    }
}

/// The objects that these edits edit, add or remove.
fn edited(store: &Store, edits: &[Edit]) -> BTreeSet<ObjId> {
    let mut edited = BTreeSet::new();
    for edit in edits {
        match *edit {
            Edit::Object { id, .. } => {
                let mut todo = vec![id];
                while let Some(id) = todo.pop() {
                    edited.insert(id);
                    todo.extend(store.children(id));
                }
            }
            Edit::Attribute { id, .. } => _ = edited.insert(id),
            Edit::Leaf { id, .. } | Edit::Text { id, .. } => _ = edited.insert(store.owner(id)),
        }
    }
    edited
}

/// An object as it was and as it is.
type Pair = (Option<Snapshot>, Option<Snapshot>);

/// Brings snapshots together number by number. An object that was moved, or made anew, has one number before and
/// another after: the two are brought together by their GUID.
fn pair(mut then: Vec<Option<Snapshot>>, now: Vec<Option<Snapshot>>) -> Vec<Pair> {
    let gone = then.iter().zip(&now).enumerate().filter(|(_, (_, now))| now.is_none());
    let gone: HashMap<Guid, usize> =
        gone.filter_map(|(at, (then, _))| Some((then.as_ref()?.guid?, at))).collect();
    for (at, now) in now.iter().enumerate() {
        if let Some(guid) = now.as_ref().and_then(|now| now.guid)
            && then[at].is_none()
            && let Some(&from) = gone.get(&guid)
        {
            then.swap(at, from);
        }
    }
    then.into_iter().zip(now).collect()
}
