//! From what the user pointed at to values of the change language.
//!
//! Every change the editor makes goes through these, so undo, the journal and the command line speak one language.

use crate::store::{Change, Create, Guid, Kind, LeafId, Link, ObjId, Object, Place, Property, Store};

use super::sheet::{Edited, Prop};

/// Names an object so that exactly this one is meant, or says why that cannot be.
pub fn object(store: &Store, id: ObjId) -> Result<Object, String> {
    Object::of(store, id).ok_or_else(|| {
        format!(
            "\"{}\" shares its name with another {} and has no GUID of its own: give the other one a new name first.",
            store.name(id),
            store.kind(id)
        )
    })
}

/// A new object in `parent`, which is the store, an application or a scope. It gets its GUID here, so that the
/// journal makes the same object again.
pub fn create(store: &Store, kind: Kind, parent: ObjId, name: &str, guid: Guid) -> Result<Create, String> {
    let place = if kind == Kind::Application { Some(Place::default()) } else { Place::of(store, parent) };
    let place = place.ok_or_else(|| {
        format!("\"{}\" shares its name with another: give one of them a new name first.", store.name(parent))
    })?;
    let mut create = Create::new(kind, name, place);
    create.guid = Some(guid);
    Ok(create)
}

/// Sets a property (a name by renaming).
pub fn set(store: &Store, id: ObjId, prop: Prop, value: &str) -> Result<Change, String> {
    let object = object(store, id)?;
    let property = match prop {
        Prop::Name => return Ok(Change::Rename(object, value.to_owned())),
        Prop::Description => Property::Description,
        Prop::Version => Property::Version,
        Prop::Number => Property::Id,
        Prop::Type => Property::Type,
        Prop::Query => Property::Query,
        Prop::RuleLanguage => Property::RuleLanguage,
        Prop::Rule => Property::Rule,
        Prop::RulePath => Property::RulePath,
        Prop::Schema => Property::Schema,
        Prop::Guid => return Err(format!("The {} is not edited.", prop.label())),
    };
    Ok(Change::Set(object, property, value.to_owned()))
}

/// Sets what is edited on a line of the sheet.
pub fn set_edited(store: &Store, id: ObjId, what: &Edited, value: &str) -> Result<Change, String> {
    match what {
        Edited::Property(prop) => set(store, id, *prop, value),
        Edited::Attribute(name) => {
            Ok(Change::SetAttribute(object(store, id)?, name.clone(), Some(value.to_owned())))
        }
    }
}

/// Links `owner` to `target`.
pub fn link_to(store: &Store, owner: ObjId, target: ObjId) -> Result<Link, String> {
    Link::to(store, store.level(owner), target)
        .ok_or_else(|| format!("\"{}\" cannot be told from another object of its name.", store.name(target)))
}

/// The link or member that a leaf is, to be removed from its owner.
pub fn link_of(store: &Store, leaf: LeafId) -> Result<Link, String> {
    store.link_of(leaf).ok_or_else(|| {
        format!("\"{}\" is no GUID that could be named: edit the file by hand.", store.text(leaf))
    })
}

/// The level (store, application, scope) where an object of this kind is created when `selected` is selected.
pub fn level_for(store: &Store, kind: Kind, selected: ObjId) -> Result<ObjId, String> {
    let root = store.root();
    if kind == Kind::Application {
        return Ok(root);
    }
    let level = match store.kind(selected) {
        Kind::Store | Kind::Application | Kind::Scope => selected,
        _ => store.level(selected),
    };
    if kind == Kind::Group {
        return Ok(level);
    }
    let application = match store.application(level) {
        Some(application) => application,
        None if store.kind(level) == Kind::Application => level,
        None => only_application(store)
            .ok_or_else(|| format!("Select an application first: {} belongs to one.", kind.a()))?,
    };
    Ok(match kind {
        Kind::Scope | Kind::Operation => application,
        _ if store.kind(level) == Kind::Scope => level,
        _ => application,
    })
}

fn only_application(store: &Store) -> Option<ObjId> {
    let mut all = store.children_of(store.root(), Kind::Application);
    all.next().filter(|_| all.next().is_none())
}

/// What a change does, in a few words: the undo list and the messages show it.
pub fn label(verb: &str, store: &Store, id: ObjId) -> String {
    let kind = store.kind(id);
    if kind == Kind::Store {
        return format!("{verb} the store");
    }
    format!("{verb} {kind} \"{}\"", store.name(id))
}
