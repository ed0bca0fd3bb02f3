//! Document and patches as the bytes of a file.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use super::{Document, Encoding, Error, Span};

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
        if width == 1 && length >= WORTH_THREADS {
            let pieces: Vec<_> = self.pieces().collect();
            let pieces: Vec<&[u8]> =
                std::iter::once(mark).chain(pieces.iter().map(|piece| piece.as_bytes())).collect();
            return joined(&pieces);
        }
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

    /// The same, but borrowed where the document as it was read is the file.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self.document.encoding() {
            Encoding::Utf8 | Encoding::Utf8Bom if self.patches.is_empty() => {
                Cow::Borrowed(self.document.source.as_bytes())
            }
            _ => Cow::Owned(self.to_bytes()),
        }
    }

    /// The same file as a document of its own, without patches: what a save writes, and what it opens to check it, are
    /// then the same bytes, once in memory.
    pub fn settled(&self) -> Result<Rendering, Error> {
        let document = Document::decode(self.to_bytes())?;
        Ok(Rendering { document: Arc::new(document), patches: Arc::default() })
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

/// Smaller files are put together by one thread: starting another would take longer.
const WORTH_THREADS: usize = 4 << 20;

/// One behind the other. By several threads, because most of the time goes into making the memory.
fn joined(pieces: &[&[u8]]) -> Vec<u8> {
    let length = pieces.iter().map(|piece| piece.len()).sum();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(4);
    let mut bytes = vec![0; length];
    let part = length.div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        for (number, part_of_it) in bytes.chunks_mut(part).enumerate() {
            scope.spawn(move || fill(part_of_it, number * part, pieces));
        }
    });
    bytes
}

/// Fills `bytes` with what comes behind the first `skip` bytes of the pieces.
fn fill(mut bytes: &mut [u8], mut skip: usize, pieces: &[&[u8]]) {
    for piece in pieces {
        let rest = piece.get(skip..).unwrap_or_default();
        skip = skip.saturating_sub(piece.len());
        let (here, behind) = bytes.split_at_mut(rest.len().min(bytes.len()));
        here.copy_from_slice(rest.get(..here.len()).unwrap_or_default());
        bytes = behind;
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
    }

    #[test]
    fn the_encoding_is_kept() {
        let patched = rendering(b"\xFE\xFF\0<\0a\0/\0>", &[(2, 2, "\u{1F600}")]);
        assert_eq!(patched.to_bytes(), b"\xFE\xFF\0<\0a\xD8\x3D\xDE\x00\0/\0>");
        let patched = rendering(b"\xEF\xBB\xBF<a/>", &[(1, 2, "\u{e9}")]);
        assert_eq!(patched.to_bytes(), b"\xEF\xBB\xBF<\xC3\xA9/>");
    }

    #[test]
    fn threads_put_together_what_one_does() {
        let pieces: [&[u8]; 7] = [b"", b"abc", b"d", b"", b"efghij", b"klmnopqrstuvwxyz", b""];
        let whole = pieces.concat();
        assert_eq!(joined(&pieces), whole);
        for from in 0..=whole.len() {
            for to in from..=whole.len() {
                let mut part = vec![0; to - from];
                fill(&mut part, from, &pieces);
                assert_eq!(part, whole[from..to]);
            }
        }

        let document = vec![b'x'; WORTH_THREADS];
        let patches = [(1, 2, "bcd"), (5, 5, "\u{e9}"), (4_000_000, 4_000_007, "")];
        for mark in [&b""[..], b"\xEF\xBB\xBF"] {
            let expected =
                [mark, b"xbcdxxx\xC3\xA9", &document[5..4_000_000], &document[4_000_007..]].concat();
            let bytes = rendering(&[mark, &document].concat(), &patches).to_bytes();
            assert!(bytes == expected);
        }
    }

    #[test]
    fn what_is_in_memory_already_is_not_copied() {
        for (bytes, patches, borrowed) in [
            (&b"\xEF\xBB\xBF<a/>"[..], &[][..], true),
            (b"<a/>", &[], true),
            (b"<a/>", &[(1, 2, "b")], false),
            (b"\xFF\xFE<\0a\0/\0>\0", &[], false),
        ] {
            let rendering = rendering(bytes, patches);
            assert_eq!(*rendering.bytes(), rendering.to_bytes());
            assert_eq!(*rendering.settled().unwrap().bytes(), rendering.to_bytes());
            assert_eq!(matches!(rendering.bytes(), Cow::Borrowed(_)), borrowed);
            assert_eq!(*rendering.bytes() == *bytes, patches.is_empty());
        }
    }

    #[test]
    fn a_document_in_ascii_stays_one() {
        let bytes = b"<?xml version='1.0' encoding='US-ASCII'?><a b=''/>";
        let patched = rendering(bytes, &[(47, 47, "M\u{fc}ller \u{1F600}")]);
        let expected = b"<?xml version='1.0' encoding='US-ASCII'?><a b='M&#xFC;ller &#x1F600;'/>";
        assert_eq!(String::from_utf8(patched.to_bytes()).unwrap(), std::str::from_utf8(expected).unwrap());
    }
}
