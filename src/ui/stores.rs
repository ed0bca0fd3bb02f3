//! The list of the open stores.

use crate::app::App;
use crate::app::dialog::StoreList;
use crate::app::layout::Area;
use crate::app::room::{WIDEST_DIALOG as WIDEST, dialog_page};
use crate::app::seen::Target;

use super::dialogs::{button, filter, hints, last_line, open, tall};
use super::paint::Painter;
use super::show;
use super::theme::Face;

/// Draws the list: name, what is unsaved, path.
pub fn draw(painter: &mut Painter<'_>, app: &App, list: &StoreList, focused: bool) {
    let title = format!("{} open stores", list.rows.len());
    let title = if list.rows.len() == 1 { "1 open store" } else { title.as_str() };
    let area = open(painter, app, title, WIDEST, tall(list.rows.len(), 6));
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, 0, style);
    filter(painter, &mut row, &list.list.filter, focused);
    if list.list.shown.is_empty() {
        let mut row = painter.row(area, 2, style);
        painter.text(&mut row, "Nothing matches.", Face::Dialog);
    }
    let shown: Vec<(usize, &crate::app::dialog::StoreRow)> = (list.list.top..list.list.shown.len())
        .take(dialog_page(app))
        .filter_map(|position| Some((position, list.rows.get(*list.list.shown.get(position)?)?)))
        .collect();
    let widest = |cells: fn(&crate::app::dialog::StoreRow) -> usize, most: usize| {
        let cells = shown.iter().map(|(_, row)| cells(row)).max().unwrap_or(0);
        u16::try_from(cells.min(most)).unwrap_or(u16::MAX)
    };
    let names = widest(|row| show::width(&row.name), usize::from(area.width) / 3);
    let states = widest(|row| show::width(&row.state), 20);
    for (line, (position, store)) in shown.iter().enumerate() {
        let face = if *position == list.list.selected { Face::Selection } else { Face::Dialog };
        let style = painter.style(face);
        let mut row = painter.row(area, line.saturating_add(2), style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Line(*position));
        let mark = if store.state.is_empty() { " " } else { painter.glyphs.changed };
        painter.text(&mut row, mark, Face::Changed);
        painter.gap(&mut row, 1);
        painter.column(&mut row, names, &store.name, Face::Dialog);
        painter.gap(&mut row, 2);
        painter.column(&mut row, states, &store.state, Face::Changed);
        painter.gap(&mut row, if states > 0 { 2 } else { 0 });
        let room = row.room();
        painter.column(&mut row, room, &store.place, Face::TextDim);
    }
    let mut row = painter.row(area, last_line(area), style);
    button(painter, &mut row, "Show", "Enter", true);
    button(painter, &mut row, "Cancel", "Esc", false);
    hints(painter, &mut row, &[("Ctrl+W", "close it")]);
}
