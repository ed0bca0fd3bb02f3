//! How things are edited and seen: queries, raw attributes, keys, themes.

use crate::driver::Driver;

/// A store with an LDAP query group, and the cursor in its sheet.
fn with_query_group() -> Driver {
    let mut t = Driver::sample();
    t.keys("Home Down Down c g \"Bosses\" Tab Right Tab").paste("(title=Boss)").keys("Enter Enter");
    t
}

#[test]
fn a_query_is_checked_while_it_is_typed_and_its_fault_has_a_column() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c g \"Bosses\" Tab Right Tab").paste("(&(title=Boss)(!cn=joe)");
    t.sees("Column 1: This `(` is not closed.").keys("\")\"").sees_not("Column").keys("Enter");
    t.selected("Hyper-V services/groups/Bosses").sees("LDAP query");

    let mut t = with_query_group();
    t.keys("Down Down Down Enter End Left \"(\"")
        .sees("Column 12: `(` in a value is written \\28.")
        .keys("Enter");
    t.sees("Column 12").keys("Backspace").sees_not("Column").keys("\"es\" Enter");
    t.sees("(title=Bosses)").sees("Set ldap query of application group \"Bosses\"");
}

#[test]
fn a_query_that_came_so_is_a_problem() {
    let mut t = with_query_group();
    let bytes = String::from_utf8(t.bytes()).unwrap().replace("(title=Boss)", "(title=Boss");
    t = Driver::with(bytes.as_bytes());
    t.keys("p Down").sees("AZ-418").sees("The query cannot be read. Column 1: This `(` is not closed.");
}

#[test]
fn tab_keeps_what_was_edited_and_goes_on() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"One\" Enter Enter Enter \"Two\" Tab").sees("Tab Keep, next");
    t.keys("\"For tests\" Enter").selected("Hyper-V services/scopes/Two").sees("For tests");
    assert_eq!(t.app.doc().unwrap().unsaved_steps(), 3, "a name, a description, each its own step");
    t.keys("Home Enter Tab Shift+Tab Esc").sees_not("Tab Keep");
    assert_eq!(t.app.doc().unwrap().unsaved_steps(), 3, "what was only passed is no change");
}

const RAW: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<AzAdminManager MajorVersion="2" MinorVersion="0" Guid="00000000-0000-4000-8000-00000000000a" Description="">
	<AzApplication Guid="00000000-0000-4000-8000-00000000000b" Name="App" Description="" Limit='5'  ApplicationVersion=""/>
</AzAdminManager>
"#;

#[test]
fn unknown_attributes_are_edited_removed_and_added_as_the_file_has_them() {
    let mut t = Driver::with(RAW.as_bytes());
    t.keys("Down Down Enter")
        .sees("Not known to AzMan")
        .sees("Limit")
        .keys("End Up Enter Backspace \"7\" Enter");
    assert_eq!(String::from_utf8(t.bytes()).unwrap(), RAW.replace("Limit='5'", "Limit='7'"));
    t.sees("Set attribute Limit of application \"App\"").keys("Del").sees_not("Not known to AzMan");
    assert_eq!(String::from_utf8(t.bytes()).unwrap(), RAW.replace(" Limit='5'", ""));
    t.keys("u u");
    assert_eq!(String::from_utf8(t.bytes()).unwrap(), RAW);

    t.keys("? \"add attribute\" Enter").sees("Add an attribute to application \"App\"");
    t.keys("\"Name\" Tab")
        .sees("a property that AzMan names")
        .keys("Shift+Tab Ctrl+U \"Limit\" Enter")
        .sees("is there already");
    t.keys("Ctrl+U \"Audit\" Tab \"<1>\" Enter").sees("Audit");
    assert_eq!(
        String::from_utf8(t.bytes()).unwrap(),
        RAW.replace("ApplicationVersion=\"\"", "ApplicationVersion=\"\" Audit=\"&lt;1&gt;\"")
    );
    t.keys("s s").sees("Saved and on disk");
    t.resize(120, 40);
    t.keys("p").sees("attribute Audit is unknown").sees("attribute Limit is unknown");
}
