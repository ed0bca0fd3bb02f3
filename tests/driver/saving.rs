//! Saves that do not end well.

use std::path::PathBuf;

use azedit::app::sheet::Prop;
use azedit::app::{HostEvent, Input, SaveFailure};

use crate::driver::{Driver, PATH, SAMPLE};

fn failed(t: &mut Driver, failure: SaveFailure) {
    let id = t.app.doc().unwrap().id;
    t.input(Input::Host(HostEvent::Saved(id, Err(failure))));
}

#[test]
fn a_failed_save_keeps_everything_and_says_so() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"S\" Enter s");
    failed(&mut t, SaveFailure::Failed("Not saved: the disk is full.".to_owned()));
    t.sees("the disk is full").sees("kept here and in the recovery journal").keys("Esc Esc").sees("1 change");
    assert_eq!(t.journal().len(), 1);
    assert_eq!(t.files[PATH], SAMPLE);
}

#[test]
fn what_goes_from_a_place_where_something_stays_is_a_change_of_the_file() {
    let mut t = Driver::with(
        b"<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\">\n\
          <AzApplication Guid=\"00000000-0000-4000-8000-000000000001\" Name=\"A\"/></AzAdminManager>",
    );
    t.keys("Home Down Down").selected("A").keys("d \"Described\" Enter");
    t.keys("D");
    azedit::app::editing::edit_prop(&mut t.app, Prop::Version);
    t.keys("\"1.2\" Enter s s").sees("Saved").keys("u").sees("1 change");
    let saved = String::from_utf8(t.files[PATH].clone()).unwrap();
    assert!(saved.contains("Description=\"Described\" ApplicationVersion=\"1.2\"/>"), "{saved}");
    t.keys("s Tab").sees("ApplicationVersion=\"1.2\"").sees_not("No byte of the file changes.");
    t.keys("s").sees("Saved");
    assert_eq!(
        String::from_utf8(t.files[PATH].clone()).unwrap(),
        saved.replace(" ApplicationVersion=\"1.2\"", "")
    );
}

#[test]
fn only_the_element_that_comes_is_shown_beside_a_saved_one() {
    let mut t = Driver::sample();
    t.resize(120, 40).keys("Home Down Down c s \"One\" Enter s s c s \"Two\" Enter s Tab");
    t.sees("Name=\"Two\"").sees_not("Name=\"One\"");
}

#[test]
fn an_unconfirmed_save_counts_as_saved_but_keeps_the_journal() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"S\" Enter");
    failed(&mut t, SaveFailure::Unconfirmed("The disk did not confirm it.".to_owned()));
    t.sees("did not confirm").keys("Esc").sees_not("change");
    assert_eq!(t.journal().len(), 1);
}

#[test]
fn a_new_path_that_is_taken_is_asked_for_again() {
    let mut t = Driver::start();
    t.keys("t s").paste(PATH);
    t.files.insert(PATH.to_owned(), SAMPLE.to_vec());
    t.keys("Enter").sees("s asks for another path.").keys("Esc s").sees("This store has no file yet.");
    t.paste("/stores/other.xml").keys("Enter").sees("Saved and on disk.");
    assert_eq!(t.files[PATH], SAMPLE);
}

#[test]
fn a_file_that_is_gone_or_no_store_any_more_is_said() {
    for (bytes, says) in [(None, "It is gone"), (Some(b"<html/>".to_vec()), "It is no store any more")] {
        let mut t = Driver::sample();
        t.keys("Home Down Down c s \"S\" Enter s");
        failed(&mut t, SaveFailure::Conflict { disk: bytes, message: "It changed.".to_owned() });
        t.sees(says).sees("Nothing was written.").keys("Esc").sees("1 change");
    }
}

#[test]
fn who_does_not_save_after_all_does_not_leave_either() {
    let mut t = Driver::start();
    t.keys("t Home Down Down c s \"S\" Enter q s").sees("This store has no file yet.").keys("Esc");
    t.keys("s").paste("/stores/later.xml").keys("Enter").sees("Saved and on disk.");
    assert!(!t.has_quit);
    t.keys("d \"text\" Enter q s").sees("Save later.xml").keys("Enter");
    assert!(t.has_quit);
}

#[test]
fn what_is_typed_means_the_same_wherever_a_path_is_asked_for() {
    for (form, done) in [("n", "new, not saved"), ("t s", "Saved and on disk."), ("o", "Hyper-V services")] {
        let mut t = Driver::start();
        t.app.locate = |name| {
            name.strip_prefix("msxml://").map(PathBuf::from).ok_or_else(|| format!("{name} is nowhere."))
        };
        if form == "o" {
            t.files.insert("/stores/a.xml".to_owned(), SAMPLE.to_vec());
        }
        t.keys(form).paste("a.xml").keys("Enter").sees("a.xml is nowhere.");
        t.keys("Ctrl+U").paste("msxml:///stores/a.xml").keys("Enter").sees(done);
        assert_eq!(t.app.doc().unwrap().path, Some(PathBuf::from("/stores/a.xml")), "{form}");
    }
}
