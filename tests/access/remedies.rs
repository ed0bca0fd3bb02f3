//! Remedies: each really leads to the wished answer, and changes nothing that it does not say.

use std::collections::BTreeSet;

use azedit::access::remedy::{Effect, Question, Wish, remedies};
use azedit::access::{Answer, Gain, Token, gains, gains_of_session};
use azedit::store::{Change, Kind, ObjId, Session, Store, parse_script};

use crate::gains::{matrix, more, name, who};
use crate::random::{SIDS, open, random_store, sid};
use crate::slow;
use crate::stories::{TWO_USERS, scenario};
use crate::support::Random;

/// Who gains or loses what, told one by one; the last is whether it is conditional.
type Told = BTreeSet<(String, Option<String>, String, bool)>;

fn told(store: &Store, gains: &[Gain]) -> Told {
    let mut told = BTreeSet::new();
    for gain in gains {
        let scope = gain.scope.map(|id| name(store, id));
        for (ids, is_conditional) in [(&gain.plain, false), (&gain.conditional, true)] {
            told.extend(
                ids.iter()
                    .map(|&id| (who(store, gain.principal), scope.clone(), name(store, id), is_conditional)),
            );
        }
    }
    told
}

fn ask(store: &Store, question: &Question) -> Answer {
    let sids = question.token.sids();
    let who = slow::Who { listed: sids, all: sids, found: true };
    slow::can(store, &who, question.application, question.scope, question.operation)
}

/// Applies each remedy, looks at what changed with the slow means, and takes it back; how many there were.
fn check(session: &mut Session, question: &Question, wish: Wish) -> usize {
    let bytes = session.store().rendering().to_bytes();
    let remedies = remedies(session, question, wish);
    assert_eq!(session.store().rendering().to_bytes(), bytes, "looking changes nothing");
    let before = matrix(session.store());
    for remedy in &remedies {
        let lines: Vec<String> = remedy.changes.iter().map(Change::to_string).collect();
        session
            .apply(&remedy.changes, "remedy")
            .unwrap_or_else(|(at, error)| panic!("{}: {error}", lines[at]));
        let store = session.store();
        let wished = if wish == Wish::Grant { Answer::Yes } else { Answer::No };
        assert_eq!(ask(store, question), wished, "{lines:?}");
        let Effect::Known { gained, lost } = &remedy.effect else { panic!("{lines:?}: {:?}", remedy.effect) };
        let after = matrix(store);
        let asked = |is_conditional| {
            let scope = question.scope.map(|id| name(store, id));
            (question.account.to_string(), scope, name(store, question.operation), is_conditional)
        };
        let asked = BTreeSet::from([asked(false), asked(true)]);
        for (list, expected, is_wish) in [
            (gained, more(&after, &before), wish == Wish::Grant),
            (lost, more(&before, &after), wish == Wish::Withdraw),
        ] {
            let told = told(store, list);
            let untold: BTreeSet<_> = expected.difference(&told).cloned().collect();
            assert!(told.is_subset(&expected), "{lines:?}: {told:?} {expected:?}");
            assert!(untold.is_empty() || is_wish && untold.is_subset(&asked), "{lines:?}: {untold:?}");
        }
        session.undo().unwrap();
    }
    remedies.len()
}

#[test]
fn every_remedy_leads_to_the_wished_answer_and_says_what_else_it_changes() {
    let mut random = Random(1_2009);
    let (mut granted, mut withdrawn, mut none) = (0, 0, 0);
    while granted < 120 || withdrawn < 120 {
        let store = open(&random_store(&mut random, 0));
        let mut session = Session::new(store);
        for _ in 0..4 {
            let Some(question) = random_question(session.store(), &mut random) else { continue };
            let answer = ask(session.store(), &question);
            for (wish, has) in [(Wish::Grant, Answer::Yes), (Wish::Withdraw, Answer::No)] {
                let found = check(&mut session, &question, wish);
                assert!(answer != has || found == 0, "nothing is offered where it is so already");
                match wish {
                    Wish::Grant => granted += found,
                    Wish::Withdraw => withdrawn += found,
                }
                none += usize::from(answer != has && found == 0);
            }
        }
    }
    // Where objects share names and lack GUIDs, or rules decide about groups, nothing can be offered; mostly it can.
    assert!(none * 8 < granted + withdrawn, "{none} without a remedy, {granted} and {withdrawn} with");
}

fn random_question(store: &Store, random: &mut Random) -> Option<Question> {
    let applications: Vec<ObjId> = store.children_of(store.root(), Kind::Application).collect();
    let application = *random.pick(&applications)?;
    let operations: Vec<ObjId> = store.children_of(application, Kind::Operation).collect();
    let scopes: Vec<ObjId> = store.children_of(application, Kind::Scope).collect();
    let account = sid(SIDS[5 + random.below(4)]);
    Some(Question {
        application,
        scope: random.pick(&scopes).copied().filter(|_| random.one_in(2)),
        account,
        token: Token::new(account, []),
        operation: *random.pick(&operations)?,
    })
}

/// The question of a story: in a scope or at the application's own level (`""`).
fn question(store: &Store, account: &str, scope: &str, number: u32) -> Question {
    let application = store.children_of(store.root(), Kind::Application).next().unwrap();
    let is_it = |&id: &ObjId| store.operation_id(id) == Some(number);
    Question {
        application,
        scope: store.find(application, Kind::Scope, scope),
        account: sid(account),
        token: Token::new(sid(account), []),
        operation: store.children_of(application, Kind::Operation).find(is_it).unwrap(),
    }
}

/// Each remedy as its lines and the size of its effect.
fn offered(store: Store, account: &str, scope: &str, number: u32, wish: Wish) -> Vec<(Vec<String>, usize)> {
    let mut session = Session::new(store);
    let question = question(session.store(), account, scope, number);
    let of = |remedy: &azedit::access::remedy::Remedy| {
        (remedy.changes.iter().map(Change::to_string).collect(), remedy.effect.size())
    };
    remedies(&mut session, &question, wish).iter().map(of).collect()
}

const JOHN: &str = "S-1-5-21-1-2-3-1001";
const JOE: &str = "S-1-5-21-1-2-3-1002";

#[test]
fn the_smallest_grant_comes_first_and_one_that_gives_nothing_else_is_there() {
    // John may start Joe's machine: 315 in Joe's scope.
    let found = offered(scenario(TWO_USERS), JOHN, "Joes VM Scope", 315, Wish::Grant);
    let first = "add assignment Administrator --app 'Hyper-V services' --in 'Joes VM Scope' --member S-1-5-21-1-2-3-1001";
    // What needs fewer lines comes first, and of those what gives others nothing.
    assert!(found.iter().map(|(lines, _)| lines.len()).is_sorted(), "{found:#?}");
    assert_eq!(found[0].0, [first]);
    let exact = found.iter().find(|(_, size)| *size == 0).map(|(lines, _)| lines.clone()).unwrap();
    assert!(exact[0].starts_with("create role ") && exact[1].starts_with("create assignment "), "{exact:#?}");
}

#[test]
fn the_way_that_hvremote_leaves_is_cut_where_it_was_made() {
    // Scenario D: John is also in the default scope's Administrator assignment.
    let store = scenario(&format!("{TWO_USERS}\nadd assignment Administrator --member {JOHN}"));
    let found = offered(store, JOHN, "Joes VM Scope", 315, Wish::Withdraw);
    let cut = format!("remove assignment Administrator --app 'Hyper-V services' --member {JOHN}");
    assert!(found.iter().any(|(lines, _)| *lines == [cut.clone()]), "{found:#?}");
    assert!(found.iter().all(|(lines, _)| lines.len() == 1), "{found:#?}");
}

#[test]
fn what_a_session_gives_and_takes_is_what_the_stores_differ_by() {
    let mut random = Random(77);
    let mut compared = 0;
    for _ in 0..150 {
        let text = random_store(&mut random, 0);
        let mut session = Session::new(open(&text));
        for _ in 0..3 {
            let Some(question) = random_question(session.store(), &mut random) else { continue };
            let wish = if random.one_in(2) { Wish::Grant } else { Wish::Withdraw };
            let found = remedies(&mut session, &question, wish);
            let Some(remedy) = random.pick(&found) else { continue };
            session.apply(&remedy.changes, "one").unwrap();
        }
        let unsaved = gains_of_session(&mut session).unwrap();
        let (gained, lost) = gains(&open(&text), session.store());
        let old = open(&text);
        assert_eq!(told(session.store(), &unsaved.gained), told(session.store(), &gained));
        assert_eq!(told(session.store(), &unsaved.lost), told(&old, &lost));
        compared += gained.len() + lost.len();
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn what_is_deleted_and_brought_back_is_told_of_the_saved_store() {
    let mut session = Session::new(scenario(TWO_USERS));
    let script =
        "delete scope 'Joes VM Scope'\nremove assignment 'Service Access' --member S-1-5-21-1-2-3-1002";
    let changes: Vec<_> = parse_script(script).unwrap().into_iter().map(|(_, change)| change).collect();
    session.apply(&changes, "delete").unwrap();
    let unsaved = gains_of_session(&mut session).unwrap();
    assert!(unsaved.gained.is_empty() && unsaved.saved.is_none());
    let lost: BTreeSet<_> =
        told(session.store(), &unsaved.lost).into_iter().map(|(who, scope, ..)| (who, scope)).collect();
    let scope = Some("Hyper-V services/scopes/Joes VM Scope".to_owned());
    assert_eq!(lost, BTreeSet::from([(JOE.to_owned(), None), (JOE.to_owned(), scope)]));
}
