//! What users do, from the first key to the last.

use crate::driver::{Driver, PATH, SAMPLE};

const JOHN: &str = "S-1-5-21-1004336348-1177238915-682003330-1001";
const JOE: &str = "S-1-5-21-1004336348-1177238915-682003330-1002";

/// Scenario C of the series on Hyper-V: two users, a scope for each, and what both need in the default scope.
pub fn two_users(t: &mut Driver) {
    // 1. A scope for each.
    t.keys("Home Down Down").selected("Hyper-V services");
    t.keys("c s \"Johns VM Scope\" Enter").selected("Hyper-V services/scopes/Johns VM Scope");
    t.keys("c s \"Joes VM Scope\" Enter").selected("Hyper-V services/scopes/Joes VM Scope");
    // 2. In each a role assignment linked to the application's role definition, with its user.
    for (scope, user) in [("Johns", JOHN), ("Joes", JOE)] {
        t.keys(&format!("/ \"{scope} VM\" Enter"));
        t.keys("c a \"Administrator\" Enter");
        t.selected(&format!("Hyper-V services/scopes/{scope} VM Scope/assignments/Administrator"));
        t.keys("r \"admin\" Down Space Enter");
        t.keys(&format!("a \"{user}\" Enter Enter"));
    }
    // 4. What the service checks in the default scope only.
    t.keys("Home Down Down c r \"Service Access\" Enter");
    t.selected("Hyper-V services/roles/Service Access");
    t.keys("o \"read service\" Ins Ctrl+U \"reconfigureservice\" Down Space Enter");
    t.keys("Home Down Down c a \"Service Access\" Enter");
    t.selected("Hyper-V services/assignments/Service Access");
    t.keys("r \"service\" Down Space Enter");
    t.keys("a").paste(&format!("{JOHN}\n{JOE}\n")).keys("Enter");
}

#[test]
fn two_users_who_must_not_see_each_other() {
    let mut t = Driver::sample();
    t.resize(120, 40);
    two_users(&mut t);
    t.sees("2 operations everywhere in Hyper-V services").sees(JOHN).sees(JOE);
    t.keys("/ \"Johns VM\" Enter Right Down Down Down").sees("Johns VM Scope");
    t.keys("s").sees("Save InitialStore.xml").sees("scope").sees("Johns VM Scope");
    t.keys("Tab").sees("<AzScope").sees("Name=\"Johns VM Scope\"");
    t.keys("s").sees("Saved and on disk. Earlier version: 20261122-0301.").sees_not(" changes ");
    let saved = azedit::store::Store::open(t.files[PATH].clone()).unwrap();
    let names = |path: &str| saved.walk().filter(|&id| saved.path(id).starts_with(path)).count();
    assert_eq!(names("Hyper-V services/scopes/"), 4);
    assert!(t.journal().is_empty(), "nothing unsaved is left to recover");
}

#[test]
fn undoing_all_restores_every_byte_and_redo_brings_it_back() {
    let mut t = Driver::sample();
    two_users(&mut t);
    let changed = t.bytes();
    assert_ne!(changed, SAMPLE);
    let steps = t.app.doc().unwrap().unsaved_steps();
    for _ in 0..steps {
        t.keys("u");
    }
    assert_eq!(t.bytes(), SAMPLE);
    t.sees_not("change").keys("u").sees("Nothing to undo.");
    for _ in 0..steps {
        t.keys("Ctrl+R");
    }
    assert_eq!(t.bytes(), changed);
    t.keys("Ctrl+Y").sees("Nothing to redo.");
}

#[test]
fn the_selection_stands_on_what_changed_and_after_undo_on_what_came_back() {
    let mut t = Driver::sample();
    t.keys("/ \"Administrator\" Enter").selected("Hyper-V services/roles/Administrator");
    t.keys("Del").sees("Delete role definition \"Administrator\"").sees("1 link to it goes too");
    // Enter is Cancel, and the key that asked does not confirm.
    t.keys("Enter").selected("Hyper-V services/roles/Administrator");
    t.keys("Del Del").sees("Delete role definition").keys("y");
    t.sees_not("Delete role definition \"Administrator\" ").keys("Home u");
    t.selected("Hyper-V services/roles/Administrator");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn rename_and_describe_where_it_stands() {
    let mut t = Driver::sample();
    t.keys("D / \"Start Virtual\" Enter F2").sees("Name");
    t.keys("\"Start/Stop\" Enter").sees("may not hold `/`");
    t.keys("Ctrl+U \"Start VM\" Enter").selected("Hyper-V services/operations/Start VM");
    t.sees("Renamed operation");
    t.keys("d \"Starts it\" Enter Enter").sees("Starts it");
    t.keys("Esc u u");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn an_edit_is_guarded_when_it_was_typed_in() {
    let mut t = Driver::sample();
    t.keys("Home d \"new text\" Esc").sees("Esc again drops what was typed");
    t.keys("Esc").sees_not("new text");
    assert_eq!(t.bytes(), SAMPLE);
    t.keys("Home Down Down c s \"half\" Esc").sees("What was typed or ticked would be lost.");
    t.keys("Esc").sees("half").keys("Esc d").sees_not("half");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn a_disabled_action_says_why_and_stays_where_it_was() {
    let mut t = Driver::sample();
    t.keys("Home a").sees("Select a role assignment or a group");
    t.keys("Del").sees("The store itself is a file");
    t.keys("s").sees("Nothing to save");
    t.keys("Down Del").sees("Groups is a folder of the tree");
    t.keys("o").sees("Select a role or task definition");
    t.keys("n").sees("Nothing was searched for yet");
    t.keys("]").sees("No problems.");
    t.keys("Z");
    t.keys("Ctrl+Q").sees("Ctrl+Q does nothing here. ? lists the keys.");
}

#[test]
fn read_only_changes_nothing_and_says_so() {
    let mut t = Driver::start();
    t.app.read_only = true;
    t.files.insert(PATH.to_owned(), SAMPLE.to_vec());
    t.keys("o").paste(PATH).keys("Enter").sees("read-only");
    for key in ["c", "d", "F2", "u", "s", "Ctrl+Z", "f"] {
        t.keys("Home Down Down").keys(key).sees("Read-only: azedit was started with --read-only.");
    }
    t.keys("Enter Down Enter").sees("Read-only");
    assert_eq!(t.bytes(), SAMPLE);
    t.keys("q");
    assert!(t.has_quit);
}

#[test]
fn members_by_form_with_errors_under_the_field() {
    let mut t = Driver::sample();
    t.resize(120, 40);
    t.keys("/ \"Administrator\" Enter n").selected("Hyper-V services/assignments/Administrator");
    t.sees("BUILTIN\\Administrators").sees("S-1-5-32-544");
    t.keys("a \"nobody\" Ctrl+S").sees("S-1-0-0 can never be a member");
    t.keys("Ctrl+U \"joe\" Ctrl+S").sees("joe is no SID and no name");
    t.keys("Ctrl+U \"Everyone, S-1-5-11\" Ctrl+S").sees("Authenticated Users").sees("Everyone");
    t.sees("3 members");
    t.keys("Enter End Up Up Up Up").keys("Del");
    t.sees("2 members");
    t.keys("u u");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn search_finds_names_sids_and_their_names_and_goes_round() {
    let mut t = Driver::sample();
    t.keys("/ \"builtin\\admin\" Enter").selected("Hyper-V services/assignments/Administrator");
    t.keys("Home / \"S-1-5-32\" Enter").selected("Hyper-V services/assignments/Administrator");
    t.keys("Home Down / Ctrl+U \"355\" Enter n")
        .selected("Hyper-V services/operations/Allow Virtual Machine Snapshot");
    t.keys("Home / \"switch\"").selected("Hyper-V services/operations/Create Virtual Switch");
    t.keys("Esc").selected("/");
    t.keys("/ \"switch\" Enter n").selected("Hyper-V services/operations/Delete Virtual Switch");
    t.keys("N N").selected("Hyper-V services/operations/View Virtual Switch Management Service");
    t.keys("/ Ctrl+U \"zzz\"").sees("nothing matches").keys("Enter").sees("Nothing matches \"zzz\".");
}

#[test]
fn every_kind_is_created_by_its_form() {
    let mut t = Driver::sample();
    t.keys("D Home c p \"App\" Tab \"1.0\" Enter").selected("App").sees("Created application");
    t.keys("c o \"Op\" Tab \"x\" Tab").sees("A number from 0 to 2147483647.");
    t.keys("Shift+Tab Ctrl+U \"7\" Enter").selected("App/operations/Op");
    t.keys("c o \"op\" Tab \"7\" Enter").sees("7 is the number of Op.");
    t.keys("Ctrl+U \"8\" Shift+Tab \"2\" Enter").selected("App/operations/op2");
    t.keys("c t \"Task\" Enter").selected("App/tasks/Task");
    t.keys("o Space Enter").sees("1 op");
    t.keys("c r \"Role\" Enter t Space Enter").selected("App/roles/Role");
    t.keys("c s \"http://scope\" Enter").selected("App/scopes/http://scope");
    t.keys("c g \"Group\" Enter").selected("App/scopes/http://scope/groups/Group");
    t.keys("c g \"Query\" Tab Right Tab \"(cn=x)\" Enter");
    t.selected("App/scopes/http://scope/groups/Query")
        .keys("a")
        .sees("An LDAP group finds its members by its query.");
    t.keys("c a \"Assignment\" Tab Tab \"S-1-1-0\" Enter");
    t.selected("App/scopes/http://scope/assignments/Assignment");
    t.keys("g").sees("Group").keys("\"group\" Enter Space Enter").sees("2 members");
    let saved = azedit::store::Store::open(t.bytes()).unwrap();
    azedit::store::same(&saved, t.app.doc().unwrap().store()).unwrap();
    let steps = t.app.doc().unwrap().unsaved_steps();
    for _ in 0..steps {
        t.keys("u");
    }
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn a_rule_is_written_and_shown() {
    let mut t = Driver::sample();
    t.keys("/ \"Administrator\" Enter e").sees("Rule of role definition \"Administrator\"");
    t.paste("Dim x\nx = 1 < 2").keys("Ctrl+S").sees("Set rule of role definition");
    t.keys("Enter").sees("2 lines").sees("x = 1 < 2").sees("Rule language");
    t.keys("Esc u");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn problems_are_live_and_lead_to_their_place() {
    let mut t = Driver::sample();
    t.resize(120, 40);
    t.keys("Home Down Down c a \"Empty\" Enter").sees_not("No problems.");
    t.keys("Home p").sees("AZ-4").keys("Enter").selected("Hyper-V services/assignments/Empty");
    t.keys("Esc Home ]").selected("Hyper-V services/assignments/Empty");
    t.keys("u").sees("No problems.");
}

#[test]
fn help_is_searched_and_runs() {
    let mut t = Driver::sample();
    t.keys("? \"where used\"").sees("it is not used elsewhere.").keys("Esc");
    t.keys("/ \"Read Service\" Enter ? \"where used\" Enter").sees("Where operation").sees("role definition");
    t.keys("Esc Home ? \"new scope\" Enter").sees("Create scope");
    t.keys("Esc Home : \"members\"").sees("Select a role assignment or a group");
}

#[test]
fn quitting_asks_when_something_is_unsaved() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"S\" Enter q").sees("1 change not in the file").sees("create scope \"S\"");
    t.keys("Enter");
    assert!(!t.has_quit, "Enter is Cancel");
    t.keys("q s").sees("Save InitialStore.xml").keys("Esc");
    assert!(!t.has_quit);
    t.keys("q s s");
    assert!(t.has_quit, "saved, then left");
    assert_ne!(t.files[PATH], SAMPLE);

    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"S\" Enter q d");
    assert!(t.has_quit);
    assert_eq!(t.files[PATH], SAMPLE);
    assert!(t.journal().is_empty(), "what was discarded is not offered again");
}

#[test]
fn a_file_changed_by_another_is_a_conflict_told_in_objects() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"Mine\" Enter");
    let mut other = Driver::sample();
    other.keys("Home Down Down c s \"Theirs\" Enter s s");
    t.files.insert(PATH.to_owned(), other.files[PATH].clone());
    // Seen before the save dialog is read, and told once; saving all the same is refused.
    t.keys("s").sees("is not what was read").sees("+ scope Theirs").keys("Esc").sees("Save InitialStore.xml");
    t.keys("s").sees("is not what was read").sees("Nothing was written.");
    t.keys("Esc").sees("Kept here, not saved.").sees("1 change  changed on disk");
    t.keys("s s r").selected("Hyper-V services").keys("End").selected("Hyper-V services/scopes/Theirs");
    t.sees_not("change ");
}

#[test]
fn a_new_store_is_begun_and_written_when_saved() {
    let mut t = Driver::start();
    t.sees("Open a store").sees("New store").sees("Try the sample");
    t.keys("n").sees("New store").paste("/stores/new.xml").keys("Enter").sees("new, not saved");
    assert!(t.files.is_empty());
    t.keys("c p \"App\" Enter s s").sees("Saved and on disk.");
    assert!(t.files.contains_key("/stores/new.xml"));
    t.keys("q");
    assert!(t.has_quit);
}

#[test]
fn the_sample_is_saved_under_a_path() {
    let mut t = Driver::start();
    t.keys("t").sees("Hyper-V services").keys("s").sees("This store has no file yet.");
    t.paste("/stores/copy.xml").keys("Enter").sees("Saved and on disk.");
    assert_eq!(t.files["/stores/copy.xml"], SAMPLE);
}

#[test]
fn what_cannot_be_opened_says_where_it_is_wrong() {
    let mut t = Driver::start();
    t.files.insert("/bad.xml".to_owned(), b"<AzAdminManager>\n<AzApplication></AzRole>".to_vec());
    t.keys("o").paste("/bad.xml").keys("Enter").sees("bad.xml:2:").sees("Nothing was changed.");
    t.keys("Esc o").paste("/none.xml").keys("Enter").sees("/none.xml: there is no such file.");
}

#[test]
fn hostile_names_are_shown_and_never_sent() {
    let bytes = include_bytes!("../stores/hostile-names.xml");
    let mut t = Driver::with(bytes);
    t.resize(120, 40).sees("\\u{");
}

#[test]
fn copying_takes_the_text_of_the_line() {
    let mut t = Driver::sample();
    t.keys("/ \"builtin\" Enter Enter y").sees("Copied 1 account to this computer's clipboard.");
    t.keys("Esc Y").sees("Copied the path");
    assert_eq!(t.copied, ["S-1-5-32-544", "Hyper-V services/assignments/Administrator"]);
}

#[test]
fn the_mouse_selects_and_follows() {
    use azedit::app::Input;
    use azedit::app::input::{Button, MouseEvent, MouseKind};
    let mut t = Driver::sample();
    t.resize(120, 40);
    let click = |t: &mut Driver, column, row| {
        t.input(Input::Mouse(MouseEvent { kind: MouseKind::Down(Button::Left), column, row }));
    };
    click(&mut t, 10, 5);
    t.selected("Hyper-V services");
    click(&mut t, 60, 6);
    assert_eq!(t.app.focus, azedit::app::layout::Pane::Details);
    t.input(Input::Mouse(MouseEvent { kind: MouseKind::ScrollDown, column: 5, row: 5 }));
}

#[test]
fn a_small_window_shows_one_pane_at_a_time_and_says_when_it_is_too_small() {
    let mut t = Driver::sample();
    t.sees("Store").keys("Tab").sees("Details").sees("Schema").keys("Tab").sees("No problems.").keys("Tab");
    t.resize(39, 10).sees("window too small").resize(40, 10).sees_not("too small").sees("azedit");
    t.resize(0, 0);
    assert_eq!(t.screen(), Vec::<String>::new());
    t.resize(1, 1).resize(80, 24).sees("Hyper-V services");
}

#[test]
fn what_nobody_can_see_is_neither_asked_nor_answered() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"S\" Enter").sees("1 change");
    // Not undone, and the question what becomes of it waits until it can be read.
    t.resize(30, 8).keys("u q d").sees("window too small");
    assert!(!t.has_quit);
    t.paste("S-1-5-21-1-2-3-4").resize(80, 24).sees("Quit with InitialStore.xml unsaved").keys("Esc");
    t.sees("1 change").keys("u").resize(30, 8).keys("q");
    assert!(t.has_quit);
}

#[test]
fn plain_mode_has_no_frames_and_puts_the_cursor_on_the_selection() {
    let mut t = Driver::sample();
    t.app.plain = true;
    t.keys("Down Down").sees_not("│").sees_not("┌");
    assert!(t.picture().contains("cursor 0,4"));
    t.keys("c").sees("Create").sees_not("│");
}

#[test]
fn every_action_is_named_in_words_and_acts_or_says_why() {
    for path in [
        "Home",
        "Home Down",
        "Home Down Down",
        "/ \"Administrator\" Enter",
        "Home Tab",
        "p",
        "Home Tab Down Down",
    ] {
        for action in azedit::app::actions::ACTIONS {
            let mut t = Driver::sample();
            t.keys(path);
            if let Err(why) = (action.enabled)(&t.app) {
                assert!(
                    why.ends_with('.') && !why.contains('!') && !why.contains("lease"),
                    "{:?}: {why}",
                    action.id
                );
                continue;
            }
            // Through help, where every action can be run.
            t.keys("?").paste(action.help).keys("Enter");
            assert!(
                t.has_quit || !t.app.dialogs.iter().any(is_help) || action.label == "Help",
                "{:?}",
                action.id
            );
            let bytes = t.app.doc().map(|_| t.bytes());
            assert!(bytes.is_none_or(|bytes| bytes == SAMPLE), "{:?} changed the store at once", action.id);
        }
    }
}

fn is_help(dialog: &azedit::app::dialog::Dialog) -> bool {
    matches!(dialog, azedit::app::dialog::Dialog::Help(_))
}

#[test]
fn moving_about() {
    let mut t = Driver::sample();
    t.keys("End").selected("Hyper-V services/assignments/Administrator");
    t.keys("Backspace").selected("Hyper-V services: Role Assignments");
    t.keys("h h").selected("Hyper-V services").keys("Left Left Left Left").selected("/");
    t.keys("l l l").selected("/: Groups").keys("k").selected("/");
    t.keys("/ \"Read Service\" Enter Left").selected("Hyper-V services: Operation Definitions");
    t.keys("l PgDn").keys("PgUp Left Left Left").selected("Hyper-V services: Definitions");
    t.keys("> <").selected("/").keys("Shift+Tab").sees("No problems.").keys("Esc").selected("/");
}

#[test]
fn links_are_followed_from_the_details_and_removed_there() {
    let mut t = Driver::sample();
    t.keys("End Enter Down Down Down Enter").selected("Hyper-V services/roles/Administrator");
    t.keys("Esc w").sees("Where role definition").keys("Enter");
    t.selected("Hyper-V services/assignments/Administrator");
    t.keys("Esc / \"Pause\" Enter Enter End Del")
        .sees("Role definition \"Administrator\" would not use it any more.");
    t.keys("Enter Del y").sees("Removed operation from role definition \"Administrator\".");
    t.selected("Hyper-V services/operations/Pause and Restart Virtual Machine").sees("Nothing.");
    t.keys("u");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn a_problem_with_a_safe_fix_is_fixed_by_a_key_and_explained_by_enter() {
    let faults = include_bytes!("../stores/faults.xml");
    let mut t = Driver::with(faults);
    t.resize(120, 40);
    let count = |t: &Driver| t.app.doc().unwrap().problems.count;
    let before = count(&t);
    t.keys("p");
    let fixable = (0..before).find(|_| {
        let found = azedit::app::editing::fixable(&t.app).is_ok();
        if !found {
            t.keys("Down");
        }
        found
    });
    assert!(fixable.is_some(), "none of {before} findings has a fix");
    t.keys("f").sees("Fixed AZ-");
    assert!(count(&t) < before);
    t.keys("u");
    assert_eq!(t.bytes(), faults);
    assert_eq!(count(&t), before);
    t.keys("p Home Enter End Enter").sees("[ Close Esc ]");
}

#[test]
fn long_texts_are_read_in_full_in_the_details() {
    let mut t = Driver::sample();
    t.keys("Enter")
        .sees("Sample store of azedit, in the shape")
        .sees("are recalled, not read")
        .sees("from a host.");
}

#[test]
fn the_type_of_a_group_and_the_language_of_a_rule_are_chosen() {
    let mut t = Driver::with(include_bytes!("../stores/new-empty.xml"));
    t.keys("Home c g \"G\" Enter Enter Down Down Enter")
        .sees("Type of the group")
        .keys("l")
        .sees("Type             LDAP query");
    t.sees("LDAP query").keys("Down Enter \"(cn=x)\" Enter").sees("(cn=x)");
}

#[test]
fn a_store_that_does_not_say_schema_2_offers_no_business_rule_group() {
    let mut t = Driver::with(b"<AzAdminManager/>");
    t.keys("Home c g \"G\" Tab Right Right").sees_not("Business rule").keys("Enter").selected("groups/G");
    azedit::app::editing::edit_prop(&mut t.app, azedit::app::sheet::Prop::Type);
    t.sees("LDAP query").sees_not("Business rule");
    t.keys("Esc A \"S-1-1-0\" Ctrl+S").sees("Added 1 non-member to application group \"G\".");
}

#[test]
fn messages_are_kept_in_the_log() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"S\" Enter u M")
        .sees("Undone: create scope \"S\".")
        .sees("Created scope \"S\".");
}

#[test]
fn what_is_unsaved_is_counted_also_past_a_save() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"One\" Enter").sees("1 change").keys("c s \"Two\" Enter").sees("2 changes");
    t.keys("s s").sees_not("change").keys("u").sees("1 change").keys("U").sees_not("change");
    t.keys("u c s \"Three\" Enter").sees("2 changes").keys("q").sees("undo: create scope \"Two\"");
    t.keys("Esc s").sees("- scope").sees("+ scope").keys("s").sees_not("change");
}

#[test]
fn a_large_store_is_seen_before_it_is_checked() {
    let small = String::from_utf8(SAMPLE.to_vec()).unwrap();
    let padding = "<AzScope Name=\"x\" Description=\"\"/>".repeat(40_000);
    let large = small.replace("</AzApplication>", &format!("{padding}</AzApplication>"));
    let mut t = Driver::with(large.as_bytes());
    let first = t.seen_unchecked.clone().unwrap();
    assert!(first.contains("not checked yet"), "{first}");
    assert!(first.contains("Hyper-V services"), "{first}");
    t.sees_not("not checked yet").sees("79999 errors");
    assert!(Driver::with(SAMPLE).seen_unchecked.is_none(), "a small store is checked at once");
}

#[test]
fn a_save_that_locks_out_or_opens_up_is_asked_for_by_name() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c a \"Guests\" Enter").selected("Hyper-V services/assignments/Guests");
    t.keys("r \"admin\" Down Space Enter").keys("a \"Everyone\" Enter Enter");
    t.keys("s").sees("Saving asks first").sees("Everyone (S-1-1-0) would gain all 34 operations");
    t.sees("To save, type Everyone and press Enter:");
    // Neither the key that saves nor Enter nor another name does; a paste is not typing.
    t.keys("s").sees("Saving asks first").keys("Enter").sees("Not saved. Type Everyone");
    t.paste("Everyone").keys("Enter").sees("Not saved. Type Everyone");
    t.keys("\"everyone\" Enter").sees("Not saved. Type Everyone");
    assert_eq!(t.files[PATH], SAMPLE);
    // Esc leaves everything as it was, and what is undone is not asked for.
    t.keys("Esc").sees_not("Saving asks first");
    assert_eq!(t.files[PATH], SAMPLE);
    t.keys("s \"Everyone\" Enter").sees("Saved and on disk");
    assert_eq!(t.files[PATH], t.bytes());
    t.keys("d \"all of them\" Enter s").sees_not("Saving asks first").keys("Esc");
    t.keys("u u u u s").sees_not("Saving asks first").sees("Guests").keys("Enter").sees("Saved and on disk");
    assert_eq!(t.files[PATH], SAMPLE);
}

#[test]
fn the_last_administrator_does_not_go_unasked() {
    let mut t = Driver::sample();
    t.resize(60, 24);
    t.keys("/ \"Administrator\" Enter").keys("Del y");
    t.keys("s").sees("Nobody would be left who may do everything").sees("type Hyper-V services and press");
    t.keys("PgDn Tab").sees("<AzTask").keys("Tab");
    t.keys("\"Hyper-V services\" Enter").sees("Saved");
    assert_ne!(t.files[PATH], SAMPLE);
}
