//! Who may do what: the engine against a second implementation that is slow and obviously right, on random stores, and
//! the stories from the field as tables.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    clippy::cast_possible_truncation
)]

// Only the random numbers are used here.
#[allow(dead_code)]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use azedit::access::{
    Access, Answer, Because, Condition, Operations, Principal, Token, Where, gains, holdings,
};
use azedit::accounts::Sid;
use azedit::store::{GroupType, Kind, LeafKind, ObjId, Session, Store, parse_script};
use support::Random;

/// The rules of docs/ACCESS.md, one function each, by plain recursion.
mod slow {
    use super::*;

    fn targets(store: &Store, owner: ObjId, kind: LeafKind) -> Vec<ObjId> {
        store.leaves_of(owner, kind).filter_map(|leaf| store.target(leaf)).collect()
    }

    fn sids(store: &Store, owner: ObjId, kind: LeafKind) -> Vec<Sid> {
        store.leaves_of(owner, kind).filter_map(|leaf| Sid::parse(store.text(leaf).trim()).ok()).collect()
    }

    fn is_above(store: &Store, level: ObjId, of: ObjId) -> bool {
        let from = store.level(of);
        level == from || store.application(from) == Some(level) || level == store.root()
    }

    /// Reaching an operation from a definition or assignment.
    fn reaches(store: &Store, from: ObjId, operation: ObjId, seen: &mut Vec<ObjId>) -> Answer {
        if seen.contains(&from) {
            return Answer::No;
        }
        seen.push(from);
        let mut answer = Answer::No;
        for target in targets(store, from, LeafKind::OperationLink) {
            if target == operation && store.application(from) == store.parent(operation) {
                answer = Answer::Yes;
            }
        }
        for target in targets(store, from, LeafKind::TaskLink) {
            let is_definition = matches!(store.kind(target), Kind::Task | Kind::Role);
            if is_definition && is_above(store, store.level(target), from) {
                answer = answer.max(reaches(store, target, operation, seen));
            }
        }
        seen.pop();
        let has_rule = store.kind(from) != Kind::Assignment
            && store.first(from, LeafKind::BizRule).is_some_and(|rule| !rule.trim().is_empty());
        if has_rule { answer.min(Answer::Conditional) } else { answer }
    }

    /// Who asks: what is listed of it, all that it is when somebody is kept out, and whether groups may find it.
    pub struct Who<'w> {
        pub listed: &'w [Sid],
        pub all: &'w [Sid],
        pub found: bool,
    }

    /// Being in a group or assignment.
    fn holds(store: &Store, owner: ObjId, who: &Who<'_>, seen: &mut Vec<ObjId>) -> Answer {
        if seen.contains(&owner) {
            return Answer::No;
        }
        if store.kind(owner) == Kind::Group {
            match store.group_type(owner) {
                None | Some(GroupType::Basic) => {}
                Some(GroupType::LdapQuery | GroupType::BizRule) => {
                    return if who.found { Answer::Conditional } else { Answer::No };
                }
            }
            if sids(store, owner, LeafKind::NonMember).iter().any(|sid| who.all.contains(sid)) {
                return Answer::No;
            }
        }
        if sids(store, owner, LeafKind::Member).iter().any(|sid| who.listed.contains(sid)) {
            return Answer::Yes;
        }
        seen.push(owner);
        let mut answer = Answer::No;
        for group in targets(store, owner, LeafKind::AppMemberLink) {
            if store.kind(group) == Kind::Group && is_above(store, store.level(group), owner) {
                answer = answer.max(holds(store, group, who, seen));
            }
        }
        seen.pop();
        answer
    }

    /// The answer of an access check.
    pub fn can(
        store: &Store,
        who: &Who<'_>,
        application: ObjId,
        scope: Option<ObjId>,
        operation: ObjId,
    ) -> Answer {
        let mut answer = Answer::No;
        for level in [Some(application), scope].into_iter().flatten() {
            for assignment in store.children_of(level, Kind::Assignment) {
                let inside = holds(store, assignment, who, &mut Vec::new());
                let outside = reaches(store, assignment, operation, &mut Vec::new());
                answer = answer.max(inside.min(outside));
            }
        }
        answer
    }
}

fn sid(text: &str) -> Sid {
    Sid::parse(text).unwrap()
}

const SIDS: [&str; 9] = [
    "S-1-1-0",
    "S-1-5-11",
    "S-1-5-32-545",
    "S-1-5-32-546",
    "S-1-5-7",
    "S-1-5-32-544",
    "S-1-5-21-1-2-3-1001",
    "S-1-5-21-1-2-3-1002",
    "S-1-5-21-1-2-3-1003",
];

fn guid(n: usize) -> String {
    format!("00000000-0000-4000-8000-{n:012x}")
}

/// A link to one of these, or now and then to anything or nothing.
fn random_link(random: &mut Random, element: &str, of: &[usize], total: usize) -> String {
    let to = if random.one_in(12) { random.below(total) } else { random.pick(of).copied().unwrap_or(0) };
    format!("<{element}>{}</{element}>", guid(to))
}

fn random_member(random: &mut Random, element: &str, many: usize) -> String {
    let sid = if many > 0 && random.one_in(2) {
        format!("S-1-5-21-1-2-3-{}", 2000 + random.below(600))
    } else {
        (*random.pick(&SIDS).unwrap()).to_owned()
    };
    match random.below(8) {
        0 => format!("<{element}> {sid} </{element}>"),
        1 => format!("<{element}>CONTOSO\\joe</{element}>"),
        _ => format!("<{element}>{sid}</{element}>"),
    }
}

fn random_group(random: &mut Random, n: usize, (groups, total): (&[usize], usize), many: usize) -> String {
    let kind = ["Basic", "Basic", "Basic", "Basic", "LdapQuery", "Bizrule", "Odd"][random.below(7)];
    let mut text = format!("<AzApplicationGroup Guid=\"{}\" Name=\"g{n}\" GroupType=\"{kind}\">", guid(n));
    for _ in 0..random.below(3) {
        text += &random_link(random, "AppMemberLink", groups, total);
    }
    for _ in 0..random.below(3) + many {
        text += &random_member(random, "Member", many);
    }
    if random.one_in(3) {
        text += &random_member(random, "NonMember", many);
    }
    text + "</AzApplicationGroup>"
}

/// A store such as nobody would write: links of every kind from everywhere to everywhere, loops, links to nothing,
/// rules, queries, non-members.
fn random_store(random: &mut Random, many: usize) -> String {
    // Objects get their numbers first, so that links can lead forwards.
    let applications = 1 + random.below(2);
    let mut next = 0;
    let mut plan = Vec::new();
    let take = |next: &mut usize| {
        *next += 1;
        *next
    };
    for _ in 0..applications {
        let scopes = random.below(3);
        let operations = 1 + random.below(4) + many;
        plan.push((
            take(&mut next),
            (0..operations).map(|_| take(&mut next)).collect::<Vec<_>>(),
            (0..=scopes)
                .map(|_| (take(&mut next), random.below(6), 1 + random.below(3), random.below(4)))
                .collect::<Vec<_>>(),
        ));
    }
    let total = next + 60;
    let (mut tasks, mut groups, mut operations): (Vec<usize>, Vec<usize>, Vec<usize>) = Default::default();
    let mut number = next;
    for (_, of, levels) in &plan {
        operations.extend(of);
        for (_, task_count, _, group_count) in levels {
            for _ in 0..*task_count {
                number += 1;
                tasks.push(number);
            }
            for _ in 0..*group_count {
                number += 1;
                groups.push(number);
            }
        }
    }
    let globals: Vec<usize> = (0..random.below(3)).map(|n| number + 1 + n).collect();
    groups.extend(&globals);
    let link = |random: &mut Random, element: &str, of: &[usize]| random_link(random, element, of, total);
    let group =
        |random: &mut Random, n: usize, groups: &[usize]| random_group(random, n, (groups, total), many);
    let mut text = String::from("<AzAdminManager MajorVersion=\"2\" MinorVersion=\"0\">");
    let (mut at_task, mut at_group) = (tasks.iter(), groups.iter());
    for (application, of, levels) in &plan {
        write!(text, "<AzApplication Guid=\"{}\" Name=\"a{application}\">", guid(*application)).unwrap();
        for (id, n) in of.iter().enumerate() {
            write!(
                text,
                "<AzOperation Guid=\"{}\" Name=\"o{n}\"><OperationID>{id}</OperationID></AzOperation>",
                guid(*n)
            )
            .unwrap();
        }
        for (at, (scope, task_count, assignment_count, group_count)) in levels.iter().enumerate() {
            if at > 0 {
                write!(text, "<AzScope Guid=\"{}\" Name=\"s{scope}\">", guid(*scope)).unwrap();
            }
            for n in at_task.by_ref().take(*task_count) {
                write!(text, "<AzTask Guid=\"{}\" Name=\"t{n}\">", guid(*n)).unwrap();
                text += ["", "", "", "<BizRule>x = 1</BizRule>", "<BizRule> </BizRule>"][random.below(5)];
                for _ in 0..random.below(3) + many / 3 {
                    text += &link(random, "OperationLink", of);
                }
                for _ in 0..random.below(3) {
                    text += &link(random, "TaskLink", &tasks);
                }
                text += "</AzTask>";
            }
            for n in 0..*assignment_count {
                write!(text, "<AzRole Guid=\"{}\" Name=\"r{n}\">", guid(total + number + n + 7 * scope))
                    .unwrap();
                for _ in 0..random.below(3) {
                    text += &link(random, "TaskLink", &tasks);
                }
                for _ in 0..random.below(3) {
                    text += &link(random, "AppMemberLink", &groups);
                }
                if random.one_in(3) {
                    text += &link(random, "OperationLink", &operations);
                }
                for _ in 0..random.below(3) {
                    text += &random_member(random, "Member", many);
                }
                text += "</AzRole>";
            }
            for n in at_group.by_ref().take(*group_count) {
                text += &group(random, *n, &groups);
            }
            if at > 0 {
                text += "</AzScope>";
            }
        }
        text += "</AzApplication>";
    }
    for n in globals {
        text += &group(random, n, &groups);
    }
    text + "</AzAdminManager>"
}

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
    for holding in held {
        let scope = (holding.level != application).then_some(holding.level);
        for (number, &operation) in operations.ids().iter().enumerate() {
            let has = |set: &[u64]| set[number / 64] >> (number % 64) & 1 == 1;
            assert!(has(&holding.rights.any) || !has(&holding.rights.plain));
            if has(&holding.rights.any) {
                from_holdings.insert((holding.principal, scope, operation, has(&holding.rights.plain)));
            }
        }
    }
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

fn open(text: &str) -> Store {
    Store::open(text.as_bytes().to_vec()).unwrap_or_else(|error| panic!("{error}\n{text}"))
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

/// The store of a new host, with these changes.
fn scenario(script: &str) -> Store {
    let bytes = include_bytes!("../assets/InitialStore.xml").to_vec();
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
const TWO_USERS: &str = "
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

/// What each member may do at each place by its own SID, as the matrix has it: surely or perhaps.
fn matrix(store: &Store) -> BTreeMap<(String, Option<String>, String), Answer> {
    let mut matrix = BTreeMap::new();
    for application in store.children_of(store.root(), Kind::Application) {
        let result: Result<(), ()> = Access::of(store, application, Where::Anywhere).all_rows(|row| {
            let key =
                (who(store, row.principal), row.scope.map(|id| name(store, id)), name(store, row.operation));
            matrix.insert(key, row.answer);
            Ok(())
        });
        result.unwrap();
    }
    matrix
}

fn name(store: &Store, id: ObjId) -> String {
    store.path(id)
}

fn who(store: &Store, principal: Principal) -> String {
    match principal {
        Principal::Account(sid) => sid.to_string(),
        Principal::Found(group) => name(store, group),
    }
}

/// Whoever may do more in one matrix than in the other, in a place where that is not what it may do everywhere.
fn more(
    here: &BTreeMap<(String, Option<String>, String), Answer>,
    there: &BTreeMap<(String, Option<String>, String), Answer>,
) -> BTreeSet<(String, Option<String>, String, bool)> {
    let get = |of: &BTreeMap<_, Answer>, who: &String, scope: Option<String>, operation: &String| {
        of.get(&(who.clone(), scope, operation.clone())).copied().unwrap_or(Answer::No)
    };
    let surplus = here.iter().filter_map(|((who, scope, operation), answer)| {
        let had = get(there, who, scope.clone(), operation).max(get(there, who, None, operation));
        let everywhere = if scope.is_some() { get(here, who, None, operation) } else { Answer::No };
        (*answer > had.max(everywhere))
            .then(|| (who.clone(), scope.clone(), operation.clone(), *answer == Answer::Conditional))
    });
    surplus.collect()
}

#[test]
fn gains_and_losses_are_what_two_matrices_differ_by() {
    let mut random = Random(42);
    let mut found = 0;
    for _ in 0..300 {
        let text = random_store(&mut random, 0);
        // Members change, a rule comes or goes, an operation goes: objects keep their names and places.
        let mut other = text.clone();
        for _ in 0..=random.below(3) {
            let change = [
                ("S-1-1-0</Member>", "S-1-5-21-1-2-3-1001</Member>"),
                ("<BizRule>x = 1</BizRule>", ""),
                ("<BizRule> </BizRule>", "<BizRule>y = 2</BizRule>"),
                ("S-1-5-32-544</Member>", "nobody</Member>"),
                ("GroupType=\"LdapQuery\"", "GroupType=\"Basic\""),
                ("NonMember>", "Member>"),
            ];
            let (from, to) = *random.pick(&change).unwrap();
            other = other.replace(from, to);
        }
        let (old, new) = (open(&text), open(&other));
        let (gained, lost) = gains(&old, &new);
        let (before, after) = (matrix(&old), matrix(&new));
        for (store, list, expected) in
            [(&new, gained, more(&after, &before)), (&old, lost, more(&before, &after))]
        {
            let mut told = BTreeSet::new();
            for gain in list {
                let scope = gain.scope.map(|id| name(store, id));
                for (ids, is_conditional) in [(&gain.plain, false), (&gain.conditional, true)] {
                    told.extend(ids.iter().map(|&id| {
                        (who(store, gain.principal), scope.clone(), name(store, id), is_conditional)
                    }));
                }
            }
            assert_eq!(told, expected);
            found += told.len();
        }
    }
    assert!(found > 150, "{found}");
}
