//! Words of a line, quoted as in a shell.
//!
//! Between single quotes everything stands for itself. Between double quotes `\"` and `\\` stand for `"` and `\`; any
//! other backslash, and every backslash outside quotes, is a backslash: `CONTOSO\joe` is an account, not an escape.
//! `$'…'` takes `\n`, `\r`, `\t`, `\\`, `\'` and `\u{…}`, so that a rule's text fits on one line. `#` at the start of
//! a word begins a comment.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

use thiserror::Error;

use super::limits;

/// Why a line is not a change.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct GrammarError {
    /// What is wrong, and what would be right.
    pub message: String,
}

pub(super) fn error<T>(message: impl Into<String>) -> Result<T, GrammarError> {
    Err(GrammarError { message: message.into() })
}

/// A word where it stands in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The word, without its quotes.
    pub text: String,
    /// Where it begins and ends in the line, quotes included: bytes.
    pub span: Range<usize>,
    /// A quote of it is not closed.
    pub is_open: bool,
}

/// Splits a line into words.
pub fn split(line: &str) -> Result<Vec<String>, GrammarError> {
    let (tokens, fault) = tokens(line);
    match fault {
        Some(fault) => Err(fault),
        None => Ok(tokens.into_iter().map(|token| token.text).collect()),
    }
}

/// The words of a line that is still being typed, with their places; and what is wrong, if something is. The word in
/// which that is comes last.
pub fn tokens(line: &str) -> (Vec<Token>, Option<GrammarError>) {
    let mut tokens = Vec::new();
    let mut rest = Rest { chars: line.char_indices().peekable(), end: line.len() };
    loop {
        while rest.next_if(char::is_whitespace).is_some() {}
        match rest.chars.peek() {
            None | Some((_, '#')) => return (tokens, None),
            Some(_) => {}
        }
        let start = rest.at();
        let mut text = String::new();
        let fault = rest.word(&mut text).err();
        let is_open = fault.is_some();
        tokens.push(Token { text, span: start..rest.at(), is_open });
        if fault.is_some() {
            return (tokens, fault);
        }
    }
}

/// What is left of a line.
struct Rest<'l> {
    chars: Peekable<CharIndices<'l>>,
    end: usize,
}

impl Rest<'_> {
    fn at(&mut self) -> usize {
        self.chars.peek().map_or(self.end, |(at, _)| *at)
    }

    fn next(&mut self) -> Option<char> {
        self.chars.next().map(|(_, c)| c)
    }

    fn next_if(&mut self, fits: impl Fn(char) -> bool) -> Option<char> {
        self.chars.next_if(|(_, c)| fits(*c)).map(|(_, c)| c)
    }

    /// Appends the word that begins here.
    fn word(&mut self, word: &mut String) -> Result<(), GrammarError> {
        while let Some(c) = self.next_if(|c| !c.is_whitespace()) {
            match c {
                '\'' => loop {
                    match self.next() {
                        Some('\'') => break,
                        Some(c) => word.push(c),
                        None => return error("a ' is not closed"),
                    }
                },
                '"' => loop {
                    match self.next() {
                        Some('"') => break,
                        Some('\\') => word.push(self.next_if(|c| c == '"' || c == '\\').unwrap_or('\\')),
                        Some(c) => word.push(c),
                        None => return error("a \" is not closed"),
                    }
                },
                '$' if self.next_if(|c| c == '\'').is_some() => self.escaped(word)?,
                c => word.push(c),
            }
        }
        Ok(())
    }

    /// Appends what stands between `$'` and `'`.
    fn escaped(&mut self, word: &mut String) -> Result<(), GrammarError> {
        loop {
            match self.next() {
                Some('\'') => return Ok(()),
                Some('\\') => match self.next() {
                    Some('n') => word.push('\n'),
                    Some('r') => word.push('\r'),
                    Some('t') => word.push('\t'),
                    Some(c @ ('\\' | '\'')) => word.push(c),
                    Some('u') => {
                        let open = self.next();
                        let digits: String =
                            std::iter::from_fn(|| self.next_if(|c| c.is_ascii_hexdigit())).collect();
                        let c = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                        match (open, c, self.next()) {
                            (Some('{'), Some(c), Some('}')) => word.push(c),
                            _ => return error("\\u takes the hexadecimal number of a character in braces"),
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

    #[test]
    fn words_know_their_places() {
        let line = "add  role 'A b' --in=\"x";
        let (tokens, fault) = tokens(line);
        let written = |token: &Token| line.get(token.span.clone()).unwrap().to_owned();
        let seen: Vec<_> = tokens.iter().map(|token| (token.text.as_str(), written(token))).collect();
        let expected = [("add", "add"), ("role", "role"), ("A b", "'A b'"), ("--in=x", "--in=\"x")];
        assert_eq!(seen, expected.map(|(text, written)| (text, written.to_owned())));
        assert!(fault.is_some() && tokens[3].is_open && !tokens[2].is_open);
        assert_eq!(super::tokens("ä # c").0[0].span, 0..2);
    }
}
