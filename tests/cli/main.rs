//! The command line as a script meets it: the real binary, its output and its exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, clippy::string_slice)]

mod access;
mod check;
mod diff;
mod edit;
mod evidence;
mod explain;
mod guard;
mod hostile;
mod names;
mod other;
mod promises;
mod recipe;
mod rights;
mod self_test;
mod show;
mod support;
mod versions;
mod vm;
