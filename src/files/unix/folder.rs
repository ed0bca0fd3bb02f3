//! The folder of a store, and the steps of a save in it.

use super::super::fault;
use super::attributes::Attributes;
use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags};
use rustix::io::{Errno, retry_on_intr};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of a store, held open, so that all steps of a save happen in the same folder even when it is
/// renamed meanwhile. Names are names in it, without separators.
pub(in crate::files) struct Folder {
    pub(super) file: File,
    path: PathBuf,
}

impl Folder {
    pub(in crate::files) fn open(path: &Path) -> io::Result<Folder> {
        fault::point("open folder")?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let file = retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty()))?;
        Ok(Folder { file: file.into(), path: path.to_owned() })
    }

    pub(in crate::files) fn path_of(&self, name: &OsStr) -> PathBuf {
        self.path.join(name)
    }

    /// Opens a file for reading: no links followed, no waiting.
    pub(in crate::files) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        fault::point("open")?;
        self.open_with(name, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty())
    }

    /// Creates a file that did not exist, for its owner only, whatever the store permits: that it gets at the end.
    pub(in crate::files) fn create_private(&self, name: &OsStr, _store: &Attributes) -> io::Result<File> {
        fault::point("create")?;
        self.open_with(name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL, Mode::from_raw_mode(0o600))
    }

    /// Creates a file that did not exist, with the permissions that new files of this user have.
    pub(in crate::files) fn create_shared(&self, name: &OsStr) -> io::Result<File> {
        fault::point("create")?;
        self.open_with(name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL, Mode::from_raw_mode(0o666))
    }

    pub(super) fn open_with(&self, name: &OsStr, flags: OFlags, mode: Mode) -> io::Result<File> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(retry_on_intr(|| rustix::fs::openat(&self.file, name, flags, mode))?.into())
    }

    /// Puts the file `new` in the place of `store` in one step. Gives the name that the displaced file has then: here
    /// that of `new`, because the two are exchanged. `None`: this file system cannot; nothing was done.
    pub(in crate::files) fn exchange(&self, new: &OsStr, store: &OsStr) -> io::Result<Option<OsString>> {
        match fault::point("exchange").and_then(|()| self.rename_with(new, store, RenameFlags::EXCHANGE)) {
            Ok(()) => Ok(Some(new.to_owned())),
            Err(error) if is_unsupported(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives the file `from` the name `to`, in one step, whatever had that name.
    pub(in crate::files) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fault::point("rename")?;
        Ok(retry_on_intr(|| rustix::fs::renameat(&self.file, from, &self.file, to))?)
    }

    /// Gives the file `from` the name `to`, which nothing may have (`AlreadyExists`). Where that takes two steps
    /// and the second fails, the file has both names, and that is no error.
    pub(in crate::files) fn publish(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        match fault::point("publish").and_then(|()| self.rename_with(from, to, RenameFlags::NOREPLACE)) {
            // NFS: a link never replaces anything either.
            Err(error) if is_unsupported(&error) => {
                rustix::fs::linkat(&self.file, from, &self.file, to, AtFlags::empty())?;
                let _ = self.remove(from);
                Ok(())
            }
            done => done,
        }
    }

    fn rename_with(&self, from: &OsStr, to: &OsStr, flags: RenameFlags) -> io::Result<()> {
        Ok(retry_on_intr(|| rustix::fs::renameat_with(&self.file, from, &self.file, to, flags))?)
    }

    pub(in crate::files) fn remove(&self, name: &OsStr) -> io::Result<()> {
        fault::point("remove")?;
        Ok(retry_on_intr(|| rustix::fs::unlinkat(&self.file, name, AtFlags::empty()))?)
    }

    /// Does the file that has got the store's name still have its attributes? A rename changes none, on Unix.
    #[allow(clippy::unused_self, clippy::unnecessary_wraps)]
    pub(in crate::files) fn settle(&self, _store: &OsStr, _attributes: &Attributes) -> Result<(), String> {
        Ok(())
    }

    /// Puts the names in the folder on the disk. Without it a finished rename is undone by a power cut.
    pub(in crate::files) fn sync(&self) -> io::Result<()> {
        fault::point("sync folder")?;
        self.file.sync_all()
    }
}

/// Does the file system not have this operation? (`EINVAL` is what most say to an unknown flag.)
pub(super) fn is_unsupported(error: &io::Error) -> bool {
    let unsupported = [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::NOLCK];
    error.raw_os_error().is_some_and(|code| unsupported.iter().any(|errno| errno.raw_os_error() == code))
}
