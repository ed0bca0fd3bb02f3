//! From what is written to what it means.

use std::borrow::Cow;

use super::references;

/// The value of a leaf whose content is written as `raw`: text, CDATA sections and references as one; comments,
/// processing instructions and tags left out; line ends as LF (XML 1.0, 2.11).
pub fn text_value(raw: &str) -> Cow<'_, str> {
    if memchr::memchr3(b'<', b'&', b'\r', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        let (text, markup) = rest.split_at_checked(at).unwrap_or((rest, ""));
        push_lines(&mut value, text);
        rest = if let Some(section) = markup.strip_prefix("<![CDATA[") {
            let (section, rest) = section.split_once("]]>").unwrap_or((section, ""));
            push_lines(&mut value, section);
            rest
        } else if markup.starts_with('&') {
            push_reference(&mut value, markup)
        } else {
            behind(markup)
        };
    }
    push_lines(&mut value, rest);
    Cow::Owned(value)
}

/// The value of an attribute between whose quotes `raw` is written: references decoded, each white space character
/// and each line end a blank (XML 1.0, 3.3.3), except where a reference stands for it.
pub fn attribute_value(raw: &str) -> Cow<'_, str> {
    if raw.bytes().all(|byte| byte >= b' ' && byte != b'&') {
        return Cow::Borrowed(raw);
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\t', '\n', '\r']) {
        let (text, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        value.push_str(text);
        rest = if special.starts_with('&') {
            push_reference(&mut value, special)
        } else {
            value.push(' ');
            special.strip_prefix("\r\n").or_else(|| special.get(1..)).unwrap_or_default()
        };
    }
    value.push_str(rest);
    Cow::Owned(value)
}

/// Text with CR LF and CR as LF.
fn push_lines(value: &mut String, text: &str) {
    let mut rest = text;
    while let Some((line, next)) = rest.split_once('\r') {
        value.push_str(line);
        value.push('\n');
        rest = next.strip_prefix('\n').unwrap_or(next);
    }
    value.push_str(rest);
}

/// Adds what the reference at the front of `markup` stands for, gives what follows it. What is no reference, which the
/// reader refuses, is taken as text.
fn push_reference<'r>(value: &mut String, markup: &'r str) -> &'r str {
    let reference = markup
        .get(1..)
        .and_then(|body| body.split_once(';'))
        .and_then(|(body, rest)| Some((references::character(body)?, rest)));
    let Some((c, rest)) = reference else {
        value.push('&');
        return markup.get(1..).unwrap_or_default();
    };
    value.push(c);
    rest
}

/// What follows the comment, processing instruction or tag at the front of `markup`.
fn behind(markup: &str) -> &str {
    if let Some(comment) = markup.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, rest)| rest);
    }
    if let Some(instruction) = markup.strip_prefix("<?") {
        return instruction.split_once("?>").map_or("", |(_, rest)| rest);
    }
    let mut quote = None;
    for (at, byte) in markup.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return markup.get(at + 1..).unwrap_or_default(),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded() {
        let cases = [
            ("plain", "plain"),
            ("&lt;&#xD;\n&amp;amp;", "<\r\n&amp;"),
            ("a\r\nb\rc\n\r\r\nd", "a\nb\nc\n\n\nd"),
            ("x<![CDATA[<&amp;\r\n>]]>y<![CDATA[]]>", "x<&amp;\n>y"),
            ("a<!-- <b>&lt; -->b<?p > ?>c", "abc"),
            ("a<b c='>'>d</b>e<f/>", "ade"),
            ("]]&gt; > ]]", "]]> > ]]"),
            // What the reader refuses does no harm here.
            ("a & b &bogus; &#0;", "a & b &bogus; &#0;"),
            ("a<![CDATA[b", "ab"),
            ("a<!-- b", "a"),
            ("a<b 'c>", "a"),
            ("a<", "a"),
        ];
        for (raw, value) in cases {
            assert_eq!(text_value(raw), value, "{raw:?}");
        }
        assert!(matches!(text_value("plain"), Cow::Borrowed(_)), "most leaves need no memory");
    }

    #[test]
    fn attributes_are_decoded_and_normalised() {
        let cases = [
            ("plain \u{e9}", "plain \u{e9}"),
            ("a\tb\r\nc\rd\ne", "a b c d e"),
            ("\r\r\n\n", "   "),
            ("&#9;&#xA;&#xD;&#32;", "\t\n\r "),
            ("&quot;&apos;&amp;lt;", "\"'&lt;"),
            ("a & b", "a & b"),
        ];
        for (raw, value) in cases {
            assert_eq!(attribute_value(raw), value, "{raw:?}");
        }
        assert!(matches!(attribute_value("Administrator"), Cow::Borrowed(_)), "most values need no memory");
    }
}
