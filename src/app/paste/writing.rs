//! From a plan of one place to the changes that make it, in an order in which they apply, and what they do.

use std::collections::{HashMap, HashSet};

use crate::app::bulk::plural;
use crate::store::{Change, Create, Guid, Kind, LeafKind, Level, Link, Name, Object, Place};

use super::plan::{Key, Plan, PlanLine};
use super::planner::{Home, Item, Planner, target_of};

impl Planner<'_, '_> {
    fn place_of(&self, item: &Item) -> Result<Place, String> {
        if item.create.kind == Kind::Application {
            return Ok(Place::default());
        }
        let level = match item.home {
            Home::Level(level) => level,
            Home::In(above) => {
                let Some(above) = self.items.get(above) else { return Ok(Place::default()) };
                let name = name_of(above);
                if above.create.kind == Kind::Application {
                    return Ok(Place { application: Some(name), level: Level::Application });
                }
                return Ok(Place { level: Level::Scope(name), ..self.place_of(above)? });
            }
        };
        Place::of(self.store, level).ok_or_else(|| {
            format!(
                "{} shares its name with another: give one of them a new name first.",
                self.store.describe_level(level)
            )
        })
    }

    /// Puts the changes and what they do behind those that are planned already.
    pub(super) fn write(&self, plan: &mut Plan, with_others: bool) -> Result<(), String> {
        // What others need stands before them. A link to what is made later comes when that is there.
        let order =
            (0..self.items.len()).rev().filter(|&at| self.items.get(at).is_some_and(|item| item.is_need));
        let order: Vec<&Item> = order
            .filter_map(|at| self.items.get(at))
            .chain(self.items.iter().filter(|item| !item.is_need))
            .filter(|item| !item.skipped)
            .collect();
        let mut waiting = Waiting::default();
        for item in &order {
            waiting.add(item);
        }
        let mut inside: HashMap<usize, usize> = HashMap::new();
        for item in &self.items {
            if let Home::In(above) = item.home {
                *inside.entry(above).or_default() += 1;
            }
        }
        let inside: HashMap<Guid, usize> =
            inside.into_iter().filter_map(|(at, count)| Some((self.items.get(at)?.guid, count))).collect();
        let mut late = Vec::new();
        for item in order {
            let (kind, name, place) = (item.create.kind, name_of(item), self.place_of(item)?);
            let object = Object { kind, name, place: place.clone() };
            let (later, now): (Vec<Link>, Vec<Link>) =
                item.links.iter().cloned().partition(|link| waiting.has(link));
            plan.lines.extend(self.line(item, inside.get(&item.guid).copied().unwrap_or_default()));
            plan.changes.push(Change::Create(Create {
                name: item.name.clone(),
                place,
                guid: Some(item.guid),
                id: item.number,
                links: now,
                ..item.create.clone()
            }));
            plan.changes.extend(item.sets.iter().filter_map(|set| match set {
                Change::Set(_, property, value) => {
                    Some(Change::Set(object.clone(), *property, value.clone()))
                }
                _ => None,
            }));
            if !later.is_empty() {
                late.push(Change::Add(object, later));
            }
            waiting.remove(item);
        }
        plan.changes.extend(late);
        // What is said of objects that are there is said once, however many places there are.
        if with_others {
            plan.lines.extend(self.others.iter().map(|change| PlanLine {
                sign: '~',
                what: String::new(),
                text: change.to_string(),
                place: String::new(),
            }));
            plan.changes.extend(self.others.iter().cloned());
        }
        Ok(())
    }

    /// What is said of a new object: not of those that come with what they stand in.
    fn line(&self, item: &Item, inside: usize) -> Option<PlanLine> {
        let Home::Level(level) = item.home else { return None };
        let mut parts = vec![match self.store.kind(level) {
            Kind::Store => "in the store".to_owned(),
            _ => format!("in {}", self.store.name(level)),
        }];
        if inside > 0 {
            parts.push(plural(inside, "object"));
        }
        parts.extend(contents(&item.links));
        Some(PlanLine {
            sign: '+',
            what: item.create.kind.word().to_owned(),
            text: item.name.clone(),
            place: parts.join(", "),
        })
    }
}

/// What a new object holds, as it is said: `2 members`, `1 non-member`, `3 links`, none of which there is none.
pub(super) fn contents(links: &[Link]) -> Vec<String> {
    let count = |wanted: fn(&Link) -> bool| links.iter().filter(|link| wanted(link)).count();
    let members = count(|link| matches!(link, Link::Member(_)));
    let kept_out = count(|link| matches!(link, Link::NonMember(_)));
    let others = links.len().saturating_sub(members).saturating_sub(kept_out);
    [(members, LeafKind::Member.word()), (kept_out, LeafKind::NonMember.word()), (others, "link")]
        .into_iter()
        .filter(|&(count, _)| count > 0)
        .map(|(count, word)| plural(count, word))
        .collect()
}

/// How a new object is named in changes behind the one that makes it.
fn name_of(item: &Item) -> Name {
    match Name::from(item.name.as_str()) {
        Name::Text(text) => Name::Text(text),
        Name::Guid(_) => Name::Guid(item.guid),
    }
}

/// New objects that are not made yet.
#[derive(Default)]
struct Waiting {
    guids: HashSet<Guid>,
    names: HashMap<Key, usize>,
}

impl Waiting {
    fn add(&mut self, item: &Item) {
        self.guids.insert(item.guid);
        *self.names.entry((item.create.kind, item.name.clone())).or_default() += 1;
    }

    fn remove(&mut self, item: &Item) {
        self.guids.remove(&item.guid);
        if let Some(count) = self.names.get_mut(&(item.create.kind, item.name.clone())) {
            *count = count.saturating_sub(1);
        }
    }

    /// Whether a link leads to one of them.
    fn has(&self, link: &Link) -> bool {
        match target_of(link) {
            Some((_, Name::Guid(guid))) => self.guids.contains(guid),
            Some((kind, Name::Text(text))) => {
                self.names.get(&(kind, text.clone())).is_some_and(|count| *count > 0)
            }
            None => false,
        }
    }
}
