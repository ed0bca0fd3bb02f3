//! Text for human eyes: nothing in a name acts on the terminal, and what cannot be seen is shown.
//!
//! A name comes out of a file that anyone may have written. Control characters would move the cursor, set the
//! title or write the clipboard; bidirectional and zero-width ones make two names look alike. Each of them is shown
//! as `\u{202E}`, in hexadecimal, and nothing is dropped. So that no name can pretend, a `\` before `u{` is
//! shown the same way. [`pieces`] tells the escapes from the text, [`escape`] gives one string.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_script::{Script, UnicodeScript};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::store::limits::is_invisible;

/// How many marks may sit on one letter. Living languages need two; towers of them overwrite the lines above.
const MAX_MARKS: usize = 2;

/// A part of a shown text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Visible as it stands.
    Plain(&'t str),
    /// Stands for characters that cannot be seen, or should not act: `\u{1B}`.
    Escaped(String),
}

impl Piece<'_> {
    /// What is written on the screen.
    pub fn as_str(&self) -> &str {
        match self {
            Piece::Plain(text) => text,
            Piece::Escaped(text) => text,
        }
    }
}

/// The text as it may be written on a terminal, on one line.
pub fn escape(text: &str) -> Cow<'_, str> {
    let mut pieces = pieces(text);
    match pieces.as_mut_slice() {
        [] => Cow::Borrowed(""),
        [Piece::Plain(text)] => Cow::Borrowed(text),
        pieces => pieces.iter().map(Piece::as_str).collect(),
    }
}

/// The text in visible parts; no two neighbours are of the same kind.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    // Nearly every name is plain ASCII, and a screen is full of names.
    if text.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'\\') {
        return if text.is_empty() { Vec::new() } else { vec![Piece::Plain(text)] };
    }
    let mut pieces = Vec::new();
    let mut plain = 0..0;
    for (start, grapheme) in text.grapheme_indices(true) {
        let mut marks = 0;
        let mut seen_base = false;
        for (at, c) in grapheme.char_indices() {
            let at = start + at;
            let after = at + c.len_utf8();
            let mark = c.width() == Some(0);
            marks += usize::from(mark);
            let pretends = c == '\\' && text.get(after..).is_some_and(|rest| rest.starts_with("u{"));
            let lone = mark && !seen_base;
            if is_hidden(c) || pretends || lone || marks > MAX_MARKS {
                push_plain(&mut pieces, text, plain);
                push_escape(&mut pieces, c);
                plain = after..after;
                seen_base = false;
            } else {
                plain.end = after;
                seen_base = true;
            }
        }
    }
    push_plain(&mut pieces, text, plain);
    pieces
}

fn push_plain<'t>(pieces: &mut Vec<Piece<'t>>, text: &'t str, range: std::ops::Range<usize>) {
    if let Some(part) = text.get(range).filter(|part| !part.is_empty()) {
        pieces.push(Piece::Plain(part));
    }
}

fn push_escape(pieces: &mut Vec<Piece<'_>>, c: char) {
    if !matches!(pieces.last(), Some(Piece::Escaped(_))) {
        pieces.push(Piece::Escaped(String::new()));
    }
    if let Some(Piece::Escaped(text)) = pieces.last_mut() {
        // Writing to a string cannot fail.
        let _ = write!(text, "\\u{{{:X}}}", u32::from(c));
    }
}

/// Whether this character may not be written as it is: control characters, those that no name may have because they
/// are invisible, and code points that are unassigned or for private use.
pub fn is_hidden(c: char) -> bool {
    if matches!(c, ' '..='~') {
        return false;
    }
    c.is_control()
        || is_invisible(c)
        // Unicode gives the script "Unknown" to exactly these: unassigned, private use, noncharacters.
        || c.script() == Script::Unknown
}

/// Cells that a shown text takes.
pub fn width(shown: &str) -> usize {
    shown.width()
}

/// The text in at most `cells` cells: where it is too long its middle gives way to `ellipsis`, because names
/// differ at their ends (`…\Administrator` and `…\Administrators`). Cuts between graphemes only, so it may come out
/// a cell narrower than asked for.
pub fn fit<'t>(shown: &'t str, cells: usize, ellipsis: &str) -> Cow<'t, str> {
    match cut(shown, cells, width(ellipsis)) {
        None => Cow::Borrowed(shown),
        Some(_) if width(ellipsis) > cells => Cow::Borrowed(""),
        Some((head, tail)) => {
            let head = shown.get(..head).unwrap_or_default();
            let tail = shown.get(shown.len() - tail..).unwrap_or_default();
            Cow::Owned(format!("{head}{ellipsis}{tail}"))
        }
    }
}

/// How many bytes stay at the start and at the end when the text is to fit in `cells` cells with an ellipsis
/// `ellipsis` cells wide in the middle. `None` when it fits as it is.
pub fn cut(shown: &str, cells: usize, ellipsis: usize) -> Option<(usize, usize)> {
    if shown.len() <= cells && shown.is_ascii() || width(shown) <= cells {
        return None;
    }
    let room = cells.saturating_sub(ellipsis);
    let tail = room / 2;
    Some((take(shown.graphemes(true), room - tail), take(shown.graphemes(true).rev(), tail)))
}

/// Bytes of the graphemes that fit in this many cells.
fn take<'t>(graphemes: impl Iterator<Item = &'t str>, cells: usize) -> usize {
    let mut used = 0;
    graphemes
        .take_while(|grapheme| {
            used += width(grapheme);
            used <= cells
        })
        .map(str::len)
        .sum()
}

/// The text, fitted as [`fit`] does, and filled with blanks to exactly `cells` cells.
pub fn pad(shown: &str, cells: usize, ellipsis: &str) -> String {
    let mut text = fit(shown, cells, ellipsis).into_owned();
    let missing = cells.saturating_sub(width(&text));
    text.extend(std::iter::repeat_n(' ', missing));
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_visible_stays() {
        for text in [
            "",
            "Administrator",
            "Größe",
            "Joe\u{301}s",
            "Тест",
            "管理者",
            "a\\b",
            "\u{1F600}",
            "หนั้ง",
            "C:\\u",
        ] {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn what_acts_or_hides_is_shown() {
        for (text, shown) in [
            ("Admin\u{1B}[31m", "Admin\\u{1B}[31m"),
            ("a\tb\r\nc", "a\\u{9}b\\u{D}\\u{A}c"),
            ("\u{202E}nimdA", "\\u{202E}nimdA"),
            ("a\u{200B}b", "a\\u{200B}b"),
            ("a\u{FE0F}", "a\\u{FE0F}"),
            ("\u{9B}31m", "\\u{9B}31m"),
            ("x\u{AD}y", "x\\u{AD}y"),
            ("\u{E0041}", "\\u{E0041}"),
            ("\u{E000}", "\\u{E000}"),
            ("\u{378}", "\\u{378}"),
            ("\u{FFFF}", "\\u{FFFF}"),
            ("\u{2028}", "\\u{2028}"),
            ("\u{3164}", "\\u{3164}"),
            ("\u{301}a", "\\u{301}a"),
            ("a\u{301}\u{302}\u{303}\u{304}b", "a\u{301}\u{302}\\u{303}\\u{304}b"),
            ("a\u{200D}\u{301}", "a\\u{200D}\\u{301}"),
            ("\\u{41}", "\\u{5C}u{41}"),
        ] {
            assert_eq!(escape(text), shown, "{text:?}");
        }
    }

    #[test]
    fn escapes_are_told_from_text() {
        assert_eq!(
            pieces("a\u{1B}\u{7}b"),
            [Piece::Plain("a"), Piece::Escaped("\\u{1B}\\u{7}".to_owned()), Piece::Plain("b")]
        );
    }

    #[test]
    fn the_middle_gives_way() {
        assert_eq!(fit("Administrator", 13, "…"), "Administrator");
        assert_eq!(fit("Administrators", 9, "…"), "Admi…tors");
        assert_eq!(fit("Administrators", 8, "…"), "Admi…ors");
        assert_eq!(fit("Administrators", 1, "~"), "~");
        assert_eq!(fit("Administrators", 0, "~"), "");
        assert_eq!(fit("管理者管理者", 6, "…"), "管…者");
        assert_eq!(pad("管理者管理者", 6, "…"), "管…者 ");
        assert_eq!(pad("ab", 4, "…"), "ab  ");
    }

    proptest! {
        #[test]
        fn nothing_that_acts_is_ever_written(text in "\\PC{0,8}|[\u{0}-\u{9F}\u{200B}-\u{2069}\u{300}-\u{310}a\\\\u{]{0,12}") {
            let shown = escape(&text);
            prop_assert!(!shown.chars().any(is_hidden), "{shown:?}");
            // No two texts look the same: undoing the escapes gives the text back.
            let mut back = String::new();
            let mut rest = shown.as_ref();
            while let Some((before, after)) = rest.split_once("\\u{") {
                let (code, after) = after.split_once('}').unwrap();
                back.push_str(before);
                back.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
                rest = after;
            }
            back.push_str(rest);
            prop_assert_eq!(back, text);
        }

        #[test]
        fn a_fitted_text_is_never_too_wide(text in "[a-z管é \u{1F600}]{0,20}", cells in 0usize..24) {
            prop_assert!(width(&fit(&text, cells, "…")) <= cells);
            prop_assert_eq!(width(&pad(&text, cells, "…")), cells);
        }
    }
}
