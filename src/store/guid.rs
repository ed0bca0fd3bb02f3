//! The GUID of an object.

use std::fmt;

/// A GUID, compared as a number: upper or lower case, with or without braces, it is the same object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Guid(u128);

impl Guid {
    /// A new random GUID (version 4).
    pub fn random() -> Guid {
        Guid(uuid::Uuid::new_v4().as_u128())
    }

    /// Reads `8-4-4-4-12` hexadecimal digits, in braces or not, with white space around it or not.
    ///
    /// Anything else is `None`: real files hold things like `{0}`, which name nothing.
    pub fn parse(text: &str) -> Option<Guid> {
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        let bare = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text).as_bytes();
        if bare.len() != 36 {
            return None;
        }
        let mut value = 0u128;
        for (at, &byte) in bare.iter().enumerate() {
            if matches!(at, 8 | 13 | 18 | 23) {
                if byte != b'-' {
                    return None;
                }
            } else {
                let digit = (byte as char).to_digit(16)?;
                value = value << 4 | u128::from(digit);
            }
        }
        Some(Guid(value))
    }
}

/// As azroles.dll writes it: lower case, hyphens, no braces.
impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        uuid::Uuid::from_u128(self.0).hyphenated().fmt(f)
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Guid;

    #[test]
    fn one_guid_in_all_its_spellings() {
        let plain = Guid::parse("0360a25d-86f3-47d6-805e-47143feea2a9").unwrap();
        assert_eq!(Guid::parse("{0360A25D-86F3-47D6-805E-47143FEEA2A9}"), Some(plain));
        assert_eq!(Guid::parse("\r\n\t0360a25d-86f3-47d6-805e-47143feea2a9 "), Some(plain));
        assert_eq!(plain.to_string(), "0360a25d-86f3-47d6-805e-47143feea2a9");
    }

    #[test]
    fn what_is_no_guid_is_none() {
        for text in [
            "",
            "{0}",
            "0360a25d86f347d6805e47143feea2a9",
            "0360a25d-86f3-47d6-805e-47143feea2a",
            "0360a25d-86f3-47d6-805e-47143feea2ag",
            "{0360a25d-86f3-47d6-805e-47143feea2a9",
            "0360a25d-86f3-47d6-805e+47143feea2a9",
        ] {
            assert_eq!(Guid::parse(text), None, "{text}");
        }
    }
}
