//! Machines in a save: which go where, what the store must still hold meanwhile, and what came of it.
//!
//! A save goes store, machines, store. First the store is written with every scope that machines go to, and still with
//! those that they leave: a scope that is deleted stays, one that has got another name stands there as a copy under its
//! old one. Then the host moves the machines and reads each back. Last, when no machine is in them any more, the store is
//! written without the scopes that stayed. What does not come so far is unsaved: a machine that was not moved, and a
//! scope that one is still in.
//!
//! Each stage leaves the session as the user wants the store to be, so that a kill at any time leaves the rest in the
//! journal. Where the host is not asked from here the save ends with a script in place of the second stage; what that
//! prints is read back with `K`, and the next save is the last stage.

use uuid::Uuid;

use crate::app::actions::Id;
use crate::app::dialog::{Dialog, SaveMove, TextView};
use crate::app::doc::Doc;
use crate::app::effect::{DocId, Effect};
use crate::app::filing;
use crate::app::state::{AfterSave, App};
use crate::app::work::Busy;
use crate::hyperv::moves::{Held, Move, Scopes, Why, plan_between};
use crate::hyperv::output::{HostError, Report};
use crate::store::{Change, Difference, Kind, Parts, What};

use super::scripts::offer_moving;
use super::{Place, Source};

/// A save that goes on with machines.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// The moves, in order.
    moves: Vec<Move>,
    /// Scopes that stay until no machine is in them, by the names that the host knows.
    held: Vec<String>,
    /// The store is written once more when they can go; otherwise something else waits too.
    goes_on: bool,
    /// The store is being written once more.
    is_last: bool,
    /// What the first writing said.
    told: Vec<String>,
    /// What came of the machines.
    moved: String,
}

/// What a save would do with machines, for a store that changes from `before` to `after`: each move, and the scopes that
/// must stay meanwhile.
pub fn planned(doc: &Doc, before: &Scopes, after: &Scopes) -> (Vec<SaveMove>, Vec<Held>) {
    let (store, machines) = (doc.store(), &doc.machines);
    let pending = machines.all().filter(|(_, one)| one.is_pending());
    let asked: Vec<(Uuid, String)> =
        pending.filter_map(|(_, one)| Some((one.machine.guid, one.place(store).name(store)?))).collect();
    let is_missing = |guid| {
        let one = machines.number_of(guid).and_then(|number| machines.get(number));
        one.is_some_and(|one| matches!(one.place(store), Place::Missing(_)))
    };
    let mut plan = plan_between(&machines.inventory(), before, after, &asked);
    // Who goes along by himself is asked for here; but for those whose scope is not there.
    plan.moves.retain(|planned| planned.why == Why::Asked || is_missing(planned.order.guid));
    let moves = plan.moves.into_iter().map(|planned| {
        let from = planned.order.from.as_deref().unwrap_or_default();
        let why = match (planned.why, before.guid(from).and_then(|guid| after.name(guid))) {
            (Why::Asked, Some(name)) if name == planned.order.to && name != from => Why::Renamed,
            (Why::Asked, None) if planned.order.to.is_empty() && before.has(from) && !after.has(from) => {
                Why::Deleted
            }
            (why, _) => why,
        };
        let fits = after.has(&planned.order.to);
        let failed =
            machines.number_of(planned.order.guid).and_then(|number| machines.get(number)?.failed.clone());
        SaveMove { order: planned.order, why, is_ticked: fits, fits, failed }
    });
    (moves.collect(), plan.held)
}

/// Takes out of what is saved now that these scopes go, and gives the changes that keep those that got another name.
pub fn keep(doc: &Doc, parts: &Parts, ticks: &mut [bool], held: &[Held]) -> Vec<Change> {
    let goes = |difference: &Difference| {
        let is_scope = difference.kind == Kind::Scope && difference.what == What::Removed;
        is_scope && held.iter().any(|held| held.becomes.is_none() && held.name == difference.name)
    };
    for (part, tick) in parts.all.iter().zip(ticks) {
        *tick &= !goes(&part.difference);
    }
    let store = doc.store();
    let copy = |held: &Held| {
        let scope = super::scope_named(store, held.becomes.as_deref()?)?;
        let object = crate::app::changes::object(store, scope).ok()?;
        Some(Change::Copy { object, to: None, rename: Some(held.name.clone()) })
    };
    held.iter().filter_map(copy).collect()
}

/// What is set aside, in a few words.
pub fn words_of(held: &[Held]) -> String {
    match held {
        [one] => format!("scope \"{}\" that goes", one.name),
        many => format!("{} scopes that go", many.len()),
    }
}

impl Run {
    /// The moves, in order.
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// How many moves there are, and what the writing of the store said.
    pub(super) fn so_far(&self) -> (usize, String) {
        (self.moves.len(), self.told.join(" "))
    }

    /// Whether the store is written once more when the machines have moved.
    pub const fn goes_on(&self) -> bool {
        self.goes_on
    }

    /// A save with these moves, of which those that are ticked are made.
    pub fn new(moves: &[SaveMove], held: &[Held], is_whole: bool) -> Option<Run> {
        let moves: Vec<Move> =
            moves.iter().filter(|one| one.is_ticked).map(|one| one.order.clone()).collect();
        let held: Vec<String> = held.iter().map(|held| held.name.clone()).collect();
        let run = Run { moves, goes_on: is_whole && !held.is_empty(), held, ..Run::default() };
        (!run.moves.is_empty() || run.goes_on).then_some(run)
    }
}

/// Goes on with a save whose store is written, or was so already; `told` is what that said. False: there is nothing to
/// go on with.
pub fn go_on(app: &mut App, id: DocId, told: Vec<String>, effects: &mut Vec<Effect>) -> bool {
    let Some(doc) = app.document_mut(id) else { return false };
    let source = doc.machines.source.clone();
    let Some(run) = &mut doc.machines.run else { return false };
    if run.is_last {
        // The way back is to before the first writing.
        let mut all = vec![std::mem::take(&mut run.moved)];
        all.extend(if run.told.is_empty() { told } else { std::mem::take(&mut run.told) });
        doc.machines.run = None;
        all.retain(|sentence| !sentence.is_empty());
        app.tell(all.join(" "));
        finish(app, id, effects);
        return true;
    }
    run.told = told;
    let moves = run.moves.clone();
    match source {
        _ if moves.is_empty() => come_back(app, id, None, effects),
        Some(Source::Host(host)) => {
            let count = counted(moves.len());
            effects.push(Effect::MoveMachines { id, host, moves });
            app.busy = Some(Busy::new(format!("Moving {count}"), "What has moved stays there."));
        }
        Some(Source::File(_)) | None => offer_moving(app, id, effects),
    }
    true
}

pub(super) fn counted(count: usize) -> String {
    if count == 1 { "1 virtual machine".to_owned() } else { format!("{count} virtual machines") }
}

/// Takes in what the host made of the moves.
pub fn moved(app: &mut App, id: DocId, outcome: Result<Report, HostError>, effects: &mut Vec<Effect>) {
    app.busy = None;
    let Some(doc) = app.document_mut(id) else { return };
    let before = doc.saved_scopes();
    let tried = doc.machines.run.as_ref().map_or_else(Vec::new, |run| run.moves.clone());
    let (report, why) = match outcome {
        Ok(report) => (report, "the script ended before its turn".to_owned()),
        Err(error) => (Report::default(), error.to_string()),
    };
    doc.machines.take_report(&report, &before, doc.session.store());
    for order in tried.iter().filter(|order| report.outcome(order.guid).is_none()) {
        let number = doc.machines.number_of(order.guid);
        if let Some(one) = number.and_then(|number| doc.machines.get_mut(number)) {
            one.failed = Some(why.clone());
        }
    }
    doc.settle_machines();
    come_back(app, id, Some(&report), effects);
}

/// After the machines: the store is written once more, or what there is to say is said.
fn come_back(app: &mut App, id: DocId, report: Option<&Report>, effects: &mut Vec<Effect>) {
    let Some(doc) = app.document_mut(id) else { return };
    let held = doc.machines.run.as_ref().map_or_else(Vec::new, |run| run.held.clone());
    let may_go = held.iter().all(|scope| !doc.machines.has_in(scope));
    let Some(run) = &mut doc.machines.run else { return };
    if run.goes_on && may_go && !run.is_last {
        run.is_last = true;
        run.moved = report.map_or_else(String::new, in_words);
        doc.note = report.map(in_words);
        return filing::save(app, effects);
    }
    say(app, id, report.unwrap_or(&Report::default()));
    finish(app, id, effects);
}

/// `2 virtual machines moved, read back from the host.`
fn in_words(report: &Report) -> String {
    let there = report.results.iter().filter(|result| result.outcome().is_there()).count();
    match (there, report.results.len().saturating_sub(there)) {
        (0, _) => "No virtual machine moved.".to_owned(),
        (there, 0) => format!("{} moved, read back from the host.", counted(there)),
        (there, not) => format!("{} moved, read back from the host; {not} not.", counted(there)),
    }
}

/// Says what came of moves, and why some were not made.
pub(super) fn say(app: &mut App, id: DocId, report: &Report) {
    let Some(doc) = app.document_mut(id) else { return };
    let run = doc.machines.run.take().unwrap_or_default();
    let mut told = run.told;
    if !report.results.is_empty() {
        told.push(in_words(report));
    }
    let tried = |guid: Uuid| {
        run.moves.iter().any(|order| order.guid == guid)
            || report.results.iter().any(|result| result.guid == guid)
    };
    let failed: Vec<String> = doc
        .machines
        .all()
        .filter(|(_, one)| tried(one.machine.guid))
        .filter_map(|(_, one)| {
            let why = one.failed.as_deref()?.trim_end_matches('.');
            Some(format!("{}: {why}.", one.machine.name))
        })
        .collect();
    let held = run.held.iter().find(|scope| doc.machines.has_in(scope));
    if failed.is_empty() {
        told.extend(
            held.map(|scope| format!("Scope \"{scope}\" stays in the file until no machine is in it.")),
        );
        if !told.is_empty() {
            app.tell(told.join(" "));
        }
        return;
    }
    let title = match failed.len() {
        1 => "1 virtual machine was not moved".to_owned(),
        count => format!("{count} virtual machines were not moved"),
    };
    let mut lines = failed;
    let again = format!("What was not moved is still to be: {} tries again.", doc.keys.named(Id::Save));
    lines.extend([String::new(), again]);
    if let Some(scope) = held {
        lines.push(format!("Scope \"{scope}\" stays in the file until no machine is in it."));
    }
    if let Some(undo) = &report.undo {
        lines.push(format!("What was moved is undone on the host by: cscript //nologo \"{undo}\""));
    }
    app.after_save = AfterSave::Stay;
    if report.results.is_empty() {
        told.push(format!("{title}."));
    }
    app.dialogs.push(Dialog::Text(TextView::new(title, lines)));
    app.fail(told.join(" "));
}

/// The end of a save with machines: where the file holds the store as it is, nothing of it is unsaved.
fn finish(app: &mut App, id: DocId, effects: &mut Vec<Effect>) {
    let Some(doc) = app.document_mut(id) else { return };
    if doc.session.is_dirty() && doc.is_as_on_disk() {
        doc.mark_saved(!doc.unconfirmed);
    }
    if !doc.session.is_dirty() && doc.has_journal() {
        doc.journal_saved(effects);
    }
    let is_all = !doc.is_unsaved();
    crate::app::answers::after_save(app, id, is_all, effects);
}

impl Doc {
    /// Whether the file holds exactly what would be written.
    pub fn is_as_on_disk(&self) -> bool {
        self.on_disk && *self.session.saved().bytes() == *self.session.store().rendering().bytes()
    }

    /// `2 virtual machines to be moved`.
    pub fn to_be_moved(&self) -> String {
        format!("{} to be moved", counted(self.machines.pending()))
    }
}
