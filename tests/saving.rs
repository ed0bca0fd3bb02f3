//! What a save keeps of a file beside its bytes, what it refuses, and what others see of it meanwhile. `tests/faults`
//! has what needs root.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use azedit::files::{self, Save, SaveError, Saved, StateDir};
use std::fs;
use std::io::{ErrorKind, Read, Write};
#[cfg(unix)]
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

struct Lab {
    folder: tempfile::TempDir,
    state: StateDir,
}

impl Lab {
    fn new() -> Lab {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::locate(Some(&folder.path().join("state"))).unwrap();
        Lab { folder, state }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Reads the file and saves other bytes, as the editor does.
    fn save(&self, path: &Path, new: &str) -> Result<Saved, SaveError> {
        self.save_over(path, &files::read(path).unwrap().bytes, new)
    }

    fn save_over(&self, path: &Path, baseline: &[u8], new: &str) -> Result<Saved, SaveError> {
        files::replace(&Save {
            path,
            new: new.as_bytes(),
            baseline,
            stamp: None,
            verify: &|| Ok(()),
            what: "test",
            state: &self.state,
        })
    }
}

/// The output of a command, or `None` when it is not installed or fails (a file system without attributes).
#[cfg(unix)]
fn run(program: &str, arguments: &[&str], path: &Path) -> Option<String> {
    let output = Command::new(program).args(arguments).arg(path).output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

#[cfg(unix)]
#[test]
fn the_mode_stays() {
    let lab = Lab::new();
    let path = lab.path("s.xml");
    for mode in [0o600, 0o640, 0o664, 0o755, 0o2644] {
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        lab.save(&path, "new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, mode);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }
}

#[cfg(unix)]
#[test]
fn extended_attributes_and_access_control_lists_stay() {
    let lab = Lab::new();
    let path = lab.path("s.xml");
    fs::write(&path, "old").unwrap();
    // Each as far as this system has it.
    let has_acl = run("setfacl", &["-m", "u:65534:rw,g:65534:r"], &path).is_some();
    let has_attributes = run("setfattr", &["-n", "user.note", "-v", "keep me"], &path).is_some();
    let acl = run("getfacl", &["--absolute-names", "--numeric"], &path);
    let attributes = run("getfattr", &["--absolute-names", "-d", "-m", "-"], &path);
    lab.save(&path, "new").unwrap();
    assert_eq!(run("getfacl", &["--absolute-names", "--numeric"], &path), acl);
    assert_eq!(run("getfattr", &["--absolute-names", "-d", "-m", "-"], &path), attributes);
    assert!(!has_acl || acl.unwrap().contains("user:65534:rw-"));
    assert!(!has_attributes || attributes.unwrap().contains("keep me"));
}

#[cfg(unix)]
#[test]
fn what_the_folder_gives_to_new_files_does_not_get_into_the_store() {
    let lab = Lab::new();
    let path = lab.path("s.xml");
    fs::write(&path, "old").unwrap();
    if run("setfacl", &["-d", "-m", "u:65534:rwx"], lab.folder.path()).is_none() {
        return; // No access control lists here.
    }
    let before = run("getfacl", &["--absolute-names", "--numeric"], &path);
    lab.save(&path, "new").unwrap();
    assert_eq!(run("getfacl", &["--absolute-names", "--numeric"], &path), before);
}

#[cfg(unix)]
#[test]
fn a_chain_of_links_stays_and_its_end_is_saved() {
    let lab = Lab::new();
    fs::create_dir(lab.path("real")).unwrap();
    let real = lab.path("real").join("s.xml");
    fs::write(&real, "old").unwrap();
    symlink("real/s.xml", lab.path("relative")).unwrap();
    symlink(lab.path("relative"), lab.path("chained")).unwrap();
    let saved = lab.save(&lab.path("chained"), "new").unwrap();
    assert_eq!(fs::read_link(lab.path("relative")).unwrap(), Path::new("real/s.xml"));
    assert_eq!(fs::read_link(lab.path("chained")).unwrap(), lab.path("relative"));
    assert_eq!(fs::read_to_string(&real).unwrap(), "new");
    // One store has one history, whatever it is called.
    for name in [&real, &lab.path("relative"), &lab.path("chained")] {
        let versions = files::log(&lab.state, name).unwrap();
        assert_eq!(versions.iter().map(|version| &version.id).collect::<Vec<_>>(), [&saved.version]);
        assert_eq!(files::version_bytes(&lab.state, name, &saved.version).unwrap(), b"old");
    }
}

#[test]
fn a_file_with_two_names_is_refused() {
    let lab = Lab::new();
    let path = lab.path("s.xml");
    fs::write(&path, "old").unwrap();
    fs::hard_link(&path, lab.path("second")).unwrap();
    let error = lab.save(&path, "new").unwrap_err();
    assert_eq!(error.exit_code(), 6);
    assert_eq!(
        error.to_string(),
        "Not saved: s.xml has 2 names (hard links), and a save would part them. The store on disk is unchanged; \
         remove the other names, or save a copy under another name."
    );
    assert_eq!(fs::read_to_string(lab.path("second")).unwrap(), "old");
    // Still one file.
    fs::write(lab.path("second"), "both").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "both");
}

#[test]
fn what_has_the_name_of_the_store_by_now_is_not_called_the_store() {
    let lab = Lab::new();
    let path = lab.path("s.xml");
    fs::create_dir(&path).unwrap();
    let error = lab.save_over(&path, b"old", "new").unwrap_err();
    assert_eq!(
        (error.exit_code(), error.to_string().as_str()),
        (
            6,
            "Not saved: s.xml is now a folder, not a file. The store is not there any more, and nothing was written; \
             save under another name."
        )
    );
    assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    // A file where its folder was.
    fs::write(lab.path("folder"), "").unwrap();
    let error = lab.save_over(&lab.path("folder").join("s.xml"), b"old", "new").unwrap_err();
    assert_eq!(error.exit_code(), 5);
    assert!(error.to_string().contains("s.xml is gone"), "{error}");
}

/// A save that was ended between its two steps, on Windows, leaves a second name.
#[test]
fn the_second_name_that_a_save_left_does_not_stand_in_the_way() {
    let lab = Lab::new();
    let path = lab.path("s.xml");
    let left = lab.path(".s.xml.azedit-0123456789ab.tmp.old");
    fs::write(&path, "old").unwrap();
    fs::hard_link(&path, &left).unwrap();
    assert_eq!(files::read(&path).unwrap().writable, Ok(()));
    lab.save(&path, "new").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert!(!left.exists());
    // The same name, but of another file: somebody's version.
    fs::write(&left, "theirs").unwrap();
    lab.save(&path, "newer").unwrap();
    assert_eq!(fs::read_to_string(&left).unwrap(), "theirs");
}

#[test]
fn without_a_backup_nothing_is_written() {
    let lab = Lab::new();
    let path = lab.path("s.xml");
    fs::write(&path, "old").unwrap();
    fs::write(lab.path("state"), "a file where the state folder should be").unwrap();
    let error = lab.save(&path, "new").unwrap_err();
    assert_eq!(error.exit_code(), 6);
    assert!(error.to_string().contains("no backup could be made"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
}

#[test]
fn saves_follow_one_another_and_the_last_twenty_versions_are_kept() {
    let lab = Lab::new();
    let path = lab.path("s.xml");
    fs::write(&path, "0").unwrap();
    for n in 1..=25 {
        lab.save(&path, &n.to_string()).unwrap();
    }
    let versions = files::log(&lab.state, &path).unwrap();
    assert_eq!(versions.len(), 25);
    let newest = versions.iter().zip((0..25).rev()).take(20);
    for (version, n) in newest {
        assert!(version.kept, "{version:?}");
        let bytes = files::version_bytes(&lab.state, &path, &version.id).unwrap();
        assert_eq!(bytes, n.to_string().as_bytes());
    }
}

/// What a reader found who read all the time.
#[derive(Debug, Default)]
struct Seen {
    reads: usize,
    /// Different versions.
    versions: usize,
    /// The store's name led nowhere.
    missing: usize,
    /// Neither version, or an older one after a newer one.
    torn: usize,
    /// Somebody else had it open and did not share it.
    held: usize,
}

/// A version of 64 KB that shows everywhere which one it is.
fn version(number: usize) -> String {
    format!("{number:08}").repeat(8192)
}

/// Opens the store as other programs do: sharing everything (azedit, most editors), or reading only, which forbids to
/// replace it for as long as it is open.
fn open(path: &Path, sharing_all: bool) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(windows)]
    if !sharing_all {
        use std::os::windows::fs::OpenOptionsExt;
        const FILE_SHARE_READ: u32 = 1;
        options.share_mode(FILE_SHARE_READ);
    }
    let _ = sharing_all;
    options.open(path)
}

/// Between two readings; somebody has to be able to come in between. A save tries for 2.5 s.
const PAUSE: Duration = Duration::from_millis(5);

/// Reads until told to stop.
fn read_all_the_time(path: &Path, stop: &AtomicBool) -> Seen {
    let (mut seen, mut last) = (Seen::default(), None);
    while !stop.load(Ordering::Relaxed) {
        seen.reads += 1;
        std::thread::sleep(PAUSE);
        let mut text = String::new();
        match open(path, seen.reads % 2 == 0).and_then(|mut file| file.read_to_string(&mut text)) {
            Err(error) if error.kind() == ErrorKind::NotFound => seen.missing += 1,
            Err(_) => seen.held += 1,
            Ok(_) => {
                let number: Option<usize> = text.get(..8).and_then(|number| number.parse().ok());
                seen.torn +=
                    usize::from(number < last || number.is_none_or(|number| text != version(number)));
                seen.versions += usize::from(number != last);
                last = number;
            }
        }
    }
    seen
}

/// `AZEDIT_TEST_SAVES` says how many saves; `--nocapture` shows the figures.
#[test]
#[allow(clippy::print_stdout)]
fn a_reader_finds_at_every_moment_one_whole_version() {
    let saves = std::env::var("AZEDIT_TEST_SAVES").map_or(100, |text| text.parse().unwrap());
    let lab = Lab::new();
    let path = lab.path("s.xml");
    fs::write(&path, version(0)).unwrap();
    let stop = AtomicBool::new(false);
    let (seen, failed) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| read_all_the_time(&path, &stop));
        let failed: Vec<String> = (1..=saves)
            .filter_map(|number| lab.save(&path, &version(number)).err())
            .map(|error| error.to_string())
            .collect();
        stop.store(true, Ordering::Relaxed);
        (reader.join().unwrap(), failed)
    });
    writeln!(std::io::stderr(), "{saves} saves, {} failed; {seen:?}", failed.len()).unwrap();
    assert_eq!(failed, Vec::<String>::new());
    assert_eq!((seen.torn, seen.missing), (0, 0), "{seen:?}");
    // The reader really came in between.
    assert!(seen.versions > saves / 20, "{seen:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), version(saves));
    let others: Vec<_> =
        fs::read_dir(lab.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(others.len(), 2, "the store and the state folder, but: {others:?}");
}
