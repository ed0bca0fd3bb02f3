//! Reading a store: on the event loop's own thread when it is small, on another when it is large.

use std::path::PathBuf;

use super::host::{Host, step_of};
use crate::app::work::{Parcel, Progress};
use crate::app::{Content, HalfSaved, HostEvent, JournalStep, OpenedFile, Recovery};
use crate::files::{self, FileError, Pending, Stamp, StateDir, Utc};
use crate::store::Store;

/// A file from this size on is opened, checked and saved on another thread. A smaller one is done before a thread has
/// begun.
pub const LARGE: u64 = 1 << 20;

/// A file that was read, or was not.
pub struct Read {
    path: PathBuf,
    outcome: Outcome,
}

#[allow(clippy::large_enum_variant)] // One of them is alive at a time.
enum Outcome {
    Read {
        content: Content,
        stamp: Stamp,
        read_only: Option<String>,
        pending: Option<Box<Pending>>,
    },
    Failed(String),
    /// There is none, but this is left of it.
    Halfway(PathBuf),
    Stopped,
}

/// Reads a file, and what an earlier run left for it in the state folder. A large one is also parsed.
pub fn read(path: PathBuf, state: Option<&StateDir>, progress: &Progress) -> Read {
    let length = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
    // Every byte is read and then looked at.
    progress.set_total(usize::try_from(length).unwrap_or(usize::MAX).saturating_mul(2));
    let tick = |bytes| progress.advance(bytes);
    let opened = match files::read_watched(&path, &tick) {
        Ok(opened) => opened,
        Err(_) if progress.is_stopped() => return Read { path, outcome: Outcome::Stopped },
        Err(FileError::Interrupted { kept, .. }) => return Read { path, outcome: Outcome::Halfway(kept) },
        Err(error) => return Read { path, outcome: Outcome::Failed(error.to_string()) },
    };
    // A state folder that cannot be read is reported when it is written to.
    let pending = state.and_then(|state| files::pending(state, &path, &opened.bytes).ok()?);
    let content = if length < LARGE {
        Content::Bytes(opened.bytes)
    } else {
        match Store::open_watched(opened.bytes, &tick).transpose() {
            Some(parsed) => Content::Parsed(Parcel::new(parsed)),
            None => return Read { path, outcome: Outcome::Stopped },
        }
    };
    let read_only = opened.writable.err();
    Read {
        path,
        outcome: Outcome::Read { content, stamp: opened.stamp, read_only, pending: pending.map(Box::new) },
    }
}

fn half_saved(path: PathBuf, kept: PathBuf) -> HostEvent {
    match std::fs::metadata(&kept) {
        Ok(metadata) => {
            let written = metadata.modified().map_or_else(
                |_| "at a time that is not known".to_owned(),
                |time| format!("{} UTC", Utc::of(time)),
            );
            HostEvent::HalfSaved(HalfSaved { path, kept, bytes: metadata.len(), written })
        }
        // Gone since it was found.
        Err(error) => HostEvent::NotOpened { message: Some(format!("{}: {error}", path.display())), path },
    }
}

impl Host {
    /// Reads a store.
    pub fn open(&mut self, path: PathBuf, progress: &Progress) -> HostEvent {
        self.before_opening(&path);
        let read = read(path, self.state().ok(), progress);
        self.opened(read)
    }

    /// To be called before [`read`].
    pub fn before_opening(&mut self, path: &PathBuf) {
        // Ours, from before the file was read again, would otherwise hide what is on the disk.
        self.left.remove(path);
    }

    /// Takes in a file that was read.
    pub fn opened(&mut self, read: Read) -> HostEvent {
        let Read { path, outcome } = read;
        match outcome {
            Outcome::Stopped => HostEvent::NotOpened { path, message: None },
            Outcome::Failed(message) => HostEvent::NotOpened { path, message: Some(message) },
            Outcome::Halfway(kept) => half_saved(path, kept),
            Outcome::Read { content, stamp, read_only, pending } => {
                self.known.is_ours(&path, stamp);
                let recovery = pending.and_then(|pending| self.recovery(&path, *pending));
                HostEvent::Opened(OpenedFile { path: Some(path), content, read_only, recovery })
            }
        }
    }

    fn recovery(&mut self, path: &std::path::Path, pending: Pending) -> Option<Recovery> {
        let steps: Vec<JournalStep> = pending.lines.iter().map_while(|line| step_of(line)).collect();
        if steps.is_empty() {
            return None;
        }
        let when = format!("{} UTC", pending.when);
        let recovery = Recovery { when, steps, baseline_unchanged: pending.baseline_matches };
        self.left.insert(path.to_owned(), pending);
        Some(recovery)
    }
}
