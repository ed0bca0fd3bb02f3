//! The stores of a cluster's nodes side by side, and one brought into line with another.

use azedit::app::{HostEvent, Input, SaveFailure};
use azedit::store::{Change, Session, Store};
use azedit::ui::glyphs::Tier;

use crate::driver::{Driver, SAMPLE};

const NODES: [&str; 3] = ["/hv01/InitialStore.xml", "/hv02/InitialStore.xml", "/hv03/InitialStore.xml"];
const JOE: &str = "S-1-5-21-1-2-3-1001";

/// The sample as another node makes it for itself, with GUIDs of its own, after these changes.
pub fn node(number: u32, lines: &[&str]) -> Vec<u8> {
    let text = String::from_utf8(SAMPLE.to_vec()).unwrap();
    let guids = text.split("Guid=\"").skip(1).map(|rest| rest[..36].to_owned());
    let text = guids.enumerate().fold(text.clone(), |text, (at, guid)| {
        text.replace(&guid, &format!("{number:08}-0000-4000-8000-{at:012}"))
    });
    let mut session = Session::new(Store::open(text.into_bytes()).unwrap());
    let changes: Vec<Change> = lines.iter().map(|line| Change::parse(line).unwrap()).collect();
    session.apply(&changes, "edit").unwrap();
    session.store().rendering().to_bytes()
}

/// Three nodes: the second has a scope for Joe and lacks an operation, the third has the scope, described.
fn three() -> Driver {
    let mut t = Driver::start();
    let scope = "create scope 'Joes VM Scope' --description new --guid 0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a";
    let second = [
        scope,
        &format!(
            "create assignment Administrator --in 'Joes VM Scope' --role Administrator --member {JOE} --guid \
             0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b"
        ),
        "delete operation 'Allow Virtual Machine Snapshot'",
    ];
    let third =
        ["create scope 'Joes VM Scope' --description other --guid 0c0c0c0c-0c0c-4c0c-8c0c-0c0c0c0c0c0c"];
    t.files.insert(NODES[0].to_owned(), SAMPLE.to_vec());
    t.files.insert(NODES[1].to_owned(), node(2, &second));
    t.files.insert(NODES[2].to_owned(), node(3, &third));
    t
}

fn opened(count: usize) -> Driver {
    let mut t = three();
    t.open_all(&NODES[..count]);
    t
}

fn texts(t: &Driver) -> Vec<Vec<u8>> {
    t.app.docs.iter().map(|doc| doc.store().rendering().to_bytes()).collect()
}

/// Kills the program, opens the first node again and replays: it is as it was.
fn assert_replays(killed: &Driver) {
    let mut t = killed.next_run();
    t.keys("o").paste(NODES[0]).keys("Enter").sees("Unsaved work was found").keys("r").sees("Replayed");
    let open = |bytes: Vec<u8>| Store::open(bytes).unwrap();
    assert_eq!(azedit::store::diff(&open(t.bytes()), &open(killed.bytes())), []);
}

#[test]
fn each_object_that_differs_is_a_line_and_the_details_say_how() {
    let mut t = opened(3);
    let before = texts(&t);
    t.keys("C").sees("Compare 3 stores").sees("A  hv01/InitialStore.xml").sees("4 objects differ");
    t.sees("1 - 1  operation").sees("1 2 1  role definition").sees("- 1 2  scope");
    t.sees("- 1 -  role assignment");
    t.sees("A-C  operation").keys("Down").sees("A-C  operation Hyper-V services/operations/Allow");
    t.keys("Down").sees("-BC  scope").sees(".BC  Description: B \"new\", C \"other\"");
    t.keys("y");
    assert!(t.copied[0].starts_with("Hyper-V services/scopes/Joes VM Scope\n-BC  scope\n"), "{:?}", t.copied);
    t.keys("Esc").sees_not("Compare 3 stores");
    assert_eq!(texts(&t), before, "looking changes nothing");
}

#[test]
fn stores_that_say_the_same_do_not_differ() {
    let mut t = Driver::start();
    t.files.insert(NODES[0].to_owned(), SAMPLE.to_vec());
    t.files.insert(NODES[1].to_owned(), node(2, &[]));
    t.open_all(&NODES[..2]).keys("C").sees("No difference").keys("i").sees("nothing to align");
    t.keys("Enter").sees("Compare 2 stores").keys("Esc").sees_not("Compare");
}

#[test]
fn enter_goes_to_the_object_in_the_selected_store_and_c_comes_back() {
    let mut t = opened(3);
    t.keys("C Down Down Down Right").sees("Administrator").keys("Enter").sees("2/3").sees_not("Compare 3");
    t.selected("Hyper-V services/scopes/Joes VM Scope/assignments/Administrator");
    assert_eq!(t.app.current, 1);
    // The line and the store are those that were left.
    t.keys("C Enter").selected("Hyper-V services/scopes/Joes VM Scope/assignments/Administrator");
    // Where the selected store lacks it, another has it.
    t.keys("( C Enter").sees("The other store lacks it");
    assert_eq!(t.app.current, 1);
}

#[test]
fn a_store_is_brought_into_line_with_another_as_one_step() {
    let mut t = opened(2);
    let before = texts(&t);
    t.keys("C i").sees("Align hv01/InitialStore.xml with hv02/InitialStore.xml").sees("Joes VM Scope");
    t.keys("Enter").sees("Deleting an operation needs developer mode");
    t.keys("Esc Esc D C i Enter").sees("No difference").sees("1 change");
    t.sees("6 differences with hv02/InitialStore.xml gone");
    assert_eq!(texts(&t)[1], before[1], "the other stays as it is");
    assert_replays(&t);
    t.keys("Esc u");
    assert_eq!(texts(&t), before, "one step");
    t.keys("U s s").sees("Saved and on disk.").keys("C").sees("No difference");
}

#[test]
fn of_what_is_marked_and_ticked_that_alone_is_taken() {
    let mut t = opened(2);
    // Only the scope with what is in it.
    t.keys("C Down Down Space").sees("1 marked").keys("i");
    t.sees("Make 4").keys("Enter").sees("2 objects differ");
    t.sees_not("- 1  scope");
    let changed = t.app.doc().unwrap().store();
    let scopes = changed.walk().filter(|&id| changed.kind(id) == azedit::store::Kind::Scope).count();
    assert_eq!(scopes, 1);
    assert!(t.bytes().windows(JOE.len()).any(|text| text == JOE.as_bytes()));
}

#[test]
fn what_a_change_needs_is_chosen_and_given_up_with_it() {
    let mut t = opened(2);
    // The operation that goes is linked: its link goes first.
    t.keys("D C").sees("1 -  operation").keys("Space i").sees("Make 2");
    t.sees("What is marked needs this, which is chosen too: - ");
    t.keys("Home Tab Space").sees("Make 0").sees("Without it this cannot be made, and is given up too: -");
    t.keys("Enter").sees("Nothing is chosen");
    t.keys("End Space").sees("Make 2").sees("It needs this, which is chosen too: - operation").keys("Enter");
    t.sees("1 object differs").sees_not("operation");
    // An assignment needs the scope that it stands in, and what needs the scope goes with it.
    t.keys("i")
        .sees("Make 4")
        .keys("Home Tab Space")
        .sees("Make 0")
        .sees("Without it 3 other lines cannot be made");
    t.keys("End Space").sees("Make 3").sees("It needs 2 other lines, which are chosen too").keys("Enter");
    t.keys("Esc").sees("2 changes");
}

#[test]
fn with_three_stores_it_is_asked_which() {
    let mut t = opened(3);
    t.keys("C Right i").sees("Align hv02/InitialStore.xml with").sees("hv01").sees("hv03").keys("c");
    t.sees("Align hv02/InitialStore.xml with hv03/InitialStore.xml").keys("Esc").sees("Compare 3 stores");
    t.keys("i Esc").sees("Compare 3 stores").keys("x").sees("Compare 2 stores").sees("hv03").sees_not("hv02");
    t.keys("x").sees("Two stores at least").keys("Esc C").sees("Compare 2 stores").sees_not("hv02");
    t.keys("o").paste(NODES[1]).keys("Enter").sees("Compare 3 stores").sees("hv02");
}

#[test]
fn a_store_is_compared_with_one_that_is_named_by_its_path() {
    let mut t = opened(1);
    t.keys("C")
        .sees("Compare with a store")
        .paste(NODES[0])
        .keys("Enter")
        .sees("This is the store that is open");
    t.keys("Ctrl+U").paste("/none.xml").keys("Enter").sees("there is no such file").keys("Esc C");
    t.paste(NODES[1]).keys("Enter").sees("Compare 2 stores").sees("A  hv01").sees("B  hv02");
    assert_eq!(t.app.current, 0, "the shown store is shown still");
    t.keys("o").paste(NODES[2]).keys("Enter").sees("Compare 3 stores").keys("Esc").sees("1/3");
}

#[test]
fn a_store_that_cannot_be_changed_is_not_aligned() {
    let mut t = opened(2);
    t.app.read_only = true;
    t.keys("C i").sees("InitialStore.xml is read-only").sees("Compare 2 stores");
}

#[test]
fn comparing_that_takes_long_can_be_stopped() {
    let mut t = opened(2);
    t.is_slow = true;
    t.keys("C");
    t.input(Input::Host(HostEvent::StillBusy)).sees("Comparing 2 stores").keys("Esc").finish();
    t.sees("Stopped: nothing was compared.").sees_not("Compare 2 stores");
}

#[test]
fn what_is_aligned_and_not_saved_is_kept() {
    let mut t = opened(2);
    t.keys("D C i Enter Esc s");
    t.fail_next = Some(SaveFailure::Failed("Not saved: the disk is full.".to_owned()));
    t.keys("s").sees("the disk is full").keys("Esc").sees("1 change");
    assert_replays(&t);
}

#[test]
fn hostile_names_are_shown_and_never_sent() {
    let mut t = Driver::start();
    t.files.insert(NODES[0].to_owned(), SAMPLE.to_vec());
    let hostile = node(2, &["create scope S --description x"]);
    let text = String::from_utf8(hostile).unwrap().replace("\"S\"", "\"S\u{202E}&#x85;\"");
    t.files.insert(NODES[1].to_owned(), text.into_bytes());
    t.open_all(&NODES[..2]).keys("C").sees("S\\u{202E}\\u{85}").keys("i").sees("S\\u{202E}\\u{85}");
}

#[test]
fn stores_side_by_side_as_they_look() {
    for (width, height, tier, theme) in [(80, 24, Tier::Ascii, "mono"), (120, 40, Tier::Unicode, "dark")] {
        let mut t = opened(3);
        (t.tier, t.theme) = (tier, theme);
        t.resize(width, height).keys("C Down Space Right");
        insta::assert_snapshot!(format!("cluster_{width}x{height}"), t.picture());
        t.keys("i c");
        insta::assert_snapshot!(format!("align_{width}x{height}"), t.picture());
    }
}
