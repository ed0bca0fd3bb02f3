//! What saving needs of a Unix file system. `windows.rs` has the same items for Windows; the procedure itself
//! is in `save.rs`.

use super::fault;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, RenameFlags, XattrFlags};
use rustix::io::{Errno, retry_on_intr};
use std::ffi::{CString, OsStr, OsString};
use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Once;

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
    pub(super) fn of(metadata: &Metadata) -> Stamp {
        Stamp {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Is it one and the same file, changed or not?
    pub(super) fn is_same_file(&self, other: &Stamp) -> bool {
        (self.device, self.inode) == (other.device, other.inode)
    }
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
    Ok(rustix::fs::accessat(CWD, path, rustix::fs::Access::WRITE_OK, AtFlags::EACCESS)?)
}

/// May this process put a new file into the folder?
pub(super) fn may_add_to(folder: &Path) -> io::Result<()> {
    use rustix::fs::Access;
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
pub(super) fn names(metadata: &Metadata) -> u64 {
    metadata.nlink()
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

/// The folder of a store, held open, so that all steps of a save happen in the same folder even when it is
/// renamed meanwhile. Names are names in it, without separators.
pub(super) struct Folder {
    file: File,
    path: PathBuf,
}

impl Folder {
    pub(super) fn open(path: &Path) -> io::Result<Folder> {
        fault::point("open folder")?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let file = retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty()))?;
        Ok(Folder { file: file.into(), path: path.to_owned() })
    }

    pub(super) fn path_of(&self, name: &OsStr) -> PathBuf {
        self.path.join(name)
    }

    /// Opens a file for reading: no links followed, no waiting.
    pub(super) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        fault::point("open")?;
        self.open_with(name, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty())
    }

    /// Creates a file that did not exist, for its owner only.
    pub(super) fn create_private(&self, name: &OsStr) -> io::Result<File> {
        fault::point("create")?;
        self.open_with(name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL, Mode::from_raw_mode(0o600))
    }

    /// Creates a file that did not exist, with the permissions that new files of this user have.
    pub(super) fn create_shared(&self, name: &OsStr) -> io::Result<File> {
        fault::point("create")?;
        self.open_with(name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL, Mode::from_raw_mode(0o666))
    }

    fn open_with(&self, name: &OsStr, flags: OFlags, mode: Mode) -> io::Result<File> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(retry_on_intr(|| rustix::fs::openat(&self.file, name, flags, mode))?.into())
    }

    /// Exchanges two files in one step. `false`: this file system cannot; nothing was done.
    pub(super) fn exchange(&self, a: &OsStr, b: &OsStr) -> io::Result<bool> {
        match fault::point("exchange").and_then(|()| self.rename_with(a, b, RenameFlags::EXCHANGE)) {
            Ok(()) => Ok(true),
            Err(error) if is_unsupported(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Gives the file `from` the name `to`, in one step, whatever had that name.
    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fault::point("rename")?;
        Ok(retry_on_intr(|| rustix::fs::renameat(&self.file, from, &self.file, to))?)
    }

    /// Gives the file `from` the name `to`, which nothing may have (`AlreadyExists`). Where that takes two steps
    /// and the second fails, the file has both names, and that is no error.
    pub(super) fn publish(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        match fault::point("publish").and_then(|()| self.rename_with(from, to, RenameFlags::NOREPLACE)) {
            // NFS: a link never replaces anything either.
            Err(error) if is_unsupported(&error) => {
                rustix::fs::linkat(&self.file, from, &self.file, to, AtFlags::empty())?;
                let _ = self.remove(from);
                Ok(())
            }
            done => done,
        }
    }

    fn rename_with(&self, from: &OsStr, to: &OsStr, flags: RenameFlags) -> io::Result<()> {
        Ok(retry_on_intr(|| rustix::fs::renameat_with(&self.file, from, &self.file, to, flags))?)
    }

    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        fault::point("remove")?;
        Ok(retry_on_intr(|| rustix::fs::unlinkat(&self.file, name, AtFlags::empty()))?)
    }

    /// Puts the names in the folder on the disk. Without it a finished rename is undone by a power cut.
    pub(super) fn sync(&self) -> io::Result<()> {
        fault::point("sync folder")?;
        self.file.sync_all()
    }
}

/// Owner, permissions and extended attributes of a file. Access control lists and security labels are extended
/// attributes on Linux.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attributes {
    owner: u32,
    group: u32,
    mode: u32,
    /// Sorted by name.
    extended: Vec<(CString, Vec<u8>)>,
}

/// The kernel writes these itself, from the content: a copy would be wrong for the new content.
const MADE_BY_THE_KERNEL: [&[u8]; 2] = [b"security.ima", b"security.evm"];

impl Attributes {
    pub(super) fn of(file: &File) -> io::Result<Attributes> {
        fault::point("read attributes")?;
        let metadata = file.metadata()?;
        Ok(Attributes {
            owner: metadata.uid(),
            group: metadata.gid(),
            mode: metadata.mode() & 0o7777,
            extended: extended_attributes(file)?,
        })
    }

    /// Gives `file` these attributes. Errors name what would be lost.
    pub(super) fn apply(&self, file: &File) -> Result<(), (String, io::Error)> {
        let lost = |what: &str| {
            let what = what.to_owned();
            move |error: io::Error| (what, error)
        };
        let present = Attributes::of(file).map_err(lost("owner and permissions"))?;
        if (present.owner, present.group) != (self.owner, self.group) {
            let owner = (present.owner != self.owner).then(|| rustix::fs::Uid::from_raw(self.owner));
            let group = (present.group != self.group).then(|| rustix::fs::Gid::from_raw(self.group));
            fault::point("chown").map_err(lost("owner and group"))?;
            retry_on_intr(|| rustix::fs::fchown(file, owner, group)).map_err(|error| {
                let what = format!("owner {} and group {}", self.owner, self.group);
                (what, error.into())
            })?;
        }
        // A folder's default access control list gives a new file attributes that the store did not have.
        for (name, _) in present.extended.iter().filter(|(name, _)| self.value(name).is_none()) {
            retry_on_intr(|| rustix::fs::fremovexattr(file, name))
                .map_err(|error| (format!("the absence of {}", attribute_word(name)), error.into()))?;
        }
        for (name, value) in self.extended.iter().filter(|(name, value)| present.value(name) != Some(value)) {
            fault::point("set attribute").map_err(lost("an extended attribute"))?;
            retry_on_intr(|| rustix::fs::fsetxattr(file, name, value, XattrFlags::empty()))
                .map_err(|error| (attribute_word(name), error.into()))?;
        }
        // Last: a change of owner clears bits of the mode, and an access control list sets some.
        fault::point("chmod").map_err(lost("permissions"))?;
        retry_on_intr(|| rustix::fs::fchmod(file, Mode::from_raw_mode(self.mode)))
            .map_err(|error| (format!("mode {:04o}", self.mode), error.into()))?;
        let after = Attributes::of(file).map_err(lost("owner and permissions"))?;
        if after != *self {
            return Err(lost("owner, permissions or attributes")(io::Error::other(
                "they read back different",
            )));
        }
        Ok(())
    }

    fn value(&self, name: &CString) -> Option<&Vec<u8>> {
        let index = self.extended.binary_search_by(|(known, _)| known.cmp(name)).ok()?;
        self.extended.get(index).map(|(_, value)| value)
    }
}

fn extended_attributes(file: &File) -> io::Result<Vec<(CString, Vec<u8>)>> {
    // XATTR_LIST_MAX and XATTR_SIZE_MAX of Linux: no list and no value is longer.
    let mut buffer = vec![0; 65536];
    let length = match retry_on_intr(|| rustix::fs::flistxattr(file, &mut buffer[..])) {
        Ok(length) => length,
        Err(Errno::NOTSUP | Errno::NOSYS) => 0,
        Err(error) => return Err(error.into()),
    };
    let list = buffer.get(..length).unwrap_or_default().to_vec();
    let mut extended = Vec::new();
    for name in list.split(|byte| *byte == 0) {
        if name.is_empty() || MADE_BY_THE_KERNEL.contains(&name) {
            continue;
        }
        let name = CString::new(name)?;
        match retry_on_intr(|| rustix::fs::fgetxattr(file, &name, &mut buffer[..])) {
            Ok(length) => extended.push((name, buffer.get(..length).unwrap_or_default().to_vec())),
            Err(Errno::NODATA) => {} // Removed since the list was made.
            Err(error) => return Err(error.into()),
        }
    }
    extended.sort();
    Ok(extended)
}

fn attribute_word(name: &CString) -> String {
    match name.as_bytes() {
        b"system.posix_acl_access" | b"system.nfs4_acl" => "the access control list".to_owned(),
        b"security.selinux" => "the SELinux label".to_owned(),
        _ => format!("the extended attribute {}", name.to_string_lossy()),
    }
}

/// What came of an attempt to lock a store.
pub(super) enum Locking {
    Locked(Lock),
    /// Another process is saving this store: what it wrote about itself.
    Busy(String),
    /// This file system has no locks.
    Unsupported,
}

/// The lock of azedit's own saves of one store: a file beside it, locked with `flock`.
///
/// Why it can be removed, although others may be waiting for it: only who holds the lock *of the file that has
/// the name at that moment* removes the name. Who gets the lock looks whether the name still leads to the file
/// that he locked. If not, the former holder has removed it, the lock is worth nothing, and he begins again.
/// Once the look succeeds the name cannot be taken away any more, so two cannot both pass it. After a kill the
/// system has released the lock, and the file left behind is simply taken over by the next save.
pub(super) struct Lock {
    file: File,
}

impl Lock {
    pub(super) fn take(folder: &Folder, name: &OsStr, about_us: &str) -> io::Result<Locking> {
        loop {
            fault::point("lock")?;
            let mut file = open_lock(folder, name)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    // For the message only.
                    let _ = (&file).take(200).read_to_string(&mut holder);
                    return Ok(Locking::Busy(holder.trim().to_owned()));
                }
                Err(TryLockError::Error(error)) if is_unsupported(&error) => {
                    // Nobody can hold the lock of such a file: the name can go.
                    folder.remove(name)?;
                    return Ok(Locking::Unsupported);
                }
                // Not ours to remove: another process may hold it.
                Err(TryLockError::Error(error)) => return Err(error),
            }
            match has_the_name(&file, folder, name) {
                Ok(true) => {
                    // Who we are helps the one who must wait; it is not needed for the lock.
                    let _ = describe_holder(&mut file, about_us);
                    return Ok(Locking::Locked(Lock { file }));
                }
                Ok(false) => {}
                Err(error) => {
                    if has_the_name(&file, folder, name).unwrap_or(false) {
                        let _ = folder.remove(name);
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Removes the file and, after that, lets go of the lock.
    pub(super) fn release(self, folder: &Folder, name: &OsStr) -> io::Result<()> {
        let removed = folder.remove(name);
        drop(self.file);
        removed
    }
}

/// The lock file of another user can only be read (and in a sticky folder not even be opened with `O_CREAT`), and
/// that is enough to lock it.
fn open_lock(folder: &Folder, name: &OsStr) -> io::Result<File> {
    let mode = Mode::from_raw_mode(0o644);
    match folder.open_with(name, OFlags::RDWR | OFlags::CREATE | OFlags::NONBLOCK, mode) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            folder.open_with(name, OFlags::RDONLY | OFlags::NONBLOCK, mode).map_err(|_| error)
        }
        other => other,
    }
}

fn describe_holder(file: &mut File, about_us: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(format!("{about_us}\n").as_bytes())
}

/// Does `name` still lead to the file that is open here?
fn has_the_name(file: &File, folder: &Folder, name: &OsStr) -> io::Result<bool> {
    fault::point("look at lock")?;
    let open = rustix::fs::fstat(file)?;
    match rustix::fs::statat(&folder.file, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(named) => Ok((named.st_dev, named.st_ino) == (open.st_dev, open.st_ino)),
        Err(Errno::NOENT) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Does the file system not have this operation? (`EINVAL` is what most say to an unknown flag.)
fn is_unsupported(error: &io::Error) -> bool {
    let unsupported = [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::NOLCK];
    error.raw_os_error().is_some_and(|code| unsupported.iter().any(|errno| errno.raw_os_error() == code))
}
