//! How things are edited and seen: queries, raw attributes, keys, themes.

use azedit::app::{HostEvent, Input};

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

#[test]
fn a_theme_is_worn_while_it_is_looked_at_and_esc_goes_back() {
    let mut t = Driver::sample();
    t.app.config = Some("/home/joe/.config/azedit/config.toml".into());
    assert_eq!(t.app.theme, "dark");
    t.keys("T").sees("harbour").sees("Night over water, lamps on the quay.").keys("Down");
    assert_eq!((t.theme, t.app.theme.as_str()), ("light", "light"), "worn at once");
    t.keys("End Esc").sees_not("harbour");
    assert_eq!((t.theme, t.app.theme.as_str()), ("dark", "dark"));
    t.resize(120, 40);
    t.keys("T End Up Enter").sees("theme = \"paper\" in /home/joe/.config/azedit/config.toml");
    assert_eq!((t.theme, t.app.theme.as_str()), ("paper", "paper"));
    t.keys("T Up Esc");
    assert_eq!(t.theme, "paper", "back to the one before, not to the first");
}

#[test]
fn faults_of_the_configuration_are_a_list_that_stops_nobody() {
    let mut t = Driver::sample();
    let faults = ["config.toml: `font` is unknown".to_owned(), "keys: `x` is given to a and to b".to_owned()];
    t.input(Input::Host(HostEvent::Faults(faults.to_vec())));
    t.sees("Configuration: 2 faults").sees("`font` is unknown").sees("`x` is given to a and to b");
    t.keys("Esc c s \"S\" Enter").selected("Hyper-V services/scopes/S").keys("M").sees("`font` is unknown");
}

#[test]
fn configured_keys_act_and_are_shown_and_the_old_ones_do_not() {
    let mut t = Driver::sample();
    let own = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect();
    let wanted = [("create".to_owned(), own(&["F4"])), ("rename".to_owned(), own(&[]))];
    t.app.keys = azedit::app::keymap::Keymap::with(&wanted.into()).0.into();
    t.keys("Home Down Down").sees("F4 Create").keys("c").sees("c does nothing here").keys("F4 s \"S\" Enter");
    t.selected("Hyper-V services/scopes/S").keys("F2").sees("F2 does nothing here");
    t.keys("? \"F4\"").sees("F4").sees("Creates something").keys("Ctrl+U \"rename\" Enter \"Two\" Enter");
    t.selected("Hyper-V services/scopes/Two");
}

/// Each theme as it colours the main screen: the colours themselves, by lines of one style.
#[test]
fn each_theme_on_the_main_screen() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"Johns VM Scope\" Enter c a \"Empty\" Enter");
    t.resize(120, 40);
    for (name, _) in azedit::ui::theme::BUILTIN {
        t.theme = name;
        let (buffer, _) = t.draw();
        insta::assert_snapshot!(format!("theme_{name}"), runs(&buffer));
    }
}

/// Rows of a frame, each as its runs of one style: `3-9 #fff on #000 bold "text"`.
fn runs(buffer: &ratatui::buffer::Buffer) -> String {
    let area = buffer.area;
    let mut text = String::new();
    for y in area.top()..area.bottom() {
        let mut x = area.left();
        while x < area.right() {
            let style = buffer[(x, y)].style();
            let end = (x..area.right()).find(|&x| buffer[(x, y)].style() != style).unwrap_or(area.right());
            let run: String = (x..end).map(|x| buffer[(x, y)].symbol()).collect();
            let (fg, bg) = (style.fg.unwrap_or_default(), style.bg.unwrap_or_default());
            let modifiers = style.add_modifier;
            let line = format!("{y},{x} {fg} on {bg} {modifiers:?} {:?}", run.trim_end());
            text.extend([line.as_str(), "\n"]);
            x = end;
        }
    }
    text
}

#[test]
fn pictures() {
    let mut t = Driver::sample();
    t.keys("T Down Down");
    t.resize(120, 40);
    insta::assert_snapshot!("themes_120x40", t.picture());
    t.tier = azedit::ui::glyphs::Tier::Ascii;
    t.resize(80, 24);
    insta::assert_snapshot!("themes_80x24", t.picture());
    let mut t = with_query_group();
    t.keys("? \"add attribute\" Enter \"Name\" Tab");
    t.resize(120, 40);
    insta::assert_snapshot!("attribute_120x40", t.picture());
    t.tier = azedit::ui::glyphs::Tier::Ascii;
    t.resize(80, 24);
    insta::assert_snapshot!("attribute_80x24", t.picture());
}

const FRAMES: &str = "─│┌┐└┘├┤┬┴";

#[test]
fn plain_dialogs_have_no_frame_and_the_cursor_where_the_selection_is() {
    for sequence in [
        "",
        "Enter",
        "p",
        "c",
        "c r",
        "c g Tab",
        "c a Tab Tab Tab Tab",
        "c d",
        "?",
        "T",
        "M",
        "Ctrl+O",
        "Ctrl+N",
        "q",
        "Del",
        "Ctrl+End r",
        "F2",
        "/",
        "b",
        "e",
    ] {
        let mut t = Driver::sample();
        t.app.plain = true;
        t.keys("Home Down Down c r \"Starter\" Enter");
        t.keys(sequence);
        let (buffer, cursor) = t.draw();
        let text = crate::driver::lines(&buffer).join("\n");
        assert!(!text.contains(|c| FRAMES.contains(c)), "{sequence}:\n{text}");
        assert!(cursor.is_some(), "{sequence}: no cursor\n{text}");
    }
}

/// Where the cursor is, as the line that a screen reader would read.
fn line_of_cursor(t: &mut Driver) -> String {
    let (buffer, cursor) = t.draw();
    let row = usize::from(cursor.map_or(0, |at| at.y));
    crate::driver::lines(&buffer).get(row).cloned().unwrap_or_default()
}

#[test]
fn a_screen_reader_reads_the_selected_line_of_a_list() {
    let mut t = Driver::sample();
    t.app.plain = true;
    for (sequence, line) in [
        ("Home Down Down c Down", "Role definition"),
        ("Esc T Down", "light"),
        ("Esc ? \"redraw\"", "Draws the screen again."),
        ("Esc Home Down Down q", "Cancel"),
    ] {
        t.keys(sequence);
        if sequence.contains('q') {
            t.keys("Esc c s \"S\" Enter q");
        }
        assert!(
            line_of_cursor(&mut t).contains(line),
            "{sequence}: {:?}\n{}",
            line_of_cursor(&mut t),
            t.text()
        );
    }
}

/// A frame in the theme without colours: each cell's text and attributes.
fn without_colours(t: &mut Driver) -> Vec<(String, ratatui::style::Modifier)> {
    t.theme = "mono";
    let (buffer, _) = t.draw();
    buffer.content.iter().map(|cell| (cell.symbol().to_owned(), cell.modifier)).collect()
}

#[test]
fn every_state_is_seen_without_colours() {
    let scene = |sequence: &str| {
        let mut t = Driver::sample();
        t.resize(120, 40);
        t.keys("Home Down Down c s \"S\" Enter").keys(sequence);
        without_colours(&mut t)
    };
    for (what, one, other) in [
        ("selected or not", "", "Up"),
        ("pane with the keyboard", "", "Tab"),
        ("added or not", "", "s s"),
        ("changed or not", "s s", "s s d \"x\" Enter"),
        ("marked or not", "", "Space Up"),
        ("a problem or none", "c a \"A\" Enter Left", "Left"),
        ("a box ticked or not", "c r \"R\" Enter o", "c r \"R\" Enter o Down Space"),
        ("one of a few words", "c g Tab", "c g Tab Right"),
        ("the focused button", "Del", "Del Tab"),
        ("selected text", "F2", "F2 End"),
        ("right or wrong", "c r \"a\"", "c r \"a/\" Tab Shift+Tab"),
        ("folded or not", "Left", "Left Left"),
        ("news or an objection", "Ctrl+L", "n"),
    ] {
        assert!(scene(one) != scene(other), "{what} looks the same");
    }
}

#[test]
fn assignments_are_made_from_ticked_role_definitions_or_name_theirs() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c r \"Observer\" Enter Home Down Down c s \"S\" Enter");
    t.keys("c d")
        .sees("Each ticked role definition gets a role assignment")
        .keys("Ctrl+A")
        .sees("Create 2 assignments");
    t.keys("Enter").sees("Created 2 role assignments");
    let store = t.app.doc().unwrap().store();
    let lines = azedit::store::diff(
        &azedit::store::Store::open(crate::driver::SAMPLE.to_vec())
            .unwrap_or_else(|e| panic!("{}", e.message)),
        store,
    );
    let text = format!("{lines:?}");
    for name in ["Administrator", "Observer"] {
        assert!(text.contains(&format!("Hyper-V services/scopes/S/assignments/{name}")), "{text}");
    }
    t.keys("u").keys("c a \"Mine\" Tab Tab Tab \"Observer, Nobody\" Enter");
    t.sees("No role definition \"Nobody\" here. There are: ").keys("Ctrl+U \"Observer\" Enter");
    t.selected("Hyper-V services/scopes/S/assignments/Mine").keys("Enter").sees("Observer");
    t.keys("Esc Left c d Ctrl+A Enter").keys("Left c d Ctrl+A Enter");
    let doc = t.app.doc().unwrap();
    let scope = doc.store().level(doc.selected().unwrap());
    assert!(doc.store().find(scope, azedit::store::Kind::Assignment, "Observer (2)").is_some());
}

#[test]
fn the_button_says_which_key_adds_members() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c a \"A\" Enter a")
        .sees("[ Add Enter ]")
        .keys("\"Everyone\"")
        .sees("[ Add Ctrl+S ]");
    t.keys("Enter").sees("[ Add Enter ]").keys("Enter").sees("Added 1 member");
}
