//! The details pane: the property sheet of what is selected, as a list of lines.
//!
//! The lines hold numbers, not texts; a line is read from the store when it is drawn. Which lines there are is
//! [`entries`](super::entries)' matter.

use std::borrow::Cow;

use crate::accounts::Names;
use crate::check::Finding;
use crate::store::{Kind, LeafId, LeafKind, ObjId, Store, check_query};

use super::entries::{entries, problem_entries};
use super::keymap::Keymap;
use super::layout::{Pane, scroll_to};
use super::line::Line;
use super::machines::{self, Machines};
use super::tree::{Node, Part};

/// Cells of a property's label.
pub const LABEL: u16 = 16;

/// A property of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names are the properties.
pub enum Prop {
    Name,
    Description,
    Version,
    Number,
    Type,
    Query,
    RuleLanguage,
    Rule,
    RulePath,
    Schema,
    Guid,
}

impl Prop {
    /// What the sheet calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Prop::Name => "Name",
            Prop::Description => "Description",
            Prop::Version => "Version",
            Prop::Number => "Number",
            Prop::Type => "Type",
            Prop::Query => "LDAP query",
            Prop::RuleLanguage => "Rule language",
            Prop::Rule => "Rule",
            Prop::RulePath => "Rule path",
            Prop::Schema => "Schema",
            Prop::Guid => "GUID",
        }
    }

    /// Whether it can be edited.
    pub const fn is_editable(self) -> bool {
        !matches!(self, Prop::Guid)
    }
}

/// A property's value; `None` where the file does not give one.
pub fn value(store: &Store, object: ObjId, prop: Prop) -> Option<Cow<'_, str>> {
    match prop {
        Prop::Name => Some(store.name(object)),
        Prop::Description => store.description(object),
        Prop::Version => store.attribute(object, "ApplicationVersion"),
        Prop::Number => store.first(object, LeafKind::OperationId),
        Prop::Type => store.attribute(object, "GroupType"),
        Prop::Query => store.first(object, LeafKind::LdapQuery),
        Prop::RuleLanguage => store.first(object, LeafKind::BizRuleLanguage),
        Prop::Rule => store.first(object, LeafKind::BizRule),
        Prop::RulePath if store.kind(object) == Kind::Group => {
            store.first(object, LeafKind::BizRuleImportedPath)
        }
        Prop::RulePath => store.attribute(object, "BizRuleImportedPath"),
        Prop::Schema => store.schema_version().map(Cow::Owned),
        Prop::Guid => store.guid_text(object),
    }
}

/// One line of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Blank,
    /// The name of a section.
    Heading(&'static str),
    /// A property and its value.
    Property(Prop),
    /// What did not fit into the line above, behind so many blanks.
    More(u16, String),
    /// An object that stands in the selected folder or object.
    Child(ObjId),
    /// A link to a definition, operation or group.
    Link(LeafId),
    /// A member or non-member.
    Account(LeafId),
    /// A link from elsewhere to this object.
    Referrer(LeafId),
    /// A sentence.
    Note(String),
    /// An attribute that the format does not name.
    Attribute(String, String),
    /// Another thing in the file that the format does not name, and where.
    Unknown(String),
    /// A finding about this object: index into [`Sheet::findings`].
    Finding(usize),
    /// What is known of a virtual machine, under a label.
    Fact(&'static str, String),
    /// What is wrong with a virtual machine.
    Warning(String),
}

impl Entry {
    /// Whether the cursor stops on it.
    pub const fn is_stop(&self) -> bool {
        !matches!(
            self,
            Entry::Blank | Entry::Heading(_) | Entry::Note(_) | Entry::More(..) | Entry::Warning(_)
        )
    }
}

/// What of an object can be edited on its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    /// A property.
    Property(Prop),
    /// The attribute of this name, which the format does not name.
    Attribute(String),
}

impl Edited {
    /// What the sheet calls it.
    pub fn label(&self) -> &str {
        match self {
            Edited::Property(prop) => prop.label(),
            Edited::Attribute(name) => name,
        }
    }

    /// What is wrong with a text that is being typed for it, where that can be told from the text alone.
    pub fn fault_in(&self, text: &str) -> Option<String> {
        let is_query = *self == Edited::Property(Prop::Query) && !text.trim().is_empty();
        if is_query { check_query(text).err().map(|fault| fault.to_string()) } else { None }
    }
}

/// A line of the sheet being edited where it stands.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Whose.
    pub object: ObjId,
    /// Which.
    pub what: Edited,
    /// What is typed.
    pub line: Line,
    /// What it was.
    pub before: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// Where the focus goes back to.
    pub back: Pane,
    /// Esc was pressed once over changed text.
    pub warned: bool,
}

/// The property sheet.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// What it shows, and the store's revision that it was made from.
    pub of: Option<(Node, u64)>,
    /// Its lines.
    pub entries: Vec<Entry>,
    /// The findings about the object.
    pub findings: Vec<Finding>,
    /// What each of them says, with the names of accounts as far as they are known.
    pub messages: Vec<String>,
    /// Lines before those of the findings.
    before_problems: usize,
    /// So many names were known when the messages were made; `None`: they are still without.
    named_with: Option<u64>,
    /// Line with the cursor.
    pub selected: usize,
    /// First visible line.
    pub top: usize,
    /// Cells that its lines have.
    pub width: usize,
    /// A property being edited.
    pub edit: Option<Edit>,
}

impl Sheet {
    /// Makes the lines for what is selected, which has these findings, unless they are made. The cursor stays on its line
    /// if that is left.
    pub fn show(
        &mut self,
        (store, machines, keys): (&Store, &Machines, &Keymap),
        findings: &[Finding],
        (node, revision): (Node, u64),
        width: usize,
    ) {
        if self.of == Some((node, revision)) && self.width == width {
            return;
        }
        self.width = width;
        let same = self.of.is_some_and(|(shown, _)| shown == node);
        let stood = if same { self.entries.get(self.selected).cloned() } else { None };
        self.findings = findings.iter().take(50).cloned().collect();
        self.entries = match node.part {
            Part::Machine(number) => {
                self.findings.clear();
                machines::sheet::entries(store, machines, keys, number, width)
            }
            _ => entries(store, keys, node, width),
        };
        self.before_problems = self.entries.len();
        self.named_with = None;
        self.messages = self.findings.iter().map(|finding| finding.message.clone()).collect();
        if node.part == Part::Object {
            self.entries.extend(problem_entries(&self.messages, width));
        }
        self.of = Some((node, revision));
        if !same {
            self.top = 0;
            self.selected = 0;
        }
        if let Some(index) = stood.and_then(|entry| self.entries.iter().position(|other| *other == entry)) {
            self.selected = index;
        }
        self.snap();
    }

    /// Puts the names of accounts into what the findings say, as far as names have come. The cursor stays on its line.
    pub fn name(&mut self, names: &Names) {
        let told = Some(names.news());
        if self.named_with == told || self.of.is_none_or(|(node, _)| node.part != Part::Object) {
            return;
        }
        self.named_with = told;
        let message = |finding: &Finding| names.put_into(&finding.message).into_owned();
        self.messages = self.findings.iter().map(message).collect();
        let stood = self.entry().cloned();
        self.entries.truncate(self.before_problems);
        self.entries.extend(problem_entries(&self.messages, self.width));
        if let Some(stood) = stood {
            self.select(&stood);
        }
        self.snap();
    }

    /// The line with the cursor.
    pub fn entry(&self) -> Option<&Entry> {
        self.entries.get(self.selected)
    }

    /// Keeps the cursor among the `height` visible lines.
    pub fn settle(&mut self, height: usize) {
        // What is above the first line to stop on is shown with it.
        let first = self.entries.iter().position(Entry::is_stop).unwrap_or(0);
        let wanted = if self.selected <= first { 0 } else { self.selected };
        let top = self.top.min(self.entries.len().saturating_sub(height));
        self.top = scroll_to(top, wanted, height);
    }

    /// Moves the cursor by so many lines to stop on; at an end it stays.
    pub fn step(&mut self, by: isize) {
        for _ in 0..by.unsigned_abs() {
            let next = if by > 0 {
                (self.selected.saturating_add(1)..self.entries.len()).find(|&index| self.stops(index))
            } else {
                (0..self.selected).rev().find(|&index| self.stops(index))
            };
            match next {
                Some(index) => self.selected = index,
                None => return,
            }
        }
    }

    /// Moves the cursor to the first (`false`) or last line to stop on.
    pub fn to_end(&mut self, last: bool) {
        let mut stops = (0..self.entries.len()).filter(|&index| self.stops(index));
        let found = if last { stops.next_back() } else { stops.next() };
        self.selected = found.unwrap_or(0);
    }

    /// Puts the cursor on a line, if it is there.
    pub fn select(&mut self, wanted: &Entry) -> bool {
        let found = self.entries.iter().position(|entry| entry == wanted);
        found.map(|index| self.selected = index).is_some()
    }

    /// Puts the cursor on a line by index, or the next one to stop on.
    pub fn select_index(&mut self, index: usize) {
        self.selected = index.min(self.entries.len().saturating_sub(1));
        self.snap();
    }

    fn stops(&self, index: usize) -> bool {
        self.entries.get(index).is_some_and(Entry::is_stop)
    }

    fn snap(&mut self) {
        self.selected = self.selected.min(self.entries.len().saturating_sub(1));
        if !self.stops(self.selected) {
            let below = (self.selected..self.entries.len()).find(|&index| self.stops(index));
            let above = (0..self.selected).rev().find(|&index| self.stops(index));
            self.selected = below.or(above).unwrap_or(0);
        }
    }
}
