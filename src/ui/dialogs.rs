//! Dialogs: one frame over the panes, a title that names verb and object, buttons that carry their keys.

use crate::app::App;
use crate::app::actions;
use crate::app::dialog::{Confirm, Dialog, Help, SaveDialog, SaveLine, TextView};
use crate::app::layout::{self, Area};
use crate::app::update::{WIDEST_DIALOG as WIDEST, dialog_page};
use crate::app::wrap::wrap;

use super::paint::{Painter, Row};
use super::theme::Face;
use super::{forms, picking, show, stores};

/// Draws the dialogs, the one with the keyboard on top.
pub fn draw(painter: &mut Painter<'_>, app: &App) {
    let last = app.dialogs.len().saturating_sub(1);
    for (index, dialog) in app.dialogs.iter().enumerate() {
        let focused = index == last;
        match dialog {
            Dialog::Confirm(confirm) => question(painter, app, confirm),
            Dialog::Form(form) => forms::draw(painter, app, form, focused),
            Dialog::Picker(picker) => picking::draw(painter, app, picker, focused),
            Dialog::Save(save) => saving(painter, app, save),
            Dialog::Help(help) => helping(painter, app, help, focused),
            Dialog::Stores(open) => stores::draw(painter, app, open, focused),
            Dialog::Text(text) => reading(painter, app, text),
        }
    }
}

/// The height of a dialog with so many lines in its list and so many around it.
pub fn tall(lines: usize, around: usize) -> u16 {
    u16::try_from(lines.saturating_add(around)).unwrap_or(u16::MAX)
}

/// Draws a dialog's frame and gives its inside, one blank column on each side. In plain mode there is no frame: the
/// title is the first line.
pub fn open(painter: &mut Painter<'_>, app: &App, title: &str, width: u16, height: u16) -> Area {
    let screen = app.size;
    let width = width.min(WIDEST).min(screen.0.saturating_sub(2));
    let height = height.min(screen.1.saturating_sub(2));
    let area = layout::dialog(screen, width, height);
    let style = painter.style(Face::Dialog);
    if app.plain {
        let whole = Area::new(0, 0, screen.0, screen.1);
        painter.fill(whole, style);
        let mut row = painter.row(whole, 0, style);
        painter.text(&mut row, title, Face::DialogTitle);
        return Area::new(0, 1, screen.0, screen.1.saturating_sub(2).min(height.saturating_sub(2)));
    }
    painter.fill(area, style);
    painter.frame(area, Face::DialogFrame, title, Face::DialogTitle);
    Area::new(
        area.x.saturating_add(2),
        area.y.saturating_add(1),
        area.width.saturating_sub(4),
        area.height.saturating_sub(2),
    )
}

/// The last line of an area.
pub fn last_line(area: Area) -> usize {
    usize::from(area.height).saturating_sub(1)
}

/// `[ Delete y ]` at the row's end; the focused one stands out.
pub fn button(painter: &mut Painter<'_>, row: &mut Row, label: &str, key: &str, focused: bool) {
    let text = if key.is_empty() { format!("[ {label} ]") } else { format!("[ {label} {key} ]") };
    let width = u16::try_from(show::width(&text)).unwrap_or(u16::MAX);
    let x = row.end.saturating_sub(width);
    if x < row.x {
        return;
    }
    let mut place = Row { x, ..*row };
    painter.text(&mut place, &text, if focused { Face::ButtonFocus } else { Face::Button });
    row.end = x.saturating_sub(1);
}

/// A short help for a dialog's own keys, at the left of its last line.
pub fn hints(painter: &mut Painter<'_>, row: &mut Row, pairs: &[(&str, &str)]) {
    for (key, label) in pairs {
        let wanted = key.len().saturating_add(label.len()).saturating_add(4);
        if usize::from(row.room()) < wanted {
            return;
        }
        super::screen::key_and_label(painter, row, key, label, true);
    }
}

fn question(painter: &mut Painter<'_>, app: &App, confirm: &Confirm) {
    let texts = confirm.lines.iter().map(|line| show::width(line));
    let choices = confirm.choices.iter().map(|choice| show::width(&choice.label).saturating_add(8));
    let buttons: usize = if confirm.menu { choices.max().unwrap_or(0) } else { choices.sum() };
    let width = texts.chain([buttons, show::width(&confirm.title).saturating_add(4)]).max().unwrap_or(0);
    let width = u16::try_from(width.saturating_add(4)).unwrap_or(u16::MAX).max(44);
    let inside = usize::from(width.min(WIDEST).min(app.size.0.saturating_sub(2)).saturating_sub(4));
    let lines: Vec<String> = confirm.lines.iter().flat_map(|line| wrap(line, inside)).collect();
    let below = if confirm.menu { confirm.choices.len() } else { 1 };
    let gap = usize::from(!lines.is_empty());
    let height = lines.len().saturating_add(below).saturating_add(gap).saturating_add(2);
    let area = open(painter, app, &confirm.title, width, u16::try_from(height).unwrap_or(u16::MAX));
    let style = painter.style(Face::Dialog);
    let room = usize::from(area.height).saturating_sub(below.saturating_add(gap));
    let top = confirm.top.min(lines.len().saturating_sub(room));
    for (index, text) in lines.iter().skip(top).take(room).enumerate() {
        let mut row = painter.row(area, index, style);
        painter.text(&mut row, text, Face::Dialog);
    }
    if confirm.menu {
        menu(painter, area, confirm, usize::from(area.height).saturating_sub(below));
        return;
    }
    let mut row = painter.row(area, last_line(area), style);
    if lines.len() > room {
        hints(painter, &mut row, &[("Up/Down", "more")]);
    }
    for (index, choice) in confirm.choices.iter().enumerate().rev() {
        let key = choice.key.map_or_else(|| "Esc".to_owned(), String::from);
        button(painter, &mut row, &choice.label, &key, index == confirm.focus);
    }
}

fn menu(painter: &mut Painter<'_>, area: Area, confirm: &Confirm, first: usize) {
    for (index, choice) in confirm.choices.iter().enumerate() {
        let face = if index == confirm.focus { Face::Selection } else { Face::Dialog };
        let style = painter.style(face);
        let mut row = painter.row(area, first.saturating_add(index), style);
        painter.gap(&mut row, 1);
        painter.text(&mut row, &choice.key.map_or_else(String::new, String::from), Face::Key);
        painter.gap(&mut row, 2);
        painter.text(&mut row, &choice.label, Face::Dialog);
    }
}

/// The line that is typed to find.
pub fn filter(painter: &mut Painter<'_>, row: &mut Row, line: &crate::app::line::Line, focused: bool) {
    painter.text(row, "Find ", Face::TextLabel);
    let cells = row.room();
    painter.field(row, cells, line, focused);
}

fn saving(painter: &mut Painter<'_>, app: &App, save: &SaveDialog) {
    let asked = save.consent.asked();
    let around = if asked.is_some() { 7 } else { 5 };
    let area = open(painter, app, &save.title, WIDEST, tall(save.objects.len().max(save.xml.len()), around));
    let page = dialog_page(app);
    let style = painter.style(Face::Dialog);
    let visible = save.lines().iter().skip(save.top).take(page);
    // One column for all names, as wide as the widest of them needs, so that the places stand below each other.
    let names =
        visible.clone().filter(|line| !line.place.is_empty()).map(|line| show::width(&line.text)).max();
    for (line, entry) in visible.enumerate() {
        let mut row = painter.row(area, line.saturating_add(1), style);
        save_line(painter, &mut row, entry, names.unwrap_or(0));
    }
    if let Some(name) = asked {
        let mut row = painter.row(area, last_line(area).saturating_sub(2), style);
        let ask = if save.consent.is_wrong { "Not saved. Type" } else { "To save, type" };
        painter.text(&mut row, &format!("{ask} {name} and press Enter: "), Face::TextStrong);
        let cells = row.room();
        painter.field(&mut row, cells, &save.consent.line, true);
    }
    let mut row = painter.row(area, last_line(area), style);
    let (key, is_save) = if asked.is_some() { ("Enter", true) } else { ("s", save.on_save) };
    button(painter, &mut row, "Save", key, is_save);
    button(painter, &mut row, "Cancel", "Esc", !is_save);
    hints(painter, &mut row, &[("Tab", if save.show_xml { "objects" } else { "XML lines" })]);
    if save.lines().len() > page {
        let seen = save.top.saturating_add(page).min(save.lines().len());
        painter.right(&mut row, &format!("{seen}/{}", save.lines().len()), Face::TextDim);
    }
}

fn save_line(painter: &mut Painter<'_>, row: &mut Row, line: &SaveLine, names: usize) {
    let (sign, face) = match line.sign {
        '+' => (painter.glyphs.added, Face::Added),
        '~' => (painter.glyphs.changed, Face::Changed),
        '-' => (painter.glyphs.removed, Face::Removed),
        '!' => (painter.glyphs.alarm, Face::Warning),
        '>' => (" ", Face::Dialog),
        '·' => (painter.glyphs.info, Face::Info),
        _ => (" ", Face::Dialog),
    };
    if line.what.is_empty() && line.sign == ' ' {
        painter.text(row, &line.text, Face::TextStrong);
        return;
    }
    painter.text(row, sign, face);
    painter.gap(row, 1);
    let is_finding = matches!(line.sign, '!' | '>' | '·');
    painter.column(row, if is_finding { 7 } else { 16 }, &line.what, Face::TextLabel);
    painter.gap(row, 1);
    if line.place.is_empty() {
        painter.text(row, &line.text, Face::Dialog);
    } else {
        let most = row.room().saturating_mul(3) / 4;
        let cells = u16::try_from(names).unwrap_or(u16::MAX).min(most);
        painter.column(row, cells, &line.text, Face::Dialog);
        painter.gap(row, 2);
        painter.text(row, &line.place, Face::TextDim);
    }
}

fn helping(painter: &mut Painter<'_>, app: &App, help: &Help, focused: bool) {
    let area = open(painter, app, "Help: type to find, Enter runs", WIDEST, u16::MAX);
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, 0, style);
    filter(painter, &mut row, &help.filter, focused);
    let page = dialog_page(app);
    if help.shown.is_empty() {
        let mut row = painter.row(area, 2, style);
        painter.text(&mut row, "Nothing matches.", Face::Dialog);
    }
    for (line, position) in (help.top..help.shown.len()).take(page).enumerate() {
        let Some(action) = help.shown.get(position).and_then(|&id| actions::get(id)) else { continue };
        let face = if position == help.selected { Face::Selection } else { Face::Dialog };
        let style = painter.style(face);
        let mut row = painter.row(area, line.saturating_add(2), style);
        let enabled = (action.enabled)(app).is_ok();
        let (key, text) = if enabled { (Face::Key, Face::Dialog) } else { (Face::Disabled, Face::Disabled) };
        painter.column(&mut row, 15, &action.keys.join(" "), key);
        painter.gap(&mut row, 1);
        painter.column(&mut row, 19, action.label, text);
        painter.gap(&mut row, 1);
        painter.text(&mut row, action.help, text);
    }
    let mut row = painter.row(area, last_line(area), style);
    // The sentence of the selected line in full, or why it cannot act.
    let selected = help.shown.get(help.selected).and_then(|&id| actions::get(id));
    if let Some(action) = selected {
        match (action.enabled)(app) {
            Ok(()) => painter.text(&mut row, action.help, Face::TextDim),
            Err(why) => painter.text(&mut row, &why, Face::MessageError),
        }
    }
}

fn reading(painter: &mut Painter<'_>, app: &App, text: &TextView) {
    let lines = &text.shown.1;
    let area = open(painter, app, &text.title, WIDEST, tall(lines.len(), 5));
    let style = painter.style(Face::Dialog);
    let page = usize::from(area.height).saturating_sub(3);
    for (line, shown) in lines.iter().skip(text.top).take(page).enumerate() {
        let mut row = painter.row(area, line.saturating_add(1), style);
        painter.text(&mut row, shown, Face::Dialog);
    }
    let mut row = painter.row(area, last_line(area), style);
    button(painter, &mut row, "Close", "Esc", true);
    if lines.len() > page {
        let seen = text.top.saturating_add(page).min(lines.len());
        painter.right(&mut row, &format!("{seen}/{}", lines.len()), Face::TextDim);
    }
}
