use serde_json::{Value, json};

use crate::support::{Place, readable_stores};

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn json_has_the_documented_shape() {
    let place = Place::with("v2-groups.xml");
    let document = place.run(&["show", "v2-groups.xml", "--format", "json"]).exits(0).json();
    assert_eq!(keys(&document), ["format", "store"]);
    let store = &document["store"];
    assert_eq!(keys(store), ["applications", "description", "groups", "guid", "path", "schema"]);
    assert_eq!(store["path"], "v2-groups.xml");
    assert_eq!(store["schema"], "2.0");
    let group = &store["groups"][0];
    assert_eq!(
        keys(group),
        ["description", "groups", "guid", "members", "name", "non_members", "query", "rule", "type"]
    );
    let application = &store["applications"][0];
    assert_eq!(
        keys(application),
        [
            "assignments",
            "description",
            "groups",
            "guid",
            "name",
            "operations",
            "roles",
            "scopes",
            "tasks",
            "version"
        ]
    );
    assert_eq!(keys(&application["operations"][0]), ["description", "guid", "id", "name"]);
    assert_eq!(application["operations"][0]["id"], 1);
    assert_eq!(
        keys(&application["roles"][0]),
        ["description", "guid", "name", "operations", "rule", "tasks"]
    );
    assert_eq!(application["roles"][0]["operations"][0]["name"], "Open");
    assert_eq!(application["roles"][0]["rule"], Value::Null);
    let assignment = &application["assignments"][0];
    assert_eq!(keys(assignment), ["description", "groups", "guid", "members", "name", "roles"]);
    assert_eq!(assignment["description"], Value::Null, "absent");
    assert_eq!(application["description"], "", "empty");
    assert_eq!(assignment["roles"][0]["guid"], application["roles"][0]["guid"]);
    let scope = &application["scopes"][0];
    assert_eq!(keys(scope), ["assignments", "description", "groups", "guid", "name", "roles", "tasks"]);
}

#[test]
fn json_of_groups_of_every_type() {
    let place = Place::with("v2-groups.xml");
    let document = place.run(&["show", "v2-groups.xml", "--format", "json"]).exits(0).json();
    let groups = &document["store"]["applications"][0]["scopes"][0]["groups"];
    let (basic, ldap, rule) = (&groups[0], &groups[1], &groups[2]);
    assert_eq!(basic["type"], "basic");
    assert_eq!(basic["members"][1], "S-1-9-3-1-2-3");
    assert_eq!(basic["non_members"], json!(["S-1-5-21-2043587137-1204582317-3094521856-1202"]));
    assert_eq!(basic["groups"][0]["name"], "Application basic");
    assert_eq!(basic["rule"], Value::Null, "an empty language is no rule");
    assert_eq!(ldap["type"], "ldap");
    assert_eq!(ldap["query"], "(&(objectClass=computer)(!(cn=x<y)))");
    assert_eq!(rule["type"], "rule");
    assert_eq!(rule["rule"]["language"], "JScript");
    assert_eq!(rule["rule"]["path"], "C:\\Rules\\Scope.js");
    assert!(rule["rule"]["text"].as_str().unwrap().contains("1 < 2 && \"a\" == 'a'"));
}

#[test]
fn json_keeps_rules_and_dangling_links() {
    let place = Place::with("v1-crlf-rule.xml");
    place.copy("faults.xml");
    let document = place.run(&["show", "v1-crlf-rule.xml", "--format", "json"]).exits(0).json();
    let tasks = &document["store"]["applications"][0]["tasks"];
    let rule = tasks.as_array().unwrap().iter().find(|task| !task["rule"].is_null()).unwrap();
    assert_eq!(rule["rule"]["path"], "C:\\Rules\\weekdays.vbs");
    let text = rule["rule"]["text"].as_str().unwrap();
    assert!(text.contains("\"in person\"\nDim today") && !text.contains('\r'), "{text:?}");
    assert_eq!(document["store"]["guid"], Value::Null);

    let document = place.run(&["show", "faults.xml", "--format", "json"]).exits(0).json();
    let roles = document["store"]["applications"][0]["roles"].as_array().unwrap();
    let dangling = roles.iter().find(|role| role["name"] == "Dangling").unwrap();
    assert_eq!(dangling["operations"][0]["name"], Value::Null);
    assert_eq!(dangling["operations"][0]["guid"].as_str().unwrap().len(), 36);
}

#[test]
fn guids_have_one_spelling_in_json() {
    let place = Place::with("guid-forms.xml");
    let document = place.run(&["show", "guid-forms.xml", "--format", "json"]).exits(0).json();
    let application = &document["store"]["applications"][0];
    assert_eq!(document["store"]["guid"], "{0}", "no GUID, so as it is written");
    assert_eq!(application["guid"], "6e9b5f0a-3c1d-4b7e-9a42-1f0c8d7e5b36");
    assert_eq!(application["roles"][0]["operations"][0]["guid"], application["operations"][0]["guid"]);
    assert_eq!(application["roles"][0]["operations"][1]["guid"], application["operations"][1]["guid"]);
    assert_eq!(application["assignments"][0]["roles"][0]["name"], "Reader");
}

#[test]
fn the_same_store_in_three_encodings() {
    let place = Place::new();
    let mut documents = ["utf8-bom.xml", "utf16le.xml", "utf16be.xml"].map(|name| {
        place.copy(name);
        let mut document = place.run(&["show", name, "--format", "json"]).exits(0).json();
        let text = &mut document["store"];
        text["path"] = Value::Null;
        // The three are three files: only their GUIDs differ.
        let names = [
            &text["description"],
            &text["applications"][0]["name"],
            &text["applications"][0]["roles"][0]["name"],
        ];
        json!(names)
    });
    assert_eq!(documents[0], json!(["Größe: über 0 €", "Übersicht", "Читатель"]));
    documents.rotate_left(1);
    assert!(documents.iter().all(|document| *document == documents[0]));
}

#[test]
fn the_tree_in_words() {
    let place = Place::with("hyperv-two-scopes.xml");
    let shown = place.run(&["show", "hyperv-two-scopes.xml"]).exits(0);
    for text in [
        "hyperv-two-scopes.xml  store",
        "  Hyper-V services  application",
        "Role Definitions",
        "Operations: 34",
        "Operations: Read Service Configuration, Reconfigure Service",
        "Members: BUILTIN\\Administrators (S-1-5-32-544)",
        "    Johns VM Scope  scope",
        "    Joes VM Scope  scope",
    ] {
        assert!(shown.out.contains(text), "{text:?} is not in\n{}", shown.out);
    }
}

#[test]
fn one_object_by_path_guid_and_name() {
    let place = Place::with("hyperv-two-scopes.xml");
    let path = "Hyper-V services/scopes/Joes VM Scope/assignments/Administrator";
    let show = |word: &str| place.run(&["show", "hyperv-two-scopes.xml", word, "--format", "json"]);
    let by_path = show(path).exits(0).json();
    let object = &by_path["object"];
    assert_eq!(object["kind"], "assignment");
    assert_eq!(object["path"], path);
    assert_eq!(object["members"][0], "S-1-5-21-2043587137-1204582317-3094521856-1002");
    assert_eq!(show(object["guid"].as_str().unwrap()).exits(0).json(), by_path);
    assert_eq!(show("Joes VM Scope").exits(0).json()["object"]["assignments"][0]["name"], "Administrator");
    // Four objects have this name.
    show("Administrator").exits(2).says(path);
    show("Nobody").exits(2).says("Nobody");
    let text = place.run(&["show", "hyperv-two-scopes.xml", "Service Access"]);
    // A role definition and its assignment.
    text.exits(2).says("roles/Service Access");
    place
        .run(&["show", "hyperv-two-scopes.xml", "Hyper-V services/roles/Service Access"])
        .exits(0)
        .says("Used by")
        .says("Hyper-V services/assignments/Service Access");
}

#[test]
fn every_path_that_check_prints_names_an_object() {
    let place = Place::new();
    place.write(
        "odd.xml",
        "<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"><AzApplication Name=\"A\">\
         <AzRole Name=\"\"/><AzRole Name=\"Admin\u{202E}\"/>\
         <AzTask Name=\"T\" Guid=\"a0000000-0000-4000-8000-000000000001\"/>\
         <AzTask Name=\"T\" Guid=\"a0000000-0000-4000-8000-000000000002\"/></AzApplication></AzAdminManager>"
            .as_bytes(),
    );
    let checked = place.run(&["check", "odd.xml"]).exits(1);
    for path in ["A/assignments/", "A/assignments/Admin\\u{202E}"] {
        assert!(checked.out.contains(&format!("[{path}]")), "{checked:#?}");
        place.run(&["show", "odd.xml", path]).exits(0).says("role assignment");
    }
    // One path of two objects: only a GUID tells them apart.
    place.run(&["show", "odd.xml", "A/tasks/T"]).exits(2).says("guid:a0000000-0000-4000-8000-000000000002");
}

#[test]
fn a_link_to_nothing_is_called_neither_task_nor_role() {
    let place = Place::new();
    place.write(
        "dangling.xml",
        b"<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"><AzApplication Name=\"A\"><AzTask Name=\"T\">\
          <TaskLink>a0000000-0000-4000-8000-000000000001</TaskLink></AzTask></AzApplication></AzAdminManager>",
    );
    let shown = place.run(&["show", "dangling.xml", "A/tasks/T"]).exits(0).says("Definitions");
    assert!(!shown.out.contains("Role definitions") && !shown.out.contains("Task definitions"), "{shown:#?}");
}

#[test]
fn a_scope_named_like_a_url_has_a_path() {
    let place = Place::with("v1-crlf-rule.xml");
    place
        .run(&["show", "v1-crlf-rule.xml", "Library/scopes/http://library.example/stacks/tasks/Borrow"])
        .exits(0)
        .says("task definition");
}

#[test]
fn every_store_in_every_format() {
    let place = Place::new();
    for name in readable_stores() {
        place.copy(&name);
        for format in ["text", "json", "markdown", "html"] {
            let run = place.run(&["show", &name, "--format", format]).exits(0);
            assert!(run.err.is_empty() && run.out.ends_with('\n'), "{name} {format}: {run:#?}");
        }
    }
}

#[test]
fn from_standard_input() {
    let place = Place::with_sample();
    let run = place.run_with(&["show", "-", "--format", "json"], &place.read("InitialStore.xml")).exits(0);
    assert_eq!(run.json()["store"]["applications"][0]["name"], "Hyper-V services");
}

#[test]
fn a_store_that_does_not_say_its_schema_has_none() {
    let place = Place::new();
    for (versions, text, json) in [
        ("", None, json!(null)),
        (" MajorVersion=\"2\"", Some("Schema  2\n"), json!("2")),
        (" MinorVersion=\"0\"", Some("Schema  ?.0\n"), json!("?.0")),
        (" MajorVersion=\"2\" MinorVersion=\"0\"", Some("Schema  2.0\n"), json!("2.0")),
    ] {
        place.write("a.xml", format!("<AzAdminManager{versions}/>").as_bytes());
        let shown = place.run(&["show", "a.xml"]).exits(0);
        match text {
            Some(text) => assert!(shown.out.contains(text), "{}", shown.out),
            None => assert!(!shown.out.contains("Schema"), "{}", shown.out),
        }
        let document = place.run(&["show", "a.xml", "--format", "json"]).exits(0).json();
        assert_eq!(document["store"]["schema"], json, "{versions}");
    }
}
