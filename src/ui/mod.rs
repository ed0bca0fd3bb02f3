//! Draws the application; themes and glyphs.
//!
//! [`draw`] reads the state and fills a frame; it changes nothing and keeps nothing. Only what is visible is looked
//! at, so a frame costs the same whatever the store holds.
//!
//! - [`theme`], [`glyphs`]: what the screen wears and is drawn with.
//! - [`show`], [`paint`]: text onto cells, made harmless.
//! - [`ansi`]: a frame into the bytes that make a terminal show it.
//! - `screen`: title, path, frame, status and key bar; `tree`, `details`, `problems`: the panes; `start`: the
//!   screen without a store; `dialogs`, `forms`, `stores`: what stands over the panes.

pub mod ansi;
pub mod glyphs;
pub mod paint;
pub mod show;
pub mod theme;

mod details;
mod dialogs;
mod forms;
mod pen;
mod picking;
mod problems;
mod screen;
mod start;
mod stores;
mod tree;
mod work;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use crate::app::App;

use glyphs::Glyphs;
use paint::Painter;
use theme::{Face, Theme};

/// Draws the program into a frame, and puts the terminal's cursor where text is typed.
pub fn draw(app: &App, theme: &Theme, glyphs: &Glyphs, frame: &mut Frame<'_>) {
    let cursor = paint_all(app, theme, glyphs, frame.buffer_mut());
    if let Some(position) = cursor.filter(|position| frame.area().contains(*position)) {
        frame.set_cursor_position(position);
    }
}

/// Draws the program into a buffer; returns where the cursor goes, if it is shown.
pub fn paint_all(app: &App, theme: &Theme, glyphs: &Glyphs, buffer: &mut Buffer) -> Option<Position> {
    let area = buffer.area;
    let mut painter = Painter { buffer, theme, glyphs, cursor: None };
    let screen = crate::app::layout::Area::new(area.x, area.y, area.width, area.height);
    painter.fill(screen, theme.style(Face::Text));
    // A frame may be drawn before the resize it belongs to was taken in: what does not fit is cut.
    let cut = app.layout();
    if cut.too_small {
        start::too_small(&mut painter, screen);
        return None;
    }
    match app.doc() {
        Some(doc) => screen::draw(&mut painter, app, doc, &cut),
        None => start::draw(&mut painter, app, &cut),
    }
    dialogs::draw(&mut painter, app);
    work::draw(&mut painter, app);
    painter.cursor
}
