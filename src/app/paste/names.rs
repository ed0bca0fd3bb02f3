//! Names, numbers and GUIDs that are free for what is pasted, at all the places together.

use std::collections::{HashMap, HashSet};

use crate::store::{Create, Guid, Kind, ObjId, Store, fold, limits};

use super::plan::Key;

/// What the new objects of all places have been given.
pub(super) struct Given<'s> {
    store: &'s Store,
    new_guid: fn() -> Guid,
    guids: HashSet<Guid>,
    names: HashSet<(ObjId, u8, String)>,
    numbers: HashSet<(ObjId, u32)>,
    /// What links needed and was made at a level: it is made there once.
    needs: HashMap<(Key, ObjId), Guid>,
}

impl<'s> Given<'s> {
    pub(super) fn new(store: &'s Store, new_guid: fn() -> Guid) -> Given<'s> {
        Given {
            store,
            new_guid,
            guids: HashSet::new(),
            names: HashSet::new(),
            numbers: HashSet::new(),
            needs: HashMap::new(),
        }
    }

    /// The GUID of what a link needed at this level, if it was made.
    pub(super) fn need(&self, key: &Key, level: ObjId) -> Option<Guid> {
        self.needs.get(&(key.clone(), level)).copied()
    }

    pub(super) fn made_need(&mut self, key: Key, level: ObjId, guid: Guid) {
        self.needs.insert((key, level), guid);
    }

    /// Takes a name and a number at a level that is there.
    pub(super) fn take(&mut self, level: ObjId, kind: Kind, name: &str, number: Option<u32>) {
        self.names.insert((level, kind.name_space(), fold(name).into_owned()));
        self.numbers.extend(number.map(|number| (level, number)));
    }

    /// The GUID that a new object gets: its own, unless somebody has that.
    pub(super) fn guid(&mut self, wanted: Option<Guid>) -> Guid {
        let own = wanted.filter(|&guid| self.store.by_guid(guid).is_none() && self.guids.insert(guid));
        own.unwrap_or_else(self.new_guid)
    }

    /// What at this level has the name or the number of a new object.
    pub(super) fn clash(&self, level: ObjId, create: &Create) -> Option<String> {
        let store = self.store;
        let space = create.kind.name_space();
        if let Some(other) =
            store.named(level, &create.name).into_iter().find(|&id| store.kind(id).name_space() == space)
        {
            return Some(format!("{} has this name", store.describe(other)));
        }
        if self.names.contains(&(level, space, fold(&create.name).into_owned())) {
            return Some("another pasted one has this name".to_owned());
        }
        let number = create.id?;
        if self.numbers.contains(&(level, number)) {
            return Some(format!("another pasted one has the number {number}"));
        }
        self.numbered(level, number).map(|other| format!("{} has the number {number}", store.describe(other)))
    }

    pub(super) fn numbered(&self, application: ObjId, number: u32) -> Option<ObjId> {
        let mut operations = self.store.children_of(application, Kind::Operation);
        operations.find(|&id| self.store.operation_id(id) == Some(number))
    }

    fn is_free(&self, level: ObjId, kind: Kind, name: &str) -> bool {
        let space = kind.name_space();
        !self.names.contains(&(level, space, fold(name).into_owned()))
            && self.store.named(level, name).iter().all(|&id| self.store.kind(id).name_space() != space)
    }

    /// `Copy of X`, `Copy 2 of X` …, cut to the length that names may have.
    pub(super) fn free_name(&self, level: ObjId, kind: Kind, name: &str) -> String {
        if self.is_free(level, kind, name) {
            return name.to_owned();
        }
        for number in 1_u32.. {
            let before = if number == 1 { "Copy of ".to_owned() } else { format!("Copy {number} of ") };
            let mut copy = format!("{before}{name}");
            while limits::length(&copy) > limits::max_name(kind) {
                copy.pop();
            }
            let copy = copy.trim_end();
            if self.is_free(level, kind, copy) {
                return copy.to_owned();
            }
        }
        name.to_owned()
    }

    /// The number, or the first free one behind all.
    pub(super) fn free_number(&self, application: ObjId, wanted: u32) -> u32 {
        if !self.numbers.contains(&(application, wanted)) && self.numbered(application, wanted).is_none() {
            return wanted;
        }
        let store = self.store;
        let there = store.children_of(application, Kind::Operation).filter_map(|id| store.operation_id(id));
        let new = self.numbers.iter().filter(|(of, _)| *of == application).map(|(_, number)| *number);
        there.chain(new).max().unwrap_or(0).saturating_add(1)
    }
}
