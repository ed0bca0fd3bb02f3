//! Document and patches as the bytes of a file.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use super::{Document, Encoding, Span};

/// These bytes of the document are replaced by that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What stands there instead, escaped as XML wants it; empty to remove.
    pub text: String,
}

/// A document with its patches: what a save writes. Cheap to clone and to send to another thread.
#[derive(Debug, Clone)]
pub struct Rendering {
    /// What was read.
    pub document: Arc<Document>,
    /// In ascending order, none reaching into the next. Several may insert at one place, in their order.
    pub patches: Arc<[Patch]>,
}

impl Rendering {
    /// The file: document and patches in the encoding of the document, with its byte order mark.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mark = mark(self.document.encoding());
        let length: usize = self.pieces().map(|piece| piece.len()).sum();
        let width = match self.document.encoding() {
            Encoding::Utf8 | Encoding::Utf8Bom => 1,
            Encoding::Utf16Le | Encoding::Utf16Be => 2,
        };
        let mut bytes = Vec::with_capacity(mark.len() + length * width);
        bytes.extend_from_slice(mark);
        for piece in self.pieces() {
            match self.document.encoding() {
                Encoding::Utf8 | Encoding::Utf8Bom => bytes.extend_from_slice(piece.as_bytes()),
                Encoding::Utf16Le => bytes.extend(piece.encode_utf16().flat_map(u16::to_le_bytes)),
                Encoding::Utf16Be => bytes.extend(piece.encode_utf16().flat_map(u16::to_be_bytes)),
            }
        }
        bytes
    }

    /// Whether `bytes` are what [`to_bytes`](Rendering::to_bytes) would give, without making them.
    pub fn is(&self, bytes: &[u8]) -> bool {
        let Some(mut rest) = bytes.strip_prefix(mark(self.document.encoding())) else { return false };
        for piece in self.pieces() {
            let behind = match self.document.encoding() {
                Encoding::Utf8 | Encoding::Utf8Bom => rest.strip_prefix(piece.as_bytes()),
                Encoding::Utf16Le => strip_utf16(rest, &piece, u16::to_le_bytes),
                Encoding::Utf16Be => strip_utf16(rest, &piece, u16::to_be_bytes),
            };
            match behind {
                Some(behind) => rest = behind,
                None => return false,
            }
        }
        rest.is_empty()
    }

    /// The text in its parts: what is kept and what patches put between.
    fn pieces(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let text = self.document.text();
        let end = super::document::offset(text.len());
        let behind = self.patches.last().map_or(0, |patch| patch.span.end);
        let mut kept_to = 0;
        let patched = self.patches.iter().flat_map(move |patch| {
            debug_assert!(
                kept_to <= patch.span.start && patch.span.start <= patch.span.end,
                "patches out of order"
            );
            let kept = Span { start: kept_to, end: patch.span.start };
            kept_to = patch.span.end;
            [Cow::Borrowed(self.document.get(kept)), self.written(&patch.text)]
        });
        patched.chain([Cow::Borrowed(self.document.get(Span { start: behind, end }))])
    }

    /// The text of a patch as this document can hold it: in one that declares US-ASCII, everything else becomes
    /// references, which stand for the same in text and in values.
    fn written<'p>(&self, text: &'p str) -> Cow<'p, str> {
        if !self.document.ascii || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let mut written = String::with_capacity(text.len() * 2);
        for c in text.chars() {
            if c.is_ascii() {
                written.push(c);
            } else {
                // Writing to a string cannot fail.
                let _ = write!(written, "&#x{:X};", u32::from(c));
            }
        }
        Cow::Owned(written)
    }
}

/// The byte order mark that a file begins with.
fn mark(encoding: Encoding) -> &'static [u8] {
    match encoding {
        Encoding::Utf8 => b"",
        Encoding::Utf8Bom => b"\xEF\xBB\xBF",
        Encoding::Utf16Le => b"\xFF\xFE",
        Encoding::Utf16Be => b"\xFE\xFF",
    }
}

/// What follows `text`, in UTF-16, at the front of `bytes`; nothing when they begin with something else.
fn strip_utf16<'b>(bytes: &'b [u8], text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Option<&'b [u8]> {
    let mut rest = bytes;
    for unit in text.encode_utf16() {
        rest = rest.strip_prefix(&to_bytes(unit))?;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendering(bytes: &[u8], patches: &[(u32, u32, &str)]) -> Rendering {
        let patches: Vec<Patch> = patches
            .iter()
            .map(|&(start, end, text)| Patch { span: Span { start, end }, text: text.to_owned() })
            .collect();
        let document = Document::decode(bytes.to_vec()).unwrap();
        Rendering { document: Arc::new(document), patches: patches.into() }
    }

    #[test]
    fn patches_replace_insert_and_remove() {
        let patched = rendering(
            b"<a>bcd</a>",
            &[(0, 0, "?"), (3, 4, "B"), (4, 4, "1"), (4, 4, "2"), (5, 6, ""), (10, 10, "!")],
        );
        assert_eq!(patched.to_bytes(), b"?<a>B12c</a>!");
        assert!(patched.is(b"?<a>B12c</a>!"));
        for other in
            [&b"?<a>B12c</a>"[..], b"?<a>B12c</a>!!", b"?<a>B12d</a>!", b"", b"\xEF\xBB\xBF?<a>B12c</a>!"]
        {
            assert!(!patched.is(other));
        }
    }

    #[test]
    fn the_encoding_is_kept() {
        let patched = rendering(b"\xFE\xFF\0<\0a\0/\0>", &[(2, 2, "\u{1F600}")]);
        assert_eq!(patched.to_bytes(), b"\xFE\xFF\0<\0a\xD8\x3D\xDE\x00\0/\0>");
        assert!(patched.is(&patched.to_bytes()));
        let patched = rendering(b"\xEF\xBB\xBF<a/>", &[(1, 2, "\u{e9}")]);
        assert_eq!(patched.to_bytes(), b"\xEF\xBB\xBF<\xC3\xA9/>");
        assert!(!patched.is(b"<\xC3\xA9/>"));
    }

    #[test]
    fn a_document_in_ascii_stays_one() {
        let bytes = b"<?xml version='1.0' encoding='US-ASCII'?><a b=''/>";
        let patched = rendering(bytes, &[(47, 47, "M\u{fc}ller \u{1F600}")]);
        let expected = b"<?xml version='1.0' encoding='US-ASCII'?><a b='M&#xFC;ller &#x1F600;'/>";
        assert_eq!(String::from_utf8(patched.to_bytes()).unwrap(), std::str::from_utf8(expected).unwrap());
        assert!(patched.is(expected));
    }
}
