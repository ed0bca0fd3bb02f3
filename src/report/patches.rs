//! What a save would change in the file, as lines of XML.

use std::io::{self, Write};
use std::ops::Range;

use super::show::escape;
use crate::xml::{Patch, Rendering};

/// Text that changes, widened to whole tags where a change stands within one.
struct Hunk<'r> {
    range: Range<usize>,
    patches: &'r [Patch],
}

/// Writes each changed place as `line:column` with the text that goes (`-`) and the text that comes (`+`).
pub fn write_text(mut out: impl Write, rendering: &Rendering) -> io::Result<()> {
    let text = rendering.document.text();
    for hunk in hunks(text, &rendering.patches) {
        let goes = text.get(hunk.range.clone()).unwrap_or_default();
        // White space that goes along is not what anybody looks for.
        let blank = goes.len() - goes.trim_start().len();
        let start = hunk.range.start + if blank < goes.len() { blank } else { 0 };
        let position = rendering.document.position(u32::try_from(start).unwrap_or(u32::MAX));
        writeln!(out, "{}:{}", position.line, position.column)?;
        write_lines(&mut out, '-', goes)?;
        write_lines(&mut out, '+', &patched(text, &hunk))?;
    }
    Ok(())
}

fn write_lines(out: &mut impl Write, sign: char, text: &str) -> io::Result<()> {
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        // Tabs are the file's indentation; shown as blanks they are still seen to be one.
        writeln!(out, "{sign} {}", escape(&line.replace('\t', "    ")))?;
    }
    Ok(())
}

fn hunks<'r>(text: &str, patches: &'r [Patch]) -> Vec<Hunk<'r>> {
    let mut hunks: Vec<Hunk<'r>> = Vec::new();
    let mut first = 0;
    for (at, patch) in patches.iter().enumerate() {
        let range = widened(text, patch.span.start as usize..patch.span.end as usize);
        match hunks.last_mut() {
            // Two attributes of one tag, or two insertions at one place.
            Some(hunk) if range.start < hunk.range.end || range == hunk.range => {
                hunk.range.end = hunk.range.end.max(range.end);
                hunk.patches = patches.get(first..=at).unwrap_or_default();
            }
            _ => {
                first = at;
                hunks.push(Hunk { range, patches: patches.get(at..=at).unwrap_or_default() });
            }
        }
    }
    hunks
}

/// The range, or the whole tag around it. A `>` within an attribute's value may cut the view short; only the view.
fn widened(text: &str, range: Range<usize>) -> Range<usize> {
    let (before, after) =
        (text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default());
    match (before.rfind(['<', '>']), after.find('>')) {
        (Some(open), Some(close)) if before.as_bytes().get(open) == Some(&b'<') => {
            open..range.end + close + 1
        }
        _ => range,
    }
}

fn patched(text: &str, hunk: &Hunk<'_>) -> String {
    let mut new = String::new();
    let mut from = hunk.range.start;
    for Patch { span, text: comes } in hunk.patches {
        new.push_str(text.get(from..span.start as usize).unwrap_or_default());
        new.push_str(comes);
        from = span.end as usize;
    }
    new.push_str(text.get(from..hunk.range.end).unwrap_or_default());
    new
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::xml::{Document, Span};

    const TEXT: &str = "<a>\n\t<b Name=\"x\" Description=\"\"/>\n\t<c>old</c>\n</a>\n";

    /// Replaces the first `old` behind the first `behind`.
    fn shown(patches: &[(&str, &str, &str)]) -> String {
        let patches = patches
            .iter()
            .map(|(behind, old, new)| {
                let from = TEXT.find(behind).unwrap() + behind.len();
                let start = from + TEXT.get(from..).unwrap().find(old).unwrap();
                let offset = |at| u32::try_from(at).unwrap();
                let span = Span { start: offset(start), end: offset(start + old.len()) };
                Patch { span, text: (*new).to_owned() }
            })
            .collect();
        let document = Document::decode(TEXT.as_bytes().to_vec()).unwrap();
        let mut out = Vec::new();
        write_text(&mut out, &Rendering { document: Arc::new(document), patches }).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_attribute_shows_its_tag_and_two_of_them_show_it_once() {
        assert_eq!(
            shown(&[("Name=\"", "x", "y"), ("Description=\"", "", "z")]),
            "2:2\n- <b Name=\"x\" Description=\"\"/>\n+ <b Name=\"y\" Description=\"z\"/>\n"
        );
    }

    #[test]
    fn elements_come_and_go_as_lines() {
        assert_eq!(shown(&[("/>", "\n\t<c>old</c>", "")]), "3:2\n-     <c>old</c>\n");
        assert_eq!(shown(&[("</c>", "", "\n\t<d/>\n\t<e/>")]), "3:12\n+     <d/>\n+     <e/>\n");
        assert_eq!(shown(&[("<c>", "old", "a\u{1b}b")]), "3:5\n- old\n+ a\\u{1B}b\n");
    }
}
