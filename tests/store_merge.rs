//! Three-way merges: nothing of either side is lost unseen, and nothing is decided by itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use azedit::store::{Change, Did, Difference, LeafKind, Merge, Session, What, diff};
use proptest::prelude::*;
use support::{Random, changed, key, open, stores};

/// Merges with one answer to all conflicts. Gives the merged bytes.
fn merged(base: &[u8], mine: &[u8], theirs: &[u8], ours: bool) -> (Vec<u8>, Merge, Vec<(usize, String)>) {
    let mut there = open(theirs);
    let merge = Merge::of(&open(base), &open(mine), &mut there);
    let chosen: Vec<bool> = merge
        .items
        .iter()
        .map(|item| item.did == Did::Mine || item.did == Did::Differently && ours)
        .collect();
    let (changes, refused) = merge.changes(&mut there, &chosen);
    assert_eq!(there.rendering().to_bytes(), theirs, "trying leaves their store as it is");
    let lines: Vec<Change> = changes.iter().map(|c| Change::parse(&c.to_string()).unwrap()).collect();
    let mut session = Session::new(there);
    session.apply(&lines, "merge").unwrap_or_else(|(at, e)| panic!("{e}: {}", lines[at]));
    (session.store().rendering().to_bytes(), merge, refused)
}

fn run(bytes: &[u8], seed: u64) -> (usize, usize) {
    let mut random = Random(seed);
    let base = changed(bytes, &mut random, 8);
    let mine = changed(&base, &mut random, 12);
    let theirs = changed(&base, &mut random, 12);
    let (result, merge, refused) = merged(&base, &mine, &theirs, false);
    // Every change of either side is in the list.
    let listed = |of: fn(&azedit::store::Item) -> &Vec<Difference>| -> Vec<String> {
        merge.items.iter().flat_map(|item| of(item).iter().map(key)).collect()
    };
    for difference in diff(&open(&base), &open(&mine)) {
        assert!(listed(|item| &item.mine).contains(&key(&difference)), "{difference:?}");
    }
    for difference in diff(&open(&base), &open(&theirs)) {
        assert!(listed(|item| &item.theirs).contains(&key(&difference)), "{difference:?}");
    }
    // With their side of every conflict, all that they did is still done, and so is what only we did.
    let done: Vec<String> = diff(&open(&base), &open(&result)).iter().map(key).collect();
    let refused: Vec<usize> = refused.into_iter().map(|(number, _)| number).collect();
    // What a new object has of itself is not told apart from it.
    let store = open(&result);
    let is_done = |difference: &Difference| match &difference.what {
        What::Attribute { name, old: None, new: Some(new) } => {
            let wanted = (name.clone(), new.clone());
            let has = |id| store.name(id) == difference.name && store.attributes(id).contains(&wanted);
            done.contains(&key(difference)) || store.walk().any(has)
        }
        _ => done.contains(&key(difference)),
    };
    for (number, item) in merge.items.iter().enumerate() {
        for theirs in &item.theirs {
            assert!(is_done(theirs), "{:?} lost {theirs:?}\n{done:#?}", item.did);
        }
        if item.did == Did::Mine && !refused.contains(&number) {
            for mine in item.mine.iter().filter(|mine| !is_entailed(mine)) {
                assert!(is_done(mine), "lost {mine:?}\n{done:#?}");
            }
        }
    }
    let conflicts = merge.items.iter().filter(|item| item.did == Did::Differently).count();
    let (result, ..) = merged(&base, &mine, &theirs, true);
    open(&result);
    (conflicts, merge.items.len())
}

/// What a type of group brings along or takes away.
fn is_entailed(difference: &Difference) -> bool {
    matches!(difference.what, What::Text { kind: LeafKind::BizRuleLanguage, .. })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_merge_loses_nothing(seed in any::<u64>(), which in any::<prop::sample::Index>()) {
        let mut stores = stores();
        // Objects that share a GUID are told apart by their paths: where an object above them is renamed, what was
        // changed in them is seen as another object in the same place, and not as the same change.
        stores.retain(|(_, bytes)| !String::from_utf8_lossy(bytes).contains("Same GUID as One"));
        let (_, bytes) = which.get(&stores);
        run(bytes, seed);
    }
}

#[test]
fn with_one_side_idle_a_merge_is_the_other_side() {
    for (number, (path, bytes)) in stores().iter().enumerate() {
        let mut random = Random(31 + number as u64);
        let other = changed(bytes, &mut random, 15);
        let (result, merge, _) = merged(bytes, bytes, &other, false);
        assert_eq!(result, other, "{}", path.display());
        assert!(merge.items.iter().all(|item| item.did == Did::Theirs));
        let (_, merge, _) = merged(bytes, &other, bytes, false);
        assert!(merge.items.iter().all(|item| item.did == Did::Mine));
        let (_, merge, _) = merged(bytes, &other, &other, false);
        assert!(merge.items.iter().all(|item| item.did == Did::Both), "{}", path.display());
    }
}

const APP: &str = "00000000-0000-4000-8000-000000000001";

fn store(lines: &[&str]) -> Vec<u8> {
    let text = format!(
        "<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"><AzApplication Guid=\"{APP}\" Name=\"App\">\
         </AzApplication></AzAdminManager>"
    );
    edited(text.as_bytes(), lines)
}

fn edited(bytes: &[u8], lines: &[&str]) -> Vec<u8> {
    let mut session = Session::new(open(bytes));
    let changes: Vec<Change> = lines.iter().map(|line| Change::parse(line).unwrap()).collect();
    session.apply(&changes, "edit").unwrap();
    session.store().rendering().to_bytes()
}

/// The scopes and assignments with their descriptions and members.
fn content(bytes: &[u8]) -> Vec<String> {
    let store = open(bytes);
    let line = |id| {
        let texts: Vec<_> = store.leaves(id).map(|leaf| store.text(leaf).into_owned()).collect();
        format!("{} {} {}", store.name(id), store.description(id).unwrap_or_default(), texts.join(" "))
            .trim_end()
            .to_owned()
    };
    store.walk().skip(2).map(line).collect()
}

#[test]
fn conflicts_are_decided_one_by_one() {
    let base = store(&["create scope S", "create assignment A --in S --member S-1-1-0", "create scope T"]);
    let mine = edited(&base, &["set scope S description mine", "add assignment A --in S --member S-1-5-11"]);
    let theirs = edited(&base, &["set scope S description theirs", "delete scope T", "create scope U"]);
    let (result, merge, _) = merged(&base, &mine, &theirs, false);
    let did: Vec<Did> = merge.items.iter().map(|item| item.did).collect();
    assert_eq!(did, [Did::Differently, Did::Mine, Did::Theirs, Did::Theirs]);
    assert_eq!(content(&result), ["S theirs", "A  S-1-1-0 S-1-5-11", "U"]);
    let (result, ..) = merged(&base, &mine, &theirs, true);
    assert_eq!(content(&result), ["S mine", "A  S-1-1-0 S-1-5-11", "U"]);
}

#[test]
fn what_they_removed_and_we_changed_comes_back_if_we_say_so() {
    let base = store(&["create scope S", "create assignment A --in S --member S-1-1-0"]);
    let mine = edited(&base, &["add assignment A --in S --member S-1-5-11", "create assignment B --in S"]);
    let theirs = edited(&base, &["delete scope S"]);
    let (result, merge, _) = merged(&base, &mine, &theirs, false);
    assert_eq!((merge.items.len(), merge.items[0].did), (1, Did::Differently));
    assert_eq!(content(&result), [""; 0]);
    let (result, ..) = merged(&base, &mine, &theirs, true);
    assert_eq!(content(&result), ["S", "A  S-1-1-0 S-1-5-11", "B"]);
}

#[test]
fn what_we_removed_and_they_changed_goes_if_we_say_so() {
    let base = store(&["create scope S", "create role R", "create assignment A --in S"]);
    let mine = edited(&base, &["delete scope S", "delete role R"]);
    let theirs = edited(
        &base,
        &[
            "create assignment B --in S --role R",
            "set role R description used",
            "add assignment A --in S --role R",
        ],
    );
    let (result, merge, _) = merged(&base, &mine, &theirs, false);
    assert!(merge.items.iter().all(|item| item.did == Did::Differently), "each removal meets a change");
    assert_eq!(diff(&open(&result), &open(&theirs)), []);
    let (result, ..) = merged(&base, &mine, &theirs, true);
    assert_eq!(content(&result), [""; 0]);
}

#[test]
fn a_name_that_both_took_is_said() {
    let base = store(&[]);
    let mine = edited(&base, &["create scope S"]);
    let theirs = edited(&base, &["create scope S --description other"]);
    let (result, merge, refused) = merged(&base, &mine, &theirs, true);
    let ours = merge.items.iter().find(|item| item.did == Did::Mine).unwrap();
    assert!(ours.unfit.as_deref().unwrap().contains("There is already a scope \"S\""));
    assert_eq!(refused.len(), 1);
    assert_eq!(content(&result), ["S other"]);
}
