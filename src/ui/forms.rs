//! Forms: label, field, and what is wrong under it.

use crate::app::App;
use crate::app::dialog::form::{LABEL, WIDTH};
use crate::app::dialog::{Field, FieldInput, Form};
use crate::app::input::{Key, KeyPress};
use crate::app::layout::Area;
use crate::app::room::form_width;
use crate::app::seen::Target;
use crate::app::wrap::wrap;

use super::dialogs::{button, button_of, hints, last_line, open};
use super::paint::{Painter, Row};
use super::theme::Face;

/// Draws a form.
pub fn draw(painter: &mut Painter<'_>, app: &App, form: &Form, focused: bool) {
    let cells = form_width(app.size);
    let fields: usize = form.fields.iter().map(|field| height(field, cells)).sum();
    let hint = form.fields.get(form.focus).map(|field| field.hint).unwrap_or_default();
    let (text, face) = match &form.error {
        Some(error) => (error.as_str(), Face::FieldInvalid),
        None if !form.note.is_empty() => (form.note.as_str(), Face::Dialog),
        None => (hint, Face::TextDim),
    };
    // What is wrong is never cut; two lines are there in any case, so that the form stays where it is.
    let inside = usize::from(WIDTH.min(app.size.0.saturating_sub(2)).saturating_sub(4));
    let message = wrap(text, inside);
    let told = u16::try_from(message.len().clamp(2, 6)).unwrap_or(2);
    // Intro, blank, fields, blank, message, buttons, and the frame.
    let wanted = u16::try_from(fields.saturating_add(7)).unwrap_or(u16::MAX).saturating_add(told);
    let area = open(painter, app, &form.title, WIDTH, wanted);
    // In the lowest window the sentence leaves the field with the cursor its lines, what is wrong with it included.
    let here = form.fields.get(form.focus).map_or(1, |field| height(field, cells).min(4));
    let told = told.min(area.height.saturating_sub(2).saturating_sub(u16::try_from(here).unwrap_or(1)));
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, 0, style);
    painter.text(&mut row, &form.intro, Face::Dialog);
    draw_fields(painter, form, body(area, fields, told), focused);

    let message_at = last_line(area).saturating_sub(usize::from(told));
    for (line, part) in message.iter().take(usize::from(told)).enumerate() {
        let mut row = painter.row(area, message_at.saturating_add(line), style);
        painter.text(&mut row, part, face);
    }
    let mut row = painter.row(area, last_line(area), style);
    let key = form.submit_key();
    // In an area Enter is a line's end: a click on the button means Ctrl+S, which every form has.
    let submit = KeyPress::new(Key::Char('s'), true, false, false);
    let target = Some(Target::Key(submit));
    button_of(painter, &mut row, (form.verb, key), !form.on_cancel(), target);
    button(painter, &mut row, "Cancel", "Esc", form.on_cancel());
    let completes = form.focused_path().is_some_and(|path| !path.is_empty());
    hints(painter, &mut row, &[("Tab", if completes { "complete" } else { "next field" })]);
}

/// Where the fields are: between the intro and the sentence above the buttons. The blank lines around them give way where
/// the window is too low for all.
fn body(area: Area, fields: usize, told: u16) -> Area {
    let between = area.height.saturating_sub(told).saturating_sub(2);
    let spare = usize::from(between).saturating_sub(fields);
    let (above, below) = (u16::from(spare > 0), u16::from(spare > 1));
    let rows = between.saturating_sub(above).saturating_sub(below);
    Area::new(area.x, area.y.saturating_add(1).saturating_add(above), area.width, rows)
}

/// Lines that a field takes with its error, which is never cut.
fn height(field: &Field, cells: usize) -> usize {
    field.height().saturating_add(error_lines(field, cells).len())
}

/// What is wrong with a field, behind a sign, in lines of at most so many cells.
fn error_lines(field: &Field, cells: usize) -> Vec<String> {
    field.error.as_ref().map_or_else(Vec::new, |error| wrap(error, cells.saturating_sub(2)))
}

fn draw_fields(painter: &mut Painter<'_>, form: &Form, area: Area, focused: bool) {
    // As many fields are scrolled away as it takes to show the one with the cursor.
    let room = usize::from(area.height);
    let cells = usize::from(area.width.saturating_sub(LABEL));
    let upto = |last: usize| -> usize {
        form.fields.iter().take(last.saturating_add(1)).map(|field| height(field, cells)).sum()
    };
    let first = (0..form.focus)
        .find(|&first| {
            let above: usize = form.fields.iter().take(first).map(|field| height(field, cells)).sum();
            upto(form.focus).saturating_sub(above) <= room
        })
        .unwrap_or(form.focus);
    let mut line = 0_usize;
    let style = painter.style(Face::Dialog);
    for (index, field) in form.fields.iter().enumerate().skip(first) {
        let here = focused && index == form.focus;
        if line >= room {
            break;
        }
        draw_field(painter, field, area, line, here);
        let height = field.height().min(room.saturating_sub(line));
        let y = area.y.saturating_add(u16::try_from(line).unwrap_or(u16::MAX));
        let height = u16::try_from(height).unwrap_or(u16::MAX);
        painter.note(Area::new(area.x, y, area.width, height), Target::Field(index));
        if let FieldInput::Choice { options, index: chosen } = &field.input {
            let mut row = painter.row(area, line, style);
            painter.gap(&mut row, LABEL);
            choices(painter, &mut row, options, *chosen, (index, here));
        }
        line = line.saturating_add(field.height());
        for (index, text) in error_lines(field, cells).iter().enumerate() {
            if index > 0 && line >= room {
                break;
            }
            let mut row = painter.row(area, line.min(room.saturating_sub(1)), style);
            painter.gap(&mut row, LABEL);
            painter.text(&mut row, if index == 0 { painter.glyphs.alarm } else { " " }, Face::FieldInvalid);
            painter.gap(&mut row, 1);
            painter.text(&mut row, text, Face::FieldInvalid);
            line = line.saturating_add(1);
        }
    }
}

fn draw_field(painter: &mut Painter<'_>, field: &Field, area: Area, line: usize, focused: bool) {
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, line, style);
    painter.column(&mut row, LABEL, field.label, Face::TextLabel);
    match &field.input {
        FieldInput::Line(text) => {
            let cells = row.room();
            painter.field(&mut row, cells, text, focused);
        }
        FieldInput::Area(text) => {
            let rows = u16::try_from(field.height()).unwrap_or(u16::MAX);
            let top = area.y.saturating_add(u16::try_from(line).unwrap_or(u16::MAX));
            let rows = rows.min(area.y.saturating_add(area.height).saturating_sub(top));
            let inside = Area::new(row.x, top, row.room(), rows);
            super::area::draw(painter, inside, text, super::area::Look::Field { focused });
        }
        // Its words are drawn over what can be clicked of the field.
        FieldInput::Choice { .. } => {}
    }
}

/// Words of which one is chosen.
pub fn choices(
    painter: &mut Painter<'_>,
    row: &mut Row,
    options: &[&str],
    chosen: usize,
    (field, focused): (usize, bool),
) {
    // In a narrow window the first ones give way to the chosen one.
    let cells = |option: &&str| super::show::width(option).saturating_add(7);
    let upto = chosen.saturating_add(1);
    let first = (0..chosen)
        .find(|&first| {
            let shown = options.iter().take(upto).skip(first);
            shown.map(cells).sum::<usize>() <= usize::from(row.room()).saturating_add(3)
        })
        .unwrap_or(chosen);
    for (index, option) in options.iter().enumerate().skip(first) {
        let on = index == chosen;
        let mark = if on { "(x) " } else { "( ) " };
        let face = if on && focused { Face::ButtonFocus } else { Face::Dialog };
        if on && focused && painter.plain {
            painter.drawn.cursor = Some(ratatui::layout::Position { x: row.x, y: row.y });
        }
        let from = row.x;
        painter.text(row, mark, face);
        painter.text(row, option, face);
        painter.note_from(from, row, Target::Choice(field, index));
        painter.gap(row, 3);
    }
}
