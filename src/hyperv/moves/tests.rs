//! The answers of hosts here are synthetic: lines as the script prints them, with the documented numbers.

use std::collections::VecDeque;

use super::*;
use crate::store::{Change, Schema, Session, new_store};

const JOHN: Uuid = Uuid::from_u128(1);
const JOE: Uuid = Uuid::from_u128(2);
const TWIN: Uuid = Uuid::from_u128(3);

/// A host that was recorded: for each call what must be asked of it, and what it prints.
struct Recorded(VecDeque<(Call, String)>);

#[derive(Debug, PartialEq)]
enum Call {
    List,
    Move(Vec<(Uuid, String)>),
}

impl Recorded {
    fn answer(&mut self, call: &Call) -> String {
        let (expected, answer) = self.0.pop_front().unwrap_or_else(|| panic!("one call too many: {call:?}"));
        assert_eq!(*call, expected);
        answer
    }
}

impl Host for Recorded {
    fn list(&mut self) -> Result<Inventory, HostError> {
        Inventory::of_output(&self.answer(&Call::List))
    }

    fn move_machines(&mut self, moves: &[Move]) -> Result<Report, HostError> {
        let asked = moves.iter().map(|order| (order.guid, order.to.clone())).collect();
        Report::of_output(&self.answer(&Call::Move(asked)))
    }
}

fn machine(guid: Uuid, name: &str, scope: &str) -> Machine {
    Machine { guid, name: name.to_owned(), state: Some(2), scope: Some(scope.to_owned()) }
}

fn inventory(machines: &[Machine]) -> Inventory {
    Inventory { host: Some("HV01".to_owned()), machines: machines.to_vec() }
}

/// A store that these changes made.
fn store(changes: &[&str]) -> Store {
    changed(
        &Store::open(new_store(Schema::V1, Guid::random(), "")).unwrap(),
        &[&["create application 'Hyper-V services'"], changes].concat(),
    )
}

fn changed(store: &Store, changes: &[&str]) -> Store {
    let mut session = Session::new(Store::open(store.rendering().bytes().into_owned()).unwrap());
    let changes: Vec<Change> = changes
        .iter()
        .map(|line| Change::parse_words(&crate::store::split(line).unwrap()).unwrap())
        .collect();
    session.apply(&changes, "test").unwrap();
    Store::open(session.store().rendering().bytes().into_owned()).unwrap()
}

#[test]
fn asked_for_moves_are_checked_against_the_store() {
    let store = store(&["create scope 'Johns VM Scope'"]);
    let here = inventory(&[machine(JOHN, "Johns VM", ""), machine(JOE, "Joes VM", "Johns VM Scope")]);
    let plan = plan(
        &here,
        &store,
        &store,
        &[(JOHN, "Johns VM Scope".into()), (JOE, "johns vm scope".into()), (TWIN, String::new())],
    );
    assert_eq!(plan.orders().len(), 2);
    assert_eq!(plan.moves[0].why, Why::Asked);
    let problems: Vec<_> = plan.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "the store has no scope \"johns vm scope\": the host would put Joes VM into the default scope",
            "the host has no virtual machine 00000000-0000-0000-0000-000000000003"
        ]
    );
    // A machine that is there already does not move.
    assert!(super::plan(&here, &store, &store, &[(JOE, "Johns VM Scope".into())]).moves.is_empty());
}

#[test]
fn machines_follow_their_scope_and_hold_it_until_they_have() {
    let saved = store(&["create scope A", "create scope B", "create scope C"]);
    let wanted = changed(&saved, &["rename scope A A2", "delete scope B"]);
    let here = inventory(&[
        machine(JOHN, "John", "A"),
        machine(JOE, "Joe", "B"),
        machine(TWIN, "Twin", "C"),
        machine(Uuid::from_u128(4), "Lost", "Gone long ago"),
        machine(Uuid::from_u128(5), "Default", ""),
    ]);
    let plan = plan(&here, &saved, &wanted, &[]);
    let moves: Vec<_> =
        plan.moves.iter().map(|p| (p.order.name.as_str(), p.order.to.as_str(), p.why.clone())).collect();
    assert_eq!(moves, [("John", "A2", Why::Renamed), ("Joe", "", Why::Deleted), ("Lost", "", Why::Missing)]);
    assert_eq!(
        plan.held,
        [Held { name: "A".into(), becomes: Some("A2".into()) }, Held { name: "B".into(), becomes: None }]
    );
    // What was asked for goes before following.
    let elsewhere = super::plan(&here, &saved, &wanted, &[(JOHN, "C".into())]);
    assert_eq!((elsewhere.moves[0].order.to.as_str(), elsewhere.moves[0].why.clone()), ("C", Why::Asked));
    assert!(elsewhere.held.iter().any(|held| held.name == "A"), "it is in A until it has moved");
}

#[test]
fn a_failed_move_stays_and_holds_its_scope() {
    let saved = store(&["create scope A", "create scope B"]);
    let wanted = changed(&saved, &["rename scope A A2", "delete scope B"]);
    let line = |guid: u128, wanted: &str, old: &str, now: &str, rest: &str| {
        format!(
            "{{\"azedit\":\"move\",\"guid\":\"{}\",\"name\":\"x\",\"wanted\":\"{wanted}\",\"old\":\"{old}\",\"now\":\"{now}\"{rest}}}\n",
            crate::hyperv::inventory::guid_text(Uuid::from_u128(guid))
        )
    };
    let listing = "{\"azedit\":\"host\",\"name\":\"HV01\"}\n\
        {\"azedit\":\"machine\",\"guid\":\"00000000-0000-0000-0000-000000000001\",\"name\":\"twin\",\"state\":2,\"scope\":\"A\"}\n\
        {\"azedit\":\"machine\",\"guid\":\"00000000-0000-0000-0000-000000000002\",\"name\":\"twin\",\"state\":3,\"scope\":\"B\"}\n\
        {\"azedit\":\"end\",\"count\":2}\n";
    let both = Call::Move(vec![(JOHN, "A2".into()), (JOE, String::new())]);
    let first =
        line(1, "A2", "A", "A2", ",\"return\":4096,\"job\":7") + &line(2, "", "B", "B", ",\"return\":32775");
    let second = line(2, "", "B", "", ",\"return\":0");
    let mut host = Recorded(VecDeque::from([
        (Call::List, listing.to_owned()),
        (both, first),
        (Call::Move(vec![(JOE, String::new())]), second),
    ]));

    let here = host.list().unwrap();
    assert!(here.find("twin").unwrap_err().contains("000000000002"), "two machines have one name");
    let plan = plan(&here, &saved, &wanted, &[]);
    let left = plan.left(&host.move_machines(&plan.orders()).unwrap());
    assert_eq!(left.orders().iter().map(|order| order.guid).collect::<Vec<_>>(), [JOE]);
    assert_eq!(left.held, [Held { name: "B".into(), becomes: None }], "A is empty and may go, B may not");
    let nothing = left.left(&host.move_machines(&left.orders()).unwrap());
    assert_eq!(nothing, Plan::default());
    assert!(host.0.is_empty());
}

#[test]
fn a_host_without_the_namespace_moves_nothing() {
    let answer = "{\"azedit\":\"error\",\"doing\":\"connect\",\"code\":\"0x8004100E\",\"message\":\"\"}";
    let mut host = Recorded(VecDeque::from([(Call::Move(Vec::new()), answer.to_owned())]));
    assert_eq!(host.move_machines(&[]), Err(HostError::NoNamespace));
}
