//! From stores to changes: the lines that make an object, and those that turn one store into another.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Link, Name, Object, Place};
use super::diff::{Difference, Snapshot, diff, pairs};
use super::making::creating;
use super::perform::Work;
use super::trial::{self, Outcome, fits};
use super::{Kind, LeafKind, ObjId, OpenError, Store};

/// One difference and what makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The difference.
    pub difference: Difference,
    /// What makes it, once the steps before have been made. Empty: it comes about with another step, or it cannot be
    /// made.
    pub changes: Vec<Change>,
    /// Why the change language cannot say it: without it, the difference stays.
    pub unsaid: Option<String>,
}

/// What turns `from` into `to`: every difference, in an order in which its changes apply to `from`. Objects keep their
/// GUIDs.
///
/// A difference that the language cannot say is named with the reason and changes nothing: a scope that stands in
/// another application, a name that Authorization Manager does not allow, a link to nothing, an attribute or element
/// that the format does not name, an attribute that is absent and not empty. Where several wishes exclude each other
/// the first is made. Both stores are read whole, and `from` is copied.
///
/// # Errors
/// What `from` is written as does not open.
pub fn script(from: &Store, to: &Store) -> Result<Vec<Step>, OpenError> {
    let mut store = Store::open(from.rendering().to_bytes())?;
    let mut wishes = Vec::new();
    pairs(from, to, |old, new| trial::wish(old.as_ref(), new, &mut wishes));
    let outcomes = trial::make(&mut store, &mut Work::default(), &wishes);
    let mut steps: Vec<Step> = outcomes
        .into_iter()
        .map(|(at, outcome)| {
            let difference = wishes[at].difference.clone();
            match outcome {
                Outcome::Made(changes) => Step { difference, changes, unsaid: None },
                Outcome::Refused(why) => Step { difference, changes: Vec::new(), unsaid: Some(why) },
            }
        })
        .collect();
    // What differs all the same, named once: the refusals already are.
    let named: BTreeSet<String> = steps.iter().filter(|step| step.unsaid.is_some()).map(key).collect();
    let left = diff(&store, to).into_iter().map(|difference| Step {
        difference,
        changes: Vec::new(),
        unsaid: Some("No change says just this.".to_owned()),
    });
    steps.extend(left.filter(|step| !named.contains(&key(step))));
    Ok(steps)
}

/// Tells two refused differences apart, wherever the object stands meanwhile.
fn key(step: &Step) -> String {
    let Difference { kind, name, what, .. } = &step.difference;
    format!("{kind:?} {name:?} {what:?}")
}

/// The changes of the steps as few lines: links and members of one object that follow each other are one change, and
/// stand with the creation of the object where that comes right before.
pub fn changes<'s>(steps: impl IntoIterator<Item = &'s Step>) -> Vec<Change> {
    let mut all = Vec::new();
    steps.into_iter().flat_map(|step| &step.changes).for_each(|change| join(&mut all, change));
    all
}

/// Puts a change at the end of others: into the last one, where they are one change.
pub(super) fn join(all: &mut Vec<Change>, change: &Change) {
    match (all.last_mut(), change) {
        (Some(Change::Add(object, links)), Change::Add(same, more))
        | (Some(Change::Remove(object, links)), Change::Remove(same, more))
            if object == same =>
        {
            links.extend(more.iter().cloned());
        }
        (Some(Change::Create(create)), Change::Add(same, more))
            if (create.kind, &create.place) == (same.kind, &same.place)
                && same.name == Name::Text(create.name.clone()) =>
        {
            create.links.extend(more.iter().cloned());
        }
        _ => all.push(change.clone()),
    }
}

/// The changes that make the object and everything in it, with their GUIDs, in a store that has where it stands and
/// what it links to: places and targets by name, as far as names are enough. Elements and attributes that the format
/// does not name are not among them; [`unknown_within`] lists them.
///
/// # Errors
/// What no change can say: the store itself, a name that Authorization Manager does not allow, a link to nothing, a
/// target that cannot be named.
pub fn creation(store: &Store, id: ObjId) -> Result<Vec<Change>, String> {
    if store.kind(id) == Kind::Store {
        return Err("A store is made with `azedit new`.".to_owned());
    }
    let mut creation = Creation {
        store,
        top: id,
        made: BTreeSet::new(),
        entered: BTreeSet::new(),
        late: BTreeMap::new(),
        changes: Vec::new(),
    };
    let mut all: Vec<ObjId> = store.within(id).collect();
    all.sort_by_key(|&id| trial::kind_rank(store.kind(id)));
    for id in all {
        creation.object(id)?;
    }
    let Creation { late, mut changes, .. } = creation;
    for (id, links) in late {
        let object = Object::of(store, id).ok_or_else(|| unnamed(store, id))?;
        changes.push(Change::Add(object, links));
    }
    Ok(changes)
}

/// What stands in the object that changes cannot carry along: each with where it is.
pub fn unknown_within(store: &Store, id: ObjId) -> Vec<String> {
    let all = store.within(id);
    let all = all.flat_map(|id| store.unknown(id).into_iter().map(move |unknown| (id, unknown)));
    all.map(|(id, unknown)| {
        let what = match unknown.kind {
            super::UnknownKind::Element => format!("the element {}", unknown.name),
            super::UnknownKind::Attribute => format!("the attribute {}", unknown.name),
            super::UnknownKind::Text => "text".to_owned(),
        };
        format!("{what} in {}", store.describe(id))
    })
    .collect()
}

fn unnamed(store: &Store, id: ObjId) -> String {
    format!("{} shares its name with another and has no GUID: no change can name it.", store.describe(id))
}

/// A creation being put together.
struct Creation<'s> {
    store: &'s Store,
    top: ObjId,
    made: BTreeSet<ObjId>,
    /// Begun, so that a circle of links ends.
    entered: BTreeSet<ObjId>,
    /// Links that close a circle: they come at the end.
    late: BTreeMap<ObjId, Vec<Link>>,
    changes: Vec<Change>,
}

impl Creation<'_> {
    /// Makes the object, after what it links to.
    fn object(&mut self, id: ObjId) -> Result<(), String> {
        // What is to be made first waits on a list of its own: chains of links may be as long as the file.
        let mut waiting = vec![(id, false)];
        while let Some((id, is_ready)) = waiting.pop() {
            if is_ready {
                self.make(id)?;
            } else if self.entered.insert(id) {
                waiting.push((id, true));
                let targets = self.store.leaves(id).filter_map(|leaf| self.store.target(leaf));
                waiting
                    .extend(targets.filter(|&to| self.store.is_within(to, self.top)).map(|to| (to, false)));
            }
        }
        Ok(())
    }

    fn make(&mut self, id: ObjId) -> Result<(), String> {
        let store = self.store;
        let level = store.level(id);
        let place = match store.kind(id) {
            Kind::Application => Place::default(),
            _ => Place::of(store, level).ok_or_else(|| unnamed(store, level))?,
        };
        let snapshot = Snapshot::of(store, id).ok_or_else(|| "It is not there any more.".to_owned())?;
        let (mut create, sets) =
            creating(&snapshot, place, store.is_schema_2()).map_err(|error| error.message)?;
        self.made.insert(id);
        for leaf in store.leaves(id).filter(|&leaf| !store.leaf_kind(leaf).is_single()) {
            let (link, is_late) = match store.leaf_kind(leaf) {
                LeafKind::Member => (Link::Member(store.text(leaf).trim().to_owned()), false),
                LeafKind::NonMember => (Link::NonMember(store.text(leaf).trim().to_owned()), false),
                _ => {
                    let target = store.target(leaf).ok_or_else(|| {
                        format!("{} has a link to nothing ({}).", store.describe(id), store.text(leaf))
                    })?;
                    let link = Link::to(store, level, target).ok_or_else(|| unnamed(store, target))?;
                    if !fits(store.leaf_kind(leaf), &link) {
                        let (id, target) = (store.describe(id), store.describe(target));
                        return Err(format!("{id} has a link to {target} that is not for its kind."));
                    }
                    (link, store.is_within(target, self.top) && !self.made.contains(&target))
                }
            };
            let links = if is_late { self.late.entry(id).or_default() } else { &mut create.links };
            // A file may repeat a link; a change may not.
            if !links.contains(&link) {
                links.push(link);
            }
        }
        self.changes.push(Change::Create(create));
        self.changes.extend(sets);
        Ok(())
    }
}
