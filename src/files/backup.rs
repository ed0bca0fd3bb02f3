//! Earlier versions of a store, and the log of its saves.
//!
//! A version is a full copy, made and on the disk before the store is replaced. A hard link to the old file
//! would cost nothing, but it would keep the old file's owner and permissions, and whoever has the store open
//! for writing would write into the backup.

use super::disk;
use super::error::FileError;
use super::fault;
use super::read::{ReadError, holds, read_steadily};
use super::state::{StateDir, open_private, sync_folder};
use super::utc::Utc;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The newest versions, all of which are kept.
const GENERATIONS: usize = 20;

/// For so many days back, the newest version of each day is kept too.
const DAYS: u64 = 30;

const LOG: &str = "log.jsonl";

/// Of a longer log only the end is read.
const MAX_LOG: u64 = 16 << 20;

/// One save of a store, and the version that it replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// `20261122-030145`, and `-2`, `-3` … for further saves in that second. In this order.
    pub id: String,
    /// When the save that replaced this version took place.
    pub saved: Utc,
    /// Length of this version, in bytes.
    pub length: u64,
    /// Can it still be read ([`version_bytes`]), or has it gone by rotation?
    pub kept: bool,
    /// What the log says about that save; `None` when it was interrupted before it could be logged.
    pub entry: Option<Entry>,
}

/// What the log keeps of a save, beside its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The user's name as the system knows it.
    pub user: String,
    /// The host's name.
    pub host: String,
    /// The process.
    pub pid: u32,
    /// What was changed, in the words of [`super::Save::what`].
    pub what: String,
    /// Length of the version that was written, in bytes.
    pub new_length: u64,
}

/// What was done beside the file of a store, such as on the host that reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When, as the log has it.
    pub time: String,
    /// Who: the user's name.
    pub user: String,
    /// On which host azedit ran.
    pub host: String,
    /// What, in the words of [`note`].
    pub what: String,
}

/// The form of a line of the log. Fields may be added, none may change its meaning. A line without a version is a
/// [`Note`].
#[derive(Serialize, Deserialize)]
struct Line {
    time: String,
    user: String,
    host: String,
    pid: u32,
    path: String,
    version: String,
    old_length: u64,
    new_length: u64,
    what: String,
}

/// A version that has just been put into the state folder.
pub(super) struct Backup {
    pub id: String,
    folder: PathBuf,
    store: PathBuf,
    length: u64,
}

/// The versions of a store, the newest first, as far as the log or the kept files reach.
///
/// # Errors
/// The state folder cannot be read. That there is none is no error: there are no versions then.
pub fn log(state: &StateDir, store: &Path) -> Result<Vec<Version>, FileError> {
    let store = real_path(store)?;
    let folder = state.backups_of(&store);
    let mut versions: Vec<Version> =
        read_log(&folder)?.into_iter().filter_map(|line| version_of(line, &store)).collect();
    for (id, length) in kept(&folder)? {
        if let Some(version) = versions.iter_mut().find(|version| version.id == id) {
            version.kept = true;
        } else if let Some((saved, _)) = parse_id(&id) {
            versions.push(Version { id, saved, length, kept: true, entry: None });
        }
    }
    versions.sort_by_key(|version| std::cmp::Reverse(parse_id(&version.id)));
    Ok(versions)
}

/// Writes to the log of a store what was done beside its file.
///
/// # Errors
/// The state folder cannot be written.
pub fn note(state: &StateDir, store: &Path, what: &str) -> Result<(), FileError> {
    let store = real_path(store)?;
    let folder = state.backups_of(&store);
    state.ensure(&folder)?;
    Backup { id: String::new(), folder, store, length: 0 }.record(what, 0)
}

/// What was done beside the file of a store, the newest first.
///
/// # Errors
/// The state folder cannot be read.
pub fn notes(state: &StateDir, store: &Path) -> Result<Vec<Note>, FileError> {
    let store = real_path(store)?;
    let path = store.to_string_lossy();
    let lines = read_log(&state.backups_of(&store))?.into_iter();
    let own = lines.filter(|line| line.version.is_empty() && line.path == path);
    let note = |Line { time, user, host, what, .. }: Line| Note { time, user, host, what };
    Ok(own.rev().map(note).collect())
}

/// The bytes of an earlier version.
///
/// # Errors
/// [`FileError::NoSuchVersion`] when it is not kept, others when it cannot be read.
pub fn version_bytes(state: &StateDir, store: &Path, id: &str) -> Result<Vec<u8>, FileError> {
    let store = real_path(store)?;
    // An id is part of a path: nothing else than an id may get there.
    let path = parse_id(id)
        .map(|_| version_path(&state.backups_of(&store), id))
        .filter(|path| path.exists())
        .ok_or_else(|| FileError::NoSuchVersion { path: store, id: id.to_owned() })?;
    let mut file = open_private(&path)?;
    match read_steadily(&mut file, &|_| true) {
        Ok(Some((bytes, _))) => Ok(bytes),
        Ok(None) => Err(FileError::Unsteady { path }),
        Err(ReadError::Io(source)) => Err(FileError::Io { doing: "read", path, source }),
        Err(ReadError::TooLarge(length)) => Err(FileError::TooLarge { path, length }),
        Err(ReadError::NotAFile(what)) => Err(FileError::NotAFile { path, what }),
    }
}

/// The path that the state folder knows a store by: links resolved, so that a store has one history. A store
/// that was removed has one too.
pub(super) fn real_path(store: &Path) -> Result<PathBuf, FileError> {
    match store.canonicalize() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder =
                store.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let folder = folder.canonicalize().map_err(FileError::io("find", store))?;
            Ok(folder.join(store.file_name().unwrap_or_default()))
        }
        found => found.map_err(FileError::io("find", store)),
    }
}

impl Backup {
    /// Puts `bytes`, the present content of `store` (its real path), on the disk as a version of its own.
    pub(super) fn make(state: &StateDir, store: &Path, bytes: &[u8]) -> Result<Backup, FileError> {
        let folder = state.backups_of(store);
        state.ensure(&folder)?;
        // Later than all that are kept, also when the clock was set back, and when the earlier versions of this
        // second were already rotated away: the order of ids is the order of saves.
        let latest = kept(&folder)?.into_iter().filter_map(|(id, _)| parse_id(&id)).max();
        let (time, mut number) = match latest {
            Some((time, number)) if time >= Utc::now() => (time, number + 1),
            _ => (Utc::now(), 1),
        };
        let (id, path, file) = loop {
            let id = if number == 1 { time.compact() } else { format!("{}-{number}", time.compact()) };
            let path = version_path(&folder, &id);
            fault::point("create backup").map_err(FileError::io("create", &path))?;
            match disk::private_file().read(true).write(true).create_new(true).open(&path) {
                Ok(file) => break (id, path, file),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(FileError::io("create", &path)(error)),
            }
        };
        let backup = Backup { id, folder, store: store.to_owned(), length: bytes.len() as u64 };
        match put_on_disk(file, bytes, &backup.folder) {
            Ok(()) => Ok(backup),
            Err(error) => {
                backup.remove();
                Err(FileError::io("write", &path)(error))
            }
        }
    }

    /// Takes the version back, because the store was not replaced.
    pub(super) fn remove(&self) {
        // Should it stay: it is a copy of what the store holds, and is rotated away like any other.
        let _ = std::fs::remove_file(version_path(&self.folder, &self.id));
    }

    /// Writes the line of the log for the save that this backup belongs to.
    pub(super) fn record(&self, what: &str, new_length: u64) -> Result<(), FileError> {
        let line = Line {
            time: Utc::now().rfc3339(),
            user: disk::user_name(),
            host: disk::host_name(),
            pid: std::process::id(),
            path: self.store.to_string_lossy().into_owned(),
            version: self.id.clone(),
            old_length: self.length,
            new_length,
            what: what.to_owned(),
        };
        let path = self.folder.join(LOG);
        append_line(&path, &line).map_err(FileError::io("write", &path))
    }

    /// Removes the versions that need not be kept any longer. Says which could not be removed.
    pub(super) fn rotate(&self) -> Result<(), FileError> {
        let versions = kept(&self.folder)?.into_iter().map(|(id, _)| id).collect();
        for id in superfluous(versions, Utc::now().day()) {
            let path = version_path(&self.folder, &id);
            fault::point("remove backup").map_err(FileError::io("remove", &path))?;
            std::fs::remove_file(&path).map_err(FileError::io("remove", &path))?;
        }
        Ok(())
    }
}

fn put_on_disk(mut file: File, bytes: &[u8], folder: &Path) -> io::Result<()> {
    fault::point("write backup")?;
    file.write_all(bytes)?;
    fault::point("sync backup")?;
    file.sync_all()?;
    sync_folder(folder)?;
    fault::point("read back backup")?;
    if !holds(&file, bytes)? {
        return Err(io::Error::other("what was written does not read back the same"));
    }
    Ok(())
}

fn append_line(path: &Path, line: &Line) -> io::Result<()> {
    fault::point("write log")?;
    let mut file = disk::private_file().read(true).append(true).create(true).open(path)?;
    // A line that a full disk cut short ends here, and does not take this one with it.
    let mut last = [b'\n'];
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    let lead = if last == [b'\n'] { "" } else { "\n" };
    // In one write, so that two processes never mix their lines.
    file.write_all(format!("{lead}{}\n", serde_json::to_string(line)?).as_bytes())
}

/// The lines of the log, the oldest first. A line that cannot be read (torn by a power cut) is passed over.
fn read_log(folder: &Path) -> Result<Vec<Line>, FileError> {
    let path = folder.join(LOG);
    let mut file = match open_private(&path) {
        Ok(file) => file,
        Err(FileError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let length = file.metadata().map_err(FileError::io("look at", &path))?.len();
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(MAX_LOG)))
        .and_then(|_| file.take(MAX_LOG).read_to_end(&mut text))
        .map_err(FileError::io("read", &path))?;
    Ok(text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect())
}

fn version_of(line: Line, store: &Path) -> Option<Version> {
    // Another store whose path has the same hash, however unlikely, has its own history.
    if line.path != store.to_string_lossy() {
        return None;
    }
    let (saved, _) = parse_id(&line.version)?;
    let Line { version: id, old_length: length, user, host, pid, what, new_length, .. } = line;
    Some(Version { id, saved, length, kept: false, entry: Some(Entry { user, host, pid, what, new_length }) })
}

/// Ids and lengths of the kept versions, in no order.
fn kept(folder: &Path) -> Result<Vec<(String, u64)>, FileError> {
    let names = match disk::names_in(folder) {
        Ok(names) => names,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(FileError::io("list", folder)(error)),
    };
    let mut versions = Vec::new();
    for name in names {
        let Some(id) = name.to_str().and_then(|name| name.strip_suffix(".xml")) else { continue };
        // Gone since the folder was listed: another process rotates.
        let Ok(metadata) = folder.join(&name).symlink_metadata() else { continue };
        if parse_id(id).is_some() {
            versions.push((id.to_owned(), metadata.len()));
        }
    }
    Ok(versions)
}

/// Which versions go: all but the newest [`GENERATIONS`] and, for [`DAYS`] days, the newest of each day.
fn superfluous(mut ids: Vec<String>, today: u64) -> Vec<String> {
    ids.sort_by_key(|id| std::cmp::Reverse(parse_id(id)));
    let mut days = HashSet::new();
    let mut position = 0;
    ids.retain(|id| {
        let day = parse_id(id).map_or(0, |(time, _)| time.day());
        let newest_of_its_day = days.insert(day) && day + DAYS > today;
        position += 1;
        position > GENERATIONS && !newest_of_its_day
    });
    ids
}

fn version_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.xml"))
}

/// Time and number within the second.
fn parse_id(id: &str) -> Option<(Utc, u32)> {
    let time = Utc::parse_compact(id.get(..15)?)?;
    match id.get(15..)? {
        "" => Some((time, 1)),
        rest => {
            let number = rest.strip_prefix('-')?;
            let plain = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
            number.parse().ok().filter(|number| plain && *number > 1).map(|number| (time, number))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lab() -> (tempfile::TempDir, StateDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::locate(Some(&folder.path().join("state"))).unwrap();
        let store = folder.path().canonicalize().unwrap().join("s.xml");
        std::fs::write(&store, "now").unwrap();
        (folder, state, store)
    }

    #[test]
    fn versions_of_one_second_have_ids_of_their_own_and_keep_their_order() {
        let (_folder, state, store) = lab();
        // Many more than are kept, so that first ids of the second are free again.
        let contents: Vec<String> = (0..70).map(|n| format!("version {n}")).collect();
        for content in &contents {
            let backup = Backup::make(&state, &store, content.as_bytes()).unwrap();
            backup.record(content, 1).unwrap();
            backup.rotate().unwrap();
        }
        let versions = log(&state, &store).unwrap();
        let logged: Vec<&String> =
            versions.iter().map(|version| &version.entry.as_ref().unwrap().what).collect();
        assert_eq!(logged, contents.iter().rev().collect::<Vec<_>>());
        for (version, content) in versions.iter().zip(contents.iter().rev()).take(GENERATIONS) {
            assert_eq!(version_bytes(&state, &store, &version.id).unwrap(), content.as_bytes());
        }
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_change_the_order() {
        let (_folder, state, store) = lab();
        let first = Backup::make(&state, &store, b"1").unwrap();
        let ahead = "29990101-000000";
        std::fs::rename(version_path(&first.folder, &first.id), version_path(&first.folder, ahead)).unwrap();
        let second = Backup::make(&state, &store, b"2").unwrap();
        assert_eq!(second.id, "29990101-000000-2");
        assert_eq!(log(&state, &store).unwrap().first().unwrap().id, second.id);
    }

    #[test]
    fn no_state_folder_means_no_versions_and_looking_creates_none() {
        let (_folder, state, store) = lab();
        assert_eq!(log(&state, &store).unwrap(), []);
        assert!(!state.path().exists());
    }

    #[test]
    fn only_ids_lead_to_versions() {
        let (_folder, state, store) = lab();
        let backup = Backup::make(&state, &store, b"old").unwrap();
        assert_eq!(version_bytes(&state, &store, &backup.id).unwrap(), b"old");
        std::fs::write(state.path().join("secret.xml"), "secret").unwrap();
        for id in ["", "../../secret", "20260101-000000", "20261122-030145/../../../secret"] {
            let error = version_bytes(&state, &store, id).unwrap_err();
            assert!(matches!(error, FileError::NoSuchVersion { .. }), "{id}: {error}");
        }
    }

    #[test]
    fn a_torn_line_of_the_log_costs_only_itself() {
        let (_folder, state, store) = lab();
        let first = Backup::make(&state, &store, b"1").unwrap();
        first.record("one", 1).unwrap();
        let path = first.folder.join(LOG);
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.push_str("{\"time\":\"2026");
        std::fs::write(&path, text).unwrap();
        let second = Backup::make(&state, &store, b"2").unwrap();
        second.record("two", 1).unwrap();
        let whats = log(&state, &store).unwrap().into_iter().map(|version| version.entry.unwrap().what);
        assert_eq!(whats.collect::<Vec<_>>(), ["two", "one"]);
    }

    #[test]
    fn rotation_keeps_twenty_and_one_a_day_for_thirty_days() {
        // Fifty days with two versions each, and today thirty.
        let today = 20_000;
        let id = |day: u64, second: u64| {
            Utc::of(std::time::UNIX_EPOCH + std::time::Duration::from_secs(day * 86_400 + second)).compact()
        };
        let mut ids: Vec<String> = (today - 50..today).flat_map(|day| [id(day, 10), id(day, 20)]).collect();
        ids.extend((0..30).map(|second| id(today, second)));
        let gone = superfluous(ids.clone(), today);
        let mut kept: Vec<&String> = ids.iter().filter(|id| !gone.contains(id)).collect();
        kept.sort();
        // The newest of each of the last thirty days, today among them, and twenty of today.
        let mut expected: Vec<String> = (today - 29..today).map(|day| id(day, 20)).collect();
        expected.extend((10..30).map(|second| id(today, second)));
        assert_eq!(kept, expected.iter().collect::<Vec<_>>());
    }

    #[test]
    fn numbers_within_a_second_are_ordered_as_numbers() {
        assert!(parse_id("20261122-030145-10") > parse_id("20261122-030145-9"));
        assert!(parse_id("20261122-030145-2") > parse_id("20261122-030145"));
        for wrong in [
            "20261122-030145-1",
            "20261122-030145-02",
            "20261122-030145-",
            "20261122-030145x",
            "2026112203014é",
        ] {
            assert_eq!(parse_id(wrong), None, "{wrong}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_kept_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, state, store) = lab();
        // A state folder that was open to all is closed.
        std::fs::create_dir(state.path()).unwrap();
        std::fs::set_permissions(state.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        let backup = Backup::make(&state, &store, b"old").unwrap();
        backup.record("what", 1).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(state.path()), 0o700);
        assert_eq!(mode(&backup.folder), 0o700);
        assert_eq!(mode(&version_path(&backup.folder, &backup.id)), 0o600);
        assert_eq!(mode(&backup.folder.join(LOG)), 0o600);
    }
}
