//! Lists of what was: the steps of this session, the versions of a file.

use crate::app::App;
use crate::app::dialog::past::{Past, PastDialog};
use crate::app::room::dialog_page;

use super::dialogs::{button, hints, last_line, open, tall};
use super::paint::Painter;
use super::theme::Face;

/// Draws the list.
pub fn draw(painter: &mut Painter<'_>, app: &App, past: &PastDialog) {
    let area = open(painter, app, &past.title, u16::MAX, tall(past.rows.len(), 5));
    let page = dialog_page(app);
    for (at, (index, line)) in past.rows.iter().enumerate().skip(past.top).take(page).enumerate() {
        let selected = index == past.selected;
        let style = painter.style(if selected { Face::Selection } else { Face::Dialog });
        let mut row = painter.row(area, at.saturating_add(1), style);
        painter.text(&mut row, if line.is_now { painter.glyphs.closed } else { " " }, Face::Dialog);
        painter.gap(&mut row, 1);
        let face = match (line.is_now, line.is_dim) {
            (true, _) => Face::TextStrong,
            (false, true) => Face::TextDim,
            (false, false) => Face::Dialog,
        };
        // The text comes first; what else there is to say has the rest.
        let cells = u16::try_from(super::show::width(&line.text)).unwrap_or(u16::MAX);
        let cells = cells.min(row.room());
        painter.column(&mut row, cells, &line.text, face);
        if row.room() > 12 {
            painter.right(&mut row, &line.detail, Face::TextDim);
        }
    }
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, last_line(area), style);
    if past.past == Past::Steps {
        button(painter, &mut row, "Go there", "Enter", true);
    } else {
        button(painter, &mut row, "Restore", "r", false);
        button(painter, &mut row, "What it changed", "Enter", true);
    }
    button(painter, &mut row, "Close", "Esc", false);
    hints(painter, &mut row, &[("Up/Down", "select")]);
    if past.rows.len() > page {
        let seen = past.top.saturating_add(page).min(past.rows.len());
        painter.right(&mut row, &format!("{seen}/{}", past.rows.len()), Face::TextDim);
    }
}
