//! Finding things: search and problems.

use crate::accounts::Names;
use crate::check::{Finding, Severity};
use crate::store::ObjId;

use super::dialog::{Dialog, TextView};
use super::doc::Doc;
use super::input::{Key, KeyPress};
use super::layout::{Pane, scroll_to};
use super::line::Line;
use super::node::Node;
use super::scan::{Found, Scan, Test};
use super::search::{Aim, Hunt, Needle, Search, Way};
use super::sheet::Entry;
use super::state::App;
use super::tree::Part;

/// Opens the search line.
pub fn begin(app: &mut App) {
    let Some(doc) = app.doc() else { return };
    let from = doc.node();
    app.search = Some(Search { line: Line::selected(&app.wanted), aim: Aim::Find, from });
}

/// A key in the line of `/` or `&`: what is typed acts at once.
pub fn key(app: &mut App, press: KeyPress) {
    let Some(search) = &mut app.search else { return };
    match press.key {
        Key::Enter => accept(app),
        Key::Esc => give_up(app),
        Key::Up | Key::Down if search.aim == Aim::Find => {
            let way = if press.key == Key::Up { Way::Backward } else { Way::Forward };
            search.line.text().clone_into(&mut app.wanted);
            step(app, way);
        }
        _ => {
            let before = search.line.text().to_owned();
            search.line.press(press);
            if before != search.line.text() {
                typed(app);
            }
        }
    }
}

fn accept(app: &mut App) {
    let Some(search) = app.search.take() else { return };
    if search.aim != Aim::Find {
        return;
    }
    search.line.text().clone_into(&mut app.wanted);
    if app.wanted.trim().is_empty() {
        app.hunt = None;
        return;
    }
    if app.hunt.as_ref().is_none_or(|hunt| hunt.text != app.wanted) {
        step(app, Way::Forward);
    }
    app.focus = Pane::Tree;
    let failed = app.hunt.as_ref().is_some_and(|hunt| hunt.scan.is_done() && hunt.scan.found.is_empty());
    if failed {
        app.object(format!("Nothing matches \"{}\".", app.wanted));
    } else if let Some(doc) = app.doc_mut()
        && doc.node() != search.from
    {
        doc.trail.leave(search.from);
    }
}

fn give_up(app: &mut App) {
    let Some(search) = app.search.take() else { return };
    app.hunt = None;
    if let Aim::Narrow(before) = &search.aim {
        super::filter::narrow(app, before);
    }
    if let Some(Doc { tree, session, .. }) = app.doc_mut() {
        tree.reveal_node(session.store(), search.from);
    }
}

/// The line of `/` or `&` changed.
pub fn typed(app: &mut App) {
    let Some(search) = app.search.clone() else { return };
    let text = search.line.text().to_owned();
    if search.aim != Aim::Find {
        return super::filter::narrow(app, &text);
    }
    if text.trim().is_empty() {
        app.hunt = None;
        if let Some(Doc { tree, session, .. }) = app.doc_mut() {
            tree.reveal_node(session.store(), search.from);
        }
        return;
    }
    let from_here = search.from.part == Part::Object;
    hunt(app, &text, search.from.object, from_here);
}

/// Begins to look for a text, from an object on (or after it), and goes to the first match as soon as it is found.
fn hunt(app: &mut App, text: &str, from: ObjId, here: bool) {
    let needle = Needle::with(text, &app.names);
    let Some(doc) = app.doc_mut() else { return };
    let order = doc.object_order();
    let of = (doc.id, doc.session.revision());
    let start = order.iter().position(|&object| object == from).unwrap_or(0);
    let start = start.saturating_add(usize::from(!here));
    let scan = Scan::new(Test::Text(needle), order, start).past(doc.machines.roster());
    app.hunt = Some(Hunt { of, text: text.to_owned(), scan, at: None });
    hunt_on(app);
}

fn hunt_on(app: &mut App) {
    let App { hunt: Some(hunt), docs, current, .. } = app else { return };
    let Some(doc) = docs.get_mut(*current).filter(|doc| hunt.of == (doc.id, doc.session.revision())) else {
        app.hunt = None;
        return;
    };
    hunt.scan.go_on(doc.session.store());
    if hunt.at.is_none()
        && let Some(first) = hunt.scan.first
    {
        hunt.at = Some(first.order());
        doc.reveal_found(&first);
    }
}

/// Whether a search, a filter or a list is not at its end.
pub fn is_unfinished(app: &App) -> bool {
    app.hunt.as_ref().is_some_and(|hunt| !hunt.scan.is_done())
        || app.doc().and_then(|doc| doc.filter.as_ref()).is_some_and(|filter| !filter.scan().is_done())
        || matches!(app.dialogs.last(), Some(Dialog::Places(places)) if !places.is_done())
}

/// One slice more of what is not at its end.
pub fn go_on(app: &mut App) {
    if app.hunt.as_ref().is_some_and(|hunt| !hunt.scan.is_done()) {
        hunt_on(app);
    }
    let App { dialogs, docs, current, .. } = app;
    let Some(doc) = docs.get_mut(*current) else { return };
    if let Some(Dialog::Places(places)) = dialogs.last_mut() {
        places.go_on(doc.session.store());
    }
    if doc.filter.as_ref().is_some_and(|filter| !filter.scan().is_done()) {
        doc.filter_on();
    }
}

/// On to the next or previous match.
pub fn again(app: &mut App, way: Way) {
    let Some(doc) = app.doc_mut() else { return };
    let here = doc.node();
    step(app, way);
    match &app.hunt {
        Some(hunt) if hunt.scan.is_done() && hunt.scan.found.is_empty() => {
            app.object(format!("Nothing matches \"{}\".", app.wanted));
        }
        Some(hunt) if !hunt.scan.is_done() && hunt.at.is_none() => {
            app.object(format!("Looking for \"{}\"; nothing yet.", app.wanted));
        }
        _ => {}
    }
    if let Some(doc) = app.doc_mut()
        && doc.node() != here
    {
        doc.trail.leave(here);
    }
}

/// Brings the selection to the next or previous match of what is wanted.
fn step(app: &mut App, way: Way) {
    let Some(doc) = app.doc() else { return };
    let here = doc.node();
    let state = (doc.id, doc.session.revision());
    let wanted = app.wanted.clone();
    if !app.hunt.as_ref().is_some_and(|hunt| hunt.of == state && hunt.text == wanted) {
        hunt(app, &wanted, here.object, false);
        // The first match after this place is found; the one before it is the last of all.
        if way == Way::Forward {
            return;
        }
    }
    let App { hunt: Some(hunt), docs, current, .. } = app else { return };
    let Some(doc) = docs.get_mut(*current) else { return };
    let Some(at) = hunt.scan.place(here.object) else { return };
    let found = &hunt.scan.found;
    // Round the end only when the end is known.
    let is_done = hunt.scan.is_done();
    // A folder stands behind its object, machines behind the folders.
    let rank = match here.part {
        Part::Object => 0,
        Part::Machine(number) => {
            let mut listed = (2u32..).zip(doc.machines.roster().at(here.object));
            listed.find(|(_, listed)| listed.number == number).map_or(1, |(rank, _)| rank)
        }
        _ => 1,
    };
    let here = (at, rank);
    let next = match way {
        Way::Forward => {
            found.iter().find(|found| found.order() > here).or_else(|| found.first().filter(|_| is_done))
        }
        Way::Backward => {
            let before = found.iter().rev().find(|found| found.order() < here);
            before.or_else(|| found.last()).filter(|_| is_done)
        }
    };
    if let Some(next) = next.copied() {
        hunt.at = Some(next.order());
        doc.reveal_found(&next);
    }
}

impl Doc {
    /// Shows what was found.
    fn reveal_found(&mut self, found: &Found) {
        match found.machine {
            Some((number, _)) => self.reveal_machine(number),
            None => self.reveal(found.object, found.leaf),
        }
    }

    /// Counts the problems anew.
    pub fn count_problems(&mut self) {
        let [errors, warnings, infos] =
            [Severity::Error, Severity::Warning, Severity::Info].map(|severity| {
                let Some(findings) = &self.findings else { return 0 };
                let hidden = self.hidden.iter().map(|code| findings.count_of(code));
                let hidden = hidden.filter(|(_, of)| *of == severity).map(|(count, _)| count).sum();
                findings.count(severity).saturating_sub(hidden)
            });
        self.problems.errors = errors;
        self.problems.warnings = warnings;
        self.problems.count = errors.saturating_add(warnings).saturating_add(infos);
        self.problems.selected = self.problems.selected.min(self.problems.count.saturating_sub(1));
        self.problems.shown.clear();
    }

    /// Reads the problems that are visible.
    pub fn settle_problems(&mut self, height: usize) {
        let problems = &self.problems;
        let top = problems.top.min(problems.count.saturating_sub(height));
        let top = scroll_to(top, problems.selected, height.max(1));
        let wanted = height.min(problems.count.saturating_sub(top));
        if problems.top != top || problems.shown.len() != wanted {
            let shown = self.shown_problems().skip(top).take(wanted).cloned().collect();
            self.problems.top = top;
            self.problems.shown = shown;
        }
    }

    /// The problem with the selection.
    pub fn selected_problem(&self) -> Option<&Finding> {
        let problems = &self.problems;
        let visible = problems.selected.checked_sub(problems.top).and_then(|index| problems.shown.get(index));
        visible.or_else(|| self.shown_problems().nth(problems.selected))
    }
}

/// Goes to where the selected problem is.
pub fn show_problem(app: &mut App) {
    let Some(doc) = app.doc_mut() else { return };
    let Some(finding) = doc.selected_problem().cloned() else { return };
    doc.jump(finding.object, finding.leaf);
    let line = doc.sheet.findings.iter().position(|other| *other == finding);
    if let Some(index) = line
        && finding.leaf.is_none()
    {
        doc.sheet.select(&Entry::Finding(index));
    }
    app.focus = Pane::Details;
}

/// A finding with what its rule says about all of its kind.
pub fn explanation(finding: &Finding, names: &Names) -> TextView {
    let rule = finding.rule();
    let title = format!("{}  {}", rule.code, rule.title);
    let message = names.put_into(&finding.message).into_owned();
    TextView::new(title, vec![message, String::new(), rule.help.to_owned()])
}

/// On to the next or previous problem from where the selection stands, and to where it is.
pub fn next_problem(app: &mut App, forward: bool) {
    let Some(doc) = app.doc_mut() else { return };
    let Some(findings) = &doc.findings else { return };
    let node = doc.tree.node().unwrap_or(Node::of(doc.session.store().root()));
    let selected = findings.all().nth(doc.problems.selected);
    let count = doc.problems.count.max(1);
    let step = |from: usize| from.saturating_add(if forward { 1 } else { count.saturating_sub(1) }) % count;
    doc.problems.selected = if selected.is_some_and(|finding| finding.object == node.object) {
        step(doc.problems.selected)
    } else {
        // The first of those that come after the selected object, or the last before it.
        let before = findings.before(doc.session.store(), node.object);
        let here = findings.for_object(node.object).len();
        let next = if forward {
            before.saturating_add(here)
        } else {
            before.saturating_add(count).saturating_sub(1)
        };
        if here > 0 && forward { before } else { next % count }
    };
    let Some(finding) = doc.selected_problem().cloned() else { return };
    doc.jump(finding.object, finding.leaf);
    app.focus = Pane::Tree;
    app.object(format!("{}  {}", finding.code, app.names.put_into(&finding.message)));
}
