//! What belongs to a file beside its bytes.

use super::super::belongings::Belonging;
use super::super::fault;
use super::calls::{self, Descriptor, is};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};

use windows_sys::Win32::Foundation::{
    ERROR_CALL_NOT_IMPLEMENTED, ERROR_HANDLE_EOF, ERROR_INVALID_FUNCTION, ERROR_INVALID_PARAMETER,
    ERROR_NOT_SUPPORTED,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, OWNER_SECURITY_INFORMATION, SACL_SECURITY_INFORMATION,
};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_COMPRESSED, FILE_ATTRIBUTE_ENCRYPTED, FILE_ATTRIBUTE_HIDDEN,
    FILE_ATTRIBUTE_NOT_CONTENT_INDEXED, FILE_ATTRIBUTE_READONLY, FILE_ATTRIBUTE_SYSTEM, WRITE_OWNER,
};
use windows_sys::Win32::System::SystemServices::ACCESS_SYSTEM_SECURITY;

/// The attributes that somebody chose for the file. Windows sets the others by itself.
const CHOSEN: u32 = FILE_ATTRIBUTE_READONLY
    | FILE_ATTRIBUTE_HIDDEN
    | FILE_ATTRIBUTE_SYSTEM
    | FILE_ATTRIBUTE_NOT_CONTENT_INDEXED;
/// What cannot be set like those, and comes from the folder: a file where it differs is refused.
const FROM_FOLDER: u32 = FILE_ATTRIBUTE_COMPRESSED | FILE_ATTRIBUTE_ENCRYPTED;

/// A stream is a mark of a few bytes (where a download came from); one of more than this is somebody's data.
const LARGEST_STREAM: u64 = 16 << 20;

/// Owner, access control list, audit list, attributes, streams and time of creation of a file.
#[derive(Debug)]
pub(in crate::files) struct Attributes {
    /// Owner and access control list, as text: what is compared.
    owner: String,
    access: String,
    access_list: Descriptor,
    owner_part: Descriptor,
    /// The audit list; `None` where this process may not see it.
    audit: Option<(String, Descriptor)>,
    flags: u32,
    streams: Vec<(OsString, Vec<u8>)>,
    created: u64,
}

impl PartialEq for Attributes {
    /// The time of creation is carried over, but a file with another one is no other file to anybody.
    fn eq(&self, other: &Attributes) -> bool {
        let text = |of: &Attributes| of.audit.as_ref().map(|(text, _)| text.clone());
        (&self.owner, &self.access, self.flags, &self.streams, text(self))
            == (&other.owner, &other.access, other.flags, &other.streams, text(other))
    }
}

impl Attributes {
    pub(in crate::files) fn of(file: &File) -> io::Result<Attributes> {
        fault::point("read attributes")?;
        let facts = calls::facts(file)?;
        let owner_part = calls::security(file, OWNER_SECURITY_INFORMATION)?;
        let access_list = calls::security(file, DACL_SECURITY_INFORMATION)?;
        Ok(Attributes {
            owner: owner_part.to_text(OWNER_SECURITY_INFORMATION)?,
            access: without_marks(&access_list.to_text(DACL_SECURITY_INFORMATION)?),
            access_list,
            owner_part,
            audit: audit_of(file),
            flags: facts.attributes & (CHOSEN | FROM_FOLDER),
            streams: streams_of(file)?,
            created: facts.created,
        })
    }

    /// The access control list that a new file must have from its first moment on.
    pub(super) fn access_list(&self) -> &Descriptor {
        &self.access_list
    }

    /// What a save could not look at and therefore not carry over, as a sentence.
    pub(in crate::files) fn unseen(&self) -> Option<String> {
        self.audit.is_none().then(|| {
            "Whether the store has auditing entries could not be seen (that takes the right to manage auditing): \
             if it had, the new file has none."
                .to_owned()
        })
    }

    /// The same in words.
    pub(in crate::files) fn told(&self) -> Vec<Belonging> {
        let told = |what, value: String, summary: String| Belonging { what, value: Some(value), summary };
        let entries = self.access.matches('(').count();
        let cut_off =
            if self.access.starts_with("D:P") { "cut off from the folder's" } else { "with the folder's" };
        let streams = format!("{} streams", self.streams.len());
        vec![
            told("owner", self.owner.clone(), "the same account".to_owned()),
            told("access control list", self.access.clone(), format!("{entries} entries, {cut_off}")),
            Belonging {
                what: "auditing entries",
                value: self.audit.as_ref().map(|(text, _)| text.clone()),
                summary: match &self.audit {
                    Some((text, _)) => format!("{} entries", text.matches('(').count()),
                    None => "seeing them takes the right to manage auditing".to_owned(),
                },
            },
            told("attributes", self.flags.to_string(), format!("{:#x}", self.flags)),
            told("streams", format!("{:?}", self.streams), streams),
        ]
    }

    /// Gives `file` these attributes. Errors name what would be lost.
    pub(in crate::files) fn apply(&self, file: &File) -> Result<(), (String, io::Error)> {
        let lost = |what: &str| {
            let what = what.to_owned();
            move |error: io::Error| (what, error)
        };
        let present = Attributes::of(file).map_err(lost("owner and permissions"))?;
        if present.owner != self.owner {
            fault::point("chown").map_err(lost("the owner"))?;
            set_owner(file, &self.owner_part).map_err(lost(&format!("the owner {}", self.owner)))?;
        }
        if present.access != self.access {
            fault::point("set attribute").map_err(lost("the access control list"))?;
            calls::set_security(file, DACL_SECURITY_INFORMATION, &self.access_list)
                .map_err(lost("the access control list"))?;
        }
        if let Some((text, list)) = &self.audit
            && present.audit.as_ref().map(|(text, _)| text) != Some(text)
        {
            fault::point("set audit").map_err(lost("the auditing entries"))?;
            calls::reopen(file, ACCESS_SYSTEM_SECURITY)
                .and_then(|file| calls::set_security(&file, SACL_SECURITY_INFORMATION, list))
                .map_err(lost("the auditing entries"))?;
        }
        for (name, bytes) in &self.streams {
            fault::point("write stream").map_err(lost("a stream"))?;
            write_stream(file, name, bytes)
                .map_err(lost(&format!("the stream {}", name.to_string_lossy())))?;
        }
        fault::point("chmod").map_err(lost("attributes"))?;
        calls::set_basics(file, self.created, self.flags & CHOSEN).map_err(lost("attributes"))?;
        let after = Attributes::of(file).map_err(lost("owner and permissions"))?;
        if after == *self {
            return Ok(());
        }
        let what = if after.access == self.access && after.owner == self.owner {
            "its attributes, streams or auditing entries"
        } else {
            "its owner or access control list"
        };
        Err(lost(what)(io::Error::other("they read back different")))
    }
}

/// Without the two marks that only say how the list came about (`AI`, `AR`); `P`, cut off from the folder, counts.
fn without_marks(text: &str) -> String {
    let (head, entries) = text.split_at(text.find('(').unwrap_or(text.len()));
    format!("{}{entries}", head.replace("AI", "").replace("AR", ""))
}

fn audit_of(file: &File) -> Option<(String, Descriptor)> {
    // Who may not see the list may not set it either; that is no error but a thing to be said.
    calls::enable_privilege("SeSecurityPrivilege").ok()?;
    let list = calls::reopen(file, ACCESS_SYSTEM_SECURITY)
        .and_then(|file| calls::security(&file, SACL_SECURITY_INFORMATION))
        .ok()?;
    let text = list.to_text(SACL_SECURITY_INFORMATION).ok()?;
    Some((without_marks(&text), list))
}

fn set_owner(file: &File, owner: &Descriptor) -> io::Result<()> {
    // Administrators have this right, but it is off until somebody asks for it.
    let _ = calls::enable_privilege("SeRestorePrivilege");
    let file = calls::reopen(file, WRITE_OWNER)?;
    calls::set_security(&file, OWNER_SECURITY_INFORMATION, owner)
}

fn streams_of(file: &File) -> io::Result<Vec<(OsString, Vec<u8>)>> {
    let names = match calls::stream_names(file) {
        Ok(names) => names,
        // A file system without streams.
        Err(error)
            if [
                ERROR_INVALID_PARAMETER,
                ERROR_INVALID_FUNCTION,
                ERROR_NOT_SUPPORTED,
                ERROR_CALL_NOT_IMPLEMENTED,
                ERROR_HANDLE_EOF,
            ]
            .iter()
            .any(|code| is(&error, *code)) =>
        {
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    };
    let mut streams = Vec::new();
    for name in names {
        let stream = File::open(stream_path(file, &name)?)?;
        let mut bytes = Vec::new();
        stream.take(LARGEST_STREAM + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST_STREAM {
            let what = format!("the stream {} is larger than 16 MB", name.to_string_lossy());
            return Err(io::Error::other(what));
        }
        streams.push((name, bytes));
    }
    streams.sort();
    Ok(streams)
}

fn stream_path(file: &File, name: &OsString) -> io::Result<OsString> {
    let mut path = calls::path_of(file)?;
    path.push(":");
    path.push(name);
    Ok(path)
}

fn write_stream(file: &File, name: &OsString, bytes: &[u8]) -> io::Result<()> {
    let mut stream = File::create(stream_path(file, name)?)?;
    stream.write_all(bytes)?;
    stream.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_inheritance_do_not_count_and_protection_does() {
        assert_eq!(without_marks("D:PAI(A;;FA;;;BA)(A;ID;FR;;;AI)"), "D:P(A;;FA;;;BA)(A;ID;FR;;;AI)");
        assert_eq!(without_marks("D:AI(A;;FA;;;BA)"), "D:(A;;FA;;;BA)");
        assert_ne!(without_marks("D:P(A;;FA;;;BA)"), without_marks("D:(A;;FA;;;BA)"));
        assert_eq!(without_marks("D:"), "D:");
    }

    #[test]
    fn a_copy_gets_what_the_file_has() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xml");
        std::fs::write(&path, "a").unwrap();
        let wanted = Attributes::of(&File::open(&path).unwrap()).unwrap();
        let copy = calls::create(&folder.path().join("b.xml"), Some(wanted.access_list())).unwrap();
        wanted.apply(&copy).unwrap();
        assert_eq!(Attributes::of(&copy).unwrap(), wanted);
    }

    #[test]
    fn the_time_of_creation_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let copy = calls::create(&folder.path().join("b.xml"), None).unwrap();
        let an_hour_before = calls::facts(&copy).unwrap().created - 36_000_000_000;
        calls::set_basics(&copy, an_hour_before, 0).unwrap();
        assert_eq!(calls::facts(&copy).unwrap().created, an_hour_before);
    }
}
