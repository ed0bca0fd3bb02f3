//! Work that holds everything up: what it is, how far it is, and how to stop it.

use crate::app::App;
use crate::app::work::Busy;

use super::dialogs::{button, last_line, open};
use super::paint::Painter;
use super::show;
use super::theme::Face;

/// Cells of the bar.
const BAR: usize = 40;

/// Draws the work that is under way, once it takes long.
pub fn draw(painter: &mut Painter<'_>, app: &App) {
    let Some(busy) = app.busy.as_ref().filter(|busy| busy.is_shown) else { return };
    let widest = [show::width(&busy.what), show::width(busy.note), BAR.saturating_add(8)];
    let width = u16::try_from(widest.into_iter().max().unwrap_or(0).saturating_add(4)).unwrap_or(u16::MAX);
    let area = open(painter, app, &busy.what, width, 7);
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, 0, style);
    painter.text(&mut row, &bar(busy), Face::Dialog);
    let mut row = painter.row(area, 2, style);
    painter.text(&mut row, busy.note, Face::TextDim);
    let mut row = painter.row(area, last_line(area), style);
    button(painter, &mut row, "Stop", "Esc", true);
}

/// `[########        ]  50 %`, or nothing but the room for it where it is not known how much there is to do.
fn bar(busy: &Busy) -> String {
    busy.progress.percent().map_or_else(String::new, |percent| {
        let filled = percent.saturating_mul(BAR.saturating_sub(2)) / 100;
        format!("[{:<width$}] {percent:>3} %", "#".repeat(filled), width = BAR.saturating_sub(2))
    })
}
