//! An editing session that is killed at a random moment loses nothing that its journal had taken.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use azedit::files::{Fingerprint, Journal, StateDir, pending};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const STORE: &[u8] = b"<AzAdminManager/>";
const FOLDER: &str = "AZEDIT_TEST_JOURNAL_FOLDER";

/// Not a test: the session that `a_kill_loses_nothing_appended` kills. It says on standard output which line it
/// has appended.
#[test]
#[ignore = "is run by the other test, as a process of its own"]
fn session() {
    let folder = std::env::var_os(FOLDER).unwrap();
    let folder = Path::new(&folder);
    let state = StateDir::locate(Some(&folder.join("state"))).unwrap();
    let mut journal = Journal::start(&state, &folder.join("s.xml"), &Fingerprint::of(STORE)).unwrap();
    let mut out = std::io::stdout();
    for n in 0_u64.. {
        journal.append(&format!("create scope \"scope {n}\"")).unwrap();
        journal.sync_if_due(Instant::now()).unwrap();
        writeln!(out, "appended {n}").unwrap();
    }
}

#[test]
fn a_kill_loses_nothing_appended() {
    let rounds = std::env::var("AZEDIT_TEST_KILLS").map_or(20, |rounds| rounds.parse().unwrap());
    let mut most = 0;
    for round in 0..rounds {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("s.xml"), STORE).unwrap();
        let mut session = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "session", "--ignored", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Read all the time: a full pipe would stop the session.
        let output = BufReader::new(session.stdout.take().unwrap());
        let listening = std::thread::spawn(move || {
            let said = output.lines().map_while(Result::ok);
            said.filter_map(|line| line.strip_prefix("appended ")?.parse::<usize>().ok()).last()
        });
        // At another moment each time, the first of them before there is a journal.
        std::thread::sleep(Duration::from_micros(round * 7919 % 250_000));
        session.kill().unwrap();
        session.wait().unwrap();
        let appended = listening.join().unwrap().map_or(0, |last| last + 1);

        let state = StateDir::locate(Some(&folder.path().join("state"))).unwrap();
        let found = pending(&state, &folder.path().join("s.xml"), STORE).unwrap();
        let lines = found.map_or_else(Vec::new, |pending| pending.lines);
        assert!(lines.len() >= appended, "round {round}: {} lines of {appended}", lines.len());
        for (n, line) in lines.iter().enumerate() {
            assert_eq!(line, &format!("create scope \"scope {n}\""));
        }
        most = most.max(appended);
    }
    assert!(most > 0, "no session lived long enough to append a line");
}
