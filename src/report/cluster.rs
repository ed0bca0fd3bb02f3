//! Several stores side by side, as text and JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::json;
use super::show::{escape, fit};
use crate::accounts::Names;
use crate::hyperv::cluster::{Aspect, Cell, Row};

/// Values are shown so wide; the whole is in JSON.
const WIDEST_VALUE: usize = 40;
/// Characters of a value where there is room for many: enough to tell two rules apart.
const LONGEST_VALUE: usize = 400;

/// What the signs beside the letters mean, each with its sign.
const SIGNS: [(char, &str); 2] = [(NOT, "does not have it"), (NO_OBJECT, "does not have the object either")];

/// The last of them in few words, for where the others are explained.
pub const LEGEND: &str = ".: no object there";

const NOT: char = '-';
const NO_OBJECT: char = '.';

/// Writes the stores with a letter for each, what the other signs mean, and a line for each row: the letters of the stores
/// that have it, or what each says.
pub fn write_text(mut out: impl Write, stores: &[String], rows: &[Row], names: &Names) -> io::Result<()> {
    for (at, store) in stores.iter().enumerate() {
        writeln!(out, "{}  {}", letter(at), escape(store))?;
    }
    if rows.is_empty() {
        return writeln!(out, "\nNo difference: the same objects with the same links, whatever their GUIDs.");
    }
    SIGNS.iter().try_for_each(|(sign, meaning)| writeln!(out, "{sign}  {meaning}"))?;
    writeln!(out)?;
    for row in rows {
        let (signs, object, what) = (signs(&row.cells), escape(&row.path), what(row, names));
        let values = values(&row.cells, |text| fit(&escape(text), WIDEST_VALUE, "…").into_owned());
        writeln!(out, "{signs:len$}  {object}  {}{values}", escape(&what), len = stores.len())?;
    }
    Ok(())
}

/// A row without its object, as it is: `A-C  member BUILTIN\Administrators (S-1-5-32-544)`.
pub fn line(row: &Row, names: &Names) -> String {
    let values = values(&row.cells, |text| {
        let mut start: String = text.chars().take(LONGEST_VALUE).collect();
        if start.len() < text.len() {
            start.push('…');
        }
        start
    });
    format!("{}  {}{values}", signs(&row.cells), what(row, names))
}

fn what(row: &Row, names: &Names) -> String {
    match &row.aspect {
        Aspect::Presence => row.kind.word().to_owned(),
        Aspect::Attribute(name) => name.clone(),
        Aspect::Text(kind) => kind.word().to_owned(),
        Aspect::Link(kind, sid) if kind.is_member() => format!("{} {}", kind.word(), names.shown_of(sid)),
        Aspect::Link(kind, target) => format!("{} {target}", kind.word()),
    }
}

/// The letter of a store in the order of the stores; there are only 26.
pub fn letter(at: usize) -> char {
    u8::try_from(at).ok().filter(|at| *at < 26).map_or('?', |at| char::from(b'A' + at))
}

/// A letter for each store that has it, `-` for one that has not, `.` for one that lacks the object it would be of; for
/// texts the letters of the stores that have a text at all.
fn signs(cells: &[Cell]) -> String {
    let sign = |(at, cell): (usize, &Cell)| match cell {
        Cell::NoObject => NO_OBJECT,
        Cell::Is(true) | Cell::Text(Some(_)) => letter(at),
        Cell::Is(false) | Cell::Text(None) => NOT,
    };
    cells.iter().enumerate().map(sign).collect()
}

/// What the stores say, where it is text: `: A "one", B C "other"`.
fn values(cells: &[Cell], shown: impl Fn(&str) -> String) -> String {
    let mut texts: Vec<(&str, String)> = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let Cell::Text(Some(text)) = cell else { continue };
        match texts.iter_mut().find(|(known, _)| known == text) {
            Some((_, letters)) => letters.extend([' ', letter(at)]),
            None => texts.push((text, letter(at).to_string())),
        }
    }
    let texts: Vec<_> =
        texts.into_iter().map(|(text, letters)| format!("{letters} \"{}\"", shown(text))).collect();
    if texts.is_empty() { String::new() } else { format!(": {}", texts.join(", ")) }
}

/// Writes `{"format":1,"stores":[…],"rows":[{"kind","object","aspect","what","values":[…]}]}`.
///
/// `aspect` is `presence`, `attribute`, `text` or `link`; `what` names the attribute or element, or for a link the path
/// or SID (with `element`). A value is true or false for presence and links, a text or null for the others, and
/// `{"no_object":true}` where the store lacks the object it would be of.
pub fn write_json(out: impl Write, stores: &[String], rows: &[Row]) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'r> {
        format: u32,
        stores: &'r [String],
        rows: Vec<RowShape<'r>>,
    }
    json::write(out, &Document { format: 1, stores, rows: rows.iter().map(row_shape).collect() })
}

#[derive(Serialize)]
struct RowShape<'r> {
    kind: &'static str,
    object: &'r str,
    aspect: &'static str,
    element: Option<&'static str>,
    what: Option<&'r str>,
    values: Vec<Value<'r>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Value<'r> {
    Is(bool),
    Text(Option<&'r str>),
    NoObject { no_object: bool },
}

fn row_shape(row: &Row) -> RowShape<'_> {
    let (aspect, element, what) = match &row.aspect {
        Aspect::Presence => ("presence", None, None),
        Aspect::Attribute(name) => ("attribute", None, Some(name.as_str())),
        Aspect::Text(kind) => ("text", Some(kind.element()), None),
        Aspect::Link(kind, target) => ("link", Some(kind.element()), Some(target.as_str())),
    };
    let values = row.cells.iter().map(|cell| match cell {
        Cell::NoObject => Value::NoObject { no_object: true },
        Cell::Is(is) => Value::Is(*is),
        Cell::Text(text) => Value::Text(text.as_deref()),
    });
    RowShape {
        kind: row.kind.change_word(),
        object: &row.path,
        aspect,
        element,
        what,
        values: values.collect(),
    }
}
