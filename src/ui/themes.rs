//! The list of themes.

use crate::app::App;
use crate::app::dialog::ThemeList;
use crate::app::room::dialog_page;

use super::dialogs::{button, last_line, open, tall};
use super::paint::Painter;
use super::theme::Face;

/// Draws it: name, and what the theme says of itself; below, what is wrong in the worn one.
pub fn draw(painter: &mut Painter<'_>, app: &App, list: &ThemeList) {
    let area = open(painter, app, "Theme: what is selected is worn", 72, tall(list.themes.len(), 6));
    let style = painter.style(Face::Dialog);
    let visible = list.themes.iter().enumerate().skip(list.top).take(dialog_page(app));
    for (line, (index, theme)) in visible.enumerate() {
        let face = if index == list.selected { Face::Selection } else { Face::Dialog };
        let style = painter.style(face);
        let mut row = painter.row(area, line.saturating_add(1), style);
        painter.gap(&mut row, 1);
        painter.column(&mut row, 15, &theme.name, Face::Dialog);
        painter.gap(&mut row, 1);
        painter.text(&mut row, &theme.about, Face::TextDim);
    }
    if let Some(fault) = list.faults.first() {
        let mut row = painter.row(area, last_line(area).saturating_sub(1), style);
        painter.text(&mut row, painter.glyphs.alarm, Face::Warning);
        painter.gap(&mut row, 1);
        let more = list.faults.len().saturating_sub(1);
        let text = if more == 0 { fault.clone() } else { format!("{fault} (and {more} more)") };
        painter.text(&mut row, &text, Face::Warning);
    }
    let mut row = painter.row(area, last_line(area), style);
    button(painter, &mut row, "Wear", "Enter", true);
    button(painter, &mut row, "Back to the one before", "Esc", false);
}
