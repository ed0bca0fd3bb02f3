//! What may stand next in a line of the change language: verbs, kinds, names, options and their values.

use std::ops::Range;

use crate::accounts;
use crate::store::{Kind, Level, Name, ObjId, Property, Store, Token, fold, quote, tokens};

use super::command::{FLAGS, Here, Slot, VERBS, Verb, is_in_scopes, verb};
use super::typed_recipe;

/// Names looked at.
pub const LOOKED_AT: usize = 20_000;
/// Completions shown.
const SHOWN: usize = 200;

/// One word that may stand next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is put into the line, quoted where it needs to be.
    pub text: String,
    /// What it is.
    pub note: String,
    /// What it takes the place of: bytes of the line.
    pub span: Range<usize>,
}

/// The words that may stand at a place of a line, those that begin as the word there does before those that hold it.
pub fn completions(
    line: &str,
    cursor: usize,
    store: &Store,
    here: Here,
    known: &accounts::Names,
) -> Vec<Completion> {
    let before = line.get(..cursor).unwrap_or(line);
    let (mut words, _) = tokens(before);
    let is_inside = words.last().is_some_and(|word| word.span.end == before.len() && !word.span.is_empty());
    let begun = if is_inside { words.pop() } else { None };
    let typed = begun.as_ref().map_or("", |word| &word.text);
    let mut span = begun.as_ref().map_or(before.len()..before.len(), |word| word.span.clone());
    let mut wanted = next(&words, store, here, known);
    // `--in=Jo`: the value begins behind the sign.
    let mut typed_value = typed;
    if let Some((option, value)) = typed.split_once('=').filter(|_| typed.starts_with("--"))
        && let Some(sign) = line.get(span.clone()).and_then(|word| word.find('='))
    {
        wanted = if words.first().is_some_and(|word| word.text == typed_recipe::WORD) {
            typed_recipe::next(&words, Some(option), store)
        } else {
            values(option, &words, store, here, known)
        };
        span.start = span.start.saturating_add(sign).saturating_add(1);
        typed_value = value;
    }
    let folded = fold(typed_value).into_owned();
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for (text, note) in wanted {
        let name = fold(&text);
        if name.starts_with(&*folded) {
            first.push((text, note));
        } else if name.contains(&*folded) {
            rest.push((text, note));
        }
    }
    first.append(&mut rest);
    first.truncate(SHOWN);
    first
        .into_iter()
        .map(|(text, note)| Completion { text: quote(&text), note, span: span.clone() })
        .collect()
}

/// What may stand behind these words: each with what it is.
fn next(words: &[Token], store: &Store, here: Here, known: &accounts::Names) -> Vec<(String, String)> {
    let Some((first, rest)) = words.split_first() else {
        return VERBS.iter().map(|verb| (verb.word.to_owned(), verb.help.to_owned())).collect();
    };
    if first.text == typed_recipe::WORD {
        return typed_recipe::next(words, None, store);
    }
    let Some(verb) = verb(&first.text) else { return Vec::new() };
    let mut positional: Vec<&str> = Vec::new();
    let mut option: Option<&str> = None;
    for word in rest {
        let text = word.text.as_str();
        if option.take().is_some() {
            continue;
        }
        if text.starts_with("--") {
            let stands_alone = FLAGS.contains(&text) || text.contains('=');
            option = Some(text).filter(|_| !stands_alone);
        } else {
            positional.push(text);
        }
    }
    if let Some(option) = option {
        return values(option, words, store, here, known);
    }
    let Some(kind) = positional.first().and_then(|word| Kind::from_change_word(word)) else {
        let kinds = Kind::ALL.into_iter().filter(|&kind| kind != Kind::Store || verb.word == "set");
        return if positional.is_empty() { kinds.map(described).collect() } else { Vec::new() };
    };
    // The store has no name.
    let skipped = usize::from(kind == Kind::Store);
    let slots = verb.slots.iter().filter(|slot| !(kind == Kind::Store && **slot == Slot::Name));
    match slots.clone().nth(positional.len()) {
        Some(Slot::Name) => names(store, kind, &places(words, store, here, kind)),
        Some(Slot::Property) => properties(kind),
        Some(Slot::Value) => values_of(positional.get(2_usize.saturating_sub(skipped))),
        Some(Slot::Kind | Slot::NewName) => Vec::new(),
        None => options(verb, kind, words),
    }
}

fn described(kind: Kind) -> (String, String) {
    (kind.change_word().to_owned(), kind.word().to_owned())
}

fn properties(kind: Kind) -> Vec<(String, String)> {
    let fitting = Property::ALL.into_iter().filter(|property| property.belongs_to(kind));
    fitting.map(|property| (property.word().to_owned(), format!("property of {}", kind.a()))).collect()
}

fn values_of(property: Option<&&str>) -> Vec<(String, String)> {
    let words: &[&str] = match property {
        Some(&"type") => &["basic", "ldap", "rule"],
        Some(&"rule-language") => &["VBScript", "JScript"],
        _ => &[],
    };
    words.iter().map(|word| ((*word).to_owned(), String::new())).collect()
}

fn options(verb: &Verb, kind: Kind, words: &[Token]) -> Vec<(String, String)> {
    let repeats = |option: &str| {
        matches!(option, "--operation" | "--task" | "--role" | "--member" | "--non-member" | "--group")
    };
    let is_given = |option: &str| words.iter().any(|word| word.text == option);
    let fitting = verb.options_for(kind).into_iter().filter(|option| repeats(option) || !is_given(option));
    fitting.map(|option| (option.to_owned(), about(option).to_owned())).collect()
}

fn about(option: &str) -> &'static str {
    match option {
        "--in" => "the scope it is in",
        "--app" => "the application it is in",
        "--global" => "a group of the store",
        "--to" => "the scope it goes to",
        "--to-application" => "it goes to the application",
        "--as" => "the copy's name",
        "--operation" => "links an operation",
        "--task" => "links a task definition",
        "--role" => "links a role definition",
        "--group" => "links an application group",
        "--member" => "an account: a SID or a name",
        "--non-member" => "an account that the group keeps out",
        "--id" => "the operation's number",
        "--type" => "basic, ldap or rule",
        "--query" => "the LDAP query",
        "--version" => "the application's version",
        "--description" => "its description",
        _ => "",
    }
}

/// What may stand behind an option.
fn values(
    option: &str,
    words: &[Token],
    store: &Store,
    here: Here,
    known: &accounts::Names,
) -> Vec<(String, String)> {
    let kind = match option {
        "--operation" => Kind::Operation,
        "--task" => Kind::Task,
        "--role" => Kind::Role,
        "--group" => Kind::Group,
        "--in" | "--to" => Kind::Scope,
        "--app" => Kind::Application,
        "--type" => return values_of(Some(&"type")),
        "--member" | "--non-member" => return members(known),
        _ => return Vec::new(),
    };
    let levels = match kind {
        Kind::Application => vec![store.root()],
        Kind::Scope => application(words, store, here).into_iter().collect(),
        _ => {
            let from = places(words, store, here, Kind::Group).into_iter().next();
            from.map_or_else(Vec::new, |level| store.visible_levels(level, kind).collect())
        }
    };
    names(store, kind, &levels)
}

/// The accounts that are known, by names that mean exactly them, each with what it is.
fn members(known: &accounts::Names) -> Vec<(String, String)> {
    let told = known.accounts().filter(|account| account.sort.never_a_member().is_none());
    let told = told.map(|account| (account.sid, account.sort.word()));
    let machines = known.machines().map(|sid| (sid, "virtual machine"));
    let all = told.chain(machines).chain(accounts::lasting().map(|sid| (sid, "")));
    let named = all.take(LOOKED_AT).filter_map(|(sid, sort)| {
        let name = known.name(&sid)?.into_owned();
        (known.resolve(&name) == Ok(sid)).then(|| (name, format!("{sort} {sid}").trim_start().to_owned()))
    });
    named.collect()
}

/// The application that a line names, or that the selection stands in.
fn application(words: &[Token], store: &Store, here: Here) -> Option<ObjId> {
    let named = value_of(words, "--app").and_then(|name| find(store, store.root(), Kind::Application, name));
    named.or(here.application)
}

/// The levels at which the object of a line may be, the nearest first.
fn places(words: &[Token], store: &Store, here: Here, kind: Kind) -> Vec<ObjId> {
    if matches!(kind, Kind::Store | Kind::Application) || words.iter().any(|word| word.text == "--global") {
        return vec![store.root()];
    }
    let application = application(words, store, here);
    if let (Some(name), Some(application)) = (value_of(words, "--in"), application) {
        return find(store, application, Kind::Scope, name).into_iter().collect();
    }
    let is_named = value_of(words, "--app").is_some();
    let scope = here.scope.filter(|_| is_in_scopes(kind) && !is_named);
    let root = Some(store.root()).filter(|_| kind == Kind::Group && !is_named);
    scope.into_iter().chain(application).chain(root).collect()
}

fn value_of<'w>(words: &'w [Token], option: &str) -> Option<&'w str> {
    let at = words.iter().position(|word| word.text == option)?;
    words.get(at.saturating_add(1)).map(|word| word.text.as_str())
}

fn find(store: &Store, level: ObjId, kind: Kind, name: &str) -> Option<ObjId> {
    match Name::from(name) {
        Name::Text(text) => store.find(level, kind, &text),
        Name::Guid(guid) => store.by_guid(guid),
    }
}

/// The objects of a kind at these levels, by names that mean exactly them.
fn names(store: &Store, kind: Kind, levels: &[ObjId]) -> Vec<(String, String)> {
    let objects = levels.iter().flat_map(|&level| store.listed(level, kind));
    objects
        .take(LOOKED_AT)
        .map(|object| {
            let name = store.name(object);
            let level = store.level(object);
            let place = match crate::store::Place::of(store, level).map(|place| place.level) {
                Some(Level::Global) | None => "in the store".to_owned(),
                _ => format!("in {}", store.name(level)),
            };
            (name.into_owned(), place)
        })
        .collect()
}
