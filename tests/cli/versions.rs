use crate::support::Place;

const STORE: &str = "InitialStore.xml";

#[test]
fn every_save_can_be_taken_back_by_its_id() {
    let place = Place::with_sample();
    let mut versions = vec![place.read(STORE)];
    for name in ["One", "Two", "Three"] {
        place.run(&["edit", STORE, "create", "scope", name]).exits(0);
        versions.push(place.read(STORE));
    }
    let log = place.run(&["log", STORE]).exits(0).out;
    let ids: Vec<_> = log
        .lines()
        .filter(|line| line.contains(" bytes"))
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(ids.len(), 3, "{log}");
    // The newest first: the version that the last save replaced.
    assert!(log.lines().next().unwrap().contains("Three"), "{log}");
    for (id, version) in ids.iter().rev().zip(&versions) {
        place.run(&["restore", STORE, id]).exits(0).says("To go back");
        assert_eq!(place.read(STORE), *version, "{id}");
        place.run(&["restore", STORE, id]).exits(0).says("already");
    }
    place.run(&["restore", STORE, "20000101-000000"]).exits(2).says("20000101-000000");
    place.run(&["restore", STORE, "../../etc/passwd"]).exits(2);
}

#[test]
fn without_an_earlier_version_nothing_is_restored() {
    let place = Place::with_sample();
    let before = place.read(STORE);
    place.run(&["log", STORE]).exits(0).says("No earlier version");
    place.run(&["restore", STORE]).exits(4).says("no earlier version");
    assert_eq!(place.read(STORE), before);
}

/// A save that was interrupted between its two steps, as only Windows has them.
#[test]
fn a_store_that_lost_its_name_gets_it_back_when_that_is_asked_for() {
    let place = Place::with_sample();
    place.run(&["edit", STORE, "create", "scope", "One"]).exits(0);
    let log = place.run(&["log", STORE]).exits(0).out;
    let earlier = log.split(' ').next().unwrap();
    let bytes = place.read(STORE);
    let kept = format!(".{STORE}.azedit-0123456789ab.tmp.old");
    let lose = || std::fs::rename(place.path(STORE), place.path(&kept)).unwrap();

    lose();
    let run = place.run(&["edit", STORE, "create", "scope", "Two"]).exits(3);
    run.says(&kept).says("azedit restore InitialStore.xml");
    assert!(!place.path(STORE).exists(), "nothing is mended unasked");
    place.run(&["restore", STORE]).exits(0).says("has its name back");
    assert_eq!(place.read(STORE), bytes);
    assert!(!place.path(&kept).exists());

    lose();
    place.run(&["restore", STORE, earlier]).exits(0).says("has its name back").says("Restored");
    assert_eq!(place.read(STORE), include_bytes!("../../assets/InitialStore.xml").as_slice());
}

#[test]
fn a_store_that_was_removed_or_broken_comes_back() {
    let place = Place::with_sample();
    place.run(&["edit", STORE, "create", "scope", "One"]).exits(0);
    let original = include_bytes!("../../assets/InitialStore.xml").as_slice();
    std::fs::remove_file(place.path(STORE)).unwrap();
    place.run(&["restore", STORE]).exits(0);
    assert_eq!(place.read(STORE), original);
    place.write(STORE, b"<broken");
    place.run(&["restore", STORE]).exits(0);
    assert_eq!(place.read(STORE), original);
    // What was broken is kept, but not brought back: it is no store, and nothing else differs.
    place.run(&["restore", STORE]).exits(4).says("passed over");
    assert_eq!(place.read(STORE), original);
}

#[test]
fn a_broken_version_is_passed_over_unless_it_is_named() {
    let place = Place::with_sample();
    let sample = place.read(STORE);
    place.run(&["edit", STORE, "create", "scope", "A"]).exits(0);
    place.write(STORE, b"broken");
    place.run(&["restore", STORE]).exits(0);
    assert_eq!(place.read(STORE), sample);
    // The broken file is the latest version now.
    std::fs::remove_file(place.path(STORE)).unwrap();
    place.run(&["restore", STORE]).exits(0).says("passed over");
    assert_eq!(place.read(STORE), sample);
    let log = place.run(&["log", STORE]).exits(0).out;
    let broken = log.split_whitespace().next().unwrap().to_owned();
    place.run(&["restore", STORE, &broken]).exits(3).says("this is not XML");
}
