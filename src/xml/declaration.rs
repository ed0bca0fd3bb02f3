//! The XML declaration: `<?xml version="1.0" encoding="utf-8" standalone="yes"?>`.

use super::chars::is_space;
use super::error::{Fault, shown};

/// What a declaration says about the encoding: the name and where it stands in the text.
pub(super) struct Declared<'d> {
    pub encoding: Option<(&'d str, usize)>,
}

/// Reads the declaration `raw`, which begins at 0, is at least `<?xml?>` and ends with `?>`.
/// (XML 1.0, productions 23 to 26, 32, 80 and 81.)
pub(super) fn read(raw: &str) -> Result<Declared<'_>, Fault> {
    let end = raw.len().saturating_sub("?>".len());
    let mut rest = Rest { raw, at: "<?xml".len(), end };

    let Some(("version", version, at)) = rest.next()? else {
        return Err(Fault::malformed(0, "the XML declaration must begin with `version`"));
    };
    if version != "1.0" {
        return Err(Fault::malformed(at, format!("XML version `{}`; only 1.0 can be read", shown(version))));
    }

    let mut encoding = None;
    let mut following = rest.next()?;
    if let Some(("encoding", value, at)) = following {
        if !is_encoding_name(value) {
            return Err(Fault::malformed(at, format!("`{}` is no name of an encoding", shown(value))));
        }
        encoding = Some((value, at));
        following = rest.next()?;
    }
    if let Some(("standalone", value, at)) = following {
        if !matches!(value, "yes" | "no") {
            return Err(Fault::malformed(
                at,
                format!("`standalone` is `yes` or `no`, not `{}`", shown(value)),
            ));
        }
        following = rest.next()?;
    }
    match following {
        None => Ok(Declared { encoding }),
        Some((name, _, at)) => {
            let message = format!("`{}` is not expected here in the XML declaration", shown(name));
            Err(Fault::malformed(at, message))
        }
    }
}

/// The encoding that a text names in its declaration. What is wrong with it does not matter here.
pub(super) fn named_encoding(text: &str) -> Option<&str> {
    let end = text.starts_with("<?xml").then(|| memchr::memmem::find(text.as_bytes(), b"?>")).flatten()?;
    let declared = read(text.get(..end + 2).unwrap_or_default()).ok()?;
    declared.encoding.map(|(name, _)| name)
}

/// Whether a text begins with a declaration that names US-ASCII.
pub(super) fn names_ascii(text: &str) -> bool {
    named_encoding(text)
        .is_some_and(|name| name.eq_ignore_ascii_case("us-ascii") || name.eq_ignore_ascii_case("ascii"))
}

/// `EncName`: a letter, then letters, digits and `. _ -`.
fn is_encoding_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// What is left of a declaration.
struct Rest<'d> {
    raw: &'d str,
    at: usize,
    end: usize,
}

impl<'d> Rest<'d> {
    /// The next `name="value"` with the offset of the value.
    fn next(&mut self) -> Result<Option<(&'d str, &'d str, usize)>, Fault> {
        let spaces = self.skip(is_space);
        if self.at == self.end {
            return Ok(None);
        }
        let begin = self.at;
        let name = self.skip(|byte| byte.is_ascii_alphabetic());
        if spaces.is_empty() || name.is_empty() {
            return Err(Fault::malformed(begin, "the XML declaration is not `name=\"value\"` here"));
        }
        self.skip(is_space);
        let equals = self.skip(|byte| byte == b'=');
        self.skip(is_space);
        let quote = self.raw.as_bytes().get(self.at).copied();
        let Some(quote @ (b'"' | b'\'')) = quote.filter(|_| equals == "=") else {
            return Err(Fault::malformed(
                self.at,
                format!("`{name}` in the XML declaration has no quoted value"),
            ));
        };
        self.at += 1;
        let at = self.at;
        let value = self.skip(|byte| byte != quote);
        if self.at == self.end {
            return Err(Fault::malformed(
                at,
                format!("the value of `{name}` in the XML declaration is not closed"),
            ));
        }
        self.at += 1;
        Ok(Some((name, value, at)))
    }

    fn skip(&mut self, which: impl Fn(u8) -> bool) -> &'d str {
        let rest = self.raw.get(self.at..self.end).unwrap_or_default();
        let length = rest.bytes().position(|byte| !which(byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_is_known_by_its_names() {
        for (text, ascii) in [
            ("<?xml version='1.0' encoding='us-ascii'?>", true),
            ("<?xml version=\"1.0\"\tencoding = \"ASCII\" standalone='yes' ?><a/>", true),
            ("<?xml version='1.0' encoding='utf-8'?>", false),
            ("<?xml version='1.0'?><a encoding='us-ascii'?>", false),
            ("<?xml version='1.0' encoding='us-ascii'", false),
            ("<a/>", false),
            ("", false),
        ] {
            assert_eq!(names_ascii(text), ascii, "{text}");
        }
    }

    #[test]
    fn the_encoding_is_found_with_its_place() {
        let declared = read("<?xml version='1.0' encoding=\"utf-8\"?>").unwrap();
        assert_eq!(declared.encoding, Some(("utf-8", 30)));
        assert_eq!(read("<?xml version='1.0'?>").unwrap().encoding, None);
    }
}
