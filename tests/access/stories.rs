//! The stories from the field as tables.

use azedit::access::{Access, Answer, Token, Where};
use azedit::store::{Kind, Session, Store, parse_script};

use crate::random::sid;

/// The store of a new host, with these changes.
pub fn scenario(script: &str) -> Store {
    let bytes = include_bytes!("../../assets/InitialStore.xml").to_vec();
    let mut session = Session::new(Store::open(bytes).unwrap());
    let changes: Vec<_> = parse_script(script).unwrap().into_iter().map(|(_, change)| change).collect();
    session.apply(&changes, "scenario").unwrap_or_else(|(at, error)| panic!("{}: {error}", changes[at]));
    Store::open(session.store().rendering().to_bytes()).unwrap()
}

const ADMINISTRATORS: &str = "S-1-5-32-544";
const JOHN: &str = "S-1-5-21-1-2-3-1001";
const JOE: &str = "S-1-5-21-1-2-3-1002";

/// Which operations an account may do, by their numbers, in a scope or at the application's level (`""`).
fn numbers(store: &Store, account: &str, scope: &str) -> Vec<u32> {
    let application = store.children_of(store.root(), Kind::Application).next().unwrap();
    let place = match scope {
        "" => Where::Default,
        name => Where::Scope(store.find(application, Kind::Scope, name).unwrap()),
    };
    let access = Access::of(store, application, place);
    let token = Token::new(sid(account), []);
    let operations = store.children_of(application, Kind::Operation);
    let mut numbers: Vec<u32> = operations
        .filter(|&operation| access.can(&token, operation).0 == Answer::Yes)
        .map(|operation| store.operation_id(operation).unwrap())
        .collect();
    numbers.sort_unstable();
    numbers
}

fn all(store: &Store) -> Vec<u32> {
    numbers(store, ADMINISTRATORS, "")
}

/// Scenario C: two users who must not see each other.
pub const TWO_USERS: &str = "
create scope 'Johns VM Scope'
create scope 'Joes VM Scope'
create assignment Administrator --in 'Johns VM Scope' --role Administrator --member S-1-5-21-1-2-3-1001
create assignment Administrator --in 'Joes VM Scope' --role Administrator --member S-1-5-21-1-2-3-1002
create role 'Service Access' --operation 'Read Service Configuration' --operation 'Reconfigure Service'
create assignment 'Service Access' --role 'Service Access' --member S-1-5-21-1-2-3-1001 --member S-1-5-21-1-2-3-1002
";

#[test]
fn scenario_a_local_administrators_may_do_everything_and_nobody_else_anything() {
    let store = scenario("");
    let application = store.children_of(store.root(), Kind::Application).next().unwrap();
    assert_eq!(all(&store).len(), store.children_of(application, Kind::Operation).count());
    for account in [JOHN, "S-1-1-0", "S-1-5-32-545"] {
        assert_eq!(numbers(&store, account, ""), Vec::<u32>::new(), "{account}");
    }
}

#[test]
fn scenario_c_two_users_who_must_not_see_each_other() {
    let store = scenario(TWO_USERS);
    let all = all(&store);
    assert!(all.len() >= 33);
    for (account, scope, expected) in [
        (JOHN, "Johns VM Scope", all.as_slice()),
        (JOHN, "Joes VM Scope", &[100, 105]),
        (JOHN, "", &[100, 105]),
        (JOE, "Joes VM Scope", &all),
        (JOE, "Johns VM Scope", &[100, 105]),
        (JOE, "", &[100, 105]),
        (ADMINISTRATORS, "", &all),
        (ADMINISTRATORS, "Johns VM Scope", &all),
        (ADMINISTRATORS, "Joes VM Scope", &all),
        ("S-1-5-21-1-2-3-1003", "Johns VM Scope", &[]),
        ("S-1-1-0", "Johns VM Scope", &[]),
    ] {
        assert_eq!(numbers(&store, account, scope), expected, "{account} in {scope:?}");
    }
    let without = scenario(
        &TWO_USERS.lines().filter(|line| !line.contains("Service Access")).collect::<Vec<_>>().join("\n"),
    );
    assert_eq!(numbers(&without, JOHN, ""), Vec::<u32>::new());
    assert_eq!(numbers(&without, JOHN, "Johns VM Scope"), all);
}

#[test]
fn scenario_d_hvremote_undoes_the_separation() {
    let store = scenario(&format!("{TWO_USERS}\nadd assignment Administrator --member {JOHN}"));
    let all = all(&store);
    for (account, scope, expected) in [
        (JOHN, "Joes VM Scope", all.as_slice()),
        (JOHN, "", &all),
        (JOE, "Johns VM Scope", &[100, 105]),
        (JOE, "", &[100, 105]),
    ] {
        assert_eq!(numbers(&store, account, scope), expected, "{account} in {scope:?}");
    }
}
