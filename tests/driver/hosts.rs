//! What is said of a file before it is changed.

use azedit::app::about::About;

use crate::driver::{Driver, SAMPLE};

const VMM: &str = "/vmm/HyperVAuthStore.xml";

#[test]
fn what_is_to_be_known_of_a_file_is_said_and_stays_in_the_title() {
    let mut t = Driver::sample();
    t.sees_not("VMM's store");
    t.app.about_file = |path| {
        if !path.ends_with("HyperVAuthStore.xml") {
            return About::default();
        }
        About {
            is_read: false,
            read_only: Some("it is Virtual Machine Manager's".to_owned()),
            sign: Some("VMM's store"),
            sentences: vec!["It is written anew every 30 minutes.".to_owned()],
        }
    };
    t.files.insert(VMM.to_owned(), SAMPLE.to_vec());
    t.keys("Ctrl+O").paste(VMM).keys("Enter");
    t.sees("HyperVAuthStore.xml  2/2  read-only  VMM's store").sees("It is written anew every 30 minutes.");
    t.keys("Home Down Down c").sees("it is Virtual Machine Manager's");
    t.keys("Esc (").sees("InitialStore.xml  1/2").sees_not("VMM's store");
}

/// The sample as the live store of a host that reads it.
fn live() -> Driver {
    let mut t = Driver::sample();
    t.app.about_file = |_| About { is_read: true, ..About::default() };
    t
}

#[test]
fn after_a_save_of_the_live_store_the_log_tells_whether_it_was_read() {
    for (log_says, expected) in [
        (None, "look for event"),
        (Some(false), "has not said (event 17090)"),
        (Some(true), "could not read the store"),
    ] {
        let mut t = live();
        t.resize(120, 40).log_says = log_says;
        t.keys("Home Down Down c s \"S\" Enter s s").sees(expected);
        assert!(t.app.log.iter().any(|message| message.text.starts_with("Saved and on disk.")));
        assert_eq!(t.app.message.as_ref().unwrap().is_error, log_says == Some(true));
    }
}

#[test]
fn nothing_is_asked_after_a_save_of_another_file() {
    let mut t = Driver::sample();
    t.log_says = Some(true);
    t.keys("Home Down Down c s \"S\" Enter s s").sees("Saved and on disk.").sees_not("17090");
}
