//! Denied access checks in the editor: exported events from a file or a paste, why each was denied, and the smallest
//! grant as a change.

use std::collections::BTreeSet;
use std::path::Path;

use crate::hyperv::events::Log;
use crate::hyperv::explain::{self, Denial, Names};
use crate::report::denials;

use super::dialog::denials::{Denials, Grant};
use super::dialog::{Dialog, Field, Form, Purpose, Rule};
use super::effect::Effect;
use super::state::App;
use super::work::{Busy, Parcel};
use super::{editing, enabled};

/// What exported events say, and why each denial was.
pub struct Explained {
    /// What they say.
    pub log: Log,
    /// Each denial, explained by the store as it was when it was asked for.
    pub rows: Vec<Denial>,
}

const FILE: &str = "File";
const EVENTS: &str = "Or paste";
const SIDS: &str = "Who is who";

/// Asks for the events.
pub fn ask(app: &mut App) {
    let fields = vec![
        Field::line(
            FILE,
            "",
            Rule::Free,
            "Exported events: wevtutil qe Security /f:xml, or saved as XML in Event Viewer.",
        ),
        Field::area(
            EVENTS,
            "",
            Rule::Free,
            "The XML of one event or of many, as Event Viewer's details show it.",
        ),
        Field::line(
            SIDS,
            "",
            Rule::Free,
            "The SIDs of accounts that the events name: CONTOSO\\joe=S-1-5-21-…, separated by commas.",
        ),
    ];
    let intro = "Why checks were denied (event 4666), and what would allow them.".to_owned();
    let form = Form::new("Explain denied events".to_owned(), intro, Purpose::Explain, "Explain", fields);
    app.dialogs.push(Dialog::Form(form));
}

/// Reads what the form names.
pub fn from_form(app: &mut App, form: &Form, effects: &mut Vec<Effect>) -> Result<(), String> {
    let names = names(form)?;
    let text = form.value(EVENTS);
    if !text.trim().is_empty() {
        let view = pasted(app, &text, names, effects)?;
        app.dialogs.push(Dialog::Denials(Box::new(view)));
        return Ok(());
    }
    let path = form.value(FILE);
    if path.trim().is_empty() {
        return Err("A file or a paste is needed.".to_owned());
    }
    let path = (app.locate)(path.trim())?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    app.busy = Some(Busy::new(format!("Reading {name}"), "Nothing is changed by stopping."));
    effects.push(Effect::Explain(path));
    Ok(())
}

fn names(form: &Form) -> Result<Names, String> {
    let mut names = Names::default();
    let text = form.value(SIDS);
    let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    for part in parts {
        names.add(part)?;
    }
    Ok(names)
}

/// The form that asked for the events, if it is what stands on top.
fn form_of(app: &mut App) -> Option<&mut Form> {
    match app.dialogs.last_mut() {
        Some(Dialog::Form(form)) if form.purpose == Purpose::Explain => Some(form),
        _ => None,
    }
}

/// Who is who, for [`Effect::Explain`].
pub fn names_of(app: &App) -> Names {
    let told = match app.dialogs.last() {
        Some(Dialog::Form(form)) if form.purpose == Purpose::Explain => names(form).unwrap_or_default(),
        _ => Names::default(),
    };
    told.with(&app.names)
}

/// Takes in what the file says; the form stays below, and says what is wrong.
pub fn explained(
    app: &mut App,
    path: &Path,
    explained: Option<Result<Parcel<Explained>, String>>,
    effects: &mut Vec<Effect>,
) {
    app.busy = None;
    let names = names_of(app);
    let Some(form) = form_of(app) else { return };
    let read = match explained {
        None => return app.tell(format!("Stopped: {} is not explained.", path.display())),
        Some(Ok(parcel)) => match parcel.take() {
            Some(read) => read,
            None => return,
        },
        Some(Err(why)) => {
            form.error = Some(why);
            return;
        }
    };
    if read.log.denied.is_empty() {
        form.error = Some(format!("{}: {}", path.display(), denials::sums(&read.log, 0, 0)));
        return;
    }
    ask_who(app, &read.log, &names, effects);
    app.dialogs.push(Dialog::Denials(Box::new(Denials::new(read.log, names, read.rows))));
}

/// Asks who those are that nobody knows yet. What is known later is explained again then.
fn ask_who(app: &mut App, log: &Log, names: &Names, effects: &mut Vec<Effect>) {
    let accounts: BTreeSet<&str> = log.denied.keys().map(|attempt| attempt.account.as_str()).collect();
    let unknown = accounts.into_iter().filter(|account| names.find(account).is_none()).map(str::to_owned);
    super::naming::ask_who(app, unknown.collect(), effects);
}

fn pasted(app: &mut App, text: &str, names: Names, effects: &mut Vec<Effect>) -> Result<Denials, String> {
    let names = names.with(&app.names);
    let mut log = Log::default();
    log.read(text.as_bytes()).map_err(|error| format!("{error}."))?;
    if log.denied.is_empty() {
        return Err(denials::sums(&log, 0, 0));
    }
    ask_who(app, &log, &names, effects);
    let doc = enabled::doc(app)?;
    let rows = explain::explain(doc.store(), &log, &names);
    Ok(Denials::new(log, names, rows))
}

/// Stages what was asked for, and looks again: what is allowed then is said.
pub fn grant(app: &mut App, what: Grant, effects: &mut Vec<Effect>) {
    if let Err(why) = enabled::change(app) {
        return app.object(why);
    }
    let App { dialogs, docs, current, .. } = app;
    let Some(Dialog::Denials(view)) = dialogs.last() else { return };
    let Some(doc) = docs.get_mut(*current) else { return };
    let rows: Vec<Denial> = match what {
        Grant::Selected => view.row().cloned().into_iter().collect(),
        Grant::All => view.rows.clone(),
    };
    let changes = match what {
        // The line's own fix serves all that its account lacks in its place.
        Grant::Selected => explain::all_fixes(&rows),
        Grant::All => explain::together(&mut doc.session, &rows),
    };
    if changes.is_empty() {
        let why = match rows.as_slice() {
            [only] => only.sentence.clone(),
            _ => "Nothing here can be allowed by a change of this store.".to_owned(),
        };
        return app.object(why);
    }
    let label = match rows.as_slice() {
        [only] => format!("grant what was denied to \"{}\"", only.attempt.account),
        _ => "grant what was denied".to_owned(),
    };
    if let Err(why) = editing::apply(app, &changes, &label, effects) {
        return app.fail(why);
    }
    let App { dialogs, docs, current, .. } = app;
    if let (Some(Dialog::Denials(view)), Some(doc)) = (dialogs.last_mut(), docs.get(*current)) {
        view.rows = explain::explain(doc.store(), &view.log, &view.names);
    }
}
