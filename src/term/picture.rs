//! The picture on the terminal, made in whichever way the terminal takes one.

use std::io;

use super::session::{self, Kind};
use crate::app::App;
use crate::app::seen::Seen;
use crate::ui::glyphs::Glyphs;
use crate::ui::theme::Theme;
use crate::ui::{self, ansi};

/// What the terminal shows, and how to make it show something else.
pub enum Picture {
    Sequences(ansi::Screen),
    #[cfg(windows)]
    Cells(ui::console::Screen),
}

impl Picture {
    /// A picture of this many cells on a terminal of this kind.
    pub fn new(kind: Kind, width: u16, height: u16) -> Self {
        match kind {
            Kind::Sequences => Self::Sequences(ansi::Screen::new(width, height)),
            #[cfg(windows)]
            Kind::Cells(around) => Self::Cells(ui::console::Screen::new(width, height, around)),
        }
    }

    /// The window has another size now.
    pub fn resize(&mut self, width: u16, height: u16) {
        match self {
            Self::Sequences(screen) => screen.resize(width, height),
            #[cfg(windows)]
            Self::Cells(screen) => screen.resize(width, height),
        }
    }

    /// Something else wrote on the terminal.
    pub fn repaint(&mut self) {
        match self {
            Self::Sequences(screen) => screen.repaint(),
            #[cfg(windows)]
            Self::Cells(screen) => screen.repaint(),
        }
    }

    /// Shows the application as it is. Returns what can be clicked.
    pub fn draw(&mut self, app: &App, theme: &Theme, glyphs: &Glyphs) -> io::Result<Seen> {
        let mut seen = Seen::default();
        match self {
            Self::Sequences(screen) => {
                let bytes = screen.frame(|frame| seen = ui::draw(app, theme, glyphs, frame));
                session::write(&bytes)?;
            }
            #[cfg(windows)]
            Self::Cells(screen) => {
                let update = screen.frame(|buffer| {
                    let drawn = ui::paint(app, theme, glyphs, buffer);
                    seen = drawn.seen;
                    drawn.cursor
                });
                session::show(&update)?;
            }
        }
        Ok(seen)
    }
}
