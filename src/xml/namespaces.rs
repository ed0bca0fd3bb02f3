//! Namespaces in XML 1.0: which prefixes are declared, and what an attribute's full name is. Only looked at where a
//! colon or `xmlns` stands; `AzMan` writes neither.

use std::borrow::Cow;

use super::error::{Fault, shown};
use super::{Attribute, Document, attribute_value, limits};

/// What the prefix `xml` always means.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// What the prefix `xmlns` always means; nothing else may.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// The declarations in force.
#[derive(Debug, Default)]
pub(super) struct Namespaces<'d> {
    bindings: Vec<Binding<'d>>,
}

#[derive(Debug)]
struct Binding<'d> {
    prefix: &'d str,
    uri: Cow<'d, str>,
    /// Elements open outside the one that declares it.
    depth: usize,
}

impl<'d> Namespaces<'d> {
    /// Takes in the declarations of a start tag inside `depth` elements, then checks its name, at `at`, and those of
    /// its attributes.
    pub fn enter(
        &mut self,
        document: &'d Document,
        name: &'d str,
        at: usize,
        attributes: &[Attribute],
        depth: usize,
    ) -> Result<(), Fault> {
        for attribute in attributes {
            self.declare(document, attribute, depth)?;
        }
        if let Some((prefix, _)) = name.split_once(':') {
            if prefix == "xml" {
                // Nobody has defined such an element, and not every reader takes one.
                return Err(Fault::malformed(
                    at,
                    format!("an element `{}`; `xml` is for attributes", shown(name)),
                ));
            }
            self.resolve(prefix, at)?;
        }
        self.check_unique(document, attributes)
    }

    /// Forgets what was declared inside `depth` elements or more.
    pub fn leave(&mut self, depth: usize) {
        while self.bindings.last().is_some_and(|binding| binding.depth >= depth) {
            self.bindings.pop();
        }
    }

    fn declare(&mut self, document: &'d Document, attribute: &Attribute, depth: usize) -> Result<(), Fault> {
        let name = document.get(attribute.name);
        let at = attribute.name.start as usize;
        let uri = || attribute_value(document.get(attribute.value));
        let (prefix, uri) = match name.split_once(':') {
            None if name == "xmlns" => ("", uri()),
            Some(("xmlns", prefix)) => (prefix, uri()),
            _ => return Ok(()),
        };
        let refused = match (prefix, uri.as_ref()) {
            ("xmlns", _) => Some("the prefix `xmlns` cannot be declared".to_owned()),
            ("xml", XML) => None,
            ("xml", _) => Some("the prefix `xml` cannot be declared for another namespace".to_owned()),
            (_, XML | XMLNS) => Some(format!("the namespace of `{}` is reserved", shown(name))),
            ("", _) => None,
            (prefix, "") => Some(format!("the prefix `{}` is declared for no namespace", shown(prefix))),
            _ => None,
        };
        if let Some(message) = refused {
            return Err(Fault::malformed(at, message));
        }
        if prefix.is_empty() {
            // Attributes without prefix are in no namespace, and of elements only the prefixes are checked.
            return Ok(());
        }
        if self.bindings.len() == limits::NAMESPACES {
            let message = format!("more than {} namespace declarations in force", limits::NAMESPACES);
            return Err(Fault::limit(at, message));
        }
        self.bindings.push(Binding { prefix, uri, depth });
        Ok(())
    }

    fn resolve(&self, prefix: &str, at: usize) -> Result<&str, Fault> {
        let declared = self.bindings.iter().rev().find(|binding| binding.prefix == prefix);
        match (declared, prefix) {
            (Some(binding), _) => Ok(&binding.uri),
            (None, "xml") => Ok(XML),
            (None, _) => Err(Fault::malformed(at, format!("the prefix `{}` is not declared", shown(prefix)))),
        }
    }

    /// No two attributes with the same name in the same namespace, whatever their prefixes.
    fn check_unique(&self, document: &'d Document, attributes: &[Attribute]) -> Result<(), Fault> {
        let mut full = Vec::new();
        for attribute in attributes {
            let at = attribute.name.start as usize;
            match document.get(attribute.name).split_once(':') {
                None | Some(("xmlns", _)) => {}
                Some((prefix, local)) => full.push((local, self.resolve(prefix, at)?, at)),
            }
        }
        full.sort_unstable();
        match full.windows(2).find(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1)) {
            Some(pair) => {
                let (local, uri, at) = pair[1];
                let message = format!(
                    "the attribute `{}` of the namespace `{}` stands twice in one element",
                    shown(local),
                    shown(uri)
                );
                Err(Fault::malformed(at, message))
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Result<(), String> {
        let document = Document::decode(text.as_bytes().to_vec()).unwrap();
        let mut reader = crate::xml::Reader::new(&document);
        while reader.next().map_err(|error| error.message)?.is_some() {}
        Ok(())
    }

    #[test]
    fn a_declaration_holds_for_its_element_and_no_longer() {
        assert_eq!(names("<x:a xmlns:x='u'><x:b><x:c/></x:b><d x:e=''/></x:a>"), Ok(()));
        let undeclared = Err("the prefix `x` is not declared".to_owned());
        assert_eq!(names("<a><b xmlns:x='u'/><x:c/></a>"), undeclared);
        assert_eq!(names("<a><b xmlns:x='u'><c xmlns:x='v'/></b><x:c/></a>"), undeclared);
        assert_eq!(names("<a><b xmlns:x='u'><c xmlns:x='v'/><x:d/></b></a>"), Ok(()));
    }

    #[test]
    fn the_same_attribute_under_two_prefixes_is_one() {
        let twice = Err("the attribute `n` of the namespace `u` stands twice in one element".to_owned());
        assert_eq!(names("<a xmlns:x='u'><b xmlns:y='u' x:n='' y:n=''/></a>"), twice);
        assert_eq!(names("<a xmlns:x='u'><b xmlns:x='v' xmlns:y='u' x:n='' y:n='' n=''/></a>"), Ok(()));
        // Without prefix is without namespace, even inside a default one.
        assert_eq!(names("<a xmlns='u' xmlns:x='u' x:n='' n=''/>"), Ok(()));
    }
}
