//! A text of several lines being edited.

use ratatui::layout::Position;

use crate::app::area::Area as Text;
use crate::app::layout::Area;
use crate::report::show;

use super::paint::{Painter, Row};
use super::theme::Face;

/// How a text is drawn.
#[derive(Debug, Clone, Copy)]
pub enum Look {
    /// As a field of a form.
    Field {
        /// It has the keyboard.
        focused: bool,
    },
    /// As a page with line numbers in so many cells.
    Page {
        /// It has the keyboard.
        focused: bool,
        /// Cells of the numbers, a blank behind them included.
        gutter: usize,
    },
}

/// Draws the part of a text that is seen through an area, and puts the cursor there if it has the keyboard.
pub fn draw(painter: &mut Painter<'_>, area: Area, text: &Text, look: Look) {
    let (face, focused, gutter) = match look {
        Look::Field { focused: true } => (Face::FieldFocus, true, 0),
        Look::Field { focused: false } => (Face::Field, false, 0),
        Look::Page { focused, gutter } => (Face::Dialog, focused, gutter),
    };
    let gutter = u16::try_from(gutter).unwrap_or(u16::MAX).min(area.width);
    let page =
        Area::new(area.x.saturating_add(gutter), area.y, area.width.saturating_sub(gutter), area.height);
    painter.fill(page, painter.style(face));
    let (top, left) = text.origin();
    let dialog = painter.style(Face::Dialog);
    for line in 0..usize::from(area.height) {
        let row = top.saturating_add(line);
        if row >= text.lines() {
            break;
        }
        if gutter > 1 {
            let mut numbers = painter.row(area, line, dialog);
            let number = row.saturating_add(1).to_string();
            let blanks = usize::from(gutter).saturating_sub(1).saturating_sub(number.len());
            painter.gap(&mut numbers, u16::try_from(blanks).unwrap_or(0));
            painter.text(&mut numbers, &number, Face::TextDim);
        }
        draw_line(painter, page, (line, row), text, left, face);
    }
    if focused {
        let (row, column) = text.cursor();
        let x = u16::try_from(column.saturating_sub(left)).unwrap_or(u16::MAX).saturating_add(page.x);
        let y = u16::try_from(row.saturating_sub(top)).unwrap_or(u16::MAX).saturating_add(page.y);
        painter.drawn.cursor = Some(Position { x, y }).filter(|_| page.contains(x, y));
    }
}

fn draw_line(
    painter: &mut Painter<'_>,
    page: Area,
    (line, row): (usize, usize),
    text: &Text,
    left: usize,
    face: Face,
) {
    let y = page.y.saturating_add(u16::try_from(line).unwrap_or(u16::MAX));
    let right = left.saturating_add(usize::from(page.width));
    let selection = text.selection().unwrap_or_default();
    let end = text.line(row).end;
    let mut put = |at: usize, column: usize, cells: usize, shown: &str, is_escaped: bool| {
        let chosen = selection.contains(&at);
        let style = painter.style(if chosen { Face::FieldSelection } else { face });
        let style = if is_escaped { style.patch(painter.style(Face::TextEscaped)) } else { style };
        let from = column.max(left);
        let to = column.saturating_add(cells).min(right);
        if from >= to {
            return;
        }
        let x = page.x.saturating_add(u16::try_from(from.saturating_sub(left)).unwrap_or(u16::MAX));
        let width = u16::try_from(to.saturating_sub(from)).unwrap_or(u16::MAX);
        let whole = from == column && to == column.saturating_add(cells);
        // A tab, and what hangs over an edge, is as many blanks as are seen of it.
        let blanks = " ".repeat(usize::from(width));
        let shown = if whole && shown != "\t" { shown } else { &blanks };
        let place = Row { x, y, end: x.saturating_add(width), style };
        painter.exact(place, shown);
    };
    let mut column = 0;
    for part in text.shown(row).skip_while(|part| part.column.saturating_add(part.cells) <= left) {
        column = part.column.saturating_add(part.cells);
        if part.column >= right {
            break;
        }
        let shown = show::escape(part.text);
        let is_escaped = part.text != "\t" && shown != part.text;
        put(part.at, part.column, part.cells, if part.text == "\t" { "\t" } else { &shown }, is_escaped);
    }
    // A selected line end is one cell behind the line.
    if row.saturating_add(1) < text.lines() && selection.contains(&end) && column >= left {
        put(end, column, 1, " ", false);
    }
}
