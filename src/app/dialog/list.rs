//! A list that typing narrows: what help, palette, pickers and the lists of places have in common.

use crate::app::input::{Key, KeyPress};
use crate::app::layout::scroll_to;
use crate::app::line::Line;

/// The line that is typed to find, the rows that it lets through, and the selected one.
#[derive(Debug, Default)]
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

/// Moves `at` among so many lines: by one line, by a `page` (as many as are visible), to an end. Whether the key is such
/// a movement.
pub fn move_by_key(at: &mut usize, lines: usize, press: KeyPress, page: usize) -> bool {
    let last = lines.saturating_sub(1);
    *at = match press.key {
        Key::Up | Key::Char('k') => at.saturating_sub(1),
        Key::Down | Key::Char('j') => at.saturating_add(1).min(last),
        Key::PageUp => at.saturating_sub(page),
        Key::PageDown => at.saturating_add(page).min(last),
        Key::Home => 0,
        Key::End => last,
        _ => return false,
    };
    true
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
        let types = match press.key {
            Key::Char(_) => true,
            // In typed text these move the cursor.
            Key::Home | Key::End => !self.filter.text().is_empty(),
            _ => false,
        };
        !types && move_by_key(&mut self.selected, self.shown.len(), press, page)
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
