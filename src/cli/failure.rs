//! What can end a command early, and the exit code that each end has.

use std::io;

use crate::files::{FileError, SaveError};
use crate::report::unreadable::Unreadable;

/// Exit codes that scripts may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Done; nothing at the `--fail-on` level; no difference.
    Done = 0,
    /// Findings; differences; a value that stands for no SID.
    Found = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The store cannot be read.
    Unreadable = 3,
    /// Refused, nothing written.
    Refused = 4,
    /// The file changed since it was read, nothing written.
    Conflict = 5,
    /// Saving failed; the file on disk is the old one.
    NotSaved = 6,
    /// Replaced, but the disk did not confirm it.
    Unconfirmed = 7,
}

/// Why a command ended early. Each has one exit code, given by [`Failure::code`] and nowhere else.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What the arguments ask for makes no sense, or names something that is not there.
    #[error("{0}")]
    Usage(String),
    /// A store that cannot be read; the place is the argument that named it.
    #[error("{0}")]
    Unreadable(#[from] Unreadable),
    /// What has been said already, in the words of the format asked for.
    #[error("reported")]
    Reported(Code),
    /// A change that is invalid, or a file that must not be written.
    #[error("{0}")]
    Refused(String),
    /// Somebody else changed the file.
    #[error("{0}")]
    Conflict(String),
    /// The old file is still there, complete.
    #[error("{0}")]
    NotSaved(String),
    /// The new file is there, but may not survive a power failure.
    #[error("{0}")]
    Unconfirmed(String),
    /// Standard output did not take what was written to it.
    #[error("the output could not be written: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    /// The exit code that this end of a command has.
    pub fn code(&self) -> Code {
        match self {
            Self::Usage(_) => Code::Usage,
            Self::Unreadable(_) => Code::Unreadable,
            Self::Reported(code) => *code,
            Self::Refused(_) => Code::Refused,
            Self::Conflict(_) => Code::Conflict,
            // No store was written by a command whose output fails: `edit` and its like ignore that failure.
            Self::NotSaved(_) | Self::Output(_) => Code::NotSaved,
            Self::Unconfirmed(_) => Code::Unconfirmed,
        }
    }

    /// What it means that [`files::create`](crate::files::create) failed. A file that another program made in the same
    /// moment stays, and one that is there but not confirmed is the new one.
    pub fn not_created(error: &FileError) -> Self {
        let text = error.to_string();
        match error {
            FileError::Exists { .. } => Self::Refused(text),
            FileError::Unconfirmed { .. } => Self::Unconfirmed(text),
            _ => Self::NotSaved(text),
        }
    }
}

impl From<SaveError> for Failure {
    fn from(error: SaveError) -> Self {
        let text = error.to_string();
        match error {
            SaveError::Conflict(_) => Self::Conflict(text),
            SaveError::Failed(_) => Self::NotSaved(text),
            SaveError::Unconfirmed(_) => Self::Unconfirmed(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{Conflict, Failed, Theirs, Unconfirmed};

    #[test]
    fn a_new_file_that_is_there_is_not_called_missing() {
        let path = || "new.xml".into();
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let errors = [
            FileError::Exists { path: path() },
            FileError::Io { doing: "create", path: path(), source: full() },
            FileError::Unconfirmed { path: path(), source: full() },
        ];
        let failures = errors.each_ref().map(Failure::not_created);
        assert_eq!(
            failures.each_ref().map(Failure::code),
            [Code::Refused, Code::NotSaved, Code::Unconfirmed]
        );
        assert_eq!(
            failures[2].to_string(),
            "new.xml: it was created, but the disk did not confirm it (the disk is full)"
        );
    }

    #[test]
    fn a_save_that_went_wrong_has_one_exit_code() {
        let path = || "store.xml".into();
        let what = || "the disk is full".to_owned();
        let errors = [
            SaveError::Conflict(Box::new(Conflict {
                path: path(),
                theirs: Theirs::Content,
                modified: None,
                kept: None,
                strays: Vec::new(),
            })),
            SaveError::Failed(Box::new(Failed {
                path: path(),
                what: what(),
                next: what(),
                is_there: true,
                strays: Vec::new(),
            })),
            SaveError::Unconfirmed(Box::new(Unconfirmed {
                path: path(),
                what: what(),
                version: what(),
                displaced: None,
                strays: Vec::new(),
            })),
        ];
        let codes = errors.map(|error| {
            let told = error.exit_code();
            let code = Failure::from(error).code();
            assert_eq!(code as u8, told);
            code
        });
        assert_eq!(codes, [Code::Conflict, Code::NotSaved, Code::Unconfirmed]);
    }
}
