//! The main screens and dialogs as pictures: what stands where, and which face each cell wears.
//!
//! At 80 × 24 in ASCII, as the poorest terminal shows them, and at 120 × 40. `cargo insta review`, or
//! `INSTA_UPDATE=always cargo test --test driver screens`, takes new pictures in.

use azedit::ui::glyphs::Tier;

use crate::driver::{Driver, PATH};

const JOHN: &str = "S-1-5-21-1004336348-1177238915-682003330-1001";

/// A store in the middle of work: a scope with an assignment that lacks its definition, one saved change before.
fn working() -> Driver {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"Johns VM Scope\" Enter");
    t.keys("c a \"Administrator\" Tab Tab").paste(JOHN).keys("Enter");
    t.keys("c a \"Empty\" Enter Up");
    t
}

/// Takes a picture in both sizes.
pub fn pictures(name: &str, mut t: Driver, sequence: &str) {
    t.keys(sequence);
    t.resize(120, 40);
    insta::assert_snapshot!(format!("{name}_120x40"), t.picture());
    t.tier = Tier::Ascii;
    t.resize(80, 24);
    insta::assert_snapshot!(format!("{name}_80x24"), t.picture());
}

#[test]
fn start() {
    pictures("start", Driver::start(), "");
}

#[test]
fn tree() {
    pictures("tree", working(), "");
}

#[test]
fn details() {
    pictures("details", working(), "Enter");
}

#[test]
fn details_of_a_role_definition() {
    pictures("role_definition", working(), "/ \"Administrator\" Enter Home / Enter Enter");
}

#[test]
fn editing_a_property_that_is_wrong() {
    pictures("edit", working(), "F2 \"a/b\" Enter");
}

#[test]
fn problems() {
    pictures("problems", working(), "p Down");
}

#[test]
fn search() {
    pictures("search", working(), "/ \"switch\"");
}

#[test]
fn create_menu() {
    pictures("create", working(), "c");
}

#[test]
fn form_with_an_error() {
    pictures("form", working(), "c r \"Admin?\" Tab");
}

#[test]
fn members_form() {
    pictures("members", working(), "a \"S-1-5-32-544\" Enter \"joe\" Ctrl+S");
}

#[test]
fn picker() {
    pictures("picker", working(), "r Space");
}

#[test]
fn operation_picker_with_a_filter() {
    pictures("operations", working(), "Home Down Down c r \"Starter\" Enter o \"virtual\" Down Down Space");
}

#[test]
fn delete() {
    pictures("delete", working(), "/ \"Johns\" Enter Del");
}

#[test]
fn save_as_objects() {
    pictures("save_objects", working(), "s");
}

#[test]
fn save_as_xml() {
    pictures("save_xml", working(), "s Tab");
}

#[test]
fn quit() {
    pictures("quit", working(), "q");
}

#[test]
fn help() {
    pictures("help", working(), "? \"member\"");
}

#[test]
fn filter() {
    pictures("filter", working(), "& \"admin\" Enter");
}

#[test]
fn filter_line() {
    pictures("filter_line", working(), "& \"vm\"");
}

#[test]
fn jump_list() {
    pictures("jump", working(), "G \"jvs\"");
}

#[test]
fn where_used() {
    pictures("where_used", working(), "G \"adm role definition\" Enter w");
}

#[test]
fn menu() {
    pictures("menu", working(), "m Down");
}

#[test]
fn palette() {
    pictures("palette", working(), ": \"prob\"");
}

#[test]
fn palette_with_a_change() {
    pictures("palette_change", working(), ": \"add assignment Empty --role \"");
}

#[test]
fn palette_with_a_fault() {
    pictures("palette_fault", working(), ": \"rename role Nobody Somebody\"");
}

#[test]
fn folded_signs() {
    pictures("folded", working(), "G \"hyper-v services\" Enter Left");
}

#[test]
fn conflict() {
    let mut t = working();
    let mut other = Driver::sample();
    other.keys("Home Down Down c s \"Joes VM Scope\" Enter d \"For Joe\" Enter s s");
    t.files.insert(PATH.to_owned(), other.files[PATH].clone());
    pictures("conflict", t, "s Esc s");
}

#[test]
fn recovery() {
    let killed = working();
    let mut t = killed.next_run();
    t.keys("o").paste(PATH).keys("Enter");
    pictures("recovery", t, "");
}

#[test]
fn hostile_names() {
    pictures("hostile", Driver::with(include_bytes!("../stores/hostile-names.xml")), "End Left Enter");
}

#[test]
fn plain() {
    let mut t = working();
    t.app.plain = true;
    pictures("plain", t, "");
}

#[test]
fn too_small() {
    let mut t = working();
    t.resize(39, 9);
    insta::assert_snapshot!("too_small", t.picture());
}
