//! The command palette.

use crate::app::App;
use crate::app::actions;
use crate::app::dialog::Palette;
use crate::app::dialog::palette::Row as PaletteRow;
use crate::app::layout::Area;
use crate::app::room::{WIDEST_DIALOG as WIDEST, dialog_page};
use crate::app::seen::Target;
use crate::app::wrap::wrap;

use super::dialogs::{about, action_line, hints, last_line, open};
use super::paint::Painter;
use super::show;
use super::theme::Face;

/// Cells before the typed line.
const PROMPT: &str = "Command ";

/// Draws the typed line, what is wrong with it or what it takes for granted, and the rows.
pub fn draw(painter: &mut Painter<'_>, app: &App, palette: &Palette, focused: bool) {
    let title = "Command: words of an action, or a change";
    let area = open(painter, app, title, WIDEST, u16::MAX);
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, 0, style);
    painter.text(&mut row, PROMPT, Face::TextLabel);
    let cells = row.room();
    painter.field(&mut row, cells, &palette.list.filter, focused);
    verdict(painter, palette, area, usize::from(cells));
    let list = &palette.list;
    if list.shown.is_empty() && !palette.is_change {
        let mut row = painter.row(area, 2, style);
        painter.text(&mut row, "Nothing matches.", Face::Dialog);
    }
    let first = if palette.is_change { 4 } else { 2 };
    for (line, position) in (list.top..list.shown.len()).take(dialog_page(app)).enumerate() {
        let Some(item) = list.shown.get(position).and_then(|&index| palette.rows.get(index)) else {
            continue;
        };
        let is_selected = palette.has_row && position == list.selected;
        let style = if is_selected { painter.style(Face::Selection) } else { style };
        let mut row = painter.row(area, line.saturating_add(first), style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Line(position));
        match item {
            PaletteRow::Action(id) => {
                if let Some(action) = actions::get(*id) {
                    action_line(painter, app, &mut row, action);
                }
            }
            PaletteRow::Word(word) => {
                let most = row.room() / 2;
                painter.column(&mut row, most, &word.text, Face::Key);
                painter.gap(&mut row, 1);
                painter.text(&mut row, &word.note, Face::TextDim);
            }
        }
    }
    let mut row = painter.row(area, last_line(area), style);
    let selected = list.current().and_then(|index| palette.rows.get(index)).filter(|_| palette.has_row);
    match selected {
        Some(PaletteRow::Action(id)) => {
            if let Some(action) = actions::get(*id) {
                about(painter, app, &mut row, action);
            }
        }
        Some(PaletteRow::Word(_)) => hints(painter, &mut row, &[("Enter", "puts it in"), ("Esc", "Close")]),
        None => {
            let keys =
                [("Enter", "Carry out"), ("Tab", "Complete"), ("Up", "Earlier lines"), ("Esc", "Close")];
            hints(painter, &mut row, &keys);
        }
    }
}

/// The lines under the typed one: a sign under what is wrong and what that is, or what is taken for granted.
fn verdict(painter: &mut Painter<'_>, palette: &Palette, area: Area, cells: usize) {
    let style = painter.style(Face::Dialog);
    let typed = palette.list.filter.text();
    let (text, face) = match (&palette.refused, &palette.meant) {
        (Some(why), _) => (why.clone(), Face::MessageError),
        (None, _) if let Some(asking) = &palette.asking => (asking.clone(), Face::Text),
        (None, Some(Err(fault))) => {
            let before = typed.get(..fault.span.start).map_or(0, show::width);
            // A line that scrolls has its places elsewhere.
            if show::width(typed) < cells {
                let mut row = painter.row(area, 1, style);
                let gap = show::width(PROMPT).saturating_add(before);
                painter.gap(&mut row, u16::try_from(gap).unwrap_or(u16::MAX));
                painter.text(&mut row, "^", Face::FieldInvalid);
            }
            (fault.message.clone(), Face::FieldInvalid)
        }
        (None, Some(Ok(said))) if !said.is_empty() => (said.clone(), Face::TextDim),
        _ => return,
    };
    for (line, text) in wrap(&text, usize::from(area.width)).iter().take(2).enumerate() {
        let mut row = painter.row(area, line.saturating_add(2), style);
        painter.text(&mut row, text, face);
    }
}
