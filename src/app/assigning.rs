//! Role assignments made from role definitions, as azman.msc makes them: tick definitions, and each gets an assignment
//! of its name.

use super::actions::Id;
use super::changes;
use super::dialog::{Dialog, PickFor, Picker, Share, Tick};
use super::effect::Effect;
use super::enabled;
use super::linking::{candidates_at, detail};
use super::state::App;
use crate::store::{Change, Kind, Link, ObjId, Store};

/// Opens the picker for the level where the selection is.
pub fn pick(app: &mut App) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let level = match changes::level_for(store, Kind::Assignment, doc.node().object) {
        Ok(level) => level,
        Err(why) => return app.object(why),
    };
    let definitions = candidates_at(store, &[level], Kind::Role).into_iter();
    let tick = |object| Tick::object_line(object, store.name(object).into_owned(), detail(store, object));
    let ticks = definitions.map(tick).collect();
    let title = format!("Create role assignments in {}", store.name(level));
    let intro = "Each ticked role definition gets a role assignment of its name.".to_owned();
    let empty =
        format!("No role definitions here to tick. Esc, then {} creates one.", app.keys.named(Id::Create));
    let purpose = PickFor::NewAssignments(level);
    app.dialogs.push(Dialog::Picker(Picker::new(title, intro, empty, purpose, ticks)));
}

/// Makes an assignment for each ticked definition, as one step.
pub fn finish(app: &mut App, picker: &Picker, level: ObjId, effects: &mut Vec<Effect>) -> Result<(), String> {
    let new_guid = app.new_guid;
    let store = enabled::doc(app)?.store();
    let ticked = picker.changed_ticks().filter(|tick| tick.on == Share::All).filter_map(Tick::object);
    let mut taken = Vec::new();
    let mut made = Vec::new();
    for definition in ticked {
        let name = free_name(store, level, &store.name(definition), &taken);
        let mut create = changes::create(store, Kind::Assignment, level, &name, new_guid())?;
        create.links = vec![link(store, level, definition)?];
        made.push(Change::Create(create));
        taken.push(name);
    }
    let label = match taken.as_slice() {
        [] => return Ok(()),
        [one] => format!("create role assignment \"{one}\""),
        many => format!("create {} role assignments", many.len()),
    };
    super::editing::apply(app, &made, &label, effects)
}

/// The name, or with a number behind it where it is taken: a definition may be assigned more than once.
fn free_name(store: &Store, level: ObjId, name: &str, taken: &[String]) -> String {
    let is_free = |name: &String| {
        store.find(level, Kind::Assignment, name).is_none() && !taken.iter().any(|other| other == name)
    };
    let numbered = (2..).map(|number: u32| format!("{name} ({number})"));
    std::iter::once(name.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}

fn link(store: &Store, level: ObjId, definition: ObjId) -> Result<Link, String> {
    Link::to(store, level, definition)
        .ok_or_else(|| format!("\"{}\" cannot be told from another of its name.", store.name(definition)))
}

/// The role definitions that a text names, separated by commas or line ends.
///
/// # Errors
/// A name that no role definition here has.
pub fn definitions_in(store: &Store, level: ObjId, text: &str) -> Result<Vec<Link>, String> {
    let names = text.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| match store.visible(level, Kind::Role, name) {
            Some(definition) => link(store, level, definition),
            None => Err(format!("No role definition \"{name}\" here. {}", known(store, level))),
        })
        .collect()
}

/// Which role definitions there are, as a sentence.
pub fn known(store: &Store, level: ObjId) -> String {
    const LISTED: usize = 5;
    let all = candidates_at(store, &[level], Kind::Role);
    if all.is_empty() {
        return "There are none yet.".to_owned();
    }
    let names: Vec<String> = all.iter().take(LISTED).map(|&id| store.name(id).into_owned()).collect();
    let more = if all.len() > LISTED { format!(" and {} more", all.len() - LISTED) } else { String::new() };
    format!("There are: {}{more}.", names.join(", "))
}
