//! Reading many SIDs quickly.

use super::{Sid, SidError};

/// How many domains are remembered. Real stores have one to three.
const DOMAINS: usize = 8;

/// Reads SIDs as [`Sid::parse_canonical`] does, and remembers the domains it met: the million members of a large
/// store differ in little more than their last number.
#[derive(Default)]
pub struct SidReader {
    /// All but the last number as it is written, up to the last hyphen, and as a SID.
    domains: Vec<(Box<[u8]>, Sid)>,
    oldest: usize,
}

impl SidReader {
    /// A reader that has met no domain.
    pub fn new() -> SidReader {
        SidReader::default()
    }

    /// The SID, and whether `text` is exactly what it prints.
    #[inline]
    pub fn read(&mut self, text: &str) -> Result<(Sid, bool), SidError> {
        let (domain, rid) = split(text);
        match self.domains.iter().find(|(known, _)| **known == *domain) {
            Some((_, sid)) => match sid.with_number(rid) {
                Some(sid) => Ok((sid, true)),
                None => Sid::parse_canonical(text),
            },
            None => self.read_new(text, domain.len()),
        }
    }

    fn read_new(&mut self, text: &str, domain: usize) -> Result<(Sid, bool), SidError> {
        let read = Sid::parse_canonical(text)?;
        if let (Some(parent), true) = (read.0.parent(), read.1) {
            self.remember(text.as_bytes().get(..domain).unwrap_or_default(), parent);
        }
        Ok(read)
    }

    fn remember(&mut self, domain: &[u8], sid: Sid) {
        if self.domains.len() < DOMAINS {
            self.domains.push((domain.into(), sid));
        } else if let Some(slot) = self.domains.get_mut(self.oldest) {
            *slot = (domain.into(), sid);
            self.oldest = (self.oldest + 1) % DOMAINS;
        }
    }
}

/// `S-1-5-21-1-2-3-` and `1104`.
#[inline]
fn split(text: &str) -> (&[u8], &[u8]) {
    let bytes = text.as_bytes();
    let digits = bytes.iter().rev().take(11).take_while(|byte| byte.is_ascii_digit()).count();
    bytes.split_at_checked(bytes.len() - digits).unwrap_or((bytes, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reads_what_parsing_reads(texts in prop::collection::vec("[Ss]-1-[15](-[0-9]{1,2}){0,2}(-[0-9]{0,11})?x?", 0..60)) {
            let mut reader = SidReader::new();
            for text in &texts {
                prop_assert_eq!(reader.read(text), Sid::parse_canonical(text), "{}", text);
            }
        }
    }

    #[test]
    fn limits_hold_in_a_known_domain() {
        let mut reader = SidReader::new();
        let fourteen = format!("S-1-5{}", "-7".repeat(14));
        for (tail, fits) in
            [("-1", true), ("-2", true), ("-2-3", false), ("-02", true), ("-4294967296", false), ("-", false)]
        {
            assert_eq!(reader.read(&format!("{fourteen}{tail}")).is_ok(), fits, "{tail}");
        }
        assert_eq!(reader.read(&format!("{fourteen}-02")).map(|(_, canonical)| canonical), Ok(false));
    }
}
