//! Works out for one place what is made of pasted lines: who goes where under which name, and what links lead to.

use std::collections::{HashMap, HashSet};

use crate::app::changes::level_for;
use crate::store::{Change, Create, Guid, Kind, Level, Link, Name, ObjId, Object, Place, Store, limits};

use super::names::Given;
use super::plan::{Choices, Clash, Fill, Key, Question, merge};
use super::text::{Lines, created};
use super::writing::contents;

/// Where a new object goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Home {
    /// To a level that is there.
    Level(ObjId),
    /// Into another new object.
    In(usize),
}

/// An object to be made.
pub(super) struct Item {
    /// As the lines have it.
    pub(super) create: Create,
    /// What the lines set besides.
    pub(super) sets: Vec<Change>,
    pub(super) home: Home,
    pub(super) name: String,
    pub(super) number: Option<u32>,
    pub(super) guid: Guid,
    /// Not to be made, by choice.
    pub(super) skipped: bool,
    /// It is not among what is pasted: links of that needed it.
    pub(super) is_need: bool,
    /// The links that it gets: from itself, and from lines behind it.
    pub(super) links: Vec<Link>,
}

impl Item {
    const fn is_top(&self) -> bool {
        matches!(self.home, Home::Level(_)) && !self.skipped && !self.is_need
    }
}

pub(super) struct Planner<'p, 'g> {
    pub(super) store: &'p Store,
    lines: &'p Lines,
    level: ObjId,
    choices: &'p Choices,
    given: &'g mut Given<'p>,
    pub(super) items: Vec<Item>,
    by_name: HashMap<Key, Vec<usize>>,
    by_guid: HashMap<Guid, usize>,
    pub(super) questions: Vec<Question>,
    /// Changes of objects that are there already.
    pub(super) others: Vec<Change>,
}

impl<'p, 'g> Planner<'p, 'g> {
    pub(super) fn new(
        store: &'p Store,
        lines: &'p Lines,
        level: ObjId,
        choices: &'p Choices,
        given: &'g mut Given<'p>,
    ) -> Planner<'p, 'g> {
        Planner {
            store,
            lines,
            level,
            choices,
            given,
            items: Vec::new(),
            by_name: HashMap::new(),
            by_guid: HashMap::new(),
            questions: Vec::new(),
            others: Vec::new(),
        }
    }

    /// Kinds and GUIDs of what is made at the place itself.
    pub(super) fn tops(&self) -> impl Iterator<Item = (Kind, Guid)> + '_ {
        self.items.iter().filter(|item| item.is_top()).map(|item| (item.create.kind, item.guid))
    }

    /// Takes in the lines: who is made where, and what is said of whom.
    pub(super) fn read(&mut self) -> Result<(), String> {
        let pasted = self.lines;
        for change in &pasted.changes {
            if let Some(create) = created(change) {
                let home = self.home(create)?;
                self.add(create, home, false);
                continue;
            }
            let Some(object) = change.object() else { continue };
            match (self.item_named(object.kind, &object.name, &object.place), change) {
                (None, change) => self.others.push(self.in_application(change.clone())),
                (Some(at), Change::Add(_, links)) => {
                    if let Some(item) = self.items.get_mut(at) {
                        item.links.extend(links.iter().cloned());
                    }
                }
                (Some(at), Change::Set(..) | Change::SetAttribute(..)) => {
                    if let Some(item) = self.items.get_mut(at) {
                        item.sets.push(change.clone());
                    }
                }
                (Some(_), change) => {
                    return Err(format!(
                        "`{change}` is said of what these lines make: only set and add can be."
                    ));
                }
            }
        }
        Ok(())
    }

    /// A change of what is there means the selected application where it says none.
    fn in_application(&self, change: Change) -> Change {
        let application = self.store.application(self.level);
        match application.and_then(|id| Object::of(self.store, id)) {
            Some(Object { name: Name::Text(name), .. }) => change.with_application(&name),
            _ => change,
        }
    }

    fn home(&self, create: &Create) -> Result<Home, String> {
        if let Some(at) = self.container(&create.place) {
            return Ok(Home::In(at));
        }
        level_for(self.store, create.kind, self.level).map(Home::Level)
    }

    /// The new scope or application that a place of the lines means.
    fn container(&self, place: &Place) -> Option<usize> {
        let application = || {
            let name = place.application.as_ref()?;
            self.candidates(Kind::Application, name).next()
        };
        match &place.level {
            Level::Global => None,
            Level::Application => application(),
            Level::Scope(name) => {
                let above = Place { application: place.application.clone(), level: Level::Application };
                self.item_named(Kind::Scope, name, &above).or_else(application)
            }
        }
    }

    fn candidates(&self, kind: Kind, name: &Name) -> impl Iterator<Item = usize> {
        let found: Vec<usize> = match name {
            Name::Text(text) => self.by_name.get(&(kind, text.clone())).cloned().unwrap_or_default(),
            Name::Guid(guid) => self.by_guid.get(guid).copied().into_iter().collect(),
        };
        let fits: Vec<usize> = found
            .into_iter()
            .filter(|&at| self.items.get(at).is_some_and(|item| item.create.kind == kind))
            .collect();
        fits.into_iter()
    }

    /// The new object that a line means.
    fn item_named(&self, kind: Kind, name: &Name, place: &Place) -> Option<usize> {
        let is_there = |at: &usize| {
            kind == Kind::Application
                || self.items.get(*at).is_some_and(|item| is_same_place(&item.create.place, place))
        };
        self.candidates(kind, name).find(is_there)
    }

    /// Adds an object to be made; gives it a name and a GUID that are free.
    fn add(&mut self, create: &Create, home: Home, is_need: bool) -> usize {
        let at = self.items.len();
        let key = (create.kind, create.name.clone());
        self.by_name.entry(key.clone()).or_default().push(at);
        if let Some(guid) = create.guid {
            self.by_guid.entry(guid).or_insert(at);
        }
        let (mut name, mut number) = (create.name.clone(), create.id);
        let mut skipped = match home {
            Home::In(at) => self.items.get(at).is_some_and(|item| item.skipped),
            Home::Level(_) => false,
        };
        if let Home::Level(level) = home
            && let Some(why) = self.given.clash(level, create)
        {
            // What others need is made under whatever name is free: it was asked for.
            let default = if create.kind == Kind::Operation { Clash::Skip } else { Clash::Rename };
            let choice = if is_need {
                Clash::Rename
            } else {
                self.choices.clashes.get(&key).copied().unwrap_or(default)
            };
            skipped = choice == Clash::Skip;
            if !is_need {
                self.questions.push(Question::Clash { key, why, places: 1, choice });
            }
            if !skipped {
                name = self.given.free_name(level, create.kind, &create.name);
                number = number.map(|wanted| self.given.free_number(level, wanted));
            }
        }
        if let (Home::Level(level), false) = (home, skipped) {
            self.given.take(level, create.kind, &name, number);
        }
        let guid = self.given.guid(create.guid);
        let links = create.links.clone();
        let create = create.clone();
        self.items.push(Item { create, sets: Vec::new(), home, name, number, guid, skipped, is_need, links });
        at
    }

    /// Finds what every link leads to; makes what is missing and chosen to be made.
    pub(super) fn link(&mut self) -> Result<(), String> {
        let mut at = 0;
        // What is made because a link needs it has links too.
        while at < self.items.len() {
            let (links, skipped) = match self.items.get_mut(at) {
                Some(item) => (std::mem::take(&mut item.links), item.skipped),
                None => break,
            };
            let mut found = Vec::with_capacity(links.len());
            for link in links {
                if !skipped
                    && let Some(link) = self.resolve(at, link)?
                    && !found.contains(&link)
                {
                    found.push(link);
                }
            }
            if let Some(item) = self.items.get_mut(at) {
                item.links = found;
            }
            at = at.saturating_add(1);
        }
        Ok(())
    }

    /// The level that is there which a new object stands in, at whatever depth.
    fn standing(&self, at: usize) -> ObjId {
        let mut at = at;
        loop {
            match self.items.get(at).map(|item| item.home) {
                Some(Home::In(above)) => at = above,
                Some(Home::Level(level)) => return level,
                None => return self.level,
            }
        }
    }

    /// The link as it is to be made; `None` to leave it out.
    fn resolve(&mut self, owner: usize, link: Link) -> Result<Option<Link>, String> {
        let Some((kind, name)) = target_of(&link).map(|(kind, name)| (kind, name.clone())) else {
            return Ok(Some(link));
        };
        let place = self.items.get(owner).map(|item| item.create.place.clone()).unwrap_or_default();
        let seen = seen_from(&place, kind);
        if let Some(at) = seen.iter().find_map(|place| self.item_named(kind, &name, place)) {
            return self.link_to_item(owner, at, kind);
        }
        let level = self.standing(owner);
        if let Some(target) = self.existing(level, kind, &name) {
            return Ok(Some(self.to_object(level, target)?));
        }
        self.missing(owner, level, kind, &name, &seen)
    }

    fn existing(&self, level: ObjId, kind: Kind, name: &Name) -> Option<ObjId> {
        match name {
            Name::Text(text) => {
                self.store.visible(level, kind, text).filter(|&id| can_be_linked(self.store, id))
            }
            Name::Guid(guid) => self
                .store
                .by_guid(*guid)
                .filter(|&id| self.store.kind(id) == kind && self.store.can_see(level, id)),
        }
    }

    /// A link from something at or below `level` to something that is there.
    fn to_object(&self, level: ObjId, target: ObjId) -> Result<Link, String> {
        // New objects that have the name and stand nearer would be meant by it.
        let is_plain =
            !self.by_name.contains_key(&(self.store.kind(target), self.store.name(target).into_owned()));
        let guid = self.store.guid(target).filter(|&guid| self.store.by_guid(guid) == Some(target));
        match (is_plain, guid) {
            (false, Some(guid)) => Ok(link_of(self.store.kind(target), Name::Guid(guid))),
            _ => Link::to(self.store, level, target).ok_or_else(|| {
                format!("{} cannot be told from another of its name.", self.store.describe(target))
            }),
        }
    }

    /// A link to something that is new itself, or to what is there in its stead.
    fn link_to_item(&mut self, owner: usize, at: usize, kind: Kind) -> Result<Option<Link>, String> {
        let level = self.standing(owner);
        let Some(item) = self.items.get(at) else { return Ok(None) };
        if item.skipped {
            let name = Name::Text(item.create.name.clone());
            let number = item.create.id;
            let home = self.standing(at);
            let instead = self.existing(level, kind, &name).or_else(|| self.given.numbered(home, number?));
            return match instead {
                Some(target) => Ok(Some(self.to_object(level, target)?)),
                None => self.missing(owner, level, kind, &name, &[]),
            };
        }
        // The name alone is enough while it is the only one of its name that the owner can see.
        let is_only = item.name == item.create.name
            && self.by_name.get(&(kind, item.name.clone())).is_some_and(|all| all.len() == 1)
            && self.store.visible(level, kind, &item.name).is_none()
            && Name::from(item.name.as_str()) == Name::Text(item.name.clone());
        let name = if is_only { Name::Text(item.name.clone()) } else { Name::Guid(item.guid) };
        Ok(Some(link_of(kind, name)))
    }

    /// A link to what the store lacks: as it was decided.
    fn missing(
        &mut self,
        owner: usize,
        level: ObjId,
        kind: Kind,
        name: &Name,
        seen: &[Place],
    ) -> Result<Option<Link>, String> {
        let need = self.need(kind, name, seen).cloned();
        let called = need.as_ref().map_or_else(|| name.to_string(), |create| create.name.clone());
        let key = (kind, called.clone());
        // An operation is its number: another name for the same one is the better guess.
        let number = need.as_ref().and_then(|create| create.id);
        let application = level_for(self.store, Kind::Operation, level).ok();
        let same = application.and_then(|application| self.given.numbered(application, number?));
        let make = match (&need, kind, name) {
            (Some(create), Kind::Operation, _) => create.id.map(|id| format!("with the number {id}")),
            (Some(create), ..) => Some(match contents(&create.links).as_slice() {
                [] if create.query.is_some() => "as it was".to_owned(),
                [] => "as it was, empty".to_owned(),
                parts => format!("as it was, with {}", parts.join(", ")),
            }),
            (None, Kind::Operation, _) | (None, _, Name::Guid(_)) => None,
            (None, ..) => limits::check_name(kind, &called).is_ok().then(|| "empty".to_owned()),
        };
        let default = match (same, &need) {
            (Some(same), _) => Fill::Map(same),
            (None, Some(_)) if make.is_some() => Fill::Create,
            _ => Fill::Leave,
        };
        let mut choice = self.choices.fills.get(&key).copied().unwrap_or(default);
        if let Fill::Map(target) = choice
            && !(self.store.is_live(target)
                && self.store.can_see(level, target)
                && can_be_linked(self.store, target))
        {
            choice = Fill::Leave;
        }
        if choice == Fill::Create && make.is_none() {
            choice = Fill::Leave;
        }
        merge(&mut self.questions, Question::Missing { key: key.clone(), links: 1, make, choice });
        match choice {
            Fill::Leave => Ok(None),
            Fill::Map(target) => Ok(Some(self.to_object(level, target)?)),
            Fill::Create => {
                let create = need.unwrap_or_else(|| Create::new(kind, called, Place::default()));
                let home = self.home_of_need(&create, level);
                if let Some(guid) = self.given.need(&key, home) {
                    return Ok(Some(link_of(kind, Name::Guid(guid))));
                }
                let at = self.add(&create, Home::Level(home), true);
                if let Some(item) = self.items.get(at) {
                    self.given.made_need(key, home, item.guid);
                }
                let lines = self.lines;
                let sets = lines.needs.iter().filter(|change| {
                    matches!(change, Change::Set(object, ..)
                        if object.kind == kind
                            && is_same_place(&object.place, &create.place)
                            && is_called(&create, &object.name))
                });
                if let Some(item) = self.items.get_mut(at) {
                    item.sets.extend(sets.cloned());
                }
                self.link_to_item(owner, at, kind)
            }
        }
    }

    /// Whether what a link needs leads back to what is pasted, at whatever distance.
    fn leads_back(&self, create: &Create) -> bool {
        let mut seen_needs: HashSet<Key> = HashSet::new();
        let mut todo = vec![create];
        while let Some(create) = todo.pop() {
            if !seen_needs.insert((create.kind, create.name.clone())) {
                continue;
            }
            for (kind, name) in create.links.iter().filter_map(target_of) {
                let seen = seen_from(&create.place, kind);
                let item = seen.iter().find_map(|place| self.item_named(kind, name, place));
                if item.and_then(|at| self.items.get(at)).is_some_and(|item| !item.is_need) {
                    return true;
                }
                todo.extend(self.need(kind, name, &seen));
            }
        }
        false
    }

    /// The line that makes what a link needs.
    fn need(&self, kind: Kind, name: &Name, seen: &[Place]) -> Option<&'p Create> {
        let lines = self.lines;
        let of_kind = || lines.needs.iter().filter_map(created).filter(move |create| create.kind == kind);
        // A GUID is exact wherever its object stands: files link to places that they should not see.
        if let Name::Guid(guid) = name {
            return of_kind().find(|create| create.guid == Some(*guid));
        }
        let mut places = seen.iter();
        places.find_map(|place| {
            of_kind().find(|create| is_called(create, name) && is_same_place(&create.place, place))
        })
    }

    /// Where what a link needs goes: to a level like the one it comes from, as far as its user can see it there, and as
    /// far as it sees from there what it links to itself.
    fn home_of_need(&self, create: &Create, level: ObjId) -> ObjId {
        let store = self.store;
        if self.leads_back(create) {
            return level;
        }
        let mut seen = store.visible_levels(level, create.kind);
        let wanted = match (create.kind, &create.place.level) {
            (Kind::Operation, _) | (_, Level::Application) => Kind::Application,
            (_, Level::Global) => Kind::Store,
            (_, Level::Scope(_)) => Kind::Scope,
        };
        seen.find(|&level| store.kind(level) == wanted).unwrap_or(level)
    }
}

/// Whether a link to the object means it: a link is a GUID, and in a faulty file another object may have the same.
pub fn can_be_linked(store: &Store, id: ObjId) -> bool {
    store.guid(id).is_some_and(|guid| store.by_guid(guid) == Some(id))
}

fn is_called(create: &Create, name: &Name) -> bool {
    match name {
        Name::Text(text) => create.name == *text,
        Name::Guid(guid) => create.guid == Some(*guid),
    }
}

/// What a link leads to; `None` for members.
pub(super) fn target_of(link: &Link) -> Option<(Kind, &Name)> {
    Some(match link {
        Link::Operation(name) => (Kind::Operation, name),
        Link::Task(name) => (Kind::Task, name),
        Link::Role(name) => (Kind::Role, name),
        Link::Group(name) => (Kind::Group, name),
        Link::Member(_) | Link::NonMember(_) => return None,
    })
}

fn link_of(kind: Kind, name: Name) -> Link {
    match kind {
        Kind::Operation => Link::Operation(name),
        Kind::Role => Link::Role(name),
        Kind::Group => Link::Group(name),
        _ => Link::Task(name),
    }
}

/// Whether two places of the lines are one; a place that names no application may be in any.
fn is_same_place(one: &Place, other: &Place) -> bool {
    let any = one.application.is_none() || other.application.is_none();
    let global = one.level == Level::Global;
    one.level == other.level && (global || any || one.application == other.application)
}

/// The places where a link from `place` looks for what it means, the nearest first.
fn seen_from(place: &Place, kind: Kind) -> Vec<Place> {
    let mut seen = vec![place.clone()];
    if matches!(place.level, Level::Scope(_)) {
        seen.push(Place { application: place.application.clone(), level: Level::Application });
    }
    if kind == Kind::Group && place.level != Level::Global {
        seen.push(Place { application: None, level: Level::Global });
    }
    seen
}
