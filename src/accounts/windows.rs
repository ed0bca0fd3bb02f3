//! Names and SIDs of accounts, asked of the Local Security Authority; users and groups of this machine.

#![allow(unsafe_code)]

use std::io;
use std::ptr;

use windows_sys::Win32::Foundation::{
    ERROR_INSUFFICIENT_BUFFER, ERROR_MORE_DATA, ERROR_NONE_MAPPED, ERROR_SUCCESS, GetLastError,
};
use windows_sys::Win32::NetworkManagement::NetManagement::{
    FILTER_NORMAL_ACCOUNT, LOCALGROUP_INFO_0, NetApiBufferFree, NetLocalGroupEnum, NetUserEnum, USER_INFO_0,
};
use windows_sys::Win32::Security::{
    LookupAccountNameW, LookupAccountSidW, SID_NAME_USE, SidTypeAlias, SidTypeComputer,
    SidTypeDeletedAccount, SidTypeDomain, SidTypeGroup, SidTypeLabel, SidTypeLogonSession, SidTypeUser,
    SidTypeWellKnownGroup,
};
use windows_sys::Win32::System::WindowsProgramming::GetComputerNameW;
use windows_sys::core::PWSTR;

use super::{Account, MOST_LOCAL, Question, Reply, Sid, Sort, Unnamed};

/// The most bytes that a SID takes (`SECURITY_MAX_SID_SIZE`).
const MAX_SID: u32 = 68;
/// Characters of a name and of a domain's name: more than Windows allows for either.
const NAME: u32 = 1024;

/// Answers a question; it may take as long as a domain that does not answer.
pub fn ask(question: &Question) -> Reply {
    match question {
        Question::Sid(sid) => by_sid(sid).map(|account| vec![account]),
        Question::Name(name) => by_name(name).map(|account| vec![account]),
        Question::Local => local(),
    }
}

fn by_sid(sid: &Sid) -> Result<Account, Unnamed> {
    let bytes = sid.to_bytes();
    let (mut name, mut domain) = ([0_u16; NAME as usize], [0_u16; NAME as usize]);
    let (mut name_len, mut domain_len) = (NAME, NAME);
    let mut sort: SID_NAME_USE = 0;
    // SAFETY: `bytes` is a whole SID; the lengths are those of the buffers, in characters.
    let found = unsafe {
        LookupAccountSidW(
            ptr::null(),
            bytes.as_ptr().cast_mut().cast(),
            name.as_mut_ptr(),
            &raw mut name_len,
            domain.as_mut_ptr(),
            &raw mut domain_len,
            &raw mut sort,
        )
    };
    if found == 0 {
        return Err(why());
    }
    let sort = sort_of(sort);
    match (text(&domain), text(&name)) {
        _ if sort == Sort::Deleted => Err(Unnamed::Deleted),
        (domain, name) if name.is_empty() && domain.is_empty() => Err(Unnamed::Unknown),
        // A domain's own SID has no name within it.
        (domain, name) if name.is_empty() || sort == Sort::Domain => {
            Ok(Account { sid: *sid, name: if domain.is_empty() { name } else { domain }, sort })
        }
        (domain, name) if domain.is_empty() => Ok(Account { sid: *sid, name, sort }),
        (domain, name) => Ok(Account { sid: *sid, name: format!("{domain}\\{name}"), sort }),
    }
}

fn by_name(asked: &str) -> Result<Account, Unnamed> {
    // `.` is this machine, as where one logs on; the function itself does not know that.
    let whole = match asked.strip_prefix(".\\") {
        Some(name) => format!("{}\\{name}", computer()?),
        None => asked.to_owned(),
    };
    if whole.contains('\0') {
        return Err(Unnamed::Unknown);
    }
    let wide: Vec<u16> = whole.encode_utf16().chain([0]).collect();
    let mut sid = [0_u8; MAX_SID as usize];
    let mut domain = [0_u16; NAME as usize];
    let (mut sid_len, mut domain_len) = (MAX_SID, NAME);
    let mut sort: SID_NAME_USE = 0;
    // SAFETY: `wide` ends with a NUL; the lengths are those of the buffers, in bytes and in characters.
    let found = unsafe {
        LookupAccountNameW(
            ptr::null(),
            wide.as_ptr(),
            sid.as_mut_ptr().cast(),
            &raw mut sid_len,
            domain.as_mut_ptr(),
            &raw mut domain_len,
            &raw mut sort,
        )
    };
    if found == 0 {
        return Err(why());
    }
    // A SID says its own length: a count of four-byte numbers behind eight bytes.
    let length = sid.get(1).map_or(0, |count| 8 + 4 * usize::from(*count));
    let sid = sid.get(..length).and_then(|bytes| Sid::from_bytes(bytes).ok()).ok_or(Unnamed::Unknown)?;
    // How Windows writes the account: in its own case, with the domain it was found in.
    by_sid(&sid).or(Ok(Account { sid, name: whole, sort: sort_of(sort) }))
}

fn sort_of(sort: SID_NAME_USE) -> Sort {
    #[allow(non_upper_case_globals)] // Windows' own names.
    match sort {
        SidTypeUser => Sort::User,
        SidTypeGroup => Sort::Group,
        SidTypeAlias => Sort::LocalGroup,
        SidTypeWellKnownGroup => Sort::WellKnown,
        SidTypeComputer => Sort::Computer,
        SidTypeDomain => Sort::Domain,
        SidTypeDeletedAccount => Sort::Deleted,
        SidTypeLabel | SidTypeLogonSession => Sort::Label,
        _ => Sort::Untold,
    }
}

fn why() -> Unnamed {
    // SAFETY: a number is read.
    let code = unsafe { GetLastError() };
    match code {
        ERROR_NONE_MAPPED => Unnamed::Unknown,
        ERROR_INSUFFICIENT_BUFFER => Unnamed::Failed("its name is too long".to_owned()),
        code => Unnamed::Failed(io::Error::from_raw_os_error(code.cast_signed()).to_string()),
    }
}

/// The characters up to the first NUL.
fn text(units: &[u16]) -> String {
    let end = units.iter().position(|&unit| unit == 0).unwrap_or(units.len());
    String::from_utf16_lossy(units.get(..end).unwrap_or_default())
}

fn computer() -> Result<String, Unnamed> {
    let mut name = [0_u16; 256];
    let mut length = 256;
    // SAFETY: `length` is that of the buffer, in characters.
    if unsafe { GetComputerNameW(name.as_mut_ptr(), &raw mut length) } == 0 {
        return Err(why());
    }
    Ok(text(&name))
}

/// The machine's users and groups; on a domain controller the domain's.
fn local() -> Reply {
    let computer = computer()?;
    let users = listed(|buffer, read, total, resume| {
        // SAFETY: null is this machine; the others are written by the call, `buffer` to memory that `listed` frees.
        unsafe {
            NetUserEnum(
                ptr::null(),
                0,
                FILTER_NORMAL_ACCOUNT,
                buffer.cast(),
                PREFERRED,
                read,
                total,
                resume.cast(),
            )
        }
    })?;
    let groups = listed(|buffer, read, total, resume| {
        // SAFETY: as above.
        unsafe { NetLocalGroupEnum(ptr::null(), 0, buffer.cast(), PREFERRED, read, total, resume) }
    })?;
    // A bare name may also be the machine's own; groups such as Administrators are not the machine's but BUILTIN's.
    let find = |name: String| by_name(&format!("{computer}\\{name}")).or_else(|_| by_name(&name)).ok();
    let mut accounts: Vec<Account> = users.into_iter().chain(groups).filter_map(find).collect();
    accounts.retain(|account| account.sort.never_a_member().is_none());
    accounts.dedup_by_key(|account| account.sid);
    Ok(accounts)
}

/// Bytes that one call may give: some hundred names.
const PREFERRED: u32 = 32 * 1024;

/// What `NetUserEnum` and `NetLocalGroupEnum` give at level 0.
const _: () = assert!(
    size_of::<USER_INFO_0>() == size_of::<PWSTR>() && size_of::<LOCALGROUP_INFO_0>() == size_of::<PWSTR>()
);

/// Names from a function that gives them in portions, at most [`MOST_LOCAL`].
fn listed(
    call: impl Fn(*mut *mut PWSTR, *mut u32, *mut u32, *mut usize) -> u32,
) -> Result<Vec<String>, Unnamed> {
    let mut names = Vec::new();
    let mut resume = 0_usize;
    loop {
        let (mut buffer, mut read, mut total): (*mut PWSTR, u32, u32) = (ptr::null_mut(), 0, 0);
        let status = call(&raw mut buffer, &raw mut read, &raw mut total, &raw mut resume);
        if status != ERROR_SUCCESS && status != ERROR_MORE_DATA {
            return Err(Unnamed::Failed(io::Error::from_raw_os_error(status.cast_signed()).to_string()));
        }
        for at in 0..if buffer.is_null() { 0 } else { read as usize } {
            // SAFETY: the call gave `read` pointers at `buffer`, each to a text that ends with a NUL and lives as long.
            names.push(unsafe { terminated(buffer.add(at).read()) });
        }
        if !buffer.is_null() {
            // SAFETY: the buffer came from the call, is not used after this, and is freed once.
            unsafe { NetApiBufferFree(buffer.cast()) };
        }
        if status == ERROR_SUCCESS || read == 0 || names.len() >= MOST_LOCAL {
            names.truncate(MOST_LOCAL);
            return Ok(names);
        }
    }
}

/// The text at a pointer.
///
/// # Safety
/// It is null, or leads to characters that end with a NUL.
unsafe fn terminated(start: PWSTR) -> String {
    let mut units = Vec::new();
    if !start.is_null() {
        // SAFETY: nothing behind the NUL is read.
        while let unit @ 1.. = unsafe { start.add(units.len()).read() } {
            units.push(unit);
        }
    }
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(question: &Question) -> Result<Account, Unnamed> {
        ask(question).map(|mut accounts| accounts.remove(0))
    }

    fn of_sid(text: &str) -> Result<Account, Unnamed> {
        one(&Question::Sid(Sid::parse(text).unwrap()))
    }

    fn of_name(name: &str) -> Result<Account, Unnamed> {
        one(&Question::Name(name.to_owned()))
    }

    #[test]
    fn what_every_windows_has_is_found_both_ways() {
        for sid in ["S-1-5-32-544", "S-1-1-0", "S-1-5-18"] {
            let account = of_sid(sid).unwrap();
            assert_eq!(account.sid.to_string(), sid);
            assert_eq!(of_name(&account.name), Ok(account));
        }
        assert_eq!(of_sid("S-1-5-32-544").unwrap().sort, Sort::LocalGroup);
        assert_eq!(of_sid("S-1-1-0").unwrap().sort, Sort::WellKnown);
    }

    #[test]
    fn who_runs_this_is_found_both_ways_and_from_this_machine() {
        let user = std::env::var("USERNAME").unwrap();
        let account = of_name(&user).unwrap();
        assert_eq!(account.sort, Sort::User);
        assert_eq!(one(&Question::Sid(account.sid)), Ok(account.clone()));
        assert_eq!(of_name(&account.name), Ok(account.clone()));
    }

    #[test]
    fn nobody_is_found_by_what_nobody_has() {
        assert_eq!(of_sid("S-1-5-21-1-2-3-4711"), Err(Unnamed::Unknown));
        assert_eq!(of_name("NOSUCHDOMAIN\\nobody"), Err(Unnamed::Unknown));
        assert_eq!(of_name("no\0body"), Err(Unnamed::Unknown));
    }
}
