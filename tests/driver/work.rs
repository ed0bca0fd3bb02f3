//! Work that takes long: seen, stopped, and right whatever is done meanwhile.

use azedit::app::{HostEvent, Input};
use azedit::check::Findings;

use crate::driver::{Driver, PATH, SAMPLE};

const OTHER: &str = "/stores/Other.xml";

/// The bytes of a store that is checked after it is seen: the sample with scopes that lack all that a scope has.
fn large() -> Vec<u8> {
    let small = String::from_utf8(SAMPLE.to_vec()).unwrap();
    let scopes: String = (0..20_000)
        .map(|number| {
            format!("<AzScope Guid=\"{number:08}-0000-4000-8000-000000000000\" Name=\"Scope {number}\"/>")
        })
        .collect();
    small.replace("</AzApplication>", &format!("{scopes}</AzApplication>")).into_bytes()
}

fn still_busy(t: &mut Driver) -> &mut Driver {
    t.input(Input::Host(HostEvent::StillBusy))
}

/// Two files, the first open, the other slow to open.
fn opening() -> Driver {
    let mut t = Driver::sample();
    t.files.insert(OTHER.to_owned(), SAMPLE.to_vec());
    t.is_slow = true;
    t.keys("Ctrl+O").paste(OTHER).keys("Enter");
    t
}

#[test]
fn opening_is_shown_only_when_it_takes_long_and_then_how_far_it_is() {
    let mut t = opening();
    t.sees_not("Opening");
    let progress = t.app.busy.as_ref().unwrap().progress.clone();
    progress.set_total(200);
    progress.advance(90);
    still_busy(&mut t).sees("Opening Other.xml").sees("45 %").sees("[ Stop Esc ]");
    // Whatever else is typed does nothing here; the event loop keeps it for later.
    t.keys("c q Enter").paste("text").sees("Opening Other.xml").sees_not("Create");
    t.finish().sees("Other.xml  2/2").sees_not("Opening");
}

#[test]
fn opening_is_stopped_with_esc_and_leaves_what_is_open() {
    let mut t = opening();
    still_busy(&mut t).keys("Esc").sees("Stopping");
    t.finish().sees("Stopped: /stores/Other.xml is not opened.").sees("InitialStore.xml  ").sees_not("1/2");
    assert!(t.app.busy.is_none());
    t.keys("c").sees("Create");
}

#[test]
fn a_save_is_stopped_with_nothing_written_and_the_changes_kept() {
    let mut t = Driver::sample();
    t.keys("Home Down Down c s \"S\" Enter q s");
    t.is_slow = true;
    t.keys("s");
    still_busy(&mut t)
        .sees("Saving InitialStore.xml")
        .sees("until the new file takes its name")
        .keys("Ctrl+C");
    t.finish().sees("Stopped: nothing was written.").sees("1 change");
    assert!(!t.has_quit && t.files[PATH] == SAMPLE && t.journal().len() == 1);
    t.keys("S Ctrl+U \"/stores/New.xml\"");
    t.is_slow = true;
    t.keys("Enter Esc").finish().sees("Stopped: nothing was written.").sees("InitialStore.xml  1 change");
    t.keys("s s").sees("Saved and on disk.");
    assert_eq!(t.files[PATH], t.bytes());
}

#[test]
fn several_stores_of_the_command_line_are_opened_in_turn_and_the_first_is_shown() {
    let mut t = Driver::start();
    t.files.insert(PATH.to_owned(), SAMPLE.to_vec());
    t.files.insert(OTHER.to_owned(), SAMPLE.to_vec());
    t.open_all(&[PATH, "/stores/none.xml", OTHER, PATH]);
    t.sees("there is no such file").keys("Esc").sees("InitialStore.xml  1/2");
    assert_eq!(t.app.docs.len(), 2);
}

#[track_caller]
fn has_fresh_findings(t: &Driver) {
    let doc = t.app.doc().unwrap();
    let texts = |findings: &Findings| -> Vec<String> {
        let all = findings
            .all()
            .map(|finding| format!("{} {:?} {}", finding.code, finding.object, finding.message));
        all.collect()
    };
    let (kept, fresh) =
        (texts(doc.findings.as_ref().unwrap()), texts(&azedit::hyperv::findings(doc.store())));
    assert!(kept == fresh, "{} kept, {} found anew", kept.len(), fresh.len());
}

#[test]
fn a_check_is_right_whatever_is_changed_while_it_is_made() {
    let mut t = Driver::start();
    t.files.insert(PATH.to_owned(), large());
    t.keys("o").paste(PATH);
    t.is_slow = true;
    t.keys("Enter").finish();
    has_fresh_findings(&t);

    t.is_slow = true;
    t.keys("F5").finish_opening().sees("not checked yet");
    t.app.doc().unwrap().check.as_ref().unwrap().progress.advance(10_050);
    t.sees("checking 50 %");
    // One comes, one goes, one is renamed to the name of another, and one is undone.
    t.keys("Home Down Down c s \"New\" Enter c a \"Assignment\" Enter");
    t.keys("/ \"Scope 17\" Enter Del y / \"Scope 18\" Enter F2 Ctrl+U \"scope 19\" Enter");
    t.keys("/ \"Scope 20\" Enter d \"Described\" Enter u");
    assert!(t.app.doc().unwrap().findings.is_none());
    t.finish();
    has_fresh_findings(&t);
}

#[test]
fn a_check_that_nobody_waits_for_any_more_changes_nothing() {
    let mut t = Driver::with(&large());
    t.is_slow = true;
    t.keys("F5").finish_opening();
    let dropped = t.app.doc().unwrap().check.as_ref().unwrap().progress.clone();
    t.keys("F5").finish_opening();
    assert!(dropped.is_stopped() && t.app.doc().unwrap().findings.is_none());
    let findings = azedit::app::work::Parcel::new(azedit::hyperv::findings(t.app.doc().unwrap().store()));
    let id = t.app.doc().unwrap().id;
    t.input(Input::Host(HostEvent::Checked(id, dropped, findings)));
    assert!(t.app.doc().unwrap().findings.is_none());
    t.finish();
    has_fresh_findings(&t);
}

#[test]
fn raising_the_schema_of_a_large_store_is_checked_anew_beside_the_work() {
    let mut t = Driver::with(&large());
    t.is_slow = true;
    t.keys("Home Enter Down Enter y").sees("Schema           2.0").sees("not checked yet").keys("u");
    t.sees("Schema           1.0").finish();
    has_fresh_findings(&t);
}

#[test]
fn pictures() {
    use azedit::ui::glyphs::Tier;
    let mut t = opening();
    let progress = t.app.busy.as_ref().unwrap().progress.clone();
    progress.set_total(200);
    progress.advance(90);
    still_busy(&mut t).resize(120, 40);
    insta::assert_snapshot!("busy_120x40", t.picture());
    t.tier = Tier::Ascii;
    t.resize(80, 24);
    insta::assert_snapshot!("busy_80x24", t.picture());
}
