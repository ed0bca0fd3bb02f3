//! What `/` and `&` look for: a text in names, descriptions, numbers, GUIDs, SIDs and their names, rules, queries.
//!
//! No index: a text is looked at where it lies. Only a search walks the whole store, and [`scan`](super::scan) cuts
//! that walk into slices.

use std::collections::HashSet;

use crate::accounts::{self, Names, Sid};
use crate::store::{Kind, LeafId, LeafKind, ObjId, Store, fold};

use super::effect::DocId;
use super::line::Line;
use super::scan::Scan;
use super::tree::{self, Node, Part};

/// A text to be found, case folded away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    folded: String,
    /// The account of the virtual machine whose GUID it is: members are written as SIDs.
    account: Option<Sid>,
    /// The accounts whose names, as far as they were told, hold it.
    told: HashSet<Sid>,
}

impl Needle {
    /// What was typed, blanks around it aside; empty is in everything.
    pub fn new(text: &str) -> Needle {
        let account = accounts::vm_account(text);
        Needle { folded: fold(text.trim()).into_owned(), account, told: HashSet::new() }
    }

    /// The same, which is in the names of accounts too.
    pub fn with(text: &str, names: &Names) -> Needle {
        let needle = Needle::new(text);
        let told = names.find(|name| needle.is_in(name)).collect();
        Needle { told, ..needle }
    }

    /// Nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    /// The text with case folded away.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether a text holds it.
    pub fn is_in(&self, text: &str) -> bool {
        let wanted = self.folded.as_bytes();
        let Some(&first) = wanted.first() else { return true };
        if !text.is_ascii() {
            return fold(text).contains(&self.folded);
        }
        // Folding copies; nearly all texts are ASCII and hold nothing.
        let text = text.as_bytes();
        memchr::memchr2_iter(first, first.to_ascii_uppercase(), text).any(|at| {
            let end = at.saturating_add(wanted.len());
            text.get(at..end).is_some_and(|part| part.eq_ignore_ascii_case(wanted))
        })
    }

    /// Whether the object itself matches, by what it is called or says of itself.
    pub fn is_in_object(&self, store: &Store, object: ObjId) -> bool {
        (store.kind(object) != Kind::Store && self.is_in(&store.name(object)))
            || store.description(object).is_some_and(|text| self.is_in(&text))
            || store.guid_text(object).is_some_and(|text| self.is_in(&text))
    }

    fn is_in_account(&self, sid: &Sid) -> bool {
        self.told.contains(sid)
            || self.account == Some(*sid)
            || accounts::display_name(sid).is_some_and(|name| self.is_in(&name))
    }

    /// Whether a leaf matches: a member by its SID or its name, a number, a query, a rule's text.
    pub fn is_in_leaf(&self, store: &Store, leaf: LeafId) -> bool {
        match store.leaf_kind(leaf) {
            LeafKind::Member | LeafKind::NonMember => {
                let text = store.text(leaf);
                self.is_in(&text) || Sid::parse(text.trim()).is_ok_and(|sid| self.is_in_account(&sid))
            }
            LeafKind::OperationId | LeafKind::LdapQuery | LeafKind::BizRule => self.is_in(&store.text(leaf)),
            _ => false,
        }
    }
}

/// The line that is typed for `/` or `&`.
#[derive(Debug, Clone)]
pub struct Search {
    /// What is typed.
    pub line: Line,
    /// What it does.
    pub aim: Aim,
    /// Where the selection stood when it began; Esc goes back to it.
    pub from: Node,
}

/// What a typed text does to the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// The selection goes to the first match.
    Find,
    /// The tree narrows to the matches; what the filter's text was before.
    Narrow(String),
}

/// What was searched for, and what has been found of it.
#[derive(Debug, Clone)]
pub struct Hunt {
    /// In which store, and in which state of it.
    pub of: (DocId, u64),
    /// The text as it was typed.
    pub text: String,
    /// The walk through the store.
    pub scan: Scan,
    /// The match that the selection was brought to, by its place in the order.
    pub at: Option<(u32, u32)>,
}

impl Hunt {
    /// `3 of 17`, `nothing matches`, or `40 so far` while the search goes on.
    pub fn count(&self) -> String {
        let found = &self.scan.found;
        match (self.scan.is_done(), found.len(), self.at) {
            (false, count, _) => format!("{count} so far"),
            (true, 0, _) => "nothing matches".to_owned(),
            (true, 1, _) => "1 match".to_owned(),
            (true, count, None) => format!("{count} matches"),
            (true, count, Some(at)) => {
                let place = found.iter().filter(|found| found.order() <= at).count();
                format!("{place} of {count}")
            }
        }
    }
}

/// Which way to walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Towards the end.
    Forward,
    /// Towards the start.
    Backward,
}

/// Every object in the order of the tree, whatever is folded.
pub fn order(store: &Store) -> Vec<ObjId> {
    fn walk(store: &Store, node: Node, all: &mut Vec<ObjId>) {
        if node.part == Part::Object {
            all.push(node.object);
            if !super::node::is_foldable(store, node) {
                return;
            }
        }
        for child in tree::children(store, node) {
            walk(store, child, all);
        }
    }
    let mut all = Vec::new();
    walk(store, Node::of(store.root()), &mut all);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_no_difference_in_any_script() {
        for (needle, text) in [
            ("joe", "Joes VM Scope"),
            ("VM sc", "Joes VM Scope"),
            ("straße", "STRASSE"),
            ("STRASSE", "Hauptstraße 1"),
            ("οδος", "ΟΔΟΣ"),
            (" admin ", "Administrator"),
            ("", "anything"),
        ] {
            assert!(Needle::new(needle).is_in(text), "{needle:?} in {text:?}");
        }
        for (needle, text) in [("joe", "Jo"), ("é", "e"), ("aab", "aa"), ("scope x", "scope")] {
            assert!(!Needle::new(needle).is_in(text), "{needle:?} in {text:?}");
        }
    }
}
