//! Ours over a file that somebody else changed, and what an earlier run left over a file that was changed since: shown
//! as objects, chosen one by one, made as one step that can be undone.

use crate::accounts::Names;
use crate::store::{Change, Did, Item, Merge, Session, Store};

use super::actions::Id;
use super::dialog::merge::{MergeChoice, MergeDialog, MergeRow, Purpose, Side};
use super::dialog::{Dialog, SaveLine};
use super::effect::{DocId, Effect, JournalStep, OpenedFile, Recovery};
use super::saving::line;
use super::state::App;
use super::wrap::wrap;
use super::{answers, comparing, editing, filing};

/// Lines shown of one side of an item; an object that was removed may have held any number.
const MOST: usize = 30;

/// A merge that is being decided.
pub struct Merging {
    id: DocId,
    /// What the file holds now.
    theirs: Vec<u8>,
    merge: Merge,
}

/// Shows what was done here and what somebody else did to the file, which holds `theirs` now.
pub fn ask(app: &mut App, id: DocId, theirs: Vec<u8>) {
    let Some(doc) = app.document(id) else { return };
    let opened = (Store::open(doc.session.saved().to_bytes()), Store::open(theirs.clone()));
    let (Ok(base), Ok(mut there)) = opened else {
        return app.fail("The file is no store any more: nothing can be merged into it.");
    };
    let merge = Merge::of(&base, doc.session.store(), &mut there);
    let (rows, choices) = rows(&merge.items, &app.names, cells(app));
    let title = format!("Merge into {}", doc.title());
    let selected = rows.iter().position(|row| row.choice.is_some()).unwrap_or(0);
    app.merging = Some(Merging { id, theirs, merge });
    let dialog = MergeDialog { title, rows, choices, selected, ..MergeDialog::default() };
    app.dialogs.push(Dialog::Merge(dialog));
}

/// Why something stays out, in lines of so many cells.
pub(super) fn stays_out(why: &str, cells: usize) -> Vec<MergeRow> {
    let text = format!("does not fit any more and stays out: {why}");
    let sign = std::iter::once('!').chain(std::iter::repeat('>'));
    let parts = sign.zip(wrap(&text, cells.max(20)));
    parts
        .map(|(sign, text)| MergeRow {
            line: SaveLine { sign, text, ..SaveLine::default() },
            ..MergeRow::default()
        })
        .collect()
}

/// Cells that such a line has: the frame, the boxes and the sign stand before it.
pub(super) fn cells(app: &App) -> usize {
    usize::from(app.size.0).saturating_sub(15)
}

fn heading(text: impl Into<String>) -> MergeRow {
    MergeRow { line: SaveLine::text(text), ..MergeRow::default() }
}

/// The items as lines under headings, and what there is to choose: for each item one.
fn rows(items: &[Item], names: &Names, cells: usize) -> (Vec<MergeRow>, Vec<MergeChoice>) {
    let (mut rows, mut choices) = (Vec::new(), Vec::new());
    let mut last = None;
    for (number, item) in items.iter().enumerate() {
        if last != Some(item.did) {
            if last.is_some() {
                rows.push(heading(""));
            }
            rows.push(heading(match item.did {
                Did::Differently => "Both changed this: choose one side of each",
                Did::Mine => "Only you changed this",
                Did::Both => "Both did the same",
                Did::Theirs => "Only they changed this; it stays",
            }));
            last = Some(item.did);
        }
        let is_conflict = item.did == Did::Differently;
        // What does not fit stays out; of a conflict it can still be said that theirs is to stay.
        let takes_mine = item.unfit.is_none() && matches!(item.did, Did::Differently | Did::Mine);
        let side = (item.did == Did::Mine && takes_mine).then_some(Side::Mine);
        choices.push(MergeChoice { side, is_conflict, ..MergeChoice::default() });
        let sides = [
            ("yours", &item.mine, takes_mine.then_some((number, Side::Mine))),
            ("theirs", &item.theirs, is_conflict.then_some((number, Side::Theirs))),
        ];
        for (whose, differences, choice) in sides {
            // One line stands for what both did.
            if item.did == Did::Both && whose == "theirs" {
                continue;
            }
            let shown = differences.iter().take(MOST).enumerate();
            rows.extend(shown.map(|(at, difference)| MergeRow {
                line: line(names, difference),
                whose: if is_conflict && at == 0 { whose } else { "" },
                choice: choice.filter(|_| at == 0),
            }));
            if differences.len() > MOST {
                let more = differences.len().saturating_sub(MOST);
                rows.push(heading(format!("  and {more} more that go with it")));
            }
        }
        if let Some(why) = &item.unfit {
            rows.extend(stays_out(why, cells));
        }
    }
    if items.is_empty() {
        rows.push(heading("The file was written anew, but says what it said before."));
    }
    (rows, choices)
}

/// Carries out what was chosen.
pub fn finish(app: &mut App, mut dialog: MergeDialog, effects: &mut Vec<Effect>) {
    match dialog.purpose {
        Purpose::Merge => merge(app, &dialog, effects),
        Purpose::Align => comparing::finish(app, dialog, effects),
        Purpose::Recover if dialog.chosen() == 0 => {
            dialog.said = Some("Nothing is chosen. Back and d forgets the earlier run's work.".to_owned());
            app.dialogs.push(Dialog::Merge(dialog));
        }
        Purpose::Recover => recover(app, &dialog, effects),
    }
}

fn mine(dialog: &MergeDialog) -> Vec<bool> {
    dialog.choices.iter().map(|choice| choice.side == Some(Side::Mine)).collect()
}

/// Takes their file and makes over it, as one step, what was chosen of ours; then asks to save.
fn merge(app: &mut App, dialog: &MergeDialog, effects: &mut Vec<Effect>) {
    let Some(Merging { id, theirs, merge }) = app.merging.take() else { return };
    let Some(path) = app.document(id).and_then(|doc| doc.path.clone()) else { return };
    let Ok(mut there) = Store::open(theirs.clone()) else { return };
    let (changes, refused) = merge.changes(&mut there, &mine(dialog));
    // Where machines are to go is not in the file: nobody else can have changed it.
    let wishes = app.document(id).map_or_else(Vec::new, |doc| doc.machines.pending_wishes(doc.store()));
    let file = OpenedFile { path: Some(path), content: theirs.into(), read_only: None, recovery: None };
    answers::show(app, file, true, effects);
    let label = match dialog.chosen() {
        1 => "merge 1 change of mine".to_owned(),
        count => format!("merge {count} changes of mine"),
    };
    let left_out = match refused.len() {
        0 => String::new(),
        count => format!(" {count} did not fit and stayed out."),
    };
    if changes.is_empty() && wishes.is_empty() {
        app.tell(format!("The file as it is now; nothing of yours is in it.{left_out}"));
        return;
    }
    match editing::apply_and_move(app, &changes, &wishes, &label, effects) {
        Ok(()) => {
            let undo = app.keys.named(Id::Undo);
            app.tell(format!("Merged, not saved yet; {undo} takes it back.{left_out}"));
            filing::ask_save(app);
        }
        Err(why) => app.fail(format!("Not merged: {why}")),
    }
}

/// The steps of a journal that were in force at its end.
fn in_force(recovery: &Recovery) -> Vec<(String, Vec<String>)> {
    let (mut done, mut undone) = (Vec::new(), Vec::new());
    for step in &recovery.steps {
        match step {
            JournalStep::Apply { label, lines } => {
                done.push((label.clone(), lines.clone()));
                undone.clear();
            }
            JournalStep::Undo => undone.extend(done.pop()),
            JournalStep::Redo => done.extend(undone.pop()),
            JournalStep::Clear => {}
        }
    }
    done
}

/// Shows the steps that an earlier run left, to choose among: the file was changed since, and some may not fit.
pub fn ask_recovery(app: &mut App) {
    let cells = cells(app);
    let Some(doc) = app.doc_mut() else { return };
    let Some(recovery) = doc.recovery.clone() else { return };
    let mut rows = vec![heading(format!("Steps of the earlier run, last written {}", recovery.when))];
    let mut choices = Vec::new();
    let mut so_far: Vec<Change> = Vec::new();
    for (number, (label, lines)) in in_force(&recovery).into_iter().enumerate() {
        let unfit = fits(&mut doc.session, &mut so_far, &lines).err();
        let side = unfit.is_none().then_some(Side::Mine);
        choices.push(MergeChoice { side, ..MergeChoice::default() });
        rows.push(MergeRow {
            line: SaveLine { sign: '~', what: "step".to_owned(), text: label, ..SaveLine::default() },
            whose: "",
            choice: unfit.is_none().then_some((number, Side::Mine)),
        });
        let change = |text: &String| SaveLine { sign: '>', text: text.clone(), ..SaveLine::default() };
        rows.extend(
            lines.iter().take(MOST).map(|text| MergeRow { line: change(text), ..MergeRow::default() }),
        );
        if let Some(why) = unfit {
            rows.extend(stays_out(&why, cells));
        }
    }
    let title = format!("Recover unsaved work in {}", doc.title());
    let dialog = MergeDialog {
        title,
        purpose: Purpose::Recover,
        rows,
        choices,
        selected: 1,
        ..MergeDialog::default()
    };
    app.dialogs.push(Dialog::Merge(dialog));
}

/// Whether a step can be made after those that can.
fn fits(session: &mut Session, so_far: &mut Vec<Change>, lines: &[String]) -> Result<(), String> {
    let before = so_far.len();
    so_far.extend(answers::parsed(lines)?.0);
    let outcome = session.attempt(so_far, |_, _| ()).map_err(|(_, error)| error.to_string());
    if outcome.is_err() {
        so_far.truncate(before);
    }
    outcome
}

/// Does the chosen steps again and forgets the others.
fn recover(app: &mut App, dialog: &MergeDialog, effects: &mut Vec<Effect>) {
    let Some(recovery) = app.doc_mut().and_then(|doc| doc.recovery.as_mut()) else { return };
    let steps = in_force(recovery).into_iter().zip(mine(dialog)).filter(|(_, chosen)| *chosen);
    recovery.steps = steps.map(|((label, lines), _)| JournalStep::Apply { label, lines }).collect();
    answers::replay(app, effects);
}
