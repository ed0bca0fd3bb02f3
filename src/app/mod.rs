//! The interactive program as a state machine.
//!
//! [`App`] is plain data; [`update`](update()) takes an [`Input`] and gives back [`Effect`]s for the host. Nothing
//! here draws, opens a file, knows a terminal or a clock. In reading order:
//!
//! - [`input`], [`effect`]: what comes in, and what is asked of the outside.
//! - [`state`], [`doc`]: the program and an open store.
//! - [`layout`], [`node`], [`tree`], [`sheet`], [`entries`], [`marks`], [`marked`], [`mod@line`], [`area`],
//!   [`mod@wrap`]: the parts of the screen as data; [`seen`]: what was drawn where.
//! - [`search`], [`fuzzy`], [`scan`], [`filter`]: what is looked for, and the walk through the store in slices;
//!   [`trail`]: where the selection was.
//! - [`dialog`], [`room`]: what stands over the panes, and how much room it has.
//! - [`actions`], [`enabled`], [`keymap`]: the one table of actions, why one cannot act, and its keys.
//! - What actions do. Moving about: [`moving`], [`mouse`], [`finding`], [`jumping`], [`problems`]. Changing:
//!   [`editing`], [`creating`], [`assigning`], [`linking`], [`rules`], [`bulk`], [`losing`], [`recipes`], [`history`].
//!   Copying: [`clip`]; [`pasting`] of what [`paste`] understands. Files: [`filing`], [`saving`], [`exporting`],
//!   [`texts`], [`versions`]. The rest: [`program`], [`themes`].
//! - [`access_view`]: who may do what; [`listing`]: who is listed where, read once for it; [`denied`]: events explained;
//!   [`machines`]: the virtual machines of a Hyper-V host. [`naming`], [`choosing`]: who accounts are, and a list to
//!   choose from.
//! - [`stores`]: which of the open ones is shown, and how one is left; [`comparing`]: open ones side by side;
//!   [`conflict`], [`merging`], [`halfway`]: the file is not what was read, or not there; [`about`]: what is to be known
//!   of a file before it is changed; [`work`]: what takes long.
//! - [`paths`]: completing a path, and the stores opened last.
//! - [`command`], [`completing`], [`commanding`]: the change language as it is typed; [`typed_recipe`]: a recipe.
//! - [`changes`], [`journal`]: from what is pointed at to the change language, and to the recovery journal.
//! - [`mod@update`]: from an input to the next state; [`deciding`], [`answers`]: what a dialog decided, and what the host
//!   answered.

pub mod about;
pub mod access_view;
pub mod actions;
pub mod answers;
pub mod area;
pub mod assigning;
pub mod bulk;
pub mod changes;
pub mod choosing;
pub mod clip;
pub mod command;
pub mod commanding;
pub mod comparing;
pub mod completing;
pub mod conflict;
pub mod creating;
pub mod deciding;
pub mod denied;
pub mod dialog;
pub mod doc;
pub mod editing;
pub mod effect;
pub mod enabled;
pub mod entries;
pub mod exporting;
pub mod filing;
pub mod filter;
pub mod finding;
pub mod fuzzy;
pub mod halfway;
pub mod history;
pub mod input;
pub mod journal;
pub mod jumping;
pub mod keymap;
pub mod layout;
pub mod line;
pub mod linking;
pub mod listing;
pub mod losing;
pub mod machines;
pub mod marked;
pub mod marks;
pub mod merging;
pub mod mouse;
pub mod moving;
pub mod naming;
pub mod node;
pub mod paste;
pub mod pasting;
pub mod paths;
pub mod problems;
pub mod program;
pub mod recipes;
pub mod room;
pub mod rules;
pub mod saving;
pub mod scan;
pub mod search;
pub mod seen;
pub mod sheet;
pub mod state;
pub mod stores;
pub mod texts;
pub mod themes;
pub mod trail;
pub mod tree;
pub mod typed_recipe;
pub mod update;
pub mod versions;
pub mod waiting;
pub mod work;
pub mod wrap;

pub use doc::Doc;
pub use effect::{
    Content, DocId, Effect, Existing, HalfSaved, HostEvent, JournalStep, OnDisk, OpenedFile, Recovery,
    SaveFailure, TextFailure, TextFile, TextId, ThemeLine, Version, Worn,
};
pub use input::Input;
pub use paths::Recent;
pub use state::{App, SaveRequest};
pub use update::update;
