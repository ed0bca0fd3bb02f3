//! What the last frame showed, and where: what a click means.
//!
//! Whoever draws something that can be clicked notes where he drew it; the event loop puts the notes of each frame
//! into [`App::seen`](super::App::seen). So there is no second arithmetic of places, and a click means what was seen
//! under it. The notes are plain data: a frame that was never drawn has none, and clicks do nothing.

use super::input::KeyPress;
use super::layout::{Area, Pane};
use super::node::Node;
use crate::accounts::Sid;

/// What can be clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A pane, where it has no line.
    Pane(Pane),
    /// A row of the tree, by its index.
    Row(usize),
    /// What folds and unfolds that row.
    Arrow(usize),
    /// A line of the details.
    Detail(usize),
    /// A line of the problems.
    Problem(usize),
    /// A part of the path to what is selected.
    Crumb(Node),
    /// The line between tree and details.
    Divider,
    /// A key, written on a button or in the key bar.
    Key(KeyPress),
    /// A dialog, where it has nothing else.
    Dialog,
    /// A line of the dialog's list, among those it shows.
    Line(usize),
    /// That line's check box.
    Tick(usize),
    /// A field or button of a form, by its place in the order of Tab.
    Field(usize),
    /// A word to choose in the form's field.
    Choice(usize, usize),
    /// A cell of a matrix: its line and its column.
    Cell(usize, usize),
    /// The heading of a column.
    Column(usize),
    /// A line of the way behind an answer.
    Way(usize),
}

/// The places of one frame, what lies on top last.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    places: Vec<(Area, Target)>,
    /// Accounts that were shown by their SIDs because nobody was asked about them yet.
    pub strangers: Vec<Sid>,
}

impl Seen {
    /// Notes that something was drawn.
    pub fn note(&mut self, area: Area, target: Target) {
        self.places.push((area, target));
    }

    /// What is seen in a cell.
    pub fn at(&self, x: u16, y: u16) -> Option<Target> {
        self.places.iter().rev().find(|(area, _)| area.contains(x, y)).map(|(_, target)| *target)
    }

    /// Where something is seen.
    pub fn place(&self, wanted: Target) -> Option<Area> {
        self.places
            .iter()
            .rev()
            .find(|(area, target)| *target == wanted && !area.is_empty())
            .map(|(area, _)| *area)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_on_top_is_seen() {
        let mut seen = Seen::default();
        seen.note(Area::new(0, 0, 10, 10), Target::Pane(Pane::Tree));
        seen.note(Area::new(2, 2, 3, 1), Target::Row(7));
        assert_eq!(seen.at(3, 2), Some(Target::Row(7)));
        assert_eq!(seen.at(5, 2), Some(Target::Pane(Pane::Tree)));
        assert_eq!(seen.at(10, 2), None);
        assert_eq!(seen.place(Target::Row(7)), Some(Area::new(2, 2, 3, 1)));
    }
}
