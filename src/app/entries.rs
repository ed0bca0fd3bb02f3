//! The lines of the property sheet: which of them an object or folder has.
//!
//! Only an object's own leaves, its children and what refers to it are looked at, never the whole store.

use std::collections::BTreeSet;

use crate::store::{GroupType, Kind, LeafId, LeafKind, ObjId, Store, UnknownKind};

use super::actions::Id;
use super::keymap::Keymap;
use super::sheet::{Entry, LABEL, Prop, value};
use super::tree::{Node, Part};
use super::wrap::wrap;

/// Lines shown of one section; a member list may have a million.
const SECTION: usize = 2000;
/// Lines shown of a rule's text, and of any other value.
const RULE_LINES: usize = 12;
/// Cells before the message of a finding: a blank, its sign, its code.
const CODE: u16 = 10;

/// A property's value, broken into lines for a sheet of so many cells.
pub fn value_lines(value: &str, width: usize) -> Vec<String> {
    wrap(value, width.saturating_sub(usize::from(LABEL)).saturating_sub(3))
}

/// A finding's message, broken into lines for a sheet of so many cells.
pub fn finding_lines(message: &str, width: usize) -> Vec<String> {
    // The first line shares its row with the key of the fix.
    wrap(message, width.saturating_sub(usize::from(CODE)).saturating_sub(10))
}

/// The lines for what is selected, in a sheet of so many cells. Those of its findings come behind them.
pub fn entries(store: &Store, keys: &Keymap, node: Node, width: usize) -> Vec<Entry> {
    let mut sheet = Writer { store, keys, lines: Vec::new() };
    if node.part == Part::Object {
        sheet.object(node.object);
        sheet.lines = with_long_values(store, node.object, sheet.lines, width);
        sheet.raw(node.object);
    } else {
        sheet.folder(node);
    }
    sheet.lines
}

/// Writes the lines of a sheet.
struct Writer<'s> {
    store: &'s Store,
    keys: &'s Keymap,
    lines: Vec<Entry>,
}

impl Writer<'_> {
    fn note(&mut self, text: impl Into<String>) {
        self.lines.push(Entry::Note(text.into()));
    }

    fn heading(&mut self, text: &'static str) {
        self.lines.extend([Entry::Blank, Entry::Heading(text)]);
    }

    fn folder(&mut self, node: Node) {
        let Some(kind) = node.part.kind() else {
            self.note("Role, task and operation definitions stand here.");
            self.note(format!(
                "{} opens the folder, {} creates in it.",
                self.keys.named(Id::Right),
                self.keys.named(Id::Create)
            ));
            return;
        };
        let before = self.lines.len();
        self.capped(self.store.listed(node.object, kind).map(Entry::Child));
        if self.lines.len() == before {
            self.note(format!("No {kind}s yet. {} creates one.", self.keys.named(Id::Create)));
        }
    }

    fn object(&mut self, object: ObjId) {
        let kind = self.store.kind(object);
        self.properties(object, kind);
        let mut leaves = Leaves::of(self.store, object);
        match kind {
            Kind::Store => {
                self.children(object, Kind::Application, "Applications");
                if self.store.listed(object, Kind::Application).next().is_none() {
                    self.lines.push(Entry::Blank);
                    self.note(format!("No applications yet. {} creates one.", self.keys.named(Id::Create)));
                }
            }
            Kind::Application => self.children(object, Kind::Scope, "Scopes"),
            Kind::Scope => {
                self.children(object, Kind::Assignment, "Role assignments");
                if self.store.listed(object, Kind::Assignment).next().is_none() {
                    self.heading("Role assignments");
                    self.note("None yet: nobody has rights only here.");
                    self.note(format!("{} creates one.", self.keys.named(Id::Create)));
                }
            }
            Kind::Operation => {}
            Kind::Role | Kind::Task => {
                let roles = leaves.take_roles(self.store);
                if kind == Kind::Role || !roles.is_empty() {
                    self.links(
                        "Role definitions",
                        roles,
                        &format!("None. {} links role definitions.", self.keys.named(Id::Roles)),
                    );
                }
                self.links(
                    "Task definitions",
                    std::mem::take(&mut leaves.tasks),
                    &format!("None. {} links task definitions.", self.keys.named(Id::Tasks)),
                );
                self.links(
                    "Operations",
                    std::mem::take(&mut leaves.operations),
                    &format!("None. {} links operations.", self.keys.named(Id::Operations)),
                );
            }
            Kind::Assignment => {
                let definitions = std::mem::take(&mut leaves.tasks);
                self.links(
                    "Role definitions",
                    definitions,
                    &format!(
                        "None: this assignment grants nothing. {} links role definitions.",
                        self.keys.named(Id::Roles)
                    ),
                );
                if !leaves.operations.is_empty() {
                    self.links("Operations", std::mem::take(&mut leaves.operations), "");
                }
                self.members(&mut leaves);
            }
            Kind::Group => match self.store.group_type(object) {
                Some(GroupType::LdapQuery | GroupType::BizRule) if leaves.is_without_members() => {}
                _ => {
                    self.members(&mut leaves);
                    self.heading("Non-members");
                    if leaves.non_members.is_empty() {
                        self.note(format!(
                            "None. {} keeps an account out.",
                            self.keys.named(Id::AddNonMembers)
                        ));
                    }
                    self.capped(leaves.non_members.drain(..).map(Entry::Account));
                }
            },
        }
        self.referrers(object, kind);
        self.grants(object, kind);
    }

    fn properties(&mut self, object: ObjId, kind: Kind) {
        let rule = [Prop::RuleLanguage, Prop::Rule, Prop::RulePath];
        let has_rule =
            rule.iter().any(|&prop| value(self.store, object, prop).is_some_and(|text| !text.is_empty()));
        let mut shown = match kind {
            Kind::Store => vec![Prop::Description, Prop::Schema],
            Kind::Application => vec![Prop::Name, Prop::Description, Prop::Version],
            Kind::Operation => vec![Prop::Name, Prop::Description, Prop::Number],
            Kind::Group => vec![Prop::Name, Prop::Description, Prop::Type],
            _ => vec![Prop::Name, Prop::Description],
        };
        match kind {
            Kind::Role | Kind::Task if has_rule => shown.extend(rule),
            Kind::Role | Kind::Task => shown.push(Prop::Rule),
            Kind::Group => match self.store.group_type(object) {
                Some(GroupType::LdapQuery) => shown.push(Prop::Query),
                Some(GroupType::BizRule) => shown.extend(rule),
                _ if has_rule => shown.extend(rule),
                _ => {}
            },
            _ => {}
        }
        shown.push(Prop::Guid);
        for prop in shown {
            self.lines.push(Entry::Property(prop));
            if prop == Prop::Rule
                && let Some(text) = value(self.store, object, prop)
            {
                self.lines.extend(text.lines().take(RULE_LINES).map(|line| Entry::Note(format!("  {line}"))));
            }
        }
    }

    fn links(&mut self, heading: &'static str, leaves: Vec<LeafId>, none: &str) {
        self.heading(heading);
        if leaves.is_empty() {
            self.note(none);
        }
        self.capped(leaves.into_iter().map(Entry::Link));
    }

    fn members(&mut self, leaves: &mut Leaves) {
        self.heading("Members");
        if leaves.members.is_empty() && leaves.groups.is_empty() {
            self.note(format!("No members yet. {} adds one.", self.keys.named(Id::AddMembers)));
        }
        self.capped(leaves.groups.drain(..).map(Entry::Link));
        self.capped(leaves.members.drain(..).map(Entry::Account));
    }

    fn children(&mut self, object: ObjId, kind: Kind, heading: &'static str) {
        let mut found = self.store.listed(object, kind).peekable();
        if found.peek().is_some() {
            self.heading(heading);
            self.capped(found.map(Entry::Child));
        }
    }

    fn referrers(&mut self, object: ObjId, kind: Kind) {
        if !matches!(kind, Kind::Operation | Kind::Role | Kind::Task | Kind::Group) {
            return;
        }
        let (groups, others): (Vec<LeafId>, Vec<LeafId>) = self
            .store
            .referrers(object)
            .into_iter()
            .partition(|&leaf| self.store.kind(self.store.owner(leaf)) == Kind::Group);
        if !groups.is_empty() {
            self.heading("Member of");
            self.capped(groups.into_iter().map(Entry::Referrer));
        }
        self.heading("Used by");
        if others.is_empty() {
            self.note("Nothing.");
        }
        self.capped(others.into_iter().map(Entry::Referrer));
    }

    fn grants(&mut self, object: ObjId, kind: Kind) {
        if !matches!(kind, Kind::Role | Kind::Task | Kind::Assignment) {
            return;
        }
        let (operations, conditional) = operations(self.store, object);
        let count = operations.len();
        let plural = if count == 1 { "" } else { "s" };
        let place = match (kind, self.store.scope(object), self.store.application(object)) {
            (Kind::Assignment, Some(scope), _) => format!(" in {}", self.store.name(scope)),
            (Kind::Assignment, None, Some(application)) => {
                format!(" everywhere in {}", self.store.name(application))
            }
            _ => String::new(),
        };
        let condition = if conditional { ", some only as an authorization rule decides" } else { "" };
        self.heading("Grants");
        self.note(format!("{count} operation{plural}{place}{condition}"));
    }

    fn raw(&mut self, object: ObjId) {
        let others = self.store.raw_attributes(object);
        let mut unknown = self.store.unknown(object);
        unknown.retain(|thing| {
            thing.kind != UnknownKind::Attribute || !others.iter().any(|(name, _)| *name == thing.name)
        });
        if others.is_empty() && unknown.is_empty() {
            return;
        }
        self.heading("Not known to AzMan, kept as it is");
        self.lines.extend(others.into_iter().map(|(name, value)| Entry::Attribute(name, value)));
        self.capped(unknown.into_iter().map(|thing| {
            let what = if thing.name.is_empty() { "text".to_owned() } else { thing.name };
            Entry::Unknown(format!("{what}, line {}", thing.position.line))
        }));
    }

    /// Appends at most [`SECTION`] lines, and says so where there are more.
    fn capped(&mut self, mut section: impl Iterator<Item = Entry>) {
        self.lines.extend(section.by_ref().take(SECTION));
        // How many more would take looking at all of them.
        if section.next().is_some() {
            self.note(format!("and more; {} finds them", self.keys.named(Id::Search)));
        }
    }
}

/// The lines for what was found about an object, in these words.
pub fn problem_entries(messages: &[String], width: usize) -> Vec<Entry> {
    let mut lines = Vec::new();
    if !messages.is_empty() {
        lines.extend([Entry::Blank, Entry::Heading("Problems here")]);
    }
    for (index, message) in messages.iter().enumerate() {
        lines.push(Entry::Finding(index));
        let more = finding_lines(message, width).into_iter().skip(1);
        lines.extend(more.map(|text| Entry::More(CODE, text)));
    }
    lines
}

/// Puts what does not fit of a property's value on lines of its own below it.
fn with_long_values(store: &Store, object: ObjId, lines: Vec<Entry>, width: usize) -> Vec<Entry> {
    let mut long = Vec::with_capacity(lines.len());
    for line in lines {
        let prop = if let Entry::Property(prop) = line { Some(prop) } else { None };
        long.push(line);
        let text = prop.filter(|prop| *prop != Prop::Rule).and_then(|prop| value(store, object, prop));
        if let Some(text) = text {
            let more = value_lines(&text, width).into_iter().skip(1).take(RULE_LINES);
            long.extend(more.map(|text| Entry::More(LABEL.saturating_add(1), text)));
        }
    }
    long
}

/// The leaves of one object, sorted into sections.
#[derive(Default)]
struct Leaves {
    tasks: Vec<LeafId>,
    operations: Vec<LeafId>,
    groups: Vec<LeafId>,
    members: Vec<LeafId>,
    non_members: Vec<LeafId>,
}

impl Leaves {
    fn of(store: &Store, object: ObjId) -> Leaves {
        let mut sorted = Leaves::default();
        for leaf in store.leaves(object) {
            let list = match store.leaf_kind(leaf) {
                LeafKind::TaskLink => &mut sorted.tasks,
                LeafKind::OperationLink => &mut sorted.operations,
                LeafKind::AppMemberLink => &mut sorted.groups,
                LeafKind::Member => &mut sorted.members,
                LeafKind::NonMember => &mut sorted.non_members,
                _ => continue,
            };
            list.push(leaf);
        }
        // The file has links in the order of their GUIDs, which says nothing to anybody.
        sorted.operations.sort_by_cached_key(|&leaf| {
            let number = store.target(leaf).and_then(|target| store.operation_id(target));
            (number.is_none(), number)
        });
        sorted
    }

    /// Takes the links to role definitions out of the links to definitions.
    fn take_roles(&mut self, store: &Store) -> Vec<LeafId> {
        let is_role =
            |leaf: &LeafId| store.target(*leaf).is_some_and(|target| store.kind(target) == Kind::Role);
        let (roles, tasks) = self.tasks.iter().partition(|leaf| is_role(leaf));
        self.tasks = tasks;
        roles
    }

    fn is_without_members(&self) -> bool {
        self.groups.is_empty() && self.members.is_empty() && self.non_members.is_empty()
    }
}

/// The operations that a definition or assignment reaches through its links, and whether a rule stands on the way.
pub fn operations(store: &Store, object: ObjId) -> (BTreeSet<ObjId>, bool) {
    let mut seen = BTreeSet::from([object]);
    let mut reached = BTreeSet::new();
    let mut waiting = vec![object];
    let mut conditional = false;
    while let Some(at) = waiting.pop() {
        conditional |= store.first(at, LeafKind::BizRule).is_some_and(|rule| !rule.is_empty());
        for leaf in store.leaves(at) {
            let kind = store.leaf_kind(leaf);
            if !matches!(kind, LeafKind::OperationLink | LeafKind::TaskLink) {
                continue;
            }
            let Some(target) = store.target(leaf) else { continue };
            match store.kind(target) {
                Kind::Operation => {
                    reached.insert(target);
                }
                Kind::Role | Kind::Task if seen.insert(target) => waiting.push(target),
                _ => {}
            }
        }
    }
    (reached, conditional)
}
