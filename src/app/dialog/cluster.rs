//! Stores side by side: a line for each object that is not the same in all of them, and what differs about the
//! selected one.

use std::collections::BTreeSet;

use crate::accounts::Names;
use crate::app::effect::DocId;
use crate::app::input::{Key, KeyPress};
use crate::app::layout::scroll_to;
use crate::app::wrap::wrap;
use crate::hyperv::cluster::{Comparison, Differing};
use crate::report::cluster::line;

use super::Outcome;
use super::list::move_by_key;

/// Store names that are shown at once.
pub const NAMES: usize = 4;

/// Differences of one object that are listed; the rest is counted.
const MOST: usize = 1000;

/// What is asked of the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// Go to the selected object in the selected store.
    Go,
    /// Bring the selected store into line with another.
    Align,
    /// Compare with another store besides.
    Add,
    /// Compare without the selected store.
    LeaveOut,
}

/// A compared store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Which of the open ones.
    pub id: DocId,
    /// What tells it from the others: its file's name, with as much of the path as that takes.
    pub name: String,
    /// What is unsaved in it; empty where nothing is.
    pub state: String,
}

/// Stores side by side.
#[derive(Debug, Default)]
pub struct ClusterView {
    /// The stores, two or more.
    pub columns: Vec<Column>,
    /// The store that is gone to, or changed.
    pub column: usize,
    /// What differs.
    pub comparison: Comparison,
    /// Objects that are to be aligned, by their numbers; without any all are.
    pub marked: BTreeSet<usize>,
    /// The selected object.
    pub selected: usize,
    /// The first visible one.
    pub top: usize,
    /// The details have the keyboard.
    pub in_details: bool,
    /// What differs about the selected object, in lines that fit.
    pub details: Vec<String>,
    /// The first visible line of them.
    pub details_top: usize,
    /// Why something cannot be done, or what was done.
    pub said: Option<String>,
    /// Which object the details were made for, how many cells, and how many names were known.
    made_for: Option<(usize, usize, u64)>,
}

impl ClusterView {
    /// A view of stores that stands on the object at this place, or on the first.
    pub fn new(columns: Vec<Column>, column: usize, comparison: Comparison, selected: usize) -> ClusterView {
        ClusterView { columns, column, comparison, selected, ..ClusterView::default() }
    }

    /// The selected object.
    pub fn object(&self) -> Option<&Differing> {
        self.comparison.objects.get(self.selected)
    }

    /// The objects that are to be aligned; without marks all of them.
    pub fn chosen(&self) -> Vec<&Differing> {
        let chosen = |(at, _): &(usize, &Differing)| self.marked.is_empty() || self.marked.contains(at);
        self.comparison.objects.iter().enumerate().filter(chosen).map(|(_, object)| object).collect()
    }

    /// Brings the details up to the selection and scrolls to it: a list of `page` lines, and `below` lines of `width`
    /// cells that say what differs, with the names that are known.
    pub fn settle(&mut self, page: usize, below: usize, width: usize, names: &Names) {
        let last = self.comparison.objects.len().saturating_sub(1);
        self.selected = self.selected.min(last);
        self.top = scroll_to(self.top, self.selected, page);
        self.column = self.column.min(self.columns.len().saturating_sub(1));
        let made_for = Some((self.selected, width, names.news()));
        if self.made_for != made_for {
            if self.made_for.is_none_or(|(object, ..)| object != self.selected) {
                self.details_top = 0;
            }
            self.made_for = made_for;
            let rows = self.object().and_then(|object| self.comparison.rows.get(object.rows.clone()));
            let rows = rows.unwrap_or_default();
            self.details = rows.iter().take(MOST).flat_map(|row| wrap(&line(row, names), width)).collect();
            if rows.len() > MOST {
                self.details.push(format!("and {} more", rows.len().saturating_sub(MOST)));
            }
        }
        self.details_top = self.details_top.min(self.details.len().saturating_sub(below));
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize, names: &Names) -> Outcome {
        self.said = None;
        let last_column = self.columns.len().saturating_sub(1);
        match press.key {
            Key::Esc => return Outcome::Close,
            Key::Enter => return Outcome::Cluster(Request::Go),
            Key::Char('i') => return Outcome::Cluster(Request::Align),
            Key::Char('o') => return Outcome::Cluster(Request::Add),
            Key::Char('x') | Key::Delete => return Outcome::Cluster(Request::LeaveOut),
            Key::Char('y') => return Outcome::Copy(self.text(names)),
            Key::Char(' ') => {
                if self.selected < self.comparison.objects.len() && !self.marked.remove(&self.selected) {
                    self.marked.insert(self.selected);
                }
                self.in_details = false;
                // Past the last it is brought back when the view is settled.
                self.selected = self.selected.saturating_add(1);
            }
            Key::Char('*') => {
                let all = 0..self.comparison.objects.len();
                self.marked = if self.marked.is_empty() { all.collect() } else { BTreeSet::new() };
            }
            Key::Tab | Key::BackTab => self.in_details = !self.in_details,
            Key::Left | Key::Char('h') => self.column = self.column.saturating_sub(1),
            Key::Right | Key::Char('l') => self.column = self.column.saturating_add(1).min(last_column),
            _ => {
                let (at, lines) = if self.in_details {
                    (&mut self.details_top, self.details.len())
                } else {
                    (&mut self.selected, self.comparison.objects.len())
                };
                move_by_key(at, lines, press, page);
            }
        }
        Outcome::Stay
    }

    /// What differs about the selected object, to be pasted elsewhere.
    fn text(&self, names: &Names) -> String {
        let Some(object) = self.object() else { return String::new() };
        let rows = self.comparison.rows.get(object.rows.clone()).unwrap_or_default();
        let lines = std::iter::once(object.path.clone()).chain(rows.iter().map(|row| line(row, names)));
        lines.collect::<Vec<_>>().join("\n")
    }
}
