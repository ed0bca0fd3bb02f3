//! What anyone gains or loses between two stores, or between two states of one.
//!
//! What somebody gains everywhere is one gain and is not repeated for each scope. Something that loses its condition is
//! gained; something that gets one is lost. Applications, scopes and groups are the same when their GUIDs are, or else
//! their names; operations when their numbers are, for that is what a program asks for; everybody else is a SID.
//!
//! Of two states of one store only the levels are compared at which the edits can matter to anybody.

mod picture;

use std::collections::HashMap;

use self::picture::{Held, Identity};
pub(super) use self::picture::{Look, Picture};
use super::rights::{Principal, Rights, numbers};
use crate::accounts;
use crate::store::{ObjId, OpenError, Session, Store};

/// What one member gains or loses in one place. The numbers are of the store that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gain {
    /// The application.
    pub application: ObjId,
    /// Who.
    pub principal: Principal,
    /// The scope; `None`: everywhere.
    pub scope: Option<ObjId>,
    /// Operations that depend on nothing (any more, or before).
    pub plain: Vec<ObjId>,
    /// Operations that depend on a rule or a query.
    pub conditional: Vec<ObjId>,
    /// It is every operation that the application has.
    pub is_all: bool,
}

/// What is held in the new store and not in the old one, and what in the old one and not in the new one; classes of
/// accounts first, then whoever gains or loses most.
pub fn gains(old: &Store, new: &Store) -> (Vec<Gain>, Vec<Gain>) {
    compare(&Picture::of(old, &Look::everything()), &Picture::of(new, &Look::everything()))
}

/// What the unsaved changes of a session give and take.
pub struct Unsaved {
    /// Who would gain what.
    pub gained: Vec<Gain>,
    /// Who would lose what.
    pub lost: Vec<Gain>,
    /// The store in which `lost` is to be read; `None`: the session's own, which still knows what was removed.
    pub saved: Option<Store>,
}

/// What anyone gains or loses by what is unsaved. Costs what the changes can matter to.
///
/// # Errors
/// See [`Session::with_saved`].
pub fn gains_of_session(session: &mut Session) -> Result<Unsaved, OpenError> {
    let Some(edited) = session.unsaved_objects() else {
        let saved = Store::open(session.saved().to_bytes())?;
        let (gained, lost) = gains(&saved, session.store());
        return Ok(Unsaved { gained, lost, saved: Some(saved) });
    };
    let look = Look::of(session.store(), &edited);
    let before = session.with_saved(|saved| Picture::of(saved, &look))?;
    let (gained, lost) = compare(&before, &Picture::of(session.store(), &look));
    Ok(Unsaved { gained, lost, saved: None })
}

/// What is gained and lost from one picture to the other.
pub(super) fn compare(before: &Picture, after: &Picture) -> (Vec<Gain>, Vec<Gain>) {
    (surplus(after, before), surplus(before, after))
}

fn surplus(here: &Picture, there: &Picture) -> Vec<Gain> {
    let ids = |picture: &Picture| picture.applications.iter().map(|held| held.identity.clone()).collect();
    let (mine, theirs): (Vec<Identity>, Vec<Identity>) = (ids(here), ids(there));
    let same = same(&mine, &theirs);
    let find = |id: ObjId| there.applications.iter().find(|held| held.identity.id == id);
    let mut gains = Vec::new();
    for held in &here.applications {
        let other = same.get(&held.identity.id).and_then(|&id| find(id));
        in_application(held, other, &mut gains);
    }
    gains.sort_by_cached_key(|gain| {
        let is_class = match gain.principal {
            Principal::Account(sid) => accounts::is_broad(&sid),
            Principal::Found(_) => false,
        };
        let count = gain.plain.len() + gain.conditional.len();
        (!is_class, std::cmp::Reverse(count), gain.application, gain.scope, gain.principal)
    });
    gains
}

/// From objects of one picture to the same objects of another: by GUID, else by name.
fn same(here: &[Identity], there: &[Identity]) -> HashMap<ObjId, ObjId> {
    let by_guid: HashMap<_, ObjId> = there.iter().filter_map(|other| Some((other.guid?, other.id))).collect();
    let by_name: HashMap<&str, ObjId> = there.iter().map(|other| (other.name.as_str(), other.id)).collect();
    let find = |one: &Identity| {
        let found = one.guid.and_then(|guid| by_guid.get(&guid));
        found.or_else(|| by_name.get(one.name.as_str())).copied()
    };
    here.iter().filter_map(|one| Some((one.id, find(one)?))).collect()
}

fn in_application(here: &Held, there: Option<&Held>, gains: &mut Vec<Gain>) {
    let there = there.map(|there| {
        (there.numbered_as(here), same(&here.scopes, &there.scopes), same(&here.groups, &there.groups))
    });
    for (scope, principal, rights) in &here.own {
        let elsewhere = scope.and_then(|_| here.find(None, principal));
        // Whoever is found by a group that is not there had nothing.
        let (mut everywhere, mut in_scope) = (None, None);
        if let Some((there, scopes, groups)) = &there {
            let known = match principal {
                Principal::Account(_) => Some(*principal),
                Principal::Found(group) => groups.get(group).copied().map(Principal::Found),
            };
            everywhere = known.as_ref().and_then(|known| there.find(None, known));
            let scope = scope.and_then(|scope| scopes.get(&scope).copied());
            in_scope = scope.and_then(|scope| there.find(Some(scope), known.as_ref()?));
        }
        let had = [elsewhere, everywhere, in_scope];
        let left = |now: &[u64], of: fn(&Rights) -> &[u64]| -> Vec<u64> {
            let mut left = now.to_vec();
            for had in had.into_iter().flatten() {
                left.iter_mut().zip(of(had)).for_each(|(word, had)| *word &= !had);
            }
            left
        };
        let is_had = |now: &[u64], of: fn(&Rights) -> &[u64]| {
            had.into_iter().flatten().any(|had| now.iter().zip(of(had)).all(|(now, had)| now & !had == 0))
        };
        // Nearly everybody has what they had.
        if is_had(&rights.plain, |rights| &rights.plain) && is_had(&rights.any, |rights| &rights.any) {
            continue;
        }
        let plain = left(&rights.plain, |rights| &rights.plain);
        let mut conditional = left(&rights.any, |rights| &rights.any);
        conditional.iter_mut().zip(&plain).for_each(|(word, plain)| *word &= !plain);
        let ids = |set: &[u64]| -> Vec<ObjId> {
            numbers(set).filter_map(|number| here.operations.get(number).copied()).collect()
        };
        let (plain, conditional) = (ids(&plain), ids(&conditional));
        let count = plain.len() + conditional.len();
        if count > 0 {
            gains.push(Gain {
                application: here.identity.id,
                principal: *principal,
                scope: *scope,
                plain,
                conditional,
                is_all: count == here.operations.len(),
            });
        }
    }
}
