//! The key table of the documentation is the action table.

use std::path::Path;

/// `AZEDIT_WRITE_KEYS=1 cargo test --test driver key_table` writes it anew.
#[test]
fn key_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/KEYS.md");
    let heading =
        "# Keys\n\nMade from the one table of actions (`src/app/actions.rs`); a test compares the two.\n\n";
    let fresh = format!("{heading}{}", azedit::app::actions::markdown());
    if std::env::var_os("AZEDIT_WRITE_KEYS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &fresh).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == fresh,
        "docs/KEYS.md is stale: AZEDIT_WRITE_KEYS=1 cargo test --test driver key_table"
    );
}
