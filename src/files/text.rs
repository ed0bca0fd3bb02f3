//! Text files: rules' scripts, lists, events, maps of names.
//!
//! Windows writes text in several encodings and says which only sometimes. What can be told for certain is read
//! without a word; what is guessed is said, so that nobody saves wrong letters unknowingly.

use super::read::read;
use std::path::Path;

/// A text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text, without a byte order mark, with the file's own line ends.
    pub text: String,
    /// Which encoding was guessed, where the file does not tell for certain: a sentence.
    pub guessed: Option<String>,
}

/// Reads a text file of at most `limit` bytes.
///
/// # Errors
/// A sentence that names the file.
pub fn read_text(path: &Path, limit: u64) -> Result<Text, String> {
    let named = |why: String| format!("{}: {why}.", path.display());
    let too_long = |length: u64| named(format!("{length} bytes; at most {limit} are read"));
    // Asked before it is read: a wrong choice may be a file of many gigabytes.
    let long = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    if long > limit {
        return Err(too_long(long));
    }
    let bytes = read(path).map_err(|error| format!("{error}."))?.bytes;
    if bytes.len() as u64 > limit {
        return Err(too_long(bytes.len() as u64));
    }
    decode(bytes).map_err(named)
}

/// The text that bytes mean.
///
/// # Errors
/// Why they are no text.
pub fn decode(bytes: Vec<u8>) -> Result<Text, String> {
    let sure = |text| Ok(Text { text, guessed: None });
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

fn guess(text: String, encoding: &str) -> Text {
    let guessed =
        format!("The file does not say its encoding; read as {encoding}: look at the special letters.");
    Text { text, guessed: Some(guessed) }
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
}
