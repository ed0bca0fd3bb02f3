//! Saving, as every command and the editor do it: replacing, conflict, earlier versions, what belongs to a file.

use std::path::{Path, PathBuf};

use super::{Checks, Outcome};
use crate::files::{self, Opened, Save, SaveError, StateDir};
use crate::store::{Guid, Schema, Store, new_store};

const GROUP: &str = "saving";

/// A store in a folder of its own, and where its earlier versions go.
struct Lab {
    path: PathBuf,
    state: StateDir,
}

/// How many files lie beside a store.
fn beside(store: &Path) -> Result<usize, String> {
    let folder = store.parent().unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    Ok(entries.flatten().filter(|entry| entry.path() != store).count())
}

impl Lab {
    /// Replaces what the file held when it was read by `new`.
    fn save(&self, read: &Opened, new: &[u8]) -> Result<files::Saved, SaveError> {
        files::replace(&Save {
            path: &self.path,
            new,
            baseline: &read.bytes,
            stamp: Some(&read.stamp),
            verify: &|| Store::open(new.to_vec()).map(|_| ()).map_err(|error| error.message),
            what: "self-test",
            state: &self.state,
        })
    }

    fn read(&self) -> Result<Opened, String> {
        files::read(&self.path).map_err(|error| error.to_string())
    }

    /// The file holds this, and nothing lies beside it.
    fn holds(&self, bytes: &[u8]) -> Result<(), String> {
        if self.read()?.bytes != bytes {
            return Err("the file does not hold what it should".to_owned());
        }
        match beside(&self.path)? {
            0 => Ok(()),
            left => Err(format!("{left} files were left beside it")),
        }
    }
}

fn store(description: &str) -> Vec<u8> {
    new_store(Schema::V1, Guid::random(), description)
}

/// Tries it all in this folder.
pub(super) fn check(folder: &Path, checks: &mut Checks) {
    let state = match StateDir::locate(Some(&folder.join("versions"))) {
        Ok(state) => state,
        Err(error) => {
            return checks.add(GROUP, "a folder for earlier versions", Outcome::Fail(error.to_string()));
        }
    };
    let own = folder.join("store");
    if let Err(error) = std::fs::create_dir(&own) {
        return checks.add(GROUP, "a folder for a store", Outcome::Fail(error.to_string()));
    }
    let lab = Lab { path: own.join("store.xml"), state };
    let first = store("first");
    let made = files::create(&lab.path, &first).map_err(|error| error.to_string());
    checks.tried(GROUP, "create", made.and_then(|()| lab.holds(&first)).map(|()| "a new file".to_owned()));
    mark(&lab.path, checks);
    let before = files::belongings(&lab.path);
    let second = store("second");
    let version = replace(&lab, &second, checks);
    belongings(&lab, before, checks);
    checks.tried(GROUP, "conflict", conflict(&lab));
    checks.tried(GROUP, "earlier version", earlier(&lab, version.as_deref(), &first));
}

fn replace(lab: &Lab, new: &[u8], checks: &mut Checks) -> Option<String> {
    let saved = lab.read().and_then(|read| lab.save(&read, new).map_err(|error| error.to_string()));
    let (version, notes) = match saved {
        Ok(saved) => (saved.version, saved.notes),
        Err(why) => {
            checks.add(GROUP, "replace", Outcome::Fail(why));
            return None;
        }
    };
    let seen = "the new content is there, whole, and on the disk".to_owned();
    checks.tried(GROUP, "replace", lab.holds(new).map(|()| [vec![seen], notes].concat().join(". ")));
    Some(version)
}

/// Somebody else writes between reading and saving: nothing of his is lost.
fn conflict(lab: &Lab) -> Result<String, String> {
    let read = lab.read()?;
    let theirs = store("theirs");
    std::fs::write(&lab.path, &theirs).map_err(|error| error.to_string())?;
    match lab.save(&read, &store("mine")) {
        Err(SaveError::Conflict(_)) => {
            lab.holds(&theirs).map(|()| "another program's change was noticed".to_owned())
        }
        Err(error) => Err(format!("another program's change ended the save differently: {error}")),
        Ok(_) => Err("another program's change was saved over".to_owned()),
    }
}

/// The first version is kept, and can be brought back.
fn earlier(lab: &Lab, version: Option<&str>, first: &[u8]) -> Result<String, String> {
    let id = version.ok_or("no save has ended well")?;
    let listed = files::log(&lab.state, &lab.path).map_err(|error| error.to_string())?;
    if !listed.iter().any(|version| version.id == id && version.kept) {
        return Err("it is not listed".to_owned());
    }
    let kept = files::version_bytes(&lab.state, &lab.path, id).map_err(|error| error.to_string())?;
    if kept != first {
        return Err("it does not hold what the file held".to_owned());
    }
    let read = lab.read()?;
    lab.save(&read, &kept).map_err(|error| error.to_string())?;
    lab.holds(first).map(|()| "kept, listed and brought back".to_owned())
}

/// Compares what belongs to the file besides its bytes, before and after a save.
fn belongings(lab: &Lab, before: std::io::Result<Vec<files::Belonging>>, checks: &mut Checks) {
    let (before, after) = match (before, files::belongings(&lab.path)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(error), _) | (_, Err(error)) => {
            return checks.add(GROUP, "owner and permissions", Outcome::Fail(error.to_string()));
        }
    };
    for (was, is) in before.iter().zip(&after) {
        let outcome = match (&was.value, &is.value) {
            (None, _) => Outcome::Skipped(was.summary.clone()),
            (was_value, is_value) if was_value == is_value => Outcome::Pass(format!("kept: {}", was.summary)),
            _ => Outcome::Fail(format!("was {}, is {}", was.summary, is.summary)),
        };
        checks.add(GROUP, was.what, outcome);
    }
}

/// Gives the file what a store may have and a new file has not: permissions of its own, a mark, an attribute.
#[cfg(unix)]
fn mark(path: &Path, checks: &mut Checks) {
    use std::os::unix::fs::PermissionsExt;
    let set = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o640));
    checks.tried(
        GROUP,
        "permissions are set",
        set.map(|()| "0640".to_owned()).map_err(|error| error.to_string()),
    );
}

#[cfg(windows)]
fn mark(path: &Path, checks: &mut Checks) {
    let stream = format!("{}:azedit", path.display());
    let written = std::fs::write(&stream, "a mark");
    let outcome = match (written, beside(path)) {
        (Ok(()), Ok(0)) => Outcome::Pass("6 bytes".to_owned()),
        // Wine does so.
        (Ok(()), _) => {
            let _ = std::fs::remove_file(&stream);
            Outcome::Skipped("there are no streams here: it became a file".to_owned())
        }
        (Err(error), _) => Outcome::Skipped(error.to_string()),
    };
    checks.add(GROUP, "a stream is set", outcome);
    // Cut off from the folder's list, with one entry more: what a save must not lose.
    let before = files::belongings(path).ok();
    let list = std::process::Command::new(crate::term::system_program("icacls.exe"))
        .arg(path)
        .args(["/inheritance:d", "/grant", "*S-1-5-32-551:(R)"])
        .output();
    let outcome = match list {
        // Wine takes the call and does nothing.
        Ok(_) if files::belongings(path).ok() == before => {
            Outcome::Skipped("icacls changed nothing".to_owned())
        }
        Ok(output) if output.status.success() => {
            Outcome::Pass("cut off from the folder's, one entry more".to_owned())
        }
        Ok(output) => Outcome::Skipped(format!("icacls ended with {}", output.status)),
        Err(error) => Outcome::Skipped(format!("icacls: {error}")),
    };
    checks.add(GROUP, "an access control list is set", outcome);
}
