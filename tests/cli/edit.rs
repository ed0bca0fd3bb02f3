use crate::support::{Place, strict_parsers_accept};

const STORE: &str = "InitialStore.xml";

#[test]
fn one_change_from_the_command_line() {
    let place = Place::with_sample();
    let before = place.read(STORE);
    place
        .run(&["edit", STORE, "create", "scope", "My test VM scope"])
        .exits(0)
        .says("My test VM scope")
        .says("azedit restore");
    strict_parsers_accept(&place, STORE);
    let document = place.run(&["show", STORE, "--format", "json"]).json();
    let scope = &document["store"]["applications"][0]["scopes"][0];
    assert_eq!(scope["name"], "My test VM scope");
    let after = place.read(STORE);
    let added = after.len() - before.len();
    let at = before.iter().zip(&after).take_while(|(old, new)| old == new).count();
    assert_eq!(after[at + added..], before[at..], "only one place of the file differs");
}

/// A change is its words, or one line as a script has it, in quotes of the shell.
#[test]
fn a_change_may_be_one_quoted_line() {
    let place = Place::with_sample();
    place.run(&["edit", STORE, "create scope 'Johns VM Scope'"]).exits(0).says("Johns VM Scope");
    place
        .run(&["edit", STORE, "set scope 'Johns VM Scope' description John's"])
        .exits(2)
        .says("is not closed");
    place.run(&["edit", STORE, "create scope"]).exits(2).says("needs the name of the scope");
    place.run(&["edit", STORE, "create scope S", "--dry-run"]).exits(0);
    place.run(&["edit", STORE, "recipe list"]).exits(0).says("own-scope");
    let document = place.run(&["show", STORE, "--format", "json"]).json();
    assert_eq!(document["store"]["applications"][0]["scopes"][0]["name"], "Johns VM Scope");
}

/// Whoever has to say which application is told which there are.
#[test]
fn several_applications_are_named() {
    let place = Place::with_sample();
    place.run(&["edit", STORE, "create", "application", "Stock"]).exits(0);
    place.run(&["edit", STORE, "create", "scope", "S"]).exits(4).says("(\"Hyper-V services\", \"Stock\")");
    place
        .run(&["who-can", STORE, "Read Service Configuration"])
        .exits(2)
        .says("(\"Hyper-V services\", \"Stock\")")
        .says("--app NAME");
}

#[test]
fn two_users_who_must_not_see_each_other() {
    let place = Place::with_sample();
    let (john, joe) = ("S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002");
    let script = format!(
        "# Scenario: two users, one host\n\
         create scope 'Johns VM Scope'\n\
         create scope \"Joes VM Scope\"\n\n\
         create assignment Administrator --in 'Johns VM Scope' --role Administrator --member {john}\n\
         create assignment Administrator --in 'Joes VM Scope' --role Administrator --member {joe}\n\
         create role 'Service Access' --operation 'Read Service Configuration' --operation 'Reconfigure Service'\n\
         create assignment 'Service Access' --role 'Service Access' --member {john} --member {joe} # both\n"
    );
    place.write("script", script.as_bytes());
    place.run(&["edit", STORE, "--script", "script"]).exits(0);
    strict_parsers_accept(&place, STORE);
    let document = place.run(&["show", STORE, "--format", "json"]).json();
    let application = &document["store"]["applications"][0];
    assert_eq!(application["scopes"][1]["assignments"][0]["members"][0], joe);
    assert_eq!(
        application["scopes"][1]["assignments"][0]["roles"][0]["guid"],
        application["roles"][0]["guid"]
    );
    assert_eq!(application["roles"][1]["operations"][0]["name"], "Read Service Configuration");
    assert_eq!(application["assignments"][1]["members"].as_array().unwrap().len(), 2);
    place.run(&["check", STORE]).exits(0);
}

#[test]
fn a_script_is_all_or_nothing() {
    let place = Place::with_sample();
    let before = place.read(STORE);
    let run =
        place.run_with(&["edit", STORE, "--script", "-"], b"create scope A\n# comment\ndelete scope B\n");
    run.exits(4).says("line 3").says("B");
    place
        .run_with(&["edit", STORE, "--script", "-"], b"create scope A\nnonsense\n")
        .exits(4)
        .says("line 2")
        .says("nonsense");
    place.run_with(&["edit", STORE, "--script", "-"], b"create scope \xff\n").exits(4).says("UTF-8");
    for (name, refused) in [
        ("twice", "create scope A\ncreate scope A\n"),
        ("whom", "create scope A\ncreate group G --member joe\n"),
    ] {
        place.write(name, refused.as_bytes());
        place.run(&["edit", STORE, "--script", name]).exits(4).says(&format!("azedit: {name}, line 2: "));
    }
    place.run(&["edit", STORE, "--script", "missing"]).exits(2).says("missing");
    assert_eq!(place.read(STORE), before);
    place.run(&["log", STORE]).exits(0).says("No earlier version");
}

#[test]
fn a_dry_run_shows_objects_and_xml_and_writes_nothing() {
    let place = Place::with_sample();
    let before = place.read(STORE);
    let run = place
        .run(&["edit", STORE, "--dry-run", "create", "scope", "Joes VM Scope", "--description", "a < b"])
        .exits(0);
    assert!(run.out.contains("Joes VM Scope") && run.out.contains("+ <AzScope Guid=\""), "{run:#?}");
    assert!(run.out.contains("Description=\"a &lt; b\""), "{run:#?}");
    let run = place.run(&["edit", STORE, "--dry-run", "rename", "role", "Administrator", "Boss"]).exits(0);
    assert!(run.out.contains("- <AzTask ") && run.out.contains("Name=\"Boss\""), "{run:#?}");
    assert_eq!(place.read(STORE), before);
    assert!(!place.path(".state").exists(), "a dry run keeps no version");
    // Behind the change it means the same; as a value of the change it is one.
    place.run(&["edit", STORE, "create", "scope", "S", "--dry-run"]).exits(0).says("dry run");
    assert_eq!(place.read(STORE), before);
}

#[test]
fn nothing_to_change_leaves_the_file_alone() {
    let place = Place::with_sample();
    let before = std::fs::metadata(place.path(STORE)).unwrap().modified().unwrap();
    place
        .run_with(&["edit", STORE, "--script", "-"], b"create scope A\ndelete scope A\n")
        .exits(0)
        .says("Nothing to change");
    place.run_with(&["edit", STORE, "--script", "-"], b"# nothing\n").exits(0).says("Nothing to change");
    assert_eq!(std::fs::metadata(place.path(STORE)).unwrap().modified().unwrap(), before);
    place.run(&["log", STORE]).exits(0).says("No earlier version");
}

#[test]
fn invalid_changes_are_refused() {
    let place = Place::with_sample();
    let before = place.read(STORE);
    for change in [
        ["create", "role", "a/b"].as_slice(),
        &["create", "role", "Administrator"],
        &["create", "operation", "X", "--id", "100"],
        &["delete", "scope", "missing"],
        &["add", "assignment", "Administrator", "--member", "CONTOSO\\joe"],
        &["add", "role", "Administrator", "--operation", "missing"],
        &["add", "role", "Administrator", "--role", "Administrator"],
    ] {
        let mut arguments = vec!["edit", STORE];
        arguments.extend(change);
        place.run(&arguments).exits(4).says("Nothing was changed.");
    }
    for change in [["make", "scope"].as_slice(), &["create"], &["create", "scope", "A", "--colour", "red"]] {
        let mut arguments = vec!["edit", STORE];
        arguments.extend(change);
        place.run(&arguments).exits(2);
    }
    // What the message itself says is not taken for a name that pretends to be an escape.
    let line = r"create scope $'\u{110000}'";
    place
        .run(&["edit", STORE, line])
        .exits(2)
        .says(r"\u takes the hexadecimal number of a character in braces");
    assert_eq!(place.read(STORE), before);
}

#[test]
fn members_may_be_named_by_well_known_names() {
    let place = Place::with_sample();
    place
        .run(&["edit", STORE, "add", "assignment", "Administrator", "--member", "BUILTIN\\Backup Operators"])
        .exits(0);
    let document = place.run(&["show", STORE, "--format", "json"]).json();
    assert_eq!(document["store"]["applications"][0]["assignments"][0]["members"][1], "S-1-5-32-551");
    place
        .run(&[
            "edit",
            STORE,
            "remove",
            "assignment",
            "Administrator",
            "--member",
            "builtin\\backup operators",
        ])
        .exits(0);
    let document = place.run(&["show", STORE, "--format", "json"]).json();
    assert_eq!(
        document["store"]["applications"][0]["assignments"][0]["members"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn deleting_says_which_links_go_too() {
    let place = Place::with_sample();
    let run = place.run(&["edit", STORE, "delete", "operation", "Allow Virtual Machine Snapshot"]).exits(0);
    assert!(run.out.contains("Administrator"), "{run:#?}");
    place.run(&["check", STORE]).exits(0);
}

#[test]
fn the_application_is_chosen_by_name_where_there_are_several() {
    let place = Place::with("v1-by-script.xml");
    let store = "v1-by-script.xml";
    place.run(&["edit", store, "create", "scope", "S"]).exits(4).says("--app");
    place.run(&["edit", store, "--app", "Stock", "create", "scope", "S"]).exits(0);
    place
        .run_with(
            &["edit", store, "--app", "Stock", "--script", "-"],
            b"create scope T\ncreate scope U --app Shop\n",
        )
        .exits(0);
    let document = place.run(&["show", store, "--format", "json"]).json();
    let scopes = |at: usize| document["store"]["applications"][at]["scopes"].as_array().unwrap().len();
    assert_eq!((scopes(0), scopes(1)), (2, 2));
    place.run(&["edit", store, "--app", "Nowhere", "create", "scope", "S"]).exits(4).says("Nowhere");
}

#[test]
fn changes_need_a_file() {
    let place = Place::with_sample();
    place.run(&["edit", "-", "create", "scope", "S"]).exits(2);
    place.run(&["edit", "missing.xml", "create", "scope", "S"]).exits(3);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_written_is_not_replaced() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::with_sample();
    std::fs::hard_link(place.path(STORE), place.path("other.xml")).unwrap();
    let before = place.read(STORE);
    place.run(&["edit", STORE, "create", "scope", "S"]).exits(6).says("Not saved");
    assert_eq!(place.read(STORE), before);
    std::fs::remove_file(place.path("other.xml")).unwrap();
    std::fs::set_permissions(place.path(STORE), PermissionsExt::from_mode(0o640)).unwrap();
    place.run(&["edit", STORE, "create", "scope", "S"]).exits(0);
    assert_eq!(std::fs::metadata(place.path(STORE)).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_script_may_be_what_a_redirection_of_windows_leaves() {
    let line = "create scope 'Joes Bereich \u{fc}'\r\n";
    let utf16 = |mark: &[u8], unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.iter().copied().chain(line.encode_utf16().flat_map(unit)).collect()
    };
    let with_mark = ["\u{feff}", line].concat().into_bytes();
    for script in [utf16(b"\xFF\xFE", u16::to_le_bytes), utf16(b"\xFE\xFF", u16::to_be_bytes), with_mark] {
        let place = Place::with_sample();
        place.run_with(&["edit", STORE, "--script", "-"], &script).exits(0);
        place.write("script", &script);
        let again = place.run(&["edit", STORE, "--script", "script"]).exits(4);
        assert!(again.err.contains("There is already a scope \"Joes Bereich \u{fc}\""), "{again:#?}");
    }
    // What would have to be guessed could be another name than was meant.
    let place = Place::with_sample();
    for guessed in [&b"create scope \xFC\n"[..], &utf16(b"", u16::to_le_bytes), b"create scope A\0\n"] {
        place.run_with(&["edit", STORE, "--script", "-"], guessed).exits(4).says("byte order mark");
    }
}
