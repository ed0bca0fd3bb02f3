//! A stream of XML read piece by piece, for logs that are longer than memory.
//!
//! Unlike [`Document`](super::Document) this accepts what programs write that append to a file: elements one after
//! another without a root, declarations in between. It is no judge of well-formedness; it only refuses what would cost
//! memory: a document type, and a tag or text longer than [`LONGEST`].

use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The longest tag or text, in bytes.
pub const LONGEST: usize = 1 << 20;

/// A part of the stream. Names are without their prefixes.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// An element begins; an empty one ends at once.
    Start {
        /// Its name.
        name: String,
        /// Its attributes.
        attributes: Vec<(String, String)>,
    },
    /// Text, with references resolved.
    Text(String),
    /// An element ends.
    End(String),
}

/// Why a stream cannot be read on, and where, in bytes of its UTF-8 form.
#[derive(Debug, thiserror::Error)]
#[error("{message} (byte {at})")]
pub struct StreamError {
    /// What is wrong.
    pub message: String,
    /// Where it is noticed.
    pub at: u64,
}

/// Reads a stream of UTF-8 and hands over its pieces, in order.
///
/// # Errors
/// The stream cannot be read, or is no XML.
pub fn pieces(source: impl BufRead, mut each: impl FnMut(Piece)) -> Result<(), StreamError> {
    let mut reader = Reader::from_reader(Metered { source, left: LONGEST });
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        reader.get_mut().left = LONGEST;
        let event = reader.read_event_into(&mut buffer);
        let at = reader.buffer_position();
        let event = event.map_err(|error| StreamError { message: error.to_string(), at })?;
        match event {
            Event::Start(tag) => each(start(&tag)),
            Event::Empty(tag) => {
                each(start(&tag));
                each(Piece::End(tag.local_name().as_ref().to_owned()));
            }
            Event::End(tag) => each(Piece::End(tag.local_name().as_ref().to_owned())),
            Event::Text(text) => each(Piece::Text((*text).to_owned())),
            Event::CData(text) => each(Piece::Text((*text).to_owned())),
            Event::GeneralRef(name) => each(Piece::Text(referred(&name))),
            Event::DocType(_) => {
                return Err(StreamError {
                    message: "it has a document type, which is refused".to_owned(),
                    at,
                });
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => return Ok(()),
        }
    }
}

fn start(tag: &BytesStart<'_>) -> Piece {
    let mut all = tag.attributes();
    let attributes = all.with_checks(false).flatten();
    let attributes = attributes
        .map(|attribute| (attribute.key.local_name().as_ref().to_owned(), unescaped(&attribute.value)))
        .collect();
    Piece::Start { name: tag.local_name().as_ref().to_owned(), attributes }
}

/// The text with its references resolved; an unknown one stands for itself.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if let Some((name, rest)) = part.split_once(';') {
            out.push_str(&referred(name));
            out.push_str(rest);
        } else {
            out.push('&');
            out.push_str(part);
        }
    }
    out
}

/// What a reference stands for.
fn referred(name: &str) -> String {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let c = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match name.strip_prefix('#') {
            Some(digits) => match digits.strip_prefix('x') {
                Some(digits) => number(digits, 16),
                None => number(digits, 10),
            },
            None => None,
        },
    };
    c.map_or_else(|| format!("&{name};"), String::from)
}

/// A source that ends with an error where one piece takes too much of it.
struct Metered<R> {
    source: R,
    left: usize,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.source.read(buffer)
    }
}

impl<R: BufRead> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other("a tag or text is longer than 1 MiB"));
        }
        let bytes = self.source.fill_buf()?;
        bytes.get(..bytes.len().min(self.left)).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount);
        self.source.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Piece>, StreamError> {
        let mut all = Vec::new();
        pieces(text.as_bytes(), |piece| all.push(piece)).map(|()| all)
    }

    #[test]
    fn elements_without_a_root_are_read_one_after_another() {
        let text = "<?xml version='1.0'?><a:E x='1 &amp; 2'>t &lt;&#x41;</a:E>\r\n<?xml version='1.0'?><E/>";
        let pieces = read(text).unwrap();
        let attributes = vec![("x".to_owned(), "1 & 2".to_owned())];
        assert_eq!(pieces.first(), Some(&Piece::Start { name: "E".to_owned(), attributes }));
        let text: String = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(text, "t <A\r\n");
        assert_eq!(pieces.last(), Some(&Piece::End("E".to_owned())));
    }

    #[test]
    fn what_would_cost_memory_is_refused() {
        assert!(
            read("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").unwrap_err().message.contains("document type")
        );
        let long = format!("<a>{}</a>", "x".repeat(LONGEST + 10));
        assert!(read(&long).unwrap_err().message.contains("1 MiB"));
        let fits = format!("<a>{}</a>", "x".repeat(LONGEST - 10));
        assert_eq!(read(&fits).unwrap().len(), 3);
        assert!(read(&format!("<a {}", "x".repeat(LONGEST * 2))).is_err());
    }
}
