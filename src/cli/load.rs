//! From a `STORE` argument to an open store.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::location::{Location as Named, locate};
use super::{machine, note};
use crate::files::{self, Opened, Stamp};
use crate::hyperv::live;
use crate::report::unreadable::Unreadable;
use crate::store::Store;

/// A store that was read, with what is needed to say where from and to save it.
pub struct Loaded {
    /// What the user called it.
    pub path: String,
    /// The file it is in.
    pub file: PathBuf,
    /// How the file stood when it was read.
    pub stamp: Stamp,
    /// What it holds. Its rendering, before any change, is the baseline that a save compares with.
    pub store: Store,
}

/// Where a store is, once the live one is found.
enum Location {
    Path(PathBuf),
    Stdin,
}

/// Opens a store to look at: from a file or from standard input.
pub fn open(argument: &OsStr) -> Result<Store, Unreadable> {
    let path = argument.to_string_lossy().into_owned();
    let bytes = match find(argument)? {
        Location::Stdin => read_stdin().map_err(|error| Unreadable::io(path.clone(), error.to_string()))?,
        Location::Path(file) => read_file(&file, &path)?.bytes,
    };
    Store::open(bytes).map_err(|error| Unreadable::not_opened(path, error))
}

/// Opens a store to change: it must be a file.
pub fn open_file(argument: &OsStr) -> Result<Loaded, Failure> {
    let path = argument.to_string_lossy().into_owned();
    let file = file(argument)?;
    let facts = machine::facts(&file);
    for banner in live::banners(&facts) {
        note(&format!("{}.", banner.sentence(&facts)));
    }
    let Opened { bytes, stamp, .. } = read_file(&file, &path)?;
    let store = Store::open(bytes).map_err(|error| Unreadable::not_opened(path.clone(), error))?;
    Ok(Loaded { path, file, stamp, store })
}

/// The file that an argument names, for commands that write it.
pub fn file(argument: &OsStr) -> Result<PathBuf, Failure> {
    match find(argument)? {
        Location::Path(file) => Ok(file),
        Location::Stdin => Err(Failure::Usage(
            "this command changes a file; - (standard input) only works with commands that only read".into(),
        )),
    }
}

/// Where the store is; `live` is the place that the registry names.
fn find(argument: &OsStr) -> Result<Location, Unreadable> {
    let unreadable = |message: String| Unreadable::io(argument.to_string_lossy().into_owned(), message);
    let location = match locate(argument).map_err(|error| unreadable(error.to_string()))? {
        Named::Live => {
            let url = machine::live_store().map_err(unreadable)?.url;
            locate(OsStr::new(&url))
                .map_err(|error| unreadable(format!("the registry names {url}: {error}")))?
        }
        named => named,
    };
    match location {
        Named::Path(file) => Ok(Location::Path(file)),
        Named::Stdin => Ok(Location::Stdin),
        Named::Live => Err(unreadable("the registry names no file".to_owned())),
    }
}

fn read_file(file: &Path, path: &str) -> Result<Opened, Unreadable> {
    files::read(file).map_err(|error| Unreadable::io(path.to_owned(), error.without_path()))
}

/// Everything on standard input, up to one byte more than a store may have: opening it then names the limit.
fn read_stdin() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(u64::from(u32::MAX) + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
