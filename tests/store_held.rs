//! Adding and removing one member after the other: what is accepted, and that it costs nothing that grows with them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/cost.rs"]
mod cost;

use std::time::Duration;

use azedit::store::{Change, Kind, LeafKind, Meaning, ObjId, Session, Store};
use cost::least;
use proptest::prelude::*;

/// An assignment with members that are repeated, spelled oddly, or nobody, and two definitions to link.
const STORE: &str = "<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"><AzApplication Name=\"App\" \
    Guid=\"00000000-0000-4000-8000-000000000001\">\
    <AzTask Name=\"0\" Guid=\"00000000-0000-4000-8000-000000000010\" RoleDefinition=\"True\"/>\
    <AzTask Name=\"1\" Guid=\"00000000-0000-4000-8000-000000000011\" RoleDefinition=\"True\"/>\
    <AzRole Name=\"Old\"><TaskLink>{00000000-0000-4000-8000-000000000010}</TaskLink>\
    <Member>S-1-5-21-1-2-3-1000</Member><Member>Joe</Member><Member>s-1-5-21-1-2-3-01000</Member>\
    <Member>S-1-5-21-1-2-3-1001</Member><Member> S-1-5-21-1-2-3-1001 </Member></AzRole></AzApplication></AzAdminManager>";

fn session(text: &str) -> Session {
    Session::new(Store::open(text.as_bytes().to_vec()).unwrap())
}

fn make(session: &mut Session, line: &str) -> Result<(), String> {
    let refused = session.apply(&[Change::parse(line).unwrap()], line).err();
    refused.map_or(Ok(()), |(_, error)| Err(error.message))
}

/// Whether one of the leaves says it: a look at each of them.
fn holds(store: &Store, assignment: ObjId, what: &(LeafKind, Meaning)) -> bool {
    store.leaves(assignment).any(|leaf| store.meaning(leaf) == *what)
}

fn assignment(store: &Store, name: &str) -> ObjId {
    let application = store.children(store.root()).next().unwrap();
    store.find(application, Kind::Assignment, name).unwrap()
}

proptest! {
    /// `add` takes what no leaf says and `remove` what one does, whatever was added, removed, undone and done again before,
    /// in an assignment of the file and in one that is new.
    #[test]
    fn what_is_held_is_what_the_leaves_say(steps in prop::collection::vec((0..6_u8, any::<bool>(), 0..5_usize), 1..40)) {
        let mut session = session(STORE);
        make(&mut session, "create assignment New").unwrap();
        for (step, is_old, which) in steps {
            let name = if is_old { "Old" } else { "New" };
            let id = assignment(session.store(), name);
            let (option, kind, text) = match which {
                0 | 1 => (format!("--role {which}"), LeafKind::TaskLink, format!("00000000-0000-4000-8000-00000000001{which}")),
                _ => (format!("--member S-1-5-21-1-2-3-{}", 998 + which), LeafKind::Member, format!("S-1-5-21-1-2-3-{}", 998 + which)),
            };
            let what = (kind, Meaning::of(kind, &text));
            let before = holds(session.store(), id, &what);
            match step {
                0 | 1 => {
                    let added = make(&mut session, &format!("add assignment {name} {option}"));
                    prop_assert_eq!(added.is_ok(), !before, "{:?}", added);
                    prop_assert!(holds(session.store(), id, &what));
                }
                2 | 3 => {
                    let removed = make(&mut session, &format!("remove assignment {name} {option}"));
                    prop_assert_eq!(removed.is_ok(), before, "{:?}", removed);
                    prop_assert!(!holds(session.store(), id, &what));
                }
                // The new assignment itself stays.
                4 if session.position() > 1 => _ = session.undo(),
                _ => _ = session.redo(),
            }
        }
        while session.undo().is_some() {}
        prop_assert_eq!(session.store().rendering().to_bytes(), STORE.as_bytes());
    }
}

/// What it costs to add so many members to an assignment, each by a change of its own, and to remove them.
fn one_by_one(count: usize, assignment: &str) -> Duration {
    let line = |word: &str, number: usize| {
        format!("{word} assignment {assignment} --member S-1-5-21-1-2-4-{number}")
    };
    let adding = (0..count).map(|number| line("add", number));
    let lines = adding.chain((0..count).map(|number| line("remove", number)));
    let changes: Vec<Change> = std::iter::once("create assignment New".to_owned())
        .chain(lines)
        .map(|line| Change::parse(&line).unwrap())
        .collect();
    least(|| _ = session(STORE).apply(&changes, "many").unwrap())
}

#[test]
fn a_member_costs_the_same_however_many_there_are() {
    for assignment in ["Old", "New"] {
        let (few, many) = (one_by_one(100, assignment), one_by_one(1_600, assignment));
        // Sixteen times the members: with the square it would be 256 times the cost.
        assert!(many < few * 48, "{assignment}: {few:?} for 100 members, {many:?} for 1,600");
    }
}
