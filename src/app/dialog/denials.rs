//! Denied access checks with their reasons; the grants that would allow them are staged as changes.

use std::sync::Arc;

use crate::app::input::{Key, KeyPress};
use crate::app::layout::scroll_to;
use crate::hyperv::explain::{Counted, Denial, Names};

use super::Outcome;
use super::list::move_by_key;

/// What is asked of the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// What the selected account lacks in the selected place.
    Selected,
    /// Whatever can be allowed.
    All,
}

/// Denials, those of each account and place together. There may be thousands: only those on the screen are explained.
#[derive(Debug)]
pub struct Denials {
    /// How many denials the events tell of, in a sentence.
    pub sums: String,
    /// All that was denied, in the order in which it is shown.
    pub attempts: Arc<[Counted]>,
    /// Who accounts are, as it was told with the events.
    pub told: Names,
    /// The visible lines, explained by the store as it is now; the selected one with what would allow it.
    pub shown: Vec<Denial>,
    /// What they were explained for: the store's revision, the first line, how many, the selected one. `None`: it has
    /// come out since who somebody is.
    pub shown_for: Option<(u64, usize, usize, usize)>,
    /// Selected line.
    pub selected: usize,
    /// First visible line.
    pub top: usize,
}

impl Denials {
    /// A view that stands on the first denial.
    pub fn new(sums: String, attempts: Arc<[Counted]>, told: Names) -> Denials {
        Denials { sums, attempts, told, shown: Vec::new(), shown_for: None, selected: 0, top: 0 }
    }

    /// The selected denial.
    pub fn row(&self) -> Option<&Denial> {
        self.shown.get(self.selected.checked_sub(self.top)?)
    }

    /// Keeps the selection among the `height` visible lines.
    pub fn settle(&mut self, height: usize) {
        self.top = scroll_to(self.top, self.selected, height);
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        match press.key {
            Key::Esc => return Outcome::Close,
            Key::Char('f') | Key::Enter => return Outcome::Grant(Grant::Selected),
            Key::Char('F') => return Outcome::Grant(Grant::All),
            Key::Char('y') => {
                let lines: Vec<String> =
                    self.row().into_iter().flat_map(|row| &row.fix).map(ToString::to_string).collect();
                if !lines.is_empty() {
                    return Outcome::Copy(lines.join("\n"));
                }
            }
            _ => _ = move_by_key(&mut self.selected, self.attempts.len(), press, page),
        }
        Outcome::Stay
    }
}
