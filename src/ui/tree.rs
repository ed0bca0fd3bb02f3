//! The tree pane.

use crate::app::layout::{Area, Pane};
use crate::app::machines::{Resident, application};
use crate::app::marks::Mark;
use crate::app::seen::Target;
use crate::app::tree::{Node, Part};
use crate::app::{App, Doc};
use crate::check::Severity;
use crate::store::{GroupType, Kind};

use super::paint::Painter;
use super::theme::Face;

/// Draws the visible rows.
pub fn draw(painter: &mut Painter<'_>, app: &App, doc: &Doc, area: Area) {
    let (rows, top) = (doc.tree.rows(), doc.tree.top());
    for (line, index) in (top..rows.len()).take(usize::from(area.height)).enumerate() {
        let Some(item) = rows.get(index) else { continue };
        let selected = index == doc.tree.selected();
        let face = match (selected, app.focus) {
            (true, Pane::Tree) => Face::Selection,
            (true, _) => Face::SelectionInactive,
            _ => Face::Text,
        };
        let style = painter.style(face);
        let mut row = painter.row(area, line, style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Row(index));
        let is_folded = item.foldable && !doc.tree.is_open(item.node);
        signs(painter, &mut row, doc, item.node, is_folded);
        // The sign of a mark stands in the last of the blanks before the arrow: only the store's row has none.
        let marked = match item.node.part {
            Part::Object => doc.marked.has(item.node.object),
            Part::Machine(number) => doc.marked.has_machine(number),
            _ => false,
        };
        let indent = u16::from(item.depth).saturating_mul(2);
        painter.gap(&mut row, indent.saturating_sub(u16::from(marked)));
        if marked {
            painter.text(&mut row, painter.glyphs.marked, Face::Key);
        }
        let count = doc.tree.count(item.node);
        let empty = count == Some(0) && item.node.part.kind().is_some();
        let arrow = match (item.foldable && !empty, doc.tree.is_open(item.node)) {
            (false, _) => " ",
            (true, true) => painter.glyphs.open,
            (true, false) => painter.glyphs.closed,
        };
        let from = row.x;
        painter.text(&mut row, arrow, Face::Text);
        painter.gap(&mut row, 1);
        if item.foldable {
            painter.note_from(from, &row, Target::Arrow(index));
        }
        let note = note(doc, item.node, count.unwrap_or(0));
        painter.right(&mut row, &note, Face::TextDim);
        match item.node.part {
            Part::Object if doc.store().kind(item.node.object) == Kind::Store => {
                painter.text(&mut row, &doc.title(), Face::TextStrong);
            }
            Part::Object => {
                let name = doc.store().name(item.node.object);
                let shown = if name.is_empty() { "(no name)" } else { &name };
                painter.searched(&mut row, shown, if marked { Face::TextStrong } else { Face::Text });
            }
            Part::Machine(number) => {
                let name = doc.machines.get(number).map_or("", |one| one.machine.name.as_str());
                let shown = if name.is_empty() { "(no name)" } else { name };
                painter.searched(&mut row, shown, if marked { Face::TextStrong } else { Face::Text });
            }
            part => painter.text(&mut row, part.label(), Face::Text),
        }
    }
}

/// Two columns: how the row differs from the file, and whether something is wrong with it. What is folded shows what
/// is so inside.
fn signs(painter: &mut Painter<'_>, row: &mut super::paint::Row, doc: &Doc, node: Node, is_folded: bool) {
    if let Part::Machine(number) = node.part {
        return machine_signs(painter, row, doc, number);
    }
    let is_object = node.part == Part::Object;
    let mark = if is_object { doc.marks.of(node.object) } else { None };
    let inside = is_folded && (doc.marks.is_inside(node) || has_pending_inside(doc, node));
    let inside = inside.then_some(Mark::Changed);
    let change = match mark.or(inside) {
        Some(Mark::Added) => (painter.glyphs.added, Face::Added),
        Some(Mark::Changed) => (painter.glyphs.changed, Face::Changed),
        None => (" ", Face::Text),
    };
    let own = if is_object { doc.findings_about(node.object) } else { &[] };
    let own = own.iter().map(|finding| finding.severity).max();
    let inside = if is_folded { worst_inside(doc, node) } else { None };
    let alarm = match own.max(inside) {
        Some(Severity::Error) => (painter.glyphs.alarm, Face::Error),
        Some(Severity::Warning) => (painter.glyphs.alarm, Face::Warning),
        _ => (" ", Face::Text),
    };
    painter.text(row, change.0, change.1);
    painter.text(row, alarm.0, alarm.1);
}

/// A machine's signs: that it is to be moved, and that it was not or that its scope is not there.
fn machine_signs(painter: &mut Painter<'_>, row: &mut super::paint::Row, doc: &Doc, number: u32) {
    let one = doc.machines.get(number);
    let is_pending = one.is_some_and(Resident::is_pending);
    let change = if is_pending { (painter.glyphs.changed, Face::Changed) } else { (" ", Face::Text) };
    let alarm = match one {
        Some(one) if one.failed.is_some() => (painter.glyphs.alarm, Face::Error),
        Some(one) if one.is_alarming(doc.store()) => (painter.glyphs.alarm, Face::Warning),
        _ => (" ", Face::Text),
    };
    painter.text(row, change.0, change.1);
    painter.text(row, alarm.0, alarm.1);
}

/// Whether a machine that stands in a node, in whatever depth, is to be moved.
fn has_pending_inside(doc: &Doc, node: Node) -> bool {
    if node.part != Part::Object || doc.machines.pending() == 0 {
        return false;
    }
    match doc.store().kind(node.object) {
        Kind::Scope => {
            let listed = doc.machines.roster().at(node.object).iter();
            listed.filter_map(|listed| doc.machines.get(listed.number)).any(Resident::is_pending)
        }
        _ => application(doc.store()) == Some(node.object),
    }
}

/// The worst finding about what stands in a node of the tree.
fn worst_inside(doc: &Doc, node: Node) -> Option<Severity> {
    let findings = doc.findings.as_ref()?;
    let kinds: &[Option<Kind>] = match node.part {
        Part::Object => &[None],
        Part::Machine(_) => &[],
        Part::Groups => &[Some(Kind::Group)],
        Part::Definitions => &[Some(Kind::Role), Some(Kind::Task), Some(Kind::Operation)],
        Part::Roles => &[Some(Kind::Role)],
        Part::Tasks => &[Some(Kind::Task)],
        Part::Operations => &[Some(Kind::Operation)],
        Part::Assignments => &[Some(Kind::Assignment)],
    };
    let counts = kinds.iter().map(|kind| findings.inside(node.object, *kind));
    let severities = [Severity::Info, Severity::Warning, Severity::Error];
    counts
        .flat_map(|counts| severities.into_iter().filter(move |&severity| counts[severity as usize] > 0))
        .max()
}

/// What stands on the right of a row.
fn note(doc: &Doc, node: Node, count: u32) -> String {
    let counted = |word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    if node.part.kind().is_some() {
        return if count == 0 { String::new() } else { count.to_string() };
    }
    match (node.part, doc.store().kind(node.object)) {
        (Part::Machine(number), _) => {
            doc.machines.get(number).map_or_else(String::new, |one| one.machine.state_word())
        }
        (Part::Object, Kind::Scope) => match doc.machines.roster().at(node.object).len() {
            0 => String::new(),
            1 => "1 VM".to_owned(),
            count => format!("{count} VMs"),
        },
        (Part::Object, Kind::Role | Kind::Task) if count > 0 => counted("op"),
        (Part::Object, Kind::Assignment) if count == 0 => "no members".to_owned(),
        (Part::Object, Kind::Assignment) => counted("member"),
        (Part::Object, Kind::Group) => match doc.store().group_type(node.object) {
            Some(GroupType::LdapQuery) => "LDAP query".to_owned(),
            Some(GroupType::BizRule) => "rule".to_owned(),
            _ if count == 0 => "no members".to_owned(),
            _ => counted("member"),
        },
        (Part::Object, Kind::Operation) => {
            doc.store().operation_id(node.object).map_or_else(String::new, |id| id.to_string())
        }
        _ => String::new(),
    }
}
