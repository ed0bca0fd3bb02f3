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

#[cfg(test)]
mod tests {
    use super::*;

    fn forbidden(text: &str) -> Option<usize> {
        block(text.as_bytes(), 0, text.len()).forbidden
    }

    #[test]
    fn forbidden_is_what_is_no_char() {
        for c in '\0'..=char::MAX {
            assert_eq!(forbidden(&format!("ab{c}")), (!crate::xml::is_char(c)).then_some(2), "{c:?}");
        }
    }

    #[test]
    fn the_first_counts_and_blocks_are_looked_at_alone() {
        let text = "\u{1}a\u{2}\u{FFFF}";
        assert_eq!(forbidden(text), Some(0));
        assert_eq!(block(text.as_bytes(), 1, 2), Block::default());
        assert_eq!(block(text.as_bytes(), 1, 3).forbidden, Some(2));
        // It begins in the block, though it ends behind it.
        assert_eq!(block(text.as_bytes(), 3, 4).forbidden, Some(3));
        assert_eq!(block(text.as_bytes(), 4, 6), Block::default());
    }

    #[test]
    fn brackets_are_seen() {
        assert!(block(b"a]", 0, 2).bracket);
        assert!(!block(b"a]", 0, 1).bracket);
        assert!(!block(b"a[>", 0, 3).bracket);
    }
}
