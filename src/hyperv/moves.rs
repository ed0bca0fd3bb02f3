//! Moving virtual machines from scope to scope: what came of a move, and in what order moves and saves go.

use std::collections::HashMap;

use serde::Deserialize;
use uuid::Uuid;

use super::encoding::decode;
use super::inventory::{self, HostError, Inventory, Line, Machine};
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

/// What the host said of some moves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What came of each move that was tried.
    pub results: Vec<MoveResult>,
    /// The script that undoes them, on the host.
    pub undo: Option<String>,
    /// Whether the script came to its end.
    pub complete: bool,
}

/// What the host said of one move: facts, from which [`MoveResult::outcome`] tells what they mean.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MoveResult {
    /// The machine.
    #[serde(with = "inventory::guid")]
    pub guid: Uuid,
    /// Its name; `None` = it was not found.
    pub name: Option<String>,
    /// Where it was to go.
    pub wanted: String,
    /// Where it was.
    pub old: Option<String>,
    /// Where it is, read back from the host; `None` = that could not be read.
    pub now: Option<String>,
    /// What `ModifyVirtualSystem` returned; `None` = it was not called.
    #[serde(default, rename = "return")]
    pub returned: Option<u32>,
    /// The last state of the job that it began.
    #[serde(default)]
    pub job: Option<u32>,
    /// The job's error.
    #[serde(default)]
    pub job_error: Option<i64>,
    /// The job's words.
    #[serde(default)]
    pub message: Option<String>,
    /// The error that ended the attempt, `0x80041002` …
    #[serde(default)]
    pub code: Option<String>,
    /// Its words.
    #[serde(default)]
    pub words: Option<String>,
}

/// What came of a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is where it belongs, and was not before.
    Moved,
    /// It was there already.
    Already,
    /// The host has no such machine.
    Vanished,
    /// It is not there.
    Failed(String),
}

impl Outcome {
    /// Whether the machine is where it belongs.
    pub fn is_there(&self) -> bool {
        matches!(self, Outcome::Moved | Outcome::Already)
    }
}

/// What `ModifyVirtualSystem` returns when it does not do it.
fn return_words(code: u32) -> &'static str {
    match code {
        32768 => "failed",
        32769 => "access denied",
        32770 => "not supported",
        32771 => "status is unknown",
        32772 => "timeout",
        32773 => "invalid parameter",
        32774 => "the machine is in use",
        32775 => "the machine is in a state that does not allow it",
        32776 => "incorrect data type",
        32777 => "the system is not available",
        32778 => "out of memory",
        _ => "undocumented",
    }
}

impl MoveResult {
    /// What the facts mean. What was read back decides: a call that succeeded proves nothing.
    pub fn outcome(&self) -> Outcome {
        match (&self.now, &self.name) {
            (Some(now), _) if *now == self.wanted => {
                if self.old.as_ref() == Some(now) {
                    Outcome::Already
                } else {
                    Outcome::Moved
                }
            }
            (None, None) if self.code.is_none() => Outcome::Vanished,
            _ => Outcome::Failed(self.reason()),
        }
    }

    fn reason(&self) -> String {
        let with_words = |words: &Option<String>| {
            words
                .as_deref()
                .map(str::trim)
                .filter(|words| !words.is_empty())
                .map_or_else(String::new, |w| format!(": {w}"))
        };
        if let Some(code) = &self.code {
            return format!("the host said {code}{}", with_words(&self.words));
        }
        match (self.returned, self.job) {
            (Some(4096), Some(2..=4)) => {
                "the host is still at it after two minutes; list the machines later to see what came of it"
                    .to_owned()
            }
            (Some(4096), Some(7)) | (Some(0), _) => format!(
                "the host says it is done, but the machine is in {}",
                self.now.as_deref().map_or_else(|| "an unknown scope".to_owned(), scope_words)
            ),
            (Some(4096), state) => format!(
                "the host's job ended in state {} with error {}{}",
                state.map_or_else(|| "unknown".to_owned(), |state| state.to_string()),
                self.job_error.map_or_else(|| "unknown".to_owned(), |error| error.to_string()),
                with_words(&self.message)
            ),
            (Some(code), _) => format!("ModifyVirtualSystem returned {code}: {}", return_words(code)),
            (None, _) => "the host has no settings of this machine that hold a scope".to_owned(),
        }
    }
}

/// A scope in a sentence.
pub fn scope_words(scope: &str) -> String {
    if scope.is_empty() { "the default scope".to_owned() } else { format!("\"{scope}\"") }
}

/// What a file or a script's output tells of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// All its machines.
    Listed(Inventory),
    /// What came of some moves.
    Moved(Report),
}

impl Told {
    /// Reads a file: an inventory, or what the moving script printed.
    ///
    /// # Errors
    /// What the host said instead, or that it is neither.
    pub fn read(bytes: &[u8]) -> Result<Told, HostError> {
        match Report::of_output(&decode(bytes)) {
            Ok(report) if !report.results.is_empty() => Ok(Told::Moved(report)),
            _ => Inventory::read(bytes).map(Told::Listed),
        }
    }
}

impl Report {
    /// Reads the output of the moving script.
    ///
    /// # Errors
    /// What the host said instead. An output that was cut off is no error: what it tells has happened.
    pub fn of_output(output: &str) -> Result<Report, HostError> {
        let mut report = Report::default();
        for line in inventory::lines(output)? {
            match line {
                Line::Move(result) => report.results.push(result),
                Line::Undo { path } => report.undo = Some(path),
                Line::End { count } => report.complete = count == report.results.len(),
                _ => {}
            }
        }
        if report == Report::default() {
            return Err(HostError::CutOff);
        }
        Ok(report)
    }

    /// What came of a move; `None` = the script did not come so far.
    pub fn outcome(&self, guid: Uuid) -> Option<Outcome> {
        self.results.iter().rfind(|result| result.guid == guid).map(MoveResult::outcome)
    }
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
            None => plan.problems.push(Problem::NoMachine(super::inventory::guid_text(*guid))),
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
