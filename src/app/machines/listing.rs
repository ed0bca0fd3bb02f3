//! Getting to know the machines: a host is asked, or a file is read that was carried here from one.

use crate::app::actions::Id;
use crate::app::dialog::form::PATH;
use crate::app::dialog::{Answer, Choice, Confirm, Dialog, Field, Form, Purpose, Rule, TextView};
use crate::app::effect::{DocId, Effect};
use crate::app::filing::path_of;
use crate::app::state::App;
use crate::app::work::Progress;
use crate::hyperv::output::{HostError, Report, Told};

use super::sheet::asked;
use super::{Source, application};

/// How machines can be got to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The machine that azedit runs on.
    Here,
    /// A host that is named.
    Host,
    /// A file.
    File,
    /// None yet: the script that lists them is written.
    Script,
}

const HOST: &str = "Host";

/// `K`: asks whom to ask. While a host is being asked, stops that.
pub fn ask(app: &mut App) {
    let asks_hosts = app.asks_hosts;
    let Some(doc) = app.doc_mut() else { return };
    if let Some(asking) = doc.machines.asking.take() {
        asking.stop();
        return app.tell("Stopped: the machines are as they were.");
    }
    if application(doc.store()).is_none() {
        return app.object(
            "Virtual machines are in scopes of \"Hyper-V services\", which this store does not have.",
        );
    }
    let is_of_file = matches!(doc.machines.source, Some(Source::File(_)));
    let mut choices = Vec::new();
    if asks_hosts {
        choices.push(Choice::new('h', "Ask this machine", Answer::Machines(Way::Here)));
        choices.push(Choice::new('o', "Ask another host by its name", Answer::Machines(Way::Host)));
    }
    choices.push(Choice::new('f', "Read what a script printed on a host", Answer::Machines(Way::File)));
    choices.push(Choice::new('w', "Write the script that lists them there", Answer::Machines(Way::Script)));
    let focus = if is_of_file { choices.len().saturating_sub(2) } else { 0 };
    let known = if doc.machines.is_empty() { "none known yet".to_owned() } else { asked(&doc.machines) };
    let lines = vec![format!("Whom to ask ({known}). Asking changes nothing on the host.")];
    app.dialogs.push(Dialog::Confirm(Confirm::menu("Virtual machines", lines, choices, focus)));
}

/// Asks in this way, or for what has to be known first.
pub fn by(app: &mut App, way: Way, effects: &mut Vec<Effect>) {
    let known = app.doc().and_then(|doc| doc.machines.source.clone());
    let form = match (way, known) {
        (Way::Script, _) => return super::scripts::ask_listing(app),
        (Way::Here, _) => return begin(app, Source::Host(None), effects),
        (Way::Host, known) => {
            let name = match known {
                Some(Source::Host(Some(name))) => name,
                _ => String::new(),
            };
            let hint = "Its name, as other programs of Windows take it. WMI must be allowed there.";
            let field = Field::line(HOST, &name, Rule::Needed("The name of a host"), hint);
            let intro = "azedit runs a script here that asks it; nothing on the host is changed.".to_owned();
            Form::new("Ask a Hyper-V host".to_owned(), intro, Purpose::MachinesOf, "Ask", vec![field])
        }
        (Way::File, known) => {
            let path = match known {
                Some(Source::File(path)) => path.display().to_string(),
                _ => String::new(),
            };
            let hint =
                "The listing or moving script's output, or azedit vm list --format json. Tab completes.";
            let field = Field::line(PATH, &path, Rule::Path, hint);
            let intro = "What a script printed on the host: cscript //nologo … > machines.txt";
            Form::new(
                "Read a host's virtual machines".to_owned(),
                intro.to_owned(),
                Purpose::MachinesIn,
                "Read",
                vec![field],
            )
        }
    };
    app.dialogs.push(Dialog::Form(form));
}

/// Asks the host, or reads the file, that the form names.
///
/// # Errors
/// The path is none.
pub fn from_form(app: &mut App, form: &Form, effects: &mut Vec<Effect>) -> Result<(), String> {
    let source = match form.purpose {
        Purpose::MachinesOf => Source::Host(Some(form.value(HOST).trim().to_owned())),
        _ => Source::File(path_of(app, form)?),
    };
    begin(app, source, effects);
    Ok(())
}

/// Asks for the machines of the shown store. The editor goes on meanwhile.
pub fn begin(app: &mut App, source: Source, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc_mut() else { return };
    let id = doc.id;
    if let Some(asking) = doc.machines.asking.replace(Progress::default()) {
        asking.stop();
    }
    let told = match &source {
        Source::Host(_) => Some(format!(
            "Asking {} for its virtual machines; {} stops that.",
            words(&source),
            doc.keys.named(Id::Machines)
        )),
        Source::File(_) => None,
    };
    effects.push(Effect::Machines(id, source));
    if let Some(told) = told {
        app.tell(told);
    }
}

/// Whom, in a sentence.
fn words(source: &Source) -> String {
    match source {
        Source::Host(None) => "this machine".to_owned(),
        Source::Host(Some(name)) => name.clone(),
        Source::File(path) => path.display().to_string(),
    }
}

/// Takes in the answer, if it is the one that is waited for.
pub fn answered(
    app: &mut App,
    id: DocId,
    source: Source,
    progress: &Progress,
    told: Result<Told, HostError>,
) {
    let Some(doc) = app.document_mut(id) else { return };
    if doc.machines.asking.as_ref() != Some(progress) {
        return;
    }
    doc.machines.asking = None;
    match told {
        Ok(Told::Listed(inventory)) => {
            let before = doc.saved_scopes();
            let gone = doc.machines.take(inventory, &before, doc.session.store());
            doc.machines.source = Some(source);
            doc.settle_machines();
            let mut sentences = vec![listed(app, id)];
            sentences.extend(dropped(gone));
            app.hunt = None;
            app.tell(sentences.join(" "));
        }
        Ok(Told::Moved(report)) => moved_elsewhere(app, id, source, &report),
        Err(error) => {
            let whom = words(&source);
            let text = format!("{whom}: {error}.");
            let lines = vec![text.clone(), String::new(), "The machines shown are as they were.".to_owned()];
            app.dialogs.push(Dialog::Text(TextView::new(format!("No virtual machines from {whom}"), lines)));
            app.fail(text);
        }
    }
}

/// `HV01: 12 virtual machines, 2 in scopes that the store does not have.`
fn listed(app: &App, id: DocId) -> String {
    let Some(doc) = app.document(id) else { return String::new() };
    let machines = &doc.machines;
    let count = machines.all().count();
    let missing =
        machines.all().filter(|(_, one)| matches!(one.place(doc.store()), super::Place::Missing(_))).count();
    let count = match count {
        0 => "no virtual machine".to_owned(),
        1 => "1 virtual machine".to_owned(),
        count => format!("{count} virtual machines"),
    };
    let missing = match missing {
        0 => String::new(),
        1 => ", 1 in a scope that the store does not have".to_owned(),
        missing => format!(", {missing} in scopes that the store does not have"),
    };
    format!("{}: {count}{missing}.", asked(machines))
}

fn dropped(gone: usize) -> Option<String> {
    match gone {
        0 => None,
        1 => Some("1 that was to be moved is not there any more.".to_owned()),
        gone => Some(format!("{gone} that were to be moved are not there any more.")),
    }
}

/// What a script said of moves that it made on a host.
fn moved_elsewhere(app: &mut App, id: DocId, source: Source, report: &Report) {
    let Some(doc) = app.document_mut(id) else { return };
    let before = doc.saved_scopes();
    doc.machines.take_report(report, &before, doc.session.store());
    doc.machines.source.get_or_insert(source);
    doc.settle_machines();
    app.hunt = None;
    super::saving::say(app, id, report);
}

/// Asks whom the user named when he started the program, for the first store that can have machines.
pub fn of_command_line(app: &mut App, effects: &mut Vec<Effect>) {
    if app.doc().is_some_and(|doc| application(doc.store()).is_some())
        && let Some(source) = app.machines_of.take()
    {
        begin(app, source, effects);
    }
}
