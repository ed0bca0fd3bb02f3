//! The list of themes: the one that it stands on is worn at once, so that it is seen.

use crate::app::effect::ThemeLine;
use crate::app::input::{Key, KeyPress};
use crate::app::layout::scroll_to;

use super::Outcome;
use super::list::move_by_key;

/// The themes that can be worn.
#[derive(Debug)]
pub struct ThemeList {
    /// All of them.
    pub themes: Vec<ThemeLine>,
    /// The worn one.
    pub selected: usize,
    /// First visible line.
    pub top: usize,
    /// The one that was worn before the list was opened: Esc goes back to it.
    pub before: String,
    /// What is wrong in the worn one.
    pub faults: Vec<String>,
}

impl ThemeList {
    /// A list that stands on the theme of this name.
    pub fn new(themes: Vec<ThemeLine>, worn: &str) -> ThemeList {
        let selected = themes.iter().position(|theme| theme.name == worn).unwrap_or(0);
        ThemeList { themes, selected, top: 0, before: worn.to_owned(), faults: Vec::new() }
    }

    /// Keeps the selection among the `height` visible lines.
    pub fn settle(&mut self, height: usize) {
        self.top = scroll_to(self.top, self.selected, height);
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        let before = self.selected;
        match press.key {
            Key::Esc => return Outcome::Wear { name: self.before.clone(), keep: false },
            Key::Enter => {
                let name =
                    self.themes.get(self.selected).map_or_else(String::new, |theme| theme.name.clone());
                return Outcome::Wear { name, keep: true };
            }
            _ => _ = move_by_key(&mut self.selected, self.themes.len(), press, page),
        }
        match self.themes.get(self.selected) {
            Some(theme) if self.selected != before => Outcome::TryOn(theme.name.clone()),
            _ => Outcome::Stay,
        }
    }
}
