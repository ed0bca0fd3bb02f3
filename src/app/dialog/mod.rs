//! Dialogs: what stands over the panes and takes the keys until it is answered.
//!
//! Each is plain data with a `key` function that says what the key meant ([`Outcome`]); carrying that out is
//! `update`'s business. A dialog never opens a dialog on top of a dialog on top of a dialog: the stack is two
//! deep at most (a picker or a question over a form).

pub mod confirm;
pub mod form;
pub mod help;
pub mod picker;
pub mod save;
pub mod stores;

pub use confirm::{Answer, Choice, Confirm};
pub use form::{Field, FieldInput, Form, Purpose, Rule};
pub use help::{Help, TextView};
pub use picker::{PickFor, Picker, Share, Tick, Value};
pub use save::{Consent, SaveDialog, SaveLine};
pub use stores::{StoreList, StoreRow};

/// One dialog.
#[derive(Debug, Clone)]
pub enum Dialog {
    /// A question with keys as answers; also the menus.
    Confirm(Confirm),
    /// Fields to fill in.
    Form(Form),
    /// Check boxes.
    Picker(Picker),
    /// What saving would write.
    Save(SaveDialog),
    /// Every action, to search and to run.
    Help(Help),
    /// The open stores.
    Stores(StoreList),
    /// Text to read.
    Text(TextView),
}

/// What a key meant to a dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The dialog took it, or nothing has this key here.
    Stay,
    /// Close the dialog, nothing happens.
    Close,
    /// The form or picker is to be carried out.
    Submit,
    /// This answer was chosen.
    Answered(Answer),
    /// Run this action after closing.
    Run(super::actions::Id),
}
