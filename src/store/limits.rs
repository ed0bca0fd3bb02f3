//! Names and lengths that Authorization Manager accepts.
//!
//! Sources: the `AZ_MAX_*` values of `az_prop_constants` (azroles.h) and the help of azman.msc. They are strict for
//! what we create; what we open and is beyond them is a finding, never a refusal. Lengths are in UTF-16 code units,
//! which is how Windows counts characters.

use super::Kind;
use crate::xml;

/// Longest name of an application.
pub const MAX_APPLICATION_NAME: usize = 512;
/// Longest name of an operation, task, role definition, role assignment or group.
pub const MAX_NAME: usize = 64;
/// Longest name of a scope. One page of the documentation says 512, see [`LONG_SCOPE_NAME`].
pub const MAX_SCOPE_NAME: usize = 65_536;
/// Longer names of scopes are legal by the constants but beyond one page of the documentation.
pub const LONG_SCOPE_NAME: usize = 512;
/// Longest description.
pub const MAX_DESCRIPTION: usize = 1024;
/// Longest version text of an application.
pub const MAX_VERSION: usize = 512;
/// Longest text of an authorization rule.
pub const MAX_RULE: usize = 65_536;
/// Longest name of a rule's language.
pub const MAX_RULE_LANGUAGE: usize = 64;
/// Longest path that a rule was imported from.
pub const MAX_RULE_PATH: usize = 512;
/// Longest LDAP query.
pub const MAX_QUERY: usize = 4096;

/// Characters that azman.msc refuses in every name but a scope's, besides the tab.
pub const FORBIDDEN_IN_NAMES: &str = "\\/:*?\"<>|";

/// The longest name that an object of this kind may have, in UTF-16 code units.
pub fn max_name(kind: Kind) -> usize {
    match kind {
        Kind::Application => MAX_APPLICATION_NAME,
        Kind::Scope => MAX_SCOPE_NAME,
        _ => MAX_NAME,
    }
}

/// Length as Windows counts it.
pub fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// The first character that Authorization Manager's dialogs would not take in a name of this kind.
pub fn forbidden_in_name(kind: Kind, name: &str) -> Option<char> {
    name.chars().find(|&c| {
        c.is_control() || !xml::is_char(c) || (kind != Kind::Scope && FORBIDDEN_IN_NAMES.contains(c))
    })
}

/// Says why `name` cannot be given to an object of this kind, or nothing.
pub fn check_name(kind: Kind, name: &str) -> Result<(), String> {
    let a_kind = kind.capital_a();
    if name.is_empty() {
        return Err(format!("{a_kind} needs a name."));
    }
    if name.trim().is_empty() || name.trim() != name {
        return Err(format!("{a_kind}'s name may not begin or end with a blank."));
    }
    if name.contains("  ") {
        return Err(format!("{a_kind}'s name may not have two blanks in a row: nobody could see it."));
    }
    if let Some(c) = forbidden_in_name(kind, name) {
        let shown = if c.is_control() { format!("U+{:04X}", u32::from(c)) } else { format!("`{c}`") };
        return Err(if kind == Kind::Scope {
            format!("A scope's name may not hold {shown}: only printable characters.")
        } else {
            format!(
                "{a_kind}'s name may not hold {shown}. Names in AzMan's dialogs exclude \\ / : * ? \" < > and the \
                 vertical bar."
            )
        });
    }
    if let Some(c) = name.chars().find(|&c| is_invisible(c)) {
        return Err(format!("{a_kind}'s name may not hold the invisible character U+{:04X}.", u32::from(c)));
    }
    check_length(&format!("{a_kind}'s name"), name, max_name(kind))
}

/// Says why `text` cannot be stored as `what` of at most `max` UTF-16 code units, or nothing.
pub fn check_length(what: &str, text: &str, max: usize) -> Result<(), String> {
    if let Some(c) = text.chars().find(|&c| !xml::is_char(c)) {
        return Err(format!("{what} may not hold U+{:04X}: XML cannot store it.", u32::from(c)));
    }
    let length = length(text);
    if length > max {
        return Err(format!("{what} may have at most {max} characters; this has {length}."));
    }
    Ok(())
}

/// Unicode's property `Default_Ignorable_Code_Point`, what is not drawn: zero-width and bidirectional controls, soft
/// hyphen, tags, variation selectors, Hangul fillers.
pub fn is_ignorable(c: char) -> bool {
    matches!(u32::from(c),
        0x00AD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
        | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFF8
        | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

/// Characters that nobody can see and that make two different names look the same: [`is_ignorable`] ones, line and
/// paragraph separators, interlinear annotation marks, the blank Braille cell.
pub fn is_invisible(c: char) -> bool {
    is_ignorable(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2800}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Whether `text` is an operation's number: decimal, 0 to 2147483647 (the documents disagree on 0; it is accepted).
pub fn parse_operation_id(text: &str) -> Option<u32> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|&id| i32::try_from(id).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_the_dialogs_take_them() {
        assert!(check_name(Kind::Role, "Service Access").is_ok());
        assert!(check_name(Kind::Scope, "http://entlib.com").is_ok());
        assert!(check_name(Kind::Role, "a/b").unwrap_err().contains("`/`"));
        assert!(check_name(Kind::Role, "a\tb").unwrap_err().contains("U+0009"));
        assert!(check_name(Kind::Scope, "a\nb").is_err());
        assert!(check_name(Kind::Scope, "").is_err());
        assert!(check_name(Kind::Scope, " a").is_err());
        assert!(check_name(Kind::Scope, "a  b").is_err());
        for invisible in ['\u{202E}', '\u{2028}', '\u{2800}', '\u{FFF3}', '\u{FFFA}', '\u{1BCA0}'] {
            assert!(check_name(Kind::Scope, &format!("a{invisible}b")).is_err(), "{invisible:?}");
        }
        assert!(check_name(Kind::Operation, &"x".repeat(64)).is_ok());
        assert!(check_name(Kind::Operation, &"x".repeat(65)).is_err());
        // 33 characters outside the basic plane are 66 UTF-16 code units.
        assert!(check_name(Kind::Group, &"\u{1F600}".repeat(33)).is_err());
    }

    #[test]
    fn operation_numbers() {
        assert_eq!(parse_operation_id(" 355 "), Some(355));
        assert_eq!(parse_operation_id("0"), Some(0));
        assert_eq!(parse_operation_id("2147483647"), Some(2_147_483_647));
        for bad in ["", "-1", "+1", "1.0", "0x10", "2147483648", "one"] {
            assert_eq!(parse_operation_id(bad), None, "{bad}");
        }
    }
}
