//! What somebody holds: sets of an application's operations.

use std::collections::HashMap;

use crate::accounts::Sid;
use crate::store::{Kind, ObjId, Store};

/// What an access check would say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Nothing grants it.
    No,
    /// Something grants it if a query or rule says so.
    Conditional,
    /// Something grants it.
    Yes,
}

impl Answer {
    /// The word of JSON.
    pub fn word(self) -> &'static str {
        match self {
            Answer::No => "no",
            Answer::Conditional => "conditional",
            Answer::Yes => "yes",
        }
    }
}

/// Who holds something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// Whoever has this SID.
    Account(Sid),
    /// Whoever the query or the rule of this application group finds.
    Found(ObjId),
}

/// The operations of an application, numbered in document order.
#[derive(Clone, Debug, Default)]
pub struct Operations {
    ids: Vec<ObjId>,
    number: HashMap<ObjId, usize>,
}

impl Operations {
    /// Those of an application.
    pub fn of(store: &Store, application: ObjId) -> Operations {
        let ids: Vec<ObjId> = store.of_kind(application, Kind::Operation).collect();
        let number = ids.iter().enumerate().map(|(number, &id)| (id, number)).collect();
        Operations { ids, number }
    }

    /// The operations, by their numbers.
    pub fn ids(&self) -> &[ObjId] {
        &self.ids
    }

    /// The number of an operation.
    pub fn number(&self, operation: ObjId) -> Option<usize> {
        self.number.get(&operation).copied()
    }

    /// How many 64-bit words a set of them has.
    pub fn words(&self) -> usize {
        self.ids.len().div_ceil(64)
    }
}

/// Sets of operations, one bit for each number of [`Operations`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rights {
    /// What is held without any condition.
    pub plain: Vec<u64>,
    /// What is held, conditionally or not: never less than `plain`.
    pub any: Vec<u64>,
}

impl Rights {
    /// No operation of so many words.
    pub fn none(words: usize) -> Rights {
        Rights { plain: vec![0; words], any: vec![0; words] }
    }

    /// Adds what `more` has.
    pub fn join(&mut self, more: &Rights) {
        self.plain.iter_mut().zip(&more.plain).for_each(|(word, more)| *word |= more);
        self.any.iter_mut().zip(&more.any).for_each(|(word, more)| *word |= more);
    }

    /// What is said of the operation with this number.
    pub fn answer(&self, number: usize) -> Answer {
        let has = |set: &[u64]| set.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1);
        match (has(&self.plain), has(&self.any)) {
            (true, _) => Answer::Yes,
            (false, true) => Answer::Conditional,
            (false, false) => Answer::No,
        }
    }

    /// How many operations are held, conditionally or not.
    pub fn count(&self) -> usize {
        self.any.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// How many are held without a condition.
    pub fn sure(&self) -> usize {
        self.plain.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.any.iter().all(|word| *word == 0)
    }

    /// The same, but all of it under a condition.
    pub(super) fn conditional(&self) -> Rights {
        Rights { plain: vec![0; self.plain.len()], any: self.any.clone() }
    }
}

/// The numbers in a set of operations.
pub fn numbers(set: &[u64]) -> impl Iterator<Item = usize> + '_ {
    set.iter()
        .enumerate()
        .flat_map(|(at, word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit))
}
