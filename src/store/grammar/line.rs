//! A change as the line that it is read from.

use std::fmt;

use super::super::change::{Change, Create, Level, Link, Name, Object, Place};
use super::super::words::quote;
use super::super::{GroupType, Kind};
use super::ATTRIBUTE;

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = match self {
            Change::Create(create) => create_line(create),
            Change::Delete(object) => Line::about("delete", object),
            Change::Rename(object, new) => Line::about("rename", object).word(new),
            Change::Set(object, property, value) => {
                Line::about("set", object).word(property.word()).word(value)
            }
            Change::SetAttribute(object, name, value) => {
                let line = Line::about("set", object).word(&format!("{ATTRIBUTE}{name}"));
                match value {
                    Some(value) => line.word(value),
                    None => line.flag("--none"),
                }
            }
            Change::Add(object, links) => Line::about("add", object).links(links),
            Change::Remove(object, links) => Line::about("remove", object).links(links),
            Change::Copy { object, to, rename } => {
                let line = Line::about("copy", object);
                let line = if let Some(to) = to { line.destination(to) } else { line };
                line.option("--as", rename.as_deref())
            }
            Change::Move { object, to } => Line::about("move", object).destination(to),
        };
        f.write_str(&line.text())
    }
}

fn create_line(create: &Create) -> Line {
    let id = create.id.map(|id| id.to_string());
    let guid = create.guid.map(|guid| guid.to_string());
    Line::new("create", create.kind)
        .word(&create.name)
        .place(create.kind, &create.place)
        .option("--guid", guid.as_deref())
        .option("--description", create.description.as_deref())
        .option("--version", create.version.as_deref())
        .option("--id", id.as_deref())
        .option("--type", create.group_type.map(GroupType::change_word))
        .option("--query", create.query.as_deref())
        .links(&create.links)
}

/// A line being put together.
struct Line {
    verb: &'static str,
    words: Vec<String>,
    options: Vec<(&'static str, Option<String>)>,
}

impl Line {
    fn new(verb: &'static str, kind: Kind) -> Line {
        Line { verb, words: vec![kind.change_word().to_owned()], options: Vec::new() }
    }

    fn about(verb: &'static str, object: &Object) -> Line {
        let line = Line::new(verb, object.kind);
        let line = if object.kind == Kind::Store { line } else { line.word(&object.name.to_string()) };
        line.place(object.kind, &object.place)
    }

    fn word(mut self, word: &str) -> Line {
        self.words.push(word.to_owned());
        self
    }

    fn option(mut self, option: &'static str, value: Option<&str>) -> Line {
        if let Some(value) = value {
            self.options.push((option, Some(value.to_owned())));
        }
        self
    }

    fn flag(mut self, flag: &'static str) -> Line {
        self.options.push((flag, None));
        self
    }

    fn place(self, kind: Kind, place: &Place) -> Line {
        let application = place.application.as_ref().map(Name::to_string);
        let line = self.option("--app", application.as_deref());
        match &place.level {
            Level::Scope(scope) => line.option("--in", Some(&scope.to_string())),
            Level::Global if kind != Kind::Store => line.flag("--global"),
            Level::Global | Level::Application => line,
        }
    }

    fn destination(self, to: &Level) -> Line {
        match to {
            Level::Scope(scope) => self.option("--to", Some(&scope.to_string())),
            Level::Application | Level::Global => self.flag("--to-application"),
        }
    }

    fn links(mut self, links: &[Link]) -> Line {
        self.options.extend(links.iter().map(|link| (link.option(), Some(link.value()))));
        self
    }

    fn text(self) -> String {
        let mut options = String::new();
        for (option, value) in &self.options {
            options.push(' ');
            options.push_str(option);
            if let Some(value) = value {
                options.push(' ');
                options.push_str(&quote(value));
            }
        }
        let words: Vec<String> = self.words.iter().map(|word| quote(word)).collect();
        let words = words.join(" ");
        // A name that looks like an option goes behind `--`.
        if self.words.iter().any(|word| word.starts_with("--")) {
            format!("{}{options} -- {words}", self.verb)
        } else {
            format!("{} {words}{options}", self.verb)
        }
    }
}
