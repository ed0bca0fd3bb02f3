//! Findings on whole stores: sound ones have no errors, looking again after changes is looking anew, and no store is
//! too long-winded.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use azedit::check::{Finding, Findings, Kinds, Rule, Severity, Test};
use azedit::store::{Change, Kind, Session, Store};
use proptest::prelude::*;
use std::fmt::Write;
use std::time::{Duration, Instant};
use support::{looking_again_is_looking_anew, open, stores};

/// The findings of a store, one a line.
fn listed(store: &Store, severity: Severity) -> String {
    let findings = Findings::of(store);
    let mut list = String::new();
    for finding in findings.all().filter(|finding| finding.severity == severity) {
        writeln!(list, "{} {} {}", finding.code, store.path(finding.object), finding.message).unwrap();
    }
    list
}

/// Stores of ours that are made to be wrong; all others, and those of the corpus, should be without errors.
const FAULTY: [&str; 6] =
    ["faults.xml", "foreign.xml", "guid-forms.xml", "hostile-names.xml", "self-closed.xml", "link-order.xml"];

#[test]
fn sound_stores_have_no_errors() {
    for (path, bytes) in stores() {
        let name = path.file_name().unwrap().to_str().unwrap();
        if !FAULTY.contains(&name) {
            assert_eq!(listed(&open(&bytes), Severity::Error), "", "{}", path.display());
        }
    }
}

#[test]
fn the_sample_has_nothing_to_find() {
    let store = open(include_bytes!("../assets/InitialStore.xml"));
    assert_eq!(Severity::ALL.map(|severity| listed(&store, severity)), ["", "", ""]);
}

#[test]
fn the_faulty_store_has_them_all() {
    let store = open(include_bytes!("stores/faults.xml"));
    let findings = Findings::of(&store);
    let mut codes: Vec<&str> = findings.all().map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    for code in [
        "AZ-105", "AZ-107", "AZ-113", "AZ-114", "AZ-120", "AZ-121", "AZ-122", "AZ-210", "AZ-301", "AZ-302",
        "AZ-303", "AZ-304", "AZ-305", "AZ-401", "AZ-402", "AZ-404", "AZ-411", "AZ-412",
    ] {
        assert!(codes.contains(&code), "{code} of {codes:?}");
    }
}

#[test]
fn findings_come_in_document_order_and_are_counted() {
    for (path, bytes) in stores() {
        let store = open(&bytes);
        let findings = Findings::of(&store);
        let order: Vec<_> = store.walk().collect();
        let at = |finding: &Finding| order.iter().position(|id| *id == finding.object);
        assert!(findings.all().is_sorted_by_key(at), "{}", path.display());
        for severity in Severity::ALL {
            let found = findings.all().filter(|finding| finding.severity == severity).count();
            assert_eq!(findings.count(severity), found, "{}", path.display());
        }
        for id in order {
            assert!(findings.for_object(id).iter().eq(findings.all().filter(|finding| finding.object == id)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn update_is_of(seed: u64) {
        for (_, bytes) in stores() {
            looking_again_is_looking_anew(Findings::of, &bytes, seed, 25);
        }
    }
}

/// One application around `inside`.
fn application(inside: &str) -> Store {
    open(
        format!(
            "<AzAdminManager MajorVersion=\"2\" MinorVersion=\"0\"><AzApplication Guid=\"{}\" Name=\"A\">{inside}\
             </AzApplication></AzAdminManager>",
            guid(0)
        )
        .as_bytes(),
    )
}

fn guid(number: usize) -> String {
    format!("b0000000-0000-4000-8000-{number:012x}")
}

fn task(number: usize, links: &[usize]) -> String {
    let links: Vec<String> =
        links.iter().map(|link| format!("<TaskLink>{}</TaskLink>", guid(*link))).collect();
    let links = links.concat();
    format!("<AzTask Guid=\"{}\" Name=\"T{number}\">{links}</AzTask>", guid(number))
}

#[test]
fn a_chain_of_a_hundred_thousand_definitions_is_no_circle_until_it_is_closed() {
    let length = 100_000;
    let chain = |last: &[usize]| -> String {
        (1..length).map(|number| task(number, &[number + 1])).chain([task(length, last)]).collect()
    };
    let circles =
        |store: &Store| Findings::of(store).all().filter(|finding| finding.code == "AZ-304").count();
    assert_eq!(circles(&application(&chain(&[]))), 0);
    assert_eq!(circles(&application(&chain(&[1]))), length);
    assert_eq!(circles(&application(&chain(&[length / 2]))), length / 2 + 1);
}

#[test]
fn everyone_in_a_circle_is_told_and_nobody_outside() {
    // 1 → 2 → 3 → 2, 4 → 4, 5 → 1
    let inside = [task(1, &[2]), task(2, &[3]), task(3, &[2]), task(4, &[4]), task(5, &[1])].concat();
    let mut session = Session::new(application(&inside));
    let circles = |findings: &Findings, store: &Store| -> Vec<String> {
        let circles = findings.all().filter(|finding| finding.code == "AZ-304");
        circles.map(|finding| store.name(finding.object).into_owned()).collect()
    };
    let mut findings = Findings::of(session.store());
    assert_eq!(circles(&findings, session.store()), ["T2", "T3", "T4"]);
    let applied =
        session.apply(&[Change::parse("remove task T3 --task T2").unwrap()], "open the circle").unwrap();
    findings.update(session.store(), &applied.touched);
    assert_eq!(circles(&findings, session.store()), ["T4"]);
    let applied = session.undo().unwrap();
    findings.update(session.store(), &applied.touched);
    assert_eq!(circles(&findings, session.store()), ["T2", "T3", "T4"]);
}

/// Stores made to be slow: what is alike, what collides, what repeats. Each is far from linear for a checker that
/// compares all with all, so a time that linear work misses by two orders of magnitude tells the two apart.
#[test]
fn no_store_takes_long() {
    let many = 20_000;
    let names = |name: &dyn Fn(usize) -> String| -> Store {
        let scopes =
            (1..many).map(|number| format!("<AzScope Guid=\"{}\" Name=\"{}\"/>", guid(number), name(number)));
        application(&scopes.collect::<String>())
    };
    let in_binary = |number: usize, zero: char, one: char| -> String {
        (0..16).map(|bit| if number >> bit & 1 == 0 { zero } else { one }).collect()
    };
    let repeated = |element: &str, text: &str| format!("<{element}>{text}</{element}>").repeat(many);
    let role =
        |inside: &str| application(&format!("<AzRole Guid=\"{}\" Name=\"R\">{inside}</AzRole>", guid(1)));
    let stores = [
        ("one name", names(&|_| "Same".to_owned())),
        ("one name but for case", names(&|number| in_binary(number, 'a', 'A'))),
        ("one look", names(&|number| in_binary(number, 'l', 'I'))),
        ("nearly one look", names(&|number| in_binary(number, 'i', 'l'))),
        ("one member", role(&repeated("Member", "S-1-5-32-544"))),
        ("no SIDs", role(&repeated("Member", "joe"))),
        ("one link", role(&repeated("TaskLink", &guid(7)))),
        ("unknown elements", role(&repeated("Unknown", ""))),
        ("one GUID", application(&format!("<AzScope Guid=\"{}\" Name=\"S\"/>", guid(1)).repeat(many))),
        (
            "rules",
            application(&format!(
                "<AzTask Guid=\"{}\" Name=\"T\">{}</AzTask>",
                guid(1),
                repeated("BizRule", "x")
            )),
        ),
    ];
    for (what, store) in stores {
        let start = Instant::now();
        let findings = Findings::of(&store);
        assert!(findings.all().count() > 0, "{what}");
        let took = start.elapsed();
        assert!(took < Duration::from_secs(10), "{what}: {took:?}");
    }
}

#[test]
fn further_rules_are_tested_too() {
    static FURTHER: &[Rule] = &[Rule {
        code: "XX-100",
        severity: Severity::Info,
        title: "scope named after a virtual machine",
        help: "A rule that another module brings along.",
        test: Test::Object(Kinds::of(&[Kind::Scope]), |subject, report| {
            if subject.name.starts_with("VM") {
                report.object(subject.id, "A virtual machine.");
            }
        }),
        fix: None,
    }];
    let mut session = Session::new(application(""));
    let mut findings = Findings::with(session.store(), FURTHER);
    assert_eq!(findings.count(Severity::Info), 1, "only the store without a GUID");
    let applied = session.apply(&[Change::parse("create scope VM-1").unwrap()], "create").unwrap();
    findings.update(session.store(), &applied.touched);
    let codes: Vec<&str> = findings.all().map(|finding| finding.code).collect();
    assert_eq!(codes, ["AZ-103", "XX-100"]);
    assert!(findings.rules().any(|rule| rule.code == "XX-100"));
}
