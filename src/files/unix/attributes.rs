//! What belongs to a file beside its bytes.

use super::super::belongings::Belonging;
use super::super::fault;
use rustix::fs::{Mode, XattrFlags};
use rustix::io::{Errno, retry_on_intr};
use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;

/// Owner, permissions and extended attributes of a file. Access control lists and security labels are extended
/// attributes on Linux.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::files) struct Attributes {
    owner: u32,
    group: u32,
    mode: u32,
    /// Sorted by name.
    extended: Vec<(CString, Vec<u8>)>,
}

/// The kernel writes these itself, from the content: a copy would be wrong for the new content.
const MADE_BY_THE_KERNEL: [&[u8]; 2] = [b"security.ima", b"security.evm"];

impl Attributes {
    pub(in crate::files) fn of(file: &File) -> io::Result<Attributes> {
        fault::point("read attributes")?;
        let metadata = file.metadata()?;
        Ok(Attributes {
            owner: metadata.uid(),
            group: metadata.gid(),
            mode: metadata.mode() & 0o7777,
            extended: extended_attributes(file)?,
        })
    }

    /// What a save could not look at and therefore not carry over: nothing, on Unix.
    #[allow(clippy::unused_self)] // Windows has something to look at.
    pub(in crate::files) fn unseen(&self) -> Option<String> {
        None
    }

    /// Gives `file` these attributes. Errors name what would be lost.
    pub(in crate::files) fn apply(&self, file: &File) -> Result<(), (String, io::Error)> {
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

    /// The same in words.
    pub(in crate::files) fn told(&self) -> Vec<Belonging> {
        let told = |what, value: String, summary: String| Belonging { what, value: Some(value), summary };
        let extended = match self.extended.len() {
            0 => "none".to_owned(),
            1 => "1 attribute".to_owned(),
            count => format!("{count} attributes"),
        };
        vec![
            told("owner and group", format!("{}:{}", self.owner, self.group), "the same numbers".to_owned()),
            told("permissions", format!("{:04o}", self.mode), format!("{:04o}", self.mode)),
            told("extended attributes", format!("{:?}", self.extended), extended),
        ]
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
