//! From bytes to a [`Store`].
//!
//! One pass over the events of the strict reader. Whatever is well-formed and has the right root opens: children in
//! any order, repeated links, elements that no document names. What a store should not hold is a finding, later.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use thiserror::Error;

use super::model::{LeafRecord, NONE, ObjectRecord, Store, UnknownKind, UnknownRecord};
use super::{Guid, Kind, LeafKind, ObjId};
use crate::xml::{self, Document, Event, Position, Reader, Span};

/// Why bytes are not a store that can be opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct OpenError {
    /// The class of the fault.
    pub kind: OpenErrorKind,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub position: Position,
}

/// The class of an [`OpenError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenErrorKind {
    /// Not XML: a conforming parser refuses it.
    Malformed,
    /// Well-formed XML, but the root is not `AzAdminManager`.
    NotAStore,
    /// The bytes are not in the encoding that they declare, or in one that is not supported.
    Encoding,
    /// It has a document type declaration, which is always refused.
    Dtd,
    /// Beyond a limit: depth, attributes, length of a name, size.
    Limit,
}

impl OpenErrorKind {
    /// The word of the JSON output.
    pub fn word(self) -> &'static str {
        match self {
            OpenErrorKind::Malformed => "malformed",
            OpenErrorKind::NotAStore => "not_a_store",
            OpenErrorKind::Encoding => "encoding",
            OpenErrorKind::Dtd => "dtd",
            OpenErrorKind::Limit => "limit",
        }
    }
}

impl From<xml::Error> for OpenError {
    fn from(error: xml::Error) -> OpenError {
        let kind = match error.kind {
            xml::ErrorKind::Malformed => OpenErrorKind::Malformed,
            xml::ErrorKind::Encoding => OpenErrorKind::Encoding,
            xml::ErrorKind::Dtd => OpenErrorKind::Dtd,
            xml::ErrorKind::Limit => OpenErrorKind::Limit,
        };
        OpenError { kind, message: error.message, position: error.position }
    }
}

/// What the reader is inside of.
#[derive(Clone, Copy)]
enum Inside {
    Object(u32),
    Leaf(u32),
    /// An element that is kept and not looked into.
    Unknown,
}

struct Builder<'d> {
    document: &'d Document,
    objects: Vec<ObjectRecord>,
    leaves: Vec<LeafRecord>,
    unknown: Vec<UnknownRecord>,
    inside: Vec<Inside>,
    /// The root is something else: read on, because what is malformed further down is malformed first of all.
    foreign_root: Option<(String, Span)>,
}

impl Store {
    /// Opens a store.
    ///
    /// # Errors
    /// Whatever a conforming XML parser refuses, a document type declaration, an unsupported encoding, a root that is
    /// not `AzAdminManager`, a limit; each with line and column.
    pub fn open(bytes: Vec<u8>) -> Result<Store, OpenError> {
        let document = Document::decode(bytes)?;
        // A member takes about 60 bytes of text: this guess spares most of the growing.
        let mut builder = Builder {
            document: &document,
            objects: Vec::with_capacity(document.text().len() / 1200),
            leaves: Vec::with_capacity(document.text().len() / 72),
            unknown: Vec::new(),
            inside: Vec::with_capacity(16),
            foreign_root: None,
        };
        let mut reader = Reader::new(&document);
        while let Some(event) = reader.next()? {
            match event {
                Event::Start { name, span, empty } => builder.start(name, span, empty, reader.attributes()),
                Event::End { span, .. } => builder.end(span),
                Event::Text { span, blank } if !blank => builder.text(span),
                Event::Text { .. } | Event::Misc { .. } => {}
            }
        }
        if let Some((name, span)) = builder.foreign_root {
            return Err(OpenError {
                kind: OpenErrorKind::NotAStore,
                message: format!(
                    "this is XML, but not an Authorization Manager store: the root is <{name}>, not <AzAdminManager>"
                ),
                position: document.position(span.start),
            });
        }
        let Builder { objects, leaves, mut unknown, .. } = builder;
        unknown.sort_by_key(|u| (u.owner, u.name.start));
        Ok(Store::assemble(document, objects, leaves, unknown))
    }

    fn assemble(
        document: Document,
        objects: Vec<ObjectRecord>,
        leaves: Vec<LeafRecord>,
        unknown: Vec<UnknownRecord>,
    ) -> Store {
        let mut by_guid = HashMap::with_capacity(objects.len());
        let mut same_guid: HashMap<Guid, Vec<ObjId>> = HashMap::new();
        for (number, object) in (0u32..).zip(&objects) {
            let id = ObjId(number);
            let Some(guid) = object.guid else { continue };
            if let Some(first) = by_guid.insert(guid, id) {
                by_guid.insert(guid, first);
                same_guid.entry(guid).or_insert_with(|| vec![first]).push(id);
            }
        }
        Store {
            document: Arc::new(document),
            // The reader refuses files of 4 GiB and more, so that every count fits.
            original_objects: u32::try_from(objects.len()).unwrap_or(NONE),
            original_leaves: u32::try_from(leaves.len()).unwrap_or(NONE),
            objects,
            leaves,
            unknown,
            by_guid,
            same_guid,
            attributes: HashMap::new(),
            texts: HashMap::new(),
            order: HashMap::new(),
            touched: BTreeSet::new(),
            names: OnceLock::new(),
            referrers: OnceLock::new(),
        }
    }
}

impl Builder<'_> {
    fn start(&mut self, name: &str, span: Span, empty: bool, attributes: &[xml::Attribute]) {
        let inside = match self.inside.last().copied() {
            None => {
                if name == "AzAdminManager" {
                    Inside::Object(self.object(Kind::Store, NONE, span, attributes))
                } else {
                    self.foreign_root = Some((name.to_owned(), span));
                    Inside::Unknown
                }
            }
            Some(Inside::Object(parent)) => {
                let parent_kind = self.objects[parent as usize].kind;
                let leaf = LeafKind::from_element(name).filter(|leaf| leaf.belongs_in(parent_kind));
                let kind = || Kind::from_element(name).filter(|kind| kind.belongs_in(parent_kind));
                if let Some(leaf) = leaf {
                    Inside::Leaf(self.leaf(leaf, parent, span, attributes))
                } else if let Some(kind) = kind() {
                    Inside::Object(self.object(kind, parent, span, attributes))
                } else {
                    self.note(parent, UnknownKind::Element, name_span(name, span));
                    Inside::Unknown
                }
            }
            Some(Inside::Leaf(leaf)) => {
                let owner = self.leaves[leaf as usize].owner;
                self.note(owner, UnknownKind::Element, name_span(name, span));
                Inside::Unknown
            }
            Some(Inside::Unknown) => Inside::Unknown,
        };
        if !empty {
            self.inside.push(inside);
        }
    }

    fn end(&mut self, span: Span) {
        match self.inside.pop() {
            Some(Inside::Object(id)) => self.objects[id as usize].end = span.end,
            Some(Inside::Leaf(id)) => self.leaves[id as usize].end = span.end,
            Some(Inside::Unknown) | None => {}
        }
    }

    fn text(&mut self, span: Span) {
        if let Some(&Inside::Object(owner)) = self.inside.last() {
            self.note(owner, UnknownKind::Text, span);
        }
    }

    fn note(&mut self, owner: u32, kind: UnknownKind, name: Span) {
        self.unknown.push(UnknownRecord { owner, kind, name });
    }

    fn object(&mut self, mut kind: Kind, parent: u32, span: Span, attributes: &[xml::Attribute]) -> u32 {
        let id = u32::try_from(self.objects.len()).unwrap_or(NONE);
        let mut guid = None;
        let mut name = Span { start: span.start, end: span.start };
        let known = kind.attribute_order();
        for attribute in attributes {
            let raw = self.document.get(attribute.value);
            match self.document.get(attribute.name) {
                "Guid" => guid = Guid::parse(&xml::attribute_value(raw)),
                "Name" if kind != Kind::Store => name = attribute.value,
                "RoleDefinition" if kind == Kind::Task => {
                    if xml::attribute_value(raw).trim().eq_ignore_ascii_case("true") {
                        kind = Kind::Role;
                    }
                }
                other if known.contains(&other) => {}
                _ => self.note(id, UnknownKind::Attribute, attribute.name),
            }
        }
        self.objects.push(ObjectRecord {
            guid,
            kind,
            live: true,
            edited: false,
            parent,
            first_child: NONE,
            last_child: NONE,
            next: NONE,
            first_leaf: u32::try_from(self.leaves.len()).unwrap_or(NONE),
            leaf_count: 0,
            start: span.start,
            open_end: span.end,
            end: span.end,
            name,
        });
        if parent != NONE {
            link_child(&mut self.objects, parent, id);
        }
        id
    }

    fn leaf(&mut self, kind: LeafKind, owner: u32, span: Span, attributes: &[xml::Attribute]) -> u32 {
        for attribute in attributes {
            self.note(owner, UnknownKind::Attribute, attribute.name);
        }
        let id = u32::try_from(self.leaves.len()).unwrap_or(NONE);
        self.leaves.push(LeafRecord {
            owner,
            start: span.start,
            open_end: span.end,
            end: span.end,
            kind,
            live: true,
        });
        self.objects[owner as usize].leaf_count += 1;
        id
    }
}

/// Hangs `child` behind the last child of `parent`.
pub(super) fn link_child(objects: &mut [ObjectRecord], parent: u32, child: u32) {
    let last = std::mem::replace(&mut objects[parent as usize].last_child, child);
    if last == NONE {
        objects[parent as usize].first_child = child;
    } else {
        objects[last as usize].next = child;
    }
}

/// Where an element's name stands in its start tag.
fn name_span(name: &str, tag: Span) -> Span {
    let start = tag.start + 1;
    Span { start, end: start + u32::try_from(name.len()).unwrap_or(0) }
}
