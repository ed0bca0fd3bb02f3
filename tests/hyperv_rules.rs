//! What azedit finds in a Hyper-V store: for each rule a store that breaks it, one that nearly does, and the fix.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fmt::Write as _;

use azedit::check::{self, FEW, Findings};
use azedit::hyperv::{self, rules::RULES};
use azedit::store::{Session, Store, parse_script};
use support::{differing, looking_again_is_looking_anew, open, stores};

/// Two users who must not see each other's virtual machines: scenario C.
const TWO_SCOPES: &[u8] = include_bytes!("stores/hyperv-two-scopes.xml");
const SAMPLE: &[u8] = include_bytes!("../assets/InitialStore.xml");
const JOE: &str = "S-1-5-21-2043000000-1-2-1002";

fn session(bytes: &[u8], script: &str) -> Session {
    let mut session = Session::new(open(bytes));
    let changes: Vec<_> = parse_script(script)
        .unwrap_or_else(|e| panic!("{script}: {e:?}"))
        .into_iter()
        .map(|(_, c)| c)
        .collect();
    session.apply(&changes, "prepare").unwrap_or_else(|(at, error)| panic!("{at} of {script}: {error}"));
    session
}

/// Code and path of every finding about Hyper-V.
fn found(store: &Store) -> Vec<(&'static str, String)> {
    let findings = hyperv::findings(store);
    let all = findings.all().filter(|finding| finding.code.starts_with("HV-"));
    all.map(|finding| (finding.code, store.path(finding.object))).collect()
}

/// A user with a scope of his own who may connect and use consoles: nothing to find.
const SOUND: &str = "
create scope Lab
create role Connect --operation 'Read Service Configuration' --operation 'View Virtual Switch Management Service'
create assignment Connect --role Connect --member S-1-5-21-2043000000-1-2-1002
create role Operator --operation 'Start Virtual Machine' --operation 'Allow Input to Virtual Machine'
create assignment Operators --in Lab --role Operator --member S-1-5-21-2043000000-1-2-1002
";

/// Code, where, a script that breaks the rule, and one that nearly does.
const CASES: [(&str, &str, &str, &str); 33] = [
    // Rights in a scope and no way to connect.
    (
        "HV-101",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "delete assignment Connect",
        "rename assignment Connect Callers",
    ),
    (
        "HV-101",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "remove role Connect --operation 'Read Service Configuration'",
        "add role Connect --operation 'View Switches'",
    ),
    (
        "HV-101",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "remove role Connect --operation 'View Virtual Switch Management Service'",
        "remove role Connect --operation 'View Virtual Switch Management Service'
         add role Connect --operation 'Reconfigure Service' --operation 'View Switches'
         remove role Operator --operation 'Allow Input to Virtual Machine'",
    ),
    (
        "HV-101",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "add assignment Operators --in Lab --member S-1-5-21-2043000000-1-2-1003",
        "add assignment Operators --in Lab --member S-1-5-21-2043000000-1-2-1003
         add assignment Connect --member S-1-5-21-2043000000-1-2-1003",
    ),
    (
        "HV-101",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "create group Staff --member S-1-5-21-2043000000-1-2-1003
         add assignment Operators --in Lab --group Staff",
        "create group Staff --member S-1-5-21-2043000000-1-2-1003
         add assignment Operators --in Lab --group Staff
         add assignment Connect --group Staff",
    ),
    (
        "HV-101",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "create group Staff --global --member S-1-5-21-2043000000-1-2-1003
         create group All --group Staff
         add assignment Operators --in Lab --group All",
        "create group Staff --global --member S-1-5-21-2043000000-1-2-1003
         create group All --group Staff --non-member S-1-5-21-2043000000-1-2-1003
         add assignment Operators --in Lab --group All",
    ),
    (
        "HV-101",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "create group Found --type ldap --query '(cn=x)'
         add assignment Operators --in Lab --group Found",
        "create group Found --type ldap --query '(cn=x)'
         add assignment Operators --in Lab --group Found
         add assignment Connect --group Found",
    ),
    (
        "HV-101",
        "Hyper-V services/scopes/Lab/assignments/Others",
        "create assignment Others --in Lab --role Operator --member S-1-5-21-2043000000-1-2-1004",
        "create assignment Others --in Lab --member S-1-5-21-2043000000-1-2-1004",
    ),
    (
        "HV-101",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "set role Connect rule 'x = 1'",
        "remove assignment Connect --member S-1-5-21-2043000000-1-2-1002\nadd assignment Connect --member S-1-5-11",
    ),
    // A console without 295.
    (
        "HV-102",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "add role Connect --operation 'Reconfigure Service' --operation 'View Switches'
         remove role Connect --operation 'View Virtual Switch Management Service'",
        "add role Connect --operation 'Reconfigure Service' --operation 'View Switches'",
    ),
    (
        "HV-102",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "add role Connect --operation 'Reconfigure Service' --operation 'View Switches'
         remove role Connect --operation 'View Virtual Switch Management Service'
         remove role Operator --operation 'Allow Input to Virtual Machine'
         add role Operator --operation 'Allow Output from Virtual Machine'",
        "add role Connect --operation 'Reconfigure Service' --operation 'View Switches'
         remove role Connect --operation 'View Virtual Switch Management Service'
         remove role Operator --operation 'Allow Input to Virtual Machine'",
    ),
    // What HVRemote leaves behind.
    (
        "HV-103",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "add assignment Administrator --member S-1-5-21-2043000000-1-2-1002",
        "add assignment Administrator --member S-1-5-21-2043000000-1-2-1009",
    ),
    (
        "HV-103",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "create assignment Bosses --role Administrator --member S-1-5-21-2043000000-1-2-1002",
        "create role Nearly --operation 'Start Virtual Machine' --operation 'Allow Input to Virtual Machine'
         create assignment Nearly --role Nearly --member S-1-5-21-2043000000-1-2-1002",
    ),
    (
        "HV-103",
        "Hyper-V services/scopes/Lab/assignments/Operators",
        "create group Bosses --member S-1-5-21-2043000000-1-2-1002\nadd assignment Administrator --group Bosses",
        "add assignment Operators --in Lab --member S-1-5-32-544",
    ),
    // Role definitions that the default scope has too.
    (
        "HV-104",
        "Hyper-V services/scopes/Lab/roles/Local",
        "create role Local --in Lab --operation 'Start Virtual Machine' --operation 'Allow Input to Virtual Machine'",
        "create role Local --in Lab --operation 'Start Virtual Machine'",
    ),
    (
        "HV-104",
        "Hyper-V services/scopes/Lab/roles/Local",
        "create role Local --in Lab --role Operator",
        "create role Local --in Lab --role Operator\nset role Local --in Lab rule 'x = 1'",
    ),
    (
        "HV-104",
        "Hyper-V services/scopes/Lab/roles/Local",
        "create role Local --in Lab --operation 'Stop Virtual Machine'
         create role Stop --operation 'Stop Virtual Machine'",
        "create role Local --in Lab --operation 'Stop Virtual Machine'
         create role Stop --operation 'Stop Virtual Machine' --operation 'View Switches'",
    ),
    // 105 only to connect.
    (
        "HV-105",
        "Hyper-V services/roles/Connect",
        "add role Connect --operation 'Reconfigure Service'",
        "add role Connect --operation 'Reconfigure Service' --operation 'Create Virtual Switch'",
    ),
    (
        "HV-105",
        "Hyper-V services/roles/Service Access",
        "create role 'Service Access' --operation 'Read Service Configuration' --operation 'Reconfigure Service'",
        "create role 'Service Access' --operation 'Read Service Configuration'",
    ),
    // Roles called a reader's.
    (
        "HV-106",
        "Hyper-V services/roles/Reader",
        "create role Reader --operation 'Allow Input to Virtual Machine'",
        "create role Reader --operation 'Allow Output from Virtual Machine' --operation 'View Switches'",
    ),
    (
        "HV-106",
        "Hyper-V services/roles/VM observer",
        "create role 'VM observer' --role Operator",
        "create role 'VM user' --role Operator",
    ),
    (
        "HV-106",
        "Hyper-V services/scopes/Lab/roles/read-only",
        "create role read-only --in Lab --operation 'Stop Virtual Machine'",
        "create role read-only --in Lab --operation 'View Virtual Machine Configuration'",
    ),
    // What Hyper-V does not use.
    (
        "HV-107",
        "Hyper-V services/tasks/Start",
        "create task Start --operation 'Start Virtual Machine'",
        "create role Start --operation 'Start Virtual Machine'",
    ),
    (
        "HV-107",
        "Hyper-V services/scopes/Lab/tasks/Start",
        "create task Start --in Lab",
        "create application Other\ncreate task Start --app Other",
    ),
    (
        "HV-108",
        "Hyper-V services/roles/Connect",
        "set role Connect rule 'x = 1'",
        "set role Connect rule-language VBScript",
    ),
    (
        "HV-108",
        "Hyper-V services/scopes/Lab/tasks/Ruled",
        "create task Ruled --in Lab\nset task Ruled --in Lab rule 'x = 1'",
        "create task Ruled --in Lab\nset task Ruled --in Lab rule ' '",
    ),
    // Applications beside it.
    ("HV-109", "Other", "create application Other", "create scope Other"),
    (
        "HV-109",
        "Hyper-V services 2",
        "copy application 'Hyper-V services' --as 'Hyper-V services 2'",
        "set application 'Hyper-V services' description 'the one'",
    ),
    // The catalogue.
    (
        "HV-110",
        "Hyper-V services",
        "delete operation 'Allow Virtual Machine Snapshot'",
        "rename operation 'Allow Virtual Machine Snapshot' Snapshots",
    ),
    (
        "HV-110",
        "Hyper-V services",
        "set operation 'View Switches' id 266",
        "set operation 'View Switches' description looks",
    ),
    (
        "HV-111",
        "Hyper-V services/operations/Fly",
        "create operation Fly --id 400",
        "create application Other\ncreate operation Fly --id 400 --app Other",
    ),
    (
        "HV-112",
        "Hyper-V services/operations/Schnappschuss",
        "rename operation 'Allow Virtual Machine Snapshot' Schnappschuss",
        "rename operation 'Allow Virtual Machine Snapshot' 'allow virtual machine SNAPSHOT'",
    ),
    (
        "HV-112",
        "Hyper-V services/operations/Disconnect Virtual Switch Port",
        "rename operation 'Connect Virtual Switch Port' x
         rename operation 'Disconnect Virtual Switch Port' y
         rename operation x 'Disconnect Virtual Switch Port'",
        "set operation 'Connect Virtual Switch Port' description y",
    ),
];

fn in_one_app(script: &str) -> String {
    let says_app = |line: &str| line.contains("--app") || line.contains("application");
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| if says_app(line) { line.to_owned() } else { format!("{line} --app 'Hyper-V services'") })
        .map(
            |line| {
                if line.contains("--global") { line.replace(" --app 'Hyper-V services'", "") } else { line }
            },
        )
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_sound_store_has_nothing_to_find() {
    assert_eq!(found(session(SAMPLE, "").store()), []);
    assert_eq!(found(session(SAMPLE, SOUND).store()), []);
}

#[test]
fn each_rule_finds_what_breaks_it_and_not_what_nearly_does() {
    for (code, path, breaks, near) in CASES {
        let about = |script: &str| {
            let session = session(SAMPLE, &in_one_app(&format!("{SOUND}{script}")));
            let all = found(session.store());
            let here = all.iter().filter(|(other, at)| *other == code && at == path).count();
            (here, all)
        };
        let (here, all) = about(breaks);
        assert!(here >= 1, "{code} in {breaks}: {all:?}");
        let (_, all) = about(near);
        assert!(!all.iter().any(|(other, _)| *other == code), "{code} in {near}: {all:?}");
    }
    for rule in RULES {
        assert!(CASES.iter().any(|(code, ..)| *code == rule.code), "{}", rule.code);
    }
}

#[test]
fn nothing_is_said_of_other_applications() {
    let script = format!("{SOUND}rename application 'Hyper-V services' Other");
    assert_eq!(found(session(SAMPLE, &script).store()), []);
    let script = format!("{script}\ndelete assignment Connect\ncreate task T\ncreate operation Fly --id 400");
    assert_eq!(found(session(SAMPLE, &script).store()), []);
}

#[test]
fn two_users_apart_are_only_told_about_105_and_the_console() {
    let codes: Vec<_> = found(session(TWO_SCOPES, "").store()).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["HV-102", "HV-102", "HV-105"]);
    let codes = |script: &str| -> Vec<_> {
        found(session(TWO_SCOPES, script).store()).into_iter().map(|(code, _)| code).collect()
    };
    assert_eq!(codes("delete assignment 'Service Access'"), ["HV-101", "HV-101", "HV-105"]);
}

#[test]
fn the_fix_undoes_what_hvremote_did_and_gives_nobody_anything() {
    let script = format!("{SOUND}add assignment Administrator --member {JOE}");
    let mut session = session(SAMPLE, &script);
    let findings = hyperv::findings(session.store());
    let finding = findings.all().find(|finding| finding.code == "HV-103").unwrap();
    let text = session.store().text(finding.leaf.unwrap()).into_owned();
    assert_eq!(text, JOE, "the finding is on the member");
    let changes = check::fix(session.store(), finding);
    assert_eq!(changes.len(), 1);
    let before = Store::open(session.store().rendering().to_bytes()).unwrap();
    session.apply(&changes, "fix").unwrap();
    assert_eq!(found(session.store()), []);
    let (gained, lost) = azedit::access::gains(&before, session.store());
    assert!(gained.is_empty());
    assert_eq!(lost.len(), 1);
    assert!(session.store().path(finding.object).contains("/Lab/"));
}

#[test]
fn a_member_by_a_group_cannot_be_fixed_by_a_key() {
    let script =
        format!("{SOUND}create group Bosses --member {JOE}\nadd assignment Administrator --group Bosses");
    let session = session(SAMPLE, &script);
    let findings = hyperv::findings(session.store());
    let finding = findings.all().find(|finding| finding.code == "HV-103").unwrap();
    assert_eq!(check::fix(session.store(), finding), []);
}

/// Every store of ours as Hyper-V's: its first application gets the name.
fn as_hyper_v() -> Vec<Vec<u8>> {
    let renamed = stores().into_iter().filter_map(|(_, bytes)| {
        let mut session = Session::new(Store::open(bytes).ok()?);
        let store = session.store();
        let first = store.children_of(store.root(), azedit::store::Kind::Application).next()?;
        let object = azedit::store::Object::of(store, first)?;
        let change = azedit::store::Change::Rename(object, hyperv::APPLICATION.to_owned());
        session.apply(&[change], "rename").ok()?;
        Some(session.store().rendering().to_bytes())
    });
    let prepared = ["", SOUND, "create application Other"];
    renamed.chain(prepared.map(|script| session(SAMPLE, script).store().rendering().to_bytes())).collect()
}

#[test]
fn update_is_of() {
    let stores = as_hyper_v();
    assert!(stores.len() > 20);
    for (at, bytes) in stores.iter().enumerate() {
        for seed in 0..12 {
            looking_again_is_looking_anew(hyperv::findings, bytes, seed * 1000 + at as u64, 30);
        }
    }
}

/// Scopes with a member each who cannot connect.
fn crowd(scopes: usize) -> String {
    let mut script = String::from("create role Operator --operation 'Start Virtual Machine'\n");
    for number in 0..scopes {
        let _ = writeln!(script, "create scope S{number}");
        let sid = 1000 + number;
        let _ = writeln!(
            script,
            "create assignment A --in S{number} --role Operator --member S-1-5-21-1-2-3-{sid}"
        );
    }
    script
}

#[test]
fn what_nobody_would_read_is_one_finding_back_and_forth() {
    let mut session = session(SAMPLE, &crowd(FEW));
    let mut findings = hyperv::findings(session.store());
    let count = |findings: &Findings| findings.all().filter(|finding| finding.code == "HV-101").count();
    assert_eq!(count(&findings), FEW);
    let step = |session: &mut Session, findings: &mut Findings, line: &str| {
        let change = azedit::store::Change::parse(line).unwrap();
        let applied = session.apply(&[change], "step").unwrap();
        findings.update(session.store(), &applied.touched);
        let anew = hyperv::findings(session.store());
        assert_eq!(differing(findings, &anew), Vec::<String>::new(), "after {line}");
        count(findings)
    };
    let more = "create assignment B --in S3 --role Operator --member S-1-5-21-1-2-3-99";
    assert_eq!(step(&mut session, &mut findings, more), 1);
    assert_eq!(step(&mut session, &mut findings, "rename assignment A --in S0 Z"), 1);
    assert_eq!(step(&mut session, &mut findings, "rename scope S0 Y"), 1);
    assert_eq!(step(&mut session, &mut findings, "delete scope S5"), FEW);
    assert_eq!(step(&mut session, &mut findings, "delete role Operator"), 0);
}
