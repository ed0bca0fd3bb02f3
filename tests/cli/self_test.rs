//! The report about the machine itself.

use crate::support::Place;

#[test]
fn it_passes_here_and_leaves_nothing_behind() {
    let place = Place::new();
    std::fs::create_dir(place.path("tmp")).unwrap();
    let mut command = place.command(&["self-test"]);
    for variable in ["TMPDIR", "TMP", "TEMP"] {
        command.env(variable, place.path("tmp"));
    }
    let output = command.output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{out}");
    for line in ["pass     replace", "pass     conflict", "pass     earlier version", "pass     name map"] {
        assert!(out.contains(line), "{line}: {out}");
    }
    assert!(out.contains(" 0 failed") && out.contains(env!("CARGO_PKG_VERSION")), "{out}");
    assert_eq!(std::fs::read_dir(place.path("tmp")).unwrap().count(), 0);
    assert!(!place.path(".state").exists(), "it keeps its versions where it works");
}

#[test]
fn what_does_not_work_fails_and_so_does_the_command() {
    let place = Place::new();
    let mut command = place.command(&["self-test", "--format", "json"]);
    for variable in ["TMPDIR", "TMP", "TEMP"] {
        command.env(variable, place.path("no such folder"));
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["format"], &report["failed"]), (&1.into(), &1.into()));
    let failed =
        report["checks"].as_array().unwrap().iter().find(|check| check["outcome"] == "fail").unwrap();
    assert_eq!((&failed["group"], &failed["check"]), (&"saving".into(), &"a temporary folder".into()));
    assert!(!failed["detail"].as_str().unwrap().contains("no such folder"), "no folder is named: {failed}");
}

#[test]
fn the_report_can_be_written_to_a_file_and_names_nobody() {
    let place = Place::new();
    place.run(&["self-test", "-o", "report.txt"]).exits(0).says("report.txt: ").says(" passed");
    let report = String::from_utf8(place.read("report.txt")).unwrap();
    for variable in ["USER", "USERNAME", "HOSTNAME", "COMPUTERNAME"] {
        if let Ok(name) = std::env::var(variable)
            && name.len() > 3
        {
            assert!(!report.contains(&name), "{variable}: {report}");
        }
    }
    place.run(&["self-test", "-o", "report.txt"]).exits(4);
}
