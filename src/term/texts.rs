//! Text files: a rule's script, an exported list, exported events, maps of names.

use std::path::PathBuf;

use crate::app::{Existing, HostEvent, TextFailure, TextFile, TextId};
use crate::files::{self, FileError, SaveError, StateDir};

/// Reads a text file.
pub fn read(path: PathBuf, id: TextId) -> HostEvent {
    let read = files::read_text(&path, id.limit());
    let read = read.map(|files::Text { text, guessed }| TextFile { text, guessed });
    HostEvent::TextRead { read, path, id }
}

/// Writes a text file: a new one, or in place of one that is there.
pub fn write(
    state: Result<&StateDir, &str>,
    path: PathBuf,
    text: String,
    existing: Existing,
    id: TextId,
) -> HostEvent {
    let written = match (files::create(&path, text.as_bytes()), existing) {
        (Ok(()), _) => Ok(String::new()),
        (Err(FileError::Exists { .. }), Existing::Keep) => Err(TextFailure::Exists(text)),
        (Err(FileError::Exists { .. }), Existing::Replace) => state
            .map_err(str::to_owned)
            .and_then(|state| replace(state, &path, &text))
            .map_err(|why| TextFailure::Failed(format!("{} was not replaced: {why}.", path.display()))),
        (Err(error @ FileError::Unconfirmed { .. }), _) => Ok(format!("{error}.")),
        (Err(error), _) => Err(TextFailure::Failed(format!("{error}."))),
    };
    HostEvent::TextWritten { path, id, written }
}

/// The way of every save: what was there is kept in the state folder, and the name has the old text or the new one
/// at every moment.
fn replace(state: &StateDir, path: &std::path::Path, text: &str) -> Result<String, String> {
    let before = files::read(path).map_err(|error| error.without_path())?;
    let save = files::Save {
        path,
        new: text.as_bytes(),
        baseline: &before.bytes,
        stamp: Some(&before.stamp),
        verify: &|| Ok(()),
        what: "text written by the editor",
        state,
    };
    match files::replace(&save) {
        Ok(saved) => Ok(saved.notes.join(" ")),
        Err(SaveError::Unconfirmed(why)) => Ok(why.to_string()),
        Err(error) => Err(error.to_string().trim_end_matches('.').to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(event: HostEvent) -> Result<String, String> {
        match event {
            HostEvent::TextRead { read, .. } => read.map(|file| file.text),
            HostEvent::TextWritten { written, .. } => written.map_err(|failure| match failure {
                TextFailure::Exists(text) => format!("exists: {text}"),
                TextFailure::Failed(why) => why,
            }),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_that_is_there_stays_until_it_is_to_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rule.vbs");
        let state = StateDir::locate(Some(&folder.path().join("state"))).unwrap();
        let put = |text: &str, existing| {
            said(write(Ok(&state), path.clone(), text.to_owned(), existing, TextId::Rule))
        };
        assert_eq!(put("one", Existing::Keep), Ok(String::new()));
        assert_eq!(put("two", Existing::Keep), Err("exists: two".to_owned()));
        assert_eq!(said(read(path.clone(), TextId::Rule)), Ok("one".to_owned()));
        // On Windows it may be said that auditing entries could not be seen.
        assert!(put("three\r\n", Existing::Replace).is_ok());
        assert_eq!(said(read(path.clone(), TextId::Rule)), Ok("three\r\n".to_owned()));
        assert_eq!(files::log(&state, &path).unwrap().len(), 1, "what was replaced is kept");
    }

    #[test]
    fn a_failure_is_a_sentence_that_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none.vbs");
        let why = said(read(path.clone(), TextId::Rule)).unwrap_err();
        assert!(why.contains("none.vbs") && why.ends_with('.'), "{why}");
        std::fs::write(&path, vec![b'x'; usize::try_from(TextId::Rule.limit()).unwrap() + 1]).unwrap();
        let why = said(read(path.clone(), TextId::Rule)).unwrap_err();
        assert!(why.contains("1048577 bytes") && why.ends_with('.'), "{why}");
        let inside = path.join("x");
        let write = |state| write(state, inside.clone(), String::new(), Existing::Keep, TextId::Rule);
        let why = said(write(Err("no state"))).unwrap_err();
        assert!(why.contains("none.vbs") && why.ends_with('.'), "{why}");
        std::fs::write(&path, "x").unwrap();
        let replace = super::write(Err("no state"), path, String::new(), Existing::Replace, TextId::Rule);
        assert!(said(replace).unwrap_err().ends_with("was not replaced: no state."));
    }
}
