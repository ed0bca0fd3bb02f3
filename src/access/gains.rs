//! What anyone gains or loses between two stores.
//!
//! What somebody gains everywhere is one gain and is not repeated for each scope. Something that loses its condition is
//! gained; something that gets one is lost. Applications, scopes and groups are the same when their GUIDs are, or else
//! their names; operations when their numbers are, for that is what a program asks for; everybody else is a SID.

use std::collections::HashMap;
use std::sync::Arc;

use super::holdings::{Operations, Principal, Rights, holdings, numbers};
use crate::accounts;
use crate::store::{Guid, Kind, ObjId, Store};

/// What one member gains or loses in one place. The numbers are of the store that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gain {
    /// The application.
    pub application: ObjId,
    /// Who.
    pub principal: Principal,
    /// The scope; `None`: everywhere.
    pub scope: Option<ObjId>,
    /// Operations that depend on nothing (any more, or before).
    pub plain: Vec<ObjId>,
    /// Operations that depend on a rule or a query.
    pub conditional: Vec<ObjId>,
    /// It is every operation that the application has.
    pub is_all: bool,
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

/// From objects of one store to the same objects of another: by GUID, else by name.
fn same(store: &Store, ids: &[ObjId], other: &Store, others: &[ObjId]) -> HashMap<ObjId, ObjId> {
    let by_guid: HashMap<Guid, ObjId> = others.iter().filter_map(|&id| Some((other.guid(id)?, id))).collect();
    let by_name: HashMap<_, ObjId> = others.iter().map(|&id| (other.name(id), id)).collect();
    let find = |id: ObjId| {
        let found = store.guid(id).and_then(|guid| by_guid.get(&guid));
        found.or_else(|| by_name.get(&store.name(id))).copied()
    };
    ids.iter().filter_map(|&id| Some((id, find(id)?))).collect()
}

/// An application and what is held in it, in the order of levels and members.
struct Held<'s> {
    store: &'s Store,
    id: ObjId,
    operations: Operations,
    own: Vec<(Option<ObjId>, Principal, Arc<Rights>)>,
    index: HashMap<(Option<ObjId>, Principal), Arc<Rights>>,
}

impl Held<'_> {
    fn of(store: &Store, id: ObjId) -> Held<'_> {
        let operations = Operations::of(store, id);
        let levels = std::iter::once(id).chain(store.children_of(id, Kind::Scope));
        let own: Vec<_> = holdings(store, &operations, levels, &|_| true)
            .into_iter()
            .map(|held| ((held.level != id).then_some(held.level), held.principal, held.rights))
            .collect();
        let index = own.iter().map(|(scope, who, rights)| ((*scope, *who), Arc::clone(rights))).collect();
        Held { store, id, operations, own, index }
    }
}

/// What is held in the new store and not in the old one, and what in the old one and not in the new one; classes of
/// accounts first, then whoever gains or loses most.
pub fn gains(old: &Store, new: &Store) -> (Vec<Gain>, Vec<Gain>) {
    let applications = |store: &Store| store.children_of(store.root(), Kind::Application).collect::<Vec<_>>();
    let (before, after) = (applications(old), applications(new));
    (surplus((new, &after), (old, &before)), surplus((old, &before), (new, &after)))
}

fn surplus((store, ids): (&Store, &[ObjId]), (other, others): (&Store, &[ObjId])) -> Vec<Gain> {
    let same = same(store, ids, other, others);
    let mut gains = Vec::new();
    for &id in ids {
        let there = same.get(&id).map(|&id| Held::of(other, id));
        in_application(&Held::of(store, id), there.as_ref(), &mut gains);
    }
    gains.sort_by_cached_key(|gain| {
        let is_class = match gain.principal {
            Principal::Account(sid) => accounts::is_broad(&sid),
            Principal::Found(_) => false,
        };
        let count = gain.plain.len() + gain.conditional.len();
        (!is_class, std::cmp::Reverse(count), gain.application, gain.scope, gain.principal)
    });
    gains
}

/// What the other store's side of an application is to this side.
struct Other<'h> {
    held: &'h Held<'h>,
    scopes: HashMap<ObjId, ObjId>,
    groups: HashMap<ObjId, ObjId>,
    operations: Option<Vec<Option<usize>>>,
}

impl Other<'_> {
    fn of<'h>(here: &Held<'_>, there: &'h Held<'h>) -> Other<'h> {
        let scopes = |held: &Held<'_>| held.store.children_of(held.id, Kind::Scope).collect::<Vec<_>>();
        let groups = |held: &Held<'_>| {
            let found = held.own.iter().filter_map(|(_, principal, _)| match *principal {
                Principal::Found(group) => Some(group),
                Principal::Account(_) => None,
            });
            found.collect::<Vec<_>>()
        };
        Other {
            held: there,
            scopes: same(here.store, &scopes(here), there.store, &scopes(there)),
            groups: same(here.store, &groups(here), there.store, &groups(there)),
            operations: translation(here, there),
        }
    }

    /// Adds what the same principal holds there, at the application's own level or in the same scope.
    fn join(&self, had: &mut Rights, scope: Option<ObjId>, principal: Principal) {
        let principal = match principal {
            Principal::Account(_) => principal,
            Principal::Found(group) => match self.groups.get(&group) {
                Some(&group) => Principal::Found(group),
                None => return,
            },
        };
        let scope = scope.and_then(|scope| self.scopes.get(&scope));
        for place in [Some(None), scope.map(|&scope| Some(scope))].into_iter().flatten() {
            if let Some(rights) = self.held.index.get(&(place, principal)) {
                join(had, rights, self.operations.as_deref());
            }
        }
    }
}

fn in_application(here: &Held<'_>, there: Option<&Held<'_>>, gains: &mut Vec<Gain>) {
    let other = there.map(|there| Other::of(here, there));
    for &(scope, principal, ref rights) in &here.own {
        let mut had = Rights::none(here.operations.words());
        if let Some(everywhere) = here.index.get(&(None, principal)).filter(|_| scope.is_some()) {
            had.join(everywhere);
        }
        if let Some(other) = &other {
            other.join(&mut had, scope, principal);
        }
        let minus = |now: &[u64], had: &[u64]| -> Vec<u64> {
            now.iter().zip(had).map(|(now, had)| now & !had).collect()
        };
        let plain = minus(&rights.plain, &had.plain);
        let conditional = minus(&minus(&rights.any, &had.any), &plain);
        let ids = |set: &[u64]| -> Vec<ObjId> {
            numbers(set).filter_map(|number| here.operations.ids().get(number).copied()).collect()
        };
        let (plain, conditional) = (ids(&plain), ids(&conditional));
        let count = plain.len() + conditional.len();
        if count > 0 {
            let is_all = count == here.operations.ids().len();
            gains.push(Gain { application: here.id, principal, scope, plain, conditional, is_all });
        }
    }
}

/// For each operation here its number there. `None`: the numbers are the same.
fn translation(here: &Held<'_>, there: &Held<'_>) -> Option<Vec<Option<usize>>> {
    let keys = |held: &Held<'_>| -> Vec<Key> {
        held.operations.ids().iter().map(|&id| key(held.store, id)).collect()
    };
    let (here, there) = (keys(here), keys(there));
    if here == there {
        return None;
    }
    let number: HashMap<&Key, usize> = there.iter().enumerate().map(|(number, key)| (key, number)).collect();
    Some(here.iter().map(|key| number.get(key).copied()).collect())
}

fn join(had: &mut Rights, rights: &Rights, translation: Option<&[Option<usize>]>) {
    let Some(translation) = translation else { return had.join(rights) };
    let holds = |set: &[u64], at: usize| set.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1);
    for (here, there) in translation.iter().enumerate() {
        if let Some(there) = *there {
            had.plain[here / 64] |= u64::from(holds(&rights.plain, there)) << (here % 64);
            had.any[here / 64] |= u64::from(holds(&rights.any, there)) << (here % 64);
        }
    }
}
