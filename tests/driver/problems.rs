//! Problems: what a fix would do, all of a kind, hiding a kind.

use azedit::store::Store;
use azedit::ui::glyphs::Tier;

use crate::driver::{Driver, SAMPLE};

/// The sample with links to nothing in its role definition, and an assignment without members.
fn broken() -> Driver {
    let text = String::from_utf8(SAMPLE.to_vec()).unwrap();
    let link = |digit: char| {
        let guid = "00000000-0000-4000-8000-00000000000d".replace('d', &digit.to_string());
        format!("<OperationLink>{guid}</OperationLink>")
    };
    let at = text.find("<OperationLink>").unwrap();
    let text = format!("{}{}{}{}", &text[..at], link('e'), link('f'), &text[at..]);
    let mut t = Driver::with(text.as_bytes());
    t.keys("Home Down Down c a \"Empty\" Enter");
    t
}

fn dangling(t: &Driver) -> usize {
    let store = Store::open(t.bytes()).unwrap();
    let leaves = store.walk().flat_map(|id| store.leaves(id).collect::<Vec<_>>()).collect::<Vec<_>>();
    leaves.into_iter().filter(|&leaf| store.leaf_kind(leaf).is_link() && store.target(leaf).is_none()).count()
}

/// Selects the first problem of this kind.
fn select(t: &mut Driver, code: &str) {
    t.keys("p Home");
    for _ in 0..20 {
        if t.app.doc().unwrap().selected_problem().unwrap().code == code {
            return;
        }
        t.keys("Down");
    }
    panic!("{code}");
}

#[test]
fn a_fix_is_shown_before_it_is_made() {
    let mut t = broken();
    assert_eq!(dangling(&t), 2);
    let code = fixable(&mut t);
    select(&mut t, code);
    t.sees("f: remove").keys("f");
    assert_eq!(dangling(&t), 1);
    t.keys("u");
    assert_eq!(dangling(&t), 2);
}

/// The kind of problem that a link to nothing is.
fn fixable(t: &mut Driver) -> &'static str {
    let doc = t.app.doc().unwrap();
    let found = doc.shown_problems().find(|finding| !azedit::check::fix(doc.store(), finding).is_empty());
    found.unwrap().code
}

#[test]
fn all_of_a_kind_are_fixed_in_one_step() {
    let mut t = broken();
    let code = fixable(&mut t);
    select(&mut t, code);
    t.keys("F").sees("Fixed all 2").keys("u");
    assert_eq!(dangling(&t), 2, "one step");
    t.keys("U");
    assert_eq!(dangling(&t), 0);
    select(&mut t, "AZ-412");
    t.keys("F").sees("AZ-412 has no safe fix");
}

#[test]
fn a_kind_is_hidden_for_the_session() {
    let mut t = broken();
    let all = t.app.doc().unwrap().problems.count;
    select(&mut t, "AZ-412");
    t.keys("i").sees("AZ-412 is hidden").sees("1 hidden").sees_not("! AZ-412");
    assert_eq!(t.app.doc().unwrap().problems.count, all - 1);
    // It counts on: what is hidden and what is not.
    t.keys("Home Down Down c a \"Bare\" Enter").sees("2 hidden");
    t.keys("?").keys("\"show hidden\" Enter").sees("All problems are shown again.").sees_not("hidden)");
    assert!(t.app.doc().unwrap().shown_problems().any(|finding| finding.code == "AZ-412"));
    t.keys("F5 d");
}

#[test]
fn the_pane_as_it_looks() {
    for (width, height, tier, theme) in [(80, 24, Tier::Ascii, "mono"), (120, 40, Tier::Unicode, "dark")] {
        let mut t = broken();
        (t.tier, t.theme) = (tier, theme);
        t.resize(width, height);
        let code = fixable(&mut t);
        select(&mut t, code);
        insta::assert_snapshot!(format!("problems_fix_{width}x{height}"), t.picture());
    }
}
