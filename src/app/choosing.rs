//! Choosing accounts from a list, over the form that asks for them.
//!
//! Listed are the accounts of the store, as far as they are near its beginning, and those that a map or Windows told;
//! then those that are the same everywhere; and on Windows the machine's own users and groups, when they are known.

use std::collections::BTreeSet;

use crate::accounts::{self, Account, Sid};

use super::dialog::{Dialog, PickFor, Picker, Share, Tick, Value};
use super::effect::Effect;
use super::naming;
use super::scan::SLICE;
use super::state::App;

/// Opens the list over the form on top.
pub fn open(app: &mut App, effects: &mut Vec<Effect>) {
    if !matches!(app.dialogs.last(), Some(Dialog::Form(_))) {
        return;
    }
    let mut sids: BTreeSet<Sid> = app.names.accounts().map(|account| account.sid).collect();
    if let Some(doc) = app.doc() {
        let store = doc.store();
        // A key does not wait for a large store.
        let leaves = store.walk().take(SLICE).flat_map(|id| store.leaves(id)).take(SLICE);
        let members = leaves.filter(|&leaf| store.leaf_kind(leaf).is_member());
        sids.extend(members.filter_map(|leaf| Sid::parse(store.text(leaf).trim()).ok()));
    }
    let everywhere = accounts::lasting().filter(|sid| !sids.contains(sid));
    let everywhere = by_name(everywhere.filter_map(|sid| line(app, sid, "On every host")).collect());
    let mut ticks = by_name(sids.iter().filter_map(|&sid| line(app, sid, "Known here")).collect());
    ticks.extend(everywhere);
    let intro = "What is ticked is added to what was typed.".to_owned();
    let empty = "No account is known.".to_owned();
    let picker = Picker::new("Choose accounts".to_owned(), intro, empty, PickFor::Accounts, ticks);
    app.dialogs.push(Dialog::Picker(picker));
    naming::ask_local(app, effects);
}

/// Those with names first.
fn by_name(mut ticks: Vec<Tick>) -> Vec<Tick> {
    ticks.sort_by_cached_key(|tick| (tick.label.starts_with("S-1-"), tick.label.to_lowercase()));
    ticks
}

/// A line for an account that can be a member.
fn line(app: &App, sid: Sid, heading: &'static str) -> Option<Tick> {
    let told = app.names.account(&sid);
    let sort = told.map_or_else(Default::default, |account| account.sort);
    if accounts::never_a_member(&sid).is_some() || sort.never_a_member().is_some() {
        return None;
    }
    let text = sid.to_string();
    let (label, detail) = match app.names.name(&sid) {
        Some(name) => (name.into_owned(), format!("{} {text}", sort.word()).trim_start().to_owned()),
        None => (text.clone(), String::new()),
    };
    Some(Tick {
        value: Value::Account(text),
        label,
        detail,
        heading: Some(heading),
        on: Share::None,
        was: Share::None,
        whole: true,
    })
}

/// The machine's own accounts are known: they come to the end of the list, so that nothing moves.
pub fn local(app: &mut App, found: &[Account]) {
    let lines: Vec<Tick> =
        found.iter().filter_map(|account| line(app, account.sid, "This machine")).collect();
    if let Some(Dialog::Picker(picker)) = app.dialogs.last_mut()
        && picker.purpose == PickFor::Accounts
    {
        picker.append(lines);
    }
}

/// Writes what was ticked into the form below.
pub fn finish(app: &mut App, picker: &Picker) {
    let chosen: Vec<String> = picker
        .changed_ticks()
        .filter_map(|tick| match &tick.value {
            // A name that means this account and no other reads better than its SID.
            Value::Account(text) => Some(
                Sid::parse(text)
                    .ok()
                    .filter(|sid| app.names.resolve(&tick.label).as_ref() == Ok(sid))
                    .map_or_else(|| text.clone(), |_| tick.label.clone()),
            ),
            Value::Object(_) => None,
        })
        .collect();
    if let Some(Dialog::Form(form)) = app.dialogs.last_mut() {
        form.add_accounts(&chosen);
    }
}
