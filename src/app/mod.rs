//! The interactive program as a state machine.

pub mod effect;

pub use effect::{DocId, Effect, HostEvent, JournalStep, OpenedFile, Recovery, SaveFailure};
