//! The virtual machines of a Hyper-V host beside the store that it asks, and where each of them belongs.
//!
//! A host keeps for each machine the *name* of its scope, and no file of ours holds it. So [`Machines`] stands beside
//! the session, and for each machine there are two facts: what the host said last, and its [`Home`], the place of the
//! store where it belongs. There is no list of moves: **a machine is to be moved where the two differ**. So a move that
//! failed is still to be made, one that somebody else made is done, and asking the host again needs no reckoning.
//!
//! A home is a scope by its GUID, not by its name. A scope that gets another name takes its machines along by that
//! alone, and undoing it leaves nothing to be moved. A scope that is gone leaves its machines to the default scope,
//! which is what the host makes of them; undo gives them back.
//!
//! Undo. Moving machines is a step of the session like any other, with no edits in it
//! ([`Session::step`](crate::store::Session::step)), or together with the changes of a recipe. What it did to homes is kept here under the
//! step's revision, and `Doc::take_in` flips it with the step. So undo, redo, history, the count of what is unsaved and
//! the words of the log follow without knowing machines.
//!
//! Saving ([`saving`]) goes store, machines, store: a scope is on the disk before machines go there, and stays until no
//! machine is in it. What of that has not happened is still unsaved.
//!
//! Journal. A step's line says what it did to homes as `vm GUID NAME --from SCOPE --to SCOPE` ([`Wish`]) beside the
//! changes of the change language, which does not have that word: no script can move machines unseen. With the name and
//! the scope that the host told last a machine can be shown again before the host has been asked again.

pub mod listing;
pub mod moving;
pub mod saving;
pub mod scripts;
pub mod sheet;
mod shown;
mod wish;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use uuid::Uuid;

use crate::accounts;
use crate::hyperv;
use crate::hyperv::inventory::{Inventory, Machine, guid_text};
use crate::hyperv::moves::Scopes;
use crate::hyperv::outcome::Outcome;
use crate::hyperv::output::Report;
use crate::store::{Guid, Kind, ObjId, Store, fold};

use super::search::Needle;
use super::work::Progress;

pub use shown::{tell_names, why_not};
pub use wish::Wish;

/// Whom the machines were asked of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The host of this name; `None` is the machine that azedit runs on.
    Host(Option<String>),
    /// A file that a script's output, or an inventory, was carried here in.
    File(PathBuf),
}

/// Where a machine belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// The host does not say its scope, and nobody has moved it.
    Unknown,
    /// The default scope.
    Default,
    /// The scope with this GUID, whatever it is called. Once that is gone, the default scope.
    Scope(Guid),
    /// A scope of this name, which the store did not have.
    Named(String),
}

/// A home in the store as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Not known.
    Unknown,
    /// The default scope.
    Default,
    /// This scope.
    Scope(ObjId),
    /// A scope of this name, which the store does not have: the host treats it as the default scope.
    Missing(String),
}

impl Place {
    /// The name by which a host knows it; empty is the default scope. `None`: no machine is sent there.
    pub fn name(&self, store: &Store) -> Option<String> {
        match self {
            Place::Default => Some(String::new()),
            Place::Scope(scope) => Some(store.name(*scope).into_owned()),
            Place::Unknown | Place::Missing(_) => None,
        }
    }
}

/// A machine and its home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resident {
    /// What the host said last.
    pub machine: Machine,
    /// Where it belongs.
    pub home: Home,
    /// Why it was not moved when that was tried last, in the host's words.
    pub failed: Option<String>,
    /// Whether the host has it; what it had and has no more keeps its number.
    pub is_there: bool,
    /// It is to be moved: its home is not where the host has it.
    is_pending: bool,
}

/// What a step did to a machine's home.
#[derive(Debug, Clone)]
struct Step {
    number: u32,
    from: Home,
    to: Home,
}

/// The machines of one host, in no order; a machine's number is its place here and is never given to another.
#[derive(Debug, Default)]
pub struct Machines {
    /// Whom they were asked of; `None`: nobody yet.
    pub source: Option<Source>,
    /// What the host calls itself.
    pub host: Option<String>,
    /// The host is being asked.
    pub asking: Option<Progress>,
    /// The save under way that goes on with machines.
    pub run: Option<saving::Run>,
    all: Vec<Resident>,
    numbers: HashMap<Uuid, u32>,
    /// What steps of the session did to homes, by their revisions.
    steps: HashMap<u64, Vec<Step>>,
    roster: Arc<Roster>,
    pending: usize,
    alarming: usize,
    /// What some are called was not told yet to [`Names`](crate::accounts::Names).
    has_new_names: bool,
}

/// The machines of each place, in the order of their names: what the tree shows and a search walks through.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Roster {
    at: HashMap<ObjId, Vec<Listed>>,
}

/// A machine in a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Its GUID and its account: what else it is found by.
    keys: [String; 2],
}

impl Listed {
    /// Whether it is called that.
    pub fn matches(&self, needle: &Needle) -> bool {
        needle.is_in(&self.name) || self.keys.iter().any(|key| needle.is_in(key))
    }
}

impl Roster {
    /// The machines of a scope, or of the application: those of the default scope.
    pub fn at(&self, level: ObjId) -> &[Listed] {
        self.at.get(&level).map_or(&[], Vec::as_slice)
    }

    /// Every place with its machines, in no order.
    pub fn places(&self) -> impl Iterator<Item = (ObjId, &[Listed])> {
        self.at.iter().map(|(level, listed)| (*level, listed.as_slice()))
    }
}

/// The application in whose scopes machines are: the one that Hyper-V asks, or else the store's only one.
pub fn application(store: &Store) -> Option<ObjId> {
    hyperv::application(store).or_else(|| {
        let mut all = store.children_of(store.root(), Kind::Application);
        all.next().filter(|_| all.next().is_none())
    })
}

/// The scope of exactly this name, as a host asks for it.
fn scope_named(store: &Store, name: &str) -> Option<ObjId> {
    let application = application(store)?;
    store.find(application, Kind::Scope, name).filter(|&scope| store.name(scope) == name)
}

/// Where a home is in the store as it is now.
fn place(store: &Store, home: &Home) -> Place {
    match home {
        Home::Unknown => Place::Unknown,
        Home::Default => Place::Default,
        Home::Scope(guid) => {
            let scope = store.by_guid(*guid).filter(|&id| store.kind(id) == Kind::Scope);
            scope.map_or(Place::Default, Place::Scope)
        }
        Home::Named(name) => {
            scope_named(store, name).map_or_else(|| Place::Missing(name.clone()), Place::Scope)
        }
    }
}

/// The home that the name of a scope means in this store.
fn home_in(store: &Store, scope: Option<&str>) -> Home {
    match scope {
        None => Home::Unknown,
        Some("") => Home::Default,
        Some(name) => scope_named(store, name)
            .and_then(|scope| store.guid(scope))
            .map_or_else(|| Home::Named(name.to_owned()), Home::Scope),
    }
}

impl Resident {
    /// Where it belongs in the store as it is now.
    pub fn place(&self, store: &Store) -> Place {
        place(store, &self.home)
    }

    /// Whether it is to be moved.
    pub fn is_pending(&self) -> bool {
        self.is_there && self.is_pending
    }

    /// Whether something is wrong with it: it was not moved, or the store lacks its scope.
    pub fn is_alarming(&self, store: &Store) -> bool {
        self.failed.is_some() || matches!(self.place(store), Place::Missing(_))
    }
}

impl Machines {
    /// A machine by its number.
    pub fn get(&self, number: u32) -> Option<&Resident> {
        self.all.get(usize::try_from(number).ok()?)
    }

    fn get_mut(&mut self, number: u32) -> Option<&mut Resident> {
        self.all.get_mut(usize::try_from(number).ok()?)
    }

    /// Every machine that the host has, with its number.
    pub fn all(&self) -> impl Iterator<Item = (u32, &Resident)> {
        (0u32..).zip(&self.all).filter(|(_, resident)| resident.is_there)
    }

    /// The machine of this GUID.
    pub fn number_of(&self, guid: Uuid) -> Option<u32> {
        self.numbers.get(&guid).copied()
    }

    /// Takes in a machine that was not known.
    fn add(&mut self, machine: Machine, home: Home) -> u32 {
        // An inventory of so many machines is not read.
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.has_new_names = true;
        self.numbers.insert(machine.guid, number);
        self.all.push(Resident::new(machine, home));
        number
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.all.iter().all(|resident| !resident.is_there)
    }

    /// How many are to be moved.
    pub const fn pending(&self) -> usize {
        self.pending
    }

    /// Whether the host has a machine in the scope of this name.
    fn has_in(&self, scope: &str) -> bool {
        self.all().any(|(_, one)| one.machine.scope.as_deref() == Some(scope))
    }

    /// With how many something is wrong.
    pub const fn alarming(&self) -> usize {
        self.alarming
    }

    /// Which machine stands where.
    pub fn roster(&self) -> &Arc<Roster> {
        &self.roster
    }

    /// The machines as a host would list them now.
    pub fn inventory(&self) -> Inventory {
        let machines = self.all().map(|(_, resident)| resident.machine.clone()).collect();
        Inventory { host: self.host.clone(), machines }
    }

    /// Brings what is derived up to the store.
    fn settle(&mut self, store: &Store) {
        let mut roster = Roster::default();
        let default = application(store);
        (self.pending, self.alarming) = (0, 0);
        for (number, resident) in (0u32..).zip(&mut self.all) {
            let place = place(store, &resident.home);
            let target = place.name(store);
            resident.is_pending = target.is_some() && resident.machine.scope != target;
            if !resident.is_there {
                continue;
            }
            self.pending = self.pending.saturating_add(usize::from(resident.is_pending));
            self.alarming = self.alarming.saturating_add(usize::from(resident.is_alarming(store)));
            let level = match place {
                Place::Scope(scope) => Some(scope),
                _ => default,
            };
            if let Some(level) = level {
                let Machine { guid, name, .. } = &resident.machine;
                let keys = [guid_text(*guid), accounts::vm_sid(*guid).to_string()];
                roster.at.entry(level).or_default().push(Listed { number, name: name.clone(), keys });
            }
        }
        for listed in roster.at.values_mut() {
            listed.sort_by_cached_key(|listed| (fold(&listed.name).into_owned(), listed.keys.clone()));
        }
        self.roster = Arc::new(roster);
    }

    /// Takes in what the host has. A machine that was to be moved still is, unless it is there now or gone. `before` are
    /// the scopes of the store that the host reads. Gives how many that were to be moved are gone.
    fn take(&mut self, inventory: Inventory, before: &Scopes, store: &Store) -> usize {
        let was_pending: HashSet<Uuid> =
            self.all().filter(|(_, one)| one.is_pending).map(|(_, one)| one.machine.guid).collect();
        self.host = inventory.host;
        self.has_new_names = true;
        for resident in &mut self.all {
            resident.is_there = false;
        }
        for machine in inventory.machines {
            let is_kept = was_pending.contains(&machine.guid);
            let home = home_of(&machine, before, store);
            match self.number_of(machine.guid).and_then(|number| self.get_mut(number)) {
                Some(known) => {
                    let home = if is_kept { known.home.clone() } else { home };
                    *known = Resident::new(machine, home);
                }
                None => _ = self.add(machine, home),
            }
        }
        let is_gone = |guid: &&Uuid| {
            !self.number_of(**guid).and_then(|number| self.get(number)).is_some_and(|one| one.is_there)
        };
        was_pending.iter().filter(is_gone).count()
    }

    /// Takes in what the host said of moves.
    fn take_report(&mut self, report: &Report, before: &Scopes, store: &Store) {
        for result in &report.results {
            let machine = Machine {
                guid: result.guid,
                name: result.name.clone().unwrap_or_default(),
                state: None,
                scope: result.now.clone(),
            };
            let Some(number) = self.number_of(result.guid) else {
                // The script was written elsewhere.
                if result.name.is_some() {
                    let home = home_of(&machine, before, store);
                    self.add(machine, home);
                }
                continue;
            };
            let Some(known) = self.get_mut(number) else { continue };
            let outcome = report.outcome(result.guid);
            if result.now.is_some() || outcome == Some(Outcome::Vanished) {
                known.machine.scope = machine.scope;
            }
            known.failed = match outcome {
                Some(Outcome::Failed(why)) => Some(why),
                Some(Outcome::Vanished) => Some("the host has no such machine any more".to_owned()),
                _ => None,
            };
        }
    }

    /// The same machines beside another reading of the file: each where the host has it.
    pub fn reread(self) -> Machines {
        let all = self.all.into_iter().map(|one| Resident::new(one.machine, Home::Unknown)).collect();
        Machines { source: self.source, host: self.host, all, numbers: self.numbers, ..Machines::default() }
    }

    /// Sends every machine home to where the host has it: nothing is to be moved.
    fn settle_in(&mut self, store: &Store) {
        let before = Scopes::of(store);
        for one in &mut self.all {
            one.home = home_of(&one.machine, &before, store);
        }
    }

    /// Keeps what the step of this revision does to homes; [`Machines::flip`] does it.
    fn keep(&mut self, revision: u64, steps: Vec<Step>) {
        if !steps.is_empty() {
            self.steps.insert(revision, steps);
        }
    }

    /// Makes a step's homes (`1`) or takes them back. Gives whose.
    pub fn flip(&mut self, revision: u64, by: i32) -> Vec<u32> {
        let Some(steps) = self.steps.get(&revision).cloned() else { return Vec::new() };
        let numbers = steps.iter().map(|step| step.number).collect();
        for Step { number, from, to } in steps {
            if let Some(resident) = self.get_mut(number) {
                resident.home = if by > 0 { to } else { from };
                resident.failed = None;
            }
        }
        numbers
    }

    /// Where the machines of this step belong once it is made (`1`) or taken back, for the journal.
    pub fn wishes(&self, store: &Store, revision: u64, by: i32) -> Vec<Wish> {
        let steps = self.steps.get(&revision).map_or(&[][..], Vec::as_slice);
        let home = |step: &Step| if by > 0 { step.to.clone() } else { step.from.clone() };
        steps.iter().filter_map(|step| self.wish(store, step.number, &home(step))).collect()
    }

    /// Where all machines belong that are to be moved, for a new journal.
    pub fn pending_wishes(&self, store: &Store) -> Vec<Wish> {
        let pending = self.all().filter(|(_, resident)| resident.is_pending);
        pending.filter_map(|(number, one)| self.wish(store, number, &one.home)).collect()
    }

    fn wish(&self, store: &Store, number: u32, home: &Home) -> Option<Wish> {
        let machine = &self.get(number)?.machine;
        let to = match place(store, home) {
            Place::Missing(name) => Some(name),
            place => place.name(store),
        };
        let Machine { guid, name, scope, .. } = machine.clone();
        Some(Wish { guid, name, from: scope, to })
    }

    /// What these wishes do to homes in this store. A machine that is not known is one from here on.
    /// `before` are the scopes of the store that the host reads.
    pub fn steps_of(&mut self, store: &Store, before: &Scopes, wishes: &[Wish]) -> Homecoming {
        let mut steps = Vec::new();
        for wish in wishes {
            let number = self.number_of(wish.guid).unwrap_or_else(|| {
                let Wish { guid, name, from, .. } = wish.clone();
                let machine = Machine { guid, name, state: None, scope: from };
                let home = home_of(&machine, before, store);
                self.add(machine, home)
            });
            let Some(known) = self.get(number) else { continue };
            let to = home_in(store, wish.to.as_deref());
            if known.home != to {
                steps.push(Step { number, from: known.home.clone(), to });
            }
        }
        Homecoming(steps)
    }
}

/// What a step is going to do to homes.
#[derive(Debug, Default)]
pub struct Homecoming(Vec<Step>);

impl Homecoming {
    /// Whether it does nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Resident {
    fn new(machine: Machine, home: Home) -> Resident {
        Resident { machine, home, failed: None, is_there: true, is_pending: false }
    }
}

/// Where a machine belongs that nobody has moved: in the scope that the host asks for by its name, whatever that is called
/// in the store by now.
fn home_of(machine: &Machine, before: &Scopes, store: &Store) -> Home {
    let saved = machine.scope.as_deref().and_then(|name| before.guid(name));
    saved.map_or_else(|| home_in(store, machine.scope.as_deref()), Home::Scope)
}

#[cfg(test)]
mod tests;
