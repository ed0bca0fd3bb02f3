//! Paths for the user to choose from: what the typed one could become, and the stores that were opened last.

use std::path::{MAIN_SEPARATOR, Path, PathBuf, is_separator};

use crate::app::Recent;
use crate::files::{self, StateDir};

/// More are not listed.
const MOST: usize = 1000;

/// The files and folders that a path being typed can become, each written as it would be typed; folders end with a
/// separator. Hidden ones only when the dot was typed.
pub fn completions(typed: &str) -> Vec<String> {
    let begin = typed.rfind(is_separator).map_or(0, |at| at.saturating_add(1));
    let (folder, name) = typed.split_at_checked(begin).unwrap_or((typed, ""));
    let place = if folder.is_empty() { PathBuf::from(".") } else { at_home(folder) };
    let Ok(entries) = std::fs::read_dir(place) else { return Vec::new() };
    let begins = |entry: &str| {
        let begin = entry.get(..name.len());
        if cfg!(windows) {
            begin.is_some_and(|begin| begin.eq_ignore_ascii_case(name))
        } else {
            begin == Some(name)
        }
    };
    let mut found: Vec<String> = entries
        .flatten()
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .filter(|(entry, _)| begins(entry) && (name.starts_with('.') || !entry.starts_with('.')))
        .take(MOST)
        .map(|(entry, path)| {
            let end = if path.is_dir() { MAIN_SEPARATOR.to_string() } else { String::new() };
            format!("{folder}{entry}{end}")
        })
        .collect();
    found.sort();
    found
}

/// What a typed path means: `~` at its beginning is the user's own folder, as in a shell, which did not read it.
pub fn at_home(typed: &str) -> PathBuf {
    let rest = typed.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(is_separator));
    match rest.and_then(|rest| Some((rest, std::env::home_dir()?))) {
        Some((rest, home)) => home.join(rest.trim_start_matches(is_separator)),
        None => PathBuf::from(typed),
    }
}

/// The stores that were opened last; `opened` is the newest of them, where one is given.
pub fn recent(state: &StateDir, opened: Option<&Path>) -> Vec<Recent> {
    if let Some(path) = opened {
        // A list that cannot be kept is not worth a word.
        let _ = files::remember(state, path);
    }
    let is_there = |path: PathBuf| Recent { is_there: path.is_file(), path };
    files::recent(state).into_iter().map(is_there).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_what_is_typed_is_listed() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["Store.xml", "Stone.xml", "other.xml", ".Stealthy.xml"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        std::fs::create_dir(folder.path().join("Stores")).unwrap();
        let typed = |text: &str| format!("{}{MAIN_SEPARATOR}{text}", folder.path().display());
        let listed = |text: &str| completions(&typed(text));
        let folder = format!("Stores{MAIN_SEPARATOR}");
        assert_eq!(listed("St"), ["Stone.xml", "Store.xml", &folder].map(typed));
        assert_eq!(listed("other.xml"), ["other.xml"].map(typed));
        assert_eq!(listed(".S"), [".Stealthy.xml"].map(typed));
        assert_eq!(listed("").len(), 4);
        assert_eq!(completions(&typed("none/x")), Vec::<String>::new());
        assert_eq!(completions("msxml://C:/x"), Vec::<String>::new());
    }

    #[test]
    fn the_users_own_folder_has_a_sign() {
        let home = std::env::home_dir().unwrap();
        assert_eq!(at_home("~"), home);
        assert_eq!(at_home("~/stores/a.xml"), home.join("stores").join("a.xml"));
        for other in ["~joe/a.xml", "a~/b", "./~/a.xml", ""] {
            assert_eq!(at_home(other), Path::new(other));
        }
    }
}
