//! Who may do what, and why: the access check of Authorization Manager, answered from a store alone.
//!
//! In reading order:
//!
//! - `token`: the SIDs that stand for an account when it asks.
//! - `links`: which links count, and what is conditional.
//! - `graph`: what can be reached through nested definitions or nested groups, loops included.
//! - `holdings`: every member of some levels with the operations it holds there.
//! - [`guard`]: what a save would lock out or open up.
//!
//! The rules and how sure each is are in docs/ACCESS.md. Nothing here knows a file, an account's directory or a
//! script engine: what depends on an LDAP query or an authorization rule is *conditional*, neither yes nor no.

mod graph;
pub mod guard;
mod holdings;
mod links;
mod token;

pub use holdings::{Holding, Operations, Principal, Rights, holdings};
pub use token::Token;
