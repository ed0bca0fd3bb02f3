//! Signals, and the terminal going away.
//!
//! What ends the program from outside is only reported here; the event loop flushes the journal, gives the terminal
//! back and ends as the system expects of who was told so. Should the event loop be stuck, the watch does the last two
//! itself.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub use unix::{Watch, die, is_gone, stop};
#[cfg(windows)]
pub use windows::{Watch, die};

/// What can end the program: a signal, or on Windows a control event of the console.
#[cfg(unix)]
pub type Signal = i32;
#[cfg(windows)]
pub type Signal = u32;

/// What the watch reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// End, by this signal. A terminal that is gone counts as a hang-up, which a dropped connection often never sends.
    End(Signal),
    /// The shell asks us to stop until it lets us go on.
    #[cfg(unix)]
    Stop,
    /// We go on; whatever ran meanwhile used the terminal.
    #[cfg(unix)]
    Continue,
}
