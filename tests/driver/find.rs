//! Finding: search, filters, lists of places, the palette, back and forward, messages.

use azedit::app::{Effect, HostEvent, Input, input, update};

use crate::driver::{Driver, SAMPLE};

const JOE: &str = "S-1-5-21-1004336348-1177238915-682003330-1001";

/// Two scopes, each with an assignment; Joe is in one of them.
fn working() -> Driver {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"Joes VM Scope\" Tab \"For Joe\" Enter");
    t.keys("c a \"Administrator\" Tab Tab").paste(JOE).keys("Enter r Space Enter");
    t.keys("Home Down Down c s \"Johns VM Scope\" Enter c a \"Viewers\" Enter");
    t.keys("Home");
    t
}

fn rows(t: &Driver) -> usize {
    t.app.doc().unwrap().tree.rows().len()
}

#[test]
fn a_search_goes_to_the_first_match_as_it_is_typed_and_counts_them() {
    let mut t = working();
    t.keys("/ \"joe\"").selected("Hyper-V services/scopes/Joes VM Scope").sees("1 match");
    t.keys("Backspace Backspace Backspace \"administrator\"").sees("1 of 3");
    t.selected("Hyper-V services/roles/Administrator");
    t.keys("Down").selected("Hyper-V services/assignments/Administrator").sees("2 of 3");
    t.keys("Up Up").sees("3 of 3").keys("Enter").sees("\"administrator\": 3 of 3");
    t.keys("n").sees("1 of 3").keys("N").sees("3 of 3");
    t.keys("Esc").sees_not("of 3");
}

#[test]
fn esc_goes_back_to_where_the_search_began() {
    let mut t = working();
    t.keys("End").selected("Hyper-V services/scopes/Johns VM Scope/assignments/Viewers");
    t.keys("/ \"switch\" Esc").selected("Hyper-V services/scopes/Johns VM Scope/assignments/Viewers");
}

#[test]
fn sids_names_of_sids_numbers_guids_descriptions_and_rules_are_found() {
    let mut t = working();
    t.keys("/ \"682003330-1001\"")
        .selected("Hyper-V services/scopes/Joes VM Scope/assignments/Administrator");
    t.keys("Esc / \"builtin\\adm\"").selected("Hyper-V services/assignments/Administrator");
    t.keys("Esc / \"for joe\"").selected("Hyper-V services/scopes/Joes VM Scope");
    t.keys("Esc / \"315\"").selected("Hyper-V services/operations/Start Virtual Machine");
    let guid =
        t.app.doc().unwrap().store().guid_text(t.app.doc().unwrap().node().object).unwrap().into_owned();
    t.keys("Esc Home /").paste(&guid.to_uppercase()).sees("1 match");
    let mut t = Driver::with(include_bytes!("../stores/v2-groups.xml"));
    t.keys("/ \"(objectC\"").sees("1 of 3").keys("Esc / \"nothing of the kind\"").sees("nothing matches");
    t.keys("Enter").sees("Nothing matches \"nothing of the kind\".");
}

#[test]
fn a_virtual_machines_account_is_found_by_its_guid_and_says_it() {
    let (guid, sid) =
        ("D9E0EB0A-5B37-508E-9173-67E9ADE83ACF", "S-1-5-83-1-3655396106-1351506743-3915871121-3476744365");
    let mut t = working();
    t.resize(120, 40).keys("/ \"builtin\\adm\" Enter a").paste(sid).keys("Ctrl+S");
    let words = [
        guid.to_owned(),
        format!("{{{}}}", guid.to_lowercase()),
        format!("NT VIRTUAL MACHINE\\{guid}"),
        sid.to_owned(),
    ];
    for word in words {
        t.keys("Esc Esc Home /")
            .paste(&word)
            .sees("1 match")
            .selected("Hyper-V services/assignments/Administrator");
        // The account's name is the GUID, in full; its SID gives way.
        t.keys("Enter").sees(&format!("NT VIRTUAL MACHINE\\{guid} S-1-5-8"));
    }
}

#[test]
fn what_is_found_stands_out_without_colours_too() {
    let mut t = working();
    t.resize(120, 40).keys("/ \"virtual\" Enter");
    let (buffer, _) = t.draw();
    let underlined = |text: &str| {
        let area = buffer.area;
        (area.top()..area.bottom()).any(|y| {
            let cells: Vec<_> = (area.left()..area.right()).map(|x| &buffer[(x, y)]).collect();
            cells.windows(text.len()).any(|part| {
                part.iter().map(|cell| cell.symbol()).collect::<String>() == text
                    && part.iter().all(|cell| cell.modifier.contains(ratatui::style::Modifier::UNDERLINED))
            })
        })
    };
    assert!(underlined("Virtual"));
    assert!(!underlined("Machine"));
}

#[test]
fn a_filter_narrows_the_tree_to_matches_and_what_leads_to_them() {
    let mut t = working();
    let all = rows(&t);
    t.keys("& \"joe\"").sees("Filter: joe, 1 of").sees("Joes VM Scope").sees_not("Johns");
    t.keys("Enter").sees("& edits, Esc clears").sees_not("Role Definitions");
    assert_eq!(rows(&t), 3, "the store, the application, the scope");
    // What stands in a match can be unfolded.
    t.keys("End Right Down Down Down Right Down")
        .selected("Hyper-V services/scopes/Joes VM Scope/assignments/Administrator");
    t.keys("Esc").sees_not("Filter:").sees("Johns VM Scope");
    assert!(rows(&t) >= all, "the selection is shown, so its folders are open");
    t.selected("Hyper-V services/scopes/Joes VM Scope/assignments/Administrator");
}

#[test]
fn esc_in_the_filter_line_brings_back_what_was() {
    let mut t = working();
    t.keys("& \"joe\" Enter & \"xyz\"")
        .sees("Filter: xyz, nothing matches")
        .keys("Esc")
        .sees("Filter: joe, 1 of");
    t.keys("Esc & \"joe\" Esc")
        .sees_not("Filter:")
        .sees("Johns VM Scope")
        .selected("Hyper-V services/scopes/Joes VM Scope");
}

#[test]
fn what_is_changed_or_has_problems_is_a_filter_too() {
    let mut t = working();
    t.keys("s s ~").sees("Nothing has changed since the last save.");
    t.keys("/ \"johns\" Enter d \"For John\" Enter ~").sees("Filter: changed (~), 1 of").sees_not("Joes");
    t.keys("!")
        .sees("changed (~), with problems (!), nothing matches")
        .keys("~")
        .sees("Viewers")
        .sees_not("Definitions");
    t.keys("& \"viewers\" Enter").sees("Filter: viewers, with problems (!), 1 of");
    // What has come to match comes in; what has ceased to stays.
    t.keys("Esc !").sees("Filter: with problems (!), 2 of");
    t.keys("/ \"Joes\" Enter c a \"Empty\" Enter").sees("Empty").sees("Filter: with problems (!), 3 of");
    t.keys("Esc Esc").sees_not("Filter:");
}

#[test]
fn changing_and_undoing_in_a_narrowed_tree() {
    let mut t = working();
    t.keys("s s & \"scope\" Enter / \"joes\" Enter c r \"Helper\" Enter").sees("Helper");
    let row = "            Helper";
    t.keys("u").sees_not(row).keys("Ctrl+R").sees(row).keys("Del y").sees_not(row).keys("u u");
    t.keys("Esc Esc").sees_not("Filter:");
    assert_eq!(t.bytes(), t.files[crate::driver::PATH]);
}

#[test]
fn the_jump_list_finds_by_letters_and_ranks() {
    let mut t = working();
    t.keys("G").sees("Go to").keys("\"jvs\"").sees("Joes VM Scope").sees("Johns VM Scope");
    t.keys("\"e\" Backspace Enter").selected("Hyper-V services/scopes/Joes VM Scope");
    t.keys("G \"adm joes\" Enter")
        .selected("Hyper-V services/scopes/Joes VM Scope/assignments/Administrator");
    t.keys("Ctrl+G \"qqq\"").sees("Nothing is called that.").keys("Enter Esc");
    t.selected("Hyper-V services/scopes/Joes VM Scope/assignments/Administrator");
}

#[test]
fn where_used_lists_places_from_tree_details_and_before_a_deletion() {
    let mut t = working();
    t.keys("/ \"administrator\" Enter w").sees("Where role definition \"Administrator\" is used");
    t.sees("Joes VM Scope")
        .keys("\"joes\" Enter")
        .selected("Hyper-V services/scopes/Joes VM Scope/assignments/Administrator");
    // The line of the link is selected; from there the account's line is the next.
    t.keys("Down w").sees(&format!("Where {JOE} is listed")).sees("Joes VM Scope").keys("Esc");
    t.keys("Esc G \"adm role definition\" Enter Del")
        .sees("Where used w")
        .keys("w")
        .sees("Where role definition");
    t.keys("Down Enter").selected("Hyper-V services/scopes/Joes VM Scope/assignments/Administrator");
    t.keys("Esc Home w").sees("Nothing refers to a store");
    // Whoever deletes a scope because nothing uses it would send its virtual machines to the default scope.
    t.keys("G \"joes vm\" Enter w")
        .sees("in the store refers to a scope: programs ask for it")
        .sees_not("not used");
    let mut t = Driver::sample();
    t.keys("/ \"builtin\\adm\" Enter Enter w").sees("Where BUILTIN\\Administrators is listed").sees("1 ");
}

#[test]
fn back_and_forward_as_in_a_browser() {
    let mut t = working();
    t.keys("/ \"switch\" Enter G \"johns\" Enter");
    t.selected("Hyper-V services/scopes/Johns VM Scope");
    t.keys(",").selected("Hyper-V services/operations/Create Virtual Switch").keys(",").selected("/");
    t.keys(",")
        .sees("Nowhere to go back to")
        .keys(". Alt+Right")
        .selected("Hyper-V services/scopes/Johns VM Scope");
    t.keys(".").sees("Nothing to go forward to.");
    // What was deleted is passed over.
    t.keys("G \"switch port\" Enter G \"johns\" Enter Home Down / \"joes\" Enter");
    t.keys("G \"johns\" Enter Del y G \"joes\" Enter ,").selected("Hyper-V services").keys(", , ,");
    t.selected("Hyper-V services/operations/View Switch Ports");
    t.keys(",").selected("Hyper-V services/operations/Create Virtual Switch");
}

#[test]
fn the_palette_runs_actions_and_remembers_the_last() {
    let mut t = working();
    t.keys(": \"messages\" Enter")
        .sees("Messages, the newest first")
        .keys("Esc :")
        .sees("M               Messages");
    let screen = t.screen();
    let line = |text: &str| screen.iter().position(|line| line.contains(text)).unwrap();
    assert!(line("Messages") < line("One line up."));
    t.keys("Esc Ctrl+P \"add members\"").sees("Select a role assignment or a group").keys("Esc");
}

#[test]
fn a_change_is_typed_completed_and_applied_as_one_step() {
    let mut t = working();
    t.keys("/ \"joes\" Enter : \"create ro\"").sees("role definition").keys("Tab");
    t.keys("\"Helper --op\" Tab \"Start\"").sees("Start Virtual Machine").keys("Tab");
    t.sees("Taken for granted here: --in 'Joes VM Scope'").keys("Enter");
    t.selected("Hyper-V services/scopes/Joes VM Scope/roles/Helper").sees("Created role Helper");
    t.keys("u").sees("Undone: create role Helper").keys(": Up").sees("create role Helper --operation");
    t.keys("Esc");
    assert_eq!(t.app.doc().unwrap().unsaved_steps(), 5);
}

#[test]
fn what_is_wrong_with_a_typed_line_is_shown_where_it_is() {
    let mut t = working();
    t.keys(": \"rename role Nobody X\"").sees("There is no role definition \"Nobody\"");
    let screen = t.screen();
    let typed = screen.iter().position(|line| line.contains("rename role Nobody")).unwrap();
    assert_eq!(screen[typed].find("Nobody"), screen[typed + 1].find('^'));
    t.keys("Ctrl+U \"create operation Dance --id x\"").sees("`x` is no operation number");
    t.keys("Enter")
        .sees("`x` is no operation number")
        .keys("Backspace \"1\"")
        .sees_not("no operation number");
    t.keys("Enter").sees("Creating an operation needs developer mode (D).").keys("Esc Esc D : Up");
    t.keys("Ctrl+U \"create operation Dance --id 1\" Enter").sees("Created operation Dance");
    t.keys(": \"create operation Dance --id 2\" Enter").sees("already").keys("Esc");
    t.keys(": \"add assignment Administrator --member nobody\" Enter").sees("nobody").keys("Esc");
    assert_eq!(t.app.doc().unwrap().unsaved_steps(), 6);
}

#[test]
fn the_selected_place_is_taken_for_granted_unless_the_line_says() {
    let mut t = working();
    t.keys("/ \"joes\" Enter : \"delete assignment Administrator\"")
        .sees("--in 'Joes VM Scope'")
        .keys("Enter");
    t.selected("Hyper-V services/scopes/Joes VM Scope").keys("u");
    // What the scope has not is the application's.
    t.keys("/ \"johns\" Enter : \"set assignment Administrator description D\" Enter");
    t.selected("Hyper-V services/assignments/Administrator").keys("u");
    t.keys("/ \"joes\" Enter : \"delete assignment Administrator --app 'Hyper-V services'\"")
        .sees_not("granted");
    t.keys("Enter").selected("Hyper-V services").keys("u u u u u u u");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn the_menu_lists_what_can_be_done_and_says_why_not() {
    let mut t = working();
    t.keys("/ \"viewers\" Enter m").sees("Viewers").sees("Add members").sees("Rename").sees_not("New");
    t.keys("Esc");
    t.keys("Home m").sees("New group").keys("0").sees_not("New group");
    // Properties stands first: its digit runs it.
    t.keys("/ \"viewers\" Enter Shift+F10 1");
    assert_eq!(t.app.focus, azedit::app::layout::Pane::Details);
    t.keys("Esc m a").sees("Add members to role assignment").keys("Esc");
    // What cannot act says why, and nothing happens.
    t.app.read_only = true;
    t.keys("m Down").sees("Read-only").keys("Enter").sees("Read-only").keys("Esc");
}

#[test]
fn a_folded_row_shows_the_worst_of_what_is_in_it() {
    let mut t = working();
    t.keys("s s / \"joes\" Enter c a \"Empty\" Enter G \"hyper-v services\" Enter Left");
    t.sees("~!  ► Hyper-V services");
    t.keys("u").sees("Undone").keys("Home Down Down Left").sees(" !  ► Hyper-V services");
}

#[test]
fn the_next_problem_is_the_one_behind_the_selection() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"A\" Enter c a \"One\" Enter");
    t.keys("Home Down Down c s \"B\" Enter c a \"Two\" Enter");
    t.keys("Home ]").selected("Hyper-V services/scopes/A/assignments/One");
    t.keys("G \"two\" Enter [").selected("Hyper-V services/scopes/A/assignments/One");
    t.keys("G \"b scope\" Enter ]").selected("Hyper-V services/scopes/B/assignments/Two");
    t.keys("] ]").selected("Hyper-V services/scopes/A/assignments/One");
}

#[test]
fn a_long_message_keeps_its_end() {
    let mut t = Driver::sample();
    t.app.tell(format!("Saved. {} The end says what to do.", "Earlier version ".repeat(6)));
    t.sees("The end says what to do.");
    t.app.tell(format!("Saved. {} The end says what to do.", "Earlier version ".repeat(30)));
    t.sees("M shows it all").keys("M").sees("The end says what to do.");
}

/// The scan goes on in slices when no input waits, and a key between two of them is taken at once.
#[test]
fn a_large_store_is_searched_in_slices() {
    use std::fmt::Write as _;
    let mut xml = String::from("<AzAdminManager MajorVersion=\"2\" MinorVersion=\"0\">");
    for number in 0..50_000 {
        let _ = write!(
            xml,
            "<AzApplicationGroup Guid=\"00000000-0000-4000-8000-{number:012}\" Name=\"Group {number}\" GroupType=\"Basic\"><Member>S-1-5-21-1-2-3-{number}</Member></AzApplicationGroup>"
        );
    }
    xml.push_str("</AzAdminManager>");
    let mut t = Driver::start();
    let file = azedit::app::OpenedFile {
        path: None,
        content: xml.into_bytes().into(),
        read_only: None,
        recovery: None,
    };
    update(&mut t.app, Input::Host(HostEvent::Opened(file)));
    let type_in = |t: &mut Driver, text: &str| -> Vec<Effect> {
        let inputs = input::keys(text).unwrap();
        inputs.into_iter().flat_map(|input| update(&mut t.app, input)).collect()
    };
    assert_eq!(type_in(&mut t, "/ \"3-49999\""), [Effect::GoOn], "asked for once, whatever is typed");
    t.sees("0 so far");
    let mut slices = 0;
    while update(&mut t.app, Input::Host(HostEvent::GoOn)) == [Effect::GoOn] {
        slices += 1;
    }
    assert!(slices > 2, "{slices}");
    t.sees("1 match").selected("groups/Group 49999");
    // The filter grows the same way.
    assert_eq!(type_in(&mut t, "Esc & \"group\" Enter"), [Effect::GoOn]);
    t.sees("so far");
    while !update(&mut t.app, Input::Host(HostEvent::GoOn)).is_empty() {}
    t.sees("50000 of 50000");
}
