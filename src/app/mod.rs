//! The interactive program as a state machine.

pub mod effect;
pub mod input;
pub mod line;

pub use effect::{DocId, Effect, HostEvent, JournalStep, OpenedFile, Recovery, SaveFailure};
