//! Denied access checks with their reasons; the grants that would allow them are staged as changes.

use crate::app::input::{Key, KeyPress};
use crate::app::layout::scroll_to;
use crate::hyperv::events::Log;
use crate::hyperv::explain::{Denial, Names};

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

/// Denials, the most telling of each account and place together.
#[derive(Debug)]
pub struct Denials {
    /// What the events say.
    pub log: Log,
    /// Who accounts are.
    pub names: Names,
    /// The denials with their reasons, as the store answers now.
    pub rows: Vec<Denial>,
    /// Selected line.
    pub selected: usize,
    /// First visible line.
    pub top: usize,
}

impl Denials {
    /// A view that stands on the first denial.
    pub fn new(log: Log, names: Names, rows: Vec<Denial>) -> Denials {
        Denials { log, names, rows, selected: 0, top: 0 }
    }

    /// The selected denial.
    pub fn row(&self) -> Option<&Denial> {
        self.rows.get(self.selected)
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
            _ => _ = move_by_key(&mut self.selected, self.rows.len(), press, page),
        }
        Outcome::Stay
    }
}
