//! The matrix member × operation × scope for people: text, CSV, Markdown.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use super::access::{self as words, Rows, operation, place, principal};
use super::{markdown, show};
use crate::access::{self, Answer, Because, Principal, Rights, Row};
use crate::store::{ObjId, Store};

/// So many operations are named in text; more are counted.
const NAMED: usize = 4;
/// Columns of a terminal that text is broken for.
const WIDTH: usize = 80;

/// What one member may do in one place, and why.
pub(super) struct Line {
    pub principal: Principal,
    pub scope: Option<ObjId>,
    /// In the order of operations; none that it may not.
    pub cells: Vec<(ObjId, Answer, Vec<Because>)>,
}

/// Gives the rows gathered by member and place.
pub(super) fn each_line<E>(rows: &Rows<'_>, mut each: impl FnMut(Line) -> Result<(), E>) -> Result<(), E> {
    let mut line: Option<Line> = None;
    rows.each(|Row { principal, scope, operation, answer, because }| {
        if let Some(full) = line.take_if(|line| (line.principal, line.scope) != (principal, scope)) {
            each(full)?;
        }
        let line = line.get_or_insert_with(|| Line { principal, scope, cells: Vec::new() });
        line.cells.push((operation, answer, because));
        Ok(())
    })?;
    line.map_or(Ok(()), each)
}

/// What is held in one place: surely, and conditionally.
type Held = [Vec<ObjId>; 2];

/// Gives each member and place with what is held there, in words: `words` are asked once for each that differs, since
/// most of a large store hold what another one holds.
fn each_held(
    rows: &Rows<'_>,
    words: impl Fn(&Held) -> String,
    mut each: impl FnMut(Principal, Option<ObjId>, &str) -> io::Result<()>,
) -> io::Result<()> {
    if rows.who.is_some() {
        return each_line(rows, |line| {
            let of = |wanted: Answer| {
                line.cells.iter().filter(|(_, answer, _)| *answer == wanted).map(|(id, ..)| *id).collect()
            };
            each(line.principal, line.scope, &words(&[of(Answer::Yes), of(Answer::Conditional)]))
        });
    }
    let operations = rows.access.operations();
    let mut known: HashMap<Arc<Rights>, String> = HashMap::new();
    for access::Line { principal, scope, rights } in access::lines(rows.store, rows.application, operations) {
        let text = known.entry(rights).or_insert_with_key(|rights| {
            let of = |wanted: Answer| {
                let ids = operations.ids().iter().enumerate();
                ids.filter(|(number, _)| rights.answer(*number) == wanted).map(|(_, &id)| id).collect()
            };
            words(&[of(Answer::Yes), of(Answer::Conditional)])
        });
        each(principal, scope, text)?;
    }
    Ok(())
}

/// The operations of a line: all, or how many, and the first few in lines of their own that fit a terminal.
fn summary(store: &Store, cells: &[ObjId], all: usize) -> String {
    if all == 1 {
        return cells.iter().map(|&id| operation(store, id)).collect();
    }
    if cells.len() == all {
        return format!("all {all} operations");
    }
    let mut names: Vec<String> = cells.iter().take(NAMED).map(|&id| operation(store, id)).collect();
    if cells.len() > NAMED {
        names.push(format!("and {} more", cells.len() - NAMED));
    }
    let mut text = format!("{} of {all} operations", cells.len());
    let mut room = 0;
    for (number, name) in names.iter().enumerate() {
        let comma = if number + 1 < names.len() { "," } else { "" };
        let width = show::width(name) + comma.len() + 1;
        let start = if width > room { "\n     " } else { "" };
        if width > room {
            room = WIDTH - 5;
        }
        room = room.saturating_sub(width);
        text = format!("{text}{start} {name}{comma}");
    }
    text
}

/// Writes each member, and under it where it may do what.
pub fn write_text(mut out: impl Write, rows: &Rows<'_>) -> io::Result<()> {
    let all = rows.access.operations().ids().len();
    // What is held for sure, and what conditionally, apart by a character that no name is shown with.
    let words =
        |held: &Held| held.iter().map(|cells| summary(rows.store, cells, all)).collect::<Vec<_>>().join("\0");
    let mut last = None;
    each_held(rows, words, |who, scope, held| {
        if last != Some(who) {
            writeln!(out, "{}", principal(rows.store, rows.names, who))?;
            last = Some(who);
        }
        let place = place(rows.store, scope);
        let parts = ["", "conditional, "].into_iter().zip(held.split('\0'));
        let none = format!("0 of {all} operations");
        for (prefix, part) in parts.filter(|(_, part)| !part.is_empty() && *part != none) {
            writeln!(out, "  {place}: {prefix}{part}")?;
        }
        Ok(())
    })?;
    if last.is_none() {
        writeln!(out, "{}", rows.nothing())?;
    }
    Ok(())
}

/// Writes one line for each row, with a heading.
pub fn write_csv(mut out: impl Write, rows: &Rows<'_>) -> io::Result<()> {
    writeln!(out, "member,name,scope,operation,number,answer,because")?;
    let store = rows.store;
    // A large store has millions of rows: what most of them share is put into words once.
    let mut operations: HashMap<ObjId, String> = HashMap::new();
    let mut ways: HashMap<Vec<Because>, String> = HashMap::new();
    each_line(rows, |line| {
        let (sid, name) = match line.principal {
            Principal::Account(sid) => {
                (sid.to_string(), rows.names.name(&sid).unwrap_or_default().into_owned())
            }
            Principal::Found(_) => (String::new(), principal(store, rows.names, line.principal)),
        };
        let scope = line.scope.map(|scope| store.name(scope).into_owned()).unwrap_or_default();
        let start = [&sid, &name, &scope].map(|field| csv(field)).join(",");
        ways.clear();
        for (id, answer, because) in line.cells {
            let operation = operations.entry(id).or_insert_with(|| {
                let number = store.operation_id(id).map(|number| number.to_string()).unwrap_or_default();
                format!("{},{}", csv(&store.name(id)), csv(&number))
            });
            let why = ways.entry(because).or_insert_with_key(|because| {
                let reasons: Vec<String> =
                    because.iter().map(|reason| words::because(store, rows.names, reason)).collect();
                csv(&reasons.join(" | "))
            });
            writeln!(out, "{start},{operation},\"{}\",{why}", answer.word())?;
        }
        Ok(())
    })
}

/// A field that a spreadsheet takes for text and nothing else.
pub(super) fn csv(text: &str) -> String {
    let shown = show::escape(text);
    let acts = shown.starts_with(['=', '+', '-', '@']);
    format!("\"{}{}\"", if acts { "'" } else { "" }, shown.replace('"', "\"\""))
}

/// Writes a table with a line for each member and place.
pub fn write_markdown(mut out: impl Write, rows: &Rows<'_>) -> io::Result<()> {
    writeln!(out, "| Member | Where | May | Conditionally |\n| --- | --- | --- | --- |")?;
    let all = rows.access.operations().ids().len();
    let words = |held: &Held| {
        let cell = |cells: &Vec<ObjId>| {
            let names: Vec<String> = match cells.len() {
                0 => Vec::new(),
                count if count == all && all > 1 => vec![format!("all {all} operations")],
                _ => cells.iter().map(|&id| markdown::escape(&operation(rows.store, id))).collect(),
            };
            format!(" {} |", names.join("<br>"))
        };
        held.iter().map(cell).collect::<String>()
    };
    each_held(rows, words, |who, scope, held| {
        let who = markdown::escape(&principal(rows.store, rows.names, who));
        let place = markdown::escape(&place(rows.store, scope));
        writeln!(out, "| {who} | {place} |{held}")
    })
}

#[cfg(test)]
mod tests {
    use super::csv;

    #[test]
    fn a_spreadsheet_gets_text() {
        for (text, field) in [
            ("plain", "\"plain\""),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("=1+1", "\"'=1+1\""),
            ("-1", "\"'-1\""),
            ("@x", "\"'@x\""),
            ("two\nlines", "\"two\\u{A}lines\""),
        ] {
            assert_eq!(csv(text), field);
        }
    }
}
