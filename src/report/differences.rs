//! The objects that differ between two stores, as text and JSON.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::json;
use super::show::{escape, fit};
use crate::accounts::Names;
use crate::store::{Difference, LeafKind, What};

/// Old and new values are shown so wide; the whole is in JSON.
const WIDEST_VALUE: usize = 60;

/// Writes one line for each difference: `+` came, `-` went, `~` is another.
pub fn write_text(mut out: impl Write, differences: &[Difference], names: &Names) -> io::Result<()> {
    for Difference { kind, name, path, what, .. } in differences {
        let object = escape(path);
        let (sign, subject, rest) = match what {
            What::Added => ('+', kind.word(), object.into_owned()),
            What::Removed => ('-', kind.word(), object.into_owned()),
            What::Moved { from } => ('~', kind.word(), format!("{object}  was {}", escape(from))),
            What::Attribute { name: attribute, old, new } if attribute == "Name" => {
                let was = old.as_ref().map_or("without a name".into(), |old| value(old));
                let name = if new.is_some() { value(name) } else { "without a name".to_owned() };
                ('~', kind.word(), format!("{object}  {was} is now {name}"))
            }
            What::Attribute { name: attribute, old, new } => (
                '~',
                kind.word(),
                format!("{object}  {} {}", escape(attribute), turned(old.as_deref(), new.as_deref())),
            ),
            What::Text { kind: text, old, new } => (
                '~',
                kind.word(),
                format!("{object}  {} {}", text.word(), turned(old.as_deref(), new.as_deref())),
            ),
            What::Linked { kind: link, text, target } => {
                ('+', link.word(), of(*link, text, (target.as_deref(), names), &object))
            }
            What::Unlinked { kind: link, text, target } => {
                ('-', link.word(), of(*link, text, (target.as_deref(), names), &object))
            }
            What::Unknown { old, new } => {
                let turned = turned(Some(&old.join(", ")), Some(&new.join(", ")));
                ('~', kind.word(), format!("{object}  what is unknown: {turned}"))
            }
        };
        // As wide as the longest kind.
        writeln!(out, "{sign} {subject:17}  {rest}")?;
    }
    Ok(())
}

fn value(text: &str) -> String {
    format!("\"{}\"", fit(&escape(text), WIDEST_VALUE, "…"))
}

fn turned(old: Option<&str>, new: Option<&str>) -> String {
    match (old, new) {
        (None, None) => "is the same".to_owned(),
        (None, Some(new)) => format!("is now {}", value(new)),
        (Some(old), None) => format!("{} is gone", value(old)),
        (Some(old), Some(new)) => format!("{} is now {}", value(old), value(new)),
    }
}

/// A link by its target's name, a member by its name, if that is known, and its SID; and what it belongs to.
fn of(link: LeafKind, text: &str, (target, names): (Option<&str>, &Names), object: &str) -> String {
    let text = text.trim();
    let what = match target {
        Some(target) => Cow::Borrowed(target),
        None if link.is_member() => names.shown_of(text),
        None => Cow::Borrowed(text),
    };
    format!("{}  of {object}", escape(&what))
}

/// Writes `{"format":1,"differences":[{"kind","name","path","scope","change",…}]}`.
///
/// `change` is `added`, `removed`, `moved` (with `from`, a path), `attribute` (with `attribute`, `old`, `new`), `text`
/// (with `element`, `old`, `new`), `linked` or `unlinked` (with `element`, `text` (a GUID or SID) and `target`, the name
/// of what is linked), or `unknown` (with `old` and `new`, the names of what the format does not name).
pub fn write_json(out: impl Write, differences: &[Difference]) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'d> {
        format: u32,
        differences: Vec<Shape<'d>>,
    }
    json::write(out, &Document { format: 1, differences: differences.iter().map(shape).collect() })
}

#[derive(Serialize)]
struct Shape<'d> {
    kind: &'static str,
    name: &'d str,
    path: &'d str,
    scope: Option<&'d str>,
    #[serde(flatten)]
    change: Change<'d>,
}

#[derive(Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
enum Change<'d> {
    Added,
    Removed,
    Moved { from: &'d str },
    Attribute { attribute: &'d str, old: Option<&'d str>, new: Option<&'d str> },
    Text { element: &'static str, old: Option<&'d str>, new: Option<&'d str> },
    Linked { element: &'static str, text: &'d str, target: Option<&'d str> },
    Unlinked { element: &'static str, text: &'d str, target: Option<&'d str> },
    Unknown { old: &'d [String], new: &'d [String] },
}

fn shape(difference: &Difference) -> Shape<'_> {
    let Difference { kind, name, path, scope, what } = difference;
    let change = match what {
        What::Added => Change::Added,
        What::Removed => Change::Removed,
        What::Moved { from } => Change::Moved { from },
        What::Attribute { name, old, new } => {
            Change::Attribute { attribute: name, old: old.as_deref(), new: new.as_deref() }
        }
        What::Text { kind, old, new } => {
            Change::Text { element: kind.element(), old: old.as_deref(), new: new.as_deref() }
        }
        What::Linked { kind, text, target } => {
            Change::Linked { element: kind.element(), text, target: target.as_deref() }
        }
        What::Unlinked { kind, text, target } => {
            Change::Unlinked { element: kind.element(), text, target: target.as_deref() }
        }
        What::Unknown { old, new } => Change::Unknown { old, new },
    };
    Shape { kind: kind.change_word(), name, path, scope: scope.as_deref(), change }
}
