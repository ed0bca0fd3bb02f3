//! What the tests of the XML reader share: documents of our own making, and reading one to its end.

#![allow(dead_code, clippy::print_stderr, reason = "each test uses its part; what was not compared is said")]

pub mod mutate;
pub mod oracles;

use azedit::xml::{Document, Encoding, Error, Reader};

/// Documents to refuse, with what is said about each: `line:column: message`.
pub fn bad() -> Vec<(String, &'static str)> {
    let lines = lines(include_str!("bad.tsv"));
    lines
        .map(|line| line.split_once('\t').unwrap())
        .map(|(document, error)| (plain(document), error))
        .collect()
}

/// Documents to accept.
pub fn good() -> Vec<String> {
    lines(include_str!("good.txt")).map(plain).collect()
}

/// Reads a file to its end.
pub fn read(bytes: &[u8]) -> Result<(), Error> {
    let document = Document::decode(bytes.to_vec())?;
    let mut reader = Reader::new(&document);
    while reader.next()?.is_some() {}
    Ok(())
}

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// With the characters that `\n`, `\r`, `\t`, `\\` and `\u{…}` stand for.
fn plain(escaped: &str) -> String {
    let mut plain = String::new();
    let mut rest = escaped.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        plain.push(match rest.next().unwrap() {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '\\' => '\\',
            'u' => {
                let digits: String = rest.by_ref().skip(1).take_while(|&c| c != '}').collect();
                char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap()
            }
            other => panic!("\\{other} in {escaped}"),
        });
    }
    plain
}

/// A text as the bytes of a file.
pub fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Bom => ["\u{FEFF}", text].concat().into_bytes(),
        Encoding::Utf16Le => format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect(),
    }
}
