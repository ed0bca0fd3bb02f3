//! A store, or one object of it, as text for a terminal.

use std::io::{self, Write};

use super::outline::{Fact, Section, Table};
use super::show::{escape, width};

/// A name is padded to align what follows it, but one long name should not push everything off the screen.
const WIDEST_NAME: usize = 40;
/// A row shows this many values of one label, and the number of them where there are more.
const VALUES_IN_ROW: usize = 3;

/// Writes the sections, each indented by its depth. Nothing in a name acts on the terminal.
pub fn write(mut out: impl Write, sections: impl Iterator<Item = Section>) -> io::Result<()> {
    for (at, section) in sections.enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        let indent = "  ".repeat(section.depth);
        writeln!(out, "{indent}{}  {}", escape(&section.title), section.kind)?;
        let widest = section.facts.iter().map(|fact| fact.label.len()).max().unwrap_or(0);
        for Fact { label, values } in &section.facts {
            for (line, value) in values.iter().enumerate() {
                let label = if line == 0 { label } else { "" };
                writeln!(out, "{indent}  {label:widest$}  {}", escape(value))?;
            }
        }
        for table in &section.tables {
            write_table(&mut out, &indent, table)?;
        }
    }
    Ok(())
}

fn write_table(out: &mut impl Write, indent: &str, table: &Table) -> io::Result<()> {
    writeln!(out, "{indent}  {}", table.title)?;
    let names: Vec<_> = table
        .rows
        .iter()
        .map(|row| escape(&row.first().map_or_else(String::new, |name| name.concat())).into_owned())
        .collect();
    let widest =
        names.iter().map(|name| width(name)).filter(|&cells| cells <= WIDEST_NAME).max().unwrap_or(0);
    for (row, name) in table.rows.iter().zip(&names) {
        write!(out, "{indent}    {name}")?;
        let mut gap = widest.saturating_sub(width(name)) + 2;
        for (label, values) in table.columns.iter().zip(row).skip(1).filter(|(_, values)| !values.is_empty())
        {
            write!(out, "{:gap$}{}", "", escape(&in_row(label, values)))?;
            gap = 2;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The values of one label in the space of a row.
fn in_row(label: &str, values: &[String]) -> String {
    match values {
        [number] if label == "Number" => number.clone(),
        [_] if label == "Rule" => "Rule: 1 line".to_owned(),
        lines if label == "Rule" => format!("Rule: {} lines", lines.len()),
        few if few.len() <= VALUES_IN_ROW => format!("{label}: {}", few.join(", ")),
        many => format!("{label}: {}", many.len()),
    }
}
