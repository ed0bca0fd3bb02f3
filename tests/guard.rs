//! What the guard must catch before a save, and what it must let pass.
//!
//! Each case is a script of changes made to a small store. The codes are checked twice: by comparing the two stores
//! as files, and in the session that made the changes, which looks at less.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    clippy::cast_possible_truncation
)]

mod support;

use azedit::access::guard::{self, Facts, Objection, Program};
use azedit::accounts::Sid;
use azedit::store::{Guid, Kind, Schema, Session, Store, new_store, parse_script};
use support::{Random, random_change, stores};

/// Two administrators, one of them by a group in a group; a reader; a scope with an assignment of its own.
const OFFICE: &str = "
create application Office
create operation Read --id 1
create operation Write --id 2
create operation Print --id 3
create task Edit --operation Write --operation Print
create role Admin --operation Read --task Edit
create role Reader --operation Read
create group Helpers --global --member S-1-5-21-1-2-3-1802
create group Staff --member S-1-5-21-1-2-3-1801 --group Helpers
create assignment Readers --role Reader --member S-1-5-21-1-2-3-1600
create scope Berlin
create role Local --in Berlin --operation Print
create assignment Locals --in Berlin --role Local --member S-1-5-21-1-2-3-1700
";

const ONE: &str = "create assignment Admins --role Admin --member S-1-5-21-1-2-3-500";
const TWO: &str =
    "create assignment Admins --role Admin --member S-1-5-21-1-2-3-500 --member S-1-5-21-1-2-3-501";
const STAFF: &str = "create assignment Admins --role Admin --group Staff
                     remove group Staff --member S-1-5-21-1-2-3-1801";
/// Nobody may do everything: the rule decides about Edit.
const RULED: &str = "create assignment Admins --role Admin --member S-1-5-21-1-2-3-500
                     set task Edit rule 'AzBizRuleContext.BusinessRuleResult = True'";
/// Only in the scope may anybody do anything.
const SCOPED: &str = "delete assignment Readers";
/// Nothing is certain: whoever the query finds may read.
const QUERIED: &str = "delete assignment Readers
                       delete scope Berlin
                       create group Found --type ldap --query '(cn=x)'
                       create assignment Readers --role Reader --group Found";
const NOBODY: &str = "delete assignment Readers
                      delete scope Berlin";
/// Classes of accounts have something already.
const OPEN: &str = "create assignment Admins --role Admin --member S-1-5-21-1-2-3-500
                    create assignment Public --role Reader --member S-1-1-0
                    create group Visitors --member S-1-5-11
                    create assignment Visitors --in Berlin --role Local --group Visitors";

const CAUGHT: [(&str, &str, &[&str]); 62] = [
    // Nobody is left who may do everything.
    (ONE, "remove assignment Admins --member S-1-5-21-1-2-3-500", &["lockout"]),
    (ONE, "delete assignment Admins", &["lockout"]),
    (ONE, "delete role Admin", &["lockout"]),
    (ONE, "remove role Admin --task Edit", &["lockout"]),
    (ONE, "remove role Admin --operation Read", &["lockout"]),
    (ONE, "delete task Edit", &["lockout"]),
    (ONE, "remove task Edit --operation Print", &["lockout"]),
    (ONE, "remove assignment Admins --role Admin", &["lockout"]),
    (ONE, "set role Admin rule 'x = 1'", &["lockout"]),
    (ONE, "set task Edit rule 'x = 1'", &["lockout"]),
    (ONE, "move assignment Admins --to Berlin", &["lockout"]),
    (ONE, "delete application Office", &["lockout"]),
    (ONE, "delete operation Read\ndelete operation Write\ndelete operation Print", &["lockout"]),
    (ONE, "set operation Read id 11\nset operation Write id 12\nset operation Print id 13", &["lockout"]),
    (
        ONE,
        "remove assignment Admins --member S-1-5-21-1-2-3-500\nadd assignment Readers --member S-1-5-21-1-2-3-500",
        &["lockout"],
    ),
    (ONE, "remove assignment Admins --role Admin\nadd assignment Admins --role Reader", &["lockout"]),
    (
        ONE,
        "delete application Office\ncreate application Office\ncreate operation Read --id 1\ncreate role Admin --operation Read\n\
         create assignment Admins --role Admin",
        &["lockout"],
    ),
    (
        ONE,
        "remove assignment Admins --member S-1-5-21-1-2-3-500\ncreate group Found --type ldap --query '(cn=x)'\n\
         add assignment Admins --group Found",
        &["lockout"],
    ),
    (TWO, "delete assignment Admins", &["lockout"]),
    (TWO, "remove assignment Admins --member S-1-5-21-1-2-3-500 --member S-1-5-21-1-2-3-501", &["lockout"]),
    (STAFF, "remove assignment Admins --group Staff", &["lockout"]),
    (STAFF, "remove group Staff --group Helpers", &["lockout"]),
    (STAFF, "remove group Helpers --global --member S-1-5-21-1-2-3-1802", &["lockout"]),
    (STAFF, "delete group Helpers --global", &["lockout"]),
    (STAFF, "delete group Staff", &["lockout"]),
    (STAFF, "add group Staff --non-member S-1-5-21-1-2-3-1802", &["lockout"]),
    (STAFF, "add group Staff --non-member S-1-1-0", &["lockout"]),
    (STAFF, "add group Helpers --global --non-member S-1-5-11", &["lockout"]),
    (STAFF, "move assignment Admins --to Berlin", &["lockout"]),
    // Nobody may do anything, where somebody could.
    (SCOPED, "remove assignment Locals --in Berlin --member S-1-5-21-1-2-3-1700", &["lockout"]),
    (SCOPED, "delete scope Berlin", &["lockout"]),
    (SCOPED, "delete operation Print", &["lockout"]),
    (NOBODY, "create scope S\ndelete application Office", &[]),
    // Programs no longer find the application.
    (ONE, "rename application Office Works", &["application-gone"]),
    (RULED, "rename application Office Works", &["application-gone"]),
    (RULED, "delete application Office", &["application-gone"]),
    (QUERIED, "delete application Office", &["application-gone"]),
    (SCOPED, "delete application Office", &["application-gone"]),
    // A class of accounts gains something.
    (ONE, "add assignment Readers --member S-1-1-0", &["broad"]),
    (ONE, "add assignment Readers --member S-1-5-11", &["broad"]),
    (ONE, "add assignment Readers --member S-1-5-32-545", &["broad"]),
    (ONE, "add assignment Readers --member S-1-5-32-546", &["broad"]),
    (ONE, "add assignment Readers --member S-1-5-7", &["broad"]),
    (ONE, "add assignment Readers --member S-1-5-21-9-8-7-513", &["broad"]),
    (ONE, "add assignment Readers --member S-1-5-4", &["broad"]),
    (ONE, "add assignment Readers --member S-1-1-0 --member S-1-5-32-546", &["broad", "broad"]),
    (ONE, "add assignment Locals --in Berlin --member S-1-1-0", &["broad"]),
    (ONE, "add group Staff --member S-1-1-0\nadd assignment Readers --group Staff", &["broad"]),
    (STAFF, "add group Helpers --global --member S-1-5-11", &["broad"]),
    (
        RULED,
        "create role Ruled --task Edit\ncreate assignment Ruled --role Ruled --member S-1-1-0",
        &["broad"],
    ),
    (
        ONE,
        "create application Shop\ncreate operation Buy --id 1 --app Shop\ncreate role R --operation Buy --app Shop\n\
           create assignment A --role R --member S-1-1-0 --app Shop",
        &["broad"],
    ),
    (OPEN, "add role Reader --operation Write", &["broad"]),
    (OPEN, "add role Reader --task Edit", &["broad"]),
    (OPEN, "add assignment Public --role Admin", &["broad"]),
    (OPEN, "add role Local --in Berlin --operation Write", &["broad"]),
    (
        OPEN,
        "create scope Bonn\ncopy assignment Public --to Bonn\nadd assignment Public --in Bonn --role Admin",
        &["broad"],
    ),
    (OPEN, "set operation Read id 9\nset operation Write id 1\nset operation Read id 2", &["broad"]),
    (OPEN, "copy scope Berlin --as Bonn", &["broad"]),
    (OPEN, "copy application Office --as Works", &["broad", "broad"]),
    (OPEN, "add assignment Readers --group Visitors\nadd role Reader --operation Print", &["broad", "broad"]),
    (OPEN, "delete assignment Admins\nadd role Reader --operation Write --operation Print", &["broad"]),
    (OPEN, "delete assignment Admins\nadd role Reader --operation Write", &["lockout", "broad"]),
];

const LET_PASS: [(&str, &str); 44] = [
    (ONE, "create scope Bonn"),
    (ONE, "create operation Delete --id 4"),
    (ONE, "create operation Delete --id 4\nadd role Reader --operation Delete"),
    (ONE, "delete operation Print"),
    (ONE, "delete operation Print\ndelete operation Write"),
    (ONE, "set operation Print id 33"),
    (ONE, "create task Scan --operation Read"),
    (ONE, "create role Scanner --task Edit"),
    (ONE, "create assignment Empty"),
    (ONE, "create assignment Scanners --role Reader --member S-1-5-21-1-2-3-1601"),
    (ONE, "add assignment Locals --in Berlin --member S-1-5-21-1-2-3-1701"),
    (ONE, "add assignment Locals --in Berlin --role Admin"),
    (ONE, "remove assignment Locals --in Berlin --member S-1-5-21-1-2-3-1700"),
    (ONE, "delete scope Berlin"),
    (ONE, "rename scope Berlin Bonn"),
    (ONE, "rename role Admin Boss"),
    (ONE, "rename operation Read Look"),
    (ONE, "rename assignment Admins Bosses"),
    (ONE, "set application Office description 'where we work'"),
    (ONE, "set role Admin description everything"),
    (ONE, "set role Reader rule 'x = 1'"),
    (ONE, "delete role Reader"),
    (ONE, "delete assignment Readers"),
    (ONE, "copy role Admin --to Berlin"),
    (ONE, "add assignment Admins --group Staff\nremove assignment Admins --member S-1-5-21-1-2-3-500"),
    (
        ONE,
        "add assignment Admins --member S-1-5-21-1-2-3-777\nremove assignment Admins --member S-1-5-21-1-2-3-500",
    ),
    (ONE, "add role Admin --operation Write --operation Print\ndelete task Edit"),
    (ONE, "create group Public --member S-1-1-0"),
    (ONE, "create role Empty\ncreate assignment Nothing --role Empty --member S-1-1-0"),
    (ONE, "create application Shop"),
    (ONE, "copy scope Berlin --as Bonn"),
    (TWO, "remove assignment Admins --member S-1-5-21-1-2-3-501"),
    (STAFF, "add group Staff --member S-1-5-21-1-2-3-1803"),
    (STAFF, "add group Staff --non-member S-1-5-21-1-2-3-1801"),
    (STAFF, "rename group Staff People"),
    (RULED, "remove assignment Admins --member S-1-5-21-1-2-3-500"),
    (NOBODY, "delete application Office"),
    (NOBODY, "rename application Office Works"),
    (OPEN, "remove assignment Public --member S-1-1-0"),
    (OPEN, "remove assignment Public --member S-1-1-0\nadd assignment Public --member S-1-5-11"),
    (OPEN, "add assignment Public --member S-1-5-32-545"),
    (OPEN, "move assignment Public --to Berlin"),
    (OPEN, "rename scope Berlin Bonn\nset role Local description x --in Bonn"),
    (OPEN, "create operation Delete --id 4\nadd role Admin --operation Delete"),
];

fn apply(session: &mut Session, script: &str) {
    let changes: Vec<_> = parse_script(script).unwrap().into_iter().map(|(_, change)| change).collect();
    session
        .apply(&changes, "step")
        .unwrap_or_else(|(at, error)| panic!("{}: {error}\n{script}", changes[at]));
}

fn reopened(store: &Store) -> Store {
    Store::open(store.rendering().to_bytes()).unwrap()
}

/// The store with both scripts applied, the first of them saved.
fn session(base: &str, script: &str) -> Session {
    let mut session = Session::new(Store::open(new_store(Schema::V2, Guid::random(), "")).unwrap());
    apply(&mut session, OFFICE);
    apply(&mut session, base);
    session.mark_saved();
    let mut session = Session::new(reopened(session.store()));
    // Every change is an undo step of its own: more for the session to step over.
    for line in script.lines().filter(|line| !line.trim().is_empty()) {
        apply(&mut session, line);
    }
    session
}

/// What the guard says, checked to be the same in the session and between the files.
fn objections(session: &mut Session) -> Vec<Objection> {
    objections_with(session, &Facts::default())
}

fn objections_with(session: &mut Session, facts: &Facts) -> Vec<Objection> {
    let saved = Store::open(session.saved().to_bytes()).unwrap();
    let full = guard::objections(&saved, &reopened(session.store()), facts);
    let before = session.store().rendering().to_bytes();
    let quick = guard::of_session(session, facts).unwrap();
    assert_eq!(session.store().rendering().to_bytes(), before, "looking changes nothing");
    assert_eq!(quick, full);
    full
}

#[test]
fn what_locks_out_or_opens_up_is_caught() {
    for (base, script, codes) in CAUGHT {
        let found = objections(&mut session(base, script));
        let found_codes: Vec<_> = found.iter().map(|objection| objection.code).collect();
        assert_eq!(found_codes, codes, "{base}\n--\n{script}\n{found:#?}");
        for objection in found {
            assert!(objection.sentence.ends_with('.') && !objection.name.is_empty(), "{objection:?}");
            assert!(guard::CODES.contains(&objection.code));
        }
    }
    assert!(CAUGHT.iter().filter(|case| !case.2.is_empty()).count() >= 40);
}

#[test]
fn ordinary_edits_pass() {
    for (base, script) in LET_PASS {
        let found = objections(&mut session(base, script));
        assert!(found.is_empty(), "{base}\n--\n{script}\n{found:#?}");
    }
}

#[test]
fn undoing_takes_the_objection_away() {
    let mut session = session(ONE, "delete assignment Admins");
    assert_eq!(objections(&mut session).len(), 1);
    session.undo();
    assert_eq!(objections(&mut session), []);
    session.redo();
    session.mark_saved();
    assert_eq!(objections(&mut session), [], "it was asked for when it was saved");
    // Back behind the saved state and on another way: that state can only be read from its bytes.
    session.undo();
    apply(&mut session, "create scope Bonn");
    apply(&mut session, "add assignment Readers --member S-1-1-0");
    assert!(session.unsaved_objects().is_none());
    assert_eq!(objections(&mut session).iter().map(|o| o.code).collect::<Vec<_>>(), ["broad"]);
}

#[test]
fn objections_say_who_and_what_and_ask_for_a_name_that_can_be_typed() {
    let one = |base, script| -> Objection { objections(&mut session(base, script)).remove(0) };
    let lockout = one(ONE, "delete assignment Admins");
    assert_eq!(lockout.name, "Office");
    assert_eq!(
        lockout.sentence,
        "Nobody would be left who may do everything in the application \"Office\", as <machine or domain>\\Administrator \
         (S-1-5-21-1-2-3-500) may now."
    );
    let broad = one(OPEN, "add role Reader --operation Write");
    assert_eq!(broad.name, "Everyone");
    assert_eq!(
        broad.sentence,
        "Everyone (S-1-1-0) would gain the operation \"Write\" of the application \"Office\"."
    );
    let scoped = one(ONE, "add assignment Locals --in Berlin --member S-1-5-32-545");
    assert_eq!(scoped.name, "Users");
    assert_eq!(
        scoped.sentence,
        "BUILTIN\\Users (S-1-5-32-545) would gain the operation \"Print\" in the scope \"Berlin\" of the application \
         \"Office\"."
    );
    let ruled =
        one(RULED, "create role Ruled --task Edit\ncreate assignment Ruled --role Ruled --member S-1-1-0");
    assert!(ruled.sentence.ends_with(", where a rule allows it."), "{}", ruled.sentence);
    let renamed =
        one(ONE, "rename application Office 'W\u{f6}rks'\nset application 'W\u{f6}rks' description x");
    assert_eq!(renamed.name, "Office", "the name that programs know");
    let hidden = session(ONE, "rename application Office 'B\u{fc}ro'");
    let mut hidden = Session::new(reopened(hidden.store()));
    apply(&mut hidden, "delete application 'B\u{fc}ro'");
    assert_eq!(
        objections(&mut hidden)[0].name,
        "lockout",
        "a name that not every keyboard has is not asked for"
    );
}

/// On random changes to every test store, what the session looks at is never too little.
#[test]
fn looking_at_less_finds_as_much() {
    let (mut caught, mut passed) = (0, 0);
    for (path, bytes) in stores() {
        for seed in 0..8 {
            let mut random = Random(seed);
            let mut session = Session::new(Store::open(bytes.clone()).unwrap());
            let store = session.store();
            let first = store.children_of(store.root(), Kind::Application).next();
            let program = Program {
                name: "It",
                application: first.map(|id| store.name(id).into_owned()).unwrap_or_default(),
                needs: &[1, 2, 100, 105],
                only_reads: |number, _| number == Some(1),
            };
            let caller = ["S-1-5-21-1-2-3-1001", "S-1-5-32-544"].map(|sid| Sid::parse(sid).unwrap());
            let facts = Facts { caller: caller.to_vec(), programs: vec![program] };
            for step in 0..12 {
                if random.one_in(6) {
                    session.undo();
                } else if let Some(change) = random_change(session.store(), &mut random) {
                    let _ = session.apply(&[change], "step");
                }
                if step % 3 == 2 {
                    let found = objections_with(&mut session, &facts);
                    *if found.is_empty() { &mut passed } else { &mut caught } += 1;
                }
                if random.one_in(5) {
                    session.mark_saved();
                }
            }
        }
        let _ = path;
    }
    assert!(caught > 10 && passed > 100, "{caught} {passed}");
}
