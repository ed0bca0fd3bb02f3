//! Choosing accounts from a list, over the form that asks for them.
//!
//! Listed are the accounts of the store, as far as they are near its beginning, and those that a map or Windows told;
//! those of the host's virtual machines, by the names of these; then those that are the same everywhere; and on Windows the machine's own users and groups, when they are known.

use std::borrow::Cow;
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
    let mut machines = BTreeSet::new();
    if let Some(doc) = app.doc() {
        machines.extend(doc.machines.all().map(|(_, one)| accounts::vm_sid(one.machine.guid)));
        let store = doc.store();
        // A key does not wait for a large store.
        let leaves = store.walk().take(SLICE).flat_map(|id| store.leaves(id)).take(SLICE);
        let members = leaves.filter(|&leaf| store.leaf_kind(leaf).is_member());
        sids.extend(members.filter_map(|leaf| Sid::parse(store.text(leaf).trim()).ok()));
    }
    sids.retain(|sid| !machines.contains(sid));
    let everywhere = accounts::lasting().filter(|sid| !sids.contains(sid));
    let everywhere = by_name(everywhere.filter_map(|sid| line(app, sid, "On every host")).collect());
    let mut ticks = by_name(sids.iter().filter_map(|&sid| line(app, sid, "Known here")).collect());
    ticks.extend(by_name(machines.iter().filter_map(|&sid| line(app, sid, "Virtual machines")).collect()));
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
    let (label, detail) = words(app, &sid, sort.word());
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

/// How a line calls an account, and what stands on its right: its name and its SID; or the virtual machine that it is of
/// and the name that is made of that machine's GUID.
pub fn words(app: &App, sid: &Sid, sort: &str) -> (String, String) {
    match (app.names.machine(sid), app.names.name(sid)) {
        (Some(machine), _) => (machine.to_owned(), accounts::display_name(sid).unwrap_or_default()),
        (_, Some(name)) => (name.into_owned(), format!("{sort} {sid}").trim_start().to_owned()),
        (_, None) => (sid.to_string(), String::new()),
    }
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
    // A name that means this account and no other reads better than its SID.
    let word = |tick: &Tick| {
        let Value::Account(text) = &tick.value else { return None };
        let sid = Sid::parse(text).ok()?;
        let name = app.names.name(&sid).filter(|name| app.names.resolve(name) == Ok(sid));
        Some(name.map_or_else(|| text.clone(), Cow::into_owned))
    };
    let chosen: Vec<String> = picker.changed_ticks().filter_map(word).collect();
    if let Some(Dialog::Form(form)) = app.dialogs.last_mut() {
        form.add_accounts(&chosen);
    }
}
