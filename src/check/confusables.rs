//! What a text looks like: its confusable skeleton (Unicode Technical Standard 39, section 4).
//!
//! The crate `unicode-security` has this too, as a table of 6,712 pointers that every start of the program would have
//! to relocate: a fifth of the time that checking a small store takes. Here the table is text, and only read when a
//! name beyond ASCII asks for it. A test holds the two equal.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::store::limits::is_ignorable;

/// Characters and the places of their prototypes in [`Table::prototypes`], by character.
struct Table {
    rows: Vec<(char, u32, u32)>,
    prototypes: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../../assets/confusables.tsv")));

impl Table {
    fn read(text: &str) -> Table {
        let code_point = |hex: &str| u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
        let mut table = Table { rows: Vec::with_capacity(7000), prototypes: String::with_capacity(32 << 10) };
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        for (character, prototype) in lines.filter_map(|line| line.split_once('\t')) {
            let Some(character) = code_point(character) else { continue };
            let start = table.length();
            table.prototypes.extend(prototype.split(' ').filter_map(code_point));
            table.rows.push((character, start, table.length()));
        }
        table
    }

    fn length(&self) -> u32 {
        u32::try_from(self.prototypes.len()).unwrap_or(u32::MAX)
    }

    /// What the character is taken for; `None` where that is itself.
    fn prototype(&self, character: char) -> Option<&str> {
        let at = self.rows.binary_search_by_key(&character, |row| row.0).ok()?;
        let (_, start, end) = *self.rows.get(at)?;
        self.prototypes.get(start as usize..end as usize)
    }
}

/// The skeleton of a text. Two texts with the same skeleton look alike; it is for comparing, not for reading.
pub(super) fn skeleton(text: &str) -> String {
    let table = &*TABLE;
    let mut taken_for = String::with_capacity(text.len());
    for c in text.nfd().filter(|&c| !is_ignorable(c)) {
        match table.prototype(c) {
            Some(prototype) => taken_for.push_str(prototype),
            None => taken_for.push(c),
        }
    }
    taken_for.nfd().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_taken_for_what_unicode_security_takes_it_for() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            let theirs: String = unicode_security::skeleton(&text).collect();
            assert_eq!(skeleton(&text), theirs, "U+{:04X}", u32::from(c));
        }
        for text in ["Аdministrator", "a\u{301}\u{202E}b", "ﷺ", "rn0O1lI|", "ạ̈"] {
            let theirs: String = unicode_security::skeleton(text).collect();
            assert_eq!(skeleton(text), theirs);
        }
    }
}
