//! What accounts hold before and after a plan, for a preview.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{self, Operations, Principal};
use crate::accounts::{self, Sid};
use crate::store::{Change, Kind, Level, Name, ObjId, Store};

/// What some accounts hold by the assignments of some levels: scope (`None`: everywhere), account, operations as
/// `name (number)`.
pub type Rights = BTreeMap<(Option<String>, Sid), BTreeSet<String>>;

/// What accounts gain and lose.
pub struct Outcome {
    application: ObjId,
    accounts: BTreeSet<Sid>,
    scopes: BTreeSet<String>,
}

impl Outcome {
    /// Looks where the changes look: in the default scope and in the scopes that they name.
    pub fn of(store: &Store, application: ObjId, accounts: &[Sid], changes: &[Change]) -> Outcome {
        let mut scopes = BTreeSet::new();
        for change in changes {
            let place = match change {
                Change::Create(create) => &create.place,
                Change::Add(object, _) | Change::Remove(object, _) => &object.place,
                _ => continue,
            };
            match &place.level {
                Level::Scope(Name::Text(name)) => _ = scopes.insert(name.clone()),
                Level::Scope(Name::Guid(guid)) => {
                    scopes.extend(store.by_guid(*guid).map(|id| store.name(id).into_owned()));
                }
                _ => {}
            }
        }
        Outcome { application, accounts: accounts.iter().copied().collect(), scopes }
    }

    /// What the accounts hold in this store.
    pub fn look(&self, store: &Store) -> Rights {
        let operations = Operations::of(store, self.application);
        let scopes: Vec<ObjId> =
            self.scopes.iter().filter_map(|name| store.find(self.application, Kind::Scope, name)).collect();
        let is_one = |principal: &Principal| match principal {
            Principal::Account(sid) => self.accounts.contains(sid),
            Principal::Found(_) => false,
        };
        let levels = std::iter::once(self.application).chain(scopes);
        let mut rights = Rights::new();
        for held in access::holdings(store, &operations, levels, &is_one) {
            let Principal::Account(sid) = held.principal else { continue };
            let scope = (held.level != self.application).then(|| store.name(held.level).into_owned());
            let ids = access::numbers(&held.rights.any).filter_map(|at| operations.ids().get(at).copied());
            rights.insert((scope, sid), ids.map(|id| operation(store, id)).collect());
        }
        rights
    }

    /// The difference in sentences, a line for each account and place.
    pub fn sentences(before: &Rights, after: &Rights) -> Vec<String> {
        let keys: BTreeSet<&(Option<String>, Sid)> = before.keys().chain(after.keys()).collect();
        let empty = BTreeSet::new();
        let mut lines = Vec::new();
        for key in keys {
            let [had, has] = [before, after].map(|rights| rights.get(key).unwrap_or(&empty));
            for (verb, more) in
                [("gains", has.difference(had).collect::<Vec<_>>()), ("loses", had.difference(has).collect())]
            {
                let what = match more.as_slice() {
                    [] => continue,
                    [one] => (*one).clone(),
                    [one, other] => format!("{one} and {other}"),
                    many => format!("{} operations", many.len()),
                };
                let place = match &key.0 {
                    Some(scope) => format!("in {scope}"),
                    None => "everywhere".to_owned(),
                };
                let who = accounts::shown(&key.1);
                lines.push(format!("{who} {verb} {what} {place}"));
            }
        }
        lines
    }
}

fn operation(store: &Store, id: ObjId) -> String {
    match store.operation_id(id) {
        Some(number) => format!("{} ({number})", store.name(id)),
        None => store.name(id).into_owned(),
    }
}
