//! The clipboard: the desktop's where there is one, otherwise the terminal's.

use crossterm::clipboard::CopyToClipboard;
use crossterm::queue;

use super::session;

/// Terminals drop longer sequences (xterm, tmux), some only in part; the limit of most is 100,000 bytes of base64.
const TERMINAL_LIMIT: usize = 74_000;

/// Where copied text goes.
pub struct Clipboard {
    /// Over SSH the desktop's clipboard is on another machine than the user.
    is_remote: bool,
    /// Kept, because on some desktops the text is gone when its owner is.
    desktop: Option<arboard::Clipboard>,
}

impl Clipboard {
    /// A clipboard of a session that runs here, or over a connection from elsewhere. Opens nothing yet.
    pub fn new(is_remote: bool) -> Self {
        Self { is_remote, desktop: None }
    }

    /// Puts text on it. `Ok` says which way it went, `Err` why it could not, both as the beginning of a sentence.
    pub fn put(&mut self, text: &str) -> Result<String, String> {
        if !self.is_remote && self.put_on_desktop(text).is_ok() {
            return Ok("Copied.".to_owned());
        }
        if text.len() > TERMINAL_LIMIT {
            return Err(format!("terminals take at most {TERMINAL_LIMIT} bytes and this is {}.", text.len()));
        }
        let mut bytes = Vec::new();
        queue!(bytes, CopyToClipboard::to_clipboard_from(text))
            .and_then(|()| session::write(&bytes))
            .map_err(|error| format!("{error}."))?;
        // The terminal does not say whether it allows it.
        Ok("Copied through the terminal, if it allows that.".to_owned())
    }

    fn put_on_desktop(&mut self, text: &str) -> Result<(), arboard::Error> {
        if self.desktop.is_none() {
            self.desktop = Some(arboard::Clipboard::new()?);
        }
        match &mut self.desktop {
            Some(desktop) => desktop.set_text(text),
            None => Err(arboard::Error::ClipboardNotSupported),
        }
    }
}
