//! The editor as a user sees it: keys in, screen out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod disk;
mod driver;
mod flows;
mod monkey;
mod recovery;
mod saving;
mod screens;
mod stores;
mod work;
