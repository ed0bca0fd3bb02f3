//! Hyper-V in the editor: findings, recipes, denied events, grouped operations. Every event here is synthetic.

use azedit::app::{HostEvent, Input};
use azedit::ui::glyphs::Tier;

use crate::driver::{Driver, SAMPLE};

const JOE: &str = "S-1-5-21-1004336348-1177238915-682003330-1002";

fn event(account: &str, id: u32, operation: &str, scope: &str) -> String {
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>4666</EventID><Keywords>\
         0x8010000000000000</Keywords></System><EventData><Data Name='AppName'>Hyper-V services</Data><Data \
         Name='ScopeName'>{scope}</Data><Data Name='ClientName'>{account}</Data><Data \
         Name='ClientDomain'>CONTOSO</Data><Data Name='OperationName'>{operation}</Data><Data \
         Name='OperationId'>{id}</Data></EventData></Event>"
    )
}

/// Joe has a scope of his own.
fn with_joe() -> Driver {
    let mut t = Driver::sample();
    t.keys("+ a \"Joes VM Scope\" Tab").paste(JOE).keys("Enter y");
    t
}

fn pictures(name: &str, mut t: Driver) {
    t.resize(120, 40);
    insta::assert_snapshot!(format!("{name}_120x40"), t.picture());
    t.tier = Tier::Ascii;
    t.resize(80, 24);
    insta::assert_snapshot!(format!("{name}_80x24"), t.picture());
}

#[test]
fn a_recipe_is_asked_shown_made_and_undone_as_one_step() {
    let mut t = Driver::sample();
    t.keys("+")
        .sees("Use a recipe")
        .sees("Give accounts a VM scope of their own")
        .sees("Undo what HVRemote granted");
    t.keys("a").sees("Nothing is changed before").keys("Enter").sees("Scope").sees("needed");
    t.keys("\"Joes VM Scope\" Tab \"joe\" Enter").sees("joe is no SID");
    t.keys("Ctrl+U").paste(JOE).keys("Enter");
    t.sees("Preview: Give accounts").sees("create scope 'Joes VM Scope'").sees("gains 34 operations in");
    assert_eq!(t.bytes(), SAMPLE, "a preview changes nothing");
    // Back to the form, with what was typed; then again and for real.
    t.keys("Esc").sees_not("Preview:").sees("Joes VM Scope").keys("Enter").sees("Preview:").keys("y");
    t.sees_not("Give accounts").sees("Joes VM Scope").sees("1 change").sees("Used recipe own-scope");
    t.keys("u").sees("Undone: use recipe own-scope");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn a_recipe_says_what_stands_in_the_way() {
    let mut t = with_joe();
    t.keys("+ a \"Joes VM Scope\" Tab")
        .paste(JOE)
        .keys("Enter")
        .sees("Nothing to change")
        .sees("is there already");
    t.keys("Esc d");
    t.keys("+ g").sees("Undo what HVRemote granted").keys("Enter").sees("Accounts");
    let mut t = Driver::start();
    t.keys("n \"/new.xml\" Enter +").sees("Recipes are for the application");
}

#[test]
fn a_recipe_is_typed_as_on_the_command_line() {
    let mut t = Driver::sample();
    t.resize(120, 40);
    t.keys(": \"rec\"").sees("typed: a change-set for Hyper-V").keys("Tab");
    t.sees("own-scope").sees("Give accounts a VM scope of their own").keys("\"own\" Tab").sees("--scope");
    t.sees("The recipe own-scope asks for --scope.").keys("\"--sc\" Tab \"'Joes VM Scope' --acc\" Tab");
    t.keys("\"joe --lab x\"").sees("The recipe own-scope does not ask for --lab");
    t.keys("Ctrl+U")
        .paste(&format!("recipe own-scope --scope 'Joes VM Scope' --account {JOE}"))
        .keys("Enter");
    t.sees("Preview: Give accounts").sees("gains 34 operations in").keys("Esc").sees("Command");
    assert_eq!(t.bytes(), SAMPLE, "a preview changes nothing");
    t.keys("Enter y").sees_not("Command").sees("Used recipe own-scope").sees("1 change");
    // It is the change that the form makes, and the line is remembered.
    let without_guids = |t: &Driver| -> Vec<String> {
        let text = String::from_utf8(t.bytes()).unwrap();
        text.split("00000000-0000-4000-8000-")
            .map(|part| part.trim_start_matches(char::is_numeric).to_owned())
            .collect()
    };
    assert_eq!(without_guids(&t), without_guids(&with_joe()));
    t.keys(": Up Enter").sees("Nothing to change").keys("Ctrl+U \"recipe connect --account joe\" Enter");
    t.sees("joe is no SID").keys("Ctrl+U \"recipe list\" Enter").sees("Use a recipe").keys("Esc");
    t.keys(": \"recipe full-admin --app Nothing --account S-1-5-21-1-2-3-4\" Enter")
        .sees("no application \"Nothing\"");
    t.keys("Ctrl+U \"recipe own-scope --role \"").sees("role definition").keys("Esc");
    t.app.read_only = true;
    t.keys(": \"recipe list\" Enter").sees("Read-only");
}

#[test]
fn who_cannot_connect_is_let_in_by_a_key_that_asks_first() {
    let mut t = Driver::sample();
    t.resize(120, 40);
    t.keys(": \"create scope Lab\" Enter :")
        .paste("create assignment Admins --in Lab --role Administrator --member ");
    t.paste(JOE).keys("Enter").sees("HV-101").keys("p Home").sees("shows what would let").keys("f");
    t.sees("Preview: Let accounts connect").sees("gains Read Service Configuration (100) and");
    let before = t.bytes();
    t.keys("Esc f f").sees("Preview");
    assert_eq!(t.bytes(), before, "the key that asks does not confirm");
    t.keys("y").sees_not("HV-101").sees("Used recipe connect").keys("u").sees("HV-101");
    assert_eq!(t.bytes(), before);
    // All of a kind are not fixed in one go: each gives somebody something.
    t.keys("p Home F").sees("no safe fix");
}

#[test]
fn a_deletion_says_who_loses_what() {
    let mut t = with_joe();
    t.resize(120, 40);
    t.keys("/ \"Service Access\" Enter").selected("Hyper-V services/roles/Service Access").keys("Del");
    t.sees(&format!("{JOE} loses Read Service Configuration (100),"));
    t.keys("Esc / \"Joes VM Scope\" Enter Del").sees(&format!("{JOE} loses 32 operations in Joes VM Scope"));
    let before = t.bytes();
    t.keys("Esc");
    assert_eq!(t.bytes(), before);
    // Of many the worst come first, and the others are counted.
    t.keys("/ \"S-1-5-32-544\" Enter a");
    let sids: Vec<String> = (0..12).map(|number| format!("S-1-5-21-1-2-3-{}", 4000 + number)).collect();
    t.paste(&sids.join("\n")).paste("\nS-1-5-11").keys("Ctrl+S Del");
    t.sees("Authenticated Users (S-1-5-11) loses").sees("and 8 more such.");
    // An operation that nobody holds takes nothing from anybody.
    t.app.developer = true;
    t.keys("Esc : \"create operation Unheld --id 4711\" Enter Del")
        .sees("Delete operation")
        .sees_not("loses");
}

#[test]
fn pasting_obeys_developer_mode_as_keys_do() {
    let mut t = Driver::sample();
    t.app.developer = true;
    t.keys(": \"create application Other\" Enter / \"Start Virtual Machine\" Enter y").sees("Copied");
    t.app.developer = false;
    t.keys("/ \"Other\" Enter v").sees("needs developer mode (D)");
    let before = t.bytes();
    t.keys("Enter").sees("needs developer mode (D)");
    assert_eq!(t.bytes(), before);
    t.app.developer = true;
    t.keys("Esc v").sees_not("needs developer mode").keys("Enter");
    assert!(t.bytes() != before);
}

#[test]
fn the_create_menu_offers_recipes_for_hyper_v() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c").sees("Recipe").keys("+").sees("Use a recipe");
}

#[test]
fn what_hvremote_left_is_a_problem_with_a_fix_and_a_recipe() {
    let mut t = with_joe();
    t.resize(120, 40);
    t.keys("/ \"S-1-5-32-544\" Enter").selected("Hyper-V services/assignments/Administrator");
    t.keys("a")
        .paste(JOE)
        .keys("Ctrl+S")
        .sees("HV-103")
        .keys("+ g")
        .sees(JOE)
        .keys("Enter")
        .sees("Preview")
        .sees("loses");
    t.keys("y").sees_not("HV-103");
    t.keys("u").sees("HV-103");
}

#[test]
fn a_pasted_event_is_explained_and_its_grant_staged() {
    let mut t = Driver::sample();
    let text = [
        event("joe", 100, "Read Service Configuration", ""),
        event("ann", 315, "Start Virtual Machine", ""),
        event("joe", 100, "Read Service Configuration", "-"),
    ];
    t.keys("Ctrl+E").sees("Explain denied events").keys("Ctrl+S").sees("A file or a paste is needed");
    t.keys("Tab").paste(&text.join("\n")).keys("Tab").paste(&format!("CONTOSO\\joe={JOE}")).keys("Enter");
    t.sees("Denied access checks").sees("2 different denials, 3 in all").sees("who is it");
    // What to do about it is said in the words of this screen, and not in those of the command line.
    t.keys("f").sees("Which SID is CONTOSO\\ann? Esc goes back,").sees("CONTOSO\\ann=S-1-").sees_not("--sid");
    t.keys("Down").sees("No role assignment in the default scope").sees("create role 'Service Access'");
    t.keys("f").sees("allowed now").sees("The store as it is now allows it");
    t.keys("Esc").sees("Explain denied events").keys("Esc d").sees("Service Access").sees("1 change");
    t.keys("u").sees_not("Service Access");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn a_file_of_events_is_read_beside_the_screen_and_reading_can_be_stopped() {
    let mut t = Driver::sample();
    t.files
        .insert("/logs/denied.xml".to_owned(), event("ann", 315, "Start Virtual Machine", "").into_bytes());
    t.is_slow = true;
    t.keys("Ctrl+E").paste("/logs/denied.xml").keys("Enter");
    t.input(Input::Host(HostEvent::StillBusy)).sees("Reading denied.xml").keys("Esc").sees("Stopping");
    t.finish().sees("Explain denied events").sees_not("Reading").sees_not("Denied access checks");
    t.keys("Enter").sees("Denied access checks").sees("1 denial, 1 in all").keys("Esc Ctrl+U");
    t.paste("/logs/none.xml").keys("Enter").sees("there is no such file").keys("Ctrl+U");
    t.files.insert("/logs/empty.xml".to_owned(), b"<Events/>".to_vec());
    t.paste("/logs/empty.xml").keys("Enter").sees("There is no event in it");
}

#[test]
fn all_that_can_be_allowed_is_found_beside_the_screen_and_made_as_one_step() {
    let mut t = Driver::sample();
    let denied = |number: usize| event(&format!("S-1-5-21-1-2-3-{}", 1000 + number), 100, "", "");
    let mut text: String = (0..60).map(denied).collect();
    text.push_str(&event("S-1-5-21-1-2-3-1000", 315, "Start Virtual Machine", "Gone"));
    t.files.insert("/logs/denied.xml".to_owned(), text.into_bytes());
    t.keys("Ctrl+E").paste("/logs/denied.xml").keys("Enter").sees("61 different denials, 61 in all");
    t.is_slow = true;
    t.keys("F").input(Input::Host(HostEvent::StillBusy)).sees("Finding what would allow them");
    t.keys("Esc").sees("Stopping").finish().sees("nothing was changed").sees_not("allowed now");
    assert_eq!(t.bytes(), SAMPLE);
    t.keys("F").sees("allowed now").sees_not("not granted").keys("End").sees("1059").sees("allowed now");
    t.keys("Home Down").sees("unknown scope").sees("no scope \"Gone\"");
    // What is left cannot be allowed.
    t.keys("F").sees("Nothing here can be allowed").keys("Esc Esc d").sees("1 change").keys("u");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn what_is_no_event_is_said_in_the_form() {
    let mut t = Driver::sample();
    t.keys("Ctrl+E Tab").paste("<Events/>").keys("Ctrl+S").sees("There is no event in it");
    t.keys("Esc d Ctrl+E Tab").paste("<!DOCTYPE x>").keys("Ctrl+S").sees("document type");
}

#[test]
fn operations_are_grouped_and_in_the_order_of_their_numbers() {
    let mut t = Driver::sample();
    t.resize(120, 48);
    t.keys("/ \"Administrator\" Enter o").sees("Service").sees("Network").sees("Virtual machines");
    let screen = t.text();
    let at = |text: &str| screen.find(text).unwrap_or_else(|| panic!("{text} in {screen}"));
    assert!(at("Read Service Configuration") < at("Create Virtual Switch "));
    assert!(at("Modify Internal Ethernet Port") < at("Create Virtual Machine"), "350 is about the network");
}

#[test]
fn pictures_of_recipes() {
    let mut t = Driver::sample();
    t.keys("+");
    pictures("recipes", t);
    let mut t = Driver::sample();
    t.keys("+ a \"Joes VM Scope\" Tab").paste(JOE);
    pictures("recipe_form", t);
    let mut t = Driver::sample();
    t.keys("+ a \"Joes VM Scope\" Tab").paste(JOE).keys("Enter");
    pictures("recipe_preview", t);
}

#[test]
fn pictures_of_denials() {
    let mut t = with_joe();
    t.keys("Ctrl+E");
    pictures("explain_form", t);
    let mut t = with_joe();
    let text = [
        event("ann", 100, "Read Service Configuration", ""),
        event("joe", 100, "Read Service Configuration", ""),
        event("john", 315, "Start Virtual Machine", "Joes VM Scope"),
        event("john", 320, "Stop Virtual Machine", "Joes VM Scope"),
        event("john", 315, "Start Virtual Machine", "Old Scope"),
    ];
    let who = format!("CONTOSO\\joe={JOE}, john=S-1-5-21-1004336348-1177238915-682003330-1001");
    t.keys("Ctrl+E Tab").paste(&text.join("")).keys("Tab").paste(&who).keys("Enter Down Down");
    pictures("denials", t);
}
