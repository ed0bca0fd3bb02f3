//! Which object a word on the command line means.

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
    let application = match application {
        Some(name) => Some(
            store
                .find(store.root(), Kind::Application, name)
                .ok_or_else(|| Failure::Usage(format!("the store has no application \"{name}\"")))?,
        ),
        None => None,
    };
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

fn one(store: &Store, word: &str, found: &[ObjId]) -> Result<ObjId, Failure> {
    match found {
        [id] => Ok(*id),
        [] => Err(Failure::Usage(format!(
            "the store has no object \"{word}\": give a path as `azedit check` prints it, a GUID, or a name"
        ))),
        several => {
            // Names may be the same, and then so are the paths.
            let line = |&id: &ObjId| match store.guid(id) {
                Some(guid) => format!("  {}  guid:{guid}", store.path(id)),
                None => format!("  {}", store.path(id)),
            };
            let mut paths: Vec<_> = several.iter().take(LISTED).map(line).collect();
            if several.len() > LISTED {
                paths.push(format!("  and {} more", several.len() - LISTED));
            }
            Err(Failure::Usage(format!(
                "\"{word}\" means {} objects; give a path or a GUID:\n{}",
                several.len(),
                paths.join("\n")
            )))
        }
    }
}
