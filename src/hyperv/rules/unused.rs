//! What Hyper-V leaves alone: HV-107 to HV-109.

use std::collections::BTreeSet;

use super::super::{self as hyperv, APPLICATION, is_hyper_v};
use super::counted;
use crate::check::{Realm, Report, Subject};
use crate::store::{GroupType, Kind, LeafKind, ObjId, Store};

pub(super) fn report_task(_: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    report.object(id, "Hyper-V uses no task definitions: put the operations into a role definition.");
}

pub(super) fn many_tasks(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!("{}, which Hyper-V does not use.", counted(realm, all, "task definitions"))
}

pub(super) fn has_rule(_: &Realm<'_>, subject: &Subject<'_>) -> bool {
    subject.text(LeafKind::BizRule).is_some_and(|(_, text)| !text.trim().is_empty())
        || subject.store.group_type(subject.id) == Some(GroupType::BizRule)
}

pub(super) fn report_rule(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    let message = if realm.store.kind(id) == Kind::Group {
        "A script decides who is in this group, and Hyper-V runs none."
    } else {
        "It has an authorization rule, and Hyper-V runs none."
    };
    report.object(id, message);
}

pub(super) fn many_rules(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!("{}, have an authorization rule, and Hyper-V runs none.", counted(realm, all, "objects"))
}

pub(super) fn report_other_application(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    let name = realm.store.name(id);
    report.object(id, format!("Hyper-V reads the application \"{APPLICATION}\"; nothing asks \"{name}\"."));
}

pub(super) fn is_beside_hyper_v(store: &Store, application: ObjId) -> bool {
    !is_hyper_v(store, application) && hyperv::application(store).is_some()
}
