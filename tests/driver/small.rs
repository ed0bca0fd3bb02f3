//! The smallest window that is drawn in: nothing that matters may be cut away there.

use azedit::app::dialog::Dialog;

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
fn a_deletion_counts_groups_among_the_members_as_the_tree_does() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c g \"Staff\" Enter / \"Administrator\" Enter n g \"staff\" Down Space Enter");
    t.sees("2 members").keys("Del").sees("Its 2 members lose what it gave.");
}

#[test]
fn the_title_tells_the_store_before_all_problems() {
    let mut t = small();
    t.keys("Home Down Down c s \"Mine\" Enter").sees("InitialStor");
}

#[test]
fn the_selected_line_of_a_menu_is_seen() {
    let mut t = small();
    t.keys("Home Down Down c").sees("Application").sees_not("Recipe");
    t.keys(&"Down ".repeat(7)).sees("Recipe");
    t.keys("Esc +").keys(&"Down ".repeat(7)).sees("h  Let accounts connect");
}

/// Every form that an action opens, wherever it can.
#[test]
fn a_form_of_any_action_has_its_cursor_on_the_screen() {
    let mut seen = 0;
    for path in ["Home", "Home Down Down", "/ \"Administrator\" Enter", "/ \"Administrator\" Enter n"] {
        for action in azedit::app::actions::ACTIONS {
            let mut t = small();
            t.keys("D").keys(path);
            if (action.enabled)(&t.app).is_err() {
                continue;
            }
            t.keys("?").paste(action.help).keys("Enter");
            let Some(Dialog::Form(form)) = t.app.dialogs.last() else { continue };
            let field = form.fields[form.focus].label;
            t.sees(field);
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}
