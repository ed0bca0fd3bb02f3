//! Over a document once, from front to back, believing nothing.

mod explain;

use explain::doctype;
use quick_xml::Reader as Tokens;
use quick_xml::events::Event as Token;

use super::chars::{check_name, is_space};
use super::document::offset;
use super::error::{Fault, shown};
use super::namespaces::Namespaces;
use super::{Attribute, Document, Error, Span, declaration, decode, limits, references, scan, tag};

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
    /// Where the tokenizer began.
    base: u32,
    /// Where the next token begins.
    at: u32,
    /// The elements that must be open at the end.
    inside: &'d [&'d str],
    /// The elements that are open, from the root.
    open: Vec<Open<'d>>,
    /// The root was seen.
    rooted: bool,
    attributes: Vec<Attribute>,
    namespaces: Namespaces<'d>,
    /// The text up to here holds no forbidden character.
    clean_to: u32,
    /// There is no `]` between here and `clean_to`.
    bracket_to: u32,
    failed: Option<Error>,
}

#[derive(Debug)]
struct Open<'d> {
    name: &'d str,
    /// Of the start tag.
    start: u32,
}

/// So much text is searched for forbidden characters at once: it stays in the processor's cache for the tokenizer.
const AHEAD: usize = 1 << 14;

impl<'d> Reader<'d> {
    /// A reader of a document, from its front to its end.
    pub fn new(document: &'d Document) -> Reader<'d> {
        Reader::between(document, 0, document.text().len(), &[], &[])
    }

    /// A reader of a piece of a document that lies in the elements `before`, outermost first, and ends in the elements
    /// `after`: so several threads can read one document. Pieces are well-formed together if each is and the elements
    /// that one ends in are those that the next begins in; cuts lie inside the root, so only the first piece has
    /// nothing `before` and only the last nothing `after`. `piece` begins and ends where a tag does; anything else
    /// comes out as an error. Names with a prefix are errors unless the piece itself declares the prefix.
    pub fn of_piece(
        document: &'d Document,
        piece: Span,
        before: &'d [&'d str],
        after: &'d [&'d str],
    ) -> Reader<'d> {
        Reader::between(document, piece.start as usize, piece.end as usize, before, after)
    }

    fn between(
        document: &'d Document,
        from: usize,
        to: usize,
        before: &'d [&'d str],
        after: &'d [&'d str],
    ) -> Reader<'d> {
        let text = document.text();
        let mut tokens = Tokens::from_str(text.get(from..to).unwrap_or_default());
        let config = tokens.config_mut();
        // All of this is checked here, with better messages.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.trim_markup_names_in_closing_tags = false;
        let mut open = Vec::with_capacity(limits::DEPTH);
        open.extend(before.iter().map(|name| Open { name, start: offset(from) }));
        Reader {
            document,
            text,
            tokens,
            base: offset(from),
            at: offset(from),
            inside: after,
            rooted: !open.is_empty(),
            open,
            attributes: Vec::new(),
            namespaces: Namespaces::default(),
            clean_to: offset(from),
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
        self.advance().map_err(|fault| self.fail(fault))
    }

    /// The attributes of the last start tag, in written order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    // The parts of this loop give little back: what is moved for each of millions of events is time.
    #[inline]
    fn advance(&mut self) -> Result<Option<Event<'d>>, Fault> {
        loop {
            let start = self.at;
            if start == 0 {
                self.check_front()?;
            }
            // Each token is bound in its arm: to move it before, or to drop it behind, takes as long as the checks.
            return Ok(Some(match self.tokens.read_event() {
                Ok(Token::Start(tag)) => {
                    let span = self.take(start)?;
                    let name = self.start(span, offset(tag.name().as_ref().len()), false)?;
                    Event::Start { name, span, empty: false }
                }
                Ok(Token::Empty(tag)) => {
                    let span = self.take(start)?;
                    let name = self.start(span, offset(tag.name().as_ref().len()), true)?;
                    Event::Start { name, span, empty: true }
                }
                Ok(Token::End(_tag)) => {
                    let span = self.take(start)?;
                    Event::End { name: self.end(span)?, span }
                }
                Ok(Token::Text(_text)) => {
                    let span = self.take(start)?;
                    Event::Text { span, blank: self.text(span)? }
                }
                Ok(Token::GeneralRef(_)) => {
                    let span = self.take(start)?;
                    self.check_inside(span, "a reference")?;
                    references::check(self.piece(span), start as usize)?;
                    Event::Text { span, blank: false }
                }
                Ok(Token::CData(_)) => {
                    let span = self.take(start)?;
                    self.check_inside(span, "a CDATA section")?;
                    Event::Text { span, blank: false }
                }
                Ok(Token::Comment(_)) => {
                    let span = self.take(start)?;
                    self.check_comment(span)?;
                    Event::Misc { span }
                }
                Ok(Token::PI(_)) => {
                    let span = self.take(start)?;
                    self.check_instruction(span)?;
                    Event::Misc { span }
                }
                Ok(Token::Decl(_)) => {
                    let span = self.take(start)?;
                    self.check_declaration(span)?;
                    continue;
                }
                Ok(Token::DocType(_)) => return Err(doctype(start)),
                Ok(Token::Eof) => {
                    self.check_end()?;
                    return Ok(None);
                }
                Err(_) => return Err(self.no_token(start)),
            }));
        }
    }

    /// The token from `start` to where the tokenizer is now, once it is known to hold no forbidden character.
    #[inline]
    fn take(&mut self, start: u32) -> Result<Span, Fault> {
        let end = self.base + u32::try_from(self.tokens.buffer_position()).unwrap_or(0);
        self.at = end;
        if end > self.clean_to {
            self.look_ahead(end)?;
        }
        Ok(Span { start, end })
    }

    /// Checks a start tag and enters the element; gives its name.
    #[inline]
    fn start(&mut self, span: Span, name_length: u32, empty: bool) -> Result<&'d str, Fault> {
        let name_span = Span { start: span.start + 1, end: span.start + 1 + name_length };
        let name = self.piece(name_span);
        let prefixed = check_name(name, name_span.start as usize)?;
        let depth = self.open.len();
        if depth == 0 && std::mem::replace(&mut self.rooted, true) {
            let message = format!("a second root, `<{}>`", shown(name));
            return Err(Fault::malformed(span.start as usize, message));
        }
        if depth == limits::DEPTH {
            let message = format!("elements nested deeper than {}", limits::DEPTH);
            return Err(Fault::limit(span.start as usize, message));
        }

        self.attributes.clear();
        let end = span.end - if empty { 2 } else { 1 };
        let mut namespaces = prefixed;
        if name_span.end != end {
            namespaces |= tag::scan(self.text, name_span.end as usize, end as usize, &mut self.attributes)?;
        }
        if namespaces {
            self.namespaces.enter(self.document, name, name_span.start as usize, &self.attributes, depth)?;
        }
        if empty {
            self.namespaces.leave(depth);
        } else {
            self.open.push(Open { name, start: span.start });
        }
        Ok(name)
    }

    /// Checks an end tag and leaves the element; gives its name.
    #[inline]
    fn end(&mut self, span: Span) -> Result<&'d str, Fault> {
        let raw = self.bytes(Span { start: span.start + 2, end: span.end - 1 });
        match self.open.pop() {
            Some(open) if raw == open.name.as_bytes() || raw.trim_ascii_end() == open.name.as_bytes() => {
                self.namespaces.leave(self.open.len());
                Ok(open.name)
            }
            open => Err(self.wrong_end(span, open.as_ref())),
        }
    }

    /// Checks character data; gives whether it is blank.
    #[inline]
    fn text(&mut self, span: Span) -> Result<bool, Fault> {
        let raw = self.bytes(span);
        if raw.iter().all(|&byte| is_space(byte)) {
            return Ok(true);
        }
        if self.open.is_empty() {
            return Err(self.text_outside(raw, span.start));
        }
        if span.start < self.bracket_to
            && let Some(found) = memchr::memmem::find(raw, b"]]>")
        {
            let message = "`]]>` in text must be written `]]&gt;`";
            return Err(Fault::malformed(span.start as usize + found, message));
        }
        Ok(false)
    }

    fn bytes(&self, span: Span) -> &'d [u8] {
        self.text.as_bytes().get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn piece(&self, span: Span) -> &'d str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn check_comment(&self, span: Span) -> Result<(), Fault> {
        let start = span.start as usize + "<!--".len();
        let inside = self.text.get(start..span.end as usize - "-->".len()).unwrap_or_default();
        let dashes = memchr::memmem::find(inside.as_bytes(), b"--")
            .or_else(|| inside.ends_with('-').then(|| inside.len() - 1));
        match dashes {
            None => Ok(()),
            Some(found) => Err(Fault::malformed(start + found, "`--` inside a comment")),
        }
    }

    fn check_instruction(&self, span: Span) -> Result<(), Fault> {
        let start = span.start as usize + "<?".len();
        let inside = self.text.get(start..span.end as usize - "?>".len()).unwrap_or_default();
        let target = inside.split([' ', '\t', '\n', '\r']).next().unwrap_or_default();
        if target.eq_ignore_ascii_case("xml") {
            let message = format!("`{target}` is no name for a processing instruction");
            return Err(Fault::malformed(start, message));
        }
        if check_name(target, start)? {
            let message = format!("the processing instruction `{}` has a colon in its name", shown(target));
            return Err(Fault::malformed(start, message));
        }
        Ok(())
    }

    fn check_declaration(&self, span: Span) -> Result<(), Fault> {
        if span.start != 0 {
            let message = "an XML declaration can only be the very first thing in a file";
            return Err(Fault::malformed(span.start as usize, message));
        }
        let declared = declaration::read(self.piece(span))?;
        match declared.encoding {
            Some((name, at)) => decode::check_declared(self.document, name, at),
            None => Ok(()),
        }
    }

    /// What the tokenizer would swallow.
    fn check_front(&self) -> Result<(), Fault> {
        if self.text.starts_with('\u{FEFF}') {
            return Err(Fault::malformed(0, "a second byte order mark"));
        }
        Ok(())
    }

    /// References and CDATA sections are only for the inside of elements.
    fn check_inside(&self, span: Span, what: &str) -> Result<(), Fault> {
        if self.open.is_empty() {
            return Err(Fault::malformed(span.start as usize, format!("{what} outside the root element")));
        }
        Ok(())
    }

    /// At the end of the file: one root, and nothing open.
    fn check_end(&self) -> Result<(), Fault> {
        let end = self.at as usize;
        if !self.inside.is_empty() && self.open.iter().map(|open| open.name).eq(self.inside.iter().copied()) {
            return Ok(());
        }
        match self.open.last() {
            Some(open) => {
                let (name, opened) = (shown(open.name), self.document.position(open.start));
                Err(Fault::malformed(
                    end,
                    format!("the file ends inside `<{name}>`, which was opened at {opened}"),
                ))
            }
            None if end == 0 => Err(Fault::malformed(end, "the file is empty")),
            None if !self.rooted => Err(Fault::malformed(end, "the file holds no element")),
            None if !self.inside.is_empty() => {
                Err(Fault::malformed(end, "the root element is closed too early"))
            }
            None => Ok(()),
        }
    }

    /// Searches for forbidden characters up to `end` and some way further.
    #[cold]
    #[inline(never)]
    fn look_ahead(&mut self, end: u32) -> Result<(), Fault> {
        let text = self.text.as_bytes();
        while self.clean_to < end {
            let from = self.clean_to as usize;
            let to = (from + AHEAD).min(text.len());
            let block = scan::block(text, from, to);
            if block.bracket {
                self.bracket_to = offset(to);
            }
            match block.forbidden {
                Some(at) if at < end as usize => {
                    let message = format!("{} is a character that XML does not allow", self.char_at(at));
                    return Err(Fault::malformed(at, message));
                }
                // Not in this token: complain when its own comes, after whatever is wrong before it.
                Some(at) => self.clean_to = offset(at),
                None => self.clean_to = offset(to),
            }
        }
        Ok(())
    }

    #[cold]
    fn fail(&mut self, fault: Fault) -> Error {
        let error = fault.in_document(self.document);
        self.failed.insert(error).clone()
    }
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
            "2:20: `<AzRole>` is closed by `</AzTask>`; it was opened at 2:3"
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

    #[test]
    fn pieces_are_read_alone() {
        let document = Document::decode(b"<a><b>1</b><c/></a>".to_vec()).unwrap();
        let read = |start, end, before: &'static [&str], after: &'static [&str]| {
            let mut reader = Reader::of_piece(&document, Span { start, end }, before, after);
            std::iter::from_fn(|| reader.next().transpose())
                .collect::<Result<Vec<_>, _>>()
                .map(|events| events.len())
        };
        assert_eq!(read(0, 11, &[], &["a"]), Ok(4));
        assert_eq!(read(11, 19, &["a"], &[]), Ok(2));
        assert!(read(0, 11, &[], &["b"]).is_err() && read(11, 19, &["b"], &[]).is_err());
        assert!(read(0, 7, &[], &["a"]).is_err() && read(11, 19, &["a"], &["a"]).is_err());
    }
}
