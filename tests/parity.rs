//! docs/PARITY.md names tests: each of them is there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::path::Path;

/// `FILE::TEST` of every driver test.
fn tests() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/driver");
    let mut tests = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "rs") {
            continue;
        }
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        for part in text.split("#[test]").skip(1) {
            let name = part.split_once("fn ").unwrap().1.split_once('(').unwrap().0;
            tests.insert(format!("{file}::{name}"));
        }
    }
    tests
}

#[test]
fn every_test_that_is_named_is_there() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/PARITY.md")).unwrap();
    let tests = tests();
    let named: Vec<&str> = text.split('`').skip(1).step_by(2).filter(|word| word.contains("::")).collect();
    assert!(named.len() > 50, "{named:?}");
    for name in named {
        let found = match name.strip_suffix('*') {
            Some(file) => tests.iter().any(|test| test.starts_with(file)),
            None => tests.contains(name),
        };
        assert!(found, "{name}");
    }
}
