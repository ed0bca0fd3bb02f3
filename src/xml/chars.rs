//! Which characters XML 1.0 allows, and which of them make a name.

use super::error::{Fault, shown, shown_char};
use super::limits;
use super::name_ranges::{CONTINUE, START};

/// `S`: what XML calls white space.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// `Char`: whether a document may hold the character at all (XML 1.0, production 2).
pub fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// The byte never stands in a name.
const FORBIDDEN: u8 = 1;
/// `:`, which namespaces give a meaning.
const COLON: u8 = 2;
/// Part of a character beyond ASCII.
const WIDE: u8 = 4;
/// A digit, `.` or `-`: not first.
const INSIDE: u8 = 8;

/// What each byte means in a name. 0: a letter or `_`.
static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [FORBIDDEN; 256];
    let mut byte: u8 = 0;
    loop {
        table[byte as usize] = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => 0,
            b'0'..=b'9' | b'.' | b'-' => INSIDE,
            b':' => COLON,
            0x80.. => WIDE,
            _ => FORBIDDEN,
        };
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}

/// Whether the byte may stand in a name, as itself or as part of a character.
pub(super) fn may_be_in_name(byte: u8) -> bool {
    CLASS[usize::from(byte)] != FORBIDDEN
}

/// Checks the name of an element, attribute or processing instruction, found at `at`: a `QName` of namespaces with
/// characters that XML 1.0 allows in edition 4 as in edition 5. Gives whether there is a prefix.
pub(super) fn check_name(name: &str, at: usize) -> Result<bool, Fault> {
    let bytes = name.as_bytes();
    let seen = bytes.iter().fold(0, |seen, &byte| seen | CLASS[usize::from(byte)]);
    let first = bytes.first().map_or(FORBIDDEN, |&byte| CLASS[usize::from(byte)]);
    if first == 0 && seen & !INSIDE == 0 && bytes.len() <= limits::NAME {
        return Ok(false);
    }
    check_unusual_name(name, at)
}

#[cold]
fn check_unusual_name(name: &str, at: usize) -> Result<bool, Fault> {
    if name.len() > limits::NAME {
        let message =
            format!("the name `{}` has {} bytes; {} are allowed", shown(name), name.len(), limits::NAME);
        return Err(Fault::limit(at, message));
    }
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    };
    let at_local = at + prefix.map_or(0, |prefix| prefix.len() + 1);
    for (part, at) in prefix.map(|prefix| (prefix, at)).into_iter().chain([(local, at_local)]) {
        check_part(name, part, at)?;
    }
    Ok(prefix.is_some())
}

/// Checks an `NCName`: a name, or the part of one before or behind its colon.
fn check_part(name: &str, part: &str, at: usize) -> Result<(), Fault> {
    let Some(first) = part.chars().next() else {
        let message = if name.is_empty() {
            "a name is missing".to_owned()
        } else {
            format!("`{}` has nothing before or behind its colon", shown(name))
        };
        return Err(Fault::malformed(at, message));
    };
    if !is_name_start(first) {
        let message = format!("the name `{}` may not begin with {}", shown(part), shown_char(first));
        return Err(Fault::malformed(at, message));
    }
    match part.char_indices().find(|&(_, c)| !is_name_char(c)) {
        None => Ok(()),
        Some((offset, ':')) => {
            Err(Fault::malformed(at + offset, format!("the name `{}` has two colons", shown(name))))
        }
        Some((offset, c)) => {
            let message = format!("the name `{}` may not hold {}", shown(name), shown_char(c));
            Err(Fault::malformed(at + offset, message))
        }
    }
}

fn is_name_start(c: char) -> bool {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => CLASS[usize::from(byte)] == 0,
        _ => is_in(c, START),
    }
}

fn is_name_char(c: char) -> bool {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => matches!(CLASS[usize::from(byte)], 0 | INSIDE),
        _ => is_in(c, START) || is_in(c, CONTINUE),
    }
}

/// Whether a character lies in one of the ascending ranges.
fn is_in(c: char, ranges: &[(u16, u16)]) -> bool {
    let Ok(c) = u16::try_from(u32::from(c)) else { return false };
    let after = ranges.partition_point(|&(first, _)| first <= c);
    after.checked_sub(1).and_then(|at| ranges.get(at)).is_some_and(|&(_, last)| c <= last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        assert_eq!(check_name("AzRole", 0).ok(), Some(false));
        assert_eq!(check_name("_a.b-c9", 0).ok(), Some(false));
        assert_eq!(check_name("x:\u{e9}", 0).ok(), Some(true));
        for name in
            ["", "9a", "-a", ".a", "a b", "a/", "a:b:c", ":a", "a:", "x:9", "a\u{D7}", "\u{301}", "\u{1F600}"]
        {
            assert!(check_name(name, 0).is_err(), "{name}");
        }
    }

    #[test]
    fn name_tables_are_ascending() {
        for table in [START, CONTINUE] {
            assert!(table.iter().all(|(first, last)| first <= last));
            assert!(table.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
        assert!(
            !is_in('\u{BF}', START)
                && is_in('\u{C0}', START)
                && is_in('\u{D6}', START)
                && !is_in('\u{D7}', START)
        );
        assert!(!is_in('\u{10FFFF}', START));
    }
}
