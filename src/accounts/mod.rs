//! Security identifiers: parse, print, well-known names.
