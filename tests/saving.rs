//! What a save keeps of a file beside its bytes, and what it refuses. Unix; `tests/faults` has what needs root.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use azedit::files::{self, Save, SaveError, Saved, StateDir};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

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
        let baseline = files::read(path).unwrap().bytes;
        files::replace(&Save {
            path,
            new: new.as_bytes(),
            baseline: &baseline,
            stamp: None,
            verify: &|| Ok(()),
            what: "test",
            state: &self.state,
        })
    }
}

/// The output of a command, or `None` when it is not installed or fails (a file system without attributes).
fn run(program: &str, arguments: &[&str], path: &Path) -> Option<String> {
    let output = Command::new(program).args(arguments).arg(path).output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

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
    assert_eq!(fs::metadata(&path).unwrap().nlink(), 2);
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
