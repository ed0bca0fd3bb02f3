//! `[Strings]` of an INF file, and `%key%` where its values are meant ([MS-GPSB] 2.2 leaves this to the rules of INF
//! files; templates of Windows 2000 are written so).

use std::borrow::Cow;
use std::collections::HashMap;

/// The values by their keys. Keys are the same in upper and lower case.
#[derive(Debug, Default)]
pub(super) struct Strings {
    values: HashMap<String, String>,
    /// Those of `[Strings.0409]` and its like: which of these counts is up to the language of the host, so any of them is
    /// taken where there is nothing else.
    of_a_language: HashMap<String, String>,
}

/// A section that holds such values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// `[Strings]`.
    Plain,
    /// `[Strings.0409]`.
    OfALanguage,
}

impl Section {
    /// What a section of this name is.
    pub(super) fn of(name: &str) -> Option<Section> {
        let (start, rest) = name.split_at_checked("Strings".len())?;
        match rest {
            _ if !start.eq_ignore_ascii_case("Strings") => None,
            "" => Some(Section::Plain),
            _ => rest.starts_with('.').then_some(Section::OfALanguage),
        }
    }
}

impl Strings {
    /// Takes in a line of such a section. Of two values of one key the first counts.
    pub(super) fn add(&mut self, section: Section, key: &str, value: &str) {
        let values = match section {
            Section::Plain => &mut self.values,
            Section::OfALanguage => &mut self.of_a_language,
        };
        let key = bare(key).replace("%%", "%").to_lowercase();
        values.entry(key).or_insert_with(|| bare(value).into_owned());
    }

    fn value(&self, key: &str) -> Option<&str> {
        let key = key.replace("%%", "%").to_lowercase();
        self.values.get(&key).or_else(|| self.of_a_language.get(&key)).map(String::as_str)
    }

    /// The text with the values of the keys in it, and `%` for `%%`. A key that has no value stays as it is written; what a
    /// value holds is not filled in again.
    pub(super) fn fill<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !text.contains('%') {
            return Cow::Borrowed(text);
        }
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('%') {
            filled.push_str(before);
            if let Some(after) = after.strip_prefix('%') {
                filled.push('%');
                rest = after;
                continue;
            }
            // Two keys side by side are written like one with a `%` in it.
            let found = [after.split_once('%'), with_percent(after)].into_iter().flatten();
            let mut found = found.map(|(key, behind)| (self.value(key), behind));
            if let Some((Some(value), behind)) = found.find(|(value, _)| value.is_some()) {
                filled.push_str(value);
                rest = behind;
            } else {
                // As it is written, up to where another key may begin.
                let (unknown, behind) = after.split_once('%').unwrap_or((after, ""));
                filled.extend(["%", unknown]);
                filled.push_str(if unknown.len() < after.len() { "%" } else { "" });
                rest = behind;
            }
        }
        filled.push_str(rest);
        Cow::Owned(filled)
    }
}

/// The most bytes that a string of an INF file has; a key is none longer.
const LONGEST: usize = 4096;

/// The key with `%%` in it that a text begins with, up to the first `%` that is not doubled, and what follows that.
fn with_percent(text: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    while from < LONGEST {
        let at = from + text.get(from..)?.find('%')?;
        let behind = text.get(at + 1..)?;
        if !behind.starts_with('%') {
            return Some((text.get(..at)?, behind));
        }
        from = at + 2;
    }
    None
}

/// Without blanks around it and without the outermost double quotes; each pair of those within is one.
fn bare(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => Cow::Owned(inner.replace("\"\"", "\"")),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(lines: &[(Section, &str, &str)]) -> Strings {
        let mut strings = Strings::default();
        for (section, key, value) in lines {
            strings.add(*section, key, value);
        }
        strings
    }

    #[test]
    fn keys_are_filled_in_and_the_rest_stays() {
        let strings = strings(&[
            (Section::Plain, " Admins ", " \"Domain \"\"Admins\"\"\" "),
            (Section::Plain, "admins", "nobody"),
            (Section::Plain, "Nested", "%Admins%"),
            (Section::Plain, "100%%", "all"),
            (Section::Plain, "None", ""),
            (Section::OfALanguage, "Users", "Benutzer"),
            (Section::OfALanguage, "None", "Niemand"),
        ]);
        for (text, filled) in [
            ("%Admins%", "Domain \"Admins\""),
            ("A\\%ADMINS%", "A\\Domain \"Admins\""),
            ("%nested%%users%", "%Admins%Benutzer"),
            ("%what%%users%", "%what%Benutzer"),
            ("%what% %users%", "%what% Benutzer"),
            ("%users%, %users%", "Benutzer, Benutzer"),
            ("%Nested%", "%Admins%"),
            ("%100%%%", "all"),
            ("[%None%]", "[]"),
            ("%Other%", "%Other%"),
            ("50%", "50%"),
            ("50%%", "50%"),
            ("%", "%"),
            ("%%", "%"),
            ("%%%", "%%"),
            ("", ""),
            ("% Admins%", "% Admins%"),
            ("é%ü%é", "é%ü%é"),
        ] {
            assert_eq!(strings.fill(text), filled, "{text}");
        }
    }

    #[test]
    fn sections_of_strings() {
        for (name, section) in [
            ("strings", Some(Section::Plain)),
            ("Strings.0407", Some(Section::OfALanguage)),
            ("Stringsx", None),
            ("String", None),
            ("Privilege Rights", None),
            ("Stringé", None),
        ] {
            assert_eq!(Section::of(name), section, "{name}");
        }
    }
}
