//! A list of rows as CSV, JSON or Markdown: what an editor's user takes along from the screen.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::access_table::csv;
use super::{json, markdown};

/// Rows with as many cells as there are columns. Columns are called as in JSON: in `snake_case`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// What the cells of a row are.
    pub columns: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// A spelling of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For spreadsheets: every field is quoted, and one that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`)
    /// gets an apostrophe before it, because names come from files that anybody may have written. Who needs the exact
    /// text takes JSON.
    Csv,
    /// For programs: `{"format":1,"rows":[{…}]}`.
    Json,
    /// For documents and tickets.
    Markdown,
}

impl Format {
    /// Every format, with its name and the ending of its files.
    pub const ALL: [(Format, &'static str, &'static str); 3] =
        [(Format::Csv, "CSV", "csv"), (Format::Json, "JSON", "json"), (Format::Markdown, "Markdown", "md")];
}

impl List {
    /// The list without the columns that are empty in every row.
    pub fn without_empty_columns(self) -> List {
        let kept: Vec<bool> = (0..self.columns.len())
            .map(|at| self.rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_empty())))
            .collect();
        let columns = self.columns.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(name, _)| name);
        let cut = |row: Vec<String>| {
            row.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(cell, _)| cell).collect()
        };
        List { columns: columns.collect(), rows: self.rows.into_iter().map(cut).collect() }
    }

    /// The list as text, with a line feed behind every line.
    pub fn text(&self, format: Format) -> String {
        match format {
            Format::Csv => {
                let header = self.columns.join(",");
                let rows = self
                    .rows
                    .iter()
                    .map(|row| row.iter().map(|cell| csv(cell)).collect::<Vec<_>>().join(","));
                lines(std::iter::once(header).chain(rows))
            }
            Format::Markdown => {
                let titles: Vec<String> = self.columns.iter().map(|column| title(column)).collect();
                let header = format!("| {} |", titles.join(" | "));
                let rule = format!("|{}", " --- |".repeat(self.columns.len()));
                let rows = self.rows.iter().map(|row| {
                    let cells: Vec<_> = row.iter().map(|cell| markdown::escape(cell)).collect();
                    format!("| {} |", cells.join(" | "))
                });
                lines([header, rule].into_iter().chain(rows))
            }
            Format::Json => {
                let mut bytes = Vec::new();
                // Writing to a vector cannot fail.
                let _ = json::write(&mut bytes, &Document(self));
                String::from_utf8(bytes).unwrap_or_default()
            }
        }
    }
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// `Used by` for `used_by`.
fn title(column: &str) -> String {
    let words = column.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

struct Document<'l>(&'l List);

struct Rows<'l>(&'l List);

struct Row<'l>(&'l [&'static str], &'l [String]);

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("format", &1)?;
        map.serialize_entry("rows", &Rows(self.0))?;
        map.end()
    }
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.rows.iter().map(|row| Row(&self.0.columns, row)))
    }
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().zip(self.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> List {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        List {
            columns: vec!["kind", "number", "name"],
            rows: vec![row(["scope", "", "=cmd|' /C calc'!A0"]), row(["role", "", "a \"b\", c\u{202E}"])],
        }
        .without_empty_columns()
    }

    #[test]
    fn a_spreadsheet_gets_no_formula() {
        assert_eq!(
            list().text(Format::Csv),
            "kind,name\n\"scope\",\"'=cmd|' /C calc'!A0\"\n\"role\",\"a \"\"b\"\", c\\u{202E}\"\n"
        );
    }

    #[test]
    fn json_holds_the_exact_text_in_the_order_of_columns() {
        let text = list().text(Format::Json);
        assert!(
            text.contains("{\n      \"kind\": \"scope\",\n      \"name\": \"=cmd|' /C calc'!A0\"\n"),
            "{text}"
        );
        assert!(text.contains("\\u202e") && !text.contains('\u{202E}'), "{text}");
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((read["format"].as_u64(), read["rows"].as_array().unwrap().len()), (Some(1), 2));
    }

    #[test]
    fn markdown_is_a_table() {
        let text = list().text(Format::Markdown);
        assert!(text.starts_with("| Kind | Name |\n| --- | --- |\n| scope | "), "{text}");
        assert_eq!(text.lines().count(), 4);
    }
}
