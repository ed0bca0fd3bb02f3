//! What would allow many denials at once.

use std::collections::HashMap;
use std::slice;

use super::{Ask, Counted, Judge, Names};
use crate::access::Access;
use crate::accounts::{self, Sid};
use crate::hyperv::events::Attempt;
use crate::store::{Change, Create, ObjId, Session, Store, Tick};

/// The changes that allow all of these denials that can be allowed, to be made as one step: what one account is given is
/// there for the next. They are tried on a copy of the store. `tick` is told how many denials were looked at; `None`: it
/// said to stop.
pub fn together(
    copy: Store,
    attempts: &[Counted],
    told: &Names,
    known: &accounts::Names,
    tick: Tick<'_>,
) -> Option<Vec<Change>> {
    // Scopes and assignments are asked for again and again.
    copy.index_all();
    let mut session = Session::new(copy);
    let sid = |attempt: &Attempt| told.find(&attempt.account, known);
    let mut denied: Vec<(Sid, &Attempt)> =
        attempts.iter().filter_map(|(attempt, _)| Some((sid(attempt)?, attempt))).collect();
    denied.sort_unstable_by_key(|&(sid, attempt)| (sid, &attempt.application, &attempt.scope));
    let mut grants = Grants::default();
    for of_account in denied.chunk_by(|(a, _), (b, _)| a == b) {
        let mut joined = Vec::new();
        let is_one_place = |(_, a): &(Sid, &Attempt), (_, b): &(Sid, &Attempt)| {
            (&a.application, &a.scope) == (&b.application, &b.scope)
        };
        for same in of_account.chunk_by(is_one_place) {
            let store = session.store();
            let ask: &Ask<'_> = &|application, _, place| Access::of(store, application, place);
            let judge = Judge { store, told, known, ask };
            let changes =
                same.first().map(|(sid, _)| judge.granting(sid, same.iter().map(|(_, attempt)| *attempt)));
            for change in changes.unwrap_or_default() {
                let Ok(applied) = session.apply(slice::from_ref(&change), "") else { break };
                if let Change::Add(object, links) = &change {
                    joined.push(Change::Remove(object.clone(), links.clone()));
                }
                grants.take_in(applied.select, change);
            }
        }
        // What an account has been given matters to what else it lacks, and to nobody else: it is taken out again, so
        // that the next one is not looked for among thousands.
        session.apply(&joined, "").ok()?;
        if !tick(of_account.len()) {
            return None;
        }
    }
    Some(grants.changes)
}

/// Changes that create objects and add to them, with all that is added to one object in one place.
#[derive(Default)]
struct Grants {
    changes: Vec<Change>,
    /// Which of the changes makes an object, or adds to it.
    about: HashMap<ObjId, usize>,
}

impl Grants {
    fn take_in(&mut self, object: Option<ObjId>, change: Change) {
        let at = object.and_then(|object| self.about.get(&object).copied());
        match (at.and_then(|at| self.changes.get_mut(at)), change) {
            (Some(Change::Create(Create { links, .. }) | Change::Add(_, links)), Change::Add(_, more)) => {
                links.extend(more);
            }
            (_, change) => {
                self.about.extend(object.map(|object| (object, self.changes.len())));
                self.changes.push(change);
            }
        }
    }
}
