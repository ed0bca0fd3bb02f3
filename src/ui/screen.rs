//! The main screen: title, path, the one frame, status, key bar.

use ratatui::layout::Position;

use crate::accounts::Names;
use crate::app::actions::Id;
use crate::app::layout::{Area, Layout, Pane};
use crate::app::machines::sheet;
use crate::app::search::{Aim, Search};
use crate::app::seen::Target;
use crate::app::sheet::Entry;
use crate::app::tree::Part;
use crate::app::wrap::wrap;
use crate::app::{App, Doc, actions};

use super::paint::{Painter, Row};
use super::theme::Face;
use super::{details, problems, show, tree};

/// Draws everything but the dialogs.
pub fn draw(painter: &mut Painter<'_>, app: &App, doc: &Doc, cut: &Layout) {
    for (pane, area) in [
        (Pane::Tree, cut.tree),
        (Pane::Details, cut.head),
        (Pane::Details, cut.details),
        (Pane::Problems, cut.problems),
    ] {
        painter.note(area, Target::Pane(pane));
    }
    title(painter, app, doc, cut.title);
    path(painter, doc, cut.path);
    frame(painter, app, cut);
    if !cut.tree.is_empty() {
        tree::draw(painter, app, doc, cut.tree);
    }
    if !cut.details.is_empty() {
        details::draw(painter, app, doc, cut.head, cut.details);
    }
    if !cut.problems.is_empty() {
        problems::draw(painter, app, doc, cut.problems);
    }
    filter(painter, app, doc, cut.filter);
    keys(painter, app, cut.keys);
    status(painter, app, doc, cut);
    if app.plain && app.dialogs.is_empty() && painter.drawn.cursor.is_none() {
        painter.drawn.cursor = selection(app, doc, cut);
    }
}

/// Where the selected line begins: screen readers read the line of the terminal's cursor.
fn selection(app: &App, doc: &Doc, cut: &Layout) -> Option<Position> {
    let (area, line) = match app.focus {
        Pane::Tree => (cut.tree, doc.tree.selected().saturating_sub(doc.tree.top())),
        Pane::Details => (cut.details, doc.sheet.selected.saturating_sub(doc.sheet.top)),
        Pane::Problems => (cut.problems, doc.problems.selected.saturating_sub(doc.problems.top)),
    };
    let y = area.y.saturating_add(u16::try_from(line).ok()?);
    area.contains(area.x, y).then_some(Position { x: area.x, y })
}

const PROGRAM: &str = "azedit  ";

/// Cells of a store's name that are kept in the narrowest window.
const SHORTEST_NAME: usize = 12;

fn title(painter: &mut Painter<'_>, app: &App, doc: &Doc, area: Area) {
    let style = painter.style(Face::Header);
    let mut row = painter.row(area, 0, style);
    painter.gap(&mut row, 1);
    let (errors, warnings) = (doc.problems.errors, doc.problems.warnings);
    let count = |count: usize, word: &str| match count {
        0 => String::new(),
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    let machines = match doc.machines.alarming() {
        0 => None,
        1 => Some("1 VM with a problem".to_owned()),
        alarming => Some(format!("{alarming} VMs with problems")),
    };
    let of_store = match (errors, warnings) {
        (0, 0) if doc.findings.is_none() => {
            match doc.check.as_ref().and_then(|check| check.progress.percent()) {
                None | Some(0) => "not checked yet".to_owned(),
                Some(percent) => format!("checking {percent} %"),
            }
        }
        (0, 0) => "no problems".to_owned(),
        (_, 0) => count(errors, "error"),
        (0, _) => count(warnings, "warning"),
        _ => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    };
    let problems = match (machines, doc.hidden_problems()) {
        (Some(machines), 0) if errors == 0 && warnings == 0 && doc.findings.is_some() => machines,
        (machines, hidden) => {
            let hidden = (hidden > 0).then(|| format!("{hidden} hidden"));
            [Some(of_store), hidden, machines].into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    };
    let face = match (errors, warnings) {
        (0, 0) if doc.machines.alarming() == 0 => Face::Header,
        (0, _) => Face::Warning,
        _ => Face::Error,
    };
    let changes = match (doc.unsaved_steps(), doc.is_unsaved()) {
        (0, true) if doc.machines.pending() > 0 => count(doc.machines.pending(), "VM") + " to move",
        (0, true) => "new, not saved".to_owned(),
        (0, false) => String::new(),
        (steps, _) => count(steps, "change"),
    };
    let read_only = if app.why_read_only().is_some() { "read-only" } else { "" };
    let elsewhere = match (doc.is_gone, doc.is_stale) {
        (true, _) => "gone from the disk",
        (_, true) => "changed on disk",
        _ => "",
    };
    let mode = if app.developer { "developer" } else { "" };
    let sign = doc.sign.unwrap_or_default();
    let others = app.docs.iter().filter(|other| other.id != doc.id && other.is_unsaved()).count();
    let unsaved_others = match others {
        0 => String::new(),
        1 => "1 other unsaved".to_owned(),
        _ => format!("{others} others unsaved"),
    };
    let which = match app.docs.len() {
        0 | 1 => String::new(),
        stores => format!("{}/{stores}", app.current.saturating_add(1)),
    };
    let reserved = [which.as_str(), &changes, elsewhere, read_only, mode, sign, &unsaved_others]
        .iter()
        .filter(|text| !text.is_empty())
        .map(|text| show::width(text).saturating_add(2))
        .sum::<usize>();
    let name = doc.title();
    // Where all does not fit, this program's name and the lesser problems give way: which store this is matters more.
    let around = reserved.saturating_add(show::width(&name).min(SHORTEST_NAME));
    let wanted =
        [PROGRAM, &problems].map(show::width).iter().sum::<usize>().saturating_add(around).saturating_add(2);
    let is_narrow = wanted > usize::from(row.room());
    if !is_narrow {
        painter.text(&mut row, PROGRAM, Face::Header);
    }
    let problems = match (errors, warnings) {
        (0, 1..) if is_narrow => count(warnings, "warning"),
        (1.., _) if is_narrow => count(errors, "error"),
        _ => problems,
    };
    painter.right(&mut row, &problems, face);
    let room = usize::from(row.room()).saturating_sub(reserved);
    let cells = show::width(&name).min(room);
    painter.column(&mut row, u16::try_from(cells).unwrap_or(u16::MAX), &name, Face::Header);
    for (text, face) in [
        (which.as_str(), Face::Header),
        (&changes, Face::HeaderDirty),
        (elsewhere, Face::HeaderDirty),
        (read_only, Face::Header),
        (mode, Face::Header),
        (sign, Face::Warning),
        (&unsaved_others, Face::HeaderDirty),
    ] {
        if !text.is_empty() {
            painter.gap(&mut row, 2);
            painter.text(&mut row, text, face);
        }
    }
}

fn path(painter: &mut Painter<'_>, doc: &Doc, area: Area) {
    let style = painter.style(Face::Text);
    let mut row = painter.row(area, 0, style);
    painter.gap(&mut row, 1);
    let crumbs = doc.crumbs();
    let separator = painter.glyphs.crumb;
    // What does not fit gives way at the start: where one is matters more than where one came from.
    let mut used = 0_usize;
    let room = usize::from(row.room());
    let kept = crumbs
        .iter()
        .rev()
        .take_while(|(_, crumb)| {
            used = used.saturating_add(show::width(crumb)).saturating_add(3);
            used <= room.saturating_add(3)
        })
        .count()
        .max(1);
    let skipped = crumbs.len().saturating_sub(kept);
    for (index, (node, crumb)) in crumbs.iter().enumerate().skip(skipped) {
        if index > skipped {
            painter.text(&mut row, &format!(" {separator} "), Face::TextDim);
        }
        let last = index.saturating_add(1) == crumbs.len();
        let from = row.x;
        painter.text(&mut row, crumb, if last { Face::CrumbLast } else { Face::Crumb });
        painter.note_from(from, &row, Target::Crumb(*node));
    }
}

fn frame(painter: &mut Painter<'_>, app: &App, cut: &Layout) {
    let area = cut.frame;
    if area.is_empty() {
        return;
    }
    let title = if cut.divider_x.is_some() {
        ""
    } else {
        match app.focus {
            Pane::Tree => "Store",
            Pane::Details => "Details",
            Pane::Problems => "Problems",
        }
    };
    painter.frame(area, Face::Frame, title, Face::Title);
    let style = painter.style(Face::Frame);
    let glyphs = painter.glyphs;
    let bottom = area.y.saturating_add(area.height).saturating_sub(1);
    let right = area.x.saturating_add(area.width).saturating_sub(1);
    if let Some(y) = cut.divider_y {
        for x in area.x..=right {
            painter.sign(x, y, glyphs.border.horizontal_top, style);
        }
        painter.sign(area.x, y, glyphs.tee_right, style);
        painter.sign(right, y, glyphs.tee_left, style);
    }
    if let Some(x) = cut.divider_x {
        let end = cut.divider_y.unwrap_or(bottom);
        for y in area.y..=end {
            painter.sign(x, y, glyphs.border.vertical_left, style);
        }
        let height = end.saturating_sub(area.y).saturating_add(1);
        painter.note(Area::new(x, area.y, 1, height), Target::Divider);
        painter.sign(x, area.y, glyphs.tee_down, style);
        painter.sign(x, end, glyphs.tee_up, style);
    }
}

/// What narrows the tree.
fn filter(painter: &mut Painter<'_>, app: &App, doc: &Doc, area: Area) {
    let Some(filter) = doc.filter.as_ref().filter(|_| !area.is_empty()) else { return };
    let style = painter.style(Face::Text);
    let mut row = painter.row(area, 0, style);
    painter.gap(&mut row, 1);
    let line = filter.line(doc.tree.hits().unwrap_or(0), &app.keys);
    painter.text(&mut row, &line, Face::TextStrong);
}

/// Most rows that a message takes.
const MESSAGE_ROWS: usize = 3;

fn status(painter: &mut Painter<'_>, app: &App, doc: &Doc, cut: &Layout) {
    let area = cut.status;
    let style = painter.style(Face::Text);
    let mut row = painter.row(area, 0, style);
    if let Some(search) = &app.search {
        painter.gap(&mut row, 1);
        painter.text(&mut row, if search.aim == Aim::Find { "/" } else { "&" }, Face::Key);
        let (note, face) = search_note(app, search);
        painter.right(&mut row, &note, face);
        let cells = row.room();
        painter.field(&mut row, cells, &search.line, app.dialogs.is_empty());
        return;
    }
    painter.gap(&mut row, 1);
    // What a fix would do is wanted where it can be made; older news is in the log.
    let has_preview = app.focus == Pane::Problems && doc.selected_problem().is_some();
    let Some(message) = app.message.as_ref().filter(|message| message.is_fresh() || !has_preview) else {
        counters(painter, &mut row, app, doc);
        let hunt = app.hunt.as_ref().map(|hunt| {
            let is_marked = !doc.marked.is_empty() || doc.marked.machines().len() > 0;
            let esc = if is_marked { "" } else { ", Esc ends the search" };
            {
                let (text, count) = (&hunt.text, hunt.count());
                let (next, previous) = (app.keys.shown(Id::SearchNext), app.keys.shown(Id::SearchPrevious));
                format!("\"{text}\": {count}. {next} next, {previous} previous{esc}.")
            }
        });
        if let Some(text) = hint(painter.names, app, doc).or(hunt) {
            painter.text(&mut row, &text, Face::Text);
        }
        return;
    };
    let face = if message.is_error { Face::MessageError } else { Face::Message };
    let mut beside = row;
    counters(painter, &mut beside, app, doc);
    if (usize::from(beside.room())..usize::from(row.room())).contains(&show::width(&message.text)) {
        // It fits into the line if it is alone there.
        painter.fill(Area::new(row.x, row.y, row.room(), 1), style);
        painter.text(&mut row, &message.text, face);
        return;
    }
    let mut row = beside;
    let rest = format!(" {} {} shows it all", painter.glyphs.ellipsis, app.keys.named(Id::Log));
    let lines = message_lines(&message.text, usize::from(row.room()), &rest);
    let above = u16::try_from(lines.len()).unwrap_or(1).saturating_sub(1).min(area.y);
    let top = Area::new(area.x, area.y.saturating_sub(above), area.width, above);
    painter.fill(top, style);
    for (line, text) in lines.iter().enumerate() {
        if line < usize::from(above) {
            let mut row = painter.row(top, line, style);
            painter.gap(&mut row, 1);
            painter.text(&mut row, text, face);
        } else {
            painter.text(&mut row, text, face);
        }
    }
}

/// Where the selection stands, and how many objects are marked.
fn counters(painter: &mut Painter<'_>, row: &mut Row, app: &App, doc: &Doc) {
    painter.right(row, &position(app, doc), Face::TextDim);
    let count = doc.marked.count().saturating_add(doc.marked.machines().len());
    if count > 0 {
        painter.right(row, &format!("{} {count}", painter.glyphs.marked), Face::Key);
    }
}

/// What stands at the end of the search line.
fn search_note(app: &App, search: &Search) -> (String, Face) {
    match (&search.aim, &app.hunt) {
        (Aim::Narrow(_), _) => ("Enter keeps the filter, Esc goes back".to_owned(), Face::TextDim),
        (Aim::Find, Some(hunt)) if hunt.scan.is_done() && hunt.scan.found.is_empty() => {
            ("nothing matches".to_owned(), Face::MessageError)
        }
        (Aim::Find, Some(hunt)) => (format!("{}  Up/Down, Enter stays", hunt.count()), Face::TextDim),
        (Aim::Find, None) => ("Enter stays here, Esc goes back".to_owned(), Face::TextDim),
    }
}

/// A message broken into lines, each as wide as the status line. What is too long for [`MESSAGE_ROWS`] says where the
/// rest is: its end is what says what to do.
fn message_lines(text: &str, cells: usize, rest: &str) -> Vec<String> {
    let mut lines = wrap(text, cells);
    if lines.len() > MESSAGE_ROWS {
        lines = wrap(text, cells.saturating_sub(show::width(rest)));
        lines.truncate(MESSAGE_ROWS);
        if let Some(last) = lines.last_mut() {
            last.push_str(rest);
        }
    }
    lines
}

/// What the status line says when there is no news: the whole text of a finding that is cut above, what is wrong with a
/// machine where its details are not beside it, or why a property is edited as it is.
fn hint(names: &Names, app: &App, doc: &Doc) -> Option<String> {
    if let Some(edit) = &doc.sheet.edit {
        let label = edit.what.label();
        return Some(format!("{label}: Enter keeps it, Tab goes on with the next, Esc leaves it as it was."));
    }
    if let Some(text) = marks(app, doc) {
        return Some(text);
    }
    match app.focus {
        Pane::Problems => {
            let finding = doc.selected_problem()?;
            let message = names.put_into(&finding.message);
            Some(match crate::app::problems::preview(doc, finding, names) {
                Some(fix) => format!("{}: {fix}  ({message})", app.keys.named(Id::Fix)),
                None => message.into_owned(),
            })
        }
        Pane::Details => match doc.sheet.entry() {
            Some(Entry::Finding(index)) => doc.sheet.messages.get(*index).cloned(),
            _ => None,
        },
        Pane::Tree if app.layout().details.is_empty() => {
            let (_, machine) = doc.machine()?;
            sheet::warnings(doc.store(), machine, &app.keys).into_iter().next()
        }
        Pane::Tree => None,
    }
}

/// What is marked, of what kinds.
fn marks(app: &App, doc: &Doc) -> Option<String> {
    let node = doc.node();
    let lines = if app.focus == Pane::Details && node.part == Part::Object {
        doc.marked.lines_of(node.object).len()
    } else {
        0
    };
    match lines {
        0 if doc.marked.is_empty() && doc.marked.machines().len() == 0 => None,
        0 => Some(format!("{} marked; Esc unmarks.", doc.marked.summary())),
        1 => Some("1 line marked; Esc unmarks.".to_owned()),
        _ => Some(format!("{lines} lines marked; Esc unmarks.")),
    }
}

fn position(app: &App, doc: &Doc) -> String {
    let (at, of) = match app.focus {
        Pane::Tree => (doc.tree.selected(), doc.tree.rows().len()),
        Pane::Details => (doc.sheet.selected, doc.sheet.entries.len()),
        Pane::Problems => (doc.problems.selected, doc.problems.count),
    };
    if of == 0 { String::new() } else { format!("{}/{of}", at.saturating_add(1)) }
}

/// The key bar: as many keys as fit. Help is always among them, and saving while something is unsaved.
pub fn keys(painter: &mut Painter<'_>, app: &App, area: Area) {
    let style = painter.style(Face::Text);
    let mut row = painter.row(area, 0, style);
    painter.gap(&mut row, 1);
    if doc_is_typing(app) {
        let next = app.edit().map(|_| ("Tab", "Keep, next"));
        for (key, label) in [("Enter", "Keep"), ("Esc", "Leave")].into_iter().chain(next) {
            key_and_label(painter, &mut row, key, label, true);
        }
        return;
    }
    if !app.dialogs.is_empty() || app.busy.as_ref().is_some_and(|busy| busy.is_shown) {
        // A dialog carries its own keys; those of the panes do nothing while it is there.
        return;
    }
    let ids = actions::bar(app);
    let cells = |id: &actions::Id| {
        actions::get(*id).map_or(0, |action| {
            let key = app.keys.shown(*id).len();
            key.saturating_add(action.label.len()).saturating_add(4)
        })
    };
    let unsaved = app.doc().is_some_and(|doc| doc.session.is_dirty() || doc.machines.pending() > 0);
    let must = |id: &actions::Id| *id == actions::Id::Help || unsaved && *id == actions::Id::Save;
    let reserved: usize = ids.iter().filter(|id| must(id)).map(cells).sum();
    let mut left = usize::from(row.room()).saturating_sub(reserved);
    for id in &ids {
        let Some(action) = actions::get(*id) else { continue };
        if !must(id) {
            let wanted = cells(id);
            if wanted > left {
                continue;
            }
            left = left.saturating_sub(wanted);
        }
        let key = app.keys.shown(*id);
        key_and_label(painter, &mut row, &key, action.label, action.can(app).is_ok());
    }
}

fn doc_is_typing(app: &App) -> bool {
    app.search.is_some() || app.edit().is_some()
}

/// `a Add members   `, dimmed if it cannot act.
pub fn key_and_label(painter: &mut Painter<'_>, row: &mut Row, key: &str, label: &str, enabled: bool) {
    let (key_face, label_face) =
        if enabled { (Face::Key, Face::KeyLabel) } else { (Face::KeyDisabled, Face::KeyDisabled) };
    let from = row.x;
    painter.text(row, key, key_face);
    painter.gap(row, 1);
    painter.text(row, label, label_face);
    // A hint may name two keys (`Up/Down`); such is not clicked.
    if let Ok(press) = key.parse() {
        painter.note_from(from, row, Target::Key(press));
    }
    painter.gap(row, 3);
}
