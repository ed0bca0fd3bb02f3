//! Taking the terminal over and giving it back.
//!
//! The terminal belongs to whoever started us. What we switch on is kept in one place, and [`restore`] switches it off
//! again: on quit, on a panic, on a signal, from whichever thread comes first. A second call does nothing.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use crossterm::{cursor, event, queue, terminal};

/// Whether the mouse is ours. While it is, the terminal's own selection needs Shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// Clicks, drags and the wheel are reported to us.
    Captured,
    /// The terminal keeps it.
    Free,
}

/// What is switched on, and so has to be switched off.
static HELD: Mutex<Option<Mouse>> = Mutex::new(None);

/// Reports clicks and drags, but not every movement: over a slow line those are a flood.
#[cfg(unix)]
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1002h\x1b[?1006h";
#[cfg(unix)]
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1002l\x1b[?1000l";

/// Takes the terminal over: raw mode, the alternate screen, no cursor, focus reports, and the mouse if wanted.
/// Nothing is asked of the terminal. On an error it is given back.
pub fn enter(mouse: Mouse) -> io::Result<()> {
    let mut held = lock();
    terminal::enable_raw_mode()?;
    *held = Some(mouse);
    let taken = enter_sequence(mouse).and_then(|bytes| put(&bytes));
    drop(held);
    if taken.is_err() {
        restore();
    }
    taken
}

/// Gives the terminal back as it was. Only the first call after [`enter`] does anything. Errors are of no use here:
/// what can be restored is.
pub fn restore() {
    let Some(mut held) = lock_soon() else {
        // Somebody is stuck in a write to a terminal that takes no bytes. Nothing can be written, but the mode can be
        // set.
        let _ = terminal::disable_raw_mode();
        return;
    };
    let Some(mouse) = held.take() else { return };
    // Mouse before screen before raw mode: Windows keeps all of them in one mode word, and each of crossterm's calls
    // writes back the word it found.
    if let Ok(bytes) = leave_sequence(mouse) {
        let _ = put(&bytes);
    }
    let _ = terminal::disable_raw_mode();
}

/// Takes the mouse or gives it back, while the terminal is ours.
pub fn set_mouse(mouse: Mouse) -> io::Result<()> {
    let mut held = lock();
    if held.is_none_or(|held| held == mouse) {
        return Ok(());
    }
    let mut bytes = Vec::new();
    match mouse {
        Mouse::Captured => mouse_on(&mut bytes)?,
        Mouse::Free => mouse_off(&mut bytes)?,
    }
    *held = Some(mouse);
    put(&bytes)
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps)] // On Windows it may fail.
fn mouse_on(bytes: &mut Vec<u8>) -> io::Result<()> {
    bytes.extend_from_slice(MOUSE_ON);
    Ok(())
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps)]
fn mouse_off(bytes: &mut Vec<u8>) -> io::Result<()> {
    bytes.extend_from_slice(MOUSE_OFF);
    Ok(())
}

// Quick Edit is part of the same console mode: crossterm writes back the mode that it found when the mouse was taken.
#[cfg(windows)]
fn mouse_on(bytes: &mut Vec<u8>) -> io::Result<()> {
    queue!(bytes, event::EnableMouseCapture)
}

#[cfg(windows)]
fn mouse_off(bytes: &mut Vec<u8>) -> io::Result<()> {
    queue!(bytes, event::DisableMouseCapture)
}

/// Writes to the terminal, while it is ours; afterwards nothing is written.
pub fn write(bytes: &[u8]) -> io::Result<()> {
    let held = lock();
    if held.is_none() || bytes.is_empty() {
        return Ok(());
    }
    put(bytes)
}

/// Columns and rows of the terminal. A terminal that does not know (a serial line) is taken for 80 × 24.
pub fn size() -> (u16, u16) {
    #[cfg(unix)]
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).map(|size| (size.ws_col, size.ws_row));
    #[cfg(not(unix))]
    let size = terminal::size();
    match size {
        Ok((width, height)) if width > 0 && height > 0 => (width, height),
        _ => (80, 24),
    }
}

fn lock() -> MutexGuard<'static, Option<Mouse>> {
    // A panic while the lock was held must not keep the terminal from being given back.
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

fn lock_soon() -> Option<MutexGuard<'static, Option<Mouse>>> {
    for _ in 0..20 {
        match HELD.try_lock() {
            Ok(held) => return Some(held),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    None
}

fn enter_sequence(mouse: Mouse) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // crossterm would print half a sequence for each colour under NO_COLOR, undoing attributes. We honour NO_COLOR
    // ourselves, by the theme.
    crossterm::style::force_color_output(true);
    queue!(bytes, terminal::EnterAlternateScreen, cursor::Hide)?;
    #[cfg(unix)]
    {
        queue!(bytes, event::EnableBracketedPaste, event::EnableFocusChange)?;
    }
    if mouse == Mouse::Captured {
        mouse_on(&mut bytes)?;
    }
    Ok(bytes)
}

fn leave_sequence(mouse: Mouse) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if mouse == Mouse::Captured {
        mouse_off(&mut bytes)?;
    }
    #[cfg(unix)]
    queue!(bytes, event::DisableFocusChange, event::DisableBracketedPaste)?;
    bytes.extend_from_slice(b"\x1b[m");
    queue!(bytes, terminal::LeaveAlternateScreen, cursor::Show)?;
    Ok(bytes)
}

/// One `write` where the system takes all bytes at once. Standard output's own buffer would cut a frame in two.
#[cfg(unix)]
fn put(mut bytes: &[u8]) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::Errno;

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

#[cfg(not(unix))]
fn put(bytes: &[u8]) -> io::Result<()> {
    use io::Write as _;

    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Each mode that entering switches on, leaving switches off, and the other way round for the cursor.
    #[test]
    fn leaving_undoes_entering() {
        for mouse in [Mouse::Captured, Mouse::Free] {
            let entered = String::from_utf8(enter_sequence(mouse).unwrap()).unwrap();
            let left = String::from_utf8(leave_sequence(mouse).unwrap()).unwrap();
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

    #[test]
    fn without_a_session_nothing_is_written() {
        assert!(write(b"\x1b[2J").is_ok());
        restore();
    }
}
