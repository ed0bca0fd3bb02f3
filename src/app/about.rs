//! What is to be known of a file before it is changed: whose it is, and whether a change to it has any effect.

use std::path::Path;

use super::{App, DocId};

/// What the host says of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Why it is better left alone, as a clause: the store is opened read-only.
    pub read_only: Option<String>,
    /// In two or three words, for the title line: `not the live store`.
    pub sign: Option<&'static str>,
    /// The same in sentences.
    pub sentences: Vec<String>,
}

/// See [`App::about_file`].
pub type AboutFile = fn(&Path) -> About;

/// Takes up what the host says of the file of a store that was just opened.
pub(super) fn announce(app: &mut App, id: DocId, about: About) {
    let Some(doc) = app.document_mut(id) else { return };
    doc.sign = about.sign;
    doc.read_only = doc.read_only.take().or(about.read_only);
    if !about.sentences.is_empty() {
        app.fail(about.sentences.join(" "));
    }
}
