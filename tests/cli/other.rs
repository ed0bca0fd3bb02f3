//! `new`, `sid`, `completions`, `man`, and what all commands share.

use std::io::Read;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Place, readable_stores, strict_parsers_accept};

#[test]
fn new_stores_of_both_schemas() {
    let place = Place::new();
    for (schema, version) in [(None, "1.0"), (Some("1"), "1.0"), (Some("2"), "2.0")] {
        let name = format!("schema-{}.xml", schema.unwrap_or("default"));
        let mut arguments = vec!["new", &name];
        arguments.extend(schema.iter().flat_map(|schema| ["--schema", schema]));
        place.run(&arguments).exits(0).says(&name);
        strict_parsers_accept(&place, &name);
        let store = &place.run(&["show", &name, "--format", "json"]).exits(0).json()["store"];
        assert_eq!(store["schema"], version);
        assert_eq!(store["guid"].as_str().unwrap().len(), 36);
        assert_eq!(store["applications"], json!([]));
        place.run(&["check", &name, "--fail-on", "warning"]).exits(0);
    }
}

#[test]
fn a_new_store_for_hyper_v_has_its_operations() {
    let place = Place::new();
    place.run(&["new", "a.xml", "--from", "hyper-v"]).exits(0);
    place.run(&["new", "b.xml", "--from", "hyper-v", "--schema", "2"]).exits(0);
    strict_parsers_accept(&place, "a.xml");
    let show = |name| {
        place.run(&["show", name, "--format", "json"]).exits(0).json()["store"]["applications"].clone()
    };
    let (a, b) = (show("a.xml"), show("b.xml"));
    assert_eq!(a[0]["name"], "Hyper-V services");
    let operations = a[0]["operations"].as_array().unwrap();
    assert_eq!(operations.len(), 34);
    assert_eq!(
        (&operations[33]["id"], &operations[33]["name"]),
        (&json!(355), &json!("Allow Virtual Machine Snapshot"))
    );
    assert_ne!(operations[0]["guid"], b[0]["operations"][0]["guid"], "fresh GUIDs");
    place.run(&["check", "a.xml"]).exits(0);
    place
        .run(&[
            "edit",
            "a.xml",
            "create",
            "role",
            "Administrator",
            "--operation",
            "Read Service Configuration",
        ])
        .exits(0);
}

#[test]
fn new_never_replaces_a_file() {
    let place = Place::with_sample();
    let before = place.read("InitialStore.xml");
    place.run(&["new", "InitialStore.xml"]).exits(4).says("exists");
    assert_eq!(place.read("InitialStore.xml"), before);
    place.run(&["new", "missing/a.xml"]).exits(6);
    place.run(&["new", "-"]).exits(2);
}

#[test]
fn sids_names_and_virtual_machines() {
    let place = Place::new();
    let vm = "E57917F3-31C3-456E-B1BA-5E45B4CC7E0C";
    let document = place
        .run(&["sid", "S-1-5-32-544", "Everyone", vm, "S-1-5-21-1-2-3-4", "--format", "json", "--no-lookup"])
        .exits(0)
        .json();
    let values = &document["values"];
    assert_eq!(
        values[0],
        json!({"input": "S-1-5-32-544", "sid": "S-1-5-32-544", "name": "BUILTIN\\Administrators", "vm": null})
    );
    assert_eq!(values[1]["sid"], "S-1-1-0");
    assert_eq!(values[2]["sid"], "S-1-5-83-1-3849918451-1164849603-1163836081-209636532");
    assert_eq!(values[2]["vm"], vm);
    assert_eq!(
        values[3],
        json!({"input": "S-1-5-21-1-2-3-4", "sid": "S-1-5-21-1-2-3-4", "name": null, "vm": null})
    );
    place.run(&["sid", "S-1-5-32-544"]).exits(0).says("BUILTIN\\Administrators");
    // The group of all virtual machines, and the worked example of a logged event, both ways.
    place.run(&["sid", "NT VIRTUAL MACHINE\\Virtual Machines"]).exits(0).says("S-1-5-83-0");
    place.run(&["sid", "S-1-5-83-0"]).exits(0).says("NT VIRTUAL MACHINE\\Virtual Machines");
    let (guid, sid) =
        ("D9E0EB0A-5B37-508E-9173-67E9ADE83ACF", "S-1-5-83-1-3655396106-1351506743-3915871121-3476744365");
    for word in [guid, sid, &format!("NT VIRTUAL MACHINE\\{guid}")] {
        place.run(&["sid", word]).exits(0).says(&format!("{sid}  NT VIRTUAL MACHINE\\{guid}"));
    }
    let run =
        place.run(&["sid", "Everyone", "CONTOSO\\joe", "--format", "json"]).exits(1).says("CONTOSO\\joe");
    assert_eq!(run.json()["values"][1]["sid"], Value::Null);
    place.run(&["sid"]).exits(2);
}

#[test]
fn completions_and_the_manual() {
    let place = Place::new();
    for (shell, text) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef azedit"),
        ("fish", "complete -c azedit"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion"),
    ] {
        place.run(&["completions", shell]).exits(0).says(text);
    }
    let man = place.run(&["man"]).exits(0).out;
    for text in [
        ".TH azedit 1",
        ".SH NAME",
        ".SH \"EXIT STATUS\"",
        "fail\\-on",
        "dry\\-run",
        "AZEDIT RESTORE",
        "AZEDIT_STATE_DIR",
    ] {
        assert!(man.contains(text), "{text:?} is not in\n{man}");
    }
}

#[test]
fn a_wrong_command_line() {
    let place = Place::with_sample();
    for arguments in [
        ["check"].as_slice(),
        &["show"],
        &["show", "InitialStore.xml", "--format", "pdf"],
        &["check", "InitialStore.xml", "--fail-on", "never"],
        &["diff", "InitialStore.xml"],
        &["edit", "InitialStore.xml"],
        &["completions", "tcsh"],
        &["new", "a.xml", "--schema", "3"],
        &["InitialStore.xml", "--sample"],
        &["--colour"],
    ] {
        let run = place.run(arguments).exits(2);
        assert!(run.out.is_empty() && !run.err.is_empty(), "{run:#?}");
    }
    for arguments in [["--help"].as_slice(), &["--version"], &["help", "edit"], &["check", "--help"]] {
        let run = place.run(arguments).exits(0);
        assert!(!run.out.is_empty() && run.err.is_empty(), "{run:#?}");
    }
}

#[test]
fn stores_that_are_not_files() {
    let place = Place::with_sample();
    place.run(&["show", "msldap://server/CN=store"]).exits(3).says("Active Directory");
    place.run(&["check", "mssql://Driver={SQL Server}/db/store"]).exits(3).says("SQL Server");
    place.run(&["edit", "msldap://server/CN=store", "create", "scope", "S"]).exits(3);
    place.run(&["check", "msxml://InitialStore.xml"]).exits(3).says("whole path");
    #[cfg(not(windows))]
    {
        place.run(&["show", "live"]).exits(3).says("Windows");
        place
            .run(&["show", "msxml://C:\\ProgramData\\store.xml"])
            .exits(3)
            .says("C:\\ProgramData\\store.xml");
        let url =
            format!("msxml://{}", place.path("InitialStore.xml").display()).replace("Initial", "%49nitial");
        place.run(&["check", &url]).exits(0);
        place.run(&["edit", &url, "create", "scope", "S"]).exits(0);
    }
}

#[cfg(unix)]
#[test]
fn the_editor_needs_a_terminal_and_a_store() {
    let place = Place::with_sample();
    place.run(&["--sample"]).exits(2).says("terminal");
    place.run(&["InitialStore.xml"]).exits(2).says("terminal");
    place.run(&["-"]).exits(2).says("standard input");
    place.run(&["msldap://server/CN=store"]).exits(3).says("Active Directory");
}

#[test]
fn whoever_stops_reading_is_no_error() {
    let place = Place::new();
    let names = readable_stores();
    for name in &names {
        place.copy(name);
    }
    let mut arguments = vec!["check"];
    // Enough output that not all of it fits into the pipe.
    arguments.extend((0..40).flat_map(|_| names.iter().map(String::as_str)));
    let mut child = place.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut byte = [0];
    child.stdout.take().unwrap().read_exact(&mut byte).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_an_error() {
    let place = Place::with_sample();
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = |arguments: &[&str]| {
        let output = place.command(arguments).stdout(full()).output().unwrap();
        output.status.code().unwrap()
    };
    assert_eq!(status(&["show", "InitialStore.xml"]), 6);
    assert_eq!(status(&["completions", "bash"]), 6);
    // The change is saved: that its report is lost does not make it a failure.
    assert_eq!(status(&["edit", "InitialStore.xml", "create", "scope", "S"]), 0);
    place.run(&["show", "InitialStore.xml", "Hyper-V services/scopes/S"]).exits(0);
}
