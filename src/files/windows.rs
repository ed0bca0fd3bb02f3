//! What saving needs of a Windows file system: the same items as `unix/`.
//!
//! The steps are those of std: one rename (POSIX semantics where Windows has them) that replaces the store. The
//! new file has the attributes and the access control list that its folder gives to new files; that they become
//! the store's own, and what to do on sharing violations, belongs here and nowhere else.

// The signatures are those of Unix, where these do fail and do look at themselves.
#![allow(clippy::unnecessary_wraps, clippy::unused_self)]

use super::fault;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

const ERROR_SHARING_VIOLATION: i32 = 32;
const DELETE: u32 = 0x0001_0000;
const GENERIC_WRITE: u32 = 0x4000_0000;
const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;

/// Which file it was and how it stood: enough to see cheaply that a file has changed, never enough to know that
/// it has not, so that nothing is overwritten on its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    /// In units of 100 ns since 1601.
    created: u64,
    modified: u64,
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Stamp {
        Stamp {
            size: metadata.len(),
            created: metadata.creation_time(),
            modified: metadata.last_write_time(),
        }
    }

    /// Is it one and the same file, changed or not? By the time of creation, which is all that std tells.
    pub(super) fn is_same_file(&self, other: &Stamp) -> bool {
        self.created == other.created
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
    OpenOptions::new().write(true).open(path).map(drop)
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

/// How many names the file has: std does not tell, so always one.
pub(super) fn names(_metadata: &Metadata) -> u64 {
    1
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

/// The folder of a store. Names are names in it, without separators.
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(super) fn open(path: &Path) -> io::Result<Folder> {
        fault::point("open folder")?;
        std::fs::metadata(path)?;
        Ok(Folder { path: path.to_owned() })
    }

    pub(super) fn path_of(&self, name: &OsStr) -> PathBuf {
        self.path.join(name)
    }

    pub(super) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        fault::point("open")?;
        File::open(self.path_of(name))
    }

    pub(super) fn create_private(&self, name: &OsStr) -> io::Result<File> {
        self.create_shared(name)
    }

    pub(super) fn create_shared(&self, name: &OsStr) -> io::Result<File> {
        fault::point("create")?;
        OpenOptions::new().read(true).write(true).create_new(true).open(self.path_of(name))
    }

    /// Windows cannot exchange two files.
    pub(super) fn exchange(&self, _a: &OsStr, _b: &OsStr) -> io::Result<bool> {
        Ok(false)
    }

    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fault::point("rename")?;
        std::fs::rename(self.path_of(from), self.path_of(to))
    }

    /// Gives the file `from` the name `to`, which nothing may have (`AlreadyExists`). Where the second of its two
    /// steps fails, the file has both names, and that is no error.
    pub(super) fn publish(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fault::point("publish")?;
        std::fs::hard_link(self.path_of(from), self.path_of(to))?;
        let _ = self.remove(from);
        Ok(())
    }

    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        fault::point("remove")?;
        std::fs::remove_file(self.path_of(name))
    }

    /// Windows has no call for it; NTFS journals the names.
    pub(super) fn sync(&self) -> io::Result<()> {
        fault::point("sync folder")
    }
}

/// What else belongs to a file than its bytes. Nothing is carried over by std's rename.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attributes;

impl Attributes {
    pub(super) fn of(_file: &File) -> io::Result<Attributes> {
        fault::point("read attributes").map(|()| Attributes)
    }

    pub(super) fn apply(&self, _file: &File) -> Result<(), (String, io::Error)> {
        Ok(())
    }
}

/// What came of an attempt to lock a store.
pub(super) enum Locking {
    Locked(Lock),
    /// Another process is saving this store.
    Busy(String),
    /// This file system has no locks. Never on Windows.
    #[allow(dead_code)]
    Unsupported,
}

/// The lock of azedit's own saves of one store: a file beside it that is opened without sharing. Windows itself
/// removes it when it is closed, also when the process is ended.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn take(folder: &Folder, name: &OsStr, _about_us: &str) -> io::Result<Locking> {
        fault::point("lock")?;
        let opened = OpenOptions::new()
            .write(true)
            .access_mode(GENERIC_WRITE | DELETE)
            .create(true)
            .truncate(false)
            .share_mode(0)
            .custom_flags(FILE_FLAG_DELETE_ON_CLOSE)
            .open(folder.path_of(name));
        match opened {
            Ok(file) => Ok(Locking::Locked(Lock { _file: file })),
            Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => {
                Ok(Locking::Busy(String::new()))
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn release(self, _folder: &Folder, _name: &OsStr) -> io::Result<()> {
        Ok(())
    }
}
