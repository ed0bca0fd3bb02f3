//! What saving needs of a Unix file system. `windows/` has the same items for Windows; the procedure itself
//! is in `save.rs`.

mod attributes;
mod folder;
mod lock;

pub(super) use attributes::Attributes;
pub(super) use folder::Folder;
pub(super) use lock::{Lock, Locking};

use super::fault;
use rustix::fs::{Access, AtFlags, CWD, OFlags};
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Once;

/// A new file gets its attributes after its content: writing clears bits of the mode, and file capabilities.
pub(super) const ATTRIBUTES_FIRST: bool = false;

/// Which file it was and how it stood: enough to see cheaply that a file has changed, never enough to know that
/// it has not (a time stamp can be set back), so that nothing is overwritten on its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    /// Seconds and nanoseconds of the last change of the content, and of content or attributes.
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    pub(super) fn of(file: &File) -> io::Result<Stamp> {
        file.metadata().map(|metadata| Stamp::from(&metadata))
    }

    pub(super) fn at(path: &Path) -> io::Result<Stamp> {
        std::fs::metadata(path).map(|metadata| Stamp::from(&metadata))
    }

    /// Is it one and the same file, changed or not?
    pub(super) fn is_same_file(&self, other: &Stamp) -> bool {
        (self.device, self.inode) == (other.device, other.inode)
    }
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Stamp {
        Stamp {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// Do both paths lead to one file that is there?
pub(super) fn same_file(one: &Path, other: &Path) -> bool {
    matches!((Stamp::at(one), Stamp::at(other)), (Ok(one), Ok(other)) if one.is_same_file(&other))
}

/// Opens for reading. Never waits: without `O_NONBLOCK` the open of a FIFO hangs until somebody writes to it.
pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(nonblocking()).open(path)
}

fn nonblocking() -> i32 {
    i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or(0)
}

/// May this process write the file? Asked of the system, because a rename needs permission on the folder only
/// and would replace a file that its owner made read-only.
pub(super) fn may_write(path: &Path) -> io::Result<()> {
    fault::point("access")?;
    Ok(rustix::fs::accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS)?)
}

/// May this process put a new file into the folder?
pub(super) fn may_add_to(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::accessat(CWD, folder, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS)?)
}

/// What a file that is neither regular nor a folder is.
pub(super) fn special_file(metadata: &Metadata) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    match () {
        () if kind.is_fifo() => Some("a FIFO"),
        () if kind.is_socket() => Some("a socket"),
        () if kind.is_char_device() || kind.is_block_device() => Some("a device"),
        () => None,
    }
}

/// The names of all that is in a folder. Not by `std::fs::read_dir`, which panics when the close fails.
pub(super) fn names_in(folder: &Path) -> io::Result<Vec<OsString>> {
    fault::point("list")?;
    let file = OpenOptions::new().read(true).open(folder)?;
    let mut names = Vec::new();
    for entry in rustix::fs::Dir::read_from(&file)? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name != b"." && name != b".." {
            names.push(OsStr::from_bytes(name).to_owned());
        }
    }
    Ok(names)
}

/// How many names the file has.
pub(super) fn names(file: &File) -> io::Result<u64> {
    Ok(file.metadata()?.nlink())
}

/// Is the file ours alone to write? Otherwise why not.
pub(super) fn check_private(metadata: &Metadata) -> Result<(), String> {
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(format!("it belongs to another user (uid {})", metadata.uid()));
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(format!("others may write to it (mode {:04o})", metadata.mode() & 0o7777));
    }
    Ok(())
}

/// Creates a folder that only its owner may enter.
pub(super) fn create_private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().mode(0o700).create(path)
}

/// Takes a folder of ours away from all others.
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
}

/// Options for a file that only its owner may read: no links followed, no waiting.
pub(super) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or(0);
    options.mode(0o600).custom_flags(flags);
    options
}

/// The name of the user of this process, from the user database and not from the environment, which anyone can
/// set; the number where there is no name.
pub(super) fn user_name() -> String {
    let uid = rustix::process::geteuid().as_raw();
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    });
    name.unwrap_or_else(|| format!("uid {uid}"))
}

/// The name of this host.
pub(super) fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// Makes a write beyond the process's file size limit an error (`EFBIG`). By default the signal that comes with
/// it ends the process in the middle of the save.
pub(super) fn survive_size_limit() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // The flag is never read: that there is a handler is what keeps the process alive. Should the
        // registration fail, the process may be ended by the signal, and the store is still the old one.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    });
}

/// Fills `bytes` from the place `offset` of a file.
pub(super) fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}
