//! Dialogs: one frame over the panes, a title that names verb and object, buttons that carry their keys.

use crate::app::App;
use crate::app::actions::{ACTIONS, Action};
use crate::app::dialog::{Confirm, Dialog, Help, TextView};
use crate::app::layout::{self, Area};
use crate::app::room::{WIDEST_DIALOG as WIDEST, dialog_page};
use crate::app::seen::Target;
use crate::app::wrap::wrap;

use super::paint::{Painter, Row};
use super::theme::Face;
use super::{
    access, denials, forms, menus, merging, palette, past, pasting, picking, places, saving, show, stores,
};

/// Draws the dialogs, the one with the keyboard on top.
pub fn draw(painter: &mut Painter<'_>, app: &App) {
    let last = app.dialogs.len().saturating_sub(1);
    for (index, dialog) in app.dialogs.iter().enumerate() {
        let focused = index == last;
        match dialog {
            Dialog::Confirm(confirm) => question(painter, app, confirm),
            Dialog::Form(form) => forms::draw(painter, app, form, focused),
            Dialog::Picker(picker) => picking::draw(painter, app, picker, focused),
            Dialog::Save(save) => saving::draw(painter, app, save),
            Dialog::Merge(merge) => merging::draw(painter, app, merge),
            Dialog::Past(dialog) => past::draw(painter, app, dialog),
            Dialog::Help(help) => helping(painter, app, help, focused),
            Dialog::Cluster(view) => super::cluster::draw(painter, app, view),
            Dialog::Denials(view) => denials::draw(painter, app, view),
            Dialog::Stores(open) => stores::draw(painter, app, open, focused),
            Dialog::Text(text) => reading(painter, app, text),
            Dialog::Menu(menu) => menus::draw(painter, app, menu),
            Dialog::Palette(palette) => palette::draw(painter, app, palette, focused),
            Dialog::Places(places) => places::draw(painter, app, places, focused),
            Dialog::Themes(themes) => super::themes::draw(painter, app, themes),
            Dialog::Access(view) => access::draw(painter, app, view),
            Dialog::Rule(rule) => super::rule::draw(painter, app, rule, focused),
            Dialog::Plain(text) => pasting::plain(painter, app, text),
            Dialog::Paste(paste) => pasting::draw(painter, app, paste),
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
    open_wide(painter, app, title, width.min(WIDEST), height)
}

/// The same for two lists side by side, which may be as wide as the window.
pub fn open_wide(painter: &mut Painter<'_>, app: &App, title: &str, width: u16, height: u16) -> Area {
    open_at(painter, app, title, (width, height), None)
}

/// The same, near a cell instead of in the middle.
pub fn open_at(
    painter: &mut Painter<'_>,
    app: &App,
    title: &str,
    (width, height): (u16, u16),
    at: Option<(u16, u16)>,
) -> Area {
    let screen = app.size;
    let width = width.min(screen.0.saturating_sub(2));
    let height = height.min(screen.1.saturating_sub(2));
    let area = at.map_or_else(
        || layout::dialog(screen, width, height),
        |cell| layout::dialog_at(screen, width, height, cell),
    );
    let style = painter.style(Face::Dialog);
    // Nothing beside the dialog on top can be clicked, and nothing under it.
    painter.note(Area::new(0, 0, screen.0, screen.1), Target::Dialog);
    if app.plain {
        // What lies below has the cursor no more.
        painter.drawn.cursor = None;
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

/// A sentence on the lines above the buttons, over what stands there.
pub fn above_buttons(painter: &mut Painter<'_>, area: Area, text: &str, face: Face) {
    let style = painter.style(Face::Dialog);
    let lines = wrap(text, usize::from(area.width));
    let first = last_line(area).saturating_sub(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let mut row = painter.row(area, first.saturating_add(at), style);
        painter.fill(Area::new(row.x, row.y, row.room(), 1), style);
        painter.text(&mut row, line, face);
    }
}

/// `[ Delete y ]` at the row's end; the focused one stands out. A click on it presses the key that it shows.
pub fn button(painter: &mut Painter<'_>, row: &mut Row, label: &str, key: &str, focused: bool) {
    button_of(painter, row, (label, key), focused, key.parse().ok().map(Target::Key));
}

/// The same for one whose click means something else than its key.
pub fn button_of(
    painter: &mut Painter<'_>,
    row: &mut Row,
    (label, key): (&str, &str),
    focused: bool,
    target: Option<Target>,
) {
    let text = if key.is_empty() { format!("[ {label} ]") } else { format!("[ {label} {key} ]") };
    let width = u16::try_from(show::width(&text)).unwrap_or(u16::MAX);
    let x = row.end.saturating_sub(width);
    if x < row.x {
        return;
    }
    let mut place = Row { x, ..*row };
    if painter.plain && focused && painter.drawn.cursor.is_none() {
        painter.drawn.cursor = Some(ratatui::layout::Position { x, y: row.y });
    }
    painter.text(&mut place, &text, if focused { Face::ButtonFocus } else { Face::Button });
    if let Some(target) = target {
        painter.note_from(x, &place, target);
    }
    row.end = x.saturating_sub(1);
}

/// A short help for a dialog's own keys, at the left of its last line.
pub fn hints(painter: &mut Painter<'_>, row: &mut Row, pairs: &[(&str, &str)]) {
    for (key, label) in pairs {
        if !hints_fit(row, &[(key, label)]) {
            return;
        }
        super::screen::key_and_label(painter, row, key, label, true);
    }
}

/// Whether there is room for all of these.
fn hints_fit(row: &Row, pairs: &[(&str, &str)]) -> bool {
    let wanted = pairs.iter().map(|(key, label)| key.len().saturating_add(label.len()).saturating_add(4));
    usize::from(row.room()) >= wanted.sum()
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
    for (index, choice) in confirm.choices.iter().enumerate().rev() {
        let key = choice.key.map_or_else(|| "Esc".to_owned(), String::from);
        button(painter, &mut row, &choice.label, &key, index == confirm.focus);
    }
    if lines.len() > room {
        let more = [("Up/Down", "more")];
        // Where the buttons take the whole line it stands above them.
        let above = last_line(area).saturating_sub(1);
        let mut row = if hints_fit(&row, &more) { row } else { painter.row(area, above, style) };
        hints(painter, &mut row, &more);
    }
}

/// The choices of a menu, from this line on. Where they are more than lines, those that lead up to the selected one.
fn menu(painter: &mut Painter<'_>, area: Area, confirm: &Confirm, first: usize) {
    let rows = usize::from(area.height).saturating_sub(first);
    let top = confirm.focus.saturating_add(1).saturating_sub(rows);
    for (index, choice) in confirm.choices.iter().enumerate().skip(top).take(rows) {
        let face = if index == confirm.focus { Face::Selection } else { Face::Dialog };
        let style = painter.style(face);
        let mut row = painter.row(area, first.saturating_add(index).saturating_sub(top), style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Line(index));
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

fn helping(painter: &mut Painter<'_>, app: &App, help: &Help, focused: bool) {
    let area = open(painter, app, "Help: type to find, Enter runs", WIDEST, u16::MAX);
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, 0, style);
    let list = &help.list;
    filter(painter, &mut row, &list.filter, focused);
    if list.shown.is_empty() {
        let mut row = painter.row(area, 2, style);
        painter.text(&mut row, "Nothing matches.", Face::Dialog);
    }
    for (line, position) in (list.top..list.shown.len()).take(dialog_page(app)).enumerate() {
        let Some(action) = list.shown.get(position).and_then(|&index| ACTIONS.get(index)) else { continue };
        let face = if position == list.selected { Face::Selection } else { Face::Dialog };
        let style = painter.style(face);
        let mut row = painter.row(area, line.saturating_add(2), style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Line(position));
        action_line(painter, app, &mut row, action);
    }
    let mut row = painter.row(area, last_line(area), style);
    // The sentence of the selected line in full, or why it cannot act.
    if let Some(action) = list.current().and_then(|index| ACTIONS.get(index)) {
        about(painter, app, &mut row, action);
    }
}

/// Keys, label and help of an action.
pub fn action_line(painter: &mut Painter<'_>, app: &App, row: &mut Row, action: &Action) {
    let enabled = action.can(app).is_ok();
    let (key, text) = if enabled { (Face::Key, Face::Dialog) } else { (Face::Disabled, Face::Disabled) };
    painter.column(row, 15, &app.keys.listed(action.id), key);
    painter.gap(row, 1);
    painter.column(row, 19, action.label, text);
    painter.gap(row, 1);
    painter.text(row, action.help, text);
}

/// What an action does, or why it cannot.
pub fn about(painter: &mut Painter<'_>, app: &App, row: &mut Row, action: &Action) {
    match action.can(app) {
        Ok(()) => painter.text(row, action.help, Face::TextDim),
        Err(why) => painter.text(row, &why, Face::MessageError),
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
