//! A store that lost its name when a save was interrupted halfway.

use crate::driver::{Driver, PATH, SAMPLE};
use crate::screens::pictures;

const KEPT: &str = "/stores/.InitialStore.xml.azedit-0123456789ab.tmp.old";

/// The editor, told to open the store whose name is gone.
fn asked() -> Driver {
    let mut t = Driver::start();
    t.files.insert(KEPT.to_owned(), SAMPLE.to_vec());
    t.keys("o").paste(PATH).keys("Enter").sees("InitialStore.xml has lost its name");
    t
}

#[test]
fn nothing_is_mended_unasked() {
    let mut t = asked();
    t.sees("8184 bytes").sees("2026-11-22 03:01:45").keys("Enter");
    assert!(!t.files.contains_key(PATH) && t.files[KEPT] == SAMPLE);
    // The question comes again with the next attempt, and Esc is no as well.
    t.keys("o").paste(PATH).keys("Enter").sees("has lost its name").keys("Esc");
    assert!(!t.files.contains_key(PATH) && t.app.docs.is_empty());
}

#[test]
fn the_store_gets_its_name_back_and_is_opened() {
    let mut t = asked();
    t.keys("g").sees("Hyper-V services");
    assert_eq!(t.files[PATH], SAMPLE);
    assert!(!t.files.contains_key(KEPT));
    t.keys("c s \"Two\" Enter s s").sees("Saved");
}

#[test]
fn the_other_stores_are_opened_all_the_same() {
    for (answer, opened) in [("g", 2), ("Esc", 1)] {
        let mut t = Driver::start();
        t.files.insert(KEPT.to_owned(), SAMPLE.to_vec());
        t.files.insert("/stores/other.xml".to_owned(), SAMPLE.to_vec());
        t.open_all(&[PATH, "/stores/other.xml"]).sees("has lost its name").keys(answer);
        assert_eq!(t.app.docs.len(), opened, "{answer}");
    }
}

#[test]
fn what_is_asked() {
    pictures("halfway", asked(), "");
}
