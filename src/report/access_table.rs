//! The matrix member × operation × scope for people: text, CSV, Markdown, HTML.

use std::io::{self, Write};

use super::access::{Rows, because, operation, place, principal};
use super::{html, markdown, show};
use crate::access::{Answer, Because, Operations, Principal, Row};
use crate::store::{ObjId, Store};

/// So many operations are named in a line of text; more are counted.
const NAMED: usize = 4;

/// What one member may do in one place.
struct Line {
    principal: Principal,
    scope: Option<ObjId>,
    cells: Vec<(ObjId, Answer, Vec<Because>)>,
}

/// Gives the rows gathered by member and place.
fn each_line(rows: &Rows<'_>, mut each: impl FnMut(Line) -> io::Result<()>) -> io::Result<()> {
    let mut line: Option<Line> = None;
    rows.each(|Row { principal, scope, operation, answer, because }| {
        if let Some(full) = line.take_if(|line| (line.principal, line.scope) != (principal, scope)) {
            each(full)?;
        }
        let line = line.get_or_insert_with(|| Line { principal, scope, cells: Vec::new() });
        line.cells.push((operation, answer, because));
        io::Result::Ok(())
    })?;
    line.map_or(Ok(()), each)
}

/// The operations of a line: all, or how many and the first few.
fn summary(store: &Store, cells: &[&ObjId], all: usize) -> String {
    if cells.len() == all && all > 1 {
        return format!("all {all} operations");
    }
    let mut names: Vec<String> = cells.iter().take(NAMED).map(|&&id| operation(store, id)).collect();
    if cells.len() > NAMED {
        names.push(format!("and {} more", cells.len() - NAMED));
    }
    match all {
        1 => names.join(", "),
        all => format!("{} of {all}: {}", cells.len(), names.join(", ")),
    }
}

fn sorted(line: &Line) -> [(&'static str, Vec<&ObjId>); 2] {
    let of = |wanted: Answer| {
        line.cells.iter().filter(|(_, answer, _)| *answer == wanted).map(|(id, ..)| id).collect()
    };
    [("", of(Answer::Yes)), ("conditional, ", of(Answer::Conditional))]
}

/// Writes each member, and under it where it may do what.
pub fn write_text(mut out: impl Write, rows: &Rows<'_>, operations: &Operations) -> io::Result<()> {
    let mut last = None;
    each_line(rows, |line| {
        if last != Some(line.principal) {
            writeln!(out, "{}", principal(rows.store, line.principal))?;
            last = Some(line.principal);
        }
        let place = place(rows.store, line.scope);
        for (prefix, cells) in sorted(&line).iter().filter(|(_, cells)| !cells.is_empty()) {
            let summary = summary(rows.store, cells, operations.ids().len());
            writeln!(out, "  {place}: {prefix}{summary}")?;
        }
        Ok(())
    })?;
    if last.is_none() {
        writeln!(out, "Nobody may do anything.")?;
    }
    Ok(())
}

/// Writes one line for each row, with a heading.
pub fn write_csv(mut out: impl Write, rows: &Rows<'_>) -> io::Result<()> {
    writeln!(out, "member,name,scope,operation,number,answer,because")?;
    let store = rows.store;
    rows.each(|row| {
        let (sid, name) = match row.principal {
            Principal::Account(sid) => {
                (sid.to_string(), crate::accounts::display_name(&sid).unwrap_or_default())
            }
            Principal::Found(_) => (String::new(), principal(store, row.principal)),
        };
        let scope = row.scope.map(|scope| store.name(scope).into_owned()).unwrap_or_default();
        let number = store.operation_id(row.operation).map(|number| number.to_string()).unwrap_or_default();
        let reasons: Vec<String> = row.because.iter().map(|reason| because(store, reason)).collect();
        let name_of = store.name(row.operation);
        let fields =
            [&sid, &name, &scope, &*name_of, &number, row.answer.word(), &reasons.join(" | ")].map(csv);
        writeln!(out, "{}", fields.join(","))
    })
}

/// A field that a spreadsheet takes for text and nothing else.
pub(super) fn csv(text: &str) -> String {
    let shown = show::escape(text);
    let acts = shown.starts_with(['=', '+', '-', '@']);
    format!("\"{}{}\"", if acts { "'" } else { "" }, shown.replace('"', "\"\""))
}

/// Writes a table with a line for each member and place.
pub fn write_markdown(mut out: impl Write, rows: &Rows<'_>, operations: &Operations) -> io::Result<()> {
    writeln!(out, "| Member | Where | May | Conditionally |\n| --- | --- | --- | --- |")?;
    each_line(rows, |line| {
        let who = markdown::escape(&principal(rows.store, line.principal));
        let place = markdown::escape(&place(rows.store, line.scope));
        write!(out, "| {who} | {place} |")?;
        for (_, cells) in sorted(&line) {
            let all = operations.ids().len();
            let names: Vec<String> = match cells.len() {
                0 => Vec::new(),
                count if count == all && all > 1 => vec![format!("all {all} operations")],
                _ => cells.iter().map(|&&id| markdown::escape(&operation(rows.store, id))).collect(),
            };
            write!(out, " {} |", names.join("<br>"))?;
        }
        writeln!(out)
    })
}

const STYLE: &str = "\
body{font:14px/1.4 system-ui,sans-serif;margin:1.5em;color:#1b1b1b;background:#fff}
table{border-collapse:collapse}
th,td{border:1px solid #ccc;padding:.2em .5em;text-align:left}
thead th{position:sticky;top:0;background:#f2f2f2;vertical-align:bottom}
thead th.o{writing-mode:vertical-rl;transform:rotate(180deg);font-weight:normal;max-height:18em}
tbody th{position:sticky;left:0;background:#f8f8f8;font-weight:normal}
td.y{background:#bfe3c0;text-align:center}
td.c{background:#fbe3a8;text-align:center}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}thead th{background:#2a2a2a}\
tbody th{background:#222}td.y{background:#225c2a}td.c{background:#6b5310}th,td{border-color:#555}}";

/// Writes one page with the matrix: a line for each member and place, a column for each operation. The ways behind a
/// cell are its tooltip.
pub fn write_html(
    mut out: impl Write,
    title: &str,
    rows: &Rows<'_>,
    operations: &Operations,
) -> io::Result<()> {
    let store = rows.store;
    let title = html::escape(title);
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<title>Access: {title}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>")?;
    writeln!(
        out,
        "<h1>Access: {title}</h1>\n<p>● may, ◐ may if a rule or a query says so. What is held everywhere is"
    )?;
    writeln!(out, "held in every scope too.</p>\n<table>\n<thead><tr><th>Member</th><th>Where</th>")?;
    for &id in operations.ids() {
        writeln!(out, "<th class=\"o\">{}</th>", html::escape(&operation(store, id)))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    each_line(rows, |line| {
        let who = html::escape(&principal(store, line.principal));
        write!(out, "<tr><th>{who}</th><td>{}</td>", html::escape(&place(store, line.scope)))?;
        let mut cells = line.cells.iter().peekable();
        for &id in operations.ids() {
            match cells.next_if(|(operation, ..)| *operation == id) {
                Some((_, answer, reasons)) => {
                    let (class, sign) = if *answer == Answer::Yes { ("y", "●") } else { ("c", "◐") };
                    let why: Vec<String> =
                        reasons.iter().map(|reason| html::escape(&because(store, reason))).collect();
                    write!(out, "<td class=\"{class}\" title=\"{}\">{sign}</td>", why.join("&#10;"))?;
                }
                None => write!(out, "<td></td>")?,
            }
        }
        writeln!(out, "</tr>")
    })?;
    writeln!(out, "</tbody>\n</table>\n</body>\n</html>")
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
