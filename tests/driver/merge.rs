//! Somebody else wrote the file: ours over theirs, chosen one by one.

use azedit::app::{HostEvent, Input, JournalStep, SaveFailure};
use azedit::store::{Change, Session, Store, diff};
use azedit::ui::glyphs::Tier;

use crate::driver::{Driver, PATH, SAMPLE};
use crate::machines::{JOE, at, has_scope, in_scopes, saved};
use crate::recovery::assert_replays;

/// These bytes after changes.
fn edited(bytes: &[u8], lines: &[&str]) -> Vec<u8> {
    let mut session = Session::new(Store::open(bytes.to_vec()).unwrap());
    let changes: Vec<Change> = lines.iter().map(|line| Change::parse(line).unwrap()).collect();
    session.apply(&changes, "edit").unwrap();
    session.store().rendering().to_bytes()
}

fn base() -> Vec<u8> {
    edited(
        SAMPLE,
        &[
            "create scope S --description first --guid 0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a",
            "create scope T --guid 0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b",
            "create assignment A --in S --guid 0c0c0c0c-0c0c-4c0c-8c0c-0c0c0c0c0c0c",
        ],
    )
}

/// A store in which we described S and made a scope, while somebody described S too and made another scope.
fn conflicting() -> Driver {
    let mut t = Driver::with(&base());
    let doc = t.app.doc_mut().unwrap();
    let store = doc.store();
    let scope = store.walk().find(|&id| store.path(id) == "Hyper-V services/scopes/S").unwrap();
    doc.reveal(scope, None);
    t.keys("d Ctrl+U \"mine\" Enter");
    t.keys("Home Down Down c s \"Ours\" Enter").sees("2 changes");
    let theirs =
        edited(&base(), &["set scope S description theirs", "create scope Theirs", "delete scope T"]);
    t.files.insert(PATH.to_owned(), theirs);
    t
}

fn scopes(bytes: &[u8]) -> Vec<String> {
    let store = Store::open(bytes.to_vec()).unwrap();
    let scopes = store.walk().filter(|&id| store.kind(id) == azedit::store::Kind::Scope);
    let mut scopes: Vec<String> = scopes
        .map(|id| {
            format!("{} {}", store.name(id), store.description(id).unwrap_or_default()).trim().to_owned()
        })
        .collect();
    scopes.sort();
    scopes
}

#[test]
fn a_conflict_is_not_decided_silently() {
    let mut t = conflicting();
    t.keys("s s").sees("is not what was read").keys("m").sees("Merge into InitialStore.xml");
    t.sees("Both changed this").sees("yours").sees("theirs").sees("Only you changed this").sees("Ours");
    t.sees("Only they changed this").sees("1 to decide").keys("Enter").sees("1 conflict is not decided");
    t.keys("Space").sees("Merge 2").keys("Enter").sees("Save InitialStore.xml");
    t.keys("s").sees("Saved and on disk.");
    assert_eq!(scopes(&t.files[PATH]), ["Ours", "S mine", "Theirs"]);
}

#[test]
fn theirs_can_be_chosen_and_the_merge_be_undone() {
    let mut t = conflicting();
    let theirs = t.files[PATH].clone();
    t.keys("s s m Tab Space Enter Esc").sees("1 change");
    assert_eq!(scopes(&t.bytes()), ["Ours", "S theirs", "Theirs"]);
    assert_replays(&t);
    t.keys("u");
    assert_eq!(t.bytes(), theirs, "one step");
    t.keys("U s s").sees("Saved and on disk.");
    assert_eq!(scopes(&t.files[PATH]), ["Ours", "S theirs", "Theirs"]);
    assert_eq!(t.journal(), []);
}

#[test]
fn going_back_from_a_merge_changes_nothing() {
    let mut t = conflicting();
    let (ours, theirs) = (t.bytes(), t.files[PATH].clone());
    t.keys("s s m Esc").sees("2 changes");
    assert_eq!((t.bytes(), t.files[PATH].clone()), (ours, theirs));
    t.keys("s s").sees("is not what was read").keys("Esc").sees("2 changes");
    assert_eq!(t.journal().len(), 2);
}

#[test]
fn a_writer_who_is_faster_again_is_merged_again() {
    let mut t = conflicting();
    t.keys("s s m Space Enter").sees("Save InitialStore.xml");
    let again = edited(&t.files[PATH], &["create scope Faster"]);
    t.files.insert(PATH.to_owned(), again);
    t.keys("s").sees("is not what was read").keys("m").sees("Only they changed this").sees("Faster");
    t.keys("Enter s").sees("Saved and on disk.");
    assert_eq!(scopes(&t.files[PATH]), ["Faster", "Ours", "S mine", "Theirs"]);
}

#[test]
fn what_they_removed_and_we_changed_is_a_conflict() {
    let mut t = conflicting();
    t.files.insert(PATH.to_owned(), edited(&base(), &["delete scope S"]));
    t.keys("s s m").sees("Both changed this").sees("mine").keys("Enter").sees("is not decided");
    t.keys("Space Enter s").sees("Saved and on disk.");
    assert_eq!(scopes(&t.files[PATH]), ["Ours", "S mine", "T"]);
    let store = Store::open(t.files[PATH].clone()).unwrap();
    let whole = Store::open(base()).unwrap();
    let lost = diff(&whole, &store).into_iter().filter(|d| d.what == azedit::store::What::Removed).count();
    assert_eq!(lost, 0, "the scope is back with all that was in it");
}

#[test]
fn what_does_not_fit_is_named_and_stays_out() {
    let mut t = conflicting();
    t.files.insert(PATH.to_owned(), edited(&base(), &["create scope Ours --description other"]));
    t.keys("s s m").sees("does not fit any more and stays out").keys("Enter");
    t.keys("s").sees("Saved and on disk.");
    assert_eq!(scopes(&t.files[PATH]), ["Ours other", "S mine", "T"]);
}

#[test]
fn a_file_that_says_the_same_is_merged_without_a_question() {
    let mut t = conflicting();
    let mut rewritten = base();
    rewritten.extend_from_slice(b"<!-- by hand -->\n");
    t.files.insert(PATH.to_owned(), rewritten);
    t.keys("s s").sees("the same objects, written differently").keys("m Enter s").sees("Saved and on disk.");
    assert!(t.files[PATH].ends_with(b"<!-- by hand -->\n"));
    assert_eq!(scopes(&t.files[PATH]), ["Ours", "S mine", "T"]);
}

#[test]
fn a_merge_that_cannot_be_saved_is_kept() {
    let mut t = conflicting();
    t.keys("s s m Space Enter");
    let id = t.app.doc().unwrap().id;
    let full = SaveFailure::Failed("Not saved: the disk is full.".to_owned());
    t.input(Input::Host(HostEvent::Saved(id, Err(full)))).keys("Esc Esc").sees("1 change");
    assert_replays(&t);
}

#[test]
fn an_earlier_runs_steps_are_chosen_when_the_file_is_another() {
    let mut t = Driver::start();
    t.files.insert(PATH.to_owned(), base());
    let step = |label: &str, line: &str| JournalStep::Apply {
        label: label.to_owned(),
        lines: vec![line.to_owned()],
    };
    t.leave(&[
        step("create scope \"S\"", "create scope S --app 'Hyper-V services'"),
        step("create scope \"One\"", "create scope One --app 'Hyper-V services'"),
        step("create scope \"Gone\"", "create scope Gone --app 'Hyper-V services'"),
        JournalStep::Undo,
        step("create scope \"Two\"", "create scope Two --app 'Hyper-V services'"),
    ]);
    t.files.insert(PATH.to_owned(), edited(&base(), &["create scope Since"]));
    t.keys("o").paste(PATH).keys("Enter").sees("The file was changed since").keys("r");
    t.sees("Recover unsaved work").sees("does not fit any more").sees("Replay 2").sees_not("Gone");
    t.keys("Tab Space").sees("Replay 1").keys("Space Tab Space").sees("Replay 1").keys("Enter");
    assert_eq!(scopes(&t.bytes()), ["One", "S first", "Since", "T"]);
    assert_eq!(t.journal().len(), 1);
}

#[test]
fn the_merge_as_it_looks() {
    for (width, height, tier, theme) in [(80, 24, Tier::Ascii, "mono"), (120, 40, Tier::Unicode, "dark")] {
        let mut t = conflicting();
        (t.tier, t.theme) = (tier, theme);
        t.resize(width, height).keys("s s m Enter");
        insta::assert_snapshot!(format!("merge_{width}x{height}"), t.picture());
    }
}

/// Somebody else wrote the file while a machine was to be moved.
fn with_a_move(theirs: &str) -> Driver {
    let mut t = in_scopes();
    at(&mut t, JOE).keys("z \"Johns\" Enter").sees("1 change");
    t.keys(": \"set scope 'Johns VM Scope' description ours\" Enter").sees("2 changes");
    let mut session = Session::new(saved(&t));
    session.apply(&[Change::parse(theirs).unwrap()], "theirs").unwrap();
    t.files.insert(PATH.to_owned(), session.store().rendering().to_bytes());
    t.keys("s s").sees("is not what was read").keys("m").sees("Merge into InitialStore.xml");
    t
}

#[test]
fn merging_keeps_the_moves_that_are_planned() {
    let mut t = with_a_move("create scope Theirs");
    t.sees("Only you changed this").sees("Only they changed this").keys("Enter");
    t.sees("Virtual machines, when the store is saved").sees("to \"Johns VM Scope\" from \"Joes VM Scope\"");
    assert_eq!(t.host.asked, [], "nothing is moved before the save");
    t.keys("s").sees("1 virtual machine moved, read back from the host.");
    assert_eq!(t.host.scope_of(JOE), "Johns VM Scope");
    assert!(has_scope(&t, "Theirs") && !t.app.doc().unwrap().is_unsaved());
}

#[test]
fn merging_in_vain_keeps_them_too() {
    let mut t = with_a_move("set scope 'Johns VM Scope' description theirs");
    t.sees("Both changed this").keys("Esc").sees("2 changes").keys("s").sees("is not what was read");
    assert_eq!(t.app.doc().unwrap().machines.pending(), 1);
    // Then in earnest, and the save is put off.
    t.keys("m Space Enter").sees("to \"Johns VM Scope\" from").keys("Esc");
    at(&mut t, JOE).selected("Hyper-V services/scopes/Johns VM Scope: Joes VM");
    assert_eq!(t.app.doc().unwrap().machines.pending(), 1);
}

#[test]
fn who_was_to_go_to_a_scope_that_they_deleted_stays() {
    let mut t = with_a_move("delete scope 'Johns VM Scope'");
    t.sees("Both changed this").keys("Tab Space Enter");
    t.sees("\"Joes VM\" stays where it is: there is no scope \"Johns VM Scope\" any more.");
    at(&mut t, JOE).selected("Hyper-V services/scopes/Joes VM Scope: Joes VM");
    assert!(!has_scope(&t, "Johns VM Scope"));
    assert_eq!((t.app.doc().unwrap().machines.pending(), t.host.asked.len()), (0, 0));
    // With ours, the scope comes again and he goes there.
    let mut t = with_a_move("delete scope 'Johns VM Scope'");
    t.keys("Space Enter").sees("to \"Johns VM Scope\" from \"Joes VM Scope\"").keys("s");
    assert_eq!(t.host.scope_of(JOE), "Johns VM Scope");
}
