//! A list that typing narrows: what help, palette, pickers and the lists of places have in common.

use crate::app::input::{Key, KeyPress};
use crate::app::layout::scroll_to;
use crate::app::line::Line;

/// The line that is typed to find, the rows that it lets through, and the selected one.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// What is typed.
    pub filter: Line,
    /// The rows that are let through, by whatever numbers the owner gives them, in the order they are shown.
    pub shown: Vec<usize>,
    /// Selected line among them.
    pub selected: usize,
    /// First visible line.
    pub top: usize,
}

impl List {
    /// A list of so many rows, all of them shown.
    pub fn of(count: usize) -> List {
        List { shown: (0..count).collect(), ..List::default() }
    }

    /// The selected row's number.
    pub fn current(&self) -> Option<usize> {
        self.shown.get(self.selected).copied()
    }

    /// Keeps the selection among the `height` visible lines.
    pub fn settle(&mut self, height: usize) {
        self.selected = self.selected.min(self.shown.len().saturating_sub(1));
        self.top = scroll_to(self.top, self.selected, height);
    }

    /// Moves by a key; false if the key is no movement. `page` is how many lines are visible.
    pub fn moves(&mut self, press: KeyPress, page: usize) -> bool {
        let last = self.shown.len().saturating_sub(1);
        let is_empty = self.filter.text().is_empty();
        self.selected = match press.key {
            Key::Up => self.selected.saturating_sub(1),
            Key::Down => self.selected.saturating_add(1).min(last),
            Key::PageUp => self.selected.saturating_sub(page),
            Key::PageDown => self.selected.saturating_add(page).min(last),
            // In typed text these move the cursor.
            Key::Home if is_empty => 0,
            Key::End if is_empty => last,
            _ => return false,
        };
        true
    }

    /// Types; whether that changed the text, so that what is shown must be found anew.
    pub fn types(&mut self, press: KeyPress) -> bool {
        let before = self.filter.text().to_owned();
        self.filter.press(press);
        before != self.filter.text()
    }

    /// Shows these rows, and stays on the selected one if it is among them.
    pub fn show_keeping(&mut self, shown: Vec<usize>) {
        let standing = self.current();
        self.shown = shown;
        self.selected = self.shown.iter().position(|row| Some(*row) == standing).unwrap_or(0);
    }

    /// Shows these rows, from the first.
    pub fn show(&mut self, shown: Vec<usize>) {
        self.shown = shown;
        self.selected = 0;
        self.top = 0;
    }
}
