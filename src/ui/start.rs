//! The screen without a store: the ways in. And the screen that is too small for anything.

use crate::app::input::{Key, KeyPress};
use crate::app::layout::{Area, Layout};
use crate::app::seen::Target;
use crate::app::{App, actions};

use super::paint::Painter;
use super::screen;
use super::theme::Face;

/// Stores that a number opens.
const NUMBERED: usize = 9;

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
    let mut below = 7;
    if !app.opened_before.is_empty() {
        let mut row = painter.row(area, below, style);
        painter.text(&mut row, "Opened before", Face::TextLabel);
        below = below.saturating_add(recent(painter, app, area, below.saturating_add(1))).saturating_add(2);
    }
    let mut row = painter.row(area, below, style);
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

/// Draws the stores that were opened last from this line on, each with the number that opens it; says how many.
fn recent(painter: &mut Painter<'_>, app: &App, area: Area, from: usize) -> usize {
    let style = painter.style(Face::Text);
    let room = usize::from(area.height).saturating_sub(from).saturating_sub(2);
    let stores = app.opened_before.iter().take(room.min(NUMBERED));
    for (number, store) in ('1'..='9').zip(stores.clone()) {
        let line = from.saturating_add(usize::from(number as u8 - b'1'));
        let mut row = painter.row(area, line, style);
        painter.gap(&mut row, 2);
        painter.text(
            &mut row,
            &number.to_string(),
            if store.is_there { Face::Key } else { Face::KeyDisabled },
        );
        painter.gap(&mut row, 2);
        if !store.is_there {
            painter.right(&mut row, "not there", Face::TextDim);
        }
        let face = if store.is_there { Face::Text } else { Face::TextDim };
        let cells = row.room();
        painter.column(&mut row, cells, &store.path.display().to_string(), face);
        painter.note_from(area.x, &row, Target::Key(KeyPress::plain(Key::Char(number))));
    }
    stores.len()
}

/// Says that nothing fits.
pub fn too_small(painter: &mut Painter<'_>, area: Area) {
    let style = painter.style(Face::Text);
    for (line, text) in ["window too small", "40 x 10 is needed"].iter().enumerate() {
        let mut row = painter.row(area, line, style);
        painter.text(&mut row, text, Face::Text);
    }
}
