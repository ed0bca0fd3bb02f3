//! Who accounts are: names that come late or not at all, maps, choosing and typing accounts.

use azedit::accounts::{Account, Question, Reply, Sid, Sort, Unnamed};
use azedit::ui::glyphs::Tier;

use crate::driver::{Driver, PATH};

pub const JOE: &str = "S-1-5-21-2043718305-1-2-1002";
const GONE: &str = "S-1-5-21-2043718305-1-2-4711";

pub fn account(sid: &str, name: &str, sort: Sort) -> Account {
    Account { sid: Sid::parse(sid).unwrap(), name: name.to_owned(), sort }
}

/// A directory as a domain has one, with all that can go wrong in it.
pub fn contoso(question: &Question) -> Reply {
    let joe = || account(JOE, "CONTOSO\\joe", Sort::User);
    match question {
        Question::Sid(sid) => match sid.to_string().as_str() {
            JOE => Ok(vec![joe()]),
            GONE => Err(Unnamed::Unknown),
            "S-1-5-21-9-9-9-1000" => Err(Unnamed::TimedOut),
            "S-1-5-21-6-6-6-1000" => {
                Ok(vec![account("S-1-5-21-6-6-6-1000", "EVIL\\\u{1b}[31m\u{202e}nimda", Sort::User)])
            }
            _ => Err(Unnamed::Deleted),
        },
        Question::Name(name) => match name.as_str() {
            "CONTOSO\\joe" | "joe@contoso.com" | ".\\joe" => Ok(vec![joe()]),
            "CONTOSO" => Ok(vec![account("S-1-5-21-2043718305-1-2", "CONTOSO", Sort::Domain)]),
            "SLOW\\joe" => Err(Unnamed::TimedOut),
            _ => Err(Unnamed::Unknown),
        },
        Question::Local => Ok(vec![
            account("S-1-5-32-544", "BUILTIN\\Administrators", Sort::LocalGroup),
            account("S-1-5-21-3-2-1-1001", "HV01\\backup", Sort::User),
        ]),
    }
}

/// The sample in a Windows machine's editor, on its one role assignment.
pub fn on_windows() -> Driver {
    let mut t = Driver::sample();
    t.app.naming.can_ask = true;
    t.resize(120, 30);
    t.keys("G \"administrator assignment\" Enter");
    t
}

fn with_member(sid: &str) -> Driver {
    let mut t = on_windows();
    t.keys(&format!("a \"{sid}\" Ctrl+S"));
    t
}

#[test]
fn an_account_is_shown_by_its_sid_until_its_name_comes() {
    let mut t = with_member(JOE);
    t.sees(JOE).sees_not("CONTOSO");
    t.screen();
    assert_eq!(t.asked, [Question::Sid(Sid::parse(JOE).unwrap())], "asked once, however often it is drawn");
    t.keys("Up Down").sees(JOE);
    t.answer(contoso).sees("CONTOSO\\joe");
    assert_eq!(t.asked, []);
}

#[test]
fn nothing_is_asked_where_nobody_can_be() {
    let mut t = Driver::sample();
    t.resize(120, 30);
    t.keys("G \"administrator assignment\" Enter").keys(&format!("a \"{JOE}\" Ctrl+S")).sees(JOE);
    assert_eq!(t.asked, []);
}

#[test]
fn what_has_no_name_says_why() {
    for (sid, why) in [
        (GONE, "unknown here"),
        ("S-1-5-21-9-9-9-1000", "no answer in time"),
        ("S-1-5-21-8-8-8-1000", "deleted"),
    ] {
        let mut t = with_member(sid);
        t.sees(sid).answer(contoso).sees(sid).sees(why);
        assert_eq!(t.asked, [], "it is not asked again by itself");
        t.keys("I g").screen();
        assert_eq!(t.asked.len(), 1, "but when that is wanted");
    }
}

#[test]
fn a_name_that_would_act_on_the_terminal_is_shown() {
    let mut t = with_member("S-1-5-21-6-6-6-1000");
    t.sees("S-1-5-21-6-6-6-1000").answer(contoso);
    t.resize(160, 30).sees("EVIL\\\\u{1B}[31m\\u{202E}nimda").sees_not("\u{1b}").sees_not("\u{202e}");
}

#[test]
fn a_typed_name_is_looked_up_and_shown_before_it_is_used() {
    for typed in ["CONTOSO\\joe", "joe@contoso.com", ".\\joe"] {
        let mut t = on_windows();
        let before = t.bytes();
        t.keys(&format!("a \"{typed}\" Ctrl+S"));
        t.sees("Asking who this is");
        assert_eq!(t.asked, [Question::Name(typed.to_owned())]);
        t.answer(contoso).sees("CONTOSO\\joe").sees(JOE).sees("user");
        assert_eq!(t.bytes(), before, "nothing is added before it was seen");
        t.keys("Esc").sees("Add members").keys("Ctrl+S y");
        assert!(String::from_utf8(t.bytes()).unwrap().contains(JOE));
    }
}

#[test]
fn a_typed_name_that_is_nobody_says_why_and_stays_in_the_form() {
    for (typed, why) in [
        ("CONTOSO\\nobody", "nobody of this name is known here"),
        ("SLOW\\joe", "did not answer in time"),
        ("CONTOSO", "a domain or a computer"),
    ] {
        let mut t = on_windows();
        let before = t.bytes();
        t.keys(&format!("a \"{typed}\" Ctrl+S")).answer(contoso);
        t.sees("Add members to").sees(typed).sees(why);
        assert_eq!(t.bytes(), before);
    }
}

#[test]
fn whoever_leaves_the_form_is_not_asked_about_the_answer() {
    let mut t = on_windows();
    t.keys("a \"CONTOSO\\joe\" Ctrl+S Esc d").answer(contoso);
    t.sees_not("Add members to").sees_not("S-1-5-21");
}

#[test]
fn elsewhere_a_typed_name_needs_a_map() {
    let mut t = Driver::sample();
    t.resize(120, 30);
    t.keys("G \"administrator assignment\" Enter a \"CONTOSO\\joe\" Ctrl+S");
    t.sees("CONTOSO\\joe is no SID and no name that is known here").sees("Nobody can");
    t.keys("Esc d");
    t.files.insert("/names.tsv".to_owned(), format!("{JOE}\tCONTOSO\\joe\tuser\n").into_bytes());
    t.keys("I l").paste("/names.tsv").keys("Enter").sees("Loaded 1 name from names.tsv.");
    t.keys("a \"contoso\\JOE\" Ctrl+S").sees("CONTOSO\\joe").sees(JOE);
}

#[test]
fn a_map_beside_the_store_is_read_with_it() {
    let mut t = Driver::start();
    t.resize(120, 30);
    let beside = PATH.replace(".xml", ".names.tsv");
    t.files.insert(beside, format!("{JOE}\tCONTOSO\\joe\n").into_bytes());
    t.files.insert(PATH.to_owned(), crate::driver::SAMPLE.to_vec());
    t.keys("O").paste(PATH).keys("Enter").keys("G \"administrator assignment\" Enter");
    t.keys(&format!("a \"{JOE}\" Ctrl+S")).sees("CONTOSO\\joe");
}

#[test]
fn a_map_that_is_none_says_which_line_and_nothing_of_it_is_used() {
    let mut t = Driver::sample();
    let text = format!("{JOE}\tCONTOSO\\joe\nnonsense\n");
    t.files.insert("/names.tsv".to_owned(), text.into_bytes());
    t.keys("I l").paste("/names.tsv").keys("Enter").sees("/names.tsv:2:1:");
    assert_eq!(t.app.names.accounts().len(), 0);
    let text = format!("{JOE}\tCONTOSO\\joe\n{JOE}\tCONTOSO\\john\n");
    t.files.insert("/names.tsv".to_owned(), text.into_bytes());
    t.keys("I l")
        .paste("/names.tsv")
        .keys("Enter")
        .sees("names.tsv contradicts itself")
        .sees("CONTOSO\\john is left out");
}

#[test]
fn the_names_that_are_known_are_written_as_a_map() {
    let mut t = Driver::sample();
    t.keys("I w").sees("nothing to write");
    let mut t = with_member(JOE);
    t.screen();
    t.answer(contoso).keys("I w").sees("InitialStore.names.tsv").keys("Enter").sees("Written: ");
    let written = String::from_utf8(t.files["/stores/InitialStore.names.tsv"].clone()).unwrap();
    assert_eq!(written.lines().nth(1), Some(&*format!("{JOE}\tCONTOSO\\joe\tuser")));
}

#[test]
fn every_account_of_the_store_is_asked_about_when_that_is_wanted() {
    let mut t = with_member(JOE);
    t.asked.clear();
    t.keys("Home I a").sees("Asking who 1 account is.");
    assert_eq!(t.asked.len(), 1);
}

#[test]
fn a_search_finds_accounts_by_names_that_were_told() {
    let mut t = with_member(JOE);
    t.screen();
    t.answer(contoso).keys("Home / \"contoso\" Enter").sees("1 match");
    t.keys("Esc Home & \"contoso\" Enter").sees("1 of ");
}

#[test]
fn accounts_are_chosen_from_a_list_over_the_form() {
    let mut t = on_windows();
    t.keys("a F4").sees("Choose accounts").sees("BUILTIN\\Administrators");
    assert_eq!(t.asked, [Question::Local]);
    t.keys("\"hyper-v adm\" Ins");
    t.answer(contoso).keys("Esc \"hv01\" Ins Esc Enter");
    t.sees("Add members").sees("BUILTIN\\Hyper-V Administrators").sees("HV01\\backup");
    t.keys("Ctrl+S");
    let text = String::from_utf8(t.bytes()).unwrap();
    assert!(text.contains("S-1-5-32-578") && text.contains("S-1-5-21-3-2-1-1001"), "{text}");
    // Esc is one step back: to the form, with what was typed.
    t.keys("a \"Everyone\" F4 Esc").sees("Add members").sees("Everyone");
}

#[test]
fn the_picker_of_members_gets_names_when_they_come() {
    let mut t = with_member(JOE);
    t.keys("? \"who is unticked\" Enter").sees("Members of");
    t.answer(contoso).sees("CONTOSO\\joe");
}

#[test]
fn gains_and_the_access_view_say_names() {
    let mut t = with_member(JOE);
    t.screen();
    t.answer(contoso).keys("s").sees("CONTOSO\\joe").sees("gains").keys("Esc");
    t.keys("W 4").sees("CONTOSO\\joe");
}

#[test]
fn how_it_looks() {
    let mut t = on_windows();
    t.tier = Tier::Ascii;
    t.resize(80, 24);
    t.keys("a \"CONTOSO\\joe\" F4");
    insta::assert_snapshot!("choose_accounts_80x24_ascii", t.picture());
    t.keys("Esc Ctrl+S").answer(contoso);
    insta::assert_snapshot!("typed_account_80x24_ascii", t.picture());
    t.keys("y");
    t.screen();
    t.answer(contoso).keys("I");
    insta::assert_snapshot!("names_80x24_ascii", t.picture());
    let mut t = on_windows();
    t.theme = "dark";
    t.resize(120, 40).keys("a F4").answer(contoso);
    insta::assert_snapshot!("choose_accounts_120x40_dark", t.picture());
    t.keys("Esc \"CONTOSO\\joe\" Ctrl+S").answer(contoso);
    insta::assert_snapshot!("typed_account_120x40_dark", t.picture());
    t.keys("y");
    t.screen();
    t.answer(contoso).keys("I");
    insta::assert_snapshot!("names_120x40_dark", t.picture());
}
