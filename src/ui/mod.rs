//! Draws the application; themes and glyphs.

pub mod ansi;
pub mod glyphs;
pub mod show;
pub mod theme;
