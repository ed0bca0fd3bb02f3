//! Why access checks were denied, and that the smallest grant allows them and no more. Every event here is synthetic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;

use azedit::access::{Access, Answer, Token, Where, gains};
use azedit::accounts::{self, Sid};
use azedit::hyperv;
use azedit::hyperv::events::{Attempt, Log};
use azedit::hyperv::explain::{Counted, Names, Why, all_fixes, explain, together};
use azedit::store::{Change, Kind, Session, Store, parse_script};

const SAMPLE: &[u8] = include_bytes!("../assets/InitialStore.xml");
const JOHN: &str = "S-1-5-21-1-2-3-1001";
const JOE: &str = "S-1-5-21-1-2-3-1002";

/// Scenario C, after which somebody deleted "Service Access": scenario E.
const E: &str = "
create scope 'Johns VM Scope'
create assignment Administrator --in 'Johns VM Scope' --role Administrator --member S-1-5-21-1-2-3-1001
";
/// Scenario C itself.
const C: &str = "
create scope 'Johns VM Scope'
create assignment Administrator --in 'Johns VM Scope' --role Administrator --member S-1-5-21-1-2-3-1001
create role 'Service Access' --operation 'Read Service Configuration' --operation 'Reconfigure Service'
create assignment 'Service Access' --role 'Service Access' --member S-1-5-21-1-2-3-1001
";

fn session(script: &str) -> Session {
    let mut session = Session::new(Store::open(SAMPLE.to_vec()).unwrap());
    let changes: Vec<_> = parse_script(script).unwrap().into_iter().map(|(_, change)| change).collect();
    session.apply(&changes, "prepare").unwrap_or_else(|(at, error)| panic!("{at}: {error}"));
    session
}

fn attempt(account: &str, id: u32, scope: Option<&str>) -> Attempt {
    Attempt {
        account: account.to_owned(),
        application: hyperv::APPLICATION.to_owned(),
        scope: scope.map(str::to_owned),
        id: Some(id),
        operation: "as the event has it".to_owned(),
    }
}

fn log(attempts: &[Attempt]) -> Log {
    let mut log = Log::default();
    for attempt in attempts {
        *log.denied.entry(attempt.clone()).or_default() += 1;
    }
    log
}

fn names() -> Names {
    let mut names = Names::default();
    for name in [format!("CONTOSO\\john={JOHN}"), format!("contoso\\Joe={JOE}")] {
        names.add(&name).unwrap();
    }
    names
}

/// Nobody is known besides.
fn known() -> accounts::Names {
    accounts::Names::default()
}

fn can(store: &Store, sid: &str, id: u32, scope: Option<&str>) -> bool {
    let application = hyperv::application(store).unwrap();
    let place = scope
        .map_or(Where::Default, |name| Where::Scope(store.find(application, Kind::Scope, name).unwrap()));
    let mut all = store.children_of(application, Kind::Operation);
    let operation = all.find(|&operation| store.operation_id(operation) == Some(id)).unwrap();
    let token = Token::new(Sid::parse(sid).unwrap(), []);
    Access::of(store, application, place).can(&token, operation).0 == Answer::Yes
}

/// Reason, and the lines that would help, of one denial.
fn one(script: &str, attempt: Attempt) -> (Why, Vec<String>) {
    let session = session(script);
    let denials = explain(session.store(), &log(&[attempt]), &names(), &known());
    assert_eq!(denials.len(), 1);
    assert!(denials[0].sentence.ends_with(['.', '?']), "{}", denials[0].sentence);
    (denials[0].why, denials[0].fix.iter().map(ToString::to_string).collect())
}

/// Scenario E: which operation was missing?
#[test]
fn the_operation_that_hyper_v_manager_asks_first() {
    let denied = || attempt("CONTOSO\\john", 100, None);
    let (why, fix) = one(E, denied());
    assert_eq!(why, Why::NoGrant);
    assert_eq!(
        fix,
        [
            "create role 'Service Access' --operation 'Read Service Configuration' --operation 'Reconfigure Service'",
            "create assignment 'Service Access' --role 'Service Access' --member S-1-5-21-1-2-3-1001",
        ]
    );
    // The role definition is there, its assignment is not.
    let script = format!("{C}delete assignment 'Service Access'");
    assert_eq!(
        one(&script, denied()).1,
        ["create assignment 'Service Access' --role 'Service Access' --member S-1-5-21-1-2-3-1001"]
    );
    // Both are there, without him.
    let script = format!("{C}remove assignment 'Service Access' --member {JOHN}");
    assert_eq!(one(&script, denied()).1, ["add assignment 'Service Access' --member S-1-5-21-1-2-3-1001"]);
    // And with him it is allowed now.
    assert_eq!(one(C, denied()), (Why::AllowedNow, vec![]));
}

#[test]
fn each_reason_is_told() {
    let scope = Some("Johns VM Scope");
    let other = Attempt { application: "Shop".to_owned(), ..attempt("CONTOSO\\john", 100, None) };
    let cases: [(Attempt, Why); 9] = [
        (attempt("CONTOSO\\joe", 315, scope), Why::NoGrant),
        (attempt("CONTOSO\\JOHN", 315, scope), Why::AllowedNow),
        (attempt("john", 315, scope), Why::UnknownAccount),
        (attempt("FABRIKAM\\jim", 315, scope), Why::UnknownAccount),
        (attempt(JOE, 315, scope), Why::NoGrant),
        (attempt("BUILTIN\\Administrators", 315, None), Why::AllowedNow),
        (attempt("CONTOSO\\john", 315, Some("Janes VM Scope")), Why::UnknownScope),
        (attempt("CONTOSO\\john", 999, None), Why::UnknownOperation),
        (other, Why::OtherApplication),
    ];
    for (attempt, why) in cases {
        let about = format!("{attempt:?}");
        let (found, fix) = one(C, attempt);
        assert_eq!(found, why, "{about}");
        assert_eq!(fix.is_empty(), why != Why::NoGrant, "{about}");
    }
    let ruled = format!("{C}set role 'Service Access' rule 'x = 1'");
    let (why, fix) = one(&ruled, attempt("CONTOSO\\john", 100, None));
    assert_eq!(why, Why::NoGrant, "Hyper-V runs no rule");
    assert!(fix[0].starts_with("create role 'Service Access 2'"), "{fix:?}");
}

#[test]
fn what_one_account_lacks_in_one_place_is_granted_together() {
    let scope = Some("Johns VM Scope");
    let attempts = [attempt("CONTOSO\\joe", 315, scope), attempt("CONTOSO\\joe", 320, scope)];
    let session = session(C);
    let denials = explain(session.store(), &log(&attempts), &names(), &known());
    assert_eq!(denials[0].fix, denials[1].fix);
    let lines: Vec<String> = denials[0].fix.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "create role 'Access to 2 operations' --operation 'Start Virtual Machine' --operation 'Stop Virtual Machine'",
            "create assignment 'Access to 2 operations' --in 'Johns VM Scope' --role 'Access to 2 operations' --member \
             S-1-5-21-1-2-3-1002",
        ]
    );
    // A role definition that gives as much is used, one that gives more is not.
    let script = format!(
        "{C}create role Power --operation 'Stop Virtual Machine' --operation 'Start Virtual Machine'"
    );
    assert_eq!(
        one(&script, attempts[0].clone()).1[0],
        "create role 'Start Virtual Machine only' --operation 'Start Virtual Machine'"
    );
    let session = self::session(&script);
    let lines: Vec<String> = all_fixes(&explain(session.store(), &log(&attempts), &names(), &known()))
        .iter()
        .map(Change::to_string)
        .collect();
    assert_eq!(
        lines,
        ["create assignment Power --in 'Johns VM Scope' --role Power --member S-1-5-21-1-2-3-1002"]
    );
}

/// Whatever is denied to whom: with the grants it is allowed, and nobody gains what was not asked for but the other
/// one of the two operations that Hyper-V always asks for.
#[test]
fn the_grants_allow_what_was_denied_and_nothing_else() {
    let mut random = 7_u64;
    let mut next = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    let scripts =
        [E, C, "create scope 'Johns VM Scope'", "create scope 'Johns VM Scope'\ncreate application Shop"];
    let numbers: Vec<u32> = hyperv::catalogue::operations().iter().map(|operation| operation.id).collect();
    for round in 0..200 {
        let script = scripts[usize::try_from(next(4)).unwrap()];
        let mut session = session(script);
        let attempts: Vec<Attempt> = (0..=next(6))
            .map(|_| {
                let account = ["CONTOSO\\john", "CONTOSO\\joe"][usize::try_from(next(2)).unwrap()];
                let scope = [None, Some("Johns VM Scope")][usize::try_from(next(2)).unwrap()];
                attempt(account, numbers[usize::try_from(next(34)).unwrap()], scope)
            })
            .collect();
        let before = Store::open(session.store().rendering().to_bytes()).unwrap();
        let denials = explain(session.store(), &log(&attempts), &names(), &known());
        // Each by itself ...
        for denial in &denials {
            let sid = denial.sid.unwrap().to_string();
            let (id, scope) = (denial.attempt.id.unwrap(), denial.attempt.scope.as_deref());
            let allowed = session.attempt(&denial.fix, |store, _| can(store, &sid, id, scope)).unwrap();
            assert!(allowed, "round {round}: {denial:?}");
        }
        // ... and all of them at once.
        let copy = session.store().clone();
        let counted: Vec<Counted> = log(&attempts).denied.into_iter().collect();
        let changes = together(copy, &counted, &names(), &known(), &|_| true).unwrap();
        session.apply(&changes, "grant").unwrap_or_else(|(at, error)| panic!("{}: {error}", changes[at]));
        let wanted: BTreeSet<(String, Option<String>, u32)> = denials
            .iter()
            .map(|d| (d.sid.unwrap().to_string(), d.attempt.scope.clone(), d.attempt.id.unwrap()))
            .collect();
        for (sid, scope, id) in &wanted {
            assert!(can(session.store(), sid, *id, scope.as_deref()), "round {round}: {sid} {id} {scope:?}");
        }
        let (gained, lost) = gains(&before, session.store());
        assert!(lost.is_empty());
        for gain in gained {
            let azedit::access::Principal::Account(sid) = gain.principal else { panic!() };
            let scope = gain.scope.map(|scope| session.store().name(scope).into_owned());
            for operation in gain.plain.iter().chain(&gain.conditional) {
                let id = session.store().operation_id(*operation).unwrap();
                let asked = wanted.contains(&(sid.to_string(), scope.clone(), id));
                assert!(
                    asked || scope.is_none() && (id == 100 || id == 105),
                    "round {round}: {sid} {id} {scope:?}"
                );
            }
        }
    }
}

#[test]
fn whoever_lacks_the_same_is_added_by_one_change() {
    let sid = |number: u32| format!("S-1-5-21-1-2-3-{}", 2000 + number);
    let attempts: Vec<Attempt> =
        (0..300).map(|number| attempt(&sid(number), 100 + 5 * (number % 2), None)).collect();
    let counted: Vec<Counted> = log(&attempts).denied.into_iter().collect();
    let mut session = session(E);
    let copy = session.store().clone();
    let changes = together(copy, &counted, &names(), &known(), &|_| true).unwrap();
    assert_eq!(changes.len(), 2, "a role definition and its assignment: {changes:?}");
    session.apply(&changes, "grant").unwrap();
    assert!((0..300).all(|number| can(session.store(), &sid(number), 105, None)));
    // Told to stop, it says nothing.
    assert_eq!(together(session.store().clone(), &counted, &names(), &known(), &|_| false), None);
}
