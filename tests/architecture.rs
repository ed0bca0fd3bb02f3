//! The import rule: modules use only what comes before them, and each outer world has one door.
//!
//! Read off the source text, so that a forbidden `use` fails before it can be leant on.
#![allow(clippy::string_slice, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What each module may use of the crate, besides itself.
const MAY_USE: [(&str, &[&str]); 12] = [
    ("xml", &[]),
    ("accounts", &[]),
    ("store", &["xml", "accounts"]),
    ("access", &["xml", "accounts", "store"]),
    ("check", &["xml", "accounts", "store", "access"]),
    ("hyperv", &["xml", "accounts", "store", "access", "check"]),
    ("report", &["xml", "accounts", "store", "access", "check", "hyperv"]),
    ("files", &[]),
    ("app", &["xml", "accounts", "store", "access", "check", "hyperv", "report"]),
    ("ui", &["xml", "accounts", "store", "access", "check", "hyperv", "report", "app"]),
    ("term", &["xml", "accounts", "store", "access", "check", "hyperv", "report", "files", "app", "ui"]),
    ("cli", &["xml", "accounts", "store", "access", "check", "hyperv", "report", "files", "term"]),
];

/// Worlds outside, and the only modules that may name them.
const DOORS: [(&str, &[&str]); 11] = [
    ("quick_xml", &["xml"]),
    ("ratatui", &["ui"]),
    ("crossterm", &["term"]),
    ("arboard", &["term"]),
    ("clap", &["cli"]),
    ("rustix", &["files", "term"]),
    ("directories", &["files", "term"]),
    ("std::fs", &["files", "cli", "term"]),
    ("std::env", &["cli", "term", "files"]),
    ("std::process", &["cli", "term", "files"]),
    // Asking a domain who somebody is takes as long as it likes.
    ("host::ask", &["cli", "term"]),
];

/// Nothing here may look at the time: what they say depends on what they are given.
const TIMELESS: [&str; 9] = ["xml", "accounts", "store", "access", "check", "hyperv", "report", "app", "ui"];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// The code of a file without comments, doc examples and its own tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// Whether `word` stands in `code` as a path, not as a part of a longer name.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !part(before) && !part(after)
    })
}

fn modules() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let in_modules = files.into_iter().filter_map(|path| {
        let relative = path.strip_prefix(&root).unwrap();
        let module = relative.components().next()?.as_os_str().to_str()?.to_owned();
        let code = code(&path);
        (relative.components().count() > 1).then_some((module, path, code))
    });
    in_modules.collect()
}

#[test]
fn imports_run_one_way() {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (module, path, code) in modules() {
        seen.insert(module.clone());
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            faults.push(format!("{}: a module that the rule does not know", path.display()));
            continue;
        };
        for (other, _) in MAY_USE {
            if other != module && !allowed.contains(&other) && code.contains(&format!("crate::{other}")) {
                faults.push(format!("{}: {module} uses {other}", path.display()));
            }
        }
        if code.contains("use crate::{") {
            faults.push(format!("{}: `use crate::{{…}}` hides what is used from this test", path.display()));
        }
    }
    assert_eq!(seen.len(), MAY_USE.len(), "every module of the rule exists: {seen:?}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn each_outer_world_has_its_doors() {
    let mut faults = Vec::new();
    for (module, path, code) in modules() {
        for (world, doors) in DOORS {
            if names(&code, world) && !doors.contains(&module.as_str()) {
                faults.push(format!("{}: {module} names {world}", path.display()));
            }
        }
        if TIMELESS.contains(&module.as_str()) && (names(&code, "SystemTime") || names(&code, "Instant")) {
            faults.push(format!("{}: {module} looks at a clock", path.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn unsafe_code_is_only_in_windows_files() {
    for (_, path, code) in modules() {
        // A page's policy has that word in quotes.
        if names(&code.replace("'unsafe-inline'", ""), "unsafe") {
            let in_folder = path.ends_with("windows/calls.rs");
            assert!(in_folder || path.file_name().unwrap() == "windows.rs", "{}", path.display());
        }
    }
}

#[test]
fn the_rule_can_fail() {
    assert!(names("use ratatui::Frame;", "ratatui"));
    assert!(!names("use ratatui_crossterm::X;", "ratatui"));
    assert!(names("std::fs::read(x)", "std::fs"));
    assert!(!names("std::fsx", "std::fs"));
}
