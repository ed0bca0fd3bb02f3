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
        self.index_link(id);
        id
    }

    /// Where a new leaf of this kind belongs among the owner's leaves (removed ones counted).
    ///
    /// Links of one kind keep the order of their GUID texts if they are in it, which is how azroles.dll leaves a list
    /// that was written in one go; otherwise they, and members always, go to the end. What there is only one of goes
    /// where the written order of a new object has it, and so does everything in an object that is not in the file yet.
    pub(super) fn place_for(&self, owner: ObjId, kind: LeafKind, text: &str) -> usize {
        if kind.is_member() && self.is_original(owner) {
            return self.order.get(&owner).map_or(self.object(owner).leaf_count as usize, Vec::len);
        }
        let all: Vec<LeafId> = self.all_leaves(owner).collect();
        let by_kind = || all.iter().position(|&leaf| self.leaf_kind(leaf) > kind).unwrap_or(all.len());
        if kind.is_single() {
            return by_kind();
        }
        if kind.is_link() {
            let same = |leaf: &LeafId| self.leaf(*leaf).live && self.leaf_kind(*leaf) == kind;
            let texts: Vec<_> =
                all.iter().copied().filter(same).map(|leaf| self.text(leaf).to_ascii_lowercase()).collect();
            if !texts.is_empty() && texts.is_sorted() {
                let before = texts.iter().filter(|known| known.as_str() <= text).count();
                let mut seen = 0;
                for (at, leaf) in all.iter().enumerate() {
                    if same(leaf) {
                        if seen == before {
                            return at;
                        }
                        seen += 1;
                        if seen == before && before == texts.len() {
                            return at + 1;
                        }
                    }
                }
            }
        }
        if self.is_original(owner) { all.len() } else { by_kind() }
    }
}
