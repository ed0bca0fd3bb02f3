//! The lock that keeps azedit's own saves of one store apart.

use super::super::fault;
use super::folder::{Folder, is_unsupported};
use rustix::fs::{AtFlags, Mode, OFlags};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};

/// What came of an attempt to lock a store.
pub(in crate::files) enum Locking {
    Locked(Lock),
    /// Another process is saving this store: what it wrote about itself.
    Busy(String),
    /// This file system has no locks.
    Unsupported,
}

/// The lock of azedit's own saves of one store: a file beside it, locked with `flock`.
///
/// Why it can be removed, although others may be waiting for it: only who holds the lock *of the file that has
/// the name at that moment* removes the name. Who gets the lock looks whether the name still leads to the file
/// that he locked. If not, the former holder has removed it, the lock is worth nothing, and he begins again.
/// Once the look succeeds the name cannot be taken away any more, so two cannot both pass it. After a kill the
/// system has released the lock, and the file left behind is simply taken over by the next save.
pub(in crate::files) struct Lock {
    file: File,
}

impl Lock {
    pub(in crate::files) fn take(folder: &Folder, name: &OsStr, about_us: &str) -> io::Result<Locking> {
        loop {
            fault::point("lock")?;
            let mut file = open_lock(folder, name)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    // For the message only.
                    let _ = (&file).take(200).read_to_string(&mut holder);
                    return Ok(Locking::Busy(holder.trim().to_owned()));
                }
                Err(TryLockError::Error(error)) if is_unsupported(&error) => {
                    // Nobody can hold the lock of such a file: the name can go.
                    folder.remove(name)?;
                    return Ok(Locking::Unsupported);
                }
                // Not ours to remove: another process may hold it.
                Err(TryLockError::Error(error)) => return Err(error),
            }
            match has_the_name(&file, folder, name) {
                Ok(true) => {
                    // Who we are helps the one who must wait; it is not needed for the lock.
                    let _ = describe_holder(&mut file, about_us);
                    return Ok(Locking::Locked(Lock { file }));
                }
                Ok(false) => {}
                Err(error) => {
                    if has_the_name(&file, folder, name).unwrap_or(false) {
                        // One left behind is held by nobody: the next save takes it.
                        let _ = folder.remove(name);
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Removes the file and, after that, lets go of the lock.
    pub(in crate::files) fn release(self, folder: &Folder, name: &OsStr) -> io::Result<()> {
        let removed = folder.remove(name);
        drop(self.file);
        removed
    }
}

/// The lock file of another user can only be read (and in a sticky folder not even be opened with `O_CREAT`), and
/// that is enough to lock it.
fn open_lock(folder: &Folder, name: &OsStr) -> io::Result<File> {
    let mode = Mode::from_raw_mode(0o644);
    match folder.open_with(name, OFlags::RDWR | OFlags::CREATE | OFlags::NONBLOCK, mode) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            folder.open_with(name, OFlags::RDONLY | OFlags::NONBLOCK, mode).map_err(|_| error)
        }
        other => other,
    }
}

fn describe_holder(file: &mut File, about_us: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(format!("{about_us}\n").as_bytes())
}

/// Does `name` still lead to the file that is open here?
fn has_the_name(file: &File, folder: &Folder, name: &OsStr) -> io::Result<bool> {
    fault::point("look at lock")?;
    let open = rustix::fs::fstat(file)?;
    match rustix::fs::statat(&folder.file, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(named) => Ok((named.st_dev, named.st_ino) == (open.st_dev, open.st_ino)),
        Err(Errno::NOENT) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
