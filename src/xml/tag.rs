//! The inside of a start tag.

use super::chars::{check_name, is_space, may_be_in_name};
use super::error::{Fault, shown, shown_char};
use super::{Span, limits, references};

/// An attribute as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// Its name, with prefix.
    pub name: Span,
    /// What is between the quotes, undecoded: see [`attribute_value`](super::attribute_value).
    pub value: Span,
}

impl Attribute {
    fn name_in<'d>(&self, text: &'d str) -> &'d str {
        text.get(self.name.start as usize..self.name.end as usize).unwrap_or_default()
    }
}

/// The attributes of a start tag `<name a="b" …>`, with spans relative to it. The tag must be one that the
/// [`Reader`](super::Reader) has accepted; of any other the attributes up to the first fault are given.
pub fn attributes(tag: &str) -> impl Iterator<Item = Attribute> {
    let bytes = tag.as_bytes();
    let end = tag.strip_suffix("/>").or_else(|| tag.strip_suffix('>')).map_or(0, str::len);
    let mut at = bytes.iter().position(|&byte| is_space(byte)).unwrap_or(end);
    std::iter::from_fn(move || {
        let found = next(tag, at, end).ok().flatten()?;
        at = found.value.end as usize + 1;
        Some(found)
    })
}

/// Reads the attributes that stand in `from..to` of the document's text, from behind the element's name to before `>`
/// or `/>`, and checks all that can be said without namespaces. Gives whether namespaces have a say: a prefix, or a
/// declaration.
pub(super) fn scan(text: &str, from: usize, to: usize, found: &mut Vec<Attribute>) -> Result<bool, Fault> {
    let mut at = from;
    let mut namespaces = false;
    while let Some(attribute) = next(text, at, to)? {
        let name = attribute.name_in(text);
        namespaces |= check_name(name, attribute.name.start as usize)? || name == "xmlns";
        check_value(text, attribute)?;
        if found.len() == limits::ATTRIBUTES {
            let message = format!("an element with more than {} attributes", limits::ATTRIBUTES);
            return Err(Fault::limit(attribute.name.start as usize, message));
        }
        found.push(attribute);
        at = attribute.value.end as usize + 1;
    }
    check_unique(text, found)?;
    Ok(namespaces)
}

/// The next attribute in `at..to`, its form checked but not its name nor its value.
fn next(text: &str, mut at: usize, to: usize) -> Result<Option<Attribute>, Fault> {
    let bytes = text.as_bytes().get(..to).unwrap_or_default();
    let skip_space = |mut at: usize| {
        while bytes.get(at).is_some_and(|&byte| is_space(byte)) {
            at += 1;
        }
        at
    };

    let before = at;
    at = skip_space(at);
    if at >= to {
        return Ok(None);
    }
    let start = at;
    while bytes.get(at).is_some_and(|&byte| may_be_in_name(byte)) {
        at += 1;
    }
    let name = Span::of(start, at);
    if name.start == name.end {
        return Err(no_name(text, start));
    }
    if start == before {
        let name = shown(text.get(start..at).unwrap_or_default());
        return Err(Fault::malformed(start, format!("there must be a blank before the attribute `{name}`")));
    }

    at = skip_space(at);
    if bytes.get(at) != Some(&b'=') {
        let name = shown(text.get(start..name.end as usize).unwrap_or_default());
        return Err(Fault::malformed(start, format!("the attribute `{name}` has no value")));
    }
    at = skip_space(at + 1);
    let unquoted = || {
        let name = shown(text.get(start..name.end as usize).unwrap_or_default());
        Fault::malformed(at, format!("the value of `{name}` must be in quotes"))
    };
    let Some(&quote @ (b'"' | b'\'')) = bytes.get(at) else { return Err(unquoted()) };
    let value = at + 1;
    let Some(length) = memchr::memchr(quote, bytes.get(value..).unwrap_or_default()) else {
        let name = shown(text.get(start..name.end as usize).unwrap_or_default());
        return Err(Fault::malformed(at, format!("the quotes around the value of `{name}` are not closed")));
    };
    Ok(Some(Attribute { name, value: Span::of(value, value + length) }))
}

#[cold]
fn no_name(text: &str, at: usize) -> Fault {
    let found = text.get(at..).and_then(|rest| rest.chars().next()).map_or_else(String::new, shown_char);
    Fault::malformed(at, format!("{found} where an attribute or the end of the tag is expected"))
}

/// No `<`, and nothing but known references, in a value.
fn check_value(text: &str, attribute: Attribute) -> Result<(), Fault> {
    let (mut at, to) = (attribute.value.start as usize, attribute.value.end as usize);
    loop {
        let rest = text.get(at..to).unwrap_or_default();
        let Some(found) = memchr::memchr2(b'<', b'&', rest.as_bytes()) else { return Ok(()) };
        at += found;
        if rest.as_bytes().get(found) == Some(&b'<') {
            let name = shown(attribute.name_in(text));
            let message =
                format!("`<` in the value of `{name}` must be written `&lt;`, or its quotes are not closed");
            return Err(Fault::malformed(at, message));
        }
        at += references::check(rest.get(found..).unwrap_or_default(), at)?;
    }
}

/// No name twice.
fn check_unique(text: &str, attributes: &[Attribute]) -> Result<(), Fault> {
    /// Up to so many, comparing each with each is the fastest way.
    const FEW: usize = 12;
    if attributes.len() <= FEW {
        for (count, attribute) in attributes.iter().enumerate() {
            let name = attribute.name_in(text);
            if attributes.iter().take(count).any(|earlier| earlier.name_in(text) == name) {
                return Err(twice(name, attribute.name.start));
            }
        }
        return Ok(());
    }
    let mut names: Vec<(&str, u32)> =
        attributes.iter().map(|attribute| (attribute.name_in(text), attribute.name.start)).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(twice(pair[1].0, pair[1].1)),
        None => Ok(()),
    }
}

fn twice(name: &str, at: u32) -> Fault {
    Fault::malformed(at as usize, format!("the attribute `{}` stands twice in one element", shown(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_of_a_tag_are_relative_to_it() {
        let seen = |tag: &'static str| -> Vec<(&str, &str)> {
            let piece = |span: Span| tag.get(span.start as usize..span.end as usize).unwrap();
            attributes(tag).map(|attribute| (piece(attribute.name), piece(attribute.value))).collect()
        };
        assert!(seen("<a/>").is_empty());
        assert!(seen("<a >").is_empty());
        assert_eq!(seen("<a b='>/' \n x:c = \"'\"/>"), [("b", ">/"), ("x:c", "'")]);
        assert_eq!(seen("<AzRole Name='\u{e9}' Guid=\"\" >"), [("Name", "\u{e9}"), ("Guid", "")]);
        // Not tags: what can be understood, and no more.
        assert!(seen("").is_empty());
        assert!(seen("text").is_empty());
        assert_eq!(seen("<a b='c' d>"), [("b", "c")]);
        assert!(seen("<a b='c>").is_empty());
    }
}
