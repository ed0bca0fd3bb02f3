//! What there is to say about an object, in azman.msc's words and order, for every format that people read.
//!
//! An outline is plain text in sections: a heading, facts, tables of the objects below, then the sections of scopes
//! and applications. It knows no format; the formats know no store.

use std::borrow::Cow;

use crate::accounts::Names;
use crate::store::{Kind, LeafId, LeafKind, ObjId, Store, UnknownKind};
use crate::xml::Position;

/// A heading with what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// 0 for the object asked for, 1 for what stands in it, and so on.
    pub depth: usize,
    /// `application`, `role definition` …
    pub kind: &'static str,
    /// The object's name; of a store, what the user called it.
    pub title: String,
    /// Label and values; only what there is to say.
    pub facts: Vec<Fact>,
    /// The simple objects in it, by kind.
    pub tables: Vec<Table>,
}

/// A label and what belongs to it: never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// One of few words, so that tables can have a column for each.
    pub label: &'static str,
    /// One or more.
    pub values: Vec<String>,
}

/// The objects of one kind in an application, scope or store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// azman.msc's word for the folder: `Role Definitions`.
    pub title: &'static str,
    /// The first one heads the names. Columns that no row fills are left out.
    pub columns: Vec<&'static str>,
    /// As many cells as columns; a cell is a list of values.
    pub rows: Vec<Vec<Vec<String>>>,
}

/// The sections of the object `id` and of what stands in it. `path` is what the user called the store.
pub fn sections<'s>(
    store: &'s Store,
    names: &'s Names,
    id: ObjId,
    path: &'s str,
) -> impl Iterator<Item = Section> + 's {
    // Applications, and scopes in them, are sections of their own: at most two levels below a store.
    let mut pending = vec![(id, 0)];
    std::iter::from_fn(move || {
        let (id, depth) = pending.pop()?;
        let before = pending.len();
        pending.extend(containers(store, id).map(|child| (child, depth + 1)));
        // The first child is to come out first.
        pending.get_mut(before..).unwrap_or_default().reverse();
        Some(section((store, names), id, depth, path))
    })
}

fn containers(store: &Store, id: ObjId) -> impl Iterator<Item = ObjId> + '_ {
    store.children(id).filter(|&child| matches!(store.kind(child), Kind::Application | Kind::Scope))
}

fn section((store, names): (&Store, &Names), id: ObjId, depth: usize, path: &str) -> Section {
    let kind = store.kind(id);
    let tables = [
        (Kind::Group, "Groups"),
        (Kind::Role, "Role Definitions"),
        (Kind::Task, "Task Definitions"),
        (Kind::Operation, "Operation Definitions"),
        (Kind::Assignment, "Role Assignments"),
    ];
    Section {
        depth,
        kind: kind.word(),
        title: if kind == Kind::Store { path.to_owned() } else { store.name(id).into_owned() },
        facts: [facts(store, names, id), more_facts(store, id, depth)].concat(),
        tables: tables
            .into_iter()
            .filter_map(|(kind, title)| table((store, names), id, kind, title))
            .collect(),
    }
}

fn table((store, names): (&Store, &Names), level: ObjId, kind: Kind, title: &'static str) -> Option<Table> {
    let object = |id| (store.name(id).into_owned(), facts(store, names, id));
    let objects: Vec<(String, Vec<Fact>)> = store.children_of(level, kind).map(object).collect();
    if objects.is_empty() {
        return None;
    }
    let mut columns = vec!["Name"];
    columns.extend(
        LABELS
            .iter()
            .filter(|label| objects.iter().any(|(_, facts)| facts.iter().any(|fact| fact.label == **label))),
    );
    let row = |(name, mut facts): (String, Vec<Fact>)| {
        let cell = |label: &&str| {
            let at = facts.iter().position(|fact| fact.label == *label);
            at.map(|at| facts.swap_remove(at).values).unwrap_or_default()
        };
        std::iter::once(vec![name]).chain(columns.iter().skip(1).map(cell)).collect()
    };
    let rows = objects.into_iter().map(row).collect();
    Some(Table { title, columns, rows })
}

/// Every label that [`facts`] gives, in the order of columns.
const LABELS: [&str; 16] = [
    "Number",
    "Schema",
    "Version",
    "Type",
    "Role definitions",
    "Task definitions",
    "Definitions",
    "Operations",
    "Members",
    "Non-members",
    "Groups",
    "Query",
    "Rule language",
    "Rule",
    "Rule path",
    "Description",
];

/// What a section says about its object beyond what a row of a table has room for.
fn more_facts(store: &Store, id: ObjId, depth: usize) -> Vec<Fact> {
    let guid = store.guid_text(id).map(Cow::into_owned);
    let unknown = store.unknown(id).into_iter().map(|unknown| {
        let Position { line, column } = unknown.position;
        match unknown.kind {
            UnknownKind::Element => format!("<{}> at {line}:{column}", unknown.name),
            UnknownKind::Attribute => format!("attribute {} at {line}:{column}", unknown.name),
            UnknownKind::Text => format!("text at {line}:{column}"),
        }
    });
    // Of the whole store only the simple objects would be used, and they are rows.
    let users = if depth == 0 { store.referrers(id) } else { Vec::new() };
    let used_by = users.into_iter().map(|leaf| store.path(store.owner(leaf)));
    [
        Fact { label: "GUID", values: guid.into_iter().collect() },
        Fact { label: "Used by", values: used_by.collect() },
        Fact { label: "Not understood", values: unknown.collect() },
    ]
    .into_iter()
    .filter(|fact| !fact.values.is_empty())
    .collect()
}

/// What there is to say about the object itself.
fn facts(store: &Store, names: &Names, id: ObjId) -> Vec<Fact> {
    let kind = store.kind(id);
    let mut facts = Vec::new();
    let mut say = |label: &'static str, values: Vec<String>| {
        if values.iter().any(|value| !value.is_empty()) {
            facts.push(Fact { label, values });
        }
    };
    let text = |value: Option<Cow<'_, str>>| value.map(Cow::into_owned).into_iter().collect();
    let leaves =
        |kind| store.leaves_of(id, kind).map(|leaf| leaf_words(store, names, leaf)).collect::<Vec<_>>();
    match kind {
        Kind::Store => say("Schema", store.schema_version().into_iter().collect()),
        Kind::Application => say("Version", text(store.attribute(id, "ApplicationVersion"))),
        Kind::Operation => say("Number", leaves(LeafKind::OperationId)),
        Kind::Group => say("Type", vec![group_type_words(store, id)]),
        Kind::Scope | Kind::Task | Kind::Role | Kind::Assignment => {}
    }
    // One kind of link leads to both. Of one that leads elsewhere or nowhere nobody knows which it was.
    let definitions = |wanted: Option<Kind>| {
        let kind = |leaf| store.target(leaf).map(|target| store.kind(target));
        store
            .leaves_of(id, LeafKind::TaskLink)
            .filter(|&leaf| kind(leaf).filter(|kind| matches!(kind, Kind::Role | Kind::Task)) == wanted)
            .map(|leaf| leaf_words(store, names, leaf))
            .collect()
    };
    say("Role definitions", definitions(Some(Kind::Role)));
    say("Task definitions", definitions(Some(Kind::Task)));
    say("Definitions", definitions(None));
    say("Operations", leaves(LeafKind::OperationLink));
    say("Members", leaves(LeafKind::Member));
    say("Non-members", leaves(LeafKind::NonMember));
    say("Groups", leaves(LeafKind::AppMemberLink));
    say("Query", leaves(LeafKind::LdapQuery));
    say("Rule language", leaves(LeafKind::BizRuleLanguage));
    say(
        "Rule",
        store
            .first(id, LeafKind::BizRule)
            .iter()
            .flat_map(|rule| rule.lines().map(|line| line.replace('\t', "    ")))
            .collect(),
    );
    say("Rule path", leaves(LeafKind::BizRuleImportedPath));
    say("Rule path", text(store.attribute(id, "BizRuleImportedPath")));
    say("Description", text(store.description(id)));
    facts
}

fn group_type_words(store: &Store, id: ObjId) -> String {
    match store.group_type(id) {
        Some(group_type) => match group_type.change_word() {
            "ldap" => "LDAP query".to_owned(),
            "rule" => "business rule".to_owned(),
            other => other.to_owned(),
        },
        None => store.attribute(id, "GroupType").unwrap_or_default().into_owned(),
    }
}

/// A leaf as people name it: a link by its target's name, a SID with its name, if that is known.
fn leaf_words(store: &Store, names: &Names, leaf: LeafId) -> String {
    let text = store.text(leaf);
    let text = text.trim();
    let kind = store.leaf_kind(leaf);
    if kind.is_link() {
        return match store.target(leaf) {
            Some(target) => store.name(target).into_owned(),
            None => format!("{text} (nothing has this GUID)"),
        };
    }
    if kind.is_member() { names.shown_of(text).into_owned() } else { text.to_owned() }
}
