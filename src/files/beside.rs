//! Names beside a store: of what a save writes and holds there for a moment, and of what one that was interrupted left.

use super::disk::{self, Folder, Stamp};
use super::error::FileError;
use super::fingerprint::short_hash;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What is added to a temporary name for the second name that a store has on Windows while it is replaced.
pub(super) const OLD_ENDING: &str = ".old";

/// Files beside a store whose names a save has given to what it replaced.
fn kept_names(store: &Path) -> Vec<PathBuf> {
    let folder = folder_of(store);
    let Some(beginning) = store.file_name().map(|name| beside(name, ".azedit-")) else { return Vec::new() };
    let is_kept = |name: &OsString| {
        let bytes = name.as_encoded_bytes();
        bytes.starts_with(beginning.as_encoded_bytes()) && bytes.ends_with(OLD_ENDING.as_bytes())
    };
    let names = disk::names_in(folder).unwrap_or_default();
    names.into_iter().filter(is_kept).map(|name| folder.join(name)).collect()
}

fn folder_of(store: &Path) -> &Path {
    store.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What a save that was interrupted halfway has left of a store that is missing: the latest, if there are several.
/// Only `ReplaceFileW` of Windows can leave a store so.
pub fn kept_beside(store: &Path) -> Option<PathBuf> {
    let modified = |path: &PathBuf| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    kept_names(store).into_iter().max_by_key(modified)
}

/// The names that saves which were ended between their two steps have left to a store that is there. Each is a
/// second name of the same file, so that removing it loses nothing.
pub(super) fn second_names(store: &Path, file: &File) -> Vec<PathBuf> {
    let Ok(stamp) = Stamp::of(file) else { return Vec::new() };
    let is_second = |path: &PathBuf| Stamp::at(path).is_ok_and(|other| other.is_same_file(&stamp));
    kept_names(store).into_iter().filter(is_second).collect()
}

/// Gives what [`kept_beside`] found the store's name again. Never replaces anything.
///
/// # Errors
/// There is a store again, or the file system refused.
pub fn put_back(kept: &Path, store: &Path) -> Result<(), FileError> {
    let error = || FileError::io("give its name back to", kept);
    let (Some(kept), Some(name)) = (kept.file_name(), store.file_name()) else {
        return Err(error()(ErrorKind::InvalidFilename.into()));
    };
    let folder = Folder::open(folder_of(store)).map_err(error())?;
    folder.publish(kept, name).map_err(error())?;
    folder.sync().map_err(|source| FileError::Unconfirmed { path: store.to_owned(), source })
}

/// A name for a temporary file beside `name`, never the same twice.
pub(super) fn temporary_name(name: &OsStr) -> OsString {
    let unique = uuid::Uuid::new_v4().simple().to_string();
    beside(name, &format!(".azedit-{}.tmp", unique.get(..12).unwrap_or(&unique)))
}

/// The name of the lock beside `name`.
pub(super) fn lock_name(name: &OsStr) -> OsString {
    beside(name, ".azedit-lock")
}

/// A hidden name in the same folder: `.store.xml.azedit-lock`. File systems take 255 bytes (or characters).
fn beside(name: &OsStr, ending: &str) -> OsString {
    let mut beside = OsString::from(".");
    if name.len() + ending.len() < 250 {
        beside.push(name);
    } else {
        beside.push(short_hash(name.as_encoded_bytes(), 16));
    }
    beside.push(ending);
    beside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beside_long_names_fit_the_file_system() {
        let long = "x".repeat(255);
        assert!(temporary_name(OsStr::new(&long)).len() <= 255);
        assert_eq!(lock_name(OsStr::new("s.xml")), ".s.xml.azedit-lock");
        assert_ne!(temporary_name(OsStr::new("s.xml")), temporary_name(OsStr::new("s.xml")));
    }
}
