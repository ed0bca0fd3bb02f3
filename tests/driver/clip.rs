//! Marks and what is done with them; copy, cut and paste.

use azedit::ui::glyphs::Tier;

use crate::driver::{Driver, PATH, SAMPLE};

const JOHN: &str = "S-1-5-21-1004336348-1177238915-682003330-1001";

/// Three scopes; in the first an assignment with the application's role definition and a member.
fn scopes() -> Driver {
    let mut t = Driver::sample();
    for name in ["Alpha", "Beta", "Gamma"] {
        t.keys(&format!("Home Down Down c s \"{name}\" Enter"));
    }
    t.keys("/ \"Alpha\" Enter c a \"Operators\" Tab Tab").paste(JOHN).keys("Enter");
    t.keys("r \"admin\" Down Space Enter").selected("Hyper-V services/scopes/Alpha/assignments/Operators");
    t
}

/// An assignment in each of the scopes, all marked.
fn marked() -> Driver {
    let mut t = scopes();
    for scope in ["Beta", "Gamma"] {
        t.keys(&format!("/ \"{scope}\" Enter c a \"Operators\" Enter Space"));
    }
    go(&mut t, "scopes/Alpha/assignments/Operators").keys("Space");
    t
}

/// Goes to an object of the application.
fn go<'t>(t: &'t mut Driver, path: &str) -> &'t mut Driver {
    let path = format!("Hyper-V services/{path}");
    let doc = t.app.doc_mut().unwrap();
    let found = doc.store().walk().find(|&id| doc.store().path(id) == path);
    doc.reveal(found.unwrap(), None);
    t.app.focus = azedit::app::layout::Pane::Tree;
    t
}

/// Goes down the details to the member with this SID.
fn to_member<'t>(t: &'t mut Driver, sid: &str) -> &'t mut Driver {
    use azedit::app::sheet::Entry;
    for _ in 0..30 {
        let doc = t.app.doc().unwrap();
        if matches!(doc.sheet.entry(), Some(Entry::Account(leaf)) if doc.store().text(*leaf) == sid) {
            return t;
        }
        t.keys("Down");
    }
    panic!("{sid} is not in the details");
}

fn at_start(t: &mut Driver) {
    while t.app.doc().unwrap().session.position() > 0 {
        t.keys("u");
    }
    assert_eq!(t.bytes(), SAMPLE);
}

/// Takes a picture in both sizes.
fn pictures(name: &str, mut t: Driver) {
    t.theme = "dark";
    t.resize(120, 40);
    insta::assert_snapshot!(format!("{name}_120x40"), t.picture());
    t.tier = Tier::Ascii;
    t.theme = "mono";
    t.resize(80, 24);
    insta::assert_snapshot!(format!("{name}_80x24"), t.picture());
}

#[test]
fn marks_have_a_sign_are_counted_and_taken_away_by_esc() {
    let mut t = scopes();
    t.keys("/ \"Beta\" Enter Space").sees("* 1 ").sees("1 scope marked; Esc unmarks.");
    t.selected("Hyper-V services/scopes/Gamma").sees("*► Beta");
    t.keys("*").sees("3 scopes marked").keys("*").sees_not("marked");
    t.keys("* Home Down Down Left").sees_not("Beta").sees("* 3 ").keys("Right End").sees("*► Gamma");
    t.keys("Esc").sees_not("marked").sees_not("*►").sees("1 match").keys("Esc").sees_not("1 match");
    t.keys("Home Space").sees("The store itself is not marked").keys("Down Space").sees("Groups is a folder");
    at_start(&mut t);
}

#[test]
fn members_are_added_to_all_marked_and_removed_from_all_in_one_step_each() {
    let mut t = marked();
    t.sees("3 role assignments marked").keys("a").sees("Add members to 3 role assignments");
    t.paste(&format!("{JOHN}\nEveryone\n")).keys("Ctrl+S").sees("Added 2 members to 3 role assignments.");
    let members = |t: &Driver| String::from_utf8(t.bytes()).unwrap().matches("<Member>").count();
    let before = members(&t);
    t.keys("a")
        .paste("Everyone")
        .keys("Ctrl+S")
        .sees("All of them have 1 such member already.")
        .keys("Esc d");
    // One key takes the member from all of them, after it was asked.
    go(&mut t, "scopes/Alpha/assignments/Operators").keys("Enter").sees("Everyone");
    to_member(&mut t, "S-1-1-0").keys("Del");
    t.sees("2 marked objects also have it").keys("a").sees("Removed member from 3 role assignments.");
    assert_eq!(members(&t), before - 3);
    t.keys("u");
    assert_eq!(members(&t), before);
    t.keys("u");
    assert_eq!(members(&t), before - 5, "one of the six was there before");
    at_start(&mut t);
}

#[test]
fn a_box_says_that_some_have_it_and_gives_it_to_all() {
    let mut t = marked();
    t.keys("r").sees("Role definitions of 3 role assignments").sees("[-] Administrator").sees("1 of 3");
    t.keys("Space Enter").sees("Added 1 link to 3 role assignments.");
    t.keys("r").sees("[x] Administrator").keys("Space Enter").sees("Removed 1 link from 3 role assignments.");
    t.keys("u u r").sees("[-] Administrator").keys("Esc");
    at_start(&mut t);
}

#[test]
fn who_stands_in_the_way_is_named_and_deleting_says_how_many() {
    let mut t = marked();
    go(&mut t, "scopes/Gamma").keys("Space").sees("3 role assignments").sees("1 scope");
    t.keys("a").sees("\"Gamma\" is marked, but only");
    t.keys("F2").sees("4 are marked, but one can be renamed: Esc unmarks.");
    // The assignment in Gamma goes with it and is not named besides.
    t.keys("Home Del").sees("Delete 1 scope, 2 role assignments").keys("y");
    t.sees("Deleted 1 scope, 2 role assignments.").sees_not("marked").keys("u");
    at_start(&mut t);
}

#[test]
fn marked_are_described_in_a_form_and_marked_lines_removed_at_once() {
    let mut t = marked();
    t.keys("d").sees("Describe 3 role assignments").keys("\"On call\" Enter");
    assert_eq!(String::from_utf8(t.bytes()).unwrap().matches("Description=\"On call\"").count(), 3);
    go(&mut t, "scopes/Alpha/assignments/Operators")
        .keys("Esc a")
        .paste("S-1-1-0, S-1-5-11")
        .keys("Ctrl+S Enter");
    to_member(&mut t, "S-1-1-0")
        .keys("*")
        .sees("3 lines marked")
        .keys("Del")
        .sees("Removed 3 members from role assignment");
    t.sees("No members yet.");
    at_start(&mut t);
}

#[test]
fn an_assignment_is_copied_into_every_marked_scope() {
    let mut t = scopes();
    t.keys("y").sees("Copied role assignment \"Operators\" to this computer's clipboard.");
    assert!(t.copied[0].starts_with("# azedit: role assignment \"Operators\" from InitialStore.xml\n"));
    assert!(t.copied[0].contains("\ncreate assignment Operators"));
    t.keys("/ \"Beta\" Enter Space Space").sees("2 scopes marked").keys("v");
    t.sees("Paste 2 role assignments into 2 scopes").sees("in Beta, 1 member, 1 link").sees("in Gamma");
    t.keys("Enter").sees("Pasted 2 role assignments into 2 scopes.");
    let text = String::from_utf8(t.bytes()).unwrap();
    assert_eq!(text.matches("Name=\"Operators\"").count(), 3);
    assert_eq!(text.matches(JOHN).count(), 3);
    t.keys("u");
    assert_eq!(String::from_utf8(t.bytes()).unwrap().matches("Name=\"Operators\"").count(), 1);
}

#[test]
fn copy_into_picks_places_and_move_keeps_the_guid() {
    let mut t = scopes();
    let guid = |t: &Driver| {
        let text = String::from_utf8(t.bytes()).unwrap();
        let (before, _) = text.split_once("\" Name=\"Operators\"").unwrap();
        before.rsplit_once('"').unwrap().1.to_owned()
    };
    let before = guid(&t);
    t.keys("? \"copy into\" Enter").sees("Copy role assignment \"Operators\" into").sees_not("Alpha  ");
    t.keys("\"scope of\" Down Ctrl+A").sees("Copy into 2 places").keys("Enter");
    t.sees("Copied 2 role assignments into 2 scopes.").keys("u");
    go(&mut t, "scopes/Alpha/assignments/Operators");
    t.keys("? \"move another\" Enter").sees("Links to it go along.").keys("\"gam\" Enter");
    t.selected("Hyper-V services/scopes/Gamma/assignments/Operators");
    assert_eq!(guid(&t), before);
    t.keys("u X").sees("v where it goes moves it.").keys("/ \"Beta\" Enter v");
    t.sees("Moved role assignment \"Operators\" to scope \"Beta\".");
    assert_eq!(guid(&t), before);
    t.keys("/ \"Gamma\" Enter X").sees("Only role and task definitions");
}

#[test]
fn a_link_that_the_store_lacks_is_asked_about() {
    let mut from = Driver::sample();
    from.keys("D Home Down Down c o \"Fly\" Tab \"900\" Enter Home Down Down c r \"Pilot\" Enter");
    from.keys("o \"fly\" Down Space Enter Home Down Down c a \"Crew\" Enter r \"pilot\" Down Space Enter y");
    let text = from.copied[0].clone();
    let mut t = Driver::sample();
    t.keys("D Home Down Down").paste(&text);
    t.sees("Paste 1 role assignment into application \"Hyper-V services\"").sees("To decide");
    t.sees("create it as it was, with 1 link").sees("create it with the number 900");
    t.keys("Space").sees("leave its links out").sees_not("900");
    t.keys("m").sees("Link to another role definition instead of \"Pilot\"").keys("\"adm\" Enter");
    t.sees("link to \"Administrator\"").keys("Space Space").sees("create it with the number 900");
    t.keys("Enter").sees("Pasted 1 role assignment into application");
    t.selected("Hyper-V services/assignments/Crew");
    assert!(String::from_utf8(t.bytes()).unwrap().contains("<OperationID>900</OperationID>"));
    t.keys("u");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn members_of_what_is_lacking_are_no_links() {
    let text = "create group Staff --member S-1-5-11 --non-member S-1-5-7\ncreate group Found --type ldap --query (cn=x)\n\
                create assignment Crew --group Staff --group Found\n";
    let mut from = Driver::sample();
    from.keys("Home Down Down").paste(text).keys("Enter").sees("Pasted");
    go(&mut from, "assignments/Crew").keys("y");
    let text = from.copied[0].clone();
    let mut t = Driver::sample();
    t.keys("Home Down Down").paste(&text).sees("To decide");
    t.sees("as it was, with 1 member, 1 non-member").sees_not("empty");
    t.sees("in Hyper-V services, 1 member, 1 non-member");
}

#[test]
fn an_assignment_of_an_operation_itself_is_pasted_as_it_was() {
    let text = String::from_utf8(SAMPLE.to_vec()).unwrap();
    let (_, operation) = text.split_once("<AzOperation Guid=\"").unwrap();
    let guid = &operation[..36];
    let (link, bare) =
        (format!("<OperationLink>{guid}</OperationLink>"), "00000000-0000-4000-8000-00000000abcd");
    let bare = format!("<AzRole Guid=\"{bare}\" Name=\"Bare\">{link}</AzRole></AzApplication>");
    let text = text.replacen("</AzApplication>", &bare, 1);
    let mut t = Driver::with(text.as_bytes());
    go(&mut t, "assignments/Bare")
        .keys("y Home Down Down c s \"Lab\" Enter v Enter")
        .sees("Pasted 1 role assignment");
    t.selected("Hyper-V services/scopes/Lab/assignments/Bare");
    let pasted = String::from_utf8(t.bytes()).unwrap();
    assert_eq!(pasted.matches(&link).count(), text.matches(&link).count() + 1);
}

#[test]
fn what_several_places_lack_is_made_once() {
    let mut from = Driver::sample();
    from.keys("Home Down Down c r \"Pilot\" Enter c a \"Crew\" Enter r \"pilot\" Down Space Enter y");
    let text = from.copied[0].clone();
    let mut t = scopes();
    go(&mut t, "scopes/Alpha").keys("*").paste(&text);
    t.sees("Paste 3 role assignments into 3 scopes").sees("3 links lead to it").keys("Enter");
    t.sees("Pasted 3 role assignments into 3 scopes.");
    let text = String::from_utf8(t.bytes()).unwrap();
    assert_eq!((text.matches("Name=\"Pilot\"").count(), text.matches("Name=\"Crew\"").count()), (1, 3));
}

#[test]
fn a_name_that_is_taken_is_copied_or_left_out() {
    let mut t = Driver::sample();
    t.keys("/ \"Administrator\" Enter y v")
        .sees("Taken: role definition \"Administrator\" has this name.")
        .sees("make a copy");
    t.keys("Enter").selected("Hyper-V services/roles/Copy of Administrator");
    t.keys("v").keys("Space").sees("leave it out").keys("Enter").sees("Nothing is left to do").keys("Esc u");
    assert_eq!(t.bytes(), SAMPLE);
}

#[test]
fn pasted_accounts_are_shown_before_they_are_members() {
    let mut t = marked();
    t.paste(&format!("{JOHN}\nEveryone\nGROUP INFORMATION\n"));
    t.sees("Add 2 members to 3 role assignments").sees("which 1 of 3 have").sees("+ Everyone");
    t.sees("line 3: GROUP INFORMATION").keys("Enter").keys("Esc");
    let mut t = scopes();
    t.paste("Everyone").sees("Add 1 member to role assignment \"Operators\"").keys("a").sees("2 members");
    t.keys("/ \"Beta\" Enter")
        .paste("Everyone")
        .sees("Accounts are added to role assignments and groups: select one.");
    t.paste("hello there").sees("Line 1 is neither a change nor an account");
}

#[test]
fn pasted_lines_do_what_they_say_and_a_wrong_one_is_named() {
    let mut t = Driver::sample();
    t.keys("Home Down Down").paste("create scope X\ncreate role R --in X\nset scope X description 'for X'\n");
    t.sees("Paste 1 scope into application").sees("1 object").keys("Enter");
    t.selected("Hyper-V services/scopes/X").sees("Pasted 1 scope");
    t.paste("set scope X description other").sees("~ set scope X").keys("Enter").sees("Pasted 1 change");
    t.paste("create scope Y\ncreate nonsense").sees("Line 2 is no change");
    t.paste("delete scope X").keys("Esc").selected("Hyper-V services/scopes/X");
    at_start(&mut t);
}

#[test]
fn without_any_clipboard_the_text_is_shown_and_still_pasted_here() {
    let mut t = scopes();
    t.clipboard_takes = Err("this terminal has no clipboard".to_owned());
    t.keys("y").sees("create assignment Operators").sees_not("│").sees("this terminal has no clipboard");
    assert!(!t.mouse, "the terminal's own selection works");
    t.keys("Esc");
    assert!(t.mouse);
    t.keys("/ \"Beta\" Enter v").sees("Paste 1 role assignment into scope \"Beta\"").keys("Enter");
    t.selected("Hyper-V services/scopes/Beta/assignments/Operators");
    t.clipboard = Some("create scope FromElsewhere".to_owned());
    t.keys("v").sees("Paste 1 scope").sees("FromElsewhere").keys("Esc");
    let mut fresh = Driver::sample();
    fresh.keys("v").sees("Nothing was copied here");
}

#[test]
fn between_open_stores_objects_are_copied_and_keep_their_guids() {
    let mut t = scopes();
    t.files.insert("/stores/Other.xml".to_owned(), SAMPLE.to_vec());
    t.keys("/ \"Alpha\" Enter y").keys("O").paste("/stores/Other.xml").keys("Enter");
    t.sees("Other.xml").keys("Home Down Down v").sees("Paste 1 scope into application").keys("Enter");
    t.selected("Hyper-V services/scopes/Alpha");
    let other = azedit::store::Store::open(t.bytes()).unwrap();
    let alpha = |store: &azedit::store::Store| {
        store.walk().find(|&id| store.name(id) == "Alpha").and_then(|id| store.guid(id)).unwrap()
    };
    let first =
        t.app.docs.iter().find(|doc| doc.path.as_deref() == Some(std::path::Path::new(PATH))).unwrap();
    assert_eq!(alpha(&other), alpha(first.store()));
}

#[test]
fn pictures_of_marks() {
    pictures("marks", marked());
}

#[test]
fn pictures_of_the_bulk_picker() {
    let mut t = marked();
    t.keys("r");
    pictures("bulk_picker", t);
}

#[test]
fn pictures_of_deleting_many() {
    let mut t = marked();
    t.keys("Del");
    pictures("bulk_delete", t);
}

#[test]
fn pictures_of_pasting() {
    let mut from = Driver::sample();
    from.keys("D Home Down Down c o \"Fly\" Tab \"900\" Enter Home Down Down c r \"Pilot\" Enter");
    from.keys(
        "o \"fly\" Down Space Enter Home Down Down c a \"Operators\" Enter r \"pilot\" Down Space Enter y",
    );
    let text = from.copied[0].clone();
    let mut t = scopes();
    t.paste(&text);
    pictures("paste", t);
}

#[test]
fn pictures_of_pasted_accounts() {
    let mut t = marked();
    t.paste(&format!("{JOHN}\nEveryone\nBUILTIN\\Administrators\nGROUP INFORMATION\n"));
    pictures("paste_accounts", t);
}

#[test]
fn pictures_of_copy_into() {
    let mut t = scopes();
    t.keys("? \"copy into\" Enter Ctrl+A");
    pictures("copy_into", t);
}

#[test]
fn pictures_of_text_to_select() {
    let mut t = scopes();
    t.clipboard_takes = Err("this terminal has no clipboard".to_owned());
    t.keys("y");
    pictures("plain_text", t);
}

#[test]
fn what_is_listed_is_exported_to_a_file_that_is_never_overwritten_unasked() {
    let mut t = scopes();
    go(&mut t, "roles/Administrator")
        .keys("E")
        .sees("Export list")
        .keys("Tab Right Tab Tab Ctrl+A \"/x/list\" Enter");
    t.sees("Written: /x/list.json.");
    let text = String::from_utf8(t.files["/x/list.json"].clone()).unwrap();
    assert_eq!(text.matches("\"kind\": \"operation\"").count(), 34, "{text}");
    // The same file again, as CSV of the tree.
    t.keys("E Right Tab Tab Tab Ctrl+A \"/x/list.json\" Enter")
        .sees("/x/list.json is there already")
        .keys("Esc");
    assert_eq!(String::from_utf8(t.files["/x/list.json"].clone()).unwrap(), text);
    t.keys("E Right Tab Tab Right Enter").sees("Copied the list");
    assert!(
        t.copied.last().unwrap().starts_with("depth,kind,name,path\n\"0\",\"store\",\"InitialStore.xml\"")
    );
    t.keys("p E").sees("(x) Problems").keys("Tab Left Tab Right Enter");
    assert!(t.copied.last().unwrap().starts_with("| Code | Severity | Message |"));
}

#[test]
fn pictures_of_exporting() {
    let mut t = scopes();
    t.keys("E Tab");
    pictures("export", t);
}
