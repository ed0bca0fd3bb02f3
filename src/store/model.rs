//! [`Store`]: the arrays, and how they are read.
//!
//! The document's text never changes. `objects` and `leaves` hold one small record for each element that means
//! something, with its place in the text. What was edited lies over it: a mark for what was removed, records with
//! numbers after the last original one for what was added, a short list of changed attributes and texts. Everything
//! that no record names (comments, unknown elements, white space) is never touched and so cannot be lost.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use super::held::Held;
use super::index::{Kinds, Names, Referrers};
use super::{GroupType, Guid, Kind, LeafId, LeafKind, ObjId};
use crate::xml::{self, Document, Position, Span};

/// No object, no place.
pub(super) const NONE: u32 = u32::MAX;

/// An object: where it stands in the text and in the tree.
#[derive(Clone, Debug)]
pub(super) struct ObjectRecord {
    pub guid: Option<Guid>,
    pub kind: Kind,
    /// False: removed, or added and undone.
    pub live: bool,
    /// Some attribute differs from the text: look into `Store::attributes` before it.
    pub edited: bool,
    pub parent: u32,
    pub first_child: u32,
    pub last_child: u32,
    pub next: u32,
    /// Its leaves in the text are `leaves[first_leaf..first_leaf + leaf_count]`.
    pub first_leaf: u32,
    pub leaf_count: u32,
    /// Start of the start tag; [`NONE`] for an object that is not in the text.
    pub start: u32,
    /// End of the start tag.
    pub open_end: u32,
    /// End of the end tag; equal to `open_end` for `<X/>`.
    pub end: u32,
    /// The attribute value `Name`, as written.
    pub name: Span,
}

// Both sizes stand in ARCHITECTURE.md; memory for a large store is a few of these for each of its elements.
const _: () = assert!(size_of::<ObjectRecord>() == 80);
const _: () = assert!(size_of::<LeafRecord>() == 16);

/// A leaf: an element that holds only text. Most of a large store is leaves, so the record is small: 16 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeafRecord {
    pub owner: u32,
    /// Start of the start tag; [`NONE`] for a leaf that is not in the text.
    pub start: u32,
    /// End of the end tag, or of `<X/>`.
    pub end: u32,
    /// Bytes of the start tag; [`LONG_TAG`] and more are not counted here.
    pub tag: u16,
    pub kind: LeafKind,
    pub live: bool,
}

/// A leaf's start tag of so many bytes or more is measured again when somebody asks.
pub(super) const LONG_TAG: u16 = u16::MAX;

/// Something in the file that Authorization Manager's format does not name. It is kept as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What it is.
    pub kind: UnknownKind,
    /// Its name as written: of the element, of the attribute; empty for text.
    pub name: String,
    /// Where it stands.
    pub position: Position,
}

/// What an [`Unknown`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownKind {
    /// An element that does not belong where it stands.
    Element,
    /// An attribute that the format does not know.
    Attribute,
    /// Text where only elements belong.
    Text,
}

impl UnknownKind {
    /// Where something of this kind begins that has its name there: an element with its tag.
    pub fn begins(self, name: Span) -> u32 {
        name.start.saturating_sub(u32::from(self == UnknownKind::Element))
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct UnknownRecord {
    pub owner: u32,
    pub kind: UnknownKind,
    pub name: Span,
}

/// An attribute as an edit left it: its name, and its value or its absence.
pub(super) type EditedAttribute = (Cow<'static, str>, Option<String>);

/// A policy store. See the [module](super) for how it is built, read, changed and written.
///
/// A clone shares the text and copies what lies over it: a store for another thread, while this one is changed.
#[derive(Clone)]
pub struct Store {
    pub(super) document: Arc<Document>,
    pub(super) objects: Vec<ObjectRecord>,
    pub(super) leaves: Vec<LeafRecord>,
    pub(super) unknown: Vec<UnknownRecord>,
    /// How many objects and leaves the text holds; those with higher numbers were added.
    pub(super) original_objects: u32,
    pub(super) original_leaves: u32,
    /// GUID → the first object in the file that has it.
    pub(super) by_guid: HashMap<Guid, ObjId>,
    /// Every object with a GUID that more than one has, in order. Moving an object makes such a pair too.
    pub(super) same_guid: HashMap<Guid, Vec<ObjId>>,
    /// Attributes that differ from the text.
    pub(super) attributes: HashMap<ObjId, Vec<EditedAttribute>>,
    /// Texts that differ from the text of the file.
    pub(super) texts: HashMap<LeafId, String>,
    /// Leaves of an object, in order, where some were added.
    pub(super) order: HashMap<ObjId, Vec<LeafId>>,
    /// Objects that an edit ever touched: all that writing has to look at.
    pub(super) touched: BTreeSet<ObjId>,
    /// Links and members of the objects whose links or members an edit ever touched, by what they mean.
    pub(super) held: HashMap<ObjId, Held>,
    pub(super) names: OnceLock<Names>,
    pub(super) kinds: OnceLock<Kinds>,
    pub(super) referrers: OnceLock<Referrers>,
}

impl Store {
    pub(super) fn object(&self, id: ObjId) -> &ObjectRecord {
        &self.objects[id.index()]
    }

    pub(super) fn leaf(&self, id: LeafId) -> &LeafRecord {
        &self.leaves[id.index()]
    }

    /// The document that was opened. Changes lie over it and never change it.
    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// The store itself, `AzAdminManager`.
    pub fn root(&self) -> ObjId {
        ObjId(0)
    }

    /// How many numbers of objects have been given out, removed ones included: `0..n` are all that can exist.
    pub fn object_numbers(&self) -> usize {
        self.objects.len()
    }

    /// Every live object in document order (a walk of the whole store).
    pub fn walk(&self) -> impl Iterator<Item = ObjId> + '_ {
        self.within(self.root())
    }

    /// The object and everything in it, in document order.
    pub fn within(&self, top: ObjId) -> impl Iterator<Item = ObjId> + '_ {
        let mut next = Some(top);
        std::iter::from_fn(move || {
            let here = next?;
            next = self.children(here).next().or_else(|| {
                let mut at = here;
                while at != top {
                    if let Some(sibling) = self.next_live(self.object(at).next) {
                        return Some(sibling);
                    }
                    at = self.parent(at)?;
                }
                None
            });
            Some(here)
        })
    }

    /// The object with this number: for walks that split the numbers `0..object_numbers()` among threads.
    pub fn object_at(&self, number: usize) -> Option<ObjId> {
        let id = ObjId(u32::try_from(number).ok()?);
        (number < self.objects.len() && self.is_live(id)).then_some(id)
    }

    /// Whether the object exists: neither it nor anything it stands in was removed.
    pub fn is_live(&self, id: ObjId) -> bool {
        let mut at = id.0;
        while at != NONE {
            let Some(object) = self.objects.get(at as usize) else { return false };
            if !object.live {
                return false;
            }
            at = object.parent;
        }
        true
    }

    /// Whether the object was in the file when it was opened.
    pub fn is_original(&self, id: ObjId) -> bool {
        id.0 < self.original_objects
    }

    /// Whether the leaf was in the file when it was opened.
    pub fn is_original_leaf(&self, id: LeafId) -> bool {
        id.0 < self.original_leaves
    }

    /// What the object is.
    pub fn kind(&self, id: ObjId) -> Kind {
        self.object(id).kind
    }

    /// What the object stands in.
    pub fn parent(&self, id: ObjId) -> Option<ObjId> {
        let parent = self.object(id).parent;
        (parent != NONE).then_some(ObjId(parent))
    }

    fn next_live(&self, mut at: u32) -> Option<ObjId> {
        while at != NONE {
            let object = &self.objects[at as usize];
            if object.live {
                return Some(ObjId(at));
            }
            at = object.next;
        }
        None
    }

    /// The objects that stand directly in `id`, in document order.
    pub fn children(&self, id: ObjId) -> impl Iterator<Item = ObjId> + '_ {
        let mut next = self.object(id).first_child;
        std::iter::from_fn(move || {
            let child = self.next_live(next)?;
            next = self.object(child).next;
            Some(child)
        })
    }

    /// The children of one kind.
    pub fn children_of(&self, id: ObjId, kind: Kind) -> impl Iterator<Item = ObjId> + '_ {
        self.children(id).filter(move |&child| self.kind(child) == kind)
    }

    /// The level that the object belongs to: the scope, application or store it stands in.
    pub fn level(&self, id: ObjId) -> ObjId {
        self.parent(id).unwrap_or(id)
    }

    /// The application that the object is or stands in.
    pub fn application(&self, id: ObjId) -> Option<ObjId> {
        self.enclosing(id, Kind::Application)
    }

    /// The scope that the object is or stands in.
    pub fn scope(&self, id: ObjId) -> Option<ObjId> {
        self.enclosing(id, Kind::Scope)
    }

    fn enclosing(&self, id: ObjId, kind: Kind) -> Option<ObjId> {
        let mut at = Some(id);
        while let Some(object) = at {
            if self.kind(object) == kind {
                return Some(object);
            }
            at = self.parent(object);
        }
        None
    }

    /// The bytes of the object's start tag; empty for one that is not in the text.
    pub(super) fn tag(&self, id: ObjId) -> &str {
        let object = self.object(id);
        if object.start == NONE {
            return "";
        }
        self.document.get(Span { start: object.start, end: object.open_end })
    }

    /// How many bytes the start tag has: no attribute in it has more. `usize::MAX` where an edit may have set one.
    pub fn tag_length(&self, id: ObjId) -> usize {
        if self.object(id).edited { usize::MAX } else { self.tag(id).len() }
    }

    /// The value that the text gives an attribute; `None` where it is not written.
    pub(super) fn written_attribute(&self, id: ObjId, name: &str) -> Option<Cow<'_, str>> {
        let tag = self.tag(id);
        xml::attributes(tag)
            .find(|a| slice(tag, a.name) == name)
            .map(|a| xml::attribute_value(slice(tag, a.value)))
    }

    fn edited_attribute(&self, id: ObjId, name: &str) -> Option<&Option<String>> {
        if !self.object(id).edited {
            return None;
        }
        self.attributes.get(&id)?.iter().find(|(edited, _)| edited == name).map(|(_, value)| value)
    }

    /// The value of an attribute. `None` = absent, which is not the same as empty.
    pub fn attribute(&self, id: ObjId, name: &str) -> Option<Cow<'_, str>> {
        match self.edited_attribute(id, name) {
            Some(value) => value.as_deref().map(Cow::Borrowed),
            None => self.written_attribute(id, name),
        }
    }

    /// Every attribute with its value, unknown ones too: those of the text in written order, then added ones.
    pub fn attributes(&self, id: ObjId) -> Vec<(String, String)> {
        let tag = self.tag(id);
        let edits = self.attributes.get(&id).map_or(&[][..], Vec::as_slice);
        let mut all = Vec::new();
        for attribute in xml::attributes(tag) {
            let name = slice(tag, attribute.name);
            match edits.iter().find(|(edited, _)| edited == name) {
                Some((_, Some(value))) => all.push((name.to_owned(), value.clone())),
                Some((_, None)) => {}
                None => {
                    all.push((
                        name.to_owned(),
                        xml::attribute_value(slice(tag, attribute.value)).into_owned(),
                    ));
                }
            }
        }
        let written = all.len();
        for (name, value) in edits {
            if let Some(value) = value
                && !all.iter().take(written).any(|(known, _)| known == name)
            {
                all.push((name.clone().into_owned(), value.clone()));
            }
        }
        all
    }

    /// The name; empty where there is none.
    pub fn name(&self, id: ObjId) -> Cow<'_, str> {
        let object = self.object(id);
        if object.edited
            && let Some(value) = self.edited_attribute(id, "Name")
        {
            return Cow::Borrowed(value.as_deref().unwrap_or(""));
        }
        xml::attribute_value(self.document.get(object.name))
    }

    /// The description. `None` = absent.
    pub fn description(&self, id: ObjId) -> Option<Cow<'_, str>> {
        self.attribute(id, "Description")
    }

    /// The GUID; `None` where there is none or where the text is not one.
    pub fn guid(&self, id: ObjId) -> Option<Guid> {
        self.object(id).guid
    }

    /// The GUID as the file spells it.
    pub fn guid_text(&self, id: ObjId) -> Option<Cow<'_, str>> {
        self.attribute(id, "Guid")
    }

    /// The type of an application group; `None` for anything else and where the attribute makes no sense.
    pub fn group_type(&self, id: ObjId) -> Option<GroupType> {
        if self.kind(id) != Kind::Group {
            return None;
        }
        GroupType::from_attribute(&self.attribute(id, "GroupType")?)
    }

    /// `MajorVersion` and `MinorVersion` as written; empty where absent.
    pub fn schema(&self) -> (String, String) {
        let read = |name| self.attribute(self.root(), name).map(Cow::into_owned).unwrap_or_default();
        (read("MajorVersion"), read("MinorVersion"))
    }

    /// The schema version as it is shown: `2.0`; `None` where the store does not say it.
    pub fn schema_version(&self) -> Option<String> {
        match self.schema() {
            (major, minor) if major.is_empty() && minor.is_empty() => None,
            (major, minor) if minor.is_empty() => Some(major),
            (major, minor) if major.is_empty() => Some(format!("?.{minor}")),
            (major, minor) => Some(format!("{major}.{minor}")),
        }
    }

    /// The live object with this GUID; the first in the file where there are several.
    pub fn by_guid(&self, guid: Guid) -> Option<ObjId> {
        let first = *self.by_guid.get(&guid)?;
        if self.is_live(first) {
            return Some(first);
        }
        self.same_guid.get(&guid)?.iter().copied().find(|&id| self.is_live(id))
    }

    /// Every live object with this GUID, in order: more than one is a fault of the file.
    pub fn all_by_guid(&self, guid: Guid) -> Vec<ObjId> {
        match self.same_guid.get(&guid) {
            Some(list) => list.iter().copied().filter(|&id| self.is_live(id)).collect(),
            None => self.by_guid(guid).into_iter().collect(),
        }
    }

    /// The first live object with the same GUID as this one, where that is another.
    pub fn twin(&self, id: ObjId) -> Option<ObjId> {
        let twins = self.same_guid.get(&self.guid(id)?)?;
        twins.iter().copied().find(|&twin| self.is_live(twin)).filter(|&twin| twin != id)
    }

    /// The position of the object's start tag; `None` for one that is not in the file yet.
    pub fn position(&self, id: ObjId) -> Option<Position> {
        let start = self.object(id).start;
        (start != NONE).then(|| self.document.position(start))
    }

    /// What stands in the object that the format does not name, in document order.
    pub fn unknown(&self, id: ObjId) -> Vec<Unknown> {
        let from = self.unknown.partition_point(|u| u.owner < id.0);
        self.unknown
            .iter()
            .skip(from)
            .take_while(|u| u.owner == id.0)
            .filter(|u| !self.is_taken_away(id, u.kind, u.name))
            .map(|u| Unknown {
                kind: u.kind,
                name: if u.kind == UnknownKind::Text {
                    String::new()
                } else {
                    self.document.get(u.name).to_owned()
                },
                position: self.document.position(u.kind.begins(u.name)),
            })
            .collect()
    }

    /// What [`Store::unknown`] lists, as places in the document: of the name, or of the text itself.
    pub fn unknown_spans(&self, id: ObjId) -> impl Iterator<Item = (UnknownKind, Span)> + '_ {
        let from = self.unknown.partition_point(|u| u.owner < id.0);
        let own = self.unknown.iter().skip(from).take_while(move |u| u.owner == id.0);
        own.map(|u| (u.kind, u.name)).filter(move |&(kind, name)| !self.is_taken_away(id, kind, name))
    }

    /// Whether the object itself holds something that the format does not name.
    pub fn has_unknown(&self, id: ObjId) -> bool {
        self.unknown.binary_search_by(|u| u.owner.cmp(&id.0)).is_ok()
            && self.unknown_spans(id).next().is_some()
            || self.object(id).edited && self.added_attributes(id).next().is_some()
    }

    /// The path of an object, as findings name it: `Hyper-V services/scopes/Joes VM Scope/assignments/Administrator`.
    /// The store itself is `/`, a group of the store is `groups/NAME`.
    pub fn path(&self, id: ObjId) -> String {
        let mut parts = Vec::new();
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            let kind = self.kind(at);
            let name = self.name(at);
            parts.push(match kind {
                Kind::Application => name.into_owned(),
                _ => format!("{}/{name}", kind.folder()),
            });
            at = parent;
        }
        if parts.is_empty() {
            return "/".to_owned();
        }
        parts.reverse();
        parts.join("/")
    }
}

/// The part of `text` that a span relative to it names.
pub(super) fn slice(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or("")
}
