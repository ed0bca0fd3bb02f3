//! Changing several objects, or several lines of one, as one step of undo.
//!
//! What is marked is meant; without marks what is selected is. Whoever stands in the way of a change to all is named.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use crate::hyperv;
use crate::store::{Change, GroupType, Kind, LeafId, LeafKind, Link, ObjId, Store, limits};

use super::actions::Id;
use super::changes;
use super::dialog::{Answer, Choice, Confirm, Dialog, Field, Form, Purpose, Rule};
use super::doc::Doc;
use super::editing::{apply, capitalised, edit_prop};
use super::effect::Effect;
use super::enabled;
use super::layout::Pane;
use super::losing;
use super::marked::counted;
use super::sheet::{Entry, Prop};
use super::state::App;

/// Lines of one list in a question.
const LISTED: usize = 200;

/// What an action acts on: the marked objects, or else the selected one.
pub fn subjects(doc: &Doc) -> Vec<ObjId> {
    if doc.marked.is_empty() { doc.selected().into_iter().collect() } else { doc.marked.objects().collect() }
}

/// `role assignment "A"`, `3 role assignments`, `2 scopes, 1 operation`.
pub fn named(store: &Store, objects: &[ObjId]) -> String {
    if let [one] = objects {
        let kind = store.kind(*one);
        return if kind == Kind::Store {
            "the store".to_owned()
        } else {
            format!("{kind} \"{}\"", store.name(*one))
        };
    }
    let of = |kind: Kind| objects.iter().filter(|&&id| store.kind(id) == kind).count();
    let kinds = Kind::ALL.into_iter().map(|kind| (kind, of(kind))).filter(|(_, count)| *count > 0);
    kinds.map(|(kind, count)| counted(count, kind)).collect::<Vec<_>>().join(", ")
}

/// `1 member`, `3 members`.
pub fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// Carries out changes as one step; the selection stays where it is, as far as that is left.
pub fn apply_here(
    app: &mut App,
    changes: &[Change],
    label: &str,
    effects: &mut Vec<Effect>,
) -> Result<(), String> {
    let (node, pane) = (app.doc().map(Doc::node), app.focus);
    apply(app, changes, label, effects)?;
    app.focus = pane;
    if let (Some(node), Some(Doc { tree, session, .. })) = (node, app.doc_mut())
        && session.store().is_live(node.object)
    {
        tree.reveal_node(session.store(), node);
    }
    Ok(())
}

/// Refuses where one of them finds its members by a query or a rule.
pub fn check_lists_members(store: &Store, objects: &[ObjId]) -> Result<(), String> {
    for &group in objects.iter().filter(|&&id| store.kind(id) == Kind::Group) {
        let how = match store.group_type(group) {
            Some(GroupType::LdapQuery) => "query",
            Some(GroupType::BizRule) => "rule",
            _ => continue,
        };
        return Err(format!("The group \"{}\" finds its members by its {how}.", store.name(group)));
    }
    Ok(())
}

/// The members or non-members of an object, as they are compared.
pub fn accounts_of(store: &Store, object: ObjId, kind: LeafKind) -> HashSet<crate::store::Meaning> {
    store.leaves_of(object, kind).map(|leaf| store.meaning(leaf).1).collect()
}

/// The changes that give each object those of these accounts that it lacks, as one list, and how many objects get one.
pub fn adding(
    store: &Store,
    objects: &[ObjId],
    kind: LeafKind,
    sids: &[String],
) -> Result<Vec<Change>, String> {
    let mut changes = Vec::new();
    for &object in objects {
        let held = accounts_of(store, object, kind);
        let lacking = sids.iter().filter(|sid| !held.contains(&crate::store::Meaning::of(kind, sid)));
        let links: Vec<Link> = lacking
            .map(|sid| {
                if kind == LeafKind::NonMember {
                    Link::NonMember(sid.clone())
                } else {
                    Link::Member(sid.clone())
                }
            })
            .collect();
        if !links.is_empty() {
            changes.push(Change::Add(changes::object(store, object)?, links));
        }
    }
    Ok(changes)
}

/// Edits the description: of one object where it stands in the details, of marked ones in a form.
pub fn describe(app: &mut App) {
    let Some(doc) = app.doc() else { return };
    if doc.marked.is_empty() {
        return edit_prop(app, Prop::Description);
    }
    let store = doc.store();
    let objects = subjects(doc);
    let descriptions: BTreeSet<String> =
        objects.iter().map(|&id| store.description(id).unwrap_or_default().into_owned()).collect();
    let (now, hint) = match descriptions.first() {
        Some(only) if descriptions.len() == 1 => (only.as_str(), "They all have this now."),
        _ => ("", "They differ now: all get this one."),
    };
    let rule = Rule::Text("A description", limits::MAX_DESCRIPTION);
    let field = Field::line("Description", now, rule, hint);
    let title = format!("Describe {}", named(store, &objects));
    let form = Form::new(title, String::new(), Purpose::DescribeMarked, "Describe", vec![field]);
    app.dialogs.push(Dialog::Form(form));
}

/// The changes that the form of [`describe`] stands for, and their label.
pub fn described(doc: &Doc, text: &str) -> Result<(Vec<Change>, String), String> {
    let store = doc.store();
    let objects = subjects(doc);
    let differ = objects.iter().filter(|&&id| store.description(id).as_deref() != Some(text));
    let changes: Result<Vec<Change>, String> =
        differ.map(|&id| changes::set(store, id, Prop::Description, text)).collect();
    Ok((changes?, format!("describe {}", named(store, &objects))))
}

/// Del: asks before objects go, and says what goes with them. A member or link of the shown object goes at once, since
/// undo brings it back; one that belongs to another object is named first.
pub fn delete(app: &mut App, effects: &mut Vec<Effect>) {
    let pane = app.focus;
    let Some(doc) = app.doc() else { return };
    if pane == Pane::Details {
        return delete_line(app, effects);
    }
    let store = doc.store();
    let objects = outermost(store, &subjects(doc));
    let changes: Result<Vec<Change>, String> =
        objects.iter().map(|&id| Ok(Change::Delete(changes::object(store, id)?))).collect();
    let changes = match changes {
        Ok(changes) => changes,
        Err(why) => return app.object(why),
    };
    if let Err(why) = enabled::carry_out(app, &changes) {
        return app.object(why);
    }
    let label = format!("delete {}", named(store, &objects));
    let mut lines = what_goes(doc, &objects);
    let mut choices = vec![Choice::cancel()];
    if let [object] = objects.as_slice()
        && !store.referrers(*object).is_empty()
    {
        choices.push(Choice::new('w', "Where used", Answer::WhereUsed(*object)));
    }
    let title = capitalised(&format!("delete {}", named(store, &objects)));
    let App { docs, current, names, .. } = app;
    if let Some(doc) = docs.get_mut(*current) {
        // The last line stays the last.
        let at = lines.len().saturating_sub(1);
        lines.splice(at..at, losing::who_loses(&mut doc.session, &objects, &changes, names));
    }
    choices.push(Choice::new('y', "Delete", Answer::Apply { label, changes }));
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
}

/// These objects without those that stand in another of them.
pub fn outermost(store: &Store, objects: &[ObjId]) -> Vec<ObjId> {
    let all: HashSet<ObjId> = objects.iter().copied().collect();
    let is_inside = |id: ObjId| {
        std::iter::successors(store.parent(id), |&above| store.parent(above))
            .any(|above| all.contains(&above))
    };
    objects.iter().copied().filter(|&id| !is_inside(id)).collect()
}

fn delete_line(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let marked: Vec<LeafId> = doc.marked.lines_of(doc.node().object).collect();
    if !marked.is_empty() {
        return remove_lines(app, &marked, effects);
    }
    match doc.sheet.entry() {
        Some(Entry::Referrer(leaf)) => ask_referrer(app, *leaf),
        Some(Entry::Account(leaf)) => {
            let leaf = *leaf;
            let others = others_with(doc, leaf);
            if others.is_empty() {
                remove_lines(app, &[leaf], effects);
            } else {
                let account = store.text(leaf).into_owned();
                ask_how_many(app, leaf, &account, &others);
            }
        }
        Some(Entry::Link(leaf)) => {
            let leaf = *leaf;
            remove_lines(app, &[leaf], effects);
        }
        Some(Entry::Attribute(name, _)) => {
            let name = name.clone();
            remove_attribute(app, name, effects);
        }
        _ => {}
    }
}

/// Removes an attribute that the format does not name from the shown object.
fn remove_attribute(app: &mut App, name: String, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    let object = doc.node().object;
    let label = changes::label(&format!("remove attribute {name} from"), doc.store(), object);
    let change = changes::object(doc.store(), object).map(|named| Change::SetAttribute(named, name, None));
    if let Err(why) = change.and_then(|change| apply_here(app, &[change], &label, effects)) {
        app.fail(why);
    }
}

/// The same member in marked objects besides the shown one.
fn others_with(doc: &Doc, leaf: LeafId) -> Vec<LeafId> {
    let store = doc.store();
    let meaning = store.meaning(leaf);
    let others = doc.marked.objects().filter(|&object| object != store.owner(leaf));
    let found =
        others.filter_map(|object| store.leaves(object).find(|&other| store.meaning(other) == meaning));
    found.collect()
}

fn ask_how_many(app: &mut App, leaf: LeafId, account: &str, others: &[LeafId]) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let owner = store.owner(leaf);
    let shown = app.names.name_of(account).map_or_else(|| account.to_owned(), Cow::into_owned);
    let mut lines = vec![format!("{} also have it:", plural(others.len(), "marked object"))];
    if others.len() == 1 {
        lines = vec!["1 marked object also has it:".to_owned()];
    }
    lines.extend(others.iter().take(LISTED).map(|&other| format!("  {}", store.path(store.owner(other)))));
    let all: Vec<LeafId> = std::iter::once(leaf).chain(others.iter().copied()).collect();
    let title = format!("Remove {shown}");
    let choices = vec![
        Choice::cancel(),
        Choice::new('o', format!("Only from \"{}\"", store.name(owner)), Answer::RemoveLines(vec![leaf])),
        Choice::new('a', format!("From all {}", all.len()), Answer::RemoveLines(all)),
    ];
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
}

/// A line under "Used by" is a link of another object: that one is changed, so it is named and asked about.
fn ask_referrer(app: &mut App, leaf: LeafId) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let owner = store.owner(leaf);
    let shown = doc.node().object;
    let lines = vec![format!(
        "{} would not use it any more. \"{}\" itself stays.",
        capitalised(&store.describe(owner)),
        store.name(shown)
    )];
    let title = format!("Remove \"{}\" from {}", store.name(shown), named(store, &[owner]));
    let choices = vec![Choice::cancel(), Choice::new('y', "Remove", Answer::RemoveLines(vec![leaf]))];
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
}

/// Removes members and links. The selection stays where it was, also when a link was removed from its other end.
pub fn remove_lines(app: &mut App, lines: &[LeafId], effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let removal = removal(store, lines);
    let outcome = removal.and_then(|(changes, label)| apply_here(app, &changes, &label, effects));
    if let Err(why) = outcome {
        app.fail(why);
    }
}

/// The changes that remove these leaves, one for each owner, and their label.
fn removal(store: &Store, leaves: &[LeafId]) -> Result<(Vec<Change>, String), String> {
    let mut owners: Vec<ObjId> = leaves.iter().map(|&leaf| store.owner(leaf)).collect();
    owners.sort_unstable();
    owners.dedup();
    let mut changes = Vec::new();
    for &owner in &owners {
        // A link that a file repeats is one link: naming it once removes all of it.
        let mut named = HashSet::new();
        let own = leaves.iter().filter(|&&leaf| store.owner(leaf) == owner);
        let once: Vec<LeafId> = own.copied().filter(|&leaf| named.insert(store.meaning(leaf))).collect();
        let links: Result<Vec<Link>, String> =
            once.into_iter().map(|leaf| changes::link_of(store, leaf)).collect();
        changes.push(Change::Remove(changes::object(store, owner)?, links?));
    }
    let what = match leaves {
        [one] => store.leaf_kind(*one).word().to_owned(),
        _ if leaves.iter().all(|&leaf| store.leaf_kind(leaf) == LeafKind::Member) && owners.len() == 1 => {
            plural(leaves.len(), "member")
        }
        _ if owners.len() == 1 => plural(leaves.len(), "line"),
        // The same member of several.
        _ => leaves.first().map_or("", |&leaf| store.leaf_kind(leaf).word()).to_owned(),
    };
    Ok((changes, format!("remove {what} from {}", self::named(store, &owners))))
}

/// What a deletion takes along, as sentences.
fn what_goes(doc: &Doc, objects: &[ObjId]) -> Vec<String> {
    let store = doc.store();
    let mut lines = Vec::new();
    let is_container = |&id: &ObjId| {
        matches!(store.kind(id), Kind::Application | Kind::Scope) && store.children(id).next().is_some()
    };
    match objects {
        [one] if is_container(one) => {
            lines.push(format!("This {} goes, with everything in it:", store.kind(*one)));
        }
        [one] => lines.push(format!("This {} goes.", store.kind(*one))),
        many => {
            lines.push("These go:".to_owned());
            lines.extend(many.iter().take(LISTED).map(|&id| format!("  {}", store.path(id))));
            if many.len() > LISTED {
                lines.push(format!("  and {} more", many.len().saturating_sub(LISTED)));
            }
            if many.iter().any(is_container) {
                lines.push("With everything in them:".to_owned());
            }
        }
    }
    for inner in [Kind::Scope, Kind::Group, Kind::Role, Kind::Task, Kind::Operation, Kind::Assignment] {
        let count: usize = objects.iter().map(|&id| store.children_of(id, inner).count()).sum();
        if count > 0 {
            lines.push(format!("  {}", counted(count, inner)));
        }
    }
    // As the tree counts them: accounts and groups.
    let members: usize = [LeafKind::Member, LeafKind::AppMemberLink]
        .iter()
        .map(|&kind| objects.iter().map(|&id| store.leaves_of(id, kind).count()).sum::<usize>())
        .sum();
    match (objects.len(), members) {
        (_, 0) => {}
        (1, 1) => lines.push("Its 1 member loses what it gave.".to_owned()),
        (1, _) => lines.push(format!("Its {members} members lose what it gave.")),
        (_, 1) => lines.push("Their 1 member loses what they gave.".to_owned()),
        _ => lines.push(format!("Their {members} members lose what they gave.")),
    }
    lines.extend(links_that_go(store, objects));
    let is_vm_scope = |&id: &ObjId| {
        store.kind(id) == Kind::Scope
            && store.application(id).is_some_and(|app| hyperv::is_hyper_v(store, app))
    };
    let has_machines = objects.iter().any(|&id| !doc.machines.roster().at(id).is_empty());
    match objects.iter().filter(|id| is_vm_scope(id)).count() {
        _ if has_machines => lines.extend(machines_that_go(doc, objects)),
        0 => {}
        _ if !doc.machines.is_empty() => lines.push("No virtual machine is in there.".to_owned()),
        1 => lines.push("Virtual machines in this scope would fall to the default scope.".to_owned()),
        _ => lines.push("Virtual machines in these scopes would fall to the default scope.".to_owned()),
    }
    lines
        .push(format!("Nothing is written before you save, and {} takes it back.", doc.keys.named(Id::Undo)));
    lines
}

/// The virtual machines that a deletion sends to the default scope.
fn machines_that_go(doc: &Doc, objects: &[ObjId]) -> Vec<String> {
    let listed = objects.iter().flat_map(|&id| doc.machines.roster().at(id));
    let names: Vec<&str> = listed.map(|listed| listed.name.as_str()).collect();
    let mut lines = match names.as_slice() {
        [one] => vec![format!("The virtual machine \"{one}\" goes to the default scope when you save.")],
        many => vec![format!("{} virtual machines go to the default scope when you save:", many.len())],
    };
    if names.len() > 1 {
        lines.extend(names.iter().take(LISTED).map(|name| format!("  {name}")));
        if names.len() > LISTED {
            lines.push(format!("  and {} more", names.len().saturating_sub(LISTED)));
        }
    }
    lines
}

/// The objects outside that link to what goes, each once.
fn links_that_go(store: &Store, objects: &[ObjId]) -> Vec<String> {
    let doomed: HashSet<ObjId> = objects.iter().copied().collect();
    let stays =
        |id: ObjId| !std::iter::successors(Some(id), |&id| store.parent(id)).any(|id| doomed.contains(&id));
    let mut owners: Vec<ObjId> = objects
        .iter()
        .flat_map(|&id| store.links_from_outside(id))
        .map(|leaf| store.owner(leaf))
        .filter(|&owner| stays(owner))
        .collect();
    owners.sort_unstable();
    owners.dedup();
    let it = if objects.len() == 1 { "it" } else { "them" };
    let mut lines = match owners.len() {
        0 => return Vec::new(),
        1 => vec![format!("1 link to {it} goes too:")],
        count => vec![format!("{count} links to {it} go too:")],
    };
    lines.extend(owners.iter().take(LISTED).map(|&owner| format!("  from {}", store.path(owner))));
    if owners.len() > LISTED {
        lines.push(format!("  and {} more", owners.len().saturating_sub(LISTED)));
    }
    lines
}
