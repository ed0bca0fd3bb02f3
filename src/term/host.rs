//! Carries out what the application asks for: files, the recovery journal, the clipboard.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::clipboard::Clipboard;
use super::look::Known;
use crate::app::{App, Content, DocId, HostEvent, JournalStep, OpenedFile};
use crate::files::{FileError, Fingerprint, Journal, Pending, StateDir};
use crate::xml::Rendering;

/// The store that `--sample` opens.
const SAMPLE: &[u8] = include_bytes!("../../assets/InitialStore.xml");

/// The files behind the open documents.
pub struct Host {
    /// Where journals and earlier versions go, or why they cannot.
    state: Result<StateDir, String>,
    journals: HashMap<DocId, Journal>,
    /// How the files of the open documents stood.
    pub(super) known: Known,
    /// Documents whose journal failed. It stays as it is, and takes nothing more: what came after a gap could not be
    /// replayed.
    stopped: HashSet<DocId>,
    /// What earlier runs left, until the user decides; locked against other processes meanwhile.
    pub(super) left: HashMap<PathBuf, Pending>,
    /// Journals that are not needed any more. They go when what takes their place is on the disk.
    superseded: Vec<(DocId, Journal)>,
    clipboard: Clipboard,
}

/// A line of the journal: one step, so that a power cut leaves whole transactions.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    Apply { label: String, lines: Vec<String> },
    Undo,
    Redo,
}

impl Host {
    /// A host with no file open.
    pub fn new(state: Result<StateDir, String>, clipboard: Clipboard) -> Self {
        Self {
            state,
            journals: HashMap::new(),
            known: Known::default(),
            stopped: HashSet::new(),
            left: HashMap::new(),
            superseded: Vec::new(),
            clipboard,
        }
    }

    /// Where earlier versions go, or why they cannot.
    pub fn state(&self) -> Result<&StateDir, &str> {
        self.state.as_ref().map_err(String::as_str)
    }

    /// The sample store.
    pub fn sample() -> HostEvent {
        HostEvent::Opened(OpenedFile {
            path: None,
            content: Content::Bytes(SAMPLE.to_vec()),
            read_only: None,
            recovery: None,
        })
    }

    /// Looks whether the file of a document has become another.
    pub fn look(&mut self, app: &App, id: DocId) -> Option<HostEvent> {
        Some(HostEvent::Looked(id, self.known.look(app.document(id)?)?))
    }

    /// Keeps the recovery journal. The answer, if any, is that it could not be kept.
    pub fn journal(&mut self, app: &App, id: DocId, step: JournalStep) -> Option<HostEvent> {
        let entry = match step {
            JournalStep::Clear => {
                self.supersede(app, id);
                return None;
            }
            JournalStep::Apply { label, lines } => Entry::Apply { label, lines },
            JournalStep::Undo => Entry::Undo,
            JournalStep::Redo => Entry::Redo,
        };
        if self.stopped.contains(&id) {
            return None;
        }
        let why = self.append(app, id, &entry).err()?;
        Some(self.stop(id, why))
    }

    fn stop(&mut self, id: DocId, why: String) -> HostEvent {
        self.stopped.insert(id);
        // A journal that was to take the place of another holds less than that one.
        if let Some(at) = self.superseded.iter().position(|(of, _)| *of == id) {
            let (_, earlier) = self.superseded.swap_remove(at);
            if let Some(begun) = self.journals.insert(id, earlier) {
                // What stays is offered again next time.
                let _ = begun.discard();
            }
        }
        HostEvent::JournalFailed(id, why)
    }

    fn append(&mut self, app: &App, id: DocId, entry: &Entry) -> Result<(), String> {
        let line = serde_json::to_string(entry).map_err(|error| error.to_string())?;
        let journal = match self.journals.entry(id) {
            std::collections::hash_map::Entry::Occupied(journal) => journal.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => {
                let state = self.state.as_ref().map_err(Clone::clone)?;
                let journal = start(state, app, id).map_err(|error| format!("{error}."))?;
                place.insert(journal)
            }
        };
        let appended = journal.append(&line).and_then(|()| journal.sync_if_due(Instant::now()));
        appended.map_err(|error| format!("{error}."))
    }

    fn supersede(&mut self, app: &App, id: DocId) {
        self.stopped.remove(&id);
        self.superseded.extend(self.journals.remove(&id).map(|journal| (id, journal)));
        let path = app.document(id).and_then(|doc| doc.path.as_deref());
        if let Some(pending) = path.and_then(|path| self.left.remove(path)) {
            // What cannot be taken over is offered again next time, which is the safe side.
            self.superseded.extend(pending.resume().map(|journal| (id, journal)));
        }
    }

    /// To be called when all effects of an input are carried out: removes journals that others have taken the
    /// place of. A kill in between finds one or the other. The answers, if any, are that the new ones could not be
    /// kept.
    pub fn settle(&mut self) -> Vec<HostEvent> {
        let mut answers = Vec::new();
        for (id, journal) in std::mem::take(&mut self.superseded) {
            match self.journals.get_mut(&id).map_or(Ok(()), Journal::sync) {
                // What stays is offered again next time.
                Ok(()) => _ = journal.discard(),
                Err(error) => {
                    self.superseded.push((id, journal));
                    answers.push(self.stop(id, format!("{error}.")));
                }
            }
        }
        answers
    }

    /// Puts every line of the journals on the disk: before the program ends, whatever ends it, or stops.
    pub fn flush(&mut self) {
        for journal in self.journals.values_mut() {
            // Nobody is left to tell; the lines are with the operating system already.
            let _ = journal.sync();
        }
    }

    /// When to call [`Self::sync_due`]; `None` while nothing waits for the disk.
    pub fn sync_time(&self) -> Option<Instant> {
        self.journals.values().filter_map(Journal::sync_time).min()
    }

    /// Puts on the disk what has waited for it long enough. The answers, if any, are that it could not be.
    pub fn sync_due(&mut self, now: Instant) -> Vec<HostEvent> {
        let failed: Vec<(DocId, FileError)> = self
            .journals
            .iter_mut()
            .filter_map(|(&id, journal)| Some((id, journal.sync_if_due(now).err()?)))
            .collect();
        failed.into_iter().map(|(id, error)| self.stop(id, format!("{error}."))).collect()
    }

    /// Puts text on the clipboard.
    pub fn copy(&mut self, text: &str) -> HostEvent {
        HostEvent::Copied(self.clipboard.put(text))
    }

    /// Reads the clipboard.
    pub fn read_clipboard(&mut self) -> HostEvent {
        HostEvent::Clipboard(self.clipboard.get())
    }
}

/// A journal for what the file held when it was last read or written. Reads all of that once, at the first change.
fn start(state: &StateDir, app: &App, id: DocId) -> Result<Journal, FileError> {
    let request = app.save_request(id);
    let path = request.as_ref().map_or(Path::new(""), |request| request.path);
    let baseline = request.as_ref().and_then(|request| request.baseline).map(Rendering::to_bytes);
    Journal::start(state, path, &Fingerprint::of(&baseline.unwrap_or_default()))
}

/// A step, from its line in the journal.
pub(super) fn step_of(line: &str) -> Option<JournalStep> {
    Some(match serde_json::from_str(line).ok()? {
        Entry::Apply { label, lines } => JournalStep::Apply { label, lines },
        Entry::Undo => JournalStep::Undo,
        Entry::Redo => JournalStep::Redo,
    })
}

#[cfg(test)]
mod tests;
mod versions;
