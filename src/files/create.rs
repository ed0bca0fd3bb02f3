//! A new file that never replaces another.

use super::beside::temporary_name;
use super::disk::{Folder, survive_size_limit};
use super::error::FileError;
use super::fault;
use super::read::holds;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Creates `path` with these bytes, complete and on the disk.
///
/// # Errors
/// [`FileError::Exists`] when the name is taken, also by a dangling link, and [`FileError::Io`]: there is no new
/// file then. [`FileError::Unconfirmed`]: it is there, but may not survive a power cut.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    survive_size_limit();
    let io = |doing| FileError::io(doing, path);
    if path.symlink_metadata().is_ok() {
        return Err(FileError::Exists { path: path.to_owned() });
    }
    let Some(name) = path.file_name() else {
        return Err(io("create")(io::Error::from(ErrorKind::InvalidFilename)));
    };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = Folder::open(parent).map_err(FileError::io("open the folder", parent))?;
    let temporary = temporary_name(name);
    let mut file = folder.create_shared(&temporary).map_err(io("create"))?;
    let published = write_and_check(&mut file, bytes).and_then(|()| folder.publish(&temporary, name));
    // After the publication there is no such name any more, or there need not be.
    let _ = folder.remove(&temporary);
    published.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => FileError::Exists { path: path.to_owned() },
        _ => io("create")(error),
    })?;
    folder.sync().map_err(|source| FileError::Unconfirmed { path: path.to_owned(), source })
}

fn write_and_check(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    fault::point("write")?;
    file.write_all(bytes)?;
    fault::point("sync")?;
    file.sync_all()?;
    fault::point("read back")?;
    if holds(file, bytes)? {
        Ok(())
    } else {
        Err(io::Error::other("what was written does not read back the same"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fault::with_plan;
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;

    #[test]
    fn creates_and_never_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.xml");
        create(&path, b"first").unwrap();
        assert!(matches!(create(&path, b"second"), Err(FileError::Exists { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_name_taken_in_the_last_instant_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.xml");
        let taken = path.clone();
        let plan = move |operation| {
            if operation == "publish" { std::fs::write(&taken, b"theirs") } else { Ok(()) }
        };
        assert!(matches!(with_plan(plan, || create(&path, b"ours")), Err(FileError::Exists { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), b"theirs");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn every_operation_may_fail() {
        for n in 1.. {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("new.xml");
            let failed = Rc::new(Cell::new(None));
            let (seen, mut count) = (failed.clone(), 0);
            let plan = move |operation| {
                count += 1;
                if count < n {
                    return Ok(());
                }
                seen.set(seen.get().or(Some(operation)));
                // All from the n-th on, but the removal of what was begun.
                if operation == "remove" { Ok(()) } else { Err(ErrorKind::StorageFull.into()) }
            };
            let result = with_plan(plan, || create(&path, b"new"));
            if matches!(result, Ok(()) | Err(FileError::Unconfirmed { .. })) {
                assert_eq!(std::fs::read(&path).unwrap(), b"new");
            } else {
                assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{result:?}");
            }
            if failed.get().is_none() {
                assert!(result.is_ok() && n > 5);
                break;
            }
        }
    }
}
