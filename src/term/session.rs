//! Taking the terminal over and giving it back.
//!
//! The terminal belongs to whoever started us. What we switch on is kept in one place, and [`restore`] switches it off
//! again: on quit, on a panic, on a signal, from whichever thread comes first. A second call does nothing.
//!
//! What a terminal is differs: elsewhere it is a byte stream with a mode, on Windows a console of its own kind. `unix`
//! and `windows` have the same functions for both.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use crate::ui::glyphs::Characters;

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as platform;

#[cfg(windows)]
pub use windows::show;

/// Whether the mouse is ours. While it is, the terminal's own selection needs Shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// Clicks, drags and the wheel are reported to us.
    Captured,
    /// The terminal keeps it.
    Free,
}

/// What a terminal takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bytes, with escape sequences among them.
    Sequences,
    /// Cells: a console of Windows before 10 1511.
    #[cfg(windows)]
    Cells(crate::ui::console::Surroundings),
}

/// What can be known of the terminal without asking it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    /// What it takes.
    pub kind: Kind,
    /// What a Windows console can draw; `None` elsewhere.
    pub characters: Option<Characters>,
}

/// What is switched on, and so has to be switched off.
static HELD: Mutex<Option<Mouse>> = Mutex::new(None);

/// Looks at the terminal, or says why there is none. Changes nothing.
pub fn look() -> Result<Terminal, String> {
    platform::look()
}

/// What else there is to know of it, for a report: phrases. Changes nothing.
pub fn facts() -> Vec<String> {
    platform::facts()
}

/// Takes the terminal over: raw mode, a screen of its own, no cursor, and the mouse if wanted. Nothing is asked of the
/// terminal. On an error it is given back.
pub fn enter(mouse: Mouse) -> io::Result<()> {
    let mut held = lock();
    platform::take(mouse)?;
    *held = Some(mouse);
    Ok(())
}

/// Gives the terminal back as it was, if the editor has it. A second call does nothing. Errors are of no use here: what
/// can be restored is.
pub fn restore() {
    let Some(mut held) = lock_soon() else {
        // Somebody is stuck in a write to a terminal that takes no bytes. Nothing can be written, but the mode can be
        // set.
        return platform::give_mode_back();
    };
    if let Some(mouse) = held.take() {
        platform::give_back(mouse);
    }
}

/// Takes the mouse or gives it back, while the terminal is ours.
pub fn set_mouse(mouse: Mouse) -> io::Result<()> {
    let mut held = lock();
    if held.is_none_or(|held| held == mouse) {
        return Ok(());
    }
    *held = Some(mouse);
    platform::set_mouse(mouse)
}

/// Writes to the terminal, while it is ours; afterwards nothing is written.
pub fn write(bytes: &[u8]) -> io::Result<()> {
    let held = lock();
    if held.is_none() || bytes.is_empty() {
        return Ok(());
    }
    platform::put(bytes)
}

/// Columns and rows of the terminal. A terminal that does not know (a serial line) is taken for 80 × 24.
pub fn size() -> (u16, u16) {
    platform::size().filter(|(width, height)| *width > 0 && *height > 0).unwrap_or((80, 24))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_session_nothing_is_written() {
        assert!(write(b"\x1b[2J").is_ok());
        assert!(set_mouse(Mouse::Captured).is_ok());
        restore();
    }
}
