//! Who this machine says somebody is.
//!
//! Asking may take as long as a domain that does not answer: only the edges of the program do it, on a thread of its
//! own.

use super::{Question, Reply};

/// Whether there is anybody to ask.
pub const CAN_BE_ASKED: bool = cfg!(windows);

/// Asks Windows, and waits for the answer.
#[cfg(windows)]
pub fn ask(question: &Question) -> Reply {
    super::windows::ask(question)
}

/// Elsewhere there is nobody to ask.
#[cfg(not(windows))]
pub fn ask(_question: &Question) -> Reply {
    Err(super::Unnamed::NobodyToAsk)
}
