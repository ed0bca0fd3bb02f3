//! Writing a store: on the event loop's own thread when it is small, on another when it is large.

use std::path::{Path, PathBuf};

use super::host::Host;
use crate::app::work::Progress;
use crate::app::{App, DocId, HostEvent, SaveFailure, SaveRequest};
use crate::files::{self, FileError, SaveError, Stamp, StateDir};
use crate::report::shell;
use crate::store::Store;
use crate::xml::Rendering;

/// What there is to write, for another thread.
pub struct Job {
    path: PathBuf,
    new: Rendering,
    baseline: Option<Rendering>,
    store: Store,
    what: String,
}

/// A save that has ended.
pub struct Written {
    path: PathBuf,
    outcome: Result<String, SaveFailure>,
    /// How the file stands, as far as that was seen.
    seen: Seen,
}

/// What was seen of the file.
enum Seen {
    Nothing,
    Ours(Stamp),
    Theirs(Option<Stamp>),
}

impl Job {
    /// A copy of what there is to write. `None`: the document has no path.
    pub fn of(app: &App, id: DocId) -> Option<Job> {
        let SaveRequest { path, new, baseline, store, what } = app.save_request(id)?;
        Some(Job { path: path.to_owned(), new, baseline: baseline.cloned(), store: store.clone(), what })
    }

    /// Writes it.
    pub fn run(self, state: Result<&StateDir, &str>, progress: &Progress) -> Written {
        let Job { path, new, baseline, store, what } = self;
        let request = SaveRequest { path: &path, new, baseline: baseline.as_ref(), store: &store, what };
        write(&request, state, progress)
    }
}

/// Writes a store. It is stopped only before the new file takes its name.
fn write(request: &SaveRequest<'_>, state: Result<&StateDir, &str>, progress: &Progress) -> Written {
    let mut seen = Seen::Nothing;
    let path = request.path.to_owned();
    let outcome = write_seen(request, state, progress, &mut seen);
    let outcome = match outcome {
        Err(SaveFailure::Failed(_)) if progress.is_stopped() => Err(SaveFailure::Stopped),
        outcome => outcome,
    };
    Written { path, outcome, seen }
}

fn write_seen(
    request: &SaveRequest<'_>,
    state: Result<&StateDir, &str>,
    progress: &Progress,
    seen: &mut Seen,
) -> Result<String, SaveFailure> {
    let failed = SaveFailure::Failed;
    let unlike = |why: String| {
        failed(format!("Not saved: what would be written does not read as this store ({why})."))
    };
    let new = request.new.settled().map_err(|error| unlike(error.to_string()))?;
    let verify = || {
        request.store.verify(&new.document)?;
        if progress.is_stopped() { Err("it was stopped".to_owned()) } else { Ok(()) }
    };
    let Some(baseline) = request.baseline else {
        verify().map_err(unlike)?;
        return match files::create(request.path, &new.bytes()) {
            Ok(()) => Ok(String::new()),
            Err(error @ FileError::Unconfirmed { .. }) => Err(SaveFailure::Unconfirmed(format!("{error}."))),
            Err(error) => Err(failed(format!("Not saved: {error}."))),
        };
    };
    let save = files::Save {
        path: request.path,
        new: &new.bytes(),
        baseline: &baseline.bytes(),
        stamp: None,
        verify: &verify,
        what: &request.what,
        state: state.map_err(|why| failed(format!("Not saved: {why}.")))?,
    };
    match files::replace(&save) {
        Ok(saved) => {
            *seen = Seen::Ours(saved.stamp);
            let path = shell::word(&request.path.to_string_lossy());
            let mut told = vec![format!("Earlier version: azedit restore {path} {}", saved.version)];
            told.extend(saved.notes);
            Ok(told.join(" "))
        }
        Err(error) => Err(failure(&error, || {
            let theirs = files::read(request.path).ok();
            *seen = Seen::Theirs(theirs.as_ref().map(|opened| opened.stamp));
            theirs.map(|opened| opened.bytes)
        })),
    }
}

/// Why a file was not replaced; `theirs` reads what it holds, where somebody else has changed it.
pub(super) fn failure(error: &SaveError, theirs: impl FnOnce() -> Option<Vec<u8>>) -> SaveFailure {
    let message = error.to_string();
    match error {
        SaveError::Conflict(_) => SaveFailure::Conflict { disk: theirs(), message },
        SaveError::Failed(_) => SaveFailure::Failed(message),
        SaveError::Unconfirmed(_) => SaveFailure::Unconfirmed(message),
    }
}

/// There is nothing that says where to write to.
pub fn no_file(id: DocId) -> HostEvent {
    HostEvent::Saved(id, Err(SaveFailure::Failed("Not saved: the store has no file.".to_owned())))
}

impl Host {
    /// Writes a document to its file.
    pub fn save(&mut self, app: &App, id: DocId, progress: &Progress) -> HostEvent {
        let Some(request) = app.save_request(id) else { return no_file(id) };
        let written = write(&request, self.state(), progress);
        self.saved(id, written)
    }

    /// Takes in a save that has ended.
    pub fn saved(&mut self, id: DocId, written: Written) -> HostEvent {
        let Written { path, outcome, seen } = written;
        let path: &Path = &path;
        match seen {
            // A new file: the first look reads it.
            Seen::Nothing if outcome.is_ok() => self.known.forget(path),
            Seen::Nothing => {}
            Seen::Ours(stamp) => self.known.is_ours(path, stamp),
            Seen::Theirs(stamp) => self.known.is_told(path, stamp),
        }
        HostEvent::Saved(id, outcome)
    }
}
