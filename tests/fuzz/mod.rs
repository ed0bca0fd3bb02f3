//! What the fuzz targets do with their bytes. Everything here panics when a law is broken.

#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;

use azedit::store::{Change, Session, Store, same};
use azedit::xml::{Document, Event, Reader, Rendering, Span, attribute_value, attributes, text_value};
pub use support::Random;
use support::random_change;

const SAMPLE: &[u8] = include_bytes!("../../assets/InitialStore.xml");
/// So many changes are made for one input: each is followed by writing and opening the whole store.
const CHANGES: usize = 24;

/// Reads `data` as a document, whole and in pieces. Gives whether it was accepted.
pub fn parse(data: &[u8]) -> bool {
    let Ok(document) = Document::decode(data.to_vec()) else { return false };
    let accepted = parse_whole(&document, data);
    for (cut, _) in document.text().match_indices('<').skip(1).step_by(3).take(8) {
        assert!(
            !parse_pieces(&document, cut as u32) || accepted,
            "accepted in two, cut at {cut}: {:?}",
            document.text()
        );
    }
    accepted
}

/// Reads a document in two pieces, as two threads would. Gives whether both were accepted.
fn parse_pieces(document: &Document, cut: u32) -> bool {
    let end = document.text().len() as u32;
    let mut open = Vec::new();
    let mut reader = Reader::of_piece(document, Span { start: 0, end: cut }, &[], &[]);
    while let Ok(Some(event)) = reader.next() {
        match event {
            Event::Start { name, empty: false, .. } => open.push(name),
            Event::End { .. } => drop(open.pop()),
            _ => {}
        }
    }
    if open.is_empty() {
        // Only inside the root can a document be cut.
        return false;
    }
    let accepts = |mut reader: Reader<'_>| loop {
        match reader.next() {
            Ok(None) => return true,
            Ok(Some(_)) => {}
            Err(_) => return false,
        }
    };
    accepts(Reader::of_piece(document, Span { start: 0, end: cut }, &[], &open))
        && accepts(Reader::of_piece(document, Span { start: cut, end }, &open, &[]))
}

fn parse_whole(document: &Document, data: &[u8]) -> bool {
    let mut reader = Reader::new(document);
    let mut end = 0;
    loop {
        match reader.next() {
            Err(error) => {
                assert_eq!(reader.next().as_ref(), Err(&error), "an error stays");
                assert!(error.position.line >= 1 && error.position.column >= 1 && !error.message.is_empty());
                return false;
            }
            Ok(None) => break,
            Ok(Some(event)) => end = check_event(document, &reader, event, end),
        }
    }
    assert_eq!(document.text().len(), end as usize, "the events are the whole document");

    let config = ::xml::ParserConfig::new().allow_multiple_root_elements(false);
    for event in ::xml::EventReader::new_with_config(data, config) {
        event.expect("accepted here, refused by xml-rs");
    }
    let document = Document::decode(data.to_vec()).expect("it was decoded before");
    let rendering = Rendering { document: Arc::new(document), patches: Arc::new([]) };
    assert!(rendering.to_bytes() == data, "writing is the inverse of reading");
    assert_eq!(rendering.to_bytes(), data);
    true
}

/// An event begins where the last one ended (only the declaration is none). Gives where it ends.
fn check_event(document: &Document, reader: &Reader<'_>, event: Event<'_>, last: u32) -> u32 {
    use Event::{End, Misc, Start, Text};
    let (Start { span, .. } | End { span, .. } | Text { span, .. } | Misc { span }) = event;
    assert!(last == span.start || last == 0 && document.text().starts_with("<?xml"));
    let raw = document.get(span);
    assert!(!raw.is_empty());
    match event {
        Start { name, .. } => {
            assert!(raw.get(1..).is_some_and(|rest| rest.starts_with(name)));
            let found: Vec<_> = attributes(raw).collect();
            assert_eq!(found.len(), reader.attributes().len());
            for (relative, absolute) in found.iter().zip(reader.attributes()) {
                assert_eq!(relative.name.start + span.start, absolute.name.start);
                assert_eq!(relative.value.end + span.start, absolute.value.end);
                let _ = attribute_value(document.get(absolute.value));
            }
        }
        Text { blank, .. } => {
            assert_eq!(blank, text_value(raw).trim_ascii().is_empty() && !raw.starts_with(['&', '<']));
        }
        End { .. } | Misc { .. } => {}
    }
    span.end
}

/// Changes the sample by the lines of `data`, and the store that `data` is, if it is one, by changes that it decides on.
/// Gives how many changes were made.
pub fn edit_roundtrip(data: &[u8]) -> usize {
    let mut session = Session::new(Store::open(SAMPLE.to_vec()).expect("the sample opens"));
    let text = String::from_utf8_lossy(data);
    let changes = text.lines().filter_map(|line| Change::parse(line).ok()).take(CHANGES);
    let mut made = changes.filter(|change| apply(&mut session, change)).count();
    made += decided(&mut session, data);
    undo_all(session, SAMPLE);

    if let Ok(store) = Store::open(data.to_vec()) {
        let mut session = Session::new(store);
        assert!(session.store().rendering().to_bytes() == data, "opening and writing changes nothing");
        made += decided(&mut session, data);
        undo_all(session, data);
    }
    made
}

/// Makes changes, each decided by eight bytes.
fn decided(session: &mut Session, data: &[u8]) -> usize {
    let mut made = 0;
    for bytes in data.chunks_exact(8).take(CHANGES) {
        let mut random = Random(bytes.iter().fold(0, |seed, &byte| seed << 8 | u64::from(byte)));
        if let Some(change) = random_change(session.store(), &mut random) {
            made += usize::from(apply(session, &change));
        }
    }
    made
}

/// Makes a change. What is then written opens again, as the same store. Gives whether the change was accepted.
fn apply(session: &mut Session, change: &Change) -> bool {
    assert_eq!(Change::parse(&change.to_string()).as_ref(), Ok(change), "printed and read: {change}");
    if session.apply(std::slice::from_ref(change), "step").is_err() {
        return false;
    }
    let rendering = session.store().rendering();
    let written = rendering.to_bytes();
    assert!(rendering.bytes() == written);
    let reopened =
        Store::open(written).unwrap_or_else(|error| panic!("{change}: {error} at {:?}", error.position));
    if let Err(what) = same(session.store(), &reopened) {
        panic!("{change}: {what}");
    }
    true
}

fn undo_all(mut session: Session, bytes: &[u8]) {
    while session.undo().is_some() {}
    assert!(session.store().rendering().to_bytes() == bytes, "undoing all restores the bytes");
}
