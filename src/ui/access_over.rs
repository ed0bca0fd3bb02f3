//! What lies over the access view: lists to choose from, and the changes on offer.

use crate::access::Principal;
use crate::app::App;
use crate::app::access_view::OFFERS;
use crate::app::dialog::AccessView;
use crate::app::dialog::access::Offers;
use crate::app::dialog::access_chooser::{Chooser, Choosing, Chosen};
use crate::app::layout::{AccessLayout, Area};
use crate::app::seen::Target;
use crate::app::wrap::wrap;
use crate::store::Store;

use super::access::{place, reading};
use super::dialogs::{button, hints, last_line};
use super::paint::Painter;
use super::theme::Face;

fn open(painter: &mut Painter<'_>, app: &App, cut: &AccessLayout, title: &str) -> Area {
    let style = painter.style(Face::Dialog);
    let area = cut.over;
    painter.fill(area, style);
    if app.plain {
        let mut row = painter.row(area, 0, style);
        painter.text(&mut row, title, Face::DialogTitle);
    } else {
        painter.frame(area, Face::DialogFrame, title, Face::DialogTitle);
    }
    let (x, y) = (area.x.saturating_add(2), area.y.saturating_add(1));
    Area::new(x, y, area.width.saturating_sub(4), area.height.saturating_sub(2))
}

/// Draws a list to choose from.
pub fn chooser(
    painter: &mut Painter<'_>,
    app: &App,
    store: &Store,
    view: &AccessView,
    chooser: &Chooser,
    cut: &AccessLayout,
) {
    let (title, hint) = match chooser.choosing {
        Choosing::Who => ("Whose access", "type a part of a name or a SID, or paste what whoami /all prints"),
        Choosing::Scope => ("In which scope", "type a part of its name"),
        Choosing::Operation => ("Which operation", "type its number or a part of its name"),
    };
    let area = open(painter, app, cut, title);
    let style = painter.style(Face::Dialog);
    let mut row = painter.row(area, 0, style);
    painter.text(&mut row, "Find ", Face::TextLabel);
    let cells = row.room();
    painter.field(&mut row, cells, &chooser.filter, true);
    let mut row = painter.row(area, 1, style);
    painter.text(&mut row, hint, Face::TextDim);
    let page = usize::from(cut.over_lines);
    if chooser.shown.is_empty() {
        let mut row = painter.row(area, 2, style);
        let text = match (&view.roster, chooser.is_done) {
            (_, true) => "Nothing matches.".to_owned(),
            (None, false) => reading(app),
            (Some(_), false) => "Looking …".to_owned(),
        };
        painter.text(&mut row, &text, Face::Dialog);
    }
    for (line, index) in (chooser.place.top..chooser.shown.len()).take(page).enumerate() {
        let Some(chosen) = chooser.shown.get(index) else { break };
        let face = if index == chooser.place.at { Face::Selection } else { Face::Dialog };
        let style = painter.style(face);
        let mut row = painter.row(area, line.saturating_add(2), style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Line(index));
        painter.gap(&mut row, 1);
        let (text, detail) = shown(painter, store, view, chosen);
        painter.right(&mut row, &detail, Face::TextDim);
        painter.text(&mut row, &text, Face::Dialog);
    }
    let mut row = painter.row(area, last_line(area), style);
    button(painter, &mut row, "Choose", "Enter", true);
    button(painter, &mut row, "Back", "Esc", false);
    let seen = chooser.shown.len();
    let more = match (chooser.more, chooser.is_done || view.roster.is_none()) {
        (true, _) => format!("the first {seen}; type more of it"),
        (false, false) => "Looking …".to_owned(),
        (false, true) => String::new(),
    };
    painter.text(&mut row, &more, Face::TextDim);
}

/// A line of the list, and what is said of it on the right.
fn shown(painter: &mut Painter<'_>, store: &Store, view: &AccessView, chosen: &Chosen) -> (String, String) {
    match chosen {
        Chosen::Member(member) => (painter.principal(store, *member), String::new()),
        Chosen::Typed(sid) => {
            (painter.principal(store, Principal::Account(*sid)), "not listed in the store".to_owned())
        }
        Chosen::Pasted(pasted) => {
            let who = match pasted.account {
                None => "Pasted groups".to_owned(),
                Some(sid) => painter.principal(store, Principal::Account(sid)),
            };
            let deny = match pasted.deny_only.len() {
                0 => String::new(),
                count => format!(", {count} that only deny left out"),
            };
            let groups = pasted.groups.len();
            (who, format!("in {groups} group{}{deny}", if groups == 1 { "" } else { "s" }))
        }
        Chosen::Scope(scope) => (place(store, *scope), String::new()),
        Chosen::Operation(None) => (format!("All {}, counted", view.operations.ids().len()), String::new()),
        Chosen::Operation(Some(id)) => {
            let number = store.operation_id(*id).map(|number| number.to_string()).unwrap_or_default();
            (store.name(*id).into_owned(), number)
        }
    }
}

/// Draws the changes on offer: a line for each, and the selected one in full.
pub fn offers(painter: &mut Painter<'_>, app: &App, offers: &Offers, cut: &AccessLayout) {
    let area = open(painter, app, cut, &offers.title);
    let style = painter.style(Face::Dialog);
    let visible = offers.shown.len().min(OFFERS);
    for (line, index) in (offers.place.top..offers.shown.len()).take(visible).enumerate() {
        let Some((changes, _)) = offers.shown.get(index) else { break };
        let face = if index == offers.place.at { Face::Selection } else { Face::Dialog };
        let style = painter.style(face);
        let mut row = painter.row(area, line, style);
        painter.note(Area::new(row.x, row.y, row.room(), 1), Target::Line(index));
        painter.gap(&mut row, 1);
        painter.right(&mut row, &brief(offers, index), Face::TextDim);
        let text = match changes.len() {
            0 | 1 => changes.first().cloned().unwrap_or_default(),
            count => format!(
                "{} and {} more",
                changes.first().cloned().unwrap_or_default(),
                count.saturating_sub(1)
            ),
        };
        painter.text(&mut row, &text, Face::Dialog);
    }
    let width = usize::from(area.width).saturating_sub(2);
    let mut lines: Vec<(String, Face)> = Vec::new();
    if let Some((changes, besides)) = offers.shown.get(offers.place.at) {
        let changes = changes.iter().flat_map(|change| wrap(change, width));
        lines.extend(changes.map(|line| (line, Face::TextStrong)));
        lines.push((String::new(), Face::Dialog));
        lines.push(("Besides".to_owned(), Face::TextLabel));
        lines.extend(besides.iter().flat_map(|line| wrap(line, width)).map(|line| (line, Face::Dialog)));
    }
    let from = visible.saturating_add(1);
    let room = usize::from(area.height).saturating_sub(from).saturating_sub(2);
    let top = offers.top.min(lines.len().saturating_sub(room));
    for (line, (text, face)) in lines.iter().skip(top).take(room).enumerate() {
        let mut row = painter.row(area, line.saturating_add(from), style);
        painter.gap(&mut row, 1);
        painter.text(&mut row, text, *face);
    }
    let mut row = painter.row(area, last_line(area), style);
    button(painter, &mut row, "Back", "Esc", true);
    button(painter, &mut row, "Apply", "a", false);
    let mut keys = vec![("Up/Down", "other changes")];
    if lines.len() > room {
        keys.push(("PgDn", "more of this"));
    }
    hints(painter, &mut row, &keys);
}

/// How much a remedy changes besides.
fn brief(offers: &Offers, index: usize) -> String {
    match offers.remedies.get(index).map_or(0, |remedy| remedy.effect.size()) {
        0 => "nothing else".to_owned(),
        1 => "1 operation more".to_owned(),
        usize::MAX => "far more".to_owned(),
        size => format!("{size} operations more"),
    }
}
