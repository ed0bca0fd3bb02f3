//! Who may do what, and why: the access check of Authorization Manager, answered from a store alone.
//!
//! In reading order:
//!
//! - `token`: the SIDs that stand for an account when it asks.
//! - `links`: which links count, and what is conditional.
//! - `graph`: what can be reached through nested definitions or nested groups, loops included.
//! - `rights`: sets of operations, who holds them, and what an access check says.
//! - `holdings`: every member of some levels with the operations it holds there.
//! - `paths`: the ways from members to operations.
//! - `question`: may this account, who may, everything that anybody may.
//! - `pages`: a sorted set that is large and changes little.
//! - `roster`: where everybody is listed, for those who ask again and again.
//! - `gains`: what anyone gains or loses between two stores.
//! - [`remedy`]: the smallest changes after which the answer is another one, and what else each would change.
//! - [`guard`]: what a save would lock out or open up.
//!
//! The rules and how sure each is are in docs/ACCESS.md. Nothing here knows a file, an account's directory or a
//! script engine: what depends on an LDAP query or an authorization rule is *conditional*, neither yes nor no.

mod gains;
mod graph;
pub mod guard;
mod holdings;
mod links;
mod pages;
mod paths;
mod question;
pub mod remedy;
mod rights;
mod roster;
mod token;

pub use gains::{Gain, Unsaved, gains, gains_of_session};
pub use holdings::{Holding, Line, definition_rights, holdings, lines, members_of, reached};
pub use links::Condition;
pub use question::{Access, Because, Row, Where, way_down};
pub use rights::{Answer, Operations, Principal, Rights, numbers};
pub use roster::{Roster, rosters};
pub use token::{Token, implied, of_an_account};
