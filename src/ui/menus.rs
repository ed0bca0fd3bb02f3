//! The context menu.

use crate::app::App;
use crate::app::actions;
use crate::app::dialog::Menu;
use crate::app::layout::Area;
use crate::app::room::dialog_page;
use crate::app::seen::Target;

use super::dialogs::{about, last_line, open_at};
use super::paint::Painter;
use super::theme::Face;

/// Cells of the menu: it holds a sentence that says why something cannot be done.
const WIDTH: u16 = 60;

/// Draws the menu: digit, label and key of each line, and under them what the selected one does or why it cannot.
pub fn draw(painter: &mut Painter<'_>, app: &App, menu: &Menu) {
    let height = u16::try_from(menu.items.len().saturating_add(4)).unwrap_or(u16::MAX);
    let area = open_at(painter, app, &menu.title, (WIDTH, height), menu.at);
    let dialog = painter.style(Face::Dialog);
    for (line, index) in (menu.top..menu.items.len()).take(dialog_page(app)).enumerate() {
        let Some(action) = menu.items.get(index).and_then(|&id| actions::get(id)) else { continue };
        let is_enabled = action.can(app).is_ok();
        let style = if index == menu.selected { painter.style(Face::Selection) } else { dialog };
        let mut row = painter.row(area, line, style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Line(index));
        let (key, text) =
            if is_enabled { (Face::Key, Face::Dialog) } else { (Face::Disabled, Face::Disabled) };
        let digit = if index < 9 { index.saturating_add(1).to_string() } else { String::new() };
        painter.column(&mut row, 3, &digit, key);
        painter.right(&mut row, &app.keys.shown(action.id), key);
        painter.text(&mut row, action.label, text);
    }
    let mut row = painter.row(area, last_line(area), dialog);
    if let Some(action) = menu.items.get(menu.selected).and_then(|&id| actions::get(id)) {
        about(painter, app, &mut row, action);
    }
}
