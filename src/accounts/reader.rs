//! Reading many SIDs quickly.

use super::{Sid, SidError};

/// How many domains are remembered. Real stores have one to three.
const DOMAINS: usize = 8;

/// Reads SIDs as [`Sid::parse_canonical`] does, and remembers the domains it met: the million members of a large
/// store differ in little more than their last number.
#[derive(Default)]
pub struct SidReader {
    domains: Vec<Domain>,
    oldest: usize,
}

/// All but the last number of a SID.
struct Domain {
    /// The last bytes of `text`: what nearly every comparison with another domain fails on.
    end: Option<[u8; 8]>,
    /// As it is written, up to the last hyphen.
    text: Box<[u8]>,
    sid: Sid,
}

impl Domain {
    #[inline]
    fn is(&self, text: &[u8]) -> bool {
        self.end.as_ref() == text.last_chunk() && *self.text == *text
    }
}

impl SidReader {
    /// A reader that has met no domain.
    pub fn new() -> SidReader {
        SidReader::default()
    }

    /// The SID, and whether `text` is exactly what it prints.
    #[inline]
    pub fn read(&mut self, text: &str) -> Result<(Sid, bool), SidError> {
        let (domain, number) = split(text.as_bytes());
        if let Some(number) = number
            && let Some(known) = self.domains.iter().find(|known| known.is(domain))
            && let Some(sid) = known.sid.with_number(number)
        {
            return Ok((sid, true));
        }
        self.read_new(text, domain)
    }

    fn read_new(&mut self, text: &str, domain: &[u8]) -> Result<(Sid, bool), SidError> {
        let read = Sid::parse_canonical(text)?;
        if let (Some(parent), true) = (read.0.parent(), read.1) {
            self.remember(domain, parent);
        }
        Ok(read)
    }

    fn remember(&mut self, text: &[u8], sid: Sid) {
        let domain = Domain { end: text.last_chunk().copied(), text: text.into(), sid };
        if self.domains.len() < DOMAINS {
            self.domains.push(domain);
        } else if let Some(slot) = self.domains.get_mut(self.oldest) {
            *slot = domain;
            self.oldest = (self.oldest + 1) % DOMAINS;
        }
    }
}

/// `S-1-5-21-1-2-3-` and 1104. The number is `None` if it is not written as a SID prints it, or is above 32 bits.
#[inline]
fn split(text: &[u8]) -> (&[u8], Option<u32>) {
    let (mut domain, mut number, mut place) = (text, 0_u64, 1_u64);
    let mut first = b'-';
    while let Some((digit @ b'0'..=b'9', rest)) = domain.split_last() {
        number = number.wrapping_add(place.wrapping_mul(u64::from(digit - b'0')));
        place = place.wrapping_mul(10);
        first = *digit;
        domain = rest;
    }
    let digits = text.len() - domain.len();
    let is_shortest = digits == 1 || (2..=10).contains(&digits) && first != b'0';
    (domain, u32::try_from(number).ok().filter(|_| is_shortest))
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
