//! Saving some of the unsaved differences: what is chosen is made, the rest comes back exactly.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use azedit::store::{Change, Difference, Kind, LeafKind, Session, What, diff};
use proptest::prelude::*;
use support::{Random, change, key, open, stores};

fn session(bytes: &[u8]) -> Session {
    Session::new(open(bytes))
}

#[allow(clippy::ref_option, reason = "as it stands in a difference")]
fn blank(text: &Option<String>) -> bool {
    text.as_deref().is_none_or(str::is_empty)
}

fn keys<'d>(differences: impl IntoIterator<Item = &'d Difference>) -> Vec<String> {
    // A group that is made has the language that its type asks for, and no empty rule. An attribute that is to be absent
    // becomes empty, which is as near as changes get.
    let what_matters = |difference: &Difference| {
        let mut difference = difference.clone();
        let matters = match &mut difference.what {
            What::Text { kind: LeafKind::BizRuleLanguage, .. } => difference.kind != Kind::Group,
            What::Text { old, new, .. } => !blank(old) || !blank(new),
            What::Attribute { name, old, new }
                if matches!(name.as_str(), "Description" | "ApplicationVersion" | "BizRuleImportedPath") =>
            {
                for text in [&mut *old, &mut *new] {
                    *text = text.take().filter(|text| !text.is_empty());
                }
                old != new
            }
            _ => true,
        };
        matters.then(|| key(&difference))
    };
    let mut keys: Vec<String> = differences.into_iter().filter_map(what_matters).collect();
    keys.sort();
    keys
}

fn run(bytes: &[u8], seed: u64) -> usize {
    let mut random = Random(seed);
    let mut session = session(bytes);
    for step in 0..30 {
        change(&mut session, &mut random, 1);
        if step == 10 {
            session.mark_saved();
        }
        if random.one_in(8) {
            session.undo();
        }
    }
    let Some(parts) = session.parts() else { return 0 };
    assert_eq!(keys(parts.all.iter().map(|part| &part.difference)), keys(&session.unsaved()));
    let now = session.store().rendering().to_bytes();
    let saved = session.saved().to_bytes();
    let steps = session.transactions().len();
    let mut chosen: Vec<bool> = parts.all.iter().map(|_| !random.one_in(3)).collect();
    let asked = chosen.clone();
    let left_out = session.settle(&parts, &mut chosen);
    assert_eq!(left_out.len(), asked.iter().zip(&chosen).filter(|(a, b)| a != b).count());
    assert_eq!(session.store().rendering().to_bytes(), now, "choosing changes nothing");
    if chosen.iter().all(|&chosen| chosen) {
        return 0;
    }
    let is_clean = session.with_only(&parts, &chosen, |session| {
        assert_eq!(session.is_dirty(), session.position() > 0);
        session.store().rendering().to_bytes() == saved
    });
    assert_eq!(is_clean, !chosen.contains(&true), "nothing chosen is the saved file, byte for byte");
    assert_eq!(session.store().rendering().to_bytes(), now);
    assert_eq!(session.transactions().len(), steps, "looking leaves nothing behind");

    session.leave_only(&parts, &chosen, "set aside");
    let part = session.store().rendering().to_bytes();
    let made = diff(&open(&saved), &open(&part));
    let wanted =
        parts.all.iter().zip(&chosen).filter(|(_, chosen)| **chosen).map(|(part, _)| &part.difference);
    assert_eq!(keys(&made), keys(wanted));
    session.undo().unwrap();
    assert_eq!(session.store().rendering().to_bytes(), now, "undone, it is as before");
    session.redo().unwrap();

    session.mark_saved();
    let (_, unsaid) = session.bring_back("bring back").unwrap();
    let words = session.transactions()[session.position() - 1].changes.clone();
    assert_eq!(session.store().rendering().to_bytes(), now, "brought back, it is as before");
    let others =
        parts.all.iter().zip(&chosen).filter(|(_, chosen)| !**chosen).map(|(part, _)| &part.difference);
    assert_eq!(keys(&session.unsaved()), keys(others), "what was not saved is unsaved");
    if unsaid == 0 {
        let mut replayed = self::session(&part);
        let lines: Vec<Change> = words.iter().map(|c| Change::parse(&c.to_string()).unwrap()).collect();
        replayed.apply(&lines, "replay").unwrap();
        // But for what is absent and not empty.
        let left = diff(replayed.store(), &open(&now));
        let left: Vec<_> = left
            .iter()
            .filter(|d| match &d.what {
                What::Attribute { name, old, new } => name != "RoleDefinition" && !blank(old) && !blank(new),
                What::Text { old, new, .. } => !blank(old) && !blank(new),
                _ => true,
            })
            .collect();
        assert!(left.is_empty(), "the journal says the same: {left:#?}");
    }
    let edited = session.edited(session.position() - 1).len();
    session.undo().unwrap();
    assert!(!session.is_dirty());
    assert_eq!(session.store().rendering().to_bytes(), part);
    assert!(edited <= 2 * parts.all.len(), "{edited} objects for {} differences", parts.all.len());
    left_out.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_part_is_saved_and_the_rest_stays(seed in any::<u64>(), which in any::<prop::sample::Index>()) {
        let mut stores = stores();
        // Objects that share a GUID are told apart by their paths, so that two comparisons may tell them differently.
        stores.retain(|(_, bytes)| !String::from_utf8_lossy(bytes).contains("Same GUID as One"));
        let (_, bytes) = which.get(&stores);
        run(bytes, seed);
    }
}

const STORE: &str = "<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"><AzApplication \
     Guid=\"00000000-0000-4000-8000-000000000001\" Name=\"App\"></AzApplication></AzAdminManager>";

#[test]
fn what_depends_on_a_part_is_left_out_with_it() {
    let mut session = session(STORE.as_bytes());
    for line in [
        "create operation Op --id 1",
        "create role R --operation Op",
        "create scope S",
        "create assignment A --in S --role R --member S-1-1-0",
    ] {
        session.apply(&[Change::parse(line).unwrap()], line).unwrap();
    }
    let parts = session.parts().unwrap();
    let number = |name: &str, what: &dyn Fn(&What) -> bool| {
        parts.all.iter().position(|p| p.difference.name == name && what(&p.difference.what)).unwrap()
    };
    let added = |what: &What| *what == What::Added;
    let without = |session: &mut Session, number: usize| {
        let mut chosen = vec![true; parts.all.len()];
        chosen[number] = false;
        session.settle(&parts, &mut chosen);
        chosen.iter().filter(|chosen| !**chosen).count()
    };
    // The scope: itself, the assignment in it, its role and its member.
    assert_eq!(without(&mut session, number("S", &added)), 4);
    // The operation: itself and the link to it.
    assert_eq!(without(&mut session, number("Op", &added)), 2);
    // The member: nothing else.
    let member = |what: &What| matches!(what, What::Linked { target: None, .. });
    assert_eq!(without(&mut session, number("A", &member)), 1);
}

#[test]
fn what_was_undone_past_the_save_is_a_part_too() {
    let mut session = session(STORE.as_bytes());
    for line in ["create scope S", "create scope T", "create scope U"] {
        session.apply(&[Change::parse(line).unwrap()], line).unwrap();
    }
    session.mark_saved();
    session.undo();
    session.undo();
    let parts = session.parts().unwrap();
    assert_eq!(parts.all.len(), 2);
    let now = session.store().rendering().to_bytes();
    let seen = session.with_only(&parts, &[true, false], |session| session.store().rendering().to_bytes());
    let seen = String::from_utf8(seen).unwrap();
    assert!(seen.contains("Name=\"S\"") && seen.matches("<AzScope").count() == 2, "{seen}");
    assert_eq!(session.store().rendering().to_bytes(), now);
    assert_eq!(session.transactions().len(), 3, "redo is still there");
    session.redo().unwrap();
    session.redo().unwrap();
    assert!(!session.is_dirty());
}
