//! README's key table is the action table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;

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
