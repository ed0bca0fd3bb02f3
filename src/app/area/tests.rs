use proptest::prelude::*;

use super::*;
use crate::app::input::{Input, keys};

/// An area whose cursor stands at `|`.
fn area(picture: &str) -> Area {
    let mut area = Area::new(&picture.replace('|', ""));
    area.cursor = picture.find('|').unwrap();
    area.page = 3;
    area
}

/// The text with `|` at the cursor, and `<` `>` around a selection.
fn picture(area: &Area) -> String {
    let mut marks = vec![(area.cursor, "|")];
    if let Some(range) = area.selection() {
        marks.insert(0, (range.end, ">"));
        marks.push((range.start, "<"));
    }
    marks.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut text = area.text.clone();
    for (at, mark) in marks {
        text.insert_str(at, mark);
    }
    text
}

/// Presses keys as a caller would: Enter breaks the line, Tab indents.
fn press(area: &mut Area, sequence: &str) {
    for input in keys(sequence).unwrap() {
        let Input::Key(press) = input else { panic!("{input:?}") };
        match press.key {
            Key::Enter => area.break_line(),
            Key::Tab => area.indent(),
            Key::BackTab => area.unindent(),
            _ => _ = area.press(press),
        }
    }
}

fn after(before: &str, sequence: &str) -> String {
    let mut area = area(before);
    press(&mut area, sequence);
    picture(&area)
}

#[test]
fn keys_edit_and_move() {
    for (before, sequence, expected) in [
        ("ab|", "Enter \"c\"", "ab\nc|"),
        ("  ab|c", "Enter", "  ab\n  |c"),
        ("ab\n|cd", "Backspace", "ab|cd"),
        ("ab|\ncd", "Del", "ab|cd"),
        ("ab\n|cd", "Left", "ab|\ncd"),
        ("ab|\ncd", "Right", "ab\n|cd"),
        ("abc\nd\nef|g", "Up Up", "ab|c\nd\nefg"),
        ("abc|\n\nabc", "Down Down", "abc\n\nabc|"),
        ("\ta|b\nabcdefg", "Down", "\tab\nabcde|fg"),
        ("1\n2\n3\n4\n5|", "PgUp", "1\n2|\n3\n4\n5"),
        ("1|\n2\n3\n4\n5", "PgDn PgDn", "1\n2\n3\n4\n5|"),
        ("ab\nc|d\ne", "Home Shift+End", "ab\n<cd|>\ne"),
        ("ab\nc|d\ne", "Ctrl+End Shift+Ctrl+Home", "<|ab\ncd\ne>"),
        ("a|b\ncd", "Shift+Down", "a<b\nc|>d"),
        ("a|b", "Shift+Up", "<|a>b"),
        ("a|b", "Shift+Down", "a<b|>"),
        ("If |x Then", "Ctrl+Right Ctrl+Right", "If x Then|"),
        ("If x\nThen|", "Ctrl+Left Ctrl+Left Ctrl+Left", "|If x\nThen"),
        ("ab cd|\nef", "Ctrl+W", "ab |\nef"),
        ("ab|cd\nef", "Ctrl+K", "ab|\nef"),
        ("ab\ncd|ef", "Ctrl+U", "ab\n|ef"),
        ("a|b", "Ctrl+A Ctrl+X Ctrl+V Ctrl+V", "abab|"),
        ("a|b", "Shift+Right Ctrl+C End Ctrl+V", "abb|"),
        ("a|b", "\"xy\" Ctrl+Z", "a|b"),
        ("a|b", "\"xy\" Ctrl+Z Ctrl+Y", "axy|b"),
        ("a|b", "\"x\" Left \"y\" Ctrl+Z", "a|xb"),
        ("a|b", "Ctrl+A \"x\" Ctrl+Z", "<ab|>"),
    ] {
        assert_eq!(after(before, sequence), expected, "{before:?} + {sequence}");
    }
}

#[test]
fn tab_indents_as_the_text_does() {
    for (before, sequence, expected) in [
        ("a|b", "Tab", "a\t|b"),
        ("  x\na|b", "Tab", "  x\na   |b"),
        ("\tx\na|b", "Tab", "\tx\na\t|b"),
        ("a|\nb\nc", "Shift+Down Tab", "<\ta\n\tb|>\nc"),
        ("|a\nb\nc", "Shift+Down Tab", "<\ta|>\nb\nc"),
        ("|a\n\nc", "Shift+Down Shift+Down Shift+End Tab", "<\ta\n\n\tc|>"),
        ("\t\ta|b", "Shift+Tab", "\ta|b"),
        ("      a|b", "Shift+Tab Shift+Tab", "a|b"),
        ("a|b", "Shift+Tab", "a|b"),
        ("\ta|\n\tb", "Shift+Down Shift+Tab Ctrl+Z", "\ta<\n\tb|>"),
    ] {
        assert_eq!(after(before, sequence), expected, "{before:?} + {sequence}");
    }
}

#[test]
fn line_ends_stay_as_they_are_and_new_ones_are_like_the_first() {
    let mut text = area("a|\r\nb\nc");
    text.insert("1\n2\r\n3");
    assert_eq!(text.text(), "a1\r\n2\r\n3\r\nb\nc");
    press(&mut text, "Ctrl+End Enter");
    assert_eq!(text.text(), "a1\r\n2\r\n3\r\nb\nc\r\n");
    press(&mut text, "Backspace Left Backspace");
    assert_eq!(text.text(), "a1\r\n2\r\n3\r\nbc");
    press(&mut text, "Home Backspace");
    assert_eq!(text.text(), "a1\r\n2\r\n3bc");
    let mut text = Area::new("a\nb");
    text.replace_all("x\r\ny");
    assert_eq!((text.text(), text.lines()), ("x\r\ny", 2));
    press(&mut text, "Ctrl+Z");
    assert_eq!(text.text(), "a\nb");
}

#[test]
fn the_cursor_is_always_seen() {
    let mut text = Area::new(&"0123456789\n".repeat(50));
    for (sequence, cursor, origin) in [
        ("Ctrl+End", (50, 0), (41, 0)),
        ("Up End", (49, 10), (41, 5)),
        ("Home", (49, 0), (41, 0)),
        ("PgUp PgUp", (29, 0), (29, 0)),
    ] {
        press(&mut text, sequence);
        text.settle(6, 10);
        assert_eq!((text.cursor(), text.origin()), (cursor, origin), "{sequence}");
    }
}

#[test]
fn tabs_and_hidden_characters_have_the_cells_they_are_shown_in() {
    let text = Area::new("a\tb\u{202E}管c");
    let columns: Vec<(usize, usize)> = text.shown(0).map(|shown| (shown.column, shown.cells)).collect();
    assert_eq!(columns, [(0, 1), (1, 3), (4, 1), (5, 8), (13, 2), (15, 1)]);
}

/// What an area does, done the plain way: characters, one line end, no undoing.
#[derive(Debug, Clone)]
struct Model {
    chars: Vec<char>,
    cursor: usize,
    anchor: Option<usize>,
    goal: Option<usize>,
    clip: Vec<char>,
}

impl Model {
    fn text(&self) -> String {
        self.chars.iter().collect()
    }

    fn range(&self) -> Range<usize> {
        let anchor = self.anchor.unwrap_or(self.cursor);
        anchor.min(self.cursor)..anchor.max(self.cursor)
    }

    fn start(&self, at: usize) -> usize {
        self.chars[..at].iter().rposition(|c| *c == '\n').map_or(0, |end| end + 1)
    }

    fn end(&self, at: usize) -> usize {
        self.chars[at..].iter().position(|c| *c == '\n').map_or(self.chars.len(), |end| at + end)
    }

    fn put(&mut self, range: Range<usize>, new: &[char]) {
        self.cursor = range.start + new.len();
        self.chars.splice(range, new.iter().copied());
        (self.anchor, self.goal) = (None, None);
    }

    fn go(&mut self, to: usize, select: bool) {
        self.anchor = if select { self.anchor.or(Some(self.cursor)) } else { None };
        (self.cursor, self.goal) = (to, None);
    }

    fn press(&mut self, key: &str) {
        let (range, shift) = (self.range(), key.starts_with("Shift+"));
        let selected = !range.is_empty();
        let (at, last) = (self.cursor, self.chars.len());
        match key.trim_start_matches("Shift+") {
            "Left" if selected && !shift => self.go(range.start, false),
            "Right" if selected && !shift => self.go(range.end, false),
            "Left" => self.go(at.saturating_sub(1), shift),
            "Right" => self.go((at + 1).min(last), shift),
            "Home" => self.go(self.start(at), shift),
            "End" => self.go(self.end(at), shift),
            "Ctrl+Home" => self.go(0, shift),
            "Ctrl+End" => self.go(last, shift),
            "Ctrl+A" => (self.anchor, self.cursor, self.goal) = (Some(0), last, None),
            "Backspace" | "Del" if selected => self.put(range, &[]),
            "Backspace" => self.put(at.saturating_sub(1)..at, &[]),
            "Del" => self.put(at..(at + 1).min(last), &[]),
            "Ctrl+C" if selected => self.clip = self.chars[range].to_vec(),
            "Ctrl+X" if selected => {
                self.clip = self.chars[range.clone()].to_vec();
                self.put(range, &[]);
            }
            "Ctrl+V" => {
                let clip = self.clip.clone();
                self.put(range, &clip);
            }
            "Up" | "Down" => self.go_row(key.ends_with("Up"), shift),
            "Enter" => {
                let line = &self.chars[self.start(range.start)..range.start];
                let mut new = vec!['\n'];
                new.extend(line.iter().take_while(|c| **c == ' '));
                self.put(range, &new);
            }
            key => {
                if let Some(c) = key.chars().next().filter(|_| key.len() == 1) {
                    self.put(range, &[c]);
                }
            }
        }
        if matches!(key, "Backspace" | "Del" | "Ctrl+X") {
            self.anchor = None;
        }
    }

    fn go_row(&mut self, up: bool, select: bool) {
        let (start, end) = (self.start(self.cursor), self.end(self.cursor));
        let goal = self.goal.unwrap_or(self.cursor - start);
        let next = Some(end + 1).filter(|next| *next <= self.chars.len());
        let there = if up { start.checked_sub(1) } else { next };
        let to = match there {
            Some(there) => (self.start(there) + goal).min(self.end(there)),
            None if !select => return,
            None if up => 0,
            None => self.chars.len(),
        };
        self.go(to, select);
        self.goal = Some(goal);
    }
}

const KEYS: [&str; 28] = [
    "a",
    "b",
    "Space",
    "Enter",
    "Enter",
    "Left",
    "Right",
    "Up",
    "Down",
    "Up",
    "Down",
    "Home",
    "End",
    "Backspace",
    "Del",
    "Shift+Left",
    "Shift+Right",
    "Shift+Up",
    "Shift+Down",
    "Shift+Home",
    "Shift+End",
    "Ctrl+Home",
    "Ctrl+End",
    "Ctrl+A",
    "Ctrl+C",
    "Ctrl+X",
    "Ctrl+V",
    "Ctrl+V",
];

proptest! {
    #[test]
    fn an_area_does_what_the_plain_model_does(
        text in "[ab \n]{0,20}",
        presses in proptest::collection::vec(0..KEYS.len(), 0..60),
        crlf: bool,
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        // New line ends are like the first, so there is one from the start.
        let text = format!("x\n{text}");
        let mut area = Area::new(&text.replace('\n', end));
        let mut model = Model {
            chars: text.chars().collect(), cursor: 0, anchor: None, goal: None, clip: Vec::new(),
        };
        let mut whole = true;
        for n in presses {
            let key = KEYS[n];
            press(&mut area, key);
            model.press(if key == "Space" { " " } else { key });
            // With the last line end its spelling is gone.
            whole &= model.chars.contains(&'\n');
            let bare = area.text().replace("\r\n", "\n");
            prop_assert_eq!(&bare, &model.text(), "{}", key);
            prop_assert!(!whole || !crlf || area.text() == model.text().replace('\n', "\r\n"));
            let before = area.text().get(..area.cursor).unwrap();
            let at = before.replace("\r\n", "\n").len();
            prop_assert_eq!(at, model.cursor, "{} in {:?}", key, area.text());
            prop_assert_eq!(area.selected_text().replace("\r\n", "\n"),
                model.chars[model.range()].iter().collect::<String>(), "{}", key);
        }
    }

    #[test]
    fn undoing_everything_and_doing_it_again_changes_nothing(
        text in "[ab \n\t\u{301}管]{0,20}", presses in proptest::collection::vec(0..KEYS.len() + 3, 0..60),
    ) {
        let mut area = Area::new(&text);
        for n in presses {
            match n.checked_sub(KEYS.len()) {
                None => press(&mut area, KEYS[n]),
                Some(0) => press(&mut area, "Tab"),
                Some(1) => press(&mut area, "Shift+Tab"),
                _ => area.insert("1\r\n\u{301}2\n"),
            }
            let between = area.text().grapheme_indices(true).any(|(at, _)| at == area.cursor);
            prop_assert!(between || area.cursor == area.text().len());
        }
        let last = area.text().to_owned();
        let steps = area.done.len();
        for _ in 0..steps {
            area.undo();
        }
        prop_assert_eq!(area.text(), text);
        for _ in 0..steps {
            area.redo();
        }
        prop_assert_eq!(area.text(), last);
    }
}
