//! The security identifier as a value.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// The most subauthorities a SID can hold ([MS-DTYP] 2.4.2.2, `SubAuthorityCount`).
pub const MAX_SUBAUTHORITIES: usize = 15;

/// The identifier authority is a 48-bit number ([MS-DTYP] 2.4.1.1).
const AUTHORITY_LIMIT: u64 = 1 << 48;

/// Authorities from here on are written in hexadecimal ([MS-DTYP] 2.4.2.1).
const DECIMAL_LIMIT: u64 = 1 << 32;

/// A security identifier of revision 1: an authority and 1 to 15 subauthorities.
///
/// 72 bytes, no allocation. The order is that of the numbers: authority first, then the subauthorities from the
/// left, a shorter SID before those it begins. Prints in the canonical form `S-1-5-32-544`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sid {
    // The derived comparisons rely on this order of fields, and on unused subauthorities being zero.
    authority: u64,
    subs: [u32; MAX_SUBAUTHORITIES],
    len: u8,
}

/// Why a text or some bytes are not a SID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SidError {
    /// The text does not begin as a SID does.
    #[error("not a SID: a SID begins with S-1-, as in S-1-5-32-544")]
    Prefix,
    /// The number after `S-1-` is missing or needs more than 48 bits.
    #[error("not a SID: the authority, the number after S-1-, is missing or above 281474976710655")]
    Authority,
    /// Nothing follows the authority.
    #[error("not a SID: at least one number must follow the authority, as in S-1-1-0")]
    Short,
    /// A subauthority is missing, holds something other than digits, or needs more than 32 bits.
    #[error("not a SID: number {0} after the authority is not a number from 0 to 4294967295")]
    Subauthority(u8),
    /// More than [`MAX_SUBAUTHORITIES`] subauthorities.
    #[error("not a SID: more than 15 numbers follow the authority")]
    Long,
    /// The length of a binary SID does not fit the count it states, or its revision is not 1.
    #[error("not a binary SID of revision 1: {0} bytes")]
    Binary(usize),
}

impl Sid {
    /// A SID from its numbers.
    ///
    /// # Errors
    /// [`SidError::Authority`] at 48 bits and above, [`SidError::Short`] and [`SidError::Long`] unless there are
    /// 1 to 15 subauthorities.
    pub fn new(authority: u64, subauthorities: &[u32]) -> Result<Sid, SidError> {
        if authority >= AUTHORITY_LIMIT {
            return Err(SidError::Authority);
        }
        if subauthorities.is_empty() {
            return Err(SidError::Short);
        }
        let mut subs = [0; MAX_SUBAUTHORITIES];
        subs.get_mut(..subauthorities.len()).ok_or(SidError::Long)?.copy_from_slice(subauthorities);
        Ok(Sid { authority, subs, len: u8::try_from(subauthorities.len()).map_err(|_| SidError::Long)? })
    }

    /// A SID whose number of parts is known when compiling.
    pub const fn from_parts<const N: usize>(authority: u32, parts: [u32; N]) -> Sid {
        const { assert!(N >= 1 && N <= MAX_SUBAUTHORITIES) };
        let mut subs = [0; MAX_SUBAUTHORITIES];
        let mut len = 0_u8;
        while (len as usize) < N {
            subs[len as usize] = parts[len as usize];
            len += 1;
        }
        Sid { authority: authority as u64, subs, len }
    }

    /// Reads the text form in one pass, without allocating.
    ///
    /// More is accepted than [`Sid`] prints, because Windows accepts it: `s-1-`, leading zeros up to ten digits,
    /// and an authority in either base. Blanks around the SID are not.
    pub fn parse(text: &str) -> Result<Sid, SidError> {
        scan(text.as_bytes()).map(|(sid, _)| sid)
    }

    /// [`Sid::parse`], and whether `text` is exactly what the SID prints.
    pub fn parse_canonical(text: &str) -> Result<(Sid, bool), SidError> {
        scan(text.as_bytes())
    }

    /// The binary form ([MS-DTYP] 2.4.2.2): revision, count, authority big-endian, subauthorities little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + 4 * usize::from(self.len));
        bytes.extend([1, self.len]);
        bytes.extend(self.authority.to_be_bytes().into_iter().skip(2));
        bytes.extend(self.subauthorities().iter().flat_map(|sub| sub.to_le_bytes()));
        bytes
    }

    /// Reads the binary form; all bytes must belong to it.
    ///
    /// # Errors
    /// [`SidError::Binary`] for another revision or length, [`SidError::Short`] and [`SidError::Long`] for a count
    /// outside 1 to 15.
    pub fn from_bytes(bytes: &[u8]) -> Result<Sid, SidError> {
        let wrong = SidError::Binary(bytes.len());
        let Some((&[1, count, ref authority @ ..], rest)) = bytes.split_first_chunk::<8>() else {
            return Err(wrong);
        };
        let (words, odd) = rest.as_chunks::<4>();
        if words.len() != usize::from(count) || !odd.is_empty() {
            return Err(wrong);
        }
        let subs: Vec<u32> = words.iter().map(|word| u32::from_le_bytes(*word)).collect();
        Sid::new(authority.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)), &subs)
    }

    /// This SID without its last number; `None` if that is its only one.
    pub fn parent(&self) -> Option<Sid> {
        let len = self.len.checked_sub(1).filter(|len| *len > 0)?;
        let mut parent = Sid { len, ..*self };
        *parent.subs.get_mut(usize::from(len))? = 0;
        Some(parent)
    }

    /// This SID with one number more; `None` if it has all it can have.
    #[inline]
    pub fn with_number(mut self, number: u32) -> Option<Sid> {
        *self.subs.get_mut(usize::from(self.len))? = number;
        self.len += 1;
        Some(self)
    }

    /// The identifier authority, below 2^48; 5 is NT.
    pub fn authority(&self) -> u64 {
        self.authority
    }

    /// The subauthorities, 1 to 15 of them.
    pub fn subauthorities(&self) -> &[u32] {
        self.subs.get(..usize::from(self.len)).unwrap_or(&self.subs)
    }
}

/// One pass over the text. The flag says whether the text is the canonical one.
fn scan(text: &[u8]) -> Result<(Sid, bool), SidError> {
    let (mut canonical, rest) = match text {
        [b'S', b'-', b'1', b'-', rest @ ..] => (true, rest),
        [b's', b'-', b'1', b'-', rest @ ..] => (false, rest),
        _ => return Err(SidError::Prefix),
    };
    let (authority, authority_canonical, mut rest) = scan_authority(rest).ok_or(SidError::Authority)?;
    canonical &= authority_canonical;
    let mut subs = [0; MAX_SUBAUTHORITIES];
    let mut len = 0_u8;
    while let Some((separator, tail)) = rest.split_first() {
        let Some(slot) = subs.get_mut(usize::from(len)) else { return Err(SidError::Long) };
        if *separator != b'-' {
            // Something sticks to the number before.
            return Err(if len == 0 { SidError::Authority } else { SidError::Subauthority(len) });
        }
        len += 1;
        let (value, digits, tail) = decimal(tail);
        *slot = u32::try_from(value)
            .ok()
            .filter(|_| (1..=10).contains(&digits))
            .ok_or(SidError::Subauthority(len))?;
        canonical &= is_shortest(value, digits);
        rest = tail;
    }
    if len == 0 {
        return Err(SidError::Short);
    }
    Ok((Sid { authority, subs, len }, canonical))
}

/// The authority in either base, whether it is written canonically, and what follows it.
fn scan_authority(text: &[u8]) -> Option<(u64, bool, &[u8])> {
    if let [b'0', mark @ (b'x' | b'X'), hex @ ..] = text {
        let digits = hex.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let (number, rest) = hex.split_at_checked(digits)?;
        let value = u64::from_str_radix(std::str::from_utf8(number).ok()?, 16).ok()?;
        let canonical = *mark == b'x'
            && digits == 12
            && value >= DECIMAL_LIMIT
            && !number.iter().any(u8::is_ascii_uppercase);
        (value < AUTHORITY_LIMIT).then_some((value, canonical, rest))
    } else {
        let (value, digits, rest) = decimal(text);
        let fits = (1..=15).contains(&digits) && value < AUTHORITY_LIMIT;
        fits.then_some((value, value < DECIMAL_LIMIT && is_shortest(value, digits), rest))
    }
}

/// The decimal number `text` begins with, how many digits it has, and what follows. The value means nothing past
/// 19 digits; callers refuse such lengths.
#[inline]
fn decimal(text: &[u8]) -> (u64, usize, &[u8]) {
    let mut value = 0_u64;
    let mut digits = 0;
    let mut rest = text;
    while let Some((byte, tail)) = rest.split_first() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        digits += 1;
        rest = tail;
    }
    (value, digits, rest)
}

/// Whether a number written with so many digits has no leading zero.
#[inline]
fn is_shortest(value: u64, digits: usize) -> bool {
    digits <= 1 || value >= POWERS_OF_TEN.get(digits - 1).copied().unwrap_or(u64::MAX)
}

const POWERS_OF_TEN: [u64; 16] = {
    let mut powers = [1; 16];
    let mut i = 1;
    while i < powers.len() {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.authority < DECIMAL_LIMIT {
            write!(f, "S-1-{}", self.authority)?;
        } else {
            write!(f, "S-1-0x{:012x}", self.authority)?;
        }
        self.subauthorities().iter().try_for_each(|sub| write!(f, "-{sub}"))
    }
}

impl fmt::Debug for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Sid {
    type Err = SidError;

    fn from_str(text: &str) -> Result<Sid, SidError> {
        Sid::parse(text)
    }
}

impl Hash for Sid {
    /// Hashes only the subauthorities in use: most SIDs have five of the fifteen.
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.authority);
        self.subauthorities().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sid(text: &str) -> Sid {
        Sid::parse(text).unwrap()
    }

    #[test]
    fn reads_the_numbers() {
        let joe = sid("S-1-5-21-2127521184-1604012920-1887927527-52217");
        assert_eq!(joe.authority(), 5);
        assert_eq!(joe.subauthorities(), [21, 2_127_521_184, 1_604_012_920, 1_887_927_527, 52217]);
        assert_eq!(sid("S-1-1-0").subauthorities(), [0]);
    }

    #[test]
    fn accepts_up_to_the_limits_and_no_more() {
        let fifteen = format!("S-1-5{}", "-4294967295".repeat(15));
        assert_eq!(sid(&fifteen).to_string(), fifteen);
        for (text, error) in [
            ("", SidError::Prefix),
            ("Everyone", SidError::Prefix),
            (" S-1-1-0", SidError::Prefix),
            ("S-2-1-0", SidError::Prefix),
            ("S-11-1-0", SidError::Prefix),
            ("S-1-", SidError::Authority),
            ("S-1--0", SidError::Authority),
            ("S-1-281474976710656-0", SidError::Authority),
            ("S-1-0x-1", SidError::Authority),
            ("S-1-0x1000000000000-1", SidError::Authority),
            ("S-1-5", SidError::Short),
            ("S-1-5x-1", SidError::Authority),
            ("S-1-5-", SidError::Subauthority(1)),
            ("S-1-5-21-", SidError::Subauthority(2)),
            ("S-1-5-21--3", SidError::Subauthority(2)),
            ("S-1-5-4294967296", SidError::Subauthority(1)),
            ("S-1-5-21-99999999999999999999999", SidError::Subauthority(2)),
            ("S-1-5-00000000001", SidError::Subauthority(1)),
            ("S-1-1-0 ", SidError::Subauthority(1)),
            ("S-1-5-32-544x", SidError::Subauthority(2)),
            ("S-1-5-32-+544", SidError::Subauthority(2)),
            (&format!("{fifteen}-0"), SidError::Long),
        ] {
            assert_eq!(Sid::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn tells_the_canonical_text_from_tolerated_ones() {
        for (text, canonical, printed) in [
            ("S-1-5-32-544", true, "S-1-5-32-544"),
            ("s-1-5-32-544", false, "S-1-5-32-544"),
            ("S-1-5-032-544", false, "S-1-5-32-544"),
            ("S-1-05-32-544", false, "S-1-5-32-544"),
            ("S-1-5-32-00", false, "S-1-5-32-0"),
            ("S-1-0x5-32-544", false, "S-1-5-32-544"),
            ("S-1-4294967295-1", true, "S-1-4294967295-1"),
            ("S-1-4294967296-1", false, "S-1-0x000100000000-1"),
            ("S-1-0x000100000000-1", true, "S-1-0x000100000000-1"),
            ("S-1-0x0001ABCDEF00-1", false, "S-1-0x0001abcdef00-1"),
            ("S-1-0X000100000000-1", false, "S-1-0x000100000000-1"),
            ("S-1-281474976710655-1", false, "S-1-0xffffffffffff-1"),
        ] {
            let (parsed, is_canonical) = Sid::parse_canonical(text).unwrap();
            assert_eq!((parsed.to_string().as_str(), is_canonical), (printed, canonical), "{text}");
        }
    }

    #[test]
    fn orders_by_number_and_prefix_first() {
        let texts =
            ["S-1-1-0", "S-1-5-9", "S-1-5-32", "S-1-5-32-0", "S-1-5-32-544", "S-1-5-100", "S-1-15-2-1"];
        let mut sids: Vec<Sid> = texts.iter().rev().map(|text| sid(text)).collect();
        sids.sort();
        assert_eq!(sids.iter().map(Sid::to_string).collect::<Vec<_>>(), texts);
    }

    #[test]
    fn binary_form_of_administrators() {
        let bytes = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0];
        assert_eq!(sid("S-1-5-32-544").to_bytes(), bytes);
        assert_eq!(Sid::from_bytes(&bytes), Ok(sid("S-1-5-32-544")));
        assert_eq!(Sid::from_bytes(&bytes[..15]), Err(SidError::Binary(15)));
        assert_eq!(Sid::from_bytes(&bytes[..12]), Err(SidError::Binary(12)));
        assert_eq!(Sid::from_bytes(&[2, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]), Err(SidError::Binary(12)));
        assert_eq!(Sid::from_bytes(&[1, 0, 0, 0, 0, 0, 0, 1]), Err(SidError::Short));
        assert_eq!(Sid::from_bytes(&[]), Err(SidError::Binary(0)));
    }

    fn any_sid() -> impl Strategy<Value = Sid> {
        let authority = prop_oneof![0..20_u64, 0..AUTHORITY_LIMIT];
        let sub = prop_oneof![0..1000_u32, any::<u32>()];
        (authority, prop::collection::vec(sub, 1..=MAX_SUBAUTHORITIES))
            .prop_map(|(authority, subs)| Sid::new(authority, &subs).unwrap())
    }

    proptest! {
        #[test]
        fn text_and_bytes_both_round_trip(sid in any_sid()) {
            prop_assert_eq!(Sid::parse_canonical(&sid.to_string()), Ok((sid, true)));
            prop_assert_eq!(Sid::from_bytes(&sid.to_bytes()), Ok(sid));
        }

        #[test]
        fn canonical_means_printing_gives_the_text_back(text in "[Ss]-1-(0x)?[0-9a-fA-F]{1,13}(-[0-9]{1,11}){0,4}") {
            if let Ok((sid, canonical)) = Sid::parse_canonical(&text) {
                prop_assert_eq!(sid.to_string() == text, canonical);
            }
        }

        #[test]
        fn nothing_makes_it_panic(text in ".*", bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = Sid::parse(&text);
            let _ = Sid::from_bytes(&bytes);
        }
    }
}
