//! A store, or one object of it, as one HTML page that needs nothing else: no script, no font, no image.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::outline::{Fact, Section, Table};
use super::show;

const STYLE: &str = "\
body{font:15px/1.45 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#1b1b1b;background:#fff}
h1,h2,h3,h4{line-height:1.2;margin:1.6em 0 .4em}
small{font-weight:normal;color:#555}
table{border-collapse:collapse;margin:.4em 0}
th,td{border:1px solid #ccc;padding:.2em .6em;text-align:left;vertical-align:top}
th{background:#f2f2f2}
dl{display:grid;grid-template-columns:max-content auto;gap:.1em 1em;margin:0}
dt{color:#555}
dd{margin:0}
dd,td{white-space:pre-wrap}
section section{margin-left:1.5em}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}small,dt{color:#aaa}th{background:#2a2a2a}\
th,td{border-color:#555}}";

/// Writes a whole page titled `title`; sections nest by their depth.
pub fn write(mut out: impl Write, title: &str, sections: impl Iterator<Item = Section>) -> io::Result<()> {
    let title = escape(title);
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<title>{title}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>")?;
    let mut open = 0;
    for section in sections {
        // A section closes those that it does not stand in.
        while open > section.depth {
            writeln!(out, "</section>")?;
            open -= 1;
        }
        write_section(&mut out, &section)?;
        open += 1;
    }
    for _ in 0..open {
        writeln!(out, "</section>")?;
    }
    writeln!(out, "</body>\n</html>")
}

fn write_section(out: &mut impl Write, section: &Section) -> io::Result<()> {
    let rank = (section.depth + 1).min(6);
    writeln!(
        out,
        "<section>\n<h{rank}>{} <small>{}</small></h{rank}>",
        escape(&section.title),
        section.kind
    )?;
    if !section.facts.is_empty() {
        writeln!(out, "<dl>")?;
        for Fact { label, values } in &section.facts {
            writeln!(out, "<dt>{label}</dt><dd>{}</dd>", lines(values))?;
        }
        writeln!(out, "</dl>")?;
    }
    let rank = (rank + 1).min(6);
    for Table { title, columns, rows } in &section.tables {
        writeln!(out, "<h{rank}>{title}</h{rank}>\n<table>\n<thead><tr>")?;
        for column in columns {
            write!(out, "<th>{column}</th>")?;
        }
        writeln!(out, "</tr></thead>\n<tbody>")?;
        for row in rows {
            write!(out, "<tr>")?;
            for cell in row {
                write!(out, "<td>{}</td>", lines(cell))?;
            }
            writeln!(out, "</tr>")?;
        }
        writeln!(out, "</tbody>\n</table>")?;
    }
    Ok(())
}

fn lines(values: &[String]) -> String {
    values.iter().map(|value| escape(value)).collect::<Vec<_>>().join("<br>")
}

/// The text as HTML that shows exactly it, in an element or in a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in show::escape(text).chars() {
        match c {
            '<' | '>' | '&' | '"' | '\'' => {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(depth: usize, title: &str) -> Section {
        let row = vec![vec!["<b>".to_owned()], vec!["1".to_owned(), "2".to_owned()]];
        Section {
            depth,
            kind: "scope",
            title: title.to_owned(),
            facts: vec![Fact { label: "Description", values: vec!["a & b".to_owned()] }],
            tables: vec![Table { title: "Groups", columns: vec!["Name", "Members"], rows: vec![row] }],
        }
    }

    #[test]
    fn markup_in_names_is_text() {
        assert_eq!(escape("<script>\"'&\u{202e}"), "&#60;script&#62;&#34;&#39;&#38;\\u{202E}");
    }

    #[test]
    fn sections_nest_by_depth_and_all_close() {
        let mut out = Vec::new();
        write(
            &mut out,
            "t",
            [section(0, "a"), section(1, "b"), section(2, "c"), section(1, "d")].into_iter(),
        )
        .unwrap();
        let page = String::from_utf8(out).unwrap();
        let tags: String = page
            .lines()
            .filter_map(|line| match line {
                "<section>" => Some('('),
                "</section>" => Some(')'),
                _ => None,
            })
            .collect();
        assert_eq!(tags, "((())())");
        assert!(page.contains("<td>&#60;b&#62;</td><td>1<br>2</td>"));
    }
}
