//! What saving would write: as objects, as lines of the file, what is wrong with it, and what must be asked first; and
//! saving some of it now and the rest later.

mod lines;
mod moves;
mod xml;

use crate::access::guard::{self, Facts, Objection};
use crate::access::{Unsaved, gains_of_session};
use crate::accounts::{self, Names, Sid};
use crate::check::{Finding, Severity};
use crate::hyperv::moves::Scopes;
use crate::report::gains;
use crate::store::{Difference, LeafKind, Part, Parts, Session, What};

pub use self::lines::line;

use super::actions::Id;
use super::dialog::{Consent, Dialog, SaveDialog, SaveLine, SavePane};
use super::doc::Doc;
use super::effect::Effect;
use super::journal::Reach;
use super::keymap::Keymap;
use super::machines::{self, saving::Run};
use super::state::App;

/// Lines shown of each part; a change to a million objects is not read line by line.
const MOST: usize = 2000;
/// Sentences shown of what anyone gains or loses.
const GAINS: usize = 40;

/// What is known when a save is looked at.
#[derive(Clone, Copy)]
pub struct Known<'k> {
    /// Who saves, and what programs need.
    pub facts: &'k Facts,
    /// Who accounts are.
    pub names: &'k Names,
}

/// The shown store, and what is to be known to say what saving it would do.
pub fn shown(app: &mut App) -> Option<(&mut Doc, Known<'_>)> {
    let App { docs, current, facts, names, .. } = app;
    Some((docs.get_mut(*current)?, Known { facts, names }))
}

/// Puts the names of accounts into what is asked.
fn name_objections(objections: &mut [Objection], names: &Names) {
    for objection in objections {
        objection.sentence = names.put_into(&objection.sentence).into_owned();
    }
}

/// The save dialog of a document.
///
/// # Errors
/// What the file holds can no longer be compared with the store; nothing must be saved then.
pub fn dialog(doc: &mut Doc, known: Known<'_>) -> Result<SaveDialog, String> {
    let mut dialog =
        SaveDialog { title: format!("Save {}", doc.title()), on_save: true, ..SaveDialog::default() };
    fill(doc, &mut dialog, known)?;
    Ok(dialog)
}

/// Brings the lines up to what is ticked. Where nothing is known to be ticked, everything is.
fn fill(doc: &mut Doc, dialog: &mut SaveDialog, known: Known<'_>) -> Result<(), String> {
    let parts = if doc.on_disk { doc.session.parts() } else { None };
    let Some(parts) = parts else {
        dialog.why_whole = Some(if doc.on_disk {
            "The saved state was undone and left for good: all of it is saved, or nothing.".to_owned()
        } else {
            "A new file is written whole.".to_owned()
        });
        let seen = look(&mut doc.session, known, &doc.keys, doc.on_disk)?;
        let differences = doc.session.unsaved();
        let all: Vec<(Option<usize>, &Difference)> = differences.iter().map(|d| (None, d)).collect();
        dialog.ticks.clear();
        assemble(doc, dialog, seen, &all, known.names);
        return Ok(());
    };
    if dialog.ticks.len() != parts.all.len() {
        dialog.ticks = vec![true; parts.all.len()];
    }
    let seen =
        doc.session.with_only(&parts, &dialog.ticks, |session| look(session, known, &doc.keys, true))?;
    let all: Vec<(Option<usize>, &Difference)> =
        parts.all.iter().enumerate().map(|(number, part)| (Some(number), &part.difference)).collect();
    assemble(doc, dialog, seen, &all, known.names);
    Ok(())
}

/// Brings the moves up to what is ticked; what was unticked stays so.
fn plan_moves(doc: &mut Doc, dialog: &mut SaveDialog, after: &Scopes) {
    let before = doc.saved_scopes();
    let (mut moves, held) = machines::saving::planned(doc, &before, after);
    for one in &mut moves {
        let was = dialog.moves.iter().find(|other| other.order.guid == one.order.guid && other.fits);
        one.is_ticked &= was.is_none_or(|was| was.is_ticked);
    }
    (dialog.moves, dialog.held) = (moves, held);
}

/// What is to be known of a state of the session that may be written.
struct Seen {
    objections: Vec<Objection>,
    gains: Vec<String>,
    xml: Vec<SaveLine>,
    scopes: Scopes,
}

fn look(session: &mut Session, known: Known<'_>, keys: &Keymap, on_disk: bool) -> Result<Seen, String> {
    let refused = |error: crate::store::OpenError| {
        format!("What the file holds cannot be compared: {error}. {} reads it again.", keys.named(Id::Reload))
    };
    let xml = xml::lines(&session.store().rendering(), session.saved());
    let scopes = Scopes::of(session.store());
    // A file that is not there yet holds nothing that anybody could lose.
    if !on_disk {
        return Ok(Seen { objections: Vec::new(), gains: Vec::new(), xml, scopes });
    }
    let mut objections = guard::of_session(session, known.facts).map_err(refused)?;
    name_objections(&mut objections, known.names);
    let Unsaved { gained, lost, saved } = gains_of_session(session).map_err(refused)?;
    let store = session.store();
    let mut sentences = gains::sentences("gains", (store, &gained), known.names);
    sentences.extend(gains::sentences("loses", (saved.as_ref().unwrap_or(store), &lost), known.names));
    Ok(Seen { objections, gains: sentences, xml, scopes })
}

fn assemble(
    doc: &mut Doc,
    dialog: &mut SaveDialog,
    seen: Seen,
    all: &[(Option<usize>, &Difference)],
    names: &Names,
) {
    plan_moves(doc, dialog, &seen.scopes);
    let mut lines = asking(&seen.objections);
    lines.extend(gaining(&seen.gains));
    lines.extend(moves::lines(doc, dialog));
    lines.extend(changes(all, names, doc.on_disk));
    lines.push(SaveLine::text(""));
    lines.extend(findings(doc, names));
    dialog.tell(lines, seen.xml);
    let asked = Consent::new(seen.objections.into_iter().map(|objection| objection.name));
    if asked.names != dialog.consent.names {
        dialog.consent = asked;
    }
    if dialog.consent.asked().is_none() {
        if dialog.pane == SavePane::Consent {
            dialog.pane = SavePane::Objects;
        }
    } else if dialog.selected == 0 {
        dialog.pane = SavePane::Consent;
    }
}

/// Fills a dialog that shows what bringing back a version would do.
pub(super) fn show_restore(
    dialog: &mut SaveDialog,
    mut objections: Vec<Objection>,
    (gains, names): (&[String], &Names),
    all: &[Difference],
) {
    let all: Vec<(Option<usize>, &Difference)> = all.iter().map(|difference| (None, difference)).collect();
    name_objections(&mut objections, names);
    let mut lines = asking(&objections);
    lines.extend(gaining(gains));
    lines.extend(changes(&all, names, true));
    dialog.tell(lines, vec![SaveLine::text("The file becomes byte for byte what it was.")]);
    dialog.consent = Consent::new(objections.into_iter().map(|objection| objection.name));
    if dialog.consent.asked().is_some() {
        dialog.pane = SavePane::Consent;
    }
}

/// The objections, before everything else.
fn asking(objections: &[Objection]) -> Vec<SaveLine> {
    if objections.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![SaveLine::text("Saving asks first")];
    lines.extend(objections.iter().map(|objection| {
        let (what, text) = ("asks".to_owned(), objection.sentence.clone());
        SaveLine { sign: '!', what, text, ..SaveLine::default() }
    }));
    lines.push(SaveLine::text(""));
    lines
}

/// What anyone gains or loses, the worst first.
fn gaining(sentences: &[String]) -> Vec<SaveLine> {
    if sentences.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![SaveLine::text("Who gains and who loses")];
    let shown = sentences.iter().take(GAINS).cloned();
    lines.extend(shown.map(|text| SaveLine { sign: '·', text, ..SaveLine::default() }));
    if sentences.len() > GAINS {
        lines.push(SaveLine::text(format!("and {} more", sentences.len().saturating_sub(GAINS))));
    }
    lines.push(SaveLine::text(""));
    lines
}

/// How much harm a difference can do: what goes first, then what classes of accounts get, then the rest.
fn risk(difference: &Difference) -> u8 {
    match &difference.what {
        What::Removed | What::Unlinked { .. } => 0,
        What::Linked { kind: LeafKind::Member, text, .. }
            if Sid::parse(text).is_ok_and(|sid| accounts::is_broad(&sid)) =>
        {
            1
        }
        _ => 2,
    }
}

fn changes(all: &[(Option<usize>, &Difference)], names: &Names, on_disk: bool) -> Vec<SaveLine> {
    let mut sorted = all.to_vec();
    sorted.sort_by_key(|(_, difference)| risk(difference));
    let mut lines = Vec::new();
    if sorted.is_empty() {
        let text = if on_disk { "Nothing in the store differs from the file" } else { "A new file" };
        lines.push(SaveLine::text(text));
    }
    let mut last = None;
    for (part, difference) in sorted.iter().take(MOST) {
        let risk = risk(difference);
        if last != Some(risk) {
            lines.push(SaveLine::text(match risk {
                0 => "What goes",
                1 => "What whole classes of accounts get",
                _ => "What changes",
            }));
            last = Some(risk);
        }
        lines.push(SaveLine { part: *part, ..line(names, difference) });
    }
    if sorted.len() > MOST {
        lines.push(SaveLine::text(format!("and {} more", sorted.len().saturating_sub(MOST))));
    }
    lines
}

/// Takes the selected difference out of what is saved, or puts it back in; what cannot be without it follows.
pub fn tick(app: &mut App) {
    let Some(Dialog::Save(mut dialog)) = app.dialogs.pop() else { return };
    dialog.said = None;
    if let Some(order) = dialog.order() {
        moves::toggle(&mut dialog, order);
    } else if let Some((doc, known)) = shown(app) {
        let parts = if dialog.why_whole.is_none() { doc.session.parts() } else { None };
        let outcome = match (dialog.part(), parts) {
            (_, None) => Err(dialog.why_whole.clone().unwrap_or_default()),
            (None, _) => Err("Space takes a change out of this save: select one.".to_owned()),
            (Some(part), Some(parts)) => {
                toggle(doc, &parts, &mut dialog, part);
                fill(doc, &mut dialog, known)
            }
        };
        if let Err(why) = outcome {
            dialog.said = Some(why);
        }
    }
    app.dialogs.push(Dialog::Save(dialog));
}

fn toggle(doc: &mut Doc, parts: &Parts, dialog: &mut SaveDialog, part: usize) {
    let Some(ticked) = dialog.ticks.get_mut(part) else { return };
    *ticked = !*ticked;
    let is_on = *ticked;
    let left_out = doc.session.settle(parts, &mut dialog.ticks);
    let others = left_out.iter().filter(|(number, _)| *number != part).count();
    let own = left_out.iter().find(|(number, _)| *number == part);
    dialog.said = match (own, others) {
        (Some((_, why)), _) if is_on => Some(format!("Not by itself: {why}")),
        (_, 0) => None,
        (_, 1) => Some("1 change that needs it waits too.".to_owned()),
        (_, count) => Some(format!("{count} changes that need it wait too.")),
    };
}

/// Takes the selected difference back, as one step; what cannot be without it goes too.
pub fn take_back(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Dialog::Save(mut dialog)) = app.dialogs.pop() else { return };
    dialog.said = None;
    if let Some(order) = dialog.order() {
        return moves::take_back(app, dialog, order, effects);
    }
    let Some((doc, known)) = shown(app) else { return };
    let parts = if dialog.why_whole.is_none() { doc.session.parts() } else { None };
    let outcome = match (dialog.part(), parts) {
        (_, None) => Err(dialog.why_whole.clone().unwrap_or_default()),
        (None, _) => Err("u takes a change back: select one.".to_owned()),
        (Some(part), Some(parts)) => {
            let said = back(doc, &parts, part, effects);
            dialog.ticks.clear();
            fill(doc, &mut dialog, known).map(|()| dialog.said = Some(said))
        }
    };
    show_again(app, dialog, outcome);
}

/// After something was taken back: what is left of the dialog.
fn show_again(app: &mut App, mut dialog: SaveDialog, outcome: Result<(), String>) {
    match outcome {
        // Differences that can be taken back are those from a file.
        Ok(()) if dialog.ticks.is_empty() && dialog.moves.is_empty() => {
            app.tell("Everything was taken back: there is nothing to save.");
        }
        Ok(()) => app.dialogs.push(Dialog::Save(dialog)),
        Err(why) => {
            dialog.said = Some(why);
            app.dialogs.push(Dialog::Save(dialog));
        }
    }
}

fn back(doc: &mut Doc, parts: &Parts, part: usize, effects: &mut Vec<Effect>) -> String {
    let mut keep = vec![true; parts.all.len()];
    if let Some(keep) = keep.get_mut(part) {
        *keep = false;
    }
    doc.session.settle(parts, &mut keep);
    let taken = keep.iter().filter(|keep| !**keep).count();
    let label = parts.all.get(part).map_or_else(String::new, |part| format!("take back {}", words(part)));
    let (applied, unsaid) = doc.session.leave_only(parts, &keep, &label);
    doc.take_in(&applied, 1);
    doc.journal_last(effects);
    let besides = match taken {
        0 | 1 => String::new(),
        2 => " 1 change that needs it went too.".to_owned(),
        count => format!(" {} changes that need it went too.", count.saturating_sub(1)),
    };
    let lost = if unsaid > 0 { " The recovery journal cannot say all of it." } else { "" };
    format!("Taken back; undo brings it again.{besides}{lost}")
}

/// A difference in a few words, for a label.
fn words(part: &Part) -> String {
    let line = line(&Names::default(), &part.difference);
    let mut words = vec![line.what, line.text, line.place];
    words.retain(|text| !text.is_empty());
    words.join(" ")
}

/// Saves what the dialog says: everything, or the ticked differences while the rest is set aside.
pub fn save(app: &mut App, dialog: &SaveDialog, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc_mut() else { return };
    let run = Run::new(&dialog.moves, &dialog.held, dialog.is_whole());
    let waits = dialog.later() == dialog.ticks.len() && !dialog.ticks.is_empty();
    if waits && run.is_none() {
        app.object("Nothing is ticked: nothing was saved.");
        return;
    }
    doc.note = Some(dialog.note.text().trim().to_owned()).filter(|note| !note.is_empty());
    let id = doc.id;
    let writes = match set_aside(doc, dialog) {
        Ok(writes) => writes,
        Err(why) => return app.fail(why),
    };
    doc.machines.run = run;
    if writes {
        super::filing::save(app, effects);
    } else {
        machines::saving::go_on(app, id, Vec::new(), effects);
    }
}

/// Leaves in the store what is saved now; the rest waits. Whether there is something to write.
fn set_aside(doc: &mut Doc, dialog: &SaveDialog) -> Result<bool, String> {
    let is_written = dialog.moves.is_empty() || !doc.is_as_on_disk();
    if dialog.is_whole() && dialog.held.is_empty() {
        return Ok(is_written);
    }
    let Some(parts) = doc.session.parts() else {
        return Err("Not saved: machines are in scopes that go, so that the store is saved twice; but its saved state was \
                    undone and left for good. Move the machines first, then change their scopes."
            .to_owned());
    };
    let mut ticks = dialog.ticks.clone();
    let also = machines::saving::keep(doc, &parts, &mut ticks, &dialog.held);
    doc.session.settle(&parts, &mut ticks);
    if ticks.iter().all(|&ticked| !ticked) && also.is_empty() {
        return Ok(false);
    }
    let later = match (dialog.later(), dialog.held.as_slice()) {
        (0, held) => machines::saving::words_of(held),
        (count, []) => counted(count),
        (count, held) => format!("{} and {}", counted(count), machines::saving::words_of(held)),
    };
    let (applied, _) = doc.session.leave_only_with(&parts, &ticks, &also, &format!("set aside {later}"));
    doc.take_in(&applied, 1);
    doc.aside = Some(later);
    Ok(true)
}

fn counted(count: usize) -> String {
    if count == 1 { "1 change".to_owned() } else { format!("{count} changes") }
}

impl Doc {
    /// Brings back what waited while the rest was saved, and says so. The journal is told, unless it still holds all
    /// that was done.
    pub(super) fn bring_back(&mut self, is_told: bool, effects: &mut Vec<Effect>) -> Option<String> {
        let later = self.aside.take()?;
        let place = self.place();
        let (applied, unsaid) = self.session.bring_back(&format!("do what was set aside: {later}"))?;
        self.take_in(&applied, 1);
        self.go_to(place);
        if is_told {
            self.journal_last(effects);
        } else {
            self.reach = Reach::at(self.session.position());
        }
        let lost = if unsaid > 0 { " The recovery journal cannot say all of it." } else { "" };
        Some(format!("Not saved yet: {later}.{lost}"))
    }

    /// Takes back that something was set aside: nothing was saved.
    pub(super) fn put_back(&mut self) {
        if self.aside.take().is_some() {
            let place = self.place();
            if let Some(applied) = self.session.undo() {
                self.take_in(&applied, -1);
            }
            self.session.forget_undone();
            self.go_to(place);
        }
    }
}

/// The findings about what differs, the worst first.
fn findings(doc: &Doc, names: &Names) -> Vec<SaveLine> {
    let mut found: Vec<&Finding> = doc
        .marks
        .objects()
        .filter(|&object| doc.store().is_live(object))
        .flat_map(|object| doc.findings_about(object))
        .collect();
    found.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.object.cmp(&b.object)));
    let heading = match found.len() {
        0 => "No problems in what changed".to_owned(),
        1 => "1 problem in what changed".to_owned(),
        count => format!("{count} problems in what changed"),
    };
    let mut lines = vec![SaveLine::text(heading)];
    for finding in found.iter().take(MOST) {
        let (sign, what) = (sign(finding.severity), finding.code.to_owned());
        let text = format!("{}: {}", doc.store().name(finding.object), names.put_into(&finding.message));
        lines.push(SaveLine { sign, what, text, ..SaveLine::default() });
    }
    lines
}

/// The sign of a severity.
pub const fn sign(severity: Severity) -> char {
    match severity {
        Severity::Info => '·',
        Severity::Warning | Severity::Error => '!',
    }
}
