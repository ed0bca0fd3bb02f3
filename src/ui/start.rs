//! The screen without a store: the ways in. And the screen that is too small for anything.

use crate::app::input::{Key, KeyPress};
use crate::app::layout::{Area, Layout};
use crate::app::seen::Target;
use crate::app::{App, actions};

use super::paint::Painter;
use super::screen;
use super::theme::Face;

/// Draws the ways in.
pub fn draw(painter: &mut Painter<'_>, app: &App, cut: &Layout) {
    if app.busy.is_some() {
        // The ways in are none while a store is on its way.
        return;
    }
    let style = painter.style(Face::Text);
    let width = 68.min(cut.screen.width.saturating_sub(4));
    let x = cut.screen.width.saturating_sub(width) / 2;
    let top = cut.screen.height.saturating_sub(11) / 3;
    let area = Area::new(x, top, width, cut.status.y.saturating_sub(top));
    let mut row = painter.row(area, 0, style);
    painter.text(&mut row, "azedit", Face::TextStrong);
    let mut row = painter.row(area, 1, style);
    painter.text(&mut row, "An editor for Authorization Manager policy stores", Face::Text);
    for (line, (key, _, text)) in actions::START.iter().enumerate() {
        let mut row = painter.row(area, line.saturating_add(3), style);
        painter.gap(&mut row, 2);
        painter.text(&mut row, &key.to_string(), Face::Key);
        painter.gap(&mut row, 2);
        painter.text(&mut row, text, Face::Text);
        painter.note_from(area.x, &row, Target::Key(KeyPress::plain(Key::Char(*key))));
    }
    let mut row = painter.row(area, 7, style);
    painter.text(&mut row, "On the command line: azedit STORE, azedit --help", Face::TextDim);
    if let Some(message) = &app.message {
        let mut row = painter.row(cut.status, 0, style);
        painter.gap(&mut row, 1);
        painter.text(
            &mut row,
            &message.text,
            if message.is_error { Face::MessageError } else { Face::Message },
        );
    }
    screen::keys(painter, app, cut.keys);
}

/// Says that nothing fits.
pub fn too_small(painter: &mut Painter<'_>, area: Area) {
    let style = painter.style(Face::Text);
    for (line, text) in ["window too small", "40 x 10 is needed"].iter().enumerate() {
        let mut row = painter.row(area, line, style);
        painter.text(&mut row, text, Face::Text);
    }
}
