//! A new file that never replaces another.

use super::backup::holds;
use super::disk::{Folder, survive_size_limit};
use super::error::FileError;
use super::fault;
use super::save::temporary_name;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Creates `path` with these bytes: complete and on the disk, or not at all.
///
/// # Errors
/// [`FileError::Exists`] when the name is taken, also by a dangling link; [`FileError::Io`].
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
    let published = write_and_check(&mut file, bytes)
        .and_then(|()| folder.publish(&temporary, name))
        .and_then(|()| folder.sync());
    published.map_err(|error| {
        // After the publication there is no such name any more.
        let _ = folder.remove(&temporary);
        match error.kind() {
            ErrorKind::AlreadyExists => FileError::Exists { path: path.to_owned() },
            _ => io("create")(error),
        }
    })
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
