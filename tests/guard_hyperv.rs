//! What the guard must catch before a Hyper-V store is saved, and what it must let pass: each case judged from the two
//! files, and by the session that made the changes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use azedit::access::guard::{self, Facts, Objection};
use azedit::accounts::Sid;
use azedit::hyperv;
use azedit::store::{Session, Store, parse_script};

const SAMPLE: &[u8] = include_bytes!("../assets/InitialStore.xml");
const JOE: &str = "S-1-5-21-1-2-3-1002";

/// Local administrators, and nobody else, as Windows makes it.
const FRESH: &str = "";
/// No one account may do everything; two halves and one who may connect.
const HALVES: &str = "
create role Connect --operation 'Read Service Configuration' --operation 'Reconfigure Service'
create role Machines --operation 'Start Virtual Machine'
create assignment Connect --role Connect --member S-1-5-21-1-2-3-1002
create assignment Machines --role Machines --member S-1-5-21-1-2-3-1003
delete assignment Administrator
";
/// Everybody may look already.
const SHOWN: &str = "
create role Look --operation 'View Switches'
create assignment Look --role Look --member S-1-1-0
create scope Lab
create role Play --operation 'Start Virtual Machine'
create assignment Play --in Lab --role Play --member S-1-5-21-1-2-3-1004
";
/// An application in which nobody may do anything yet.
const EMPTY: &str = "delete assignment Administrator";

const CAUGHT: [(&str, &str, &[&str]); 27] = [
    // Nobody is left with 100 and 105 in the default scope.
    (HALVES, "delete assignment Connect", &["lockout"]),
    (HALVES, "delete role Connect", &["lockout"]),
    (HALVES, "remove assignment Connect --member S-1-5-21-1-2-3-1002", &["lockout"]),
    (HALVES, "remove role Connect --operation 'Reconfigure Service'", &["lockout"]),
    (HALVES, "remove role Connect --operation 'Read Service Configuration'", &["lockout"]),
    (HALVES, "set role Connect rule 'x = 1'", &["lockout"]),
    (HALVES, "create scope Lab\nmove assignment Connect --to Lab", &["lockout"]),
    (HALVES, "delete operation 'Read Service Configuration'", &["lockout"]),
    (HALVES, "set operation 'Reconfigure Service' id 106", &["lockout"]),
    (
        HALVES,
        "remove role Connect --operation 'Reconfigure Service'\n\
         add role Machines --operation 'Reconfigure Service'",
        &["lockout"],
    ),
    (FRESH, "delete assignment Administrator", &["lockout"]),
    (FRESH, "remove role Administrator --operation 'Reconfigure Service'", &["lockout"]),
    (FRESH, "remove assignment Administrator --member S-1-5-32-544", &["lockout"]),
    // The application goes, is renamed or emptied, whoever had rights in it.
    (EMPTY, "delete application 'Hyper-V services'", &["application-gone"]),
    (EMPTY, "rename application 'Hyper-V services' Hypervisor", &["application-gone"]),
    (EMPTY, "rename application 'Hyper-V services' 'Hyper-V Services'", &["application-gone"]),
    (HALVES, "delete application 'Hyper-V services'", &["application-gone"]),
    (FRESH, "rename application 'Hyper-V services' Hypervisor", &["application-gone"]),
    (
        "create group Found --type ldap --query '(cn=x)'\nadd assignment Administrator --group Found\n\
         remove assignment Administrator --member S-1-5-32-544",
        "delete assignment Administrator",
        &["application-gone"],
    ),
    // Classes of accounts gain something that changes something, or that only might.
    (FRESH, "add assignment Administrator --member S-1-1-0", &["broad"]),
    (SHOWN, "add role Look --operation 'Start Virtual Machine'", &["broad"]),
    (SHOWN, "add role Look --operation 'Allow Output from Virtual Machine'", &["broad"]),
    (SHOWN, "add role Look --operation 'View Switch Ports' --operation 'Stop Virtual Machine'", &["broad"]),
    (SHOWN, "add assignment Play --in Lab --member S-1-5-11", &["broad"]),
    (
        SHOWN,
        "create operation 'View Everything' --id 400\nadd role Look --operation 'View Everything'",
        &["broad"],
    ),
    (
        SHOWN,
        "rename operation 'View Switch Ports' 'Delete Switch Ports'\nadd role Look --operation 'Delete Switch Ports'",
        &["broad"],
    ),
    (
        SHOWN,
        "create application Shop\ncreate operation 'View Switches' --id 265 --app Shop\n\
         create role R --operation 'View Switches' --app Shop\ncreate assignment A --role R --member S-1-1-0 --app Shop",
        &["broad"],
    ),
];

const LET_PASS: [(&str, &str); 20] = [
    (FRESH, "create scope Lab"),
    (
        FRESH,
        "create scope Lab\ncreate assignment A --in Lab --role Administrator --member S-1-5-21-1-2-3-1002",
    ),
    (FRESH, "create role Connect --operation 'Read Service Configuration' --operation 'Reconfigure Service'"),
    (FRESH, "add assignment Administrator --member S-1-5-21-1-2-3-1002"),
    (
        FRESH,
        "add assignment Administrator --member S-1-5-21-1-2-3-1002\n\
         remove assignment Administrator --member S-1-5-32-544",
    ),
    (FRESH, "delete operation 'Allow Virtual Machine Snapshot'"),
    (FRESH, "set application 'Hyper-V services' description 'the host'"),
    (FRESH, "create application Shop"),
    (
        FRESH,
        "create role Look --operation 'View Switches'\ncreate assignment Look --role Look --member S-1-1-0",
    ),
    (
        FRESH,
        "create role Look --operation 'Read Service Configuration' --operation 'View Virtual Machine Configuration'\n\
         create assignment Look --role Look --member S-1-5-32-545",
    ),
    (SHOWN, "add role Look --operation 'View Switch Ports' --operation 'View VLAN Settings'"),
    (SHOWN, "remove assignment Look --member S-1-1-0"),
    (SHOWN, "rename scope Lab Laboratory"),
    (SHOWN, "delete scope Lab"),
    (SHOWN, "add assignment Play --in Lab --member S-1-5-21-1-2-3-1005"),
    (HALVES, "delete assignment Machines"),
    (HALVES, "add assignment Connect --member S-1-5-21-1-2-3-1009"),
    (
        HALVES,
        "add assignment Connect --member S-1-5-21-1-2-3-1009\nremove assignment Connect --member S-1-5-21-1-2-3-1002",
    ),
    (EMPTY, "create scope Lab"),
    (EMPTY, "create assignment Administrator --role Administrator --member S-1-5-32-544"),
];

/// What happens, who asks (the account and its groups), and the codes.
const OWN: [(&str, &str, &[&str], &[&str]); 14] = [
    // Somebody else is left, but not who asks.
    (
        FRESH,
        "add assignment Administrator --member S-1-5-21-1-2-3-1009\nremove assignment Administrator --member S-1-5-32-544",
        &[JOE, "S-1-5-32-544"],
        &["own-access"],
    ),
    (
        "add assignment Administrator --member S-1-5-21-1-2-3-1002",
        "remove assignment Administrator --member S-1-5-21-1-2-3-1002",
        &[JOE],
        &["own-access"],
    ),
    (
        "add assignment Administrator --member S-1-5-21-1-2-3-1002",
        "remove assignment Administrator --member S-1-5-21-1-2-3-1002\n\
         create role Look --operation 'View Switches'\ncreate assignment Look --role Look --member S-1-5-21-1-2-3-1002",
        &[JOE],
        &["own-access"],
    ),
    (
        "create group Staff --member S-1-5-21-1-2-3-1002\nadd assignment Administrator --group Staff",
        "add group Staff --non-member S-1-5-21-1-2-3-513",
        &[JOE, "S-1-5-21-1-2-3-513"],
        &["own-access"],
    ),
    (
        "create role Connect --operation 'Read Service Configuration'\n\
         create assignment Connect --role Connect --member S-1-5-21-1-2-3-1002",
        "create scope Lab\nmove assignment Connect --to Lab",
        &[JOE],
        &["own-access"],
    ),
    (
        "add assignment Administrator --member S-1-5-11",
        "remove assignment Administrator --member S-1-5-11",
        &[JOE],
        &["own-access"],
    ),
    // Another way in is left.
    (
        "add assignment Administrator --member S-1-5-21-1-2-3-1002",
        "remove assignment Administrator --member S-1-5-21-1-2-3-1002",
        &[JOE, "S-1-5-32-544"],
        &[],
    ),
    (
        "add assignment Administrator --member S-1-5-21-1-2-3-1002",
        "remove assignment Administrator --member S-1-5-21-1-2-3-1002\n\
         create role Connect --operation 'Read Service Configuration' --operation 'Reconfigure Service'\n\
         create assignment Connect --role Connect --member S-1-5-21-1-2-3-1002",
        &[JOE],
        &[],
    ),
    // He had none.
    (FRESH, "create scope Lab", &[JOE], &[]),
    (SHOWN, "remove assignment Play --in Lab --member S-1-5-21-1-2-3-1004", &["S-1-5-21-1-2-3-1004"], &[]),
    // Nobody at all is left: one question is enough.
    (FRESH, "delete assignment Administrator", &[JOE, "S-1-5-32-544"], &["lockout"]),
    (HALVES, "delete assignment Connect", &[JOE], &["lockout"]),
    (HALVES, "delete assignment Machines", &["S-1-5-21-1-2-3-1003"], &["own-access"]),
    // Who asks is not known.
    (
        "add assignment Administrator --member S-1-5-21-1-2-3-1002",
        "remove assignment Administrator --member S-1-5-21-1-2-3-1002",
        &[],
        &[],
    ),
];

fn apply(session: &mut Session, script: &str) {
    let in_hyper_v = script.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
        let says = line.contains("--app ") || line.contains(" application ");
        if says { line.to_owned() } else { format!("{line} --app guid:{}", guid(session.store())) }
    });
    let script = in_hyper_v.collect::<Vec<_>>().join("\n");
    let changes: Vec<_> = parse_script(&script).unwrap().into_iter().map(|(_, change)| change).collect();
    session
        .apply(&changes, "step")
        .unwrap_or_else(|(at, error)| panic!("{}: {error}\n{script}", changes[at]));
}

/// That of the first application, which may get another name.
fn guid(store: &Store) -> String {
    let mut all = store.children_of(store.root(), azedit::store::Kind::Application);
    all.next().and_then(|id| store.guid(id)).unwrap().to_string()
}

fn session(base: &str, script: &str) -> Session {
    let mut session = Session::new(Store::open(SAMPLE.to_vec()).unwrap());
    apply(&mut session, base);
    let mut session = Session::new(Store::open(session.store().rendering().to_bytes()).unwrap());
    for line in script.lines() {
        apply(&mut session, line);
    }
    session
}

fn objections(session: &mut Session, facts: &Facts) -> Vec<Objection> {
    let saved = Store::open(session.saved().to_bytes()).unwrap();
    let now = Store::open(session.store().rendering().to_bytes()).unwrap();
    let full = guard::objections(&saved, &now, facts);
    assert_eq!(guard::of_session(session, facts).unwrap(), full);
    full
}

fn codes(found: &[Objection]) -> Vec<&'static str> {
    found.iter().map(|objection| objection.code).collect()
}

#[test]
fn what_locks_out_of_hyper_v_or_opens_it_up_is_caught() {
    let facts = hyperv::guard::facts(Vec::new(), None);
    for (base, script, expected) in CAUGHT {
        let found = objections(&mut session(base, script), &facts);
        assert_eq!(codes(&found), expected, "{base}\n--\n{script}\n{found:#?}");
        for objection in found {
            assert!(objection.sentence.ends_with('.') && !objection.name.is_empty(), "{objection:?}");
        }
    }
}

#[test]
fn ordinary_edits_pass() {
    let facts = hyperv::guard::facts(Vec::new(), None);
    for (base, script) in LET_PASS {
        let found = objections(&mut session(base, script), &facts);
        assert!(found.is_empty(), "{base}\n--\n{script}\n{found:#?}");
    }
}

#[test]
fn who_asks_is_told_before_losing_the_last_way_in() {
    for (base, script, caller, expected) in OWN {
        let caller = caller.iter().map(|sid| Sid::parse(sid).unwrap()).collect();
        let found = objections(&mut session(base, script), &hyperv::guard::facts(caller, None));
        assert_eq!(codes(&found), expected, "{base}\n--\n{script}\n{found:#?}");
    }
}

#[test]
fn the_application_is_the_one_that_the_registry_names() {
    let facts = hyperv::guard::facts(Vec::new(), Some("Other"));
    let rename = "rename application 'Hyper-V services' Hypervisor";
    assert!(objections(&mut session(EMPTY, rename), &facts).is_empty());
    let other = format!("{EMPTY}\ncreate application Other");
    let found = objections(&mut session(&other, "delete application Other"), &facts);
    assert_eq!(codes(&found), ["application-gone"]);
}

#[test]
fn the_sentence_names_operations_as_the_store_does() {
    let base = format!("{HALVES}rename operation 'Reconfigure Service' 'Dienst einrichten'");
    let facts = hyperv::guard::facts(Vec::new(), None);
    let found = objections(&mut session(&base, "delete assignment Connect"), &facts);
    assert_eq!(
        found[0].sentence,
        "Nobody would be left with \"Read Service Configuration\" (100) and \"Dienst einrichten\" (105) at the own level of \
         the application \"Hyper-V services\", as S-1-5-21-1-2-3-1002 is now: nobody could use Hyper-V."
    );
    assert_eq!(found[0].name, "Hyper-V services");
}
