//! The changes that would give or take what is selected: finds them, puts them into words, makes one.

use crate::access::Answer;
use crate::access::remedy::{self, Effect as Besides, Question, Remedy, Wish};
use crate::accounts::Names;
use crate::app::dialog::access::{Offers, Over, Place, Who};
use crate::app::effect::Effect;
use crate::app::state::App;
use crate::app::{editing, enabled};
use crate::report::access as words;
use crate::report::gains;
use crate::store::{Change, Kind, Store};

use super::cell::{Cell, Subject, cell};
use super::parts;

/// So many of what a change gives and takes besides are told one by one.
const TOLD: usize = 200;

/// Offers the changes that would give or take what is selected.
pub(super) fn offer(app: &mut App, wish: Wish) {
    if let Err(why) = enabled::change(app) {
        return app.object(why);
    }
    let names = &*std::sync::Arc::clone(&app.names);
    let Some((view, doc)) = parts(app) else { return };
    let Some(cell) = cell(view, doc.store()) else {
        return app.object("Choose an operation first: o lists them.");
    };
    let what = words::operation(doc.store(), cell.operation);
    let is_grant = wish == Wish::Grant;
    let (has, verb) = if is_grant { (Answer::Yes, "grant") } else { (Answer::No, "remove") };
    let to = if is_grant { "to" } else { "from" };
    let (found, title, label) = match cell.subject {
        Subject::Definition(definition) => {
            let name = doc.store().name(definition).into_owned();
            let title = format!("{name} {} {what}", if is_grant { "reaches" } else { "does not reach" });
            if cell.answer == has {
                return app.object(format!("It is so already: {title}."));
            }
            let found = remedy::remedies_of_definition(&mut doc.session, definition, cell.operation, wish);
            (found, title, format!("{verb} {what} {to} {name}"))
        }
        Subject::Who(who) => {
            let place = words::place(doc.store(), cell.scope);
            let Who::Account { account, .. } = &who else {
                return app.object("Whom a query or rule finds is decided outside the store.");
            };
            let (Some(account), Some(token)) = (*account, who.token()) else {
                return app.object("These are groups alone: w, then type the account that they are of.");
            };
            let shown = names.shown(&account);
            let title = format!("{shown} {} {what} {place}", if is_grant { "may" } else { "may not" });
            let Cell { operation, scope, .. } = cell;
            let question = Question { application: view.application, scope, account, token, operation };
            let found = remedy::remedies(&mut doc.session, &question, wish);
            if found.is_empty() && cell.answer == has {
                return app.object(format!("It is so already: {title}."));
            }
            (found, title, format!("{verb} {what} {to} {shown} {place}"))
        }
    };
    if found.is_empty() {
        return app.object(format!("No change of one store's links alone leads to: {title}."));
    }
    let store = doc.store();
    let shown = found.iter().map(|remedy| shown(store, names, remedy)).collect();
    let offers = Offers { title, label, remedies: found, shown, place: Place::default(), top: 0 };
    if let Some((view, _)) = parts(app) {
        view.over = Some(Over::Offers(offers));
    }
}

/// The lines of a remedy, and what else it changes, in words.
fn shown(store: &Store, names: &Names, remedy: &Remedy) -> (Vec<String>, Vec<String>) {
    let several = store.children_of(store.root(), Kind::Application).nth(1).is_some();
    let line = |change: &Change| {
        let mut change = change.clone();
        if !several {
            match &mut change {
                Change::Create(create) => create.place.application = None,
                Change::Add(object, _) | Change::Remove(object, _) | Change::Set(object, ..) => {
                    object.place.application = None;
                }
                _ => {}
            }
        }
        change.to_string()
    };
    let besides = match &remedy.effect {
        Besides::Known { gained, lost } if gained.is_empty() && lost.is_empty() => {
            vec!["Nothing else changes.".to_owned()]
        }
        Besides::Known { gained, lost } => {
            let told = |list: &[crate::access::Gain]| list.iter().take(TOLD).cloned().collect::<Vec<_>>();
            let mut text = Vec::new();
            // Writing to memory cannot fail.
            let _ = gains::write_text(&mut text, names, (store, &told(gained)), (store, &told(lost)));
            let mut lines: Vec<String> = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
            let left = gained.len().saturating_add(lost.len()).saturating_sub(lines.len());
            if left > 0 {
                lines.push(format!("and {left} more"));
            }
            lines
        }
        Besides::Wide(levels) => vec![format!(
            "Reaches {levels} scopes: what it changes there is not listed. Apply, save under another name, and compare \
             the two with diff --access."
        )],
    };
    (remedy.changes.iter().map(line).collect(), besides)
}

pub(super) fn apply(app: &mut App, effects: &mut Vec<Effect>) {
    let Some((view, _)) = parts(app) else { return };
    let Some(Over::Offers(offers)) = view.over.take() else { return };
    let Some(remedy) = offers.remedies.into_iter().nth(offers.place.at) else { return };
    let new_guid = app.new_guid;
    let mut changes = remedy.changes;
    for change in &mut changes {
        // The journal must make the same object again.
        if let Change::Create(create) = change {
            create.guid.get_or_insert_with(new_guid);
        }
    }
    if let Err(why) = editing::apply(app, &changes, &offers.label, effects) {
        app.fail(why);
    }
    super::show(app);
}
