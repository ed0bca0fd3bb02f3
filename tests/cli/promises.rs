//! Promises 6 to 8 of the command line, over every store in tests/stores.

use crate::support::{Place, Written, readable_stores};

/// An application for a new object to go into; none where a store has none. In every store it has something in it.
fn parent(place: &Place, store: &str) -> Option<String> {
    let document = place.run(&["show", store, "--format", "json"]).exits(0).json();
    let applications = document["store"]["applications"].as_array().unwrap().clone();
    let name = applications.last()?["name"].as_str().unwrap().to_owned();
    Some(name)
}

/// The number of bytes at the start and at the end that two versions share.
fn shared(old: &[u8], new: &[u8]) -> (usize, usize) {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    (start, end)
}

fn create_and_delete(place: &Place, store: &str) -> (Vec<String>, Vec<String>) {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    match parent(place, store) {
        Some(application) => (
            words(&[
                "edit",
                store,
                "--app",
                &application,
                "create",
                "group",
                "Passing through",
                "--description",
                "x",
            ]),
            words(&["edit", store, "--app", &application, "delete", "group", "Passing through"]),
        ),
        None => (
            words(&["edit", store, "create", "application", "Passing through"]),
            words(&["edit", store, "delete", "application", "Passing through"]),
        ),
    }
}

#[test]
fn creating_and_deleting_gives_the_original_bytes() {
    let mut written = Written::new();
    for store in readable_stores() {
        let place = Place::with(&store);
        let original = place.read(&store);
        let (create, delete) = create_and_delete(&place, &store);
        place.run(&create).exits(0);
        let changed = place.read(&store);
        assert_ne!(changed, original, "{store}");
        written.keep(&place, &store);
        place.run(&delete).exits(0);
        written.keep(&place, &store);
        let back = place.read(&store);
        if ["root-self-closed.xml", "new-empty.xml"].contains(&store.as_str()) {
            // A later run cannot know how the root was written when nothing was in it.
            place.write("original.xml", &original);
            place.run(&["diff", "original.xml", &store]).exits(0);
        } else {
            assert!(back == original, "{store}:\n{}", String::from_utf8_lossy(&back));
            let (start, end) = shared(&original, &changed);
            assert!(start + end >= original.len(), "{store}: more than one place changed");
        }
    }
    written.are_accepted();
}

#[test]
fn undoing_within_one_run_leaves_even_the_file_alone() {
    for store in readable_stores() {
        let place = Place::with(&store);
        let original = place.read(&store);
        let (create, delete) = create_and_delete(&place, &store);
        let at = create.iter().position(|word| word == "create").unwrap();
        let line = |words: &[String]| {
            words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ") + "\n"
        };
        let script = line(&create[at..]) + &line(&delete[at..]);
        let mut arguments = create[..at].to_vec();
        arguments.extend(["--script".to_owned(), "-".to_owned()]);
        place.run_with(&arguments, script.as_bytes()).exits(0).says("Nothing to change");
        assert_eq!(place.read(&store), original, "{store}");
        assert!(!place.path(".state").exists());
    }
}

#[test]
fn restoring_gives_the_original_bytes() {
    let mut written = Written::new();
    for store in readable_stores() {
        let place = Place::with(&store);
        let original = place.read(&store);
        place
            .run(&["edit", &store, "set", "store", "description", "changed & <\"quoted\"> \u{1f600}\n"])
            .exits(0);
        let changed = place.read(&store);
        assert_ne!(changed, original);
        written.keep(&place, &store);
        let document = place.run(&["show", &store, "--format", "json"]).exits(0).json();
        assert_eq!(document["store"]["description"], "changed & <\"quoted\"> \u{1f600}\n", "{store}");
        place.run(&["restore", &store]).exits(0);
        assert_eq!(place.read(&store), original, "{store}");
        place.run(&["restore", &store]).exits(0);
        assert_eq!(place.read(&store), changed, "{store}: restoring is itself taken back");
    }
    written.are_accepted();
}

#[test]
fn a_change_is_read_back_as_it_was_made() {
    let mut written = Written::new();
    // Names as far as Authorization Manager lets them go, in every encoding and line end.
    for store in ["utf8-bom.xml", "utf16le.xml", "utf16be.xml", "v1-crlf-rule.xml", "hand-written.xml"] {
        let place = Place::with(store);
        let rule = "Dim a\na = \"x\" & ']]>' < 1\n\tEnd\n";
        let changes: [&[&str]; 4] = [
            &["create", "task", "Größe & 'Maß' 日本", "--description", "tab\there, <tag> \"quotes\""],
            &["set", "task", "Größe & 'Maß' 日本", "rule-language", "VBScript"],
            &["set", "task", "Größe & 'Maß' 日本", "rule", rule],
            &["create", "scope", "https://host/a?b=c&d=\"e\""],
        ];
        for change in changes {
            let mut arguments = vec!["edit", store];
            arguments.extend(change);
            place.run(&arguments).exits(0);
            written.keep(&place, store);
        }
        let document = place.run(&["show", store, "--format", "json"]).exits(0).json();
        let application = &document["store"]["applications"][0];
        let task = application["tasks"].as_array().unwrap().last().unwrap();
        assert_eq!(task["name"], "Größe & 'Maß' 日本");
        assert_eq!(task["description"], "tab\there, <tag> \"quotes\"");
        assert_eq!(task["rule"]["text"], rule);
        let scope = application["scopes"].as_array().unwrap().last().unwrap();
        assert_eq!(scope["name"], "https://host/a?b=c&d=\"e\"");
    }
    written.are_accepted();
}
