//! Opening, beginning, reloading, saving a store: what is asked of the user and of the host.

use std::path::{Path, PathBuf};

use crate::store::{Schema, new_store};

use super::actions::Id;
use super::answers::show;
use super::dialog::form::PATH;
use super::dialog::{Answer, Choice, Confirm, Dialog, Field, Form, Purpose, Rule};
use super::doc::Doc;
use super::effect::{Effect, OpenedFile};
use super::sheet::Prop;
use super::state::{AfterSave, App};
use super::stores;
use super::work::Busy;

/// Asks for a path to open.
pub fn ask_open(app: &mut App) {
    let field = Field::line(
        PATH,
        "",
        Rule::Path,
        "A path, or an address such as msxml://C:\\ProgramData\\…  Tab completes, Down offers what was open before.",
    );
    let mut form = Form::new("Open a store".to_owned(), String::new(), Purpose::Open, "Open", vec![field]);
    form.earlier = app.opened_before.iter().map(|recent| recent.path.display().to_string()).collect();
    app.dialogs.push(Dialog::Form(form));
}

/// Asks for the path and schema of an empty store.
pub fn ask_new(app: &mut App) {
    let fields = vec![
        Field::line(PATH, "", Rule::Path, "Where it will be written when you save it. Tab completes."),
        Field::choice(
            "Schema",
            // As `azedit new` and AzMan's own interface have it: 1.0 is what every reader knows, and it can be raised
            // later, while there is no way back from 2.0.
            &["1.0", "2.0"],
            0,
            "2.0 adds groups by business rule; Windows Server 2003, XP and Vista read only 1.0.",
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
    (app.locate)(form.value(PATH).trim())
}

/// Shows the store in this file: the one that is open already, or the file's, read now.
pub fn open(app: &mut App, path: PathBuf, effects: &mut Vec<Effect>) {
    if let Some(index) = open_at(app, &path) {
        stores::show(app, index);
        app.tell(format!("It is open already. {} reads the file again.", app.keys.named(Id::Reload)));
    } else {
        read(app, path, effects);
    }
}

/// Has the host read a file.
fn read(app: &mut App, path: PathBuf, effects: &mut Vec<Effect>) {
    busy_opening(app, &path);
    effects.push(Effect::Open(path));
}

/// From now until the host's answer a file is being opened.
pub(super) fn busy_opening(app: &mut App, path: &Path) {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    app.busy = Some(Busy::new(format!("Opening {name}"), "What is open stays as it is."));
}

/// Opens several stores, one after the other, and shows the first in the end.
pub fn open_all(app: &mut App, paths: Vec<PathBuf>, effects: &mut Vec<Effect>) {
    app.to_open = Some(paths.into());
    open_next(app, effects);
}

/// Opens the next of several stores, if there are any.
pub fn open_next(app: &mut App, effects: &mut Vec<Effect>) {
    while let Some(to_open) = &mut app.to_open {
        match to_open.pop_front() {
            Some(path) if open_at(app, &path).is_none() => return read(app, path, effects),
            Some(_) => {}
            None => {
                app.to_open = None;
                if app.current > 0 {
                    stores::show(app, 0);
                }
            }
        }
    }
}

/// Which of the open stores is in this file.
pub(super) fn open_at(app: &App, path: &Path) -> Option<usize> {
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
    let schema = if form.value("Schema") == "2.0" { Schema::V2 } else { Schema::V1 };
    let file = OpenedFile {
        path: Some(path),
        content: new_store(schema, (app.new_guid)(), "").into(),
        read_only: None,
        recovery: None,
    };
    show(app, file, false, effects);
    let mode = if app.developer {
        String::new()
    } else {
        format!(" {}: developer mode is on.", app.keys.named(Id::Developer))
    };
    app.developer = true;
    app.tell(format!(
        "An empty store. {} creates an application in it, {} saves it.{mode}",
        app.keys.named(Id::Create),
        app.keys.named(Id::Save)
    ));
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
    let Some(path) = doc.path.clone() else { return };
    read(app, path, effects);
}

/// Opens the save dialog, or asks for a path where there is none.
pub fn ask_save(app: &mut App) {
    let Some((doc, known)) = super::saving::shown(app) else { return };
    if doc.path.is_none() {
        return ask_save_as(app);
    }
    match super::saving::dialog(doc, known) {
        Ok(dialog) => app.dialogs.push(Dialog::Save(dialog)),
        Err(why) => {
            app.after_save = AfterSave::Stay;
            app.fail(why);
        }
    }
}

/// Asks for the new file that the store is written to.
pub fn ask_save_as(app: &mut App) {
    let Some(doc) = app.doc() else { return };
    let (path, intro) = match &doc.path {
        Some(path) => (path.display().to_string(), "Written as it is here; work goes on in the new file."),
        None => (String::new(), "This store has no file yet."),
    };
    let field =
        Field::line(PATH, &path, Rule::Path, "A new file; one that exists is not replaced. Tab completes.");
    let title = if path.is_empty() { "Save as".to_owned() } else { format!("Save {} as", doc.title()) };
    let form = Form::new(title, intro.to_owned(), Purpose::SaveAs, "Save", vec![field]);
    app.dialogs.push(Dialog::Form(form));
}

/// Writes the shown store to a new file.
///
/// # Errors
/// The path is that of an open store.
pub fn save_as(app: &mut App, path: PathBuf, effects: &mut Vec<Effect>) -> Result<(), String> {
    match open_at(app, &path) {
        Some(index) if index != app.current => return Err("A store of this path is open already.".to_owned()),
        Some(_) if app.doc().is_some_and(|doc| doc.on_disk && !doc.is_gone) => {
            return Err(format!("This is its own file: {} saves it there.", app.keys.named(Id::Save)));
        }
        // Also the path that a new store was begun with, and that of a file which is gone.
        _ => {}
    }
    if let Some(doc) = app.doc_mut() {
        doc.save_to = Some(path);
    }
    save(app, effects);
    Ok(())
}

/// Asks before the schema is raised, and names what follows.
pub fn ask_upgrade(app: &mut App) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    if store.is_schema_2() {
        return app.object("The store has schema 2.0 already, and there is no way back to 1.0.");
    }
    let change = match super::changes::set(store, store.root(), Prop::Schema, "2.0") {
        Ok(change) => change,
        Err(why) => return app.object(why),
    };
    let title = format!("Raise {} to schema 2.0", doc.title());
    let no_way_back = format!(
        "Once it is saved there is no way back, neither here nor in azman.msc. Until then {} takes it back.",
        app.keys.named(Id::Undo)
    );
    let lines = [
        "Groups can then be made by a business rule, and LDAP queries look for more than users.",
        "Windows Server 2003, XP and Vista, and programs written for schema 1.0, can no longer read the store.",
        &no_way_back,
    ];
    let answer = Answer::Apply { label: "set schema of the store".to_owned(), changes: vec![change] };
    let choices = vec![Choice::cancel(), Choice::new('y', "Raise it", answer)];
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines.map(str::to_owned).to_vec(), choices)));
}

/// Asks the host to save.
pub fn save(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    effects.push(Effect::Save(doc.id));
    let name = doc.save_to.as_ref().and_then(|path| path.file_name());
    let name = name.map_or_else(|| doc.title(), |name| name.to_string_lossy().into_owned());
    let note = "It can be stopped until the new file takes its name.";
    app.busy = Some(Busy::new(format!("Saving {name}"), note));
}
