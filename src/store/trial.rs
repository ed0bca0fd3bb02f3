//! Finding the changes that make what is wished for, by making them.
//!
//! What a change may be called, and whether it is taken, depends on all those before it: a name is free once its owner
//! is gone, a link can be made once its target is there. So nothing is predicted here: each wish is put into words
//! that the store at hand understands, tried on it, and tried again later where it was refused. What comes out is a
//! list of changes that was accepted in just this order, and what was refused to the end, with the reason.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::change::{Change, Level, Link, Object, Place, Property};
use super::diff::{Difference, LeafText, Snapshot, What, Who, compare, leaf_key};
use super::making::{attribute, creating, property};
use super::perform::{ChangeError, Work, refused};
use super::{Guid, Kind, LeafKind, ObjId, Store, limits};

/// One difference that is to be made.
#[derive(Clone)]
pub(super) struct Wish {
    /// The object, as the store that is changed knows it or will know it.
    pub who: Who,
    /// What is to be made of it.
    pub difference: Difference,
    /// What the object is to be in the end; `None` where it is to go.
    pub new: Option<Arc<Snapshot>>,
    /// The object is not there yet.
    is_made: bool,
}

impl Wish {
    /// Whether it is about something that a new object has of itself, beside what it is created with.
    pub(super) fn is_of_new(&self) -> bool {
        self.is_made && matches!(self.difference.what, What::Attribute { .. } | What::Unknown { .. })
    }
}

/// What became of a wish.
pub(super) enum Outcome {
    /// These changes make it; none where it was so already.
    Made(Vec<Change>),
    /// Why it cannot be made.
    Refused(String),
}

/// The wishes that turn an object from `old` into `new`, at the end of `wishes`.
pub(super) fn wish(old: Option<&Snapshot>, new: Option<Snapshot>, wishes: &mut Vec<Wish>) {
    let mut differences = Vec::new();
    compare(old, new.as_ref(), &mut differences);
    let Some(who) = old.or(new.as_ref()).map(|snapshot| snapshot.who.clone()) else { return };
    let new = new.map(Arc::new);
    if let (None, Some(made)) = (old, &new) {
        let known = made.kind.attribute_order();
        let odd = made.attributes.iter().filter(|(name, _)| !known.contains(&name.as_str()));
        differences.extend(odd.map(|(name, value)| {
            made.differs(What::Attribute { name: name.clone(), old: None, new: Some(value.clone()) })
        }));
        if !made.unknown.is_empty() {
            differences.push(made.differs(What::Unknown { old: Vec::new(), new: made.unknown.clone() }));
        }
    }
    wishes.extend(differences.into_iter().map(|difference| Wish {
        who: who.clone(),
        difference,
        new: new.clone(),
        is_made: old.is_none(),
    }));
}

/// Makes as many of the wishes as the change language can, on a store that is there to be tried on. Gives the numbers
/// of the wishes in the order in which their changes apply, each once.
pub(super) fn make(store: &mut Store, work: &mut Work, wishes: &[Wish]) -> Vec<(usize, Outcome)> {
    let removed = wishes.iter().filter(|wish| wish.difference.what == What::Removed);
    let by_path = wishes.iter().any(|wish| {
        matches!(wish.who, Who::Path(_)) || wish.new.as_ref().is_some_and(|n| matches!(n.home, Who::Path(_)))
    });
    let removed = removed.map(|wish| wish.who.clone()).collect();
    let paths = if by_path { paths(store) } else { HashMap::new() };
    let mut trial = Trial { store, work, wishes, removed, paths, outcomes: Vec::new() };
    let mut pending: Vec<usize> = (0..wishes.len()).collect();
    pending.sort_by_key(|&at| rank(&wishes[at]));
    let mut refused = trial.pass(&pending, false);
    while !refused.is_empty() {
        let left: Vec<usize> = refused.iter().map(|&(at, _)| at).collect();
        let before = left.len();
        refused = trial.pass(&left, false);
        if refused.len() < before {
            continue;
        }
        // What is left stands in each other's way: two names that are to be exchanged.
        refused = trial.pass(&left, true);
        if refused.len() == before {
            break;
        }
    }
    let refused = refused.into_iter().map(|(at, why)| (at, Outcome::Refused(why)));
    trial.outcomes.extend(refused);
    trial.outcomes
}

/// The objects without a GUID of their own by path; `None` where a path means several.
fn paths(store: &Store) -> HashMap<String, Option<ObjId>> {
    let mut paths = HashMap::new();
    for id in store.walk() {
        if let Who::Path(path) = Who::of(store, id) {
            paths.entry(path).and_modify(|known| *known = None).or_insert(Some(id));
        }
    }
    paths
}

/// What is tried first: what only takes away, then what needs room for names, then what is new with its links, a kind
/// after the kinds that it links to, then what refers to it.
fn rank(wish: &Wish) -> (u8, u8) {
    let empty = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
    match &wish.difference.what {
        What::Unlinked { .. } => (0, 0),
        What::Text { kind, new, .. } if empty(new) && *kind != LeafKind::BizRuleLanguage => (1, 0),
        What::Removed => (2, 0),
        What::Moved { .. } => (3, 0),
        What::Attribute { name, .. } if name == "Name" => (4, 0),
        // What the schema allows comes after it.
        What::Attribute { name, .. } if name == "MajorVersion" => (4, 1),
        What::Attribute { name, .. } if name == "GroupType" => (5, 0),
        What::Text { kind: LeafKind::BizRuleLanguage, .. } => (5, 1),
        What::Text { .. } | What::Attribute { .. } | What::Unknown { .. } => (5, 2),
        // Links stay behind the object that they belong to: `wish` put them there, and the sort keeps it so.
        What::Added | What::Linked { .. } if wish.is_made => (6, kind_rank(wish.difference.kind)),
        What::Added | What::Linked { .. } => (7, 0),
    }
}

/// Containers, then each kind before those that link to it.
pub(super) fn kind_rank(kind: Kind) -> u8 {
    match kind {
        Kind::Store => 0,
        Kind::Application => 1,
        Kind::Scope => 2,
        Kind::Operation => 3,
        Kind::Group => 4,
        Kind::Task => 5,
        Kind::Role => 6,
        Kind::Assignment => 7,
    }
}

struct Trial<'t> {
    store: &'t mut Store,
    work: &'t mut Work,
    wishes: &'t [Wish],
    /// What is to go: it may go with what it stands in.
    removed: HashSet<Who>,
    paths: HashMap<String, Option<ObjId>>,
    outcomes: Vec<(usize, Outcome)>,
}

impl Trial<'_> {
    /// Tries each wish once. What was refused comes back with the reason.
    fn pass(&mut self, pending: &[usize], force: bool) -> Vec<(usize, String)> {
        let mut refused = Vec::new();
        let mut at = 0;
        while let Some(&number) = pending.get(at) {
            let links = self.links_from(pending.get(at..).unwrap_or_default());
            if links > 1 && self.many(&pending[at..at + links]) {
                at += links;
                continue;
            }
            match self.attempt(&self.wishes[number], force) {
                Ok(changes) => self.outcomes.push((number, Outcome::Made(changes))),
                Err(error) => refused.push((number, error.message)),
            }
            at += 1;
        }
        refused
    }

    /// How many wishes from the first on add links to one object, or take links from it.
    fn links_from(&self, pending: &[usize]) -> usize {
        let about = |number: &usize| {
            let wish = &self.wishes[*number];
            match wish.difference.what {
                What::Linked { .. } => Some((&wish.who, true)),
                What::Unlinked { .. } => Some((&wish.who, false)),
                _ => None,
            }
        };
        let Some(first) = pending.first().and_then(about) else { return 0 };
        pending.iter().take_while(|number| about(number) == Some(first)).count()
    }

    /// Makes several links of one object in one go, which costs as much as making one. False: one of them is refused.
    fn many(&mut self, numbers: &[usize]) -> bool {
        let from = self.work.undo.len();
        let mut all: Option<Change> = None;
        let mut made = Vec::with_capacity(numbers.len());
        for &number in numbers {
            let wish = &self.wishes[number];
            let Ok(changes) = self.words(wish) else { return false };
            match (&mut all, &changes[..]) {
                (_, []) => {}
                (None, [change]) => all = Some(change.clone()),
                (Some(Change::Add(_, links)), [Change::Add(_, more)])
                | (Some(Change::Remove(_, links)), [Change::Remove(_, more)]) => links.extend(more.clone()),
                _ => return false,
            }
            made.push((number, Outcome::Made(changes)));
        }
        if let Some(change) = all
            && self.store.perform(self.work, &change).is_err()
        {
            self.take_back(from);
            return false;
        }
        self.outcomes.extend(made);
        true
    }

    fn take_back(&mut self, to: usize) {
        for edit in self.work.undo.split_off(to).into_iter().rev() {
            self.store.edit(edit);
        }
    }

    /// Makes one wish, whole or not at all.
    fn attempt(&mut self, wish: &Wish, force: bool) -> Result<Vec<Change>, ChangeError> {
        let from = self.work.undo.len();
        let mut changes = self.words(wish)?;
        if force {
            changes.splice(0..0, self.room(wish));
        }
        for change in &changes {
            if let Err(error) = self.store.perform(self.work, change) {
                self.take_back(from);
                return Err(error);
            }
        }
        if wish.difference.what == What::Added
            && let Who::Path(path) = &wish.who
        {
            self.paths.insert(path.clone(), self.work.select);
        }
        Ok(changes)
    }

    fn resolve(&self, who: &Who) -> Option<ObjId> {
        match who {
            Who::Root => Some(self.store.root()),
            Who::Guid(guid) => self.store.by_guid(*guid),
            Who::Path(path) => (*self.paths.get(path)?).filter(|&id| self.store.is_live(id)),
        }
    }

    /// The object that the wish is about.
    fn object(&self, wish: &Wish) -> Result<ObjId, ChangeError> {
        let same = |&id: &ObjId| self.store.kind(id).element() == wish.difference.kind.element();
        self.resolve(&wish.who).filter(same).ok_or_else(|| {
            refused(format!("There is no {} \"{}\".", wish.difference.kind, wish.difference.name))
        })
    }

    fn named(&self, id: ObjId) -> Result<Object, ChangeError> {
        Object::of(self.store, id).ok_or_else(|| {
            refused(format!(
                "{} shares its name with another and has no GUID: no change can name it.",
                self.store.describe(id)
            ))
        })
    }

    fn place(&self, level: ObjId) -> Result<Place, ChangeError> {
        Place::of(self.store, level).ok_or_else(|| {
            refused(format!(
                "{} cannot be named: it shares its name with another.",
                self.store.describe_level(level)
            ))
        })
    }

    /// The wish as changes that the store as it is now understands.
    fn words(&self, wish: &Wish) -> Result<Vec<Change>, ChangeError> {
        let missing = || refused("What it is to be is not known.");
        match &wish.difference.what {
            What::Added => self.creation(wish.new.as_deref().ok_or_else(missing)?),
            What::Removed => self.removal(wish),
            What::Moved { .. } => self.moving(wish, wish.new.as_deref().ok_or_else(missing)?),
            What::Attribute { name, new, .. } => {
                let object = self.named(self.object(wish)?)?;
                if !object.kind.attribute_order().contains(&name.as_str()) {
                    return Ok(vec![Change::SetAttribute(object, name.clone(), new.clone())]);
                }
                // An attribute that is to be absent becomes empty, which is as near as changes get.
                let may_be_empty =
                    matches!(name.as_str(), "Description" | "ApplicationVersion" | "BizRuleImportedPath");
                let new = match new.as_deref() {
                    Some(new) => new.to_owned(),
                    None if may_be_empty => String::new(),
                    None => return Err(refused(format!("No change makes the attribute {name} absent."))),
                };
                // The major version, which stands before it, makes it so.
                let is_minor = name == "MinorVersion" && new.trim() == "0";
                let value = if is_minor { self.store.schema().0 } else { new };
                Ok(vec![attribute(object, if is_minor { "MajorVersion" } else { name }, &value)?])
            }
            What::Text { kind, new, .. } => {
                let object = self.named(self.object(wish)?)?;
                let value = new.as_deref().unwrap_or("").to_owned();
                Ok(vec![Change::Set(object, property(*kind)?, value)])
            }
            What::Linked { kind, text, .. } => self.linking(wish, *kind, text),
            What::Unlinked { kind, text, .. } => self.unlinking(wish, *kind, text),
            What::Unknown { .. } => {
                Err(refused("No change makes or removes what Authorization Manager's format does not name."))
            }
        }
    }

    fn creation(&self, new: &Snapshot) -> Result<Vec<Change>, ChangeError> {
        if self.resolve(&new.who).is_some() {
            return Err(refused(format!("{} \"{}\" is there already.", new.kind.capital_a(), new.name)));
        }
        let level = self.resolve(&new.home).ok_or_else(|| refused("What it stands in is not there."))?;
        let place = if new.kind == Kind::Application { Place::default() } else { self.place(level)? };
        let (create, sets) = creating(new, place, self.store.is_schema_2())?;
        let mut changes = vec![Change::Create(create)];
        changes.extend(sets);
        Ok(changes)
    }

    /// Deleting takes along what stands in the object and every link to it. Neither may be of what stays.
    fn removal(&self, wish: &Wish) -> Result<Vec<Change>, ChangeError> {
        let Some(id) = self.resolve(&wish.who) else { return Ok(Vec::new()) };
        let mut todo: Vec<ObjId> = self.store.children(id).collect();
        while let Some(inner) = todo.pop() {
            if !self.removed.contains(&Who::of(self.store, inner)) {
                let (outer, inner) = (self.store.describe(id), self.store.describe(inner));
                return Err(refused(format!("{outer} holds {inner}, which stays.")));
            }
            todo.extend(self.store.children(inner));
        }
        let links = self.store.links_from_outside(id);
        let stays = links.iter().find(|&&leaf| {
            let owners = std::iter::successors(Some(self.store.owner(leaf)), |&at| self.store.parent(at));
            !owners.map(|at| Who::of(self.store, at)).any(|who| self.removed.contains(&who))
        });
        if let Some(&leaf) = stays {
            let (owner, id) = (self.store.describe(self.store.owner(leaf)), self.store.describe(id));
            return Err(refused(format!("{owner} goes on linking to {id}.")));
        }
        Ok(vec![Change::Delete(self.named(id)?)])
    }

    fn moving(&self, wish: &Wish, new: &Snapshot) -> Result<Vec<Change>, ChangeError> {
        let id = self.object(wish)?;
        let level = self.resolve(&new.home).ok_or_else(|| refused("Where it goes is not there."))?;
        if self.store.kind(level) == Kind::Store
            || self.store.application(level) != self.store.application(id)
        {
            return Err(refused(format!(
                "{} can only be moved within an application.",
                self.store.describe(id)
            )));
        }
        let to: Level = self.place(level)?.level;
        Ok(vec![Change::Move { object: self.named(id)?, to }])
    }

    /// The leaves of the object that are this link.
    fn held(&self, id: ObjId, kind: LeafKind, text: &str) -> Vec<super::LeafId> {
        let key = leaf_key(kind, text);
        let leaves = self.store.leaves_of(id, kind);
        leaves.filter(|&leaf| leaf_key(kind, &self.store.text(leaf)) == key).collect()
    }

    fn linking(&self, wish: &Wish, kind: LeafKind, text: &str) -> Result<Vec<Change>, ChangeError> {
        let id = self.object(wish)?;
        let link = self.link(self.store.level(id), kind, text)?;
        Ok(vec![Change::Add(self.named(id)?, vec![link])])
    }

    fn link(&self, level: ObjId, kind: LeafKind, text: &str) -> Result<Link, ChangeError> {
        match kind {
            LeafKind::Member => return Ok(Link::Member(text.trim().to_owned())),
            LeafKind::NonMember => return Ok(Link::NonMember(text.trim().to_owned())),
            _ => {}
        }
        let target = Guid::parse(text).and_then(|guid| self.store.by_guid(guid));
        let target = target.ok_or_else(|| refused(format!("There is nothing with the GUID {text}.")))?;
        let link = Link::to(self.store, level, target).filter(|link| fits(kind, link));
        link.ok_or_else(|| {
            refused(format!("{} cannot be linked as {}.", self.store.describe(target), kind.word()))
        })
    }

    fn unlinking(&self, wish: &Wish, kind: LeafKind, text: &str) -> Result<Vec<Change>, ChangeError> {
        let id = self.object(wish)?;
        let held = self.held(id, kind, text);
        let Some(&leaf) = held.first() else { return Ok(Vec::new()) };
        let link = self.store.link_of(leaf);
        let link =
            link.ok_or_else(|| refused(format!("The link \"{text}\" is no GUID: nothing names it.")))?;
        let object = self.named(id)?;
        let mut changes = vec![Change::Remove(object.clone(), vec![link.clone()])];
        // Removing takes every repetition; one may be meant to stay.
        let stays = |(known, text, _): &LeafText| {
            *known == kind && leaf_key(kind, text) == leaf_key(kind, &self.store.text(leaf))
        };
        if held.len() > 1 && wish.new.as_ref().is_some_and(|new| new.leaves.iter().any(stays)) {
            changes.push(Change::Add(object, vec![link]));
        }
        Ok(changes)
    }

    /// The change that gives what stands in the way of the wish another name, or number, for the time being. It stands
    /// there to be changed itself.
    fn room(&self, wish: &Wish) -> Option<Change> {
        let store = &*self.store;
        let id = self.object(wish).ok()?;
        let changes_too = |other: ObjId, what: fn(&What) -> bool| {
            let who = Who::of(store, other);
            self.wishes.iter().any(|wish| wish.who == who && what(&wish.difference.what))
        };
        match &wish.difference.what {
            What::Attribute { name, new: Some(new), .. } if name == "Name" => {
                let space = store.kind(id).name_space();
                let level = store.level(id);
                let other = store
                    .named(level, new)
                    .into_iter()
                    .find(|&other| other != id && store.kind(other).name_space() == space)?;
                let renamed: fn(&What) -> bool =
                    |what| matches!(what, What::Attribute { name, .. } if name == "Name");
                if !changes_too(other, renamed) {
                    return None;
                }
                let free = (1..1000).map(|number| format!("moved aside {number}"));
                let mut free = free.filter(|name| store.named(level, name).is_empty());
                Some(Change::Rename(Object::of(store, other)?, free.next()?))
            }
            What::Text { kind: LeafKind::OperationId, new: Some(new), .. } => {
                let wanted = limits::parse_operation_id(new)?;
                let operations = || store.children_of(store.level(id), Kind::Operation);
                let other = operations().find(|&other| store.operation_id(other) == Some(wanted))?;
                let renumbered: fn(&What) -> bool =
                    |what| matches!(what, What::Text { kind: LeafKind::OperationId, .. });
                if !changes_too(other, renumbered) {
                    return None;
                }
                let taken: HashSet<u32> = operations().filter_map(|id| store.operation_id(id)).collect();
                let free = (0..=i32::MAX.unsigned_abs()).rev().find(|number| !taken.contains(number))?;
                Some(Change::Set(Object::of(store, other)?, Property::Id, free.to_string()))
            }
            _ => None,
        }
    }
}

/// Whether a leaf of this kind is what `add` makes of the link.
pub(super) fn fits(kind: LeafKind, link: &Link) -> bool {
    match kind {
        LeafKind::OperationLink => matches!(link, Link::Operation(_)),
        LeafKind::AppMemberLink => matches!(link, Link::Group(_)),
        _ => matches!(link, Link::Task(_) | Link::Role(_)),
    }
}
