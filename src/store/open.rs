//! From bytes to a [`Store`].
//!
//! One pass over the events of the strict reader. Whatever is well-formed and has the right root opens: children in
//! any order, repeated links, elements that no document names. What a store should not hold is a finding, later.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use thiserror::Error;

use super::model::{LONG_TAG, LeafRecord, NONE, ObjectRecord, Store, UnknownKind, UnknownRecord};
use super::{Guid, Kind, LeafKind, ObjId};
use crate::xml::{self, Document, Event, Position, Reader, Span};

mod pieces;

use pieces::{cut, read_in_pieces, threads};

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

/// Told how many more bytes (or objects) are done; says whether to go on. May be called from several threads.
pub type Tick<'t> = &'t (dyn Fn(usize) -> bool + Sync);

/// Bytes between two ticks.
const TICK: u32 = 1 << 18;

/// What a reader came to.
enum Reached {
    End,
    /// It was told to stop.
    Stop,
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
    /// A large one is read by several threads, each a piece that begins with a scope. A guess about where scopes
    /// begin that turns out wrong, and anything that is wrong with the file, makes one thread read it again from the
    /// front: what a store is and what is wrong with it never depends on the number of threads.
    ///
    /// # Errors
    /// Whatever a conforming XML parser refuses, a document type declaration, an unsupported encoding, a root that is
    /// not `AzAdminManager`, a limit; each with line and column.
    pub fn open(bytes: Vec<u8>) -> Result<Store, OpenError> {
        Store::of(Arc::new(Document::decode(bytes)?))
    }

    /// Opens a store whose text is in memory already, as [`Store::open`] does.
    pub fn of(document: Arc<Document>) -> Result<Store, OpenError> {
        let threads = threads(&document);
        match Store::read(document, threads, &|_| true)? {
            Some(store) => Ok(store),
            None => unreachable!("nobody told it to stop"),
        }
    }

    /// Opens a store, and tells how many bytes of its text are read. `None`: it was told to stop.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_watched(bytes: Vec<u8>, tick: Tick<'_>) -> Result<Option<Store>, OpenError> {
        let document = Arc::new(Document::decode(bytes)?);
        let threads = threads(&document);
        Store::read(document, threads, tick)
    }

    fn read(document: Arc<Document>, threads: usize, tick: Tick<'_>) -> Result<Option<Store>, OpenError> {
        let builder = if let Some(builder) = read_in_pieces(&document, &cut(document.text(), threads), tick) {
            builder
        } else {
            let mut builder = Builder::new(&document, document.text().len());
            if matches!(builder.read(Reader::new(&document), tick)?, Reached::Stop) {
                return Ok(None);
            }
            builder
        };
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
        Ok(Some(Store::assemble(document, objects, leaves, unknown)))
    }

    fn assemble(
        document: Arc<Document>,
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
            document,
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
            held: HashMap::new(),
            names: OnceLock::new(),
            kinds: OnceLock::new(),
            referrers: OnceLock::new(),
        }
    }
}

impl<'d> Builder<'d> {
    fn new(document: &'d Document, text: usize) -> Builder<'d> {
        let mut builder = Builder {
            document,
            objects: Vec::new(),
            leaves: Vec::new(),
            unknown: Vec::new(),
            inside: Vec::with_capacity(16),
            foreign_root: None,
        };
        builder.reserve(text);
        builder
    }

    /// Makes room for what that much text is likely to hold: a member takes about 60 bytes.
    fn reserve(&mut self, text: usize) {
        self.objects.reserve(text / 1200);
        self.leaves.reserve(text / 68);
    }

    fn read(&mut self, mut reader: Reader<'d>, tick: Tick<'_>) -> Result<Reached, xml::Error> {
        let mut told = None;
        while let Some(event) = reader.next()? {
            match event {
                Event::Start { name, span, empty } => {
                    self.start(name, span, empty, reader.attributes());
                    let since = span.end.saturating_sub(*told.get_or_insert(span.start));
                    if since >= TICK {
                        told = Some(span.end);
                        if !tick(since as usize) {
                            return Ok(Reached::Stop);
                        }
                    }
                }
                Event::End { span, .. } => self.end(span),
                Event::Text { span, blank } if !blank => self.text(span),
                Event::Text { .. } | Event::Misc { .. } => {}
            }
        }
        Ok(Reached::End)
    }

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
            end: span.end,
            tag: u16::try_from(span.end - span.start).unwrap_or(LONG_TAG),
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

#[cfg(test)]
mod tests {
    use super::Store;

    /// All that opening makes of a file, or what it says is wrong.
    fn opened(bytes: &[u8], threads: usize) -> String {
        let document = crate::xml::Document::decode(bytes.to_vec()).map_err(super::OpenError::from);
        match document.and_then(|document| Store::read(document.into(), threads, &|_| true)) {
            Ok(Some(store)) => {
                let mut guids: Vec<_> = store.by_guid.iter().collect();
                guids.sort();
                format!("{:#?} {:#?} {:#?} {guids:?}", store.objects, store.leaves, store.unknown)
            }
            Ok(None) => "stopped".to_owned(),
            Err(error) => format!("{error:?}"),
        }
    }

    fn store_of(scopes: &[&str]) -> String {
        let scopes = scopes.concat();
        format!(
            "<AzAdminManager MajorVersion=\"1\"><AzApplication Name=\"A\">{scopes}</AzApplication></AzAdminManager>"
        )
    }

    const SCOPE: &str =
        "<AzScope Name=\"S\"><AzRole Name=\"R\"><Member>S-1-1-0</Member><Odd/></AzRole></AzScope>";

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let mut files: Vec<Vec<u8>> = Vec::new();
        for folder in ["tests/stores", "tests/stores/bad"] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "xml") {
                    files.push(std::fs::read(path).unwrap());
                }
            }
        }
        assert!(files.len() > 20);
        let many = [SCOPE; 9];
        files.push(store_of(&many).into_bytes());
        for hostile in [
            "<!-- <AzScope Name='no'/> -->",
            "<AzScope Name='x'><AzGone><AzScope Name='nested'></AzScope></AzGone></AzScope>",
            "<AzRole Name='r'><Member><![CDATA[<AzScope Name='no'/>]]></Member></AzRole>",
            "</AzApplication><AzApplicationGroup Name='G'/><AzApplication Name='B'>",
            "</AzApplication></AzAdminManager><AzAdminManager><AzApplication>",
            "</AzApplication><AzScope Name='lost'/><AzApplication Name='B'>",
            "<AzScope ",
            "<AzScope Name='unclosed'>",
            "</AzScope>",
            "<AzScope xmlns:p='u'><p:x/></AzScope>",
            "<p:x/>",
            "text",
        ] {
            for at in 0..many.len() {
                let mut scopes = many.to_vec();
                scopes[at] = hostile;
                files.push(store_of(&scopes).into_bytes());
            }
        }
        for bytes in &files {
            let once = opened(bytes, 1);
            for threads in [2, 3, 4, 8] {
                assert_eq!(opened(bytes, threads), once, "{}", String::from_utf8_lossy(bytes));
            }
        }
    }

    #[test]
    fn a_long_text_is_told_about_and_left_when_told_to() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let scopes = vec![SCOPE; 20_000];
        let bytes = store_of(&scopes).into_bytes();
        for threads in [1, 3] {
            let document = || crate::xml::Document::decode(bytes.clone()).unwrap().into();
            let done = AtomicUsize::new(0);
            let count = |bytes| done.fetch_add(bytes, Ordering::Relaxed) < usize::MAX;
            let read = Store::read(document(), threads, &count).unwrap().unwrap();
            assert_eq!(read.objects.len(), 2 + 2 * scopes.len());
            let told = done.into_inner();
            let most = threads * super::TICK as usize;
            assert!(told <= bytes.len() && told + most > bytes.len(), "{told} of {}", bytes.len());
            let ticks = AtomicUsize::new(0);
            let stop = |_| ticks.fetch_add(1, Ordering::Relaxed) < 2;
            assert!(Store::read(document(), threads, &stop).unwrap().is_none());
        }
    }

    #[test]
    fn start_tags_of_any_length_are_told_from_the_text() {
        for length in [0, 1, 65_500, 65_520, 65_521, 65_522, 65_530, 70_000] {
            let odd = format!("a='>{}'", "\">".repeat(length / 2));
            let members = format!("<Member {odd}>S-1-1-0</Member><Member {odd}/>");
            let store = store_of(&[&format!("<AzRole Name='R'>{members}</AzRole>")]);
            let store = Store::open(store.into_bytes()).unwrap();
            let texts: Vec<_> = store.leaves(super::ObjId(2)).map(|leaf| store.text(leaf)).collect();
            assert_eq!(texts, ["S-1-1-0", ""], "{length}");
        }
    }

    #[test]
    fn pieces_are_really_read_apart() {
        let document = crate::xml::Document::decode(store_of(&[SCOPE; 9]).into_bytes()).unwrap();
        let pieces = super::cut(document.text(), 3);
        assert_eq!(pieces.len(), 3);
        assert!(super::read_in_pieces(&document, &pieces, &|_| true).is_some());
    }
}
