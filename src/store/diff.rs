//! Comparing two stores, object by object.
//!
//! Objects are the same when they have the same GUID; one without a GUID of its own is the same as the one at its
//! path, the second of a name as the second. Order,
//! white space and spelling do not count: what is compared is what the stores mean.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::model::LeafRecord;
use super::{Guid, Kind, LeafKind, ObjId, Store, UnknownKind};
use crate::xml::{Document, Position, Span};

/// Something that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The kind of the object.
    pub kind: Kind,
    /// Its name (the old one where it is gone).
    pub name: String,
    /// Its path (the old one where it is gone).
    pub path: String,
    /// The name of the scope it stands in, if it stands in one.
    pub scope: Option<String>,
    /// What differs.
    pub what: What,
}

/// How an object differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands elsewhere.
    Moved {
        /// Its path before.
        from: String,
    },
    /// An attribute has another value; `None` = absent.
    Attribute {
        /// The attribute as the file names it.
        name: String,
        /// The value before.
        old: Option<String>,
        /// The value now.
        new: Option<String>,
    },
    /// A text of which there is one has changed: a rule, a query, a number.
    Text {
        /// Which.
        kind: LeafKind,
        /// The text before.
        old: Option<String>,
        /// The text now.
        new: Option<String>,
    },
    /// A link or member came.
    Linked {
        /// Which kind.
        kind: LeafKind,
        /// The text: a SID or a GUID.
        text: String,
        /// The name of what is linked; `None` for members and for links to nothing.
        target: Option<String>,
    },
    /// A link or member went.
    Unlinked {
        /// Which kind.
        kind: LeafKind,
        /// The text: a SID or a GUID.
        text: String,
        /// The name of what was linked; `None` for members and for links to nothing.
        target: Option<String>,
    },
    /// It holds other things that the format does not name: elements, text between them, attributes of its links and
    /// members. Their names in order; `text` stands for text.
    Unknown {
        /// What it held before.
        old: Vec<String>,
        /// What it holds now.
        new: Vec<String>,
    },
}

/// Who an object is in two stores at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// The store itself.
    Root,
    /// The object with this GUID.
    Guid(Guid),
    /// The object at this path, where it has no GUID of its own.
    Path(String),
}

impl Who {
    pub(super) fn of(store: &Store, id: ObjId) -> Who {
        match store.guid(id).filter(|&guid| store.by_guid(guid) == Some(id)) {
            _ if id == store.root() => Who::Root,
            Some(guid) => Who::Guid(guid),
            None => Who::Path(store.path(id)),
        }
    }
}

/// All that comparing looks at of one object.
pub(super) struct Snapshot {
    pub id: ObjId,
    pub guid: Option<Guid>,
    pub who: Who,
    pub kind: Kind,
    pub name: String,
    pub path: String,
    scope: Option<String>,
    /// What it stands in; the store itself stands in itself.
    pub home: Who,
    pub attributes: Vec<(String, String)>,
    pub leaves: Vec<LeafText>,
    /// See [`What::Unknown`].
    pub unknown: Vec<String>,
}

/// A leaf: what it is, its text, the name of what it links to.
pub(super) type LeafText = (LeafKind, String, Option<String>);

impl Snapshot {
    /// `None` where the object does not exist.
    pub(super) fn of(store: &Store, id: ObjId) -> Option<Snapshot> {
        if !store.is_live(id) {
            return None;
        }
        let leaves = store.leaves(id).map(|leaf| {
            let target = store.target(leaf).map(|target| store.name(target).into_owned());
            (store.leaf_kind(leaf), store.text(leaf).into_owned(), target)
        });
        let attributes = store.attributes(id);
        Some(Snapshot {
            id,
            guid: store.guid(id),
            who: Who::of(store, id),
            kind: store.kind(id),
            name: store.name(id).into_owned(),
            path: store.path(id),
            scope: store.scope(store.level(id)).map(|scope| store.name(scope).into_owned()),
            home: Who::of(store, store.level(id)),
            unknown: unknown(store, id, &attributes),
            attributes,
            leaves: leaves.collect(),
        })
    }

    pub(super) fn differs(&self, what: What) -> Difference {
        Difference {
            kind: self.kind,
            name: self.name.clone(),
            path: self.path.clone(),
            scope: self.scope.clone(),
            what,
        }
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The text of the first leaf of a kind.
    pub(super) fn text(&self, kind: LeafKind) -> Option<&str> {
        self.leaves.iter().find(|(known, ..)| *known == kind).map(|(_, text, _)| text.as_str())
    }
}

/// What the object holds that the format does not name, besides attributes of its own, which are among the others.
fn unknown(store: &Store, id: ObjId, attributes: &[(String, String)]) -> Vec<String> {
    let of_itself = |name: &str| attributes.iter().any(|(known, _)| known == name);
    let all = store.unknown_spans(id).filter_map(|(kind, span)| match kind {
        UnknownKind::Text => Some("text"),
        UnknownKind::Element => Some(store.document.get(span)),
        UnknownKind::Attribute => Some(store.document.get(span)).filter(|name| !of_itself(name)),
    });
    all.map(str::to_owned).collect()
}

/// Says how an object went from `old` to `new`.
pub(super) fn compare(old: Option<&Snapshot>, new: Option<&Snapshot>, out: &mut Vec<Difference>) {
    match (old, new) {
        (None, None) => {}
        (Some(old), None) => out.push(old.differs(What::Removed)),
        (None, Some(new)) => {
            out.push(new.differs(What::Added));
            // Its links and members are changes of their own; its number or its rule's text is what it is.
            let links: Vec<_> = new.leaves.iter().filter(|(kind, ..)| !kind.is_single()).cloned().collect();
            compare_leaves(&[], &links, |what| out.push(new.differs(what)));
        }
        (Some(old), Some(new)) => {
            if old.home != new.home {
                out.push(new.differs(What::Moved { from: old.path.clone() }));
            }
            compare_attributes(&old.attributes, &new.attributes, |what| out.push(new.differs(what)));
            compare_leaves(&old.leaves, &new.leaves, |what| out.push(new.differs(what)));
            if old.unknown != new.unknown {
                let (old, now) = (old.unknown.clone(), new.unknown.clone());
                out.push(new.differs(What::Unknown { old, new: now }));
            }
        }
    }
}

fn compare_attributes(old: &[(String, String)], new: &[(String, String)], mut push: impl FnMut(What)) {
    let value = |of: &[(String, String)], name: &str| {
        of.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let gone = old.iter().filter(|(name, _)| value(new, name).is_none());
    for (name, _) in new.iter().chain(gone) {
        let (old, new) = (value(old, name), value(new, name));
        let same = old == new
            || name == "Guid"
                && old
                    .as_deref()
                    .and_then(Guid::parse)
                    .is_some_and(|a| new.as_deref().and_then(Guid::parse) == Some(a));
        if !same {
            push(What::Attribute { name: name.clone(), old, new });
        }
    }
}

/// What makes two links or members of one object one: the GUID, or the text without case.
pub(super) fn leaf_key(kind: LeafKind, text: &str) -> String {
    match Guid::parse(text) {
        Some(guid) if kind.is_link() => guid.to_string(),
        _ => text.trim().to_ascii_uppercase(),
    }
}

fn compare_leaves(old: &[LeafText], new: &[LeafText], mut push: impl FnMut(What)) {
    for kind in LeafKind::ALL.into_iter().filter(|kind| kind.is_single()) {
        let text = |of: &[LeafText]| of.iter().find(|(k, ..)| *k == kind).map(|(_, text, _)| text.clone());
        let (old, new) = (text(old), text(new));
        // White space around a number or a word means nothing; in a rule or query it may.
        let same = match kind {
            LeafKind::OperationId | LeafKind::BizRuleLanguage => {
                old.as_deref().map(str::trim) == new.as_deref().map(str::trim)
            }
            _ => old == new,
        };
        if !same {
            push(What::Text { kind, old, new });
        }
    }
    // Links and members are bags: what is in one and not in the other, as often as it is.
    let key = leaf_key;
    let mut surplus: HashMap<(LeafKind, String), i64> = HashMap::new();
    for (kind, text, _) in new.iter().filter(|(kind, ..)| !kind.is_single()) {
        *surplus.entry((*kind, key(*kind, text))).or_default() += 1;
    }
    for (kind, text, target) in old.iter().filter(|(kind, ..)| !kind.is_single()) {
        let count = surplus.entry((*kind, key(*kind, text))).or_default();
        *count -= 1;
        if *count < 0 {
            push(What::Unlinked { kind: *kind, text: text.clone(), target: target.clone() });
        }
    }
    for (kind, text, target) in new.iter().filter(|(kind, ..)| !kind.is_single()) {
        let count = surplus.entry((*kind, key(*kind, text))).or_default();
        if *count > 0 {
            *count -= 1;
            push(What::Linked { kind: *kind, text: text.clone(), target: target.clone() });
        }
    }
}

/// What differs from `old` to `new`: first what is in `new`, in its order, then what is gone.
pub fn diff(old: &Store, new: &Store) -> Vec<Difference> {
    let mut out = Vec::new();
    pairs(old, new, |old, new| compare(old.as_ref(), new.as_ref(), &mut out));
    out
}

/// Every object that may differ, as it is in the one and in the other: first what is in `new`, in its order, then what
/// is gone.
pub(super) fn pairs(old: &Store, new: &Store, mut each: impl FnMut(Option<Snapshot>, Option<Snapshot>)) {
    let mut old_by_path: HashMap<String, VecDeque<ObjId>> = HashMap::new();
    let no_guid =
        |store: &Store, id: ObjId| store.guid(id).is_none_or(|guid| store.by_guid(guid) != Some(id));
    for id in old.walk().filter(|&id| no_guid(old, id)) {
        old_by_path.entry(old.path(id)).or_default().push_back(id);
    }
    let mut matched = vec![false; old.object_numbers()];
    for id in new.walk() {
        let same = if id == new.root() {
            Some(old.root())
        } else if no_guid(new, id) {
            old_by_path.get_mut(&new.path(id)).and_then(VecDeque::pop_front)
        } else {
            new.guid(id).and_then(|guid| old.by_guid(guid))
        };
        // A GUID that changed hands between kinds is two different objects.
        let same = same.filter(|&same| old.kind(same).element() == new.kind(id).element());
        if let Some(same) = same {
            matched[same.index()] = true;
            if is_verbatim(old, same, new, id) {
                continue;
            }
        }
        each(same.and_then(|same| Snapshot::of(old, same)), Snapshot::of(new, id));
    }
    for id in old.walk().filter(|id| !matched[id.index()]) {
        each(Snapshot::of(old, id), None);
    }
}

/// Whether the object says the same in the same words at the same place: the common case, decided without decoding.
/// The texts of its links are the same, so are their meanings, but for the names of targets, which have their own
/// difference.
fn is_verbatim(old: &Store, a: ObjId, new: &Store, b: ObjId) -> bool {
    let (x, y) = (old.object(a), new.object(b));
    let place = |store: &Store, id: ObjId| {
        let level = store.level(id);
        (store.kind(level), store.guid(level))
    };
    old.is_original(a)
        && new.is_original(b)
        && !x.edited
        && !y.edited
        && place(old, a) == place(new, b)
        && place(old, a).1.is_some()
        && old.tag(a) == new.tag(b)
        && !old.has_unknown(a)
        && !new.has_unknown(b)
        && same_leaves(old, a, new, b)
}

fn same_leaves(old: &Store, a: ObjId, new: &Store, b: ObjId) -> bool {
    if same_written_leaves(old, a, new, b) {
        return true;
    }
    let mut mine = old.leaves(a);
    let mut yours = new.leaves(b);
    loop {
        match (mine.next(), yours.next()) {
            (None, None) => return true,
            (Some(x), Some(y)) if old.leaf_kind(x) == new.leaf_kind(y) && old.text(x) == new.text(y) => {}
            _ => return false,
        }
    }
}

/// Whether the leaves stand in both texts in the same words, at the same distances from the first: the same without
/// looking at each of them.
fn same_written_leaves(old: &Store, a: ObjId, new: &Store, b: ObjId) -> bool {
    let (Some(mine), Some(yours)) = (old.written_leaves(a), new.written_leaves(b)) else { return false };
    let (Some(first), Some(last)) = (mine.first(), mine.last()) else { return yours.is_empty() };
    let Some(base) = yours.first().map(|leaf| leaf.start) else { return false };
    let shape = |leaf: &LeafRecord, base: u32| (leaf.kind, leaf.start - base, leaf.tag, leaf.end - base);
    let here = Span { start: first.start, end: last.end };
    let there = Span { start: base, end: base.saturating_add(last.end - first.start) };
    mine.len() == yours.len()
        && mine.iter().zip(yours).all(|(x, y)| shape(x, first.start) == shape(y, base))
        && old.document.get(here) == new.document.get(there)
}

impl Store {
    /// Whether this document, opened, is this store, as [`same`] sees it: what everything that is saved must pass first.
    ///
    /// # Errors
    /// What it is instead.
    pub fn verify(&self, written: &Arc<Document>) -> Result<(), String> {
        let written = Store::of(Arc::clone(written)).map_err(|error| {
            let Position { line, column } = error.position;
            format!("it is no store, {line}:{column}: {}", error.message)
        })?;
        same(self, &written)
    }
}

/// Whether two stores are the same store: the same objects in the same order with the same attributes and leaves.
/// This is what a save checks before it replaces the file: what was written, opened again, must be what was meant.
///
/// # Errors
/// The first thing that differs.
pub fn same(a: &Store, b: &Store) -> Result<(), String> {
    let mut mine = a.walk();
    let mut yours = b.walk();
    loop {
        let (x, y) = match (mine.next(), yours.next()) {
            (None, None) => return Ok(()),
            (Some(x), Some(y)) => (x, y),
            (Some(x), None) => return Err(format!("{} is missing", a.path(x))),
            (None, Some(y)) => return Err(format!("{} is too much", b.path(y))),
        };
        let differs = |what: &str| Err(format!("{what} of {} differs", a.path(x)));
        if a.kind(x) != b.kind(y) || depth(a, x) != depth(b, y) {
            return differs("the place");
        }
        if !same_attributes(a, x, b, y) {
            return differs("an attribute");
        }
        if !same_leaves(a, x, b, y) {
            return differs("a link, member or text");
        }
        if a.has_unknown(x) || b.has_unknown(y) {
            // The object's own attributes were compared with the others.
            let names = |store: &Store, id| -> Vec<_> {
                store
                    .unknown_spans(id)
                    .filter(|&(kind, span)| !store.is_own_attribute(id, kind, span))
                    // White space around stray text may go with its neighbours.
                    .map(|(kind, span)| (store.document().get(span).trim().to_owned(), kind as u8))
                    .collect()
            };
            if a.is_original(x) && names(a, x) != names(b, y) {
                return differs("what is unknown");
            }
        }
    }
}

fn depth(store: &Store, id: ObjId) -> usize {
    std::iter::successors(Some(id), |&id| store.parent(id)).count()
}

fn same_attributes(a: &Store, x: ObjId, b: &Store, y: ObjId) -> bool {
    if a.is_original(x)
        && !a.object(x).edited
        && a.tag(x).trim_end_matches(['/', '>', ' ']) == b.tag(y).trim_end_matches(['/', '>', ' '])
    {
        return true;
    }
    let sorted = |store: &Store, id| {
        let mut all = store.attributes(id);
        all.sort();
        all
    };
    sorted(a, x) == sorted(b, y)
}
