//! What the guard remembers of a store: enough to compare it with another, and nothing that holds on to it.

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::sync::Arc;

use super::Facts;
use crate::access::holdings::{Holding, holdings};
use crate::access::question::{Access, Row, Where};
use crate::access::rights::{Answer, Operations, Principal, Rights};
use crate::access::token::{self, Token};
use crate::accounts::{self, Sid};
use crate::store::{Guid, Kind, ObjId, Store};

/// Which part of a store to look at. `None` is all of it.
pub(super) struct Look {
    applications: Option<BTreeSet<ObjId>>,
    scopes: Option<BTreeSet<ObjId>>,
    /// Applications of which all scopes are looked at.
    whole: BTreeSet<ObjId>,
}

impl Look {
    pub(super) fn everything() -> Look {
        Look { applications: None, scopes: None, whole: BTreeSet::new() }
    }

    pub(super) fn nothing() -> Look {
        let none = || Some(BTreeSet::new());
        Look { applications: none(), scopes: none(), whole: BTreeSet::new() }
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.applications.as_ref().is_some_and(BTreeSet::is_empty)
    }

    pub(super) fn add_application(&mut self, id: ObjId) {
        self.applications.iter_mut().for_each(|applications| _ = applications.insert(id));
    }

    pub(super) fn add_all_scopes(&mut self, application: ObjId) {
        self.add_application(application);
        self.whole.insert(application);
    }

    pub(super) fn add_scope(&mut self, application: Option<ObjId>, scope: ObjId) {
        if let Some(id) = application {
            self.add_application(id);
        }
        self.scopes.iter_mut().for_each(|scopes| _ = scopes.insert(scope));
    }

    fn at_application(&self, id: ObjId) -> bool {
        self.applications.as_ref().is_none_or(|applications| applications.contains(&id))
    }

    /// The scopes of an application to look at.
    fn scopes(&self, store: &Store, application: ObjId) -> Vec<ObjId> {
        match &self.scopes {
            Some(scopes) if !self.whole.contains(&application) => scopes
                .iter()
                .copied()
                .filter(|&scope| store.is_live(scope) && store.parent(scope) == Some(application))
                .collect(),
            _ => store.children_of(application, Kind::Scope).collect(),
        }
    }
}

/// The applications that were looked at.
pub(super) struct Picture {
    pub applications: Vec<Known>,
}

/// What is known of an application.
pub(super) struct Known {
    pub guid: Option<Guid>,
    pub name: String,
    pub path: String,
    pub operations: Vec<Operation>,
    /// Who may do something at the application's own level, unconditionally; classes that it is in are counted in.
    pub members: Vec<(Sid, Vec<u64>)>,
    /// What the account that asks may do at the application's own level, unconditionally.
    pub caller: Vec<u64>,
    /// Whether anybody may do anything at any level, unconditionally.
    pub somebody: bool,
    /// Whether anybody may do anything at any level, if perhaps under a condition.
    pub anybody: bool,
    /// The scopes looked at.
    pub scopes: Vec<Scope>,
    /// By GUID and by name: numbers in `scopes`.
    pub by_guid: HashMap<Guid, usize>,
    pub by_name: HashMap<String, usize>,
    /// What classes of accounts hold; the level is a number in `scopes`, `None` is the application's own.
    pub broad: HashMap<(Option<usize>, Sid), Arc<Rights>>,
}

/// What is known of an operation.
pub(super) struct Operation {
    pub key: Key,
    pub name: String,
}

/// What makes an operation the same in both stores: its number, for that is what a program asks for.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Key {
    Number(u32),
    Guid(Guid),
    Name(String),
}

/// What is known of a scope.
pub(super) struct Scope {
    pub guid: Option<Guid>,
    pub name: String,
}

impl Picture {
    pub(super) fn of(store: &Store, look: &Look, facts: &Facts) -> Picture {
        let applications = store.children_of(store.root(), Kind::Application);
        let looked_at = applications.filter(|&id| look.at_application(id));
        Picture { applications: looked_at.map(|id| known(store, id, look, facts)).collect() }
    }
}

fn known(store: &Store, application: ObjId, look: &Look, facts: &Facts) -> Known {
    let known = whoever(store, application, look);
    Known { caller: caller(store, application, &known.operations, facts), ..known }
}

fn whoever(store: &Store, application: ObjId, look: &Look) -> Known {
    let operations = Operations::of(store, application);
    let can_be = |principal: &Principal| match principal {
        Principal::Account(sid) => accounts::standing(sid).never.is_none(),
        Principal::Found(_) => true,
    };
    let here = holdings(store, &operations, [application], &can_be);
    let scopes = look.scopes(store, application);
    let is_broad = |principal: &Principal| match principal {
        Principal::Account(sid) => accounts::standing(sid).breadth.is_some(),
        Principal::Found(_) => false,
    };
    let in_scopes = holdings(store, &operations, scopes.iter().copied(), &is_broad);
    let mut somebody = here.iter().any(is_plain);
    if !somebody {
        // Rare: it takes an application whose own level gives nobody anything.
        let all = store.children_of(application, Kind::Scope);
        let elsewhere = holdings(store, &operations, all, &can_be);
        somebody = elsewhere.iter().any(is_plain);
        let anybody = !here.is_empty() || !elsewhere.is_empty();
        return assemble(store, application, &operations, (&here, &in_scopes), &scopes, (somebody, anybody));
    }
    assemble(store, application, &operations, (&here, &in_scopes), &scopes, (true, true))
}

fn is_plain(holding: &Holding) -> bool {
    holding.rights.plain.iter().any(|word| *word != 0)
}

fn assemble(
    store: &Store,
    application: ObjId,
    operations: &Operations,
    (here, in_scopes): (&[Holding], &[Holding]),
    scopes: &[ObjId],
    (somebody, anybody): (bool, bool),
) -> Known {
    let place: HashMap<ObjId, usize> = scopes.iter().enumerate().map(|(number, &id)| (id, number)).collect();
    let broad = here.iter().chain(in_scopes).filter_map(|holding| match holding.principal {
        Principal::Account(sid) if accounts::is_broad(&sid) => {
            Some(((place.get(&holding.level).copied(), sid), Arc::clone(&holding.rights)))
        }
        _ => None,
    });
    let scopes: Vec<Scope> =
        scopes.iter().map(|&id| Scope { guid: store.guid(id), name: store.name(id).into_owned() }).collect();
    let numbered = || scopes.iter().enumerate();
    Known {
        guid: store.guid(application),
        name: store.name(application).into_owned(),
        path: store.path(application),
        operations: operations.ids().iter().map(|&id| operation(store, id)).collect(),
        members: members(here),
        caller: Vec::new(),
        somebody,
        anybody,
        by_guid: numbered().filter_map(|(at, scope)| Some((scope.guid?, at))).collect(),
        by_name: numbered().map(|(at, scope)| (scope.name.clone(), at)).collect(),
        broad: broad.collect(),
        scopes,
    }
}

/// What the account that asks may do at the application's own level, by all that it is.
fn caller(store: &Store, application: ObjId, operations: &[Operation], facts: &Facts) -> Vec<u64> {
    let mut plain = vec![0; operations.len().div_ceil(64)];
    let Some((first, groups)) = facts.caller.split_first() else { return plain };
    let implied = facts.caller.iter().flat_map(token::implied);
    let token = Token::exact(*first, groups.iter().copied().chain(implied));
    let access = Access::of(store, application, Where::Default);
    let number: HashMap<ObjId, usize> = store
        .children_of(application, Kind::Operation)
        .enumerate()
        .map(|(number, id)| (id, number))
        .collect();
    let each = |row: Row| -> Result<(), Infallible> {
        if row.answer == Answer::Yes
            && let Some(at) = number.get(&row.operation)
            && let Some(word) = plain.get_mut(at / 64)
        {
            *word |= 1 << (at % 64);
        }
        Ok(())
    };
    match access.rows_of(&token, Principal::Account(*first), each) {
        Ok(()) => plain,
        Err(never) => match never {},
    }
}

fn operation(store: &Store, id: ObjId) -> Operation {
    let name = store.name(id).into_owned();
    let key = match (store.operation_id(id), store.guid(id)) {
        (Some(number), _) => Key::Number(number),
        (None, Some(guid)) => Key::Guid(guid),
        (None, None) => Key::Name(name.clone()),
    };
    Operation { key, name }
}

/// Accounts with what they hold unconditionally, that of the classes they are in included.
fn members(here: &[Holding]) -> Vec<(Sid, Vec<u64>)> {
    let own: HashMap<Sid, &Vec<u64>> = here
        .iter()
        .filter_map(|holding| match holding.principal {
            Principal::Account(sid) => Some((sid, &holding.rights.plain)),
            Principal::Found(_) => None,
        })
        .collect();
    let mut members: Vec<(Sid, Vec<u64>)> = own.iter().map(|(&sid, &plain)| (sid, plain.clone())).collect();
    for (sid, plain) in &mut members {
        for more in token::implied(sid).filter_map(|class| own.get(&class)) {
            plain.iter_mut().zip(*more).for_each(|(word, more)| *word |= more);
        }
    }
    members.sort_unstable_by_key(|(sid, _)| *sid);
    members
}
