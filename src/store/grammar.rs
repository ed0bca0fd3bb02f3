//! The change language as text: one change a line, in words (module `words`).

use super::change::{Change, Create, Level, Link, Name, Object, Place, Property};
use super::words::{GrammarError, error, split};
use super::{GroupType, Guid, Kind, limits};

mod line;

/// Reads a script: the changes with their line numbers (from 1). Blank lines and comments are skipped.
///
/// # Errors
/// The line number and what is wrong in the first line that is not a change.
pub fn parse_script(text: &str) -> Result<Vec<(usize, Change)>, (usize, GrammarError)> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut changes = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let words = split(line).map_err(|e| (number, e))?;
        if !words.is_empty() {
            changes.push((number, Change::parse_words(&words).map_err(|e| (number, e))?));
        }
    }
    Ok(changes)
}

/// Words sorted into options and the rest.
struct Words {
    verb: String,
    positional: std::vec::IntoIter<String>,
    options: Vec<(String, String)>,
    global: bool,
    to_application: bool,
    none: bool,
}

/// What stands before the name of an attribute that the format does not name, in place of a property.
const ATTRIBUTE: &str = "attribute:";

const OPTIONS: [&str; 16] = [
    "--description",
    "--version",
    "--id",
    "--in",
    "--app",
    "--operation",
    "--task",
    "--role",
    "--member",
    "--non-member",
    "--group",
    "--type",
    "--query",
    "--guid",
    "--to",
    "--as",
];

impl Words {
    fn sort(words: &[String]) -> Result<Words, GrammarError> {
        let mut words = words.iter();
        let verb = words.next().cloned().unwrap_or_default();
        let mut positional = Vec::new();
        let mut options = Vec::new();
        let (mut global, mut to_application, mut none) = (false, false, false);
        while let Some(word) = words.next() {
            if word == "--" {
                positional.extend(words.by_ref().cloned());
            } else if word == "--global" {
                global = true;
            } else if word == "--to-application" {
                to_application = true;
            } else if word == "--none" {
                none = true;
            } else if word.starts_with("--") {
                let (name, value) = match word.split_once('=') {
                    Some((name, value)) => (name, Some(value.to_owned())),
                    None => (word.as_str(), None),
                };
                if !OPTIONS.contains(&name) {
                    return error(format!("{verb} has no option {name}"));
                }
                let Some(value) = value.or_else(|| words.next().cloned()) else {
                    return error(format!("{name} needs a value"));
                };
                options.push((name.to_owned(), value));
            } else {
                positional.push(word.clone());
            }
        }
        Ok(Words { verb, positional: positional.into_iter(), options, global, to_application, none })
    }

    fn next(&mut self, what: &str) -> Result<String, GrammarError> {
        match self.positional.next() {
            Some(word) => Ok(word),
            None => error(format!("{} needs {what}", self.verb)),
        }
    }

    fn kind(&mut self) -> Result<Kind, GrammarError> {
        let word = self.next("a kind: application, scope, operation, task, role, assignment or group")?;
        match Kind::from_change_word(&word) {
            Some(kind) => Ok(kind),
            None => error(format!(
                "`{word}` is no kind: application, scope, operation, task, role, assignment or group"
            )),
        }
    }

    fn take(&mut self, option: &str) -> Result<Option<String>, GrammarError> {
        let Some(at) = self.options.iter().position(|(name, _)| name == option) else { return Ok(None) };
        let (_, value) = self.options.remove(at);
        if self.options.iter().any(|(name, _)| name == option) {
            return error(format!("{option} is given twice"));
        }
        Ok(Some(value))
    }

    fn place(&mut self, kind: Kind) -> Result<Place, GrammarError> {
        let application = self.take("--app")?.map(|name| Name::from(name.as_str()));
        let scope = self.take("--in")?.map(|name| Name::from(name.as_str()));
        let fits = match (&scope, self.global) {
            (Some(_), true) => return error("--in and --global exclude each other"),
            (Some(_), false) => matches!(kind, Kind::Task | Kind::Role | Kind::Assignment | Kind::Group),
            (None, true) => kind == Kind::Group,
            (None, false) => true,
        };
        if !fits {
            let option = if self.global { "--global" } else { "--in" };
            let of = if kind == Kind::Store { "the store" } else { "an object of this kind" };
            return error(format!("{option} does not go with {of} ({kind})"));
        }
        let level = match scope {
            Some(scope) => Level::Scope(scope),
            None if self.global || kind == Kind::Store => Level::Global,
            None => Level::Application,
        };
        Ok(Place { application, level })
    }

    fn object(&mut self) -> Result<Object, GrammarError> {
        let kind = self.kind()?;
        let name = if kind == Kind::Store {
            Name::Text(String::new())
        } else {
            Name::from(self.next(&format!("the name of the {kind}"))?.as_str())
        };
        let place = self.place(kind)?;
        Ok(Object { kind, name, place })
    }

    fn links(&mut self) -> Vec<Link> {
        let mut links = Vec::new();
        self.options.retain(|(option, value)| {
            let name = || Name::from(value.as_str());
            links.push(match option.as_str() {
                "--operation" => Link::Operation(name()),
                "--task" => Link::Task(name()),
                "--role" => Link::Role(name()),
                "--group" => Link::Group(name()),
                "--member" => Link::Member(value.clone()),
                "--non-member" => Link::NonMember(value.clone()),
                _ => return true,
            });
            false
        });
        links
    }

    fn destination(&mut self) -> Result<Option<Level>, GrammarError> {
        match (self.take("--to")?, self.to_application) {
            (Some(_), true) => error("--to and --to-application exclude each other"),
            (Some(scope), false) => Ok(Some(Level::Scope(Name::from(scope.as_str())))),
            (None, true) => Ok(Some(Level::Application)),
            (None, false) => Ok(None),
        }
    }

    fn end(mut self, change: Change) -> Result<Change, GrammarError> {
        if let Some(word) = self.positional.next() {
            return error(format!("`{word}` is too much; a name with blanks needs quotes"));
        }
        if let Some((option, _)) = self.options.first() {
            return error(format!("{option} does not go with `{}`", self.verb));
        }
        if self.to_application && !matches!(change, Change::Copy { .. } | Change::Move { .. }) {
            return error(format!("--to-application does not go with `{}`", self.verb));
        }
        if self.none {
            return error("--none goes with `set … attribute:NAME` alone");
        }
        Ok(change)
    }
}

impl Change {
    /// Reads one line.
    pub fn parse(line: &str) -> Result<Change, GrammarError> {
        Change::parse_words(&split(line)?)
    }

    /// Reads one change from words that a shell has split already.
    pub fn parse_words(words: &[String]) -> Result<Change, GrammarError> {
        let mut words = Words::sort(words)?;
        let change = match words.verb.as_str() {
            "create" => create(&mut words)?,
            "delete" => Change::Delete(not_store(words.object()?, "deleted")?),
            "rename" => {
                let object = not_store(words.object()?, "renamed")?;
                Change::Rename(object, words.next("the new name")?)
            }
            "set" => {
                let object = words.object()?;
                let word = words.next("a property")?;
                if let Some(name) = word.strip_prefix(ATTRIBUTE) {
                    let value = if words.none { None } else { Some(words.next("a value, or --none")?) };
                    words.none = false;
                    return words.end(Change::SetAttribute(object, name.to_owned(), value));
                }
                let Some(property) = Property::ALL.into_iter().find(|p| p.word() == word) else {
                    let known: Vec<_> = Property::ALL
                        .into_iter()
                        .filter(|p| p.belongs_to(object.kind))
                        .map(Property::word)
                        .collect();
                    return error(format!(
                        "`{word}` is no property of {}; it has {}",
                        object.kind.a(),
                        known.join(", ")
                    ));
                };
                Change::Set(object, property, words.next("a value")?)
            }
            "add" | "remove" => {
                let object = not_store(words.object()?, "given members")?;
                let links = words.links();
                if links.is_empty() {
                    return error(format!(
                        "{} needs at least one of --operation, --task, --role, --member, --non-member, --group",
                        words.verb
                    ));
                }
                if words.verb == "add" { Change::Add(object, links) } else { Change::Remove(object, links) }
            }
            "copy" => {
                let object = not_store(words.object()?, "copied")?;
                let to = words.destination()?;
                let rename = words.take("--as")?;
                if to.is_none() && rename.is_none() {
                    return error("copy needs --to SCOPE, --to-application or --as NEW");
                }
                Change::Copy { object, to, rename }
            }
            "move" => {
                let object = not_store(words.object()?, "moved")?;
                match words.destination()? {
                    Some(to) => Change::Move { object, to },
                    None => return error("move needs --to SCOPE or --to-application"),
                }
            }
            "" => return error("there is no change"),
            other => {
                return error(format!(
                    "`{other}` is no change: create, delete, rename, set, add, remove, copy or move"
                ));
            }
        };
        words.end(change)
    }
}

fn not_store(object: Object, done: &str) -> Result<Object, GrammarError> {
    if object.kind == Kind::Store { error(format!("the store itself cannot be {done}")) } else { Ok(object) }
}

fn create(words: &mut Words) -> Result<Change, GrammarError> {
    let kind = words.kind()?;
    if kind == Kind::Store {
        return error("a store is made with `azedit new`");
    }
    let name = words.next(&format!("the name of the {kind}"))?;
    let place = words.place(kind)?;
    let guid = match words.take("--guid")? {
        None => None,
        Some(text) => match Guid::parse(&text) {
            Some(guid) => Some(guid),
            None => return error(format!("`{text}` is no GUID")),
        },
    };
    let mut create =
        Create { guid, description: words.take("--description")?, ..Create::new(kind, name, place) };
    if kind == Kind::Application {
        create.version = words.take("--version")?;
    }
    if kind == Kind::Operation {
        let Some(text) = words.take("--id")? else { return error("an operation needs --id N") };
        create.id = Some(operation_id(&text)?);
    }
    if kind == Kind::Group {
        create.query = words.take("--query")?;
        if let Some(word) = words.take("--type")? {
            let Some(group_type) = GroupType::from_change_word(&word) else {
                return error(format!("`{word}` is no type of group: basic, ldap or rule"));
            };
            create.group_type = Some(group_type);
        }
    }
    create.links = words.links();
    Ok(Change::Create(create))
}

fn operation_id(text: &str) -> Result<u32, GrammarError> {
    limits::parse_operation_id(text)
        .ok_or_else(|| GrammarError { message: format!("`{text}` is no operation number: 0 to 2147483647") })
}

/// The canonical line: [`Change::parse`] gives the same change back.
#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(line: &str) -> Change {
        let change = Change::parse(line).unwrap();
        let printed = change.to_string();
        assert!(!printed.contains('\n'), "{printed:?}");
        assert_eq!(Change::parse(&printed).unwrap(), change, "{line} -> {printed}");
        change
    }

    #[test]
    fn every_form_is_printed_as_it_is_read() {
        for line in [
            "create application 'Hyper-V services' --description D --version 1.0",
            "create scope 'Joes VM Scope'",
            "create operation 'Start Virtual Machine' --id 315 --description ''",
            "create task T --in S --operation A --operation B --task C",
            "create role R --app X --operation A --task T --role Q",
            "create assignment A --in S --role R --member S-1-5-32-544 --group G --description 'two words'",
            "create group G --global --type ldap --query '(&(a=b)(c=d))'",
            "create group G --in S --member S-1-1-0 --non-member S-1-5-11 --group H --guid \
             0360a25d-86f3-47d6-805e-47143feea2a9",
            "delete scope S",
            "delete group G --global",
            "rename role guid:0360a25d-86f3-47d6-805e-47143feea2a9 'New name'",
            "set store description 'a description'",
            "set operation O id 5",
            r"set task T rule $'Dim a\r\na = \'x\'\n' --in S",
            r"set role R rule-path C:\rules\a.vbs",
            "set scope S attribute:ApplicationData 'a b' --app X",
            "set store attribute:StoreLimit ''",
            "set group G attribute:x --none --global",
            "add assignment A --member S-1-5-32-544",
            "remove role R --operation A --role B",
            "copy assignment A --in S --to T",
            "copy role A --as B",
            "copy role A --in S --to-application --as B",
            "move role A --in S --to-application",
            "move task A --to S",
        ] {
            round_trip(line);
        }
    }

    #[test]
    fn hostile_names_survive() {
        for name in
            ["--in", "--", "-", "it's", "a\nb", "\u{202E}x", "guid:nothing", "$x", "#x", "a'\\\"b", " "]
        {
            let place =
                Place { application: Some(Name::from("--app")), level: Level::Scope(Name::from("--global")) };
            let change = Change::Create(Create::new(Kind::Role, name, place));
            assert_eq!(Change::parse(&change.to_string()).unwrap(), change, "{change}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, says) in [
            ("", "no change"),
            ("make scope S", "`make` is no change"),
            ("create", "needs a kind"),
            ("create thing S", "`thing` is no kind"),
            ("create scope", "needs the name"),
            ("create scope My scope", "needs quotes"),
            ("create scope S --in T", "--in does not go"),
            ("create role R --global", "--global does not go"),
            ("create operation O", "needs --id"),
            ("create operation O --id -1", "no operation number"),
            ("create role R --colour red", "no option --colour"),
            ("create role R --in", "needs a value"),
            ("create role R --in A --in B", "given twice"),
            ("create group G --type big", "no type of group"),
            ("create scope S --guid x", "no GUID"),
            ("create scope S --query x", "--query does not go"),
            ("create store S", "azedit new"),
            ("set scope S colour red", "no property"),
            ("set scope S description", "needs a value"),
            ("set scope S attribute:x", "needs a value, or --none"),
            ("set scope S attribute:x y --none", "too much"),
            ("set scope S description x --none", "--none goes with"),
            ("delete scope S --none", "--none goes with"),
            ("add assignment A", "at least one of"),
            ("copy role R", "--to SCOPE"),
            ("move role R", "--to SCOPE"),
            ("move role R --to A --to-application", "exclude"),
            ("delete store", "cannot be deleted"),
        ] {
            let error = Change::parse(line).unwrap_err();
            assert!(error.message.contains(says), "{line}: {}", error.message);
        }
    }

    #[test]
    fn scripts_have_line_numbers() {
        let script = "\u{FEFF}# a comment\n\ncreate scope A\r\n  delete scope A # gone\n";
        let lines: Vec<usize> = parse_script(script).unwrap().iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 4]);
        assert_eq!(parse_script("create scope A\ncreate").unwrap_err().0, 2);
    }
}
