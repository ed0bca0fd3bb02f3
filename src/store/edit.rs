//! The four primitive edits.
//!
//! Each sets one thing to a value and returns the edit that sets it back, so that applying what [`Store::edit`]
//! returned is the exact inverse. Objects and leaves are first made, not live, with numbers of their own; making them
//! live is the edit. So undo and redo only ever flip marks and swap values.

use std::borrow::Cow;

use super::model::{LeafRecord, NONE, ObjectRecord};
use super::open::link_child;
use super::{Guid, Kind, LeafId, LeafKind, ObjId, Store};
use crate::xml::Span;

/// A primitive edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// Whether an object exists.
    Object { id: ObjId, live: bool },
    /// Whether a leaf exists.
    Leaf { id: LeafId, live: bool },
    /// The value of an attribute, or its absence.
    Attribute { id: ObjId, name: Cow<'static, str>, value: Option<String> },
    /// The text of a leaf.
    Text { id: LeafId, text: String },
}

impl Store {
    /// Applies an edit and returns its inverse.
    pub(super) fn edit(&mut self, edit: Edit) -> Edit {
        match edit {
            Edit::Object { id, live } => {
                self.touch(id);
                if let Some(parent) = self.parent(id) {
                    self.touch(parent);
                }
                let before = std::mem::replace(&mut self.objects[id.index()].live, live);
                Edit::Object { id, live: before }
            }
            Edit::Leaf { id, live } => {
                self.touch(self.owner(id));
                let before = std::mem::replace(&mut self.leaves[id.index()].live, live);
                Edit::Leaf { id, live: before }
            }
            Edit::Attribute { id, name, value } => {
                self.touch(id);
                let before = self.attribute(id, &name).map(Cow::into_owned);
                self.set_attribute(id, name.clone(), value);
                Edit::Attribute { id, name, value: before }
            }
            Edit::Text { id, text } => {
                self.touch(self.owner(id));
                let before = self.text(id).into_owned();
                // What equals the file again is no change: nothing of it will be written.
                if self.is_original_leaf(id) && self.written_text(id) == text {
                    self.texts.remove(&id);
                } else {
                    self.texts.insert(id, text);
                }
                Edit::Text { id, text: before }
            }
        }
    }

    fn set_attribute(&mut self, id: ObjId, name: Cow<'static, str>, value: Option<String>) {
        let as_written =
            self.is_original(id) && self.written_attribute(id, &name).as_deref() == value.as_deref();
        let what = name.to_string();
        let edits = self.attributes.entry(id).or_default();
        let at = edits.iter().position(|(edited, _)| *edited == name);
        match (at, as_written) {
            (Some(at), true) => {
                edits.remove(at);
            }
            (Some(at), false) => edits[at].1 = value,
            (None, true) => {}
            (None, false) => edits.push((name, value)),
        }
        let edited = !edits.is_empty();
        if !edited {
            self.attributes.remove(&id);
        }
        self.objects[id.index()].edited = edited;
        match what.as_str() {
            "Name" => self.index_name(id),
            "RoleDefinition" => {
                let is_role = self
                    .attribute(id, "RoleDefinition")
                    .is_some_and(|v| v.trim().eq_ignore_ascii_case("true"));
                let kind = &mut self.objects[id.index()].kind;
                if matches!(kind, Kind::Task | Kind::Role) {
                    *kind = if is_role { Kind::Role } else { Kind::Task };
                    self.index_kind(id);
                }
                self.index_name(id);
            }
            _ => {}
        }
    }

    fn touch(&mut self, id: ObjId) {
        self.touched.insert(id);
    }

    /// Makes an object that is not live yet: the last child of `parent`.
    pub(super) fn make_object(
        &mut self,
        parent: ObjId,
        kind: Kind,
        guid: Guid,
        attributes: Vec<(Cow<'static, str>, String)>,
    ) -> ObjId {
        let id = ObjId(u32::try_from(self.objects.len()).unwrap_or(NONE));
        let nowhere = Span { start: 0, end: 0 };
        self.objects.push(ObjectRecord {
            guid: Some(guid),
            kind,
            live: false,
            edited: true,
            parent: parent.0,
            first_child: NONE,
            last_child: NONE,
            next: NONE,
            first_leaf: 0,
            leaf_count: 0,
            start: NONE,
            open_end: NONE,
            end: NONE,
            name: nowhere,
        });
        link_child(&mut self.objects, parent.0, id.0);
        self.attributes.insert(id, attributes.into_iter().map(|(name, value)| (name, Some(value))).collect());
        self.order.insert(id, Vec::new());
        if let Some(&first) = self.by_guid.get(&guid) {
            self.same_guid.entry(guid).or_insert_with(|| vec![first]).push(id);
        } else {
            self.by_guid.insert(guid, id);
        }
        self.index_new(id);
        id
    }

    /// Makes a leaf that is not live yet, at `at` among the owner's leaves (removed ones counted).
    pub(super) fn make_leaf(&mut self, owner: ObjId, kind: LeafKind, text: String, at: usize) -> LeafId {
        let id = LeafId(u32::try_from(self.leaves.len()).unwrap_or(NONE));
        self.leaves.push(LeafRecord { owner: owner.0, start: NONE, end: NONE, tag: 0, kind, live: false });
        self.texts.insert(id, text);
        if !self.order.contains_key(&owner) {
            let now: Vec<LeafId> = self.all_leaves(owner).collect();
            self.order.insert(owner, now);
        }
        if let Some(order) = self.order.get_mut(&owner) {
            order.insert(at.min(order.len()), id);
        }
        self.index_leaf(id);
        id
    }

    /// Makes several leaves of a kind that are not live yet, each where it belongs, at the cost of one, which is nothing
    /// that grows where they belong at the end.
    pub(super) fn make_links(&mut self, owner: ObjId, kind: LeafKind, texts: Vec<String>) -> Vec<LeafId> {
        let placed = self.placed(owner, kind, texts);
        let mut order = self.order.remove(&owner).unwrap_or_else(|| self.all_leaves(owner).collect());
        let mut taken = placed.first().map_or(order.len(), |(at, _)| *at);
        let mut before = order.split_off(taken).into_iter();
        let mut made = Vec::with_capacity(placed.len());
        for (at, text) in placed {
            order.extend(before.by_ref().take(at - taken));
            taken = at;
            let id = LeafId(u32::try_from(self.leaves.len()).unwrap_or(NONE));
            self.leaves.push(LeafRecord {
                owner: owner.0,
                start: NONE,
                end: NONE,
                tag: 0,
                kind,
                live: false,
            });
            self.texts.insert(id, text);
            self.index_leaf(id);
            order.push(id);
            made.push(id);
        }
        order.extend(before);
        self.order.insert(owner, order);
        made
    }

    /// New leaves of a kind with their places among the owner's leaves (removed ones counted), in order.
    ///
    /// Links of one kind keep the order of their GUID texts if they are in it, which is how azroles.dll leaves a list
    /// that was written in one go; otherwise they, and members always, go to the end. What there is only one of goes
    /// where the written order of a new object has it, and so does everything in an object that is not in the file yet.
    fn placed(&self, owner: ObjId, kind: LeafKind, mut texts: Vec<String>) -> Vec<(usize, String)> {
        let end = self.place_for(owner, kind);
        if !kind.is_link() {
            return texts.into_iter().map(|text| (end, text)).collect();
        }
        let all = self.all_leaves(owner).enumerate();
        let same = all.filter(|&(_, leaf)| self.leaf(leaf).live && self.leaf_kind(leaf) == kind);
        let held: Vec<_> = same.map(|(at, leaf)| (self.text(leaf).to_ascii_lowercase(), at)).collect();
        if !held.is_sorted_by(|(one, _), (next, _)| one <= next) {
            return texts.into_iter().map(|text| (end, text)).collect();
        }
        let behind = held.last().map_or(end, |(_, last)| last + 1);
        let place = |text: &String| {
            let before = held.partition_point(|(known, _)| known <= text);
            held.get(before).map_or(behind, |&(_, at)| at)
        };
        texts.sort();
        texts.into_iter().map(|text| (place(&text), text)).collect()
    }

    /// Where a new leaf of this kind belongs that is not to stand among sorted links.
    pub(super) fn place_for(&self, owner: ObjId, kind: LeafKind) -> usize {
        if !kind.is_single() && self.is_original(owner) || self.is_last(owner, kind) {
            return self.order.get(&owner).map_or(self.object(owner).leaf_count as usize, Vec::len);
        }
        let mut all = self.all_leaves(owner);
        all.position(|leaf| self.leaf_kind(leaf) > kind).unwrap_or_else(|| self.all_leaves(owner).count())
    }
}
