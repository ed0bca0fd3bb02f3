//! The stores that were opened last, newest first: a file of the state folder, one path in each line.
//!
//! Nothing depends on it: it is not synced, and of two programs that write it at once the later wins.

use super::disk;
use super::error::FileError;
use super::state::{StateDir, open_private};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// How many are remembered.
const MOST: usize = 10;

/// The stores that were opened last, newest first. What cannot be read is no list.
pub fn recent(state: &StateDir) -> Vec<PathBuf> {
    let mut text = String::new();
    let read = open_private(&state.recent()).is_ok_and(|mut file| file.read_to_string(&mut text).is_ok());
    let lines = text.lines().filter(|line| read && !line.is_empty());
    lines.take(MOST).map(PathBuf::from).collect()
}

/// Puts this store at the head of the list. A path that is not text of one line is not remembered.
///
/// # Errors
/// [`FileError::Io`], and those of the state folder.
pub fn remember(state: &StateDir, path: &Path) -> Result<(), FileError> {
    let Some(text) = path.to_str().filter(|text| !text.contains(['\n', '\r'])) else { return Ok(()) };
    let mut paths = recent(state);
    paths.retain(|known| known != path);
    let lines = std::iter::once(text).chain(paths.iter().filter_map(|path| path.to_str())).take(MOST);
    let list: String = lines.flat_map(|line| [line, "\n"]).collect();
    state.ensure(state.path())?;
    let file = state.recent();
    let temporary = state.path().join(format!("recent-{}.tmp", uuid::Uuid::new_v4().simple()));
    let written = disk::private_file()
        .write(true)
        .create_new(true)
        .open(&temporary)
        .and_then(|mut new| new.write_all(list.as_bytes()))
        .and_then(|()| std::fs::rename(&temporary, &file));
    if written.is_err() {
        // It may not even be there.
        let _ = std::fs::remove_file(&temporary);
    }
    written.map_err(FileError::io("write", &file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_first_and_each_is_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::locate(Some(&folder.path().join("state"))).unwrap();
        assert_eq!(recent(&state), Vec::<PathBuf>::new());
        for number in (0..12).chain([5, 11]) {
            remember(&state, Path::new(&format!("/stores/{number}.xml"))).unwrap();
        }
        remember(&state, Path::new("/stores/two\nlines.xml")).unwrap();
        let list: Vec<String> = recent(&state).iter().map(|path| path.display().to_string()).collect();
        let expected = [11, 5, 10, 9, 8, 7, 6, 4, 3, 2].map(|number| format!("/stores/{number}.xml"));
        assert_eq!(list, expected);
        assert_eq!(std::fs::read_dir(state.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}
