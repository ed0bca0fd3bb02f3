//! What can go wrong with files, said the way the user reads it: what happened, what it means for the store,
//! what to do.

use super::utc::Utc;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A file could not be read, created, or found in the state folder.
#[derive(Debug)]
pub enum FileError {
    /// A folder, FIFO, device or socket where a file was expected.
    NotAFile {
        /// What was asked for.
        path: PathBuf,
        /// "a folder", "a FIFO", …
        what: &'static str,
    },
    /// 4 GiB or more.
    TooLarge {
        /// What was asked for.
        path: PathBuf,
        /// In bytes.
        length: u64,
    },
    /// It changed each time while it was being read.
    Unsteady {
        /// What was asked for.
        path: PathBuf,
    },
    /// A new file would replace one that is there.
    Exists {
        /// The name that is taken.
        path: PathBuf,
    },
    /// A new file is there, complete, but may be gone after a power cut.
    Unconfirmed {
        /// The new file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file or folder that others could have prepared is not used.
    Unsafe {
        /// The file or folder.
        path: PathBuf,
        /// "it belongs to another user (uid 1000)", …
        why: String,
    },
    /// There is no version of the store with this id.
    NoSuchVersion {
        /// The store.
        path: PathBuf,
        /// As it was asked for.
        id: String,
    },
    /// The store is missing, and beside it is what a save that was interrupted halfway has left of it.
    Interrupted {
        /// The store.
        path: PathBuf,
        /// The version before that save, complete ([`super::put_back`]).
        kept: PathBuf,
    },
    /// A line that the journal cannot hold.
    Line {
        /// Why not.
        why: &'static str,
    },
    /// The operating system refused.
    Io {
        /// "open", "write", …
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl FileError {
    /// The error without the path, for messages that have already named the file.
    pub fn without_path(&self) -> String {
        match self {
            FileError::NotAFile { what, .. } => format!("{what}, not a file"),
            FileError::TooLarge { length, .. } => {
                format!("{length} bytes; a store may have at most 4,294,967,295")
            }
            FileError::Unsteady { .. } => {
                "another program is writing to it; try again when it has finished".to_owned()
            }
            FileError::Exists { .. } => "it exists; choose another name or remove it first".to_owned(),
            FileError::Unconfirmed { source, .. } => {
                format!("it was created, but the disk did not confirm it ({})", reason(source))
            }
            FileError::Unsafe { why, .. } => format!("it is not used, because {why}"),
            FileError::NoSuchVersion { id, .. } => {
                format!("no earlier version `{id}`; `azedit log` lists those that are kept")
            }
            FileError::Interrupted { path, kept } => {
                let [name, kept] = [path, kept].map(|path| file_name(path));
                format!(
                    "a save was interrupted halfway, and the store has lost its name; {kept} beside it is the version \
                     before that save, and `azedit restore {name}` gives it its name back"
                )
            }
            FileError::Line { why } => format!("the recovery journal cannot hold this change: {why}"),
            FileError::Io { doing, source, .. } => format!("could not {doing} it: {}", reason(source)),
        }
    }

    /// For `map_err`: an operating system error with what was being done to which file.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
        let path = path.to_owned();
        move |source| FileError::Io { doing, path, source }
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            FileError::Io { source, .. } | FileError::Unconfirmed { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FileError::Io { doing, path, source } => {
                write!(f, "could not {doing} {}: {}", path.display(), reason(source))
            }
            FileError::Line { .. } => f.write_str(&self.without_path()),
            FileError::NotAFile { path, .. }
            | FileError::TooLarge { path, .. }
            | FileError::Unsteady { path }
            | FileError::Exists { path }
            | FileError::Unsafe { path, .. }
            | FileError::NoSuchVersion { path, .. }
            | FileError::Interrupted { path, .. }
            | FileError::Unconfirmed { path, .. } => write!(f, "{}: {}", path.display(), self.without_path()),
        }
    }
}

/// A store was not saved, or not for certain.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Somebody else changed the store since it was read. Nothing was written over it.
    #[error("{0}")]
    Conflict(Box<Conflict>),
    /// Nothing was written: the store on disk is the old one, complete, unless something else has its name by now.
    #[error("{0}")]
    Failed(Box<Failed>),
    /// The store was replaced, and an error came after that. It is not rolled back: what is on the disk is
    /// either version, complete.
    #[error("{0}")]
    Unconfirmed(Box<Unconfirmed>),
}

impl SaveError {
    /// The exit code of a command that ends with this error.
    pub fn exit_code(&self) -> u8 {
        match self {
            SaveError::Conflict(_) => 5,
            SaveError::Failed(_) => 6,
            SaveError::Unconfirmed(_) => 7,
        }
    }

    /// Makes the message name a file that could not be removed.
    pub(super) fn add_stray(&mut self, path: PathBuf) {
        match self {
            SaveError::Conflict(conflict) => conflict.strays.push(path),
            SaveError::Failed(failed) => failed.strays.push(path),
            SaveError::Unconfirmed(unconfirmed) => unconfirmed.strays.push(path),
        }
    }
}

/// What somebody else did to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theirs {
    /// Other bytes.
    Content,
    /// The same bytes, but another owner, other permissions or attributes.
    Attributes,
    /// There is no file any more.
    Gone,
}

/// See [`SaveError::Conflict`].
#[derive(Debug)]
pub struct Conflict {
    /// The store.
    pub path: PathBuf,
    /// What is different.
    pub theirs: Theirs,
    /// When their version was written, if that could be told.
    pub modified: Option<Utc>,
    /// A third version that came while theirs was being put back, kept under this name.
    pub kept: Option<PathBuf>,
    /// Files that could not be removed.
    pub strays: Vec<PathBuf>,
}

const READ_AGAIN: &str = "That version stays; read it and make the change again.";

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = file_name(&self.path);
        let time = self.modified.map(|time| format!(" at {time} UTC")).unwrap_or_default();
        match self.theirs {
            Theirs::Gone => {
                write!(f, "Not saved: {name} is gone; it was removed or renamed since it was read.")
            }
            Theirs::Content => write!(f, "Not saved: {name} was changed by someone else{time}. {READ_AGAIN}"),
            Theirs::Attributes => {
                write!(f, "Not saved: someone else changed owner or permissions of {name}. {READ_AGAIN}")
            }
        }?;
        if let Some(kept) = &self.kept {
            write!(f, " A third version, written in the same moment, is kept as {}.", kept.display())?;
        }
        write_strays(f, &self.strays)
    }
}

/// See [`SaveError::Failed`].
#[derive(Debug)]
pub struct Failed {
    /// The store, as it was asked for.
    pub path: PathBuf,
    /// What happened: "the disk is full (4 KB needed)".
    pub what: String,
    /// What to do: "free some space and save again".
    pub next: String,
    /// Whether the store was still there; something that is no file may have its name.
    pub is_there: bool,
    /// Files that could not be removed.
    pub strays: Vec<PathBuf>,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stands = if self.is_there {
            "The store on disk is unchanged"
        } else {
            "The store is not there any more, and nothing was written"
        };
        write!(f, "Not saved: {}. {stands}; {}.", self.what, self.next)?;
        write_strays(f, &self.strays)
    }
}

/// See [`SaveError::Unconfirmed`].
#[derive(Debug)]
pub struct Unconfirmed {
    /// The store.
    pub path: PathBuf,
    /// What happened after the replacement.
    pub what: String,
    /// The earlier version in the state folder.
    pub version: String,
    /// Where the displaced file is, if it was left.
    pub displaced: Option<PathBuf>,
    /// Files that could not be removed.
    pub strays: Vec<PathBuf>,
}

impl std::fmt::Display for Unconfirmed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = file_name(&self.path);
        write!(f, "{name} was replaced, but {}. Look at it before you go on; ", self.what)?;
        write!(f, "the earlier version is {} (`azedit restore`)", self.version)?;
        match &self.displaced {
            Some(displaced) => write!(f, " and {}.", displaced.display())?,
            None => write!(f, ".")?,
        }
        write_strays(f, &self.strays)
    }
}

fn write_strays(f: &mut std::fmt::Formatter<'_>, strays: &[PathBuf]) -> std::fmt::Result {
    strays.iter().try_for_each(|path| write!(f, " {}", stray_note(path)))
}

pub(super) fn stray_note(path: &Path) -> String {
    format!("{} could not be removed; remove it.", path.display())
}

/// The last part of a path, for messages.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The cause of an error in the user's words, where there are better ones than the system's.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::QuotaExceeded => "your disk quota is used up".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        ErrorKind::FileTooLarge => "this process may not write files of this size".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::NotFound => "it does not exist".to_owned(),
        _ => error.to_string(),
    }
}

/// What to do about an error.
pub(super) fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space and save again",
        ErrorKind::ReadOnlyFilesystem => "make the file system writable, or save under another name",
        ErrorKind::FileTooLarge => "raise the limit (ulimit -f) and save again",
        ErrorKind::PermissionDenied => "save as a user who may, or under another name",
        _ => "save again, or under another name",
    }
}

/// A number of bytes for a message, rounded up: "4 KB".
pub(super) fn size(bytes: u64) -> String {
    const KB: u64 = 1024;
    match bytes {
        0..KB => format!("{bytes} bytes"),
        KB..=0xF_FFFF => format!("{} KB", bytes.div_ceil(KB)),
        _ => format!("{} MB", bytes.div_ceil(KB * KB)),
    }
}
