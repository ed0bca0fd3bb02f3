//! The steps of this session: where we are, what is saved, and going to any of them.

use crate::store::Transaction;

use super::dialog::past::{Past, PastDialog, PastRow};
use super::dialog::{Dialog, TextView};
use super::effect::Effect;
use super::state::App;
use super::{editing, enabled};

/// Opens the list of steps.
pub fn open(app: &mut App) {
    let Some(doc) = app.doc() else { return };
    let (position, saved) = (doc.session.position(), doc.session.saved_position());
    let row = |at: usize, text: String, detail: String| {
        let mut marks = Vec::new();
        marks.extend((at == position).then_some("now"));
        marks.extend((saved == Some(at) && doc.on_disk).then_some("saved"));
        let marks = if marks.is_empty() { String::new() } else { format!("  ({})", marks.join(", ")) };
        PastRow {
            is_now: at == position,
            is_dim: at > position,
            text: format!("{text}{marks}"),
            detail,
            id: String::new(),
        }
    };
    let opened = if doc.on_disk || doc.path.is_none() { "as it was opened" } else { "as it was begun" };
    let mut rows = vec![row(0, opened.to_owned(), String::new())];
    let steps = doc.session.transactions().iter().zip(1..);
    rows.extend(steps.map(|(step, at)| row(at, step.label.clone(), summary(step))));
    let title = format!("Steps in {}", doc.title());
    app.dialogs.push(Dialog::Past(PastDialog { title, past: Past::Steps, rows, selected: position, top: 0 }));
}

/// What a step changed, beside its label.
fn summary(step: &Transaction) -> String {
    match step.changes.as_slice() {
        [] => String::new(),
        // The label of one change says it, unless it speaks of something else.
        [change] => {
            let change = change.to_string();
            let verb = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
            if verb(&change) == verb(&step.label) { String::new() } else { change }
        }
        changes => format!("{} changes", changes.len()),
    }
}

/// Undoes or does again until this many steps are in force.
pub fn go(app: &mut App, target: usize, effects: &mut Vec<Effect>) {
    let position = |app: &App| app.doc().map_or(0, |doc| doc.session.position());
    if target == position(app) {
        return;
    }
    if let Err(why) = enabled::change(app) {
        return app.object(why);
    }
    let mut failures = Vec::new();
    let steps = target.abs_diff(position(app));
    let verb = if target < position(app) { "Undone" } else { "Done again" };
    for _ in 0..steps {
        let before = app.log.len();
        if target < position(app) {
            editing::undo(app, effects);
        } else {
            editing::redo(app, effects);
        }
        if app.message.as_ref().is_some_and(|message| message.is_error) {
            let told = app.log.get(before..).unwrap_or_default();
            failures.extend(told.iter().map(|message| message.text.clone()));
        }
    }
    app.tell(if steps == 1 { format!("{verb}: 1 step.") } else { format!("{verb}: {steps} steps.") });
    if !failures.is_empty() {
        app.dialogs.push(Dialog::Text(TextView::new("Not in the recovery journal", failures)));
    }
}
