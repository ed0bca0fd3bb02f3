//! The fuzz targets, over a seeded corpus: what cargo-fuzz runs for hours on nightly, every test run does for a while.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    missing_docs
)]

#[allow(dead_code, clippy::too_many_lines, reason = "the shared part is used in part, and is as it is")]
mod fuzz;
mod xml;

use xml::mutate::{Random, mutated};
use xml::{bad, good};

const STORE: &[u8] = include_bytes!("xml/store.xml");
const SCRIPT: &str = "\
create scope 'Johns VM Scope'
create assignment Administrator --in 'Johns VM Scope' --role Administrator --member S-1-5-21-1-2-3-1001
rename scope 'Johns VM Scope' 'Joe''s & Ann''s <scope>'
create group Operators --type ldap --query '(&(objectClass=user)(cn=x))'
set role Administrator description 'all of them'
create task Tasks --operation 'Read Service Configuration'
delete scope 'Johns VM Scope'
remove assignment Administrator --member S-1-5-32-544
";

#[test]
fn parse() {
    let bases: Vec<Vec<u8>> = good()
        .into_iter()
        .chain(bad().into_iter().map(|(document, _)| document))
        .map(String::into_bytes)
        .chain([STORE.to_vec()])
        .collect();
    let mut random = Random(1);
    let mut accepted = bases.iter().filter(|base| fuzz::parse(base)).count();
    for _ in 0..10_000 {
        let base = random.below(bases.len());
        accepted += usize::from(fuzz::parse(&mutated(&bases[base], &mut random)));
    }
    assert!(accepted > 300, "{accepted} accepted");
}

#[test]
fn edit_roundtrip() {
    let mut random = Random(2);
    let mut made = fuzz::edit_roundtrip(SCRIPT.as_bytes());
    assert!(made >= 3, "the script makes {made} changes");
    for _ in 0..60 {
        made += fuzz::edit_roundtrip(&mutated(SCRIPT.as_bytes(), &mut random));
        made += fuzz::edit_roundtrip(&mutated(STORE, &mut random));
    }
    assert!(made > 500, "{made} changes");
}
