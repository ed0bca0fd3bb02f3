//! Documents that are almost right, made from right ones.

/// Numbers that look random and are the same at every run (`SplitMix64`).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to, not including, `end`; 0 when that is nothing.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }
}

/// Pieces that XML readers stumble over.
const PIECES: &[&str] = &[
    "<",
    ">",
    "/",
    "/>",
    "</",
    "<!",
    "<!--",
    "-->",
    "--",
    "-",
    "<?",
    "?>",
    "?",
    "<?xml",
    "<?xml version='1.0'?>",
    "<![CDATA[",
    "]]>",
    "]]",
    "]",
    "<!DOCTYPE a>",
    "&",
    "&amp;",
    "&lt;",
    ";",
    "&#",
    "&#x",
    "&#0;",
    "&#x1B;",
    "&#xFFFE;",
    "&#65;",
    "&#xD;",
    "&bogus;",
    "\"",
    "'",
    "=",
    " ",
    "\t",
    "\r",
    "\n",
    "\r\n",
    ":",
    "x:",
    "xmlns",
    " xmlns='u'",
    " xmlns:x='u'",
    " xmlns:x=''",
    " x:a='1'",
    " a='1'",
    " a=\"1\"",
    " a=1",
    " a",
    "a",
    "<a>",
    "</a>",
    "<a/>",
    "<x:a/>",
    "<?p q?>",
    "<!-- c -->",
    "<![CDATA[x]]>",
    "text",
    "\0",
    "\u{1}",
    "\u{B}",
    "\u{1B}",
    "\u{7F}",
    "\u{85}",
    "\u{A0}",
    "\u{D7}",
    "\u{E9}",
    "\u{301}",
    "\u{2028}",
    "\u{FEFF}",
    "\u{FFFD}",
    "\u{FFFE}",
    "\u{FFFF}",
    "\u{10000}",
    "\u{1F600}",
    "version",
    "encoding",
    " standalone='yes'",
    " encoding='utf-8'",
    " encoding='us-ascii'",
    "1.1",
    "utf-16",
    "xml",
    "XML",
];

/// `document` with one to four changes: bytes replaced or flipped, pieces inserted, stretches dropped, doubled or moved,
/// or the end cut off.
pub fn mutated(document: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = document.to_vec();
    for _ in 0..=random.below(2) * random.below(4) {
        let at = random.below(bytes.len() + 1);
        let end = (at + 1 + random.below(12)).min(bytes.len());
        match random.below(10) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = random.next().to_le_bytes()[0] & 0x7F,
            2..=5 => {
                let piece = PIECES[random.below(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
            6 => drop(bytes.drain(at..end)),
            7 => {
                let stretch = bytes[at..end].to_vec();
                bytes.splice(at..at, stretch);
            }
            8 => {
                let stretch: Vec<u8> = bytes.drain(at..end).collect();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, stretch);
            }
            _ if random.below(4) == 0 => bytes.truncate(at),
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                bytes.splice(at..end, piece.bytes());
            }
        }
    }
    bytes
}
