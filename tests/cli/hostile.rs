//! Names that try to act on the terminal, a page or a spreadsheet.

use crate::support::{Place, Run};

fn acts(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e007f}')
}

#[track_caller]
fn is_harmless(run: &Run) {
    for text in [&run.out, &run.err] {
        if let Some(c) = text.chars().find(|&c| acts(c)) {
            panic!("U+{:04X} in {text}", u32::from(c));
        }
    }
}

#[test]
fn no_output_acts_on_the_terminal() {
    let place = Place::with("hostile-names.xml");
    let store = "hostile-names.xml";
    for arguments in [
        ["show", store].as_slice(),
        &["show", store, "--format", "json"],
        &["show", store, "--format", "markdown"],
        &["show", store, "--format", "html"],
        &["check", store],
        &["check", store, "--format", "json"],
        &["check", store, "--format", "sarif"],
        &["edit", store, "--dry-run", "delete", "role", "Admin\u{202e}nimdA"],
        &["edit", store, "delete", "role", "two\nlines"],
        &["edit", store, "delete", "role", "no such \u{1b}]0;role\u{7}"],
        &["log", store],
        &["show", store, "\u{1b}[2J"],
        &["check", "\u{1b}]52;c;AAAA\u{7}.xml"],
        &["sid", "\u{9b}31m"],
        &["check", "--explain", "\u{1b}c"],
        &["edit", store, "\u{1b}c"],
    ] {
        is_harmless(&place.run(arguments));
    }
    place.copy("hostile-names.xml");
    std::fs::copy(place.path(store), place.path("old.xml")).unwrap();
    place.run(&["edit", store, "rename", "role", "zero\u{200b}width", "plain"]).exits(0);
    for format in ["text", "json"] {
        let run = place.run(&["diff", "old.xml", store, "--format", format]).exits(1);
        is_harmless(&run);
        assert!(
            run.out.contains(if format == "text" { "zero\\u{200B}width" } else { "zero\\u200bwidth" }),
            "{run:#?}"
        );
    }
}

#[test]
fn json_still_holds_the_exact_name() {
    let place = Place::with("hostile-names.xml");
    let document = place.run(&["show", "hostile-names.xml", "--format", "json"]).exits(0).json();
    let names: Vec<_> = document["store"]["applications"][0]["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| role["name"].as_str().unwrap())
        .collect();
    for name in
        ["Admin\u{202e}nimdA", "c1\u{9b}31m", "two\nlines", "tag\u{e0041}\u{e007f}", "private\u{e000}use"]
    {
        assert!(names.contains(&name), "{name:?} is not in {names:?}");
    }
}

#[test]
fn markup_in_names_stays_text() {
    let place = Place::with("hostile-names.xml");
    let html = place.run(&["show", "hostile-names.xml", "--format", "html"]).exits(0).out;
    assert!(!html.contains("<script"), "{html}");
    assert!(html.contains("&#60;script&#62;alert(1)&#60;/script&#62;"));
    let markdown = place.run(&["show", "hostile-names.xml", "--format", "markdown"]).exits(0).out;
    assert!(!markdown.contains("[link](x)") && !markdown.contains("<script"), "{markdown}");
    // Each row of a table has as many cells as its head.
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut table = None;
    for line in markdown.lines() {
        if line.starts_with('|') {
            assert_eq!(cells(line), *table.get_or_insert(cells(line)), "{line}");
        } else {
            table = None;
        }
    }
}

#[cfg(unix)]
#[test]
fn paths_that_are_not_utf8_can_be_used() {
    use std::os::unix::ffi::OsStrExt;

    let place = Place::with_sample();
    let name = std::ffi::OsStr::from_bytes(b"st\xf6re \x1b[2J.xml");
    std::fs::rename(place.path("InitialStore.xml"), place.path("").join(name)).unwrap();
    let run = place.run(&["check".as_ref(), name]).exits(0);
    is_harmless(&run);
    is_harmless(
        &place.run(&["edit".as_ref(), name, "create".as_ref(), "scope".as_ref(), "S".as_ref()]).exits(0),
    );
}
