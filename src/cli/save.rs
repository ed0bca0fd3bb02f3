//! Saving what a command changed, through the one procedure that replaces files.

use std::path::Path;

use super::failure::Failure;
use super::note;
use crate::files::{self, FileError, STATE_DIR_VARIABLE, StateDir};
use crate::store::Store;
use crate::xml::Rendering;

/// The folder of earlier versions, or why there is none. Without it nothing is saved: there would be no way back.
pub fn state() -> Result<StateDir, FileError> {
    let elsewhere = std::env::var_os(STATE_DIR_VARIABLE);
    StateDir::locate(elsewhere.as_deref().map(Path::new))
}

/// Writes `store` over `file`, which must still hold `baseline`. What is about to be written is first opened again and
/// compared with the store. Gives the id of the earlier version; what else there is to know goes to standard error.
pub fn store(file: &Path, baseline: &Rendering, store: &Store, what: &str) -> Result<String, Failure> {
    bytes(
        file,
        &|bytes| baseline.is(bytes),
        &store.rendering().to_bytes(),
        &|bytes| store.verify(bytes),
        what,
    )
}

/// Writes `new` over `file`, which must still be the baseline.
pub fn bytes(
    file: &Path,
    is_baseline: &dyn Fn(&[u8]) -> bool,
    new: &[u8],
    verify: &(dyn Fn(&[u8]) -> Result<(), String> + Sync),
    what: &str,
) -> Result<String, Failure> {
    let state =
        state().map_err(|error| Failure::NotSaved(format!("Not saved: {error}. The store is unchanged.")))?;
    let saved = files::replace(&files::Save { path: file, new, is_baseline, verify, what, state: &state })?;
    saved.notes.iter().for_each(|text| note(text));
    Ok(saved.version)
}
