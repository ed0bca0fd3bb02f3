//! Words of a line, quoted as in a shell.
//!
//! Between single quotes everything stands for itself. Between double quotes `\"` and `\\` stand for `"` and `\`; any
//! other backslash, and every backslash outside quotes, is a backslash: `CONTOSO\joe` is an account, not an escape.
//! `$'…'` takes `\n`, `\r`, `\t`, `\\`, `\'` and `\u{…}`, so that a rule's text fits on one line. `#` at the start of
//! a word begins a comment.

use super::grammar::{GrammarError, error};
use super::limits;

/// Splits a line into words.
pub fn split(line: &str) -> Result<Vec<String>, GrammarError> {
    let mut words = Vec::new();
    let mut chars = line.chars().peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        match chars.peek() {
            None | Some('#') => return Ok(words),
            Some(_) => {}
        }
        let mut word = String::new();
        while let Some(c) = chars.next_if(|c| !c.is_whitespace()) {
            match c {
                '\'' => loop {
                    match chars.next() {
                        Some('\'') => break,
                        Some(c) => word.push(c),
                        None => return error("a ' is not closed"),
                    }
                },
                '"' => loop {
                    match chars.next() {
                        Some('"') => break,
                        Some('\\') => {
                            word.push(chars.next_if(|&c| c == '"' || c == '\\').unwrap_or('\\'));
                        }
                        Some(c) => word.push(c),
                        None => return error("a \" is not closed"),
                    }
                },
                '$' if chars.next_if_eq(&'\'').is_some() => escaped(&mut chars, &mut word)?,
                c => word.push(c),
            }
        }
        words.push(word);
    }
}

fn escaped(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    word: &mut String,
) -> Result<(), GrammarError> {
    loop {
        match chars.next() {
            Some('\'') => return Ok(()),
            Some('\\') => match chars.next() {
                Some('n') => word.push('\n'),
                Some('r') => word.push('\r'),
                Some('t') => word.push('\t'),
                Some(c @ ('\\' | '\'')) => word.push(c),
                Some('u') => {
                    let open = chars.next();
                    let digits: String =
                        std::iter::from_fn(|| chars.next_if(char::is_ascii_hexdigit)).collect();
                    let c = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                    match (open, c, chars.next()) {
                        (Some('{'), Some(c), Some('}')) => word.push(c),
                        _ => return error("\\u{…} takes the hexadecimal number of a character"),
                    }
                }
                Some(c) => return error(format!("\\{c} means nothing between $' and '")),
                None => return error("a $' is not closed"),
            },
            Some(c) => word.push(c),
            None => return error("a $' is not closed"),
        }
    }
}

/// Quotes a word so that [`split`] gives it back, and so that it is one printable line.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.,:/@%+=\\{}".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    let hidden = |c: char| c.is_control() || limits::is_invisible(c);
    if !word.chars().any(hidden) && !word.contains('\'') {
        return format!("'{word}'");
    }
    let mut quoted = String::from("$'");
    for c in word.chars() {
        match c {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\\' => quoted.push_str("\\\\"),
            '\'' => quoted.push_str("\\'"),
            c if hidden(c) => quoted.extend(c.escape_unicode()),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_as_a_shell_splits_them() {
        let words = |line| split(line).unwrap();
        assert_eq!(words(r#"create scope "My test VM scope""#), ["create", "scope", "My test VM scope"]);
        assert_eq!(words(r"add --member CONTOSO\joe"), ["add", "--member", r"CONTOSO\joe"]);
        assert_eq!(words(r#""a\"b" 'c"d\' "x\\y" e'f g'h"#), ["a\"b", "c\"d\\", "x\\y", "ef gh"]);
        assert_eq!(words(r"$'a\nb\'\u{202E}'"), ["a\nb'\u{202E}"]);
        assert_eq!(words("a#b # the rest"), ["a#b"]);
        assert_eq!(words("''"), [""]);
        assert!(words("   # nothing").is_empty());
        for open in ["'a", "\"a", "$'a", r"$'\q'", r"$'\u{110000}'"] {
            assert!(split(open).is_err(), "{open}");
        }
    }
}
