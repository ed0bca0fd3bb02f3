//! Changing the store: every way ends in [`apply`], so undo, journal, findings and selection follow by themselves.

use crate::store::{Applied, Change, ObjId, Property};

use super::changes;
use super::dialog::Dialog;
use super::effect::Effect;
use super::layout::Pane;
use super::line::Line;
use super::sheet::{Edit, Entry, Prop, value};
use super::state::{App, Doc};
use super::work::{self, LARGE};

pub use super::creating::{create, create_menu};
pub use super::linking::{add_members, edit_rule, pick};

/// What else a step did is told in so many sentences; a step on many objects may do it a thousand times.
const NOTES: usize = 3;

/// Carries out changes as one step of undo; `Err` says what is wrong, and nothing was changed.
pub fn apply(
    app: &mut App,
    changes: &[Change],
    label: &str,
    effects: &mut Vec<Effect>,
) -> Result<(), String> {
    let doc = app.doc_mut().ok_or("No store is open.")?;
    let applied = doc.session.apply(changes, label).map_err(|(_, error)| error.to_string())?;
    if !applied.changed {
        app.tell("Nothing changed: it was so already.");
        return Ok(());
    }
    doc.take_in(&applied, 1);
    doc.journal_apply(label, changes, effects);
    let mut text = vec![format!("{}.", done(label))];
    let more = applied.notes.len().saturating_sub(NOTES);
    text.extend(applied.notes.into_iter().take(NOTES));
    if more > 0 {
        text.push(format!("And {more} more such."));
    }
    app.tell(text.join(" "));
    Ok(())
}

/// Takes the last change back.
pub fn undo(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc_mut() else { return };
    let Some((applied, journaled)) = doc.undo_journaled(effects) else { return };
    doc.take_in(&applied, -1);
    match journaled {
        Ok(()) => app.tell(format!("Undone: {}.", applied.label)),
        Err(why) => {
            app.fail(format!("Undone: {}. The recovery journal cannot hold that: {why}.", applied.label));
        }
    }
}

/// Does again what was taken back.
pub fn redo(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc_mut() else { return };
    let Some(applied) = doc.redo_journaled(effects) else { return };
    doc.take_in(&applied, 1);
    app.tell(format!("Done again: {}.", applied.label));
}

impl Doc {
    /// Takes in a transaction that was applied (`1`) or undone (`-1`).
    pub fn take_in(&mut self, applied: &Applied, by: i32) {
        let store = self.session.store();
        // An undone step is the one after the position, an applied one the one before it.
        let step = self.session.position().saturating_sub(usize::from(by > 0));
        let changes = self.session.transactions().get(step).map(|step| step.changes.as_slice());
        let changes = changes.unwrap_or_default();
        let raises = changes.iter().any(|change| matches!(change, Change::Set(_, Property::Schema, _)));
        if raises && store.document().text().len() >= LARGE {
            // Everything is judged anew, which takes long: on another thread.
            self.findings = None;
            work::drop_check(&mut self.check);
        }
        if let Some(check) = &mut self.check {
            check.touched.extend(&applied.touched);
        }
        if let Some(findings) = &mut self.findings {
            findings.update(store, &applied.touched);
        }
        self.marks.count(store, self.session.edited(step), by);
        let moved = changes.iter().any(|change| {
            matches!(
                change,
                Change::Create(_) | Change::Delete(_) | Change::Copy { .. } | Change::Move { .. }
            )
        });
        self.tree.refresh(store, &applied.touched, moved);
        self.marked.settle(store);
        if let Some(object) = applied.select {
            self.reveal(object, None);
        }
        self.count_problems();
    }

    /// Whether changes go to the recovery journal: there is a file that they lie over.
    pub fn has_journal(&self) -> bool {
        self.path.is_some() && self.on_disk
    }
}

/// Enter: into the details, or on with the line there.
pub fn enter(app: &mut App, _effects: &mut Vec<Effect>) {
    let focus = app.focus;
    let Some(doc) = app.doc_mut() else { return };
    match focus {
        Pane::Tree => {
            if doc.selected().is_none() {
                let Doc { tree, session, .. } = doc;
                if !tree.unfold(session.store()) {
                    app.focus = Pane::Details;
                }
            } else {
                app.focus = Pane::Details;
            }
        }
        Pane::Problems => super::finding::show_problem(app),
        Pane::Details => enter_line(app),
    }
}

fn enter_line(app: &mut App) {
    let Some(doc) = app.doc_mut() else { return };
    let store = doc.session.store();
    match doc.sheet.entry().cloned() {
        Some(Entry::Property(prop)) => edit_prop(app, prop),
        Some(Entry::Child(object)) => go(app, object),
        Some(Entry::Link(leaf)) => match store.target(leaf) {
            Some(target) => go(app, target),
            None => app.object("This link leads nowhere. Del removes it."),
        },
        Some(Entry::Referrer(leaf)) => {
            let owner = store.owner(leaf);
            go(app, owner);
        }
        Some(Entry::Account(leaf)) => {
            let text = store.text(leaf).into_owned();
            app.object(format!("{text} is an account. y copies it, Del removes it."));
        }
        Some(Entry::Finding(index)) => {
            if let Some(finding) = doc.sheet.findings.get(index) {
                let text = super::finding::explanation(finding);
                app.dialogs.push(Dialog::Text(text));
            }
        }
        Some(Entry::Attribute(..) | Entry::Unknown(_)) => {
            app.object("AzMan's format does not name this; it is kept as it is.");
        }
        _ => {}
    }
}

fn go(app: &mut App, object: ObjId) {
    if let Some(doc) = app.doc_mut() {
        doc.reveal(object, None);
    }
}

/// Edits a property of the selected object where it stands in the details.
pub fn edit_prop(app: &mut App, prop: Prop) {
    if let Err(why) = super::enabled::change(app) {
        return app.object(why);
    }
    let back = app.focus;
    let Some(doc) = app.doc() else { return };
    let Some(object) = doc.selected() else { return };
    let kind = doc.store().kind(object);
    if let Err(why) = super::enabled::in_this_mode(app, kind, prop) {
        return app.object(why);
    }
    if !prop.is_editable() {
        return app.object(format!("The {} is not edited.", prop.label()));
    }
    match prop {
        Prop::Rule => {
            return match super::enabled::rule(app) {
                Ok(()) => edit_rule(app),
                Err(why) => app.object(why),
            };
        }
        Prop::Type => return super::creating::choose_type(app, object),
        Prop::Schema => return super::filing::ask_upgrade(app),
        Prop::RuleLanguage => return super::creating::choose_language(app, object),
        _ => {}
    }
    let Some(doc) = app.doc_mut() else { return };
    doc.settle_sheet();
    doc.sheet.select(&Entry::Property(prop));
    let before = value(doc.session.store(), object, prop).unwrap_or_default().into_owned();
    let line = if prop == Prop::Name { Line::selected(&before) } else { Line::new(&before) };
    doc.sheet.edit = Some(Edit { object, prop, line, before, error: None, back, warned: false });
    app.focus = Pane::Details;
}

/// Carries out the edit of a property; what is wrong stays under it.
pub fn commit_edit(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc_mut() else { return };
    let Some(edit) = doc.sheet.edit.clone() else { return };
    if edit.line.text() == edit.before {
        doc.sheet.edit = None;
        app.focus = edit.back;
        return;
    }
    let store = doc.session.store();
    let verb = if edit.prop == Prop::Name {
        "rename".to_owned()
    } else {
        format!("set {} of", edit.prop.label().to_lowercase())
    };
    let label = changes::label(&verb, store, edit.object);
    let outcome = changes::set(store, edit.object, edit.prop, edit.line.text())
        .and_then(|change| apply(app, &[change], &label, effects));
    let Some(doc) = app.doc_mut() else { return };
    match outcome {
        Ok(()) => {
            doc.sheet.edit = None;
            app.focus = edit.back;
        }
        Err(why) => {
            if let Some(edit) = &mut doc.sheet.edit {
                edit.error = Some(why);
            }
        }
    }
}

/// The problem that Fix would fix, as changes and a label; or why there is none.
pub fn fixable(app: &App) -> Result<(String, Vec<Change>), String> {
    let doc = app.doc().ok_or("No store is open.")?;
    let store = doc.store();
    let candidates: Vec<&crate::check::Finding> = match app.focus {
        Pane::Problems => doc.selected_problem().into_iter().collect(),
        Pane::Details => match doc.sheet.entry() {
            Some(Entry::Finding(index)) => doc.sheet.findings.get(*index).into_iter().collect(),
            _ => doc.sheet.findings.iter().collect(),
        },
        Pane::Tree => doc.sheet.findings.iter().collect(),
    };
    if candidates.is_empty() {
        return Err("No problem here.".to_owned());
    }
    let fix = candidates.iter().find_map(|finding| {
        let changes = crate::check::fix(store, finding);
        (!changes.is_empty())
            .then(|| (format!("fix {} in {}", finding.code, store.path(finding.object)), changes))
    });
    fix.ok_or_else(|| "This has no safe fix: it needs a decision.".to_owned())
}

/// Fixes a problem.
pub fn fix(app: &mut App, effects: &mut Vec<Effect>) {
    let outcome = fixable(app).and_then(|(label, changes)| apply(app, &changes, &label, effects));
    if let Err(why) = outcome {
        app.fail(why);
    }
}

/// What a label did, as news: `create scope "S"` becomes `Created scope "S"`.
fn done(label: &str) -> String {
    if let Some(undone) = label.strip_prefix("undo: ") {
        return format!("Undone: {undone}");
    }
    let (verb, rest) = label.split_once(' ').unwrap_or((label, ""));
    let past = match verb {
        "set" => "Set".to_owned(),
        _ if verb.ends_with('e') => format!("{}d", capitalised(verb)),
        _ => format!("{}ed", capitalised(verb)),
    };
    format!("{past} {rest}")
}

/// With a capital at the start.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
