//! Several open stores: which one is shown, and how one or all of them are left.
//!
//! Dialogs, search and edits belong to the shown store. Whoever shows another one puts them away first, so that none
//! of them ever acts on a store that it was not opened for.

use super::dialog::{Answer, Choice, Confirm, Dialog, StoreList, StoreRow};
use super::doc::Doc;
use super::effect::{DocId, Effect};
use super::layout::Pane;
use super::state::{AfterSave, App};
use super::{answers, filing, work};

/// Lines of a list in a question; a longer one says how many more there are.
const LISTED: usize = 8;

/// Shows the open store at this index of `app.docs`. Texts that report something stay to be read.
pub fn show(app: &mut App, index: usize) {
    let focus = app.focus;
    if index != app.current
        && let Some(doc) = app.doc_mut()
    {
        doc.focus = focus;
    }
    let Some(doc) = app.docs.get(index) else { return };
    app.focus = doc.focus;
    let recovery = doc.recovery.clone();
    app.current = index;
    put_away(app);
    if let Some(recovery) = recovery {
        answers::offer_recovery(app, &recovery);
    }
}

/// Puts away what was opened for the shown store.
fn put_away(app: &mut App) {
    app.dialogs.retain(|dialog| matches!(dialog, Dialog::Text(_)));
    app.search = None;
    app.hunt = None;
}

/// Shows an open store, unless it is shown.
pub fn show_document(app: &mut App, id: DocId) {
    let index = app.docs.iter().position(|doc| doc.id == id);
    if let Some(index) = index.filter(|&index| index != app.current) {
        show(app, index);
    }
}

/// Shows the next open store or the one before; round at the ends.
pub fn next(app: &mut App, forward: bool) {
    let count = app.docs.len().max(1);
    let by = if forward { 1 } else { count.saturating_sub(1) };
    let index = app.current.saturating_add(by) % count;
    if index != app.current {
        show(app, index);
    }
}

/// Lists the open stores.
pub fn list(app: &mut App) {
    let row = |doc: &Doc| StoreRow {
        id: doc.id,
        name: doc.title(),
        place: doc.path.as_ref().map_or_else(String::new, |path| path.display().to_string()),
        state: state_words(doc),
    };
    let rows = app.docs.iter().map(row).collect();
    app.dialogs.push(Dialog::Stores(StoreList::new(rows, app.current)));
}

/// What is unsaved in a store; empty where nothing is.
pub(super) fn state_words(doc: &Doc) -> String {
    match (doc.unsaved_steps(), doc.is_unsaved()) {
        (0, true) if doc.machines.pending() > 0 => doc.unsaved_words(),
        (0, true) => "new, not saved".to_owned(),
        (0, false) => String::new(),
        _ => doc.unsaved_words(),
    }
}

/// Closes the shown store, or asks what becomes of what is unsaved in it.
pub fn ask_close(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    if !doc.is_unsaved() {
        let id = doc.id;
        return close(app, id, effects);
    }
    let title = format!("Close {}", doc.title());
    let lines = unsaved_in(doc);
    let mut choices = vec![Choice::cancel(), Choice::new('d', "Discard", Answer::DiscardAndClose)];
    if app.why_read_only().is_none() {
        choices.push(Choice::new('s', "Save", Answer::SaveAndClose));
    }
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
}

/// Closes an open store; nothing that is unsaved in it is to be offered again. The one behind it is shown then, or the
/// start screen.
pub fn close(app: &mut App, id: DocId, effects: &mut Vec<Effect>) {
    let Some(index) = app.docs.iter().position(|doc| doc.id == id) else { return };
    let mut closed = app.docs.remove(index);
    work::drop_check(&mut closed.check);
    closed.journal_end(effects);
    let is_shown = index == app.current;
    if index < app.current || app.current == app.docs.len() {
        app.current = app.current.saturating_sub(1);
    }
    if is_shown {
        put_away(app);
        app.focus = Pane::Tree;
        show(app, app.current);
    }
    app.tell(format!("Closed {}.", closed.title()));
}

/// Leaves, or asks what becomes of unsaved work.
pub fn quit(app: &mut App, effects: &mut Vec<Effect>) {
    let unsaved: Vec<&Doc> = app.docs.iter().filter(|doc| doc.is_unsaved()).collect();
    let (title, lines) = match unsaved.as_slice() {
        [] => return leave(app, effects),
        [doc] => (format!("Quit with {} unsaved", doc.title()), unsaved_in(doc)),
        many => {
            let mut lines = vec!["Not in their files:".to_owned()];
            let line = |doc: &&Doc| format!("  {}: {}", doc.title(), doc.unsaved_words().to_lowercase());
            lines.extend(many.iter().take(LISTED).map(line));
            if many.len() > LISTED {
                lines.push(format!("  and {} more", many.len().saturating_sub(LISTED)));
            }
            lines.push("Save shows what each would write, one after the other.".to_owned());
            (format!("Quit with {} stores unsaved", many.len()), lines)
        }
    };
    let mut choices = vec![Choice::cancel(), Choice::new('d', "Discard", Answer::DiscardAndQuit)];
    if !app.read_only {
        choices.push(Choice::new('s', "Save", Answer::SaveAndQuit));
    }
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
}

/// How much of a store is unsaved, and what was done last.
fn unsaved_in(doc: &Doc) -> Vec<String> {
    let mut lines = vec![format!("{} not in the file:", doc.unsaved_words())];
    lines.extend(doc.unsaved_labels().iter().rev().take(5).map(|label| format!("  {label}")));
    lines
}

/// Opens the save dialog of an unsaved store, the shown one first; leaves when there is none.
pub fn save_next_and_quit(app: &mut App, effects: &mut Vec<Effect>) {
    let shown = app.doc().is_some_and(Doc::is_unsaved).then_some(app.current);
    let Some(index) = shown.or_else(|| app.docs.iter().position(Doc::is_unsaved)) else {
        return leave(app, effects);
    };
    if index != app.current {
        show(app, index);
    }
    if let Some(why) = app.why_read_only() {
        let why = why.trim_end_matches('.').to_owned();
        return app.fail(format!("Not saved, because it is read-only: {why}."));
    }
    app.after_save = AfterSave::Quit;
    filing::ask_save(app);
}

/// Leaves without saving; nothing that is unsaved is to be offered again.
pub fn leave(app: &App, effects: &mut Vec<Effect>) {
    for doc in &app.docs {
        doc.journal_end(effects);
    }
    effects.push(Effect::Quit);
}
