//! What is to be known of a file before it is changed: whose it is, and whether a change to it has any effect.

use std::path::Path;

use crate::hyperv::live;

use super::{App, DocId, Effect};

/// What the host says of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Why it is better left alone, as a clause: the store is opened read-only.
    pub read_only: Option<String>,
    /// Hyper-V reads what is written to it.
    pub is_read: bool,
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
    doc.is_read = about.is_read;
    doc.read_only = doc.read_only.take().or(about.read_only);
    if !about.sentences.is_empty() {
        app.fail(about.sentences.join(" "));
    }
}

/// A store was saved: has the host look whether Hyper-V could read it, where it does.
pub(super) fn saved(app: &mut App, id: DocId, effects: &mut Vec<Effect>) {
    let about_file = app.about_file;
    let Some(doc) = app.document_mut(id) else { return };
    // It may be another file by now.
    let about = doc.path.as_deref().map(about_file).unwrap_or_default();
    doc.sign = about.sign;
    doc.is_read = about.is_read;
    if doc.is_read {
        effects.push(Effect::AskLog(id));
    }
}

/// Says what the host's log tells of a store that was saved; `None` = it cannot be asked.
pub(super) fn log_says(app: &mut App, id: DocId, appeared: Option<bool>) {
    let Some(doc) = app.document(id) else { return };
    let text = format!("{}: {}.", doc.title(), live::after_save(appeared));
    if appeared == Some(true) { app.fail(text) } else { app.tell(text) }
}
