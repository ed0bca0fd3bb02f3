//! Names of accounts on the command line: maps, and names where SIDs are taken.

use crate::support::Place;

const STORE: &str = "InitialStore.xml";
const JOE: &str = "S-1-5-21-1004336348-1177238915-682003330-1002";

/// The sample, which Joe may change, and a map that knows him.
fn place() -> Place {
    let place = Place::with_sample();
    place.write("names.tsv", format!("# a map\n{JOE}\tCONTOSO\\joe\tuser\n").as_bytes());
    place.run(&["edit", STORE, "add", "assignment", "Administrator", "--member", JOE]).exits(0);
    place
}

#[test]
fn a_map_names_members_in_every_format() {
    let place = place();
    let named = |words: &[&str]| place.run(&[words, &["--names", "names.tsv"]].concat());
    for format in ["text", "html"] {
        named(&["show", STORE, "--format", format]).exits(0).says("CONTOSO\\joe");
        named(&["access", STORE, "--format", format]).exits(0).says("CONTOSO\\joe");
    }
    for command in ["show", "access"] {
        named(&[command, STORE, "--format", "markdown"]).exits(0).says("CONTOSO\\\\joe");
    }
    named(&["access", STORE, "--format", "csv"]).exits(0).says(&format!("\"{JOE}\",\"CONTOSO\\joe\""));
    named(&["who-can", STORE, "315"]).exits(0).says(&format!("CONTOSO\\joe ({JOE})"));
    place.run(&["show", STORE]).exits(0);
    assert!(!place.run(&["show", STORE]).out.contains("CONTOSO"));
}

#[test]
fn json_says_names_beside_what_it_always_said() {
    let place = place();
    let names = |words: &[&str]| {
        let plain = place.run(&[words, &["--format", "json"]].concat()).json();
        let mut named = place.run(&[words, &["--format", "json", "--names", "names.tsv"]].concat()).json();
        assert_eq!(named["names"], serde_json::json!({ JOE: "CONTOSO\\joe" }), "{words:?}");
        named.as_object_mut().unwrap().remove("names");
        assert_eq!(named, plain, "{words:?}");
    };
    names(&["show", STORE]);
    names(&["show", STORE, "/"]);
    names(&["access", STORE]);
    names(&["can", STORE, JOE, "315"]);
    names(&["who-can", STORE, "315"]);
}

#[test]
fn names_are_taken_where_sids_are() {
    let place = place();
    let named = |words: &[&str]| place.run(&[words, &["--names", "names.tsv"]].concat());
    named(&["can", STORE, "contoso\\joe", "315"]).exits(0).says("yes: CONTOSO\\joe");
    named(&["can", STORE, "joe", "315"]).exits(0);
    named(&["access", STORE, "CONTOSO\\joe"]).exits(0).says("all 34 operations");
    named(&["sid", "CONTOSO\\joe"]).exits(0).says(JOE);
    named(&["sid", JOE]).exits(0).says("CONTOSO\\joe  (user)");
    named(&["edit", STORE, "remove", "assignment", "Administrator", "--member", "CONTOSO\\joe"])
        .exits(0)
        .says("CONTOSO\\joe");
    assert!(!String::from_utf8(place.read(STORE)).unwrap().contains(JOE));
    place.write("script", b"add assignment Administrator --member CONTOSO\\joe\n");
    named(&["edit", STORE, "--script", "script"]).exits(0);
    assert!(String::from_utf8(place.read(STORE)).unwrap().contains(JOE));
    named(&["edit", STORE, "recipe", "observer", "--account", "CONTOSO\\joe", "--dry-run"]);
}

#[cfg(not(windows))]
#[test]
fn a_name_that_nobody_knows_says_why_and_what_to_do() {
    let place = place();
    let before = place.read(STORE);
    place.run(&["can", STORE, "CONTOSO\\john", "315"]).exits(2).says("--names");
    place
        .run(&["edit", STORE, "add", "assignment", "Administrator", "--member", "CONTOSO\\john"])
        .exits(4)
        .says("Nothing was changed");
    place.write("script", b"create scope S\nadd assignment Administrator --member john\n");
    place.run(&["edit", STORE, "--script", "script"]).exits(4).says("line 2: john");
    assert_eq!(place.read(STORE), before);
}

#[test]
fn an_account_that_can_be_no_member_is_refused() {
    let place = place();
    place.write("names.tsv", b"S-1-5-21-1-2-3\tCONTOSO\tdomain\n");
    place
        .run(&[
            "edit",
            STORE,
            "add",
            "assignment",
            "Administrator",
            "--member",
            "CONTOSO",
            "--names",
            "names.tsv",
        ])
        .exits(4)
        .says("can never be a member");
}

#[test]
fn what_is_found_what_differs_and_what_is_asked_first_say_names() {
    let place = place();
    let named = format!("CONTOSO\\joe ({JOE})");
    place.write("old.xml", &place.read(STORE));
    let lab = format!("create scope Lab\ncreate assignment A --in Lab --role Administrator --member {JOE}\n");
    let leaves = format!("remove assignment Administrator --member {JOE}\n");
    place.write("lab", (leaves + &lab).as_bytes());
    let with_map = |words: &[&str]| place.run(&[words, &["--names", "names.tsv"]].concat());
    with_map(&["edit", STORE, "--script", "lab"])
        .exits(0)
        .says(&format!("- member             {named}"))
        .says(&format!("HV-101: {named} has rights"));
    with_map(&["check", STORE]).says(&format!("HV-101: {named} has rights"));
    place.run(&["check", STORE]).says(&format!("HV-101: {JOE} has rights"));
    let sarif = with_map(&["check", STORE, "--format", "sarif"]).out;
    assert!(!sarif.contains("CONTOSO"), "{sarif}");
    with_map(&["diff", "old.xml", STORE]).exits(1).says(&named);
    with_map(&["diff", "old.xml", STORE, "--by-name"]).exits(1).says(&format!("member {named}"));
    with_map(&["diff", "old.xml", STORE, STORE]).exits(1).says("A--  Hyper-V").says(&named);
    let json = with_map(&["diff", "old.xml", STORE, "--by-name", "--format", "json"]).exits(1);
    assert!(!json.out.contains("CONTOSO"), "{json:#?}");
    let changes = with_map(&["diff", "old.xml", STORE, "--by-name", "--format", "changes"]).exits(1);
    assert!(!changes.out.contains("CONTOSO"), "{changes:#?}");
}

#[test]
fn mending_and_restoring_say_names() {
    let place = place();
    let named = format!("CONTOSO\\joe ({JOE})");
    let member = format!("<Member>{JOE}</Member>");
    let twice = String::from_utf8(place.read(STORE)).unwrap().replace(&member, &format!("{member}{member}"));
    place.write("twice.xml", twice.as_bytes());
    let with_map = |words: &[&str]| place.run(&[words, &["--names", "names.tsv"]].concat());
    with_map(&["check", "--fix", "twice.xml"])
        .says(&format!("AZ-407 Hyper-V services/assignments/Administrator: {named}"));
    // The version to go back to has nobody, and Joe alone holds everything now.
    let edit = |verb: &str, sid: &str| {
        let words =
            ["edit", STORE, verb, "assignment", "Administrator", "--member", sid, "--allow", "lockout"];
        place.run(&words).exits(0);
    };
    edit("remove", JOE);
    edit("remove", "S-1-5-32-544");
    edit("add", JOE);
    with_map(&["restore", STORE]).exits(4).says("lockout").says(&named);
}

#[test]
fn a_map_beside_the_store_is_read_and_one_that_is_asked_for_comes_first() {
    let place = place();
    place.write("InitialStore.names.tsv", format!("{JOE}\tBESIDE\\joe\n").as_bytes());
    place.run(&["show", STORE]).exits(0).says("BESIDE\\joe");
    place.run(&["show", STORE, "--names", "names.tsv"]).exits(0).says("CONTOSO\\joe");
    // What lies there unasked keeps nobody from his work.
    place.write("InitialStore.names.tsv", b"nonsense\n");
    place.run(&["show", STORE]).exits(0).says("InitialStore.names.tsv:1:1:").says("Its names are not used");
}

#[test]
fn a_map_is_read_as_a_redirection_wrote_it_and_a_bad_line_says_where() {
    let place = place();
    let wide: Vec<u8> = [0xFEFF]
        .into_iter()
        .chain(format!("SID,Name\r\n{JOE},CONTOSO\\jürgen\r\n").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    place.write("wide.csv", &wide);
    place.run(&["show", STORE, "--names", "wide.csv"]).exits(0).says("CONTOSO\\jürgen");
    place.write("bad.tsv", format!("{JOE}\tjoe\nS-1-5-21-x\tjohn\n").as_bytes());
    place.run(&["show", STORE, "--names", "bad.tsv"]).exits(2).says("bad.tsv:2:1: not a SID");
    place.write("twice.tsv", format!("{JOE}\tjoe\n{JOE}\tjohn\n").as_bytes());
    place
        .run(&["show", STORE, "--names", "twice.tsv"])
        .exits(0)
        .says("twice.tsv: Line 2")
        .says("john is left out");
    place.run(&["show", STORE, "--names", "none.tsv"]).exits(2).says("none.tsv");
}

#[test]
fn a_name_in_a_map_acts_on_nothing() {
    let place = place();
    place.write("names.tsv", format!("{JOE}\t=cmd|\u{1b}[31m<b>\u{202e}x\n").as_bytes());
    for format in ["text", "csv", "markdown", "html"] {
        let run = place.run(&["access", STORE, "--format", format, "--names", "names.tsv"]).exits(0);
        assert!(run.out.contains("u{1B}") && run.out.contains("u{202E}"), "{format}: {run:#?}");
        assert!(
            !run.out.contains(['\u{1b}', '\u{202e}']) && (format != "html" || !run.out.contains("<b>\\")),
            "{format}"
        );
        assert!(!run.out.contains(",\"=cmd"), "{format}");
    }
}

#[test]
fn a_map_is_written_from_the_accounts_of_stores() {
    let place = place();
    let run = place.run(&["sid", "--map", STORE, "--names", "names.tsv"]).exits(0);
    assert_eq!(run.out.lines().nth(1), Some(&*format!("{JOE}\tCONTOSO\\joe\tuser")), "{run:#?}");
    // Who is not known stands in it as a comment, and the code says so.
    let other = "S-1-5-21-1004336348-1177238915-682003330-1003";
    place.run(&["edit", STORE, "add", "assignment", "Administrator", "--member", other]).exits(0);
    let words = ["sid", "--map", STORE, "--names", "names.tsv", "--no-lookup", "-o", "out.tsv"];
    place.run(&words).exits(1).says("1 of 2 accounts have no name here").says("out.tsv: 1 account");
    place.run(&["show", STORE, "--names", "out.tsv"]).exits(0).says("CONTOSO\\joe");
    place.run(&words).exits(4);
}
