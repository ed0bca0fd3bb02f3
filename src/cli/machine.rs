//! The machine that azedit runs on: its registry, its rights, its scripting host.
//!
//! Everything here fails with a sentence where the machine is none of Windows.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::location;

use crate::hyperv;
use crate::hyperv::live::{self, Banner, Facts};
use crate::hyperv::rights::Template;
use crate::term::{About, system_program};

#[cfg(windows)]
use super::windows;

/// The store and the application that this host's registry names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// An `AzMan` URL.
    pub url: String,
    /// The application in it.
    pub application: String,
}

/// What the registry says of the live store.
///
/// # Errors
/// In a sentence: there is no registry, or no Hyper-V.
pub fn live_store() -> Result<Live, String> {
    match registry_text(live::KEY, live::STORE_LOCATION)? {
        Some(url) => Ok(Live {
            url,
            application: service_application()?.unwrap_or_else(|| hyperv::APPLICATION.to_owned()),
        }),
        None => Err(format!(
            "this host's registry names no store (HKLM\\{}, {}): Hyper-V is not installed here; give the path of a store",
            live::KEY,
            live::STORE_LOCATION
        )),
    }
}

/// The application that Hyper-V asks on this host, as its registry says; `None`: it says nothing.
///
/// # Errors
/// In a sentence: there is no registry.
pub fn service_application() -> Result<Option<String>, String> {
    registry_text(live::KEY, live::SERVICE_APPLICATION)
}

/// Windows with its name, version and build; `None` elsewhere.
pub fn system() -> Option<String> {
    let value = |name| registry_text("SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", name).ok().flatten();
    let name = value("ProductName")?;
    let version = value("CurrentVersion").map(|version| format!(", {version}")).unwrap_or_default();
    let build = value("CurrentBuildNumber").map(|build| format!(", build {build}")).unwrap_or_default();
    Some(format!("{name}{version}{build}"))
}

/// The version of Windows, 6.1 for 2008 R2; 6.3 stands for all that came after 2012. `None` elsewhere.
pub fn windows_version() -> Option<(u32, u32)> {
    let text = registry_text("SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "CurrentVersion").ok()??;
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The file that the registry names; `None` = this is no Hyper-V host, or its store is in no file.
pub fn live_file() -> Option<PathBuf> {
    location::file_of_url(&live_store().ok()?.url)
}

/// The same as text; the URL, where the store is in no file.
fn live_place() -> Option<String> {
    let url = live_store().ok()?.url;
    Some(location::file_of_url(&url).map_or(url, |file| file.to_string_lossy().into_owned()))
}

/// What there is to know of a file before it is changed here.
pub fn facts(file: &Path) -> Facts {
    let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    Facts {
        file: whole.to_string_lossy().into_owned(),
        live: live_place(),
        windows: windows_version(),
        // Elsewhere a save says it soon enough; on Windows the cure is to start again.
        may_write: !cfg!(windows)
            || !is_denied(OpenOptions::new().write(true).open(file)) && !is_closed(whole.parent()),
    }
}

/// Whether nothing can be put into a folder: a save begins with a new file beside the old one.
#[cfg(windows)]
fn is_closed(folder: Option<&Path>) -> bool {
    use std::os::windows::fs::OpenOptionsExt;

    /// To make a file in the folder.
    const FILE_ADD_FILE: u32 = 2;
    /// Folders open with this flag only.
    const FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
    let open = |folder| {
        OpenOptions::new().access_mode(FILE_ADD_FILE).custom_flags(FILE_FLAG_BACKUP_SEMANTICS).open(folder)
    };
    folder.is_some_and(|folder| is_denied(open(folder)))
}

#[cfg(not(windows))]
fn is_closed(_folder: Option<&Path>) -> bool {
    false
}

fn is_denied<T>(opened: io::Result<T>) -> bool {
    opened.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
}

/// Whether the management service has logged, in the last seconds, that it could not read the store. It is given the
/// time to try. `None` = the log cannot be asked.
pub fn store_not_read() -> Option<bool> {
    if !cfg!(windows) {
        return None;
    }
    std::thread::sleep(TIME_TO_READ);
    // What was logged of an earlier save, a second before this one, may count too.
    let span = (TIME_TO_READ + Duration::from_secs(1)).as_millis();
    let event = live::STORE_NOT_READ;
    let query = format!("/q:*[System[(EventID={event}) and TimeCreated[timediff(@SystemTime) <= {span}]]]");
    let mut wevtutil = Command::new(system_program("wevtutil.exe"));
    let output = wevtutil.args(["qe", live::EVENT_LOG, &query, "/c:1", "/f:xml"]).output().ok()?;
    output.status.success().then(|| live::log_tells(&output.stdout))
}

/// The management service reads a changed store by itself; how soon is not documented.
const TIME_TO_READ: Duration = Duration::from_secs(2);

/// What the editor says of a file. Virtual Machine Manager's store is opened read-only.
pub fn about(file: &Path) -> About {
    let facts = facts(file);
    let banners = live::banners(&facts);
    let leave_alone = banners.iter().find(|banner| **banner == Banner::Vmm);
    About {
        read_only: leave_alone.map(|_| {
            "it is Virtual Machine Manager's, which writes it anew (--edit-vmm opens it for changes)"
                .to_owned()
        }),
        is_read: live::is_read(&facts),
        sign: banners.first().map(|banner| banner.sign()),
        sentences: banners.iter().map(|banner| format!("{}.", banner.sentence(&facts))).collect(),
    }
}

/// The same for somebody who asked to change whatever it is.
pub fn about_asked(file: &Path) -> About {
    About { read_only: None, ..about(file) }
}

/// A text under `HKEY_LOCAL_MACHINE`; `None` = there is none.
#[cfg(windows)]
fn registry_text(key: &str, value: &str) -> Result<Option<String>, String> {
    windows::registry_text(key, value)
        .map_err(|error| format!("the registry could not be read (HKLM\\{key}, {value}): {error}"))
}

#[cfg(not(windows))]
fn registry_text(_key: &str, _value: &str) -> Result<Option<String>, String> {
    Err("the live store is named by a Windows host's registry, and this is no Windows host; give the path of a copy"
        .to_owned())
}

/// Who holds the rights that virtual machines need, asked of this machine.
///
/// # Errors
/// In a sentence.
#[cfg(windows)]
pub fn rights() -> Result<Template, String> {
    windows::rights()
}

#[cfg(not(windows))]
pub fn rights() -> Result<Template, String> {
    Err("only a Windows machine can be asked; on the host run: secedit /export /areas USER_RIGHTS /cfg rights.inf, and \
         give that file"
        .to_owned())
}
