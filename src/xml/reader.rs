//! Over a document once, from front to back, believing nothing.

use quick_xml::Reader as Tokens;
use quick_xml::events::Event as Token;

use super::chars::{check_name, is_space};
use super::document::offset;
use super::error::{Fault, shown, shown_char};
use super::namespaces::Namespaces;
use super::{
    Attribute, Document, Error, ErrorKind, Span, declaration, decode, limits, references, scan, tag,
};

/// What is found in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'d> {
    /// A start tag; its attributes are [`Reader::attributes`].
    Start {
        /// With prefix.
        name: &'d str,
        /// The whole tag, `<…>`.
        span: Span,
        /// `<…/>`: no `End` follows.
        empty: bool,
    },
    /// An end tag.
    End {
        /// With prefix.
        name: &'d str,
        /// The whole tag, `</…>`.
        span: Span,
    },
    /// Character data, one CDATA section, or one reference: one leaf may have several.
    Text {
        /// As written, with the brackets of a CDATA section.
        span: Span,
        /// Character data of nothing but white space. A CDATA section or a reference is never blank: somebody meant it.
        blank: bool,
    },
    /// A comment or processing instruction.
    Misc {
        /// As written.
        span: Span,
    },
}

/// A strict pull reader: the document is well-formed if [`next`](Reader::next) comes to its end without an error.
#[derive(Debug)]
pub struct Reader<'d> {
    document: &'d Document,
    text: &'d str,
    tokens: Tokens<&'d [u8]>,
    /// Where the next token begins.
    at: usize,
    /// The elements that are open, from the root.
    open: Vec<Open<'d>>,
    /// The root was seen.
    rooted: bool,
    attributes: Vec<Attribute>,
    namespaces: Namespaces<'d>,
    /// The text up to here holds no forbidden character.
    clean_to: usize,
    /// There is no `]` between here and `clean_to`.
    bracket_to: usize,
    failed: Option<Error>,
}

#[derive(Debug)]
struct Open<'d> {
    name: &'d str,
    /// Of the start tag.
    start: usize,
}

/// So much text is searched for forbidden characters at once: it stays in the processor's cache for the tokenizer.
const AHEAD: usize = 1 << 14;

impl<'d> Reader<'d> {
    /// A reader at the front of a document.
    pub fn new(document: &'d Document) -> Reader<'d> {
        let text = document.text();
        let mut tokens = Tokens::from_str(text);
        let config = tokens.config_mut();
        // All of this is checked here, with better messages.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.trim_markup_names_in_closing_tags = false;
        Reader {
            document,
            text,
            tokens,
            at: 0,
            open: Vec::with_capacity(limits::DEPTH),
            rooted: false,
            attributes: Vec::new(),
            namespaces: Namespaces::default(),
            clean_to: 0,
            bracket_to: 0,
            failed: None,
        }
    }

    /// What comes next; nothing at the end of the document. The XML declaration is checked but is no event. An error
    /// stays: the same comes again.
    #[allow(
        clippy::should_implement_trait,
        reason = "an iterator would give Option<Result<…>>, which `?` does not read"
    )]
    pub fn next(&mut self) -> Result<Option<Event<'d>>, Error> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        loop {
            match self.advance() {
                Ok(Step::Event(event)) => return Ok(Some(event)),
                Ok(Step::Nothing) => {}
                Ok(Step::End) => return Ok(None),
                Err(fault) => return Err(self.fail(fault)),
            }
        }
    }

    /// The attributes of the last start tag, in written order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    #[inline]
    fn advance(&mut self) -> Result<Step<'d>, Fault> {
        let start = self.at;
        if start == 0 {
            self.check_front()?;
        }
        let Ok(token) = self.tokens.read_event() else { return Err(self.no_token()) };
        let end = usize::try_from(self.tokens.buffer_position()).unwrap_or(usize::MAX);
        self.at = end;
        if end > self.clean_to {
            self.look_ahead(end)?;
        }
        let span = Span::of(start, end);
        match token {
            Token::Start(tag) => self.start(span, tag.name().as_ref().len(), false),
            Token::Empty(tag) => self.start(span, tag.name().as_ref().len(), true),
            Token::End(_) => self.end(span),
            Token::Text(_) => self.text(span),
            Token::GeneralRef(_) => {
                self.check_inside(span, "a reference")?;
                references::check(self.document.get(span), start)?;
                Ok(Step::Event(Event::Text { span, blank: false }))
            }
            Token::CData(_) => {
                self.check_inside(span, "a CDATA section")?;
                Ok(Step::Event(Event::Text { span, blank: false }))
            }
            Token::Comment(_) => self.comment(span),
            Token::PI(_) => self.instruction(span),
            Token::Decl(_) => self.declaration(span),
            Token::DocType(_) => Err(doctype(start)),
            Token::Eof => self.finish(),
        }
    }

    #[inline]
    fn start(&mut self, span: Span, name_length: usize, empty: bool) -> Result<Step<'d>, Fault> {
        let (start, end) = (span.start as usize, span.end as usize);
        let name_end = start + 1 + name_length;
        let name = self.text.get(start + 1..name_end).unwrap_or_default();
        let prefixed = check_name(name, start + 1)?;
        let depth = self.open.len();
        if depth == 0 && self.rooted {
            return Err(Fault::malformed(start, format!("a second root, `<{}>`", shown(name))));
        }
        if depth == limits::DEPTH {
            return Err(Fault::limit(start, format!("elements nested deeper than {}", limits::DEPTH)));
        }
        self.rooted = true;

        self.attributes.clear();
        let inside_end = end - if empty { 2 } else { 1 };
        if name_end != inside_end {
            let declares = tag::scan(self.text, name_end, inside_end, &mut self.attributes)?;
            if prefixed || declares {
                self.namespaces.enter(self.document, name, start + 1, &self.attributes, depth)?;
            }
        } else if prefixed {
            self.namespaces.enter(self.document, name, start + 1, &[], depth)?;
        }
        if empty {
            self.namespaces.leave(depth);
        } else {
            self.open.push(Open { name, start });
        }
        Ok(Step::Event(Event::Start { name, span, empty }))
    }

    #[inline]
    fn end(&mut self, span: Span) -> Result<Step<'d>, Fault> {
        let raw = self.text.get(span.start as usize + 2..span.end as usize - 1).unwrap_or_default();
        let Some(Open { name, start }) = self.open.pop() else {
            let message = format!("`</{}>` closes nothing", shown(raw));
            return Err(Fault::malformed(span.start as usize, message));
        };
        if raw != name && raw.trim_end_matches([' ', '\t', '\n', '\r']) != name {
            let opened = self.document.position(offset(start));
            let message =
                format!("`<{}>`, opened at {opened}, is closed by `</{}>`", shown(name), shown(raw));
            return Err(Fault::malformed(span.start as usize, message));
        }
        self.namespaces.leave(self.open.len());
        Ok(Step::Event(Event::End { name, span }))
    }

    #[inline]
    fn text(&mut self, span: Span) -> Result<Step<'d>, Fault> {
        let raw = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let blank = raw.bytes().all(is_space);
        if !blank {
            if self.open.is_empty() {
                return Err(self.text_outside(raw, span.start as usize));
            }
            if (span.start as usize) < self.bracket_to
                && let Some(found) = memchr::memmem::find(raw.as_bytes(), b"]]>")
            {
                let message = "`]]>` in text must be written `]]&gt;`";
                return Err(Fault::malformed(span.start as usize + found, message));
            }
        }
        Ok(Step::Event(Event::Text { span, blank }))
    }

    fn comment(&mut self, span: Span) -> Result<Step<'d>, Fault> {
        let inside = self.text.get(span.start as usize + 4..span.end as usize - 3).unwrap_or_default();
        let dashes = memchr::memmem::find(inside.as_bytes(), b"--")
            .or_else(|| inside.ends_with('-').then(|| inside.len() - 1));
        match dashes {
            None => Ok(Step::Event(Event::Misc { span })),
            Some(found) => Err(Fault::malformed(span.start as usize + 4 + found, "`--` inside a comment")),
        }
    }

    fn instruction(&mut self, span: Span) -> Result<Step<'d>, Fault> {
        let start = span.start as usize;
        let inside = self.text.get(start + 2..span.end as usize - 2).unwrap_or_default();
        let target = inside.split([' ', '\t', '\n', '\r']).next().unwrap_or_default();
        let reserved = target.eq_ignore_ascii_case("xml");
        if reserved {
            let message = format!("`{target}` is no name for a processing instruction");
            return Err(Fault::malformed(start, message));
        }
        if check_name(target, start + 2)? {
            let message = format!("the processing instruction `{}` has a colon in its name", shown(target));
            return Err(Fault::malformed(start + 2, message));
        }
        Ok(Step::Event(Event::Misc { span }))
    }

    fn declaration(&mut self, span: Span) -> Result<Step<'d>, Fault> {
        if span.start != 0 {
            let message = "an XML declaration can only be the very first thing in a file";
            return Err(Fault::malformed(span.start as usize, message));
        }
        let declared = declaration::read(self.document.get(span))?;
        if let Some((name, at)) = declared.encoding {
            decode::check_declared(self.document, name, at)?;
        }
        Ok(Step::Nothing)
    }

    /// What the tokenizer would swallow.
    fn check_front(&self) -> Result<(), Fault> {
        if self.text.starts_with('\u{FEFF}') {
            return Err(Fault::malformed(0, "a second byte order mark"));
        }
        Ok(())
    }

    /// Searches for forbidden characters up to `end` and some way further.
    #[cold]
    #[inline(never)]
    fn look_ahead(&mut self, end: usize) -> Result<(), Fault> {
        let text = self.text.as_bytes();
        while self.clean_to < end {
            let to = (self.clean_to + AHEAD).min(text.len());
            let block = scan::block(text, self.clean_to, to);
            if block.bracket {
                self.bracket_to = to;
            }
            match block.forbidden {
                Some(at) if at < end => {
                    let c = self.text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
                    let message = format!("{} is a character that XML does not allow", shown_char(c));
                    return Err(Fault::malformed(at, message));
                }
                // Not in this token: complain when its own comes, after whatever is wrong before it.
                Some(at) => self.clean_to = at,
                None => self.clean_to = to,
            }
        }
        Ok(())
    }

    fn check_inside(&self, span: Span, what: &str) -> Result<(), Fault> {
        if self.open.is_empty() {
            return Err(Fault::malformed(span.start as usize, format!("{what} outside the root element")));
        }
        Ok(())
    }

    #[cold]
    fn text_outside(&self, raw: &str, start: usize) -> Fault {
        let at = start + raw.bytes().position(|byte| !is_space(byte)).unwrap_or_default();
        let found =
            self.text.get(at..).and_then(|rest| rest.chars().next()).map_or_else(String::new, shown_char);
        if self.rooted {
            Fault::malformed(at, format!("{found} behind the end of the root element"))
        } else {
            Fault::malformed(at, format!("{found} where the root element should begin: this is not XML"))
        }
    }

    fn finish(&mut self) -> Result<Step<'d>, Fault> {
        if let Some(Open { name, start }) = self.open.last() {
            let opened = self.document.position(offset(*start));
            let message = format!("the file ends inside `<{}>`, opened at {opened}", shown(name));
            return Err(Fault::malformed(self.text.len(), message));
        }
        if self.text.is_empty() {
            return Err(Fault::malformed(0, "the file is empty"));
        }
        if !self.rooted {
            return Err(Fault::malformed(self.text.len(), "the file holds no element"));
        }
        Ok(Step::End)
    }

    /// Why the tokenizer found nothing at `self.at`.
    #[cold]
    fn no_token(&mut self) -> Fault {
        let at = self.at;
        let rest = self.text.get(at..).unwrap_or_default();
        if let Err(fault) = self.look_ahead(at + 1) {
            return fault;
        }
        let message = match rest {
            _ if rest.starts_with("<!DOCTYPE") => return doctype(at),
            _ if rest.starts_with('&') => {
                return references::check(rest, at).err().unwrap_or_else(|| references::lone_ampersand(at));
            }
            _ if rest.starts_with("<!--") => "a comment that is not closed by `-->`",
            _ if rest.starts_with("<![CDATA[") => "a CDATA section that is not closed by `]]>`",
            _ if rest.starts_with("<!") => "`<!` begins neither a comment nor a CDATA section",
            _ if rest.starts_with("<?") => "a processing instruction that is not closed by `?>`",
            _ => return self.open_tag(rest),
        };
        Fault::malformed(at, message)
    }

    /// What is wrong with a tag that has no end: a quote that is not closed most likely.
    fn open_tag(&mut self, rest: &str) -> Fault {
        let name_end = rest.bytes().position(is_space).unwrap_or(rest.len());
        self.attributes.clear();
        if let Err(fault) = tag::scan(self.text, self.at + name_end, self.text.len(), &mut self.attributes) {
            return fault;
        }
        let tag = shown(rest.get(..name_end).unwrap_or_default());
        Fault::malformed(self.at, format!("the file ends inside the tag `{tag}`"))
    }

    #[cold]
    fn fail(&mut self, fault: Fault) -> Error {
        let error = Error {
            kind: fault.kind,
            message: fault.message,
            position: self.document.position(offset(fault.at)),
        };
        self.failed.get_or_insert(error).clone()
    }
}

enum Step<'d> {
    Event(Event<'d>),
    Nothing,
    End,
}

#[cold]
fn doctype(at: usize) -> Fault {
    let message = "a DOCTYPE is not accepted in a policy store; remove it";
    Fault { kind: ErrorKind::Dtd, at, message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<String>, Error> {
        let document = Document::decode(bytes.to_vec())?;
        let mut reader = Reader::new(&document);
        let mut seen = Vec::new();
        while let Some(event) = reader.next()? {
            seen.push(match event {
                Event::Start { name, span, empty } => {
                    let attributes: Vec<_> = reader
                        .attributes()
                        .iter()
                        .map(|a| format!("{}={}", document.get(a.name), document.get(a.value)))
                        .collect();
                    format!("start {name} {attributes:?} {empty} {}", document.get(span))
                }
                Event::End { name, span } => format!("end {name} {}", document.get(span)),
                Event::Text { span, blank } => format!("text {blank} {}", document.get(span)),
                Event::Misc { span } => format!("misc {}", document.get(span)),
            });
        }
        assert_eq!(reader.next(), Ok(None), "the end stays the end");
        Ok(seen)
    }

    fn refused(text: &str) -> String {
        match read(text.as_bytes()) {
            Ok(events) => panic!("accepted {text:?}: {events:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn events_come_with_what_is_written() {
        let text = "<?xml version=\"1.0\"?>\n<AzTask a='1'  b = \"&lt;\" ><!--x--><L/>a&amp;<![CDATA[<]]> \n</AzTask ><?p q?>";
        assert_eq!(
            read(text.as_bytes()).unwrap(),
            [
                "text true \n",
                "start AzTask [\"a=1\", \"b=&lt;\"] false <AzTask a='1'  b = \"&lt;\" >",
                "misc <!--x-->",
                "start L [] true <L/>",
                "text false a",
                "text false &amp;",
                "text false <![CDATA[<]]>",
                "text true  \n",
                "end AzTask </AzTask >",
                "misc <?p q?>",
            ]
        );
    }

    #[test]
    fn a_wrong_end_tag_is_named_with_its_place() {
        assert_eq!(
            refused("<AzScope>\n  <AzRole Name=\"é\"></AzTask>"),
            "2:20: `<AzRole>`, opened at 2:3, is closed by `</AzTask>`"
        );
    }

    #[test]
    fn an_error_stays() {
        let document = Document::decode(b"<a><b></a>".to_vec()).unwrap();
        let mut reader = Reader::new(&document);
        let first = loop {
            match reader.next() {
                Ok(event) => assert!(event.is_some(), "accepted"),
                Err(error) => break error,
            }
        };
        assert_eq!(reader.next(), Err(first));
    }
}
