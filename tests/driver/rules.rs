//! Authorization rules: the editor, and the files that it reads and writes.

use azedit::store::LeafKind;
use azedit::ui::glyphs::Tier;

use crate::driver::Driver;

/// A store with a role definition that is selected.
fn with_role() -> Driver {
    let mut t = Driver::sample();
    t.keys("Home Down Down c r \"Starter\" Enter");
    t
}

/// The rule of the selected object: text, language, path.
fn rule(t: &Driver) -> (Option<String>, Option<String>, String) {
    let doc = t.app.doc().unwrap();
    let (store, object) = (doc.store(), doc.selected().unwrap());
    let leaf = |kind| store.first(object, kind).map(std::borrow::Cow::into_owned);
    let path = store.attribute(object, "BizRuleImportedPath").unwrap_or_default().into_owned();
    (leaf(LeafKind::BizRule), leaf(LeafKind::BizRuleLanguage), path)
}

fn is(text: &str, language: &str, path: &str) -> (Option<String>, Option<String>, String) {
    (Some(text.to_owned()), Some(language.to_owned()), path.to_owned())
}

#[test]
fn a_rule_is_written_kept_and_undone_as_one_step() {
    let mut t = with_role();
    t.keys("e").sees("Rule of role definition \"Starter\"").sees("0 of 65536 characters").sees("Ctrl+S Keep");
    t.keys("\"If a Then\" Enter Tab \"b\" Enter Shift+Tab").paste("End If\nc");
    t.sees("  2     b").sees("Line 4, column 2");
    t.keys("F6 j F6").paste("C:\\rules\\a.js").keys("Ctrl+S");
    assert_eq!(rule(&t), is("If a Then\n\tb\nEnd If\nc", "JScript", "C:\\rules\\a.js"));
    t.sees("Set rule of role definition \"Starter\"").keys("u");
    assert_eq!(rule(&t), (None, None, String::new()));
}

#[test]
fn what_was_typed_is_guarded_and_an_unchanged_rule_is_no_change() {
    let mut t = with_role();
    t.keys("e \"x\" Esc")
        .sees("would be lost")
        .keys("Enter")
        .sees("Rule of")
        .keys("Esc d")
        .sees_not("Rule of role");
    assert_eq!(rule(&t).0, None);
    let steps = t.app.doc().unwrap().unsaved_steps();
    t.keys("e Ctrl+S");
    assert_eq!(t.app.doc().unwrap().unsaved_steps(), steps);
}

#[test]
fn clearing_the_text_clears_language_and_path() {
    let mut t = with_role();
    t.keys("e \"x = 1\" Ctrl+T Ctrl+T").paste("/rules/a.vbs").keys("F10");
    assert_eq!(rule(&t), is("x = 1", "VBScript", "/rules/a.vbs"));
    t.keys("e Ctrl+A Backspace").sees("No text is no rule").keys("Ctrl+S");
    assert_eq!(rule(&t), (None, None, String::new()));
}

#[test]
fn a_rule_is_read_from_a_file_and_again_from_its_path() {
    let mut t = with_role();
    t.files.insert("/rules/a.vbs".to_owned(), b"one\r\ntwo".to_vec());
    t.keys("e \"old\" Ctrl+O").sees("Read the rule from a file").paste("/rules/a.vbs").keys("Enter");
    t.sees("Read from /rules/a.vbs").keys("Ctrl+End Enter \"three\" Ctrl+S");
    assert_eq!(rule(&t), is("one\r\ntwo\r\nthree", "VBScript", "/rules/a.vbs"));
    t.files.insert("/rules/a.vbs".to_owned(), b"new".to_vec());
    t.keys("e Ctrl+R Ctrl+S");
    assert_eq!(rule(&t), is("new", "VBScript", "/rules/a.vbs"));
    t.files.clear();
    t.keys("e F5").sees("there is no such file").keys("Esc").sees("new").keys("Esc");
    t.keys("e Ctrl+O").paste("x").keys("Esc d Esc").sees_not("Rule of role");
}

#[test]
fn a_loaded_text_can_be_undone_and_a_rule_without_path_says_so() {
    let mut t = with_role();
    t.files.insert("/a".to_owned(), b"loaded".to_vec());
    t.keys("e Ctrl+R")
        .sees("names no file")
        .keys("\"typed\" Ctrl+O")
        .paste("/a")
        .keys("Enter")
        .sees("loaded");
    t.keys("Ctrl+Z").sees("typed").sees_not("loaded");
}

#[test]
fn a_rule_is_written_to_a_file_that_is_replaced_only_when_asked() {
    let mut t = with_role();
    t.keys("e \"x\" Enter Ctrl+E").paste("/out.vbs").keys("Enter").sees("Written: /out.vbs");
    assert_eq!(t.files["/out.vbs"], b"x\n");
    t.keys("\"y\" Ctrl+E").paste("/out.vbs").keys("Enter").sees("is there already").keys("Enter");
    assert_eq!(t.files["/out.vbs"], b"x\n");
    t.keys("Ctrl+E").paste("/out.vbs").keys("Enter r").sees("Written");
    assert_eq!(t.files["/out.vbs"], b"x\ny");
}

#[test]
fn a_rule_that_is_too_long_is_not_kept() {
    let mut t = with_role();
    t.keys("e")
        .paste(&"x".repeat(65_537))
        .sees("65537 of 65536")
        .keys("Ctrl+S")
        .sees("may have at most 65536");
    t.keys("Backspace Ctrl+S");
    assert_eq!(rule(&t).0.unwrap().len(), 65_536);
}

#[test]
fn copied_text_goes_to_the_clipboard_too() {
    let mut t = with_role();
    t.keys("e \"one\" Shift+Home Ctrl+C End Ctrl+V").sees("oneone");
    assert_eq!(t.copied, ["one"]);
}

#[test]
fn pictures() {
    let mut t = with_role();
    t.keys("e").paste(
        "If AccessCheck.ClientName = \"CONTOSO\\joe\" Then\n\tResult = True\nEnd If\n\u{202E}' hidden",
    );
    t.keys("Up Up Home Shift+Down");
    t.resize(120, 40);
    insta::assert_snapshot!("rule_120x40", t.picture());
    t.tier = Tier::Ascii;
    t.resize(80, 24);
    insta::assert_snapshot!("rule_80x24", t.picture());
    t.app.plain = true;
    insta::assert_snapshot!("rule_plain_80x24", t.picture());
}
