//! Findings, diffs and stores as text, JSON, Markdown, HTML, SARIF.
//!
//! Everything here writes to a given `Write` and reads nothing but its arguments. Formats for people go through
//! [`show`], so that no name acts on a terminal or hides; JSON holds the truth, with such characters as escapes.

pub mod access;
pub mod access_html;
pub mod access_table;
pub mod cluster;
pub mod denials;
pub mod differences;
pub mod evidence;
pub mod findings;
pub mod gains;
pub mod html;
pub mod json;
pub mod list;
pub mod machines;
pub mod markdown;
pub mod names;
pub mod outline;
pub mod patches;
pub mod rights;
pub mod sarif;
pub mod shell;
pub mod show;
pub mod store_json;
pub mod store_text;
pub mod unreadable;
