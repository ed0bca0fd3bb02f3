//! Text files as Windows programs leave them.

/// The text of a file: UTF-16 with or without a mark, UTF-8, or one byte a character. Nothing is refused: what matters
/// in these files is ASCII in all of them.
pub fn decode(bytes: &[u8]) -> String {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (units, _) = bytes.as_chunks::<2>();
        char::decode_utf16(units.iter().map(|&pair| unit(pair)))
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Without a mark: such a file begins with an ASCII character.
        [first, 0, ..] if *first != 0 => utf16(bytes, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => utf16(bytes, u16::from_be_bytes),
        _ => {
            let bare = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            match str::from_utf8(bare) {
                Ok(text) => text.to_owned(),
                Err(_) => bare.iter().copied().map(char::from).collect(),
            }
        }
    }
}
