//! JSON that is safe to print: no character in it can act on a terminal or hide from a reader.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::show::is_hidden;

/// Writes `value` as one indented JSON document and a line feed.
///
/// Beyond what JSON asks for, every control, bidirectional, zero-width and other invisible character is written as
/// `\uXXXX` (a surrogate pair beyond the basic plane), so a reader gets the same text and a terminal gets none of it.
pub fn write<W: Write, T: Serialize>(mut out: W, value: &T) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut out, Escaping(PrettyFormatter::new())))?;
    out.write_all(b"\n")
}

/// `serde_json`'s indentation with more escapes in strings.
struct Escaping<'i>(PrettyFormatter<'i>);

impl Formatter for Escaping<'_> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut plain = 0;
        for (at, c) in fragment.char_indices() {
            if !is_hidden(c) {
                continue;
            }
            out.write_all(fragment.get(plain..at).unwrap_or_default().as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            plain = at + c.len_utf8();
        }
        out.write_all(fragment.get(plain..).unwrap_or_default().as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &impl Serialize) -> String {
        let mut out = Vec::new();
        write(&mut out, value).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_acts_on_a_terminal_and_nothing_is_lost() {
        let text =
            "a\u{1b}[0m\u{7f}\u{9b}2J\u{202e}\u{200b}\u{2028}\u{ad}\u{feff}\u{e0041}\"\\ü日\u{1f600}\n";
        let json = written(&text);
        assert_eq!(
            json.trim_end(),
            "\"a\\u001b[0m\\u007f\\u009b2J\\u202e\\u200b\\u2028\\u00ad\\ufeff\\udb40\\udc41\\\"\\\\ü日\u{1f600}\\n\""
        );
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn documents_are_indented_and_end_with_a_line_feed() {
        assert_eq!(
            written(&serde_json::json!({"a": [1, null], "b": []})),
            "{\n  \"a\": [\n    1,\n    null\n  ],\n  \"b\": []\n}\n"
        );
    }
}
