//! The editor of an authorization rule: its script, in what language, and the file that it came from.

use crate::app::area::Area;
use crate::app::input::{Key, KeyPress};
use crate::app::layout::{self, Wishes};
use crate::app::line::Line;
use crate::store::{ObjId, limits};

use super::Outcome;

/// The languages that AzMan knows.
pub const LANGUAGES: [&str; 2] = ["VBScript", "JScript"];

/// What has the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The script.
    Text,
    /// The language.
    Language,
    /// The path it was imported from.
    Path,
}

/// Something to be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleFile {
    /// Ask for a file and read the script from it.
    Read,
    /// Ask for a file and write the script to it.
    Write,
    /// Read the script again from the path it was imported from.
    Reload,
}

/// A rule being edited.
#[derive(Debug)]
pub struct RuleEditor {
    /// Verb and object.
    pub title: String,
    /// Whose rule it is.
    pub object: ObjId,
    /// The script.
    pub text: Area,
    /// Its language, as stored: one of [`LANGUAGES`], or what else the file says.
    pub language: String,
    /// The path that it was imported from.
    pub path: Line,
    /// What has the cursor.
    pub focus: Focus,
    /// What is wrong with it as a whole.
    pub error: Option<String>,
    /// Text, language and path as they are in the store.
    before: (String, String, String),
}

/// Where the parts of the editor stand.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    /// The frame; empty in plain mode.
    pub frame: layout::Area,
    /// Language and length.
    pub language: layout::Area,
    /// The path.
    pub path: layout::Area,
    /// What is wrong.
    pub error: layout::Area,
    /// Line numbers and text.
    pub text: layout::Area,
}

/// Cuts a screen: the editor has all of it but the line for messages and the one for keys.
pub fn parts((width, height): (u16, u16), plain: bool) -> Parts {
    let cut = layout::layout(width, height, Wishes { plain, ..Wishes::default() });
    let whole = layout::Area::new(0, 0, width, cut.status.y);
    let (frame, inside) = if plain {
        (layout::Area::default(), layout::Area::new(0, 1, width, whole.height.saturating_sub(1)))
    } else {
        let inner = layout::Area::new(2, 1, width.saturating_sub(4), whole.height.saturating_sub(2));
        (whole, inner)
    };
    let line = |n: u16| layout::Area::new(inside.x, inside.y.saturating_add(n), inside.width, 1);
    let text = layout::Area::new(
        inside.x,
        inside.y.saturating_add(3),
        inside.width,
        inside.height.saturating_sub(3),
    );
    Parts { frame, language: line(0), path: line(1), error: line(2), text }
}

impl RuleEditor {
    /// A rule as it is in the store. A new one is in VBScript.
    pub fn new(title: String, object: ObjId, text: &str, language: &str, path: &str) -> RuleEditor {
        let known = LANGUAGES.into_iter().find(|known| known.eq_ignore_ascii_case(language));
        let shown = match known {
            Some(known) => known,
            None if language.is_empty() => LANGUAGES[0],
            None => language,
        };
        RuleEditor {
            title,
            object,
            text: Area::new(text),
            language: shown.to_owned(),
            path: Line::new(path),
            focus: Focus::Text,
            error: None,
            before: (text.to_owned(), language.to_owned(), path.to_owned()),
        }
    }

    /// Whether the text was changed.
    pub fn is_text_changed(&self) -> bool {
        self.text.text() != self.before.0
    }

    /// Whether the language was changed. That of a rule that is not there means nothing.
    pub fn is_language_changed(&self) -> bool {
        let means_nothing = self.before.1.is_empty() && self.text.text().is_empty();
        !means_nothing && !self.language.eq_ignore_ascii_case(&self.before.1)
    }

    /// Whether the path was changed.
    pub fn is_path_changed(&self) -> bool {
        self.path.text() != self.before.2
    }

    /// Whether anything would be lost.
    pub fn is_touched(&self) -> bool {
        self.is_text_changed() || self.is_language_changed() || self.is_path_changed()
    }

    /// Characters as AzMan counts them, and whether they are too many.
    pub fn length(&self) -> (usize, bool) {
        let length = limits::length(self.text.text());
        (length, length > limits::MAX_RULE)
    }

    /// Cells of the line numbers, with a blank behind them.
    pub fn gutter(&self) -> usize {
        self.text.lines().to_string().len().max(3) + 1
    }

    /// Scrolls so that the cursor is seen on a screen of this size.
    pub fn settle(&mut self, size: (u16, u16), plain: bool) {
        let area = parts(size, plain).text;
        let cells = usize::from(area.width).saturating_sub(self.gutter());
        self.text.settle(cells, usize::from(area.height));
    }

    /// Acts on a key. Tab writes in the text, so F6 and Control+T go on to the language and the path.
    pub fn key(&mut self, press: KeyPress) -> Outcome {
        let KeyPress { key, ctrl, alt, .. } = press;
        match (key, ctrl && !alt) {
            (Key::Esc, _) => return Outcome::Close,
            (Key::Char('s') | Key::Enter, true) | (Key::F(10), _) => return self.submit(),
            (Key::Char('o'), true) => return Outcome::RuleFile(RuleFile::Read),
            (Key::Char('e'), true) => return Outcome::RuleFile(RuleFile::Write),
            (Key::Char('r'), true) | (Key::F(5), _) => return Outcome::RuleFile(RuleFile::Reload),
            (Key::F(6), _) | (Key::Char('t'), true) => self.focus = self.next(),
            _ => match self.focus {
                Focus::Text => return self.key_in_text(press),
                Focus::Language => self.key_in_language(press),
                Focus::Path => self.key_in_path(press),
            },
        }
        Outcome::Stay
    }

    fn submit(&mut self) -> Outcome {
        match self.length() {
            (length, true) => {
                self.error = Some(format!(
                    "A rule may have at most {} characters; this has {length}.",
                    limits::MAX_RULE
                ));
                Outcome::Stay
            }
            _ => Outcome::Submit,
        }
    }

    fn next(&self) -> Focus {
        match self.focus {
            Focus::Text => Focus::Language,
            Focus::Language => Focus::Path,
            Focus::Path => Focus::Text,
        }
    }

    fn key_in_text(&mut self, press: KeyPress) -> Outcome {
        self.error = None;
        match press.key {
            Key::Enter => self.text.break_line(),
            Key::Tab => self.text.indent(),
            Key::BackTab => self.text.unindent(),
            Key::Char('c' | 'x') if press.ctrl && !press.alt => {
                let text = self.text.selected_text().to_owned();
                self.text.press(press);
                if !text.is_empty() {
                    return Outcome::Copy(text);
                }
            }
            _ => _ = self.text.press(press),
        }
        Outcome::Stay
    }

    fn key_in_language(&mut self, press: KeyPress) {
        let typed = press.text().map(|c| c.to_ascii_lowercase());
        let at = LANGUAGES.iter().position(|known| *known == self.language);
        let chosen = match press.key {
            Key::Tab | Key::Down | Key::Enter => return self.focus = Focus::Path,
            Key::BackTab | Key::Up => return self.focus = Focus::Text,
            Key::Left | Key::Right | Key::Char(' ') => at.map_or(0, |at| 1 - at.min(1)),
            _ if typed == Some('v') => 0,
            _ if typed == Some('j') => 1,
            _ => return,
        };
        LANGUAGES.get(chosen).copied().unwrap_or_default().clone_into(&mut self.language);
    }

    fn key_in_path(&mut self, press: KeyPress) {
        match press.key {
            Key::Tab | Key::Down | Key::Enter => self.focus = Focus::Text,
            Key::BackTab | Key::Up => self.focus = Focus::Language,
            _ => {
                self.path.press(press);
                self.error = None;
            }
        }
    }

    /// Pasted text goes where the cursor is.
    pub fn paste(&mut self, text: &str) {
        self.error = None;
        match self.focus {
            Focus::Text => self.text.insert(text),
            Focus::Path => self.path.insert(text.trim_end_matches('\n')),
            Focus::Language => {}
        }
    }
}
