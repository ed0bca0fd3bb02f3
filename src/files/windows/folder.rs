//! The folder of a store, and the steps of a save in it.

use super::super::beside::OLD_ENDING;
use super::super::error::reason;
use super::super::fault;
use super::attributes::Attributes;
use super::calls::{self, is};
use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_INVALID_FUNCTION, ERROR_LOCK_VIOLATION, ERROR_NOT_SUPPORTED,
    ERROR_SHARING_VIOLATION, ERROR_UNABLE_TO_MOVE_REPLACEMENT, ERROR_UNABLE_TO_REMOVE_REPLACED, GENERIC_READ,
};
use windows_sys::Win32::Storage::FileSystem::{FILE_WRITE_ATTRIBUTES, WRITE_DAC};

/// How long a step waits for a program that has the store open without sharing it: a virus scanner, an indexer,
/// the service that reads the store. They are through in well under a second.
const PATIENCE: Duration = if cfg!(test) { Duration::from_millis(40) } else { Duration::from_millis(2500) };
/// The first pause between two attempts. Each is twice as long as the one before, up to the longest: whoever opens the
/// store again and again leaves short gaps, and they are found by trying often.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(80);

/// The folder of a store. Names are names in it, without separators.
pub(in crate::files) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(in crate::files) fn open(path: &Path) -> io::Result<Folder> {
        fault::point("open folder")?;
        std::fs::metadata(path)?;
        Ok(Folder { path: path.to_owned() })
    }

    pub(in crate::files) fn path_of(&self, name: &OsStr) -> PathBuf {
        self.path.join(name)
    }

    pub(in crate::files) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        patiently(is_held, || {
            fault::point("open")?;
            File::open(self.path_of(name))
        })
    }

    /// Creates a file that did not exist, which nobody can open who may not open the store.
    pub(in crate::files) fn create_private(&self, name: &OsStr, store: &Attributes) -> io::Result<File> {
        fault::point("create")?;
        calls::create(&self.path_of(name), Some(&store.access_list().protected()?))
    }

    /// Creates a file that did not exist, with the permissions that the folder gives to new files.
    pub(in crate::files) fn create_shared(&self, name: &OsStr) -> io::Result<File> {
        fault::point("create")?;
        OpenOptions::new().read(true).write(true).create_new(true).open(self.path_of(name))
    }

    /// Puts the file `new` in the place of `store`, and gives the name that the displaced file has then. Windows
    /// cannot exchange files, but a second name for the store and a rename over the first come to nearly the same,
    /// and at no moment is there no store. What differs: of a file that another program *renames* over the store
    /// between these two steps nothing is left. `None`: this file system has neither second names nor the other way
    /// to replace; nothing was done.
    pub(in crate::files) fn exchange(&self, new: &OsStr, store: &OsStr) -> io::Result<Option<OsString>> {
        fault::point("exchange")?;
        let mut kept = OsString::from(new);
        kept.push(OLD_ENDING);
        let linked =
            fault::point("link").and_then(|()| std::fs::hard_link(self.path_of(store), self.path_of(&kept)));
        let replaced = match linked {
            Ok(()) => match patiently(is_held, || self.rename_once(new, store)) {
                Err(error) if is_held(&error) => self.replace(new, store, &kept),
                outcome => outcome,
            },
            // No second names, as on FAT.
            Err(error) if is(&error, ERROR_INVALID_FUNCTION) || is(&error, ERROR_NOT_SUPPORTED) => {
                match self.replace(new, store, &kept) {
                    Err(_) if self.has(store) && !self.has(&kept) => return Ok(None),
                    outcome => outcome,
                }
            }
            Err(error) => Err(error),
        };
        replaced.map_err(|error| self.forget(store, &kept, error))?;
        Ok(Some(kept))
    }

    /// Does the file that has got the store's name still have its attributes? `ReplaceFileW` puts access lists
    /// together in a way of its own; what it changed is set again.
    ///
    /// # Errors
    /// What the store has lost, for the end of a sentence.
    pub(in crate::files) fn settle(&self, store: &OsStr, attributes: &Attributes) -> Result<(), String> {
        let looked = || {
            fault::point("settle")?;
            let file = self.open_file(store)?;
            if Attributes::of(&file)? == *attributes {
                return Ok(None);
            }
            calls::reopen(&file, GENERIC_READ | FILE_WRITE_ATTRIBUTES | WRITE_DAC).map(Some)
        };
        match looked() {
            Ok(None) => Ok(()),
            Ok(Some(file)) => attributes
                .apply(&file)
                .map_err(|(what, error)| format!("it has lost {what} ({})", reason(&error))),
            Err(error) => Err(format!(
                "whether its owner and permissions are what they were cannot be seen ({})",
                reason(&error)
            )),
        }
    }

    fn has(&self, name: &OsStr) -> bool {
        self.path_of(name).symlink_metadata().is_ok()
    }

    /// Removes the second name of a store that was not replaced. As long as there is a store: where it is gone, the
    /// second name is all that is left of it.
    ///
    /// # Errors
    /// It could not be removed: `error` with the name that is left.
    fn forget(&self, store: &OsStr, kept: &OsStr, error: io::Error) -> io::Error {
        if !self.has(store) || !self.has(kept) || self.remove(kept).is_ok() {
            return error;
        }
        io::Error::other(Left { error, path: self.path_of(kept) })
    }

    /// The other way to replace: it gets along with programs that the rename does not, but is two steps.
    fn replace(&self, new: &OsStr, store: &OsStr, kept: &OsStr) -> io::Result<()> {
        // The call gives the store its second name itself, and is not known to get along with one that it has.
        let _ = self.remove_once(kept);
        let replaced = patiently(is_unmoved, || {
            fault::point("replace")?;
            calls::replace_file(&self.path_of(store), &self.path_of(new), &self.path_of(kept))
        });
        // After `ERROR_UNABLE_TO_MOVE_REPLACEMENT_2` the store has lost its name and is `kept`: at once back to where
        // it was. After every other error both should be where they were; what counts is whether they are.
        if replaced.is_err() && !self.has(store) && self.has(kept) {
            fault::point("restore name")?;
            calls::rename_to_free(&self.path_of(kept), &self.path_of(store))?;
        }
        replaced
    }

    /// Gives the file `from` the name `to`, in one step, whatever had that name.
    pub(in crate::files) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        patiently(is_held, || self.rename_once(from, to))
    }

    fn rename_once(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        let (from, to) = (self.path_of(from), self.path_of(to));
        fault::point("rename")
            .and_then(|()| calls::rename_over(&from, &to))
            // Older versions of Windows, other file systems: one step too, but not over a file that is open.
            .or_else(|_| fault::point("rename, the older way").and_then(|()| std::fs::rename(from, to)))
    }

    /// Gives the file `from` the name `to`, which nothing may have (`AlreadyExists`).
    pub(in crate::files) fn publish(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fault::point("publish")?;
        calls::rename_to_free(&self.path_of(from), &self.path_of(to))
    }

    pub(in crate::files) fn remove(&self, name: &OsStr) -> io::Result<()> {
        patiently(is_held, || self.remove_once(name))
    }

    fn remove_once(&self, name: &OsStr) -> io::Result<()> {
        fault::point("remove")?;
        std::fs::remove_file(self.path_of(name))
    }

    /// Windows has no call for it; NTFS journals the names.
    pub(in crate::files) fn sync(&self) -> io::Result<()> {
        fault::point("sync folder")
    }
}

/// An error, and a file that is left because of it.
#[derive(Debug, thiserror::Error)]
#[error("{error}; {} is left and can be removed", path.display())]
struct Left {
    error: io::Error,
    path: PathBuf,
}

/// Does somebody have the file open who does not share it?
fn is_held(error: &io::Error) -> bool {
    [ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION].iter().any(|code| is(error, *code))
}

/// The two errors of `ReplaceFileW` after which both files have the names that they had.
fn is_unmoved(error: &io::Error) -> bool {
    [ERROR_UNABLE_TO_REMOVE_REPLACED, ERROR_UNABLE_TO_MOVE_REPLACEMENT].iter().any(|code| is(error, *code))
}

/// Tries a step again while it fails so that another attempt may do.
fn patiently<T>(may_pass: fn(&io::Error) -> bool, mut step: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let start = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        match step() {
            Err(error) if may_pass(&error) && start.elapsed() + pause <= PATIENCE => {
                std::thread::sleep(pause);
                pause = LONGEST_PAUSE.min(pause * 2);
            }
            outcome => return outcome,
        }
    }
}
