//! The terminal as a byte stream in the manner of xterm, with the mode that the system keeps for it.

use std::io::{self, IsTerminal};

use crossterm::terminal;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use super::{Kind, Mouse, Terminal};

/// The alternate screen, no cursor, pastes in brackets, focus reports.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?1004h";
const LEAVE: &[u8] = b"\x1b[?1004l\x1b[?2004l\x1b[m\x1b[?1049l\x1b[?25h";

/// Reports clicks and drags, but not every movement: over a slow line those are a flood.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1002l\x1b[?1000l";

pub(super) fn look() -> Result<Terminal, String> {
    if io::stdout().is_terminal() {
        Ok(Terminal { kind: Kind::Sequences, characters: None })
    } else {
        Err("the editor needs a terminal; `azedit show STORE` prints a store".to_owned())
    }
}

pub(super) fn facts() -> Vec<String> {
    Vec::new()
}

pub(super) fn take(mouse: Mouse) -> io::Result<()> {
    terminal::enable_raw_mode()?;
    put(&enter_sequence(mouse)).inspect_err(|_| give_back(mouse))
}

pub(super) fn give_back(mouse: Mouse) {
    let _ = put(&leave_sequence(mouse));
    give_mode_back();
}

pub(super) fn give_mode_back() {
    let _ = terminal::disable_raw_mode();
}

pub(super) fn set_mouse(mouse: Mouse) -> io::Result<()> {
    put(match mouse {
        Mouse::Captured => MOUSE_ON,
        Mouse::Free => MOUSE_OFF,
    })
}

pub(super) fn size() -> Option<(u16, u16)> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    Some((size.ws_col, size.ws_row))
}

fn enter_sequence(mouse: Mouse) -> Vec<u8> {
    [ENTER, if mouse == Mouse::Captured { MOUSE_ON } else { b"" }].concat()
}

fn leave_sequence(mouse: Mouse) -> Vec<u8> {
    [if mouse == Mouse::Captured { MOUSE_OFF } else { b"" }, LEAVE].concat()
}

/// One `write` where the system takes all bytes at once. Standard output's own buffer would cut a frame in two.
pub(super) fn put(mut bytes: &[u8]) -> io::Result<()> {
    let out = rustix::stdio::stdout();
    while !bytes.is_empty() {
        match rustix::io::write(out, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            // Somebody else who shares the terminal made it non-blocking.
            Err(Errno::AGAIN) => match poll(&mut [PollFd::new(&out, PollFlags::OUT)], None) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            },
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each mode that entering switches on, leaving switches off, and the other way round for the cursor.
    #[test]
    fn leaving_undoes_entering() {
        for mouse in [Mouse::Captured, Mouse::Free] {
            let entered = String::from_utf8(enter_sequence(mouse)).unwrap();
            let left = String::from_utf8(leave_sequence(mouse)).unwrap();
            let modes = |text: &str, end: char| -> Vec<String> {
                let mut modes: Vec<String> = text
                    .split("\x1b[?")
                    .filter_map(|part| part.split(end).next().filter(|mode| part.len() > mode.len()))
                    .map(str::to_owned)
                    .collect();
                modes.sort();
                modes
            };
            let without_cursor =
                |modes: Vec<String>| modes.into_iter().filter(|mode| mode != "25").collect::<Vec<_>>();
            assert_eq!(without_cursor(modes(&entered, 'h')), without_cursor(modes(&left, 'l')));
            assert!(entered.contains("\x1b[?25l") && left.contains("\x1b[?25h"));
            assert_eq!(entered.contains("?1002h"), mouse == Mouse::Captured);
        }
    }
}
