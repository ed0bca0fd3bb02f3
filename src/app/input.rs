//! What comes in: keys, pasted text, the mouse, the window, and the host's answers.
//!
//! These values are our own, so that nothing but `term` knows which library reads the terminal. A key has a
//! written form (`Ctrl+S`, `F2`, `Del`) that the key bar, the help and the tests share.

use std::fmt;
use std::str::FromStr;

use super::effect::HostEvent;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key went down or repeats.
    Key(KeyPress),
    /// Text arrived in one piece; line ends are `\n`.
    Paste(String),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// The window has this many cells now; both may be 0.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The terminal's window gained (`true`) or lost the keyboard.
    Focus(bool),
    /// The host answers an effect.
    Host(HostEvent),
}

/// A key as the keyboard names it. Text is [`Key::Char`], whatever modifiers it took to type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // The names are the keys.
pub enum Key {
    Char(char),
    Enter,
    Esc,
    Tab,
    /// Shift+Tab, which terminals send as a key of its own.
    BackTab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    /// F1 to F24.
    F(u8),
}

/// A key with what was held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyPress {
    /// Which key. With `ctrl` or `alt` an ASCII letter is in lower case.
    pub key: Key,
    /// Control was held.
    pub ctrl: bool,
    /// Alt was held. Together with `ctrl` on a [`Key::Char`] it may be `AltGr`: text where text is expected.
    pub alt: bool,
    /// Shift was held. Never set for [`Key::Char`] (the character tells) and [`Key::BackTab`].
    pub shift: bool,
}

impl KeyPress {
    /// A key with modifiers, in the one form that compares equal: shift is dropped where the key tells it, and the
    /// case of an ASCII letter where Control or Alt makes it a command.
    pub fn new(key: Key, ctrl: bool, alt: bool, shift: bool) -> Self {
        match key {
            Key::Char(c) if ctrl || alt => {
                Self { key: Key::Char(c.to_ascii_lowercase()), ctrl, alt, shift: false }
            }
            Key::Char(_) | Key::BackTab => Self { key, ctrl, alt, shift: false },
            Key::Tab if shift => Self { key: Key::BackTab, ctrl, alt, shift: false },
            _ => Self { key, ctrl, alt, shift },
        }
    }

    /// The key alone.
    pub fn plain(key: Key) -> Self {
        Self::new(key, false, false, false)
    }

    /// The character this key types where text is expected: plain, or with `AltGr`, which some terminals report as
    /// Control and Alt together. `None` for commands.
    pub fn text(&self) -> Option<char> {
        match self.key {
            Key::Char(c) if self.ctrl == self.alt => Some(c),
            _ => None,
        }
    }
}

impl From<Key> for KeyPress {
    fn from(key: Key) -> Self {
        Self::plain(key)
    }
}

/// Keys with names; `Display` uses the first name of each, `FromStr` knows all, in any case.
const NAMES: &[(&str, Key)] = &[
    ("Enter", Key::Enter),
    ("Esc", Key::Esc),
    ("Tab", Key::Tab),
    ("Backspace", Key::Backspace),
    ("Del", Key::Delete),
    ("Ins", Key::Insert),
    ("Up", Key::Up),
    ("Down", Key::Down),
    ("Left", Key::Left),
    ("Right", Key::Right),
    ("Home", Key::Home),
    ("End", Key::End),
    ("PgUp", Key::PageUp),
    ("PgDn", Key::PageDown),
    ("Space", Key::Char(' ')),
    ("Delete", Key::Delete),
    ("Insert", Key::Insert),
    ("PageUp", Key::PageUp),
    ("PageDown", Key::PageDown),
    ("Escape", Key::Esc),
    ("Return", Key::Enter),
];

impl fmt::Display for KeyPress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl+")?;
        }
        if self.alt {
            f.write_str("Alt+")?;
        }
        if self.shift || self.key == Key::BackTab {
            f.write_str("Shift+")?;
        }
        match self.key {
            Key::F(n) => write!(f, "F{n}"),
            Key::BackTab => f.write_str("Tab"),
            key => match NAMES.iter().find(|(_, named)| *named == key) {
                Some((name, _)) => f.write_str(name),
                None => match key {
                    Key::Char(c) if self.ctrl || self.alt => write!(f, "{}", c.to_ascii_uppercase()),
                    Key::Char(c) => write!(f, "{c}"),
                    _ => Ok(()),
                },
            },
        }
    }
}

/// A text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a key; write a key as `Ctrl+S`, `Shift+F10`, `Del` or `a`")]
pub struct KeyError(pub String);

impl FromStr for KeyPress {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut rest = text;
        // A last `+` is the key itself, so a modifier is only what stands before a `+` with something behind it.
        while let Some((word, behind)) = rest.split_once('+').filter(|(_, behind)| !behind.is_empty()) {
            match word.to_ascii_lowercase().as_str() {
                "ctrl" => ctrl = true,
                "alt" => alt = true,
                "shift" => shift = true,
                _ => return Err(KeyError(text.to_owned())),
            }
            rest = behind;
        }
        let key = key_named(rest).ok_or_else(|| KeyError(text.to_owned()))?;
        if shift && matches!(key, Key::Char(c) if !(ctrl || alt || c == ' ')) {
            return Err(KeyError(text.to_owned())); // Shift+a is `A`.
        }
        Ok(Self::new(key, ctrl, alt, shift))
    }
}

fn key_named(name: &str) -> Option<Key> {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return Some(Key::Char(c));
    }
    if let Some((_, key)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return Some(*key);
    }
    let number = name.strip_prefix(['F', 'f'])?;
    number.parse().ok().filter(|n| (1..=24).contains(n)).map(Key::F)
}

/// The inputs that a written sequence stands for: keys separated by blanks, and text to type in double quotes
/// (`F2 "Joes VM Scope" Enter`). The driver of the tests and the program that draws pictures use it.
pub fn keys(sequence: &str) -> Result<Vec<Input>, KeyError> {
    let mut inputs = Vec::new();
    for (n, part) in sequence.split('"').enumerate() {
        if n % 2 == 1 {
            inputs.extend(part.chars().map(|c| Input::Key(Key::Char(c).into())));
        } else {
            for word in part.split_whitespace() {
                inputs.push(Input::Key(word.parse()?));
            }
        }
    }
    Ok(inputs)
}

/// A mouse button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names say it.
pub enum Button {
    Left,
    Right,
    Middle,
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MouseKind {
    /// A button went down.
    Down(Button),
    /// A button went down for the second time in the same cell, soon after the first: a double click. The first came
    /// as [`MouseKind::Down`].
    Double(Button),
    /// A button came up.
    Up(Button),
    /// The mouse moved with a button down.
    Drag(Button),
    /// The wheel turned away from the user: towards the start.
    ScrollUp,
    /// The wheel turned towards the user: towards the end.
    ScrollDown,
    /// The wheel was pushed to the left, or turned away with Shift held.
    ScrollLeft,
    /// The wheel was pushed to the right, or turned towards the user with Shift held.
    ScrollRight,
}

/// Something the mouse did, and the cell where, counted from 0 at the top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MouseEvent {
    /// What it did.
    pub kind: MouseKind,
    /// Cells from the left edge.
    pub column: u16,
    /// Cells from the top edge.
    pub row: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        text.parse::<KeyPress>().unwrap().to_string()
    }

    #[test]
    fn every_key_reads_back_as_it_is_written() {
        let mut all: Vec<Key> = NAMES.iter().map(|(_, key)| *key).collect();
        all.extend((1..=24).map(Key::F));
        all.extend(['a', 'Z', '+', '?', '"', 'ß', '€', '語'].map(Key::Char));
        all.push(Key::BackTab);
        for key in all {
            for bits in 0..8u8 {
                let press = KeyPress::new(key, bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
                assert_eq!(press.to_string().parse::<KeyPress>(), Ok(press), "{press}");
            }
        }
    }

    #[test]
    fn keys_are_written_one_way() {
        assert_eq!(written("ctrl+s"), "Ctrl+S");
        assert_eq!(written("Ctrl+S"), "Ctrl+S");
        assert_eq!(written("delete"), "Del");
        assert_eq!(written("Ctrl++"), "Ctrl++");
        assert_eq!(written("+"), "+");
        assert_eq!(written("Alt+Shift+Left"), "Alt+Shift+Left");
        assert_eq!(written("shift+tab"), "Shift+Tab");
        assert_eq!("shift+tab".parse::<KeyPress>().unwrap().key, Key::BackTab);
        assert_ne!("s".parse::<KeyPress>(), "S".parse::<KeyPress>());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "F0", "F25", "Super+a", "Shift+a", "Ctrl+", "ab", "Ctrl+Nope"] {
            assert_eq!(text.parse::<KeyPress>(), Err(KeyError(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn altgr_is_text_and_commands_are_not() {
        assert_eq!(KeyPress::new(Key::Char('q'), true, true, false).text(), Some('q'));
        assert_eq!(KeyPress::new(Key::Char('q'), true, false, false).text(), None);
        assert_eq!(KeyPress::new(Key::Char('q'), false, true, false).text(), None);
        assert_eq!(KeyPress::plain(Key::Char('Q')).text(), Some('Q'));
        assert_eq!(KeyPress::plain(Key::Enter).text(), None);
    }

    #[test]
    fn a_sequence_mixes_keys_and_quoted_text() {
        let inputs = keys("F2 \"a b\" Ctrl+S").unwrap();
        let shown: Vec<String> = inputs
            .iter()
            .map(|input| match input {
                Input::Key(press) => press.to_string(),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(shown, ["F2", "a", "Space", "b", "Ctrl+S"]);
        assert!(keys("Hyper").is_err());
    }
}
