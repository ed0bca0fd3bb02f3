use super::super::fault::with_plan;
use super::super::{log, version_bytes};
use super::*;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::rc::Rc;

const OLD: &[u8] = b"<AzAdminManager/>";
const NEW: &[u8] = b"<AzAdminManager Description=\"new\"/>";
const THEIRS: &[u8] = b"<AzAdminManager Description=\"theirs\"/>";
#[cfg(target_os = "linux")]
const THIRD: &[u8] = b"<AzAdminManager Description=\"third\"/>";

struct Lab {
    folder: tempfile::TempDir,
    state: StateDir,
}

impl Lab {
    fn new() -> Lab {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("store")).unwrap();
        let state = StateDir::locate(Some(&folder.path().join("state"))).unwrap();
        let lab = Lab { folder, state };
        fs::write(lab.store(), OLD).unwrap();
        lab
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("store").join("s.xml")
    }

    fn save(&self) -> Result<Saved, SaveError> {
        self.replace(OLD, NEW, &|| Ok(()))
    }

    fn replace(
        &self,
        baseline: &[u8],
        new: &[u8],
        verify: &(dyn Fn() -> Result<(), String> + Sync),
    ) -> Result<Saved, SaveError> {
        self.replace_as_of(None, baseline, new, verify)
    }

    fn replace_as_of(
        &self,
        stamp: Option<&Stamp>,
        baseline: &[u8],
        new: &[u8],
        verify: &(dyn Fn() -> Result<(), String> + Sync),
    ) -> Result<Saved, SaveError> {
        let (path, what, state) = (&self.store(), "a test", &self.state);
        replace(&Save { path, new, baseline, stamp, verify, what, state })
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.store()).unwrap()
    }

    /// What is in the store's folder beside the store.
    fn others(&self) -> Vec<String> {
        let names = fs::read_dir(self.store().parent().unwrap()).unwrap();
        names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "s.xml")
            .collect()
    }

    fn backups(&self) -> Vec<Vec<u8>> {
        let ids = log(&self.state, &self.store()).unwrap();
        ids.iter()
            .filter(|version| version.kept)
            .map(|version| version_bytes(&self.state, &self.store(), &version.id).unwrap())
            .collect()
    }
}

/// Another program that replaces the store by renaming, as every careful one does.
fn replaced_by_others(store: &Path, bytes: &[u8]) {
    let temporary = store.with_extension("theirs");
    fs::write(&temporary, bytes).unwrap();
    fs::rename(temporary, store).unwrap();
}

/// A plan that does `act` before the n-th operation of this name (from 1).
fn at(
    operation: &'static str,
    n: usize,
    mut act: impl FnMut() -> io::Result<()> + 'static,
) -> impl FnMut(&'static str) -> io::Result<()> + 'static {
    let mut count = 0;
    move |now| {
        count += usize::from(now == operation);
        if now == operation && count == n { act() } else { Ok(()) }
    }
}

#[test]
fn replaces_keeps_the_earlier_version_and_leaves_nothing_behind() {
    let lab = Lab::new();
    let saved = lab.save().unwrap();
    assert_eq!(lab.bytes(), NEW);
    assert_eq!(lab.others(), Vec::<String>::new());
    assert_eq!(version_bytes(&lab.state, &lab.store(), &saved.version).unwrap(), OLD);
    let versions = log(&lab.state, &lab.store()).unwrap();
    let [version] = versions.as_slice() else { panic!("{versions:?}") };
    assert_eq!((version.id.as_str(), version.length, version.kept), (saved.version.as_str(), 17, true));
    assert_eq!(version.entry.as_ref().unwrap().what, "a test");
    assert_eq!(super::super::look(&lab.store(), &saved.stamp), super::super::Look::Same);
}

#[test]
fn another_version_on_disk_is_a_conflict() {
    let lab = Lab::new();
    fs::write(lab.store(), THEIRS).unwrap();
    let error = lab.save().unwrap_err();
    assert!(
        matches!(&error, SaveError::Conflict(c) if c.theirs == Theirs::Content && c.modified.is_some()),
        "{error}"
    );
    assert_eq!(error.exit_code(), 5);
    assert_eq!(lab.bytes(), THEIRS);
    assert_eq!(lab.others(), Vec::<String>::new());
    assert_eq!(lab.backups(), Vec::<Vec<u8>>::new());
}

#[test]
fn another_version_is_seen_before_anything_is_written() {
    let lab = Lab::new();
    fs::write(lab.store(), THEIRS).unwrap();
    let operations = Rc::new(RefCell::new(Vec::new()));
    let seen = operations.clone();
    let plan = move |operation| {
        seen.borrow_mut().push(operation);
        Ok(())
    };
    with_plan(plan, || lab.save()).unwrap_err();
    let operations = operations.borrow();
    assert!(operations.contains(&"read"));
    for writing in ["create backup", "create", "exchange"] {
        assert!(!operations.contains(&writing), "{operations:?}");
    }
}

#[test]
fn a_stamp_that_is_still_right_spares_one_reading_and_no_conflict() {
    let lab = Lab::new();
    let operations = Rc::new(RefCell::new(Vec::new()));
    let save = |stamp: &Stamp| {
        operations.borrow_mut().clear();
        let seen = operations.clone();
        let plan = move |operation| {
            seen.borrow_mut().push(operation);
            Ok(())
        };
        with_plan(plan, || lab.replace_as_of(Some(stamp), OLD, NEW, &|| Ok(())))
    };
    let reads_before = |operation| {
        let operations = operations.borrow();
        operations.iter().take_while(|known| **known != operation).filter(|known| **known == "read").count()
    };
    let stamp = || super::super::read(&lab.store()).unwrap().stamp;

    let opened = stamp();
    save(&opened).unwrap();
    assert_eq!((reads_before("exchange"), lab.bytes().as_slice()), (0, NEW));

    // Touched since then: it is read.
    replaced_by_others(&lab.store(), OLD);
    save(&opened).unwrap();
    assert_eq!((reads_before("exchange"), lab.bytes().as_slice()), (1, NEW));

    // Changed all the same, as by a program that sets the times back.
    replaced_by_others(&lab.store(), THEIRS);
    let error = save(&stamp()).unwrap_err();
    assert!(matches!(&error, SaveError::Conflict(c) if c.theirs == Theirs::Content), "{error}");
    assert_eq!(lab.bytes(), THEIRS);
    assert_eq!(lab.others(), Vec::<String>::new());
}

#[test]
fn a_store_that_is_gone_is_a_conflict() {
    let lab = Lab::new();
    fs::remove_file(lab.store()).unwrap();
    let error = lab.save().unwrap_err();
    assert!(matches!(&error, SaveError::Conflict(c) if c.theirs == Theirs::Gone), "{error}");
    assert!(!lab.store().exists());
}

#[test]
fn what_does_not_verify_is_not_saved() {
    // Below and above the size from which it is checked on another thread.
    for length in [10, WORTH_THREADS] {
        let new = vec![b'x'; length];
        for verify in [&|| Err("no role".to_owned()), &|| -> Result<(), String> { panic!("a bug") }]
            as [&(dyn Fn() -> Result<(), String> + Sync); 2]
        {
            let lab = Lab::new();
            let error = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                lab.replace(OLD, &new, verify).unwrap_err()
            }));
            if let Ok(error) = error {
                assert_eq!(error.exit_code(), 6);
                assert_eq!(lab.others(), Vec::<String>::new());
                assert_eq!(lab.backups(), Vec::<Vec<u8>>::new());
            }
            assert_eq!(lab.bytes(), OLD);
        }
    }
}

/// What several threads make ready for a large store is all taken back when one of them fails.
#[test]
fn a_large_store_is_replaced_with_all_or_nothing() {
    let lab = Lab::new();
    let (old, new) = (vec![b'o'; WORTH_THREADS], vec![b'n'; WORTH_THREADS + 1]);
    fs::write(lab.store(), &old).unwrap();
    let unchanged = |what: &str| {
        assert_eq!(lab.bytes(), old, "{what}");
        assert_eq!(lab.others(), Vec::<String>::new(), "{what}");
    };

    for operation in ["create", "write", "sync", "read back"] {
        let plan = at(operation, 1, || Err(io::Error::from_raw_os_error(5)));
        let error = with_plan(plan, || lab.replace(&old, &new, &|| Ok(()))).unwrap_err();
        assert_eq!(error.exit_code(), 6, "{operation}: {error}");
        unchanged(operation);
        assert_eq!(lab.backups(), Vec::<Vec<u8>>::new(), "{operation}");
    }

    // A file where the folder of the backups should be.
    fs::remove_dir_all(lab.state.path()).unwrap();
    fs::write(lab.state.path(), "").unwrap();
    let error = lab.replace(&old, &new, &|| Ok(())).unwrap_err();
    assert!(error.to_string().contains("no backup could be made"), "{error}");
    unchanged("no backup");
    fs::remove_file(lab.state.path()).unwrap();

    lab.replace(&old, &new, &|| Ok(())).unwrap();
    assert_eq!(lab.bytes(), new);
    assert_eq!(lab.backups(), [old]);
}

/// Every operation of a save fails once, and from some operation on all fail, each with every error: what is on
/// the disk is what the result says, the backup is there whenever the store was replaced, and nothing is left.
#[test]
fn every_operation_may_fail() {
    let mut outcomes: HashMap<u8, usize> = HashMap::new();
    for errno in super::super::fault::ERRNOS {
        for sticky in [false, true] {
            for n in 1.. {
                let lab = Lab::new();
                let failed = Rc::new(RefCell::new(Vec::new()));
                let (seen, mut count) = (failed.clone(), 0);
                let plan = move |operation| {
                    count += 1;
                    if count == n || sticky && count > n {
                        seen.borrow_mut().push(operation);
                        return Err(io::Error::from_raw_os_error(errno));
                    }
                    Ok(())
                };
                let result = with_plan(plan, || lab.save());
                let failed = failed.borrow();
                let code = result.as_ref().map_or_else(SaveError::exit_code, |_| 0);
                let context = format!("errno {errno}, operation {n} {failed:?}: {result:?}");
                match code {
                    0 | 7 => assert_eq!(lab.bytes(), NEW, "{context}"),
                    _ => assert_eq!(lab.bytes(), OLD, "{context}"),
                }
                if matches!(code, 0 | 7) {
                    assert_eq!(lab.backups(), [OLD], "{context}");
                }
                // What is left is named to the user.
                let said = match &result {
                    Ok(saved) => saved.notes.join(" "),
                    Err(error) => error.to_string(),
                };
                for other in lab.others() {
                    let excused = failed.contains(&"look at lock") || failed.contains(&"lock");
                    assert!(said.contains(&other) || excused, "{other} is left; {context}");
                }
                *outcomes.entry(code).or_default() += 1;
                if failed.is_empty() {
                    break;
                }
            }
        }
    }
    // Each of the outcomes that errors can have was seen.
    for code in [0, 6, 7] {
        assert!(outcomes.contains_key(&code), "{outcomes:?}");
    }
}

#[cfg(target_os = "linux")]
mod races {
    use super::*;

    #[test]
    fn a_version_that_came_in_the_last_instant_is_put_back() {
        let lab = Lab::new();
        let store = lab.store();
        let plan = at("exchange", 1, move || {
            replaced_by_others(&store, THEIRS);
            Ok(())
        });
        let error = with_plan(plan, || lab.save()).unwrap_err();
        assert!(
            matches!(&error, SaveError::Conflict(c) if c.theirs == Theirs::Content && c.kept.is_none()),
            "{error}"
        );
        assert_eq!(lab.bytes(), THEIRS);
        assert_eq!(lab.others(), Vec::<String>::new());
    }

    #[test]
    fn a_third_version_is_kept_under_a_name_of_its_own() {
        let lab = Lab::new();
        let store = lab.store();
        let mut exchanges = 0;
        let plan = move |operation| {
            if operation == "exchange" {
                exchanges += 1;
                replaced_by_others(&store, if exchanges == 1 { THEIRS } else { THIRD });
            }
            Ok(())
        };
        let error = with_plan(plan, || lab.save()).unwrap_err();
        let SaveError::Conflict(conflict) = &error else { panic!("{error}") };
        let kept = conflict.kept.as_ref().unwrap();
        assert_eq!(fs::read(kept).unwrap(), THIRD);
        assert_eq!(lab.bytes(), THEIRS);
        assert!(error.to_string().contains("s.xml.azedit-conflict-"), "{error}");
    }

    #[test]
    fn a_version_that_cannot_be_put_back_is_kept_and_named() {
        let lab = Lab::new();
        let store = lab.store();
        let mut exchanges = 0;
        let plan = move |operation| {
            exchanges += usize::from(operation == "exchange");
            match (operation, exchanges) {
                ("exchange", 1) => replaced_by_others(&store, THEIRS),
                ("exchange", 2) => return Err(io::Error::from_raw_os_error(5)),
                _ => {}
            }
            Ok(())
        };
        let error = with_plan(plan, || lab.save()).unwrap_err();
        let SaveError::Unconfirmed(unconfirmed) = &error else { panic!("{error}") };
        let displaced = unconfirmed.displaced.as_ref().unwrap();
        assert_eq!(fs::read(displaced).unwrap(), THEIRS);
        assert_eq!(lab.bytes(), NEW);
    }

    #[test]
    fn permissions_that_changed_in_the_last_instant_are_not_lost() {
        use std::os::unix::fs::PermissionsExt;
        let lab = Lab::new();
        let store = lab.store();
        let plan = at("exchange", 1, move || fs::set_permissions(&store, fs::Permissions::from_mode(0o600)));
        let error = with_plan(plan, || lab.save()).unwrap_err();
        assert!(matches!(&error, SaveError::Conflict(c) if c.theirs == Theirs::Attributes), "{error}");
        assert_eq!(lab.bytes(), OLD);
        assert_eq!(fs::metadata(lab.store()).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn without_exchange_the_last_look_still_finds_another_version() {
        let lab = Lab::new();
        let store = lab.store();
        let plan = at("exchange", 1, move || {
            replaced_by_others(&store, THEIRS);
            Err(io::Error::from_raw_os_error(22))
        });
        let error = with_plan(plan, || lab.save()).unwrap_err();
        assert_eq!(error.exit_code(), 5, "{error}");
        assert_eq!(lab.bytes(), THEIRS);
        assert_eq!(lab.others(), Vec::<String>::new());
    }

    #[test]
    fn without_exchange_the_user_is_told() {
        let lab = Lab::new();
        let plan = at("exchange", 1, || Err(io::Error::from_raw_os_error(22)));
        let saved = with_plan(plan, || lab.save()).unwrap();
        assert!(saved.notes.iter().any(|note| note.contains("cannot exchange files")), "{saved:?}");
        assert_eq!(lab.bytes(), NEW);
        assert_eq!(lab.others(), Vec::<String>::new());
    }
}

#[cfg(unix)]
#[test]
fn a_lock_left_by_a_kill_is_taken_over_and_a_held_one_is_respected() {
    let lab = Lab::new();
    let lock = lab.store().with_file_name(".s.xml.azedit-lock");
    fs::write(&lock, "somebody long gone\n").unwrap();
    lab.save().unwrap();
    assert!(!lock.exists());

    fs::write(lab.store(), OLD).unwrap();
    fs::write(&lock, "anna on dc1, process 7\n").unwrap();
    let held = fs::File::open(&lock).unwrap();
    held.lock().unwrap();
    let waiting = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        drop(held);
    });
    // Waits for the holder, and then saves.
    lab.save().unwrap();
    waiting.join().unwrap();
    assert!(!lock.exists());

    fs::write(lab.store(), OLD).unwrap();
    fs::write(&lock, "anna on dc1, process 7\n").unwrap();
    let held = fs::File::open(&lock).unwrap();
    held.lock().unwrap();
    let error = lab.save().unwrap_err();
    assert_eq!(error.exit_code(), 6);
    assert!(error.to_string().contains("anna on dc1, process 7 is saving s.xml"), "{error}");
    assert_eq!(lab.bytes(), OLD);
    assert!(lock.exists());
}

/// The former holder removes the lock file between our locking it and our look at it: the lock is worth nothing.
#[cfg(unix)]
#[test]
fn the_lock_of_a_removed_file_does_not_count() {
    let lab = Lab::new();
    let name = lab.store().with_file_name(".s.xml.azedit-lock");
    let (path, looks) = (name.clone(), Rc::new(RefCell::new(0)));
    let count = looks.clone();
    let plan = move |operation| {
        if operation == "look at lock" {
            *count.borrow_mut() += 1;
            match *count.borrow() {
                1 => fs::remove_file(&path)?,
                // Another one has already made a new file of that name; it is not ours.
                2 => replaced_by_others(&path, b""),
                _ => {}
            }
        }
        Ok(())
    };
    with_plan(plan, || lab.save()).unwrap();
    assert_eq!(*looks.borrow(), 3);
    assert_eq!(lab.others(), Vec::<String>::new());
}

#[cfg(windows)]
#[path = "windows_tests.rs"]
mod two_steps;
