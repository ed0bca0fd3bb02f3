//! Every rule of the XML reader, on small documents: what must be refused, with the very words, and what must not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod xml;

use azedit::xml::{Document, Encoding, ErrorKind, limits};
use xml::{bad, encoded, good, read};

fn message(bytes: &[u8]) -> String {
    read(bytes).map_or_else(|error| error.to_string(), |()| "accepted".to_owned())
}

#[test]
fn bad_documents_are_refused_with_place_and_reason() {
    let bad = bad();
    assert!(bad.len() >= 250, "{} bad documents", bad.len());
    let wrong: Vec<String> = bad
        .iter()
        .filter_map(|(document, expected)| {
            let found = message(document.as_bytes());
            (found != *expected).then(|| format!("{document:?}\n  expected: {expected}\n  found:    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), bad.len(), wrong.join("\n"));
}

#[test]
fn good_documents_are_accepted_in_every_encoding() {
    let good = good();
    assert!(good.len() >= 50, "{} good documents", good.len());
    for document in &good {
        assert_eq!(message(document.as_bytes()), "accepted", "{document:?}");
        // A declaration that says UTF-8 is wrong elsewhere: see below.
        if document.contains("encoding") {
            continue;
        }
        for encoding in [Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be] {
            assert_eq!(message(&encoded(document, encoding)), "accepted", "{encoding:?} {document:?}");
        }
    }
}

#[test]
fn bad_documents_are_as_bad_in_every_encoding() {
    for (document, expected) in bad() {
        // What a declaration may say, and what NUL bytes look like, depends on the encoding.
        if document.contains("encoding=") || document.starts_with('\0') {
            continue;
        }
        for encoding in [Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be] {
            assert_eq!(message(&encoded(&document, encoding)), expected, "{encoding:?} {document:?}");
        }
    }
}

#[test]
fn a_forbidden_character_is_refused_wherever_it_stands() {
    let places = [
        "<a>\u{0}</a>",
        "<a>text \u{0}</a>",
        "<a b='\u{0}'/>",
        "<a b='x' \u{0}c='y'/>",
        "<a\u{0}/>",
        "<\u{0}a/>",
        "<a></a\u{0}>",
        "<a><!-- \u{0} --></a>",
        "<a><![CDATA[\u{0}]]></a>",
        "<a><?p \u{0}?></a>",
        "<a><?p\u{0}?></a>",
        "\u{0}<a/>",
        "<a/>\u{0}",
        "<!--\u{0}--><a/>",
    ];
    let forbidden = ('\0'..' ').filter(|c| !matches!(c, '\t' | '\n' | '\r')).chain(['\u{FFFE}', '\u{FFFF}']);
    for c in forbidden {
        for place in places {
            let document = place.replace('\0', &c.to_string());
            if document.starts_with('\0') {
                continue;
            }
            let error = read(document.as_bytes()).expect_err(&document.escape_debug().to_string());
            let column = 1 + place.chars().position(|c| c == '\0').unwrap();
            let expected =
                format!("1:{column}: U+{:04X} is a character that XML does not allow", u32::from(c));
            assert_eq!(error.to_string(), expected, "{document:?}");
            assert_eq!(error.kind, ErrorKind::Malformed);
        }
    }
}

#[test]
fn a_forbidden_character_is_found_far_behind_and_after_nearer_faults() {
    let filler = "<b>0123456789</b>\n".repeat(10_000);
    let far = format!("<a>{filler}<b>\u{1}</b></a>");
    assert_eq!(message(far.as_bytes()), "10001:4: U+0001 is a character that XML does not allow");
    let nearer = format!("<a></b>{filler}\u{1}");
    assert_eq!(message(nearer.as_bytes()), "1:4: `<a>` is closed by `</b>`; it was opened at 1:1");
    let bracket = format!("<a>{filler}<b>]]></b></a>");
    assert_eq!(message(bracket.as_bytes()), "10001:4: `]]>` in text must be written `]]&gt;`");
}

#[test]
fn the_kinds_of_error_are_told_apart() {
    let kinds = [
        ("<a>", ErrorKind::Malformed),
        ("<!DOCTYPE a><a/>", ErrorKind::Dtd),
        ("<?xml version='1.0' encoding='cp1252'?><a/>", ErrorKind::Encoding),
        ("<?xml version='1.0' encoding='us-ascii'?><a>é</a>", ErrorKind::Encoding),
    ];
    for (document, kind) in kinds {
        assert_eq!(read(document.as_bytes()).unwrap_err().kind, kind, "{document}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let cases: [(&[u8], &str); 17] = [
        (b"<a>\xE9</a>", "1:4: the byte 0xE9 is not UTF-8"),
        (b"\xEF\xBB\xBF<a>\n\xC3</a>", "2:1: the byte 0xC3 is not UTF-8"),
        (b"<a>\xC3\xA9\xC0\xAF</a>", "1:5: the byte 0xC0 is not UTF-8"),
        (b"<a>\xED\xA0\x80</a>", "1:4: the byte 0xED is not UTF-8"),
        (b"<a>\xF4\x90\x80\x80</a>", "1:4: the byte 0xF4 is not UTF-8"),
        (b"<a/>\xFF", "1:5: the byte 0xFF is not UTF-8"),
        (b"<\0a\0/\0>\0", "1:1: the file looks like UTF-16 without byte order mark"),
        (b"\0<\0a\0/\0>", "1:1: the file looks like UTF-16 without byte order mark"),
        (b"<\0\0\0a\0\0\0", "1:1: the file looks like UTF-32 without byte order mark"),
        (b"\0\0\0<\0\0\0a", "1:1: the file looks like UTF-32 without byte order mark"),
        (b"\xFF\xFE\0\0<\0\0\0", "1:1: the file is UTF-32"),
        (b"\0\0\xFE\xFF\0\0\0<", "1:1: the file is UTF-32"),
        (b"\xFF\xFE<\0a\0/\0>", "1:4: the file ends in the middle of a UTF-16 character"),
        (b"\xFE\xFF\0<\0a\0>\xD8\x00\0<\0/\0a\0>", "1:4: half a surrogate pair (0xD800) in UTF-16"),
        (b"\xFF\xFE<\0a\0>\0\x00\xDC", "1:4: half a surrogate pair (0xDC00) in UTF-16"),
        (b"\xFF\xFE<\0a\0>\0\x00\xD8", "1:4: half a surrogate pair (0xD800) in UTF-16"),
        (b"\x4C\x6F\xA7\x94", "1:3: the byte 0xA7 is not UTF-8"),
    ];
    for (bytes, expected) in cases {
        let error = read(bytes).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{bytes:?}: {error}");
        assert_eq!(error.kind, ErrorKind::Encoding);
    }
}

#[test]
fn the_declared_encoding_must_be_the_real_one() {
    let declared = |name: &str| format!("<?xml version=\"1.0\" encoding=\"{name}\"?>\r\n<a/>");
    let names =
        ["utf-8", "UTF-8", "us-ascii", "utf-16", "UTF-16LE", "utf-16be", "iso-8859-1", "ucs-2", "utf-7"];
    let accepted = [
        (Encoding::Utf8, "utf-8 UTF-8 us-ascii"),
        (Encoding::Utf8Bom, "utf-8 UTF-8 us-ascii"),
        (Encoding::Utf16Le, "utf-16 UTF-16LE"),
        (Encoding::Utf16Be, "utf-16 utf-16be"),
    ];
    for (encoding, good) in accepted {
        for name in names {
            let found = read(&encoded(&declared(name), encoding));
            if good.split(' ').any(|good| good == name) {
                assert_eq!(found, Ok(()), "{encoding:?} {name}");
            } else {
                assert_eq!(found.unwrap_err().kind, ErrorKind::Encoding, "{encoding:?} {name}");
            }
        }
    }
}

#[test]
fn a_second_byte_order_mark_is_refused() {
    for encoding in [Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be] {
        let bytes = encoded("\u{FEFF}<a/>", encoding);
        assert_eq!(message(&bytes), "1:1: a second byte order mark");
    }
}

#[test]
fn limits_are_kept_to_the_last() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    let attributes = |count: usize| {
        let attributes: Vec<String> = (0..count).map(|n| format!("a{n}=''")).collect();
        format!("<a {}/>", attributes.join(" "))
    };
    let name = |length: usize| format!("<{}/>", "n".repeat(length));
    let attribute = |length: usize| format!("<a {}=''/>", "é".repeat(length / 2));
    let target = |length: usize| format!("<?{}?><a/>", "n".repeat(length));
    let declarations = |count: usize| {
        let declarations: Vec<String> = (0..count).map(|n| format!("xmlns:p{n}='u'")).collect();
        format!("<a {}><b xmlns:q='u'/></a>", declarations.join(" "))
    };

    let leaf = nested(limits::DEPTH).replace("<a></a>", "<a><b/></a>");
    for (within, beyond) in [
        (nested(limits::DEPTH), nested(limits::DEPTH + 1)),
        (nested(limits::DEPTH), leaf),
        (attributes(limits::ATTRIBUTES), attributes(limits::ATTRIBUTES + 1)),
        (name(limits::NAME), name(limits::NAME + 1)),
        (attribute(limits::NAME), attribute(limits::NAME + 2)),
        (target(limits::NAME), target(limits::NAME + 1)),
        (declarations(limits::NAMESPACES - 1), declarations(limits::NAMESPACES)),
    ] {
        assert_eq!(read(within.as_bytes()), Ok(()));
        let error = read(beyond.as_bytes()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Limit, "{error}");
    }
}

#[test]
fn no_document_takes_long_for_its_size() {
    // Each would take minutes if a check compared everything with everything.
    let attributes: Vec<String> = (0..1000).map(|n| format!("x{n}=''")).collect();
    let wide = format!("<a>{}</a>", format!("<b {}/>", attributes.join(" ")).repeat(100));
    let brackets = format!("<a>{}</a>", "]]".repeat(1_000_000));
    let references = format!("<a>{}</a>", "&amp;".repeat(500_000));
    let open_comments = format!("<a>{}", "<!-".repeat(1_000_000));
    let quotes = format!("<a b='{}'/>", "\"".repeat(1_000_000));
    let sections = format!("<a>{}</a>", "<![CDATA[]]>".repeat(200_000));
    let started = std::time::Instant::now();
    for (document, fine) in [
        (wide, true),
        (brackets, true),
        (references, true),
        (open_comments, false),
        (quotes, true),
        (sections, true),
    ] {
        assert_eq!(read(document.as_bytes()).is_ok(), fine);
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn a_file_of_one_line_has_positions_at_no_cost() {
    let document = Document::decode(format!("<a>{}</a>", "é".repeat(20_000_000)).into_bytes()).unwrap();
    let started = std::time::Instant::now();
    for n in 0..1000_u32 {
        let offset = 3 + n * 40_000;
        assert_eq!(document.position(offset).column, 4 + n * 20_000);
    }
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
