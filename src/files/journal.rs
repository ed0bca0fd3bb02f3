//! The recovery journal: the changes of an editing session that are not saved yet, one line each.
//!
//! The lines mean nothing here. Each is stored behind the first eight digits of its SHA-256, so that a line that
//! a kill or a power cut left half written (or as zeros, as some file systems do) is seen for what it is.
//!
//! A journal is input from outside like any other, and an old editor was once attacked through its own recovery
//! files: one that is not ours, that others could write to, or that is larger than we would make it is ignored.

use super::backup::real_path;
use super::disk;
use super::error::FileError;
use super::fault;
use super::fingerprint::{Fingerprint, short_hash};
use super::state::{StateDir, open_private, store_key, sync_folder};
use super::utc::Utc;
use serde::{Deserialize, Serialize};
use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const MAX_LINE: usize = 4 << 20;
const MAX_LENGTH: u64 = 64 << 20;

/// A power cut takes at most this much of the work, whichever is less. A kill takes nothing that was appended.
const SYNC_LINES: usize = 20;
const SYNC_TIME: Duration = Duration::from_secs(2);

const FORMAT: u32 = 1;

/// The first line of a journal.
#[derive(Serialize, Deserialize, Clone)]
struct Header {
    azedit_journal: u32,
    /// The store's real path; characters that are not Unicode replaced.
    path: String,
    /// Of the version that the changes begin from.
    length: u64,
    sha256: String,
}

/// The journal of a running editing session. Its file appears with the first line, is locked while the session
/// lives, and stays when the session ends without [`Journal::discard`].
#[derive(Debug)]
pub struct Journal {
    state: StateDir,
    path: PathBuf,
    header: String,
    file: Option<File>,
    /// Up to here the file holds whole lines.
    length: u64,
    /// Behind them stands a part of a line that could not be cut off: nothing can follow it.
    broken: bool,
    unsynced: usize,
    last_sync: Instant,
}

/// Unsaved changes of a session that ended without saving or discarding them. While this value lives no other
/// process is offered them.
#[derive(Debug)]
pub struct Pending {
    /// The lines as they were appended, all up to the first that is damaged.
    pub lines: Vec<String>,
    /// Do the changes begin from the bytes that the store holds now?
    pub baseline_matches: bool,
    /// When the last line was written.
    pub when: Utc,
    journal: Journal,
}

impl Journal {
    /// A journal for changes of `store` that begin from the version with this fingerprint. Writes nothing yet.
    ///
    /// # Errors
    /// The store's path cannot be resolved.
    pub fn start(state: &StateDir, store: &Path, baseline: &Fingerprint) -> Result<Journal, FileError> {
        let store = real_path(store)?;
        let header = Header {
            azedit_journal: FORMAT,
            path: store.to_string_lossy().into_owned(),
            length: baseline.length,
            sha256: baseline.sha256.clone(),
        };
        let header = serde_json::to_string(&header).map_err(io::Error::from);
        let path =
            state.journals().join(format!("{}-{}.journal", store_key(&store), uuid::Uuid::new_v4().simple()));
        Ok(Journal {
            state: state.clone(),
            header: header.map_err(FileError::io("describe", &store))?,
            path,
            file: None,
            length: 0,
            broken: false,
            unsynced: 0,
            last_sync: Instant::now(),
        })
    }

    /// Appends a line and gives it to the operating system before it returns: from then on the end of this process
    /// cannot take it. A power cut can, until it is synced.
    ///
    /// # Errors
    /// The line holds a line feed or is longer than 4 MiB, the journal would pass 64 MiB, or it cannot be
    /// written. In each case the journal holds what it held before; where not even that could be restored, it takes
    /// no further line.
    pub fn append(&mut self, line: &str) -> Result<(), FileError> {
        if self.broken {
            return Err(FileError::Line { why: "an earlier one stands in it half written" });
        }
        if line.contains('\n') {
            return Err(FileError::Line { why: "it has a line end" });
        }
        if line.len() > MAX_LINE {
            return Err(FileError::Line { why: "it is longer than 4 MB" });
        }
        let record = record(line);
        if self.length + record.len() as u64 > MAX_LENGTH {
            return Err(FileError::Line { why: "it is full (64 MB); save to empty it" });
        }
        let length = self.length;
        let mut file = match self.file.take() {
            Some(file) => file,
            None => self.create()?,
        };
        let written = fault::point("append to journal").and_then(|()| file.write_all(record.as_bytes()));
        if let Err(error) = written {
            // What was written of the line must not be in the way of the next one.
            let length = length.max(self.length);
            let cut = fault::point("cut journal")
                .and_then(|()| file.set_len(length))
                .and_then(|()| file.seek(SeekFrom::Start(length)));
            self.broken = cut.is_err();
            self.file = Some(file);
            return Err(FileError::io("write", &self.path)(error));
        }
        self.file = Some(file);
        self.length += record.len() as u64;
        self.unsynced += 1;
        Ok(())
    }

    fn create(&mut self) -> Result<File, FileError> {
        let folder = self.state.journals();
        self.state.ensure(&folder)?;
        let io = |doing| FileError::io(doing, &self.path);
        fault::point("create journal").map_err(io("create"))?;
        let mut file = disk::private_file()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&self.path)
            .map_err(io("create"))?;
        // Waits only for an azedit that is just looking whether this file, still empty, is a journal left behind.
        // Where there are no locks the journal still helps; then a second azedit may be offered it too early.
        let _ = file.lock();
        let header = record(&self.header);
        let written = file.write_all(header.as_bytes()).and_then(|()| sync_folder(&folder));
        if let Err(error) = written {
            // Should it stay: it holds no step, and is offered to nobody.
            let _ = std::fs::remove_file(&self.path);
            return Err(io("write")(error));
        }
        self.length = header.len() as u64;
        Ok(file)
    }

    /// Puts what was appended on the disk when it is time: after 20 lines or 2 seconds. To be called after each
    /// [`Journal::append`], and once more at [`Journal::sync_time`].
    pub fn sync_if_due(&mut self, now: Instant) -> Result<(), FileError> {
        let due = self.unsynced >= SYNC_LINES || now.duration_since(self.last_sync) >= SYNC_TIME;
        if self.unsynced > 0 && due { self.sync() } else { Ok(()) }
    }

    /// Puts what was appended on the disk now: on a signal, or before the session is suspended.
    pub fn sync(&mut self) -> Result<(), FileError> {
        self.last_sync = Instant::now();
        self.unsynced = 0;
        let Some(file) = &self.file else { return Ok(()) };
        fault::point("sync journal")
            .and_then(|()| file.sync_data())
            .map_err(FileError::io("put on the disk", &self.path))
    }

    /// When what was appended must be on the disk. `None`: it is.
    pub fn sync_time(&self) -> Option<Instant> {
        (self.unsynced > 0).then_some(self.last_sync + SYNC_TIME)
    }

    /// Removes the journal: its changes are saved, or the user gave them up.
    ///
    /// # Errors
    /// The file stays and would be offered again.
    pub fn discard(self) -> Result<(), FileError> {
        if self.file.is_none() {
            return Ok(());
        }
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(FileError::io("remove", &self.path)(error))
            }
            _ => Ok(()),
        }
    }
}

impl Pending {
    /// Goes on with this journal: what is appended now comes after [`Pending::lines`]. For changes that were
    /// all applied again to the version that they begin from.
    ///
    /// # Errors
    /// The damaged end of the file could not be cut off.
    pub fn resume(self) -> Result<Journal, FileError> {
        let mut journal = self.journal;
        if let Some(file) = &mut journal.file {
            let length = journal.length;
            file.set_len(length)
                .and_then(|()| file.seek(SeekFrom::Start(length)))
                .map_err(FileError::io("write", &journal.path))?;
        }
        Ok(journal)
    }

    /// Removes it: the user does not want these changes, or has them in another journal.
    pub fn discard(self) -> Result<(), FileError> {
        self.journal.discard()
    }
}

/// Unsaved changes of an earlier session of `store`, which now holds `bytes`. Of several the newest; the next one
/// when that has been discarded. Journals of sessions that are still running are not looked at.
///
/// # Errors
/// The state folder cannot be read. That there is none is no error.
pub fn pending(state: &StateDir, store: &Path, bytes: &[u8]) -> Result<Option<Pending>, FileError> {
    let store = real_path(store)?;
    let folder = state.journals();
    let names = match disk::names_in(&folder) {
        Ok(names) => names,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(FileError::io("list", &folder)(error)),
    };
    let prefix = format!("{}-", store_key(&store));
    let mut found: Vec<(Pending, Header)> = Vec::new();
    for name in names {
        let ours = name.to_str().is_some_and(|name| name.starts_with(&prefix) && name.ends_with(".journal"));
        // What cannot be opened or trusted is no journal of ours.
        if ours && let Some((pending, header)) = open_pending(state, &folder.join(&name), &store) {
            if pending.lines.is_empty() {
                // Should it stay, the next run tries again.
                let _ = pending.discard();
            } else {
                found.push((pending, header));
            }
        }
    }
    let newest = found.into_iter().max_by_key(|(pending, _)| pending.when);
    Ok(newest.map(|(mut pending, header)| {
        pending.baseline_matches =
            header.length == bytes.len() as u64 && header.sha256 == Fingerprint::of(bytes).sha256;
        pending
    }))
}

fn open_pending(state: &StateDir, path: &Path, store: &Path) -> Option<(Pending, Header)> {
    let mut file = open_private(path).ok()?;
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        return None;
    }
    let metadata = file.metadata().ok()?;
    if metadata.len() > MAX_LENGTH {
        return None;
    }
    let mut content = Vec::new();
    Read::by_ref(&mut file).take(MAX_LENGTH).read_to_end(&mut content).ok()?;
    let (mut lines, length) = whole_lines(&content);
    if lines.is_empty() {
        return None;
    }
    let text = lines.remove(0);
    let header: Header = serde_json::from_str(&text).ok()?;
    if header.azedit_journal != FORMAT || header.path != store.to_string_lossy() {
        return None;
    }
    let journal = Journal {
        state: state.clone(),
        path: path.to_owned(),
        header: text,
        file: Some(file),
        length,
        broken: false,
        unsynced: 0,
        last_sync: Instant::now(),
    };
    let when = Utc::of(metadata.modified().ok()?);
    Some((Pending { lines, baseline_matches: false, when, journal }, header))
}

/// The form of a line in the file.
fn record(line: &str) -> String {
    format!("{} {line}\n", short_hash(line.as_bytes(), 8))
}

/// The undamaged lines at the beginning of `content`, and their length in bytes.
fn whole_lines(content: &[u8]) -> (Vec<String>, u64) {
    let mut lines = Vec::new();
    let mut length = 0;
    for record in content.split_inclusive(|byte| *byte == b'\n') {
        let Some(line) = line_of(record) else { break };
        lines.push(line.to_owned());
        length += record.len() as u64;
    }
    (lines, length)
}

fn line_of(record: &[u8]) -> Option<&str> {
    let record = std::str::from_utf8(record.strip_suffix(b"\n")?).ok()?;
    let (sum, line) = record.split_once(' ')?;
    (line.len() <= MAX_LINE && short_hash(line.as_bytes(), 8) == sum).then_some(line)
}

#[cfg(test)]
mod tests;
