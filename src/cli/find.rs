//! Which object or account a word on the command line means.

use super::failure::Failure;
use crate::report::show::escape;
use crate::store::{Guid, Kind, ObjId, Store};

/// At most this many paths are listed where a name means several objects.
const LISTED: usize = 10;

/// Finds an object by its path (`Hyper-V services/scopes/Joes VM Scope`, `/` is the store), its GUID (alone or behind
/// `guid:`) or its name; the name is looked for in `application` only, if that is given. Path and name may be given as
/// they are printed, with invisible characters made visible.
pub fn object(store: &Store, word: &str, application: Option<&str>) -> Result<ObjId, Failure> {
    if word == "/" {
        return Ok(store.root());
    }
    if let Some(guid) = Guid::parse(word.strip_prefix("guid:").unwrap_or(word)) {
        return one(store, word, &store.all_by_guid(guid));
    }
    let application = application.map(|name| named_application(store, name)).transpose()?;
    let inside = |id: ObjId| application.is_none_or(|app| id == app || store.application(id) == Some(app));
    let is = |text: &str| word == text || word == escape(text);
    let (mut at_path, mut named) = (Vec::new(), Vec::new());
    for id in store.walk().filter(|&id| inside(id)) {
        let name = store.name(id);
        // A path ends with the name: most objects are done with here.
        if word.ends_with(&*name) || word.ends_with(&*escape(&name)) {
            if is(&store.path(id)) {
                at_path.push(id);
            }
            if is(&name) {
                named.push(id);
            }
        }
    }
    one(store, word, if at_path.is_empty() { &named } else { &at_path })
}

fn named_application(store: &Store, name: &str) -> Result<ObjId, Failure> {
    named(store, store.root(), Kind::Application, name)?
        .ok_or_else(|| Failure::Usage(format!("the store has no application \"{name}\"")))
}

/// The object of this kind right in `level` that has this name, or this GUID behind `guid:`. A name that several have is
/// none's: an answer about one of them would be wrong for the others.
fn named(store: &Store, level: ObjId, kind: Kind, word: &str) -> Result<Option<ObjId>, Failure> {
    let by_guid = word.strip_prefix("guid:").and_then(Guid::parse).and_then(|guid| store.by_guid(guid));
    if let Some(id) = by_guid.filter(|&id| store.kind(id) == kind && store.parent(id) == Some(level)) {
        return Ok(Some(id));
    }
    let found: Vec<ObjId> = store.children_of(level, kind).filter(|&id| store.name(id) == word).collect();
    match found.as_slice() {
        [] => Ok(None),
        [id] => Ok(Some(*id)),
        found => Err(several(store, word, found, "name one by its GUID")),
    }
}

/// The application of this name, or the store's only one.
pub fn application(store: &Store, name: Option<&str>) -> Result<ObjId, Failure> {
    match name {
        Some(name) => named_application(store, name),
        None => store.only_application().map_err(|error| Failure::Usage(error.to_string())),
    }
}

/// The scope of this name in an application.
pub fn scope(store: &Store, application: ObjId, name: &str) -> Result<ObjId, Failure> {
    named(store, application, Kind::Scope, name)?
        .ok_or_else(|| Failure::Usage(format!("the application has no scope \"{name}\"")))
}

/// The operation of this name, or of this number, in an application. A number that several have, which is a fault of the
/// store (AZ-122), is none's: an answer about one of them would be wrong for the others.
pub fn operation(store: &Store, application: ObjId, word: &str) -> Result<ObjId, Failure> {
    if let Some(named) = named(store, application, Kind::Operation, word)? {
        return Ok(named);
    }
    let number: Option<u32> = word.parse().ok();
    let has_it = |&id: &ObjId| number.is_some() && store.operation_id(id) == number;
    let numbered: Vec<ObjId> = store.children_of(application, Kind::Operation).filter(has_it).collect();
    match numbered.as_slice() {
        [id] => Ok(*id),
        [] => Err(Failure::Usage(format!(
            "the application has no operation with the name or number \"{word}\""
        ))),
        several => {
            let names: Vec<_> =
                several.iter().take(LISTED).map(|&id| format!("\"{}\"", store.name(id))).collect();
            Err(Failure::Usage(format!(
                "{} operations have the number {word}: {}{}; give a name",
                several.len(),
                names.join(", "),
                if several.len() > LISTED { " and others" } else { "" }
            )))
        }
    }
}

fn one(store: &Store, word: &str, found: &[ObjId]) -> Result<ObjId, Failure> {
    match found {
        [id] => Ok(*id),
        [] => Err(Failure::Usage(format!(
            "the store has no object \"{word}\": give a path as `azedit check` prints it, a GUID, or a name"
        ))),
        found => Err(several(store, word, found, "give a path or a GUID")),
    }
}

/// That a word means more than one object, what to do, and how each is named.
fn several(store: &Store, word: &str, found: &[ObjId], advice: &str) -> Failure {
    // Names may be the same, and then so are the paths.
    let line = |&id: &ObjId| match store.guid(id) {
        Some(guid) => format!("  {}  guid:{guid}", store.path(id)),
        None => format!("  {}", store.path(id)),
    };
    let mut paths: Vec<_> = found.iter().take(LISTED).map(line).collect();
    if found.len() > LISTED {
        paths.push(format!("  and {} more", found.len() - LISTED));
    }
    Failure::Usage(format!("\"{word}\" means {} objects; {advice}:\n{}", found.len(), paths.join("\n")))
}
