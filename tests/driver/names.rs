//! Names of accounts in sentences: findings, saving, comparing; until a name comes the SID stands alone. Names in lines
//! that are typed in the palette, and in what is pasted.

use azedit::accounts::Question;
use azedit::ui::glyphs::Tier;

use crate::accounts::{JOE, contoso};
use crate::cluster::node;
use crate::driver::Driver;

/// `CONTOSO\joe (S-1-5-…)`.
fn named() -> String {
    format!("CONTOSO\\joe ({JOE})")
}

/// A Windows machine's editor with Joe in a scope, where he has rights but cannot connect.
fn in_a_scope() -> Driver {
    let mut t = Driver::sample();
    t.app.naming.can_ask = true;
    t.resize(200, 40);
    t.keys(": \"create scope Lab\" Enter");
    t.keys(&format!(": \"create assignment A --in Lab --role Administrator --member {JOE}\" Enter"));
    t
}

#[test]
fn a_finding_names_the_account_when_its_name_comes() {
    let mut t = in_a_scope();
    t.keys("p Home").sees(&format!("HV-101  {JOE} has rights")).sees(&format!("would let {JOE} connect"));
    assert_eq!(t.asked.len(), 1, "what a finding says of an account is seen too");
    t.answer(contoso)
        .sees("HV-101  CONTOSO\\joe has rights")
        .sees("would let CONTOSO\\joe connect")
        .sees(&named());
    // What rules say of it, the status line, what is copied.
    t.keys("y");
    assert!(t.copied[0].contains(&named()), "{:?}", t.copied);
    t.keys("Esc n").sees(&format!("HV-101  {} has", named()));
    t.keys("Esc p Enter End").sees("Problems here").keys("Enter").sees(&named());
}

#[test]
fn the_details_break_a_message_anew_for_its_names_and_the_cursor_stays() {
    let mut t = in_a_scope();
    t.resize(80, 40);
    t.keys("Tab End");
    let before = t.app.doc().unwrap().sheet.entry().cloned();
    let lines = t.app.doc().unwrap().sheet.entries.len();
    t.screen();
    t.answer(contoso).sees("CONTOSO\\joe");
    let sheet = &t.app.doc().unwrap().sheet;
    assert_eq!(sheet.entry().cloned(), before);
    assert!(sheet.messages.iter().any(|message| message.starts_with(&named())), "{:?}", sheet.messages);
    assert!(sheet.entries.len() >= lines);
}

#[test]
fn the_save_dialog_names_accounts_in_what_it_lists_and_in_what_is_wrong() {
    let mut t = in_a_scope();
    t.keys("s").sees(&format!("member           {JOE}")).sees(&format!("A: {JOE} has rights"));
    t.answer(contoso).sees(&format!("member           {}", named()));
    t.keys("Esc s").sees(&format!("A: {} has rights", named())).sees(&format!("{} gains", named()));
    // A line of the file is shown as it is.
    t.sees(&format!("<Member>{JOE}</Member>"));
}

#[test]
fn an_exported_list_of_problems_names_accounts() {
    let mut t = in_a_scope();
    t.keys("p Home");
    t.screen();
    t.answer(contoso).keys("E").sees("(x) Problems").keys("Tab Tab Right Enter").sees("Copied the list");
    assert!(t.copied[0].contains(&named()), "{:?}", t.copied);
}

#[test]
fn stores_side_by_side_name_their_members() {
    let mut t = in_a_scope();
    let lines = ["create scope Lab", "create assignment A --in Lab --role Administrator"];
    t.files.insert("/b.xml".to_owned(), node(2, &lines));
    t.keys("C").paste("/b.xml").keys("Enter");
    t.sees(&format!("member {JOE}")).answer(contoso).sees(&format!("member {}", named()));
    t.keys("y");
    assert!(t.copied[0].contains(&named()), "{:?}", t.copied);
}

#[test]
fn what_a_recipe_gives_is_said_with_names() {
    let mut t = in_a_scope();
    t.keys("p Home");
    t.screen();
    t.answer(contoso).keys("f").sees("Preview: ").sees(&format!("{} gains", named()));
    // The change language keeps SIDs.
    t.sees(&format!("  {JOE} "));
}

/// An editor on the sample's one role assignment.
fn on_assignment(can_ask: bool) -> Driver {
    let mut t = Driver::sample();
    t.app.naming.can_ask = can_ask;
    t.resize(120, 30);
    t.keys("G \"administrator assignment\" Enter");
    t
}

fn holds_joe(t: &Driver) -> bool {
    String::from_utf8(t.bytes()).unwrap().contains(JOE)
}

const ADD: &str = "add assignment Administrator --member";

#[test]
fn a_typed_line_takes_names_and_asks_without_waiting() {
    for typed in ["CONTOSO\\joe", "joe@contoso.com", ".\\joe"] {
        let mut t = on_assignment(true);
        let before = t.bytes();
        t.keys(&format!(": \"{ADD} {typed}\"")).sees(&format!("Enter asks who this is: {typed}."));
        assert_eq!(t.asked, [], "nobody is asked while one types");
        t.keys("Enter").sees("Asking who this is");
        assert_eq!(t.asked, [Question::Name(typed.to_owned())]);
        t.answer(contoso).sees("CONTOSO\\joe").sees(JOE).sees("user");
        assert_eq!(t.bytes(), before, "nothing is added before it was seen");
        t.keys("Esc").sees("Command").keys("Enter").sees_not("Command");
        assert!(holds_joe(&t), "known by now, it is not asked about again");
        t.keys("u");
        assert_eq!(t.bytes(), before, "one step");
        t.keys(": Up").sees(&format!("{ADD} {typed}"));
    }
}

#[test]
fn y_carries_out_the_line_when_it_was_seen_who_it_is() {
    let mut t = on_assignment(true);
    t.keys(&format!(": \"{ADD} CONTOSO\\joe\" Enter")).answer(contoso).keys("y").sees_not("Command");
    assert!(holds_joe(&t));
}

#[test]
fn a_name_in_a_line_that_is_nobody_says_why_and_the_line_stays() {
    for (typed, why) in [
        ("CONTOSO\\nobody", "nobody of this name is known here"),
        ("SLOW\\joe", "did not answer in time"),
        ("CONTOSO", "a domain or a computer"),
    ] {
        let mut t = on_assignment(true);
        let before = t.bytes();
        t.keys(&format!(": \"{ADD} {typed}\" Enter")).answer(contoso).sees(why).sees(ADD);
        assert_eq!(t.bytes(), before);
    }
    let mut t = on_assignment(false);
    t.keys(&format!(": \"{ADD} CONTOSO\\joe\"")).sees("CONTOSO\\joe is no SID and no name");
    t.keys("Enter").sees("Nobody can be asked on this machine").sees("load a map of names (I)");
    t.keys("Esc").keys(&format!(": \"{ADD} S-1-0-0\" Enter")).sees("can never be a member");
}

#[test]
fn whoever_goes_on_while_a_line_is_asked_about_is_not_called_back() {
    let mut t = on_assignment(true);
    t.keys(&format!(": \"{ADD} CONTOSO\\joe\" Enter \" \"")).sees_not("Asking who").answer(contoso);
    t.sees(ADD).sees_not("Carry out y").keys("Esc");
    t.keys(&format!(": \"{ADD} .\\joe\" Enter Esc")).answer(contoso).sees_not("Carry out y");
    assert!(!holds_joe(&t));
}

#[test]
fn a_recipe_in_the_palette_takes_names_too() {
    let mut t = on_assignment(true);
    t.keys(": \"recipe observer --account CONTOSO\\joe\"").sees("Enter asks who this is: CONTOSO\\joe.");
    t.keys("Enter").answer(contoso).sees("user").keys("y").sees("Preview: ").sees(&named()).keys("y");
    assert!(holds_joe(&t));
}

#[test]
fn tab_completes_names_that_are_known() {
    let mut t = on_assignment(false);
    t.files.insert("/names.tsv".to_owned(), format!("{JOE}\tCONTOSO\\joe\tuser\n").into_bytes());
    t.keys("I l").paste("/names.tsv").keys("Enter");
    t.keys(&format!(": \"{ADD} cont\"")).sees(&format!("user {JOE}")).keys("Tab Enter");
    assert!(holds_joe(&t));
}

#[test]
fn pasted_accounts_are_asked_about_and_shown_before_they_are_added() {
    let mut t = on_assignment(true);
    let before = t.bytes();
    t.paste(
        "Members\n-------\nCONTOSO\\joe; joe@contoso.com\nCONTOSO\\nobody\nBUILTIN\\Hyper-V Administrators\n",
    );
    t.sees("Asking who this is").sees("joe@contoso.com").sees("CONTOSO\\nobody").sees_not("-------");
    assert_eq!(t.asked.len(), 3, "headings are no names: {:?}", t.asked);
    t.answer(contoso).sees("Add 2 members to").sees(JOE).sees("BUILTIN\\Hyper-V Administrators");
    t.sees("! line 4: CONTOSO\\nobody: nobody of this name is known here")
        .sees("! line 1: Members is no SID");
    assert_eq!(t.bytes(), before, "nothing is added before it was seen");
    t.keys("a");
    assert!(holds_joe(&t) && String::from_utf8(t.bytes()).unwrap().contains("S-1-5-32-578"));
}

#[test]
fn what_was_pasted_can_be_left_while_it_is_asked_about() {
    let mut t = on_assignment(true);
    t.paste("CONTOSO\\joe\n").sees("Asking who this is").keys("Esc").sees_not("Asking who");
    t.answer(contoso).sees_not("Add 1 member to");
    // Known by now.
    t.paste("contoso\\JOE\n").sees("Add 1 member to").keys("Esc");
    assert_eq!(t.asked, []);
    // What is pasted is what the editor shows.
    t.paste(&format!("{}\n", named())).sees("Add 1 member to").keys("a");
    assert!(holds_joe(&t));
}

#[test]
fn pasted_lines_take_names() {
    let mut t = on_assignment(true);
    let text = "create scope Lab\ncreate assignment A --in Lab --role Administrator --member CONTOSO\\joe\n";
    t.paste(text).sees("Asking who this is").answer(contoso).sees("Paste").keys("Enter");
    assert!(holds_joe(&t));
    t.paste(&text.replace("joe", "nobody").replace("Lab", "Other")).answer(contoso);
    t.sees("Line 2: CONTOSO\\nobody: nobody of this name is known here");
    let mut t = on_assignment(false);
    t.paste(text)
        .sees("Line 2: CONTOSO\\joe is no SID and no name that is known here")
        .sees("Nobody can be asked");
    t.paste("CONTOSO\\joe\nEveryone").sees("Add 1 member").sees("load a map of names (I)").keys("Esc");
    assert!(!holds_joe(&t));
}

const VM: &str = "E57917F3-31C3-456E-B1BA-5E45B4CC7E0C";
const ITS_SID: &str = "S-1-5-83-1-3849918451-1164849603-1163836081-209636532";

/// On the sample's one role assignment, beside a host with two virtual machines that was asked for them.
fn beside_a_host() -> Driver {
    let mut t = on_assignment(false);
    t.app.asks_hosts = true;
    t.host.has(VM, "Johns VM", 2, "").has("D9E0EB0A-5B37-508E-9173-67E9ADE83ACF", "Joes VM", 3, "");
    t.keys("K h").sees("2 virtual machines.").keys("G \"administrator assignment\" Enter");
    t
}

#[test]
fn accounts_of_virtual_machines_are_chosen_by_the_machines_names() {
    let mut t = beside_a_host();
    t.keys("a F4").sees("Virtual machines").sees("Joes VM");
    t.keys("\"johns\" Ins Esc Enter").sees("NT VIRTUAL MACHINE\\Johns VM").keys("Ctrl+S");
    assert!(String::from_utf8(t.bytes()).unwrap().contains(ITS_SID));
    // A member, it goes by the machine's name too, and is listed once.
    t.sees("Johns VM").sees("NT VIRTUAL MACHINE\\E579").keys("a F4 \"johns\"").sees("Virtual machines");
    assert_eq!(t.text().matches("Johns VM  ").count(), 1, "{}", t.text());
    // Found by its GUID as well.
    t.keys("Esc").paste("E57917F3").sees("Johns VM").sees_not("Joes VM").keys("Esc Esc Esc");
    t.keys("? \"who is unticked\" Enter").sees("Members of").sees("Johns VM");
}

/// The same at this size, with the account of John's machine as a member.
fn with_a_machine_as_member(width: u16, height: u16) -> Driver {
    let mut t = beside_a_host();
    t.resize(width, height);
    t.keys(&format!("a \"{VM}\" Ctrl+S")).sees("Johns VM");
    t
}

#[test]
fn the_account_of_a_machine_goes_by_the_machines_name_wherever_it_is_shown() {
    let mut t = with_a_machine_as_member(180, 40);
    let named = format!("NT VIRTUAL MACHINE\\Johns VM ({ITS_SID})");
    // The save dialog: what changes and who gains.
    t.keys("s")
        .sees("+ member           NT VIRTUAL MACHINE\\Johns VM  of Administrator")
        .sees(&named)
        .keys("Esc");
    // Access: the members, what each may, and who may one thing.
    let is_alone = |t: &mut Driver| _ = t.sees(&named).sees_not("E57917F3");
    is_alone(t.keys("W Down").sees("how many operations each may do"));
    is_alone(t.keys("w \"johns\"").sees("Choose"));
    is_alone(t.keys("Enter Enter").sees("34 of 34 operations"));
    is_alone(t.keys("2").sees("members may").keys("Down"));
    t.keys("Esc");
    // Who loses by a deletion.
    t.keys("Del").sees("NT VIRTUAL MACHINE\\Johns VM").sees("loses").keys("Esc");
    // It is found, and found again by what it is called.
    t.keys("/ \"johns\" Enter").sees("Johns VM");
    t.keys(": \"remove assignment Administrator --member 'NT VIRTUAL MACHINE\\Johns VM'\" Enter");
    assert!(!String::from_utf8(t.bytes()).unwrap().contains(ITS_SID));
}

#[test]
fn the_account_of_a_machine_takes_the_machines_new_name() {
    let mut t = with_a_machine_as_member(180, 40);
    t.host.machines.iter_mut().for_each(|machine| machine.name = machine.name.replace("Johns", "Jims"));
    t.keys("s").sees("NT VIRTUAL MACHINE\\Johns VM").keys("Esc K h").sees("Jims VM");
    t.keys("s").sees("NT VIRTUAL MACHINE\\Jims VM").sees_not("Johns VM").keys("Esc");
    // Two of one name: only the GUID tells which.
    t.host.machines.iter_mut().for_each(|machine| machine.name = "VM".to_owned());
    t.keys("K h s").sees(&format!("NT VIRTUAL MACHINE\\{VM}"));
}

#[test]
fn without_a_host_no_virtual_machine_is_offered() {
    let mut t = on_assignment(false);
    t.keys("a F4").sees("Choose accounts").sees_not("Virtual machines");
}

#[test]
fn how_it_looks() {
    for (width, height, tier, theme) in [(80, 24, Tier::Ascii, "mono"), (120, 40, Tier::Unicode, "dark")] {
        let mut t = on_assignment(true);
        (t.tier, t.theme) = (tier, theme);
        t.resize(width, height).keys(&format!(": \"{ADD} CONTOSO\\joe\" Enter"));
        insta::assert_snapshot!(format!("typed_line_{width}x{height}"), t.picture());
        t.keys("Esc").paste("CONTOSO\\joe\nSLOW\\joe\nEveryone\n");
        insta::assert_snapshot!(format!("pasted_names_{width}x{height}"), t.picture());
        let mut t = in_a_scope();
        (t.tier, t.theme) = (tier, theme);
        t.resize(width, height).keys("p");
        t.screen();
        t.answer(contoso);
        insta::assert_snapshot!(format!("named_problem_{width}x{height}"), t.picture());
        let mut t = beside_a_host();
        (t.tier, t.theme) = (tier, theme);
        t.resize(width, height).keys("a F4");
        insta::assert_snapshot!(format!("choose_machines_{width}x{height}"), t.picture());
    }
}
