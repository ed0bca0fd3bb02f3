//! Finding things: search, problems, where used, help, messages; and copying what was found.

use crate::check::{Finding, Findings, Severity};

use super::dialog::{Dialog, Help, TextView};
use super::effect::Effect;
use super::input::{Key, KeyPress};
use super::layout::{Pane, scroll_to};
use super::line::Line;
use super::search::{self, Search, Way};
use super::sheet::{Entry, value};
use super::state::{App, Doc};
use super::tree::Part;

/// Opens the search line.
pub fn begin(app: &mut App) {
    let Some(doc) = app.doc_mut() else { return };
    let revision = doc.session.revision();
    if doc.order.as_ref().is_none_or(|(made, _)| *made != revision) {
        doc.order = Some((revision, search::order(doc.session.store())));
    }
    let from = doc.node();
    app.search = Some(Search { line: Line::selected(&app.wanted), from, failed: false });
}

/// A key in the search line: each one moves the selection to the first match from where it stood.
pub fn key(app: &mut App, press: KeyPress) {
    let Some(search) = &mut app.search else { return };
    match press.key {
        Key::Enter => {
            app.wanted = search.line.text().to_owned();
            let failed = search.failed;
            app.search = None;
            if failed {
                let text = format!("Nothing matches \"{}\".", app.wanted);
                app.object(text);
            } else if !app.wanted.is_empty() {
                app.focus = Pane::Tree;
            }
        }
        Key::Esc => {
            let from = search.from;
            app.search = None;
            if let Some(Doc { tree, session, .. }) = app.doc_mut() {
                tree.reveal_node(session.store(), from);
            }
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

/// The search line changed.
pub fn typed(app: &mut App) {
    let Some(search) = &app.search else { return };
    let (wanted, from) = (search.line.text().to_owned(), search.from);
    let found = jump(app, &wanted, Some(from.object), Way::Forward, from.part == Part::Object);
    if let Some(search) = &mut app.search {
        search.failed = !found && !wanted.trim().is_empty();
    }
}

/// On to the next or previous match.
pub fn again(app: &mut App, way: Way) {
    let wanted = app.wanted.clone();
    if !jump(app, &wanted, None, way, false) {
        app.object(format!("Nothing matches \"{wanted}\"."));
    }
}

fn jump(app: &mut App, wanted: &str, from: Option<crate::store::ObjId>, way: Way, here: bool) -> bool {
    let Some(doc) = app.doc_mut() else { return false };
    let revision = doc.session.revision();
    if doc.order.as_ref().is_none_or(|(made, _)| *made != revision) {
        doc.order = Some((revision, search::order(doc.session.store())));
    }
    let Some((_, order)) = &doc.order else { return false };
    let from = from.unwrap_or(doc.node().object);
    let Some(hit) = search::find(doc.session.store(), order, wanted, from, way, here) else { return false };
    doc.reveal(hit.object, hit.leaf);
    true
}

impl Doc {
    /// Counts the problems anew.
    pub fn count_problems(&mut self) {
        let [errors, warnings, infos] = [Severity::Error, Severity::Warning, Severity::Info]
            .map(|severity| self.findings.as_ref().map_or(0, |findings| findings.count(severity)));
        self.problems.errors = errors;
        self.problems.warnings = warnings;
        self.problems.count = errors.saturating_add(warnings).saturating_add(infos);
        self.problems.selected = self.problems.selected.min(self.problems.count.saturating_sub(1));
        self.problems.shown.clear();
    }

    /// Reads the problems that are visible.
    pub fn settle_problems(&mut self, height: usize) {
        let problems = &mut self.problems;
        let top = problems.top.min(problems.count.saturating_sub(height));
        let top = scroll_to(top, problems.selected, height.max(1));
        let wanted = height.min(problems.count.saturating_sub(top));
        if problems.top != top || problems.shown.len() != wanted {
            problems.top = top;
            let all = self.findings.iter().flat_map(Findings::all);
            problems.shown = all.skip(top).take(wanted).cloned().collect();
        }
    }

    /// The problem with the selection.
    pub fn selected_problem(&self) -> Option<&Finding> {
        let problems = &self.problems;
        let visible = problems.selected.checked_sub(problems.top).and_then(|index| problems.shown.get(index));
        visible.or_else(|| self.findings.as_ref()?.all().nth(problems.selected))
    }
}

/// Goes to where the selected problem is.
pub fn show_problem(app: &mut App) {
    let Some(doc) = app.doc_mut() else { return };
    let Some(finding) = doc.selected_problem().cloned() else { return };
    doc.reveal(finding.object, finding.leaf);
    let line = doc.sheet.findings.iter().position(|other| *other == finding);
    if let Some(index) = line
        && finding.leaf.is_none()
    {
        doc.sheet.select(&Entry::Finding(index));
    }
    app.focus = Pane::Details;
}

/// A finding with what its rule says about all of its kind.
pub fn explanation(finding: &Finding) -> TextView {
    let rule = finding.rule();
    let title = format!("{}  {}", rule.code, rule.title);
    TextView::new(title, vec![finding.message.clone(), String::new(), rule.help.to_owned()])
}

/// On to the next or previous problem, and to where it is.
pub fn next_problem(app: &mut App, forward: bool) {
    let Some(doc) = app.doc_mut() else { return };
    let count = doc.problems.count.max(1);
    let node = doc.node();
    let stands_on_it = doc.selected_problem().is_some_and(|finding| finding.object == node.object);
    if stands_on_it {
        let step = if forward { 1 } else { count.saturating_sub(1) };
        doc.problems.selected = doc.problems.selected.saturating_add(step) % count;
    }
    let Some(finding) = doc.selected_problem().cloned() else { return };
    doc.reveal(finding.object, finding.leaf);
    app.focus = Pane::Tree;
    app.object(format!("{}  {}", finding.code, finding.message));
}

/// To the section of the details that says what refers to the object.
pub fn where_used(app: &mut App) {
    let Some(doc) = app.doc_mut() else { return };
    doc.settle_sheet();
    let Some(first) = doc.sheet.entries.iter().find(|entry| matches!(entry, Entry::Referrer(_))).cloned()
    else {
        let text = format!("Nothing refers to \"{}\".", doc.store().name(doc.node().object));
        return app.object(text);
    };
    doc.sheet.select(&first);
    app.focus = Pane::Details;
}

/// Copies the text of the selected line.
pub fn copy(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let node = doc.node();
    let text = match (app.focus, doc.sheet.entry()) {
        (Pane::Details, Some(Entry::Account(leaf))) => store.text(*leaf).into_owned(),
        (Pane::Details, Some(Entry::Property(prop))) => {
            value(store, node.object, *prop).unwrap_or_default().into_owned()
        }
        (Pane::Details, Some(Entry::Link(leaf))) => {
            store.target(*leaf).map_or_else(|| store.text(*leaf).into_owned(), |target| store.path(target))
        }
        (Pane::Details, Some(Entry::Child(object))) => store.path(*object),
        (Pane::Details, Some(Entry::Referrer(leaf))) => store.path(store.owner(*leaf)),
        (Pane::Details, Some(Entry::Attribute(name, value))) => format!("{name}=\"{value}\""),
        (Pane::Problems, _) => doc
            .selected_problem()
            .map_or_else(String::new, |finding| format!("{} {}", finding.code, finding.message)),
        _ if node.part == Part::Object => store.path(node.object),
        _ => node.part.label().to_owned(),
    };
    effects.push(Effect::Copy(text));
}

/// Opens help, which is the palette.
pub fn help(app: &mut App) {
    app.dialogs.push(Dialog::Help(Help::default()));
}

/// Opens the messages.
pub fn log(app: &mut App) {
    let mut lines: Vec<String> = app.log.iter().rev().cloned().collect();
    if lines.is_empty() {
        lines.push("No messages yet.".to_owned());
    }
    app.dialogs.push(Dialog::Text(TextView::new("Messages, the newest first", lines)));
}
