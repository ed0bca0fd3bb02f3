//! Lists of what was: the steps of this session, the versions of a file.

use crate::app::effect::DocId;
use crate::app::input::{Key, KeyPress};
use crate::app::layout::scroll_to;

use super::Outcome;
use super::list::move_by_key;

/// What is listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Past {
    /// The steps since the store was opened, the first line before all of them.
    #[default]
    Steps,
    /// The versions of this document's file, the newest first.
    Versions(DocId),
}

/// One line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PastRow {
    /// Where we are: it stands out.
    pub is_now: bool,
    /// It was undone, or is kept no longer.
    pub is_dim: bool,
    /// What it is.
    pub text: String,
    /// What else there is to say.
    pub detail: String,
    /// The version's id.
    pub id: String,
}

/// A list to look at and to go back in.
#[derive(Debug, Default)]
pub struct PastDialog {
    /// What of what.
    pub title: String,
    /// What is listed.
    pub past: Past,
    /// The lines.
    pub rows: Vec<PastRow>,
    /// The selected line.
    pub selected: usize,
    /// First visible line.
    pub top: usize,
}

impl PastDialog {
    /// The selected line.
    pub fn row(&self) -> Option<&PastRow> {
        self.rows.get(self.selected)
    }

    /// Scrolls to the selected line.
    pub fn settle(&mut self, page: usize) {
        self.selected = self.selected.min(self.rows.len().saturating_sub(1));
        self.top = scroll_to(self.top, self.selected, page).min(self.rows.len().saturating_sub(page));
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        match press.key {
            Key::Esc => return Outcome::Close,
            Key::Enter => return Outcome::Submit,
            Key::Char('r') if self.past != Past::Steps => return Outcome::Restore,
            _ => _ = move_by_key(&mut self.selected, self.rows.len(), press, page),
        }
        Outcome::Stay
    }
}
