//! Opening, beginning, reloading, saving a store: what is asked of the user and of the host.

use std::path::{Path, PathBuf};

use crate::store::{Schema, new_store};

use super::answers::show;
use super::dialog::{Answer, Choice, Confirm, Dialog, Field, Form, Purpose, Rule};
use super::effect::{Effect, OpenedFile};
use super::state::{AfterSave, App, Doc};
use super::stores;
use super::update::save_width;

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

/// Shows the store in this file: the one that is open already, or the file's, read now.
pub fn open(app: &mut App, path: PathBuf, effects: &mut Vec<Effect>) {
    if let Some(index) = open_at(app, &path) {
        stores::show(app, index);
        app.tell("It is open already. F5 reads the file again.");
    } else {
        effects.push(Effect::Open(path));
    }
}

/// Which of the open stores is in this file.
fn open_at(app: &App, path: &Path) -> Option<usize> {
    let is_it = |doc: &Doc| doc.path.as_deref().is_some_and(|open| (app.same_file)(open, path));
    app.docs.iter().position(is_it)
}

/// Shows the sample: the one that is open already, or a new one.
pub fn open_sample(app: &mut App, effects: &mut Vec<Effect>) {
    match app.docs.iter().position(|doc| doc.path.is_none()) {
        Some(index) => {
            stores::show(app, index);
            app.tell("The sample is open already.");
        }
        None => effects.push(Effect::OpenSample),
    }
}

/// Begins an empty store.
///
/// # Errors
/// Another store is open under this path.
pub fn begin_new(app: &mut App, form: &Form, path: PathBuf, effects: &mut Vec<Effect>) -> Result<(), String> {
    if open_at(app, &path).is_some() {
        return Err("A store of this path is open already.".to_owned());
    }
    let schema = if form.value("Schema") == "1.0" { Schema::V1 } else { Schema::V2 };
    let file = OpenedFile {
        path: Some(path),
        bytes: new_store(schema, (app.new_guid)(), ""),
        read_only: None,
        recovery: None,
    };
    show(app, file, false, effects);
    app.tell("An empty store. c creates an application in it, s saves it.");
    Ok(())
}

/// Asks before what is unsaved is lost to reading the file again; with nothing unsaved, reads it.
pub fn ask_reload(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    if !doc.is_unsaved() {
        return reload(app, effects);
    }
    let title = format!("Reload {}", doc.title());
    let lines = vec![format!("{} would be lost.", doc.unsaved_words())];
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
    let cells = save_width(app);
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
        Err(why) => {
            app.after_save = AfterSave::Stay;
            app.fail(why);
        }
    }
}

/// Asks the host to save.
pub fn save(app: &mut App, effects: &mut Vec<Effect>) {
    if let Some(doc) = app.doc() {
        effects.push(Effect::Save(doc.id));
    }
}
