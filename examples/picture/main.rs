//! Makes the pictures in `assets/` from real frames: `cargo run --example picture`.

#![allow(clippy::expect_used)] // A picture that cannot be made is not worth more than its message.

mod scenes;
mod svg;

fn main() -> std::io::Result<()> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    for (file, picture) in scenes::pictures() {
        std::fs::write(folder.join(file), picture)?;
    }
    Ok(())
}
