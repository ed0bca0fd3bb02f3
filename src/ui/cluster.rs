//! Stores side by side: their names, a line for each object that differs, and below them what differs about the
//! selected one.

use crate::app::App;
use crate::app::dialog::cluster::{ClusterView, NAMES};
use crate::app::layout::Area;
use crate::app::room::{cluster_below, dialog_page};
use crate::app::seen::Target;
use crate::hyperv::cluster::Differing;
use crate::report::cluster::{LEGEND, letter};
use crate::store::Kind;

use super::dialogs::{above_buttons, button, hints, last_line, open_wide};
use super::paint::Painter;
use super::show;
use super::theme::Face;

/// Cells of the word for a kind.
const KIND: u16 = 16;

/// Draws the view.
pub fn draw(painter: &mut Painter<'_>, app: &App, view: &ClusterView) {
    let count = view.columns.len();
    let area = open_wide(painter, app, &format!("Compare {count} stores"), u16::MAX, u16::MAX);
    names(painter, view, area);
    let first = count.min(NAMES);
    let page = dialog_page(app);
    let style = painter.style(Face::Dialog);
    if view.comparison.objects.is_empty() {
        let mut row = painter.row(area, first.saturating_add(1), style);
        let text = "No difference: the same objects with the same links, whatever their GUIDs.";
        painter.text(&mut row, text, Face::Dialog);
    } else {
        list(painter, view, area, (first, page));
        details(painter, app, view, area, first.saturating_add(page).saturating_add(1));
    }
    below(painter, view, area);
}

/// The stores, each with its letter; the selected one stands out.
fn names(painter: &mut Painter<'_>, view: &ClusterView, area: Area) {
    let top = view.column.saturating_add(1).saturating_sub(NAMES);
    for (line, (at, column)) in view.columns.iter().enumerate().skip(top).take(NAMES).enumerate() {
        let is_selected = at == view.column;
        let style = painter.style(if is_selected { Face::SelectionInactive } else { Face::Dialog });
        let mut row = painter.row(area, line, style);
        painter.text(&mut row, &letter(at).to_string(), Face::TextStrong);
        painter.gap(&mut row, 2);
        painter.right(&mut row, &column.state, Face::Changed);
        painter.text(&mut row, &column.name, Face::Dialog);
    }
}

/// The letters of the stores, and the objects that differ.
fn list(painter: &mut Painter<'_>, view: &ClusterView, area: Area, (first, page): (usize, usize)) {
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, first, style);
    painter.gap(&mut row, 2);
    for at in 0..view.columns.len() {
        let face = if at == view.column { Face::TextStrong } else { Face::TextDim };
        painter.text(&mut row, &letter(at).to_string(), face);
        painter.gap(&mut row, 1);
    }
    painter.gap(&mut row, 1);
    let objects = &view.comparison.objects;
    let differ = match objects.len() {
        1 => "1 object differs".to_owned(),
        count => format!("{count} objects differ"),
    };
    let marked =
        if view.marked.is_empty() { String::new() } else { format!(", {} marked", view.marked.len()) };
    painter.right(&mut row, "one number: alike   -: not there", Face::TextDim);
    painter.text(&mut row, &differ, Face::TextLabel);
    painter.text(&mut row, &marked, Face::TextLabel);
    let visible = || objects.iter().enumerate().skip(view.top).take(page);
    let names = visible().map(|(_, object)| show::width(name(object))).max().unwrap_or(0);
    for (line, (at, object)) in visible().enumerate() {
        let face = match (at == view.selected, view.in_details) {
            (true, false) => Face::Selection,
            (true, true) => Face::SelectionInactive,
            (false, _) => Face::Dialog,
        };
        let style = painter.style(face);
        let mut row = painter.row(area, first.saturating_add(line).saturating_add(1), style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Line(at));
        let mark = if view.marked.contains(&at) { painter.glyphs.marked } else { " " };
        painter.text(&mut row, mark, Face::TextStrong);
        painter.gap(&mut row, 1);
        for variant in &object.variants {
            let (sign, face) = sign(*variant);
            painter.text(&mut row, &sign, face);
            painter.gap(&mut row, 1);
        }
        painter.gap(&mut row, 1);
        painter.column(&mut row, KIND, object.kind.word(), Face::TextLabel);
        painter.gap(&mut row, 1);
        let most = row.room().saturating_mul(3) / 5;
        let cells = u16::try_from(names).unwrap_or(u16::MAX).min(most);
        painter.column(&mut row, cells, name(object), Face::Dialog);
        painter.gap(&mut row, 2);
        painter.text(&mut row, &object.place, Face::TextDim);
    }
}

/// `1` for what the first store that has it says, `2` for what is said instead, `-` where it is not there. More than
/// nine variants of one object are one sign.
fn sign(variant: Option<usize>) -> (String, Face) {
    match variant {
        None => ("-".to_owned(), Face::Removed),
        Some(1) => ("1".to_owned(), Face::Dialog),
        Some(number @ 2..=9) => (number.to_string(), Face::Changed),
        Some(_) => ("+".to_owned(), Face::Changed),
    }
}

fn name(object: &Differing) -> &str {
    if object.kind == Kind::Store { "the store itself" } else { &object.name }
}

fn details(painter: &mut Painter<'_>, app: &App, view: &ClusterView, area: Area, first: usize) {
    let Some(object) = view.object() else { return };
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, first, style);
    // The sign that the heading of the list has not explained, where that leaves the path whole.
    if show::width(&object.path).saturating_add(show::width(LEGEND)).saturating_add(3)
        <= usize::from(row.room())
    {
        painter.right(&mut row, LEGEND, Face::TextDim);
    }
    painter.text(&mut row, &object.path, Face::TextLabel);
    let room = cluster_below(app);
    for (at, text) in view.details.iter().skip(view.details_top).take(room).enumerate() {
        let mut row = painter.row(area, first.saturating_add(at).saturating_add(1), style);
        painter.notice_in(text);
        painter.text(&mut row, text, Face::Dialog);
    }
}

fn below(painter: &mut Painter<'_>, view: &ClusterView, area: Area) {
    let style = painter.style(Face::Dialog);
    if let Some(said) = &view.said {
        above_buttons(painter, area, said, Face::TextStrong);
    }
    let mut row = painter.row(area, last_line(area), style);
    let differs = !view.comparison.objects.is_empty();
    if differs {
        button(painter, &mut row, "Go", "Enter", !view.in_details);
        button(painter, &mut row, &format!("Align {}", letter(view.column)), "i", false);
    }
    button(painter, &mut row, "Back", "Esc", !differs);
    let mut keys = vec![("Left/Right", "store")];
    if differs {
        keys.push(("Space", "mark"));
    }
    keys.extend([("o", "add"), ("x", "leave out")]);
    if differs {
        keys.push(("Tab", if view.in_details { "list" } else { "details" }));
    }
    hints(painter, &mut row, &keys);
}
