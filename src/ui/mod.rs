//! Draws the application; themes and glyphs.

pub mod glyphs;
pub mod theme;
