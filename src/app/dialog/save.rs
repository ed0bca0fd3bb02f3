//! The save dialog: what saving would write, as objects and as lines of XML.

use crate::app::input::{Key, KeyPress};

use super::Outcome;

/// One line of the dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveLine {
    /// `+`, `~`, `-`, `!`, `·` or a blank.
    pub sign: char,
    /// What kind of thing changed; empty for plain text.
    pub what: String,
    /// Its name, or the text.
    pub text: String,
    /// Where it is.
    pub place: String,
}

impl SaveLine {
    /// A heading or a sentence.
    pub fn text(text: impl Into<String>) -> SaveLine {
        SaveLine { sign: ' ', what: String::new(), text: text.into(), place: String::new() }
    }
}

/// What saving would write.
#[derive(Debug, Clone)]
pub struct SaveDialog {
    /// `Save InitialStore.xml`.
    pub title: String,
    /// Changes as objects, then the findings.
    pub objects: Vec<SaveLine>,
    /// The same as lines of the file.
    pub xml: Vec<SaveLine>,
    /// The XML is shown.
    pub show_xml: bool,
    /// First visible line.
    pub top: usize,
    /// Whether Enter saves (or cancels).
    pub on_save: bool,
}

impl SaveDialog {
    /// The lines of the shown side.
    pub fn lines(&self) -> &[SaveLine] {
        if self.show_xml { &self.xml } else { &self.objects }
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        let last = self.lines().len().saturating_sub(page);
        match press.key {
            Key::Esc => return Outcome::Close,
            Key::Char('s') => return Outcome::Submit,
            Key::Enter if self.on_save => return Outcome::Submit,
            Key::Enter => return Outcome::Close,
            Key::Tab | Key::BackTab => {
                self.show_xml = !self.show_xml;
                self.top = 0;
            }
            Key::Left | Key::Right => self.on_save = !self.on_save,
            Key::Up | Key::Char('k') => self.top = self.top.saturating_sub(1),
            Key::Down | Key::Char('j') => self.top = self.top.saturating_add(1).min(last),
            Key::PageUp => self.top = self.top.saturating_sub(page),
            Key::PageDown => self.top = self.top.saturating_add(page).min(last),
            Key::Home => self.top = 0,
            Key::End => self.top = last,
            _ => {}
        }
        Outcome::Stay
    }
}
