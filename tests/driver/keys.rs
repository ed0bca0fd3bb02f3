//! Sentences name the keys that the user's configuration gives.

use std::collections::BTreeMap;
use std::sync::Arc;

use azedit::app::keymap::Keymap;

use crate::driver::{Driver, PATH, SAMPLE};

/// The sample where some actions have other keys, or none.
fn remapped(keys: &[(&str, &[&str])]) -> Driver {
    let mut t = Driver::start();
    let wanted: BTreeMap<String, Vec<String>> = keys
        .iter()
        .map(|(name, keys)| ((*name).to_owned(), keys.iter().map(|&key| key.to_owned()).collect()))
        .collect();
    let (map, faults) = Keymap::with(&wanted);
    assert_eq!(faults, Vec::<String>::new());
    t.app.keys = Arc::new(map);
    t.resize(180, 45);
    t
}

#[test]
fn every_pane_and_dialog_names_the_keys_that_there_are() {
    let mut t = remapped(&[
        ("open", &["Alt+O"]),
        ("create", &["F6"]),
        ("undo", &["F7"]),
        ("save", &["F9"]),
        ("help", &["F11"]),
        ("machines", &["Alt+K"]),
        ("move-machines", &["Alt+Z"]),
        ("fix", &[]),
        ("mouse", &["F12"]),
        ("mark-all", &["Alt+M"]),
        ("changed-only", &["Alt+C"]),
        ("delete", &["F5"]),
    ]);
    t.keys("F9").sees("No store is open: Alt+O opens one.");
    t.files.insert(PATH.to_owned(), SAMPLE.to_vec());
    t.open_all(&[PATH]);
    t.keys("u").sees("u does nothing here. F11 lists the keys.");
    t.keys("F12").sees("F12 takes it back.").keys("F12").sees("F12 gives it back.");
    // The details of what is empty, a filter, a question.
    t.keys(": \"create scope Joes\" Enter").sees("nobody has rights only here.").sees("F6 creates one.");
    t.keys("Alt+C").sees("changed (Alt+C)").keys("Esc");
    t.keys("F5")
        .sees("and F7 takes it back.")
        .keys("Esc Home Down Space")
        .sees("is a folder: Alt+M marks all in it.");
    t.keys("p F5").sees("Enter goes to it, \"Fix\" fixes it").keys("Esc Esc");
    // Virtual machines.
    t.keys("Alt+Z").sees("No virtual machine is known: Alt+K asks the host");
    t.app.asks_hosts = true;
    t.host.has("E57917F3-31C3-456E-B1BA-5E45B4CC7E0C", "Johns VM", 2, "");
    t.keys("Alt+K h / \"Johns VM\" Enter").sees("Alt+Z moves it to another scope.");
    t.keys("F5").sees("azedit moves it to a scope (Alt+Z).");
    t.keys("Alt+Z").sees("until then F7 takes it back.");
    t.keys("Down Enter").sees("F7 takes that back, Alt+Z sends it elsewhere.");
}
