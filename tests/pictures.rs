//! The pictures in `assets/` show the program as it is. `cargo run --example picture` makes them anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../examples/picture/scenes.rs"]
mod scenes;
#[path = "../examples/picture/svg.rs"]
mod svg;

#[test]
fn the_pictures_are_of_this_program() {
    for (file, picture) in scenes::pictures() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(file);
        let committed = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(committed == picture, "assets/{file} shows an older program: cargo run --example picture");
    }
}
