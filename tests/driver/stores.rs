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
    t.sees("Other.xml is gone").keys("Esc").sees("Other.xml  2/2  1 change");
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

#[test]
fn save_as_moves_the_store_to_a_new_file_and_leaves_the_old_one() {
    let mut t = two();
    scope(&mut t, "Mine");
    t.keys("S").sees("Save Other.xml as").sees("work goes on in the new file");
    t.keys("Enter").sees("This is its own file: s saves it there.");
    t.keys("Ctrl+U").paste(PATH).keys("Enter").sees("A store of this path is open already.");
    // An existing file is left alone, and the store stays where it was.
    t.keys("Ctrl+U").paste(THIRD).keys("Enter").sees("S asks for another path.").keys("Esc");
    assert_eq!((t.files[THIRD].as_slice(), t.journal().len()), (SAMPLE, 1));
    t.keys("S Ctrl+U \"/stores/New.xml\" Enter").sees("New.xml  2/2").sees("Saved as New.xml, and on disk.");
    assert_eq!((t.files[OTHER].as_slice(), t.journal()), (SAMPLE, vec![]));
    assert_eq!(t.files["/stores/New.xml"], t.bytes());
    // From here on it is like any other: journal, save, undo.
    scope(&mut t, "More");
    assert_eq!(t.journal().len(), 1);
    t.keys("s s").sees("Saved and on disk.");
    assert_eq!((t.files["/stores/New.xml"].clone(), t.journal()), (t.bytes(), vec![]));
}

#[test]
fn a_store_that_cannot_be_written_is_saved_elsewhere() {
    let mut t = Driver::sample();
    t.app.docs[0].read_only = Some("InitialStore.xml is read-only for you".to_owned());
    t.keys("c").sees("Read-only").keys("S Ctrl+U \"/stores/Mine.xml\" Enter").sees("Saved as Mine.xml");
    scope(&mut t, "S");
    t.app.read_only = true;
    t.keys("S").sees("azedit was started with --read-only");
}

#[test]
fn a_store_with_undecided_work_is_not_saved_elsewhere() {
    let mut killed = Driver::sample();
    scope(&mut killed, "S");
    let mut t = killed.next_run();
    t.keys("o").paste(PATH).keys("Enter Esc S").sees("What an earlier run left is not decided yet");
}

#[test]
fn administrators_leave_applications_and_operations_alone() {
    let mut t = Driver::sample();
    t.keys("Home c").sees("Application        in InitialStore.xml, in developer mode (D)");
    t.keys("p").sees("Creating an application needs developer mode (D).");
    t.keys("Down Down Del").sees("Deleting an application needs developer mode");
    t.keys("F2").sees("Renaming an application needs developer mode");
    t.keys("Enter Down Down Enter").sees("Changing the version of an application needs developer mode");
    t.keys("Up Enter \"About it\" Enter").sees("1 change").keys("Esc / \"Stop Virtual\" Enter Esc");
    t.keys("Del")
        .sees("Deleting an operation needs developer mode")
        .keys("F2")
        .sees("Renaming an operation needs");
    // Role and task definitions are open to both.
    t.keys("c r \"R\" Enter F2 \"R2\" Enter Del y").sees("Deleted role definition \"R2\".");
    t.keys("D").sees("3").sees("developer").sees("Developer mode:");
    t.keys("c o \"Op\" Tab \"7\" Enter F2 \"Op2\" Enter Del y").sees("Deleted operation \"Op2\".");
    t.keys("D").sees("Administrator mode:").sees_not("developer");
}

#[test]
fn a_new_store_turns_developer_mode_on_and_says_so() {
    let mut t = Driver::start();
    t.keys("n \"/stores/new.xml\" Enter").sees("new, not saved  developer").sees("D: developer");
    t.keys("c p \"App\" Enter").sees("Created application \"App\".");
    // Schema 1.0 is what azman.msc and `azedit new` begin with.
    assert_eq!(t.app.doc().unwrap().store().schema_version().as_deref(), Some("1.0"));
}

fn schema_1() -> Vec<u8> {
    let guid = azedit::store::Guid::parse("00000000-0000-4000-8000-00000000ffff").unwrap();
    azedit::store::new_store(azedit::store::Schema::V1, guid, "")
}

#[test]
fn the_schema_is_raised_with_its_consequences_named_and_undone_until_saved() {
    let mut t = Driver::with(&schema_1());
    t.keys("Enter Down").sees("Schema           1.0").keys("Enter");
    t.sees("Raise InitialStore.xml to schema 2.0")
        .sees("can no longer read the")
        .sees("no way back")
        .keys("Enter");
    assert_eq!(t.bytes(), schema_1(), "Enter is Cancel");
    t.keys("Enter y").sees("Schema           2.0").sees("1 change");
    assert_eq!(
        t.bytes(),
        String::from_utf8(schema_1()).unwrap().replace("Version=\"1\"", "Version=\"2\"").into_bytes()
    );
    t.keys("u").sees("Schema           1.0");
    assert_eq!(t.bytes(), schema_1());
    t.keys("U Enter").sees("no way back to 1.0").keys("Esc c g \"G\" Tab Right Right Enter");
    t.sees("Created application group \"G\".").keys("s s").sees("Saved").keys("u").sees("1 change").keys("u");
    t.sees("A saved schema is not undone; azedit restore goes back.").sees("1 change");
}

#[test]
fn a_raised_schema_is_in_the_journal() {
    let mut killed = Driver::with(&schema_1());
    killed.keys("c g \"G\" Enter s s u U Home Enter Down Enter y u U Esc c g \"H\" Enter");
    let mut t = killed.next_run();
    t.keys("o").paste(PATH).keys("Enter r").sees("Replayed");
    assert_eq!(t.bytes(), killed.bytes());
}

#[test]
fn pictures() {
    use azedit::ui::glyphs::Tier;
    let mut t = two();
    scope(&mut t, "Second");
    t.keys("(");
    scope(&mut t, "First");
    t.app.dialogs.clear();
    let mut picture = |name: &str, keys: &str, leave: &str| {
        t.keys(keys);
        t.tier = Tier::Unicode;
        t.resize(120, 40);
        insta::assert_snapshot!(format!("{name}_120x40"), t.picture());
        t.tier = Tier::Ascii;
        t.resize(80, 24);
        insta::assert_snapshot!(format!("{name}_80x24"), t.picture());
        t.keys(leave);
    };
    picture("list", "b", "Esc");
    picture("close", "Ctrl+W", "Esc");
    picture("quit_several", "q", "Esc");
    picture("save_as", "S", "Esc");
    picture("upgrade", "Home Enter Down Enter", "Esc");
}
