//! Draws the application; themes and glyphs.
//!
//! [`draw`] reads the state and fills a frame; it changes nothing and keeps nothing. Only what is visible is looked
//! at, so a frame costs the same whatever the store holds.
//!
//! - [`theme`], [`colour`], [`glyphs`]: what the screen wears and is drawn with.
//! - [`show`], [`mod@paint`]: text onto cells, made harmless.
//! - [`ansi`]: a frame into the bytes that make a terminal show it; [`console`]: into cells, for a console that
//!   takes no such bytes.
//! - `screen`: title, path, frame, status and key bar; `tree`, `details`, `problems`: the panes; `start`: the
//!   screen without a store; `dialogs`, `forms`, `area`, `rule`, `menus`, `palette`, `picking`,
//!   `places`, `stores`: what stands over the panes.

pub mod ansi;
pub mod colour;
pub mod console;
pub mod glyphs;
pub mod paint;
pub mod show;
pub mod theme;

mod access;
mod access_over;
mod area;
mod cluster;
mod denials;
mod details;
mod dialogs;
mod forms;
mod menus;
mod merging;
mod palette;
mod past;
mod pasting;
mod pen;
mod picking;
mod places;
mod problems;
mod rule;
mod saving;
mod screen;
mod start;
mod stores;
mod themes;
mod tree;
mod work;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use crate::app::App;
use crate::app::seen::Seen;

use glyphs::Glyphs;
use paint::Painter;
use theme::{Face, Theme};

/// Draws the program into a frame, and puts the terminal's cursor where text is typed. Returns what can be clicked.
pub fn draw(app: &App, theme: &Theme, glyphs: &Glyphs, frame: &mut Frame<'_>) -> Seen {
    let drawn = paint(app, theme, glyphs, frame.buffer_mut());
    if let Some(position) = drawn.cursor.filter(|position| frame.area().contains(*position)) {
        frame.set_cursor_position(position);
    }
    drawn.seen
}

/// What came of drawing, besides the cells.
#[derive(Debug, Default)]
pub struct Drawn {
    /// Where the cursor goes, if it is shown.
    pub cursor: Option<Position>,
    /// What can be clicked, and where.
    pub seen: Seen,
}

/// Draws the program into a buffer.
pub fn paint(app: &App, theme: &Theme, glyphs: &Glyphs, buffer: &mut Buffer) -> Drawn {
    let area = buffer.area;
    let (needle, plain) = (app.needle(), app.plain);
    let names = &app.names;
    let mut painter = Painter { buffer, theme, glyphs, needle, names, plain, drawn: Drawn::default() };
    let screen = crate::app::layout::Area::new(area.x, area.y, area.width, area.height);
    painter.fill(screen, theme.style(Face::Text));
    // A frame may be drawn before the resize it belongs to was taken in: what does not fit is cut.
    let cut = app.layout();
    if cut.too_small {
        start::too_small(&mut painter, screen);
        return painter.drawn;
    }
    match app.doc() {
        Some(doc) => screen::draw(&mut painter, app, doc, &cut),
        None => start::draw(&mut painter, app, &cut),
    }
    dialogs::draw(&mut painter, app);
    work::draw(&mut painter, app);
    painter.drawn
}
