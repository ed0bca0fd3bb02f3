//! From bytes to text: which encoding a file is in, and whether it really is.

use std::sync::OnceLock;

use super::error::Fault;
use super::{Document, Encoding, Error, ErrorKind, Position, declaration, limits};

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// See [`Document::decode`].
pub(super) fn decode(bytes: Vec<u8>) -> Result<Document, Error> {
    check_size(bytes.len() as u64)?;
    let encoding = detect(&bytes)?;
    let (source, begin) = match encoding {
        Encoding::Utf8 => (utf8(bytes)?, 0),
        Encoding::Utf8Bom => (utf8(bytes)?, UTF8_MARK.len()),
        Encoding::Utf16Le => (utf16(&bytes, u16::from_le_bytes)?, 0),
        Encoding::Utf16Be => (utf16(&bytes, u16::from_be_bytes)?, 0),
    };
    check_size(source.len() as u64)?;
    let ascii = declaration::names_ascii(source.get(begin..).unwrap_or_default());
    Ok(Document { source, begin, encoding, ascii, eol: OnceLock::new(), strides: OnceLock::new() })
}

/// Files whose bytes a `u32` cannot count are refused, as they are and as UTF-8.
fn check_size(bytes: u64) -> Result<(), Error> {
    if bytes <= limits::SIZE {
        return Ok(());
    }
    let message = format!("the file has {bytes} bytes of text; stores of 4 GiB and more cannot be edited");
    Err(Error { kind: ErrorKind::Limit, message, position: Position::START })
}

/// By its first bytes, as XML 1.0 appendix F does it.
fn detect(bytes: &[u8]) -> Result<Encoding, Error> {
    let without_mark = |of: &str| {
        let message = format!("the file looks like {of} without byte order mark; save it as UTF-8");
        Err(Error { kind: ErrorKind::Encoding, message, position: Position::START })
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Ok(Encoding::Utf8Bom),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => {
            let message = "the file is UTF-32, which no XML reader must know; save it as UTF-8".to_owned();
            Err(Error { kind: ErrorKind::Encoding, message, position: Position::START })
        }
        [0xFF, 0xFE, ..] => Ok(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Ok(Encoding::Utf16Be),
        [0, 0, 0, b'<', ..] | [b'<', 0, 0, 0, ..] => without_mark("UTF-32"),
        [0, b'<', 0, 1..=255, ..] | [b'<', 0, 1..=255, 0, ..] => without_mark("UTF-16"),
        _ => Ok(Encoding::Utf8),
    }
}

fn utf8(bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let byte = bytes.get(at).copied().unwrap_or_default();
        let before = bytes.get(..at).unwrap_or_default();
        // A declaration that can be read at all is in front of the first such byte.
        let named = str::from_utf8(before).ok().and_then(declaration::named_encoding);
        let is_known =
            |name: &str| ["utf-8", "us-ascii", "ascii"].iter().any(|known| name.eq_ignore_ascii_case(known));
        let why = match named.filter(|name| !is_known(name)) {
            Some(name) => {
                let name = super::error::shown(name);
                format!("the file says it is `{name}`, which is not supported; save it as `utf-8`")
            }
            None => "the file has no UTF-16 byte order mark".to_owned(),
        };
        refuse(before, format!("the byte 0x{byte:02X} is not UTF-8 here, and {why}"))
    })
}

/// The text behind a UTF-16 byte order mark. Decoding loses nothing, because what would be lost (a byte too many, half
/// a surrogate pair) is refused.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Error> {
    let (units, rest) = bytes.get(2..).unwrap_or_default().as_chunks::<2>();
    let mut text = String::with_capacity(units.len());
    for decoded in char::decode_utf16(units.iter().map(|&two| unit(two))) {
        match decoded {
            Ok(c) => text.push(c),
            Err(half) => {
                let message =
                    format!("half a surrogate pair (0x{:04X}) in UTF-16", half.unpaired_surrogate());
                return Err(refuse(text.as_bytes(), message));
            }
        }
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        Err(refuse(text.as_bytes(), "the file ends in the middle of a UTF-16 character".to_owned()))
    }
}

/// An encoding error behind what could be read. A byte order mark is no column.
fn refuse(before: &[u8], message: String) -> Error {
    let before = before.strip_prefix(UTF8_MARK).unwrap_or(before);
    Error { kind: ErrorKind::Encoding, message, position: Position::START.after(before) }
}

/// Whether what the declaration says is the encoding that the bytes are in. `name` is at `at`.
pub(super) fn check_declared(document: &Document, name: &str, at: usize) -> Result<(), Fault> {
    let is = |expected: &str| name.eq_ignore_ascii_case(expected);
    match document.encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => {
            if is("utf-8") {
                return Ok(());
            }
            if is("us-ascii") || is("ascii") {
                let text = document.text();
                return match text.bytes().position(|byte| !byte.is_ascii()) {
                    None => Ok(()),
                    Some(first) => Err(Fault::encoding(
                        first,
                        format!("a character that is not `{name}`, which the file says it is in"),
                    )),
                };
            }
            if ["utf-16", "utf-16le", "utf-16be"].iter().any(|wide| is(wide)) {
                return Err(Fault::encoding(at, format!("the file says it is `{name}`, but it is not")));
            }
            Err(unsupported(name, at))
        }
        Encoding::Utf16Le if is("utf-16") || is("utf-16le") => Ok(()),
        Encoding::Utf16Be if is("utf-16") || is("utf-16be") => Ok(()),
        Encoding::Utf16Le | Encoding::Utf16Be => Err(Fault::encoding(
            at,
            format!("the file says it is `{name}`, but its byte order mark says UTF-16"),
        )),
    }
}

fn unsupported(name: &str, at: usize) -> Fault {
    let name = super::error::shown(name);
    Fault::encoding(at, format!("the encoding `{name}` is not supported; save the file as `utf-8`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_known_by_the_first_bytes() {
        let encoding = |bytes: &[u8]| Document::decode(bytes.to_vec()).unwrap().encoding();
        assert_eq!(encoding(b""), Encoding::Utf8);
        assert_eq!(encoding(b"<a/>"), Encoding::Utf8);
        assert_eq!(encoding(b"\xEF\xBB\xBF"), Encoding::Utf8Bom);
        assert_eq!(encoding(b"\xFF\xFE"), Encoding::Utf16Le);
        assert_eq!(encoding(b"\xFE\xFF\0<\0a"), Encoding::Utf16Be);
    }

    #[test]
    fn wide_text_is_decoded() {
        let bytes = b"\xFE\xFF\0<\xD8\x3D\xDE\x00\0\xE9";
        assert_eq!(Document::decode(bytes.to_vec()).unwrap().text(), "<\u{1F600}\u{E9}");
        let bytes = b"\xFF\xFE<\0\x3D\xD8\x00\xDE\xE9\0";
        assert_eq!(Document::decode(bytes.to_vec()).unwrap().text(), "<\u{1F600}\u{E9}");
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_told_with_what_the_file_says_it_is() {
        let message = |bytes: &[u8]| Document::decode(bytes.to_vec()).unwrap_err().to_string();
        let declared =
            |name: &str| [b"<?xml version='1.0' encoding='", name.as_bytes(), b"'?><a>\xE9</a>"].concat();
        assert!(message(&declared("windows-1252")).contains("it is `windows-1252`, which is not supported"));
        for known in ["UTF-8", "us-ascii"] {
            assert!(message(&declared(known)).contains("no UTF-16 byte order mark"));
        }
        assert!(message(b"<a>\xE9</a>").contains("no UTF-16 byte order mark"));
    }

    #[test]
    fn four_gibibytes_are_too_much() {
        assert_eq!(check_size(limits::SIZE), Ok(()));
        assert_eq!(check_size(limits::SIZE + 1).unwrap_err().kind, ErrorKind::Limit);
    }
}
