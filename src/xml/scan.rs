//! One look at every byte: characters that XML forbids anywhere, found many bytes at a time.

/// What a block of text holds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    /// Byte offset, in the whole text, of the first character that no document may hold.
    pub forbidden: Option<usize>,
    /// Whether there is a `]`, without which there is no `]]>`.
    pub bracket: bool,
}

/// Looks at the bytes `from..to` of a text in UTF-8, where every `char` is one that is well encoded, so that what XML
/// forbids are the control characters below a blank but for TAB, LF and CR, and U+FFFE and U+FFFF.
#[allow(
    clippy::needless_bitwise_bool,
    reason = "what is lazy branches, what branches is no vector instruction"
)]
pub(super) fn block(text: &[u8], from: usize, to: usize) -> Block {
    let bytes = text.get(from..to).unwrap_or_default();
    let (mut suspect, mut bracket) = (false, false);
    for &byte in bytes {
        let control = (byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r');
        suspect |= control | (byte == 0xEF);
        bracket |= byte == b']';
    }
    Block { forbidden: suspect.then(|| first_forbidden(text, from, to)).flatten(), bracket }
}

/// The same question, asked byte by byte. U+FFFE and U+FFFF begin with 0xEF, as thousands of good characters do.
#[cold]
fn first_forbidden(text: &[u8], from: usize, to: usize) -> Option<usize> {
    (from..to).find(|&at| match text.get(at) {
        Some(b'\t' | b'\n' | b'\r') => false,
        Some(0..0x20) => true,
        Some(0xEF) => matches!(text.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])),
        _ => false,
    })
}
