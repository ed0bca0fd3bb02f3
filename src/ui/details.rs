//! The details pane: the property sheet.

use crate::accounts::{self, Sid};
use crate::app::actions::Id;
use crate::app::entries;
use crate::app::layout::{Area, Pane};
use crate::app::marks::Mark;
use crate::app::problems::has_fix;
use crate::app::seen::Target;
use crate::app::sheet::{self, Edited, Entry, Prop, value};
use crate::app::tree::Part;
use crate::app::wrap::wrap;
use crate::app::{App, Doc};
use crate::check::{Finding, Severity};
use crate::store::{GroupType, Kind, LeafId, LeafKind, ObjId};

use super::paint::{Painter, Row};
use super::show;
use super::theme::Face;

/// Draws the head and the visible lines.
pub fn draw(painter: &mut Painter<'_>, app: &App, doc: &Doc, head: Area, area: Area) {
    heading(painter, doc, head);
    let sheet = &doc.sheet;
    let focused = app.focus == Pane::Details;
    for (line, index) in (sheet.top..sheet.entries.len()).take(usize::from(area.height)).enumerate() {
        let Some(entry) = sheet.entries.get(index) else { continue };
        let selected = index == sheet.selected && focused && sheet.edit.is_none();
        let style = painter.style(if selected { Face::Selection } else { Face::Text });
        let mut row = painter.row(area, line, style);
        if entry.is_stop() {
            painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Detail(index));
        }
        let marked = match entry {
            Entry::Account(leaf) | Entry::Link(leaf) => doc.marked.has_line(*leaf),
            Entry::Child(object) => doc.marked.has(*object),
            _ => false,
        };
        if marked {
            painter.text(&mut row, painter.glyphs.marked, Face::Key);
        } else {
            painter.gap(&mut row, 1);
        }
        draw_entry(painter, &mut row, doc, entry);
    }
    edit_error(painter, doc, area);
}

fn heading(painter: &mut Painter<'_>, doc: &Doc, area: Area) {
    let store = doc.store();
    let node = doc.node();
    let kind = store.kind(node.object);
    let style = painter.style(Face::Text);
    let mut row = painter.row(area, 0, style);
    painter.gap(&mut row, 1);
    match node.part {
        Part::Object => {
            painter.right(&mut row, kind.word(), Face::TextDim);
            match kind {
                Kind::Store => painter.text(&mut row, &doc.title(), Face::TextStrong),
                _ => painter.searched(&mut row, &store.name(node.object), Face::TextStrong),
            }
        }
        Part::Machine(_) => {
            painter.right(&mut row, "virtual machine", Face::TextDim);
            let name = doc.machine().map_or("", |(_, one)| one.machine.name.as_str());
            painter.searched(&mut row, name, Face::TextStrong);
        }
        part => painter.text(&mut row, part.label(), Face::TextStrong),
    }
    let place = if node.part == Part::Object { store.parent(node.object) } else { Some(node.object) };
    if let Some(place) = place {
        let mut row = painter.row(area, 1, style);
        painter.gap(&mut row, 1);
        painter.text(&mut row, "in ", Face::TextDim);
        painter.text(&mut row, &name_of(doc, place), Face::Text);
    } else if let Some(path) = &doc.path {
        let mut row = painter.row(area, 1, style);
        painter.gap(&mut row, 1);
        painter.text(&mut row, &path.to_string_lossy(), Face::Text);
    }
}

/// An object's name; the store's is its file's.
fn name_of(doc: &Doc, object: ObjId) -> String {
    match doc.store().kind(object) {
        Kind::Store => doc.title(),
        _ => doc.store().name(object).into_owned(),
    }
}

fn draw_entry(painter: &mut Painter<'_>, row: &mut Row, doc: &Doc, entry: &Entry) {
    let store = doc.store();
    match entry {
        Entry::Blank => {}
        Entry::Heading(text) => painter.text(row, text, Face::TextStrong),
        Entry::Note(text) => {
            painter.gap(row, 2);
            painter.searched(row, text, Face::Text);
        }
        Entry::Property(prop) => property(painter, row, doc, *prop),
        Entry::More(indent, text) => {
            painter.gap(row, *indent);
            painter.searched(row, text, Face::Text);
        }
        Entry::Child(object) => {
            painter.gap(row, 2);
            painter.right(row, &summary(doc, *object), Face::TextDim);
            painter.searched(row, &name_of(doc, *object), Face::Text);
        }
        Entry::Link(leaf) => link(painter, row, doc, *leaf),
        Entry::Account(leaf) => account(painter, row, doc, *leaf),
        Entry::Referrer(leaf) => {
            let owner = store.owner(*leaf);
            painter.gap(row, 2);
            painter.right(row, store.kind(owner).word(), Face::TextDim);
            let half = row.room() / 2;
            painter.searched_column(row, half, &store.name(owner), Face::Text);
            painter.gap(row, 1);
            let level = store.parent(owner).map(|level| format!("in {}", name_of(doc, level)));
            painter.text(row, &level.unwrap_or_default(), Face::TextDim);
        }
        Entry::Attribute(name, value) => {
            painter.column(row, sheet::LABEL, name, Face::TextLabel);
            painter.gap(row, 1);
            if !edit_field(painter, row, doc, &Edited::Attribute(name.clone())) {
                painter.text(row, value, Face::Text);
            }
        }
        Entry::Fact(label, text) => {
            painter.column(row, sheet::LABEL, label, Face::TextLabel);
            painter.gap(row, 1);
            let first = entries::value_lines(text, doc.sheet.width).into_iter().next();
            painter.searched(row, &first.unwrap_or_default(), Face::Text);
        }
        Entry::Warning(text) => {
            painter.text(row, painter.glyphs.alarm, Face::Warning);
            painter.gap(row, 1);
            painter.text(row, text, Face::Text);
        }
        Entry::Unknown(text) => {
            painter.gap(row, 2);
            painter.text(row, text, Face::Text);
        }
        Entry::Finding(index) => {
            let Some(finding) = doc.sheet.findings.get(*index) else { return };
            if has_fix(store, finding) {
                painter.right(row, &format!("{} fix", doc.keys.named(Id::Fix)), Face::Key);
            }
            painter.notice_in(&finding.message);
            let message = doc.sheet.messages.get(*index).unwrap_or(&finding.message);
            let first = entries::finding_lines(message, doc.sheet.width).into_iter().next();
            finding_line(painter, row, finding, &first.unwrap_or_default());
        }
    }
}

/// Sign and code of a finding, and its message or the first line of it.
pub fn finding_line(painter: &mut Painter<'_>, row: &mut Row, finding: &Finding, message: &str) {
    let (sign, face) = match finding.severity {
        Severity::Error => (painter.glyphs.alarm, Face::Error),
        Severity::Warning => (painter.glyphs.alarm, Face::Warning),
        Severity::Info => (painter.glyphs.info, Face::Info),
    };
    painter.text(row, sign, face);
    painter.gap(row, 1);
    painter.text(row, finding.code, face);
    painter.gap(row, 2);
    painter.text(row, message, Face::Text);
}

fn property(painter: &mut Painter<'_>, row: &mut Row, doc: &Doc, prop: Prop) {
    painter.column(row, sheet::LABEL, prop.label(), Face::TextLabel);
    painter.gap(row, 1);
    let store = doc.store();
    let object = doc.node().object;
    if edit_field(painter, row, doc, &Edited::Property(prop)) {
        return;
    }
    match value(store, object, prop).as_deref() {
        None | Some("") => painter.text(row, "none", Face::TextDim),
        Some(_) if prop == Prop::Type && store.group_type(object).is_some() => {
            let word = match store.group_type(object) {
                Some(GroupType::LdapQuery) => "LDAP query",
                Some(GroupType::BizRule) => "Business rule",
                _ => "Basic",
            };
            painter.text(row, word, Face::Text);
        }
        Some(text) if prop == Prop::Rule => {
            let lines = text.lines().count();
            let count = if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
            painter.text(row, &count, Face::Text);
        }
        Some(text) => {
            let first = entries::value_lines(text, doc.sheet.width).into_iter().next();
            painter.searched(row, &first.unwrap_or_default(), Face::Text);
        }
    }
}

/// Draws the field of what is edited on this line, if it is.
fn edit_field(painter: &mut Painter<'_>, row: &mut Row, doc: &Doc, what: &Edited) -> bool {
    let edit = doc.sheet.edit.as_ref().filter(|edit| edit.what == *what && edit.object == doc.node().object);
    if let Some(edit) = edit {
        let cells = row.room().saturating_sub(1);
        painter.field(row, cells, &edit.line, true);
    }
    edit.is_some()
}

/// `+` before what was added to an object since it was saved.
fn change_sign(painter: &mut Painter<'_>, row: &mut Row, doc: &Doc, leaf: LeafId) {
    let store = doc.store();
    let owner = store.owner(leaf);
    let added = store.leaf_position(leaf).is_none()
        && matches!(doc.marks.of(owner), Some(Mark::Added | Mark::Changed));
    let sign = if added { painter.glyphs.added } else { " " };
    painter.text(row, sign, Face::Added);
    painter.gap(row, 1);
}

fn link(painter: &mut Painter<'_>, row: &mut Row, doc: &Doc, leaf: LeafId) {
    let store = doc.store();
    change_sign(painter, row, doc, leaf);
    let Some(target) = store.target(leaf) else {
        let text = format!("leads to nothing: {}", store.text(leaf));
        painter.text(row, painter.glyphs.alarm, Face::Error);
        painter.gap(row, 1);
        painter.searched(row, &text, Face::Text);
        return;
    };
    painter.right(row, &summary(doc, target), Face::TextDim);
    let half = row.room() / 2;
    painter.searched_column(row, half, &store.name(target), Face::Text);
    painter.gap(row, 1);
    let place = match store.kind(target) {
        Kind::Group => format!("group in {}", name_of(doc, store.level(target))),
        _ => name_of(doc, store.level(target)),
    };
    painter.text(row, &place, Face::TextDim);
}

fn account(painter: &mut Painter<'_>, row: &mut Row, doc: &Doc, leaf: LeafId) {
    change_sign(painter, row, doc, leaf);
    // What is put at the start does not touch the frame.
    row.end = row.end.saturating_sub(1);
    let sid = doc.store().text(leaf);
    let parsed = Sid::parse(sid.trim()).ok();
    let machine = parsed.and_then(|sid| Some((painter.names.machine(&sid)?, accounts::display_name(&sid)?)));
    if let Some((machine, account)) = machine {
        let cells = u16::try_from(show::width(machine)).unwrap_or(u16::MAX);
        painter.searched_column(row, cells.min(row.room() / 2), machine, Face::Text);
        painter.gap(row, 2);
        painter.searched(row, &account, Face::TextDim);
        return;
    }
    if let Some(name) = painter.name_of(&sid) {
        // A domain's SID is up to 46 characters long; what it leaves is the name's, but not less than a third. The name
        // of a virtual machine's account is its GUID, which is what tells it from others: it gives way to nothing.
        let is_machine = parsed.is_some_and(|sid| accounts::vm_guid(&sid).is_some());
        let whole = if is_machine { u16::try_from(show::width(&name)).unwrap_or(u16::MAX) } else { 0 };
        let cells = row.room().saturating_sub(47).max(row.room() / 3).max(whole);
        painter.searched_column(row, cells, &name, Face::Text);
        painter.gap(row, 1);
        painter.searched(row, &sid, Face::TextDim);
        return;
    }
    let why = parsed.and_then(|sid| painter.names.why_unnamed(&sid));
    if let Some(why) = why {
        painter.right(row, &why.to_string(), Face::TextDim);
    }
    painter.searched(row, &sid, Face::Text);
}

/// What stands on the right of an object in a list.
fn summary(doc: &Doc, object: ObjId) -> String {
    let store = doc.store();
    let counted = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    match store.kind(object) {
        Kind::Operation => store.operation_id(object).map_or_else(String::new, |id| id.to_string()),
        Kind::Role | Kind::Task => counted(store.leaves_of(object, LeafKind::OperationLink).count(), "op"),
        Kind::Assignment => counted(store.leaves_of(object, LeafKind::Member).count(), "member"),
        Kind::Group => "group".to_owned(),
        _ => String::new(),
    }
}

/// What is wrong with the property being edited, under it.
fn edit_error(painter: &mut Painter<'_>, doc: &Doc, area: Area) {
    let sheet = &doc.sheet;
    let Some(error) = sheet.edit.as_ref().and_then(|edit| edit.error.as_ref()) else { return };
    let style = painter.style(Face::Text);
    let lines = wrap(error, usize::from(area.width).saturating_sub(4));
    let below = sheet.selected.saturating_sub(sheet.top).saturating_add(1);
    let first = below.min(usize::from(area.height).saturating_sub(lines.len()));
    for (index, text) in lines.iter().enumerate() {
        let mut row = painter.row(area, first.saturating_add(index), style);
        painter.fill(Area::new(row.x, row.y, row.room(), 1), style);
        painter.gap(&mut row, 1);
        painter.text(&mut row, if index == 0 { painter.glyphs.alarm } else { " " }, Face::FieldInvalid);
        painter.gap(&mut row, 1);
        painter.text(&mut row, text, Face::FieldInvalid);
    }
}
