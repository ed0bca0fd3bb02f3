//! Leaves: the members, links and texts of an object.

use std::borrow::Cow;

use super::model::{LONG_TAG, LeafRecord, NONE, Store};
use super::{Guid, LeafId, LeafKind, ObjId, limits};
use crate::xml::{self, Position, Span};

/// Where an object's leaves are listed.
enum Leaves<'s> {
    InText(std::ops::Range<u32>),
    Listed(std::slice::Iter<'s, LeafId>),
}

impl Iterator for Leaves<'_> {
    type Item = LeafId;

    fn next(&mut self) -> Option<LeafId> {
        match self {
            Leaves::InText(range) => range.next().map(LeafId),
            Leaves::Listed(list) => list.next().copied(),
        }
    }
}

impl Store {
    /// The leaves of an object whose leaves are those of the text, in order; `None` where an edit ever touched it.
    pub(super) fn written_leaves(&self, id: ObjId) -> Option<&[LeafRecord]> {
        if !self.is_original(id) || self.touched.contains(&id) {
            return None;
        }
        let object = self.object(id);
        let first = object.first_leaf as usize;
        self.leaves.get(first..first + object.leaf_count as usize)
    }

    /// Leaves of the object, removed ones too, in order.
    pub(super) fn all_leaves(&self, id: ObjId) -> impl Iterator<Item = LeafId> + '_ {
        if let Some(list) = self.order.get(&id) {
            Leaves::Listed(list.iter())
        } else {
            let object = self.object(id);
            Leaves::InText(object.first_leaf..object.first_leaf + object.leaf_count)
        }
    }

    /// All leaves that the object has or ever had since the store was opened, in order.
    pub fn leaves_ever(&self, id: ObjId) -> impl Iterator<Item = LeafId> + '_ {
        self.all_leaves(id)
    }

    /// The leaves of the object, in order.
    pub fn leaves(&self, id: ObjId) -> impl Iterator<Item = LeafId> + '_ {
        self.all_leaves(id).filter(|&leaf| self.leaf(leaf).live)
    }

    /// The leaves of one kind.
    pub fn leaves_of(&self, id: ObjId, kind: LeafKind) -> impl Iterator<Item = LeafId> + '_ {
        self.leaves(id).filter(move |&leaf| self.leaf_kind(leaf) == kind)
    }

    /// Whether the leaf and the object it belongs to exist.
    pub fn is_live_leaf(&self, id: LeafId) -> bool {
        self.leaf(id).live && self.is_live(self.owner(id))
    }

    /// What the leaf is.
    pub fn leaf_kind(&self, id: LeafId) -> LeafKind {
        self.leaf(id).kind
    }

    /// The object that the leaf belongs to.
    pub fn owner(&self, id: LeafId) -> ObjId {
        ObjId(self.leaf(id).owner)
    }

    /// What stands between the tags of a leaf, as written; empty for a leaf that is not in the text.
    fn written_inner(&self, id: LeafId) -> &str {
        let leaf = self.leaf(id);
        let open_end = self.leaf_open_end(id);
        if leaf.start == NONE || open_end == leaf.end {
            return "";
        }
        let content = self.document.get(Span { start: open_end, end: leaf.end });
        // Nearly always `</Name>`; an end tag may also hold white space.
        content.strip_suffix(leaf.kind.end_tag()).unwrap_or_else(|| {
            let close = memchr::memrchr(b'<', content.as_bytes()).unwrap_or(0);
            content.get(..close).unwrap_or_default()
        })
    }

    /// Where the start tag of a leaf ends.
    pub(super) fn leaf_open_end(&self, id: LeafId) -> u32 {
        let leaf = self.leaf(id);
        if leaf.tag < LONG_TAG {
            return leaf.start.saturating_add(u32::from(leaf.tag));
        }
        let element = self.document.get(Span { start: leaf.start, end: leaf.end });
        leaf.start + u32::try_from(start_tag_length(element)).unwrap_or(0)
    }

    /// The place of [`Store::written_inner`].
    pub(super) fn inner(&self, id: LeafId) -> Span {
        let start = self.leaf_open_end(id);
        let length = u32::try_from(self.written_inner(id).len()).unwrap_or(0);
        Span { start, end: start + length }
    }

    /// The text of a leaf as it is written, with its references and sections undecoded; `None` where an edit has set
    /// it. For those who look at many texts and can tell that nothing in this one needs decoding.
    pub fn raw_text(&self, id: LeafId) -> Option<&str> {
        let is_edited = !self.texts.is_empty() && self.texts.contains_key(&id);
        (!is_edited).then(|| self.written_inner(id))
    }

    /// The text that the file gives a leaf.
    pub(super) fn written_text(&self, id: LeafId) -> Cow<'_, str> {
        xml::text_value(self.written_inner(id))
    }

    /// The text of a leaf, decoded: line ends are LF, references and CDATA resolved, comments left out.
    pub fn text(&self, id: LeafId) -> Cow<'_, str> {
        if !self.texts.is_empty()
            && let Some(text) = self.texts.get(&id)
        {
            return Cow::Borrowed(text);
        }
        self.written_text(id)
    }

    /// The text of the object's first leaf of this kind.
    pub fn first(&self, id: ObjId, kind: LeafKind) -> Option<Cow<'_, str>> {
        self.leaves_of(id, kind).next().map(|leaf| self.text(leaf))
    }

    /// The number of an operation, where it has one that is a number.
    pub fn operation_id(&self, id: ObjId) -> Option<u32> {
        limits::parse_operation_id(&self.first(id, LeafKind::OperationId)?)
    }

    /// The object that a link points to. `None`: the link dangles, or the leaf is no link.
    pub fn target(&self, id: LeafId) -> Option<ObjId> {
        if !self.leaf_kind(id).is_link() {
            return None;
        }
        self.by_guid(Guid::parse(&self.text(id))?)
    }

    /// The position of the leaf; `None` for one that is not in the file yet.
    pub fn leaf_position(&self, id: LeafId) -> Option<Position> {
        let start = self.leaf(id).start;
        (start != NONE).then(|| self.document.position(start))
    }
}

/// Bytes of the start tag that a well-formed element begins with: up to the first `>` outside quotes.
fn start_tag_length(element: &str) -> usize {
    let mut quote = None;
    for (at, byte) in element.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return at + 1,
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    element.len()
}
