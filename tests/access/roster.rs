//! The roster after any changes is the roster read anew.

use std::fmt::Write as _;

use azedit::access::{Principal, Roster, Token, Where};
use azedit::store::{Change, Kind, Link, ObjId, Object, Session, Store};

use crate::random::{SIDS, open, random_store, sid};
use crate::support::{Random, random_change, stores};

/// All that a roster lists.
fn listed(store: &Store, roster: &Roster) -> (Vec<Principal>, Vec<ObjId>, Vec<ObjId>, Vec<ObjId>) {
    let members = (0..roster.len()).filter_map(|number| roster.member(number)).collect::<Vec<_>>();
    let scopes = (0..roster.scope_count()).filter_map(|number| roster.scope(number)).collect::<Vec<_>>();
    let definitions: Vec<ObjId> =
        (0..roster.definition_count()).filter_map(|number| roster.definition(number)).collect();
    for (number, member) in members.iter().enumerate() {
        assert_eq!(roster.number(*member), Some(number));
    }
    for (number, scope) in scopes.iter().enumerate() {
        assert_eq!(roster.scope_number(*scope), Some(number));
    }
    for (number, definition) in definitions.iter().enumerate() {
        assert_eq!(roster.definition_number(store, *definition), Some(number));
    }
    (members, scopes, definitions, roster.operations().ids().to_vec())
}

/// What is told of everybody, and of some accounts with what is implied of them.
fn is_as_anew(store: &Store, application: ObjId, kept: &Roster, what: &str) {
    let anew = Roster::of(store, application);
    let all = listed(store, &anew);
    assert_eq!(listed(store, kept), all, "{what}");
    let held = |roster: &Roster, member| -> Vec<_> {
        let held = roster.holdings(store, member).into_iter();
        held.map(|holding| (holding.level, holding.principal, holding.rights)).collect()
    };
    for member in all.0 {
        assert_eq!(held(kept, member), held(&anew, member), "{what}: {member:?}");
    }
    let places = std::iter::once(Where::Default).chain(all.1.into_iter().map(Where::Scope));
    for place in places {
        for account in SIDS {
            let token = Token::new(sid(account), []);
            let answers = |roster: &Roster| roster.access(store, &token, place).answers(&token);
            assert_eq!(answers(kept), answers(&anew), "{what}: {account}");
        }
    }
}

/// An account of a domain that no other is of joins something, or leaves it.
fn stranger(store: &Store, random: &mut Random) -> Option<Change> {
    let lists = |id: &ObjId| matches!(store.kind(*id), Kind::Assignment | Kind::Group);
    let owners: Vec<ObjId> = store.walk().filter(lists).collect();
    let owner = Object::of(store, *random.pick(&owners)?)?;
    let domain = random.below(9);
    let link = Link::Member(format!("S-1-5-21-{domain}-2-3-1001"));
    Some(if random.one_in(2) { Change::Add(owner, vec![link]) } else { Change::Remove(owner, vec![link]) })
}

fn keeps_up(bytes: Vec<u8>, random: &mut Random, steps: usize) -> usize {
    let mut session = Session::new(Store::open(bytes).unwrap());
    let applications = |store: &Store| -> Vec<ObjId> {
        let all = 0..store.object_numbers();
        all.filter_map(|number| store.object_at(number))
            .filter(|&id| store.kind(id) == Kind::Application)
            .collect()
    };
    let mut rosters: Vec<(ObjId, Roster)> = Vec::new();
    let mut made = 0;
    for step in 0..steps {
        for id in applications(session.store()) {
            if !rosters.iter().any(|(known, _)| *known == id) {
                rosters.push((id, Roster::of(session.store(), id)));
            }
        }
        let (what, applied) = match random.below(8) {
            0 | 1 => ("undo".to_owned(), session.undo()),
            2 => ("redo".to_owned(), session.redo()),
            about => {
                let store = session.store();
                let change = if about == 3 { stranger(store, random) } else { random_change(store, random) };
                let Some(change) = change else { continue };
                (change.to_string(), session.apply(&[change], "step").ok())
            }
        };
        let Some(applied) = applied else { continue };
        made += 1;
        for (id, roster) in &mut rosters {
            assert!(roster.update(session.store(), &applied.touched));
            if session.store().is_live(*id) {
                is_as_anew(session.store(), *id, roster, &format!("step {step}, {what}"));
            }
        }
    }
    made
}

#[test]
fn a_roster_keeps_up_with_changes_of_every_kind() {
    let mut random = Random(20_261_122);
    let mut made = 0;
    for (_, bytes) in stores().into_iter().filter(|(_, bytes)| bytes.len() < 100_000) {
        if Store::open(bytes.clone()).is_ok() {
            made += keeps_up(bytes, &mut random, 40);
        }
    }
    for _ in 0..60 {
        let text = random_store(&mut random, 0);
        made += keeps_up(text.into_bytes(), &mut random, 30);
    }
    assert!(made > 1_000, "{made} steps");
}

#[test]
fn a_step_that_touches_too_much_is_refused_and_reading_can_be_stopped() {
    let mut scopes = String::new();
    for number in 0..20_000 {
        let _ = write!(
            scopes,
            "<AzScope Guid=\"{number:08x}-0000-4000-8000-000000000001\" Name=\"s{number}\"><AzRole \
             Guid=\"{number:08x}-0000-4000-8000-000000000002\" Name=\"r\"><Member>S-1-5-21-1-2-3-{number}</Member>\
             </AzRole></AzScope>"
        );
    }
    let store = open(&format!(
        "<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"><AzApplication Name=\"a\" \
         Guid=\"00000000-0000-4000-8000-ffffffffffff\">{scopes}</AzApplication></AzAdminManager>"
    ));
    let application = store.children_of(store.root(), Kind::Application).next().unwrap();
    let mut roster = Roster::of(&store, application);
    assert_eq!((roster.len(), roster.scope_count()), (20_000, 20_000));
    let mut session = Session::new(store);
    let applied = session.apply(&[Change::parse("delete application a").unwrap()], "delete").unwrap();
    assert!(!roster.update(session.store(), &applied.touched));
    session.undo().unwrap();
    let read = std::sync::atomic::AtomicUsize::new(0);
    let tick = |more| read.fetch_add(more, std::sync::atomic::Ordering::Relaxed) < 100;
    assert!(Roster::watched(session.store(), application, &tick).is_none());
    assert!(read.into_inner() < 200);
}
