//! Denied access checks: a line for each, and below them why the selected one was denied and what would allow it.

use crate::app::App;
use crate::app::denied;
use crate::app::dialog::denials::Denials;
use crate::app::room::{WIDEST_DIALOG as WIDEST, dialog_page};
use crate::app::wrap::wrap;
use crate::hyperv::explain::Why;
use crate::report::denials;

use super::dialogs::{button, hints, last_line, open};
use super::paint::Painter;
use super::theme::Face;

/// Cells of the word that says why.
const WHY: u16 = 14;

/// Draws the view.
pub fn draw(painter: &mut Painter<'_>, app: &App, view: &Denials) {
    let area = open(painter, app, "Denied access checks", WIDEST, u16::MAX);
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, 0, style);
    painter.text(&mut row, &view.sums, Face::Dialog);
    // The view covers the status line.
    if let Some(message) = app.message.as_ref().filter(|message| message.is_fresh()) {
        let mut row = painter.row(area, 1, style);
        let face = if message.is_error { Face::MessageError } else { Face::Message };
        painter.text(&mut row, &message.text, face);
    }
    let page = dialog_page(app);
    for (line, denial) in view.shown.iter().enumerate() {
        let is_selected = view.top.saturating_add(line) == view.selected;
        let style = painter.style(if is_selected { Face::Selection } else { Face::Dialog });
        let mut row = painter.row(area, line.saturating_add(2), style);
        let (sign, face) = sign(painter, denial.why);
        painter.text(&mut row, sign, face);
        painter.gap(&mut row, 1);
        painter.column(&mut row, WHY, word(denial.why), face);
        painter.right(&mut row, &denial.count.to_string(), Face::TextDim);
        let half = row.room().saturating_mul(2) / 5;
        painter.column(&mut row, half, &denials::operation(denial), Face::Dialog);
        painter.gap(&mut row, 1);
        let room = row.room();
        let who = match &denial.attempt.scope {
            Some(scope) => format!("{} in {scope}", denial.attempt.account),
            None => denial.attempt.account.clone(),
        };
        painter.column(&mut row, room, &who, Face::Dialog);
    }
    draw_selected(painter, view, area, page.saturating_add(3));
    let mut row = painter.row(area, last_line(area), style);
    let can = view.row().is_some_and(|row| !row.fix.is_empty());
    if can {
        button(painter, &mut row, "Grant this", "f", true);
    }
    button(painter, &mut row, "Back", "Esc", !can);
    let more: &[(&str, &str)] = if can {
        &[("F", "grant all"), ("y", "copy lines"), ("Up/Down", "more")]
    } else {
        &[("F", "grant all"), ("Up/Down", "more")]
    };
    hints(painter, &mut row, more);
}

fn draw_selected(painter: &mut Painter<'_>, view: &Denials, area: crate::app::layout::Area, first: usize) {
    let Some(denial) = view.row() else { return };
    let width = usize::from(area.width);
    let mut lines = vec![(denials::heading(denial), Face::TextLabel)];
    lines.extend(wrap(&denied::reason(denial), width).into_iter().map(|line| (line, Face::Dialog)));
    if !denial.fix.is_empty() {
        lines.push(("The smallest grant:".to_owned(), Face::TextLabel));
        for change in &denial.fix {
            let parts = wrap(&change.to_string(), width.saturating_sub(2));
            lines.extend(parts.into_iter().map(|line| (format!("  {line}"), Face::Dialog)));
        }
    }
    let style = painter.style(Face::Dialog);
    let room = last_line(area).saturating_sub(first);
    for (at, (text, face)) in lines.iter().take(room).enumerate() {
        let mut row = painter.row(area, first.saturating_add(at), style);
        painter.text(&mut row, text, *face);
    }
}

fn sign(painter: &Painter<'_>, why: Why) -> (&'static str, Face) {
    match why {
        Why::NoGrant => (painter.glyphs.removed, Face::Removed),
        Why::AllowedNow => (painter.glyphs.added, Face::Added),
        _ => ("?", Face::Changed),
    }
}

/// The reason in a word or two.
fn word(why: Why) -> &'static str {
    match why {
        Why::NoGrant => "not granted",
        Why::AllowedNow => "allowed now",
        Why::OtherApplication => "other program",
        Why::UnknownScope => "unknown scope",
        Why::UnknownOperation => "unknown op",
        Why::UnknownAccount => "who is it",
    }
}
