//! One word typed by a person, as SID, name and virtual machine.

use super::{Sid, SidError, display_name, resolve, vm_guid, vm_sid};
use uuid::Uuid;

/// All that can be said about one word without asking a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// The SID, however the word wrote it.
    pub sid: Sid,
    /// `BUILTIN\Administrators`; `None` for a domain's own accounts.
    pub name: Option<String>,
    /// The virtual machine whose account this is, in upper case with hyphens, as Hyper-V writes it.
    pub vm: Option<String>,
}

/// Why a word is none of SID, GUID and well-known name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// It begins as a SID but is none.
    #[error(transparent)]
    Sid(#[from] SidError),
    /// A name that means something only to some host or domain, or nothing at all.
    #[error(
        "not a SID, not a virtual machine's GUID, and not a name that is the same on every host; give the SID \
         (on Windows: whoami /user, or Get-ADUser)"
    )]
    Unknown,
}

/// Reads a SID, the GUID of a virtual machine (with or without braces), or a well-known name. Blanks around the
/// word do not matter.
///
/// # Errors
/// [`ConvertError`]; the caller knows the word and puts it before the message.
pub fn convert(word: &str) -> Result<Conversion, ConvertError> {
    let word = word.trim();
    let is_sid_like = word.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("S-1-"));
    let sid = if is_sid_like {
        Sid::parse(word)?
    } else if let Ok(guid) = Uuid::try_parse(word) {
        vm_sid(guid)
    } else {
        resolve(word).ok_or(ConvertError::Unknown)?
    };
    Ok(Conversion {
        sid,
        name: display_name(&sid),
        vm: vm_guid(&sid).map(|guid| format!("{:X}", guid.hyphenated())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_word() {
        let vm = "E57917F3-31C3-456E-B1BA-5E45B4CC7E0C";
        let vm_name = format!("NT VIRTUAL MACHINE\\{vm}");
        let vm_sid = "S-1-5-83-1-3849918451-1164849603-1163836081-209636532";
        for (word, sid, name, machine) in [
            ("S-1-5-32-544", "S-1-5-32-544", Some("BUILTIN\\Administrators"), None),
            (" s-1-1-0 ", "S-1-1-0", Some("Everyone"), None),
            ("everyone", "S-1-1-0", Some("Everyone"), None),
            ("S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-1104", None, None),
            (vm, vm_sid, Some(vm_name.as_str()), Some(vm)),
            ("{e57917f3-31c3-456e-b1ba-5e45b4cc7e0c}", vm_sid, Some(vm_name.as_str()), Some(vm)),
            (vm_sid, vm_sid, Some(vm_name.as_str()), Some(vm)),
        ] {
            let conversion = convert(word).unwrap();
            assert_eq!(conversion.sid.to_string(), sid, "{word}");
            assert_eq!((conversion.name.as_deref(), conversion.vm.as_deref()), (name, machine), "{word}");
        }
    }

    #[test]
    fn what_is_none_of_them() {
        assert_eq!(convert("S-1-5-"), Err(ConvertError::Sid(SidError::Subauthority(1))));
        assert_eq!(convert("CONTOSO\\joe"), Err(ConvertError::Unknown));
        assert_eq!(convert(""), Err(ConvertError::Unknown));
        assert_eq!(convert("ÄÖÜ"), Err(ConvertError::Unknown));
    }
}
