//! Moving machines to scopes: picked, cut and pasted, or along with a recipe.

use crate::app::actions::Id;
use crate::app::dialog::{Dialog, PickFor, Picker, Tick};
use crate::app::doc::Doc;
use crate::app::editing::apply_and_move;
use crate::app::effect::Effect;
use crate::app::enabled;
use crate::app::layout::Pane;
use crate::app::state::App;
use crate::hyperv::inventory::scope_words;
use crate::store::{Kind, ObjId, Store};

use super::{Machines, Place, Wish, application};

/// What an action on machines is about: the marked ones, or else the selected one.
pub fn subjects(doc: &Doc) -> Vec<u32> {
    let marked: Vec<u32> = doc.marked.machines().collect();
    if marked.is_empty() { doc.machine().map(|(number, _)| number).into_iter().collect() } else { marked }
}

/// `"Johns VM"`, `3 virtual machines`.
pub fn named(machines: &Machines, numbers: &[u32]) -> String {
    match numbers {
        [one] => machines.get(*one).map_or_else(String::new, |one| format!("\"{}\"", one.machine.name)),
        many => format!("{} virtual machines", many.len()),
    }
}

/// Goes to a machine and keeps the way back.
pub fn go(app: &mut App, number: u32) {
    if let Some(node) = app.doc().and_then(|doc| doc.machine_node(number)) {
        crate::app::moving::jump(app, node);
    }
}

/// Why no machine can be moved now, if so.
///
/// # Errors
/// In a sentence.
pub fn can_move(app: &App) -> Result<(), String> {
    enabled::change(app)?;
    let Some(doc) = app.doc() else { return Ok(()) };
    if doc.machines.is_empty() {
        return Err(format!(
            "No virtual machine is known: {} asks the host, or reads what it printed.",
            app.keys.named(Id::Machines)
        ));
    }
    if subjects(doc).is_empty() {
        return Err(format!("Select a virtual machine, or mark several with {}.", app.keys.named(Id::Mark)));
    }
    Ok(())
}

/// Opens the list of scopes that the machines can go to.
pub fn pick(app: &mut App) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let Some(application) = application(store) else { return };
    let numbers = subjects(doc);
    let roster = doc.machines.roster();
    let counted = |level: ObjId| match roster.at(level).len() {
        0 => String::new(),
        1 => "1 VM".to_owned(),
        count => format!("{count} VMs"),
    };
    let default = Tick::object_line(application, "Default scope".to_owned(), counted(application));
    let scopes = store
        .listed(application, Kind::Scope)
        .map(|scope| Tick::object_line(scope, store.name(scope).into_owned(), counted(scope)));
    let ticks: Vec<Tick> = std::iter::once(default).chain(scopes).collect();
    let title = format!("Move {} to a scope", named(&doc.machines, &numbers));
    let intro =
        format!("The host is told when you save; until then {} takes it back.", app.keys.named(Id::Undo));
    let here = place_of(doc, numbers.first().copied());
    let mut picker =
        Picker::new(title, intro, "There is no scope.".to_owned(), PickFor::Machines(numbers), ticks);
    // It opens where they are: the way from there is short, and what is so already is seen.
    picker.list.selected = picker.ticks.iter().position(|tick| tick.object() == here).unwrap_or(0);
    app.dialogs.push(Dialog::Picker(picker));
}

/// The scope of a machine, or the application for the default scope.
fn place_of(doc: &Doc, number: Option<u32>) -> Option<ObjId> {
    match doc.machines.get(number?)?.place(doc.store()) {
        Place::Scope(scope) => Some(scope),
        _ => application(doc.store()),
    }
}

/// Moves machines to the scope that was picked.
///
/// # Errors
/// In a sentence.
pub fn picked(
    app: &mut App,
    picker: &Picker,
    numbers: &[u32],
    effects: &mut Vec<Effect>,
) -> Result<(), String> {
    match picker.chosen().and_then(Tick::object) {
        Some(level) => to(app, numbers, level, effects),
        None => Ok(()),
    }
}

/// Moves machines to a scope, or to the default scope, which the application stands for.
///
/// # Errors
/// In a sentence.
pub fn to(app: &mut App, numbers: &[u32], level: ObjId, effects: &mut Vec<Effect>) -> Result<(), String> {
    let doc = enabled::doc(app)?;
    let store = doc.store();
    let scope = target(store, level)?;
    let wishes = wishes(&doc.machines, numbers, &scope);
    let label = format!("move {} to {}", named(&doc.machines, numbers), scope_words(&scope));
    apply_and_move(app, &[], &wishes, &label, effects)
}

/// The name by which a host asks for a level.
fn target(store: &Store, level: ObjId) -> Result<String, String> {
    match store.kind(level) {
        Kind::Application if application(store) == Some(level) => Ok(String::new()),
        Kind::Scope if application(store) == store.application(level) => Ok(store.name(level).into_owned()),
        _ => Err("Virtual machines go to a scope, or to the application for the default scope.".to_owned()),
    }
}

/// The wishes that send these machines to a scope.
pub fn wishes(machines: &Machines, numbers: &[u32], scope: &str) -> Vec<Wish> {
    let known = numbers.iter().filter_map(|&number| machines.get(number));
    let wish = |machine: &crate::hyperv::inventory::Machine| Wish {
        guid: machine.guid,
        name: machine.name.clone(),
        from: machine.scope.clone(),
        to: Some(scope.to_owned()),
    };
    known.map(|one| wish(&one.machine)).collect()
}

/// `v` after `X` on machines: moves them to the selected scope or application.
pub fn paste(app: &mut App, numbers: &[u32], effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    let node = doc.node();
    let store = doc.store();
    let level = match store.kind(node.object) {
        Kind::Scope | Kind::Application => node.object,
        Kind::Store => {
            return app
                .object("Virtual machines go to a scope, or to the application for the default scope.");
        }
        _ => store.level(node.object),
    };
    if let Err(why) = to(app, numbers, level, effects) {
        app.object(why);
    } else {
        app.clip = None;
        app.focus = Pane::Tree;
    }
}

/// The machines that a list of names or GUIDs means, each once.
///
/// # Errors
/// The first word that means none, or several.
pub fn listed(machines: &Machines, text: &str) -> Result<Vec<u32>, String> {
    let inventory = machines.inventory();
    let mut numbers = Vec::new();
    for word in text.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty()) {
        let guid = inventory.find(word)?.guid;
        numbers.extend(machines.number_of(guid).filter(|number| !numbers.contains(number)));
    }
    Ok(numbers)
}
