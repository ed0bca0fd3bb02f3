//! The file is not what was read: somebody else wrote it.

use crate::store::{Store, diff};

use super::actions::Id;
use super::dialog::{Answer, Choice, Confirm, Dialog};
use super::effect::{DocId, Effect, OnDisk};
use super::saving;
use super::state::App;

/// Has the host look whether the file of the shown store is still what was read.
pub fn look(app: &App, effects: &mut Vec<Effect>) {
    effects.extend(app.doc().filter(|doc| doc.on_disk && doc.path.is_some()).map(|doc| Effect::Look(doc.id)));
}

/// Takes in that the file has become another, or what it was. Nobody is interrupted in what he types: then the title
/// and a message say it, and saving asks.
pub fn looked(app: &mut App, id: DocId, on_disk: OnDisk) {
    let Some(doc) = app.document_mut(id) else { return };
    doc.is_stale = on_disk != OnDisk::Same;
    doc.is_gone = on_disk == OnDisk::Gone;
    let name = doc.title();
    let shown = app.doc().is_some_and(|doc| doc.id == id);
    match on_disk {
        OnDisk::Same => {}
        OnDisk::Gone => {
            app.fail(format!(
                "{name} is gone from the disk. {} writes it again.",
                app.keys.named(Id::SaveAs)
            ));
        }
        OnDisk::Changed { disk, message } if shown && !is_being_typed(app) => {
            question(app, id, disk, message, &[]);
        }
        OnDisk::Changed { message, .. } => {
            app.fail(format!("{message} {} reads it again.", app.keys.named(Id::Reload)));
        }
    }
}

/// Whether a dialog, an edit or a search holds what the user typed or chose.
fn is_being_typed(app: &App) -> bool {
    let in_dialog = match app.dialogs.last() {
        Some(Dialog::Form(form)) => form.is_touched(),
        Some(Dialog::Picker(picker)) => picker.changed() > 0,
        _ => false,
    };
    in_dialog || app.search.is_some() || app.edit().is_some_and(|edit| edit.line.text() != edit.before)
}

/// Goes on with the store as it was read.
pub fn keep(app: &mut App) {
    let Some(doc) = app.doc_mut() else { return };
    doc.is_stale = true;
    if doc.is_gone {
        app.tell(format!("Kept here, not saved. {} writes it again.", app.keys.named(Id::SaveAs)));
    } else if doc.is_unsaved() {
        app.tell(format!(
            "Kept here, not saved. {} tries again, {} takes the file as it is.",
            app.keys.named(Id::Save),
            app.keys.named(Id::Reload)
        ));
    } else {
        app.tell(format!("Kept as it was read. {} takes the file as it is.", app.keys.named(Id::Reload)));
    }
}

/// Nothing was saved, because somebody else wrote the file: asks what becomes of it and of what is unsaved here.
pub fn ask(app: &mut App, id: DocId, disk: Option<Vec<u8>>, message: String) {
    if let Some(doc) = app.document_mut(id) {
        doc.is_stale = true;
        doc.is_gone = disk.is_none();
    }
    if disk.is_none() {
        return gone(app, id, message);
    }
    question(app, id, disk, message, &["Nothing was written."]);
}

/// Says that there is no file to be saved over or read again, and what to do about it.
fn gone(app: &mut App, id: DocId, message: String) {
    let Some(doc) = app.document(id) else { return };
    let way = format!(
        "Nothing was written. {} writes it again, to the same path or to another.",
        app.keys.named(Id::SaveAs)
    );
    let lines = vec![message.clone(), way];
    let keep = Choice { label: "Keep mine".to_owned(), key: None, answer: Answer::KeepMine };
    app.dialogs.push(Dialog::Confirm(Confirm::new(format!("{} is gone", doc.title()), lines, vec![keep])));
    app.fail(message);
}

/// Says what changed in the file since it was read, and asks what becomes of it and of what is unsaved here.
fn question(app: &mut App, id: DocId, disk: Option<Vec<u8>>, message: String, then: &[&str]) {
    let Some(doc) = app.document(id) else { return };
    let title = format!("{} is not what was read", doc.title());
    let is_unsaved = doc.is_unsaved();
    let mut lines = vec![message.clone()];
    lines.extend(then.iter().map(|&line| line.to_owned()));
    let theirs = disk.clone();
    let (mut can_merge, mut can_read) = (false, true);
    let before = doc.on_disk.then(|| Store::open(doc.session.saved().to_bytes()));
    match (disk.map(Store::open), before) {
        (Some(Ok(theirs)), Some(Ok(before))) => {
            can_merge = true;
            let differences = diff(&before, &theirs);
            lines.push(String::new());
            lines.push(match differences.len() {
                0 => "It holds the same objects, written differently.".to_owned(),
                count => format!("Changed there since you opened it ({count}):"),
            });
            lines.extend(differences.iter().take(200).map(|difference| {
                let line = saving::line(&app.names, difference);
                format!("  {} {} {} {}", line.sign, line.what, line.text, line.place).trim_end().to_owned()
            }));
        }
        (Some(Err(error)), _) => {
            can_read = false;
            lines.push(format!("It is no store any more: {}", error.message));
        }
        (None, _) => {
            can_read = false;
            lines.push("It cannot be read.".to_owned());
        }
        _ => {}
    }
    lines.push(String::new());
    let keep = if is_unsaved { "Keep mine" } else { "Not now" };
    let mut choices = vec![Choice { label: keep.to_owned(), key: None, answer: Answer::KeepMine }];
    lines.push(match (can_read, is_unsaved) {
        (false, _) => format!(
            "So there is nothing to reload. What was read is here still: {} writes it to another file.",
            app.keys.named(Id::SaveAs)
        ),
        (true, true) => {
            "Reload takes the file as it is and drops your changes. Keep goes on with yours, unsaved."
                .to_owned()
        }
        (true, false) => {
            "Nothing is unsaved here. Reload shows the file as it is now, at the same place.".to_owned()
        }
    });
    if can_read {
        choices.push(Choice::new('r', "Reload", Answer::Reload));
    }
    if can_merge {
        lines.push("Merge shows what you and they changed, and makes yours over theirs.".to_owned());
        choices.push(Choice::new('m', "Merge", Answer::Merge(id)));
        if let Some(doc) = app.document_mut(id) {
            doc.theirs = theirs;
        }
    }
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
    app.fail(message);
}
