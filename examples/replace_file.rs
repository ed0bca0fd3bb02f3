//! `replace_file TARGET NEW [BASELINE]`: puts the content of NEW in place of TARGET with the whole procedure of a
//! save, and ends with its exit code. The fault tests run it where no store is needed: any bytes will do.
//!
//! BASELINE is a file with what TARGET is expected to hold; without it, what TARGET holds at the start.

use azedit::files::{self, Save, SaveError, StateDir};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (target, new, baseline) = match arguments.as_slice() {
        [target, new] => (target, new, target),
        [target, new, baseline] => (target, new, baseline),
        _ => return end(2, "usage: replace_file TARGET NEW [BASELINE]"),
    };
    let elsewhere = std::env::var_os(files::STATE_DIR_VARIABLE);
    let read = || {
        let state = StateDir::locate(elsewhere.as_deref().map(Path::new))?;
        Ok((state, files::read(Path::new(new))?.bytes, files::read(Path::new(baseline))?.bytes))
    };
    let (state, new, baseline) = match read() {
        Ok(read) => read,
        Err::<_, files::FileError>(error) => return end(3, &error.to_string()),
    };
    let save = Save {
        path: Path::new(target),
        new: &new,
        baseline: &baseline,
        stamp: None,
        verify: &|| Ok(()),
        what: "replace_file",
        state: &state,
    };
    match files::replace(&save) {
        Ok(saved) => end(0, &saved.notes.join("\n")),
        Err(error) => end(SaveError::exit_code(&error), &error.to_string()),
    }
}

#[allow(clippy::print_stderr)] // An example for the tests, not the program.
fn end(code: u8, message: &str) -> ExitCode {
    if !message.is_empty() {
        eprintln!("{message}");
    }
    ExitCode::from(code)
}
