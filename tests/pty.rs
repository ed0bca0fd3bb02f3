//! The terminal is taken over and given back, however the program ends.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod terminal;

use std::time::Duration;

use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};
use terminal::{HELD, Terminal};

const NOTHING: [&str; 0] = [];

fn send(terminal: &Terminal, signal: Signal) {
    let pid = i32::try_from(terminal.child.process_id().unwrap()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
}

/// The sample, opened and on the screen.
fn sample(home: &tempfile::TempDir) -> Terminal {
    let mut terminal = Terminal::azedit(home.path(), &["--sample"]);
    terminal.wait_for("Hyper-V services");
    assert_eq!(terminal.held(), HELD);
    terminal
}

#[test]
fn quitting_gives_the_terminal_back() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = sample(&home);
    terminal.press("q");
    assert_eq!(terminal.wait_for_end().exit_code(), 0);
    assert_eq!(terminal.held(), NOTHING);
}

#[test]
fn a_panic_gives_the_terminal_back_and_says_what_happened() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = sample(&home);
    terminal.press("\x1b[24~");
    assert_eq!(terminal.wait_for_end().exit_code(), 101);
    assert_eq!(terminal.held(), NOTHING);
    let screen = terminal.screen();
    for said in ["provoked by AZEDIT_TEST_PANIC", "a fault of azedit's own", "report the lines above"] {
        assert!(screen.contains(said), "{said} in {screen}");
    }
}

#[test]
fn a_signal_ends_the_program_after_the_terminal_is_given_back() {
    for (signal, name) in [
        (Signal::TERM, "Terminated"),
        (Signal::INT, "Interrupt"),
        (Signal::HUP, "Hangup"),
        (Signal::QUIT, "Quit"),
    ] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = sample(&home);
        send(&terminal, signal);
        let status = terminal.wait_for_end();
        assert!(status.signal().is_some_and(|died_by| died_by.starts_with(name)), "{signal:?}: {status:?}");
        assert_eq!(terminal.held(), NOTHING, "{signal:?}");
    }
}

/// The state of a process is read as Linux shows it.
#[cfg(target_os = "linux")]
#[test]
fn stopping_lends_the_terminal_and_going_on_takes_it_again() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = sample(&home);
    send(&terminal, Signal::TSTP);
    let stat = format!("/proc/{}/stat", terminal.child.process_id().unwrap());
    let is_stopped = || std::fs::read_to_string(&stat).unwrap().rsplit(") ").next().unwrap().starts_with('T');
    terminal.wait_until("the program has stopped", |_| is_stopped());
    terminal.output_within(Duration::from_millis(100));
    assert_eq!(terminal.held(), NOTHING);
    send(&terminal, Signal::CONT);
    terminal.wait_until("the terminal is taken again", |terminal| {
        terminal.held() == HELD && terminal.screen().contains("Hyper-V services")
    });
    terminal.press("q");
    assert_eq!(terminal.wait_for_end().exit_code(), 0);
    assert_eq!(terminal.held(), NOTHING);
}

#[test]
fn every_size_is_drawn() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = sample(&home);
    for (columns, rows) in
        [(1, 1), (0, 0), (39, 9), (40, 10), (300, 100), (80, 24), (3, 50), (0, 7), (100, 30)]
    {
        terminal.resize(columns, rows);
        terminal.output_within(Duration::from_millis(30));
    }
    terminal.wait_for("Hyper-V services");
    terminal.press("q");
    assert_eq!(terminal.wait_for_end().exit_code(), 0);
    assert_eq!(terminal.held(), NOTHING);
}

/// The kernel tells only the session's leader of a hang-up. Here that is a shell which does not care, as sshd's may
/// not: the program must notice by itself.
#[test]
fn a_dropped_connection_ends_the_program_even_without_a_signal() {
    let home = tempfile::tempdir().unwrap();
    let ended = home.path().join("ended");
    let mut command = CommandBuilder::new("/bin/sh");
    let script = "trap '' HUP; \"$0\" --sample; echo $? > \"$1\"";
    command.args(["-c", script, env!("CARGO_BIN_EXE_azedit"), ended.to_str().unwrap()]);
    let mut terminal = Terminal::start(command, home.path());
    terminal.wait_for("Hyper-V services");
    terminal.hang_up();
    terminal.wait_until("the program has ended", |_| ended.metadata().is_ok_and(|file| file.len() > 0));
    assert_eq!(std::fs::read_to_string(ended).unwrap().trim(), "129");
}

#[test]
fn nothing_is_written_while_nothing_happens() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = sample(&home);
    terminal.output_within(Duration::from_millis(500));
    assert_eq!(terminal.output_within(Duration::from_secs(1)), 0);
}

#[test]
fn without_a_terminal_the_editor_refuses() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_azedit")).arg("--sample").output().unwrap();
    assert_eq!((output.status.code(), output.stdout), (Some(2), vec![]));
    assert!(String::from_utf8(output.stderr).unwrap().contains("needs a terminal"));
}

fn kill(terminal: &mut Terminal) {
    send(terminal, Signal::KILL);
    terminal.wait_for_end();
}

fn files_in(folder: &std::path::Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// A change that was not saved survives a kill, is offered, done again, saved, and then forgotten.
#[test]
fn a_kill_loses_nothing_and_a_save_settles_it() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("Store.xml");
    let original = include_bytes!("../assets/InitialStore.xml");
    std::fs::write(&store, original).unwrap();
    let journals = home.path().join("state/journals");

    let mut terminal = Terminal::azedit(home.path(), &["Store.xml"]);
    terminal.wait_for("Hyper-V services");
    terminal.press("jjc");
    terminal.wait_for("Role definition ");
    terminal.press("s");
    terminal.wait_for("Create scope");
    terminal.press("Johns VM Scope\r");
    terminal.wait_for("1 change");
    kill(&mut terminal);
    assert_eq!(files_in(&journals), 1);
    assert_eq!(std::fs::read(&store).unwrap(), original);

    let mut terminal = Terminal::azedit(home.path(), &["Store.xml"]);
    terminal.wait_for("Unsaved work was found");
    terminal.press("r");
    terminal.wait_for("Replayed: 1 change");
    terminal.press("s");
    terminal.wait_for("Save Store.xml");
    terminal.press("s");
    terminal.wait_for("Saved and on disk. Earlier version: azedit restore");
    terminal.press("q");
    assert_eq!(terminal.wait_for_end().exit_code(), 0);
    assert_eq!(files_in(&journals), 0);

    // The change is there, and every byte around it is the old one.
    let saved = std::fs::read(&store).unwrap();
    let same = |a: &mut dyn Iterator<Item = &u8>, b: &mut dyn Iterator<Item = &u8>| {
        a.zip(b).take_while(|(x, y)| x == y).count()
    };
    let before = same(&mut saved.iter(), &mut original.iter());
    let after = same(&mut saved.iter().rev(), &mut original.iter().rev());
    assert!(before + after >= original.len(), "{before} + {after} of {} bytes stay", original.len());
    let added = String::from_utf8_lossy(&saved[before..saved.len() - (original.len() - before)]).into_owned();
    assert!(added.contains("Johns VM Scope"), "{added}");
}

#[test]
fn a_signal_leaves_unsaved_work_in_the_journal() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("Store.xml"), include_bytes!("../assets/InitialStore.xml")).unwrap();
    let mut terminal = Terminal::azedit(home.path(), &["Store.xml"]);
    terminal.wait_for("Hyper-V services");
    terminal.press("jjcsJohns VM Scope\r");
    terminal.wait_for("1 change");
    send(&terminal, Signal::HUP);
    terminal.wait_for_end();
    let mut terminal = Terminal::azedit(home.path(), &["Store.xml"]);
    terminal.wait_for("Unsaved work was found");
    terminal.press("d");
    terminal.wait_for("The journal of the earlier run was removed");
    terminal.press("q");
    assert_eq!(terminal.wait_for_end().exit_code(), 0);
    assert_eq!(files_in(&home.path().join("state/journals")), 0);
}

/// Whichever way out leaves nothing unsaved leaves no journal either: the next start asks nothing.
#[test]
fn who_has_saved_discarded_or_undone_is_not_asked_again() {
    for (way, keys) in [("save and quit", "qss"), ("discard and quit", "qd"), ("undo and quit", "uq")] {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("Store.xml"), include_bytes!("../assets/InitialStore.xml")).unwrap();
        let mut terminal = Terminal::azedit(home.path(), &["Store.xml"]);
        terminal.wait_for("Hyper-V services");
        terminal.press("jjcsJohns VM Scope\r");
        terminal.wait_for("1 change");
        let journals = home.path().join("state/journals");
        assert_eq!(files_in(&journals), 1, "{way}");
        terminal.press(keys);
        assert_eq!(terminal.wait_for_end().exit_code(), 0, "{way}");
        assert_eq!(files_in(&journals), 0, "{way}");
    }
}

#[test]
fn what_somebody_else_wrote_is_not_overwritten() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("Store.xml");
    let original = String::from_utf8(include_bytes!("../assets/InitialStore.xml").to_vec()).unwrap();
    std::fs::write(&store, &original).unwrap();
    let mut terminal = Terminal::azedit(home.path(), &["Store.xml"]);
    terminal.wait_for("Hyper-V services");
    terminal.press("jjcsJohns VM Scope\r");
    terminal.wait_for("1 change");
    let theirs = original.replacen("Administrator", "Verwalter", 1);
    assert_ne!(theirs, original);
    std::fs::write(&store, &theirs).unwrap();
    terminal.press("s");
    terminal.wait_for("Store.xml is not what was read");
    terminal.press("\x1b");
    terminal.wait_until("the save dialog is left alone", |terminal| {
        terminal.screen().contains("Save Store.xml") && !terminal.screen().contains("is not what was read")
    });
    terminal.press("s");
    terminal.wait_for("Nothing was written.");
    terminal.press("\x1b");
    assert_eq!(std::fs::read_to_string(&store).unwrap(), theirs);
    send(&terminal, Signal::TERM);
    terminal.wait_for_end();
    assert_eq!(terminal.held(), NOTHING);
}

/// A store of about so many bytes.
fn store_of(bytes: usize) -> String {
    let mut store =
        String::from("<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"><AzApplication Name=\"App\">");
    let mut number = 0;
    while store.len() < bytes {
        let scope =
            format!("<AzScope Guid=\"{number:08x}-0000-4000-8000-000000000000\" Name=\"Scope {number}\"/>");
        store.push_str(&scope);
        number += 1;
    }
    store + "</AzApplication></AzAdminManager>"
}

#[test]
fn opening_a_large_store_is_shown_and_can_be_stopped() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("large.xml"), store_of(60_000_000)).unwrap();
    let mut terminal = Terminal::azedit(home.path(), &["large.xml"]);
    terminal.wait_for("Opening large.xml");
    terminal.press("\x1b");
    terminal.wait_for("Stopped: ");
    terminal.wait_for("Open a store");
    terminal.press("q");
    assert_eq!(terminal.wait_for_end().exit_code(), 0);
    assert_eq!(terminal.held(), NOTHING);
}

#[test]
fn what_is_typed_while_a_large_store_is_opened_is_done_when_it_is_there() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("large.xml"), store_of(4_000_000)).unwrap();
    let mut terminal = Terminal::azedit(home.path(), &["large.xml"]);
    terminal.press("/Scope 777\r");
    terminal.wait_for("Scope 777 ");
    // It is checked beside that, and saved with progress of its own.
    terminal.press("dDescribed\r");
    terminal.wait_for("1 change");
    terminal.press("ss");
    terminal.wait_for("Saved and on disk.");
    terminal.wait_for("1 error");
    terminal.press("q");
    assert_eq!(terminal.wait_for_end().exit_code(), 0);
    assert!(
        std::fs::read_to_string(home.path().join("large.xml")).unwrap().contains("Description=\"Described\"")
    );
}

#[test]
fn another_writer_is_noticed_when_the_window_gets_the_focus() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("store.xml");
    std::fs::write(&store, store_of(500)).unwrap();
    let mut terminal = Terminal::azedit(home.path(), &["store.xml"]);
    terminal.wait_for("Scope 0");
    std::fs::write(&store, store_of(1000)).unwrap();
    terminal.press("\x1b[O\x1b[I");
    terminal.wait_for("store.xml is not what was read");
    terminal.press("r");
    terminal.wait_for("Read store.xml again.");
    terminal.press("q");
    assert_eq!(terminal.wait_for_end().exit_code(), 0);
}
