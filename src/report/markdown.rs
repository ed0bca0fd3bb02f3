//! A store, or one object of it, as Markdown: `CommonMark` with the tables of GitHub.

use std::io::{self, Write};

use super::outline::{Fact, Section, Table};
use super::show;

/// Writes each section under a heading of its depth, its facts as a list and its objects as tables.
pub fn write(mut out: impl Write, sections: impl Iterator<Item = Section>) -> io::Result<()> {
    for (at, section) in sections.enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        let heading = "#".repeat(section.depth + 1);
        writeln!(out, "{heading} {} ({})", escape(&section.title), section.kind)?;
        if !section.facts.is_empty() {
            writeln!(out)?;
        }
        for Fact { label, values } in &section.facts {
            match values.as_slice() {
                [value] => writeln!(out, "- {label}: {}", escape(value))?,
                values => {
                    writeln!(out, "- {label}:")?;
                    for value in values {
                        writeln!(out, "  - {}", escape(value))?;
                    }
                }
            }
        }
        for Table { title, columns, rows } in &section.tables {
            writeln!(out, "\n{heading}# {title}\n\n| {} |", columns.join(" | "))?;
            writeln!(out, "|{}", " --- |".repeat(columns.len()))?;
            for row in rows {
                write!(out, "|")?;
                for cell in row {
                    let values: Vec<_> = cell.iter().map(|value| escape(value)).collect();
                    write!(out, " {} |", values.join("<br>"))?;
                }
                writeln!(out)?;
            }
        }
    }
    Ok(())
}

/// The text as Markdown that shows exactly it, wherever it stands in a line: what cannot be seen is written out, and
/// whatever could be markup is not.
pub(super) fn escape(text: &str) -> String {
    let shown = show::escape(text);
    let mut escaped = String::with_capacity(shown.len());
    // A number followed by one of these would begin a list, the other characters a heading, a list or a rule.
    let digits = shown.chars().take_while(char::is_ascii_digit).count();
    for (at, c) in shown.chars().enumerate() {
        let begins = match c {
            '#' | '+' | '-' | '=' => at == 0,
            '.' | ')' => at > 0 && at == digits,
            _ => false,
        };
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // The last two make links of addresses.
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | ':' | '@' => escaped.extend(['\\', c]),
            '.' if escaped.ends_with("www") => escaped.push_str("\\."),
            c if begins => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_text_and_nothing_else() {
        for (text, markdown) in [
            ("Administrator", "Administrator"),
            ("a|b", "a\\|b"),
            ("*star* `tick`", "\\*star\\* \\`tick\\`"),
            ("[link](http://x)", "\\[link\\](http\\://x)"),
            ("www.example.com", "www\\.example.com"),
            ("<script>&lt;", "&lt;script&gt;&amp;lt;"),
            ("12. one", "12\\. one"),
            ("12 one. two) 3.", "12 one. two) 3."),
            ("- # item", "\\- # item"),
            ("S-1-5-32", "S-1-5-32"),
            ("a\nb", "a\\\\u{A}b"),
        ] {
            assert_eq!(escape(text), markdown);
        }
    }
}
