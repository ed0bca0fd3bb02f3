//! One line of text being edited: the state of an input field.
//!
//! The cursor stands between graphemes, what a reader calls characters, so a letter with its accents is passed and
//! deleted as one. How the line is drawn, and where it scrolls, is the drawing's business.

use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use super::input::{Key, KeyPress};

/// A line and its cursor. Offsets are bytes and always lie between graphemes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    cursor: usize,
    /// Where the selection began; it reaches to the cursor.
    anchor: Option<usize>,
}

/// Where a movement ends.
#[derive(Clone, Copy)]
enum To {
    Left,
    Right,
    WordLeft,
    WordRight,
    Start,
    End,
}

impl Line {
    /// A line that holds this text, the cursor behind it. Line ends become blanks.
    pub fn new(text: &str) -> Self {
        let text = flatten(text);
        Self { cursor: text.len(), text, anchor: None }
    }

    /// The same, all of it selected, so that typing replaces it.
    pub fn selected(text: &str) -> Self {
        let mut line = Self::new(text);
        line.anchor = Some(0).filter(|_| !line.text.is_empty());
        line
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Byte offset of the cursor in the text.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The selected bytes; never empty.
    pub fn selection(&self) -> Option<Range<usize>> {
        let anchor = self.anchor?;
        let range = anchor.min(self.cursor)..anchor.max(self.cursor);
        Some(range).filter(|range| !range.is_empty())
    }

    /// The selected text, or nothing.
    pub fn selected_text(&self) -> &str {
        self.selection().and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    /// Types text at the cursor, in place of the selection. Line ends become blanks; the caller that wants to treat
    /// several lines as several values looks before it calls.
    pub fn insert(&mut self, text: &str) {
        self.delete_selection();
        let text = flatten(text);
        self.text.insert_str(self.cursor, &text);
        // Typed text may join the grapheme before it (a combining accent), or the one after.
        self.cursor = self.boundary_at_or_after(self.cursor + text.len());
    }

    /// Acts on a key that edits or moves; `false` leaves the line alone and the key to the caller (Enter, Esc, Tab,
    /// Up, Down, function keys and commands with Control or Alt that no line editor knows).
    ///
    /// Shift with a movement selects. Control+A selects all, Control+U and Control+K delete to the start and the end,
    /// Control+W and Control+Backspace the word before the cursor, Control+Delete the one after it.
    pub fn press(&mut self, press: KeyPress) -> bool {
        if let Some(c) = press.text() {
            self.insert(c.encode_utf8(&mut [0; 4]));
            return true;
        }
        let KeyPress { key, ctrl, alt, shift } = press;
        if alt {
            return false;
        }
        match (key, ctrl) {
            (Key::Left, false) => self.go(To::Left, shift),
            (Key::Right, false) => self.go(To::Right, shift),
            (Key::Left, true) => self.go(To::WordLeft, shift),
            (Key::Right, true) => self.go(To::WordRight, shift),
            (Key::Home, _) => self.go(To::Start, shift),
            (Key::End, _) => self.go(To::End, shift),
            (Key::Backspace, false) => self.delete(To::Left),
            (Key::Delete, false) => self.delete(To::Right),
            (Key::Backspace | Key::Char('w'), true) => self.delete(To::WordLeft),
            (Key::Delete, true) => self.delete(To::WordRight),
            (Key::Char('u'), true) => self.delete(To::Start),
            (Key::Char('k'), true) => self.delete(To::End),
            (Key::Char('a'), true) => {
                self.anchor = Some(0);
                self.cursor = self.text.len();
            }
            _ => return false,
        }
        true
    }

    fn go(&mut self, to: To, select: bool) {
        let range = self.selection();
        if select {
            self.anchor = Some(self.anchor.unwrap_or(self.cursor));
        } else {
            self.anchor = None;
            // Left and Right leave a selection at its edge, as in every text field.
            match (range, to) {
                (Some(range), To::Left) => return self.cursor = range.start,
                (Some(range), To::Right) => return self.cursor = range.end,
                _ => {}
            }
        }
        self.cursor = self.target(to);
    }

    fn delete(&mut self, to: To) {
        if self.delete_selection() {
            return;
        }
        let target = self.target(to);
        let range = target.min(self.cursor)..target.max(self.cursor);
        self.cursor = range.start;
        self.text.replace_range(range, "");
        self.cursor = self.boundary_at_or_after(self.cursor);
    }

    fn delete_selection(&mut self) -> bool {
        let range = self.selection();
        self.anchor = None;
        let Some(range) = range else { return false };
        self.cursor = range.start;
        self.text.replace_range(range, "");
        self.cursor = self.boundary_at_or_after(self.cursor);
        true
    }

    fn target(&self, to: To) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        let words = self.text.unicode_word_indices();
        match to {
            To::Left => cursor.prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0),
            To::Right => cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len()),
            To::WordLeft => words.map(|(at, _)| at).rfind(|at| *at < self.cursor).unwrap_or(0),
            To::WordRight => words
                .map(|(at, word)| at + word.len())
                .find(|end| *end > self.cursor)
                .unwrap_or(self.text.len()),
            To::Start => 0,
            To::End => self.text.len(),
        }
    }

    /// The cursor may not stand inside a grapheme that an edit has joined.
    fn boundary_at_or_after(&self, at: usize) -> usize {
        let mut cursor = GraphemeCursor::new(at, self.text.len(), true);
        match cursor.is_boundary(&self.text, 0) {
            Ok(true) => at,
            _ => cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len()),
        }
    }
}

/// Each line end, in any of its spellings, becomes one blank.
fn flatten(text: &str) -> String {
    text.replace("\r\n", " ").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::app::input::{Input, keys};

    /// Presses keys on a line written with `|` as the cursor; gives the same form back, `<` `>` around a selection.
    fn after(line: &str, sequence: &str) -> String {
        let mut edited = Line::new(&line.replace('|', ""));
        edited.cursor = line.find('|').unwrap();
        for input in keys(sequence).unwrap() {
            let Input::Key(press) = input else { panic!("{input:?}") };
            assert!(edited.press(press), "{press} was not taken");
        }
        picture(&edited)
    }

    fn picture(line: &Line) -> String {
        let mut marks = vec![(line.cursor, "|")];
        if let Some(range) = line.selection() {
            marks.extend([(range.start, "<"), (range.end, ">")]);
        }
        marks.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let mut text = line.text.clone();
        for (at, mark) in marks {
            text.insert_str(at, mark);
        }
        text
    }

    #[test]
    fn keys_edit_and_move() {
        for (line, sequence, expected) in [
            ("ac|", "Left \"b\"", "ab|c"),
            ("abc|", "Backspace Backspace", "a|"),
            ("a|bc", "Del", "a|c"),
            ("|", "Backspace Del Left Right", "|"),
            ("abc|", "Home \"x\" End \"y\"", "xabcy|"),
            ("CONTOSO\\joe smith|", "Ctrl+Left", "CONTOSO\\joe |smith"),
            ("CONTOSO\\joe smith|", "Ctrl+Left Ctrl+Left Ctrl+Left", "|CONTOSO\\joe smith"),
            ("|one, two", "Ctrl+Right Ctrl+Right", "one, two|"),
            ("one two|", "Ctrl+W", "one |"),
            ("one t|wo", "Ctrl+Backspace", "one |wo"),
            ("one| two x", "Ctrl+Del", "one| x"),
            ("one| two", "Ctrl+U", "| two"),
            ("one| two", "Ctrl+K", "one|"),
            ("abc|", "Shift+Left Shift+Left", "a<|bc>"),
            ("abc|", "Shift+Left Shift+Left \"x\"", "ax|"),
            ("abc|", "Shift+Left Shift+Left Left", "a|bc"),
            ("abc|", "Shift+Home Backspace", "|"),
            ("a|bc", "Ctrl+A \"z\"", "z|"),
        ] {
            assert_eq!(after(line, sequence), expected, "{line} + {sequence}");
        }
    }

    #[test]
    fn a_grapheme_is_passed_and_deleted_whole() {
        assert_eq!(after("e\u{301}x|", "Left Left \"<\""), "<|e\u{301}x");
        assert_eq!(after("e\u{301}|", "Backspace"), "|");
        assert_eq!(after("\u{1F1E9}\u{1F1EA}|", "Backspace"), "|");
    }

    #[test]
    fn an_accent_that_joins_keeps_the_cursor_out_of_the_grapheme() {
        let mut line = Line::new("ex");
        line.cursor = 1;
        line.insert("\u{301}");
        assert_eq!((line.text(), line.cursor()), ("e\u{301}x", 3));
    }

    #[test]
    fn a_selected_line_is_replaced_by_typing() {
        let mut line = Line::selected("old name");
        assert_eq!(line.selected_text(), "old name");
        line.insert("new\r\nname\nhere");
        assert_eq!(picture(&line), "new name here|");
        assert_eq!(Line::selected("").selection(), None);
    }

    #[test]
    fn keys_of_the_caller_are_left_alone() {
        for key in
            ["Enter", "Esc", "Tab", "Shift+Tab", "Up", "Down", "PgUp", "F2", "Ctrl+S", "Alt+Left", "Alt+x"]
        {
            let mut line = Line::new("abc");
            assert!(!line.press(key.parse().unwrap()), "{key}");
            assert_eq!(picture(&line), "abc|");
        }
    }

    #[test]
    fn altgr_types() {
        let mut line = Line::default();
        assert!(line.press(KeyPress::new(Key::Char('@'), true, true, false)));
        assert_eq!(line.text(), "@");
    }

    proptest! {
        #[test]
        fn the_cursor_always_stands_between_graphemes(
            text in "[a-c \u{301}\u{1F1E6}-\u{1F1FF}\u{200D}\u{AC00}\u{1100}\u{1161}]{0,12}",
            presses in proptest::collection::vec(0usize..16, 0..40),
        ) {
            let keys = ["Left", "Right", "Ctrl+Left", "Ctrl+Right", "Home", "End", "Backspace", "Del", "Ctrl+W",
                "Ctrl+Del", "Shift+Left", "Shift+Right", "\u{301}", "\u{1F1E9}", "\u{200D}", "x"];
            let mut line = Line::new(&text);
            for n in presses {
                let press: KeyPress = keys[n].parse().unwrap();
                line.press(press);
                for at in [Some(line.cursor), line.selection().map(|range| range.start)].into_iter().flatten() {
                    let between = line.text.grapheme_indices(true).any(|(start, _)| start == at)
                        || at == line.text.len();
                    prop_assert!(between, "{:?} at {}", line.text, at);
                }
            }
        }
    }
}
