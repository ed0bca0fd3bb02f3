//! The rules a store should keep, and what in a store breaks them.
//!
//! - [`Rule`]: code, severity, title, help, test, and a fix where one is safe. [`RULES`] is the table; a new rule is
//!   one entry and one function in the module of its family (`structure`, `names`, `links`, `members`, `scripts`).
//! - [`Findings`]: what the rules found in a store, kept per object. [`Findings::of`] looks at the whole store, in
//!   parallel and in linear time; [`Findings::update`] looks again only where a change can matter.
//! - [`Realm`]: an application with what it grants to whom, for rules about rights that other modules bring along.
//! - [`Subject`]: one object as the tests of the rules see it, everything decoded once.
//!
//! Codes: AZ-1xx the file's structure, AZ-2xx names and limits, AZ-3xx links, AZ-4xx members, assignments and
//! groups, AZ-5xx authorization rules. A code never changes its meaning and is never given away again.

mod confusables;
mod findings;
mod index;
mod links;
mod loops;
mod members;
mod names;
mod parallel;
mod realm;
mod rights;
mod rule;
mod scripts;
mod structure;
mod subject;
mod table;

pub use findings::Findings;
pub use index::{Outgoing, Sharing, Spelling};
pub use realm::{Realm, Set};
pub use rights::FEW;
pub use rule::{
    Finding, Fix, Kinds, LoopTest, ObjectTest, Report, RightsTest, Rule, Severity, SharedTest, Test, fix,
    rule,
};
pub use subject::{Member, Subject};
pub use table::RULES;
