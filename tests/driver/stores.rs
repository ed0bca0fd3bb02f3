//! Several stores open at once.

use azedit::app::{HostEvent, Input, JournalStep, SaveFailure};

use crate::driver::{Driver, PATH, SAMPLE};

const OTHER: &str = "/stores/Other.xml";
const THIRD: &str = "/stores/Third.xml";

/// Two stores open, the second shown.
fn two() -> Driver {
    let mut t = Driver::sample();
    t.files.insert(OTHER.to_owned(), SAMPLE.to_vec());
    t.files.insert(THIRD.to_owned(), SAMPLE.to_vec());
    t.keys("Ctrl+O").paste(OTHER).keys("Enter").sees("Other.xml  2/2");
    t
}

/// Creates a scope in the shown store.
fn scope(t: &mut Driver, name: &str) {
    t.keys(&format!("Home Down Down c s \"{name}\" Enter")).sees(&format!("Created scope \"{name}\"."));
}

fn titles(t: &Driver) -> Vec<String> {
    t.app.docs.iter().map(azedit::app::Doc::title).collect()
}

#[test]
fn opening_adds_a_store_and_leaves_the_other_as_it_was() {
    let mut t = Driver::sample();
    scope(&mut t, "Mine");
    t.keys("Enter Down");
    let line = t.app.doc().unwrap().sheet.selected;
    t.files.insert(OTHER.to_owned(), SAMPLE.to_vec());
    t.keys("Ctrl+O").paste(OTHER).keys("Enter").sees("Other.xml  2/2  1 other unsaved").selected("/");
    t.keys("(").sees("InitialStore.xml  1/2  1 change").selected("Hyper-V services/scopes/Mine");
    assert_eq!(
        (t.app.focus, t.app.doc().unwrap().sheet.selected),
        (azedit::app::layout::Pane::Details, line)
    );
    t.keys("u")
        .selected("Hyper-V services")
        .sees_not("1 change")
        .keys(")")
        .sees("Other.xml  2/2")
        .sees_not("unsaved");
    t.keys(")").sees("InitialStore.xml  1/2").keys("Ctrl+PgDn").sees("2/2").keys("Ctrl+PgUp").sees("1/2");
}

#[test]
fn what_is_open_already_is_shown_instead() {
    let mut t = two();
    t.app.same_file = |one, other| one == other || [one, other].iter().any(|path| path.ends_with("link.xml"));
    scope(&mut t, "Mine");
    t.keys("(").sees("1/2").keys("Ctrl+O").paste(OTHER).keys("Enter");
    t.sees("Other.xml  2/2  1 change").sees("It is open already.");
    t.keys("Ctrl+O \"/link.xml\" Enter").sees("InitialStore.xml  1/2").sees("It is open already.");
    t.keys("Ctrl+N \"/stores/Other.xml\" Enter").sees("A store of this path is open already.");
}

#[test]
fn the_sample_stands_beside_stores_and_is_there_once() {
    let mut t = two();
    t.keys("? \"sample store\" Enter").sees("sample store  3/3").keys("Home Down Down c s \"S\" Enter");
    t.keys("( ? \"sample store\" Enter").sees("sample store  3/3  1 change").sees("is open already");
    t.keys("Ctrl+W").sees("Close sample store").keys("d").sees("Closed sample store.");
    assert_eq!(titles(&t), ["InitialStore.xml", "Other.xml"]);
}

#[test]
fn closing_asks_only_when_something_is_unsaved() {
    let mut t = two();
    t.keys("Ctrl+W").sees("Closed Other.xml.").sees_not("/2");
    scope(&mut t, "Mine");
    t.keys("Ctrl+W")
        .sees("Close InitialStore.xml")
        .sees("create scope \"Mine\"")
        .keys("Enter")
        .sees("1 change");
    t.keys("Ctrl+W d").sees("Closed InitialStore.xml.").sees("Open a store");
    assert_eq!((t.journal(), t.files[PATH].as_slice()), (vec![], SAMPLE));
    t.keys("o").paste(PATH).keys("Enter").sees_not("Unsaved work");
}

#[test]
fn closing_with_save_saves_first_and_stays_when_that_fails() {
    let mut t = two();
    scope(&mut t, "Mine");
    t.keys("Ctrl+W s").sees("Save Other.xml");
    let id = t.app.doc().unwrap().id;
    t.keys("Esc").sees("1 change").keys("Ctrl+W s");
    t.input(Input::Host(HostEvent::Saved(id, Err(SaveFailure::Failed("The disk is full.".to_owned())))));
    t.sees("The disk is full.").keys("Esc Esc").sees("Other.xml  2/2  1 change");
    t.keys("Ctrl+W s s").sees("Closed Other.xml.");
    assert_ne!(t.files[OTHER], SAMPLE);
    assert_eq!((titles(&t), t.journal()), (vec!["InitialStore.xml".to_owned()], vec![]));
}

#[test]
fn each_store_has_its_own_journal() {
    let mut t = two();
    scope(&mut t, "Second");
    t.keys("(");
    scope(&mut t, "First");
    t.keys("s s").sees("Saved").keys(") u U");
    let labels: Vec<String> = t.journal().iter().map(|step| format!("{step:?}")).collect();
    assert_eq!(labels.len(), 3, "{labels:?}");
    assert!(labels[0].contains("Second") && labels[1..] == ["Undo", "Redo"], "{labels:?}");

    let mut next = t.next_run();
    next.keys("o").paste(PATH).keys("Enter").sees_not("Unsaved work");
    next.keys("Ctrl+O").paste(OTHER).keys("Enter").sees("Unsaved work was found");
    // Put off, it is asked again whenever the store is shown.
    next.keys("Esc (").sees("InitialStore.xml  1/2").sees_not("Unsaved work").keys(")");
    next.sees("Unsaved work was found").keys("r").sees("Replayed: 1 change.");
    assert_eq!(next.bytes(), t.bytes());
}

#[test]
fn the_list_finds_a_store_by_typing_and_closes_one() {
    let mut t = two();
    t.keys("Ctrl+O").paste(THIRD).keys("Enter");
    scope(&mut t, "Mine");
    t.keys("b").sees("3 open stores").sees("/stores/Other.xml").sees("1 change");
    t.keys("\"initial\" Enter").sees("InitialStore.xml  1/3").keys("b \"nowhere\"").sees("Nothing matches.");
    t.keys("Esc").sees("3 open stores").keys("Esc").sees("1/3");
    t.keys("b Down Down Ctrl+W").sees("Close Third.xml").keys("Esc").sees("Third.xml  3/3");
    t.keys("b Up Ctrl+W").sees("Closed Other.xml.");
    assert_eq!(titles(&t), ["InitialStore.xml", "Third.xml"]);
}

#[test]
fn quitting_asks_about_every_unsaved_store() {
    let mut t = two();
    scope(&mut t, "Second");
    t.keys("(");
    scope(&mut t, "First");
    t.keys("q")
        .sees("Quit with 2 stores unsaved")
        .sees("InitialStore.xml: 1 change")
        .sees("Other.xml: 1 change");
    t.keys("Enter").sees("InitialStore.xml  1/2");
    // Whoever leaves the second dialog does not leave, and has saved the first.
    t.keys("q s")
        .sees("Save InitialStore.xml")
        .keys("s")
        .sees("Save Other.xml")
        .keys("Esc")
        .sees("2/2  1 change");
    assert!(!t.has_quit && t.files[PATH] != SAMPLE && t.files[OTHER] == SAMPLE);
    t.keys("( q").sees("Quit with Other.xml unsaved").sees("create scope \"Second\"");
    t.keys("s").sees("Save Other.xml").keys("s");
    assert!(t.has_quit && t.files[OTHER] != SAMPLE);
    assert_eq!(t.journal(), []);
}

#[test]
fn quitting_discards_all_at_once() {
    let mut t = two();
    scope(&mut t, "Second");
    t.keys("(");
    scope(&mut t, "First");
    t.keys("q d");
    assert!(t.has_quit);
    assert_eq!((t.journal(), &t.files[PATH], &t.files[OTHER]), (vec![], &SAMPLE.to_vec(), &SAMPLE.to_vec()));
}

#[test]
fn answers_for_a_store_that_is_not_shown_are_its_own() {
    let mut t = two();
    scope(&mut t, "Second");
    let second = t.app.doc().unwrap().id;
    t.keys("( c s");
    t.input(Input::Host(HostEvent::JournalFailed(second, "the disk is full.".to_owned())));
    t.sees("Create scope").keys("Esc").sees("No recovery journal for Other.xml");
    let stopped: Vec<bool> = t.app.docs.iter().map(|doc| doc.journal_stopped).collect();
    assert_eq!(stopped, [false, true]);
    // What went wrong with a save is told where it can be mended.
    t.keys("c s \"Half typed\"");
    let conflict = SaveFailure::Conflict { disk: None, message: "Other.xml is gone.".to_owned() };
    t.input(Input::Host(HostEvent::Saved(second, Err(conflict))));
    t.sees("Other.xml is not what was read").keys("Esc").sees("Other.xml  2/2  1 change");
    t.input(Input::Host(HostEvent::Saved(second, Ok(String::new())))).sees("Saved and on disk.");
    assert!(!t.app.docs[1].is_unsaved());
}

#[test]
fn a_file_read_again_keeps_its_place_among_the_others() {
    let mut t = two();
    t.keys("(");
    scope(&mut t, "Mine");
    t.keys("F5 d").sees("InitialStore.xml  1/2").sees_not("1 change");
    assert_eq!(titles(&t), ["InitialStore.xml", "Other.xml"]);
    assert_eq!(t.journal(), Vec::<JournalStep>::new());
}
