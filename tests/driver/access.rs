//! Who may do what, asked in the editor.

use std::fmt::Write as _;

use azedit::app::input::{Button, MouseKind};
use azedit::app::{HostEvent, Input};
use azedit::ui::glyphs::Tier;

use crate::driver::{Driver, SAMPLE};
use crate::flows::two_users;
use crate::mouse::at;

const JOHN: &str = "S-1-5-21-1004336348-1177238915-682003330-1001";
const JOE: &str = "S-1-5-21-1004336348-1177238915-682003330-1002";

/// The store of the two users, with nothing selected but the store.
fn two(width: u16, height: u16) -> Driver {
    let mut t = Driver::sample();
    t.resize(width, height);
    two_users(&mut t);
    t.keys("Home");
    t
}

#[test]
fn the_matrix_of_members_leads_to_an_account_and_to_the_link_that_grants() {
    let mut t = two(120, 40);
    t.keys("W").sees("Access  Hyper-V services").sees("everywhere").sees("BUILTIN\\Administrators");
    // John has all in his own scope, and in Joe's what he has everywhere.
    t.sees("with 13 changes that are not saved");
    t.keys("w").paste(JOHN).keys("Enter").sees("2 of 34 operations everywhere");
    t.sees("34 of 34 operations in Johns VM Scope").keys("Tab").sees("In          Johns VM Scope");
    t.keys("Tab").sees("In          the application's own level").keys("Tab");
    t.keys("Enter").sees(JOHN).sees("In          Johns VM Scope").sees("34 of 34 operations");
    t.keys("s \"joe\" Enter").sees("2 of 34 operations").sees("Read Service Configuration");
    t.sees("member of").sees("Service Access of Hyper-V services");
    // Enter goes to where he is listed, and W back to where one was.
    t.keys("Enter").selected("Hyper-V services/assignments/Service Access").sees(JOHN);
    t.keys("W").sees("2 of 34 operations").keys("Esc").sees_not("Access  Hyper-V");
}

#[test]
fn what_is_missing_is_offered_with_all_that_it_would_change_besides() {
    let mut t = two(120, 40);
    let before = t.bytes();
    t.keys("W w").paste(JOHN).keys("Enter Enter").keys("s \"joe\" Enter");
    t.keys("2").keys("o \"start virtual\" Enter").sees("Start Virtual Machine").sees("2 members may:");
    t.keys("1 w").paste(JOHN).keys("Enter").sees("In          Joes VM Scope");
    for _ in 0..40 {
        if t.text().contains("Start Virtual Machine (315): no") {
            break;
        }
        t.keys("Down");
    }
    t.sees("Start Virtual Machine (315): no").sees("Nothing in the store grants it.");
    t.keys("Enter").sees("may Start Virtual Machine (315) in Joes VM Scope");
    t.sees("add role 'Service Access' --operation 'Start Virtual Machine'").sees("31 operations more");
    assert_eq!(t.bytes(), before, "looking changes nothing");
    // The key that asked does not confirm.
    t.keys("Enter").sees("[ Apply a ]").keys("End").sees("Nothing else changes.");
    t.keys("a")
        .sees("Granted Start Virtual Machine (315) to")
        .sees("Start Virtual Machine (315): yes")
        .sees("Start Virtual Machine only in Joes VM Scope");
    let changed = t.bytes();
    assert_ne!(changed, before);
    t.keys("u").sees("Start Virtual Machine (315): no");
    assert_eq!(t.bytes(), before, "it was one step");
    t.keys("Esc Ctrl+R");
    assert_eq!(t.bytes(), changed);
}

#[test]
fn a_way_can_be_followed_and_cut() {
    let mut t = two(120, 40);
    t.sees("13 changes")
        .keys("W w")
        .paste(JOE)
        .keys("Enter Enter")
        .keys("s \"joe\" Enter")
        .sees("34 of 34 operations");
    t.keys("Down Down Down x").sees("may not").sees("remove assignment Administrator --in 'Joes");
    t.keys("Esc").sees("34 of 34 operations");
    t.keys("Tab Down Enter").sees_not("Access  Hyper-V");
    t.selected("Hyper-V services/scopes/Joes VM Scope/assignments/Administrator");
}

#[test]
fn what_whoami_prints_is_an_account_with_its_groups() {
    let mut t = two(120, 40);
    t.keys("W w").paste(&format!(
        "USER INFORMATION\n\nUser Name SID\n===== =====\ncontoso\\jim {JOHN}9\n\nGROUP INFORMATION\n\n\
         BUILTIN\\Administrators Alias S-1-5-32-544 Group used for deny only\n\
         NT AUTHORITY\\NETWORK Well-known group S-1-5-2 Mandatory group\n"
    ));
    t.sees("in 1 group, 1 that only deny left out").keys("Enter").sees("0 of 34 operations");
    t.keys("w").paste(&format!("{JOHN}9\nS-1-5-32-544")).keys("Enter").sees("34 of 34 operations");
    t.sees("as BUILTIN\\Administrators (S-1-5-32-544)").sees("in 1 group");
    t.keys("e").sees("Everyone not implied");
    // Groups alone are nobody who could be given anything.
    let mut t = two(120, 40);
    t.keys("W w").paste("A S-1-5-2 Mandatory group\nB S-1-5-4 Mandatory group\n").keys("Enter g");
    t.sees("These are groups alone");
}

#[test]
fn the_matrix_of_definitions_leads_to_links_and_makes_them() {
    let mut t = two(120, 40);
    t.keys("/ \"Service Access\" Enter").selected("Hyper-V services/roles/Service Access");
    t.keys("W").sees("Service Access, Read Service Configuration (100): yes").sees("has");
    t.keys("End Right Right").sees(": no").keys("Enter").sees("Service Access reaches");
    t.sees("add role 'Service Access' --operation").sees("gains");
    t.keys("a").sees(": yes").keys("x").sees("does not reach").keys("Esc Esc");
    t.sees("14 changes");
}

#[test]
fn what_cannot_be_asked_says_why() {
    let mut t = Driver::with(b"<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"/>");
    t.keys("W").sees("The store has no application: nobody may do anything.");
    let mut t = Driver::sample();
    t.app.read_only = true;
    t.keys("W Enter").sees("34 of 34").keys("x").sees("Read-only");
    t.keys("3 s").sees("A definition reaches the same operations in every scope.");
    t.keys("n").sees("The store has one application.");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn the_view_as_pictures() {
    let mut t = two(120, 40);
    t.theme = "dark";
    t.keys("W Down Right");
    insta::assert_snapshot!("access_members_120x40", t.picture());
    t.keys("Enter Down Down");
    insta::assert_snapshot!("access_account_120x40", t.picture());
    t.keys("Enter");
    insta::assert_snapshot!("access_offers_120x40", t.picture());
    t.keys("Esc 3");
    insta::assert_snapshot!("access_roles_120x40", t.picture());
    t.keys("2");
    insta::assert_snapshot!("access_operation_120x40", t.picture());

    let mut t = two(80, 24);
    t.tier = Tier::Ascii;
    t.keys("W Down Right");
    insta::assert_snapshot!("access_members_80x24", t.picture());
    t.keys("w \"100\"");
    insta::assert_snapshot!("access_chooser_80x24", t.picture());
    t.keys("Esc Esc Enter");
    insta::assert_snapshot!("access_account_80x24", t.picture());
    t.keys("End Enter");
    insta::assert_snapshot!("access_offers_80x24", t.picture());
}

/// The store of the two users among so many scopes that it is read beside the work; each with a member of its own.
fn many(scopes: usize) -> Driver {
    let mut small = Driver::sample();
    two_users(&mut small);
    let text = String::from_utf8(small.bytes()).unwrap();
    let mut more = String::new();
    for number in 0..scopes {
        let _ = write!(
            more,
            "<AzScope Guid=\"{number:08x}-0000-4000-8000-000000000001\" Name=\"Scope {number}\"><AzRole \
             Guid=\"{number:08x}-0000-4000-8000-000000000002\" Name=\"Members\"><Member>S-1-5-21-9-9-9-{}</Member>\
             </AzRole></AzScope>",
            1000 + number
        );
    }
    let mut t = Driver::start();
    t.resize(120, 40);
    t.is_slow = true;
    t.files.insert(
        crate::driver::PATH.to_owned(),
        text.replace("</AzApplication>", &(more + "</AzApplication>")).into(),
    );
    t.keys("o").paste(crate::driver::PATH).keys("Enter").finish_opening();
    t
}

#[test]
fn a_large_store_is_read_beside_the_work_and_what_is_known_is_shown_at_once() {
    let mut t = many(12_000);
    t.keys("W").sees("Reading who is listed where").sees("everywhere");
    // One account in one place is known at once, whoever else there is.
    t.keys("w").sees("Reading who is listed").paste(JOHN).sees("not listed in the store");
    t.keys("Enter").sees("2 of 34 operations").sees("Service Access of Hyper-V services");
    t.keys("3").sees("Reading who is listed where").keys("4");
    t.finish().sees("Members").sees("12003: how many").sees_not("Reading").keys("w").paste("-9-12999");
    t.sees("S-1-5-21-9-9-9-12999").keys("Enter").sees("S-1-5-21-9-9-9-12999").keys("Tab");
    t.keys("w \"0\"").sees("the first 200; type more of it").keys("Esc Esc");
    // What is looked for while no key waits leaves alone what was opened since.
    t.keys("Enter End g")
        .sees("[ Apply a ]")
        .input(Input::Host(HostEvent::GoOn))
        .sees("[ Apply a ]")
        .keys("Esc");
    t.keys("4 s \"scope 11999\" Enter").sees("In          Scope 11999");
    // Kept right under what is changed from now on, and what was changed while it was read.
    t.keys("Esc / \"Members\" Enter a").paste("S-1-5-21-7-7-7-7").keys("Ctrl+S W").sees("12004: how many");
    t.keys("u").sees("12003: how many").keys("Esc Ctrl+R W").sees("12004: how many");
}

#[test]
fn what_is_changed_while_members_are_read_counts_too() {
    let mut t = many(12_000);
    t.keys("/ \"Scope 3\" Enter Del y / \"Scope 4\" Enter Down a").sees("Scope 4");
    t.keys("Esc").finish().keys("W").sees("12002: how many").keys("Esc u W").sees("12003: how many");
    // Another reading is asked for after a step that touches too much, and the view waits for it.
    t.is_slow = true;
    t.app.developer = true;
    t.keys("Esc Home Down Down Del y W").sees("The store has no application").keys("u W");
    t.sees("Reading who is listed where").finish().sees("12003: how many");
}

#[test]
fn the_mouse_selects_turns_and_enters() {
    let (click, double) = (MouseKind::Down(Button::Left), MouseKind::Double(Button::Left));
    let mut t = two(120, 40);
    t.keys("W").sees(&format!("{JOHN}, the application's own level"));
    // A cell, a heading, a line, and back by the wheel, both ways.
    at(&mut t, "Johns … Scope", click);
    t.sees(&format!("{JOHN}, Johns VM Scope"));
    at(&mut t, JOE, click);
    t.sees(&format!("{JOE}, Johns VM Scope"));
    at(&mut t, JOE, MouseKind::ScrollRight);
    t.sees(&format!("{JOE}, Joes VM Scope"));
    at(&mut t, JOE, MouseKind::ScrollLeft);
    t.sees(&format!("{JOE}, Johns VM Scope"));
    at(&mut t, JOE, MouseKind::ScrollUp);
    t.sees(&format!("{JOHN}, Johns VM Scope"));
    at(&mut t, "everywhere", MouseKind::ScrollDown);
    at(&mut t, "everywhere", click);
    // Twice on a cell is Enter on it, a click on the key bar is its key, and one on the way leads there.
    at(&mut t, JOE, click);
    at(&mut t, JOE, double);
    t.sees("2 of 34 operations").sees("Account").sees("member of");
    at(&mut t, "w who", click);
    t.sees("Whose access");
    at(&mut t, JOHN, click);
    at(&mut t, JOHN, double);
    t.sees_not("Whose access").sees("2 of 34 operations");
    at(&mut t, "Create Virtual Machine", click);
    t.sees("Create Virtual Machine").sees(": no");
    at(&mut t, "Enter go, grant", click);
    t.sees("[ Apply a ]");
    // What is offered is not made by clicking on it.
    let before = t.bytes();
    at(&mut t, "create role", double);
    assert!(t.bytes() == before);
    at(&mut t, "Back Esc", click);
    at(&mut t, "Read Service Configuration", click);
    at(&mut t, "which has", click);
    at(&mut t, "which has", double);
    t.selected("Hyper-V services/assignments/Service Access");
}

#[test]
fn what_depends_on_a_query_or_a_rule_is_conditional_and_says_on_what() {
    let guid = |number: usize| format!("00000000-0000-4000-8000-0000000000{number:02}");
    let text = format!(
        "<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"><AzApplication Guid=\"{}\" Name=\"Office\">\
         <AzApplicationGroup Guid=\"{}\" Name=\"Sales\" GroupType=\"LdapQuery\"><LdapQuery>(a=b)</LdapQuery></AzApplicationGroup>\
         <AzTask Guid=\"{}\" Name=\"Ruled\"><BizRuleLanguage>VBScript</BizRuleLanguage><BizRule>x = 1</BizRule>\
         <OperationLink>{}</OperationLink></AzTask><AzOperation Guid=\"{}\" Name=\"Print\"><OperationID>7</OperationID>\
         </AzOperation><AzRole Guid=\"{}\" Name=\"Printers\"><TaskLink>{}</TaskLink><Member>S-1-5-21-1-2-3-1001</Member>\
         </AzRole><AzRole Guid=\"{}\" Name=\"Sellers\"><OperationLink>{}</OperationLink><AppMemberLink>{}</AppMemberLink>\
         </AzRole></AzApplication></AzAdminManager>",
        guid(1),
        guid(2),
        guid(3),
        guid(4),
        guid(4),
        guid(5),
        guid(3),
        guid(6),
        guid(4),
        guid(2),
    );
    let mut t = Driver::with(text.as_bytes());
    t.keys("W")
        .sees("1?")
        .sees("0 of 1 operations everywhere, 1 more conditionally")
        .keys("Enter")
        .sees("0 of 1 operations, 1 more conditionally");
    t.sees("Print (7): conditional").sees("member of   Printers of Office").sees("only if");
    t.keys("4 End Enter").sees("Sales").sees("Print (7): conditional").sees("found by");
    t.keys("g").sees("Whom a query or rule finds is decided outside the store.");
    t.keys("3").sees("Ruled, Print (7): conditional").sees("an authorization rule says so");
}
