//! A text of several lines being edited: the state of a large input field.
//!
//! The text is one string with the line ends it came with; a new line ends as its first line does. Offsets are bytes
//! and always lie between graphemes, and a CR with its LF is one grapheme, so no cursor ever stands between them.
//! A key looks at the whole text at most a few times: the largest text that AzMan stores has 64 Ki characters.
//!
//! Every edit is one replacement of a range, and undoing it is the replacement the other way round.

use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use super::input::{Key, KeyPress};
use super::layout::scroll_to;
use crate::report::show;

/// Cells from one tab stop to the next.
const TAB: usize = 4;
/// Edits that can be undone.
const HISTORY: usize = 10_000;

/// A text, its cursor, and what of it is seen.
#[derive(Debug, Clone)]
pub struct Area {
    text: String,
    /// Where each line begins. Never empty.
    starts: Vec<usize>,
    cursor: usize,
    /// Where the selection began; it reaches to the cursor.
    anchor: Option<usize>,
    /// The column that Up and Down aim for, while they follow each other.
    goal: Option<usize>,
    done: Vec<Edit>,
    undone: Vec<Edit>,
    /// Whether the next edit may join the last one: nothing moved since.
    joins: bool,
    /// What was cut or copied here last.
    clip: String,
    /// First visible line.
    top: usize,
    /// First visible column, in cells.
    left: usize,
    /// Lines that are visible.
    page: usize,
}

/// A replacement: what was put where, and in place of what.
#[derive(Debug, Clone)]
struct Edit {
    at: usize,
    removed: String,
    inserted: String,
    /// Cursor and anchor before it.
    before: (usize, Option<usize>),
}

/// A grapheme of a line as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown<'t> {
    /// Its first byte in the text.
    pub at: usize,
    /// As it stands in the text.
    pub text: &'t str,
    /// Its first column in the line, in cells.
    pub column: usize,
    /// Its cells.
    pub cells: usize,
}

impl Area {
    /// A text, the cursor at its start.
    pub fn new(text: &str) -> Area {
        let mut area = Area {
            text: text.to_owned(),
            starts: vec![0],
            cursor: 0,
            anchor: None,
            goal: None,
            done: Vec::new(),
            undone: Vec::new(),
            joins: false,
            clip: String::new(),
            top: 0,
            left: 0,
            page: 1,
        };
        area.find_lines();
        area
    }

    /// All of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines there are; a text that ends with a line end has an empty last one.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of a line, without its end.
    pub fn line(&self, row: usize) -> Range<usize> {
        let start = self.starts.get(row).copied().unwrap_or(self.text.len());
        let Some(&next) = self.starts.get(row.saturating_add(1)) else { return start..self.text.len() };
        let line = self.text.get(start..next).unwrap_or_default();
        let bare = line.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        start..start + bare.map_or(line.len(), str::len)
    }

    /// A line as it is shown, grapheme by grapheme.
    pub fn shown(&self, row: usize) -> impl Iterator<Item = Shown<'_>> {
        let line = self.line(row);
        let text = self.text.get(line.clone()).unwrap_or_default();
        text.grapheme_indices(true).scan(0, move |column, (at, text)| {
            let cells = if text == "\t" { TAB - *column % TAB } else { show::width(&show::escape(text)) };
            let shown = Shown { at: line.start + at, text, column: *column, cells };
            *column += cells;
            Some(shown)
        })
    }

    /// Line and column (in cells) of the cursor.
    pub fn cursor(&self) -> (usize, usize) {
        let row = self.row_of(self.cursor);
        (row, self.column_of(row, self.cursor))
    }

    /// The selected bytes; never empty.
    pub fn selection(&self) -> Option<Range<usize>> {
        let anchor = self.anchor?;
        Some(anchor.min(self.cursor)..anchor.max(self.cursor)).filter(|range| !range.is_empty())
    }

    /// The selected text, or nothing.
    pub fn selected_text(&self) -> &str {
        self.selection().and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    /// First visible line and column.
    pub fn origin(&self) -> (usize, usize) {
        (self.top, self.left)
    }

    /// Scrolls so that the cursor is seen in so many cells and lines.
    pub fn settle(&mut self, width: usize, height: usize) {
        self.page = height.max(1);
        let (row, column) = self.cursor();
        self.top = scroll_to(self.top.min(self.lines().saturating_sub(1)), row, self.page);
        self.left = scroll_to(self.left, column, width.max(1));
    }

    /// Puts another text in place of all of it; undo brings the old one back.
    pub fn replace_all(&mut self, text: &str) {
        self.replace(0..self.text.len(), text, false);
        self.cursor = 0;
    }

    /// Types text at the cursor, in place of the selection. Line ends, in any spelling, become those of the text.
    pub fn insert(&mut self, text: &str) {
        let end = self.line_end();
        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', end);
        let range = self.selection().unwrap_or(self.cursor..self.cursor);
        // A run of typed characters is undone as one.
        let typed = text.chars().count() == 1 && !text.contains('\n');
        self.replace(range, &text, typed);
    }

    /// Begins a new line, indented as this one is.
    pub fn break_line(&mut self) {
        let line = self.line(self.row_of(self.selection().map_or(self.cursor, |range| range.start)));
        let cursor = self.selection().map_or(self.cursor, |range| range.start);
        let before = self.text.get(line.start..cursor).unwrap_or_default();
        let indent: String = before.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        self.insert(&format!("\n{indent}"));
    }

    /// Puts a tab (or, where the text is indented with blanks, blanks to the next stop) at the cursor; indents every
    /// line of a selection over several.
    pub fn indent(&mut self) {
        let tab = if self.is_indented_with_blanks() { " ".repeat(TAB) } else { "\t".to_owned() };
        if let Some(rows) = self.selected_rows() {
            let indented = |line: &str| if line.is_empty() { String::new() } else { format!("{tab}{line}") };
            self.replace_rows(rows, indented);
        } else if tab == "\t" {
            self.insert("\t");
        } else {
            let (_, column) = self.cursor();
            self.insert(&" ".repeat(TAB - column % TAB));
        }
    }

    /// Takes one step of indentation from the line of the cursor, or from every selected one.
    pub fn unindent(&mut self) {
        let row = self.row_of(self.cursor);
        let rows = self.selected_rows().unwrap_or(row..row + 1);
        self.replace_rows(rows, |line| {
            let blanks = line.bytes().take(TAB).take_while(|byte| *byte == b' ').count();
            let bare = line.strip_prefix('\t').or_else(|| line.get(blanks..));
            bare.unwrap_or(line).to_owned()
        });
    }

    /// Acts on a key that edits or moves; `false` leaves the area alone and the key to the caller (Enter, Esc, Tab,
    /// function keys, commands that no editor knows, Up in the first line and Down in the last).
    ///
    /// As in [`Line`](super::line::Line), and besides: Control+Home and Control+End go to the ends of the text,
    /// Control+C, +X and +V copy, cut and paste, Control+Z undoes and Control+Y does again.
    pub fn press(&mut self, press: KeyPress) -> bool {
        if let Some(c) = press.text() {
            self.insert(c.encode_utf8(&mut [0; 4]));
            return true;
        }
        let KeyPress { key, ctrl, alt, shift } = press;
        if alt {
            return false;
        }
        let (row, last) = (self.row_of(self.cursor), self.lines().saturating_sub(1));
        match (key, ctrl) {
            (Key::Up, false) if row > 0 || shift => self.go_rows(-1, shift),
            (Key::Down, false) if row < last || shift => self.go_rows(1, shift),
            (Key::PageUp, _) => self.go_rows(-isize::try_from(self.page).unwrap_or(1), shift),
            (Key::PageDown, _) => self.go_rows(isize::try_from(self.page).unwrap_or(1), shift),
            // Left and Right leave a selection at its edge, as in every text field.
            (Key::Left, false) => {
                let edge = self.selection().filter(|_| !shift).map(|range| range.start);
                self.go(edge.unwrap_or(self.left_of(self.cursor)), shift);
            }
            (Key::Right, false) => {
                let edge = self.selection().filter(|_| !shift).map(|range| range.end);
                self.go(edge.unwrap_or(self.right_of(self.cursor)), shift);
            }
            (Key::Left, true) => self.go(self.word_before(), shift),
            (Key::Right, true) => self.go(self.word_after(), shift),
            (Key::Home, false) => self.go(self.line(row).start, shift),
            (Key::End, false) => self.go(self.line(row).end, shift),
            (Key::Home, true) => self.go(0, shift),
            (Key::End, true) => self.go(self.text.len(), shift),
            (Key::Backspace, false) => self.delete_to(self.left_of(self.cursor)),
            (Key::Delete, false) => self.delete_to(self.right_of(self.cursor)),
            (Key::Backspace | Key::Char('w'), true) => self.delete_to(self.word_before()),
            (Key::Delete, true) => self.delete_to(self.word_after()),
            (Key::Char('u'), true) => self.delete_to(self.line(row).start),
            (Key::Char('k'), true) => self.delete_to(self.line(row).end),
            (Key::Char('a'), true) => {
                self.go(0, false);
                self.go(self.text.len(), true);
            }
            (Key::Char('c') | Key::Insert, true) => self.copy(),
            (Key::Char('x'), true) => {
                self.copy();
                self.delete_selection();
            }
            (Key::Char('v'), true) => {
                let clip = self.clip.clone();
                self.insert(&clip);
                self.joins = false;
            }
            (Key::Char('z'), true) => self.undo(),
            (Key::Char('y'), true) => self.redo(),
            _ => return false,
        }
        true
    }

    fn copy(&mut self) {
        if self.selection().is_some() {
            self.clip = self.selected_text().to_owned();
        }
    }

    fn undo(&mut self) {
        let Some(edit) = self.done.pop() else { return };
        let range = edit.at..edit.at + edit.inserted.len();
        self.put(range, &edit.removed.clone());
        (self.cursor, self.anchor) = edit.before;
        self.undone.push(edit);
    }

    fn redo(&mut self) {
        let Some(edit) = self.undone.pop() else { return };
        let range = edit.at..edit.at + edit.removed.len();
        self.put(range, &edit.inserted.clone());
        self.cursor = self.boundary_at_or_after(edit.at + edit.inserted.len());
        self.anchor = None;
        self.done.push(edit);
    }

    /// The one way in which the text changes, as an edit that can be undone. The cursor goes behind what was put in.
    /// With `joins` it may be one step of undoing with the edit before it, if nothing moved in between.
    fn replace(&mut self, range: Range<usize>, text: &str, joins: bool) {
        let removed = self.text.get(range.clone()).unwrap_or_default().to_owned();
        if removed.is_empty() && text.is_empty() {
            (self.anchor, self.goal) = (None, None);
            return;
        }
        self.undone.clear();
        match self.done.last_mut() {
            Some(last)
                if joins
                    && self.joins
                    && last.at + last.inserted.len() == range.start
                    && removed.is_empty() =>
            {
                last.inserted.push_str(text);
            }
            _ => {
                if self.done.len() >= HISTORY {
                    self.done.remove(0);
                }
                let before = (self.cursor, self.anchor);
                self.done.push(Edit { at: range.start, removed, inserted: text.to_owned(), before });
            }
        }
        let end = range.start + text.len();
        self.put(range, text);
        self.cursor = self.boundary_at_or_after(end);
        self.anchor = None;
        self.joins = joins;
    }

    fn put(&mut self, range: Range<usize>, text: &str) {
        self.text.replace_range(range, text);
        self.find_lines();
        self.goal = None;
        self.joins = false;
    }

    fn find_lines(&mut self) {
        self.starts.truncate(1);
        self.starts.extend(memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|at| at + 1));
    }

    fn replace_rows(&mut self, rows: Range<usize>, change: impl Fn(&str) -> String) {
        let range = self.line(rows.start).start..self.line(rows.end.saturating_sub(1)).end;
        let changed: Vec<String> =
            rows.clone().map(|row| change(self.text.get(self.line(row)).unwrap_or_default())).collect();
        let changed = changed.join(self.line_end());
        if self.text.get(range.clone()) == Some(changed.as_str()) {
            return;
        }
        let selected = self.selected_rows().is_some();
        let from_end = self.line(self.row_of(self.cursor)).end.saturating_sub(self.cursor);
        self.replace(range.clone(), &changed, false);
        if selected {
            self.anchor = Some(range.start);
        } else {
            // The cursor stays with its letter.
            let line = self.line(rows.start);
            self.cursor = self.boundary_at_or_after(line.end.saturating_sub(from_end).max(line.start));
        }
    }

    /// The lines that a selection over more than one touches.
    fn selected_rows(&self) -> Option<Range<usize>> {
        let range = self.selection()?;
        let (first, mut last) = (self.row_of(range.start), self.row_of(range.end));
        // A selection that ends before a line's first letter does not take that line.
        if last > first && self.line(last).start == range.end {
            last -= 1;
        }
        let several = self.selected_text().contains('\n');
        several.then_some(first..last + 1)
    }

    fn go(&mut self, to: usize, select: bool) {
        self.anchor = if select { Some(self.anchor.unwrap_or(self.cursor)) } else { None };
        self.cursor = to;
        self.goal = None;
        self.joins = false;
    }

    fn go_rows(&mut self, by: isize, select: bool) {
        let (row, column) = self.cursor();
        let goal = self.goal.unwrap_or(column);
        let last = self.lines().saturating_sub(1);
        let to = row.saturating_add_signed(by).min(last);
        let at = match (to == row, by < 0) {
            // Shift with Up in the first line selects to its start, and likewise at the end.
            (true, true) => 0,
            (true, false) => self.text.len(),
            _ => self.at_column(to, goal),
        };
        self.go(at, select);
        self.goal = Some(goal);
    }

    fn delete_to(&mut self, to: usize) {
        if !self.delete_selection() {
            self.replace(to.min(self.cursor)..to.max(self.cursor), "", false);
        }
    }

    fn delete_selection(&mut self) -> bool {
        let range = self.selection();
        let selected = range.is_some();
        if let Some(range) = range {
            self.replace(range, "", false);
        }
        self.anchor = None;
        selected
    }

    fn row_of(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    fn column_of(&self, row: usize, at: usize) -> usize {
        self.shown(row).take_while(|shown| shown.at < at).last().map_or(0, |shown| shown.column + shown.cells)
    }

    /// The place in a line whose column is nearest to the left of this one.
    fn at_column(&self, row: usize, column: usize) -> usize {
        let line = self.line(row);
        self.shown(row).find(|shown| shown.column + shown.cells > column).map_or(line.end, |shown| shown.at)
    }

    fn left_of(&self, at: usize) -> usize {
        GraphemeCursor::new(at, self.text.len(), true)
            .prev_boundary(&self.text, 0)
            .ok()
            .flatten()
            .unwrap_or(0)
    }

    fn right_of(&self, at: usize) -> usize {
        let mut cursor = GraphemeCursor::new(at, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }

    fn word_before(&self) -> usize {
        self.text
            .unicode_word_indices()
            .map(|(at, _)| at)
            .take_while(|at| *at < self.cursor)
            .last()
            .unwrap_or(0)
    }

    fn word_after(&self) -> usize {
        let mut ends = self.text.unicode_word_indices().map(|(at, word)| at + word.len());
        ends.find(|end| *end > self.cursor).unwrap_or(self.text.len())
    }

    /// The cursor may not stand inside a grapheme that an edit has joined.
    fn boundary_at_or_after(&self, at: usize) -> usize {
        let mut cursor = GraphemeCursor::new(at, self.text.len(), true);
        if cursor.is_boundary(&self.text, 0) == Ok(true) { at } else { self.right_of(at) }
    }

    /// How the text ends its lines.
    fn line_end(&self) -> &'static str {
        match self.text.find('\n').and_then(|at| self.text.get(..at)) {
            Some(first) if first.ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }

    fn is_indented_with_blanks(&self) -> bool {
        let mut lines = (0..self.lines()).filter_map(|row| self.text.get(self.line(row)));
        lines.find(|line| line.starts_with(['\t', ' '])).is_some_and(|line| line.starts_with("  "))
    }
}

#[cfg(test)]
mod tests;
