//! What the details say of a virtual machine.

use crate::accounts;
use crate::app::actions::Id;
use crate::app::keymap::Keymap;
use crate::app::sheet::{Entry, LABEL};
use crate::app::wrap::wrap;
use crate::hyperv::inventory::guid_text;
use crate::store::Store;

use super::{Machines, Place, Resident, Source};

/// A scope as the details name it.
pub fn scope_label(name: &str) -> String {
    if name.is_empty() { "default scope".to_owned() } else { name.to_owned() }
}

/// The lines for a machine, in a sheet of so many cells.
pub fn entries(store: &Store, machines: &Machines, keys: &Keymap, number: u32, width: usize) -> Vec<Entry> {
    let Some(one) = machines.get(number) else { return Vec::new() };
    let mut lines = Vec::new();
    let machine = &one.machine;
    let account = accounts::vm_sid(machine.guid).to_string();
    let place = one.place(store);
    let has = machine.scope.as_deref().map_or_else(|| "not told".to_owned(), scope_label);
    fact(&mut lines, "Name", machine.name.clone(), width);
    fact(&mut lines, "GUID", guid_text(machine.guid), width);
    fact(&mut lines, "State", machine.state_word(), width);
    fact(&mut lines, "Host has it in", has, width);
    match place.name(store) {
        Some(target) if one.is_pending() => fact(&mut lines, "Will go to", scope_label(&target), width),
        _ => {}
    }
    // Virtual machines have accounts of their own from Server 2012 on.
    fact(&mut lines, "Its account", account, width);
    fact(&mut lines, "Host", asked(machines), width);
    lines.push(Entry::Blank);
    for warning in warnings(store, one, keys) {
        let mut parts = wrap(&warning, width.saturating_sub(4)).into_iter();
        lines.extend(parts.next().map(Entry::Warning));
        lines.extend(parts.map(|text| Entry::More(2, text)));
    }
    let (undo, to) = (keys.named(Id::Undo), keys.named(Id::MoveMachines));
    let said = if one.is_pending() {
        format!("It is moved when you save; {undo} takes that back, {to} sends it elsewhere.")
    } else {
        format!("{to} moves it to another scope.")
    };
    lines.extend(wrap(&said, width.saturating_sub(4)).into_iter().map(Entry::Note));
    lines
}

/// Whom the machines were asked of, in a few words.
pub fn asked(machines: &Machines) -> String {
    let name = machines.host.clone();
    match (&machines.source, name) {
        (None, _) => "not asked yet".to_owned(),
        (Some(Source::File(path)), name) => {
            let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            name.map_or_else(|| format!("from {file}"), |name| format!("{name}, from {file}"))
        }
        (Some(Source::Host(asked)), name) => {
            name.or_else(|| asked.clone()).unwrap_or_else(|| "this machine".to_owned())
        }
    }
}

fn fact(lines: &mut Vec<Entry>, label: &'static str, text: String, width: usize) {
    let cells = width.saturating_sub(usize::from(LABEL)).saturating_sub(3);
    let more: Vec<String> = wrap(&text, cells).into_iter().skip(1).collect();
    lines.push(Entry::Fact(label, text));
    lines.extend(more.into_iter().map(|text| Entry::More(LABEL.saturating_add(1), text)));
}

/// What is wrong with a machine, in sentences.
pub fn warnings(store: &Store, one: &Resident, keys: &Keymap) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Place::Missing(name) = one.place(store) {
        warnings.push(format!(
            "The store has no scope \"{name}\": the host treats the machine as one of the default scope, and says so only \
             in its log."
        ));
    }
    if let Some(why) = &one.failed {
        let again = keys.named(Id::Save);
        warnings.push(format!("Not moved when that was tried: {why}. {again} tries again."));
    }
    warnings
}
