//! Role definitions that are not what they should be: HV-104 to HV-106.

use std::collections::BTreeSet;

use super::super::catalogue::{self, INPUT, OUTPUT, READ_SERVICE, RECONFIGURE_SERVICE, VIEW_SWITCH_SERVICE};
use super::counted;
use crate::check::{Realm, Report, Subject};
use crate::store::{Kind, LeafKind, ObjId};

/// The role definition of the default scope that grants the same as this one of a scope.
fn same_in_default_scope(realm: &Realm<'_>, id: ObjId) -> Option<ObjId> {
    let store = realm.store;
    let is_candidate = store.kind(store.level(id)) == Kind::Scope
        && store.first(id, LeafKind::BizRule).is_none_or(|rule| rule.trim().is_empty());
    let granted = is_candidate.then(|| realm.granted(id)).filter(|granted| !granted.is_empty())?;
    realm.own_role_that_grants(&granted)
}

pub(super) fn is_repeated(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    same_in_default_scope(realm, subject.id).is_some()
}

pub(super) fn report_repeated(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    if let Some(same) = same_in_default_scope(realm, id) {
        let name = realm.store.name(same);
        report.object(id, format!("The role definition \"{name}\" of the default scope grants the same."));
    }
}

pub(super) fn many_repeated(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!(
        "{}, grant what one of the default scope grants.",
        counted(realm, all, "role definitions of scopes")
    )
}

pub(super) fn is_only_to_connect(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    let granted = realm.numbers(&realm.granted(subject.id).any);
    granted.contains(&RECONFIGURE_SERVICE)
        && granted
            .iter()
            .all(|number| [READ_SERVICE, RECONFIGURE_SERVICE, VIEW_SWITCH_SERVICE].contains(number))
}

pub(super) fn report_only_to_connect(_: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    report.object(
        id,
        "Reconfigure Service (105) lets its members change the host's settings; to connect, 100 with 295 may be enough.",
    );
}

pub(super) fn many_only_to_connect(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!("{}, grant 105 only to let someone connect.", counted(realm, all, "role definitions"))
}

/// Words that say of a role that it only looks.
const READERS: [&str; 9] =
    ["reader", "read-only", "read only", "readonly", "viewer", "view only", "observer", "auditor", "monitor"];

/// The operations that a role called a reader's should not grant.
fn not_for_readers(realm: &Realm<'_>, role: ObjId) -> Vec<(u32, ObjId)> {
    let name = realm.store.name(role).to_lowercase();
    if !READERS.iter().any(|word| name.contains(word)) {
        return Vec::new();
    }
    let granted = realm.granted(role);
    let acts = |number: u32| {
        number != OUTPUT && catalogue::operation(number).is_some_and(|operation| !operation.only_reads)
    };
    realm.operations().filter(|&(number, _)| acts(number) && realm.has(&granted.any, number)).collect()
}

pub(super) fn is_no_reader(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    !not_for_readers(realm, subject.id).is_empty()
}

pub(super) fn report_no_reader(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    let found = not_for_readers(realm, id);
    let input = found.iter().find(|(number, _)| *number == INPUT);
    let Some((number, operation)) = input.or(found.first()) else { return };
    let others = match found.len() {
        1 => String::new(),
        count => format!(" and {} more that change something", count - 1),
    };
    let message = format!(
        "By its name it only reads, but it grants {} ({number}){others}.",
        realm.store.name(*operation)
    );
    report.object(id, message);
}

pub(super) fn many_no_reader(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!("{}, are called a reader's and change something.", counted(realm, all, "role definitions"))
}
