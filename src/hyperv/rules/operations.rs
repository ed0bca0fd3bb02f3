//! How the operations of the store compare with the catalogue: HV-110 to HV-112.

use std::collections::BTreeSet;

use super::super::catalogue;
use super::counted;
use crate::check::{Realm, Report, Subject};
use crate::store::ObjId;

/// The operations of the catalogue whose number no operation of the application has. An application without any
/// operation is a store being made.
fn missing(realm: &Realm<'_>) -> Vec<&'static catalogue::Operation> {
    if realm.size() == 0 {
        return Vec::new();
    }
    let there: BTreeSet<u32> = realm.operations().map(|(number, _)| number).collect();
    catalogue::operations().iter().filter(|operation| !there.contains(&operation.id)).collect()
}

pub(super) fn lacks_operations(realm: &Realm<'_>, _: &Subject<'_>) -> bool {
    !missing(realm).is_empty()
}

pub(super) fn report_missing(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    let missing = missing(realm);
    let message = match missing.as_slice() {
        [] => return,
        [only] => format!(
            "There is no operation {} ({}), which Windows Server {} has.",
            only.id, only.name, only.since
        ),
        [first, ..] => {
            format!(
                "{} of Hyper-V's operations are missing, {} ({}) among them.",
                missing.len(),
                first.id,
                first.name
            )
        }
    };
    report.object(id, message);
}

pub(super) fn is_extra(_: &Realm<'_>, subject: &Subject<'_>) -> bool {
    subject.store.operation_id(subject.id).is_some_and(|number| catalogue::operation(number).is_none())
}

pub(super) fn report_extra(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    let number = realm.store.operation_id(id).unwrap_or_default();
    report.object(id, format!("Hyper-V is not known to ask for an operation {number}."));
}

pub(super) fn many_extra(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!("{}, are not known to belong to Hyper-V.", counted(realm, all, "operations"))
}

pub(super) fn is_renamed(_: &Realm<'_>, subject: &Subject<'_>) -> bool {
    let number = subject.store.operation_id(subject.id);
    number.and_then(catalogue::operation).is_some() && catalogue::known(number, &subject.name).is_none()
}

pub(super) fn report_renamed(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    if let Some(known) = realm.store.operation_id(id).and_then(catalogue::operation) {
        report.object(id, format!("Hyper-V's operation {} is known as \"{}\".", known.id, known.name));
    }
}

pub(super) fn many_renamed(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!("{}, have other names than Hyper-V's.", counted(realm, all, "operations"))
}
