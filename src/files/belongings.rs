//! What belongs to a file beside its bytes, in words: to be compared before and after a save.

use super::disk::Attributes;
use super::read::read;
use std::fs::File;
use std::io;
use std::path::Path;

/// One thing that belongs to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belonging {
    /// `owner`, `access control list` …
    pub what: &'static str,
    /// What is compared; `None` where it cannot be seen. It may name accounts.
    pub value: Option<String>,
    /// What can be told of it to anybody.
    pub summary: String,
}

/// What belongs to the file of this name, always the same things in the same order.
///
/// # Errors
/// The file or what belongs to it cannot be looked at.
pub fn belongings(path: &Path) -> io::Result<Vec<Belonging>> {
    // A file that is no ordinary one is not opened.
    read(path).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(Attributes::of(&File::open(path)?)?.told())
}
