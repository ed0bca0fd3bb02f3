//! The script that asks a host, run by an interpreter of VBScript: against nothing, against a namespace that exists, and
//! against a recorded host.
//!
//! `AZEDIT_CSCRIPT` is the command that runs one, such as `wine64 cscript`; without it these tests pass unasked. The
//! checks of this repository set it wherever Wine can be installed. `AZEDIT_PS_PARSER` is the command that parses
//! PowerShell, `python tests/hosts/powershell.py` where that has its grammar.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;
use std::process::Command;

use azedit::hyperv::inventory::Inventory;
use azedit::hyperv::moves::Move;
use azedit::hyperv::outcome::Outcome;
use azedit::hyperv::output::{HostError, Report};
use azedit::hyperv::script::{Language, listing, moving};
use tempfile::TempDir;
use uuid::Uuid;

const GUID: &str = "E57917F3-31C3-456E-B1BA-5E45B4CC7E0C";

/// The words of the command; `None` = there is no interpreter.
fn interpreter() -> Option<Vec<String>> {
    std::env::var("AZEDIT_CSCRIPT").ok().map(|text| text.split(' ').map(str::to_owned).collect())
}

/// Whether these scripts parse as PowerShell; `None` = there is no parser.
fn parses(scripts: &[&str]) -> Option<Result<(), String>> {
    let command = std::env::var("AZEDIT_PS_PARSER").ok()?;
    let mut words = command.split(' ');
    let folder = TempDir::new().unwrap();
    let files: Vec<_> = (0..scripts.len()).map(|at| folder.path().join(format!("{at}.ps1"))).collect();
    for (file, script) in files.iter().zip(scripts) {
        std::fs::write(file, script).unwrap();
    }
    let output = Command::new(words.next().unwrap()).args(words).args(&files).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Some(if output.status.success() { Ok(()) } else { Err(said) })
}

/// Runs a script that lies in a folder; gives its output and its exit code.
fn cscript(interpreter: &[String], folder: &Path, name: &str) -> (String, i32) {
    let (program, arguments) = interpreter.split_first().unwrap();
    let output =
        Command::new(program).args(arguments).args(["//nologo", name]).current_dir(folder).output().unwrap();
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code().unwrap_or(-1))
}

fn run(interpreter: &[String], script: &str) -> (String, i32) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("vm.vbs"), script).unwrap();
    cscript(interpreter, folder.path(), "vm.vbs")
}

/// What Wine lacks, under the names that it has.
fn for_wine(script: &str) -> String {
    script.replace("AscW(", "CodeOf(").replace("ChrW(", "CharacterOf(")
}

/// The script with a recorded host in the place of WMI; `answers` are lines that set what it says.
fn recorded(script: &str, answers: &str) -> String {
    let host = format!("{}\n{answers}\n", include_str!("hosts/fake.vbs"));
    let (body, plan) = script.split_once("' ---- The plan ----").unwrap();
    let faked = body
        .replace("CreateObject(\"WbemScripting.SWbemLocator\")", "New FakeLocator")
        .replace("Wmi.Get(", "Wmi.Found(")
        // Wine's interpreter cannot sleep.
        .replace("WScript.Sleep MillisecondsBetweenLooks", "");
    for_wine(&format!("{faked}{host}' ---- The plan ----{plan}"))
}

fn order(to: &str) -> Move {
    Move { guid: Uuid::parse_str(GUID).unwrap(), name: "Johns VM".into(), from: None, to: to.into() }
}

fn moves(to: &str) -> String {
    moving(Language::VbScript, ".", &[order(to)]).unwrap()
}

/// Moves the recorded host's machine to "Johns VM Scope".
fn outcome(interpreter: &[String], answers: &str) -> (Outcome, i32) {
    let (output, code) = run(interpreter, &recorded(&moves("Johns VM Scope"), answers));
    let report = Report::of_output(&output).unwrap_or_else(|error| panic!("{error} in {output}"));
    assert!(report.complete && report.undo.is_some(), "{output}");
    (report.outcome(order("").guid).unwrap(), code)
}

#[test]
fn where_there_is_no_hyper_v_it_says_so() {
    let Some(interpreter) = interpreter() else { return };
    for script in [listing(Language::VbScript, ".").unwrap(), moves("S")] {
        let (output, code) = run(&interpreter, &script);
        assert_eq!(code, 2, "{output}");
        assert_eq!(Inventory::of_output(&output), Err(HostError::NoNamespace), "{output}");
    }
}

#[test]
fn a_namespace_without_machines_lists_none() {
    let Some(interpreter) = interpreter() else { return };
    let script =
        listing(Language::VbScript, ".").unwrap().replace("\"root\\virtualization\"", "\"root\\cimv2\"");
    let (output, code) = run(&interpreter, &script);
    assert_eq!((code, Inventory::of_output(&output)), (0, Ok(Inventory::default())), "{output}");
}

#[test]
fn a_listing_of_hostile_names() {
    let Some(interpreter) = interpreter() else { return };
    let name = "a\"b\\c%d$e`f'g\u{201C}h\u{2019}\u{E9}\r\n<%i";
    let answers = "FakeName = \"a\"\"b\\c%d$e`f'g\" & ChrW(8220) & \"h\" & ChrW(8217) & ChrW(233) & vbCrLf & \"<%i\"\n\
                   FakeStored = FakeName";
    let (output, code) = run(&interpreter, &recorded(&listing(Language::VbScript, ".").unwrap(), answers));
    assert_eq!(code, 0, "{output}");
    let inventory = Inventory::of_output(&output).unwrap();
    assert_eq!(inventory.host.as_deref(), Some("HV01"));
    assert_eq!(
        (inventory.machines[0].name.as_str(), inventory.machines[0].scope.as_deref()),
        (name, Some(name))
    );
}

#[test]
fn a_hostile_scope_arrives_as_it_is_and_the_way_back_leads_back() {
    let Some(interpreter) = interpreter() else { return };
    let scope = "\" & WScript.Quit(9) & \" %PATH% $x `y` 'z' \u{2018}\u{2019}\u{201A}\u{201C}\u{201D}\u{201E} <% \r\n: _\t\u{E9}";
    let old = "Old \u{201C}scope\u{201D} that is longer than one line of the plan, and \"quoted\"";
    let stored = "FakeStored = \"Old \" & ChrW(8220) & \"scope\" & ChrW(8221) & \" that is longer than one line of the \
                  plan, and \"\"quoted\"\"\"\nFakeAnswer = 0";
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("vm.vbs"), recorded(&moves(scope), stored)).unwrap();
    let (output, code) = cscript(&interpreter, folder.path(), "vm.vbs");
    assert_eq!(code, 0, "{output}");
    let report = Report::of_output(&output).unwrap();
    let result = &report.results[0];
    assert_eq!((result.old.as_deref(), result.now.as_deref()), (Some(old), Some(scope)));
    assert_eq!(result.outcome(), Outcome::Moved);

    // The recorded host forgets between two runs: it is told where the machine is by now.
    let undo = report.undo.unwrap();
    let undo = undo.rsplit(['\\', '/']).next().unwrap();
    let text = std::fs::read_to_string(folder.path().join(undo)).unwrap();
    assert!(text.is_ascii());
    std::fs::write(
        folder.path().join("back.vbs"),
        text.replace(&for_wine(stored), "FakeStored = \"New\"\nFakeAnswer = 0"),
    )
    .unwrap();
    let (output, code) = cscript(&interpreter, folder.path(), "back.vbs");
    assert_eq!(code, 0, "{output}");
    let back = Report::of_output(&output).unwrap();
    assert_eq!((back.results[0].old.as_deref(), back.results[0].now.as_deref()), (Some("New"), Some(old)));
    assert!(back.undo.is_some());
}

#[test]
fn jobs_and_refusals() {
    let Some(interpreter) = interpreter() else { return };
    let stays = "FakeStored = \"\"\nFakeApplies = False\n";
    let failed = |answers: &str| match outcome(&interpreter, &format!("{stays}{answers}")) {
        (Outcome::Failed(why), 1) => why,
        other => panic!("{other:?}"),
    };
    let job = "FakeAnswer = 4096\nFakeJobStates = ";
    let done = outcome(&interpreter, &format!("FakeStored = \"\"\n{job}Array(2, 3, 4, 7)"));
    assert_eq!(done, (Outcome::Moved, 0));
    assert!(failed(&format!("{job}Array(4, 10)")).contains("state 10 with error 32775: Invalid state"));
    assert!(failed(&format!("{job}Array(4)")).contains("still at it"));
    assert!(failed(&format!("{job}Array(7)")).contains("is in the default scope"));
    for code in ["32769", "32774", "32775"] {
        assert!(failed(&format!("FakeAnswer = {code}")).contains(code));
    }
    let vanished = outcome(&interpreter, "FakeVanished = True");
    assert_eq!(vanished, (Outcome::Vanished, 1));
    let already = outcome(&interpreter, "FakeStored = \"Johns VM Scope\"");
    assert_eq!(already, (Outcome::Already, 0));
}

#[test]
fn the_powershell_script_parses_whatever_the_names_are() {
    let hostile = "'; Remove-Item C:\\ -Recurse; ' \" $(exit) `n @' \u{2018}\u{2019}\u{201C}\u{201D} } ) ] # <# %{\r\n'@ \t\u{E9}";
    let scripts = [
        listing(Language::PowerShell, ".").unwrap(),
        listing(Language::PowerShell, "hv01.contoso.com").unwrap(),
        moving(Language::PowerShell, ".", &[order("Johns VM Scope")]).unwrap(),
        moving(Language::PowerShell, ".", &[order(hostile), order("")]).unwrap(),
        moving(Language::PowerShell, ".", &[Move { name: hostile.into(), ..order(hostile) }]).unwrap(),
    ];
    let Some(parsed) = parses(&scripts.each_ref().map(String::as_str)) else { return };
    assert_eq!(parsed, Ok(()));
    // A parser that takes anything would prove nothing.
    let broken = scripts.each_ref().map(|script| script.replacen("foreach (", "foreach ", 1));
    for script in &broken {
        assert!(parses(&[script]).unwrap().is_err());
    }
}
