//! The access view: what one account may, who may do one thing, and two matrices.

use crate::access::{Answer, Principal};
use crate::app::access_view::{OPERATION_CELLS, SCOPE_CELLS};
use crate::app::dialog::AccessView;
use crate::app::dialog::access::{self, Over, Who};
use crate::app::layout::{self, AccessLayout, Area};
use crate::app::seen::Target;
use crate::app::{App, Doc};
use crate::report::access as words;
use crate::store::{ObjId, Store};

use super::access_over;
use super::dialogs::hints;
use super::paint::{Painter, Row};
use super::show;
use super::theme::Face;

/// Draws the view over the whole screen.
pub fn draw(painter: &mut Painter<'_>, app: &App, view: &AccessView) {
    let Some(doc) = app.doc() else { return };
    let (width, height) = app.size;
    let cut = layout::access(width, height, app.plain);
    let style = painter.style(Face::Text);
    let whole = Area::new(0, 0, width, height);
    painter.fill(whole, style);
    let unsaved = match doc.unsaved_steps() {
        0 => String::new(),
        1 => ", with 1 change that is not saved".to_owned(),
        count => format!(", with {count} changes that are not saved"),
    };
    let title = format!("Access  {}{unsaved}", doc.store().name(view.application));
    if app.plain {
        let mut row = painter.row(whole, 0, style);
        painter.text(&mut row, &title, Face::DialogTitle);
    } else {
        painter.frame(cut.frame, Face::DialogFrame, &title, Face::DialogTitle);
    }
    about(painter, doc, view, &cut);
    match view.face {
        access::Face::Account => answers(painter, app, doc.store(), view, &cut),
        access::Face::Operation => holders(painter, app, doc.store(), view, &cut),
        access::Face::Roles | access::Face::Members => matrix(painter, app, doc.store(), view, &cut),
    }
    divider(painter, app, cut.divider);
    path(painter, doc.store(), view, &cut);
    keys(painter, view, cut.keys);
    match &view.over {
        Some(Over::Chooser(chooser)) => access_over::chooser(painter, app, doc.store(), view, chooser, &cut),
        Some(Over::Offers(offers)) => access_over::offers(painter, app, offers, &cut),
        None => {}
    }
}

/// What is said in the place of what is being read.
pub fn reading(app: &App) -> String {
    let percent = app.doc().and_then(|doc| doc.listing.progress()?.percent());
    let far = percent.map_or_else(String::new, |percent| format!(": {percent} %"));
    format!("Reading who is listed where{far}")
}

/// A sign for an answer, the same in every font.
pub fn sign(painter: &Painter<'_>, answer: Answer) -> (&'static str, Face) {
    match answer {
        Answer::Yes => ("y", Face::Added),
        Answer::Conditional => ("?", Face::Warning),
        Answer::No => (painter.glyphs.info, Face::TextDim),
    }
}

/// A level, as the view names it.
pub fn place(store: &Store, scope: Option<ObjId>) -> String {
    scope.map_or_else(|| "the application's own level".to_owned(), |scope| store.name(scope).into_owned())
}

fn about(painter: &mut Painter<'_>, doc: &Doc, view: &AccessView, cut: &AccessLayout) {
    let style = painter.style(Face::Text);
    let store = doc.store();
    let mut row = painter.row(cut.about, 0, style);
    let (label, text) = match view.face {
        access::Face::Account => {
            ("Account", view.who.as_ref().map_or_else(String::new, |who| who_text(painter, store, who)))
        }
        access::Face::Operation => {
            ("Operation", view.operation.map_or_else(String::new, |id| words::operation(store, id)))
        }
        access::Face::Roles => {
            let count = view.roster.as_ref().map(|roster| format!("{} ", roster.definition_count()));
            let count = count.unwrap_or_default();
            ("Definitions", format!("{count}by {} operations", view.operations.ids().len()))
        }
        access::Face::Members => {
            let what = match view.operation {
                None => "how many operations each may do, by its own SID".to_owned(),
                Some(id) => format!("who may {}, by its own SID", words::operation(store, id)),
            };
            let count = view.roster.as_ref().map(|roster| format!("{}: ", roster.len()));
            ("Members", format!("{}{what}", count.unwrap_or_default()))
        }
    };
    painter.column(&mut row, 12, label, Face::TextLabel);
    painter.text(&mut row, &text, Face::TextStrong);
    let mut row = painter.row(cut.about, 1, style);
    let legend = format!("y yes  ? conditional  {} no", painter.glyphs.info);
    painter.right(&mut row, &legend, Face::TextDim);
    let (label, text) = match view.face {
        access::Face::Account | access::Face::Operation => ("In", place(store, view.scope)),
        access::Face::Members => ("In", place(store, view.scope_of(view.column().at))),
        access::Face::Roles => {
            let id = view.operations.ids().get(view.column().at);
            ("Operation", id.map_or_else(String::new, |&id| words::operation(store, id)))
        }
    };
    painter.column(&mut row, 12, label, Face::TextLabel);
    painter.text(&mut row, &text, Face::Text);
}

fn who_text(painter: &mut Painter<'_>, store: &Store, who: &Who) -> String {
    let Who::Account { account, groups, implied } = who else {
        let Who::Found(group) = who else { return String::new() };
        return painter.principal(store, Principal::Found(*group));
    };
    let mut text = match account {
        None => "somebody".to_owned(),
        Some(sid) => painter.principal(store, Principal::Account(*sid)),
    };
    match groups.len() {
        0 => {}
        1 => text.push_str(", in 1 group"),
        count => text = format!("{text}, in {count} groups"),
    }
    if !implied {
        text.push_str(", Everyone not implied");
    }
    text
}

/// The lines of a list that are visible, each with its row.
fn lines(
    painter: &mut Painter<'_>,
    app: &App,
    view: &AccessView,
    cut: &AccessLayout,
    mut each: impl FnMut(&mut Painter<'_>, &mut Row, usize),
) {
    let place = view.line();
    for line in 0..usize::from(cut.list.height) {
        let index = place.top.saturating_add(line);
        if index >= view.line_count() {
            break;
        }
        let is_selected = index == place.at;
        let face = match (is_selected, view.on_path) {
            (true, None) => Face::Selection,
            (true, Some(_)) => Face::SelectionInactive,
            (false, _) => Face::Text,
        };
        let style = painter.style(face);
        let mut row = painter.row(cut.list, line, style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Line(index));
        if is_selected && app.plain && view.on_path.is_none() && view.over.is_none() {
            painter.drawn.cursor = Some(ratatui::layout::Position { x: row.x, y: row.y });
        }
        each(painter, &mut row, index);
    }
}

fn answers(painter: &mut Painter<'_>, app: &App, store: &Store, view: &AccessView, cut: &AccessLayout) {
    let count = |wanted| view.answers.iter().filter(|(_, answer, _)| *answer == wanted).count();
    let style = painter.style(Face::Text);
    let mut row = painter.row(cut.columns, 0, style);
    let text = format!(
        "{} of {} operations, {} more conditionally",
        count(Answer::Yes),
        view.answers.len(),
        count(Answer::Conditional)
    );
    painter.text(&mut row, &text, Face::TextDim);
    lines(painter, app, view, cut, |painter, row, index| {
        let Some((operation, answer, because)) = view.answers.get(index) else { return };
        let (sign, face) = sign(painter, *answer);
        painter.gap(row, 1);
        painter.column(row, 2, sign, face);
        let number = store.operation_id(*operation).map(|number| number.to_string()).unwrap_or_default();
        painter.column(row, 7, &format!("{number:>6}"), Face::TextDim);
        painter.gap(row, 1);
        let how = how(store, because.len(), because.first().map(|way| way.assignment));
        painter.right(row, &how, Face::TextDim);
        painter.text(row, &store.name(*operation), Face::Text);
    });
}

/// By which assignment, and how many ways there are besides.
fn how(store: &Store, ways: usize, assignment: Option<ObjId>) -> String {
    let Some(assignment) = assignment else { return String::new() };
    let name = store.name(assignment);
    let place = store
        .scope(assignment)
        .map_or_else(|| "everywhere".to_owned(), |scope| format!("in {}", store.name(scope)));
    match ways {
        1 => format!("{name} {place}"),
        ways => format!("{name} {place} and {} more", ways.saturating_sub(1)),
    }
}

fn holders(painter: &mut Painter<'_>, app: &App, store: &Store, view: &AccessView, cut: &AccessLayout) {
    let style = painter.style(Face::Text);
    let mut row = painter.row(cut.columns, 0, style);
    let text = match (view.operation, view.holders.len()) {
        (None, _) => "o chooses an operation.".to_owned(),
        (_, 0) => "Nobody may.".to_owned(),
        (_, 1) => "1 member may:".to_owned(),
        (_, count) => format!("{count} members may:"),
    };
    painter.text(&mut row, &text, Face::TextDim);
    lines(painter, app, view, cut, |painter, row, index| {
        let Some((member, answer, because)) = view.holders.get(index) else { return };
        let (sign, face) = sign(painter, *answer);
        painter.gap(row, 1);
        painter.column(row, 3, sign, face);
        let how = how(store, because.len(), because.first().map(|way| way.assignment));
        painter.right(row, &how, Face::TextDim);
        let who = painter.principal(store, *member);
        painter.account_column(row, row.room(), &who, Face::Text);
    });
}

/// A matrix: the first column stays where it is, and so does the line of headings.
fn matrix(painter: &mut Painter<'_>, app: &App, store: &Store, view: &AccessView, cut: &AccessLayout) {
    let is_roles = view.face == access::Face::Roles;
    let cells = u16::try_from(if is_roles { OPERATION_CELLS } else { SCOPE_CELLS }).unwrap_or(u16::MAX);
    let column = view.column();
    let shown = column.top..column.top.saturating_add(view.page_columns).min(view.column_count());
    let style = painter.style(Face::Text);
    let mut row = painter.row(cut.columns, 0, style);
    painter.gap(&mut row, cut.heading);
    for index in shown.clone() {
        let text = if is_roles {
            let id = view.operations.ids().get(index).copied();
            id.map_or_else(String::new, |id| {
                store
                    .operation_id(id)
                    .map_or_else(|| store.name(id).into_owned(), |number| number.to_string())
            })
        } else {
            view.scope_of(index)
                .map_or_else(|| "everywhere".to_owned(), |scope| store.name(scope).into_owned())
        };
        let face = if index == column.at { Face::TextStrong } else { Face::TextDim };
        painter.note(Area::new(row.x, row.y, cells.min(row.room()), 1), Target::Column(index));
        heading(painter, &mut row, cells, &text, face);
    }
    if view.line_count() == 0 {
        let mut row = painter.row(cut.list, 0, style);
        let text = match (&view.roster, is_roles) {
            (None, _) => reading(app),
            (_, true) => "No definitions yet.".to_owned(),
            (_, false) => "No members yet: nobody may do anything.".to_owned(),
        };
        painter.text(&mut row, &text, Face::TextDim);
    }
    lines(painter, app, view, cut, |painter, row, line| {
        let is_selected = line == view.line().at;
        let label = if is_roles {
            view.definition(line).map_or_else(String::new, |id| definition(store, id))
        } else {
            view.member(line).map_or_else(String::new, |member| painter.principal(store, member))
        };
        painter.account_column(row, cut.heading.saturating_sub(1), &label, Face::Text);
        painter.gap(row, 1);
        for index in shown.clone() {
            let (text, face) =
                if is_roles { reached(painter, view, line, index) } else { held(painter, view, line, index) };
            let mut place = *row;
            painter.note(Area::new(row.x, row.y, cells.min(row.room()), 1), Target::Cell(line, index));
            if is_selected && index == column.at {
                // The cell is left out of the selected line: that shows in every theme.
                place.style = painter.style(Face::Text);
                let here =
                    Area::new(row.x.saturating_add(1), row.y, cells.saturating_sub(1).min(row.room()), 1);
                painter.fill(here, place.style);
            }
            heading(painter, &mut place, cells, &text, face);
            row.x = place.x;
        }
    });
}

/// Text at the right of a column.
fn heading(painter: &mut Painter<'_>, row: &mut Row, cells: u16, text: &str, face: Face) {
    let cells = cells.min(row.room());
    let room = cells.saturating_sub(1);
    let width = u16::try_from(show::width(text)).unwrap_or(u16::MAX).min(room);
    painter.gap(row, cells.saturating_sub(width));
    painter.column(row, width, text, face);
}

fn definition(store: &Store, id: ObjId) -> String {
    match store.scope(id) {
        Some(scope) => format!("{} in {}", store.name(id), store.name(scope)),
        None => store.name(id).into_owned(),
    }
}

fn reached(painter: &Painter<'_>, view: &AccessView, line: usize, column: usize) -> (String, Face) {
    let rights = view.definition(line).and_then(|id| view.reached.get(&id));
    let answer = rights.map_or(Answer::No, |rights| rights.answer(column));
    let (sign, face) = sign(painter, answer);
    (sign.to_owned(), face)
}

fn held(painter: &Painter<'_>, view: &AccessView, line: usize, column: usize) -> (String, Face) {
    let held = view.held.get(&line).map(Vec::as_slice).unwrap_or_default();
    let level = view.scope_of(column);
    let counts = |at: ObjId| at == view.application || Some(at) == level;
    let here: Vec<_> = held.iter().filter(|held| counts(held.level)).map(|held| &held.rights).collect();
    if let Some(number) = view.operation.and_then(|id| view.operations.number(id)) {
        let answer = here.iter().map(|rights| rights.answer(number)).max().unwrap_or(Answer::No);
        let (sign, face) = sign(painter, answer);
        return (sign.to_owned(), face);
    }
    let (mut plain, mut any) = (0, 0);
    for number in 0..view.operations.ids().len() {
        match here.iter().map(|rights| rights.answer(number)).max() {
            Some(Answer::Yes) => (plain, any) = (plain + 1, any + 1),
            Some(Answer::Conditional) => any += 1,
            _ => {}
        }
    }
    match (plain, any) {
        (_, 0) => (painter.glyphs.info.to_owned(), Face::TextDim),
        (plain, any) if plain == any => (plain.to_string(), Face::Added),
        (0, any) => (format!("{any}?"), Face::Warning),
        (plain, any) => (format!("{plain}+{}?", any - plain), Face::Added),
    }
}

/// A line; what there is to tell stands in it.
fn divider(painter: &mut Painter<'_>, app: &App, area: Area) {
    let style = painter.style(Face::Frame);
    let sign = painter.glyphs.border.horizontal_top;
    for x in area.x..area.x.saturating_add(area.width) {
        painter.sign(x, area.y, sign, style);
    }
    if let Some(message) = &app.message {
        let mut row = painter.row(area, 0, style);
        painter.gap(&mut row, 2);
        let face = if message.is_error { Face::MessageError } else { Face::Message };
        painter.text(&mut row, &format!(" {} ", message.text), face);
    }
}

/// The answer behind what is selected, and the way to it.
fn path(painter: &mut Painter<'_>, store: &Store, view: &AccessView, cut: &AccessLayout) {
    if view.line_count() == 0 {
        return;
    }
    let style = painter.style(Face::Text);
    let mut row = painter.row(cut.path, 0, style);
    let line = view.line().at;
    let (what, answer) = match view.face {
        access::Face::Account => match view.answers.get(line) {
            Some((id, answer, _)) => (words::operation(store, *id), Some(*answer)),
            None => return,
        },
        access::Face::Operation => match view.holders.get(line) {
            Some((member, answer, _)) => (painter.principal(store, *member), Some(*answer)),
            None => return,
        },
        access::Face::Roles => {
            let id = view.operations.ids().get(view.column().at);
            let definition = view.definition(line).map(|id| definition(store, id)).unwrap_or_default();
            let rights = view.definition(line).and_then(|id| view.reached.get(&id));
            let what = id.map_or_else(String::new, |&id| words::operation(store, id));
            (
                format!("{definition}, {what}"),
                Some(rights.map_or(Answer::No, |rights| rights.answer(view.column().at))),
            )
        }
        access::Face::Members => {
            let member = view.member(line).map(|member| painter.principal(store, member));
            let place = place(store, view.scope_of(view.column().at));
            (format!("{}, {place}", member.unwrap_or_default()), None)
        }
    };
    let answer = match answer {
        Some(answer) => format!(": {}", answer.word()),
        None => String::new(),
    };
    painter.text(&mut row, &format!("{what}{answer}"), Face::TextStrong);
    let room = usize::from(cut.path.height).saturating_sub(1);
    let top = view.on_path.map_or(0, |at| at.saturating_add(1).saturating_sub(room));
    for (line, entry) in view.path.iter().skip(top).take(room).enumerate() {
        let is_selected = view.on_path == Some(top.saturating_add(line));
        let style = painter.style(if is_selected { Face::Selection } else { Face::Text });
        let mut row = painter.row(cut.path, line.saturating_add(1), style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Way(top.saturating_add(line)));
        painter.gap(&mut row, 2);
        painter.column(&mut row, 12, entry.label, Face::TextLabel);
        painter.text(&mut row, &painter.names.put_into(&entry.text), Face::Text);
    }
    let empty = match view.face {
        access::Face::Members if view.operation.is_none() => {
            "It may do nothing by itself. Enter lists the operations."
        }
        _ => "Nothing in the store grants it. Enter shows what would.",
    };
    if view.path.is_empty() && room > 0 {
        let mut row = painter.row(cut.path, 1, style);
        painter.gap(&mut row, 2);
        painter.text(&mut row, empty, Face::TextDim);
    }
}

fn keys(painter: &mut Painter<'_>, view: &AccessView, area: Area) {
    let style = painter.style(Face::Text);
    let mut row = painter.row(area, 0, style);
    let enter =
        if view.face == access::Face::Members && view.operation.is_none() { "list" } else { "go, grant" };
    let is_narrow = area.width < 100;
    let is_count = view.face == access::Face::Members && view.operation.is_none();
    let mut all = vec![("Enter", enter)];
    all.extend((!is_count).then_some(("x", "withdraw")));
    all.extend(match view.face {
        access::Face::Account => {
            &[("w", "who"), ("s", "scope"), ("e", "Everyone")][..if is_narrow { 2 } else { 3 }]
        }
        access::Face::Operation => &[("o", "operation"), ("s", "scope")][..],
        access::Face::Roles => &[],
        access::Face::Members if is_count => &[("Tab", "next place"), ("w", "who"), ("o", "operation")],
        access::Face::Members => &[("w", "who"), ("s", "scope"), ("o", "operation")],
    });
    let faces = [
        (access::Face::Account, "1", "account"),
        (access::Face::Operation, "2", "operation"),
        (access::Face::Roles, "3", "roles"),
        (access::Face::Members, "4", "members"),
    ];
    if is_narrow {
        all.push(("1-4", "views"));
    } else {
        let others = faces.iter().filter(|(face, ..)| *face != view.face);
        all.extend(others.map(|(_, key, label)| (*key, *label)));
    }
    all.push(("Esc", "close"));
    hints(painter, &mut row, &all);
}
