//! The problems pane.

use std::borrow::Cow;

use crate::accounts::Sid;
use crate::app::layout::{Area, Pane};
use crate::app::problems::has_fix;
use crate::app::seen::Target;
use crate::app::wrap::wrap;
use crate::app::{App, Doc};

use super::details::finding_line;
use super::paint::Painter;
use super::show;
use super::theme::Face;

/// Cells of a finding's sign and code, with the blanks behind them.
const CODE: u16 = 10;

/// Draws the visible findings.
pub fn draw(painter: &mut Painter<'_>, app: &App, doc: &Doc, area: Area) {
    let problems = &doc.problems;
    if problems.count == 0 {
        let style = painter.style(Face::Text);
        let mut row = painter.row(area, 0, style);
        painter.gap(&mut row, 1);
        let text = if doc.findings.is_some() { doc.no_problems() } else { "Not checked yet.".to_owned() };
        painter.text(&mut row, &text, Face::Text);
        return;
    }
    for (line, finding) in problems.shown.iter().take(usize::from(area.height)).enumerate() {
        let selected = problems.top.saturating_add(line) == problems.selected;
        let face = match (selected, app.focus) {
            (true, Pane::Problems) => Face::Selection,
            _ => Face::Text,
        };
        let style = painter.style(face);
        let mut row = painter.row(area, line, style);
        let index = problems.top.saturating_add(line);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Problem(index));
        painter.gap(&mut row, 1);
        let place = doc.store().path(finding.object);
        let cells = area.width / 3;
        let mut right = paint_right(row, cells);
        row.end = right.x.saturating_sub(1);
        // A sign for what `f` can fix.
        let has_fix = has_fix(doc.store(), finding);
        painter.text(&mut row, if has_fix { "f" } else { " " }, Face::Key);
        painter.gap(&mut row, 1);
        let message = painter.named_briefly(&finding.message);
        let message = beginning(&message, row.room(), painter.glyphs.ellipsis);
        finding_line(painter, &mut row, finding, &message);
        painter.text(&mut right, &place, Face::TextDim);
    }
}

/// As much of a sentence as fits behind sign and code: it begins with whom it is about and what is wrong, and the rest is
/// in the status line and in the details. One with a long word early, such as a GUID, loses its middle like a name.
fn beginning<'t>(message: &'t str, cells: u16, ellipsis: &str) -> Cow<'t, str> {
    let cells = usize::from(cells.saturating_sub(CODE));
    if show::width(message) <= cells {
        return Cow::Borrowed(message);
    }
    let message = without_domain(message, ellipsis);
    if show::width(&message) <= cells {
        return message;
    }
    let first = wrap(&message, cells.saturating_sub(show::width(ellipsis))).into_iter().next();
    match first.filter(|first| show::width(first) > cells.saturating_mul(2) / 3) {
        Some(first) => Cow::Owned(format!("{first}{ellipsis}")),
        None => message,
    }
}

/// A sentence about an account that has no name here, without the numbers of its domain: they would take the place of what
/// is wrong.
fn without_domain<'t>(message: &'t str, ellipsis: &str) -> Cow<'t, str> {
    let Some((account, rest)) = message.split_once(' ').filter(|(word, _)| Sid::parse(word).is_ok()) else {
        return Cow::Borrowed(message);
    };
    match account.split('-').collect::<Vec<_>>().as_slice() {
        [s, revision, authority, first, _, _, .., last] => {
            Cow::Owned(format!("{s}-{revision}-{authority}-{first}-{ellipsis}-{last} {rest}"))
        }
        _ => Cow::Borrowed(message),
    }
}

/// The last `cells` columns of a row, as a row.
fn paint_right(row: super::paint::Row, cells: u16) -> super::paint::Row {
    super::paint::Row { x: row.end.saturating_sub(cells).max(row.x), end: row.end.saturating_sub(1), ..row }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_has_room_beside_an_account_without_a_name() {
        let message =
            "S-1-5-21-1004336348-1177238915-682003330-1001 looks limited to this scope, but is not.";
        assert_eq!(beginning(message, 200, "…"), message);
        assert_eq!(beginning(message, 60, "…"), "S-1-5-21-…-1001 looks limited to this scope, but…");
        // Nothing is left out of it then.
        assert_eq!(beginning(message, 80, "…"), "S-1-5-21-…-1001 looks limited to this scope, but is not.");
        assert_eq!(beginning(message, 40, "~"), "S-1-5-21-~-1001 looks limited~");
        for other in ["S-1-5-32-544 is here twice.", "An account S-1-5-21-1-2-3-4 is none."] {
            assert_eq!(without_domain(other, "…"), other);
        }
    }
}
