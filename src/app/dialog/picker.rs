//! Pickers: check boxes with type-to-find.

use crate::app::input::{Key, KeyPress};
use crate::app::layout::scroll_to;
use crate::app::line::Line;
use crate::store::{LeafKind, ObjId, fold};

use super::Outcome;

/// One check box.
#[derive(Debug, Clone)]
pub struct Tick {
    /// What would be linked.
    pub object: ObjId,
    /// Its name.
    pub label: String,
    /// Where it is, its number, what it holds: shown on the right.
    pub detail: String,
    /// Ticked now.
    pub on: bool,
    /// Ticked when the picker opened.
    pub was: bool,
}

/// A list of check boxes.
#[derive(Debug, Clone)]
pub struct Picker {
    /// Verb and object.
    pub title: String,
    /// What it will do.
    pub intro: String,
    /// Said when there is nothing to tick.
    pub empty: String,
    /// What is typed to find.
    pub filter: Line,
    /// Every box.
    pub ticks: Vec<Tick>,
    /// Indices of the boxes that the filter lets through.
    pub shown: Vec<usize>,
    /// Selected line among `shown`.
    pub selected: usize,
    /// First visible line.
    pub top: usize,
    /// The object that gets the links, and of what kind they are.
    pub owner: ObjId,
    /// The kind of link.
    pub link: LeafKind,
}

impl Picker {
    /// A picker over these boxes.
    pub fn new(
        title: String,
        intro: String,
        empty: String,
        owner: ObjId,
        link: LeafKind,
        ticks: Vec<Tick>,
    ) -> Picker {
        let shown = (0..ticks.len()).collect();
        Picker {
            title,
            intro,
            empty,
            filter: Line::default(),
            ticks,
            shown,
            selected: 0,
            top: 0,
            owner,
            link,
        }
    }

    /// Keeps the selection among the `height` visible lines.
    pub fn settle(&mut self, height: usize) {
        self.top = scroll_to(self.top, self.selected, height);
    }

    /// How many boxes changed.
    pub fn changed(&self) -> usize {
        self.ticks.iter().filter(|tick| tick.on != tick.was).count()
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        let last = self.shown.len().saturating_sub(1);
        match press.key {
            Key::Esc if !self.filter.text().is_empty() => {
                self.filter = Line::default();
                self.refilter();
            }
            Key::Esc => return Outcome::Close,
            Key::Enter => return Outcome::Submit,
            Key::Up => self.selected = self.selected.saturating_sub(1),
            Key::Down => self.selected = self.selected.saturating_add(1).min(last),
            Key::PageUp => self.selected = self.selected.saturating_sub(page),
            Key::PageDown => self.selected = self.selected.saturating_add(page).min(last),
            Key::Home if self.filter.text().is_empty() => self.selected = 0,
            Key::End if self.filter.text().is_empty() => self.selected = last,
            Key::Char(' ') | Key::Insert => {
                if let Some(tick) = self.shown.get(self.selected).and_then(|&index| self.ticks.get_mut(index))
                {
                    tick.on = !tick.on;
                }
            }
            Key::Char('a') if press.ctrl && !press.alt => {
                // All that is shown; all off if all are on.
                let all_on =
                    self.shown.iter().all(|&index| self.ticks.get(index).is_some_and(|tick| tick.on));
                for &index in &self.shown {
                    if let Some(tick) = self.ticks.get_mut(index) {
                        tick.on = !all_on;
                    }
                }
            }
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

    /// Shows what holds the typed text, blanks aside: Space is taken, it ticks.
    fn refilter(&mut self) {
        let bare = |text: &str| -> String { fold(text).chars().filter(|c| !c.is_whitespace()).collect() };
        let wanted = bare(self.filter.text());
        let standing = self.shown.get(self.selected).copied();
        // What is found by its name comes before what is found by its place or number.
        let (mut by_label, mut by_detail) = (Vec::new(), Vec::new());
        for (index, tick) in self.ticks.iter().enumerate() {
            if bare(&tick.label).contains(&wanted) {
                by_label.push(index);
            } else if bare(&tick.detail).contains(&wanted) {
                by_detail.push(index);
            }
        }
        self.shown = by_label;
        self.shown.append(&mut by_detail);
        let kept = self.shown.iter().position(|index| Some(*index) == standing);
        self.selected = if wanted.is_empty() { kept.unwrap_or(0) } else { 0 };
    }
}
