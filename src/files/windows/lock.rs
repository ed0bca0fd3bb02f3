//! The lock that keeps azedit's own saves of one store apart.

use super::super::fault;
use super::folder::Folder;
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;

use windows_sys::Win32::Foundation::{ERROR_SHARING_VIOLATION, GENERIC_WRITE};
use windows_sys::Win32::Storage::FileSystem::{DELETE, FILE_FLAG_DELETE_ON_CLOSE};

/// What came of an attempt to lock a store.
pub(in crate::files) enum Locking {
    Locked(Lock),
    /// Another process is saving this store.
    Busy(String),
    /// This file system has no locks. Never on Windows.
    #[allow(dead_code)]
    Unsupported,
}

/// The lock of azedit's own saves of one store: a file beside it that is opened without sharing. Windows itself
/// removes it when it is closed, also when the process is ended.
pub(in crate::files) struct Lock {
    _file: File,
}

impl Lock {
    pub(in crate::files) fn take(folder: &Folder, name: &OsStr, _about_us: &str) -> io::Result<Locking> {
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
            Err(error) if super::calls::is(&error, ERROR_SHARING_VIOLATION) => {
                Ok(Locking::Busy(String::new()))
            }
            Err(error) => Err(error),
        }
    }

    pub(in crate::files) fn release(self, _: &Folder, _: &OsStr) -> io::Result<()> {
        Ok(())
    }
}
