//! Why a document was refused.

use super::document::offset;
use super::{Document, Position};

/// The reason in one word; the message says the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Not well-formed XML 1.0 with namespaces.
    Malformed,
    /// Bytes that are no text in a supported encoding, or not in the one that the declaration names.
    Encoding,
    /// A DOCTYPE: well-formed perhaps, but never part of a store, and a way to attack readers.
    Dtd,
    /// Larger than [`limits`](super::limits) allow.
    Limit,
}

/// A refusal: what is wrong and where. The message names the thing and has no line number in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{position}: {message}")]
pub struct Error {
    /// The reason in one word.
    pub kind: ErrorKind,
    /// A sentence or two without a final full stop: "`<AzRole>` is closed by `</AzTask>`".
    pub message: String,
    /// Where, in characters of the decoded text.
    pub position: Position,
}

/// A refusal by a part that knows offsets but not lines. One pointer, because it is part of what every check gives back.
#[derive(Debug)]
pub(super) struct Fault(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: ErrorKind,
    at: usize,
    message: String,
}

impl Fault {
    /// At a byte offset into the document's text.
    #[cold]
    pub fn new(kind: ErrorKind, at: usize, message: impl Into<String>) -> Fault {
        Fault(Box::new(Parts { kind, at, message: message.into() }))
    }

    #[cold]
    pub fn malformed(at: usize, message: impl Into<String>) -> Fault {
        Fault::new(ErrorKind::Malformed, at, message)
    }

    #[cold]
    pub fn limit(at: usize, message: impl Into<String>) -> Fault {
        Fault::new(ErrorKind::Limit, at, message)
    }

    #[cold]
    pub fn encoding(at: usize, message: impl Into<String>) -> Fault {
        Fault::new(ErrorKind::Encoding, at, message)
    }

    /// With line and column.
    pub fn in_document(self, document: &Document) -> Error {
        let Parts { kind, at, message } = *self.0;
        Error { kind, message, position: document.position(offset(at)) }
    }
}

/// A piece of the document in a message: its first 40 characters.
pub(super) fn shown(piece: &str) -> String {
    const LONGEST: usize = 40;
    match piece.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", piece.get(..cut).unwrap_or_default()),
        None => piece.to_owned(),
    }
}

/// A character in a message: itself when it can be seen, else its number.
pub(super) fn shown_char(c: char) -> String {
    if c != '`' && (c.is_ascii_graphic() || c.is_alphanumeric()) {
        format!("`{c}`")
    } else {
        format!("U+{:04X}", u32::from(c))
    }
}
