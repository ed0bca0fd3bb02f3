//! Denied access checks in the editor: exported events from a file or a paste, why each was denied, and the smallest
//! grant as a change.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::access::{Access, Roster};
use crate::accounts;
use crate::hyperv::events::{Attempt, Log};
use crate::hyperv::explain::{self, Ask, Counted, Denial, Judge, Names, Why};
use crate::report::denials;
use crate::store::{Change, ObjId};

use super::dialog::denials::{Denials, Grant};
use super::dialog::{Dialog, Field, Form, Purpose, Rule};
use super::doc::Doc;
use super::effect::Effect;
use super::state::App;
use super::work::{Busy, Parcel};
use super::{editing, enabled};

/// What exported events say.
pub struct Events {
    /// How many denials they tell of, in a sentence.
    sums: String,
    /// The denials by account, application, scope and operation.
    attempts: Arc<[Counted]>,
    /// Their accounts.
    accounts: Vec<String>,
}

impl Events {
    /// What a log says.
    pub fn of(log: Log) -> Events {
        let total = log.denied.values().sum::<u64>().saturating_add(log.more);
        let sums = denials::sums(&log, log.denied.len(), total);
        let attempts: Arc<[Counted]> = log.denied.into_iter().collect();
        let mut accounts: Vec<String> = attempts.iter().map(|(attempt, _)| attempt.account.clone()).collect();
        accounts.dedup();
        Events { sums, attempts, accounts }
    }

    /// How many different denials they tell of.
    pub fn len(&self) -> usize {
        self.attempts.len()
    }

    /// Whether nothing was denied.
    pub fn is_empty(&self) -> bool {
        self.attempts.is_empty()
    }

    /// The accounts that nobody knows.
    fn unknown(&self, told: &Names, known: &accounts::Names) -> Vec<String> {
        self.accounts.iter().filter(|account| told.find(account, known).is_none()).cloned().collect()
    }
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
    let told = names(form)?;
    let text = form.value(EVENTS);
    if !text.trim().is_empty() {
        let mut log = Log::default();
        log.read(text.as_bytes()).map_err(|error| format!("{error}."))?;
        let events = Events::of(log);
        if events.is_empty() {
            return Err(events.sums);
        }
        show(app, events, told, effects);
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

/// Takes in what the file says; the form stays below, and says what is wrong.
pub fn explained(
    app: &mut App,
    path: &Path,
    explained: Option<Result<Parcel<Events>, String>>,
    effects: &mut Vec<Effect>,
) {
    app.busy = None;
    let Some(form) = form_of(app) else { return };
    let events = match explained {
        None => return app.tell(format!("Stopped: {} is not explained.", path.display())),
        Some(Ok(parcel)) => match parcel.take() {
            Some(events) => events,
            None => return,
        },
        Some(Err(why)) => {
            form.error = Some(why);
            return;
        }
    };
    if events.is_empty() {
        form.error = Some(format!("{}: {}", path.display(), events.sums));
        return;
    }
    let told = names(form).unwrap_or_default();
    show(app, events, told, effects);
}

/// Shows denials, and asks who those are that nobody knows yet.
fn show(app: &mut App, events: Events, told: Names, effects: &mut Vec<Effect>) {
    super::naming::ask_who(app, events.unknown(&told, &app.names), effects);
    let view = Denials::new(events.sums, events.attempts, told);
    app.dialogs.push(Dialog::Denials(Box::new(view)));
}

/// Explains the denials that are visible, of which there is room for so many: what is explained costs what is seen of it,
/// however many there are.
pub fn settle(app: &mut App, page: usize) {
    let App { dialogs, docs, current, names, .. } = app;
    let (Some(Dialog::Denials(view)), Some(doc)) = (dialogs.last_mut(), docs.get_mut(*current)) else {
        return;
    };
    view.settle(page);
    let shown_for = (doc.session.revision(), view.top, page, view.selected);
    if view.shown_for.replace(shown_for) == Some(shown_for) {
        return;
    }
    let Doc { session, listing, .. } = doc;
    let store = session.store();
    let visible: Vec<&Counted> = view.attempts.iter().skip(view.top).take(page).collect();
    // Who is listed where is read already, or else everybody at the application's own level is looked at.
    let mut rosters: BTreeMap<ObjId, Option<Arc<Roster>>> = BTreeMap::new();
    for (attempt, _) in &visible {
        if let Some(application) = explain::application_of(store, attempt) {
            rosters.entry(application).or_insert_with(|| listing.roster(store, application));
        }
    }
    let ask: &Ask<'_> = &|application, token, place| match rosters.get(&application) {
        Some(Some(roster)) => roster.access(store, token, place),
        _ => Access::of(store, application, place),
    };
    let judge = Judge { store, told: &view.told, known: names, ask };
    view.shown = visible.into_iter().map(|counted| judge.judged(counted)).collect();
    let fix = judge.fix(explain::place_of(&view.attempts, view.selected));
    let selected = view.shown.get_mut(view.selected.saturating_sub(view.top));
    if let Some(row) = selected.filter(|row| row.why == Why::NoGrant) {
        row.fix = fix;
    }
}

/// It has come out who somebody is.
pub fn names_came(app: &mut App) {
    if let Some(Dialog::Denials(view)) = app.dialogs.last_mut() {
        view.shown_for = None;
    }
}

/// Why it was denied, and what the user can do where that is not known.
pub fn reason(denial: &Denial) -> String {
    match denial.why {
        Why::UnknownAccount => {
            let account = &denial.attempt.account;
            format!("{} Esc goes back, where \"{SIDS}\" takes {account}=S-1-….", denial.sentence)
        }
        _ => denial.sentence.clone(),
    }
}

/// Stages what was asked for. What is allowed then is said.
pub fn grant(app: &mut App, what: Grant, effects: &mut Vec<Effect>) {
    if let Err(why) = enabled::change(app) {
        return app.object(why);
    }
    let Some(Dialog::Denials(view)) = app.dialogs.last() else { return };
    match what {
        Grant::Selected => {
            let Some(row) = view.row().cloned() else { return };
            if row.fix.is_empty() {
                return app.object(reason(&row));
            }
            let label = label(&row.attempt);
            make(app, &row.fix, &label, effects);
        }
        Grant::All => {
            let what = "Finding what would allow them".to_owned();
            app.busy = Some(Busy::new(what, "Nothing is changed by stopping."));
            effects.push(Effect::Allow);
        }
    }
}

/// Stages what would allow whatever can be allowed.
pub fn allowed(app: &mut App, found: Option<&Parcel<Vec<Change>>>, effects: &mut Vec<Effect>) {
    app.busy = None;
    let Some(changes) = found.and_then(Parcel::take) else {
        return app.tell("Stopped: nothing was changed.");
    };
    let Some(Dialog::Denials(view)) = app.dialogs.last() else { return };
    let only = view.row().filter(|_| view.attempts.len() == 1);
    let (label, why_not) = match only {
        Some(row) => (label(&row.attempt), reason(row)),
        None => (
            "grant what was denied".to_owned(),
            "Nothing here can be allowed by a change of this store.".to_owned(),
        ),
    };
    if changes.is_empty() {
        return app.object(why_not);
    }
    make(app, &changes, &label, effects);
}

fn label(attempt: &Attempt) -> String {
    format!("grant what was denied to \"{}\"", attempt.account)
}

fn make(app: &mut App, changes: &[Change], label: &str, effects: &mut Vec<Effect>) {
    if let Err(why) = editing::apply(app, changes, label, effects) {
        app.fail(why);
    }
}
