use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::Place;

#[test]
fn json_has_the_documented_shape() {
    let place = Place::with("faults.xml");
    let document = place.run(&["check", "faults.xml", "--format", "json"]).exits(1).json();
    assert_eq!(document.as_object().unwrap().len(), 2);
    let store = &document["stores"][0];
    assert_eq!(store["path"], "faults.xml");
    let findings = store["findings"].as_array().unwrap();
    for finding in findings {
        let mut keys: Vec<_> = finding.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["code", "column", "fixable", "line", "message", "object", "severity"]);
        assert!(["error", "warning", "info"].contains(&finding["severity"].as_str().unwrap()));
    }
    let of = |object: &str| findings.iter().filter(|finding| finding["object"] == object).collect::<Vec<_>>();
    let dangling = of("Faulty/roles/Dangling");
    assert!(
        dangling.iter().any(|finding| finding["severity"] == "error" && finding["line"] == 10),
        "{dangling:#?}"
    );
    assert!(!of("Faulty/assignments/Grants nobody").is_empty());
}

#[test]
fn exit_codes_follow_the_level() {
    let place = Place::with_sample();
    place.copy("faults.xml");
    place.run(&["check", "InitialStore.xml"]).exits(0).says("InitialStore.xml: ");
    place.run(&["check", "faults.xml"]).exits(1).says("faults.xml:9:");
    // Nobody is a member here: worth a warning, no error.
    place
        .run(&["edit", "InitialStore.xml", "create", "assignment", "Empty", "--role", "Administrator"])
        .exits(0);
    place.run(&["check", "InitialStore.xml"]).exits(0).says("warning");
    place.run(&["check", "InitialStore.xml", "--fail-on", "warning"]).exits(1);
    place.run(&["check", "InitialStore.xml", "--fail-on", "info"]).exits(1);
}

#[test]
fn many_stores_in_the_order_of_the_arguments() {
    let place = Place::with("faults.xml");
    place.copy("v1-by-script.xml");
    let names: Vec<_> = (0..40).map(|n| if n % 3 == 0 { "faults.xml" } else { "v1-by-script.xml" }).collect();
    let mut arguments = vec!["check", "--format", "json"];
    arguments.extend(&names);
    let run = place.run(&arguments).exits(1);
    let document = run.json();
    let paths: Vec<_> =
        document["stores"].as_array().unwrap().iter().map(|store| store["path"].as_str().unwrap()).collect();
    assert_eq!(paths, names);
    let stores = document["stores"].as_array().unwrap();
    assert_eq!(stores[0]["findings"], stores[3]["findings"]);
    assert!(run.err.is_empty(), "a progress bar where there is no terminal: {:?}", run.err);
}

#[test]
fn an_unreadable_store_among_others() {
    let place = Place::with("bad/malformed.xml");
    place.copy("faults.xml");
    let run = place.run(&["check", "faults.xml", "malformed.xml", "--format", "json"]).exits(3);
    let document = run.json();
    assert_eq!(document["error"]["kind"], "malformed");
    assert_eq!(document["error"]["line"], 3);
    assert!(!document["stores"][0]["findings"].as_array().unwrap().is_empty());
    assert_eq!(document["stores"][1]["error"], document["error"]);
    place
        .run(&["check", "faults.xml", "malformed.xml"])
        .exits(3)
        .says("malformed.xml:3:")
        .says("faults.xml:9:");
}

#[test]
fn what_cannot_be_read_says_why_and_where() {
    let place = Place::new();
    for (store, kind, line) in [
        ("malformed.xml", "malformed", json!(3)),
        ("truncated.xml", "malformed", json!(3)),
        ("empty.xml", "malformed", json!(1)),
        ("not-a-store.xml", "not_a_store", json!(2)),
        ("dtd.xml", "dtd", json!(2)),
        ("declared-utf16.xml", "encoding", json!(1)),
        ("latin1.xml", "encoding", json!(2)),
        ("too-deep.xml", "limit", json!(2)),
        ("missing.xml", "io", Value::Null),
        (".", "io", Value::Null),
    ] {
        if kind != "io" {
            place.copy(&format!("bad/{store}"));
        }
        for command in [["show", store].as_slice(), &["check", store], &["diff", store, store]] {
            let mut arguments = command.to_vec();
            place.run(&arguments).exits(3).says(store);
            arguments.extend(["--format", "json"]);
            let run = place.run(&arguments).exits(3);
            let document = run.json();
            assert_eq!(document.as_object().unwrap().len(), 2, "{run:#?}");
            let error = &document["error"];
            assert_eq!(error.as_object().unwrap().len(), 4, "{run:#?}");
            assert_eq!(error["kind"], kind, "{run:#?}");
            assert_eq!(error["line"], line, "{run:#?}");
            assert_eq!(error["column"].is_null(), line.is_null(), "{run:#?}");
            assert!(!error["message"].as_str().unwrap().is_empty());
        }
        place.run(&["edit", store, "create", "scope", "S"]).exits(3).says(store);
    }
    let run = place.run(&["check", "malformed.xml"]).exits(3);
    assert!(run.err.starts_with("azedit: malformed.xml:3:"), "{run:#?}");
}

#[test]
fn sarif_names_rules_places_and_objects() {
    let place = Place::with("faults.xml");
    let run = place.run(&["check", "faults.xml", "--format", "sarif"]).exits(1);
    let log: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        let location = &result["locations"][0];
        assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], "faults.xml");
        assert!(location["physicalLocation"]["region"]["startLine"].as_u64().unwrap() > 0);
        assert!(location["logicalLocations"][0]["fullyQualifiedName"].is_string());
    }
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);

    place.copy("bad/dtd.xml");
    let run = place.run(&["check", "dtd.xml", "--format", "sarif"]).exits(3);
    let log: Value = serde_json::from_str(&run.out).unwrap();
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["toolExecutionNotifications"][0]["descriptor"]["id"], "dtd");
}

#[test]
fn every_code_is_explained() {
    let place = Place::with("faults.xml");
    let document = place.run(&["check", "faults.xml", "--format", "json"]).exits(1).json();
    for finding in document["stores"][0]["findings"].as_array().unwrap() {
        let code = finding["code"].as_str().unwrap();
        let run = place.run(&["check", "--explain", &code.to_lowercase()]).exits(0).says(code);
        assert!(run.out.lines().count() > 2, "{run:#?}");
    }
    place.run(&["check", "--explain", "AZ-999999"]).exits(2).says("AZ-999999");
}

#[test]
fn fixing_mends_saves_and_leaves_nothing_fixable() {
    let place = Place::with("faults.xml");
    let before = place.read("faults.xml");
    let found = |run: &crate::support::Run| {
        let findings = run.json()["stores"][0]["findings"].as_array().unwrap().clone();
        let fixable = findings.iter().filter(|finding| finding["fixable"] == true).count();
        (findings.len(), fixable)
    };
    let (all, fixable) = found(&place.run(&["check", "faults.xml", "--format", "json"]));
    assert!(fixable > 0);
    let run = place.run(&["check", "faults.xml", "--format", "json", "--fix"]);
    let (left, left_fixable) = found(&run);
    assert!(left < all, "{left} of {all} left");
    assert_eq!(left_fixable, 0, "{run:#?}");
    assert_ne!(place.read("faults.xml"), before);
    // Each mended finding is named; nothing is said to be mended that is still found.
    let told: Vec<&str> = run.err.lines().filter(|line| line.starts_with("azedit:   AZ-")).collect();
    assert!(run.err.contains(&format!("mended {}.", told.len())), "{run:#?}");
    let is_left = |line: &&&str| {
        run.json()["stores"][0]["findings"].as_array().unwrap().iter().any(|finding| {
            let (code, message) = (finding["code"].as_str().unwrap(), finding["message"].as_str().unwrap());
            line.contains(code)
                && line.ends_with(message)
                && line.contains(finding["object"].as_str().unwrap())
        })
    };
    assert_eq!(told.iter().find(is_left), None);
    crate::support::strict_parsers_accept(&place, "faults.xml");
    assert_eq!(found(&place.run(&["check", "faults.xml", "--format", "json"])), (left, 0));
    // Nothing is left to mend: the file is not written again.
    let mended = place.read("faults.xml");
    let run = place.run(&["check", "faults.xml", "--fix"]);
    let run = run.says("faults.xml: nothing was mended: what was found needs a decision");
    assert_eq!(run.err.lines().count(), 1, "{run:#?}");
    assert_eq!(place.read("faults.xml"), mended);
    place.run(&["restore", "faults.xml"]).exits(0);
    assert_eq!(place.read("faults.xml"), before);
    place.run(&["check", "-", "--fix"]).exits(2);
}

/// A store of one application with this in it.
fn application(content: &str) -> Vec<u8> {
    format!(
        "<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"><AzApplication Name=\"A\" \
         Guid=\"a0000000-0000-4000-8000-000000000000\">{content}</AzApplication></AzAdminManager>"
    )
    .into_bytes()
}

/// What `write` gives for each number below `count`.
fn each(count: usize, write: impl Fn(usize) -> String) -> String {
    (0..count).map(write).collect()
}

fn guid(number: usize) -> String {
    format!("b0000000-0000-4000-8000-{number:012}")
}

/// Quadratic work takes 3 and 13 seconds here in an optimized program, and ten times that in the one that is tested.
const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn any_number_of_namesakes_costs_no_more_than_as_many_names() {
    let place = Place::new();
    let roles: String = each(8000, |n| {
        format!("<AzRole Guid=\"{}\" Name=\"R\"><TaskLink>{}</TaskLink></AzRole>", guid(n), guid(n + 9000))
    });
    place.write("same.xml", &application(&roles));
    let begun = Instant::now();
    place.run(&["check", "same.xml"]).exits(1).says("(--fix mends it)");
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

#[test]
fn any_number_of_findings_of_one_object_is_mended_at_once() {
    let place = Place::new();
    let dangling: String = each(8000, |n| format!("<TaskLink>{}</TaskLink>", guid(n)));
    let operation = |n: usize| {
        format!(
            "<AzOperation Guid=\"{}\" Name=\"O{n}\"><OperationID>{n}</OperationID></AzOperation>",
            guid(20000 + n)
        )
    };
    let operations: String = each(4000, operation);
    let links: String = each(8000, |n| format!("<OperationLink>{}</OperationLink>", guid(20000 + n / 2)));
    let twice: String = each(8000, |n| format!("<Member>S-1-5-21-1-2-3-{}</Member>", n / 2));
    place.write(
        "one.xml",
        &application(&format!(
            "{operations}<AzTask Name=\"T\">{links}</AzTask><AzRole Name=\"R\">{dangling}{twice}</AzRole>"
        )),
    );
    let begun = Instant::now();
    let mended = place.run(&["check", "one.xml", "--fix"]);
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    assert!(mended.err.contains("mended 16000"), "{}", mended.err);
    assert!(mended.err.contains("and 15900 more"), "{}", mended.err);
    let left = String::from_utf8(place.read("one.xml")).unwrap();
    let count = |element: &str| left.matches(element).count();
    assert_eq!((count("<TaskLink>"), count("<Member>"), count("<OperationLink>")), (0, 4000, 4000));
}

#[test]
fn one_fix_that_cannot_be_made_keeps_no_other_from_being_made() {
    let place = Place::new();
    let (one, other, nothing) = (guid(1), guid(2), guid(3));
    // Each contains the other, and one of them says so twice: to add that link again would be to make a circle.
    place.write(
        "circle.xml",
        &application(&format!(
            "<AzTask Guid=\"{one}\" Name=\"One\"><TaskLink>{other}</TaskLink><TaskLink>{other}</TaskLink>\
             <TaskLink>{nothing}</TaskLink><TaskLink>{nothing}</TaskLink></AzTask>\
             <AzTask Guid=\"{other}\" Name=\"Other\"><TaskLink>{one}</TaskLink></AzTask>\
             <AzRole Name=\"R\"><TaskLink>{one}</TaskLink><Member>S-1-5-5-0-1</Member><Member>s-1-5-5-0-1</Member>\
             <Member>S-1-5-21-1-2-3-4</Member></AzRole>"
        )),
    );
    place.run(&["check", "circle.xml", "--fix"]).exits(1).says("mended 2");
    let left = String::from_utf8(place.read("circle.xml")).unwrap();
    assert_eq!(left.matches(&nothing).count(), 0, "{left}");
    assert_eq!(left.matches(&format!("<TaskLink>{other}")).count(), 2, "{left}");
    assert!(!left.contains("5-5-0-1") && left.contains("S-1-5-21-1-2-3-4"), "{left}");
}

#[test]
fn of_a_repetition_the_first_stays_where_it_stands() {
    let place = Place::new();
    let before = application(
        "<AzRole Name=\"R\"><!-- Joe --><Member>S-1-5-21-1-2-3-4</Member><Member>S-1-5-21-1-2-3-5</Member>\
         <Member>S-1-5-21-1-2-3-4</Member><AppMemberLink>b0000000-0000-4000-8000-000000000009</AppMemberLink></AzRole>",
    );
    place.write("twice.xml", &before);
    place.run(&["check", "twice.xml", "--fix"]).says("AZ-407");
    let left = String::from_utf8(place.read("twice.xml")).unwrap();
    let twice = "3-5</Member><Member>S-1-5-21-1-2-3-4</Member>";
    let dangling = "<AppMemberLink>b0000000-0000-4000-8000-000000000009</AppMemberLink>";
    let wanted = String::from_utf8(before).unwrap().replace(twice, "3-5</Member>").replace(dangling, "");
    assert_eq!(left, wanted);
}

#[test]
fn what_is_left_after_mending_has_the_lines_of_the_file_as_it_is_then() {
    let place = Place::new();
    let role = "<AzRole Name=\"R\">\n<TaskLink>b0000000-0000-4000-8000-000000000001</TaskLink>\n\
                <TaskLink>b0000000-0000-4000-8000-000000000002</TaskLink>\n<Member>S-1-1-0</Member>\n</AzRole>\n";
    place.write("lines.xml", &application(&format!("{role}<AzRole Name=\"Nobody\"/>\n")));
    let places = |run: &crate::support::Run| {
        let findings = run.json()["stores"][0]["findings"].as_array().unwrap().clone();
        findings
            .iter()
            .map(|found| (found["code"].clone(), found["line"].clone(), found["column"].clone()))
            .collect()
    };
    let told: Vec<_> = places(&place.run(&["check", "lines.xml", "--fix", "--format", "json"]));
    let looked: Vec<_> = places(&place.run(&["check", "lines.xml", "--format", "json"]));
    assert!(told.iter().any(|(_, line, _)| line.as_u64() > Some(3)), "{told:?}");
    assert_eq!(told, looked);
}

#[test]
fn what_the_format_does_not_know_is_where_its_tag_begins() {
    let place = Place::new();
    place.write(
        "odd.xml",
        &application("\n  <Odd/>\n  <AzTask Name=\"T\">\n    <AzScope Name=\"S\"/></AzTask>\n"),
    );
    place.run(&["check", "odd.xml"]).says("odd.xml:2:3: warning AZ-108").says("odd.xml:4:5: error AZ-107");
}
