//! Pickers: check boxes, or lines to choose one of.

use crate::app::App;
use crate::app::dialog::{PickFor, Picker, Share, Tick, Value};
use crate::app::layout::Area;
use crate::app::room::{WIDEST_DIALOG as WIDEST, dialog_page};
use crate::app::seen::Target;

use super::dialogs::{button, filter, hints, last_line, open, tall};
use super::paint::{Painter, Row};
use super::show;
use super::theme::Face;

/// Cells of the headings of grouped lines, with a blank behind them.
const HEADING: u16 = 17;

/// Cells of what stands on the right of a line, where there is not room for all of it.
const BESIDE: u16 = 20;

/// Draws a picker.
pub fn draw(painter: &mut Painter<'_>, app: &App, picker: &Picker, focused: bool) {
    let area = open(painter, app, &picker.title, WIDEST, tall(picker.ticks.len().max(1), 7));
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, 0, style);
    painter.text(&mut row, &picker.intro, Face::Dialog);
    let mut row = painter.row(area, 1, style);
    let in_filter = picker.typing || picker.is_choice() || picker.list.filter.text().is_empty();
    filter(painter, &mut row, &picker.list.filter, focused && in_filter);
    let page = dialog_page(app);
    if picker.list.shown.is_empty() {
        let text = if picker.ticks.is_empty() { picker.empty.as_str() } else { "Nothing matches." };
        let mut row = painter.row(area, 3, style);
        painter.text(&mut row, text, Face::Dialog);
    }
    let is_grouped = picker.ticks.iter().any(|tick| tick.heading.is_some());
    let mut above = None;
    for (line, position) in (picker.list.top..picker.list.shown.len()).take(page).enumerate() {
        let Some(tick) = picker.list.shown.get(position).and_then(|&index| picker.ticks.get(index)) else {
            continue;
        };
        let face = match (position == picker.list.selected, picker.typing && !picker.is_choice()) {
            (true, false) => Face::Selection,
            // The keyboard is in the filter.
            (true, true) => Face::SelectionInactive,
            _ => Face::Dialog,
        };
        let style = painter.style(face);
        let mut row = painter.row(area, line.saturating_add(3), style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Line(position));
        if is_grouped {
            let heading = tick.heading.unwrap_or("Others");
            painter.column(
                &mut row,
                HEADING,
                if above == Some(heading) { "" } else { heading },
                Face::TextLabel,
            );
            above = Some(heading);
        }
        draw_tick(painter, &mut row, picker, (tick, position));
    }
    let mut row = painter.row(area, last_line(area), style);
    let typing = picker.typing && !picker.is_choice();
    let verb = if typing { "To the list".to_owned() } else { verb(picker) };
    button(painter, &mut row, &verb, "Enter", true);
    button(painter, &mut row, "Cancel", "Esc", false);
    if picker.is_choice() {
        return;
    }
    let keys: &[(&str, &str)] = if typing {
        &[("Ins", "tick"), ("Ctrl+A", "all shown")]
    } else {
        &[("Space", "tick"), ("Ctrl+A", "all shown"), ("a-z", "find")]
    };
    hints(painter, &mut row, keys);
}

fn draw_tick(painter: &mut Painter<'_>, row: &mut Row, picker: &Picker, (tick, position): (&Tick, usize)) {
    let from = row.x;
    if !picker.is_choice() {
        let (sign, face) = match (tick.was, tick.on) {
            (was, on) if was == on => (" ", Face::Dialog),
            (_, Share::None) => (painter.glyphs.removed, Face::Removed),
            _ => (painter.glyphs.added, Face::Added),
        };
        painter.text(row, sign, face);
        let ticked = match tick.on {
            Share::All => painter.glyphs.ticked,
            Share::Some => painter.glyphs.partly,
            Share::None => painter.glyphs.unticked,
        };
        painter.text(row, ticked, Face::Dialog);
        painter.note_from(from, row, Target::Tick(position));
    }
    painter.gap(row, 1);
    if let Value::Account(sid) = &tick.value {
        // Its label is the name as soon as that is known.
        let _ = painter.name_of(sid);
    }
    // The label comes first; what is on its right, a SID perhaps, has the rest, but not less than it needs to be told from
    // others by its beginning and its end.
    let wanted = u16::try_from(show::width(&tick.label)).unwrap_or(u16::MAX);
    let cells = wanted.min(row.room().saturating_sub(BESIDE.min(row.room() / 3))).saturating_add(1);
    let beside = Row { x: row.x.saturating_add(cells).min(row.end), ..*row };
    let mut right = beside;
    painter.right(&mut right, &tick.detail, Face::TextDim);
    row.end = right.end;
    painter.text(row, &tick.label, Face::Dialog);
}

fn verb(picker: &Picker) -> String {
    match (&picker.purpose, picker.changed()) {
        (PickFor::MoveTo(_) | PickFor::Machines(_), _) => "Move here".to_owned(),
        (PickFor::Map(_), _) => "Link to this".to_owned(),
        (_, 0) => "Close".to_owned(),
        (PickFor::NewAssignments(_), 1) => "Create 1 assignment".to_owned(),
        (PickFor::NewAssignments(_), count) if count > 1 => format!("Create {count} assignments"),
        (PickFor::CopyTo(_), 1) => "Copy into 1 place".to_owned(),
        (PickFor::CopyTo(_), count) => format!("Copy into {count} places"),
        (PickFor::Accounts, 1) => "Add 1 account".to_owned(),
        (PickFor::Accounts, count) => format!("Add {count} accounts"),
        (_, 1) => "Keep 1 change".to_owned(),
        (_, count) => format!("Keep {count} changes"),
    }
}
