//! From the state of a store to the patches that make its file.
//!
//! Nothing is remembered of how the store came to be as it is: the patches follow from what differs from the text
//! now. An edit that was undone therefore leaves nothing to write, and a store without patches is its own bytes.
//!
//! Only objects that were ever touched are looked at. New text looks like its neighbours: the white space before the
//! previous sibling, the file's line end, its habit for empty elements.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::model::{NONE, slice};
use super::{Kind, LeafId, ObjId, Store};
use crate::xml::{self, Patch, Rendering, Span};

impl Store {
    /// What the store is written as: its document, and the patches over it in order.
    ///
    /// The patches are also the XML view of what changed since the store was opened.
    pub fn rendering(&self) -> Rendering {
        let mut writer = Writer { store: self, patches: Vec::new(), collapsed: HashSet::new() };
        for &id in &self.touched {
            writer.object(id);
        }
        let mut patches = writer.patches;
        // Stable: what is inserted at one place stays in the order in which it was found.
        patches.sort_by_key(|patch| (patch.span.start, patch.span.end));
        Rendering { document: Arc::clone(&self.document), patches: patches.into() }
    }
}

struct Writer<'s> {
    store: &'s Store,
    patches: Vec<Patch>,
    /// Objects written as `<X/>` because nothing is left in them: their children need no patch of their own.
    collapsed: HashSet<ObjId>,
}

/// How new elements are spelt.
#[derive(Clone, Copy)]
struct Style {
    quote: char,
    /// What closes an element without content.
    empty: &'static str,
}

/// The quote of the first attribute of a start tag.
fn quote_of(tag: &str) -> char {
    match tag.bytes().find(|b| matches!(b, b'"' | b'\'')) {
        Some(b'\'') => '\'',
        _ => '"',
    }
}

impl Writer<'_> {
    fn patch(&mut self, start: u32, end: u32, text: impl Into<String>) {
        self.patches.push(Patch { span: Span { start, end }, text: text.into() });
    }

    fn text(&self) -> &str {
        self.store.document.text()
    }

    /// The white space directly before `at`.
    fn indent(&self, at: u32) -> &str {
        let before = self.text().get(..at as usize).unwrap_or("");
        let kept = before.trim_end_matches([' ', '\t', '\r', '\n']).len();
        before.get(kept..).unwrap_or("")
    }

    fn indent_start(&self, at: u32) -> u32 {
        at - u32::try_from(self.indent(at).len()).unwrap_or(0)
    }

    fn eol(&self) -> &'static str {
        self.store.document.eol().as_str()
    }

    fn object(&mut self, id: ObjId) {
        let store = self.store;
        let parent_live = store.parent(id).is_none_or(|parent| store.is_live(parent));
        if !store.is_original(id) || !parent_live {
            return;
        }
        let object = store.object(id);
        if !object.live {
            if store.parent(id).is_none_or(|parent| !self.collapsed.contains(&parent)) {
                self.patch(self.indent_start(object.start), object.end, "");
            }
            return;
        }
        self.attributes(id);
        let was_empty = object.open_end == object.end;
        if was_empty {
            self.open(id);
        } else if self.nothing_left(id) {
            let end = object.end;
            let bracket = object.open_end - 1;
            self.patch(bracket, end, self.style(id).empty);
            self.collapsed.insert(id);
        } else {
            self.leaves(id);
            self.new_children(id);
        }
    }

    fn attributes(&mut self, id: ObjId) {
        let store = self.store;
        let Some(edits) = store.attributes.get(&id) else { return };
        let tag = store.tag(id);
        let base = store.object(id).start;
        let written: Vec<xml::Attribute> = xml::attributes(tag).collect();
        let order = store.kind(id).attribute_order();
        let rank = |name: &str| order.iter().position(|&known| known == name).unwrap_or(order.len());
        let mut edits: Vec<_> = edits.iter().collect();
        edits.sort_by_key(|(name, _)| rank(name));
        for (name, value) in edits {
            let found = written.iter().position(|a| slice(tag, a.name) == name);
            match (found, value) {
                (Some(at), Some(value)) => {
                    let span = written[at].value;
                    let quote = char::from(tag.as_bytes()[span.start as usize - 1]);
                    self.patch(base + span.start, base + span.end, xml::escape_attribute(value, quote));
                }
                (Some(at), None) => {
                    let attribute = written[at];
                    self.patch(
                        self.indent_start(base + attribute.name.start),
                        base + attribute.value.end + 1,
                        "",
                    );
                }
                (None, Some(value)) => {
                    let left = written
                        .iter()
                        .filter(|a| rank(slice(tag, a.name)) < rank(name) || rank(name) == order.len())
                        .map(|a| a.value.end + 1)
                        .next_back();
                    let element = u32::try_from(store.kind(id).element().len()).unwrap_or(0);
                    let at = base + left.unwrap_or(1 + element);
                    let quote = quote_of(tag);
                    self.patch(
                        at,
                        at,
                        format!(" {name}={quote}{}{quote}", xml::escape_attribute(value, quote)),
                    );
                }
                (None, None) => {}
            }
        }
    }

    /// Whether everything that stood in the object was removed, nothing came, and only white space would be left.
    fn nothing_left(&self, id: ObjId) -> bool {
        let store = self.store;
        // A store without applications keeps its end tag: a new one is written with a line end between the tags.
        let is_root = store.kind(id) == Kind::Store;
        if is_root || store.children(id).next().is_some() || store.leaves(id).next().is_some() {
            return false;
        }
        let object = store.object(id);
        let mut at = object.open_end;
        let mut removed = false;
        let mut blank = true;
        let mut skip = |start: u32, end: u32| {
            let gap = store.document.get(Span { start: at, end: start });
            blank &= gap.trim_matches([' ', '\t', '\r', '\n']).is_empty();
            at = end;
            removed = true;
        };
        let mut child = object.first_child;
        while child != NONE {
            let record = &store.objects[child as usize];
            if record.start != NONE {
                skip(record.start, record.end);
            }
            child = record.next;
        }
        for leaf in store.all_leaves(id).filter(|&leaf| store.is_original_leaf(leaf)) {
            skip(store.leaf(leaf).start, store.leaf(leaf).end);
        }
        let rest = store.document.get(Span { start: at, end: self.close_start(id) });
        removed && blank && rest.trim_matches([' ', '\t', '\r', '\n']).is_empty()
    }

    /// Where the end tag of an object begins.
    fn close_start(&self, id: ObjId) -> u32 {
        let object = self.store.object(id);
        let inner = self.store.document.get(Span { start: object.open_end, end: object.end });
        let close = memchr::memrchr(b'<', inner.as_bytes()).unwrap_or(0);
        object.open_end + u32::try_from(close).unwrap_or(0)
    }

    /// Puts what is new into an object that is written `<X/>`.
    fn open(&mut self, id: ObjId) {
        let store = self.store;
        let indent = self.child_indent(id);
        let style = self.style(id);
        let mut content = String::new();
        for leaf in store.leaves(id) {
            self.write_leaf(&mut content, leaf, &indent);
        }
        for child in store.children(id) {
            self.write_object(&mut content, child, &indent, style);
        }
        if content.is_empty() {
            return;
        }
        let object = store.object(id);
        let close = if !indent.contains('\n') {
            ""
        } else if store.kind(id) == Kind::Store {
            self.eol()
        } else {
            self.indent(object.start)
        };
        let text = format!(">{content}{close}</{}>", store.kind(id).element());
        let slash = object.end - 2;
        self.patch(self.indent_start(slash), object.end, text);
    }

    fn leaves(&mut self, id: ObjId) {
        let store = self.store;
        let mut anchor = store.object(id).open_end;
        let mut indent: Option<String> = None;
        let mut added = String::new();
        let all: Vec<LeafId> = store.all_leaves(id).collect();
        for (at, &leaf) in all.iter().enumerate() {
            if store.is_original_leaf(leaf) {
                if !added.is_empty() {
                    self.patch(anchor, anchor, std::mem::take(&mut added));
                }
                let record = store.leaf(leaf);
                if !record.live {
                    self.patch(self.indent_start(record.start), record.end, "");
                } else if let Some(text) = store.texts.get(&leaf) {
                    self.leaf_text(leaf, text);
                }
                anchor = record.end;
                indent = Some(self.indent(record.start).to_owned());
            } else if store.leaf(leaf).live {
                // The white space before the neighbour on the left, else before the one on the right.
                let indent = indent.get_or_insert_with(|| {
                    let right = all.iter().skip(at).find(|&&leaf| store.is_original_leaf(leaf));
                    match right {
                        Some(&leaf) => self.indent(store.leaf(leaf).start).to_owned(),
                        None => self.child_indent(id),
                    }
                });
                self.write_leaf(&mut added, leaf, indent);
            }
        }
        if !added.is_empty() {
            self.patch(anchor, anchor, added);
        }
    }

    fn leaf_text(&mut self, leaf: LeafId, text: &str) {
        let store = self.store;
        let record = store.leaf(leaf);
        let eol = store.document.eol();
        if store.leaf_open_end(leaf) == record.end {
            let slash = record.end - 2;
            let text = format!(">{}</{}>", xml::escape_text(text, eol), store.leaf_kind(leaf).element());
            self.patch(self.indent_start(slash), record.end, text);
            return;
        }
        let inner = store.inner(leaf);
        let written = store.document.get(inner);
        let can_be_cdata = !text.contains('\r') && (text.is_ascii() || !store.document.takes_only_ascii());
        let is_cdata = can_be_cdata && written.starts_with("<![CDATA[") && written.ends_with("]]>");
        let new = if is_cdata {
            let text = text.replace("]]>", "]]]]><![CDATA[>").replace('\n', eol.as_str());
            format!("<![CDATA[{text}]]>")
        } else {
            xml::escape_text(text, eol)
        };
        self.patch(inner.start, inner.end, new);
    }

    fn new_children(&mut self, id: ObjId) {
        let store = self.store;
        let indent = self.child_indent(id);
        let style = self.style(id);
        let mut content = String::new();
        for child in store.new_children(id) {
            self.write_object(&mut content, child, &indent, style);
        }
        if !content.is_empty() {
            let at = self.indent_start(self.close_start(id)).max(store.object(id).open_end);
            self.patch(at, at, content);
        }
    }

    /// The white space before a new child of an object that is in the text.
    fn child_indent(&self, id: ObjId) -> String {
        let store = self.store;
        if let Some(sibling) = store.last_original_child(id) {
            return self.indent(store.object(sibling).start).to_owned();
        }
        if store.kind(id) == Kind::Store {
            return format!("{}\t", self.eol());
        }
        let own = self.indent(store.object(id).start);
        self.deeper(own)
    }

    /// One step deeper than `indent`, if the file indents there.
    ///
    /// azroles.dll puts an application on a line of its own and glues everything inside it together, so a line of its
    /// own says nothing yet: the file indents if something inside an application stands on its own line.
    fn deeper(&self, indent: &str) -> String {
        let store = self.store;
        if !indent.contains('\n') {
            return String::new();
        }
        let original = store.objects.iter().take(store.original_objects as usize);
        let Some(inner) = original.clone().find(|o| o.parent != NONE && o.parent != 0) else {
            return String::new();
        };
        let inner_indent = self.indent(inner.start);
        if !inner_indent.contains('\n') {
            return String::new();
        }
        let outer_indent = self.indent(store.objects[inner.parent as usize].start);
        let unit = inner_indent
            .strip_prefix(outer_indent)
            .filter(|unit| !unit.is_empty() && !unit.contains('\n'))
            .unwrap_or(if inner_indent.contains('\t') { "\t" } else { "  " });
        format!("{indent}{unit}")
    }

    /// How a new object in `parent` is spelt: as its nearest sibling is, else as its parent, else as the file.
    fn style(&self, parent: ObjId) -> Style {
        let store = self.store;
        let sibling = store.last_original_child(parent).map_or("", |sibling| store.tag(sibling));
        let neighbour = if sibling.is_empty() { store.tag(parent) } else { sibling };
        let empty = if sibling.ends_with("/>") {
            sibling
        } else {
            let text = self.text();
            memchr::memmem::find(text.as_bytes(), b"/>").and_then(|at| text.get(..at + 2)).unwrap_or("")
        };
        Style { quote: quote_of(neighbour), empty: if empty.ends_with(" />") { " />" } else { "/>" } }
    }

    fn write_leaf(&self, out: &mut String, leaf: LeafId, indent: &str) {
        let element = self.store.leaf_kind(leaf).element();
        let text = xml::escape_text(&self.store.text(leaf), self.store.document.eol());
        let _ = write!(out, "{indent}<{element}>{text}</{element}>");
    }

    fn write_object(&self, out: &mut String, id: ObjId, indent: &str, style: Style) {
        let store = self.store;
        let element = store.kind(id).element();
        let _ = write!(out, "{indent}<{element}");
        let order = store.kind(id).attribute_order();
        let mut attributes = store.attributes(id);
        attributes
            .sort_by_key(|(name, _)| order.iter().position(|known| known == name).unwrap_or(order.len()));
        for (name, value) in attributes {
            let quote = style.quote;
            let _ = write!(out, " {name}={quote}{}{quote}", xml::escape_attribute(&value, quote));
        }
        let inner: Cow<'_, str> = Cow::Owned(self.deeper(indent));
        let mut content = String::new();
        for leaf in store.leaves(id) {
            self.write_leaf(&mut content, leaf, &inner);
        }
        for child in store.children(id) {
            self.write_object(&mut content, child, &inner, style);
        }
        if content.is_empty() {
            out.push_str(style.empty);
        } else {
            let close = if inner.is_empty() { "" } else { indent };
            let _ = write!(out, ">{content}{close}</{element}>");
        }
    }
}

impl Store {
    /// The last child that was in the text, whether it still exists or not.
    fn last_original_child(&self, id: ObjId) -> Option<ObjId> {
        let mut last = None;
        let mut at = self.object(id).last_child;
        // Added children follow the original ones; only where some were added is the list walked.
        if at != NONE && at < self.original_objects {
            return Some(ObjId(at));
        }
        at = self.object(id).first_child;
        while at != NONE && at < self.original_objects {
            last = Some(ObjId(at));
            at = self.objects[at as usize].next;
        }
        last
    }

    /// The live children that were added.
    fn new_children(&self, id: ObjId) -> impl Iterator<Item = ObjId> + '_ {
        let added = self.object(id).last_child != NONE && self.object(id).last_child >= self.original_objects;
        self.children(id).filter(move |&child| added && !self.is_original(child))
    }
}
