//! Saves that do not end well.

use std::path::PathBuf;

use azedit::app::sheet::Prop;
use azedit::app::{HostEvent, Input, SaveFailure};

use crate::driver::{Driver, PATH, SAMPLE};
use crate::recovery::assert_replays;

fn failed(t: &mut Driver, failure: SaveFailure) {
    let id = t.app.doc().unwrap().id;
    t.input(Input::Host(HostEvent::Saved(id, Err(failure))));
}

#[test]
fn a_failed_save_keeps_everything_and_says_so() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"S\" Enter s");
    failed(&mut t, SaveFailure::Failed("Not saved: the disk is full.".to_owned()));
    t.sees("the disk is full").sees("kept here and in the recovery journal").keys("Esc Esc").sees("1 change");
    assert_eq!(t.journal().len(), 1);
    assert_eq!(t.files[PATH], SAMPLE);
}

#[test]
fn what_goes_from_a_place_where_something_stays_is_a_change_of_the_file() {
    let mut t = Driver::with(
        b"<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\">\n\
          <AzApplication Guid=\"00000000-0000-4000-8000-000000000001\" Name=\"A\"/></AzAdminManager>",
    );
    t.keys("Home Down Down").selected("A").keys("d \"Described\" Enter");
    t.keys("D");
    azedit::app::editing::edit_prop(&mut t.app, Prop::Version);
    t.keys("\"1.2\" Enter s s").sees("Saved").keys("u").sees("1 change");
    let saved = String::from_utf8(t.files[PATH].clone()).unwrap();
    assert!(saved.contains("Description=\"Described\" ApplicationVersion=\"1.2\"/>"), "{saved}");
    t.keys("s Tab").sees("ApplicationVersion=\"1.2\"").sees_not("No byte of the file changes.");
    t.keys("s").sees("Saved");
    assert_eq!(
        String::from_utf8(t.files[PATH].clone()).unwrap(),
        saved.replace(" ApplicationVersion=\"1.2\"", "")
    );
}

#[test]
fn only_the_element_that_comes_is_shown_beside_a_saved_one() {
    let mut t = Driver::sample();
    t.resize(120, 40).keys("Home Down Down c s \"One\" Enter s s c s \"Two\" Enter s Tab");
    t.sees("Name=\"Two\"").sees_not("Name=\"One\"");
}

#[test]
fn an_unconfirmed_save_counts_as_saved_but_keeps_the_journal() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"S\" Enter");
    failed(&mut t, SaveFailure::Unconfirmed("The disk did not confirm it.".to_owned()));
    t.sees("did not confirm").keys("Esc").sees_not("change");
    assert_eq!(t.journal().len(), 1);
}

#[test]
fn a_new_path_that_is_taken_is_asked_for_again() {
    let mut t = Driver::start();
    t.keys("t s").paste(PATH);
    t.files.insert(PATH.to_owned(), SAMPLE.to_vec());
    t.keys("Enter").sees("s asks for another path.").keys("Esc s").sees("This store has no file yet.");
    t.paste("/stores/other.xml").keys("Enter").sees("Saved and on disk.");
    assert_eq!(t.files[PATH], SAMPLE);
}

#[test]
fn a_file_that_is_gone_or_no_store_any_more_is_said() {
    for (bytes, says) in
        [(None, "InitialStore.xml is gone"), (Some(b"<html/>".to_vec()), "It is no store any more")]
    {
        let mut t = Driver::sample();
        t.keys("Home Down Down c s \"S\" Enter s");
        failed(&mut t, SaveFailure::Conflict { disk: bytes, message: "It changed.".to_owned() });
        // What cannot be read is not offered to be read again.
        t.sees(says)
            .sees("Nothing was written.")
            .sees_not("Reload")
            .sees("S writes it")
            .keys("Esc")
            .sees("1 change");
    }
}

#[test]
fn who_does_not_save_after_all_does_not_leave_either() {
    let mut t = Driver::start();
    t.keys("t Home Down Down c s \"S\" Enter q s").sees("This store has no file yet.").keys("Esc");
    t.keys("s").paste("/stores/later.xml").keys("Enter").sees("Saved and on disk.");
    assert!(!t.has_quit);
    t.keys("d \"text\" Enter q s").sees("Save later.xml").keys("Enter");
    assert!(t.has_quit);
}

#[test]
fn what_is_typed_means_the_same_wherever_a_path_is_asked_for() {
    for (form, done) in [("n", "new, not saved"), ("t s", "Saved and on disk."), ("o", "Hyper-V services")] {
        let mut t = Driver::start();
        t.app.locate = |name| {
            name.strip_prefix("msxml://").map(PathBuf::from).ok_or_else(|| format!("{name} is nowhere."))
        };
        if form == "o" {
            t.files.insert("/stores/a.xml".to_owned(), SAMPLE.to_vec());
        }
        t.keys(form).paste("a.xml").keys("Enter").sees("a.xml is nowhere.");
        t.keys("Ctrl+U").paste("msxml:///stores/a.xml").keys("Enter").sees(done);
        assert_eq!(t.app.doc().unwrap().path, Some(PathBuf::from("/stores/a.xml")), "{form}");
    }
}

/// Two scopes, the second with an assignment that has a member.
fn two_scopes() -> Driver {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"One\" Enter Home Down Down c s \"Two\" Enter c a \"Boss\" Enter");
    t.keys("a \"S-1-5-21-1-2-3-1001\" Ctrl+S").sees("4 changes");
    t
}

fn saved(t: &Driver) -> String {
    String::from_utf8(t.files[PATH].clone()).unwrap()
}

/// Selects the line of the save dialog that holds this text.
fn line(t: &mut Driver, text: &str) {
    for _ in 0..40 {
        let Some(azedit::app::dialog::Dialog::Save(save)) = t.app.dialogs.last() else { panic!("no dialog") };
        let line = &save.objects[save.selected];
        if line.part.is_some() && format!("{} {} {}", line.what, line.text, line.place).contains(text) {
            return;
        }
        t.keys("Down");
    }
    panic!("{text}");
}

#[test]
fn a_change_that_is_unticked_is_saved_later() {
    let mut t = two_scopes();
    let whole = t.bytes();
    t.keys("s");
    line(&mut t, "scope One");
    t.keys("Space").sees("[ ]").sees("Save 3 of 4").keys("s").sees("Saved and on disk.");
    t.sees("Not saved yet: 1").sees("1 change");
    assert!(!saved(&t).contains("One") && saved(&t).contains("Two") && saved(&t).contains("1001"));
    assert_eq!(t.bytes(), whole, "what waits is here as it was");
    assert_replays(&t);
    t.keys("s").sees("scope").keys("s").sees("Saved and on disk.");
    assert!(saved(&t).contains("One"));
    assert_eq!(t.journal(), []);
}

#[test]
fn what_needs_an_unticked_change_waits_too() {
    let mut t = two_scopes();
    t.keys("s");
    line(&mut t, "scope Two");
    t.keys("Space").sees("2 changes that need it wait too.").sees("Save 1 of 4").keys("s");
    assert!(saved(&t).contains("One") && !saved(&t).contains("Two"));
    t.sees("Not saved yet: 3");
    assert_replays(&t);
    // What needs it cannot be saved by itself.
    t.keys("s");
    line(&mut t, "scope Two");
    t.keys("Space").sees("Save 0 of 3");
    line(&mut t, "member");
    t.keys("Space").sees("Not by itself").keys("s").sees("Nothing is ticked");
}

#[test]
fn undoing_after_a_part_was_saved_goes_back_over_it() {
    let mut t = two_scopes();
    let whole = t.bytes();
    t.keys("s");
    line(&mut t, "scope One");
    t.keys("Space s u").sees_not("change ");
    assert_eq!(t.bytes(), t.files[PATH], "what waited is undone: the file");
    t.keys("u");
    assert_eq!(t.bytes(), whole, "what set it aside is undone");
    assert_replays(&t);
    t.keys("u u u u");
    assert_eq!(t.bytes(), SAMPLE);
    assert_replays(&t);
    t.keys("U U U U U U");
    assert_eq!(t.bytes(), whole);
    assert_replays(&t);
}

#[test]
fn a_change_can_be_taken_back_on_the_spot() {
    let mut t = two_scopes();
    t.keys("s");
    line(&mut t, "scope Two");
    t.keys("u").sees("2 changes that need it went too.").sees("One").sees_not("[x] + role").keys("Esc");
    assert_replays(&t);
    t.keys("s");
    line(&mut t, "scope One");
    t.keys("u").sees("there is nothing to save");
    assert_eq!(t.bytes(), SAMPLE);
    t.keys("u u").sees("4 changes");
    assert!(String::from_utf8(t.bytes()).unwrap().contains("1001"));
}

#[test]
fn a_save_of_a_part_that_fails_brings_everything_back_at_once() {
    let mut t = two_scopes();
    let whole = t.bytes();
    for failure in [
        SaveFailure::Failed("Not saved: the disk is full.".to_owned()),
        SaveFailure::Conflict { disk: None, message: "It is gone.".to_owned() },
    ] {
        t.fail_next = Some(failure);
        t.keys("s");
        line(&mut t, "scope One");
        t.keys("Space s Esc").sees("4 changes");
        assert_eq!(t.bytes(), whole);
        assert_eq!(t.files[PATH], SAMPLE);
        assert_replays(&t);
        t.keys("u").sees("3 changes").keys("U").sees("4 changes");
    }
    t.fail_next = Some(SaveFailure::Unconfirmed("The disk did not confirm it.".to_owned()));
    t.keys("s");
    line(&mut t, "scope One");
    t.keys("Space s Esc").sees("1 change");
    assert_eq!(t.bytes(), whole);
    assert_replays(&t);
}

#[test]
fn who_saves_a_part_does_not_leave_with_the_rest() {
    let mut t = two_scopes();
    t.keys("q s");
    line(&mut t, "scope One");
    t.keys("Space s").sees("Save InitialStore.xml").sees("One");
    assert!(!t.has_quit);
    t.keys("s");
    assert!(t.has_quit);
    assert!(saved(&t).contains("One"));
}

#[test]
fn the_guard_judges_what_is_written() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"One\" Enter Home Down Down c a \"All\" Enter r Space Enter");
    t.keys("a \"S-1-1-0\" Ctrl+S s")
        .sees("Saving asks first")
        .sees("Everyone")
        .sees("Who gains and who loses");
    t.keys("s Enter").sees("Save InitialStore.xml");
    line(&mut t, "member");
    t.keys("Space").sees_not("Saving asks first").sees("Save 3 of 4").keys("s").sees("Saved and on disk.");
    assert!(!saved(&t).contains("S-1-1-0") && saved(&t).contains("All"));
    t.keys("s").sees("Saving asks first");
}

#[test]
fn a_note_goes_into_the_log() {
    let mut t = two_scopes();
    t.keys("s n \"ticket 17, as usual\" Enter").sees("Note for the log: ticket 17, as usual").keys("s");
    let what = t.logged.last().unwrap();
    assert!(what.starts_with("ticket 17, as usual (") && what.contains("create scope"), "{what}");
    t.keys("c s \"Three\" Enter s s");
    assert!(!t.logged.last().unwrap().contains("ticket"));
}

#[test]
fn a_window_of_another_size_breaks_the_lines_anew_and_the_selection_stays() {
    let mut t = two_scopes();
    let joe = "S-1-5-21-1004336348-1177238915-682003330-1001";
    t.keys(&format!(": \"create assignment A --role Administrator --member {joe}\" Enter"));
    t.resize(80, 24).keys("s");
    line(&mut t, "role assignment Boss");
    let lines = |t: &Driver| match t.app.dialogs.last() {
        Some(azedit::app::dialog::Dialog::Save(save)) => (save.objects.clone(), save.xml.clone()),
        _ => panic!("no dialog"),
    };
    let selected = |t: &Driver| match t.app.dialogs.last() {
        Some(azedit::app::dialog::Dialog::Save(save)) => save.objects[save.selected].clone(),
        _ => panic!("no dialog"),
    };
    let (before, boss) = (lines(&t), selected(&t));
    t.resize(300, 50).sees("gains all 34 operations in Two");
    let wide = lines(&t);
    assert!(
        wide.0.len() < before.0.len() && wide.1.len() < before.1.len(),
        "what took several lines takes one"
    );
    assert_eq!(selected(&t), boss);
    t.resize(80, 24);
    assert_eq!((lines(&t), selected(&t)), (before, boss));
    // What stands above may come and go with what is ticked.
    line(&mut t, "role assignment A");
    let assignment = selected(&t);
    t.keys("Space").sees_not("gains all 34");
    assert_eq!(selected(&t), assignment);
    t.keys("Space");
    assert_eq!(selected(&t), assignment);
}
