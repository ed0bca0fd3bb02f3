//! What Hyper-V adds to an Authorization Manager store.
//!
//! Hyper-V (Server 2008 to 2012) asks one application of its store, by name, for operations by number; two of them
//! always at the application's own level, which it calls the default scope. In reading order:
//!
//! - [`catalogue`]: the operations that Hyper-V knows. An opened store's own names and numbers win.
//! - [`rules`]: findings HV-1xx, handed to [`Findings`]; [`findings()`] applies them.
//! - [`guard`]: what the guard over saves has to know about Hyper-V.
//! - [`recipes`]: change-sets for what administrators do again and again.
//! - [`events`], [`explain`]: denied access checks from the Security log, why, and what would allow them.
//! - [`cluster`]: the stores of a cluster's nodes side by side;
//! - [`encoding`]: text files as Windows programs leave them;
//! - [`rights`]: does a security template let virtual machines log on as a service;
//! - [`inventory`]: a host's virtual machines; [`outcome`]: what came of the move of one;
//! - [`output`]: both, read from the lines of a script or from JSON;
//! - [`moves`]: which virtual machine goes to which scope, and in what order;
//! - [`script`]: the script that lists and moves them on a host;
//! - [`evidence`]: what a virtual machine's configuration file says;
//! - [`live`]: which store a host uses, and what stands in the way of changing it
//!
//! Nothing here opens a file, starts a process, or looks at a clock. What is known about Hyper-V, and how surely, is in docs/HYPER-V.md.

pub mod catalogue;
pub mod cluster;
pub mod encoding;
pub mod events;
pub mod evidence;
pub mod explain;
pub mod guard;
pub mod inventory;
pub mod live;
pub mod moves;
pub mod outcome;
pub mod output;
pub mod recipes;
pub mod rights;
pub mod rules;
pub mod script;

use crate::check::{Findings, Rule};
use crate::store::{Kind, ObjId, Store, Tick};

/// The name by which Hyper-V asks for its application, unless the registry value `ServiceApplication` says another.
pub const APPLICATION: &str = "Hyper-V services";

/// Whether this is the application that Hyper-V asks.
pub fn is_hyper_v(store: &Store, application: ObjId) -> bool {
    store.kind(application) == Kind::Application && store.name(application) == APPLICATION
}

/// The application that Hyper-V asks; `None` where the store has none.
pub fn application(store: &Store) -> Option<ObjId> {
    store.find(store.root(), Kind::Application, APPLICATION).filter(|&id| is_hyper_v(store, id))
}

/// What the rules of [`check`](crate::check) and those of [`rules`] find in a store.
pub fn findings(store: &Store) -> Findings {
    Findings::with(store, rules::RULES)
}

/// As [`findings`]; tells how many objects are checked. `None`: it was told to stop.
pub fn findings_watched(store: &Store, tick: Tick<'_>) -> Option<Findings> {
    Findings::watched(store, rules::RULES, tick)
}

/// The rule with this code (in any case), of every store or of Hyper-V's.
pub fn rule(code: &str) -> Option<&'static Rule> {
    let same = |rule: &&Rule| rule.code.eq_ignore_ascii_case(code);
    crate::check::rule(code).or_else(|| rules::RULES.iter().find(same))
}

/// Every rule, in the order of their codes.
pub fn all_rules() -> impl Iterator<Item = &'static Rule> {
    crate::check::RULES.iter().chain(rules::RULES)
}
