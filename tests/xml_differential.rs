//! What the XML reader accepts, other parsers accept: xml-rs always, expat and libxml2 where they are installed. A store
//! that only azedit can read would stop the service that needs it.
//!
//! `AZEDIT_REQUIRE_TOOLS=1` makes a missing tool an error. `AZEDIT_CORPUS=folder` adds the files of a folder.
//! `AZEDIT_MUTATIONS=1000000` makes more mutated documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

mod xml;

use std::collections::HashSet;
use std::fs;

use azedit::xml::Encoding;
use xml::mutate::{Random, mutated};
use xml::oracles::{Tool, expat_name_characters, write_numbered, xml_rs};
use xml::{bad, encoded, good, read};

const STORE: &str = include_str!("xml/store.xml");

/// Fails when another parser refuses what was accepted here.
fn compare(accepted: &[Vec<u8>]) {
    let folder = tempfile::tempdir().unwrap();
    let names = write_numbered(folder.path(), accepted.iter().map(Vec::as_slice));
    let mut wrong = Vec::new();
    for (document, name) in accepted.iter().zip(&names) {
        if let Err(reason) = xml_rs(document) {
            wrong.push(format!("xml-rs: {reason}: {:?} ({name})", String::from_utf8_lossy(document)));
        }
    }
    for tool in Tool::installed() {
        for (name, reason) in tool.refused(folder.path(), &names) {
            let document = fs::read(folder.path().join(&name)).unwrap_or_default();
            wrong.push(format!("{tool:?}: {reason}: {:?} ({name})", String::from_utf8_lossy(&document)));
        }
    }
    wrong.truncate(20);
    assert!(wrong.is_empty(), "accepted here, refused there:\n{}", wrong.join("\n"));
}

#[test]
fn good_documents_are_good_for_all() {
    let mut documents: Vec<Vec<u8>> = good().into_iter().map(String::into_bytes).collect();
    for text in good().iter().filter(|text| !text.contains("encoding")) {
        documents
            .extend([Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be].map(|as_| encoded(text, as_)));
    }
    for document in &documents {
        assert_eq!(read(document), Ok(()), "{:?}", String::from_utf8_lossy(document));
    }
    compare(&documents);
}

/// Each tool must really be one that refuses: else the comparisons below say nothing.
#[test]
fn tools_refuse_bad_documents() {
    let documents: Vec<Vec<u8>> = bad().into_iter().map(|(text, _)| text.into_bytes()).collect();
    let folder = tempfile::tempdir().unwrap();
    let names = write_numbered(folder.path(), documents.iter().map(Vec::as_slice));
    let count = documents.iter().filter(|document| xml_rs(document).is_err()).count();
    assert!(count > 300, "xml-rs refuses {count} of {}", documents.len());
    for tool in Tool::installed() {
        let refused: HashSet<String> =
            tool.refused(folder.path(), &names).into_iter().map(|(name, _)| name).collect();
        assert!(refused.len() > 300, "{tool:?} refuses {} of {}", refused.len(), documents.len());
    }
}

#[test]
fn mutated_documents_are_accepted_only_with_all_others() {
    let mut bases: Vec<Vec<u8>> = good().into_iter().map(String::into_bytes).collect();
    bases.extend(bad().into_iter().map(|(text, _)| text.into_bytes()));
    // Much of a large document can be changed and stay well-formed.
    bases.extend(std::iter::repeat_n(STORE.as_bytes().to_vec(), bases.len() / 2));
    let mut random = Random(2026);
    let mut seen = HashSet::new();
    let mut accepted = Vec::new();
    let mut only_refused_here = 0;
    let count = std::env::var("AZEDIT_MUTATIONS").map_or(40_000, |count| count.parse().unwrap());
    for _ in 0..count {
        let base = random.below(bases.len());
        let document = mutated(&bases[base], &mut random);
        if !seen.insert(document.clone()) {
            continue;
        }
        if read(&document).is_ok() {
            accepted.push(document);
        } else if xml_rs(&document).is_ok() {
            only_refused_here += 1;
        }
    }
    eprintln!(
        "{} mutated: {} accepted, {only_refused_here} refused that xml-rs accepts",
        seen.len(),
        accepted.len()
    );
    assert!(accepted.len() > 1000, "too few accepted to say anything: {}", accepted.len());
    assert!(seen.len() - accepted.len() > 10_000, "too few refused to say anything");
    compare(&accepted);
}

#[test]
fn mutated_wide_documents_are_accepted_only_with_all_others() {
    let bases: Vec<String> = good().into_iter().filter(|text| !text.contains("encoding")).collect();
    let mut random = Random(16);
    let mut accepted = Vec::new();
    for _ in 0..3_000 {
        let base = random.below(bases.len());
        let encoding = if random.below(2) == 0 { Encoding::Utf16Le } else { Encoding::Utf16Be };
        let document = if random.below(2) == 0 {
            mutated(&encoded(&bases[base], encoding), &mut random)
        } else {
            let text = mutated(bases[base].as_bytes(), &mut random);
            encoded(&String::from_utf8_lossy(&text), encoding)
        };
        if read(&document).is_ok() {
            accepted.push(document);
        }
    }
    assert!(accepted.len() > 100, "too few accepted to say anything: {}", accepted.len());
    compare(&accepted);
}

/// The tables of name characters are the intersection of expat's (edition 4) with edition 5.
#[test]
fn names_beyond_ascii_are_those_of_expat() {
    if !Tool::installed().iter().any(|tool| matches!(tool, Tool::Expat)) {
        return;
    }
    let edition_5 = |c: char| {
        matches!(c, '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
            | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
            | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
    };
    let edition_5_inside =
        |c| edition_5(c) || matches!(c, '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}');
    let (first, inside) = expat_name_characters();
    let first: HashSet<char> = first.into_iter().filter(|&c| edition_5(c)).collect();
    let inside: HashSet<char> = inside.into_iter().filter(|&c| edition_5_inside(c)).collect();
    assert!(first.len() > 30_000 && inside.len() > first.len(), "{} {}", first.len(), inside.len());
    for c in '\u{80}'..=char::MAX {
        assert_eq!(read(format!("<{c}/>").as_bytes()).is_ok(), first.contains(&c), "first {c:?}");
        assert_eq!(read(format!("<a{c}/>").as_bytes()).is_ok(), inside.contains(&c), "inside {c:?}");
    }
}

#[test]
fn the_corpus_is_judged_as_by_others() {
    let Some(folder) = std::env::var_os("AZEDIT_CORPUS") else {
        eprintln!("NOT COMPARED with a corpus: AZEDIT_CORPUS names no folder");
        return;
    };
    let mut accepted = Vec::new();
    let mut refused = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml")) {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        match (read(&bytes), xml_rs(&bytes)) {
            (Ok(()), _) => accepted.push(bytes),
            (Err(error), Ok(())) => panic!("{}:{error}, but xml-rs accepts it", path.display()),
            (Err(_), Err(_)) => refused += 1,
        }
    }
    eprintln!("corpus: {} accepted, {refused} refused", accepted.len());
    assert!(!accepted.is_empty(), "no store in the corpus could be read");
    compare(&accepted);
}
