//! What a run that ended without saving left, and what becomes of it.

use azedit::app::editing::edit_prop;
use azedit::app::sheet::Prop;
use azedit::app::{HostEvent, Input, JournalStep, SaveFailure};

use azedit::store::{Guid, Schema, new_store};

use crate::driver::{Driver, PATH, SAMPLE};
use crate::flows::two_users;

#[test]
fn the_journal_replays_what_a_killed_run_left() {
    let mut killed = Driver::sample();
    two_users(&mut killed);
    killed.keys("u u Ctrl+R");
    assert!(killed.journal().contains(&JournalStep::Undo));

    let mut t = killed.next_run();
    t.keys("o").paste(PATH).keys("Enter").sees("Unsaved work was found").sees("create scope");
    t.keys("Esc").sees("read-only").keys("c").sees("F5 asks again");
    t.keys("F5 r").sees("Nothing is saved yet.");
    assert_eq!(t.bytes(), killed.bytes());
    t.keys("s s");
    assert_eq!(t.files[PATH], killed.bytes());
    assert_eq!(t.journal(), []);
}

#[test]
fn undoing_past_a_save_is_kept_in_the_journal_too() {
    let mut killed = Driver::sample();
    killed.keys("Home Down Down c s \"One\" Enter c s \"Two\" Enter s s u").sees("1 change");
    killed.keys("Home Down Down c s \"Three\" Enter");
    assert_replays(&killed);
}

#[test]
fn undoing_the_type_of_a_group_past_a_save_is_replayed() {
    let guid = Guid::parse("00000000-0000-4000-8000-00000000ffff").unwrap();
    let mut t = Driver::with(&new_store(Schema::V2, guid, ""));
    let set = |t: &mut Driver, prop, keys: &str| {
        edit_prop(&mut t.app, prop);
        t.keys(keys);
    };
    t.keys("Home c g \"G\" Enter");
    set(&mut t, Prop::Type, "r");
    t.keys("s s").sees("Saved").keys("u").sees("1 change");
    assert_replays(&t);
    t.keys("U");
    set(&mut t, Prop::Rule, "\"x = 1\" Ctrl+S");
    set(&mut t, Prop::RuleLanguage, "j");
    t.keys("s s").sees("Saved").keys("u u u").sees("3 changes");
    assert_replays(&t);
    set(&mut t, Prop::Type, "l");
    set(&mut t, Prop::Query, "\"(cn=x)\" Enter");
    t.keys("s s").sees("Saved").keys("u u").sees("2 changes");
    assert_replays(&t);
}

/// Killed now, the next run finds the same store: the file with the journal replayed over it.
#[track_caller]
pub fn assert_replays(killed: &Driver) {
    let mut t = killed.next_run();
    t.keys("o").paste(PATH).keys("Enter").sees("Unsaved work was found").keys("r").sees("Replayed");
    let open = |bytes: Vec<u8>| azedit::store::Store::open(bytes).unwrap();
    assert_eq!(azedit::store::diff(&open(t.bytes()), &open(killed.bytes())), []);
}

fn apply(label: &str, line: &str) -> JournalStep {
    JournalStep::Apply { label: label.to_owned(), lines: vec![line.to_owned()] }
}

/// The file, opened where an earlier run left these steps, which are replayed.
fn replayed(steps: &[JournalStep]) -> Driver {
    let mut t = Driver::start();
    t.files.insert(PATH.to_owned(), SAMPLE.to_vec());
    t.leave(steps).keys("o").paste(PATH).keys("Enter r");
    t
}

fn scopes(t: &Driver) -> Vec<String> {
    let store = t.app.doc().unwrap().store();
    let scopes = store.walk().filter(|&id| store.kind(id) == azedit::store::Kind::Scope);
    scopes.map(|id| store.name(id).into_owned()).collect()
}

#[test]
fn undoing_a_step_that_is_left_out_takes_back_no_other() {
    let make = apply("create scope \"A\"", "create scope A --app 'Hyper-V services'");
    for without_effect in [
        apply("create scope \"B\"", "create scope B --app 'No such application'"),
        apply("rename scope \"A\"", "rename scope A A --app 'Hyper-V services'"),
    ] {
        use JournalStep::{Redo, Undo};
        let scopes_after = |after: &[JournalStep]| {
            let steps = [&[make.clone(), without_effect.clone()], after].concat();
            scopes(&replayed(&steps))
        };
        assert_eq!(scopes_after(&[]), ["A"]);
        assert_eq!(scopes_after(&[Undo]), ["A"], "{without_effect:?}");
        assert_eq!(scopes_after(&[Undo, Undo, Redo]), ["A"], "{without_effect:?}");
        assert_eq!(scopes_after(&[Undo, Undo, Redo, Redo, Undo]), ["A"], "{without_effect:?}");
        assert_eq!(scopes_after(&[Undo, Undo]), [""; 0], "{without_effect:?}");
    }
}

#[test]
fn who_undid_everything_or_discarded_is_not_asked_again() {
    for keys in ["u q", "u F5", "F5 d", "q d", "q s s", "u Ctrl+W", "Ctrl+W d", "Ctrl+W s s"] {
        let mut t = Driver::sample();
        t.keys("Home Down Down c s \"S\" Enter");
        assert_eq!(t.journal().len(), 1);
        t.keys(keys);
        assert_eq!(t.journal(), [], "{keys}");
    }
}

#[test]
fn what_could_not_be_opened_leaves_the_journal_alone() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"S\" Enter Ctrl+O").paste("/none.xml").keys("Enter");
    t.sees("there is no such file.").keys("Esc").sees("1 change");
    assert_eq!(t.journal().len(), 1);
    assert_replays(&t);
}

#[test]
fn what_the_disk_did_not_confirm_stays_in_the_journal() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"S\" Enter");
    let id = t.app.doc().unwrap().id;
    let unconfirmed = SaveFailure::Unconfirmed("The disk did not confirm it.".to_owned());
    t.input(Input::Host(HostEvent::Saved(id, Err(unconfirmed)))).keys("Esc q");
    assert!(t.has_quit);
    assert_eq!(t.journal().len(), 1);
}

#[test]
fn a_session_that_cannot_save_decides_nothing() {
    let mut t = Driver::start();
    t.app.read_only = true;
    t.files.insert(PATH.to_owned(), SAMPLE.to_vec());
    let left = [apply("create scope \"A\"", "create scope A --app 'Hyper-V services'")];
    t.leave(&left).keys("o").paste(PATH).keys("Enter");
    t.sees("Unsaved work was found").sees("Nothing is decided here").sees("with --read-only.").sees("Later");
    t.sees_not("Replay").sees_not("Discard").keys("r d");
    assert_eq!(t.journal(), left);
    t.keys("Esc c").sees("Read-only: azedit was started with --read-only.");
    assert_eq!((t.bytes(), t.journal()), (SAMPLE.to_vec(), left.to_vec()));
}
