//! `/`: finding by name, description, number, GUID, SID and the SID's well-known name.
//!
//! No index: the objects are walked in the tree's order from where the selection stands, and a text is looked at
//! where it lies. Only a search walks the whole store.

use crate::accounts;
use crate::store::{Kind, LeafId, LeafKind, ObjId, Store, fold};

use super::line::Line;
use super::tree::{self, Node, Part};

/// A place that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The object.
    pub object: ObjId,
    /// The member or text in it that matches, if it is not the object's own name or description.
    pub leaf: Option<LeafId>,
}

/// The search line.
#[derive(Debug, Clone)]
pub struct Search {
    /// What is typed.
    pub line: Line,
    /// Where the selection stood when it began; Esc goes back to it.
    pub from: Node,
    /// Nothing matches what is typed.
    pub failed: bool,
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
        }
        for child in tree::children(store, node) {
            walk(store, child, all);
        }
    }
    let mut all = Vec::new();
    walk(store, Node::of(store.root()), &mut all);
    all
}

/// The next match after (or at, with `here`) an object, round the end if need be.
pub fn find(store: &Store, order: &[ObjId], wanted: &str, from: ObjId, way: Way, here: bool) -> Option<Hit> {
    let wanted = fold(wanted.trim());
    if wanted.is_empty() {
        return None;
    }
    let count = order.len();
    let start = order.iter().position(|&object| object == from).unwrap_or(0);
    let first = usize::from(!here);
    (first..count.saturating_add(first)).find_map(|step| {
        let index = match way {
            Way::Forward => start.saturating_add(step) % count.max(1),
            Way::Backward => {
                start.saturating_add(count.saturating_mul(2)).saturating_sub(step) % count.max(1)
            }
        };
        order.get(index).and_then(|&object| matches(store, object, &wanted))
    })
}

/// Whether an object matches a folded text, and where.
fn matches(store: &Store, object: ObjId, wanted: &str) -> Option<Hit> {
    let whole = Some(Hit { object, leaf: None });
    let holds = |text: &str| fold(text).contains(wanted);
    if store.kind(object) != Kind::Store && holds(&store.name(object)) {
        return whole;
    }
    if store.description(object).is_some_and(|text| holds(&text)) {
        return whole;
    }
    if store.guid_text(object).is_some_and(|text| holds(&text)) {
        return whole;
    }
    let found = store.leaves(object).find(|&leaf| match store.leaf_kind(leaf) {
        LeafKind::Member | LeafKind::NonMember => {
            let text = store.text(leaf);
            holds(&text) || account_name(&text).is_some_and(|name| holds(&name))
        }
        LeafKind::OperationId | LeafKind::LdapQuery | LeafKind::BizRule => holds(&store.text(leaf)),
        _ => false,
    });
    found.map(|leaf| Hit { object, leaf: Some(leaf) })
}

/// The name that a SID has everywhere.
pub fn account_name(text: &str) -> Option<String> {
    accounts::display_name(&accounts::Sid::parse(text.trim()).ok()?)
}
