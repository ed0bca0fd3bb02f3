//! Gives the Windows program its manifest, version information and icon. For other systems there is nothing to do.

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=assets/windows");
    if std::env::var_os("CARGO_CFG_WINDOWS").is_none() {
        return Ok(());
    }
    winresource::WindowsResource::new()
        .set("OriginalFilename", "azedit.exe")
        .set("LegalCopyright", "MIT OR Apache-2.0")
        .set_language(0x0409) // English: what the strings are in.
        .set_icon("assets/windows/azedit.ico")
        .set_manifest_file("assets/windows/azedit.exe.manifest")
        .compile_for("azedit")
}
