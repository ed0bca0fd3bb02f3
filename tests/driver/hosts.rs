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
