//! Changing the store: every way ends in [`apply`], so undo, journal, findings and selection follow by themselves.

use crate::accounts::Sid;
use crate::hyperv::moves::Scopes;
use crate::hyperv::rules::cannot_connect_member;
use crate::store::{Applied, Change, Transaction};

use super::actions::Id;
use super::changes;
use super::dialog::Dialog;
use super::doc::Doc;
use super::effect::Effect;
use super::enabled;
use super::layout::Pane;
use super::line::Line;
use super::machines::Wish;
use super::sheet::{Edit, Edited, Entry, Prop, value};
use super::state::App;
use super::work;

use super::moving::go;

pub use super::creating::{create, create_menu};
pub use super::linking::{add_members, pick};

/// What else a step did is told in so many sentences; a step on many objects may do it a thousand times.
const NOTES: usize = 3;

/// Carries out changes as one step of undo; `Err` says what is wrong, and nothing was changed.
pub fn apply(
    app: &mut App,
    changes: &[Change],
    label: &str,
    effects: &mut Vec<Effect>,
) -> Result<(), String> {
    apply_and_move(app, changes, &[], label, effects)
}

/// The same, and moves machines in the same step.
pub fn apply_and_move(
    app: &mut App,
    changes: &[Change],
    wishes: &[Wish],
    label: &str,
    effects: &mut Vec<Effect>,
) -> Result<(), String> {
    let doc = app.doc_mut().ok_or("No store is open.")?;
    let mut applied = doc.session.apply(changes, label).map_err(|(_, error)| error.to_string())?;
    // The scopes that machines go to may have come with the changes.
    let before = if wishes.is_empty() { Scopes::default() } else { doc.saved_scopes() };
    let homes = doc.machines.steps_of(doc.session.store(), &before, wishes);
    if !applied.changed && !homes.is_empty() {
        applied = doc.session.step(label);
    }
    if !applied.changed {
        app.tell("Nothing changed: it was so already.");
        return Ok(());
    }
    doc.keep_homes(homes);
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
        if let Some(check) = &mut self.check {
            check.touched.extend(&applied.touched);
        }
        self.listing.touched(store, &applied.touched);
        self.findings = work::looked_again(self.findings.take(), store, &applied.touched);
        self.marks.count(store, self.session.edited(step), by);
        let step = self.session.transactions().get(step);
        let moved_machines = step.map_or_else(Vec::new, |step| self.machines.flip(step.revision, by));
        let remade = step.is_some_and(Transaction::is_remade);
        let moved = remade
            || changes.iter().any(|change| {
                matches!(
                    change,
                    Change::Create(_) | Change::Delete(_) | Change::Copy { .. } | Change::Move { .. }
                )
            });
        self.tree.refresh(store, &applied.touched, moved);
        self.marked.settle(store);
        self.settle_machines();
        self.filter_touched(&applied.touched);
        self.filter_moved();
        match (applied.select, moved_machines.first()) {
            (Some(object), _) => self.reveal(object, None),
            (None, Some(&number)) => self.reveal_machine(number),
            (None, None) => {}
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
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    match doc.sheet.entry().cloned() {
        Some(Entry::Property(prop)) => edit_prop(app, prop),
        Some(Entry::Child(object)) => go(app, object, None),
        Some(Entry::Link(leaf)) => match store.target(leaf) {
            Some(target) => go(app, target, None),
            None => {
                app.object(format!("This link leads nowhere. {} removes it.", app.keys.named(Id::Delete)));
            }
        },
        Some(Entry::Referrer(leaf)) => {
            let owner = store.owner(leaf);
            go(app, owner, None);
        }
        Some(Entry::Account(leaf)) => {
            let text = store.text(leaf).into_owned();
            let who = app.names.shown_of(&text);
            app.object(format!(
                "{who} is an account. {} lists where it is used, {} copies its SID, {} removes it.",
                app.keys.named(Id::WhereUsed),
                app.keys.named(Id::Copy),
                app.keys.named(Id::Delete)
            ));
        }
        Some(Entry::Finding(index)) => {
            if let Some(finding) = doc.sheet.findings.get(index) {
                let text = super::finding::explanation(finding, &app.names);
                app.dialogs.push(Dialog::Text(text));
            }
        }
        Some(Entry::Attribute(name, value)) => match enabled::change(app) {
            Ok(()) => begin_edit(app, Edited::Attribute(name), &value),
            Err(why) => app.object(why),
        },
        Some(Entry::Unknown(_)) => {
            app.object("AzMan's format does not name this; it is kept as it is.");
        }
        _ => {}
    }
}

/// Edits a property of the selected object where it stands in the details.
pub fn edit_prop(app: &mut App, prop: Prop) {
    if let Err(why) = enabled::change(app) {
        return app.object(why);
    }
    let Some(doc) = app.doc() else { return };
    let Some(object) = doc.selected() else { return };
    let kind = doc.store().kind(object);
    if let Err(why) = enabled::in_this_mode(app, kind, prop) {
        return app.object(why);
    }
    if !prop.is_editable() {
        return app.object(format!("The {} is not edited.", prop.label()));
    }
    match prop {
        Prop::Rule => {
            return match enabled::rule(app) {
                Ok(()) => super::rules::edit(app),
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
    begin_edit(app, Edited::Property(prop), &before);
}

/// Puts the cursor into the selected line of the sheet, which holds this text now.
fn begin_edit(app: &mut App, what: Edited, text: &str) {
    let back = app.focus;
    let Some(doc) = app.doc_mut() else { return };
    let Some(object) = doc.selected() else { return };
    let is_name = what == Edited::Property(Prop::Name);
    let line = if is_name { Line::selected(text) } else { Line::new(text) };
    // As the line shows it: what has line ends is no change until something is typed.
    let before = line.text().to_owned();
    doc.sheet.edit = Some(Edit { object, what, line, before, error: None, back, warned: false });
    app.focus = Pane::Details;
}

/// Carries out the edit, and where that went well goes on with the next (or previous) line that is edited in place.
pub fn commit_and_go_on(app: &mut App, forward: bool, effects: &mut Vec<Effect>) {
    let Some(what) = app.edit().map(|edit| edit.what.clone()) else { return };
    let back = app.edit().map_or(Pane::Details, |edit| edit.back);
    commit_edit(app, effects);
    if app.edit().is_some() {
        return;
    }
    let Some(doc) = app.doc_mut() else { return };
    doc.settle_sheet();
    let stops: Vec<Edited> = doc.sheet.entries.iter().filter_map(on_its_line).collect();
    let at = stops.iter().position(|stop| *stop == what);
    let next = at.and_then(|at| if forward { at.checked_add(1) } else { at.checked_sub(1) });
    let next = next.and_then(|next| stops.get(next));
    match next {
        Some(Edited::Property(prop)) => edit_prop(app, *prop),
        Some(Edited::Attribute(name)) => {
            let entry = doc
                .sheet
                .entries
                .iter()
                .find(|entry| matches!(entry, Entry::Attribute(other, _) if other == name));
            if let Some(Entry::Attribute(name, value)) = entry.cloned() {
                doc.sheet.select(&Entry::Attribute(name.clone(), value.clone()));
                begin_edit(app, Edited::Attribute(name), &value);
            }
        }
        None => return,
    }
    if let Some(edit) = app.doc_mut().and_then(|doc| doc.sheet.edit.as_mut()) {
        edit.back = back;
    }
}

/// What is edited on this line of the sheet, if it is edited there and not in a dialog.
fn on_its_line(entry: &Entry) -> Option<Edited> {
    match entry {
        Entry::Property(Prop::Rule | Prop::Type | Prop::RuleLanguage) => None,
        Entry::Property(prop) if prop.is_editable() => Some(Edited::Property(*prop)),
        Entry::Attribute(name, _) => Some(Edited::Attribute(name.clone())),
        _ => None,
    }
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
    if let Some(fault) = edit.what.fault_in(edit.line.text()) {
        if let Some(edit) = &mut doc.sheet.edit {
            edit.error = Some(fault);
        }
        return;
    }
    let verb = match &edit.what {
        Edited::Property(Prop::Name) => "rename".to_owned(),
        Edited::Property(prop) => format!("set {} of", prop.label().to_lowercase()),
        Edited::Attribute(name) => format!("set attribute {name} of"),
    };
    let label = changes::label(&verb, store, edit.object);
    let outcome = changes::set_edited(store, edit.object, &edit.what, edit.line.text())
        .and_then(|change| apply(app, &[change], &label, effects));
    let Some(doc) = app.doc_mut() else { return };
    match outcome {
        Ok(()) => {
            doc.sheet.edit = None;
            app.focus = edit.back;
        }
        Err(why) => {
            if let Some(edit) = app.doc_mut().and_then(|doc| doc.sheet.edit.as_mut()) {
                edit.error = Some(why);
            }
        }
    }
}

/// What Fix would do.
pub enum Mend {
    /// Make these changes, as one step of this name: nobody gains anything.
    Changes(String, Vec<Change>),
    /// Show what would let this account connect: it gains something, so it is asked about.
    Connect(Sid),
}

/// What Fix would do about the selected problem; or why there is nothing.
pub fn fixable(app: &App) -> Result<Mend, String> {
    let doc = enabled::doc(app)?;
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
        let label = || format!("fix {} in {}", finding.code, store.path(finding.object));
        let connect = || cannot_connect_member(store, finding).map(Mend::Connect);
        if changes.is_empty() { connect() } else { Some(Mend::Changes(label(), changes)) }
    });
    fix.ok_or_else(|| "This has no safe fix: it needs a decision.".to_owned())
}

/// Fixes a problem.
pub fn fix(app: &mut App, effects: &mut Vec<Effect>) {
    let outcome = fixable(app).and_then(|mend| match mend {
        Mend::Changes(label, changes) => apply(app, &changes, &label, effects),
        Mend::Connect(sid) => super::recipes::ask_to_connect(app, &sid),
    });
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
        "set" | "cut" => capitalised(verb),
        "copy" => "Copied".to_owned(),
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
