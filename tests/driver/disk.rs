//! Somebody else writes the file while it is open.

use azedit::app::Input;

use crate::driver::{Driver, PATH, SAMPLE};

/// The bytes of the sample with one more scope.
fn with_scope(name: &str) -> Vec<u8> {
    let mut other = Driver::sample();
    other.keys(&format!("Home Down Down c s \"{name}\" Enter"));
    other.bytes()
}

fn change(t: &mut Driver, name: &str) {
    t.files.insert(PATH.to_owned(), with_scope(name));
}

fn look(t: &mut Driver) -> &mut Driver {
    t.input(Input::Focus(true))
}

#[test]
fn a_change_is_noticed_when_the_window_gets_the_focus_and_reloading_keeps_the_place() {
    let mut t = Driver::sample();
    t.keys("End").selected("Hyper-V services/assignments/Administrator");
    t.input(Input::Focus(false)).input(Input::Focus(true)).sees_not("is not what was read");
    change(&mut t, "Theirs");
    look(&mut t).sees("InitialStore.xml is not what was read").sees("+ scope Theirs").sees("Not now");
    t.sees("Nothing is unsaved here.").keys("r").selected("Hyper-V services/assignments/Administrator");
    t.sees("Read InitialStore.xml again.").sees_not("changed by someone else").sees_not("changed on disk");
    assert!(t.bytes() == t.files[PATH]);
    look(&mut t).sees_not("is not what was read");
}

#[test]
fn it_is_told_once_and_the_title_says_it_until_it_is_true_no_more() {
    let mut t = Driver::sample();
    change(&mut t, "Theirs");
    look(&mut t).keys("Esc").sees("Kept as it was read.").sees("InitialStore.xml  changed on disk");
    // Nothing is unsaved, and yet the file does not hold it.
    t.keys("s").sees_not("the file holds this already").sees("F5 reads it again");
    look(&mut t).sees_not("is not what was read");
    change(&mut t, "Once more");
    look(&mut t).sees("+ scope Once more").keys("Esc");
    t.files.insert(PATH.to_owned(), SAMPLE.to_vec());
    look(&mut t).sees_not("changed on disk");
}

#[test]
fn it_is_noticed_before_an_action_that_matters() {
    for keys in ["c", "s", "d", "Del"] {
        let mut t = Driver::sample();
        t.keys("End d \"Mine\" Enter");
        change(&mut t, "Theirs");
        t.keys("Up Down Enter Esc").sees_not("is not what was read").keys(keys).sees("is not what was read");
        t.sees("drops your changes").keys("r").sees_not("Mine").sees("Read InitialStore.xml again.");
        assert!(t.bytes() == t.files[PATH] && t.journal().is_empty(), "{keys}");
    }
}

#[test]
fn nobody_is_interrupted_while_he_types() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"Half\"");
    change(&mut t, "Theirs");
    let theirs = t.files[PATH].clone();
    look(&mut t).sees("Create scope").sees_not("is not what was read").keys("\" typed\" Enter");
    t.sees("Created scope \"Half typed\".").sees("1 change  changed on disk");
    t.keys("s s").sees("is not what was read").sees("Nothing was written.").keys("Esc");
    assert!(t.files[PATH] == theirs);
    assert!(t.app.log.iter().any(|line| line.text.contains("changed by someone else. F5 reads it again.")));
}

#[test]
fn a_file_that_is_gone_is_said_and_what_is_here_can_be_saved_elsewhere() {
    let mut t = Driver::sample();
    t.files.remove(PATH);
    look(&mut t).sees("InitialStore.xml is gone from the").sees("InitialStore.xml  gone from the disk");
    t.keys("S Ctrl+U \"/stores/Saved.xml\" Enter").sees("Saved as Saved.xml").sees_not("from the disk");
    assert_eq!(t.files["/stores/Saved.xml"], SAMPLE);
}

#[test]
fn a_file_that_is_gone_can_be_written_again_where_it_was() {
    let mut t = Driver::sample();
    t.files.remove(PATH);
    // Nothing is unsaved, and yet the file does not hold it.
    look(&mut t).keys("s").sees_not("the file holds this already").sees("S writes it again");
    t.keys("Home Down Down c s \"Mine\" Enter s s").sees("InitialStore.xml is gone").sees_not("Reload");
    t.sees("S writes it again, to the same path")
        .keys("Esc")
        .sees("Kept here, not saved. S writes it again.")
        .keys("S Enter")
        .sees("Saved and on disk.");
    t.sees_not("from the disk");
    assert!(String::from_utf8_lossy(&t.files[PATH]).contains("Mine"));
    // Somebody put it there in the meantime: he keeps it.
    t.keys("c s \"Later\" Enter").files.remove(PATH);
    look(&mut t).sees("gone from the disk").files.insert(PATH.to_owned(), SAMPLE.to_vec());
    t.keys("S").sees("is not what was read").keys("Esc Enter").sees("This is its own file");
    assert_eq!(t.files[PATH], SAMPLE);
}

#[test]
fn each_store_is_looked_at_when_it_is_shown() {
    let mut t = Driver::sample();
    t.files.insert("/stores/Other.xml".to_owned(), SAMPLE.to_vec());
    t.keys("Ctrl+O \"/stores/Other.xml\" Enter");
    change(&mut t, "Theirs");
    look(&mut t).sees_not("is not what was read").keys("(").sees("InitialStore.xml is not what was read");
    t.keys("r").sees("InitialStore.xml  1/2").sees("Read InitialStore.xml again.");
    change(&mut t, "Again");
    t.keys(") b \"initial\" Enter").sees("+ scope Again");
}

#[test]
fn pictures() {
    let mut t = Driver::sample();
    change(&mut t, "Theirs");
    look(&mut t).resize(120, 40);
    insta::assert_snapshot!("changed_120x40", t.picture());
    t.tier = azedit::ui::glyphs::Tier::Ascii;
    t.resize(80, 24);
    insta::assert_snapshot!("changed_80x24", t.picture());
}
