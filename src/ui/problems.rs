//! The problems pane.

use crate::app::layout::{Area, Pane};
use crate::app::problems::has_fix;
use crate::app::seen::Target;
use crate::app::{App, Doc};

use super::details::finding_line;
use super::paint::Painter;
use super::theme::Face;

/// Draws the visible findings.
pub fn draw(painter: &mut Painter<'_>, app: &App, doc: &Doc, area: Area) {
    let problems = &doc.problems;
    if problems.count == 0 {
        let style = painter.style(Face::Text);
        let mut row = painter.row(area, 0, style);
        painter.gap(&mut row, 1);
        let text = if doc.findings.is_some() { "No problems." } else { "Not checked yet." };
        painter.text(&mut row, text, Face::Text);
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
        finding_line(painter, &mut row, finding, &message);
        painter.text(&mut right, &place, Face::TextDim);
    }
}

/// The last `cells` columns of a row, as a row.
fn paint_right(row: super::paint::Row, cells: u16) -> super::paint::Row {
    super::paint::Row { x: row.end.saturating_sub(cells).max(row.x), end: row.end.saturating_sub(1), ..row }
}
