//! The editor of an authorization rule.

use crate::app::App;
use crate::app::dialog::RuleEditor;
use crate::app::dialog::rule::{Focus, LANGUAGES, parts};
use crate::store::limits;

use super::paint::Painter;
use super::theme::Face;
use super::{area, forms, screen};

/// The keys that act in it, the most wanted first.
const KEYS: [(&str, &str); 7] = [
    ("Ctrl+S", "Keep"),
    ("Esc", "Leave"),
    ("F6", "Text, language, path"),
    ("Ctrl+O", "Load"),
    ("Ctrl+E", "Write to file"),
    ("Ctrl+R", "Load from path"),
    ("Ctrl+Z", "Undo"),
];

/// Draws it over the whole screen but the status line.
pub fn draw(painter: &mut Painter<'_>, app: &App, editor: &RuleEditor, focused: bool) {
    let parts = parts(app.size, app.plain);
    let style = painter.style(Face::Dialog);
    let whole = crate::app::layout::Area::new(0, 0, app.size.0, app.size.1.saturating_sub(2));
    painter.fill(whole, style);
    if app.plain {
        let mut row = painter.row(whole, 0, style);
        painter.text(&mut row, &editor.title, Face::DialogTitle);
    } else {
        painter.frame(parts.frame, Face::DialogFrame, &editor.title, Face::DialogTitle);
    }

    let mut row = painter.row(parts.language, 0, style);
    let (length, too_long) = editor.length();
    let room = format!("{length} of {} characters", limits::MAX_RULE);
    painter.right(&mut row, &room, if too_long { Face::FieldInvalid } else { Face::TextDim });
    painter.column(&mut row, 10, "Language", Face::TextLabel);
    let chosen = LANGUAGES.iter().position(|known| *known == editor.language);
    let here = focused && editor.focus == Focus::Language;
    forms::choices(painter, &mut row, &LANGUAGES, chosen.unwrap_or(usize::MAX), (0, here));
    if chosen.is_none() {
        painter.text(&mut row, &editor.language, Face::Dialog);
    }

    let mut row = painter.row(parts.path, 0, style);
    painter.column(&mut row, 10, "Path", Face::TextLabel);
    let cells = row.room();
    painter.field(&mut row, cells, &editor.path, focused && editor.focus == Focus::Path);

    let mut row = painter.row(parts.error, 0, style);
    if let Some(error) = &editor.error {
        painter.text(&mut row, painter.glyphs.alarm, Face::FieldInvalid);
        painter.gap(&mut row, 1);
        painter.text(&mut row, error, Face::FieldInvalid);
    } else if editor.text.text().is_empty() {
        painter.text(
            &mut row,
            "No text is no rule. Windows runs rules only where they are enabled.",
            Face::TextDim,
        );
    } else {
        let (line, column) = editor.text.cursor();
        let at = format!("Line {}, column {}", line.saturating_add(1), column.saturating_add(1));
        painter.text(&mut row, &at, Face::TextDim);
    }

    let look = area::Look::Page { focused: focused && editor.focus == Focus::Text, gutter: editor.gutter() };
    area::draw(painter, parts.text, &editor.text, look);
    if focused {
        keys(painter, app);
    }
}

fn keys(painter: &mut Painter<'_>, app: &App) {
    let last = crate::app::layout::Area::new(0, app.size.1.saturating_sub(1), app.size.0, 1);
    let style = painter.style(Face::Text);
    let mut row = painter.row(last, 0, style);
    painter.gap(&mut row, 1);
    for (key, label) in KEYS {
        let cells = key.len().saturating_add(label.len()).saturating_add(1);
        if usize::from(row.room()) >= cells {
            screen::key_and_label(painter, &mut row, key, label, true);
        }
    }
}
