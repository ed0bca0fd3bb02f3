//! The change language as it is typed: its verbs in one table, what a line means where the selection stands, and
//! where it is wrong.

use std::ops::Range;

use crate::accounts::{Names, Sid};
use crate::store::{Change, Kind, Level, Name, ObjId, Place, Store, quote, tokens};

use super::doc::Doc;
use super::waiting;

/// What stands behind a verb, word by word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// A kind of object.
    Kind,
    /// The name of one that exists. (The store has none.)
    Name,
    /// A new name.
    NewName,
    /// A property of the kind.
    Property,
    /// Its value.
    Value,
}

/// A verb.
#[derive(Debug)]
pub struct Verb {
    /// The word.
    pub word: &'static str,
    /// What it does, for the list.
    pub help: &'static str,
    /// The words behind it.
    pub slots: &'static [Slot],
    /// Its options besides those that say where the object is.
    pub options: &'static [&'static str],
    /// Whether it takes links and members.
    pub links: bool,
}

/// Every verb.
#[rustfmt::skip] // A table is read by its columns.
pub static VERBS: &[Verb] = &[
    Verb { word: "create", help: "makes an object", slots: &[Slot::Kind, Slot::NewName], options: &["--description", "--version", "--id", "--type", "--query"], links: true },
    Verb { word: "delete", help: "removes an object, what is in it and links to it", slots: &[Slot::Kind, Slot::Name], options: &[], links: false },
    Verb { word: "rename", help: "gives an object another name", slots: &[Slot::Kind, Slot::Name, Slot::NewName], options: &[], links: false },
    Verb { word: "set", help: "sets a property", slots: &[Slot::Kind, Slot::Name, Slot::Property, Slot::Value], options: &[], links: false },
    Verb { word: "add", help: "adds links or members", slots: &[Slot::Kind, Slot::Name], options: &[], links: true },
    Verb { word: "remove", help: "removes links or members", slots: &[Slot::Kind, Slot::Name], options: &[], links: true },
    Verb { word: "copy", help: "copies an object to another place or name", slots: &[Slot::Kind, Slot::Name], options: &["--to", "--to-application", "--as"], links: false },
    Verb { word: "move", help: "moves an object to another place", slots: &[Slot::Kind, Slot::Name], options: &["--to", "--to-application"], links: false },
];

/// Options that stand alone.
pub const FLAGS: [&str; 2] = ["--global", "--to-application"];

/// The verb of this word.
pub fn verb(word: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.word == word)
}

impl Verb {
    /// The options that go with this kind.
    pub fn options_for(&self, kind: Kind) -> Vec<&'static str> {
        let mut options: Vec<&'static str> = Vec::new();
        if self.links {
            options.extend(link_options(kind));
        }
        options.extend(self.options.iter().filter(|option| match **option {
            "--version" => kind == Kind::Application,
            "--id" => kind == Kind::Operation,
            "--type" | "--query" => kind == Kind::Group,
            _ => true,
        }));
        if is_in_scopes(kind) {
            options.push("--in");
        }
        if kind == Kind::Group {
            options.push("--global");
        }
        if !matches!(kind, Kind::Store | Kind::Application) {
            options.push("--app");
        }
        options
    }
}

fn link_options(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Role => &["--operation", "--task", "--role"],
        Kind::Task => &["--operation", "--task"],
        Kind::Assignment => &["--role", "--member", "--group"],
        Kind::Group => &["--member", "--non-member", "--group"],
        _ => &[],
    }
}

/// Whether objects of this kind may stand in a scope.
pub const fn is_in_scopes(kind: Kind) -> bool {
    matches!(kind, Kind::Task | Kind::Role | Kind::Assignment | Kind::Group)
}

/// Where a line is typed: what is taken for granted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Here {
    /// The selected application, or the one that the selection stands in, or the only one.
    pub application: Option<ObjId>,
    /// The selected scope, or the one that the selection stands in.
    pub scope: Option<ObjId>,
}

impl Here {
    /// Where the selection stands.
    pub fn of(doc: &Doc) -> Here {
        let store = doc.store();
        let object = doc.node().object;
        let at = |kind| {
            std::iter::successors(Some(object), |&at| store.parent(at)).find(|&at| store.kind(at) == kind)
        };
        let mut applications = store.children_of(store.root(), Kind::Application);
        let only = applications.next().filter(|_| applications.next().is_none());
        Here { application: at(Kind::Application).or(only), scope: at(Kind::Scope) }
    }

    /// The level that an object of this kind is looked for at, or made at, where the line does not say.
    pub fn level(self, store: &Store, kind: Kind) -> ObjId {
        match kind {
            Kind::Store | Kind::Application => store.root(),
            kind if is_in_scopes(kind) => self.scope.or(self.application).unwrap_or(store.root()),
            _ => self.application.unwrap_or(store.root()),
        }
    }
}

/// What is wrong with a line, and where in it: bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A sentence.
    pub message: String,
    /// The place; at the end of the line where something is missing.
    pub span: Range<usize>,
}

/// What a line means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// The change, its place filled in.
    pub change: Change,
    /// What was filled in, in the words of the language; empty: nothing.
    pub assumed: String,
    /// Names of members that nobody here knows; they stand in the change as they were typed.
    pub unknown: Vec<String>,
}

/// What a line means where the selection stands, with the names that are known.
pub fn read(line: &str, store: &Store, here: Here, names: &Names) -> Result<Meant, Fault> {
    let mut change = Change::parse(line).map_err(|error| fault(line, &error.message))?;
    let mut unknown = Vec::new();
    for member in change.members_mut().filter(|member| Sid::parse(member.trim()).is_err()) {
        match waiting::resolve(names, member) {
            Ok(Some(sid)) => *member = sid.to_string(),
            Ok(None) => unknown.push(member.trim().to_owned()),
            Err(message) => return Err(Fault { message, span: place_of(line, member) }),
        }
    }
    let assumed = fill_in(&mut change, store, here);
    if let Some(object) = change.object() {
        // The name stands behind verb and kind.
        store.named_object(object).map_err(|error| {
            let name = tokens(line).0.into_iter().nth(2).map_or(line.len()..line.len(), |token| token.span);
            Fault { message: error.to_string(), span: name }
        })?;
    }
    Ok(Meant { change, assumed, unknown })
}

/// Where a word stands in a line, by itself or behind an option and a sign; the end where it does not.
pub fn place_of(line: &str, wanted: &str) -> Range<usize> {
    let is_it = |word: &str| word == wanted || word.split_once('=').is_some_and(|(_, value)| value == wanted);
    let found = tokens(line).0.into_iter().rfind(|word| is_it(&word.text));
    found.map_or(line.len()..line.len(), |word| word.span)
}

/// The place of a fault: the word that the message quotes, the option that it names, or else the end of the line, where
/// something is missing.
fn fault(line: &str, message: &str) -> Fault {
    let (words, _) = tokens(line);
    let quoted = message.split('`').nth(1);
    let option = message.split([' ', ',']).find(|word| word.starts_with("--"));
    let named = |wanted: &str| {
        words.iter().rev().find(|word| {
            word.text == wanted || word.text.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('='))
        })
    };
    let open = words.last().filter(|word| word.is_open);
    let span = open.or_else(|| quoted.and_then(named)).or_else(|| option.and_then(named));
    let span = span.map_or(line.len()..line.len(), |word| word.span.clone());
    Fault { message: format!("{}.", message.trim_end_matches('.')), span }
}

/// Fills in the place where the line does not name one: the selected scope, or the application where the scope has no
/// such object; the selected application. Who names the application means the application itself.
fn fill_in(change: &mut Change, store: &Store, here: Here) -> String {
    let (kind, name) = match (&*change, change.object()) {
        (Change::Create(create), _) => (create.kind, None),
        (_, Some(object)) => (object.kind, Some(object.name.clone())),
        (_, None) => return String::new(),
    };
    let place = change.place_mut();
    if matches!(kind, Kind::Store | Kind::Application) || place.application.is_some() {
        return String::new();
    }
    let mut assumed = Vec::new();
    if place.level == Level::Application && is_in_scopes(kind) {
        let candidates = [here.scope, here.application, Some(store.root()).filter(|_| kind == Kind::Group)];
        let mut levels = candidates.into_iter().flatten();
        // What is made is made here; what exists is where it is.
        let level = match &name {
            None => levels.next(),
            Some(name) => levels.find(|&level| holds(store, level, kind, name)),
        };
        match level.and_then(|level| Place::of(store, level)).map(|place| place.level) {
            Some(Level::Scope(scope)) => {
                assumed.push(format!("--in {}", quote(&scope.to_string())));
                place.level = Level::Scope(scope);
            }
            Some(Level::Global) => {
                assumed.push("--global".to_owned());
                place.level = Level::Global;
            }
            _ => {}
        }
    }
    if place.level != Level::Global
        && let Some(found) = here.application.and_then(|application| Place::of(store, application))
        && let Some(application) = found.application
    {
        // Where there is only one, nobody asks which.
        if store.children_of(store.root(), Kind::Application).nth(1).is_some() {
            assumed.push(format!("--app {}", quote(&application.to_string())));
        }
        place.application = Some(application);
    }
    assumed.join(" ")
}

fn holds(store: &Store, level: ObjId, kind: Kind, name: &Name) -> bool {
    match name {
        Name::Text(text) => store.find(level, kind, text).is_some(),
        Name::Guid(guid) => store.by_guid(*guid).is_some_and(|object| store.level(object) == level),
    }
}
