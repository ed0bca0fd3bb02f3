use super::super::fault::with_plan;
use super::*;
use std::fs;

struct Lab {
    _folder: tempfile::TempDir,
    state: StateDir,
    store: PathBuf,
}

const BYTES: &[u8] = b"<AzAdminManager/>";

impl Lab {
    fn new() -> Lab {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::locate(Some(&folder.path().join("state"))).unwrap();
        let store = folder.path().join("s.xml");
        fs::write(&store, BYTES).unwrap();
        Lab { _folder: folder, state, store }
    }

    fn start(&self) -> Journal {
        Journal::start(&self.state, &self.store, &Fingerprint::of(BYTES)).unwrap()
    }

    /// A session that appends these lines and then ends without a word.
    fn abandoned(&self, lines: &[&str]) -> PathBuf {
        let mut journal = self.start();
        for line in lines {
            journal.append(line).unwrap();
        }
        journal.path.clone()
    }

    fn pending(&self) -> Option<Pending> {
        pending(&self.state, &self.store, BYTES).unwrap()
    }

    fn lines(&self) -> Option<Vec<String>> {
        self.pending().map(|pending| pending.lines)
    }
}

#[test]
fn a_session_without_changes_writes_nothing() {
    let lab = Lab::new();
    let mut journal = lab.start();
    journal.sync().unwrap();
    drop(journal);
    assert!(lab.pending().is_none());
    assert!(!lab.state.path().exists());
}

#[test]
fn what_was_appended_is_offered_until_it_is_discarded() {
    let lab = Lab::new();
    lab.abandoned(&["create scope \"Büro\"", "undo", ""]);
    for _ in 0..2 {
        let pending = lab.pending().unwrap();
        assert_eq!(pending.lines, ["create scope \"Büro\"", "undo", ""]);
        assert!(pending.baseline_matches);
    }
    lab.pending().unwrap().discard().unwrap();
    assert!(lab.pending().is_none());
}

#[test]
fn a_saved_session_leaves_nothing() {
    let lab = Lab::new();
    let mut journal = lab.start();
    journal.append("create scope x").unwrap();
    journal.discard().unwrap();
    assert!(lab.pending().is_none());
    assert_eq!(fs::read_dir(lab.state.journals()).unwrap().count(), 0);
}

#[test]
fn a_running_session_is_not_offered_to_another() {
    let lab = Lab::new();
    let mut journal = lab.start();
    journal.append("create scope x").unwrap();
    assert!(lab.pending().is_none());
    drop(journal);
    let offered = lab.pending().unwrap();
    // Nor is what another one is just looking at.
    assert!(lab.pending().is_none());
    drop(offered);
    assert!(lab.pending().is_some());
}

#[test]
fn another_version_of_the_store_is_noticed() {
    let lab = Lab::new();
    lab.abandoned(&["create scope x"]);
    let mut other = BYTES.to_vec();
    other[1] = b'B';
    for bytes in [&other[..], b"", b"<AzAdminManager />"] {
        let pending = pending(&lab.state, &lab.store, bytes).unwrap().unwrap();
        assert!(!pending.baseline_matches);
    }
}

#[test]
fn a_journal_that_is_resumed_goes_on_where_it_was_undamaged() {
    let lab = Lab::new();
    let path = lab.abandoned(&["one", "two"]);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(b"0123abcd tor");
    fs::write(&path, bytes).unwrap();
    let mut journal = lab.pending().unwrap().resume().unwrap();
    journal.append("three").unwrap();
    drop(journal);
    assert_eq!(lab.lines().unwrap(), ["one", "two", "three"]);
}

#[test]
fn every_way_to_cut_or_spoil_a_journal_leaves_its_undamaged_beginning() {
    let lab = Lab::new();
    let lines = ["create scope x", "undo", "redo"];
    let path = lab.abandoned(&lines);
    let whole = fs::read(&path).unwrap();
    let expect = |spoilt: &[u8], damaged_at: usize| {
        fs::write(&path, spoilt).unwrap();
        // The header is the first line.
        let before = whole[..damaged_at].split(|byte| *byte == b'\n').count() - 1;
        let expected = before.checked_sub(1).filter(|lines| *lines > 0).map(|n| lines[..n].to_vec());
        let found = lab.pending();
        assert_eq!(
            found.map(|pending| pending.lines),
            expected.map(|e| e.iter().map(ToString::to_string).collect())
        );
    };
    let header = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for cut in header + 1..whole.len() {
        expect(&whole[..cut], cut);
    }
    for at in header..whole.len() {
        let mut spoilt = whole.clone();
        spoilt[at] ^= 1;
        expect(&spoilt, at);
        // As after a power cut: the length is there, the blocks are not.
        spoilt[at..].fill(0);
        expect(&spoilt, at);
    }
}

#[test]
fn lines_that_would_spoil_the_journal_are_refused() {
    let lab = Lab::new();
    let mut journal = lab.start();
    assert!(matches!(journal.append("a\nb"), Err(FileError::Line { .. })));
    assert!(matches!(journal.append(&"x".repeat(MAX_LINE + 1)), Err(FileError::Line { .. })));
    let long = "x".repeat(MAX_LINE);
    let appended = (0..20).take_while(|_| journal.append(&long).is_ok()).count();
    assert_eq!(appended, 15);
    drop(journal);
    assert_eq!(lab.lines().unwrap().len(), 15);
}

#[test]
fn a_line_that_could_not_be_written_is_not_in_the_way_of_the_next() {
    let lab = Lab::new();
    let mut journal = lab.start();
    let mut count = 0;
    let plan = move |operation| {
        count += usize::from(operation == "append to journal");
        if operation == "append to journal" && count == 2 {
            Err(ErrorKind::StorageFull.into())
        } else {
            Ok(())
        }
    };
    with_plan(plan, || {
        journal.append("one").unwrap();
        assert!(journal.append("lost").unwrap_err().to_string().contains("the disk is full"));
        journal.append("two").unwrap();
    });
    drop(journal);
    assert_eq!(lab.lines().unwrap(), ["one", "two"]);
}

#[test]
fn behind_a_half_written_line_that_cannot_be_cut_off_nothing_follows() {
    let lab = Lab::new();
    let mut journal = lab.start();
    journal.append("first").unwrap();
    let plan = |operation| match operation {
        "append to journal" | "cut journal" => Err(ErrorKind::Other.into()),
        _ => Ok(()),
    };
    with_plan(plan, || journal.append("second").unwrap_err());
    let error = journal.append("third").unwrap_err().to_string();
    assert!(error.contains("half written"), "{error}");
    drop(journal);
    assert_eq!(lab.lines().unwrap(), ["first"]);
}

#[test]
fn is_synced_after_twenty_lines_or_two_seconds() {
    let lab = Lab::new();
    let mut journal = lab.start();
    let start = journal.last_sync;
    for n in 1..20 {
        journal.append("x").unwrap();
        journal.sync_if_due(start).unwrap();
        assert!(journal.sync_time().is_some(), "{n}");
    }
    journal.append("x").unwrap();
    journal.sync_if_due(start).unwrap();
    assert!(journal.sync_time().is_none());
    journal.append("x").unwrap();
    let last = journal.last_sync;
    journal.sync_if_due(last + Duration::from_millis(1999)).unwrap();
    assert!(journal.sync_time().is_some());
    journal.sync_if_due(last + SYNC_TIME).unwrap();
    assert!(journal.sync_time().is_none());
}

#[cfg(unix)]
#[test]
fn a_journal_that_others_could_have_written_is_ignored() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let lab = Lab::new();
    let path = lab.abandoned(&["delete application \"Hyper-V services\""]);
    for (mode, trusted) in [(0o660, false), (0o602, false), (0o600, true), (0o644, true)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(lab.pending().is_some(), trusted, "{mode:o}");
    }
    // A link to such a file, or a second name of it.
    let elsewhere = lab.store.with_file_name("planted");
    fs::rename(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    assert!(lab.pending().is_none());
    fs::remove_file(&path).unwrap();
    fs::hard_link(&elsewhere, &path).unwrap();
    assert!(lab.pending().is_none());
    // One that is larger than any of ours.
    fs::remove_file(&path).unwrap();
    fs::rename(&elsewhere, &path).unwrap();
    assert!(lab.pending().is_some());
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(MAX_LENGTH + 1).unwrap();
    assert!(lab.pending().is_none());
}

#[test]
fn a_journal_of_another_store_or_format_is_ignored() {
    let lab = Lab::new();
    let path = lab.abandoned(&["x"]);
    let whole = fs::read_to_string(&path).unwrap();
    let header = line_of(whole.split_inclusive('\n').next().unwrap().as_bytes()).unwrap().to_owned();
    for wrong in [header.replace("s.xml", "t.xml"), header.replace(":1,", ":2,"), "{}".to_owned()] {
        assert_ne!(wrong, header);
        fs::write(&path, whole.replace(&record(&header), &record(&wrong))).unwrap();
        assert!(lab.pending().is_none(), "{wrong}");
    }
}
