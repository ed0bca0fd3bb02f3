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
        "<Odd/><AzOperation ",
        1,
    );
    place.write("odd.xml", odd.as_bytes());
    let run = place.run(&["diff", "InitialStore.xml", "odd.xml", "--format", "changes"]).exits(1);
    assert!(run.out.starts_with("# ") && run.out.contains("Odd"), "{run:#?}");
    run.says("1 difference is beyond what changes can say");
}

/// The sample as each node of a cluster makes it for itself, with GUIDs of its own.
fn another_node(place: &Place, name: &str) {
    let text = String::from_utf8(place.read("InitialStore.xml")).unwrap();
    let mut fresh = 0;
    let mut parts = text.split("Guid=\"");
    let mut out = parts.next().unwrap().to_owned();
    let mut guids = Vec::new();
    for part in parts {
        fresh += 1;
        guids.push((part[..36].to_owned(), format!("00000000-0000-4000-8000-{fresh:012}")));
        out.push_str("Guid=\"");
        out.push_str(part);
    }
    for (old, new) in guids {
        out = out.replace(&old, &new);
    }
    place.write(name, out.as_bytes());
}

#[test]
fn the_nodes_of_a_cluster_side_by_side() {
    let place = Place::with_sample();
    another_node(&place, "b.xml");
    another_node(&place, "c.xml");
    place.run(&["diff", "InitialStore.xml", "b.xml"]).exits(1);
    place.run(&["diff", "InitialStore.xml", "b.xml", "c.xml"]).exits(0).says("No difference");
    let script = "create scope 'Joes VM Scope' --description new\n\
                  create assignment Administrator --in 'Joes VM Scope' --role Administrator --member S-1-5-21-1-2-3-1001\n\
                  add assignment Administrator --member S-1-5-21-1-2-3-1002\n\
                  delete operation 'Allow Virtual Machine Snapshot'\n";
    place.run_with(&["edit", "b.xml", "--script", "-"], script.as_bytes()).exits(0);
    place.run(&["edit", "c.xml", "create", "scope", "Joes VM Scope", "--description", "other"]).exits(0);
    let stores = ["diff", "InitialStore.xml", "b.xml", "c.xml"];
    let run = place.run(&stores).exits(1);
    for line in [
        "A  InitialStore.xml",
        "-  does not have it\n.  does not have the object either\n",
        "-BC  Hyper-V services/scopes/Joes VM Scope  scope",
        ".BC  Hyper-V services/scopes/Joes VM Scope  Description: B \"new\", C \"other\"",
        ".B-  Hyper-V services/scopes/Joes VM Scope/assignments/Administrator  role assignment",
        "-B-  Hyper-V services/assignments/Administrator  member S-1-5-21-1-2-3-1002",
        "A-C  Hyper-V services/operations/Allow Virtual Machine Snapshot  operation",
        "A-C  Hyper-V services/roles/Administrator  operation Hyper-V services/operations/Allow Virtual Machine Snapshot",
    ] {
        assert!(run.out.contains(line), "{line} is not in {run:#?}");
    }
    let document = place.run(&[&stores[..], &["--format", "json"]].concat()).exits(1).json();
    assert_eq!(document["stores"].as_array().unwrap().len(), 3);
    let rows = document["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 6, "{rows:#?}");
    assert!(rows.iter().any(|row| row["values"] == serde_json::json!([{"no_object": true}, "new", "other"])));
    place.run(&[&stores[..], &["--format", "changes"]].concat()).exits(2);
}

#[test]
fn one_node_is_brought_into_line_with_another() {
    let place = Place::with_sample();
    another_node(&place, "b.xml");
    let script = "create scope 'Joes VM Scope'\n\
                  create assignment Administrator --in 'Joes VM Scope' --role Administrator --member S-1-5-21-1-2-3-1001\n\
                  create role Reader --operation 'Read Service Configuration'\n\
                  set role Reader rule 'AzBizRuleContext.BusinessRuleResult = True'\n\
                  set application 'Hyper-V services' description 'node b'\n\
                  delete operation 'Allow Virtual Machine Snapshot'\n";
    place.run_with(&["edit", "b.xml", "--script", "-"], script.as_bytes()).exits(0);
    let guid = |store: &str| {
        let json = place.run(&["show", store, "--format", "json"]).exits(0).json();
        json["store"]["applications"][0]["guid"].clone()
    };
    let before = guid("InitialStore.xml");
    let by_name = ["diff", "InitialStore.xml", "b.xml", "--by-name"];
    let changes = place.run(&[&by_name[..], &["--format", "changes"]].concat()).exits(1).out;
    assert!(!changes.contains("create operation") && changes.contains("create scope"), "{changes}");
    place.run_with(&["edit", "InitialStore.xml", "--script", "-"], changes.as_bytes()).exits(0);
    place.run(&by_name).exits(0).says("No difference");
    assert_eq!(guid("InitialStore.xml"), before, "the node keeps its own GUIDs");
}
