//! The steps of a session, and the versions of a file.

use azedit::app::JournalStep;
use azedit::store::Store;
use azedit::ui::glyphs::Tier;

use crate::driver::{Driver, PATH, SAMPLE};
use crate::recovery::assert_replays;

fn three_scopes() -> Driver {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"One\" Enter c s \"Two\" Enter s s c s \"Three\" Enter");
    t
}

fn scopes(bytes: &[u8]) -> Vec<String> {
    let store = Store::open(bytes.to_vec()).unwrap();
    let scopes = store.walk().filter(|&id| store.kind(id) == azedit::store::Kind::Scope);
    scopes.map(|id| store.name(id).into_owned()).collect()
}

#[test]
fn the_history_says_where_we_are_and_what_is_saved() {
    let mut t = three_scopes();
    t.keys("H")
        .sees("Steps in InitialStore.xml")
        .sees("as it was opened")
        .sees("create scope \"Two\"  (saved)");
    t.sees("create scope \"Three\"  (now)").keys("Esc u H").sees("(now, saved)").keys("Esc U");
}

#[test]
fn any_step_can_be_gone_to_and_come_back_from() {
    let mut t = three_scopes();
    t.keys("H Home Enter").sees("Undone: 3 steps.");
    assert_eq!(t.bytes(), SAMPLE);
    assert_replays(&t);
    t.keys("H End Enter").sees("Done again: 3 steps.");
    assert_eq!(scopes(&t.bytes()), ["One", "Two", "Three"]);
    assert_replays(&t);
    t.keys("H Home Down Enter");
    assert_eq!(scopes(&t.bytes()), ["One"]);
    t.keys("H Enter");
    assert_eq!(scopes(&t.bytes()), ["One"], "where we are already");
    assert_replays(&t);
}

#[test]
fn nothing_is_gone_to_where_nothing_may_change() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"One\" Enter");
    t.app.read_only = true;
    t.keys("H Home Enter").sees("Read-only");
    assert_eq!(scopes(&t.bytes()), ["One"]);
}

#[test]
fn each_version_says_what_its_save_changed() {
    let mut t = three_scopes();
    t.keys("s s V").sees("Saves of InitialStore.xml").sees("create scope \"Three\"").sees("root@host");
    t.keys("Enter").sees("What this save changed:").sees("+ scope Three").sees("- scope Three").keys("Esc");
    t.keys("Down Enter").sees("+ scope One").sees("+ scope Two").keys("Esc Esc").sees_not("Saves of");
}

#[test]
fn a_version_comes_back_byte_for_byte() {
    let mut t = three_scopes();
    t.keys("V r").sees("Save or undo your changes first").keys("Esc s s V End r");
    t.sees("Restore the version before the save 0").sees("- scope").sees("[ Restore s ]").keys("s");
    t.sees("Restored as it was before the save 0.").sees("To go back");
    assert_eq!(t.files[PATH], SAMPLE);
    assert_eq!(t.bytes(), SAMPLE);
    assert_eq!(t.journal(), [] as [JournalStep; 0]);
    t.keys("V Enter").sees("- scope Three").keys("Esc r s");
    assert_eq!(scopes(&t.files[PATH]), ["One", "Two", "Three"], "and back again");
}

#[test]
fn restoring_asks_what_a_save_would_ask() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c a \"All\" Enter r Space Enter a \"S-1-1-0\" Ctrl+S s").sees("Saving asks first");
    t.keys("\"Everyone\" Enter").sees("Saved and on disk.");
    t.keys("x y s s").sees("Saved and on disk.");
    t.keys("V r").sees("Saving asks first").sees("To save, type Everyone").keys("s Enter");
    assert_eq!(t.logged.len(), 2, "nothing without the name");
    t.keys("Ctrl+U \"Everyone\" Enter").sees("Restored");
    assert_eq!(t.logged.len(), 3);
}

#[test]
fn a_version_does_not_take_the_place_of_what_somebody_else_wrote() {
    let mut t = three_scopes();
    t.keys("s s V r");
    let theirs = [SAMPLE, b"<!-- theirs -->"].concat();
    t.files.insert(PATH.to_owned(), theirs.clone());
    t.keys("s").sees("is not what was read");
    assert_eq!(t.files[PATH], theirs);
}

#[test]
fn the_lists_as_they_look() {
    for (width, height, tier, theme) in [(80, 24, Tier::Ascii, "mono"), (120, 40, Tier::Unicode, "dark")] {
        let mut t = three_scopes();
        (t.tier, t.theme) = (tier, theme);
        t.resize(width, height).keys("u H");
        insta::assert_snapshot!(format!("history_{width}x{height}"), t.picture());
        t.keys("Esc V");
        insta::assert_snapshot!(format!("versions_{width}x{height}"), t.picture());
        t.keys("r");
        insta::assert_snapshot!(format!("restore_{width}x{height}"), t.picture());
    }
}
