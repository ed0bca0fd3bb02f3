//! Who may do what: the engine against a second implementation that is slow and obviously right, on random stores, and
//! the stories from the field as tables.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    clippy::cast_possible_truncation
)]

mod engine;
mod gains;
mod random;
mod remedies;
mod roster;
mod slow;
mod stories;
#[path = "../support/mod.rs"]
mod support;
