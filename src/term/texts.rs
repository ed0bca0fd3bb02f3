//! Text files: a rule's script, an exported list, exported events.
//!
//! Windows writes text in several encodings and says which only sometimes. What can be told for certain is read
//! without a word; what is guessed is said, so that nobody saves wrong letters unknowingly.

use std::path::PathBuf;

use crate::app::{Existing, HostEvent, TextFailure, TextFile, TextId};
use crate::files::{self, FileError, SaveError, StateDir};

/// Reads a text file.
pub fn read(path: PathBuf, id: TextId) -> HostEvent {
    let named = |why: String| format!("{}: {why}.", path.display());
    let too_long = |length: u64| named(format!("{length} bytes; at most {} are read", id.limit()));
    // Asked before it is read: a wrong choice may be a file of many gigabytes.
    let long = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
    let read = if long > id.limit() {
        Err(too_long(long))
    } else {
        match files::read(&path) {
            Err(error) => Err(format!("{error}.")),
            Ok(opened) if opened.bytes.len() as u64 > id.limit() => Err(too_long(opened.bytes.len() as u64)),
            Ok(opened) => decode(opened.bytes).map_err(named),
        }
    };
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

/// The text that bytes mean, or why they are no text.
fn decode(bytes: Vec<u8>) -> Result<TextFile, String> {
    let sure = |text| Ok(TextFile { text, guessed: None });
    match bytes.as_slice() {
        [0xEF, 0xBB, 0xBF, rest @ ..] => {
            let why = || "it begins as UTF-8 but goes on as something else".to_owned();
            sure(std::str::from_utf8(rest).map_err(|_| why())?.to_owned())
        }
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => {
            Err("it is in UTF-32, which is not read; save it as UTF-8".to_owned())
        }
        [0xFF, 0xFE, rest @ ..] => sure(wide(rest, u16::from_le_bytes)?),
        [0xFE, 0xFF, rest @ ..] => sure(wide(rest, u16::from_be_bytes)?),
        [1..=0x7F, 0, 1..=0x7F, 0, ..] => Ok(guess(wide(&bytes, u16::from_le_bytes)?, "UTF-16")),
        _ if bytes.contains(&0) => Err("it is no text: it holds NUL bytes".to_owned()),
        _ => match String::from_utf8(bytes) {
            Ok(text) => sure(text),
            Err(error) => {
                Ok(guess(error.as_bytes().iter().map(|&byte| western(byte)).collect(), "Windows-1252"))
            }
        },
    }
}

fn guess(text: String, encoding: &str) -> TextFile {
    let guessed =
        format!("The file does not say its encoding; read as {encoding}: look at the special letters.");
    TextFile { text, guessed: Some(guessed) }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (units, rest) = bytes.as_chunks::<2>();
    let text: Result<String, _> = char::decode_utf16(units.iter().map(|&two| unit(two))).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err("it begins as UTF-16 but goes on as something else".to_owned()),
    }
}

/// A byte of Windows-1252, Windows' usual encoding in Western Europe and America. As browsers do, the five bytes
/// that it leaves open are taken for control characters.
fn western(byte: u8) -> char {
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    let special = byte.checked_sub(0x80).and_then(|at| FROM_80.get(usize::from(at)));
    special.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Result<(String, bool), String> {
        decode(bytes.to_vec()).map(|file| (file.text, file.guessed.is_some()))
    }

    #[test]
    fn each_encoding_is_read_and_a_guess_is_said() {
        let sure = |text: &str| Ok((text.to_owned(), false));
        assert_eq!(text(b""), sure(""));
        assert_eq!(text("a\r\nß".as_bytes()), sure("a\r\nß"));
        assert_eq!(text(b"\xEF\xBB\xBFx\xC3\x9F"), sure("xß"));
        assert_eq!(text(b"\xFF\xFEx\0\xDF\0"), sure("xß"));
        assert_eq!(text(b"\xFE\xFF\0x\0\xDF"), sure("xß"));
        assert_eq!(text(b"x\0y\0\xDF\0"), Ok(("xyß".to_owned(), true)));
        assert_eq!(text(b"Stra\xDFe \x80 \x93\x94"), Ok(("Straße € “”".to_owned(), true)));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [
            &b"\x7FELF\x02\0\0\0"[..],
            b"ab\0",
            b"\xEF\xBB\xBF\xFF",
            b"\xFF\xFEx",
            b"\xFE\xFF\xD8\0",
            b"\0\0\xFE\xFF",
        ] {
            assert!(text(bytes).is_err(), "{bytes:?}");
        }
    }

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
        assert_eq!(put("three\r\n", Existing::Replace), Ok(String::new()));
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
