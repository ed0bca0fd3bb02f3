//! The clipboard: the desktop's where there is one here, otherwise the terminal's.
//!
//! Over SSH the clipboard that the user means is on the computer in front of him. Only his terminal can write it, by
//! the sequence OSC 52, and says neither whether it does nor what is on it. tmux eats that sequence unless it is
//! wrapped, and may be told to eat the wrapped one too, so it gets both.

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;

use super::session;

/// Terminals drop longer sequences (xterm, tmux), some only in part; the limit of most is 100,000 bytes of base64.
const TERMINAL_LIMIT: usize = 74_000;

/// What is known of the terminal without asking it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The user is at another computer.
    pub is_remote: bool,
    /// tmux is between us and the terminal.
    pub in_tmux: bool,
    /// A terminal that has no clipboard: the Linux console, a dumb one, a console that takes no escape sequences.
    pub is_bare: bool,
}

impl Surroundings {
    /// What the environment tells.
    pub fn of_process(is_remote: bool, is_bare: bool) -> Self {
        let term = std::env::var("TERM").unwrap_or_default();
        Self {
            is_remote,
            in_tmux: std::env::var_os("TMUX").is_some_and(|value| !value.is_empty()),
            is_bare: is_bare || matches!(term.as_str(), "linux" | "dumb" | "vt100" | "vt220"),
        }
    }
}

/// Puts a word on this computer's clipboard, reads it back, and puts back what was there.
///
/// # Errors
/// A sentence: there is none, or what is read is not what was written.
pub fn round_trip() -> Result<(), String> {
    const WORD: &str = "azedit self-test";
    let mut clipboard = arboard::Clipboard::new().map_err(|error| error.to_string())?;
    let before = clipboard.get_text().ok();
    let read = clipboard.set_text(WORD).and_then(|()| clipboard.get_text());
    // What was no text cannot be put back.
    let _ = match before {
        Some(text) => clipboard.set_text(text),
        None => clipboard.clear(),
    };
    match read.map_err(|error| error.to_string())?.as_str() {
        WORD => Ok(()),
        _ => Err("what was read is not what was written".to_owned()),
    }
}

/// Where copied text goes.
pub struct Clipboard {
    around: Surroundings,
    /// Kept, because on some desktops the text is gone when its owner is.
    desktop: Option<arboard::Clipboard>,
}

impl Clipboard {
    /// A clipboard of a session in these surroundings. Opens nothing yet.
    pub fn new(around: Surroundings) -> Self {
        Self { around, desktop: None }
    }

    /// Puts text on it. `Ok` says on which (`to …`), `Err` why on none, both as a part of a sentence.
    pub fn put(&mut self, text: &str) -> Result<String, String> {
        if !self.around.is_remote && self.on_desktop(|desktop| desktop.set_text(text)).is_ok() {
            return Ok("to this computer's clipboard".to_owned());
        }
        let bytes = sequence(self.around, text)?;
        session::write(&bytes).map_err(|error| error.to_string())?;
        // The terminal does not say whether it allows it.
        Ok(if self.around.in_tmux {
            "to your terminal's clipboard, if tmux and the terminal allow it".to_owned()
        } else {
            "to your terminal's clipboard, if it allows that".to_owned()
        })
    }

    /// The text on it. `None`: there is none, or it is on another computer.
    pub fn get(&mut self) -> Option<String> {
        if self.around.is_remote {
            return None;
        }
        self.on_desktop(arboard::Clipboard::get_text).ok()
    }

    fn on_desktop<T>(
        &mut self,
        act: impl FnOnce(&mut arboard::Clipboard) -> Result<T, arboard::Error>,
    ) -> Result<T, arboard::Error> {
        if self.desktop.is_none() {
            self.desktop = Some(arboard::Clipboard::new()?);
        }
        match &mut self.desktop {
            Some(desktop) => act(desktop),
            None => Err(arboard::Error::ClipboardNotSupported),
        }
    }
}

/// The bytes that put text on the terminal's clipboard, or why none can.
fn sequence(around: Surroundings, text: &str) -> Result<Vec<u8>, String> {
    if around.is_bare {
        return Err("this terminal has no clipboard".to_owned());
    }
    if text.len() > TERMINAL_LIMIT {
        let length = text.len();
        return Err(format!("terminals take at most {TERMINAL_LIMIT} bytes and this is {length}"));
    }
    let mut sequence = String::new();
    CopyToClipboard::to_clipboard_from(text).write_ansi(&mut sequence).map_err(|error| error.to_string())?;
    let mut bytes = sequence.into_bytes();
    if around.in_tmux {
        let mut wrapped = b"\x1bPtmux;".to_vec();
        for &byte in &bytes {
            if byte == 0x1b {
                wrapped.push(0x1b);
            }
            wrapped.push(byte);
        }
        wrapped.extend_from_slice(b"\x1b\\");
        bytes.extend_from_slice(&wrapped);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Surroundings = Surroundings { is_remote: true, in_tmux: false, is_bare: false };

    #[test]
    fn text_goes_out_as_one_sequence_and_through_tmux_wrapped_too() {
        let plain = String::from_utf8(sequence(PLAIN, "Hyper-V").unwrap()).unwrap();
        assert_eq!(plain, "\x1b]52;c;SHlwZXItVg==\x1b\\");
        let tmux =
            String::from_utf8(sequence(Surroundings { in_tmux: true, ..PLAIN }, "Hyper-V").unwrap()).unwrap();
        assert_eq!(tmux, format!("{plain}\x1bPtmux;\x1b\x1b]52;c;SHlwZXItVg==\x1b\x1b\\\x1b\\"));
    }

    #[test]
    fn what_a_terminal_does_not_take_is_said() {
        let long = |length| sequence(PLAIN, &"x".repeat(length));
        assert!(long(TERMINAL_LIMIT + 1).unwrap_err().contains("at most 74000 bytes and this is 74001"));
        assert!(long(TERMINAL_LIMIT).is_ok());
        let bare = Surroundings { is_bare: true, ..PLAIN };
        assert_eq!(sequence(bare, "x"), Err("this terminal has no clipboard".to_owned()));
    }
}
