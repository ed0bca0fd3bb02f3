//! From what is meant to how it is written.

use super::Eol;

/// `value` as the text of an element: `&`, `<` and `>` as references, a line end as the file has it, and a CR, which
/// a reader would take for a line end, as `&#xD;`. [`text_value`](super::text_value) is the inverse. Characters that
/// are not [`is_char`](super::is_char) cannot be written in XML at all and must not come here.
pub fn escape_text(value: &str, eol: Eol) -> String {
    escape(value, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#xD;"),
        '\n' => Some(eol.as_str()),
        _ => None,
    })
}

/// `value` as it stands between two `quote`s, `"` or `'`: besides what text needs, the quote itself, and TAB and line
/// ends as references, because a reader makes blanks of them. [`attribute_value`](super::attribute_value) is the
/// inverse.
pub fn escape_attribute(value: &str, quote: char) -> String {
    escape(value, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\t' => Some("&#x9;"),
        '\r' => Some("&#xD;"),
        '\n' => Some("&#xA;"),
        '"' if quote == '"' => Some("&quot;"),
        '\'' if quote == '\'' => Some("&apos;"),
        _ => None,
    })
}

fn escape(value: &str, written: impl Fn(char) -> Option<&'static str>) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match written(c) {
            Some(reference) => out.push_str(reference),
            None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(escape_text("a<b>&\"'\t]]>", Eol::Lf), "a&lt;b&gt;&amp;\"'\t]]&gt;");
        assert_eq!(escape_text("a\nb\r\nc", Eol::CrLf), "a\r\nb&#xD;\r\nc");
        assert_eq!(escape_text("a\nb\r\nc", Eol::Lf), "a\nb&#xD;\nc");
    }

    #[test]
    fn attributes_are_escaped_for_their_quote() {
        assert_eq!(escape_attribute("<\"'>&\t\r\n ", '"'), "&lt;&quot;'&gt;&amp;&#x9;&#xD;&#xA; ");
        assert_eq!(escape_attribute("\"'", '\''), "\"&apos;");
    }
}
