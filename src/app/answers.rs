//! What follows from the host's answers: a store is shown, saved or not, and what an earlier run left is offered.

use crate::check::Findings;
use crate::store::{Change, Kind, Session, Store, diff, parse_script};

use super::dialog::{Answer, Choice, Confirm, Dialog, TextView};
use super::effect::{DocId, Effect, HostEvent, JournalStep, OpenedFile, Recovery, SaveFailure};
use super::filing::unsaved_count;
use super::finding;
use super::journal::Reach;
use super::layout::Pane;
use super::marks::Marks;
use super::sheet::Sheet;
use super::state::{App, Doc, Problems};
use super::trail::Trail;
use super::tree::{Node, Part, Tree};

/// Takes in the host's answer.
pub fn answer(app: &mut App, event: HostEvent, effects: &mut Vec<Effect>) {
    match event {
        HostEvent::Opened(file) => show(app, file, true, effects),
        HostEvent::NotOpened { path, message } => {
            let title = format!("{} is not opened", path.display());
            app.dialogs.push(Dialog::Text(TextView::new(title, vec![message.clone()])));
            app.fail(message);
        }
        HostEvent::Saved(id, Ok(back)) => saved(app, id, &back, effects),
        HostEvent::Saved(id, Err(failure)) => not_saved(app, id, failure),
        HostEvent::Check(id) => {
            if let Some(doc) = app.docs.iter_mut().find(|doc| doc.id == id) {
                doc.check();
            }
        }
        HostEvent::GoOn => {
            app.goes_on = false;
            finding::go_on(app);
        }
        HostEvent::JournalFailed(id, why) => {
            if let Some(doc) = app.docs.iter_mut().find(|doc| doc.id == id) {
                doc.journal_stopped = true;
            }
            app.fail(format!("No recovery journal from here on: {why} Save soon, that begins a new one."));
        }
        HostEvent::Copied(Ok(way)) => app.tell(way),
        HostEvent::Copied(Err(why)) => app.fail(format!("Not copied: {why}")),
    }
}

/// A store of so many bytes is shown before it is checked.
const LARGE: usize = 1 << 20;

/// Shows a store that was read (`on_disk`) or made here, in place of the one that is open. What is no store is said.
pub(super) fn show(app: &mut App, file: OpenedFile, on_disk: bool, effects: &mut Vec<Effect>) {
    let name = file.path.as_ref().map_or_else(
        || "sample store".to_owned(),
        |path| {
            path.file_name()
                .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
        },
    );
    let store = match Store::open(file.bytes) {
        Ok(store) => store,
        Err(error) => {
            let text = format!("{name}:{}:{}: {}", error.position.line, error.position.column, error.message);
            app.dialogs.push(Dialog::Text(TextView::new(
                format!("{name} cannot be opened"),
                vec![text.clone(), String::new(), "Nothing was changed.".to_owned()],
            )));
            app.fail(text);
            return;
        }
    };
    // The same file read again keeps its place in the tree.
    let stood = app.doc().filter(|doc| file.path.is_some() && doc.path == file.path).map(Doc::place);
    let id = app.new_doc_id();
    let on_disk = on_disk && file.path.is_some();
    let mut doc = Doc {
        id,
        name: if file.path.is_some() { "new store" } else { "sample store" },
        path: file.path,
        on_disk,
        read_only: file.read_only,
        findings: (store.document().text().len() < LARGE).then(|| Findings::of(&store)),
        tree: Tree::new(&store),
        session: Session::new(store),
        sheet: Sheet::default(),
        problems: Problems::default(),
        marks: Marks::default(),
        saved_steps: Vec::new(),
        reach: Reach::default(),
        journal_stopped: false,
        unconfirmed: false,
        recovery: file.recovery,
        order: None,
        filter: None,
        trail: Trail::default(),
    };
    if doc.findings.is_none() {
        effects.push(Effect::Check(id));
    }
    doc.count_problems();
    if let Some(place) = stood {
        doc.go_to(place);
    }
    let recovery = doc.recovery.clone();
    for left in &app.docs {
        left.journal_end(effects);
    }
    app.docs = vec![doc];
    app.current = 0;
    app.focus = Pane::Tree;
    app.dialogs.clear();
    app.search = None;
    app.hunt = None;
    app.quit_after_save = false;
    if let Some(recovery) = recovery {
        offer_recovery(app, &recovery);
    }
}

impl Doc {
    /// The file holds what the store is now.
    fn mark_saved(&mut self, confirmed: bool) {
        self.unconfirmed = !confirmed;
        self.session.mark_saved();
        self.on_disk = true;
        let in_force = self.session.transactions().iter().take(self.session.position());
        self.saved_steps = in_force.map(|step| (step.revision, step.label.clone())).collect();
        self.marks.saved();
    }

    /// Where the selection is, in words that hold in another reading of the file: kind and name of each object from
    /// below the store to the selected one, and which part of that.
    fn place(&self) -> (Vec<(Kind, String)>, Part) {
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
    fn go_to(&mut self, (names, part): (Vec<(Kind, String)>, Part)) {
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

fn offer_recovery(app: &mut App, recovery: &Recovery) {
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
        choices.push(Choice::new('r', "Replay", Answer::Replay));
    }
    app.dialogs.push(Dialog::Confirm(Confirm::new("Unsaved work was found", lines, choices)));
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
                let parsed = parse_script(&lines.join("\n"))
                    .map(|script| script.into_iter().map(|(_, change)| change).collect::<Vec<Change>>())
                    .map_err(|(_, error)| error.to_string());
                let before = position(app);
                let outcome =
                    parsed.and_then(|changes| super::editing::apply(app, &changes, &label, effects));
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
        app.tell(format!("Replayed: {}. Nothing is saved yet.", unsaved_count(app)));
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

fn saved(app: &mut App, id: DocId, back: &str, effects: &mut Vec<Effect>) {
    let Some(doc) = app.docs.iter_mut().find(|doc| doc.id == id) else { return };
    doc.mark_saved(true);
    doc.journal_saved(effects);
    app.tell(if back.is_empty() {
        "Saved and on disk.".to_owned()
    } else {
        format!("Saved and on disk. {back}")
    });
    if app.quit_after_save {
        effects.push(Effect::Quit);
    }
}

fn not_saved(app: &mut App, id: DocId, failure: SaveFailure) {
    app.quit_after_save = false;
    let Some(doc) = app.docs.iter_mut().find(|doc| doc.id == id) else { return };
    let (title, why) = match failure {
        SaveFailure::Failed(why) => ("Not saved", why),
        SaveFailure::Unconfirmed(why) => {
            // The file holds what was to be saved. The journal stays: if the disk loses the file, it has the work.
            doc.mark_saved(false);
            ("Saved, but the disk did not confirm it", why)
        }
        SaveFailure::Conflict { disk, message } if doc.on_disk => return conflict(app, id, disk, message),
        SaveFailure::Conflict { message, .. } => ("Not saved", message),
    };
    let mut lines = vec![why.clone()];
    if doc.session.is_dirty() && doc.has_journal() {
        let too = if doc.journal_stopped { "" } else { " and in the recovery journal" };
        lines.extend([String::new(), format!("Your changes are kept here{too}.")]);
    }
    if !doc.on_disk {
        // A path that cannot be written is asked for again.
        doc.path = None;
        lines.extend([String::new(), "s asks for another path.".to_owned()]);
    }
    app.dialogs.push(Dialog::Text(TextView::new(title, lines)));
    app.fail(why);
}

fn conflict(app: &mut App, id: DocId, disk: Option<Vec<u8>>, message: String) {
    let Some(doc) = app.document(id) else { return };
    let title = format!("{} is not what was read", doc.title());
    let mut lines = vec![message.clone(), "Nothing was written.".to_owned()];
    let before = doc.on_disk.then(|| Store::open(doc.session.saved().to_bytes()));
    match (disk.map(Store::open), before) {
        (Some(Ok(theirs)), Some(Ok(before))) => {
            let differences = diff(&before, &theirs);
            lines.push(String::new());
            lines.push(match differences.len() {
                0 => "It holds the same objects, written differently.".to_owned(),
                count => format!("Changed there since you opened it ({count}):"),
            });
            lines.extend(differences.iter().take(200).map(|difference| {
                let line = super::saving::line(difference);
                format!("  {} {} {} {}", line.sign, line.what, line.text, line.place).trim_end().to_owned()
            }));
        }
        (Some(Err(error)), _) => lines.push(format!("It is no store any more: {}", error.message)),
        (None, _) => lines.push("It is gone, or cannot be read.".to_owned()),
        _ => {}
    }
    lines.push(String::new());
    lines.push(
        "Reload takes the file as it is and drops your changes. Keep goes on with yours, unsaved.".to_owned(),
    );
    let choices = vec![
        Choice { label: "Keep mine".to_owned(), key: None, answer: Answer::KeepMine },
        Choice::new('r', "Reload", Answer::Reload),
    ];
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
    app.fail(message);
}
