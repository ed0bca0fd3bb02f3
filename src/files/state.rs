//! The state folder: where earlier versions of stores and recovery journals are kept.
//!
//! It lies in the user's own place for such things, never beside a store: the folder of a live store has its own
//! access control list, and is not ours to fill.

use super::disk;
use super::error::FileError;
use super::fault;
use super::fingerprint::short_hash;
use super::places;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The name of the environment variable that puts the state folder elsewhere.
pub const STATE_DIR_VARIABLE: &str = "AZEDIT_STATE_DIR";

/// The state folder of this user. Knowing it creates nothing.
///
/// ```text
/// backups/<store>/20261122-030145.xml   the bytes that a save replaced
/// backups/<store>/log.jsonl             one line per save
/// journals/<store>-<unique>.journal     changes not yet saved
/// recent                                the stores opened last, a path in each line
/// ```
///
/// `<store>` are the first 16 hexadecimal digits of the SHA-256 of the store's real path. Folders are 0700,
/// files 0600: what is a copy of a store is as secret as the store.
#[derive(Clone, Debug)]
pub struct StateDir {
    path: PathBuf,
}

impl StateDir {
    /// `elsewhere` is the value of [`STATE_DIR_VARIABLE`], if it is set and not empty; otherwise the folder that
    /// the platform has for the purpose (`~/.local/state/azedit`, `%LOCALAPPDATA%\azedit\data`).
    ///
    /// # Errors
    /// The user has no home folder.
    pub fn locate(elsewhere: Option<&Path>) -> Result<StateDir, FileError> {
        if let Some(path) = elsewhere.filter(|path| !path.as_os_str().is_empty()) {
            return Ok(StateDir { path: path.to_owned() });
        }
        let path = places::state_folder().ok_or_else(|| FileError::Io {
            doing: "find the folder for earlier versions; set",
            path: STATE_DIR_VARIABLE.into(),
            source: io::Error::other("this user has no home folder"),
        })?;
        Ok(StateDir { path })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn backups_of(&self, store: &Path) -> PathBuf {
        self.path.join("backups").join(store_key(store))
    }

    pub(super) fn recent(&self) -> PathBuf {
        self.path.join("recent")
    }

    pub(super) fn journals(&self) -> PathBuf {
        self.path.join("journals")
    }

    /// Makes sure that `folder`, a folder at or below the state folder, is there, is ours and is closed to
    /// others; creates what is missing, on the disk.
    pub(super) fn ensure(&self, folder: &Path) -> Result<(), FileError> {
        if let Some(above) = self.path.parent() {
            std::fs::create_dir_all(above).map_err(FileError::io("create the folder", above))?;
        }
        ensure_private(&self.path)?;
        let mut path = self.path.clone();
        for part in folder.strip_prefix(&self.path).unwrap_or(Path::new("")) {
            path.push(part);
            ensure_private(&path)?;
        }
        Ok(())
    }
}

/// The name under which the state folder knows a store. `store` is its real path (canonical, no links).
pub(super) fn store_key(store: &Path) -> String {
    short_hash(store.as_os_str().as_encoded_bytes(), 16)
}

fn ensure_private(path: &Path) -> Result<(), FileError> {
    let io = |doing| FileError::io(doing, path);
    fault::point("create folder").map_err(io("create the folder"))?;
    match disk::create_private_folder(path) {
        Ok(()) => {
            // A folder without its name on the disk would be lost in a power cut, with all that is in it.
            let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
            return sync_folder(above).map_err(io("sync the folder above"));
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(io("create the folder")(error)),
    }
    // Not through a link: somebody else may have put it there.
    let metadata = std::fs::symlink_metadata(path).map_err(io("look at the folder"))?;
    if !metadata.is_dir() {
        return Err(FileError::Unsafe { path: path.to_owned(), why: "it is not a folder".to_owned() });
    }
    match disk::check_private(&metadata) {
        Ok(()) => Ok(()),
        // Ours, but open to others: close it. Another user's: that fails, with the reason.
        Err(why) => disk::make_private(path).map_err(|_| FileError::Unsafe { path: path.to_owned(), why }),
    }
}

#[cfg(unix)]
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    fault::point("sync folder")?;
    File::open(path)?.sync_all()
}

#[cfg(windows)]
pub(super) fn sync_folder(_path: &Path) -> io::Result<()> {
    fault::point("sync folder")
}

/// Opens a file that must be ours alone to write, for reading (and writing), without following a link.
pub(super) fn open_private(path: &Path) -> Result<File, FileError> {
    let file = disk::private_file().read(true).write(true).open(path).map_err(FileError::io("open", path))?;
    let metadata = file.metadata().map_err(FileError::io("look at", path))?;
    if !metadata.is_file() {
        return Err(FileError::Unsafe { path: path.to_owned(), why: "it is not a file".to_owned() });
    }
    let names = disk::names(&file).map_err(FileError::io("look at", path))?;
    let check =
        if names > 1 { Err("it has more than one name".to_owned()) } else { disk::check_private(&metadata) };
    check.map_err(|why| FileError::Unsafe { path: path.to_owned(), why })?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elsewhere_wins_when_it_says_anything() {
        let given = StateDir::locate(Some(Path::new("somewhere"))).unwrap();
        assert_eq!(given.path(), Path::new("somewhere"));
        if let Ok(usual) = StateDir::locate(None) {
            assert!(usual.path().ends_with("azedit") || usual.path().ends_with("azedit\\data"), "{usual:?}");
            assert_eq!(StateDir::locate(Some(Path::new(""))).unwrap().path(), usual.path());
        }
    }

    #[test]
    fn stores_of_different_paths_have_different_keys() {
        let key = store_key(Path::new("/srv/InitialStore.xml"));
        assert_eq!(key.len(), 16);
        assert_ne!(key, store_key(Path::new("/srv/initialstore.xml")));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_another_could_have_put_there_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let state = StateDir::locate(Some(&path)).unwrap();
        std::fs::create_dir(folder.path().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink("elsewhere", &path).unwrap();
        let error = state.ensure(&state.journals()).unwrap_err().to_string();
        assert!(error.ends_with("it is not used, because it is not a folder"), "{error}");
        std::fs::remove_file(&path).unwrap();
        state.ensure(&state.journals()).unwrap();
        state.ensure(&state.journals()).unwrap();
        assert!(state.journals().is_dir());
    }
}
