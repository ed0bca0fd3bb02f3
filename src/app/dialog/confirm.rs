//! Questions and menus: a few choices, each with its key on its button.

use crate::app::effect::DocId;
use crate::app::input::{Key, KeyPress};
use crate::app::machines::Wish;
use crate::app::machines::listing::Way;
use crate::store::{Change, Kind, LeafId, ObjId};

use super::Outcome;

/// What a choice stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Cancel,
    /// Carry out these changes under this label.
    Apply {
        /// What the undo list calls it.
        label: String,
        /// The changes, all or nothing.
        changes: Vec<Change>,
    },
    /// List what refers to this object.
    WhereUsed(ObjId),
    /// Remove these members and links; the selection stays.
    RemoveLines(Vec<LeafId>),
    /// Get to know the virtual machines of a host in this way.
    Machines(Way),
    /// Show the recipes.
    Recipes,
    /// Ask the questions of the recipe with this name.
    Recipe(&'static str),
    /// Carry out the changes of a recipe; the form below goes.
    UseRecipe {
        /// What the undo list calls it.
        label: String,
        /// The changes, all or nothing.
        changes: Vec<Change>,
        /// The virtual machines that go along.
        wishes: Vec<Wish>,
    },
    /// Add these accounts to what is marked or selected.
    AddAccounts(Vec<String>),
    /// Tick role definitions, to get an assignment of each.
    AssignRoles,
    /// Create an object of this kind at the selected place.
    Create(Kind),
    /// Open the save dialog of each unsaved store, then leave.
    SaveAndQuit,
    /// Leave without saving.
    DiscardAndQuit,
    /// Open the save dialog, then close the shown store.
    SaveAndClose,
    /// Close the shown store without saving.
    DiscardAndClose,
    /// Show this open store.
    Show(DocId),
    /// Close this open store; ask first when it is unsaved.
    Close(DocId),
    /// Read the file again; what is unsaved is lost.
    Reload,
    /// Decide change by change what goes over the file as it is now.
    Merge(DocId),
    /// Bring a store into line with another.
    Align {
        /// The store that is changed.
        store: DocId,
        /// The one that it becomes like.
        like: DocId,
    },
    /// Choose among the steps that an earlier run left.
    ChooseSteps,
    /// Go on with the store as it is here.
    KeepMine,
    /// Do again what an earlier run left in the journal.
    Replay,
    /// Forget what an earlier run left in the journal.
    DiscardRecovery,
    /// Leave the journal alone for now.
    RecoverLater,
    /// Go on with the next of several stores that are to be opened.
    OpenNext,
    /// Give this store its name back, and open it.
    PutBack {
        /// The store's name, which nothing has.
        path: std::path::PathBuf,
        /// What the store is called now.
        kept: std::path::PathBuf,
    },
    /// Write this text over the file that is there.
    ReplaceText {
        /// The file.
        path: std::path::PathBuf,
        /// What it shall hold.
        text: String,
        /// What it is written for.
        id: crate::app::TextId,
    },
    /// Carry out the form or the line below.
    Submit,
    /// Do not wait any more until it is known who accounts are.
    StopWaiting,
    /// Ask which map of names to read.
    LoadNames,
    /// Ask where to write a map of names.
    WriteNames,
    /// Ask who every account of the store is.
    AskAll,
    /// Ask again who those without a name are.
    AskAgain,
    /// Close the form below without keeping what was typed.
    DropForm,
}

/// A button.
#[derive(Debug)]
pub struct Choice {
    /// What it does, a verb.
    pub label: String,
    /// The key that chooses it; `None` is Esc.
    pub key: Option<char>,
    /// What it stands for.
    pub answer: Answer,
}

impl Choice {
    /// A choice with a letter.
    pub fn new(key: char, label: impl Into<String>, answer: Answer) -> Choice {
        Choice { label: label.into(), key: Some(key), answer }
    }

    /// The way out.
    pub fn cancel() -> Choice {
        Choice { label: "Cancel".to_owned(), key: None, answer: Answer::Cancel }
    }
}

/// A question.
#[derive(Debug)]
pub struct Confirm {
    /// Verb and object.
    pub title: String,
    /// What it will do, and what goes with it.
    pub lines: Vec<String>,
    /// The buttons.
    pub choices: Vec<Choice>,
    /// The focused button: what Enter chooses.
    pub focus: usize,
    /// First line shown of a long text.
    pub top: usize,
    /// A menu lists its choices one below the other.
    pub menu: bool,
}

impl Confirm {
    /// A question whose default is its first choice.
    pub fn new(title: impl Into<String>, lines: Vec<String>, choices: Vec<Choice>) -> Confirm {
        Confirm { title: title.into(), lines, choices, focus: 0, top: 0, menu: false }
    }

    /// A menu: the same, as a list.
    pub fn menu(title: impl Into<String>, lines: Vec<String>, choices: Vec<Choice>, focus: usize) -> Confirm {
        Confirm { focus, menu: true, ..Confirm::new(title, lines, choices) }
    }

    /// Whether it is there until it is known who accounts are.
    pub fn waits(&self) -> bool {
        self.choices.iter().any(|choice| choice.answer == Answer::StopWaiting)
    }

    /// Acts on a key.
    pub fn key(&mut self, press: KeyPress) -> Outcome {
        if let Some(typed) = press.text()
            && let Some(chosen) = self.choices.iter().position(|choice| choice.key == Some(typed))
        {
            return self.answer(chosen);
        }
        let count = self.choices.len().max(1);
        match press.key {
            Key::Esc => {
                let way_out = self.choices.iter().position(|choice| choice.key.is_none());
                return way_out.map_or(Outcome::Close, |chosen| self.answer(chosen));
            }
            Key::Enter if self.choices.is_empty() => return Outcome::Close,
            Key::Enter => return self.answer(self.focus),
            Key::Tab | Key::Right => self.focus = (self.focus.saturating_add(1)) % count,
            Key::BackTab | Key::Left => {
                self.focus = (self.focus.saturating_add(count).saturating_sub(1)) % count;
            }
            Key::Down if self.menu => self.focus = (self.focus.saturating_add(1)) % count,
            Key::Up if self.menu => {
                self.focus = (self.focus.saturating_add(count).saturating_sub(1)) % count;
            }
            Key::Down => self.top = self.top.saturating_add(1).min(self.lines.len().saturating_sub(1)),
            Key::Up => self.top = self.top.saturating_sub(1),
            Key::PageDown => self.top = self.top.saturating_add(8).min(self.lines.len().saturating_sub(1)),
            Key::PageUp => self.top = self.top.saturating_sub(8),
            _ => {}
        }
        Outcome::Stay
    }

    /// Gives the answer away: who answers is done with the question.
    fn answer(&mut self, chosen: usize) -> Outcome {
        Outcome::Answered(self.choices.swap_remove(chosen).answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Confirm {
        Confirm::new(
            "Delete",
            vec!["It goes.".to_owned()],
            vec![Choice::cancel(), Choice::new('y', "Delete", Answer::Reload)],
        )
    }

    fn press(confirm: &mut Confirm, key: &str) -> Outcome {
        confirm.key(key.parse().unwrap())
    }

    #[test]
    fn enter_takes_the_default_which_is_to_cancel() {
        assert_eq!(press(&mut question(), "Enter"), Outcome::Answered(Answer::Cancel));
        assert_eq!(press(&mut question(), "Esc"), Outcome::Answered(Answer::Cancel));
    }

    #[test]
    fn a_choice_is_taken_by_its_letter_or_by_moving_to_it() {
        assert_eq!(press(&mut question(), "y"), Outcome::Answered(Answer::Reload));
        let mut asked = question();
        assert_eq!(press(&mut asked, "Tab"), Outcome::Stay);
        assert_eq!(press(&mut asked, "Enter"), Outcome::Answered(Answer::Reload));
        assert_eq!(press(&mut asked, "Shift+Tab"), Outcome::Stay);
        assert_eq!(press(&mut asked, "Enter"), Outcome::Answered(Answer::Cancel));
    }
}
