//! Changes to choose among, over the whole window.

use crate::app::App;
use crate::app::dialog::merge::{MergeDialog, MergeRow, Purpose};
use crate::app::room::dialog_page;

use super::dialogs::{above_buttons, button, hints, last_line, open_wide};
use super::paint::{Painter, Row};
use super::saving::{entry, names_column};
use super::theme::Face;

/// Draws the dialog.
pub fn draw(painter: &mut Painter<'_>, app: &App, merge: &MergeDialog) {
    let area = open_wide(painter, app, &merge.title, u16::MAX, u16::MAX);
    let page = dialog_page(app);
    let visible = || merge.rows.iter().enumerate().skip(merge.top).take(page);
    let names = names_column(painter, area, visible().map(|(_, row)| &row.line));
    for (at, (index, row)) in visible().enumerate() {
        let style = painter.style(if index == merge.selected { Face::Selection } else { Face::Dialog });
        let mut place = painter.row(area, at.saturating_add(1), style);
        line(painter, &mut place, merge, row, names);
    }
    let style = painter.style(Face::Dialog);
    let said = merge.said.as_ref().map(|said| (said, Face::MessageError));
    if let Some((said, face)) = said.or(merge.along.as_ref().map(|along| (along, Face::Message))) {
        above_buttons(painter, area, said, face);
    }
    let mut row = painter.row(area, last_line(area), style);
    let label = match (merge.purpose, merge.undecided()) {
        (Purpose::Merge, 0) => format!("Merge {}", merge.chosen()),
        (Purpose::Merge, 1) => "1 to decide".to_owned(),
        (Purpose::Merge, count) => format!("{count} to decide"),
        (Purpose::Align, _) => format!("Make {}", merge.chosen()),
        (Purpose::Recover, _) => format!("Replay {}", merge.chosen()),
    };
    button(painter, &mut row, &label, "Enter", true);
    button(painter, &mut row, "Back", "Esc", false);
    hints(painter, &mut row, &[("Space", "choose"), ("Tab", "next choice")]);
    if merge.rows.len() > page {
        let seen = merge.top.saturating_add(page).min(merge.rows.len());
        painter.right(&mut row, &format!("{seen}/{}", merge.rows.len()), Face::TextDim);
    }
}

fn line(painter: &mut Painter<'_>, place: &mut Row, merge: &MergeDialog, row: &MergeRow, names: usize) {
    let is_text = row.line.what.is_empty() && row.line.sign == ' ';
    if is_text {
        painter.text(place, &row.line.text, Face::TextStrong);
        return;
    }
    match row.choice.and_then(|(number, side)| Some((merge.choices.get(number)?, side))) {
        Some((choice, side)) => {
            let glyph =
                if choice.side == Some(side) { painter.glyphs.ticked } else { painter.glyphs.unticked };
            painter.text(place, glyph, Face::Dialog);
            painter.gap(place, 1);
        }
        None => painter.gap(place, 4),
    }
    if !row.whose.is_empty() {
        painter.column(place, 7, row.whose, Face::TextLabel);
    }
    let column = if matches!(row.line.sign, '!' | '>') { 0 } else { 16 };
    entry(painter, place, &row.line, None, (column, names));
}
