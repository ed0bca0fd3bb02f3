//! The engine against the second implementation, and every path that is given as a reason link by link.

use std::collections::BTreeSet;

use azedit::access::{
    Access, Answer, Because, Condition, Holding, Operations, Principal, Roster, Token, Where, holdings,
};
use azedit::accounts::Sid;
use azedit::store::{GroupType, Kind, LeafKind, ObjId, Store};

use crate::random::{SIDS, open, random_store, sid};
use crate::slow;
use crate::stories::scenario;
use crate::support::Random;

/// Every link of the way is there, and the last one is to the operation; the first one is to the account.
fn is_a_way(store: &Store, because: &Because, operation: ObjId) -> bool {
    let links = |from: ObjId, kind: LeafKind, to: ObjId| {
        store.leaves_of(from, kind).any(|leaf| store.target(leaf) == Some(to))
    };
    let mut at = because.assignment;
    let mut rule = false;
    for &definition in because.role.iter().chain(&because.tasks) {
        if !links(at, LeafKind::TaskLink, definition) {
            return false;
        }
        at = definition;
        rule |= store.first(at, LeafKind::BizRule).is_some_and(|rule| !rule.trim().is_empty());
    }
    if !links(at, LeafKind::OperationLink, operation) {
        return false;
    }
    let mut at = because.assignment;
    for &group in &because.groups {
        if !links(at, LeafKind::AppMemberLink, group) {
            return false;
        }
        at = group;
    }
    let listed = because.member.is_none_or(|sid| {
        store.leaves_of(at, LeafKind::Member).any(|leaf| Sid::parse(store.text(leaf).trim()) == Ok(sid))
    });
    let ldap = store.group_type(at) == Some(GroupType::LdapQuery);
    rule |= store.group_type(at) == Some(GroupType::BizRule);
    let condition = if rule { Some(Condition::Rule) } else { ldap.then_some(Condition::Ldap) };
    listed && condition == because.condition && (because.member.is_some() || !because.groups.is_empty())
}

/// Asks about every account, operation and scope; how often each answer was given.
fn ask_everything(store: &Store, random: &mut Random, counts: &mut [usize; 3]) {
    for application in store.children_of(store.root(), Kind::Application) {
        let operations = Operations::of(store, application);
        let roster = Roster::of(store, application);
        let mut some: Vec<ObjId> = operations.ids().to_vec();
        while some.len() > 8 {
            some.swap_remove(random.below(some.len()));
        }
        let scopes = store.children_of(application, Kind::Scope).map(Some);
        let places: Vec<Option<ObjId>> = std::iter::once(None).chain(scopes).collect();
        for &scope in &places {
            let place = scope.map_or(Where::Default, Where::Scope);
            let access = Access::of(store, application, place);
            for &operation in &some {
                for account in SIDS {
                    let groups: Vec<Sid> =
                        SIDS.iter().filter(|_| random.one_in(6)).map(|text| sid(text)).collect();
                    let token = if random.one_in(3) {
                        Token::exact(sid(account), groups)
                    } else {
                        Token::new(sid(account), groups)
                    };
                    let (answer, because) = access.can(&token, operation);
                    let by_roster = roster.access(store, &token, place).can(&token, operation);
                    assert_eq!(
                        by_roster,
                        (answer, because.clone()),
                        "the roster leaves out nothing that matters"
                    );
                    let who = slow::Who { listed: token.sids(), all: token.sids(), found: true };
                    let expected = slow::can(store, &who, application, scope, operation);
                    assert_eq!(answer, expected, "{token:?} {} {scope:?}", store.path(operation));
                    counts[answer as usize] += 1;
                    assert!(because.iter().all(|because| is_a_way(store, because, operation)), "{because:?}");
                }
                if random.one_in(4) {
                    check_members(store, &access, (application, scope, operation));
                }
            }
        }
        check_holdings(store, application, &operations, &places);
    }
}

/// Everybody whose own SID grants something is listed with that, and nobody else.
fn check_members(
    store: &Store,
    access: &Access<'_>,
    (application, scope, operation): (ObjId, Option<ObjId>, ObjId),
) {
    let listed = access.who_can(operation);
    for (principal, answer, because) in &listed {
        assert!(because.iter().all(|because| is_a_way(store, because, operation)), "{because:?}");
        match principal {
            Principal::Account(sid) => assert!(because.iter().all(|because| because.member == Some(*sid))),
            Principal::Found(group) => {
                assert_eq!(*answer, Answer::Conditional);
                assert!(because.iter().all(|because| because.groups.last() == Some(group)));
            }
        }
    }
    for account in SIDS.map(sid) {
        let token = Token::new(account, []);
        let who = slow::Who { listed: &[account], all: token.sids(), found: false };
        let expected = slow::can(store, &who, application, scope, operation);
        let found = listed.iter().find(|(principal, ..)| *principal == Principal::Account(account));
        assert_eq!(
            found.map_or(Answer::No, |(_, answer, _)| *answer),
            expected,
            "{account} {}",
            store.path(operation)
        );
    }
}

/// The holdings of all levels are what the questions say, member by member.
fn check_holdings(store: &Store, application: ObjId, operations: &Operations, places: &[Option<ObjId>]) {
    let levels = places.iter().map(|scope| scope.unwrap_or(application));
    let held = holdings(store, operations, levels, &|_| true);
    let mut from_holdings = BTreeSet::new();
    for holding in &held {
        let scope = (holding.level != application).then_some(holding.level);
        for (number, &operation) in operations.ids().iter().enumerate() {
            let has = |set: &[u64]| set[number / 64] >> (number % 64) & 1 == 1;
            assert!(has(&holding.rights.any) || !has(&holding.rights.plain));
            if has(&holding.rights.any) {
                from_holdings.insert((holding.principal, scope, operation, has(&holding.rights.plain)));
            }
        }
    }
    check_roster(store, application, &held);
    let mut from_rows = BTreeSet::new();
    let result: Result<(), ()> = Access::of(store, application, Where::Anywhere).all_rows(|row| {
        // In a scope the application's own assignments are among the reasons; here only the scope's count.
        let own = |because: &&Because| store.scope(because.assignment) == row.scope;
        let is_plain = row.because.iter().filter(own).any(|because| because.condition.is_none());
        from_rows.insert((row.principal, row.scope, row.operation, is_plain));
        Ok(())
    });
    result.unwrap();
    assert_eq!(from_rows, from_holdings);
}

/// The roster knows everybody who holds anything, by a number, and what they hold.
fn check_roster(store: &Store, application: ObjId, held: &[Holding]) {
    let roster = Roster::of(store, application);
    let mut from_roster = Vec::new();
    for number in 0..roster.len() {
        let member = roster.member(number).unwrap();
        assert_eq!(roster.number(member), Some(number));
        let holdings = roster.holdings(store, member);
        from_roster.extend(holdings.into_iter().map(|held| (held.level, held.principal, held.rights)));
    }
    from_roster.sort_by_key(|held| (held.0, held.1));
    let held: Vec<_> =
        held.iter().map(|held| (held.level, held.principal, std::sync::Arc::clone(&held.rights))).collect();
    assert_eq!(from_roster, held);
    assert_eq!(
        (roster.member(roster.len()), roster.number(Principal::Account(sid("S-1-5-99")))),
        (None, None)
    );
}

#[test]
fn the_engine_agrees_with_the_plain_rules_on_random_stores() {
    let mut counts = [0; 3];
    let mut random = Random(20_090_811);
    while counts.iter().sum::<usize>() < 120_000 {
        let text = random_store(&mut random, 0);
        ask_everything(&open(&text), &mut random, &mut counts);
    }
    assert!(counts.iter().all(|count| *count > 5_000), "no, conditional, yes: {counts:?}");
}

#[test]
fn more_operations_and_members_than_one_block_holds() {
    let mut counts = [0; 3];
    let mut random = Random(7);
    for _ in 0..12 {
        let text = random_store(&mut random, 300);
        ask_everything(&open(&text), &mut random, &mut counts);
    }
    assert!(counts.iter().all(|count| *count > 20), "no, conditional, yes: {counts:?}");
}

#[test]
fn the_second_implementation_can_disagree() {
    let store = scenario("");
    let application = store.children_of(store.root(), Kind::Application).next().unwrap();
    let first = store.children_of(application, Kind::Operation).next().unwrap();
    let ask = |account: &str| {
        let token = [sid(account)];
        let who = slow::Who { listed: &token, all: &token, found: true };
        slow::can(&store, &who, application, None, first)
    };
    assert_eq!((ask("S-1-5-32-544"), ask("S-1-5-32-545")), (Answer::Yes, Answer::No));
}
