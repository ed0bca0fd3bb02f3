//! What the command line asks of Windows itself: the registry, and who holds which right.

#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io;
use std::ptr;

use windows_sys::Win32::Foundation::{
    ERROR_FILE_NOT_FOUND, ERROR_SUCCESS, NTSTATUS, STATUS_NO_MORE_ENTRIES, STATUS_SUCCESS,
};
use windows_sys::Win32::Security::Authentication::Identity::{
    LSA_ENUMERATION_INFORMATION, LSA_HANDLE, LSA_OBJECT_ATTRIBUTES, LSA_UNICODE_STRING, LsaClose,
    LsaEnumerateAccountsWithUserRight, LsaFreeMemory, LsaNtStatusToWinError, LsaOpenPolicy,
    POLICY_LOOKUP_NAMES, POLICY_VIEW_LOCAL_INFORMATION,
};
use windows_sys::Win32::Security::{GetLengthSid, IsValidSid, PSID};
use windows_sys::Win32::System::Registry::{
    HKEY, HKEY_LOCAL_MACHINE, KEY_READ, KEY_WOW64_64KEY, REG_EXPAND_SZ, REG_SZ, RegCloseKey, RegOpenKeyExW,
    RegQueryValueExW,
};

use crate::accounts::Sid;
use crate::hyperv::live;
use crate::hyperv::rights::{Holder, Line, RIGHTS, Template};

/// A text of the registry under `HKEY_LOCAL_MACHINE`; `None` = there is no such key or value.
pub fn registry_text(key: &str, value: &str) -> io::Result<Option<String>> {
    let (key, value) = (wide(key), wide(value));
    let mut handle: HKEY = ptr::null_mut();
    // SAFETY: `key` ends with a NUL, `handle` is written only on success.
    let opened = unsafe {
        RegOpenKeyExW(HKEY_LOCAL_MACHINE, key.as_ptr(), 0, KEY_READ | KEY_WOW64_64KEY, &raw mut handle)
    };
    if opened == ERROR_FILE_NOT_FOUND {
        return Ok(None);
    }
    check(opened)?;
    let text = query(handle, &value);
    // SAFETY: `handle` was opened above and is closed once.
    unsafe { RegCloseKey(handle) };
    text
}

fn query(handle: HKEY, value: &[u16]) -> io::Result<Option<String>> {
    // No URL is longer; a longer value is an error, not a part of itself.
    let mut units = vec![0_u16; 32 * 1024];
    let mut bytes = u32::try_from(units.len() * 2).unwrap_or(u32::MAX);
    let mut kind = 0;
    // SAFETY: `value` ends with a NUL; `bytes` is the size of `units`, and the call writes no more than that.
    let read = unsafe {
        RegQueryValueExW(
            handle,
            value.as_ptr(),
            ptr::null(),
            &raw mut kind,
            units.as_mut_ptr().cast(),
            &raw mut bytes,
        )
    };
    if read == ERROR_FILE_NOT_FOUND {
        return Ok(None);
    }
    check(read)?;
    if kind != REG_SZ && kind != REG_EXPAND_SZ {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is no text"));
    }
    units.truncate(bytes as usize / 2);
    let text: Vec<u16> = units.into_iter().take_while(|&unit| unit != 0).collect();
    let text = String::from_utf16_lossy(&text);
    let value = |name: &str| std::env::var(name).ok();
    Ok(Some(if kind == REG_EXPAND_SZ { live::expanded(&text, value) } else { text }))
}

fn check(code: u32) -> io::Result<()> {
    if code == ERROR_SUCCESS { Ok(()) } else { Err(io::Error::from_raw_os_error(code.cast_signed())) }
}

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// Who holds the rights that virtual machines need, as a template: a right that nobody holds has no line.
///
/// # Errors
/// In a sentence; only an administrator may ask.
pub fn rights() -> Result<Template, String> {
    let policy =
        Policy::open().map_err(|error| format!("the security policy could not be opened: {error}"))?;
    let mut template = Template::default();
    for right in RIGHTS {
        let holders = policy.holders(right).map_err(|error| format!("{right} could not be read: {error}"))?;
        if !holders.is_empty() {
            template.lines.push(Line { right: right.to_owned(), holders });
        }
    }
    Ok(template)
}

/// The local security policy.
struct Policy(LSA_HANDLE);

impl Policy {
    fn open() -> io::Result<Policy> {
        let attributes = LSA_OBJECT_ATTRIBUTES::default();
        let mut handle: LSA_HANDLE = 0;
        let access = u32::try_from(POLICY_LOOKUP_NAMES | POLICY_VIEW_LOCAL_INFORMATION).unwrap_or_default();
        // SAFETY: a null name is this machine; the attributes are all zero, as is documented; `handle` is written only
        // on success.
        let status = unsafe { LsaOpenPolicy(ptr::null(), &raw const attributes, access, &raw mut handle) };
        check_status(status).map(|()| Policy(handle))
    }

    fn holders(&self, right: &str) -> io::Result<Vec<Holder>> {
        let mut units: Vec<u16> = right.encode_utf16().collect();
        let length = u16::try_from(units.len() * 2).unwrap_or_default();
        let name = LSA_UNICODE_STRING { Length: length, MaximumLength: length, Buffer: units.as_mut_ptr() };
        let (mut buffer, mut count): (*mut c_void, u32) = (ptr::null_mut(), 0);
        // SAFETY: `name` points into `units`, which lives longer; `buffer` and `count` are written on success.
        let status = unsafe {
            LsaEnumerateAccountsWithUserRight(self.0, &raw const name, &raw mut buffer, &raw mut count)
        };
        if status == STATUS_NO_MORE_ENTRIES {
            return Ok(Vec::new());
        }
        check_status(status)?;
        let mut holders = Vec::new();
        for at in 0..count as usize {
            // SAFETY: the call gave `count` entries at `buffer`, each with a SID that lives as long as the buffer.
            let sid = unsafe { (*buffer.cast::<LSA_ENUMERATION_INFORMATION>().add(at)).Sid };
            holders.extend(sid_of(sid).map(Holder::Sid));
        }
        // SAFETY: `buffer` came from LSA, is not used after this, and is freed once.
        unsafe { LsaFreeMemory(buffer) };
        Ok(holders)
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        // SAFETY: the handle was opened and is closed once.
        unsafe { LsaClose(self.0) };
    }
}

fn sid_of(sid: PSID) -> Option<Sid> {
    // SAFETY: LSA gives pointers to whole SIDs; what is none is left alone.
    let bytes = unsafe {
        if sid.is_null() || IsValidSid(sid) == 0 {
            return None;
        }
        std::slice::from_raw_parts(sid.cast::<u8>(), GetLengthSid(sid) as usize)
    };
    Sid::from_bytes(bytes).ok()
}

fn check_status(status: NTSTATUS) -> io::Result<()> {
    if status == STATUS_SUCCESS {
        return Ok(());
    }
    // SAFETY: a number in, a number out.
    check(unsafe { LsaNtStatusToWinError(status) })
}
