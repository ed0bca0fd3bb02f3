//! The terminal's edge: input, session, clipboard, signals, event loop.
//!
//! In reading order: [`run()`] is the loop. It learns how to look from [`Wishes`], takes the terminal over and gives it
//! back, reads keys on a thread, watches for signals on another, and lets a host carry out what the
//! application asks for.

mod clerk;
mod clipboard;
mod comparing;
mod config;
mod events;
mod facts;
mod host;
mod input;
mod look;
mod machines;
pub mod names;
mod opening;
mod paths;
mod picture;
mod reader;
mod run;
mod saving;
mod session;
mod settings;
mod texts;
mod watch;

pub use crate::app::about::About;
pub use clerk::{Ask, Clerk, PATIENCE};
pub use clipboard::round_trip as clipboard_round_trip;
pub use config::annotated as annotated_config;
pub use facts::facts;
pub use machines::{ScriptHost, system_program};
pub use paths::at_home;
pub use run::{Options, Start, run};
pub use session::restore as give_back;
pub use settings::{Wishes, configured_names};
// Part of `Options`: who starts the editor need not know `app`.
pub use crate::app::machines::Source;
pub use crate::app::state::Locate;
// Part of `Wishes`: who starts the editor need not know `ui`.
pub use crate::ui::glyphs::Tier;
