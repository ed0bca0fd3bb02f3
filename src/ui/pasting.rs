//! What pasting would do; and text that is there to be selected with the mouse.

use crate::app::App;
use crate::app::dialog::{PasteDialog, PasteRow, TextView};
use crate::app::editing::capitalised;
use crate::app::layout::Area;
use crate::app::paste::{Clash, Fill, Question};
use crate::app::room::{WIDEST_DIALOG as WIDEST, dialog_page};
use crate::app::seen::Target;

use super::dialogs::{button, hints, last_line, open, tall};
use super::paint::{Painter, Row};
use super::theme::Face;

/// Cells of the kind of object.
const KIND: u16 = 17;

/// Draws the dialog.
pub fn draw(painter: &mut Painter<'_>, app: &App, paste: &PasteDialog) {
    let area = open(painter, app, &paste.title, WIDEST, tall(paste.len(), 5));
    let style = painter.style(Face::Dialog);
    let page = dialog_page(app);
    for line in 0..page.min(paste.len().saturating_sub(paste.top)) {
        let place = paste.row(paste.top.saturating_add(line));
        let selected = matches!(place, PasteRow::Question(at) if at == paste.selected);
        let style = painter.style(if selected { Face::Selection } else { Face::Dialog });
        let mut row = painter.row(area, line, style);
        match place {
            PasteRow::Blank => {}
            PasteRow::Heading(text) => painter.text(&mut row, text, Face::TextStrong),
            PasteRow::Question(at) => {
                painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Tick(at));
                if let Some(question) = paste.plan.questions.get(at) {
                    draw_question(painter, &mut row, app, question);
                }
            }
            PasteRow::Line(line) => {
                let (sign, face) = match line.sign {
                    '+' => (painter.glyphs.added, Face::Added),
                    _ => (painter.glyphs.changed, Face::Changed),
                };
                painter.text(&mut row, sign, face);
                painter.gap(&mut row, 1);
                if !line.what.is_empty() {
                    painter.column(&mut row, KIND, &line.what, Face::TextLabel);
                    painter.gap(&mut row, 1);
                    painter.right(&mut row, &line.place, Face::TextDim);
                }
                painter.text(&mut row, &line.text, Face::Dialog);
            }
        }
    }
    // What is wrong, or what the selected question is about, in full.
    let mut row = painter.row(area, last_line(area).saturating_sub(1), style);
    if let Some(error) = &paste.error {
        painter.text(&mut row, error, Face::MessageError);
    } else if let Some(question) = paste.question() {
        painter.text(&mut row, &explanation(question), Face::Dialog);
    }
    let mut row = painter.row(area, last_line(area), style);
    let verb = capitalised(paste.verb);
    button(painter, &mut row, &verb, "Enter", true);
    button(painter, &mut row, "Cancel", "Esc", false);
    if paste.len() > page {
        let seen = paste.top.saturating_add(page).min(paste.len());
        painter.right(&mut row, &format!("{seen}/{}", paste.len()), Face::TextDim);
    }
    match paste.question() {
        Some(Question::Clash { .. }) => hints(painter, &mut row, &[("Space", "decide otherwise")]),
        Some(Question::Missing { .. }) => {
            hints(painter, &mut row, &[("Space", "decide otherwise"), ("m", "link to another")]);
        }
        None => {}
    }
}

fn draw_question(painter: &mut Painter<'_>, row: &mut Row, app: &App, question: &Question) {
    let (kind, name) = question.key();
    painter.text(row, painter.glyphs.alarm, Face::Warning);
    painter.gap(row, 1);
    painter.column(row, KIND, kind.word(), Face::TextLabel);
    painter.gap(row, 1);
    painter.right(row, &decision(app, question), Face::TextStrong);
    painter.text(row, name, Face::Dialog);
}

fn decision(app: &App, question: &Question) -> String {
    match question {
        Question::Clash { choice: Clash::Rename, .. } => "make a copy".to_owned(),
        Question::Clash { choice: Clash::Skip, .. } => "leave it out".to_owned(),
        Question::Missing { choice: Fill::Leave, .. } => "leave its links out".to_owned(),
        Question::Missing { choice: Fill::Map(target), .. } => {
            let name = app.doc().map(|doc| doc.store().name(*target).into_owned());
            format!("link to \"{}\"", name.unwrap_or_default())
        }
        Question::Missing { choice: Fill::Create, make, .. } => {
            format!("create it {}", make.as_deref().unwrap_or_default())
        }
    }
}

fn explanation(question: &Question) -> String {
    match question {
        Question::Clash { why, places: 1, .. } => format!("Taken: {why}."),
        Question::Clash { why, places, .. } => {
            format!("Taken at {places} of the places: {why}.")
        }
        Question::Missing { links, make, .. } => {
            let count = if *links == 1 { "1 link leads".to_owned() } else { format!("{links} links lead") };
            let unmade =
                if make.is_none() { " Nothing tells what it was, so it cannot be created." } else { "" };
            format!("{count} to it, and it is not here.{unmade}")
        }
    }
}

/// The whole screen holds nothing but the text, so that a selection does not take borders along.
pub fn plain(painter: &mut Painter<'_>, app: &App, text: &TextView) {
    let (width, height) = app.size;
    let whole = Area::new(0, 0, width, height);
    let style = painter.style(Face::Text);
    painter.fill(whole, style);
    let page = usize::from(height).saturating_sub(2);
    for (line, shown) in text.shown.1.iter().skip(text.top).take(page).enumerate() {
        let mut row = painter.row(whole, line, style);
        painter.text(&mut row, shown, Face::Text);
    }
    let mut row = painter.row(whole, usize::from(height).saturating_sub(1), style);
    if text.shown.1.len() > page {
        let seen = text.top.saturating_add(page).min(text.shown.1.len());
        painter.right(&mut row, &format!("{seen}/{}", text.shown.1.len()), Face::TextDim);
    }
    super::screen::key_and_label(painter, &mut row, "Esc", "close", true);
    painter.text(&mut row, &text.title, Face::MessageError);
}
