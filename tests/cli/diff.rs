use serde_json::Value;

use crate::support::Place;

#[test]
fn a_store_does_not_differ_from_itself_in_another_dress() {
    let place = Place::with("hand-written.xml");
    let dressed = String::from_utf8(place.read("hand-written.xml"))
        .unwrap()
        .replace('\n', "\r\n")
        .replace("  <Az", "\t<Az");
    place.write("other.xml", dressed.as_bytes());
    let run = place.run(&["diff", "hand-written.xml", "other.xml"]).exits(0);
    assert!(!run.out.is_empty(), "it says that there is none");
    let document = place.run(&["diff", "hand-written.xml", "other.xml", "--format", "json"]).exits(0).json();
    assert_eq!(document["differences"], Value::Array(Vec::new()));
}

#[test]
fn what_was_changed_is_what_differs() {
    let place = Place::with_sample();
    std::fs::copy(place.path("InitialStore.xml"), place.path("old.xml")).unwrap();
    let script = "create scope 'Joes VM Scope'\n\
                  create assignment Administrator --in 'Joes VM Scope' --role Administrator --member S-1-5-21-1-2-3-1001\n\
                  rename role Administrator Operator\n\
                  delete operation 'Allow Virtual Machine Snapshot'\n";
    place.run_with(&["edit", "InitialStore.xml", "--script", "-"], script.as_bytes()).exits(0);
    let run = place.run(&["diff", "old.xml", "InitialStore.xml"]).exits(1);
    for text in ["Joes VM Scope", "Operator", "Allow Virtual Machine Snapshot"] {
        assert!(run.out.contains(text), "{text} is not in {run:#?}");
    }
    let changes = |old: &str, new: &str, name: &str| -> Vec<String> {
        let document = place.run(&["diff", old, new, "--format", "json"]).exits(1).json();
        let differences = document["differences"].as_array().unwrap().iter();
        let named = differences.filter(|difference| difference["name"] == name);
        named.map(|difference| difference["change"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(changes("old.xml", "InitialStore.xml", "Joes VM Scope"), ["added"]);
    assert_eq!(changes("InitialStore.xml", "old.xml", "Joes VM Scope"), ["removed"]);
    assert_eq!(changes("old.xml", "InitialStore.xml", "Operator"), ["attribute", "unlinked"]);
    assert_eq!(changes("old.xml", "InitialStore.xml", "Allow Virtual Machine Snapshot"), ["removed"]);
    place.run_with(&["diff", "-", "InitialStore.xml"], &place.read("InitialStore.xml")).exits(0);
    place.run(&["diff", "-", "-"]).exits(2);
}

#[test]
fn the_changes_between_two_stores_are_a_script() {
    let place = Place::with_sample();
    std::fs::copy(place.path("InitialStore.xml"), place.path("old.xml")).unwrap();
    let script = "create scope 'Joes VM Scope'\n\
                  create role Operator --operation 'Start Virtual Machine'\n\
                  create assignment Ops --in 'Joes VM Scope' --role Operator --member S-1-5-21-1-2-3-1001\n\
                  rename role Administrator Boss\n\
                  delete operation 'Allow Virtual Machine Snapshot'\n";
    place.run_with(&["edit", "InitialStore.xml", "--script", "-"], script.as_bytes()).exits(0);
    for (from, to) in [("old.xml", "InitialStore.xml"), ("InitialStore.xml", "old.xml")] {
        std::fs::copy(place.path(from), place.path("copy.xml")).unwrap();
        let changes = place.run(&["diff", "copy.xml", to, "--format", "changes"]).exits(1);
        place.run_with(&["edit", "copy.xml", "--script", "-"], changes.out.as_bytes()).exits(0);
        place.run(&["diff", "copy.xml", to]).exits(0);
        let nothing = place.run(&["diff", "copy.xml", to, "--format", "changes"]).exits(0);
        assert_eq!(nothing.out, "");
    }
    place.run(&["diff", "old.xml", "copy.xml", "--access", "--format", "changes"]).exits(2);
}

#[test]
fn what_changes_cannot_say_is_told() {
    let place = Place::with_sample();
    let odd = String::from_utf8(place.read("InitialStore.xml")).unwrap().replacen(
        "<AzOperation ",
        "<AzOperation odd=\"1\" ",
        1,
    );
    place.write("odd.xml", odd.as_bytes());
    let run = place.run(&["diff", "InitialStore.xml", "odd.xml", "--format", "changes"]).exits(1);
    assert!(run.out.starts_with("# ") && run.out.contains("odd"), "{run:#?}");
    run.says("1 difference is beyond what changes can say");
}
