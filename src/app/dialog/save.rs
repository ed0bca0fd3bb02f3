//! The save dialog: what saving would write, as objects and as lines of XML, and what it asks before it does.

use crate::app::input::{Key, KeyPress};
use crate::app::line::Line;

use super::Outcome;

/// One line of the dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveLine {
    /// `+`, `~`, `-`, `!`, `·` or a blank; `>` where the line goes on from the one before.
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

/// Names that must be typed before anything is saved: the guard objects.
#[derive(Debug, Clone, Default)]
pub struct Consent {
    /// Those still to be typed, the worst first.
    pub names: Vec<String>,
    /// What has been typed of the first.
    pub line: Line,
    /// It was not the name.
    pub is_wrong: bool,
}

impl Consent {
    /// Asks for each of these names, once.
    pub fn new(names: impl IntoIterator<Item = String>) -> Consent {
        let mut consent = Consent::default();
        for name in names {
            if !consent.names.contains(&name) {
                consent.names.push(name);
            }
        }
        consent
    }

    /// The name that is asked for; `None`: nothing is in the way of saving.
    pub fn asked(&self) -> Option<&str> {
        self.names.first().map(String::as_str)
    }

    /// Takes what was typed as the answer.
    fn answer(&mut self) {
        self.is_wrong = self.asked().is_some_and(|name| name != self.line.text().trim());
        if !self.is_wrong && !self.names.is_empty() {
            self.names.remove(0);
        }
        self.line = Line::default();
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
    /// What is asked first.
    pub consent: Consent,
}

impl SaveDialog {
    /// The lines of the shown side.
    pub fn lines(&self) -> &[SaveLine] {
        if self.show_xml { &self.xml } else { &self.objects }
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        let last = self.lines().len().saturating_sub(page);
        if self.consent.asked().is_some() {
            match press.key {
                Key::Enter => {
                    self.consent.answer();
                    return if self.consent.asked().is_some() { Outcome::Stay } else { Outcome::Submit };
                }
                // Letters and movements in a line are typing here; what scrolls still scrolls.
                _ if self.consent.line.press(press) => {
                    self.consent.is_wrong = false;
                    return Outcome::Stay;
                }
                Key::Char(_) => return Outcome::Stay,
                _ => {}
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(names: &[&str]) -> SaveDialog {
        SaveDialog {
            title: String::new(),
            objects: Vec::new(),
            xml: Vec::new(),
            show_xml: false,
            top: 0,
            on_save: true,
            consent: Consent::new(names.iter().map(|&name| name.to_owned())),
        }
    }

    fn press(dialog: &mut SaveDialog, keys: &str) -> Outcome {
        let mut last = Outcome::Stay;
        for input in crate::app::input::keys(keys).unwrap() {
            let crate::app::Input::Key(key) = input else { panic!("no key") };
            last = dialog.key(key, 10);
        }
        last
    }

    #[test]
    fn nothing_but_the_name_saves() {
        for keys in [
            "s",
            "Enter",
            "s Enter",
            "\"office\" Enter",
            "\"Offic\" Enter",
            "Left Enter",
            "Ctrl+S",
            "Tab s Enter",
        ] {
            assert_eq!(press(&mut asking(&["Office"]), keys), Outcome::Stay, "{keys}");
        }
        assert_eq!(press(&mut asking(&["Office"]), "\"Office\" Enter"), Outcome::Submit);
        assert_eq!(press(&mut asking(&["Office"]), "\"Offic\" Enter \"Office \" Enter"), Outcome::Submit);
        assert_eq!(press(&mut asking(&["Office"]), "Esc"), Outcome::Close);
        assert_eq!(press(&mut asking(&[]), "Enter"), Outcome::Submit);
    }

    #[test]
    fn each_name_is_asked_for_once() {
        let mut dialog = asking(&["Office", "Everyone", "Office"]);
        assert_eq!(press(&mut dialog, "\"Office\" Enter"), Outcome::Stay);
        assert_eq!(dialog.consent.asked(), Some("Everyone"));
        assert_eq!(press(&mut dialog, "\"Office\" Enter"), Outcome::Stay);
        assert!(dialog.consent.is_wrong);
        assert_eq!(press(&mut dialog, "\"Everyone\" Enter"), Outcome::Submit);
    }
}
