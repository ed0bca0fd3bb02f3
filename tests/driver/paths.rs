//! Paths: completed with Tab, offered from before, opened by a number.

use azedit::ui::glyphs::Tier;

use crate::driver::{Driver, PATH, SAMPLE};

/// A program without a store and a disk with four.
fn start() -> Driver {
    let mut t = Driver::start();
    for path in [PATH, "/stores/Initial2.xml", "/stores/Other.xml", "/stores/old/First.xml"] {
        t.files.insert(path.to_owned(), SAMPLE.to_vec());
    }
    t
}

#[track_caller]
fn path_is(t: &Driver, expected: &str) {
    let Some(azedit::app::dialog::Dialog::Form(form)) = t.app.dialogs.last() else { panic!("no form") };
    assert_eq!(form.value("Path"), expected);
}

#[test]
fn tab_completes_a_path_as_far_as_it_is_certain_and_lists_the_rest() {
    let mut t = start();
    t.keys("o \"/st\" Tab");
    path_is(&t, "/stores/");
    t.keys("Tab").sees("Initial2.xml   InitialStore.xml   Other.xml   old/");
    t.keys("\"I\"").sees_not("old/").keys("Tab").sees("Initial2.xml   InitialStore.xml");
    path_is(&t, "/stores/Initial");
    t.keys("\"S\" Tab");
    path_is(&t, PATH);
    // There is nothing to add: Tab goes on as in every form.
    t.keys("Tab Tab Enter").sees("What was typed or ticked would be lost.").keys("d");
    t.keys("o \"/stores/O\" Tab Enter").sees("Other.xml");
}

#[test]
fn completing_serves_save_as_and_new_stores_and_leaves_an_empty_field() {
    let mut t = start();
    t.keys("n Tab").keys("Right").sees("(x) 2.0");
    t.keys("Shift+Tab \"/stores/old\" Tab \"new.xml\" Enter").sees("new.xml  new, not saved");
    t.keys("S Ctrl+U \"/stores/ol\" Tab");
    path_is(&t, "/stores/old/");
    // What comes for a path that is not there any more is of no use.
    let late =
        azedit::app::HostEvent::Completed { typed: "/st".to_owned(), found: vec!["/stores/".to_owned()] };
    t.input(azedit::app::Input::Host(late));
    path_is(&t, "/stores/old/");
}

#[test]
fn what_was_opened_before_is_opened_by_its_number() {
    let mut earlier = start();
    earlier.keys("o").paste(PATH).keys("Enter").keys("Ctrl+O \"/stores/Other.xml\" Enter q");
    let mut t = earlier.next_run();
    t.sees("1  /stores/Other.xml")
        .sees("2  /stores/InitialStore.xml")
        .keys("3")
        .sees("There is no 3 in the list.");
    t.keys("2").sees("InitialStore.xml").sees("Hyper-V services");
    // Numbers are no commands once a store is open.
    t.keys("1").sees("1 does nothing here.");
    t.keys("S Ctrl+U \"/stores/Moved.xml\" Enter q");
    let mut t = t.next_run();
    t.files.remove("/stores/Other.xml");
    let mut t = t.next_run();
    t.sees("1  /stores/Moved.xml").sees("2  /stores/InitialStore.xml").sees("not there");
    t.keys("3").sees("/stores/Other.xml is not there.");
    // The form offers them too, newest first.
    t.keys("o Down");
    path_is(&t, "/stores/Moved.xml");
    t.keys("Down Down Down Up");
    path_is(&t, PATH);
}

#[test]
fn the_sample_is_not_remembered() {
    let mut t = start();
    t.keys("t q");
    t.next_run().sees_not("Opened before");
}

#[test]
fn pictures() {
    let mut earlier = start();
    earlier.keys("o").paste(PATH).keys("Enter Ctrl+O \"/stores/Other.xml\" Enter Ctrl+W q");
    earlier.files.remove("/stores/Other.xml");
    let picture = |name: &str, keys: &str| {
        let mut t = earlier.next_run();
        t.keys(keys);
        t.resize(120, 40);
        insta::assert_snapshot!(format!("{name}_120x40"), t.picture());
        t.tier = Tier::Ascii;
        t.resize(80, 24);
        insta::assert_snapshot!(format!("{name}_80x24"), t.picture());
    };
    picture("start_recent", "");
    picture("open_completed", "o \"/stores/\" Tab");
}
