//! Who holds what at some levels of a store, as plain data that outlives the state of the store it was read from.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use crate::access::holdings::holdings;
use crate::access::rights::{Operations, Principal, Rights};
use crate::store::{Guid, Kind, ObjId, Store};

/// The levels to look at: applications and scopes; `None` is all of them.
#[derive(Clone, Debug)]
pub(crate) struct Look(Option<BTreeSet<ObjId>>);

impl Look {
    /// All of a store.
    pub(crate) fn everything() -> Look {
        Look(None)
    }

    /// The levels at which edits of these objects can matter to somebody, read off the state before them or after: a
    /// link that came or went has an owner that was edited.
    pub(crate) fn of(store: &Store, edited: &BTreeSet<ObjId>) -> Look {
        let (mut levels, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut todo: Vec<ObjId> = edited.iter().copied().collect();
        while let Some(id) = todo.pop() {
            if !seen.insert(id) {
                continue;
            }
            match store.kind(id) {
                Kind::Store | Kind::Scope => {}
                Kind::Application => _ = levels.insert(id),
                Kind::Assignment => _ = levels.insert(store.level(id)),
                Kind::Operation | Kind::Task | Kind::Role | Kind::Group => {
                    // Links go to the first of several objects with one GUID: another may take the place of this one.
                    if store.twin(id).is_some() {
                        return Look::everything();
                    }
                    todo.extend(store.referrers(id).into_iter().map(|leaf| store.owner(leaf)));
                }
            }
        }
        Look(Some(levels))
    }

    /// How many levels these are; `None`: all.
    pub(crate) fn count(&self) -> Option<usize> {
        self.0.as_ref().map(BTreeSet::len)
    }

    fn applications(&self, store: &Store) -> Vec<ObjId> {
        let all = store.children_of(store.root(), Kind::Application);
        let Some(levels) = &self.0 else { return all.collect() };
        let wanted: BTreeSet<_> = levels.iter().filter_map(|&level| store.application(level)).collect();
        all.filter(|id| wanted.contains(id)).collect()
    }

    fn scopes(&self, store: &Store, application: ObjId) -> Vec<ObjId> {
        let Some(levels) = &self.0 else { return store.children_of(application, Kind::Scope).collect() };
        let is_here = |id: &ObjId| {
            store.kind(*id) == Kind::Scope && store.parent(*id) == Some(application) && store.is_live(*id)
        };
        levels.iter().copied().filter(is_here).collect()
    }
}

/// What tells an object from others, in other states and stores too.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub id: ObjId,
    pub guid: Option<Guid>,
    pub name: String,
}

impl Identity {
    fn of(store: &Store, id: ObjId) -> Identity {
        Identity { id, guid: store.guid(id), name: store.name(id).into_owned() }
    }
}

/// What makes an operation the same in both stores.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Number(u32),
    Guid(Guid),
    Name(String),
}

fn key(store: &Store, operation: ObjId) -> Key {
    match (store.operation_id(operation), store.guid(operation)) {
        (Some(number), _) => Key::Number(number),
        (None, Some(guid)) => Key::Guid(guid),
        (None, None) => Key::Name(store.name(operation).into_owned()),
    }
}

/// Who holds what.
pub(crate) struct Picture {
    pub(super) applications: Vec<Held>,
}

impl Picture {
    /// Of the levels to look at, and of the applications above scopes.
    pub(crate) fn of(store: &Store, look: &Look) -> Picture {
        let held = |id| Held::of(store, id, &look.scopes(store, id));
        Picture { applications: look.applications(store).into_iter().map(held).collect() }
    }
}

/// A level's scope, a member, and what it holds there.
pub(super) type Own = (Option<ObjId>, Principal, Arc<Rights>);

/// An application and what is held in it.
pub(super) struct Held {
    pub identity: Identity,
    pub operations: Vec<ObjId>,
    keys: Vec<Key>,
    /// In the order of levels, and of members within each.
    pub own: Vec<Own>,
    levels: HashMap<Option<ObjId>, Range<usize>>,
    pub scopes: Vec<Identity>,
    /// The groups that find members who hold something.
    pub groups: Vec<Identity>,
}

impl Held {
    fn of(store: &Store, id: ObjId, scopes: &[ObjId]) -> Held {
        let operations = Operations::of(store, id);
        let levels = std::iter::once(id).chain(scopes.iter().copied());
        let own: Vec<Own> = holdings(store, &operations, levels, &|_| true)
            .into_iter()
            .map(|held| ((held.level != id).then_some(held.level), held.principal, held.rights))
            .collect();
        let found = own.iter().filter_map(|(_, principal, _)| match *principal {
            Principal::Found(group) => Some(group),
            Principal::Account(_) => None,
        });
        let groups: BTreeSet<ObjId> = found.collect();
        Held {
            identity: Identity::of(store, id),
            keys: operations.ids().iter().map(|&id| key(store, id)).collect(),
            operations: operations.ids().to_vec(),
            levels: runs(&own),
            own,
            scopes: scopes.iter().map(|&id| Identity::of(store, id)).collect(),
            groups: groups.into_iter().map(|id| Identity::of(store, id)).collect(),
        }
    }

    /// What a member holds by the assignments of one level.
    pub(super) fn find(&self, scope: Option<ObjId>, principal: &Principal) -> Option<&Rights> {
        find(&self.own, &self.levels, scope, principal)
    }

    /// The same holdings with the operations numbered as in another application.
    pub(super) fn numbered_as<'h>(&'h self, other: &Held) -> Numbered<'h> {
        if self.keys == other.keys {
            return Numbered { own: Cow::Borrowed(&self.own), levels: &self.levels };
        }
        let number: HashMap<&Key, usize> = self.keys.iter().enumerate().map(|(at, key)| (key, at)).collect();
        let translation: Vec<Option<usize>> = other.keys.iter().map(|key| number.get(key).copied()).collect();
        // Most members hold what another one holds too.
        let mut known: HashMap<Arc<Rights>, Arc<Rights>> = HashMap::new();
        let mut translated = |rights: &Arc<Rights>| {
            let new = || Arc::new(translate(rights, &translation));
            Arc::clone(known.entry(Arc::clone(rights)).or_insert_with(new))
        };
        let own = self.own.iter().map(|(scope, who, rights)| (*scope, *who, translated(rights)));
        Numbered { own: Cow::Owned(own.collect()), levels: &self.levels }
    }
}

/// Holdings with the numbers of operations that another application gives them.
pub(super) struct Numbered<'h> {
    own: Cow<'h, [Own]>,
    levels: &'h HashMap<Option<ObjId>, Range<usize>>,
}

impl Numbered<'_> {
    pub(super) fn find(&self, scope: Option<ObjId>, principal: &Principal) -> Option<&Rights> {
        find(&self.own, self.levels, scope, principal)
    }
}

fn find<'o>(
    own: &'o [Own],
    levels: &HashMap<Option<ObjId>, Range<usize>>,
    scope: Option<ObjId>,
    principal: &Principal,
) -> Option<&'o Rights> {
    let level = own.get(levels.get(&scope)?.clone())?;
    let at = level.binary_search_by(|(_, known, _)| known.cmp(principal)).ok()?;
    level.get(at).map(|(_, _, rights)| &**rights)
}

fn runs(own: &[Own]) -> HashMap<Option<ObjId>, Range<usize>> {
    let mut from = 0;
    let mut runs = HashMap::new();
    for run in own.chunk_by(|a, b| a.0 == b.0) {
        let to = from + run.len();
        runs.extend(run.first().map(|first| (first.0, from..to)));
        from = to;
    }
    runs
}

/// For each operation there its number here, if it has one.
fn translate(rights: &Rights, translation: &[Option<usize>]) -> Rights {
    let mut new = Rights::none(translation.len().div_ceil(64));
    let holds = |set: &[u64], at: usize| set.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1);
    for (there, here) in translation.iter().enumerate() {
        let Some(here) = *here else { continue };
        new.plain[there / 64] |= u64::from(holds(&rights.plain, here)) << (there % 64);
        new.any[there / 64] |= u64::from(holds(&rights.any, here)) << (there % 64);
    }
    new
}
