//! Help: every action, found by words or keys, run by Enter. And texts to read.

use std::sync::Arc;

use crate::app::actions::{ACTIONS, Action};
use crate::app::input::{Key, KeyPress};
use crate::app::keymap::Keymap;
use crate::app::wrap::wrap;

use super::Outcome;
use super::list::{List, move_by_key};

/// The list of actions, with its filter focused.
#[derive(Debug)]
pub struct Help {
    /// What is typed to find, and the actions that match, by their places in the table.
    pub list: List,
    /// The keys that are searched.
    keys: Arc<Keymap>,
}

impl Help {
    /// Every action, with these keys.
    pub fn new(keys: &Arc<Keymap>) -> Help {
        Help { list: List::of(ACTIONS.len()), keys: Arc::clone(keys) }
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        match press.key {
            Key::Esc | Key::F(1) => return Outcome::Close,
            Key::Enter => {
                let action = self.list.current().and_then(|index| ACTIONS.get(index));
                return action.map_or(Outcome::Stay, |action| Outcome::Run(action.id));
            }
            _ if self.list.moves(press, page) => {}
            _ if self.list.types(press) => self.refilter(),
            _ => {}
        }
        Outcome::Stay
    }

    /// Pasted text goes into the filter.
    pub fn paste(&mut self, text: &str) {
        self.list.filter.insert(text);
        self.refilter();
    }

    fn refilter(&mut self) {
        self.list.show(matching(self.list.filter.text(), &self.keys));
    }
}

/// The actions that a text finds, by their places in the table: what has exactly this key comes first (`?s` asks what
/// `s` does), then those whose label holds all the words, then those of which anything does.
pub fn matching(typed: &str, keys: &Keymap) -> Vec<usize> {
    let typed_key = typed.parse().ok();
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let holds = |text: String| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let rank = |action: &Action| {
        if typed_key.is_some_and(|key| keys.of(action.id).contains(&key)) {
            Some(0)
        } else if holds(action.label.to_owned()) {
            Some(1)
        } else {
            holds(format!("{} {} {}", action.label, action.help, keys.listed(action.id))).then_some(2)
        }
    };
    let ranked = ACTIONS.iter().enumerate().filter_map(|(index, action)| Some((rank(action)?, index)));
    let mut found: Vec<(u8, usize)> = ranked.collect();
    // With nothing typed all are of one rank: the table's order stays.
    found.sort_unstable();
    found.into_iter().map(|(_, index)| index).collect()
}

/// A text to read: the message log, a rule's help, what differs on disk.
#[derive(Debug)]
pub struct TextView {
    /// What it is.
    pub title: String,
    /// Its lines.
    pub lines: Vec<String>,
    /// First visible one of the lines as they are shown.
    pub top: usize,
    /// The lines broken to the dialog's width, and that width.
    pub shown: (usize, Vec<String>),
}

impl TextView {
    /// A text, to be read from its start.
    pub fn new(title: impl Into<String>, lines: Vec<String>) -> TextView {
        TextView { title: title.into(), lines, top: 0, shown: (0, Vec::new()) }
    }

    /// Breaks the lines for a dialog of so many cells, of which `page` lines are visible.
    pub fn settle(&mut self, width: usize, page: usize) {
        if self.shown.0 != width {
            self.shown = (width, self.lines.iter().flat_map(|line| wrap(line, width)).collect());
        }
        self.top = self.top.min(self.shown.1.len().saturating_sub(page));
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        let press = match press.key {
            Key::Esc | Key::Enter | Key::Char('q') => return Outcome::Close,
            Key::Char(' ') => Key::PageDown.into(),
            _ => press,
        };
        // As many lines can be the first as leave the page full.
        let tops = self.shown.1.len().saturating_sub(page).saturating_add(1);
        _ = move_by_key(&mut self.top, tops, press, page);
        Outcome::Stay
    }
}
