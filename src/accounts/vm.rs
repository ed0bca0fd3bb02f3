//! The account of a Hyper-V virtual machine, `NT VIRTUAL MACHINE\<GUID>`.
//!
//! From Server 2012 on each virtual machine runs as S-1-5-83-1-a-b-c-d, where a to d are the GUID's sixteen bytes
//! in Windows order, read as little-endian numbers ([MS-DTYP] 2.4.2.4).

use super::Sid;
use uuid::Uuid;

/// The domain of virtual machines' accounts.
pub(super) const VM_DOMAIN: &str = "NT VIRTUAL MACHINE";

/// The account of the virtual machine with this GUID.
pub fn vm_sid(guid: Uuid) -> Sid {
    let bytes = guid.to_bytes_le();
    let word =
        |at: usize| bytes.iter().skip(at).take(4).rev().fold(0, |word, byte| word << 8 | u32::from(*byte));
    Sid::from_parts(5, [83, 1, word(0), word(4), word(8), word(12)])
}

/// The account of the virtual machine that a person means by a word: its GUID, with or without braces, or
/// `NT VIRTUAL MACHINE\<GUID>`. For a search: a member is written as a SID, and nobody knows a machine by that.
pub fn vm_account(word: &str) -> Option<Sid> {
    let word = word.trim();
    let guid = match word.split_once('\\') {
        Some((domain, guid)) if domain.eq_ignore_ascii_case(VM_DOMAIN) => guid,
        Some(_) => return None,
        None => word,
    };
    // A GUID without hyphens would be any 32 digits.
    Uuid::try_parse(guid).ok().filter(|_| guid.contains('-')).map(vm_sid)
}

/// The GUID of the virtual machine whose account this is; `None` for every other SID.
pub fn vm_guid(sid: &Sid) -> Option<Uuid> {
    let (5, [83, 1, words @ ..]) = (sid.authority(), sid.subauthorities()) else { return None };
    let words: [u32; 4] = words.try_into().ok()?;
    let mut bytes = [0; 16];
    for (chunk, word) in bytes.chunks_exact_mut(4).zip(words) {
        chunk.copy_from_slice(&word.to_le_bytes());
    }
    Some(Uuid::from_bytes_le(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn worked_examples() {
        for (guid, sid) in [
            // Seen together in a logged event.
            (
                "D9E0EB0A-5B37-508E-9173-67E9ADE83ACF",
                "S-1-5-83-1-3655396106-1351506743-3915871121-3476744365",
            ),
            // The machine of Microsoft's article on failing logons, computed.
            ("E57917F3-31C3-456E-B1BA-5E45B4CC7E0C", "S-1-5-83-1-3849918451-1164849603-1163836081-209636532"),
        ] {
            let guid = Uuid::parse_str(guid).unwrap();
            assert_eq!(vm_sid(guid).to_string(), sid);
            assert_eq!(vm_guid(&Sid::parse(sid).unwrap()), Some(guid));
        }
    }

    #[test]
    fn a_machine_is_found_by_what_it_is_called() {
        let sid = "S-1-5-83-1-3849918451-1164849603-1163836081-209636532";
        for word in [
            "E57917F3-31C3-456E-B1BA-5E45B4CC7E0C",
            " {e57917f3-31c3-456e-b1ba-5e45b4cc7e0c}",
            "nt virtual machine\\E57917F3-31C3-456E-B1BA-5E45B4CC7E0C",
        ] {
            assert_eq!(vm_account(word).map(|sid| sid.to_string()).as_deref(), Some(sid), "{word}");
        }
        for word in [
            "",
            "E57917F3",
            "e57917f331c3456eb1ba5e45b4cc7e0c",
            "CONTOSO\\E57917F3-31C3-456E-B1BA-5E45B4CC7E0C",
            sid,
        ] {
            assert_eq!(vm_account(word), None, "{word}");
        }
    }

    #[test]
    fn other_sids_are_no_virtual_machines() {
        for text in [
            "S-1-5-83-0",
            "S-1-5-83-1-1-2-3",
            "S-1-5-83-1-1-2-3-4-5",
            "S-1-5-83-2-1-2-3-4",
            "S-1-1-83-1-1-2-3-4",
        ] {
            assert_eq!(vm_guid(&Sid::parse(text).unwrap()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back(bytes: [u8; 16]) {
            let guid = Uuid::from_bytes(bytes);
            prop_assert_eq!(vm_guid(&vm_sid(guid)), Some(guid));
        }
    }
}
