//! The terminal's edge: input, session, clipboard, signals, event loop.

pub mod input;
pub mod reader;
pub mod session;
#[cfg(unix)]
pub mod watch;
