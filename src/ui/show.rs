//! The one door for text onto the screen: [`crate::report::show`] makes it harmless, this gives it its style.

use ratatui::style::Style;
use ratatui::text::Span;
use unicode_segmentation::UnicodeSegmentation;

use crate::accounts::Sid;
use crate::app::line::Line;
use crate::report::show::{self, Piece};

/// A text in at most `cells` cells, its middle cut if need be, with what stands for invisible characters in the
/// style `escaped`.
pub fn spans(text: &str, cells: usize, ellipsis: &str, style: Style, escaped: Style) -> Vec<Span<'static>> {
    let pieces = show::pieces(text);
    let shown: String = pieces.iter().map(Piece::as_str).collect();
    let (head, tail) = match show::cut(&shown, cells, show::width(ellipsis)) {
        None => (shown.len(), 0),
        Some(_) if cells < show::width(ellipsis) => return Vec::new(),
        Some(ends) => ends,
    };
    let clipped = head + tail < shown.len();
    let mut spans = Vec::with_capacity(pieces.len() + 1);
    // Each piece may have a part in what stays at the start, and one in what stays at the end.
    let keep = |from: usize, to: usize, spans: &mut Vec<Span<'static>>| {
        let mut at = 0;
        for piece in &pieces {
            let end = at + piece.as_str().len();
            if let Some(part) = shown.get(at.max(from)..end.min(to)).filter(|part| !part.is_empty()) {
                let style = if matches!(piece, Piece::Plain(_)) { style } else { style.patch(escaped) };
                spans.push(Span::styled(part.to_owned(), style));
            }
            at = end;
        }
    };
    keep(0, head, &mut spans);
    if clipped {
        spans.push(Span::styled(ellipsis.to_owned(), style));
        keep(shown.len() - tail, shown.len(), &mut spans);
    }
    spans
}

/// Cells that a text takes on the screen, invisible characters shown.
pub fn width(text: &str) -> usize {
    show::width(&show::escape(text))
}

/// What of `NAME (SID)` stands in at most `cells` cells, before its middle is cut: the name alone where that cut would be
/// through the name. Any other text stays as it is.
pub fn account<'t>(text: &'t str, cells: usize, ellipsis: &str) -> &'t str {
    let Some((name, sid)) = text.rsplit_once(" (") else { return text };
    let is_sid = sid.strip_suffix(')').is_some_and(|sid| Sid::parse(sid).is_ok());
    let shown = show::escape(text);
    match show::cut(&shown, cells, show::width(ellipsis)) {
        Some((head, _)) if is_sid && head < show::escape(name).len() => name,
        _ => text,
    }
}

/// The styles of an input field.
#[derive(Debug, Clone, Copy)]
pub struct FieldStyles {
    /// What was typed.
    pub text: Style,
    /// The selected part of it.
    pub selection: Style,
    /// What stands for invisible characters.
    pub escaped: Style,
}

/// The part of an edited line that is seen through a field of `cells` cells, and the column of the cursor in it.
/// The spans fill the field; long lines scroll so that the cursor has text on both sides of it.
pub fn field(line: &Line, cells: usize, styles: FieldStyles) -> (Vec<Span<'static>>, u16) {
    let selection = line.selection().unwrap_or_default();
    let mut parts: Vec<(String, usize, Style)> = Vec::new();
    let mut cursor = 0;
    let mut total = 0;
    for (at, grapheme) in line.text().grapheme_indices(true) {
        let shown = show::escape(grapheme);
        let mut style = if selection.contains(&at) { styles.selection } else { styles.text };
        if shown != grapheme {
            style = style.patch(styles.escaped);
        }
        let cells = show::width(&shown);
        if at < line.cursor() {
            cursor += cells;
        }
        total += cells;
        parts.push((shown.into_owned(), cells, style));
    }
    // One cell more than the text, for the cursor behind it.
    let from = cursor.saturating_sub(cells * 2 / 3).min((total + 1).saturating_sub(cells));
    let mut spans = Vec::new();
    let mut column = 0;
    let mut filled = 0;
    for (shown, width, style) in parts {
        let start = column;
        column += width;
        if column <= from || start >= from + cells {
            continue;
        }
        if start < from || column > from + cells {
            // Half of a wide character, or of an escape, hangs over the edge.
            let visible = column.min(from + cells) - start.max(from);
            spans.push(Span::styled(" ".repeat(visible), style));
            filled += visible;
        } else {
            spans.push(Span::styled(shown, style));
            filled += width;
        }
    }
    spans.push(Span::styled(" ".repeat(cells.saturating_sub(filled)), styles.text));
    (spans, u16::try_from(cursor - from.min(cursor)).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::Color;

    use super::*;

    const PLAIN: Style = Style::new();
    const MARK: Style = Style::new().fg(Color::Red);
    const CHOSEN: Style = Style::new().bg(Color::Blue);
    const STYLES: FieldStyles = FieldStyles { text: PLAIN, selection: CHOSEN, escaped: MARK };

    fn text(spans: &[Span<'_>]) -> String {
        spans.iter().map(|span| span.content.as_ref()).collect()
    }

    #[test]
    fn escapes_are_marked() {
        let spans = spans("a\u{1B}b", 20, "…", PLAIN, MARK);
        let seen: Vec<_> = spans.iter().map(|span| (span.content.as_ref(), span.style)).collect();
        assert_eq!(seen, [("a", PLAIN), ("\\u{1B}", MARK), ("b", PLAIN)]);
    }

    #[test]
    fn a_cut_through_an_escape_keeps_the_marks() {
        let spans = spans("a\u{1B}bcdefgh", 7, "…", PLAIN, MARK);
        let seen: Vec<_> = spans.iter().map(|span| (span.content.as_ref(), span.style)).collect();
        assert_eq!(seen, [("a", PLAIN), ("\\u", MARK), ("…", PLAIN), ("fgh", PLAIN)]);
        assert_eq!(text(&super::spans("abc", 0, "…", PLAIN, MARK)), "");
    }

    #[test]
    fn a_name_is_whole_as_long_as_its_sid_can_give_way() {
        let named = "CONTOSO\\joe (S-1-5-21-1-2-3-1104)";
        // Eleven of twenty-two cells stand before the ellipsis, as many as the name has.
        for (cells, shown) in [(60, named), (22, named), (21, "CONTOSO\\joe"), (5, "CONTOSO\\joe")] {
            assert_eq!(account(named, cells, "…"), shown, "{cells}");
        }
        for other in ["Administrator (of all) and more", "Administrator (S-1-) of the store", ""] {
            assert_eq!(account(other, 5, "…"), other);
        }
    }

    #[test]
    fn a_short_line_stands_at_the_left() {
        let (spans, cursor) = field(&Line::new("joe"), 6, STYLES);
        assert_eq!((text(&spans).as_str(), cursor), ("joe   ", 3));
    }

    #[test]
    fn a_long_line_shows_the_cursor_at_its_end() {
        let (spans, cursor) = field(&Line::new("0123456789"), 6, STYLES);
        assert_eq!((text(&spans).as_str(), cursor), ("56789 ", 5));
    }

    #[test]
    fn a_selection_is_seen() {
        let (spans, _) = field(&Line::selected("ab"), 4, STYLES);
        assert_eq!(spans.iter().filter(|span| span.style == CHOSEN).count(), 2);
    }

    proptest! {
        #[test]
        fn a_field_is_always_full_and_holds_the_cursor(
            value in "[a-z管\u{7}é]{0,30}", keys in proptest::collection::vec(0usize..4, 0..30), cells in 1usize..20,
        ) {
            let mut line = Line::new(&value);
            for key in keys {
                line.press(["Left", "Shift+Left", "Home", "Right"][key].parse().unwrap());
            }
            let (spans, cursor) = field(&line, cells, STYLES);
            prop_assert_eq!(show::width(&text(&spans)), cells);
            prop_assert!(usize::from(cursor) < cells);
        }

        #[test]
        fn spans_say_what_the_fitted_text_says(value in "[a-z管\u{7}é\\\\]{0,20}", cells in 0usize..24) {
            let spans = spans(&value, cells, "…", PLAIN, MARK);
            let shown = show::escape(&value);
            prop_assert_eq!(text(&spans), show::fit(&shown, cells, "…").into_owned());
        }
    }
}
