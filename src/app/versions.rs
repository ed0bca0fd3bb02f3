//! Earlier versions of a file: when, who and what, how they differ, and bringing one back.
//!
//! Restoring writes the very bytes of the version, as `azedit restore` does. What is replaced becomes a version itself,
//! so the way back is another restore.

use crate::access::gains;
use crate::access::guard;
use crate::accounts::Names;
use crate::report::gains as words;
use crate::store::{Store, diff};

use super::dialog::past::{Past, PastDialog, PastRow};
use super::dialog::{Dialog, SaveDialog, TextView};
use super::effect::{DocId, Effect, SaveFailure, Version};
use super::saving;
use super::state::App;

/// Differences shown of each comparison.
const MOST: usize = 200;

/// What a version that is being read is wanted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looking {
    id: DocId,
    version: String,
    to_restore: bool,
}

/// A version that is to take the place of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restoring {
    /// The document.
    pub id: DocId,
    /// The version's id.
    pub version: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Asks for the list of versions.
pub fn ask(app: &mut App, effects: &mut Vec<Effect>) {
    effects.extend(app.doc().map(|doc| Effect::ListVersions(doc.id)));
}

/// Shows the list.
pub fn listed(app: &mut App, id: DocId, versions: Result<Vec<Version>, String>) {
    let versions = match versions {
        Ok(versions) => versions,
        Err(why) => return app.fail(format!("The earlier versions cannot be read: {why}")),
    };
    let Some(doc) = app.document(id) else { return };
    if versions.is_empty() {
        return app.object("No earlier version is kept: the first save makes one.");
    }
    let row = |version: Version| PastRow {
        is_now: false,
        is_dim: !version.is_kept,
        text: format!("{}  {}", version.when, version.what),
        detail: if version.is_kept { version.who } else { "no longer kept".to_owned() },
        id: version.id,
    };
    let title = format!("Saves of {}, the newest first", doc.title());
    let rows = versions.into_iter().map(row).collect();
    app.dialogs.push(Dialog::Past(PastDialog {
        title,
        past: Past::Versions(id),
        rows,
        ..PastDialog::default()
    }));
}

/// Asks for the selected version: to look at what the save changed, or to bring it back.
pub fn read(app: &mut App, to_restore: bool, effects: &mut Vec<Effect>) {
    let Some(Dialog::Past(dialog)) = app.dialogs.last() else { return };
    let (Past::Versions(id), Some(row)) = (dialog.past, dialog.row()) else { return };
    if row.is_dim {
        return app.object("This version is kept no longer.");
    }
    if to_restore && let Err(why) = may_restore(app, id) {
        return app.object(why);
    }
    // What a save changed is the way from the version before it to the next newer one, or to the file.
    let newer = dialog.rows.get(..dialog.selected).and_then(|rows| rows.last());
    let newer = newer.filter(|newer| !newer.is_dim).map(|newer| newer.id.clone());
    let version = row.id.clone();
    let ids = std::iter::once(version.clone()).chain(newer).collect();
    app.looking = Some(Looking { id, version, to_restore });
    effects.push(Effect::ReadVersions(id, ids));
}

fn may_restore(app: &App, id: DocId) -> Result<(), String> {
    super::enabled::change(app)?;
    if app.document(id).is_some_and(super::doc::Doc::is_unsaved) {
        return Err(
            "Save or undo your changes first: a version takes the place of the whole file.".to_owned()
        );
    }
    Ok(())
}

/// Takes in what was asked for with [`read`].
pub fn was_read(app: &mut App, id: DocId, read: Vec<Result<Vec<u8>, String>>) {
    let Some(looking) = app.looking.take().filter(|looking| looking.id == id) else { return };
    let mut read = read.into_iter();
    let bytes = match read.next() {
        Some(Ok(bytes)) => bytes,
        Some(Err(why)) => return app.fail(why),
        None => return,
    };
    let version = match Store::open(bytes.clone()) {
        Ok(version) => version,
        Err(error) => return app.fail(format!("This version is no store: {}", error.message)),
    };
    let Some(now) = app.document(id).and_then(|doc| Store::open(doc.session.saved().to_bytes()).ok()) else {
        return app.fail("The file as it is now is no store: nothing can be compared with it.");
    };
    if looking.to_restore {
        return effect_of(app, looking, bytes, (&now, &version));
    }
    let newer = read.next().and_then(Result::ok).and_then(|bytes| Store::open(bytes).ok());
    let mut lines = vec!["What this save changed:".to_owned()];
    lines.extend(differences(&app.names, &version, newer.as_ref().unwrap_or(&now)));
    lines.extend([String::new(), "What bringing back the version before it would change now:".to_owned()]);
    lines.extend(differences(&app.names, &now, &version));
    app.dialogs.push(Dialog::Text(TextView::new(format!("Version {}", looking.version), lines)));
}

fn differences(names: &Names, from: &Store, to: &Store) -> Vec<String> {
    let all = diff(from, to);
    let mut lines: Vec<String> = all
        .iter()
        .take(MOST)
        .map(|difference| {
            let line = saving::line(names, difference);
            format!("  {} {} {} {}", line.sign, line.what, line.text, line.place).trim_end().to_owned()
        })
        .collect();
    match all.len() {
        0 => lines.push("  no object".to_owned()),
        count if count > MOST => lines.push(format!("  and {} more", count.saturating_sub(MOST))),
        _ => {}
    }
    lines
}

/// Shows what a restore would do, with all that a save would ask.
fn effect_of(app: &mut App, looking: Looking, bytes: Vec<u8>, (now, version): (&Store, &Store)) {
    let (gained, lost) = gains(now, version);
    let mut sentences = words::sentences("gains", (version, &gained), &app.names);
    sentences.extend(words::sentences("loses", (now, &lost), &app.names));
    let objections = guard::objections(now, version, &app.facts);
    let mut dialog = SaveDialog {
        title: format!("Restore the version before the save {}", looking.version),
        why_whole: Some("A version comes back whole.".to_owned()),
        on_save: true,
        restores: true,
        ..SaveDialog::default()
    };
    let all = diff(now, version);
    saving::show_restore(&mut dialog, objections, (&sentences, &app.names), &all);
    app.restoring = Some(Restoring { id: looking.id, version: looking.version, bytes });
    app.dialogs.push(Dialog::Save(dialog));
}

/// The version is in its place, or not.
pub fn restored(app: &mut App, id: DocId, outcome: Result<String, SaveFailure>, effects: &mut Vec<Effect>) {
    let restoring = app.restoring.take().filter(|restoring| restoring.id == id);
    let Some(Restoring { version, bytes, .. }) = restoring else { return };
    match outcome {
        Ok(back) => {
            let path = app.document(id).and_then(|doc| doc.path.clone());
            let file =
                super::effect::OpenedFile { path, content: bytes.into(), read_only: None, recovery: None };
            super::answers::show(app, file, true, effects);
            app.dialogs.retain(|dialog| !matches!(dialog, Dialog::Past(_)));
            app.tell(format!("Restored as it was before the save {version}. {back}"));
            if let Some(id) = app.doc().map(|doc| doc.id) {
                super::about::saved(app, id, effects);
            }
        }
        Err(SaveFailure::Stopped) => app.tell("Stopped: nothing was written."),
        Err(SaveFailure::Conflict { disk, message }) => super::conflict::ask(app, id, disk, message),
        Err(SaveFailure::Failed(why) | SaveFailure::Unconfirmed(why)) => {
            app.dialogs.push(Dialog::Text(TextView::new("Not restored", vec![why.clone()])));
            app.fail(why);
        }
    }
}
