//! Which store a host uses, and what stands in the way of changing it.

use super::encoding::decode;

/// The registry key, under `HKEY_LOCAL_MACHINE`.
pub const KEY: &str = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Virtualization";
/// The value that names the store: an `AzMan` URL.
pub const STORE_LOCATION: &str = "StoreLocation";
/// The value that names the application in it.
pub const SERVICE_APPLICATION: &str = "ServiceApplication";
/// What the management service logs when it could not read the store.
pub const STORE_NOT_READ: u32 = 17090;
/// The log it stands in. The name of the log is recalled, that of the event is documented.
pub const EVENT_LOG: &str = "Microsoft-Windows-Hyper-V-VMMS-Admin";

/// What is known of the host and the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The path of the opened file.
    pub file: String,
    /// The path of the store that the registry names, or its URL where it is in no file; `None` = it names none, or
    /// there is no registry.
    pub live: Option<String>,
    /// The host's version of Windows, 6.1 for 2008 R2; `None` = not known, or the host is none of Windows.
    pub windows: Option<(u32, u32)>,
    /// Whether the file and its folder can be written by this process.
    pub may_write: bool,
}

/// Something to know before the file is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Banner {
    /// The file is not the one that the host uses.
    NotLive,
    /// Virtual Machine Manager rewrites the file every 30 minutes.
    Vmm,
    /// The host is Server 2012 R2 or later.
    NoEffect,
    /// Only an elevated process may write it.
    NotWritable,
}

impl Banner {
    /// The banner in a sentence.
    pub fn sentence(self, facts: &Facts) -> String {
        match self {
            Banner::NotLive => format!(
                "This is not the store that the host uses: that is {}",
                facts.live.as_deref().unwrap_or("another")
            ),
            Banner::Vmm => "This is the store of Virtual Machine Manager, which writes it anew every 30 minutes: changes \
                            made here are lost then. Make them in Virtual Machine Manager"
                .to_owned(),
            Banner::NoEffect => "This host is Server 2012 R2 or later: Hyper-V no longer reads the store, and a change to \
                                 it has no effect here"
                .to_owned(),
            Banner::NotWritable => {
                "This file cannot be written by this process: start azedit as an administrator".to_owned()
            }
        }
    }

    /// The banner in two or three words.
    pub fn sign(self) -> &'static str {
        match self {
            Banner::NotLive => "not the live store",
            Banner::Vmm => "VMM's store",
            Banner::NoEffect => "no effect here",
            Banner::NotWritable => "needs elevation",
        }
    }
}

/// What there is to say, the most important first.
pub fn banners(facts: &Facts) -> Vec<Banner> {
    let live = facts.live.as_deref();
    let all = [
        (is_vmm_store(&facts.file), Banner::Vmm),
        (live.is_some() && facts.windows.is_some_and(|version| version >= (6, 3)), Banner::NoEffect),
        (live.is_some() && !is_live(facts), Banner::NotLive),
        (!facts.may_write, Banner::NotWritable),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, banner)| banner).collect()
}

/// Whether the file is the one that the host uses.
pub fn is_live(facts: &Facts) -> bool {
    facts.live.as_deref().is_some_and(|live| same_path(live, &facts.file))
}

/// Whether Hyper-V will read what was written: the file is the live one, and the host still reads a store.
pub fn is_read(facts: &Facts) -> bool {
    is_live(facts) && !banners(facts).contains(&Banner::NoEffect)
}

/// Whether this is the file that System Center Virtual Machine Manager keeps.
pub fn is_vmm_store(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    name.eq_ignore_ascii_case("HyperVAuthStore.xml")
}

/// Whether two paths of Windows are spelled alike but for case and the kind of slash.
fn same_path(a: &str, b: &str) -> bool {
    let plain = |path: &str| path.replace('/', "\\").trim_start_matches("\\\\?\\").to_lowercase();
    plain(a) == plain(b)
}

/// A text of the registry that names variables, as `%ProgramData%`, with their values. What is no variable stays: a URL
/// has `%20` in it.
pub fn expanded(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let known = after.split_once('%').and_then(|(name, behind)| Some((value(name)?, behind)));
        let (put, behind) = known.unwrap_or_else(|| ("%".to_owned(), after));
        out.push_str(&put);
        rest = behind;
    }
    out + rest
}

/// Whether an answer of `wevtutil qe /f:xml` holds an event. No event is no text at all.
pub fn log_tells(answer: &[u8]) -> bool {
    decode(answer).contains("<Event")
}

/// What to say after the live store was saved. `appeared` is whether the event that tells of a failure is in the log;
/// `None` = nobody could look.
pub fn after_save(appeared: Option<bool>) -> String {
    match appeared {
        Some(false) => format!(
            "Hyper-V reads the store again by itself, and has not said (event {STORE_NOT_READ}) that it could not"
        ),
        Some(true) => format!(
            "Hyper-V could not read the store: event {STORE_NOT_READ} is in {EVENT_LOG}. Another process may have had the \
             file open; saving once more makes it try again"
        ),
        None => format!(
            "Hyper-V reads the store again by itself. If the change does not take effect, look for event \
             {STORE_NOT_READ} in {EVENT_LOG}: it says that the store could not be read"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(file: &str, live: Option<&str>, windows: Option<(u32, u32)>) -> Facts {
        Facts { file: file.to_owned(), live: live.map(str::to_owned), windows, may_write: true }
    }

    const LIVE: &str = "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V\\InitialStore.xml";
    const VMM: &str = "C:\\ProgramData\\Microsoft\\Virtual Machine Manager\\HyperVAuthStore.xml";

    #[test]
    fn the_live_file_of_an_old_host_needs_no_word() {
        let spelled = "\\\\?\\c:/programdata/Microsoft/Windows/hyper-v/INITIALSTORE.XML";
        for version in [(6, 0), (6, 1), (6, 2)] {
            assert_eq!(banners(&facts(LIVE, Some(LIVE), Some(version))), []);
            assert_eq!(banners(&facts(spelled, Some(LIVE), Some(version))), []);
            assert!(is_read(&facts(spelled, Some(LIVE), Some(version))));
        }
        // Elsewhere there is no live file to compare with.
        assert_eq!(banners(&facts("/tmp/a.xml", None, None)), []);
    }

    #[test]
    fn each_banner_by_itself_and_all_of_them() {
        assert_eq!(banners(&facts("C:\\a.xml", Some(LIVE), Some((6, 1)))), [Banner::NotLive]);
        assert_eq!(banners(&facts(LIVE, Some(LIVE), Some((6, 3)))), [Banner::NoEffect]);
        assert_eq!(banners(&facts(LIVE, Some(LIVE), Some((10, 0)))), [Banner::NoEffect]);
        assert!(
            !is_read(&facts(LIVE, Some(LIVE), Some((10, 0))))
                && !is_read(&facts("C:\\a.xml", Some(LIVE), None))
        );
        assert_eq!(banners(&facts(VMM, Some(VMM), Some((6, 1)))), [Banner::Vmm]);
        assert_eq!(banners(&facts("/copies/hypervauthstore.XML", None, None)), [Banner::Vmm]);
        let mut closed = facts(LIVE, Some(LIVE), None);
        closed.may_write = false;
        assert_eq!(banners(&closed), [Banner::NotWritable]);
        let mut all = facts(VMM, Some(LIVE), Some((10, 0)));
        all.may_write = false;
        let all_banners = banners(&all);
        assert_eq!(all_banners, [Banner::Vmm, Banner::NoEffect, Banner::NotLive, Banner::NotWritable]);
        assert!(Banner::NotLive.sentence(&all).contains(LIVE));
    }

    #[test]
    fn variables_are_expanded_and_escapes_stay() {
        let value =
            |name: &str| (name.eq_ignore_ascii_case("ProgramData")).then(|| "C:\\ProgramData".to_owned());
        for (text, expected) in [
            ("msxml://%ProgramData%\\a%20b.xml", "msxml://C:\\ProgramData\\a%20b.xml"),
            ("msxml://c:/100%/%20/%PROGRAMDATA%", "msxml://c:/100%/%20/C:\\ProgramData"),
            ("%Nothing%", "%Nothing%"),
            ("%", "%"),
            ("", ""),
        ] {
            assert_eq!(expanded(text, value), expected);
        }
    }

    /// Synthetic, in the form that `wevtutil qe /f:xml` gives.
    #[test]
    fn the_logs_answer_is_an_event_or_nothing() {
        let event = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>17090\
                     </EventID></System></Event>\r\n";
        let wide: Vec<u8> = event.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(log_tells(event.as_bytes()) && log_tells(&wide));
        assert!(!log_tells(b"") && !log_tells(b"\r\n"));
    }

    #[test]
    fn a_host_that_uses_no_store_is_not_told_that_it_has_no_effect() {
        assert_eq!(banners(&facts("C:\\a.xml", None, Some((10, 0)))), []);
    }

    #[test]
    fn what_to_look_for_is_named() {
        let words = [None, Some(true), Some(false)].map(after_save);
        assert!(words.iter().all(|words| words.contains("17090")));
        assert!(words[1].contains("could not read") && words[2].contains("has not said"));
    }
}
