//! The terminal's edge: input, session, clipboard, signals, event loop.

mod input;
