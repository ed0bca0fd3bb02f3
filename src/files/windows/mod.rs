//! What saving needs of a Windows file system: the same items as `unix/`.
//!
//! Each sequence of steps is in [`Folder`], what belongs to a file beside its bytes in [`Attributes`], and the calls
//! that std does not have in `calls`. docs/WINDOWS.md says which of it was seen to work where.

// The signatures are those of Unix, where these do fail and do look at themselves.
#![allow(clippy::unnecessary_wraps, clippy::unused_self)]

mod attributes;
mod calls;
mod folder;
mod lock;

pub(super) use attributes::Attributes;
pub(super) use folder::Folder;
pub(super) use lock::{Lock, Locking};

use super::fault;
use std::ffi::OsString;
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

use windows_sys::Win32::Foundation::ERROR_SHARING_VIOLATION;

/// A new file has all that belongs to the store before it has any content.
pub(super) const ATTRIBUTES_FIRST: bool = true;

/// Which file it was and how it stood: enough to see cheaply that a file has changed, never enough to know that
/// it has not, so that nothing is overwritten on its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The file's number on its volume. The volume is not looked at: all files that are compared were found under
    /// one path.
    index: u64,
    size: u64,
    /// In units of 100 ns since 1601.
    modified: u64,
}

impl Stamp {
    pub(super) fn of(file: &File) -> io::Result<Stamp> {
        let calls::Facts { index, size, modified, .. } = calls::facts(file)?;
        Ok(Stamp { index, size, modified })
    }

    pub(super) fn at(path: &Path) -> io::Result<Stamp> {
        Stamp::of(&File::open(path)?)
    }

    /// Is it one and the same file, changed or not?
    pub(super) fn is_same_file(&self, other: &Stamp) -> bool {
        self.index == other.index
    }
}

/// Do both paths lead to one file that is there? By its real path, which has the spelling of the disk.
pub(super) fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Opens for reading, sharing everything.
pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// May this process write the file? Opened for writing and closed again; nothing is written.
pub(super) fn may_write(path: &Path) -> io::Result<()> {
    fault::point("access")?;
    match OpenOptions::new().write(true).open(path) {
        // Somebody reads it just now and lets nobody write meanwhile. That is looked at after the permissions.
        Err(error) if calls::is(&error, ERROR_SHARING_VIOLATION) => Ok(()),
        opened => opened.map(drop),
    }
}

/// Windows tells it only by trying.
pub(super) fn may_add_to(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// What a file that is neither regular nor a folder is: std does not tell.
pub(super) fn special_file(_metadata: &Metadata) -> Option<&'static str> {
    None
}

/// The names of all that is in a folder.
pub(super) fn names_in(folder: &Path) -> io::Result<Vec<OsString>> {
    fault::point("list")?;
    std::fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect()
}

/// How many names the file has.
pub(super) fn names(file: &File) -> io::Result<u64> {
    Ok(u64::from(calls::facts(file)?.names))
}

/// A user's profile is closed to all others but administrators.
pub(super) fn check_private(_metadata: &Metadata) -> Result<(), String> {
    Ok(())
}

/// Creates a folder; what it inherits from the user's profile keeps others out.
pub(super) fn create_private_folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir(path)
}

/// See [`check_private`].
pub(super) fn make_private(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// See [`check_private`].
pub(super) fn private_file() -> OpenOptions {
    OpenOptions::new()
}

/// The name of the user of this process.
pub(super) fn user_name() -> String {
    let variable = |name| std::env::var(name).unwrap_or_default();
    format!("{}\\{}", variable("USERDOMAIN"), variable("USERNAME"))
}

/// The name of this host.
pub(super) fn host_name() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

/// Windows has no such limit.
pub(super) fn survive_size_limit() {}

/// Fills `bytes` from the place `offset` of a file.
pub(super) fn read_exact_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                bytes = bytes.get_mut(read..).unwrap_or_default();
                offset += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
