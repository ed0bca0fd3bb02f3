//! Lists of places: the jump list, and where something is used.

use crate::app::App;
use crate::app::dialog::Places;
use crate::app::layout::Area;
use crate::app::room::{WIDEST_DIALOG as WIDEST, dialog_page};
use crate::app::seen::Target;

use super::dialogs::{button, filter, last_line, open};
use super::paint::Painter;
use super::theme::Face;

/// Cells of the column that says what a place is.
const WHAT: u16 = 18;

/// Draws the typed line, the rows, how many there are, and the selected row's place in full.
pub fn draw(painter: &mut Painter<'_>, app: &App, places: &Places, focused: bool) {
    let area = open(painter, app, &places.title, WIDEST, u16::MAX);
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, 0, style);
    filter(painter, &mut row, &places.list.filter, focused);
    let list = &places.list;
    if list.shown.is_empty() {
        let text = if !places.is_done() {
            "Looking for it."
        } else if places.spots.is_empty() {
            &places.empty
        } else {
            "Nothing matches."
        };
        let mut row = painter.row(area, 2, style);
        painter.text(&mut row, text, Face::Dialog);
    }
    for (line, position) in (list.top..list.shown.len()).take(dialog_page(app)).enumerate() {
        let Some(spot) = list.shown.get(position).and_then(|&index| places.spots.get(index)) else {
            continue;
        };
        let face = if position == list.selected { Face::Selection } else { Face::Dialog };
        let style = painter.style(face);
        let mut row = painter.row(area, line.saturating_add(2), style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Line(position));
        let third = row.room() / 3;
        painter.column(&mut row, third, &spot.name, Face::Dialog);
        painter.gap(&mut row, 1);
        painter.column(&mut row, WHAT, &spot.what, Face::TextDim);
        painter.gap(&mut row, 1);
        painter.text(&mut row, &spot.place, Face::Dialog);
    }
    let mut row = painter.row(area, last_line(area), style);
    button(painter, &mut row, "Go there", "Enter", true);
    button(painter, &mut row, "Close", "Esc", false);
    let (listed, count) = (list.shown.len(), places.count());
    let count = match (places.is_done(), listed == count) {
        (false, _) => format!("{count} so far"),
        (true, true) => count.to_string(),
        (true, false) => format!("{listed} of {count}"),
    };
    painter.text(&mut row, &count, Face::TextDim);
}
