//! The laws of the document: what is escaped comes back, what is decoded is written as it was, and patches do what
//! cutting and pasting would do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod xml;

use std::sync::Arc;

use azedit::xml::{
    Document, Encoding, Eol, Event, Patch, Reader, Rendering, Span, attribute_value, attributes,
    escape_attribute, escape_text, is_char, text_value,
};
use proptest::prelude::*;
use xml::{encoded, read};

/// A character that a document may hold, and more often than not one that means something to XML.
fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        prop::sample::select(vec![
            '<', '>', '&', '"', '\'', ']', ';', '#', '\t', '\n', '\r', ' ', 'a', '\u{85}', '\u{2028}'
        ]),
        any::<char>().prop_filter("XML allows it", |&c| is_char(c)),
    ]
}

fn value() -> impl Strategy<Value = String> {
    prop::collection::vec(character(), 0..40).prop_map(|characters| characters.into_iter().collect())
}

fn encoding() -> impl Strategy<Value = Encoding> {
    prop::sample::select(vec![Encoding::Utf8, Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be])
}

/// The text of a document, and patches that do not reach into each other, on whole characters.
fn patched() -> impl Strategy<Value = (String, Vec<Patch>)> {
    let changes =
        prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), value()), 0..8);
    (value(), changes).prop_map(|(text, changes)| {
        let offsets: Vec<usize> = (0..=text.len()).filter(|&offset| text.is_char_boundary(offset)).collect();
        let mut places: Vec<usize> =
            changes.iter().flat_map(|(a, b, _)| [*a.get(&offsets), *b.get(&offsets)]).collect();
        places.sort_unstable();
        let patches = places.chunks(2).zip(changes).map(|(place, (_, _, text))| {
            let offset = |at: usize| u32::try_from(at).unwrap();
            Patch { span: Span { start: offset(place[0]), end: offset(place[1]) }, text }
        });
        (text.clone(), patches.collect())
    })
}

/// The value of the only attribute and of the only text of `document`, read by our reader.
fn values(document: &str) -> (String, String) {
    let document = Document::decode(document.as_bytes().to_vec()).unwrap();
    let mut reader = Reader::new(&document);
    let (mut attribute, mut inside) = (String::new(), None);
    let mut end = 0;
    while let Some(event) = reader.next().unwrap() {
        match event {
            Event::Start { span, .. } => {
                let found = reader.attributes()[0];
                attribute = attribute_value(document.get(found.value)).into_owned();
                let again: Vec<_> = attributes(document.get(span)).collect();
                assert_eq!(again.len(), 1);
                assert_eq!((again[0].value.start, again[0].value.end), (found.value.start, found.value.end));
                inside = Some(span.end);
            }
            Event::End { span, .. } => end = span.start,
            Event::Text { .. } | Event::Misc { .. } => {}
        }
    }
    let text = document.get(Span { start: inside.unwrap(), end });
    (attribute, text_value(text).into_owned())
}

proptest! {
    #[test]
    fn what_is_escaped_comes_back(value in value(), crlf: bool, single: bool) {
        let (eol, quote) = (if crlf { Eol::CrLf } else { Eol::Lf }, if single { '\'' } else { '"' });
        let (text, attribute) = (escape_text(&value, eol), escape_attribute(&value, quote));
        prop_assert_eq!(text_value(&text), value.as_str());
        prop_assert_eq!(attribute_value(&attribute), value.as_str());

        let document = format!("<a b={quote}{attribute}{quote}>{text}</a>");
        prop_assert_eq!(values(&document), (value.clone(), value));
    }

    #[test]
    fn an_outside_parser_reads_the_same_values(value in value()) {
        let document = format!(
            "<a b=\"{}\">{}</a>",
            escape_attribute(&value, '"'),
            escape_text(&value, Eol::CrLf)
        );
        let config = ::xml::ParserConfig::new().whitespace_to_characters(true).cdata_to_characters(true);
        let (mut attribute, mut text) = (String::new(), String::new());
        for event in ::xml::EventReader::new_with_config(document.as_bytes(), config) {
            match event.unwrap() {
                ::xml::reader::XmlEvent::StartElement { attributes, .. } => attribute.clone_from(&attributes[0].value),
                ::xml::reader::XmlEvent::Characters(part) => text.push_str(&part),
                _ => {}
            }
        }
        prop_assert_eq!(&attribute, &value);
        prop_assert_eq!(&text, &value);
    }

    #[test]
    fn what_is_decoded_is_written_as_it_was(text in value(), encoding in encoding()) {
        let text = format!("<{text}");
        let bytes = encoded(&text, encoding);
        let document = Document::decode(bytes.clone()).unwrap();
        prop_assert_eq!(document.text(), &text);
        prop_assert_eq!(document.encoding(), encoding);
        let rendering = Rendering { document: Arc::new(document), patches: Arc::new([]) };
        prop_assert!(*rendering.bytes() == *bytes);
        prop_assert_eq!(rendering.to_bytes(), bytes);
    }

    #[test]
    fn patches_do_what_splicing_does((text, patches) in patched(), encoding in encoding()) {
        // The first character decides which encoding is seen.
        let (text, shift) = (format!("<a>{text}"), 3);
        let mut spliced = text.clone();
        let patches: Vec<Patch> = patches
            .into_iter()
            .map(|Patch { span, text }| Patch { span: Span { start: span.start + shift, end: span.end + shift }, text })
            .collect();
        for patch in patches.iter().rev() {
            spliced.replace_range(patch.span.start as usize..patch.span.end as usize, &patch.text);
        }
        let document = Document::decode(encoded(&text, encoding)).unwrap();
        let rendering = Rendering { document: Arc::new(document), patches: patches.into() };
        prop_assert_eq!(&rendering.to_bytes(), &encoded(&spliced, encoding));
        prop_assert!(*rendering.bytes() == *rendering.to_bytes());
        let settled = rendering.settled().unwrap();
        prop_assert_eq!(settled.document.text(), &spliced);
        prop_assert!(*settled.bytes() == *rendering.to_bytes());
    }

    #[test]
    fn any_bytes_and_any_text_are_read_or_refused(bytes: Vec<u8>, text in value()) {
        // No panic, that is all.
        let _ = read(&bytes);
        let _ = read(text.as_bytes());
        let _ = read(format!("<a {text}>{text}</a>").as_bytes());
        let _ = (text_value(&text), attribute_value(&text), attributes(&text).count());
    }
}
