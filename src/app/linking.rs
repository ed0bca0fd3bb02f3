//! Links and members of what is selected or marked: pickers with check boxes, the members' form.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::accounts::Sid;
use crate::hyperv::catalogue::{self, Group};
use crate::store::{Change, Kind, LeafKind, Link, Meaning, ObjId, Store};

use super::actions::Id;
use super::bulk::{self, named, plural, subjects};
use super::changes;
use super::choosing;
use super::dialog::field::accounts_in;
use super::dialog::{Dialog, Field, Form, PickFor, Picker, Purpose, Rule, Share, Tick, Value};
use super::effect::Effect;
use super::enabled;
use super::state::App;

/// Opens the form for members (or non-members).
pub fn add_members(app: &mut App, non_members: bool) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let objects = subjects(doc);
    if let Err(why) = bulk::check_lists_members(store, &objects) {
        return app.object(why);
    }
    let what = if non_members { "non-members" } else { "members" };
    let purpose = match (objects.as_slice(), non_members) {
        ([], _) => return,
        ([one], false) => Purpose::AddMembers(*one),
        ([one], true) => Purpose::AddNonMembers(*one),
        _ => Purpose::AddToMarked { non_members },
    };
    let field = Field::area(
        "Accounts",
        "",
        Rule::Accounts,
        "One per line or separated by commas. Enter on the empty line below adds them, Ctrl+S from anywhere.",
    );
    let intro = "SIDs or names: Everyone, CONTOSO\\joe, joe@contoso.com. F4 lists accounts.".to_owned();
    let title = format!("Add {what} to {}", named(store, &objects));
    app.dialogs.push(Dialog::Form(Form::new(title, intro, purpose, "Add", vec![field])));
}

/// The changes that a filled-in form of this module stands for, and their label.
pub fn from_form(app: &App, form: &Form) -> Result<(Vec<Change>, String), String> {
    let doc = enabled::doc(app)?;
    let store = doc.store();
    let sids = || match accounts_in(&form.value("Accounts"), &app.names) {
        Ok(sids) if sids.is_empty() => Err("Type at least one account.".to_owned()),
        outcome => outcome,
    };
    let label = |count: usize, what: &str, to: &[ObjId]| {
        format!("add {} to {}", plural(count, what), named(store, to))
    };
    match form.purpose {
        Purpose::AddMembers(object) => {
            let sids = sids()?;
            let label = label(sids.len(), "member", &[object]);
            let links = sids.into_iter().map(Link::Member).collect();
            Ok((vec![Change::Add(changes::object(store, object)?, links)], label))
        }
        Purpose::AddNonMembers(object) => {
            let sids = sids()?;
            let label = label(sids.len(), "non-member", &[object]);
            let links = sids.into_iter().map(Link::NonMember).collect();
            Ok((vec![Change::Add(changes::object(store, object)?, links)], label))
        }
        Purpose::AddToMarked { non_members } => {
            let sids = sids()?;
            let (kind, what) =
                if non_members { (LeafKind::NonMember, "non-member") } else { (LeafKind::Member, "member") };
            let objects = subjects(doc);
            let changes = bulk::adding(store, &objects, kind, &sids)?;
            if changes.is_empty() {
                return Err(format!(
                    "All of them have {} already.",
                    plural(sids.len(), &format!("such {what}"))
                ));
            }
            Ok((changes, label(sids.len(), what, &objects)))
        }
        Purpose::DescribeMarked => bulk::described(doc, &form.value("Description")),
        _ => Err("Nothing to do.".to_owned()),
    }
}

/// Opens the picker for links to objects of this kind. Of several objects a box says whether all, some or none have
/// the link.
pub fn pick(app: &mut App, kind: Kind) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let owners = subjects(doc);
    let Some(&first) = owners.first() else { return };
    if kind == Kind::Group
        && let Err(why) = bulk::check_lists_members(store, &owners)
    {
        return app.object(why);
    }
    let link = link_kind(kind);
    // How many of them link to each.
    let mut held: BTreeMap<ObjId, usize> = BTreeMap::new();
    for &owner in &owners {
        for target in linked(store, owner, link).into_iter().filter(|&id| store.kind(id) == kind) {
            *held.entry(target).or_default() += 1;
        }
    }
    let mut seen_by_all = candidates(store, &owners, kind);
    if kind == Kind::Operation {
        // As they are known: by what they are about, and by number.
        seen_by_all.sort_by_cached_key(|&id| (group(store, id), store.operation_id(id)));
    }
    let others: Vec<ObjId> = {
        let seen: HashSet<ObjId> = seen_by_all.iter().copied().collect();
        held.keys().copied().filter(|id| !seen.contains(id)).collect()
    };
    let tick = |object: ObjId, whole: bool| {
        let count = held.get(&object).copied().unwrap_or_default();
        let on = Share::of(count, owners.len());
        let mut detail = detail(store, object);
        if on == Share::Some {
            detail = format!("{count} of {}  {detail}", owners.len());
        }
        Tick {
            value: Value::Object(object),
            label: store.name(object).into_owned(),
            detail,
            heading: group(store, object).map(Group::heading),
            on,
            was: on,
            whole,
        }
    };
    let ticks: Vec<Tick> = seen_by_all
        .iter()
        .map(|&object| tick(object, true))
        .chain(others.into_iter().map(|object| tick(object, false)))
        .collect();
    let title = format!("{} of {}", super::editing::capitalised(&format!("{kind}s")), named(store, &owners));
    let intro = match (store.kind(first), kind) {
        (Kind::Assignment, Kind::Role) => "Its members may do what the ticked definitions hold.",
        (_, Kind::Group) => "Who is in a ticked group is a member.",
        _ if owners.len() > 1 => "They hold what is ticked.",
        _ => "It holds what is ticked.",
    };
    let empty = format!("No {kind}s here to tick. Esc, then {} creates one.", app.keys.named(Id::Create));
    let purpose = PickFor::Links { owners, link };
    app.dialogs.push(Dialog::Picker(Picker::new(title, intro.to_owned(), empty, purpose, ticks)));
}

/// Opens the picker of members: what is unticked is removed, what some have can be given to all.
pub fn pick_members(app: &mut App) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let owners = subjects(doc);
    if let Err(why) = bulk::check_lists_members(store, &owners) {
        return app.object(why);
    }
    let mut held: HashMap<Meaning, usize> = HashMap::new();
    let mut texts: Vec<(Meaning, String)> = Vec::new();
    for &owner in &owners {
        let mut own = HashSet::new();
        for leaf in store.leaves_of(owner, LeafKind::Member) {
            let (_, meaning) = store.meaning(leaf);
            if own.insert(meaning.clone()) {
                let count = held.entry(meaning.clone()).or_default();
                *count += 1;
                if *count == 1 {
                    texts.push((meaning, store.text(leaf).trim().to_owned()));
                }
            }
        }
    }
    let ticks: Vec<Tick> = texts
        .into_iter()
        .map(|(meaning, text)| {
            let count = held.get(&meaning).copied().unwrap_or_default();
            let on = Share::of(count, owners.len());
            let (label, who) = match Sid::parse(&text) {
                Ok(sid) => choosing::words(app, &sid, ""),
                Err(_) => (text.clone(), String::new()),
            };
            let share =
                if on == Share::Some { format!("{count} of {}  ", owners.len()) } else { String::new() };
            let detail = format!("{share}{who}").trim_end().to_owned();
            Tick { value: Value::Account(text), label, detail, heading: None, on, was: on, whole: true }
        })
        .collect();
    let title = format!("Members of {}", named(store, &owners));
    let intro = format!("Who is unticked is removed. {} adds others.", app.keys.named(Id::AddMembers));
    let empty = format!("No members yet. Esc, then {} adds one.", app.keys.named(Id::AddMembers));
    app.dialogs.push(Dialog::Picker(Picker::new(title, intro, empty, PickFor::Members(owners), ticks)));
}

/// What an operation of Hyper-V's application is about.
fn group(store: &Store, object: ObjId) -> Option<Group> {
    (store.kind(object) == Kind::Operation).then(|| catalogue::group_of(store, object)).flatten()
}

/// The kind of leaf that links to an object of this kind.
const fn link_kind(kind: Kind) -> LeafKind {
    match kind {
        Kind::Operation => LeafKind::OperationLink,
        Kind::Group => LeafKind::AppMemberLink,
        _ => LeafKind::TaskLink,
    }
}

fn linked(store: &Store, owner: ObjId, link: LeafKind) -> HashSet<ObjId> {
    store.leaves_of(owner, link).filter_map(|leaf| store.target(leaf)).collect()
}

/// What each of `owners` may link to: objects of their own level and of the levels above, but not themselves.
fn candidates(store: &Store, owners: &[ObjId], kind: Kind) -> Vec<ObjId> {
    let homes: BTreeSet<ObjId> = owners.iter().map(|&owner| store.level(owner)).collect();
    let themselves: HashSet<ObjId> = owners.iter().copied().collect();
    let mut seen = candidates_at(store, &homes.into_iter().collect::<Vec<_>>(), kind);
    seen.retain(|object| !themselves.contains(object));
    seen
}

/// What objects at each of these levels may link to.
pub fn candidates_at(store: &Store, homes: &[ObjId], kind: Kind) -> Vec<ObjId> {
    let mut levels: Option<Vec<ObjId>> = None;
    for &home in homes {
        let mut seen: Vec<ObjId> = store.visible_levels(home, kind).collect();
        if let Some(common) = &levels {
            seen.retain(|level| common.contains(level));
        }
        levels = Some(seen);
    }
    levels.unwrap_or_default().into_iter().flat_map(|level| store.children_of(level, kind)).collect()
}

/// Where an object is, or its number: what tells it from others of its name.
pub fn detail(store: &Store, object: ObjId) -> String {
    let level = store.level(object);
    match (store.kind(object), store.kind(level)) {
        (Kind::Operation, _) => store.first(object, LeafKind::OperationId).unwrap_or_default().into_owned(),
        (_, Kind::Store) => "store".to_owned(),
        _ => store.name(level).into_owned(),
    }
}

/// Carries out what was ticked and unticked, as one step.
pub fn finish(
    app: &mut App,
    picker: &Picker,
    owners: &[ObjId],
    link: LeafKind,
    effects: &mut Vec<Effect>,
) -> Result<(), String> {
    let store = enabled::doc(app)?.store();
    let ticks: Vec<(&Tick, ObjId)> =
        picker.changed_ticks().filter_map(|tick| Some((tick, tick.object()?))).collect();
    let mut changes = Vec::new();
    for &owner in owners {
        let held = linked(store, owner, link);
        let (mut added, mut removed) = (Vec::new(), Vec::new());
        for &(tick, target) in &ticks {
            match (tick.on, held.contains(&target)) {
                (Share::All, false) => added.push(changes::link_to(store, owner, target)?),
                (Share::None, true) => removed.push(changes::link_to(store, owner, target)?),
                _ => {}
            }
        }
        push_changes(store, owner, added, removed, &mut changes)?;
    }
    keep(app, picker, owners, "link", &changes, effects)
}

/// Carries out what was ticked and unticked in the picker of members.
pub fn finish_members(
    app: &mut App,
    picker: &Picker,
    owners: &[ObjId],
    effects: &mut Vec<Effect>,
) -> Result<(), String> {
    let store = enabled::doc(app)?.store();
    let mut changes = Vec::new();
    for &owner in owners {
        let held = bulk::accounts_of(store, owner, LeafKind::Member);
        let (mut added, mut removed) = (Vec::new(), Vec::new());
        for tick in picker.changed_ticks() {
            let Value::Account(sid) = &tick.value else { continue };
            match (tick.on, held.contains(&Meaning::of(LeafKind::Member, sid))) {
                (Share::All, false) => added.push(Link::Member(sid.clone())),
                (Share::None, true) => removed.push(Link::Member(sid.clone())),
                _ => {}
            }
        }
        push_changes(store, owner, added, removed, &mut changes)?;
    }
    keep(app, picker, owners, "member", &changes, effects)
}

fn push_changes(
    store: &Store,
    owner: ObjId,
    added: Vec<Link>,
    removed: Vec<Link>,
    changes: &mut Vec<Change>,
) -> Result<(), String> {
    if !removed.is_empty() {
        changes.push(Change::Remove(changes::object(store, owner)?, removed));
    }
    if !added.is_empty() {
        changes.push(Change::Add(changes::object(store, owner)?, added));
    }
    Ok(())
}

fn keep(
    app: &mut App,
    picker: &Picker,
    owners: &[ObjId],
    word: &str,
    changes: &[Change],
    effects: &mut Vec<Effect>,
) -> Result<(), String> {
    if changes.is_empty() {
        return Ok(());
    }
    let count = |share: Share| picker.changed_ticks().filter(|tick| tick.on == share).count();
    let verb = match (count(Share::All), count(Share::None)) {
        (n, 0) => format!("add {} to", plural(n, word)),
        (0, n) => format!("remove {} from", plural(n, word)),
        (n, m) => format!("add {} and remove {m} of", plural(n, word)),
    };
    let store = enabled::doc(app)?.store();
    let label = format!("{verb} {}", named(store, owners));
    bulk::apply_here(app, changes, &label, effects)
}
