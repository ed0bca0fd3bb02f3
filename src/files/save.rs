//! The procedure of a save: a store is replaced by its new version in one step, and only when it still is the
//! version that was read. docs/SAVING.md says what each step defends against.

mod swap;

use super::backup::Backup;
use super::beside::{lock_name, second_names, temporary_name};
use super::disk::{self, Attributes, Folder, Lock, Locking, Stamp};
use super::error::{
    Conflict, Failed, FileError, SaveError, Theirs, Unconfirmed, file_name, reason, remedy, size, stray_note,
};
use super::fault;
use super::read::{ReadError, hard_links, holds, not_permitted, open_regular};
use super::state::StateDir;
use super::utc::Utc;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What shall be saved.
pub struct Save<'a> {
    /// The store, as the user named it. Symbolic links are followed and stay.
    pub path: &'a Path,
    /// The new version.
    pub new: &'a [u8],
    /// The bytes that were read, and on which the new version is based.
    pub baseline: &'a [u8],
    /// How the file stood when they were read. While it stands so, it is not read again before it is replaced; what
    /// is displaced is compared with `baseline` in any case.
    pub stamp: Option<&'a Stamp>,
    /// Is `new` what the store shall be? Called once, before the new version gets the store's name; perhaps on
    /// another thread. The error ends up in the message.
    pub verify: &'a (dyn Fn() -> Result<(), String> + Sync),
    /// What is changed, for the log: "3 changes: create scope …".
    pub what: &'a str,
    /// Where the earlier version goes.
    pub state: &'a StateDir,
}

/// A store that was saved and is on the disk.
#[derive(Debug)]
pub struct Saved {
    /// The id of the earlier version ([`super::version_bytes`]).
    pub version: String,
    /// How the new file stands.
    pub stamp: Stamp,
    /// What the user should know all the same, as sentences: no lock, a log that could not be written …
    pub notes: Vec<String>,
}

/// How long a save waits for another one of the same store.
const PATIENCE: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(10);

/// From this size on, the backup and the new file are made at the same time, and the new version is checked while
/// they are put on the disk.
const WORTH_THREADS: usize = 1 << 20;

/// Replaces a store by its new version. On return without error the new version is on the disk, and the one that
/// it replaced is in the state folder.
///
/// # Errors
/// See [`SaveError`]: conflict, failed (nothing was changed), not confirmed.
pub fn replace(save: &Save<'_>) -> Result<Saved, SaveError> {
    disk::survive_size_limit();
    let target = Target::find(save)?;
    let lock = target.lock()?;
    let mut result = target.replace_locked();
    match (lock, &mut result) {
        (Some(lock), result) => {
            let released = lock.release(&target.folder, &target.lock_name);
            let left = released.is_err().then(|| target.path_of(&target.lock_name));
            match (left, result) {
                (Some(path), Ok(saved)) => saved.notes.push(stray_note(&path)),
                (Some(path), Err(error)) => error.add_stray(path),
                (None, _) => {}
            }
        }
        (None, Ok(saved)) => {
            saved.notes.push(format!("The file system of {} has no locks.", target.folder_path().display()));
        }
        (None, Err(_)) => {}
    }
    result
}

/// The store that is being saved: where it really is.
struct Target<'a> {
    save: &'a Save<'a>,
    /// With all links resolved.
    real: PathBuf,
    folder: Folder,
    name: OsString,
    lock_name: OsString,
}

/// The new version on its way: written, with the store's attributes, not yet under its name.
///
/// It is closed: older versions of Windows replace no file that is open, and the way back replaces this one.
struct Prepared {
    name: OsString,
    stamp: Stamp,
}

impl<'a> Target<'a> {
    fn find(save: &'a Save<'a>) -> Result<Target<'a>, SaveError> {
        let resolve = || {
            fault::point("resolve")?;
            let real = save.path.canonicalize()?;
            let (Some(parent), Some(name)) = (real.parent(), real.file_name()) else {
                return Err(io::Error::from(ErrorKind::IsADirectory));
            };
            let folder = Folder::open(parent)?;
            let name = name.to_owned();
            Ok((real, folder, name))
        };
        let (real, folder, name) = resolve().map_err(|error: io::Error| match error.kind() {
            // A file may stand where one of its folders was.
            ErrorKind::NotFound | ErrorKind::NotADirectory => conflict(save.path, Theirs::Gone),
            _ => failed(save.path, "open the folder of", &error),
        })?;
        let lock_name = lock_name(&name);
        Ok(Target { save, real, folder, name, lock_name })
    }

    fn folder_path(&self) -> &Path {
        self.real.parent().unwrap_or(&self.real)
    }

    fn path_of(&self, name: &OsStr) -> PathBuf {
        self.folder.path_of(name)
    }

    fn failed(&self, doing: &str, error: &io::Error) -> SaveError {
        failed(self.save.path, doing, error)
    }

    /// `None`: no locks on this file system. The exchange still finds who comes in between.
    fn lock(&self) -> Result<Option<Lock>, SaveError> {
        let about_us =
            format!("{} on {}, process {}", disk::user_name(), disk::host_name(), std::process::id());
        let start = Instant::now();
        loop {
            match Lock::take(&self.folder, &self.lock_name, &about_us) {
                Ok(Locking::Locked(lock)) => return Ok(Some(lock)),
                Ok(Locking::Unsupported) => return Ok(None),
                Ok(Locking::Busy(_)) if start.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
                Ok(Locking::Busy(holder)) => {
                    let holder = if holder.is_empty() { "another azedit".to_owned() } else { holder };
                    let what = format!("{holder} is saving {} at this moment", file_name(self.save.path));
                    return Err(refused(self.save.path, what, "wait, and save again"));
                }
                Err(error) => return Err(self.failed("create a file beside", &error)),
            }
        }
    }

    fn replace_locked(&self) -> Result<Saved, SaveError> {
        let attributes = self.look_at_store()?;
        let (backup, new) = self.make_ready(&attributes)?;
        let result = self.put_in_place(&new, &attributes, &backup);
        match &result {
            Ok(_) => {}
            Err(SaveError::Failed(_) | SaveError::Conflict(_)) => backup.remove(),
            // The store was replaced: the log says so, as far as it can on such a disk.
            Err(SaveError::Unconfirmed(_)) => drop(backup.record(self.save.what, self.save.new.len() as u64)),
        }
        result
    }

    /// Finds the version that was read, in a file that may be replaced. Gives what else belongs to the file.
    fn look_at_store(&self) -> Result<Attributes, SaveError> {
        let path = self.save.path;
        let name = file_name(path);
        let open = || open_regular(&self.real).map_err(|error| self.unreadable(error));
        let names = |file: &File| disk::names(file).map_err(|error| self.failed("look at", &error));
        let mut file = open()?;
        if names(&file)? > 1 {
            // Nobody else is between two steps of a save now: the lock is ours. Windows removes the name of a file only
            // when that is closed.
            let left = second_names(&self.real, &file);
            drop(file);
            for path in left {
                // One that stays is counted below.
                let _ = std::fs::remove_file(path);
            }
            file = open()?;
        }
        let names = names(&file)?;
        if names > 1 {
            let next = "remove the other names, or save a copy under another name";
            return Err(refused(path, hard_links(&name, names), next));
        }
        disk::may_write(&self.real)
            .map_err(|error| refused(path, not_permitted(&name, &error), remedy(&error)))?;
        let attributes =
            Attributes::of(&file).map_err(|error| self.failed("read the attributes of", &error))?;
        // A stamp is no proof, but trusting it here loses nothing: what is displaced will be read.
        let stamp = Stamp::of(&file).map_err(|error| self.failed("look at", &error))?;
        if self.save.stamp == Some(&stamp) {
            return Ok(attributes);
        }
        match fault::point("read").and_then(|()| holds(&file, self.save.baseline)) {
            Ok(true) => Ok(attributes),
            Ok(false) => Err(self.conflict(Theirs::Content, &file)),
            Err(error) => Err(self.failed("read", &error)),
        }
    }

    /// All that must be done before the store may be replaced: its backup, and the new version beside it. On an error
    /// neither of the two files stays.
    fn make_ready(&self, attributes: &Attributes) -> Result<(Backup, Prepared), SaveError> {
        let (backup, new) = if self.save.new.len() < WORTH_THREADS {
            (self.make_backup()?, self.prepare(attributes))
        } else {
            let (backup, new) = std::thread::scope(|scope| {
                let backing_up = scope.spawn(|| self.make_backup());
                let new = self.prepare(attributes);
                (backing_up.join(), new)
            });
            match backup.unwrap_or_else(|_| Err(self.failed("back up", &io::Error::other("a bug")))) {
                Ok(backup) => (backup, new),
                Err(error) => {
                    return Err(match new {
                        Ok(new) => self.discard(&new.name, error),
                        // Of two errors the one that may have to name a file that could not be removed.
                        Err(error) => error,
                    });
                }
            }
        };
        match new {
            Ok(new) => Ok((backup, new)),
            Err(error) => {
                backup.remove();
                Err(error)
            }
        }
    }

    fn unreadable(&self, error: ReadError) -> SaveError {
        match error {
            ReadError::Io(error) if error.kind() == ErrorKind::NotFound => {
                conflict(self.save.path, Theirs::Gone)
            }
            ReadError::Io(error) => self.failed("read", &error),
            ReadError::NotAFile(what) => SaveError::Failed(Box::new(Failed {
                path: self.save.path.to_owned(),
                what: format!("{} is now {what}, not a file", file_name(self.save.path)),
                next: "save under another name".to_owned(),
                is_there: false,
                strays: Vec::new(),
            })),
            // It was smaller when it was read.
            ReadError::TooLarge(_) => conflict(self.save.path, Theirs::Content),
        }
    }

    fn make_backup(&self) -> Result<Backup, SaveError> {
        let old = self.save.baseline;
        Backup::make(self.save.state, &self.real, old).map_err(|error| {
            let needed = size(old.len() as u64);
            let what = match &error {
                FileError::Io { source, .. } if is_no_room(source) => {
                    format!("no backup could be made: {error} ({needed} needed)")
                }
                _ => format!("no backup could be made: {error}"),
            };
            refused(self.save.path, what, "mend that, or name another folder in AZEDIT_STATE_DIR")
        })
    }

    /// Writes the new version beside the store and checks it.
    fn prepare(&self, attributes: &Attributes) -> Result<Prepared, SaveError> {
        let name = temporary_name(&self.name);
        let created = self.folder.create_private(&name, attributes);
        let mut file = created.map_err(|error| self.failed("create a file beside", &error))?;
        match self.fill(&mut file, attributes) {
            Ok(stamp) => Ok(Prepared { name, stamp }),
            Err(error) => Err(self.discard(&name, error)),
        }
    }

    fn fill(&self, file: &mut File, attributes: &Attributes) -> Result<Stamp, SaveError> {
        let bytes = self.save.new;
        let dress = |file: &File| {
            attributes.apply(file).map_err(|(what, error)| {
                let what = format!("{} would lose {what} ({})", file_name(self.save.path), reason(&error));
                refused(
                    self.save.path,
                    what,
                    "save as its owner or as an administrator, or under another name",
                )
            })
        };
        if disk::ATTRIBUTES_FIRST {
            dress(file)?;
        }
        fault::point("write")
            .and_then(|()| file.write_all(bytes))
            .map_err(|error| self.no_room("write the new version of", &error))?;
        if !disk::ATTRIBUTES_FIRST {
            dress(file)?;
        }
        // An fsync that failed is never repeated: the kernel may have dropped the pages, and the next one would
        // report success.
        let sync = || fault::point("sync").and_then(|()| file.sync_all());
        let (synced, verified) = if bytes.len() < WORTH_THREADS {
            (sync(), Ok((self.save.verify)()))
        } else {
            // Not earlier: the disk gets its work first, and the processor has time while it does that.
            std::thread::scope(|scope| {
                let verifying = scope.spawn(self.save.verify);
                (sync(), verifying.join())
            })
        };
        synced.map_err(|error| self.no_room("put on the disk the new version of", &error))?;
        // A check that panicked has found nothing good.
        let verified = verified.unwrap_or_else(|_| Err("the check itself failed".to_owned()));
        verified.map_err(|why| {
            let what = format!("the new version would not be right: {why}");
            refused(self.save.path, what, "report this as a bug of azedit")
        })?;
        // Read back and compare: some disks and network file systems report writes that never took place.
        let same = fault::point("read back").and_then(|()| holds(file, bytes));
        match same {
            Ok(true) => {}
            Ok(false) => {
                let what = "the disk did not keep what was written to it".to_owned();
                return Err(refused(
                    self.save.path,
                    what,
                    "save to another disk and have this one looked at",
                ));
            }
            Err(error) => return Err(self.failed("read back the new version of", &error)),
        }
        Stamp::of(file).map_err(|error| self.failed("look at the new version of", &error))
    }

    /// Removes the new version again, because of `error`.
    fn discard(&self, name: &OsStr, mut error: SaveError) -> SaveError {
        if self.remove_if_there(name).is_err() {
            error.add_stray(self.path_of(name));
        }
        error
    }

    fn remove_if_there(&self, name: &OsStr) -> io::Result<()> {
        match self.folder.remove(name) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn conflict(&self, theirs: Theirs, file: &File) -> SaveError {
        SaveError::Conflict(Box::new(self.their_version(theirs, file)))
    }

    fn their_version(&self, theirs: Theirs, file: &File) -> Conflict {
        let modified = file.metadata().and_then(|metadata| metadata.modified()).ok().map(Utc::of);
        Conflict { path: self.save.path.to_owned(), theirs, modified, kept: None, strays: Vec::new() }
    }

    fn no_room(&self, doing: &str, error: &io::Error) -> SaveError {
        if is_no_room(error) {
            let what = format!("{} ({} needed)", reason(error), size(self.save.new.len() as u64));
            refused(self.save.path, what, remedy(error))
        } else {
            self.failed(doing, error)
        }
    }

    fn unconfirmed(&self, what: &str, backup: &Backup, displaced: Option<PathBuf>) -> SaveError {
        let (path, version) = (self.save.path.to_owned(), backup.id.clone());
        let strays = Vec::new();
        SaveError::Unconfirmed(Box::new(Unconfirmed {
            path,
            what: what.to_owned(),
            version,
            displaced,
            strays,
        }))
    }
}

fn is_no_room(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
}

fn refused(path: &Path, what: String, next: &str) -> SaveError {
    SaveError::Failed(Box::new(Failed {
        path: path.to_owned(),
        what,
        next: next.to_owned(),
        is_there: true,
        strays: Vec::new(),
    }))
}

fn failed(path: &Path, doing: &str, error: &io::Error) -> SaveError {
    refused(path, format!("could not {doing} {} ({})", file_name(path), reason(error)), remedy(error))
}

/// A conflict with a version that could not be looked at.
fn conflict(path: &Path, theirs: Theirs) -> SaveError {
    let path = path.to_owned();
    SaveError::Conflict(Box::new(Conflict { path, theirs, modified: None, kept: None, strays: Vec::new() }))
}

#[cfg(test)]
mod tests;
