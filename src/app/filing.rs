//! Opening, saving, reloading, leaving: what is asked of the user and of the host.

use std::path::PathBuf;

use crate::store::{Schema, new_store};

use super::answers::show;
use super::dialog::{Answer, Choice, Confirm, Dialog, Field, Form, Purpose, Rule};
use super::effect::{Effect, OpenedFile};
use super::state::{App, Doc};
use super::update::dialog_width;

/// Asks for a path to open.
pub fn ask_open(app: &mut App) {
    let field = Field::line(
        "Path",
        "",
        Rule::Needed("A path"),
        "A path, or an address such as msxml://C:\\ProgramData\\…",
    );
    let form = Form::new("Open a store".to_owned(), String::new(), Purpose::Open, "Open", vec![field]);
    app.dialogs.push(Dialog::Form(form));
}

/// Asks for the path and schema of an empty store.
pub fn ask_new(app: &mut App) {
    let fields = vec![
        Field::line("Path", "", Rule::Needed("A path"), "Where it will be written when you save it."),
        Field::choice(
            "Schema",
            &["2.0", "1.0"],
            0,
            "1.0 is read by Windows Server 2003 and XP too, but knows no business rule groups.",
        ),
    ];
    let intro = "An empty store. Nothing is written before you save it.".to_owned();
    app.dialogs.push(Dialog::Form(Form::new(
        "New store".to_owned(),
        intro,
        Purpose::NewStore,
        "Begin",
        fields,
    )));
}

/// The file that the form's path means.
pub fn path_of(app: &App, form: &Form) -> Result<PathBuf, String> {
    (app.locate)(form.value("Path").trim())
}

/// Opens a store in place of the shown one; asks first if that is unsaved.
pub fn open(app: &mut App, path: PathBuf, effects: &mut Vec<Effect>) {
    if !app.doc().is_some_and(Doc::is_unsaved) {
        effects.push(Effect::Open(path));
        return;
    }
    let title =
        app.doc().map(|doc| format!("Open another store in place of {}", doc.title())).unwrap_or_default();
    let lines = vec![format!("{} would be lost.", unsaved_count(app))];
    app.opening = Some(path);
    let choices = vec![Choice::cancel(), Choice::new('d', "Discard and open", Answer::OpenAnother)];
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
}

/// Opens the sample.
pub fn open_sample(app: &mut App, effects: &mut Vec<Effect>) {
    if app.doc().is_some_and(Doc::is_unsaved) {
        app.object("Save or reload first: the sample would take this store's place.");
    } else {
        effects.push(Effect::OpenSample);
    }
}

/// Begins an empty store.
pub fn begin_new(app: &mut App, form: &Form, path: PathBuf, effects: &mut Vec<Effect>) {
    let schema = if form.value("Schema") == "1.0" { Schema::V1 } else { Schema::V2 };
    let file = OpenedFile {
        path: Some(path),
        bytes: new_store(schema, (app.new_guid)(), ""),
        read_only: None,
        recovery: None,
    };
    show(app, file, false, effects);
    app.tell("An empty store. c creates an application in it, s saves it.");
}

/// Asks before what is unsaved is lost to reading the file again; with nothing unsaved, reads it.
pub fn ask_reload(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    if !doc.is_unsaved() {
        return reload(app, effects);
    }
    let title = format!("Reload {}", doc.title());
    let lines = vec![format!("{} would be lost.", unsaved_count(app))];
    let choices = vec![Choice::cancel(), Choice::new('d', "Discard and reload", Answer::Reload)];
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
}

/// Reads the file again.
pub fn reload(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    let Some(path) = &doc.path else { return };
    effects.push(Effect::Open(path.clone()));
}

/// Opens the save dialog, or asks for a path where there is none.
pub fn ask_save(app: &mut App) {
    let cells = dialog_width(app);
    let facts = app.facts.clone();
    let Some(doc) = app.doc_mut() else { return };
    if doc.path.is_none() {
        let field =
            Field::line("Path", "", Rule::Needed("A path"), "A new file; one that exists is not replaced.");
        let intro = "This store has no file yet.".to_owned();
        let form = Form::new("Save as".to_owned(), intro, Purpose::SaveAs, "Save", vec![field]);
        app.dialogs.push(Dialog::Form(form));
        return;
    }
    match super::saving::dialog(doc, &facts, cells) {
        Ok(dialog) => app.dialogs.push(Dialog::Save(dialog)),
        Err(why) => app.fail(why),
    }
}

/// Asks the host to save.
pub fn save(app: &mut App, effects: &mut Vec<Effect>) {
    if let Some(doc) = app.doc() {
        effects.push(Effect::Save(doc.id));
    }
}

/// Leaves, or asks what becomes of unsaved work.
pub fn quit(app: &mut App, effects: &mut Vec<Effect>) {
    if !app.docs.iter().any(Doc::is_unsaved) {
        return leave(app, effects);
    }
    let title = app.doc().map(|doc| format!("Quit with {} unsaved", doc.title())).unwrap_or_default();
    let mut lines = vec![format!("{} not in the file:", unsaved_count(app))];
    if let Some(doc) = app.doc() {
        lines.extend(doc.unsaved_labels().iter().rev().take(5).map(|label| format!("  {label}")));
    }
    let mut choices = vec![Choice::cancel(), Choice::new('d', "Discard", Answer::DiscardAndQuit)];
    if app.why_read_only().is_none() {
        choices.push(Choice::new('s', "Save", Answer::SaveAndQuit));
    }
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
}

/// "3 changes", "1 change", or what else is unsaved.
pub fn unsaved_count(app: &App) -> String {
    match app.doc().map_or(0, Doc::unsaved_steps) {
        0 => "The new store".to_owned(),
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    }
}

/// Leaves without saving; nothing that is unsaved is to be offered again.
pub fn leave(app: &App, effects: &mut Vec<Effect>) {
    for doc in &app.docs {
        doc.journal_end(effects);
    }
    effects.push(Effect::Quit);
}
