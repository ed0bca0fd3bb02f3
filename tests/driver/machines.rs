//! Virtual machines in the editor, against a recorded host: synthetic, as no real one was at hand.

use azedit::store::Store;
use azedit::ui::glyphs::Tier;

use crate::driver::{Driver, PATH};
use crate::recorded::Says;

const JOHN: &str = "E57917F3-31C3-456E-B1BA-5E45B4CC7E0C";
pub const JOE: &str = "D9E0EB0A-5B37-508E-9173-67E9ADE83ACF";
const TWIN_1: &str = "11111111-2222-3333-4444-555555555501";
const TWIN_2: &str = "11111111-2222-3333-4444-555555555502";
const JOHNS_SID: &str = "S-1-5-21-1004336348-1177238915-682003330-1001";

/// The sample on a host that can be asked, with John's and Joe's machines in the default scope.
fn on_host() -> Driver {
    let mut t = Driver::sample();
    t.app.asks_hosts = true;
    // Wide enough for what is said of moves to stand on one line.
    t.resize(180, 45);
    t.host.has(JOHN, "Johns VM", 2, "").has(JOE, "Joes VM", 3, "");
    t
}

/// The same with a scope for each, saved, and the machines moved there.
pub fn in_scopes() -> Driver {
    let mut t = on_host();
    t.keys(": \"create scope 'Johns VM Scope'\" Enter : \"create scope 'Joes VM Scope'\" Enter s s");
    t.host.is_in(0, "Johns VM Scope").is_in(1, "Joes VM Scope");
    t.keys("K h").sees("HV01: 2 virtual machines.");
    t
}

/// Selects what has this name or GUID.
pub fn at<'t>(t: &'t mut Driver, name: &str) -> &'t mut Driver {
    t.keys(&format!("/ \"{name}\" Enter"))
}

pub fn saved(t: &Driver) -> Store {
    Store::open(t.files[PATH].clone()).unwrap()
}

pub fn has_scope(t: &Driver, name: &str) -> bool {
    azedit::hyperv::moves::has_scope(&saved(t), name)
}

#[test]
fn a_host_is_asked_and_its_machines_stand_in_the_tree() {
    let mut t = on_host();
    t.keys("K").sees("Ask this machine").keys("h").sees("HV01: 2 virtual machines.");
    t.sees("Johns VM").sees("running").sees("Joes VM").sees("off").sees("no problems");
    at(&mut t, JOHN).selected("Hyper-V services: Johns VM");
    t.keys("Tab").sees(JOHN).sees("default scope").sees("S-1-5-83-1-3849918451");
    assert!(!t.app.doc().unwrap().is_unsaved());
}

#[test]
fn two_users_who_must_not_see_each_other() {
    let mut t = on_host();
    t.keys("K h");
    // The recipe takes John's machine along; Joe's is moved by hand.
    at(&mut t, JOHN).keys("+ a \"Johns VM Scope\" Tab").sees("Johns VM").keys("Tab").paste(JOHNS_SID);
    t.keys("Enter").sees("move virtual machine \"Johns VM\" into it").keys("y");
    t.keys(": \"create scope 'Joes VM Scope'\" Enter");
    at(&mut t, JOE).keys("z").sees("Move \"Joes VM\" to a scope").keys("\"Joes\" Enter");
    t.sees("Moved \"Joes VM\" to \"Joes VM Scope\".")
        .selected("Hyper-V services/scopes/Joes VM Scope: Joes VM");
    t.sees("3 changes");
    t.keys("s")
        .sees("Virtual machines, when the store is saved")
        .sees("to \"Joes VM Scope\" from the default scope");
    assert_eq!(t.host.asked, []);
    t.keys("s").sees("2 virtual machines moved, read back from the host.").sees_not("changes");
    assert_eq!((t.host.scope_of(JOHN), t.host.scope_of(JOE)), ("Johns VM Scope", "Joes VM Scope"));
    assert!(has_scope(&t, "Johns VM Scope") && has_scope(&t, "Joes VM Scope"));
    assert!(!t.app.doc().unwrap().is_unsaved() && t.journal().is_empty());
    t.sees("1 VM");
}

#[test]
fn moves_are_undone_and_done_again_and_stand_in_the_history() {
    let mut t = in_scopes();
    at(&mut t, JOE).keys("z \"Default\" Enter").selected("Hyper-V services: Joes VM").sees("1 change");
    t.keys("u").selected("Hyper-V services/scopes/Joes VM Scope: Joes VM").sees_not("1 change");
    t.keys("U").selected("Hyper-V services: Joes VM").sees("1 change");
    t.keys("H").sees("move \"Joes VM\" to the default scope").keys("Esc ~");
    t.sees("Joes VM")
        .sees_not("Johns VM")
        .keys("~ s")
        .sees("to the default scope from \"Joes VM Scope\"")
        .keys("s");
    assert_eq!(t.host.scope_of(JOE), "");
    // Undone past the save it is to go back.
    t.keys("u").selected("Hyper-V services/scopes/Joes VM Scope: Joes VM").keys("s s");
    assert_eq!(t.host.scope_of(JOE), "Joes VM Scope");
    assert_eq!(t.versions.len(), 1, "only the scopes were ever written");
}

#[test]
fn a_move_that_fails_stays_with_the_hosts_words_and_is_tried_again() {
    for (says, words) in [
        (Says::JobFails(10, "The operation cannot be performed."), "The operation cannot be performed."),
        (Says::JobRuns, "still at it after two minutes"),
        (Says::Returns(32769), "access denied"),
        (Says::Returns(32774), "the machine is in use"),
        (Says::Returns(32775), "a state that does not allow it"),
        (Says::CutOff, "the script ended before its turn"),
    ] {
        let mut t = in_scopes();
        t.resize(120, 40);
        t.host.says(JOE, says.clone()).says(JOHN, Says::Job);
        at(&mut t, JOHN).keys("z \"Default\" Enter");
        at(&mut t, JOE).keys("z \"Johns\" Enter s s");
        t.sees("1 virtual machine was not moved").sees("Joes VM: ").sees(words);
        t.keys("Esc").sees("1 VM to move");
        assert_eq!((t.host.scope_of(JOHN), t.host.scope_of(JOE)), ("", "Joes VM Scope"), "{says:?}");
        at(&mut t, JOE).sees("Not moved when that was tried");
        t.keys("s").sees("not moved the last time").keys("s").sees("1 virtual machine moved");
        assert_eq!(t.host.scope_of(JOE), "Johns VM Scope");
        assert!(!t.app.doc().unwrap().is_unsaved());
    }
}

#[test]
fn a_host_that_cannot_be_asked_leaves_everything_to_be_moved() {
    let mut t = in_scopes();
    at(&mut t, JOE).keys("z \"Johns\" Enter");
    t.host.error = Some("0x8004100E");
    t.keys("s s").sees("1 virtual machine was not moved").sees("2012 R2").keys("Esc").sees("1 VM to move");
    t.keys("K h").sees("No virtual machines from this machine").sees("0x8004100E").keys("Esc");
    t.sees("Joes VM");
    t.host.error = None;
    t.keys("s s").sees("1 virtual machine moved");
    assert_eq!(t.host.scope_of(JOE), "Johns VM Scope");
}

#[test]
fn a_deleted_scope_goes_when_its_machines_have_left_it() {
    let mut t = in_scopes();
    at(&mut t, "Joes VM Scope").keys("Del").sees("The virtual machine \"Joes VM\" goes to the default scope");
    t.keys("y").sees("1 change");
    at(&mut t, JOE).selected("Hyper-V services: Joes VM");
    t.keys("s")
        .sees("to the default scope from \"Joes VM Scope\",")
        .sees("which goes")
        .sees("stays in the file until")
        .keys("s");
    t.sees("1 virtual machine moved, read back from the host. Saved and on disk.");
    assert_eq!(t.host.scope_of(JOE), "");
    assert!(!has_scope(&t, "Joes VM Scope") && !t.app.doc().unwrap().is_unsaved());
    // The scope comes back with its machine.
    t.keys("u");
    at(&mut t, JOE).selected("Hyper-V services/scopes/Joes VM Scope: Joes VM").keys("s s");
    assert_eq!(t.host.scope_of(JOE), "Joes VM Scope");
    assert!(has_scope(&t, "Joes VM Scope") && !t.app.doc().unwrap().is_unsaved());
}

#[test]
fn a_scope_that_a_machine_could_not_leave_stays_and_that_it_goes_is_unsaved() {
    let mut t = in_scopes();
    t.host.says(JOE, Says::Returns(32769));
    t.keys(": \"create assignment Keep --in 'Joes VM Scope'\" Enter");
    at(&mut t, "Joes VM Scope").keys("Del y : \"create scope New\" Enter s s");
    t.sees("1 virtual machine was not moved").sees("Scope \"Joes VM Scope\" stays in the file");
    assert!(has_scope(&t, "Joes VM Scope") && has_scope(&t, "New"));
    // What is unsaved is kept from a kill, too.
    let mut next = t.next_run();
    next.resize(120, 40);
    next.keys("1").sees("Unsaved work was found").keys("r");
    assert!(!azedit::hyperv::moves::has_scope(next.app.doc().unwrap().store(), "Joes VM Scope"));
    t.keys("Esc s").sees("scope            Joes VM Scope").sees("access denied").keys("s");
    t.sees("1 virtual machine moved");
    assert!(!has_scope(&t, "Joes VM Scope") && !t.app.doc().unwrap().is_unsaved());
}

#[test]
fn a_scope_with_another_name_takes_its_machines_along() {
    let mut t = in_scopes();
    t.keys(": \"create assignment Joe --in 'Joes VM Scope'\" Enter");
    t.keys(": \"rename scope 'Joes VM Scope' 'Joe and Ann'\" Enter");
    at(&mut t, JOE).selected("Hyper-V services/scopes/Joe and Ann: Joes VM");
    t.keys("s")
        .sees("to \"Joe and Ann\" from \"Joes VM Scope\",")
        .sees("which gets that name")
        .keys("s")
        .sees("1 virtual machine moved");
    assert_eq!(t.host.scope_of(JOE), "Joe and Ann");
    assert_eq!(t.host.asked, [(JOE.to_owned(), "Joe and Ann".to_owned())]);
    assert!(has_scope(&t, "Joe and Ann") && !has_scope(&t, "Joes VM Scope"));
    assert!(!t.app.doc().unwrap().is_unsaved());
    // What the log says of each of the two writings is what it did.
    let last = t.logged.last().unwrap();
    assert!(last.ends_with("(do what was set aside: scope \"Joes VM Scope\" that goes)"), "{last}");
    // Meanwhile both were there: the machine was never in a scope that the file did not have.
    let between = Store::open(t.versions.last().unwrap().clone()).unwrap();
    for scope in ["Joe and Ann", "Joes VM Scope"] {
        assert!(azedit::hyperv::moves::has_scope(&between, scope), "{scope}");
    }
}

#[test]
fn a_scope_with_another_name_that_a_machine_could_not_go_to_keeps_its_old_one_beside_it() {
    let mut t = in_scopes();
    t.host.says(JOE, Says::JobFails(10, "no"));
    t.keys(": \"rename scope 'Joes VM Scope' 'Joe and Ann'\" Enter s s")
        .sees("1 virtual machine was not moved");
    assert!(has_scope(&t, "Joe and Ann") && has_scope(&t, "Joes VM Scope"));
    t.keys("Esc s")
        .sees("to \"Joe and Ann\" from \"Joes VM Scope\"")
        .keys("s")
        .sees("1 virtual machine moved");
    assert!(has_scope(&t, "Joe and Ann") && !has_scope(&t, "Joes VM Scope"));
    assert!(!t.app.doc().unwrap().is_unsaved());
}

#[test]
fn what_is_unticked_waits_and_what_needs_it_waits_too() {
    let mut t = on_host();
    t.resize(120, 40);
    t.keys("K h : \"create scope 'Joes VM Scope'\" Enter");
    at(&mut t, JOE).keys("z \"Joes\" Enter");
    // The move without its scope is not made.
    t.keys("s Down Down Down Down Down Space").sees("[ ] + scope").sees("[ ] ~ virtual machine");
    t.keys("Up Up Up Up Space")
        .sees("the scope that it goes to is not saved")
        .keys("s")
        .sees("Nothing is ticked");
    // The scope without the move is.
    t.keys("s Down Space").sees("Save 1 of 2").keys("s").sees("1 VM to move");
    assert!(has_scope(&t, "Joes VM Scope") && t.host.asked.is_empty());
    t.keys("s s").sees("1 virtual machine moved");
    assert_eq!(t.host.scope_of(JOE), "Joes VM Scope");
}

#[test]
fn a_scope_does_not_go_while_a_move_out_of_it_is_unticked() {
    let mut t = in_scopes();
    at(&mut t, "Joes VM Scope")
        .keys("Del y s Down Space")
        .sees("Save 1 of 2")
        .keys("s")
        .sees("Scope \"Joes VM Scope\" stays in the file");
    assert!(has_scope(&t, "Joes VM Scope") && t.host.asked.is_empty());
    t.keys("s s").sees("1 virtual machine moved");
    assert!(!has_scope(&t, "Joes VM Scope"));
}

#[test]
fn a_move_is_taken_back_in_the_save_dialog() {
    let mut t = in_scopes();
    at(&mut t, JOE).keys("z \"Johns\" Enter s Down u").sees("Everything was taken back");
    at(&mut t, JOE).selected("Hyper-V services/scopes/Joes VM Scope: Joes VM");
    at(&mut t, "Joes VM Scope").keys("Del y s Down u").sees("It goes with its scope");
}

#[test]
fn planned_moves_survive_a_kill() {
    let mut t = in_scopes();
    at(&mut t, JOE).keys("z \"Johns\" Enter");
    t.keys(": \"rename scope 'Johns VM Scope' 'John'\" Enter");
    at(&mut t, JOHN).keys("z \"Default\" Enter u");
    let mut next = t.next_run();
    next.resize(120, 40);
    next.keys("1").sees("move \"Joes VM\" to \"Johns VM Scope\"").keys("r");
    at(&mut next, JOE).selected("Hyper-V services/scopes/John: Joes VM").sees("not asked yet");
    next.keys("K h").sees("HV01: 2 virtual machines.");
    at(&mut next, JOE).selected("Hyper-V services/scopes/John: Joes VM");
    at(&mut next, JOHN).selected("Hyper-V services/scopes/John: Johns VM");
    next.keys("s s").sees("2 virtual machines moved");
    assert_eq!((next.host.scope_of(JOHN), next.host.scope_of(JOE)), ("John", "John"));
    // What could not be moved is in the next journal, although the store is saved.
    next.host.says(JOE, Says::Returns(32774));
    at(&mut next, JOE).keys("z \"Joes\" Enter s s Esc");
    let mut last = next.next_run();
    last.resize(120, 40);
    last.keys("1").sees("virtual machines to be moved").keys("r K h s s").sees("1 virtual machine moved");
    assert_eq!(last.host.scope_of(JOE), "Joes VM Scope");
}

#[test]
fn a_machine_that_vanished_is_said_and_goes_with_the_next_listing() {
    let mut t = in_scopes();
    t.host.says(JOE, Says::Vanished);
    at(&mut t, JOE).keys("z \"Johns\" Enter s s").sees("no such machine any more").keys("Esc");
    t.keys("K h").sees("HV01: 1 virtual machine. 1 that was to be moved is not there any more.");
    t.sees_not("Joes VM  ");
    assert!(!t.app.doc().unwrap().is_unsaved());
}

#[test]
fn machines_with_one_name_are_told_apart() {
    let mut t = on_host();
    t.host.has(TWIN_1, "twin", 2, "").has(TWIN_2, "twin", 3, "");
    t.keys("K h : \"create scope Prod\" Enter");
    at(&mut t, TWIN_2).keys("z \"Prod\" Enter s s").sees("1 virtual machine moved");
    assert_eq!((t.host.scope_of(TWIN_1), t.host.scope_of(TWIN_2)), ("", "Prod"));
    at(&mut t, TWIN_1).keys("+ a \"T\" Tab").sees(TWIN_1);
}

#[test]
fn a_machine_whose_scope_the_store_lacks_stands_in_the_default_scope_with_a_warning() {
    let mut t = on_host();
    t.host.is_in(0, "Gone");
    t.keys("K h").sees("1 in a scope that the store does not have");
    at(&mut t, JOHN)
        .selected("Hyper-V services: Johns VM")
        .sees("! ")
        .sees("The store has no scope \"Gone\"");
    assert!(!t.app.doc().unwrap().is_unsaved());
    // Nothing says that all is well, and where the details are not shown the status line says what is not.
    t.sees("1 VM with a problem")
        .sees("No problems in the store; 1 virtual machine has one")
        .sees_not("no problems");
    t.keys("p").sees("1 virtual machine has one: ! shows which.").keys("Esc").resize(80, 24).keys("Up Down");
    t.sees("1 VM with a problem").sees("The store has no scope \"Gone\"").resize(180, 45);
    t.keys("!").sees("Johns VM").sees_not("Joes VM").keys("!");
    // With the next save it is sent where it is treated as being.
    t.keys(": \"create scope Other\" Enter s")
        .sees("from \"Gone\", which the")
        .keys("s")
        .sees("1 virtual machine moved");
    assert_eq!(t.host.scope_of(JOHN), "");
    // Made again, the scope would have had it.
    t.host.is_in(0, "Late");
    t.keys("K h : \"create scope Late\" Enter");
    at(&mut t, JOHN)
        .selected("Hyper-V services/scopes/Late: Johns VM")
        .keys("s")
        .sees("Save InitialStore.xml")
        .sees_not("~ virtual machine");
}

#[test]
fn marked_machines_move_together_and_not_with_objects() {
    let mut t = on_host();
    t.keys("K h : \"create scope Prod\" Enter");
    at(&mut t, JOE).keys("*").sees("2 virtual machines").keys("z").sees("Move 2 virtual machines to a scope");
    t.keys("\"Prod\" Enter").sees("Moved 2 virtual machines to \"Prod\".").keys("Esc");
    at(&mut t, "Administrator").keys("Space");
    at(&mut t, JOE).keys("Space").sees("not marked together");
}

#[test]
fn machines_are_cut_and_pasted() {
    let mut t = on_host();
    t.keys("K h : \"create scope Prod\" Enter");
    at(&mut t, JOE).keys("X").sees("Cut \"Joes VM\"");
    t.keys("G \"Prod\" Enter v").sees("Moved \"Joes VM\" to \"Prod\".");
    assert_eq!(t.copied, [JOE]);
    at(&mut t, JOHN).keys("y Y");
    assert_eq!(t.copied[1..], [JOHN, "Johns VM"]);
}

#[test]
fn what_makes_no_sense_for_a_machine_says_why() {
    let mut t = in_scopes();
    at(&mut t, JOE).keys("F2").sees("A virtual machine is renamed in Hyper-V Manager").keys("Del");
    t.sees("A virtual machine is deleted in Hyper-V Manager").keys("a").sees("not for a virtual machine");
    at(&mut t, "Joes VM Scope").keys("z").sees("Select a virtual machine");
    t.keys("m").sees_not("Move machines").keys("Esc");
    at(&mut t, JOE).keys("m").sees("Move machines").sees_not("Delete").keys("Esc");
    let mut t = Driver::sample();
    t.keys("z").sees("No virtual machine is known: K asks the host");
}

#[test]
fn asking_takes_its_time_and_can_be_stopped() {
    let mut t = on_host();
    t.is_slow = true;
    t.keys("K h").sees("Asking this machine").keys("Home Down Down").selected("Hyper-V services");
    t.keys("K").sees("Stopped: the machines are as they were.");
    t.finish().sees_not("Johns VM");
    t.keys("K h").sees("Johns VM");
}

#[test]
fn without_a_host_a_script_is_written_and_its_output_read_back() {
    let mut t = on_host();
    t.app.asks_hosts = false;
    t.host.is_in(1, "Joes VM Scope");
    let listing = t.host.listing();
    t.files.insert("/stores/machines.txt".to_owned(), listing.into_bytes());
    t.keys(": \"create scope 'Joes VM Scope'\" Enter s s K w").sees("list-machines.vbs").keys("Enter");
    assert!(t.files["/stores/list-machines.vbs"].ends_with(b"RunList\r\n"));
    t.keys("K f").sees("Read a host's virtual machines");
    t.paste("/stores/machines.txt").keys("Enter").sees("HV01, from machines.txt: 2 virtual machines.");
    t.keys(": \"create scope 'Johns VM Scope'\" Enter");
    at(&mut t, JOHN).keys("z \"Johns\" Enter");
    t.keys(": \"rename scope 'Joes VM Scope' Joe\" Enter s")
        .sees("The host is not asked from here: a script");
    t.keys("s").sees("Write the script").sees("/stores/move-machines.vbs").keys("Enter");
    t.sees("cscript //nologo move-machines.vbs > machines.txt").sees("1 change");
    assert!(has_scope(&t, "Johns VM Scope") && has_scope(&t, "Joe") && has_scope(&t, "Joes VM Scope"));
    let script = String::from_utf8(t.files["/stores/move-machines.vbs"].clone()).unwrap();
    assert!(script.contains(&format!("Plan \"{JOHN}\", \"Johns VM Scope\"")), "{script}");
    assert!(script.contains(&format!("Plan \"{JOE}\", \"Joe\"")), "{script}");
    // On the host one of them works.
    t.host.says(JOE, Says::Returns(32774));
    let plan = [(JOHN, "Johns VM Scope"), (JOE, "Joe")].map(|(guid, to)| (guid.to_owned(), to.to_owned()));
    let moved = t.host.run(&plan);
    t.files.insert("/stores/moved.txt".to_owned(), moved.into_bytes());
    t.keys("K f Ctrl+U").paste("/stores/moved.txt").keys("Enter").sees("in use").keys("Esc");
    let moved = t.host.run(&plan[1..]);
    t.files.insert("/stores/moved.txt".to_owned(), moved.into_bytes());
    t.keys("K f Ctrl+U").paste("/stores/moved.txt").keys("Enter").sees("1 virtual machine moved");
    t.keys("s").sees("scope            Joes VM Scope").keys("s").sees("Saved and on disk");
    assert!(has_scope(&t, "Joe") && !has_scope(&t, "Joes VM Scope") && !t.app.doc().unwrap().is_unsaved());
}

#[test]
fn a_save_that_fails_moves_nothing() {
    let mut t = in_scopes();
    at(&mut t, "Joes VM Scope").keys("Del y : \"create scope New\" Enter");
    t.fail_next = Some(azedit::app::SaveFailure::Failed("Not saved: the disk is full.".to_owned()));
    t.keys("s s").sees("the disk is full").keys("Esc");
    assert!(t.host.asked.is_empty());
    t.keys("s s").sees("1 virtual machine moved");
    assert!(!has_scope(&t, "Joes VM Scope") && !t.app.doc().unwrap().is_unsaved());
}

#[test]
fn reading_the_file_again_keeps_the_machines_and_merging_keeps_where_they_go() {
    let mut t = in_scopes();
    at(&mut t, JOE).keys("z \"Johns\" Enter F5 d");
    at(&mut t, JOE).selected("Hyper-V services/scopes/Joes VM Scope: Joes VM");
    assert!(!t.app.doc().unwrap().is_unsaved());
}

#[test]
fn leaving_goes_on_after_the_machines_have_moved_and_not_before() {
    let mut t = in_scopes();
    t.host.says(JOE, Says::Returns(32769));
    at(&mut t, JOE).keys("z \"Johns\" Enter q s s").sees("was not moved");
    assert!(!t.has_quit);
    t.keys("Esc q s s");
    assert!(t.has_quit);
    assert_eq!(t.host.scope_of(JOE), "Johns VM Scope");
}

/// Pictures of what is seen in windows of both sizes, each made in its own.
fn pictures(name: &str, make: impl Fn((u16, u16)) -> Driver) {
    let t = &mut make((120, 40));
    insta::assert_snapshot!(format!("{name}_120x40"), t.picture());
    let t = &mut make((80, 24));
    t.tier = Tier::Ascii;
    insta::assert_snapshot!(format!("{name}_80x24"), t.picture());
}

/// One machine to be moved, one whose scope is not there, one that was not moved.
fn of_all_kinds((width, height): (u16, u16)) -> Driver {
    let mut t = in_scopes();
    t.resize(width, height);
    t.host.has(TWIN_1, "File server", 32769, "Old Scope").says(JOE, Says::Returns(32774));
    t.keys("K h");
    at(&mut t, JOE).keys("z \"Johns\" Enter s s Esc");
    at(&mut t, JOHN).keys("z \"Joes\" Enter");
    // The operations fold away.
    t.keys("G \"Read Serv\" Enter Backspace Left");
    t
}

#[test]
fn pictures_of_machines() {
    let with = |keys: &'static str| {
        move |size| {
            let mut t = of_all_kinds(size);
            at(&mut t, JOE).keys("Esc").keys(keys);
            t
        }
    };
    pictures("machines", with("Esc"));
    pictures("machines_details", with("Tab"));
    pictures("machines_ask", with("K"));
    pictures("machines_scopes", with("z"));
    pictures("machines_save", with("G \"Joes VM Scope\" Enter Del y s"));
    pictures("machines_delete", with("G \"Joes VM Scope\" Enter Del"));
    pictures("machines_failed", |size| {
        let mut t = of_all_kinds(size);
        t.host.says(JOE, Says::JobFails(10, "The operation failed with error code '32775'."));
        t.keys("s s");
        t
    });
    pictures("machines_file", |(width, height)| {
        let mut t = on_host();
        t.resize(width, height).app.asks_hosts = false;
        t.keys("K f");
        t
    });
}
