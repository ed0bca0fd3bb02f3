//! Moving virtual machines from scope to scope: in what order moves and saves go.

use std::collections::HashMap;

use uuid::Uuid;

use super::inventory::{Inventory, Machine, guid_text};
use super::output::{HostError, Report};
use crate::store::{Difference, Guid, Kind, ObjId, Store, What};

/// A machine that is to go to a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The machine.
    pub guid: Uuid,
    /// Its name, for readers; empty = not known.
    pub name: String,
    /// The scope it is thought to be in; empty is the default scope, `None` = not known.
    pub from: Option<String>,
    /// The scope it goes to; empty is the default scope.
    pub to: String,
}

/// A host that has virtual machines.
pub trait Host {
    /// The machines that are there now.
    ///
    /// # Errors
    /// The host cannot be asked.
    fn list(&mut self) -> Result<Inventory, HostError>;

    /// Moves machines, in this order; a move that fails does not stop the others.
    ///
    /// # Errors
    /// The host cannot be asked; no machine was moved.
    fn move_machines(&mut self, moves: &[Move]) -> Result<Report, HostError>;
}

/// Why a machine moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Somebody asked for it.
    Asked,
    /// Its scope gets another name; machines know scopes by their names.
    Renamed,
    /// Its scope goes.
    Deleted,
    /// Its scope is not in the store: the host treats it as one of the default scope already, and says so nowhere.
    Missing,
}

/// A move of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The move.
    pub order: Move,
    /// Why.
    pub why: Why,
}

/// A scope that the first save must still hold, because machines are in it until they have moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its name in the store as it is saved now.
    pub name: String,
    /// What it will be called; `None` = it goes.
    pub becomes: Option<String>,
}

/// What is to be done, in order: save the store with every scope that machines move into and, still, the scopes in
/// `held`; move the machines; save the store as it is to be, without those that are empty now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Scopes that leave only in the second save; without any, one save is enough.
    pub held: Vec<Held>,
    /// The moves, those that were asked for first.
    pub moves: Vec<Planned>,
    /// What cannot be done as it was asked for.
    pub problems: Vec<Problem>,
}

/// A move that would not do what was meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The store will have no such scope.
    #[error("the store has no scope \"{scope}\": the host would put {machine} into the default scope")]
    NoScope {
        /// The machine's name.
        machine: String,
        /// The scope that was asked for.
        scope: String,
    },
    /// The host has no such machine.
    #[error("the host has no virtual machine {0}")]
    NoMachine(String),
}

/// Plans moves for a store that changes from `saved` to `wanted`. `asked` are machines and the scopes they are to go
/// to (empty = the default scope); every other machine whose scope changes its name, goes, or is missing already moves
/// along.
pub fn plan(inventory: &Inventory, saved: &Store, wanted: &Store, asked: &[(Uuid, String)]) -> Plan {
    plan_between(inventory, &Scopes::of(saved), &Scopes::of(wanted), asked)
}

/// The same, where the two stores cannot be looked at side by side.
pub fn plan_between(
    inventory: &Inventory,
    before: &Scopes,
    after: &Scopes,
    asked: &[(Uuid, String)],
) -> Plan {
    let mut plan = Plan::default();
    for (guid, to) in asked {
        match inventory.machine(*guid) {
            None => plan.problems.push(Problem::NoMachine(guid_text(*guid))),
            Some(machine) if machine.scope.as_ref() == Some(to) && after.has(to) => {}
            Some(machine) => {
                if !after.has(to) {
                    plan.problems.push(Problem::NoScope { machine: machine.name.clone(), scope: to.clone() });
                }
                plan.moves.push(Planned { order: order(machine, to), why: Why::Asked });
            }
        }
    }
    for machine in &inventory.machines {
        let Some(scope) = machine.scope.as_deref().filter(|scope| !after.has(scope)) else { continue };
        if asked.iter().any(|(guid, _)| *guid == machine.guid) {
            continue;
        }
        let new_name = before.guid(scope).and_then(|guid| after.name(guid));
        let (to, why) = match new_name {
            Some(name) => (name, Why::Renamed),
            None if before.has(scope) => ("", Why::Deleted),
            None => ("", Why::Missing),
        };
        plan.moves.push(Planned { order: order(machine, to), why });
    }
    plan.held = held(&plan.moves, before, after);
    plan
}

fn order(machine: &Machine, to: &str) -> Move {
    Move { guid: machine.guid, name: machine.name.clone(), from: machine.scope.clone(), to: to.to_owned() }
}

/// The scopes that these machines leave, that are in the store and will not be.
fn held(moves: &[Planned], before: &Scopes, after: &Scopes) -> Vec<Held> {
    let mut held: Vec<Held> = Vec::new();
    for name in moves.iter().filter_map(|planned| planned.order.from.as_deref()) {
        if before.has(name) && !after.has(name) && held.iter().all(|held| held.name != name) {
            let becomes = before.guid(name).and_then(|guid| after.name(guid)).map(str::to_owned);
            held.push(Held { name: name.to_owned(), becomes });
        }
    }
    held
}

impl Plan {
    /// The moves by themselves.
    pub fn orders(&self) -> Vec<Move> {
        self.moves.iter().map(|planned| planned.order.clone()).collect()
    }

    /// After the host has answered: the scopes that must stay, because a machine is still in them, and the moves that are
    /// still to be done. Retrying is doing these.
    pub fn left(&self, report: &Report) -> Plan {
        let done = |planned: &&Planned| {
            !report.outcome(planned.order.guid).is_some_and(|outcome| outcome.is_there())
        };
        let moves: Vec<Planned> = self.moves.iter().filter(done).cloned().collect();
        let stays =
            |held: &&Held| moves.iter().any(|planned| planned.order.from.as_deref() == Some(&*held.name));
        let held = self.held.iter().filter(stays).cloned().collect();
        Plan { held, moves, problems: Vec::new() }
    }
}

/// The scopes that these changes rename or delete: no machine can be in them afterwards.
pub fn leaving(differences: &[Difference]) -> Vec<Held> {
    let scopes = differences.iter().filter(|difference| difference.kind == Kind::Scope);
    let left = scopes.filter_map(|difference| match &difference.what {
        What::Removed => Some(Held { name: difference.name.clone(), becomes: None }),
        What::Attribute { name, old: Some(old), new } if name == "Name" => {
            Some(Held { name: old.clone(), becomes: new.clone() })
        }
        _ => None,
    });
    left.collect()
}

/// Whether the store has a scope of exactly this name; the default scope, whose name is empty, is in every store.
pub fn has_scope(store: &Store, name: &str) -> bool {
    Scopes::of(store).has(name)
}

/// The scopes of a store's applications, by name and by GUID.
#[derive(Clone, Debug, Default)]
pub struct Scopes {
    by_name: HashMap<String, Option<Guid>>,
    by_guid: HashMap<Guid, String>,
}

impl Scopes {
    /// The scopes that machines can be in: those of the application that Hyper-V asks.
    pub fn of(store: &Store) -> Scopes {
        let mut scopes = Scopes { by_name: HashMap::new(), by_guid: HashMap::new() };
        // Hyper-V asks one application; in a store that is not made for it, scopes are scopes.
        let applications: Vec<ObjId> = match super::application(store) {
            Some(application) => vec![application],
            None => store.children_of(store.root(), Kind::Application).collect(),
        };
        for scope in
            applications.into_iter().flat_map(|application| store.children_of(application, Kind::Scope))
        {
            let name = store.name(scope).into_owned();
            if let Some(guid) = store.guid(scope) {
                scopes.by_guid.insert(guid, name.clone());
            }
            scopes.by_name.insert(name, store.guid(scope));
        }
        scopes
    }

    /// Whether there is a scope of exactly this name; the default scope, whose name is empty, is always there.
    pub fn has(&self, name: &str) -> bool {
        name.is_empty() || self.by_name.contains_key(name)
    }

    /// The GUID of the scope of this name, if it has one.
    pub fn guid(&self, name: &str) -> Option<Guid> {
        self.by_name.get(name).copied().flatten()
    }

    /// The name of the scope with this GUID.
    pub fn name(&self, guid: Guid) -> Option<&str> {
        self.by_guid.get(&guid).map(String::as_str)
    }
}

#[cfg(test)]
mod tests;
