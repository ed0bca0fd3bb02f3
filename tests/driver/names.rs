//! Names of accounts in sentences: findings, saving, comparing. Until a name comes the SID stands alone.

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
    t.answer(contoso).sees(&format!("HV-101  {} has rights", named())).sees("would let CONTOSO\\joe connect");
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
