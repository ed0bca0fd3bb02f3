//! The editor as a user sees it: keys in, screen out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod driver;
mod flows;
mod history;
mod merge;
mod monkey;
mod problems;
mod recovery;
mod saving;
mod screens;
mod stores;
