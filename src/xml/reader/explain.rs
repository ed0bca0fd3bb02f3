//! Why a document is refused, where that takes a look around. Nothing here runs for a good document.

use super::{Open, Reader};
use crate::xml::chars::is_space;
use crate::xml::error::{Fault, shown, shown_char};
use crate::xml::{ErrorKind, Span, references, tag};

impl<'d> Reader<'d> {
    #[cold]
    pub(super) fn wrong_end(&self, span: Span, open: Option<&Open<'d>>) -> Fault {
        let raw = shown(self.piece(Span { start: span.start + 2, end: span.end - 1 }));
        let message = match open {
            Some(Open { name, start }) => {
                let (name, opened) = (shown(name), self.document.position(*start));
                format!("`<{name}>` is closed by `</{raw}>`; it was opened at {opened}")
            }
            None => format!("`</{raw}>` closes nothing"),
        };
        Fault::malformed(span.start as usize, message)
    }

    #[cold]
    pub(super) fn text_outside(&self, raw: &[u8], start: u32) -> Fault {
        let at = start as usize + raw.iter().position(|&byte| !is_space(byte)).unwrap_or_default();
        let found = self.char_at(at);
        if self.rooted {
            Fault::malformed(at, format!("{found} behind the end of the root element"))
        } else {
            Fault::malformed(at, format!("{found} where the root element should begin: this is not XML"))
        }
    }

    /// Why the tokenizer found nothing at `start`.
    #[cold]
    pub(super) fn no_token(&mut self, start: u32) -> Fault {
        let at = start as usize;
        let rest = self.text.get(at..).unwrap_or_default();
        if let Err(fault) = self.look_ahead(start + 1) {
            return fault;
        }
        let message = if rest.starts_with("<!DOCTYPE") {
            return doctype(start);
        } else if rest.starts_with('&') {
            return references::check(rest, at).err().unwrap_or_else(|| references::lone_ampersand(at));
        } else if rest.starts_with("<!--") {
            "`<!--` is not closed by `-->`"
        } else if rest.starts_with("<![CDATA[") {
            "`<![CDATA[` is not closed by `]]>`"
        } else if rest.starts_with("<!") {
            "`<!` begins neither a comment nor a CDATA section"
        } else if rest.starts_with("<?") {
            "`<?` is not closed by `?>`"
        } else {
            return self.open_tag(at, rest);
        };
        Fault::malformed(at, message)
    }

    /// What is wrong with a tag that has no end: a quote that is not closed most likely.
    pub(super) fn open_tag(&mut self, at: usize, rest: &str) -> Fault {
        let name_end = rest.bytes().position(is_space).unwrap_or(rest.len());
        self.attributes.clear();
        if let Err(fault) = tag::scan(self.text, at + name_end, self.text.len(), &mut self.attributes) {
            return fault;
        }
        let tag = shown(rest.get(..name_end).unwrap_or_default());
        Fault::malformed(at, format!("the file ends inside the tag `{tag}`"))
    }

    pub(super) fn char_at(&self, at: usize) -> String {
        self.text.get(at..).and_then(|rest| rest.chars().next()).map_or_else(String::new, shown_char)
    }
}

#[cold]
pub(super) fn doctype(at: u32) -> Fault {
    Fault::new(ErrorKind::Dtd, at as usize, "a DOCTYPE is not accepted in a policy store; remove it")
}
