//! A field of a form: what is typed, when it is right, and what is wrong with it.

use crate::accounts::Names;
use crate::app::area::Area;
use crate::app::assigning::definitions_in;
use crate::app::line::Line;
use crate::app::waiting;
use crate::store::{Kind, ObjId, Store, check_attribute_name, check_query, limits};

/// What is typed into a field.
#[derive(Debug)]
pub enum FieldInput {
    /// One line.
    Line(Line),
    /// Several lines.
    Area(Box<Area>),
    /// One of a few words.
    Choice {
        /// The words.
        options: &'static [&'static str],
        /// The chosen one.
        index: usize,
    },
}

/// When a field is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// A free name of this kind at this level.
    Name(Kind, ObjId),
    /// Text of at most so many UTF-16 code units; what it is called.
    Text(&'static str, usize),
    /// An operation's number, free in this application.
    OperationId(ObjId),
    /// SIDs or names of accounts; who is not known is asked about when the form is carried out.
    Accounts,
    /// Names of role definitions that are seen from this level.
    Roles(ObjId),
    /// An LDAP query, or nothing.
    Query,
    /// The name of an attribute that AzMan does not name, for an object of this kind.
    AttributeName(Kind),
    /// A path, which Tab completes.
    Path,
    /// Something must be there; what it is called.
    Needed(&'static str),
    /// Anything.
    Free,
}

/// Lines of a field of several.
pub(super) const AREA_ROWS: usize = 8;

/// One field.
#[derive(Debug)]
pub struct Field {
    /// What it is, left of it.
    pub label: &'static str,
    /// What is typed.
    pub input: FieldInput,
    /// When it is right.
    pub rule: Rule,
    /// What is wrong, under it.
    pub error: Option<String>,
    /// What it takes, while it has the cursor.
    pub hint: &'static str,
}

impl Field {
    /// A field of one line.
    pub fn line(label: &'static str, value: &str, rule: Rule, hint: &'static str) -> Field {
        Field { label, input: FieldInput::Line(Line::new(value)), rule, error: None, hint }
    }

    /// A field of several lines.
    pub fn area(label: &'static str, value: &str, rule: Rule, hint: &'static str) -> Field {
        let area = FieldInput::Area(Box::new(Area::new(value)));
        Field { label, input: area, rule, error: None, hint }
    }

    /// A field of a few words.
    pub fn choice(
        label: &'static str,
        options: &'static [&'static str],
        index: usize,
        hint: &'static str,
    ) -> Field {
        Field { label, input: FieldInput::Choice { options, index }, rule: Rule::Free, error: None, hint }
    }

    /// What was typed.
    pub fn text(&self) -> String {
        match &self.input {
            FieldInput::Line(line) => line.text().to_owned(),
            FieldInput::Area(area) => area.text().to_owned(),
            FieldInput::Choice { options, index } => {
                options.get(*index).copied().unwrap_or_default().to_owned()
            }
        }
    }

    /// Lines the input takes on screen.
    pub fn height(&self) -> usize {
        match &self.input {
            FieldInput::Area(_) => AREA_ROWS,
            _ => 1,
        }
    }

    /// What is wrong is said at once where a column is: the cursor is near it still.
    pub(super) fn check_typing(&mut self) {
        if self.rule == Rule::Query {
            self.error = self.check(None).err();
        }
    }

    /// What is wrong with what was typed; names are looked up in the store.
    pub(super) fn check(&self, store: Option<&Store>) -> Result<(), String> {
        let text = self.text();
        match self.rule {
            Rule::Name(kind, level) => {
                limits::check_name(kind, &text)?;
                let taken = store.is_some_and(|store| store.find(level, kind, &text).is_some());
                if taken {
                    Err(format!("{} of this name is there already.", kind.capital_a()))
                } else {
                    Ok(())
                }
            }
            Rule::Text(what, max) => limits::check_length(what, &text, max),
            Rule::OperationId(application) => {
                let Some(id) = limits::parse_operation_id(&text) else {
                    return Err("A number from 0 to 2147483647.".to_owned());
                };
                let other = store.and_then(|store| {
                    store
                        .children_of(application, Kind::Operation)
                        .find(|&other| store.operation_id(other) == Some(id))
                        .map(|other| store.name(other).into_owned())
                });
                other.map_or(Ok(()), |name| Err(format!("{id} is the number of {name}.")))
            }
            Rule::Accounts => accounts_fit(&text),
            Rule::Roles(level) => {
                store.map_or(Ok(()), |store| definitions_in(store, level, &text).map(|_| ()))
            }
            Rule::Query if text.trim().is_empty() => Ok(()),
            Rule::Query => {
                limits::check_length("A query", &text, limits::MAX_QUERY)?;
                check_query(&text).map_err(|fault| fault.to_string())
            }
            Rule::AttributeName(kind) => check_attribute_name(kind, &text),
            Rule::Path if text.trim().is_empty() => Err("A path is needed.".to_owned()),
            Rule::Needed(what) if text.trim().is_empty() => Err(format!("{what} is needed.")),
            Rule::Path | Rule::Needed(_) | Rule::Free => Ok(()),
        }
    }
}

/// The words of a text that name accounts: one per line, or separated by commas or semicolons.
pub fn account_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ',', ';']).map(str::trim).filter(|part| !part.is_empty())
}

/// Whether what begins as a SID is one, and may be a member. Any other word may be a name that somebody knows.
fn accounts_fit(text: &str) -> Result<(), String> {
    let known = Names::default();
    account_words(text).try_for_each(|word| waiting::resolve(&known, word).map(|_| ()))
}

/// The SIDs that a text names, in order and without repeats.
///
/// An error lists every word that names nobody.
pub fn accounts_in(text: &str, names: &Names) -> Result<Vec<String>, String> {
    let mut sids: Vec<String> = Vec::new();
    let mut wrong = Vec::new();
    for word in account_words(text) {
        match waiting::resolve(names, word)?.map(|sid| sid.to_string()) {
            Some(sid) if sids.contains(&sid) => {}
            Some(sid) => sids.push(sid),
            None => wrong.push(word.to_owned()),
        }
    }
    if wrong.is_empty() { Ok(sids) } else { Err(waiting::is_nobody(&wrong)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_listed_by_lines_or_commas_without_repeats() {
        let read = |text: &str| accounts_in(text, &Names::default());
        assert_eq!(read("S-1-5-32-544, S-1-1-0\nS-1-5-32-544").unwrap(), ["S-1-5-32-544", "S-1-1-0"]);
        assert_eq!(read("BUILTIN\\Administrators").unwrap(), ["S-1-5-32-544"]);
        assert!(read("S-1-1-0, one, two").unwrap_err().ends_with("one, two."));
        assert_eq!(read(" \n").unwrap(), Vec::<String>::new());
    }
}
