//! Help that is also the palette: every action, found by words or keys, run by Enter. And texts to read.

use crate::app::actions::{ACTIONS, Action, Id};
use crate::app::input::{Key, KeyPress};
use crate::app::keymap::Keymap;
use crate::app::layout::scroll_to;
use crate::app::line::Line;
use crate::app::wrap::wrap;

use super::Outcome;

/// The list of actions, with its filter focused.
#[derive(Debug, Clone)]
pub struct Help {
    /// What is typed to find.
    pub filter: Line,
    /// The actions that match, in the table's order.
    pub shown: Vec<Id>,
    /// Selected line among them.
    pub selected: usize,
    /// First visible line.
    pub top: usize,
    /// The keys that are searched.
    keys: Keymap,
}

impl Help {
    /// Every action, with these keys.
    pub fn new(keys: &Keymap) -> Help {
        let keys = keys.clone();
        let mut help = Help { filter: Line::default(), shown: Vec::new(), selected: 0, top: 0, keys };
        help.refilter();
        help
    }

    /// Keeps the selection among the `height` visible lines.
    pub fn settle(&mut self, height: usize) {
        self.top = scroll_to(self.top, self.selected, height);
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        let last = self.shown.len().saturating_sub(1);
        match press.key {
            Key::Esc => return Outcome::Close,
            Key::F(1) => return Outcome::Close,
            Key::Enter => {
                return self.shown.get(self.selected).map_or(Outcome::Stay, |&id| Outcome::Run(id));
            }
            Key::Up => self.selected = self.selected.saturating_sub(1),
            Key::Down => self.selected = self.selected.saturating_add(1).min(last),
            Key::PageUp => self.selected = self.selected.saturating_sub(page),
            Key::PageDown => self.selected = self.selected.saturating_add(page).min(last),
            _ => {
                let before = self.filter.text().to_owned();
                self.filter.press(press);
                if before != self.filter.text() {
                    self.refilter();
                }
            }
        }
        Outcome::Stay
    }

    /// Pasted text goes into the filter.
    pub fn paste(&mut self, text: &str) {
        self.filter.insert(text);
        self.refilter();
    }

    fn refilter(&mut self) {
        let typed = self.filter.text();
        let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
        let typed_key = typed.parse().ok();
        let by_key = |action: &Action| typed_key.is_some_and(|key| self.keys.of(action.id).contains(&key));
        let by_words = |action: &Action| {
            let text =
                format!("{} {} {}", action.label, action.help, self.keys.listed(action.id)).to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        // What has exactly this key comes first: `?s` asks what s does.
        let (mut first, rest): (Vec<&Action>, Vec<&Action>) = ACTIONS
            .iter()
            .filter(|action| by_key(action) || by_words(action))
            .partition(|action| by_key(action));
        first.extend(rest);
        self.shown = first.iter().map(|action| action.id).collect();
        self.selected = 0;
        self.top = 0;
    }
}

/// A text to read: the message log, a rule's help, what differs on disk.
#[derive(Debug, Clone)]
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
        let last = self.shown.1.len().saturating_sub(page);
        self.top = match press.key {
            Key::Esc | Key::Enter | Key::Char('q') => return Outcome::Close,
            Key::Up | Key::Char('k') => self.top.saturating_sub(1),
            Key::Down | Key::Char('j') => self.top.saturating_add(1).min(last),
            Key::PageUp => self.top.saturating_sub(page),
            Key::PageDown | Key::Char(' ') => self.top.saturating_add(page).min(last),
            Key::Home => 0,
            Key::End => last,
            _ => self.top,
        };
        Outcome::Stay
    }
}
