//! The lines of the property sheet: which of them an object or folder has.
//!
//! Only an object's own leaves, its children and what refers to it are looked at, never the whole store.

use std::collections::BTreeSet;

use crate::store::{GroupType, Kind, LeafId, LeafKind, ObjId, Store, UnknownKind};

use super::actions::Id;
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
pub fn entries(store: &Store, node: Node, width: usize) -> Vec<Entry> {
    let mut lines = Vec::new();
    if node.part == Part::Object {
        object_entries(store, node.object, &mut lines);
        lines = with_long_values(store, node.object, lines, width);
        raw_entries(store, node.object, &mut lines);
    } else {
        folder_entries(store, node, &mut lines);
    }
    lines
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

fn folder_entries(store: &Store, node: Node, lines: &mut Vec<Entry>) {
    let Some(kind) = node.part.kind() else {
        lines.push(Entry::Note("Role, task and operation definitions stand here.".to_owned()));
        lines.push(Entry::Note(format!("{} opens the folder, {} creates in it.", Id::Right, Id::Create)));
        return;
    };
    let before = lines.len();
    capped(lines, store.listed(node.object, kind).map(Entry::Child));
    if lines.len() == before {
        lines.push(Entry::Note(format!("No {kind}s yet. {} creates one.", Id::Create)));
    }
}

fn object_entries(store: &Store, object: ObjId, lines: &mut Vec<Entry>) {
    let kind = store.kind(object);
    properties(store, object, kind, lines);
    let mut leaves = Leaves::of(store, object);
    match kind {
        Kind::Store => {
            children(store, object, Kind::Application, "Applications", lines);
            if store.listed(object, Kind::Application).next().is_none() {
                lines.push(Entry::Note(format!("No applications yet. {} creates one.", Id::Create)));
            }
        }
        Kind::Application => children(store, object, Kind::Scope, "Scopes", lines),
        Kind::Scope => {
            children(store, object, Kind::Assignment, "Role assignments", lines);
            if store.listed(object, Kind::Assignment).next().is_none() {
                lines.push(Entry::Note(format!(
                    "No role assignments yet: nobody has rights only here. {} creates one.",
                    Id::Create
                )));
            }
        }
        Kind::Operation => {}
        Kind::Role | Kind::Task => {
            let roles = leaves.take_roles(store);
            if kind == Kind::Role || !roles.is_empty() {
                links(
                    "Role definitions",
                    roles,
                    &format!("None. {} links role definitions.", Id::Roles),
                    lines,
                );
            }
            links(
                "Task definitions",
                std::mem::take(&mut leaves.tasks),
                &format!("None. {} links task definitions.", Id::Tasks),
                lines,
            );
            links(
                "Operations",
                std::mem::take(&mut leaves.operations),
                &format!("None. {} links operations.", Id::Operations),
                lines,
            );
        }
        Kind::Assignment => {
            let definitions = std::mem::take(&mut leaves.tasks);
            links(
                "Role definitions",
                definitions,
                &format!("None: this assignment grants nothing. {} links role definitions.", Id::Roles),
                lines,
            );
            if !leaves.operations.is_empty() {
                links("Operations", std::mem::take(&mut leaves.operations), "", lines);
            }
            members(&mut leaves, lines);
        }
        Kind::Group => match store.group_type(object) {
            Some(GroupType::LdapQuery | GroupType::BizRule) if leaves.is_without_members() => {}
            _ => {
                members(&mut leaves, lines);
                lines.extend([Entry::Blank, Entry::Heading("Non-members")]);
                if leaves.non_members.is_empty() {
                    lines.push(Entry::Note(format!("None. {} keeps an account out.", Id::AddNonMembers)));
                }
                capped(lines, leaves.non_members.drain(..).map(Entry::Account));
            }
        },
    }
    referrers(store, object, kind, lines);
    grants(store, object, kind, lines);
}

fn properties(store: &Store, object: ObjId, kind: Kind, lines: &mut Vec<Entry>) {
    let rule = [Prop::RuleLanguage, Prop::Rule, Prop::RulePath];
    let has_rule = rule.iter().any(|&prop| value(store, object, prop).is_some_and(|text| !text.is_empty()));
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
        Kind::Group => match store.group_type(object) {
            Some(GroupType::LdapQuery) => shown.push(Prop::Query),
            Some(GroupType::BizRule) => shown.extend(rule),
            _ if has_rule => shown.extend(rule),
            _ => {}
        },
        _ => {}
    }
    shown.push(Prop::Guid);
    for prop in shown {
        lines.push(Entry::Property(prop));
        if prop == Prop::Rule
            && let Some(text) = value(store, object, prop)
        {
            lines.extend(text.lines().take(RULE_LINES).map(|line| Entry::Note(format!("  {line}"))));
        }
    }
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

fn links(heading: &'static str, leaves: Vec<LeafId>, none: &str, lines: &mut Vec<Entry>) {
    lines.extend([Entry::Blank, Entry::Heading(heading)]);
    if leaves.is_empty() {
        lines.push(Entry::Note(none.to_owned()));
    }
    capped(lines, leaves.into_iter().map(Entry::Link));
}

fn members(leaves: &mut Leaves, lines: &mut Vec<Entry>) {
    lines.extend([Entry::Blank, Entry::Heading("Members")]);
    if leaves.members.is_empty() && leaves.groups.is_empty() {
        lines.push(Entry::Note(format!("No members yet. {} adds one.", Id::AddMembers)));
    }
    capped(lines, leaves.groups.drain(..).map(Entry::Link));
    capped(lines, leaves.members.drain(..).map(Entry::Account));
}

fn children(store: &Store, object: ObjId, kind: Kind, heading: &'static str, lines: &mut Vec<Entry>) {
    let mut found = store.listed(object, kind).peekable();
    if found.peek().is_some() {
        lines.extend([Entry::Blank, Entry::Heading(heading)]);
        capped(lines, found.map(Entry::Child));
    }
}

fn referrers(store: &Store, object: ObjId, kind: Kind, lines: &mut Vec<Entry>) {
    if !matches!(kind, Kind::Operation | Kind::Role | Kind::Task | Kind::Group) {
        return;
    }
    let (groups, others): (Vec<LeafId>, Vec<LeafId>) =
        store.referrers(object).into_iter().partition(|&leaf| store.kind(store.owner(leaf)) == Kind::Group);
    if !groups.is_empty() {
        lines.extend([Entry::Blank, Entry::Heading("Member of")]);
        capped(lines, groups.into_iter().map(Entry::Referrer));
    }
    lines.extend([Entry::Blank, Entry::Heading("Used by")]);
    if others.is_empty() {
        lines.push(Entry::Note("Nothing.".to_owned()));
    }
    capped(lines, others.into_iter().map(Entry::Referrer));
}

fn grants(store: &Store, object: ObjId, kind: Kind, lines: &mut Vec<Entry>) {
    if !matches!(kind, Kind::Role | Kind::Task | Kind::Assignment) {
        return;
    }
    let (operations, conditional) = operations(store, object);
    let count = operations.len();
    let plural = if count == 1 { "" } else { "s" };
    let place = match (kind, store.scope(object), store.application(object)) {
        (Kind::Assignment, Some(scope), _) => format!(" in {}", store.name(scope)),
        (Kind::Assignment, None, Some(application)) => format!(" everywhere in {}", store.name(application)),
        _ => String::new(),
    };
    let condition = if conditional { ", some only as an authorization rule decides" } else { "" };
    lines.extend([Entry::Blank, Entry::Heading("Grants")]);
    lines.push(Entry::Note(format!("{count} operation{plural}{place}{condition}")));
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

fn raw_entries(store: &Store, object: ObjId, lines: &mut Vec<Entry>) {
    let others = store.raw_attributes(object);
    let mut unknown = store.unknown(object);
    unknown.retain(|thing| {
        thing.kind != UnknownKind::Attribute || !others.iter().any(|(name, _)| *name == thing.name)
    });
    if others.is_empty() && unknown.is_empty() {
        return;
    }
    lines.extend([Entry::Blank, Entry::Heading("Not known to AzMan, kept as it is")]);
    lines.extend(others.into_iter().map(|(name, value)| Entry::Attribute(name, value)));
    capped(
        lines,
        unknown.into_iter().map(|thing| {
            let what = if thing.name.is_empty() { "text".to_owned() } else { thing.name };
            Entry::Unknown(format!("{what}, line {}", thing.position.line))
        }),
    );
}

/// Appends at most [`SECTION`] lines, and says so where there are more.
fn capped(lines: &mut Vec<Entry>, mut section: impl Iterator<Item = Entry>) {
    lines.extend(section.by_ref().take(SECTION));
    // How many more would take looking at all of them.
    if section.next().is_some() {
        lines.push(Entry::Note("and more; / finds them".to_owned()));
    }
}
