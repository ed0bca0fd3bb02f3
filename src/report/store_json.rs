//! A store, or one object of it, in the JSON shape of `show`.
//!
//! Nothing is collected: each object is written as it is met, so a large store costs no second copy of itself.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::json;
use super::names::Told;
use crate::accounts::Names;
use crate::store::{GroupType, Kind, LeafId, LeafKind, ObjId, Store};

/// Writes `{"format":1,"store":{…}}`, and `names` where some are known: SIDs and the names of their accounts. `path` is
/// what the user called the store.
pub fn write_store(out: impl Write, store: &Store, names: &Names, path: &str) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'s> {
        format: u32,
        store: StoreShape<'s>,
        #[serde(skip_serializing_if = "Told::is_empty")]
        names: Told<'s>,
    }
    json::write(out, &Document { format: 1, store: StoreShape { store, path }, names: Told(names) })
}

/// Writes `{"format":1,"object":{"kind","path",…}}`: an object in the shape it has within its store; and `names`.
pub fn write_object(out: impl Write, store: &Store, names: &Names, id: ObjId) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'s> {
        format: u32,
        object: Addressed<'s>,
        #[serde(skip_serializing_if = "Told::is_empty")]
        names: Told<'s>,
    }
    #[derive(Serialize)]
    struct Addressed<'s> {
        kind: &'static str,
        path: String,
        #[serde(flatten)]
        object: Object<'s>,
    }
    let object =
        Addressed { kind: store.kind(id).change_word(), path: store.path(id), object: Object(store, id) };
    json::write(out, &Document { format: 1, object, names: Told(names) })
}

struct StoreShape<'s> {
    store: &'s Store,
    path: &'s str,
}

impl Serialize for StoreShape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { store, path } = *self;
        let root = store.root();
        let mut shape = serializer.serialize_map(None)?;
        shape.serialize_entry("path", path)?;
        shape.serialize_entry("schema", &store.schema_version())?;
        shape.serialize_entry("guid", &guid(store, root))?;
        shape.serialize_entry("description", &store.description(root))?;
        shape.serialize_entry("groups", &Children(store, root, Kind::Group))?;
        shape.serialize_entry("applications", &Children(store, root, Kind::Application))?;
        shape.end()
    }
}

/// An object below the store, in the shape of its kind.
struct Object<'s>(&'s Store, ObjId);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(store, id) = *self;
        let kind = store.kind(id);
        let mut shape = serializer.serialize_map(None)?;
        shape.serialize_entry("name", &store.name(id))?;
        shape.serialize_entry("guid", &guid(store, id))?;
        if kind == Kind::Operation {
            shape.serialize_entry("id", &store.operation_id(id))?;
        }
        shape.serialize_entry("description", &store.description(id))?;
        match kind {
            // The store has a shape of its own, with a path.
            Kind::Store | Kind::Operation => {}
            Kind::Application => {
                shape.serialize_entry("version", &store.attribute(id, "ApplicationVersion"))?;
                shape.serialize_entry("groups", &Children(store, id, Kind::Group))?;
                shape.serialize_entry("operations", &Children(store, id, Kind::Operation))?;
                shape.serialize_entry("tasks", &Children(store, id, Kind::Task))?;
                shape.serialize_entry("roles", &Children(store, id, Kind::Role))?;
                shape.serialize_entry("assignments", &Children(store, id, Kind::Assignment))?;
                shape.serialize_entry("scopes", &Children(store, id, Kind::Scope))?;
            }
            Kind::Scope => {
                shape.serialize_entry("groups", &Children(store, id, Kind::Group))?;
                shape.serialize_entry("tasks", &Children(store, id, Kind::Task))?;
                shape.serialize_entry("roles", &Children(store, id, Kind::Role))?;
                shape.serialize_entry("assignments", &Children(store, id, Kind::Assignment))?;
            }
            Kind::Task | Kind::Role => {
                shape.serialize_entry("operations", &Links(store, id, LeafKind::OperationLink))?;
                shape.serialize_entry("tasks", &Links(store, id, LeafKind::TaskLink))?;
                shape.serialize_entry("rule", &rule(store, id))?;
            }
            Kind::Assignment => {
                shape.serialize_entry("roles", &Links(store, id, LeafKind::TaskLink))?;
                // The API can link an operation to an assignment directly; no known file has it.
                if store.leaves_of(id, LeafKind::OperationLink).next().is_some() {
                    shape.serialize_entry("operations", &Links(store, id, LeafKind::OperationLink))?;
                }
                shape.serialize_entry("members", &Texts(store, id, LeafKind::Member))?;
                shape.serialize_entry("groups", &Links(store, id, LeafKind::AppMemberLink))?;
            }
            Kind::Group => {
                shape.serialize_entry("type", &store.group_type(id).map(GroupType::change_word))?;
                shape.serialize_entry("query", &store.first(id, LeafKind::LdapQuery))?;
                shape.serialize_entry("rule", &rule(store, id))?;
                shape.serialize_entry("members", &Texts(store, id, LeafKind::Member))?;
                shape.serialize_entry("non_members", &Texts(store, id, LeafKind::NonMember))?;
                shape.serialize_entry("groups", &Links(store, id, LeafKind::AppMemberLink))?;
            }
        }
        shape.end()
    }
}

/// The children of one kind, in the order of the file.
struct Children<'s>(&'s Store, ObjId, Kind);

impl Serialize for Children<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(store, id, kind) = *self;
        serializer.collect_seq(store.children_of(id, kind).map(|child| Object(store, child)))
    }
}

/// Links of one kind as `{"guid","name"}`; the name of a dangling link is null.
struct Links<'s>(&'s Store, ObjId, LeafKind);

impl Serialize for Links<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(store, id, kind) = *self;
        serializer.collect_seq(store.leaves_of(id, kind).map(|leaf| Link(store, leaf)))
    }
}

struct Link<'s>(&'s Store, LeafId);

impl Serialize for Link<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(store, leaf) = *self;
        let target = store.target(leaf);
        let written = || Some(store.text(leaf).trim().to_owned());
        let mut shape = serializer.serialize_map(None)?;
        shape.serialize_entry("guid", &target.and_then(|id| guid(store, id)).or_else(written))?;
        shape.serialize_entry("name", &target.map(|id| store.name(id)))?;
        shape.end()
    }
}

/// The texts of one kind of leaf: SIDs, without the white space around them.
struct Texts<'s>(&'s Store, ObjId, LeafKind);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(store, id, kind) = *self;
        serializer.collect_seq(store.leaves_of(id, kind).map(|leaf| store.text(leaf).trim().to_owned()))
    }
}

/// The GUID in one spelling (lower case, no braces), so that a link's GUID equals its target's; what is no GUID stays
/// as it is written.
fn guid(store: &Store, id: ObjId) -> Option<String> {
    match store.guid(id) {
        Some(guid) => Some(guid.to_string()),
        None => store.guid_text(id).map(Cow::into_owned),
    }
}

#[derive(Serialize)]
struct Rule {
    language: Option<String>,
    text: Option<String>,
    path: Option<String>,
}

/// The authorization rule of a task, role definition or group. azroles.dll leaves empty languages and paths on objects
/// that never had a rule: those are no rule.
fn rule(store: &Store, id: ObjId) -> Option<Rule> {
    let first = |kind| store.first(id, kind).map(Cow::into_owned);
    let path = match store.kind(id) {
        Kind::Group => first(LeafKind::BizRuleImportedPath),
        _ => store.attribute(id, "BizRuleImportedPath").map(Cow::into_owned),
    };
    let rule = Rule { language: first(LeafKind::BizRuleLanguage), text: first(LeafKind::BizRule), path };
    let says = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    (rule.text.is_some() || says(&rule.language) || says(&rule.path)).then_some(rule)
}
