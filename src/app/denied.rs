//! Denied access checks in the editor: exported events from a file or a paste, why each was denied, and the smallest
//! grant as a change.

use std::collections::BTreeSet;
use std::path::Path;

use crate::hyperv::events::Log;
use crate::hyperv::explain::{self, Denial, Names};
use crate::report::denials;

use super::dialog::denials::{Denials, Grant};
use super::dialog::{Dialog, Field, Form, Purpose, Rule};
use super::effect::{Effect, TextFile, TextId};
use super::state::App;
use super::{editing, enabled};

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

/// Reads what the form names. The form stays below what it leads to: Esc goes back to it.
pub fn from_form(app: &mut App, form: &Form, effects: &mut Vec<Effect>) -> Result<(), String> {
    let names = names(form)?;
    let pasted = form.value(EVENTS);
    if !pasted.trim().is_empty() {
        let view = explained(app, &pasted, names, effects)?;
        app.dialogs.push(Dialog::Form(form.clone()));
        app.dialogs.push(Dialog::Denials(Box::new(view)));
        return Ok(());
    }
    let path = form.value(FILE);
    if path.trim().is_empty() {
        return Err("A file or a paste is needed.".to_owned());
    }
    let path = (app.locate)(path.trim())?;
    app.dialogs.push(Dialog::Form(form.clone()));
    effects.push(Effect::ReadText { path, id: TextId::Events });
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

/// The file that the form named is there.
pub fn opened(app: &mut App, path: &Path, file: &TextFile, effects: &mut Vec<Effect>) {
    let Some(Dialog::Form(form)) = app.dialogs.last() else { return };
    if form.purpose != Purpose::Explain {
        return;
    }
    let view = names(form).and_then(|names| explained(app, &file.text, names, effects));
    match view {
        Ok(view) => app.dialogs.push(Dialog::Denials(Box::new(view))),
        Err(why) => {
            let why = format!("{}: {why}", path.display());
            if let Some(Dialog::Form(form)) = app.dialogs.last_mut() {
                form.error = Some(why);
            }
        }
    }
}

fn explained(
    app: &mut App,
    text: &str,
    mut names: Names,
    effects: &mut Vec<Effect>,
) -> Result<Denials, String> {
    let mut log = Log::default();
    log.read(text.as_bytes()).map_err(|error| format!("{error}."))?;
    if log.denied.is_empty() {
        return Err(denials::sums(&log, 0, 0));
    }
    let accounts: BTreeSet<&str> = log.denied.keys().map(|attempt| attempt.account.as_str()).collect();
    let mut unknown = Vec::new();
    for account in accounts.into_iter().filter(|account| names.find(account).is_none()).collect::<Vec<_>>() {
        match app.names.resolve(account) {
            Ok(sid) => names.tell(account, sid),
            Err(_) => unknown.push(account.to_owned()),
        }
    }
    // What is known later is explained again then.
    super::naming::ask_who(app, unknown, effects);
    let doc = app.doc().ok_or("No store is open.")?;
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
