//! Events of the Security log about access checks, as `wevtutil` and Event Viewer write them.
//!
//! Authorization Manager writes four (facts of the event providers' templates; no export of a real Hyper-V host was at
//! hand): 4665 a client came, 4666 an operation was attempted, 4667 a client left, 4668 an application was opened. Only
//! 4666 with "audit failure" among its keywords is a denial. A file may have a root element or none, be in UTF-8 or
//! UTF-16, and be longer than memory: what is kept grows only with the number of different denials.

mod decode;

use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use crate::xml::stream::{self, Piece, StreamError};

/// More different denials than this are counted and not told apart: what grows with the file must have an end.
pub const MOST: usize = 20_000;
/// So many different store addresses are kept.
const ADDRESSES: usize = 16;
/// Fields of an event that are read.
const FIELDS: usize = 64;
/// `Audit Success` among the keywords of an event (winmeta.xml).
const AUDIT_SUCCESS: u64 = 0x0020_0000_0000_0000;

/// The fields of event 4666, in the order of its template, for events whose fields have no names.
const ATTEMPT: [&str; 11] = [
    "AppName",
    "AppInstance",
    "ObjectName",
    "ScopeName",
    "ClientName",
    "ClientDomain",
    "ClientLogonId",
    "Role",
    "Group",
    "OperationName",
    "OperationId",
];
/// Those of event 4668.
const OPENED: [&str; 6] =
    ["AppName", "AppInstance", "ClientName", "ClientDomain", "ClientLogonId", "StoreUrl"];

/// What was denied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempt {
    /// `DOMAIN\joe`; without a domain where the event has none.
    pub account: String,
    /// The application that was asked.
    pub application: String,
    /// The scope; `None` is the application's own level, the default scope.
    pub scope: Option<String>,
    /// The operation's number.
    pub id: Option<u32>,
    /// The operation's name, as the event has it.
    pub operation: String,
}

/// What some files of events say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// Every different denial, and how often it was.
    pub denied: BTreeMap<Attempt, u64>,
    /// Denials beyond [`MOST`] different ones.
    pub more: u64,
    /// Attempts that were allowed.
    pub allowed: u64,
    /// Events 4665, 4667 and 4668.
    pub about_clients: u64,
    /// Events that have nothing to do with it, or do not say what was asked.
    pub others: u64,
    /// The addresses of stores in events 4668, in order and without repeats.
    pub stores: Vec<String>,
}

impl Log {
    /// Whether there was no event at all.
    pub fn is_empty(&self) -> bool {
        self.denied.is_empty() && self.allowed + self.about_clients + self.others == 0
    }

    /// Reads one file of events to its end, and adds what it says.
    ///
    /// # Errors
    /// It cannot be read, or is no XML; what was read before that is kept.
    pub fn read(&mut self, source: impl Read) -> Result<(), StreamError> {
        let source = BufReader::new(decode::Utf8::new(source));
        let mut open = Open::default();
        stream::pieces(source, |piece| {
            if let Some(event) = open.take(piece) {
                self.add(&event);
            }
        })
    }

    fn add(&mut self, event: &Event) {
        match event.id {
            4666 if event.keywords & AUDIT_SUCCESS != 0 => self.allowed += 1,
            4666 if event.fields.iter().any(|(_, value)| !value.is_empty()) => self.deny(event.attempt()),
            4665 | 4667 => self.about_clients += 1,
            4668 => {
                self.about_clients += 1;
                let url = event.field(&OPENED, "StoreUrl");
                if !url.is_empty() && self.stores.len() < ADDRESSES && !self.stores.contains(&url) {
                    self.stores.push(url);
                }
            }
            _ => self.others += 1,
        }
    }

    fn deny(&mut self, attempt: Attempt) {
        if let Some(count) = self.denied.get_mut(&attempt) {
            *count += 1;
        } else if self.denied.len() < MOST {
            self.denied.insert(attempt, 1);
        } else {
            self.more += 1;
        }
    }
}

/// One event.
#[derive(Debug, Default)]
struct Event {
    id: u32,
    keywords: u64,
    fields: Vec<(String, String)>,
}

impl Event {
    /// A field by its name, or by its place where the fields have none.
    fn field(&self, order: &[&str], name: &str) -> String {
        let by_name = self.fields.iter().find(|(known, _)| known == name);
        let by_place = || {
            let at = order.iter().position(|known| *known == name)?;
            self.fields.get(at).filter(|(known, _)| known.is_empty())
        };
        by_name.or_else(by_place).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    }

    fn attempt(&self) -> Attempt {
        let field = |name: &str| self.field(&ATTEMPT, name);
        let (name, domain) = (field("ClientName"), field("ClientDomain"));
        let is_none = |text: &str| text.is_empty() || text == "-";
        Attempt {
            account: if is_none(&domain) || name.contains('\\') { name } else { format!("{domain}\\{name}") },
            application: field("AppName"),
            scope: Some(field("ScopeName")).filter(|scope| !is_none(scope)),
            id: field("OperationId").parse().ok(),
            operation: field("OperationName"),
        }
    }
}

/// An event while it is read.
#[derive(Default)]
struct Open {
    event: Option<Event>,
    /// The elements that are open within the event.
    path: Vec<String>,
    text: String,
    name: String,
}

impl Open {
    /// Takes a piece, and gives the event that it ends.
    fn take(&mut self, piece: Piece) -> Option<Event> {
        match piece {
            Piece::Start { name, .. } if name == "Event" => {
                self.event = Some(Event::default());
                self.path.clear();
            }
            Piece::End(name) if name == "Event" => return self.event.take(),
            _ if self.event.is_none() => {}
            Piece::Start { name, attributes } => {
                self.text.clear();
                if name == "Data" {
                    let known = attributes.into_iter().find(|(key, _)| key == "Name");
                    self.name = known.map(|(_, value)| value).unwrap_or_default();
                }
                // Deeper than an event goes nothing is of interest, and nothing is kept.
                if self.path.len() < FIELDS {
                    self.path.push(name);
                }
            }
            Piece::Text(text) => {
                if self.text.len() < stream::LONGEST {
                    self.text.push_str(&text);
                }
            }
            Piece::End(name) => self.end(&name),
        }
        None
    }

    fn end(&mut self, name: &str) {
        let Some(event) = &mut self.event else { return };
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let text = self.text.trim();
        match path.as_slice() {
            ["System", "EventID"] => event.id = text.parse().unwrap_or_default(),
            ["System", "Keywords"] => {
                let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
                event.keywords =
                    digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default();
            }
            ["EventData", "Data"] if event.fields.len() < FIELDS => {
                event.fields.push((std::mem::take(&mut self.name), text.to_owned()));
            }
            _ => {}
        }
        self.text.clear();
        if self.path.last().is_some_and(|open| open == name) {
            self.path.pop();
        }
    }
}

#[cfg(test)]
mod tests;
