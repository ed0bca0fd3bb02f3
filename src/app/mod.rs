//! The interactive program as a state machine.
//!
//! [`App`] is plain data; [`update`](update()) takes an [`Input`] and gives back [`Effect`]s for the host. Nothing
//! here draws, opens a file, knows a terminal or a clock. In reading order:
//!
//! - [`input`], [`effect`]: what comes in, and what is asked of the outside.
//! - [`state`]: the program and an open store.
//! - [`layout`], [`tree`], [`sheet`], [`entries`], [`marks`], [`marked`], [`search`], [`mod@line`], [`mod@wrap`]: the parts of the screen as data.
//! - [`dialog`]: what stands over the panes.
//! - [`actions`], [`enabled`]: the one table of actions, and why one cannot act.
//! - [`moving`], [`editing`], [`creating`], [`linking`], [`bulk`], [`finding`], [`filing`], [`saving`], [`texts`]:
//!   what actions do.
//! - [`stores`]: which of the open ones is shown, and how one is left; [`answers`]: what the host's answers do;
//!   [`conflict`]: the file is not what was read; [`work`]: what takes long.
//! - [`changes`], [`journal`]: from what is pointed at to the change language, and to the recovery journal.
//! - [`mod@update`]: from an input to the next state.

pub mod actions;
pub mod answers;
pub mod bulk;
pub mod changes;
pub mod conflict;
pub mod creating;
pub mod dialog;
pub mod editing;
pub mod effect;
pub mod enabled;
pub mod entries;
pub mod filing;
pub mod finding;
pub mod input;
pub mod journal;
pub mod layout;
pub mod line;
pub mod linking;
pub mod marked;
pub mod marks;
pub mod moving;
pub mod saving;
pub mod search;
pub mod sheet;
pub mod state;
pub mod stores;
pub mod texts;
pub mod tree;
pub mod update;
pub mod work;
pub mod wrap;

pub use effect::{
    Content, DocId, Effect, Existing, HostEvent, JournalStep, OnDisk, OpenedFile, Recovery, SaveFailure,
    TextFailure, TextFile, TextId,
};
pub use input::Input;
pub use state::{App, Doc, SaveRequest};
pub use update::update;
