//! One node's store brought into line with another's, on random stores: what differs is gone, by names, and nothing else
//! is touched.
#![allow(clippy::string_slice, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeMap;

use azedit::hyperv::cluster::{alignment, compare, side_by_side};
use azedit::store::{Change, Guid, Kind, Session, Store};
use proptest::prelude::*;
use support::{Random, changed, open};

const SAMPLE: &[u8] = include_bytes!("../assets/InitialStore.xml");

/// The store as another node made it: every object has another GUID.
fn elsewhere(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let store = open(bytes);
    let mut text = String::from_utf8(bytes.to_vec()).unwrap();
    for id in store.walk() {
        let Some(guid) = store.guid_text(id) else { continue };
        let new = format!("{:08x}-{}", random.next() >> 32, &guid[9..]);
        text = text.replace(&*guid, &new);
    }
    text.into_bytes()
}

fn guids(store: &Store) -> BTreeMap<(String, Kind), Guid> {
    store.walk().filter_map(|id| Some(((store.path(id), store.kind(id)), store.guid(id)?))).collect()
}

/// Aligns one with the other, wholly or in part. Gives how many differences could not be said, and how many could.
fn run(seed: u64) -> (usize, usize) {
    let mut random = Random(seed);
    let base = changed(SAMPLE, &mut random, 10);
    let one = changed(&base, &mut random, 8);
    let other = elsewhere(&changed(&base, &mut random, 8), &mut random);
    let (from, to) = (open(&one), open(&other));
    let before = side_by_side(&[&from, &to]);
    let merge = alignment(&from, &to).unwrap();
    assert!(before.is_empty() || !merge.items.is_empty(), "what differs can be chosen");
    let fits: Vec<bool> = merge.items.iter().map(|item| item.unfit.is_none()).collect();
    let made = |chosen: &[bool]| {
        let (changes, refused) = merge.changes(&mut from.clone(), chosen);
        let lines: Vec<Change> = changes.iter().map(|c| Change::parse(&c.to_string()).unwrap()).collect();
        let mut session = Session::new(open(&one));
        session.apply(&lines, "align").unwrap_or_else(|(at, error)| panic!("{error}: {}", lines[at]));
        (session, refused.len())
    };
    let (mut session, refused) = made(&fits);
    assert_eq!(refused, 0, "what is said to fit does");
    if fits.iter().all(|fits| *fits) {
        let rows = side_by_side(&[session.store(), &to]);
        assert_eq!(rows, [], "nothing differs by names");
    }
    let (mine, theirs) = (guids(&from), guids(session.store()));
    for (key, guid) in &mine {
        assert!(theirs.get(key).is_none_or(|now| now == guid), "{key:?} keeps its GUID");
    }
    session.undo();
    assert_eq!(session.store().rendering().to_bytes(), one, "one step");
    // A part of it applies too, or says what it needs.
    let part: Vec<bool> = fits.iter().map(|fits| *fits && random.one_in(2)).collect();
    let _ = made(&part);
    // And whole, with all that it needs.
    let needs = merge.needs(&from);
    let mut closed = part;
    while let Some(at) =
        (0..closed.len()).find(|&at| closed[at] && needs[at].iter().any(|&of| fits[of] && !closed[of]))
    {
        needs[at].iter().for_each(|&of| closed[of] |= fits[of]);
    }
    let (_, refused) = merge.changes(&mut from.clone(), &closed);
    let refused: Vec<_> = refused.iter().map(|(at, why)| (why, &merge.items[*at].mine)).collect();
    assert!(refused.is_empty(), "what is needed is told: {refused:#?}");
    (fits.iter().filter(|fits| !**fits).count(), fits.len())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_differs_is_gone_and_undo_brings_it_back(seed: u64) {
        run(seed);
    }

    /// Looking at stores in another order numbers them alike: who says the same is told by the numbers alone.
    #[test]
    fn comparing_does_not_depend_on_the_order(seed: u64) {
        let mut random = Random(seed);
        let base = changed(SAMPLE, &mut random, 10);
        let [a, b] = [0, 1].map(|_| open(&changed(&base, &mut random, 4)));
        let c = open(&elsewhere(&base, &mut random));
        let all = compare(&[&a, &b, &c], &|_| true).unwrap();
        let turned = compare(&[&c, &a, &b], &|_| true).unwrap();
        prop_assert_eq!(all.objects.len(), turned.objects.len());
        for (x, y) in all.objects.iter().zip(&turned.objects) {
            prop_assert_eq!((&x.path, x.kind), (&y.path, y.kind));
            let same = |of: &[Option<usize>], i: usize, j: usize| of[i] == of[j];
            let (v, w) = (&x.variants, &y.variants);
            prop_assert_eq!(
                (same(v, 0, 1), same(v, 1, 2), same(v, 0, 2)),
                (same(w, 1, 2), same(w, 2, 0), same(w, 1, 0))
            );
            prop_assert!(v.iter().flatten().max() > Some(&1) || v.contains(&None), "{x:?}");
        }
    }
}

#[test]
fn most_of_what_differs_can_be_said() {
    let (unsaid, all) = (0..60).map(run).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(all > 300 && unsaid * 10 < all, "{unsaid} of {all}");
}
