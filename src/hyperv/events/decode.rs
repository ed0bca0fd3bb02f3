//! From the encodings of exported events to UTF-8, as they are read.

use std::io::{self, Read};

/// Bytes taken from the source at a time.
const CHUNK: usize = 16 << 10;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// Not known before the first bytes are there.
    Unknown,
    Utf8,
    Utf16([usize; 2]),
}

/// A source of UTF-8 from one of UTF-16, marked or not, or of UTF-8. What is neither is taken for one byte a character,
/// so that no file is refused for the page that a console had.
pub(super) struct Utf8<R> {
    source: R,
    encoding: Encoding,
    /// Bytes that wait for more to become a character.
    raw: Vec<u8>,
    out: Vec<u8>,
    at: usize,
}

impl<R: Read> Utf8<R> {
    pub(super) fn new(source: R) -> Utf8<R> {
        Utf8 { source, encoding: Encoding::Unknown, raw: Vec::new(), out: Vec::new(), at: 0 }
    }

    /// Decodes what there is; `is_end`: no more will come.
    fn decode(&mut self, is_end: bool) {
        if self.encoding == Encoding::Unknown {
            if self.raw.len() < 4 && !is_end {
                return;
            }
            let (encoding, mark) = match self.raw.as_slice() {
                [0xFF, 0xFE, ..] => (Encoding::Utf16([0, 1]), 2),
                [0xFE, 0xFF, ..] => (Encoding::Utf16([1, 0]), 2),
                [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
                // Without a mark: XML begins with an ASCII character.
                [first, 0, ..] if *first != 0 => (Encoding::Utf16([0, 1]), 0),
                [0, second, ..] if *second != 0 => (Encoding::Utf16([1, 0]), 0),
                _ => (Encoding::Utf8, 0),
            };
            self.encoding = encoding;
            self.raw.drain(..mark);
        }
        let used = match self.encoding {
            Encoding::Utf16([low, high]) => self.utf16(low, high, is_end),
            Encoding::Unknown | Encoding::Utf8 => self.utf8(is_end),
        };
        self.raw.drain(..used);
    }

    fn utf16(&mut self, low: usize, high: usize, is_end: bool) -> usize {
        let (pairs, _) = self.raw.as_chunks::<2>();
        let unit = |pair: &[u8; 2]| u16::from_le_bytes([pair[low], pair[high]]);
        let mut whole = pairs.len();
        // The first half of a character beyond the basic plane waits for the other.
        if !is_end && pairs.last().is_some_and(|pair| (0xD800..0xDC00).contains(&unit(pair))) {
            whole -= 1;
        }
        for c in char::decode_utf16(pairs.iter().take(whole).map(unit)) {
            let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.out.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        if is_end { self.raw.len() } else { whole * 2 }
    }

    fn utf8(&mut self, is_end: bool) -> usize {
        let mut used = 0;
        loop {
            let rest = self.raw.get(used..).unwrap_or_default();
            match str::from_utf8(rest) {
                Ok(text) => {
                    self.out.extend(text.as_bytes());
                    return self.raw.len();
                }
                Err(error) => {
                    let (good, bad) = rest.split_at(error.valid_up_to());
                    self.out.extend(good);
                    used += good.len();
                    match error.error_len() {
                        None if !is_end => return used,
                        _ => {
                            let Some(&byte) = bad.first() else { return used };
                            self.out.extend(char::from(byte).encode_utf8(&mut [0; 4]).as_bytes());
                            used += 1;
                        }
                    }
                }
            }
        }
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.out.len() {
            self.out.clear();
            self.at = 0;
            let before = self.raw.len();
            self.raw.resize(before + CHUNK, 0);
            let read = self.source.read(self.raw.get_mut(before..).unwrap_or_default());
            self.raw.truncate(before + *read.as_ref().unwrap_or(&0));
            let is_end = read? == 0;
            self.decode(is_end);
            if is_end && self.out.is_empty() {
                return Ok(0);
            }
        }
        let rest = self.out.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source that gives a few bytes at a time.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            let (now, later) = self.0.split_at(count);
            buffer[..count].copy_from_slice(now);
            self.0 = later;
            Ok(count)
        }
    }

    fn decoded(bytes: &[u8]) -> Vec<String> {
        let all = [1, 2, 3, 5, 4096].map(|drop| {
            let mut text = Vec::new();
            Utf8::new(Drops(bytes, drop)).read_to_end(&mut text).unwrap();
            String::from_utf8(text).unwrap()
        });
        all.to_vec()
    }

    #[test]
    fn every_encoding_reads_the_same_in_pieces_of_any_size() {
        let text = "<Größe 群 \u{1F600}>";
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            [b"\xFF\xFE", little.as_slice()].concat(),
            [b"\xFE\xFF", big.as_slice()].concat(),
            little,
            big,
        ] {
            assert!(decoded(&bytes).iter().all(|read| read == text), "{bytes:?}");
        }
    }

    #[test]
    fn nothing_is_refused() {
        assert!(decoded(b"<M\xFCller>").iter().all(|read| read == "<M\u{FC}ller>"));
        assert!(decoded(b"<\xE7\xBE").iter().all(|read| read == "<\u{E7}\u{BE}"));
        assert!(decoded(b"\xFF\xFE<\0\xD8\xD8x").iter().all(|read| read.starts_with('<')));
        assert!(decoded(b"").iter().all(String::is_empty));
    }
}
