//! Reading and replacing files: atomic save, lock, earlier versions, recovery journal. Knows no store and no XML:
//! a store is a path and some bytes here.
//!
//! In reading order: [`read()`] and [`look`]; [`replace`], the procedure of a save, and [`create()`]; the state folder
//! ([`StateDir`]) with the earlier versions ([`log`], [`version_bytes`]) and the recovery journal ([`Journal`]).
//! docs/SAVING.md says what each step of a save is for and how it is tested. What is different on each platform
//! is in `unix/` and `windows/`, which have the same items.

mod backup;
mod belongings;
mod beside;
mod create;
mod error;
mod fault;
mod fingerprint;
mod journal;
mod places;
mod read;
mod recent;
mod save;
mod state;
mod text;
mod utc;

#[cfg(unix)]
#[path = "unix/mod.rs"]
mod disk;
#[cfg(windows)]
#[path = "windows/mod.rs"]
mod disk;

pub use backup::{Entry, Note, Version, log, note, notes, version_bytes};
pub use belongings::{Belonging, belongings};
pub use beside::{kept_beside, put_back};
pub use create::create;
pub use disk::Stamp;
pub use error::{Conflict, Failed, FileError, SaveError, Theirs, Unconfirmed, reason};
#[cfg(test)]
pub(crate) use fault::with_plan;
pub use fingerprint::Fingerprint;
pub use journal::{Journal, Pending, pending};
pub use places::config_folder;
pub use read::{Look, Opened, look, open, read, read_watched, same};
pub use recent::{recent, remember};
pub use save::{Save, Saved, replace};
pub use state::{STATE_DIR_VARIABLE, StateDir};
pub use text::{Text, decode as decode_text, read_text};
pub use utc::Utc;
