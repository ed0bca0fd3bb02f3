//! Maps of names as files.

use std::path::{Path, PathBuf};

use crate::accounts::{Map, Names, read_map};
use crate::files;

/// The most bytes of a map: a million accounts.
pub const MAP_LIMIT: u64 = 1 << 26;

/// The map that belongs to a store, whether it is there or not: `InitialStore.names.tsv` beside `InitialStore.xml`.
pub fn beside(store: &Path) -> PathBuf {
    store.with_extension("names.tsv")
}

/// Reads a map.
///
/// # Errors
/// A sentence that names the file, and where a line is none, `FILE:LINE:COLUMN:`.
pub fn read(path: &Path) -> Result<Map, String> {
    let file = files::read_text(path, MAP_LIMIT)?;
    let mut map = read_map(&file.text).map_err(|error| format!("{}:{error}.", path.display()))?;
    map.notes.extend(file.guessed);
    Ok(map)
}

/// Reads a map into what is known already. What there is to say of it is told, each with the file's name.
///
/// # Errors
/// As of [`read`].
pub fn load(path: &Path, names: &mut Names) -> Result<Vec<String>, String> {
    let map = read(path)?;
    let told = map.notes.iter().map(|note| format!("{}: {note}", path.display())).collect();
    for account in map.accounts {
        names.learn(account);
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_read_however_it_was_redirected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("names.tsv");
        let text = "S-1-5-21-1-2-3-1104\tCONTOSO\\jürgen\tuser\r\n";
        let wide: Vec<u8> =
            [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [text.as_bytes().to_vec(), wide] {
            std::fs::write(&path, bytes).unwrap();
            let mut names = Names::default();
            assert_eq!(load(&path, &mut names), Ok(Vec::new()));
            assert_eq!(names.name_of("S-1-5-21-1-2-3-1104").as_deref(), Some("CONTOSO\\jürgen"));
        }
    }

    #[test]
    fn a_bad_line_is_named_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("names.tsv");
        std::fs::write(&path, "S-1-1-0\tEveryone\nS-1-5-x\tjoe\n").unwrap();
        let why = read(&path).unwrap_err();
        assert!(why.starts_with(&format!("{}:2:1: ", path.display())), "{why}");
        assert!(read(&folder.path().join("none.tsv")).unwrap_err().contains("none.tsv"));
    }

    #[test]
    fn the_map_of_a_store_lies_beside_it() {
        assert_eq!(beside(Path::new("/a/InitialStore.xml")), Path::new("/a/InitialStore.names.tsv"));
    }
}
