//! The save dialog: changes as objects and as lines of XML, side by side where there is room.

use crate::app::App;
use crate::app::dialog::{SaveDialog, SaveLine, SavePane};
use crate::app::layout::Area;
use crate::app::room::{dialog_page, is_wide, save_width};

use super::dialogs::{button, hints, last_line, open, open_wide, tall};
use super::paint::{Painter, Row};
use super::show;
use super::theme::Face;

/// Draws the dialog.
pub fn draw(painter: &mut Painter<'_>, app: &App, save: &SaveDialog) {
    let lines = save.objects.len().max(save.xml.len());
    let height = tall(lines, save.around());
    let page = dialog_page(app).min(lines.max(1));
    let area = if is_wide(app) {
        let area = open_wide(painter, app, &save.title, u16::MAX, height);
        let cells = u16::try_from(save_width(app)).unwrap_or(u16::MAX);
        let left = Area { width: cells.min(area.width), ..area };
        let x = area.x.saturating_add(cells).saturating_add(3);
        let right = Area { x, width: area.width.saturating_sub(cells.saturating_add(3)), ..area };
        objects(painter, save, left, page);
        xml(painter, save, right, page);
        area
    } else {
        let area = open(painter, app, &save.title, u16::MAX, height);
        if save.shows_xml() {
            xml(painter, save, area, page);
        } else {
            objects(painter, save, area, page);
        }
        area
    };
    below(painter, save, area, page);
}

fn objects(painter: &mut Painter<'_>, save: &SaveDialog, area: Area, page: usize) {
    let visible = || save.objects.iter().enumerate().skip(save.top).take(page);
    let names = names_column(painter, area, visible().map(|(_, line)| line));
    for (at, (index, line)) in visible().enumerate() {
        let has_keys = save.pane == SavePane::Objects && index == save.selected;
        let style = painter.style(if has_keys { Face::Selection } else { Face::Dialog });
        let mut row = painter.row(area, at.saturating_add(1), style);
        let column = if matches!(line.sign, '!' | '>' | '·') { 7 } else { 16 };
        painter.notice_in(&line.text);
        entry(painter, &mut row, line, tick(save, line), (column, names));
    }
}

/// Whether a difference is to be saved now; `None` where there is nothing to choose.
fn tick(save: &SaveDialog, line: &SaveLine) -> Option<bool> {
    match (line.part, line.order) {
        (Some(part), _) => save.ticks.get(part).copied(),
        (None, Some(order)) => save.moves.get(order).map(|one| one.is_ticked),
        (None, None) => None,
    }
}

fn xml(painter: &mut Painter<'_>, save: &SaveDialog, area: Area, page: usize) {
    let style = painter.style(Face::Dialog);
    for (at, line) in save.xml.iter().skip(save.xml_top).take(page).enumerate() {
        let mut row = painter.row(area, at.saturating_add(1), style);
        entry(painter, &mut row, line, None, (8, 0));
    }
}

/// What is said, the note, what is asked, and the buttons: from the bottom up.
fn below(painter: &mut Painter<'_>, save: &SaveDialog, area: Area, page: usize) {
    let style = painter.style(Face::Dialog);
    let mut at = last_line(area);
    let mut row = painter.row(area, at, style);
    let asked = save.consent.asked();
    let (key, is_save) = if asked.is_some() { ("Enter", true) } else { ("s", save.on_save) };
    let label = match save.share() {
        _ if save.restores => "Restore".to_owned(),
        (_, 0) => "Save".to_owned(),
        (all, waiting) => format!("Save {} of {all}", all.saturating_sub(waiting)),
    };
    button(painter, &mut row, &label, key, is_save);
    button(painter, &mut row, "Cancel", "Esc", !is_save);
    let other = match (save.is_wide, save.pane) {
        (true, SavePane::Objects) => "XML",
        (false, SavePane::Objects) => "XML lines",
        (_, SavePane::Xml) if asked.is_some() => "name",
        _ => "objects",
    };
    let mut keys = vec![("Tab", other)];
    if save.pane == SavePane::Objects && save.share().0 > 0 {
        keys.extend([("Space", "later"), ("u", "undo")]);
    }
    if !save.restores {
        keys.push(("n", "note"));
    }
    hints(painter, &mut row, &keys);
    let (top, all) = match save.pane {
        SavePane::Xml => (save.xml_top, save.xml.len()),
        _ => (save.top, save.objects.len()),
    };
    if all > page {
        painter.right(&mut row, &format!("{}/{all}", top.saturating_add(page).min(all)), Face::TextDim);
    }
    at = at.saturating_sub(1);
    if let Some(name) = asked {
        at = at.saturating_sub(1);
        let mut row = painter.row(area, at, style);
        let ask = if save.consent.is_wrong { "Not saved. Type" } else { "To save, type" };
        painter.text(&mut row, &format!("{ask} {name} and press Enter: "), Face::TextStrong);
        let cells = row.room();
        painter.field(&mut row, cells, &save.consent.line, save.pane == SavePane::Consent);
    }
    if save.has_note() {
        at = at.saturating_sub(1);
        let mut row = painter.row(area, at, style);
        painter.text(&mut row, "Note for the log: ", Face::TextLabel);
        let cells = row.room();
        painter.field(&mut row, cells, &save.note, save.pane == SavePane::Note);
    }
    if let Some(said) = &save.said {
        at = at.saturating_sub(1);
        let mut row = painter.row(area, at, style);
        painter.text(&mut row, said, Face::TextStrong);
    }
}

/// One column for the names of all lines that have a place, as wide as the widest of them needs, so that the places stand
/// below each other.
pub fn names_column<'l>(
    painter: &Painter<'_>,
    area: Area,
    lines: impl Iterator<Item = &'l SaveLine>,
) -> usize {
    let most = usize::from(most(area.width.saturating_sub(BEFORE_NAMES)));
    let width = |line: &SaveLine| {
        let text = painter.names.put_into(&line.text);
        show::width(show::account(&text, most, painter.glyphs.ellipsis))
    };
    lines.filter(|line| !line.place.is_empty()).map(width).max().unwrap_or(0)
}

/// Cells before the name of a difference: its box, its sign and what it is.
const BEFORE_NAMES: u16 = 23;

/// So many cells of those behind what it is may be the name's; the rest are the place's.
fn most(room: u16) -> u16 {
    room.saturating_mul(if room < 50 { 3 } else { 4 }) / 5
}

/// One line: its box, its sign, what, name and place, in columns of these widths.
pub fn entry(
    painter: &mut Painter<'_>,
    row: &mut Row,
    line: &SaveLine,
    tick: Option<bool>,
    (column, names): (u16, usize),
) {
    let (sign, face) = match line.sign {
        '+' => (painter.glyphs.added, Face::Added),
        '~' => (painter.glyphs.changed, Face::Changed),
        '-' => (painter.glyphs.removed, Face::Removed),
        '!' => (painter.glyphs.alarm, Face::Warning),
        '·' => (painter.glyphs.info, Face::Info),
        _ => (" ", Face::Dialog),
    };
    if line.what.is_empty() && line.sign == ' ' {
        painter.text(row, &line.text, Face::TextStrong);
        return;
    }
    if let Some(is_on) = tick {
        painter.text(row, if is_on { painter.glyphs.ticked } else { painter.glyphs.unticked }, Face::Dialog);
        painter.gap(row, 1);
    }
    painter.text(row, sign, face);
    painter.gap(row, 1);
    if line.what.is_empty() && matches!(line.sign, '·' | ',') {
        painter.text(row, &line.text, Face::Dialog);
        return;
    }
    painter.column(row, column, &line.what, Face::TextLabel);
    painter.gap(row, 1);
    if line.place.is_empty() {
        painter.text(row, &line.text, Face::Dialog);
    } else {
        let cells = u16::try_from(names).unwrap_or(u16::MAX).min(most(row.room()));
        // Names may have come since the line was made.
        let text = painter.named(&line.text);
        painter.account_column(row, cells, &text, Face::Dialog);
        painter.gap(row, 2);
        painter.text(row, &line.place, Face::TextDim);
    }
}
