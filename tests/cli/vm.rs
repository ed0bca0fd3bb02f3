use serde_json::{Value, json};

use crate::support::Place;

const JOHN: &str = "E57917F3-31C3-456E-B1BA-5E45B4CC7E0C";
const JOE: &str = "D9E0EB0A-5B37-508E-9173-67E9ADE83ACF";

/// What the listing script prints on a host; synthetic.
fn listing() -> String {
    format!(
        "{{\"azedit\":\"host\",\"name\":\"HV01\"}}\r\n\
         {{\"azedit\":\"machine\",\"guid\":\"{JOHN}\",\"name\":\"Johns VM\",\"state\":2,\"scope\":\"\"}}\r\n\
         {{\"azedit\":\"machine\",\"guid\":\"{JOE}\",\"name\":\"Joe\\u001b[2Js VM\",\"state\":3,\"scope\":\"Joes VM Scope\"}}\r\n\
         {{\"azedit\":\"machine\",\"guid\":\"00000000-0000-0000-0000-000000000003\",\"name\":\"twin\",\"state\":2,\"scope\":\"\"}}\r\n\
         {{\"azedit\":\"machine\",\"guid\":\"00000000-0000-0000-0000-000000000004\",\"name\":\"Twin\",\"state\":2,\"scope\":\"\"}}\r\n\
         {{\"azedit\":\"end\",\"count\":4}}\r\n"
    )
}

fn place() -> Place {
    let place = Place::with("hyperv-two-scopes.xml");
    place.write("machines.txt", listing().as_bytes());
    place
}

#[test]
fn an_inventory_is_listed_and_is_json_that_is_an_inventory() {
    let place = place();
    let run = place.run(&["vm", "list", "--inventory", "machines.txt"]).exits(0);
    for text in ["HV01", "Johns VM", JOHN, "running", "(default scope)", "Joes VM Scope", "\\u{1B}"] {
        assert!(run.out.contains(text), "{text} is not in {run:#?}");
    }
    assert!(!run.out.contains('\u{1b}'));
    let json = place.run(&["vm", "list", "--inventory", "machines.txt", "--format", "json"]).exits(0);
    assert_eq!(
        json.json()["machines"][1],
        json!({"guid": JOE, "name": "Joe\u{1b}[2Js VM", "state": 3, "scope": "Joes VM Scope"})
    );
    let again =
        place.run_with(&["vm", "list", "--inventory", "-", "--format", "json"], json.out.as_bytes()).exits(0);
    assert_eq!(again.out, json.out);
}

#[test]
fn what_is_no_inventory_says_why() {
    let place = place();
    place.run(&["vm", "list", "--inventory", "hyperv-two-scopes.xml"]).exits(3).says("neither the output");
    let cut = listing().replace("{\"azedit\":\"end\",\"count\":4}", "");
    place.write("cut.txt", cut.as_bytes());
    place.run(&["vm", "list", "--inventory", "cut.txt"]).exits(3).says("not complete");
    let no_namespace = "Could not connect\r\n{\"azedit\":\"error\",\"doing\":\"connect\",\"code\":\"0x8004100E\",\"message\":\"\"}\r\n";
    place.write("new.txt", no_namespace.as_bytes());
    let run = place.run(&["vm", "list", "--inventory", "new.txt", "--format", "json"]).exits(3);
    assert!(run.json()["error"]["message"].as_str().unwrap().contains("2012 R2"));
}

#[cfg(not(windows))]
#[test]
fn without_windows_it_says_how_to_reach_a_host() {
    let place = place();
    for arguments in
        [["vm", "list"].as_slice(), &["vm", "move", JOHN, "--to", "S"], &["vm", "list", "--host", "HV01"]]
    {
        place.run(arguments).exits(3).says("azedit vm script");
    }
}

#[test]
fn a_move_is_checked_against_the_store() {
    let place = place();
    let run = |words: &[&str]| {
        let options = ["--inventory", "machines.txt", "--store", "hyperv-two-scopes.xml", "--dry-run"];
        place.run(&[&["vm", "move"], words, &options].concat())
    };
    run(&["Johns VM", "--to", "Johns VM Scope"])
        .exits(0)
        .says("from the default scope to \"Johns VM Scope\"");
    run(&["Johns VM", "--to", "Johns Scope"]).exits(4).says("--allow unknown-scope");
    run(&["Johns VM", "--to", "Johns Scope", "--allow", "unknown-scope"]).exits(0).says("\"Johns Scope\"");
    run(&[JOE, "--to", "Joes VM Scope"]).exits(0).says("Nothing to move");
    run(&[JOE, "--to-default"]).exits(0).says("to the default scope");
    run(&["twin", "--to-default"]).exits(2).says("000000000004");
    run(&["nobody", "--to-default"]).exits(2).says("nobody");
    run(&["Johns VM"]).exits(2).says("--to-default");
    run(&["--to", "Johns VM Scope"]).exits(2);
    // A plan from a file is not carried out.
    let options = ["Johns VM", "--to", "Johns VM Scope", "--inventory", "machines.txt"];
    place.run(&[&["vm", "move"], options.as_slice()].concat()).exits(4).says("azedit vm script");
}

#[test]
fn machines_follow_a_scope_that_changes() {
    let place = place();
    place.write("old.xml", &place.read("hyperv-two-scopes.xml"));
    place.run(&["edit", "hyperv-two-scopes.xml", "rename", "scope", "Joes VM Scope", "Joe"]).exits(0);
    let arguments = |verb| {
        ["vm", verb, "--inventory", "machines.txt", "--store", "hyperv-two-scopes.xml", "--was", "old.xml"]
            .to_vec()
    };
    let mut plan = arguments("move");
    plan.extend(["--dry-run", "--format", "json"]);
    let document = place.run(&plan).exits(0).json();
    assert_eq!(document["held"], json!([{"name": "Joes VM Scope", "becomes": "Joe"}]));
    let moves = document["moves"].as_array().unwrap();
    assert_eq!(moves.len(), 1);
    assert_eq!(
        (&moves[0]["guid"], &moves[0]["to"], &moves[0]["why"]),
        (&json!(JOE), &json!("Joe"), &json!("renamed"))
    );
    assert_eq!(moves[0]["outcome"], Value::Null);
    let script = place.run(&arguments("script")).exits(0).out;
    assert!(script.contains(&format!("Plan \"{JOE}\", \"Joe\"")), "{script}");
}

#[test]
fn scripts_of_both_languages() {
    let place = place();
    let list = place.run(&["vm", "script"]).exits(0).out;
    assert!(list.ends_with("RunList\r\n") && list.is_ascii());
    let list = place.run(&["vm", "script", "--language", "powershell", "--host", "HV01"]).exits(0).out;
    assert!(list.contains("$TargetHost = 'HV01'\r\n") && list.ends_with("Invoke-List\r\n"));
    let scope = "Johns \"VM\" Scope \u{201D}'";
    let script = place.run(&["vm", "script", JOHN, "--to", scope]).exits(0).says("without --store").out;
    assert!(
        script.contains(&format!("Plan \"{JOHN}\", \"Johns \" & ChrW(34) & \"VM\" & ChrW(34)")),
        "{script}"
    );
    assert!(script.is_ascii());
    place.run(&["vm", "script", "Johns VM", "--to", "S"]).exits(2).says("--inventory");
    place
        .run(&["vm", "script", JOHN, "--to", "S", "--store", "hyperv-two-scopes.xml"])
        .exits(4)
        .says("unknown-scope");
    let words = [
        "vm",
        "script",
        "johns vm",
        "--to",
        "Johns VM Scope",
        "--inventory",
        "machines.txt",
        "-o",
        "move.vbs",
    ];
    place.run(&words).exits(0).says("cscript //nologo");
    assert!(
        String::from_utf8(place.read("move.vbs"))
            .unwrap()
            .contains("' \"Johns VM\" leaves the default scope.")
    );
    place.run(&words).exits(4).says("exists");
}

#[test]
fn the_store_of_virtual_machine_manager_is_announced() {
    let place = Place::with_sample();
    place.write("HyperVAuthStore.xml", &place.read("InitialStore.xml"));
    place.run(&["edit", "HyperVAuthStore.xml", "create", "scope", "S"]).exits(0).says("every 30 minutes");
    let run = place.run(&["edit", "InitialStore.xml", "create", "scope", "S"]).exits(0);
    assert!(!run.err.contains("30 minutes"), "{run:#?}");
}

#[test]
fn a_scope_with_machines_does_not_leave_unasked() {
    let place = place();
    let rename = ["edit", "hyperv-two-scopes.xml", "rename", "scope", "Joes VM Scope", "Joe"];
    let before = place.read("hyperv-two-scopes.xml");
    let with_inventory =
        |words: &[&str]| place.run(&[&["edit", "--inventory", "machines.txt"], words].concat());
    let run = with_inventory(&rename[1..]).exits(4).says("--allow machines").says("default scope");
    assert!(run.err.contains("s VM") && !run.err.contains('\u{1b}'), "{run:#?}");
    assert_eq!(place.read("hyperv-two-scopes.xml"), before);
    // Nobody is in the other scope.
    with_inventory(&["hyperv-two-scopes.xml", "delete", "scope", "Johns VM Scope"]).exits(0);
    // Where it is not known who is in a scope, it is said what would happen.
    place.run(&[&rename[..], &["--dry-run"]].concat()).exits(0).says("azedit vm move");
    place
        .run(&[&rename[..], &["--dry-run", "--inventory", "machines.txt"]].concat())
        .exits(0)
        .says("--allow, because");
    with_inventory(&[&rename[1..], &["--allow", "machines"]].concat()).exits(0);
    with_inventory(&["hyperv-two-scopes.xml", "create", "scope", "New"]).exits(0);
}

#[test]
fn the_account_of_a_machine_is_told_by_the_machines_name() {
    let place = place();
    let sid = "S-1-5-83-1-3849918451-1164849603-1163836081-209636532";
    let add =
        ["edit", "hyperv-two-scopes.xml", "--dry-run", "add", "assignment", "Administrator", "--member"];
    let by = |who: &str, options: &[&str]| place.run(&[&add[..], &[who], options].concat());
    by(sid, &[]).exits(0).says("NT VIRTUAL MACHINE\\E57917F3-31C3-456E-B1BA-5E45B4CC7E0C (");
    let named = format!("NT VIRTUAL MACHINE\\Johns VM ({sid})");
    by(sid, &["--inventory", "machines.txt"]).exits(0).says(&named);
    by("NT VIRTUAL MACHINE\\johns vm", &["--inventory", "machines.txt"]).exits(0).says(&named);
}
