//! Draws the application; themes and glyphs.
