//! What a save would lock out or open up.
//!
//! Compared are the store as it was last saved and the store about to be written. An [`Objection`] is no error: the
//! store is valid, and may be what is meant. It is a question that must be answered by typing a name (the editor) or
//! by `--allow CODE` (the command line) before the file is replaced. There are four:
//!
//! - [`LOCKOUT`]: somebody could do everything at an application's own level and nobody could any more; or somebody
//!   could do something in it and nobody could do anything. What depends on a rule or a query does not count, and
//!   neither does a member that nobody can be. Only operations that were there before count: a new one that nobody
//!   holds yet is an ordinary edit.
//! - [`BROAD`]: Everyone, Authenticated Users, Users, Guests, Anonymous or another class of accounts gains an
//!   operation, conditionally or not, at a level where neither it nor a class that it is in had it.
//! - [`APPLICATION_GONE`]: an application in which somebody could do something is deleted or renamed; programs ask for
//!   it by name.
//! - [`OWN_ACCESS`]: the account that asks, where it is known, could do something at an application's own level and could
//!   do nothing there any more.
//!
//! What a program needs of its application is told in [`Facts`]: then nobody being left with that is a lockout too, the
//! application going or being emptied is asked about whoever had rights in it, and operations that only read may be
//! given to anybody.
//!
//! A program asks for an operation by its number, so operations are compared by number: giving a number to another
//! operation is a change of rights. Scopes and applications are compared by GUID, then by name.

mod compare;
mod picture;

use std::collections::BTreeSet;

use self::picture::{Look, Picture};
use crate::accounts::Sid;
use crate::store::{Kind, ObjId, OpenError, Session, Store};

/// The code of an objection: nobody is left.
pub const LOCKOUT: &str = "lockout";
/// The code of an objection: a class of accounts gains something.
pub const BROAD: &str = "broad";
/// The code of an objection: programs no longer find the application, or nothing in it.
pub const APPLICATION_GONE: &str = "application-gone";
/// The code of an objection: the account that asks loses its own last way in.
pub const OWN_ACCESS: &str = "own-access";

/// Every code, the worst first.
pub const CODES: [&str; 4] = [LOCKOUT, APPLICATION_GONE, OWN_ACCESS, BROAD];

/// What the guard is told besides the two stores.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The SIDs of the account that asks and of its groups; empty where they are not known.
    pub caller: Vec<Sid>,
    /// Programs whose needs are known.
    pub programs: Vec<Program>,
}

/// What a program needs of the application that it asks.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its name, for sentences.
    pub name: &'static str,
    /// The application that it asks, by name.
    pub application: String,
    /// The numbers of the operations without which nobody can use it at all, asked for at the application's own level.
    pub needs: &'static [u32],
    /// Whether an operation, by number and name, is known to change nothing.
    pub only_reads: fn(Option<u32>, &str) -> bool,
}

impl Facts {
    fn program(&self, application: &str) -> Option<&Program> {
        self.programs.iter().find(|program| program.application == application)
    }
}

/// A reason to ask before a store is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// One of [`CODES`].
    pub code: &'static str,
    /// What the save would do, in a sentence.
    pub sentence: String,
    /// The path of the application, as it was saved.
    pub application: String,
    /// Who gains or loses; `None` where that is everybody.
    pub who: Option<Sid>,
    /// What must be typed to go on: the name of the application or account, or the code where the name cannot be
    /// typed.
    pub name: String,
}

/// Compares two stores, `saved` and the one about to take its place; the worst objections first. Linear in what the
/// stores hold.
pub fn objections(saved: &Store, store: &Store, facts: &Facts) -> Vec<Objection> {
    let look = Look::everything();
    compare::compare(&Picture::of(saved, &look, facts), &Picture::of(store, &look, facts), facts)
}

/// Compares what a session last read or wrote with what it holds now. Looks only at the applications and scopes that
/// the changes can matter to, and at nothing where they matter to no rights.
///
/// # Errors
/// See [`Session::with_saved`].
pub fn of_session(session: &mut Session, facts: &Facts) -> Result<Vec<Objection>, OpenError> {
    let Some(ids) = session.unsaved_objects() else {
        let store = session.saved().to_bytes();
        return Ok(objections(&Store::open(store)?, session.store(), facts));
    };
    let look = matters(session.store(), &ids);
    if look.is_nothing() {
        return Ok(Vec::new());
    }
    let saved = session.with_saved(|saved| Picture::of(saved, &look, facts))?;
    Ok(compare::compare(&saved, &Picture::of(session.store(), &look, facts), facts))
}

/// Where edits of these objects can matter to somebody's rights.
fn matters(store: &Store, edited: &BTreeSet<ObjId>) -> Look {
    let mut look = Look::nothing();
    for &id in edited {
        let level = store.level(id);
        // Links go to the first of several objects with one GUID: another may take the place of this one.
        if matches!(store.kind(id), Kind::Operation | Kind::Task | Kind::Role | Kind::Group)
            && store.twin(id).is_some()
        {
            return Look::everything();
        }
        match (store.kind(id), store.kind(level)) {
            (Kind::Store | Kind::Scope, _) => {}
            (Kind::Application, _) => look.add_application(id),
            (Kind::Assignment, Kind::Application) => look.add_application(level),
            (_, Kind::Application) => look.add_all_scopes(level),
            (_, Kind::Scope) => look.add_scope(store.application(level), level),
            // A group of the store can be in an assignment anywhere.
            _ => return Look::everything(),
        }
    }
    look
}
