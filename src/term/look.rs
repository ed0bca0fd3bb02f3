//! Noticing that somebody else wrote the file of an open document.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::app::{Doc, OnDisk};
use crate::files::{self, Stamp, Utc};

/// How a file stood when it was last read, written or told to be another.
#[derive(Debug, Clone, Copy)]
enum Seen {
    Same(Stamp),
    Changed(Stamp),
    Gone,
}

/// What is known of the files of the open documents.
#[derive(Debug, Default)]
pub struct Known(HashMap<PathBuf, Seen>);

impl Known {
    /// This was read from the file, or written to it.
    pub fn is_ours(&mut self, path: &Path, stamp: Stamp) {
        self.0.insert(path.to_owned(), Seen::Same(stamp));
    }

    /// The user has been told that the file holds something else, or is gone.
    pub fn is_told(&mut self, path: &Path, stamp: Option<Stamp>) {
        self.0.insert(path.to_owned(), stamp.map_or(Seen::Gone, Seen::Changed));
    }

    /// Nothing is known of the file: the next look reads it.
    pub fn forget(&mut self, path: &Path) {
        self.0.remove(path);
    }

    /// How the file of a document stands, if that is not what was told last. Only its stamp is looked at while that is
    /// the same.
    pub fn look(&mut self, doc: &Doc) -> Option<OnDisk> {
        let path = doc.path.as_deref().filter(|_| doc.on_disk)?;
        let seen = self.0.get(path).copied();
        if let Some(Seen::Same(stamp) | Seen::Changed(stamp)) = seen
            && files::look(path, &stamp) == files::Look::Same
        {
            return None;
        }
        if std::fs::metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            self.0.insert(path.to_owned(), Seen::Gone);
            return (!matches!(seen, Some(Seen::Gone))).then_some(OnDisk::Gone);
        }
        // What cannot be read just now is looked at again next time.
        let opened = files::read(path).ok()?;
        if *opened.bytes == *doc.session.saved().bytes() {
            self.is_ours(path, opened.stamp);
            return matches!(seen, Some(Seen::Changed(_) | Seen::Gone)).then_some(OnDisk::Same);
        }
        self.is_told(path, Some(opened.stamp));
        let when = std::fs::metadata(path).and_then(|metadata| metadata.modified());
        let when = when.map_or_else(|_| String::new(), |time| format!(" at {} UTC", Utc::of(time)));
        let message = format!("{} was changed by someone else{when}.", doc.title());
        Some(OnDisk::Changed { disk: Some(opened.bytes), message })
    }
}
