//! The matrix as one page that needs nothing else: a heat map to filter, and the way behind each cell.
//!
//! Every cell is a link to the entry of its ways at the end of the page, so that the page can be read and walked
//! without a script. With one, rows and columns are filtered as is typed, arrow keys walk the cells, and the ways of
//! the selected cell stand at the foot of the window. Nothing is loaded from anywhere, and the page says so to the
//! browser.

use std::collections::HashMap;
use std::io::{self, Write};

use super::access::{Rows, because, operation, place, principal};
use super::access_table::{Line, each_line};
use super::html;
use crate::access::{Answer, Because};
use crate::store::ObjId;

/// A page has at most so many lines: browsers draw a few ten thousand cells in a second, not millions.
const LINES: usize = 1_000;
/// And at most so many cells that somebody may.
const CELLS: usize = 40_000;

const STYLE: &str = include_str!("../../assets/access.css");
const SCRIPT: &str = include_str!("../../assets/access.js");

/// Why the rows end.
enum End {
    /// Writing failed.
    Failed(io::Error),
    /// The page is full.
    Full,
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> End {
        End::Failed(error)
    }
}

/// Writes the page: a line for each member and place, a column for each operation.
pub fn write(mut out: impl Write, title: &str, rows: &Rows<'_>) -> io::Result<()> {
    let store = rows.store;
    let operations = rows.access.operations().ids();
    let title = html::escape(title);
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">"
    )?;
    writeln!(out, "<title>Access: {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>")?;
    writeln!(
        out,
        "<h1>Access: {title}</h1>\n<p>Application {}. <b class=\"y\">y</b> may, <b class=\"c\">?</b> may if a rule or a \
         query says so. What is held everywhere is held in every scope too. Each sign leads to the ways behind it.</p>",
        html::escape(&store.name(rows.application))
    )?;
    writeln!(
        out,
        "<form id=\"filter\" hidden>\n<label>Member <input id=\"member\" type=\"search\"></label>\n\
         <label>Scope <input id=\"scope\" type=\"search\"></label>\n\
         <label>Operation <input id=\"operation\" type=\"search\"></label>\n\
         <label><input id=\"yes\" type=\"checkbox\" checked> yes</label>\n\
         <label><input id=\"conditional\" type=\"checkbox\" checked> conditional</label>\n\
         <label><input id=\"none\" type=\"checkbox\"> lines without any</label>\n<output id=\"count\"></output>\n</form>"
    )?;
    writeln!(out, "<div id=\"scroll\">\n<table>\n<thead><tr><th>Member</th><th>Where</th><th>May</th>")?;
    for &id in operations {
        writeln!(
            out,
            "<th class=\"o\" scope=\"col\"><span>{}</span></th>",
            html::escape(&operation(store, id))
        )?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    let (mut ways, mut cells, mut lines) = (Ways::default(), 0, 0);
    let written = each_line(rows, |line| {
        if lines == LINES || cells + line.cells.len() > CELLS {
            return Err(End::Full);
        }
        (lines, cells) = (lines + 1, cells + line.cells.len());
        Ok(write_line(&mut out, rows, operations, &line, &mut ways)?)
    });
    writeln!(out, "</tbody>\n</table>\n</div>")?;
    match written {
        Ok(()) if lines == 0 => writeln!(out, "<p class=\"end\">{}</p>", html::escape(&rows.nothing()))?,
        Ok(()) => {}
        Err(End::Full) => writeln!(
            out,
            "<p class=\"end\">There is more: only the first {lines} lines are on this page. \
             <code>azedit access STORE WHO</code> tells of one account, <code>--format csv</code> holds everything.</p>"
        )?,
        Err(End::Failed(error)) => return Err(error),
    }
    writeln!(out, "<section id=\"ways\">\n<h2>Ways</h2>\n<ol>")?;
    for (number, way) in ways.texts.iter().enumerate() {
        writeln!(out, "<li id=\"w{number}\">{way}</li>")?;
    }
    writeln!(out, "</ol>\n</section>\n<script>\n{SCRIPT}</script>\n</body>\n</html>")
}

/// The ways behind cells, each once: what one definition gives, it gives by one way.
#[derive(Default)]
struct Ways {
    texts: Vec<String>,
    known: HashMap<String, usize>,
}

impl Ways {
    fn number(&mut self, rows: &Rows<'_>, reasons: &[Because]) -> usize {
        let sentences: Vec<String> =
            reasons.iter().map(|reason| html::escape(&because(rows.store, rows.names, reason))).collect();
        let text = sentences.join("<br>");
        if let Some(&number) = self.known.get(&text) {
            return number;
        }
        let number = self.texts.len();
        self.texts.push(text.clone());
        self.known.insert(text, number);
        number
    }
}

fn write_line(
    out: &mut impl Write,
    rows: &Rows<'_>,
    operations: &[ObjId],
    line: &Line,
    ways: &mut Ways,
) -> io::Result<()> {
    let who = html::escape(&principal(rows.store, rows.names, line.principal));
    let share = line.cells.len() * 100 / operations.len().max(1);
    write!(
        out,
        "<tr><th scope=\"row\">{who}</th><td class=\"s\">{}</td><td class=\"n\" style=\"--share:{share}%\">{}</td>",
        html::escape(&place(rows.store, line.scope)),
        line.cells.len()
    )?;
    let mut cells = line.cells.iter().peekable();
    for &id in operations {
        match cells.next_if(|(operation, ..)| *operation == id) {
            Some((_, answer, reasons)) => {
                let (class, sign) = if *answer == Answer::Yes { ("y", "y") } else { ("c", "?") };
                let number = ways.number(rows, reasons);
                write!(out, "<td class=\"{class}\"><a href=\"#w{number}\">{sign}</a></td>")?;
            }
            None => write!(out, "<td></td>")?,
        }
    }
    writeln!(out, "</tr>")
}
