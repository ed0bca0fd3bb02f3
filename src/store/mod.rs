//! The policy store: typed objects over a lossless document.
//!
//! In reading order:
//!
//! - [`kind`](Kind), [`guid`](Guid), [`limits`]: what there is, what it is called, how long it may be.
//! - `model`: [`Store`], flat arrays of objects and leaves over the document's bytes, and how they are read.
//! - `open`: from bytes to a store. Tolerant of everything that is an `AzMan` store, strict about what is XML.
//! - `index`: links and names, found in constant time.
//! - `edit`: the four primitive edits. Each is its own kind of inverse.
//! - `render`: from the state of a store to the patches that make its file.
//! - `change`, `words`, `grammar`: the change language as values, and as text.
//! - `refer`: what a change means by a name.
//! - `perform`, `links`, `copy`, `raw`: carrying out a change by primitive edits.
//! - `ldap`: whether a text is an LDAP query.
//! - `session`: undo, redo, what is unsaved.
//! - `diff`: comparing two stores, object by object.
//! - `making`, `trial`, `script`: from differences back to changes. `merge`: ours over theirs.
//! - `create`: the bytes of a new store.
//!
//! Nothing here knows a file, a terminal, a clock or Hyper-V.

mod change;
mod copy;
mod create;
mod diff;
mod edit;
mod grammar;
mod guid;
mod index;
mod kind;
mod ldap;
mod leaves;
pub mod limits;
mod links;
mod making;
mod merge;
mod model;
mod open;
mod perform;
mod raw;
mod refer;
mod render;
mod script;
mod session;
mod set;
mod trial;
mod words;

pub use change::{Change, Create, Level, Link, Name, Object, Place, Property};
pub use create::{Schema, new_store};
pub use diff::{Difference, What, diff, same};
pub use grammar::parse_script;
pub use guid::Guid;
pub use index::fold;
pub use kind::{GroupType, Kind, LeafId, LeafKind, ObjId};
pub use ldap::{QueryFault, check_query};
pub use links::Meaning;
pub use merge::{Did, Item, Merge};
pub use model::{Store, Unknown, UnknownKind};
pub use open::{OpenError, OpenErrorKind, Tick};
pub use perform::ChangeError;
pub use raw::check_attribute_name;
pub use script::{Step, changes, creation, script, unknown_within};
pub use session::{Applied, Part, Parts, Session, Transaction};
pub use words::{GrammarError, Token, quote, split, tokens};
