//! The text of a file, as it was read, and places in it.

use std::fmt;
use std::sync::OnceLock;

use super::{Error, decode};

/// How the bytes of a file stand for its text. Kept when the file is written again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without byte order mark.
    Utf8,
    /// UTF-8 with byte order mark.
    Utf8Bom,
    /// UTF-16, low byte first, with byte order mark.
    Utf16Le,
    /// UTF-16, high byte first, with byte order mark.
    Utf16Be,
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eol {
    /// LF.
    Lf,
    /// CR LF.
    CrLf,
}

impl Eol {
    /// The line end itself.
    pub fn as_str(self) -> &'static str {
        match self {
            Eol::Lf => "\n",
            Eol::CrLf => "\r\n",
        }
    }
}

/// A piece of a document: byte offsets into [`Document::text`], `end` not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// Behind the last byte.
    pub end: u32,
}

impl Span {
    /// From byte offsets of a text shorter than [`limits::SIZE`](super::limits::SIZE).
    pub(super) fn of(start: usize, end: usize) -> Span {
        Span { start: offset(start), end: offset(end) }
    }
}

/// A byte offset as it is kept in a span. No document is larger, see [`limits::SIZE`](super::limits::SIZE).
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// A place for a reader's eyes: both from 1. Lines end with LF; the column counts characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

impl Position {
    /// Where a text begins.
    pub const START: Position = Position { line: 1, column: 1 };

    /// The position behind `text`, when it begins here.
    pub(super) fn after(self, text: &[u8]) -> Position {
        self.and(Position::behind(text))
    }

    /// The position behind a text that begins where texts begin.
    fn behind(text: &[u8]) -> Position {
        let lines = memchr::memchr_iter(b'\n', text).count();
        let last = memchr::memrchr(b'\n', text).map_or(text, |at| text.get(at + 1..).unwrap_or_default());
        Position { line: 1 + offset(lines), column: 1 + characters(last) }
    }

    /// The position behind two texts, of which this is behind the first and `second` behind the other one by itself.
    fn and(self, second: Position) -> Position {
        let column = if second.line == 1 { self.column } else { 1 };
        Position {
            line: self.line.saturating_add(second.line - 1),
            column: column.saturating_add(second.column - 1),
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Characters in UTF-8 bytes: those that do not continue one.
fn characters(text: &[u8]) -> u32 {
    // In runs whose count fits a byte, which a compiler turns into additions of whole registers.
    let run = |run: &[u8]| run.iter().map(|&byte| u8::from(byte & 0xC0 != 0x80)).sum::<u8>();
    text.chunks(128).map(|bytes| u32::from(run(bytes))).sum()
}

/// Bytes between the places whose positions are kept once one was asked for.
const STRIDE: usize = 1 << 12;

/// Strides that are worth a thread of their own: fewer take no longer than starting it.
const WORTH_A_THREAD: usize = 1 << 8;

/// The position of every [`STRIDE`]th byte, and of the end.
fn strides(text: &[u8]) -> Vec<Position> {
    let count = text.len().div_ceil(STRIDE);
    let threads = match count / WORTH_A_THREAD {
        0 | 1 => 1,
        worth => std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(worth),
    };
    let part = count.div_ceil(threads).max(1);
    let mut positions = vec![Position::START; count + 1];
    // Each stride by itself, then one behind the other.
    let measure = |positions: &mut [Position], text: &[u8]| {
        for (position, stride) in positions.iter_mut().zip(text.chunks(STRIDE)) {
            *position = Position::behind(stride);
        }
    };
    std::thread::scope(|scope| {
        let mut parts = positions.chunks_mut(part).zip(text.chunks(part * STRIDE));
        let first = parts.next();
        for (positions, text) in parts {
            scope.spawn(move || measure(positions, text));
        }
        if let Some((positions, text)) = first {
            measure(positions, text);
        }
    });
    let mut at = Position::START;
    for position in &mut positions {
        at = at.and(std::mem::replace(position, at));
    }
    positions
}

/// The text of a file. It never changes: what is new lies in patches over it ([`Rendering`](super::Rendering)).
#[derive(Debug)]
pub struct Document {
    /// As read, a UTF-8 byte order mark included: taking it off would move the whole file.
    pub(super) source: String,
    /// Where the text begins in `source`: 0, or 3 behind a byte order mark.
    pub(super) begin: usize,
    pub(super) encoding: Encoding,
    /// The declaration names US-ASCII: what is written may hold nothing else.
    pub(super) ascii: bool,
    pub(super) eol: OnceLock<Eol>,
    /// Position of every [`STRIDE`]th byte, so that one on a line of 100 MB costs no more than any other.
    pub(super) strides: OnceLock<Vec<Position>>,
}

impl Document {
    /// Takes the bytes of a file. They are text in one of the four [`Encoding`]s and shorter than 4 GiB, or an
    /// error of kind `Encoding` or `Limit`. What the XML declaration says is for the [`Reader`](super::Reader).
    pub fn decode(bytes: Vec<u8>) -> Result<Document, Error> {
        decode::decode(bytes)
    }

    /// The whole text, without byte order mark.
    pub fn text(&self) -> &str {
        self.source.get(self.begin..).unwrap_or_default()
    }

    /// A piece of the text; empty when the span is not in it or cuts a character.
    pub fn get(&self, span: Span) -> &str {
        self.text().get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Whether the declaration names US-ASCII: other characters are then written as references, which a CDATA section
    /// cannot hold.
    pub fn takes_only_ascii(&self) -> bool {
        self.ascii
    }

    /// How the file was encoded, and will be.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The line end that most lines have; what new text uses. CR LF, which azroles.dll writes, when there are as
    /// many of the one as of the other.
    pub fn eol(&self) -> Eol {
        *self.eol.get_or_init(|| {
            let bytes = self.text().as_bytes();
            let (mut lf, mut crlf) = (0_usize, 0_usize);
            for at in memchr::memchr_iter(b'\n', bytes) {
                if at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\r') {
                    crlf += 1;
                } else {
                    lf += 1;
                }
            }
            if lf > crlf { Eol::Lf } else { Eol::CrLf }
        })
    }

    /// Line and column of a byte offset; of the end when it lies behind it.
    ///
    /// The first call goes over the whole text, on all processors; each further one over at most 4 KiB.
    pub fn position(&self, offset: u32) -> Position {
        let bytes = self.text().as_bytes();
        let strides = self.strides.get_or_init(|| strides(bytes));
        let offset = (offset as usize).min(bytes.len());
        let stride = offset / STRIDE;
        let from = strides.get(stride).copied().unwrap_or(Position::START);
        from.after(bytes.get(stride * STRIDE..offset).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::decode(text.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn positions_count_lines_and_characters() {
        let text = document("ab\r\n\u{e9}\u{1F600}x\n\ny");
        let at = |offset| text.position(offset).to_string();
        assert_eq!([at(0), at(2), at(3), at(4)], ["1:1", "1:3", "1:4", "2:1"]);
        assert_eq!([at(6), at(10), at(11), at(12), at(13)], ["2:2", "2:3", "2:4", "3:1", "4:1"]);
        assert_eq!([at(14), at(99)], ["4:2", "4:2"], "the end is the last position");
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        assert_eq!(document("\u{FEFF}<a/>").position(0), Position::START);
        assert_eq!(document("\u{FEFF}<a/>").text(), "<a/>");
    }

    #[test]
    fn positions_are_the_same_across_strides() {
        // Lines and characters of several bytes lie across the places whose positions are kept; and there are enough of
        // those for several threads.
        let text = "\u{e9}".repeat(70_001) + &"line\n".repeat(40_000) + &"\u{1F600}".repeat(40_000);
        let text = document(&text.repeat(5));
        assert!(text.text().len() > 2 * WORTH_A_THREAD * STRIDE);
        let mut expected = Position::START;
        for (offset, c) in text.text().char_indices() {
            if offset % 997 < 4 || offset % STRIDE < 8 || offset % STRIDE > STRIDE - 8 {
                assert_eq!(text.position(u32::try_from(offset).unwrap()), expected, "{offset}");
            }
            expected = match c {
                '\n' => Position { line: expected.line + 1, column: 1 },
                _ => Position { column: expected.column + 1, ..expected },
            };
        }
    }

    #[test]
    fn the_line_end_is_what_most_lines_have() {
        let eol = |text| document(text).eol();
        assert_eq!(eol("<a>\n\n</a>\r\n"), Eol::Lf);
        assert_eq!(eol("<a>\r\n\n</a>\r\n"), Eol::CrLf);
        assert_eq!(eol("<a>\n</a>\r\n"), Eol::CrLf, "as many of one as of the other");
        assert_eq!(eol("<a/>"), Eol::CrLf, "none: as azroles.dll writes");
        assert_eq!(eol("\n<a>\r</a>"), Eol::Lf, "a lone CR ends no line");
    }

    #[test]
    fn a_span_outside_the_text_is_empty() {
        let text = document("<a>\u{e9}</a>");
        let get = |start, end| text.get(Span { start, end });
        assert_eq!([get(0, 3), get(3, 5), get(9, 9)], ["<a>", "\u{e9}", ""]);
        assert_eq!([get(3, 4), get(0, 10), get(5, 3), get(u32::MAX, u32::MAX)], [""; 4]);
    }
}
