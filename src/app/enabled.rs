//! Why an action cannot act: one sentence that says what to do instead.

use crate::store::{Change, Kind, Property};

use super::actions::Id;
use super::changes;
use super::doc::Doc;
use super::layout::Pane;
use super::machines;
use super::sheet::{Entry, Prop};
use super::state::App;

type Verdict = Result<(), String>;

/// The shown store.
pub fn doc(app: &App) -> Result<&Doc, String> {
    app.doc().ok_or_else(|| format!("No store is open: {} opens one.", app.keys.named(Id::Open)))
}

fn changing(app: &App) -> Result<&Doc, String> {
    let doc = doc(app)?;
    match app.why_read_only() {
        Some(why) => Err(format!("Read-only: {}.", why.trim_end_matches('.'))),
        None => Ok(doc),
    }
}

/// A store is open.
pub fn store(app: &App) -> Verdict {
    doc(app).map(|_| ())
}

/// A store is open and may be changed.
pub fn change(app: &App) -> Verdict {
    changing(app).map(|_| ())
}

/// Something may be written at all.
pub fn writing(app: &App) -> Verdict {
    if app.read_only { Err("Read-only: azedit was started with --read-only.".to_owned()) } else { Ok(()) }
}

/// An object of this kind can be created where the selection is.
pub fn create(app: &App, kind: Kind) -> Verdict {
    let doc = changing(app)?;
    if is_developers(kind) {
        developer(app, "Creating", kind)?;
    }
    changes::level_for(doc.store(), kind, doc.node().object).map(|_| ())
}

/// Whether objects of this kind are made, named and deleted in developer mode only, as in azman.msc.
pub const fn is_developers(kind: Kind) -> bool {
    matches!(kind, Kind::Application | Kind::Operation)
}

/// Developer mode is on; otherwise what needs it, of which kind of object.
fn developer(app: &App, doing: &str, kind: Kind) -> Verdict {
    if app.developer {
        Ok(())
    } else {
        Err(format!("{doing} {} needs developer mode ({}).", kind.a(), app.keys.named(Id::Developer)))
    }
}

/// The mode allows changes that were typed or pasted.
pub fn carry_out(app: &App, changes: &[Change]) -> Verdict {
    changes.iter().try_for_each(|change| match change {
        Change::Create(create) if is_developers(create.kind) => developer(app, "Creating", create.kind),
        Change::Delete(object) if is_developers(object.kind) => developer(app, "Deleting", object.kind),
        Change::Rename(object, _) if is_developers(object.kind) => developer(app, "Renaming", object.kind),
        Change::Copy { object, .. } if is_developers(object.kind) => developer(app, "Copying", object.kind),
        Change::Set(object, Property::Version, _) => developer(app, "Changing the version of", object.kind),
        _ => Ok(()),
    })
}

/// The mode allows this property of an object of this kind to be edited.
pub fn in_this_mode(app: &App, kind: Kind, prop: Prop) -> Verdict {
    match prop {
        Prop::Name if is_developers(kind) => developer(app, "Renaming", kind),
        Prop::Version => developer(app, "Changing the version of", kind),
        _ => Ok(()),
    }
}

/// An object is selected that may be changed.
pub fn object(app: &App) -> Verdict {
    let doc = changing(app)?;
    if !doc.marked.is_empty() {
        return Ok(());
    }
    doc.selected()
        .map(|_| ())
        .ok_or_else(|| format!("{} is a folder: select an object.", doc.node().part.label()))
}

/// An object that has a name is selected.
pub fn rename(app: &App) -> Verdict {
    object(app)?;
    one(app, "renamed")?;
    match doc(app)?.selected_kind() {
        None => Err(format!("{} is a folder: select an object.", doc(app)?.node().part.label())),
        Some(Kind::Store) => Err(format!(
            "The store's name is its file's name: {} saves it under another.",
            app.keys.named(Id::SaveAs)
        )),
        Some(kind) => in_this_mode(app, kind, Prop::Name),
    }
}

/// Nothing is marked: what is done to one object at a time is not done to marked ones.
fn one(app: &App, done: &str) -> Verdict {
    match doc(app)?.marked.count() {
        0 => Ok(()),
        1 => Err(format!("1 is marked, but the selected one would be {done}: Esc unmarks.")),
        count => Err(format!("{count} are marked, but one can be {done}: Esc unmarks.")),
    }
}

/// Objects of these kinds are marked, or one is selected. Who is of another kind is named.
fn of_kind(app: &App, kinds: &[Kind], fit: &str, otherwise: &str) -> Verdict {
    let doc = changing(app)?;
    if let Some(other) = doc.marked.other_than(kinds) {
        return Err(format!("\"{}\" is marked, but only {fit}.", doc.store().name(other)));
    }
    if !doc.marked.is_empty() {
        return Ok(());
    }
    match doc.selected_kind() {
        Some(kind) if kinds.contains(&kind) => Ok(()),
        _ => Err(otherwise.to_owned()),
    }
}

/// A role assignment or group is selected.
pub fn members(app: &App) -> Verdict {
    of_kind(
        app,
        &[Kind::Assignment, Kind::Group],
        "role assignments and groups have members",
        "Select a role assignment or a group: only they have members.",
    )?;
    basic(app)
}

/// A group is selected.
pub fn non_members(app: &App) -> Verdict {
    of_kind(
        app,
        &[Kind::Group],
        "groups keep accounts out",
        "Select a group: only groups keep accounts out.",
    )?;
    basic(app)
}

fn basic(app: &App) -> Verdict {
    use crate::store::GroupType;
    let doc = doc(app)?;
    // Marked ones are looked at when the action runs: there may be many, and this is asked for every frame.
    let selected = doc.selected().filter(|_| doc.marked.is_empty());
    let Some(group) = selected.filter(|&id| doc.store().kind(id) == Kind::Group) else { return Ok(()) };
    match doc.store().group_type(group) {
        Some(GroupType::LdapQuery) => Err("An LDAP group finds its members by its query.".to_owned()),
        Some(GroupType::BizRule) => Err("A business rule group finds its members by its rule.".to_owned()),
        _ => Ok(()),
    }
}

/// Something that holds role definitions is selected.
pub fn roles(app: &App) -> Verdict {
    of_kind(
        app,
        &[Kind::Assignment, Kind::Role],
        "role assignments and role definitions hold role definitions",
        "Select a role assignment or a role definition: they hold role definitions.",
    )
}

/// Something that holds task definitions is selected.
pub fn tasks(app: &App) -> Verdict {
    of_kind(
        app,
        &[Kind::Role, Kind::Task],
        "role and task definitions hold task definitions",
        "Select a role or task definition: they hold task definitions.",
    )
}

/// Something that holds operations is selected.
pub fn operations(app: &App) -> Verdict {
    of_kind(
        app,
        &[Kind::Role, Kind::Task],
        "role and task definitions hold operations",
        "Select a role or task definition: they hold operations.",
    )
}

/// Something that can have a rule is selected.
pub fn rule(app: &App) -> Verdict {
    changing(app)?;
    one(app, "given a rule")?;
    of_kind(
        app,
        &[Kind::Role, Kind::Task, Kind::Group],
        "definitions and business rule groups can have a rule",
        "Select a role definition, task definition or business rule group: they can have a rule.",
    )?;
    let doc = doc(app)?;
    let Some(group) = doc.selected().filter(|&id| doc.store().kind(id) == Kind::Group) else { return Ok(()) };
    match doc.store().group_type(group) {
        Some(crate::store::GroupType::BizRule) => Ok(()),
        _ => Err("Only a business rule group has a rule.".to_owned()),
    }
}

/// Something can be deleted or removed.
pub fn delete(app: &App) -> Verdict {
    let doc = changing(app)?;
    if app.focus == Pane::Details {
        if doc.marked.lines_of(doc.node().object).len() > 0 {
            return Ok(());
        }
        return match doc.sheet.entry() {
            Some(Entry::Account(_) | Entry::Link(_) | Entry::Referrer(_) | Entry::Attribute(..)) => Ok(()),
            _ => Err(format!(
                "Nothing to remove on this line. In the tree {} deletes the object.",
                app.keys.named(Id::Delete)
            )),
        };
    }
    if app.focus == Pane::Problems {
        return Err(format!(
            "A problem is not deleted: {} goes to it, {} fixes it where that is safe.",
            app.keys.named(Id::Enter),
            app.keys.named(Id::Fix)
        ));
    }
    if !doc.marked.is_empty() {
        return Ok(());
    }
    match doc.selected_kind() {
        None => Err(format!("{} is a folder of the tree and always there.", doc.node().part.label())),
        Some(Kind::Store) => Err("The store itself is a file: delete it outside.".to_owned()),
        Some(kind) if is_developers(kind) => developer(app, "Deleting", kind),
        Some(_) => Ok(()),
    }
}

/// Something is marked or selected that can be moved.
pub fn cut(app: &App) -> Verdict {
    if !machines::moving::subjects(changing(app)?).is_empty() {
        return Ok(());
    }
    of_kind(
        app,
        &super::clip::MOVABLE,
        "definitions, role assignments and groups can be moved",
        &format!(
            "Only role and task definitions, role assignments and groups can be moved; {} copies anything.",
            app.keys.named(Id::Copy)
        ),
    )
}

/// Something is marked or selected that can be copied to another place.
pub fn copy_to(app: &App) -> Verdict {
    object(app)?;
    match doc(app)?.selected_kind() {
        Some(Kind::Store) if doc(app)?.marked.is_empty() => {
            Err(format!("The store is a file: {} saves it under another name.", app.keys.named(Id::SaveAs)))
        }
        _ => Ok(()),
    }
}

/// There is a problem here with a safe fix.
pub fn fix(app: &App) -> Verdict {
    changing(app)?;
    super::editing::fixable(app).map(|_| ())
}

/// Something can be undone.
pub fn undo(app: &App) -> Verdict {
    let doc = changing(app)?;
    match doc.why_kept() {
        _ if doc.session.position() == 0 => Err("Nothing to undo.".to_owned()),
        Some(why) => Err(why.to_owned()),
        None => Ok(()),
    }
}

/// Something can be done again.
pub fn redo(app: &App) -> Verdict {
    let session = &changing(app)?.session;
    if session.position() < session.transactions().len() {
        Ok(())
    } else {
        Err("Nothing to redo.".to_owned())
    }
}

/// Something was searched for.
pub fn searched(app: &App) -> Verdict {
    store(app)?;
    if app.wanted.is_empty() {
        Err(format!("Nothing was searched for yet: {} searches.", app.keys.named(Id::Search)))
    } else {
        Ok(())
    }
}

/// There are problems.
pub fn problems(app: &App) -> Verdict {
    let doc = doc(app)?;
    if doc.problems.count == 0 { Err(doc.no_problems()) } else { Ok(()) }
}

/// Something differs from the file, or the tree shows only that already.
pub fn changed_only(app: &App) -> Verdict {
    let doc = doc(app)?;
    let is_on = doc.filter.as_ref().is_some_and(|filter| filter.wanted.changed);
    if is_on || doc.machines.pending() > 0 || doc.marks.objects().next().is_some() {
        Ok(())
    } else {
        Err("Nothing has changed since the last save.".to_owned())
    }
}

/// There are errors or warnings, or the tree shows only these already.
pub fn problems_only(app: &App) -> Verdict {
    let doc = doc(app)?;
    let is_on = doc.filter.as_ref().is_some_and(|filter| filter.wanted.problems);
    let with_machines = doc.machines.alarming() > 0;
    if is_on || with_machines || doc.problems.errors.saturating_add(doc.problems.warnings) > 0 {
        Ok(())
    } else {
        Err("No errors and no warnings.".to_owned())
    }
}

/// The store has a file.
pub fn reload(app: &App) -> Verdict {
    let doc = doc(app)?;
    if doc.on_disk && doc.path.is_some() {
        Ok(())
    } else {
        Err("There is no file to read again: this store was never saved.".to_owned())
    }
}

/// The store can be written to another file.
pub fn save_as(app: &App) -> Verdict {
    writing(app)?;
    if doc(app)?.recovery.is_some() {
        return Err(format!(
            "What an earlier run left is not decided yet: {} asks again.",
            app.keys.named(Id::Reload)
        ));
    }
    Ok(())
}

/// There is a list on the screen.
pub fn export(app: &App) -> Verdict {
    let doc = doc(app)?;
    match app.focus {
        Pane::Problems if doc.problems.count == 0 => Err("No problems: nothing to export.".to_owned()),
        _ => Ok(()),
    }
}

/// There is something to save.
pub fn save(app: &App) -> Verdict {
    let doc = changing(app)?;
    if doc.is_unsaved() || doc.path.is_none() {
        Ok(())
    } else if doc.is_gone {
        Err(format!("The file is gone from the disk. {} writes it again.", app.keys.named(Id::SaveAs)))
    } else if doc.is_stale {
        let reload = app.keys.named(Id::Reload);
        Err(format!("Nothing of yours to save; the file was changed: {reload} reads it again."))
    } else {
        Err("Nothing to save: the file holds this already.".to_owned())
    }
}

/// More than one store is open.
pub fn other_store(app: &App) -> Verdict {
    store(app)?;
    if app.docs.len() > 1 {
        Ok(())
    } else {
        Err(format!("No other store is open: {} opens one beside this.", app.keys.named(Id::Open)))
    }
}
