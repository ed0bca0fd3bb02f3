//! The guard on the command line: what a save would lock out or open up is refused until its code is named.

use super::failure::Failure;
use super::names::Directory;
use super::{caller, machine};
use crate::access::guard::{self, Facts, Objection};
use crate::accounts::{Sid, sids_in};
use crate::hyperv;
use crate::store::{Session, Store};

/// What the guard has to know: who asks, if that is not told, and what programs need.
pub fn facts(told: Vec<Sid>) -> Facts {
    // A host without a store of its own may name the application all the same; elsewhere nobody does.
    let application = machine::service_application().ok().flatten();
    hyperv::guard::facts(if told.is_empty() { caller::sids() } else { told }, application.as_deref())
}

/// What the guard says of a session's unsaved changes.
pub fn of_session(session: &mut Session, facts: &Facts) -> Result<Vec<Objection>, Failure> {
    guard::of_session(session, facts).map_err(|error| {
        Failure::Refused(format!("the saved store no longer opens: {error}. Nothing was saved."))
    })
}

/// What the guard says of replacing one store by another.
pub fn of_stores(saved: &Store, store: &Store) -> Vec<Objection> {
    guard::objections(saved, store, &facts(Vec::new()))
}

/// Puts the names of accounts into what the guard says, after asking who they are.
pub fn name(objections: &mut [Objection], directory: &mut Directory) {
    directory.learn(objections.iter().flat_map(|objection| sids_in(&objection.sentence)));
    for objection in objections {
        objection.sentence = directory.names().put_into(&objection.sentence).into_owned();
    }
}

/// Refuses unless every objection's code is among those that `--allow` named.
pub fn ask(objections: &[Objection], allowed: &[String]) -> Result<(), Failure> {
    let open: Vec<&Objection> =
        objections.iter().filter(|objection| !allowed.iter().any(|code| code == objection.code)).collect();
    if open.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = open.iter().map(|objection| line(objection)).collect();
    let mut codes: Vec<String> = open.iter().map(|objection| format!("--allow {}", objection.code)).collect();
    codes.dedup();
    Err(Failure::Refused(format!(
        "refused, nothing was saved:\n{}\nIf that is what you want, add {}.",
        lines.join("\n"),
        codes.join(" ")
    )))
}

/// An objection as one line: its code and what would happen.
pub fn line(objection: &Objection) -> String {
    format!("  {}: {}", objection.code, objection.sentence)
}
