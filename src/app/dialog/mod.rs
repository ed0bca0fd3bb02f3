//! Dialogs: what stands over the panes and takes the keys until it is answered.
//!
//! Each is plain data with a `key` function that says what the key meant ([`Outcome`]); carrying that out is
//! `update`'s business. A dialog never opens a dialog on top of a dialog on top of a dialog: the stack is two
//! deep at most (a picker or a question over a form).

use crate::store::{LeafId, ObjId};

pub mod access;
pub mod access_chooser;
pub mod cluster;
pub mod confirm;
pub mod denials;
pub mod field;
pub mod form;
pub mod help;
pub mod list;
pub mod menu;
pub mod merge;
pub mod palette;
pub mod past;
pub mod paste;
pub mod picker;
pub mod places;
pub mod rule;
pub mod save;
pub mod stores;
pub mod themes;

pub use access::AccessView;
pub use cluster::ClusterView;
pub use confirm::{Answer, Choice, Confirm};
pub use field::{Field, FieldInput, Rule};
pub use form::{Form, Purpose};
pub use help::{Help, TextView};
pub use list::List;
pub use menu::Menu;
pub use merge::MergeDialog;
pub use palette::Palette;
pub use past::PastDialog;
pub use paste::{PasteDialog, PasteRow};
pub use picker::{PickFor, Picker, Share, Tick, Value};
pub use places::{Places, Spot};
pub use rule::{RuleEditor, RuleFile};
pub use save::{Consent, SaveDialog, SaveLine, SaveMove, SavePane};
pub use stores::{StoreList, StoreRow};
pub use themes::ThemeList;

/// One dialog.
#[derive(Debug)]
pub enum Dialog {
    /// A question with keys as answers; also the menus.
    Confirm(Confirm),
    /// Fields to fill in.
    Form(Form),
    /// Check boxes.
    Picker(Picker),
    /// What saving would write.
    Save(SaveDialog),
    /// Changes to choose among.
    Merge(MergeDialog),
    /// Steps or versions, to go back to.
    Past(PastDialog),
    /// Every action, to search and to run.
    Help(Help),
    /// The open stores.
    Stores(StoreList),
    /// Text to read.
    Text(TextView),
    /// What can be done with the selection.
    Menu(Menu),
    /// Actions to run and changes to type.
    Palette(Palette),
    /// Places to go to.
    Places(Places),
    /// The themes, to try on.
    Themes(ThemeList),
    /// Who may do what.
    Access(Box<AccessView>),
    /// An authorization rule, as large as the screen.
    Rule(RuleEditor),
    /// Stores side by side.
    Cluster(Box<ClusterView>),
    /// Denied access checks.
    Denials(Box<denials::Denials>),
    /// Text to select with the mouse, which is let go: without a frame, so that nothing else is selected with it.
    Plain(TextView),
    /// What pasting would do.
    Paste(PasteDialog),
}

/// What a key meant to a dialog.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The dialog took it, or nothing has this key here.
    Stay,
    /// Close the dialog, nothing happens.
    Close,
    /// The path being typed is to be completed.
    Complete,
    /// Accounts are to be chosen from a list.
    ListAccounts,
    /// The form or picker is to be carried out.
    Submit,
    /// What is selected is to be left out, or taken in again.
    Tick,
    /// What is selected is to be undone.
    TakeBack,
    /// What is selected is to be brought back.
    Restore,
    /// Choose what the missing link that this question asks about leads to.
    Map(usize),
    /// This answer was chosen.
    Answered(Answer),
    /// The access view asks for something.
    Access(access::Request),
    /// Something is to be done with a file and the rule that is edited; the dialog stays.
    RuleFile(RuleFile),
    /// Wear this theme while the dialog stays.
    TryOn(String),
    /// Close the list of themes with this one worn.
    Wear {
        /// Which.
        name: String,
        /// It was chosen; otherwise it is the one from before.
        keep: bool,
    },
    /// The stores side by side ask for something.
    Cluster(cluster::Request),
    /// What was denied is to be granted; the dialog stays.
    Grant(denials::Grant),
    /// Put this text on the clipboard; the dialog stays.
    Copy(String),
    /// Run this action after closing.
    Run(super::actions::Id),
    /// Close, and go to this object, or to this line of it.
    Go(ObjId, Option<LeafId>),
    /// Close, and go to this virtual machine, by its number.
    GoToMachine(u32),
}

/// Hands keys to a dialog, one after the other; what the last one came to.
#[cfg(test)]
fn pressed(sequence: &str, mut key: impl FnMut(crate::app::input::KeyPress) -> Outcome) -> Outcome {
    let mut last = Outcome::Stay;
    for input in crate::app::input::keys(sequence).unwrap() {
        let crate::app::input::Input::Key(press) = input else { panic!("{input:?} is no key") };
        last = key(press);
    }
    last
}
