//! The editor as a user sees it: keys in, screen out.
#![allow(clippy::string_slice, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod access;
mod accounts;
mod clip;
mod cluster;
mod disk;
mod driver;
mod find;
mod flows;
mod halfway;
mod history;
mod hosts;
mod hyperv;
mod keys;
mod look;
mod machines;
mod merge;
mod monkey;
mod mouse;
mod names;
mod paths;
mod problems;
mod recorded;
mod recovery;
mod rules;
mod saving;
mod screens;
mod small;
mod stores;
mod work;
