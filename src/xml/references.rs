//! `&lt;`, `&#10;`, `&#xA;`: the only references a document without DTD can hold.

use super::chars::is_char;
use super::error::{Fault, shown};

/// The character that `body`, which stands between `&` and `;`, refers to. Nothing when it is none of the five names,
/// no number, or the number of a character that XML does not allow.
pub(super) fn character(body: &str) -> Option<char> {
    match body {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = body.strip_prefix('#')?;
            let (digits, radix) = match number.strip_prefix('x') {
                Some(digits) => (digits, 16),
                None => (number, 10),
            };
            // `from_str_radix` would also take a sign.
            if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return None;
            }
            u32::from_str_radix(digits, radix).ok().and_then(char::from_u32).filter(|&c| is_char(c))
        }
    }
}

/// Checks the reference that begins with the `&` at the front of `rest`, at `at` in the document. Gives its length.
pub(super) fn check(rest: &str, at: usize) -> Result<usize, Fault> {
    let end = memchr::memchr3(b';', b'<', b' ', rest.as_bytes());
    let Some(semicolon) = end.filter(|&end| rest.as_bytes().get(end) == Some(&b';')) else {
        return Err(lone_ampersand(at));
    };
    let body = rest.get(1..semicolon).unwrap_or_default();
    match character(body) {
        Some(_) => Ok(semicolon + 1),
        None => Err(unknown(body, at)),
    }
}

/// For an `&` that begins no reference.
pub(super) fn lone_ampersand(at: usize) -> Fault {
    Fault::malformed(at, "`&` begins no reference here; the character itself is written `&amp;`")
}

/// For a reference to nothing.
fn unknown(body: &str, at: usize) -> Fault {
    let reference = shown(body);
    if body.starts_with('#') {
        Fault::malformed(at, format!("`&{reference};` is no character that XML allows"))
    } else if body.is_empty() {
        lone_ampersand(at)
    } else {
        Fault::malformed(
            at,
            format!("`&{reference};` is not known; there are `&amp;`, `&lt;`, `&gt;`, `&quot;` and `&apos;`"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stand_for_characters() {
        let cases = [
            ("amp", Some('&')),
            ("apos", Some('\'')),
            ("#65", Some('A')),
            ("#x41", Some('A')),
            ("#x00000000000041", Some('A')),
            ("#x1f600", Some('\u{1F600}')),
            ("#9", Some('\t')),
            ("#x85", Some('\u{85}')),
            ("Amp", None),
            ("", None),
            ("#", None),
            ("#x", None),
            ("#+65", None),
            ("#x-41", None),
            ("#X41", None),
            ("#1", None),
            ("#xD800", None),
            ("#xFFFF", None),
            ("#4294967361", None),
        ];
        for (body, expected) in cases {
            assert_eq!(character(body), expected, "{body}");
        }
    }
}
