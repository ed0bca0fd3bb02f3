//! Saving what a command changed, through the one procedure that replaces files.

use std::path::Path;

use super::failure::Failure;
use super::{machine, note};
use crate::files::{self, FileError, STATE_DIR_VARIABLE, Stamp, StateDir};
use crate::hyperv::live;
use crate::store::Store;
use crate::xml::Rendering;

/// The folder of earlier versions, or why there is none. Without it nothing is saved: there would be no way back.
pub fn state() -> Result<StateDir, FileError> {
    let elsewhere = std::env::var_os(STATE_DIR_VARIABLE);
    StateDir::locate(elsewhere.as_deref().map(Path::new))
}

/// Writes `store` over `file`, which held `baseline` at `stamp` and must still do so. What is about to be written is
/// first opened again and compared with the store. Gives the id of the earlier version; what else there is to know goes
/// to standard error.
pub fn store(
    file: &Path,
    stamp: &Stamp,
    baseline: &Rendering,
    store: &Store,
    what: &str,
) -> Result<String, Failure> {
    let new = store.rendering().settled().map_err(|error| {
        Failure::NotSaved(format!(
            "Not saved: what would be written is no store ({error}). The store is unchanged."
        ))
    })?;
    bytes(file, stamp, &baseline.bytes(), &new.bytes(), &|| store.verify(&new.document), what)
}

/// Writes `new` over `file`, which was `baseline` at `stamp` and must still be so.
pub fn bytes(
    file: &Path,
    stamp: &Stamp,
    baseline: &[u8],
    new: &[u8],
    verify: &(dyn Fn() -> Result<(), String> + Sync),
    what: &str,
) -> Result<String, Failure> {
    let state =
        state().map_err(|error| Failure::NotSaved(format!("Not saved: {error}. The store is unchanged.")))?;
    let (stamp, state) = (Some(stamp), &state);
    let saved = files::replace(&files::Save { path: file, new, baseline, stamp, verify, what, state })?;
    saved.notes.iter().for_each(|text| note(text));
    if live::is_read(&machine::facts(file)) {
        note(&format!("{}.", live::after_save(machine::store_not_read())));
    }
    Ok(saved.version)
}
