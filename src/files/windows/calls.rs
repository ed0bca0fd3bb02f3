//! The calls of Windows that std does not have: the only unsafe code of this module, each behind a safe function.
//!
//! Every function exists on Windows 7 already.

#![allow(unsafe_code)]

use std::ffi::{OsStr, OsString, c_void};
use std::fs::File;
use std::io;
use std::os::windows::ffi::{OsStrExt, OsStringExt};
use std::os::windows::io::{AsRawHandle, FromRawHandle};
use std::path::Path;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{
    CloseHandle, ERROR_INSUFFICIENT_BUFFER, ERROR_MORE_DATA, ERROR_NOT_ALL_ASSIGNED, ERROR_SUCCESS,
    GENERIC_READ, GENERIC_WRITE, GetLastError, HANDLE, INVALID_HANDLE_VALUE, LocalFree,
};
use windows_sys::Win32::Security::Authorization::{
    ConvertSecurityDescriptorToStringSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{
    AdjustTokenPrivileges, GetKernelObjectSecurity, GetSecurityDescriptorControl, LookupPrivilegeValueW,
    SE_DACL_AUTO_INHERIT_REQ, SE_DACL_AUTO_INHERITED, SE_DACL_PROTECTED, SE_PRIVILEGE_ENABLED,
    SECURITY_ATTRIBUTES, SetKernelObjectSecurity, SetSecurityDescriptorControl, TOKEN_ADJUST_PRIVILEGES,
    TOKEN_PRIVILEGES, TOKEN_QUERY,
};
use windows_sys::Win32::Storage::FileSystem::{
    BY_HANDLE_FILE_INFORMATION, CREATE_NEW, CreateFileW, DELETE, FILE_ATTRIBUTE_NORMAL, FILE_BASIC_INFO,
    FILE_FLAG_OPEN_REPARSE_POINT, FILE_INFO_BY_HANDLE_CLASS, FILE_RENAME_INFO, FILE_RENAME_INFO_0,
    FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE, FILE_STREAM_INFO, FileBasicInfo, FileRenameInfoEx,
    FileStreamInfo, GetFileInformationByHandle, GetFileInformationByHandleEx, GetFinalPathNameByHandleW,
    MoveFileExW, READ_CONTROL, ReOpenFile, ReplaceFileW, SYNCHRONIZE, SetFileInformationByHandle, WRITE_DAC,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};
use windows_sys::Win32::System::WindowsProgramming::{
    FILE_RENAME_FLAG_POSIX_SEMANTICS, FILE_RENAME_FLAG_REPLACE_IF_EXISTS,
};

/// What is shared with others who have the file open: everything.
const SHARE_ALL: u32 = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/// A path or name as Windows takes it.
fn wide(text: &OsStr) -> io::Result<Vec<u16>> {
    let mut wide: Vec<u16> = text.encode_wide().collect();
    if wide.contains(&0) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    wide.push(0);
    Ok(wide)
}

/// The outcome of a call that reports success as anything but zero.
fn done(result: i32) -> io::Result<()> {
    if result == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Which file a handle leads to, and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// Its number on its volume.
    pub index: u64,
    /// How many names it has.
    pub names: u32,
    /// `FILE_ATTRIBUTE_…`
    pub attributes: u32,
    /// Bytes.
    pub size: u64,
    /// In units of 100 ns since 1601.
    pub created: u64,
    /// The same.
    pub modified: u64,
}

/// Looks at an open file.
pub(super) fn facts(file: &File) -> io::Result<Facts> {
    let mut found = BY_HANDLE_FILE_INFORMATION::default();
    // SAFETY: the handle is open, and `found` has the size that the call fills.
    done(unsafe { GetFileInformationByHandle(handle(file), &raw mut found) })?;
    let joined = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
    Ok(Facts {
        index: joined(found.nFileIndexHigh, found.nFileIndexLow),
        names: found.nNumberOfLinks,
        attributes: found.dwFileAttributes,
        size: joined(found.nFileSizeHigh, found.nFileSizeLow),
        created: joined(found.ftCreationTime.dwHighDateTime, found.ftCreationTime.dwLowDateTime),
        modified: joined(found.ftLastWriteTime.dwHighDateTime, found.ftLastWriteTime.dwLowDateTime),
    })
}

fn handle(file: &File) -> HANDLE {
    file.as_raw_handle()
}

/// Opens the same file once more, with these rights.
pub(super) fn reopen(file: &File, access: u32) -> io::Result<File> {
    // SAFETY: the handle is open; what is returned is checked before it is owned.
    let handle = unsafe { ReOpenFile(handle(file), access, SHARE_ALL, 0) };
    owned(handle)
}

fn owned(handle: HANDLE) -> io::Result<File> {
    if handle.is_null() || handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle was just opened, is valid, and nobody else has it.
    Ok(unsafe { File::from_raw_handle(handle) })
}

/// A self-relative security descriptor. Aligned as Windows wants it.
#[derive(Clone, Debug)]
pub(super) struct Descriptor(Vec<u64>);

impl Descriptor {
    fn as_ptr(&self) -> *mut c_void {
        self.0.as_ptr().cast::<c_void>().cast_mut()
    }

    /// As text; `parts` are `…_SECURITY_INFORMATION`.
    pub(super) fn to_text(&self, parts: u32) -> io::Result<String> {
        let (mut text, mut length) = (null_mut(), 0);
        // SAFETY: the descriptor came from the system whole; both results are written by the call.
        done(unsafe {
            ConvertSecurityDescriptorToStringSecurityDescriptorW(
                self.as_ptr(),
                SDDL_REVISION_1,
                parts,
                &raw mut text,
                &raw mut length,
            )
        })?;
        // SAFETY: the call succeeded, so `text` holds `length` units, the last one 0.
        let units = unsafe { std::slice::from_raw_parts(text, length as usize) };
        let shown = String::from_utf16_lossy(units).trim_end_matches('\0').to_owned();
        // SAFETY: the call allocated it so, and `units` is not used any more.
        unsafe { LocalFree(text.cast()) };
        Ok(shown)
    }

    /// The same, cut off from what the folder would add to it.
    pub(super) fn protected(&self) -> io::Result<Descriptor> {
        let copy = self.clone();
        copy.set_control(SE_DACL_PROTECTED, SE_DACL_PROTECTED)?;
        Ok(copy)
    }

    /// The same, asking the file system to keep the mark of entries that came from the folder above.
    fn to_be_set(&self) -> io::Result<Descriptor> {
        let (mut control, mut revision) = (0, 0);
        // SAFETY: the descriptor is whole; both results are written by the call.
        done(unsafe { GetSecurityDescriptorControl(self.as_ptr(), &raw mut control, &raw mut revision) })?;
        let copy = self.clone();
        if control & SE_DACL_AUTO_INHERITED != 0 {
            copy.set_control(SE_DACL_AUTO_INHERIT_REQ, SE_DACL_AUTO_INHERIT_REQ)?;
        }
        Ok(copy)
    }

    fn set_control(&self, mask: u16, bits: u16) -> io::Result<()> {
        // SAFETY: the descriptor is whole, and its memory is this value's own.
        done(unsafe { SetSecurityDescriptorControl(self.as_ptr(), mask, bits) })
    }
}

/// Parts (`…_SECURITY_INFORMATION`) of a file's security descriptor.
pub(super) fn security(file: &File, parts: u32) -> io::Result<Descriptor> {
    let mut descriptor = vec![0u64; 64];
    loop {
        let room = u32::try_from(size_of_val(descriptor.as_slice())).unwrap_or(u32::MAX);
        let mut needed = 0;
        // SAFETY: the buffer has `room` bytes.
        let result = unsafe {
            GetKernelObjectSecurity(
                handle(file),
                parts,
                descriptor.as_mut_ptr().cast(),
                room,
                &raw mut needed,
            )
        };
        match done(result) {
            Ok(()) => return Ok(Descriptor(descriptor)),
            Err(error) if is(&error, ERROR_INSUFFICIENT_BUFFER) && needed > room => {
                descriptor = vec![0; (needed as usize).div_ceil(size_of::<u64>())];
            }
            Err(error) => return Err(error),
        }
    }
}

/// Is it this error of Windows?
pub(super) fn is(error: &io::Error, code: u32) -> bool {
    error.raw_os_error().is_some_and(|raw| u32::try_from(raw) == Ok(code))
}

/// Gives a file these parts of a security descriptor, as they are: nothing is inherited anew.
pub(super) fn set_security(file: &File, parts: u32, descriptor: &Descriptor) -> io::Result<()> {
    let descriptor = descriptor.to_be_set()?;
    // SAFETY: the handle is open and the descriptor whole.
    done(unsafe { SetKernelObjectSecurity(handle(file), parts, descriptor.as_ptr()) })
}

/// Creates a file that was not there. With a descriptor, nobody else can ever open it who is not in that.
pub(super) fn create(path: &Path, descriptor: Option<&Descriptor>) -> io::Result<File> {
    let path = wide(path.as_os_str())?;
    let attributes = SECURITY_ATTRIBUTES {
        nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or_default(),
        lpSecurityDescriptor: descriptor.map_or(null_mut(), Descriptor::as_ptr),
        bInheritHandle: 0,
    };
    // SAFETY: the path ends in 0; the descriptor outlives the call.
    let handle = unsafe {
        CreateFileW(
            path.as_ptr(),
            GENERIC_READ | GENERIC_WRITE | READ_CONTROL | WRITE_DAC,
            SHARE_ALL,
            &raw const attributes,
            CREATE_NEW,
            FILE_ATTRIBUTE_NORMAL,
            null_mut(),
        )
    };
    owned(handle)
}

/// Sets the time of creation (0: leaves it) and the attributes of a file.
pub(super) fn set_basics(file: &File, created: u64, attributes: u32) -> io::Result<()> {
    let info = FILE_BASIC_INFO {
        CreationTime: i64::try_from(created).unwrap_or(0),
        LastAccessTime: 0,
        LastWriteTime: 0,
        ChangeTime: 0,
        // 0 would mean: leave them.
        FileAttributes: if attributes == 0 { FILE_ATTRIBUTE_NORMAL } else { attributes },
    };
    // SAFETY: `info` is of the class that is named, and as long as it says.
    unsafe { set_information(file, FileBasicInfo, (&raw const info).cast(), size_of::<FILE_BASIC_INFO>()) }
}

/// # Safety
/// `info` must be a record of this class, of `size` bytes.
unsafe fn set_information(
    file: &File,
    class: FILE_INFO_BY_HANDLE_CLASS,
    info: *const c_void,
    size: usize,
) -> io::Result<()> {
    let size = u32::try_from(size).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    // SAFETY: the handle is open; the rest is what the caller promises.
    done(unsafe { SetFileInformationByHandle(handle(file), class, info, size) })
}

/// Gives the file `from` the name `to`, in one step, whatever had that name: also a file that somebody has open, if he
/// shares its deletion. He goes on with the old one.
///
/// # Errors
/// Also where Windows (before 10, version 1607) or the file system does not have this step.
pub(super) fn rename_over(from: &Path, to: &Path) -> io::Result<()> {
    use std::os::windows::fs::OpenOptionsExt;
    let file = std::fs::OpenOptions::new()
        .access_mode(DELETE | SYNCHRONIZE)
        .share_mode(SHARE_ALL)
        .custom_flags(FILE_FLAG_OPEN_REPARSE_POINT)
        .open(from)?;
    let to = wide(to.as_os_str())?;
    let (header, length) = (std::mem::offset_of!(FILE_RENAME_INFO, FileName), size_of_val(to.as_slice()));
    // Aligned as the record is; its last field goes on as far as the name does.
    let mut record =
        vec![0u64; (header + length).max(size_of::<FILE_RENAME_INFO>()).div_ceil(size_of::<u64>())];
    let info = record.as_mut_ptr().cast::<FILE_RENAME_INFO>();
    // SAFETY: `record` has room for the fixed part and, behind `header`, for `length` bytes of the name.
    unsafe {
        (*info).Anonymous = FILE_RENAME_INFO_0 {
            Flags: FILE_RENAME_FLAG_REPLACE_IF_EXISTS | FILE_RENAME_FLAG_POSIX_SEMANTICS,
        };
        // The 0 at the end is not counted.
        (*info).FileNameLength = u32::try_from(length - size_of::<u16>()).unwrap_or_default();
        std::ptr::copy_nonoverlapping(to.as_ptr().cast::<u8>(), info.cast::<u8>().add(header), length);
    }
    // SAFETY: `info` is a record of the class that is named, in a buffer of at least that size.
    unsafe { set_information(&file, FileRenameInfoEx, info.cast(), header + length) }
}

/// Gives the file `from` the name `to`, which nothing may have: `AlreadyExists`.
pub(super) fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    let [from, to] = [from, to].map(|path| wide(path.as_os_str()));
    let (from, to) = (from?, to?);
    // SAFETY: both paths end in 0.
    done(unsafe { MoveFileExW(from.as_ptr(), to.as_ptr(), 0) })
}

/// Names of the streams that a file has beside its content, without the colon: `Zone.Identifier:$DATA`.
pub(super) fn stream_names(file: &File) -> io::Result<Vec<OsString>> {
    let mut buffer = vec![0u64; 512];
    loop {
        let room = u32::try_from(size_of_val(buffer.as_slice())).unwrap_or(u32::MAX);
        // SAFETY: the buffer has `room` bytes.
        let result = unsafe {
            GetFileInformationByHandleEx(handle(file), FileStreamInfo, buffer.as_mut_ptr().cast(), room)
        };
        match done(result) {
            Ok(()) => break,
            Err(error) if is(&error, ERROR_MORE_DATA) && room < 1 << 20 => {
                buffer = vec![0; buffer.len().saturating_mul(2)];
            }
            Err(error) => return Err(error),
        }
    }
    let mut names = Vec::new();
    let mut at = 0usize;
    let room = size_of_val(buffer.as_slice());
    let header = std::mem::offset_of!(FILE_STREAM_INFO, StreamName);
    while at.saturating_add(size_of::<FILE_STREAM_INFO>()) <= room {
        // SAFETY: a whole record lies within the buffer at `at`, as just seen; it is read without alignment.
        let record =
            unsafe { buffer.as_ptr().cast::<u8>().add(at).cast::<FILE_STREAM_INFO>().read_unaligned() };
        let units = record.StreamNameLength as usize / 2;
        let start = at.saturating_add(header);
        if start.saturating_add(units.saturating_mul(2)) > room {
            break;
        }
        let name: Vec<u16> = (0..units)
            // SAFETY: `units` units from `start` on lie within the buffer, as just seen.
            .map(|unit| unsafe {
                buffer.as_ptr().cast::<u8>().add(start + 2 * unit).cast::<u16>().read_unaligned()
            })
            .collect();
        let name = name.strip_prefix(&[u16::from(b':')]).unwrap_or(&name);
        // The content itself is the stream without a name.
        if !name.is_empty() && name.first() != Some(&u16::from(b':')) {
            names.push(OsString::from_wide(name));
        }
        if record.NextEntryOffset == 0 {
            break;
        }
        at = at.saturating_add(record.NextEntryOffset as usize);
    }
    Ok(names)
}

/// The path of an open file, in the form that takes any length.
pub(super) fn path_of(file: &File) -> io::Result<OsString> {
    let mut buffer = vec![0u16; 512];
    loop {
        let room = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
        // SAFETY: the buffer has `room` units.
        let length = unsafe { GetFinalPathNameByHandleW(handle(file), buffer.as_mut_ptr(), room, 0) };
        match length {
            0 => return Err(io::Error::last_os_error()),
            length if length < room => {
                return Ok(OsString::from_wide(buffer.get(..length as usize).unwrap_or_default()));
            }
            needed => buffer = vec![0; needed as usize + 1],
        }
    }
}

/// Puts `replacement` in the place of `replaced`, which gets the name `backup`.
pub(super) fn replace_file(replaced: &Path, replacement: &Path, backup: &Path) -> io::Result<()> {
    let [replaced, replacement, backup] = [replaced, replacement, backup].map(|path| wide(path.as_os_str()));
    let (replaced, replacement, backup) = (replaced?, replacement?, backup?);
    // SAFETY: the three paths end in 0; the reserved arguments are null.
    done(unsafe { ReplaceFileW(replaced.as_ptr(), replacement.as_ptr(), backup.as_ptr(), 0, null(), null()) })
}

/// Turns on a privilege of this process, such as `SeRestorePrivilege`. An error where the account does not have it.
pub(super) fn enable_privilege(name: &str) -> io::Result<()> {
    let name = wide(OsStr::new(name))?;
    let mut token = null_mut();
    // SAFETY: the pseudo handle of the process is always valid; `token` is written by the call.
    done(unsafe {
        OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &raw mut token)
    })?;
    let mut privileges = TOKEN_PRIVILEGES { PrivilegeCount: 1, ..TOKEN_PRIVILEGES::default() };
    privileges.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    // SAFETY: the name ends in 0 and the number is written into the record.
    let found =
        done(unsafe { LookupPrivilegeValueW(null(), name.as_ptr(), &raw mut privileges.Privileges[0].Luid) });
    let outcome = found.and_then(|()| {
        // SAFETY: the token is open, the record is of one privilege as it says, and the earlier state is not asked
        // for. The call reports success also when it changed nothing, so the last error is read at once.
        let result =
            unsafe { AdjustTokenPrivileges(token, 0, &raw const privileges, 0, null_mut(), null_mut()) };
        // SAFETY: reads a number of this thread.
        let code = unsafe { GetLastError() };
        done(result)?;
        match code {
            ERROR_SUCCESS => Ok(()),
            ERROR_NOT_ALL_ASSIGNED => Err(io::ErrorKind::PermissionDenied.into()),
            code => Err(io::Error::from_raw_os_error(i32::try_from(code).unwrap_or(i32::MAX))),
        }
    });
    // SAFETY: opened above and used by nobody else.
    unsafe { CloseHandle(token) };
    outcome
}
