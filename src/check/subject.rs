//! One object as the tests see it: what several rules want to know is decoded once.

use super::index::{Index, Outgoing};
use crate::accounts::{self, Sid, SidError, SidReader, Standing};
use crate::store::{Kind, LeafId, LeafKind, ObjId, Store};
use std::borrow::Cow;

/// One object under test.
pub struct Subject<'s> {
    /// The store it is in.
    pub store: &'s Store,
    /// Its number.
    pub id: ObjId,
    /// What it is.
    pub kind: Kind,
    /// Its name; empty where it has none.
    pub name: Cow<'s, str>,
    /// Its links, resolved, in order.
    pub links: &'s [Outgoing],
    /// Its members and non-members, in order.
    pub members: Vec<Member<'s>>,
    /// Its other leaves: number, query, rule and what belongs to it.
    pub texts: Vec<(LeafKind, LeafId)>,
    /// Whether another object links to it.
    pub is_used: bool,
    /// Whether two members may be the same SID; `false` is certain.
    pub(super) may_repeat: bool,
    sids: SidReader,
    filter: Filter,
}

/// A member or non-member.
pub struct Member<'s> {
    /// The leaf.
    pub leaf: LeafId,
    /// [`LeafKind::Member`] or [`LeafKind::NonMember`].
    pub kind: LeafKind,
    /// The text as the file has it.
    pub text: Cow<'s, str>,
    /// The SID it is.
    pub sid: Result<Sid, SidError>,
    /// Whether the text is what the SID prints.
    pub is_canonical: bool,
    /// What the SID means as a member.
    pub standing: Standing,
}

impl<'s> Subject<'s> {
    pub(super) fn new(store: &'s Store) -> Subject<'s> {
        let id = store.root();
        Subject {
            store,
            id,
            kind: store.kind(id),
            name: Cow::Borrowed(""),
            links: &[],
            members: Vec::new(),
            texts: Vec::new(),
            is_used: false,
            may_repeat: false,
            sids: SidReader::new(),
            filter: Filter { marks: vec![0; 1 << Filter::BITS], now: 0 },
        }
    }

    /// Turns to another object; buffers are used again.
    pub(super) fn turn_to(&mut self, index: &'s Index, id: ObjId) {
        let store = self.store;
        self.id = id;
        self.kind = store.kind(id);
        self.name = store.name(id);
        self.links = index.outgoing(id);
        self.is_used = index.is_used(id);
        self.may_repeat = false;
        self.filter.clear();
        self.members.clear();
        self.texts.clear();
        for leaf in store.leaves(id) {
            let kind = store.leaf_kind(leaf);
            if kind.is_member() {
                let member = self.member(leaf, kind);
                self.members.push(member);
            } else if !kind.is_link() {
                self.texts.push((kind, leaf));
            }
        }
    }

    fn member(&mut self, leaf: LeafId, kind: LeafKind) -> Member<'s> {
        // A SID needs no decoding, and what needs decoding is not yet a SID.
        let raw = self.store.raw_text(leaf).unwrap_or_default();
        let (text, read) = if let Ok(read) = self.sids.read(raw) {
            (Cow::Borrowed(raw), Ok(read))
        } else {
            let text = self.store.text(leaf);
            let read = Sid::parse_canonical(&text);
            (text, read)
        };
        let is_canonical = matches!(read, Ok((_, true)));
        let sid = read.map(|(sid, _)| sid);
        self.may_repeat |= sid.is_ok_and(|sid| self.filter.mark(&sid));
        Member {
            leaf,
            kind,
            is_canonical,
            standing: sid.as_ref().map(accounts::standing).unwrap_or_default(),
            sid,
            text,
        }
    }

    /// An attribute; `None` = absent.
    pub fn attribute(&self, name: &str) -> Option<Cow<'s, str>> {
        self.store.attribute(self.id, name)
    }

    /// Bytes of the start tag: no attribute in it is longer. `usize::MAX` where an edit may have made one longer.
    pub fn tag_length(&self) -> usize {
        self.store.tag_length(self.id)
    }

    /// The first leaf of a kind that is no link and no member, with its text.
    pub fn text(&self, kind: LeafKind) -> Option<(LeafId, Cow<'s, str>)> {
        let (_, leaf) = self.texts.iter().find(|(known, _)| *known == kind)?;
        Some((*leaf, self.store.text(*leaf)))
    }

    /// Whether it has a link of this kind.
    pub fn has_link(&self, kind: LeafKind) -> bool {
        self.links.iter().any(|link| link.kind == kind)
    }

    /// Whether it has a member (or non-member).
    pub fn has_member(&self, kind: LeafKind) -> bool {
        self.members.iter().any(|member| member.kind == kind)
    }
}

/// Tells cheaply that a SID was not there before, which spares nearly every list of members a sort.
struct Filter {
    marks: Vec<u32>,
    now: u32,
}

impl Filter {
    const BITS: u32 = 12;

    fn clear(&mut self) {
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.marks.fill(0);
            self.now = 1;
        }
    }

    /// Marks the SID; true if it, or one that falls on the same mark, was marked since the last `clear`.
    fn mark(&mut self, sid: &Sid) -> bool {
        let mark = &mut self.marks[(mixed(sid) >> (u32::BITS - Self::BITS)) as usize];
        std::mem::replace(mark, self.now) == self.now
    }
}

/// A well-mixed number. Accounts differ in their last number, then in their domain's last.
pub(super) fn mixed(sid: &Sid) -> u32 {
    let numbers = sid.subauthorities().iter().rev().take(2);
    numbers.fold(0, |mixed, number| (mixed.rotate_left(5) ^ number).wrapping_mul(0x9E37_79B1))
}
