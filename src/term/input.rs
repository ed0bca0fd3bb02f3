//! What the terminal sends, made into our own [`Input`] values: pure, so that every rule is tested on recorded events.
//!
//! The rules that differ from terminal to terminal live here and nowhere else. Windows' console reports key releases
//! and hands over a paste as single keys; elsewhere a paste arrives in brackets.

use std::time::Duration;

use crossterm::event as ct;

use crate::app::input::{Button, Input, Key, KeyPress, MouseEvent, MouseKind};

/// Who reports the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A byte stream in the manner of xterm: Linux, macOS, SSH.
    Stream,
    /// Windows' console, which reports presses and releases and knows no brackets around a paste.
    Console,
}

/// Keys that follow within this time belong to the paste before them.
pub const BURST: Duration = Duration::from_millis(10);

/// More characters than this at once were not typed.
const TYPED_AT_ONCE: usize = 5;

/// Two clicks in one cell within this time are a double click.
const DOUBLE: Duration = Duration::from_millis(400);

/// Turns batches of events into inputs. Remembers which characters are held down, whether the last batch ended in a
/// paste, and the last click.
#[derive(Debug)]
pub struct Translator {
    source: Source,
    held: Vec<char>,
    /// The last character of the paste that the last batch ended in.
    pasted: Option<char>,
    /// What was typed at the end of the last batch: with what comes at once behind it, it may be a paste.
    typed: String,
    /// The button that went down last, where, and the time since then.
    clicked: Option<(Button, u16, u16, Duration)>,
}

impl Translator {
    /// A translator at the start of a session.
    pub fn new(source: Source) -> Self {
        Self { source, held: Vec::new(), pasted: None, typed: String::new(), clicked: None }
    }

    /// The inputs of one batch: everything that was waiting when the terminal was read, `since` after the batch
    /// before it.
    pub fn translate(&mut self, batch: &[ct::Event], since: Duration) -> Vec<Input> {
        if let Some((.., age)) = &mut self.clicked {
            *age = age.saturating_add(since);
        }
        let mut inputs = Vec::with_capacity(batch.len());
        for event in batch {
            let input = match event {
                ct::Event::Key(event) => self.key(*event).map(Input::Key),
                ct::Event::Paste(text) => Some(Input::Paste(lines(text))),
                ct::Event::Mouse(event) => mouse(*event).map(|event| Input::Mouse(self.doubled(event))),
                ct::Event::Resize(width, height) => {
                    // Only the last size counts: a dragged window edge sends hundreds.
                    inputs.retain(|input| !matches!(input, Input::Resize { .. }));
                    Some(Input::Resize { width: *width, height: *height })
                }
                ct::Event::FocusGained => Some(Input::Focus(true)),
                ct::Event::FocusLost => {
                    self.held.clear(); // Releases go to another window now.
                    Some(Input::Focus(false))
                }
            };
            inputs.extend(input);
        }
        match self.source {
            Source::Stream => inputs,
            Source::Console => self.gather_pastes(inputs, since),
        }
    }

    /// A click where the last one was, soon after it, is a double click; a third one is a click again.
    fn doubled(&mut self, mut event: MouseEvent) -> MouseEvent {
        if let MouseKind::Down(button) = event.kind {
            let is_second = self.clicked.is_some_and(|(last, column, row, age)| {
                (last, column, row) == (button, event.column, event.row) && age <= DOUBLE
            });
            if is_second {
                event.kind = MouseKind::Double(button);
                self.clicked = None;
            } else {
                self.clicked = Some((button, event.column, event.row, Duration::ZERO));
            }
        }
        event
    }

    fn key(&mut self, event: ct::KeyEvent) -> Option<KeyPress> {
        let ctrl = event.modifiers.contains(ct::KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(ct::KeyModifiers::ALT);
        let shift = event.modifiers.contains(ct::KeyModifiers::SHIFT);
        if event.kind == ct::KeyEventKind::Release {
            return self.release(event.code);
        }
        let key = match event.code {
            // A stream has one byte for Backspace and Control+H, and one for line feed and Control+J; which key
            // sends which depends on the terminal, and the keys are meant.
            ct::KeyCode::Char('h') if ctrl && !alt && self.source == Source::Stream => {
                return Some(Key::Backspace.into());
            }
            ct::KeyCode::Char('j') if ctrl && !alt && self.source == Source::Stream => {
                return Some(Key::Enter.into());
            }
            ct::KeyCode::Char(c) => {
                // A character of two UTF-16 units comes without a release.
                if self.source == Source::Console && c.len_utf16() == 1 && !self.held.contains(&c) {
                    self.held.push(c);
                }
                // AltGr is reported as Control and Alt: a sign typed with both is text. (A letter may be either; the
                // line editor takes it as text, see `KeyPress::text`.)
                if ctrl && alt && !c.is_ascii_alphanumeric() {
                    return Some(Key::Char(c).into());
                }
                Key::Char(c)
            }
            ct::KeyCode::Enter => Key::Enter,
            ct::KeyCode::Esc => Key::Esc,
            ct::KeyCode::Tab => Key::Tab,
            ct::KeyCode::BackTab => Key::BackTab,
            ct::KeyCode::Backspace => Key::Backspace,
            ct::KeyCode::Delete => Key::Delete,
            ct::KeyCode::Insert => Key::Insert,
            ct::KeyCode::Up => Key::Up,
            ct::KeyCode::Down => Key::Down,
            ct::KeyCode::Left => Key::Left,
            ct::KeyCode::Right => Key::Right,
            ct::KeyCode::Home => Key::Home,
            ct::KeyCode::End => Key::End,
            ct::KeyCode::PageUp => Key::PageUp,
            ct::KeyCode::PageDown => Key::PageDown,
            ct::KeyCode::F(n) => Key::F(n),
            _ => return None,
        };
        Some(KeyPress::new(key, ctrl, alt, shift))
    }

    /// A character typed as Alt and digits on the number pad, or pasted although no key types it, arrives as a release
    /// that no press went before. While any character is held the release may be its own under another name (Shift let
    /// go first: `@` down, `2` up), so then it is never text.
    fn release(&mut self, code: ct::KeyCode) -> Option<KeyPress> {
        let ct::KeyCode::Char(c) = code else { return None };
        if let Some(at) = self.held.iter().position(|held| *held == c) {
            self.held.swap_remove(at);
            return None;
        }
        if !self.held.is_empty() {
            self.held.remove(0);
            return None;
        }
        Some(Key::Char(c).into())
    }

    /// Runs of keys that nobody types that fast become one paste: an Enter in them must not press a button.
    fn gather_pastes(&mut self, inputs: Vec<Input>, since: Duration) -> Vec<Input> {
        let at_once = since <= BURST;
        let mut goes_on = self.pasted.take().filter(|_| at_once);
        let mut before = std::mem::take(&mut self.typed);
        before.truncate(if at_once { before.len() } else { 0 });
        let mut gathered = Vec::with_capacity(inputs.len());
        let mut run: Vec<KeyPress> = Vec::new();
        for input in inputs.into_iter().map(Some).chain([None]) {
            if let Some(Input::Key(press)) = input
                && typed(press).is_some()
            {
                run.push(press);
                continue;
            }
            let text: String = run.iter().copied().filter_map(typed).collect();
            let whole = format!("{before}{text}");
            if !run.is_empty() && (goes_on.is_some() || is_pasted(&whole)) {
                // A line end may be cut in two.
                let rest = if goes_on == Some('\r') { text.strip_prefix('\n') } else { None };
                let pasted = lines(rest.unwrap_or(&text));
                if !pasted.is_empty() {
                    gathered.push(Input::Paste(pasted));
                }
                self.pasted = text.chars().last().filter(|_| input.is_none());
            } else {
                gathered.extend(run.iter().copied().map(Input::Key));
                self.typed = if input.is_none() { whole } else { String::new() };
            }
            run.clear();
            goes_on = None;
            before.clear();
            gathered.extend(input);
        }
        gathered
    }
}

/// The character that a key would paste. A line feed has no key: consoles send Control+Enter or Control+J for it.
fn typed(press: KeyPress) -> Option<char> {
    match (press.key, press.ctrl, press.alt || press.shift) {
        (Key::Char(c), false, false) => Some(c),
        (Key::Enter, false, false) => Some('\r'),
        (Key::Tab, false, false) => Some('\t'),
        (Key::Enter | Key::Char('j'), true, false) => Some('\n'),
        _ => None,
    }
}

/// A lone key is typed, and so is one that was held until it repeated.
fn is_pasted(run: &str) -> bool {
    let mut chars = run.chars();
    let Some(first) = chars.next() else { return false };
    if chars.all(|c| c == first) {
        return false;
    }
    run.contains(['\r', '\n', '\t']) || run.chars().count() > TYPED_AT_ONCE
}

/// Pasted text with `\n` line ends. A terminal sends the key that Enter sends.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn mouse(event: ct::MouseEvent) -> Option<MouseEvent> {
    let button = |button| match button {
        ct::MouseButton::Left => Button::Left,
        ct::MouseButton::Right => Button::Right,
        ct::MouseButton::Middle => Button::Middle,
    };
    let is_shifted = event.modifiers.contains(ct::KeyModifiers::SHIFT);
    let kind = match event.kind {
        ct::MouseEventKind::Down(which) => MouseKind::Down(button(which)),
        ct::MouseEventKind::Up(which) => MouseKind::Up(button(which)),
        ct::MouseEventKind::Drag(which) => MouseKind::Drag(button(which)),
        // Wheels that cannot be pushed sideways are turned with Shift held.
        ct::MouseEventKind::ScrollUp if is_shifted => MouseKind::ScrollLeft,
        ct::MouseEventKind::ScrollDown if is_shifted => MouseKind::ScrollRight,
        ct::MouseEventKind::ScrollUp => MouseKind::ScrollUp,
        ct::MouseEventKind::ScrollDown => MouseKind::ScrollDown,
        ct::MouseEventKind::ScrollLeft => MouseKind::ScrollLeft,
        ct::MouseEventKind::ScrollRight => MouseKind::ScrollRight,
        ct::MouseEventKind::Moved => return None,
    };
    Some(MouseEvent { kind, column: event.column, row: event.row })
}

#[cfg(test)]
mod tests;
