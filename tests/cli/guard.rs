use crate::support::Place;

const STORE: &str = "InitialStore.xml";
const ADMINS: &str = "S-1-5-32-544";

#[test]
fn a_lockout_is_refused_until_it_is_named() {
    let place = Place::with_sample();
    let before = place.read(STORE);
    let remove = ["edit", STORE, "remove", "assignment", "Administrator", "--member", ADMINS];
    place.run(&remove).exits(4).says("lockout: Nobody would be left").says("--allow lockout").says(ADMINS);
    assert_eq!(place.read(STORE), before);
    assert!(!place.path(".state").exists(), "what is refused keeps no version");
    place.run(&[remove.as_slice(), &["--allow", "broad"]].concat()).exits(4).says("lockout");
    place.run(&[remove.as_slice(), &["--allow", "everything"]].concat()).exits(2);
    assert_eq!(place.read(STORE), before);
    let run = place.run(&[remove.as_slice(), &["--dry-run"]].concat()).exits(0);
    assert!(run.out.contains("Saving asks for --allow") && run.out.contains("lockout:"), "{run:#?}");
    assert_eq!(place.read(STORE), before);
    place.run(&[remove.as_slice(), &["--allow", "lockout"]].concat()).exits(0);
    assert_ne!(place.read(STORE), before);
}

#[test]
fn every_code_that_objects_must_be_named() {
    let place = Place::with_sample();
    let script =
        b"rename application 'Hyper-V services' Mine\nadd assignment Administrator --member Everyone\n";
    let edit = |allow: &[&str]| place.run_with(&[&["edit", STORE, "--script", "-"], allow].concat(), script);
    edit(&[]).exits(4).says("--allow application-gone --allow broad");
    let run = edit(&["--allow", "broad"]).exits(4);
    assert!(!run.err.contains("broad:") && run.err.contains("application-gone:"), "{run:#?}");
    edit(&["--allow", "broad", "--allow=application-gone"]).exits(0);
}

#[test]
fn restoring_is_guarded_too() {
    let place = Place::with_sample();
    let add =
        ["edit", STORE, "add", "assignment", "Administrator", "--member", "S-1-1-0", "--allow", "broad"];
    place.run(&add).exits(0);
    place.run(&["edit", STORE, "remove", "assignment", "Administrator", "--member", "S-1-1-0"]).exits(0);
    let before = place.read(STORE);
    place.run(&["restore", STORE]).exits(4).says("broad: Everyone").says("--allow broad");
    assert_eq!(place.read(STORE), before);
    place.run(&["restore", STORE, "--allow", "broad"]).exits(0);
    place.run(&["restore", STORE]).exits(0);
    assert_eq!(place.read(STORE), before);
}

#[test]
fn mending_takes_nobodys_rights() {
    let place = Place::new();
    let sample = String::from_utf8(include_bytes!("../../assets/InitialStore.xml").to_vec()).unwrap();
    // The only administrator is listed twice; the fix drops one of the two, which locks nobody out.
    let twice = sample.replace(
        "<Member>S-1-5-32-544</Member>",
        "<Member>S-1-5-32-544</Member><Member>S-1-5-32-544</Member>",
    );
    assert_ne!(twice, sample);
    place.write(STORE, twice.as_bytes());
    place.run(&["check", "--fix", STORE]).exits(0).says("mended 1");
    assert_eq!(place.read(STORE), sample.as_bytes());
    place.run(&["check", STORE, "--allow", "broad"]).exits(2);
}
