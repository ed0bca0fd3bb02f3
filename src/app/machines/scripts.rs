//! The scripts of a host that is not asked from here: the one that lists its machines, and the one that moves them.

use std::path::Path;

use crate::app::actions::Id;
use crate::app::dialog::form::PATH;
use crate::app::dialog::{Dialog, Field, Form, Purpose, Rule};
use crate::app::effect::{DocId, Effect, Existing, TextId};
use crate::app::enabled;
use crate::app::filing::path_of;
use crate::app::keymap::Keymap;
use crate::app::state::{AfterSave, App};
use crate::hyperv::script::{self, Language};

use super::Source;
use super::saving::{Run, counted};

const LANGUAGE: &str = "Language";
const POWERSHELL: &str = "PowerShell";

/// Asks where to write the script that lists a host's machines.
pub(super) fn ask_listing(app: &mut App) {
    let intro = "A script that lists the virtual machines of the host it runs on.".to_owned();
    ask(app, "list-machines.vbs", intro, Purpose::MachinesListing);
}

/// A save has come to its machines, and their host is not asked from here: its script is written instead.
pub(super) fn offer_moving(app: &mut App, id: DocId, effects: &mut Vec<Effect>) {
    let Some(doc) = app.document_mut(id) else { return };
    if doc.session.is_dirty() && doc.is_as_on_disk() {
        doc.mark_saved(!doc.unconfirmed);
        doc.journal_saved(effects);
    }
    let (moves, told) = doc.machines.run.as_ref().map_or((0, String::new()), Run::so_far);
    app.after_save = AfterSave::Stay;
    if !told.is_empty() {
        app.tell(told);
    }
    let intro = format!("The host is not asked from here: a script moves {} there.", counted(moves));
    ask(app, "move-machines.vbs", intro, Purpose::MachinesMoving);
}

fn ask(app: &mut App, name: &str, intro: String, purpose: Purpose) {
    let Some(doc) = app.doc() else { return };
    let beside = match &doc.machines.source {
        Some(Source::File(path)) => Some(path),
        _ => doc.path.as_ref(),
    };
    let path = beside.map_or_else(|| name.to_owned(), |path| path.with_file_name(name).display().to_string());
    let fields = vec![
        Field::line(PATH, &path, Rule::Path, "It is carried to the host; what it prints there is read here."),
        Field::choice(
            LANGUAGE,
            &["VBScript", POWERSHELL],
            0,
            "VBScript runs on every host that has scopes, Server Core too.",
        ),
    ];
    app.dialogs.push(Dialog::Form(Form::new("Write the script".to_owned(), intro, purpose, "Write", fields)));
}

/// Writes the script that the form is about.
///
/// # Errors
/// The path is none, or a scope has a name that no scope can have.
pub fn write(app: &mut App, form: &Form, effects: &mut Vec<Effect>) -> Result<(), String> {
    let mut path = path_of(app, form)?;
    let doc = enabled::doc(app)?;
    let is_powershell = form.value(LANGUAGE) == POWERSHELL;
    if is_powershell && path.extension().is_some_and(|ending| ending == "vbs") {
        path.set_extension("ps1");
    }
    let language = if is_powershell { Language::PowerShell } else { Language::VbScript };
    let text = match &doc.machines.run {
        Some(run) if form.purpose == Purpose::MachinesMoving => script::moving(language, ".", run.moves()),
        _ => script::listing(language, "."),
    };
    let text = text.map_err(|error| error.to_string())?;
    effects.push(Effect::WriteText { path, text, existing: Existing::Keep, id: TextId::Script });
    Ok(())
}

/// What to do with a script that was written.
pub fn carry(path: &Path, keys: &Keymap) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let is_powershell = path.extension().is_some_and(|ending| ending == "ps1");
    let run = if is_powershell { "powershell -ExecutionPolicy Bypass -File" } else { "cscript //nologo" };
    let key = keys.named(Id::Machines);
    format!("On the host: {run} {name} > machines.txt. Then {key} reads machines.txt here.")
}
