//! What follows from the host's answers: a store is shown, saved or not, and what an earlier run left is offered.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::hyperv;
use crate::store::{Change, Kind, Session, Store, parse_script};

use super::actions::Id;
use super::dialog::{Answer, Choice, Confirm, Dialog, TextView};
use super::doc::{Doc, Problems};
use super::effect::{Content, DocId, Effect, HostEvent, JournalStep, OpenedFile, Recovery, SaveFailure};
use super::finding;
use super::journal::Reach;
use super::layout::Pane;
use super::listing::{self, Listing};
use super::machines::{self, Machines, Wish};
use super::marked::Marked;
use super::marks::Marks;
use super::sheet::Sheet;
use super::state::{AfterSave, App};
use super::trail::Trail;
use super::tree::{Node, Part, Tree};
use super::work::{self, LARGE};
use super::{access_view, comparing, conflict, denied, filing, stores};

/// Takes in the host's answer.
pub fn answer(app: &mut App, event: HostEvent, effects: &mut Vec<Effect>) {
    match event {
        HostEvent::Opened(file) => {
            app.busy = None;
            show(app, file, true, effects);
            filing::open_next(app, effects);
            comparing::opened(app, true, effects);
        }
        HostEvent::Versions(id, versions) => super::versions::listed(app, id, versions),
        HostEvent::VersionsRead(id, read) => super::versions::was_read(app, id, read),
        HostEvent::Restored(id, outcome) => super::versions::restored(app, id, outcome, effects),
        HostEvent::NotOpened { path, message } => {
            app.busy = None;
            if let Some(message) = message {
                let title = format!("{} is not opened", path.display());
                app.dialogs.push(Dialog::Text(TextView::new(title, vec![message.clone()])));
                app.fail(message);
            } else {
                app.tell(format!("Stopped: {} is not opened.", path.display()));
            }
            filing::open_next(app, effects);
            comparing::opened(app, false, effects);
        }
        HostEvent::HalfSaved(left) => super::halfway::ask(app, left),
        HostEvent::Recent(recent) => app.opened_before = recent,
        HostEvent::Completed { typed, found } => super::paths::completed(app, &typed, &found),
        HostEvent::StillBusy => {
            if let Some(busy) = &mut app.busy {
                busy.is_shown = true;
            }
        }
        HostEvent::Looked(id, on_disk) => conflict::looked(app, id, on_disk),
        HostEvent::Saved(id, Ok(back)) => saved(app, id, &back, effects),
        HostEvent::Saved(id, Err(failure)) => not_saved(app, id, failure, effects),
        HostEvent::Checked(id, progress, findings) => work::checked(app, id, &progress, &findings),
        HostEvent::Told(told) => super::naming::told(app, &told.0, told.1, effects),
        HostEvent::NamesRead { path, asked, read } => super::naming::map_read(app, &path, read, asked),
        HostEvent::Listed(id, progress, rosters) => listing::listed(app, id, &progress, &rosters),
        HostEvent::Explained { path, explained } => denied::explained(app, &path, explained, effects),
        HostEvent::Allowed(found) => denied::allowed(app, found.as_ref(), effects),
        HostEvent::Compared(ids, found) => comparing::compared(app, &ids, found.as_ref()),
        HostEvent::Aligned { store, like, found } => {
            comparing::aligned(app, store, like, found.as_ref());
        }
        HostEvent::LogSays(id, appeared) => super::about::log_says(app, id, appeared),
        HostEvent::GoOn => {
            app.goes_on = false;
            finding::go_on(app);
            access_view::go_on(app);
        }
        HostEvent::JournalFailed(id, why) => {
            let Some(doc) = app.document_mut(id) else { return };
            doc.journal_stopped = true;
            let whose = doc.title();
            let of = if app.docs.len() > 1 { format!(" for {whose}") } else { String::new() };
            app.fail(format!(
                "No recovery journal{of} from here on: {why} Save soon, that begins a new one."
            ));
        }
        HostEvent::Faults(faults) => super::themes::report_faults(app, &faults),
        HostEvent::Themes(themes) => super::themes::listed(app, themes),
        HostEvent::Worn(worn) => super::themes::worn(app, worn),
        HostEvent::TextRead { path, id, read } => super::texts::read(app, &path, id, read),
        HostEvent::TextWritten { path, id, written } => super::texts::written(app, path, id, written),
        HostEvent::Machines { id, source, progress, told } => {
            machines::listing::answered(app, id, source, &progress, *told);
        }
        HostEvent::MachinesMoved(id, outcome) => machines::saving::moved(app, id, outcome, effects),
        HostEvent::Copied(outcome) => super::clip::answered(app, outcome, effects),
        HostEvent::Clipboard(text) => super::pasting::clipboard(app, text, effects),
    }
}

/// Shows a store that was read (`on_disk`) or made here: behind the open ones, or in the place of the one that was read
/// from this path before. What is no store is said.
pub(super) fn show(app: &mut App, file: OpenedFile, on_disk: bool, effects: &mut Vec<Effect>) {
    let name = file.path.as_ref().map_or_else(
        || "sample store".to_owned(),
        |path| {
            path.file_name()
                .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
        },
    );
    let parsed = match file.content {
        Content::Bytes(bytes) => Some(Store::open(bytes)),
        Content::Parsed(parcel) => parcel.take(),
    };
    let store = match parsed {
        None => return,
        Some(Ok(store)) => store,
        Some(Err(error)) => {
            let text = format!("{name}:{}:{}: {}", error.position.line, error.position.column, error.message);
            app.dialogs.push(Dialog::Text(TextView::new(
                format!("{name} cannot be opened"),
                vec![text.clone(), String::new(), "Nothing was changed.".to_owned()],
            )));
            app.fail(text);
            return;
        }
    };
    let before = app.docs.iter().position(|doc| file.path.is_some() && doc.path == file.path);
    let id = app.new_doc_id();
    let about = file.path.as_deref().map(app.about_file).unwrap_or_default();
    let on_disk = on_disk && file.path.is_some();
    let mut doc = Doc {
        id,
        focus: Pane::Tree,
        name: if file.path.is_some() { "new store" } else { "sample store" },
        path: file.path,
        on_disk,
        save_to: None,
        read_only: file.read_only,
        sign: None,
        is_read: false,
        findings: (store.document().text().len() < LARGE).then(|| hyperv::findings(&store)),
        tree: Tree::new(&store),
        session: Session::new(store),
        machines: Machines::default(),
        check: None,
        listing: Listing::default(),
        keys: Arc::clone(&app.keys),
        sheet: Sheet::default(),
        problems: Problems::default(),
        hidden: BTreeSet::new(),
        marks: Marks::default(),
        marked: Marked::default(),
        saved_steps: Vec::new(),
        reach: Reach::default(),
        journal_stopped: false,
        is_stale: false,
        is_gone: false,
        unconfirmed: false,
        note: None,
        aside: None,
        theirs: None,
        recovery: file.recovery,
        order: None,
        filter: None,
        trail: Trail::default(),
    };
    doc.count_problems();
    // The same file read again keeps its place in the tree.
    if let Some(place) = before.and_then(|index| app.docs.get(index)).map(Doc::place) {
        doc.go_to(place);
    }
    let index = before.unwrap_or(app.docs.len());
    if let Some(left) = app.docs.get_mut(index) {
        doc.take_over(std::mem::take(&mut left.machines));
        work::drop_check(&mut left.check);
        left.journal_end(effects);
        *left = doc;
    } else {
        app.docs.push(doc);
    }
    app.after_save = AfterSave::Stay;
    stores::show(app, index);
    remember(app, id, effects);
    if let Some(path) = app.document(id).and_then(|doc| doc.path.as_deref()) {
        effects.push(Effect::ReadNames { path: path.with_extension("names.tsv"), asked: false });
    }
    if before.is_some() {
        app.tell(format!("Read {name} again."));
    }
    super::about::announce(app, id, about);
    machines::listing::of_command_line(app, effects);
}

impl Doc {
    /// The file holds what the store is now.
    pub(super) fn mark_saved(&mut self, confirmed: bool) {
        self.unconfirmed = !confirmed;
        self.is_stale = false;
        self.is_gone = false;
        if let Some(path) = self.save_to.take() {
            self.path = Some(path);
            // What could not be written was the other file.
            self.read_only = None;
        }
        self.note = None;
        self.session.mark_saved();
        self.on_disk = true;
        let in_force = self.session.transactions().iter().take(self.session.position());
        self.saved_steps = in_force.map(|step| (step.revision, step.label.clone())).collect();
        self.marks.saved();
    }

    /// Where the selection is, in words that hold in another reading of the file: kind and name of each object from
    /// below the store to the selected one, and which part of that.
    pub(super) fn place(&self) -> (Vec<(Kind, String)>, Part) {
        let store = self.store();
        let node = self.node();
        let way = std::iter::successors(Some(node.object), |&object| store.parent(object));
        let mut names: Vec<(Kind, String)> =
            way.map(|object| (store.kind(object), store.name(object).into_owned())).collect();
        names.pop();
        names.reverse();
        (names, node.part)
    }

    /// Selects what is at this place, or the nearest thing above it that there is.
    pub(super) fn go_to(&mut self, (names, part): (Vec<(Kind, String)>, Part)) {
        let store = self.session.store();
        let mut node = Node { object: store.root(), part };
        for (kind, name) in names {
            let Some(object) = store.find(node.object, kind, &name) else {
                node.part = Part::Object;
                break;
            };
            node.object = object;
        }
        self.tree.reveal_node(store, node);
    }
}

/// Asks what becomes of what an earlier run left for the shown store.
pub(super) fn offer_recovery(app: &mut App, recovery: &Recovery) {
    let steps = recovery.steps.len();
    let count = if steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") };
    let mut lines = vec![format!(
        "An earlier run ended without saving. Its journal, last written {}, holds {count}:",
        recovery.when
    )];
    for step in recovery.steps.iter().take(12) {
        lines.push(match step {
            JournalStep::Apply { label, .. } => format!("  {label}"),
            JournalStep::Undo => "  undo".to_owned(),
            JournalStep::Redo => "  redo".to_owned(),
            JournalStep::Clear => continue,
        });
    }
    if steps > 12 {
        lines.push(format!("  and {} more", steps.saturating_sub(12)));
    }
    if !recovery.baseline_unchanged {
        lines.push("The file was changed since: what no longer fits is left out and named.".to_owned());
    }
    let mut choices = vec![Choice { label: "Later".to_owned(), key: None, answer: Answer::RecoverLater }];
    if let Some(why) = app.why_unwritable() {
        lines.push(format!(
            "Nothing is decided here, because nothing can be saved: {}.",
            why.trim_end_matches('.')
        ));
    } else {
        lines.push("Replaying writes nothing to the file: you look at it, then save.".to_owned());
        choices.push(Choice::new('d', "Discard", Answer::DiscardRecovery));
        // Over a file that is another now, it is looked at step by step.
        choices.push(if recovery.baseline_unchanged {
            Choice::new('r', "Replay", Answer::Replay)
        } else {
            Choice::new('r', "Choose", Answer::ChooseSteps)
        });
    }
    app.dialogs.push(Dialog::Confirm(Confirm::new("Unsaved work was found", lines, choices)));
}

/// What the lines of a step of the journal say.
///
/// # Errors
/// The line that is not understood.
pub(super) fn parsed(lines: &[String]) -> Result<(Vec<Change>, Vec<Wish>), String> {
    let (wishes, changes) = Wish::part(lines)?;
    let script = parse_script(&changes.join("\n")).map_err(|(_, error)| error.to_string())?;
    Ok((script.into_iter().map(|(_, change)| change).collect(), wishes))
}

/// Does again what the journal holds.
pub fn replay(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc_mut() else { return };
    let Some(recovery) = doc.recovery.take() else { return };
    // The journal is written anew from what fits, so that it and the history agree from here on.
    effects.push(Effect::Journal(doc.id, JournalStep::Clear));
    let mut left_out = Vec::new();
    // Whether each step that is in force, or was undone, took effect here: the others were never made, and there is
    // nothing of them to take back.
    let (mut done, mut undone) = (Vec::new(), Vec::new());
    for step in recovery.steps {
        match step {
            JournalStep::Apply { label, lines } => {
                let before = position(app);
                let outcome = parsed(&lines).and_then(|(changes, wishes)| {
                    super::editing::apply_and_move(app, &changes, &wishes, &label, effects)
                });
                if let Err(why) = outcome {
                    left_out.push(format!("{label}: {why}"));
                }
                done.push(position(app) > before);
                undone.clear();
            }
            JournalStep::Undo => {
                let Some(took_effect) = done.pop() else { continue };
                if took_effect {
                    super::editing::undo(app, effects);
                }
                undone.push(took_effect);
            }
            JournalStep::Redo => {
                let Some(took_effect) = undone.pop() else { continue };
                if took_effect {
                    super::editing::redo(app, effects);
                }
                done.push(took_effect);
            }
            JournalStep::Clear => {}
        }
    }
    if left_out.is_empty() {
        app.tell(format!(
            "Replayed: {}. Nothing is saved yet.",
            app.doc().map_or_else(String::new, Doc::unsaved_words)
        ));
    } else {
        app.fail(format!("{} of the steps no longer fit.", left_out.len()));
        app.dialogs.push(Dialog::Text(TextView::new("Left out", left_out)));
    }
}

/// How many steps are in force.
fn position(app: &App) -> usize {
    app.doc().map_or(0, |doc| doc.session.position())
}

/// Forgets what the journal holds.
pub fn discard_recovery(app: &mut App, effects: &mut Vec<Effect>) {
    if let Some(doc) = app.doc_mut()
        && doc.recovery.take().is_some()
    {
        effects.push(Effect::Journal(doc.id, JournalStep::Clear));
        app.tell("The journal of the earlier run was removed.");
    }
}

/// Puts the file of a document at the head of the stores opened last.
fn remember(app: &App, id: DocId, effects: &mut Vec<Effect>) {
    let doc = app.document(id).filter(|doc| doc.on_disk);
    effects.extend(doc.and_then(|doc| doc.path.clone()).map(|path| Effect::Recent(Some(path))));
}

fn saved(app: &mut App, id: DocId, back: &str, effects: &mut Vec<Effect>) {
    app.busy = None;
    let Some(doc) = app.document_mut(id) else { return };
    let is_new = doc.save_to.is_some() || !doc.on_disk;
    let moved = doc.on_disk && doc.save_to.as_ref().is_some_and(|to| doc.path.as_ref() != Some(to));
    doc.mark_saved(true);
    doc.journal_saved(effects);
    let later = doc.bring_back(true, effects);
    let mut told = vec!["Saved and on disk.".to_owned()];
    if moved {
        told = vec![format!("Saved as {}, and on disk. Work goes on there.", doc.title())];
    }
    let goes_on = doc.machines.run.as_ref().is_some_and(machines::saving::Run::goes_on);
    told.extend(later.clone().filter(|_| !goes_on));
    told.extend(Some(back.to_owned()).filter(|back| !back.is_empty()));
    if is_new {
        remember(app, id, effects);
    }
    super::about::saved(app, id, effects);
    if machines::saving::go_on(app, id, told.clone(), effects) {
        return;
    }
    app.tell(told.join(" "));
    after_save(app, id, later.is_none(), effects);
}

/// What follows when a save has ended well; `is_all`: nothing waits.
pub(super) fn after_save(app: &mut App, id: DocId, is_all: bool, effects: &mut Vec<Effect>) {
    match std::mem::take(&mut app.after_save) {
        AfterSave::Stay => {}
        // What waits is not to be lost with the store.
        AfterSave::Close if !is_all => {}
        AfterSave::Close => stores::close(app, id, effects),
        AfterSave::Quit => stores::save_next_and_quit(app, effects),
    }
}

fn not_saved(app: &mut App, id: DocId, failure: SaveFailure, effects: &mut Vec<Effect>) {
    app.busy = None;
    app.after_save = AfterSave::Stay;
    stores::show_document(app, id);
    let Some(doc) = app.document_mut(id) else { return };
    doc.note = None;
    doc.machines.run = None;
    if !matches!(failure, SaveFailure::Unconfirmed(_)) {
        doc.put_back();
    }
    let (title, why) = match failure {
        SaveFailure::Stopped => {
            doc.save_to = None;
            return app.tell("Stopped: nothing was written.");
        }
        SaveFailure::Failed(why) => ("Not saved", why),
        SaveFailure::Unconfirmed(why) => {
            // The file holds what was to be saved. The journal stays: if the disk loses the file, it has the work.
            doc.mark_saved(false);
            doc.bring_back(false, effects);
            ("Saved, but the disk did not confirm it", why)
        }
        SaveFailure::Conflict { disk, message } if doc.on_disk && doc.save_to.is_none() => {
            return conflict::ask(app, id, disk, message);
        }
        SaveFailure::Conflict { message, .. } => ("Not saved", message),
    };
    let mut lines = vec![why.clone()];
    if doc.session.is_dirty() && doc.has_journal() {
        let too = if doc.journal_stopped { "" } else { " and in the recovery journal" };
        lines.extend([String::new(), format!("Your changes are kept here{too}.")]);
    }
    if doc.save_to.take().is_some() || !doc.on_disk {
        let key = doc.keys.named(if doc.on_disk { Id::SaveAs } else { Id::Save });
        lines.extend([String::new(), format!("{key} asks for another path.")]);
    }
    if !doc.on_disk {
        // A path that cannot be written is asked for again.
        doc.path = None;
    }
    app.dialogs.push(Dialog::Text(TextView::new(title, lines)));
    app.fail(why);
}
