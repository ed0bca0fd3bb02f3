//! Keys stand in one place, the action table: README's list is made from it, and no sentence of the editor names one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use azedit::app::actions::ACTIONS;

const BEGIN: &str = "<!-- keys: made from the action table by tests/keys.rs -->\n";
const END: &str = "<!-- /keys -->";

/// `AZEDIT_WRITE_KEYS=1 cargo test --test keys` writes it anew.
#[test]
fn the_readme_lists_the_keys_of_the_action_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (head, rest) = readme.split_once(BEGIN).expect("README has no place for the key table");
    let (written, tail) = rest.split_once(END).expect("the key table in README has no end");
    let fresh = azedit::app::actions::markdown();
    if std::env::var_os("AZEDIT_WRITE_KEYS").is_some() {
        std::fs::write(&path, format!("{head}{BEGIN}{fresh}{END}{tail}")).unwrap();
    } else {
        assert!(written == fresh, "README's key table is stale: AZEDIT_WRITE_KEYS=1 cargo test --test keys");
    }
}

/// Keys that dialogs and lines of text have too: there they mean what they mean everywhere.
const EVERYWHERE: [&str; 15] = [
    "Enter",
    "Alt+Enter",
    "Esc",
    "Tab",
    "Shift+Tab",
    "Space",
    "Backspace",
    "Up",
    "Down",
    "Left",
    "Right",
    "Home",
    "End",
    "PgUp",
    "PgDn",
];

/// What is said of a dialog's own keys, which no configuration changes.
const OF_DIALOGS: [&str; 9] = [
    "Choose an operation first: o lists them.",
    "Ctrl+S from anywhere.",
    "u takes a change back: select one.",
    "There is no text yet: Ctrl+R reads it from the path.",
    "This rule names no file it was imported from: Ctrl+O asks for one.",
    "Its text takes the place of this one; Ctrl+Z brings it back.",
    "Back and d forgets the earlier run's work.",
    "y yes  ? conditional",
    "o chooses an operation.",
];

/// A user may give an action another key: what a sentence calls it comes from the keymap.
#[test]
fn no_sentence_names_the_key_of_an_action_itself() {
    let keys: BTreeSet<&str> = ACTIONS
        .iter()
        .flat_map(|action| action.keys)
        .copied()
        .filter(|key| !EVERYWHERE.contains(key))
        .collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut read = 0;
    let mut named = Vec::new();
    let mut allowed = BTreeSet::new();
    for folder in ["src/app", "src/ui"] {
        for path in sources(&root.join(folder)) {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for sentence in literals(code).iter().filter(|text| text.contains(' ')) {
                read += 1;
                match (key_in(sentence, &keys), OF_DIALOGS.iter().find(|own| sentence.contains(**own))) {
                    (Some(_), Some(own)) => _ = allowed.insert(*own),
                    (Some(key), None) => named.push(format!("{}: `{key}` in {sentence:?}", path.display())),
                    (None, _) => {}
                }
            }
        }
    }
    assert!(read > 500, "{read} sentences were found");
    assert_eq!(allowed, OF_DIALOGS.into(), "an exception for what nobody says");
    assert!(named.is_empty(), "Keymap::named gives the key that there is:\n{}", named.join("\n"));
}

#[test]
fn a_key_in_a_sentence_is_seen() {
    let keys = BTreeSet::from(["a", "u", "K", "~", "Ctrl+O"]);
    for sentence in ["u takes it back", "changed (~)", "K: more", "ask: Ctrl+O, or wait", "No. a adds one."] {
        assert!(key_in(sentence, &keys).is_some(), "{sentence}");
    }
    for sentence in ["a scope is", "a class of its own", "a host's name", "S.u.K.", "(a) ", "~ {name}", ": u"]
    {
        assert_eq!(key_in(sentence, &keys), None, "{sentence}");
    }
    let code = "let a = \"one \\\"u\\\" two\"; // \"three\"\nlet b = ('\"', \"fo\\\n   ur\");";
    assert_eq!(literals(code), ["one \"u\" two", "four"]);
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    // The table itself, and the cases that hold the program to it.
    let is_source = |path: &PathBuf| !path.ends_with("app/actions.rs") && !path.ends_with("tests.rs");
    files.into_iter().filter(is_source).chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

/// The texts in quotes, without comments.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => _ = chars.by_ref().find(|c| *c == '\n'),
            // A quote as a character.
            '\'' if chars.peek() == Some(&'"') => _ = chars.next(),
            '"' => {
                let mut text = String::new();
                while let Some(c) = chars.next().filter(|c| *c != '"') {
                    match (c, chars.peek()) {
                        ('\\', Some('\n')) => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                        ('\\', _) => text.extend(chars.next()),
                        _ => text.push(c),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
    }
    found
}

/// A key that a sentence names: one that cannot be a word, or one that does something, stands in brackets or before a
/// colon.
fn key_in<'k>(sentence: &str, keys: &BTreeSet<&'k str>) -> Option<&'k str> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    words.iter().enumerate().find_map(|(at, word)| {
        let bare = word.trim_start_matches('(').trim_end_matches([')', ',', ';', '.']);
        let key = bare.strip_suffix(':').filter(|_| bare.len() > 1).unwrap_or(bare);
        let key = keys.get(key)?;
        let next = words.get(at + 1).copied().unwrap_or_default();
        let acts = next.starts_with(|c: char| c.is_lowercase())
            && next.trim_end_matches([',', '.']).ends_with('s')
            && !next.ends_with("ss")
            && !next.ends_with("'s");
        let is_marked = words.len() > 1
            && word.len() > key.len()
            && (word.starts_with('(') && word.contains(')') || word.ends_with(':'));
        (key.len() > 1 || acts || is_marked).then_some(*key)
    })
}
