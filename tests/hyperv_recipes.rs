//! Recipes: what they change, who may do what afterwards, and that they can be repeated.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;

use azedit::access::{Access, Answer, Token, Where};
use azedit::accounts::Sid;
use azedit::hyperv::recipes::{self, Outcome, Plan};
use azedit::hyperv::{self, catalogue};
use azedit::store::{Guid, Kind, ObjId, Session, Store, parse_script};

const SAMPLE: &[u8] = include_bytes!("../assets/InitialStore.xml");
const JOHN: &str = "S-1-5-21-1-2-3-1001";
const JOE: &str = "S-1-5-21-1-2-3-1002";
const ADMINS: &str = "S-1-5-32-544";

fn open() -> Session {
    Session::new(Store::open(SAMPLE.to_vec()).unwrap())
}

fn prepare(session: &mut Session, script: &str) {
    let changes: Vec<_> = parse_script(script).unwrap().into_iter().map(|(_, change)| change).collect();
    session.apply(&changes, "prepare").unwrap();
}

fn application(store: &Store) -> ObjId {
    hyperv::application(store).unwrap()
}

fn planned(session: &Session, name: &str, answers: &[(&str, &str)]) -> Result<Plan, String> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (question, answer) in answers {
        all.entry((*question).to_owned()).or_default().push((*answer).to_owned());
    }
    let recipe = recipes::recipe(name).unwrap();
    let store = session.store();
    recipes::plan(store, application(store), recipe, &all, &mut Guid::random)
}

fn run(session: &mut Session, name: &str, answers: &[(&str, &str)]) -> Plan {
    let plan = planned(session, name, answers).unwrap_or_else(|why| panic!("{name}: {why}"));
    session.apply(&plan.changes, plan.label.clone()).unwrap_or_else(|(at, why)| {
        panic!("{name}: {why} in {}", plan.changes[at]);
    });
    plan
}

/// The numbers that an account may do in a place; `None` is the default scope.
fn may(store: &Store, who: &str, scope: Option<&str>) -> Vec<u32> {
    let application = application(store);
    let place = scope.map_or(Where::Default, |name| {
        Where::Scope(store.find(application, Kind::Scope, name).unwrap_or_else(|| panic!("{name}")))
    });
    let access = Access::of(store, application, place);
    let token = Token::new(Sid::parse(who).unwrap(), []);
    let all = store.children_of(application, Kind::Operation);
    all.filter(|&operation| access.can(&token, operation).0 == Answer::Yes)
        .map(|operation| store.operation_id(operation).unwrap())
        .collect()
}

fn everything() -> Vec<u32> {
    catalogue::operations().iter().map(|operation| operation.id).collect()
}

fn all_but(but: &[u32]) -> Vec<u32> {
    everything().into_iter().filter(|number| !but.contains(number)).collect()
}

/// Scope, `None` for the default one, and what is held there.
type Held = (Option<&'static str>, Vec<u32>);
/// A question and its answer.
type Asked = (&'static str, &'static str);
/// What is there, the recipe, the answers, and what is said.
type Refused<'a> = (&'a str, &'a str, &'a [Asked], &'a str);

const JOHNS: &str = "Johns VM Scope";
const JOES: &str = "Joes VM Scope";

/// Scenario C: two users who must not see each other.
#[test]
fn two_users_apart() {
    let mut session = open();
    run(&mut session, "own-scope", &[("scope", JOHNS), ("account", JOHN)]);
    let plan = run(&mut session, "own-scope", &[("scope", JOES), ("account", JOE)]);
    assert_eq!(
        plan.lines(),
        [
            "create scope 'Joes VM Scope' --app 'Hyper-V services'",
            "add assignment 'Service Access' --app 'Hyper-V services' --member S-1-5-21-1-2-3-1002",
            "create assignment Administrator --app 'Hyper-V services' --in 'Joes VM Scope' --role Administrator --member \
             S-1-5-21-1-2-3-1002",
        ]
    );
    assert_eq!(plan.notes, ["The role definition \"Service Access\" is there already."]);
    let store = session.store();
    let table: [(&str, Option<&str>, Vec<u32>); 9] = [
        (JOHN, Some(JOHNS), everything()),
        (JOHN, Some(JOES), vec![100, 105]),
        (JOHN, None, vec![100, 105]),
        (JOE, Some(JOES), everything()),
        (JOE, Some(JOHNS), vec![100, 105]),
        (JOE, None, vec![100, 105]),
        (ADMINS, None, everything()),
        (ADMINS, Some(JOHNS), everything()),
        (ADMINS, Some(JOES), everything()),
    ];
    for (who, scope, expected) in table {
        assert_eq!(may(store, who, scope), expected, "{who} in {scope:?}");
    }
    let undone = [session.undo(), session.undo()];
    assert!(undone.iter().all(Option::is_some));
    assert_eq!(
        session.store().rendering().to_bytes(),
        SAMPLE,
        "each recipe is one step, and goes without a trace"
    );
}

#[test]
fn what_each_recipe_gives() {
    let looks = [100, 265, 270, 275, 280, 285, 290, 295, 335, 345];
    let network: Vec<u32> = all_but(&[300, 305, 310, 315, 320, 325, 330, 335, 340, 345, 355]);
    let lab = Some("Lab");
    let table: [(&str, &[Asked], &[Held]); 6] = [
        ("own-scope", &[("scope", "Lab")], &[(None, vec![100, 105]), (lab, everything())]),
        ("no-snapshots", &[("scope", "Lab")], &[(None, vec![100, 105]), (lab, all_but(&[355]))]),
        (
            "console-user",
            &[("scope", "Lab")],
            &[(None, vec![100, 295]), (lab, vec![100, 295, 315, 320, 325, 340, 345])],
        ),
        ("network-admin", &[], &[(None, network)]),
        ("observer", &[], &[(None, looks.to_vec())]),
        ("full-admin", &[], &[(None, everything())]),
    ];
    for (name, answers, expected) in table {
        let mut session = open();
        let answers = [answers, &[("account", JOE)]].concat();
        run(&mut session, name, &answers);
        for (scope, numbers) in expected {
            assert_eq!(may(session.store(), JOE, *scope), *numbers, "{name} in {scope:?}");
        }
        assert_eq!(may(session.store(), JOHN, None), [0; 0], "{name}: nobody else");
        assert_eq!(may(session.store(), ADMINS, None), everything(), "{name}");
        // Again there is nothing to do.
        let again = planned(&session, name, &answers).unwrap();
        assert_eq!(again.changes, [], "{name}");
        assert!(!again.notes.is_empty(), "{name}");
        // Somebody more joins what is there.
        let more = [answers.as_slice(), &[("account", JOHN)]].concat();
        let plan = run(&mut session, name, &more);
        assert!(plan.lines().iter().all(|line| line.starts_with("add ")), "{name}: {:?}", plan.lines());
        for (scope, numbers) in expected {
            assert_eq!(may(session.store(), JOHN, *scope), *numbers, "{name} in {scope:?}");
        }
        let warnings = hyperv::findings(session.store());
        assert!(!warnings.all().any(|found| found.severity > azedit::check::Severity::Info), "{name}");
    }
}

/// Scenario D: what `HVRemote` leaves behind.
#[test]
fn hvremotes_grant_is_undone() {
    let mut session = open();
    run(&mut session, "own-scope", &[("scope", JOES), ("account", JOE)]);
    prepare(&mut session, &format!("add assignment Administrator --member {JOE} --member {JOHN}"));
    assert_eq!(may(session.store(), JOE, None), everything());
    let ask = &recipes::recipe("undo-hvremote").unwrap().ask[0];
    let offered = recipes::suggested(session.store(), application(session.store()), ask);
    assert_eq!(offered, [JOE], "John is no scope's, and the administrators are nobody's trap");
    let plan = run(&mut session, "undo-hvremote", &[]);
    assert_eq!(plan.accounts, [Sid::parse(JOE).unwrap()]);
    assert_eq!(may(session.store(), JOE, None), [100, 105]);
    assert_eq!(may(session.store(), JOE, Some(JOES)), everything());
    assert_eq!(may(session.store(), JOHN, None), everything());
    let why = planned(&session, "undo-hvremote", &[]).unwrap_err();
    assert!(why.contains("asks for --account"), "{why}");
    let again = planned(&session, "undo-hvremote", &[("account", JOE)]).unwrap();
    assert_eq!(again.changes, []);
    assert!(
        again.notes.iter().any(|note| note == "1 account is not in the role assignment \"Administrator\".")
    );
}

#[test]
fn what_is_in_the_way_is_said_and_nothing_is_widened() {
    let scope_and_joe = [("scope", "Lab"), ("account", JOE)];
    let cases: [Refused<'_>; 16] = [
        ("", "own-scope", &[("account", JOE)], "asks for --scope"),
        ("", "own-scope", &[("scope", "Lab")], "asks for --account"),
        ("", "own-scope", &[("scope", " "), ("account", JOE)], "asks for --scope"),
        ("", "own-scope", &[("scope", "Lab"), ("scope", "Lab 2"), ("account", JOE)], "--scope is given twice"),
        ("", "own-scope", &[("scope", "Lab"), ("account", "joe")], "joe is no SID"),
        ("", "own-scope", &[("scope", "Lab"), ("account", "S-1-16-8192")], "can never be a member"),
        ("", "own-scope", &[("scope", "Lab"), ("account", JOE), ("role", "Boss")], "no role definition \"Boss\""),
        ("", "own-scope", &[("scope", "Lab"), ("account", JOE), ("access", "a/b")], "/"),
        ("", "own-scope", &[("scope", "Lab"), ("account", JOE), ("colour", "red")], "does not ask for --colour"),
        ("delete operation 'Allow Virtual Machine Snapshot'", "no-snapshots", &scope_and_joe, "no operation 355"),
        (
            "create role 'Service Access' --operation 'Read Service Configuration'",
            "own-scope",
            &scope_and_joe,
            "lacks \"Reconfigure Service\"",
        ),
        (
            "create role 'Service Access' --role Administrator",
            "own-scope",
            &scope_and_joe,
            "grants \"Create Virtual Switch\"",
        ),
        (
            "create role 'Service Access' --operation 'Read Service Configuration' --operation 'Reconfigure Service'
             set role 'Service Access' rule 'x = 1'",
            "own-scope",
            &scope_and_joe,
            "authorization rule",
        ),
        (
            "create assignment 'Service Access' --role Administrator --member S-1-5-21-1-2-3-9",
            "own-scope",
            &scope_and_joe,
            "grants more",
        ),
        (
            "create assignment 'Service Access' --member S-1-5-21-1-2-3-9",
            "own-scope",
            &scope_and_joe,
            "other members",
        ),
        ("remove role Administrator --operation 'View Switches'", "full-admin", &[("account", JOE)], "lacks \"View Switches\""),
    ];
    for (script, name, answers, expected) in cases {
        let mut session = open();
        prepare(&mut session, script);
        match planned(&session, name, answers) {
            Ok(plan) => panic!("{script}\n{name} {answers:?}: {:?}", plan.lines()),
            Err(why) => assert!(why.contains(expected), "{name} {answers:?}: {why}"),
        }
    }
}

/// Names that look like options, references or templates are names.
#[test]
fn answers_are_never_read_as_anything_else() {
    for name in [
        "--global",
        "-x",
        "a' --member S-1-1-0 '",
        "{account}",
        "{role.0}",
        "[Lab]",
        "$'x'",
        "#x",
        "Lab\u{202E}x",
    ] {
        let mut session = open();
        let plan = planned(&session, "own-scope", &[("scope", name), ("account", JOE)]);
        let Ok(plan) = plan else {
            assert!(name.contains('\u{202E}'), "{name}: {plan:?}");
            continue;
        };
        session.apply(&plan.changes, "step").unwrap_or_else(|(_, error)| panic!("{name}: {error}"));
        assert_eq!(may(session.store(), JOE, Some(name)), everything(), "{name}");
        assert_eq!(may(session.store(), "S-1-1-0", None), [0; 0], "{name}");
        // The lines say the same to whoever reads them.
        let mut other = open();
        prepare(&mut other, &plan.lines().join("\n"));
        assert_eq!(may(other.store(), JOE, Some(name)), everything(), "{name}: {:?}", plan.lines());
    }
}

#[test]
fn a_preview_says_what_is_gained_and_changes_nothing() {
    let mut session = open();
    let before_bytes = session.store().rendering().to_bytes();
    let plan = planned(&session, "own-scope", &[("scope", JOES), ("account", JOE)]).unwrap();
    let outcome = Outcome::of(session.store(), application(session.store()), &plan.accounts, &plan.changes);
    let before = outcome.look(session.store());
    let after = session.attempt(&plan.changes, |store, _| outcome.look(store)).unwrap();
    assert_eq!(
        Outcome::sentences(&before, &after),
        [
            format!("{JOE} gains Read Service Configuration (100) and Reconfigure Service (105) everywhere"),
            format!("{JOE} gains 34 operations in {JOES}"),
        ]
    );
    assert_eq!(session.store().rendering().to_bytes(), before_bytes);
    assert!(!session.is_dirty() && session.transactions().is_empty());
    session.apply(&plan.changes, "for real").unwrap();
    assert_eq!(may(session.store(), JOE, Some(JOES)), everything());
}

#[test]
fn one_application_of_several_gets_it() {
    let mut session = open();
    prepare(&mut session, "create application Other\ncreate operation View --id 1 --app Other");
    run(&mut session, "own-scope", &[("scope", "Lab"), ("account", JOE)]);
    assert_eq!(may(session.store(), JOE, Some("Lab")), everything());
}
