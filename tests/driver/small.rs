//! The smallest window that is drawn in: nothing that matters may be cut away there.

use crate::driver::Driver;

fn small() -> Driver {
    let mut t = Driver::sample();
    t.resize(40, 10);
    t
}

#[test]
fn a_form_shows_the_field_that_is_typed_in() {
    let mut t = small();
    t.keys("Home Down Down c a \"Readers\"").sees("Name         Readers");
    t.keys("Tab \"of logs\"").sees("Description  of logs");
    t.keys("Tab \"nobody\"").sees("Members      nobody");
    // What is wrong with it takes the room of the others.
    t.keys("Ctrl+S").sees("Members      nobody").sees("! ");
}

#[test]
fn a_long_sentence_leaves_the_field_its_line() {
    for (keys, field) in [("a", "Accounts"), ("C", "Path"), ("Ctrl+E", "File"), ("Ctrl+O", "Path")] {
        let mut t = small();
        t.keys("/ \"Administrator\" Enter n").keys(keys).sees(field);
    }
}

#[test]
fn the_chosen_word_is_seen() {
    let mut t = small();
    t.keys("Home Down Down c g Tab").sees("(x) Basic");
    t.keys("Right").sees("(x) LDAP query");
}

#[test]
fn a_question_keeps_both_its_buttons_and_says_that_there_is_more() {
    let mut t = small();
    t.keys("/ \"Administrator\" Enter n Del")
        .sees("[ Cancel Esc ]")
        .sees("[ Delete y ]")
        .sees("Up/Down more");
}

#[test]
fn an_empty_scope_goes_with_nothing_in_it() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"Mine\" Enter Del").sees("This scope goes.").sees_not("everything in it");
    t.keys("Esc c r \"Readers\" Enter Backspace Backspace Backspace Del");
    t.sees("This scope goes, with everything in it:").sees("1 role definition");
}

#[test]
fn the_title_tells_the_store_before_all_problems() {
    let mut t = small();
    t.keys("Home Down Down c s \"Mine\" Enter").sees("InitialStor");
}
