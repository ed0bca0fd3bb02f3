//! Who has rights in a scope and cannot connect, or only seems limited to it: HV-101 to HV-103.

use std::collections::BTreeSet;

use super::super::catalogue::{INPUT, OUTPUT, READ_SERVICE, RECONFIGURE_SERVICE, VIEW_SWITCH_SERVICE};
use super::counted;
use crate::access::Principal;
use crate::accounts::{self, Sid};
use crate::check::{Finding, Realm, Report, Set, Subject};
use crate::store::{Change, Kind, LeafId, LeafKind, Link, ObjId, Object, Store};

/// So many members of one assignment are reported one by one.
const MEMBERS: usize = 20;

/// Whether what is held in the default scope is enough to connect.
fn connects(realm: &Realm<'_>, held: &Set) -> bool {
    realm.has(held, READ_SERVICE)
        && (realm.has(held, RECONFIGURE_SERVICE) || realm.has(held, VIEW_SWITCH_SERVICE))
}

fn lacks_connecting(realm: &Realm<'_>, who: &Principal) -> bool {
    !connects(realm, &realm.held(who))
}

/// Connects, but lacks what a console takes.
fn lacks_console(realm: &Realm<'_>, who: &Principal) -> bool {
    let held = realm.held(who);
    connects(realm, &held) && !realm.has(&held, VIEW_SWITCH_SERVICE)
}

/// May do everything in the default scope. Well-known accounts are there because somebody, or Windows, put them there.
fn has_everything(realm: &Realm<'_>, who: &Principal) -> bool {
    match who {
        Principal::Account(sid) => {
            !realm.holds_nothing_itself(sid)
                && accounts::well_known(sid).is_none()
                && realm.is_everything(&realm.held(who))
        }
        Principal::Found(_) => false,
    }
}

/// Whether an assignment of a scope gives somebody something.
fn is_scoped(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    realm.store.kind(realm.store.level(subject.id)) == Kind::Scope && !realm.granted_by(subject).is_empty()
}

fn uses_console(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    let granted = realm.granted_by(subject);
    realm.has(&granted.any, INPUT) || realm.has(&granted.any, OUTPUT)
}

type Question = fn(&Realm<'_>, &Principal) -> bool;

/// Whether a member of the assignment, or one of its groups, is so.
fn any(realm: &Realm<'_>, subject: &Subject<'_>, code: &'static str, is_so: Question) -> bool {
    let mut members = subject.members.iter().filter_map(|member| member.sid.ok());
    members.any(|sid| is_so(realm, &Principal::Account(sid)))
        || subject.has_link(LeafKind::AppMemberLink)
            && realm
                .groups_of(subject.id)
                .any(|(_, group)| realm.any_in_group(code, group, |who| is_so(realm, who)))
}

/// Reports each member of the assignment that is so, and each group with one.
fn report_members(
    realm: &Realm<'_>,
    assignment: ObjId,
    (code, is_so): (&'static str, Question),
    report: &mut Report<'_>,
    say: impl Fn(&str) -> String,
) {
    let store = realm.store;
    let mut left = MEMBERS;
    let mut more = 0_usize;
    let mut add = |leaf: LeafId, message: String| match left.checked_sub(1) {
        Some(less) => {
            left = less;
            report.leaf(assignment, leaf, message);
        }
        None => more += 1,
    };
    for leaf in store.leaves_of(assignment, LeafKind::Member) {
        if let Ok(sid) = Sid::parse(store.text(leaf).trim())
            && is_so(realm, &Principal::Account(sid))
        {
            add(leaf, say(&accounts::shown(&sid)));
        }
    }
    for (leaf, group) in realm.groups_of(assignment) {
        if realm.any_in_group(code, group, |who| is_so(realm, who)) {
            add(leaf, say(&format!("Somebody in the group \"{}\"", store.name(group))));
        }
    }
    if more > 0 {
        report.object(assignment, format!("The same goes for {more} more of its members."));
    }
}

pub(super) fn cannot_connect(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    is_scoped(realm, subject) && any(realm, subject, "HV-101", lacks_connecting)
}

pub(super) fn report_cannot_connect(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    report_members(realm, id, ("HV-101", lacks_connecting), report, |who| {
        format!(
            "{who} has rights in this scope but cannot connect: in the default scope he lacks Read Service Configuration \
             (100), or Reconfigure Service (105) beside it."
        )
    });
}

pub(super) fn many_cannot_connect(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!(
        "{}, have members with rights in a scope who cannot connect: they lack 100, or 105 beside it, in the default \
         scope.",
        counted(realm, all, "role assignments")
    )
}

pub(super) fn no_console(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    is_scoped(realm, subject) && uses_console(realm, subject) && any(realm, subject, "HV-102", lacks_console)
}

pub(super) fn report_no_console(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    report_members(realm, id, ("HV-102", lacks_console), report, |who| {
        format!(
            "{who} may use consoles in this scope; connecting one may also take View Virtual Switch Management Service \
             (295) in the default scope."
        )
    });
}

pub(super) fn many_no_console(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!(
        "{}, give consoles in a scope to members without View Virtual Switch Management Service (295) in the default \
         scope.",
        counted(realm, all, "role assignments")
    )
}

pub(super) fn is_trapped(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    is_scoped(realm, subject) && any(realm, subject, "HV-103", has_everything)
}

pub(super) fn report_trapped(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    report_members(realm, id, ("HV-103", has_everything), report, |who| {
        format!(
            "{who} looks limited to this scope, but may do everything in the default scope and so reaches every virtual \
             machine."
        )
    });
}

pub(super) fn many_trapped(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!(
        "{}, have members who look limited to a scope but may do everything in the default scope.",
        counted(realm, all, "role assignments")
    )
}

/// Takes the member out of the assignments of the default scope that give everything.
pub(super) fn leave_default_scope(store: &Store, finding: &Finding) -> Vec<Change> {
    let Some(leaf) = finding.leaf.filter(|&leaf| store.leaf_kind(leaf) == LeafKind::Member) else {
        return Vec::new();
    };
    let Some(application) = store.application(finding.object) else { return Vec::new() };
    let Ok(sid) = Sid::parse(store.text(leaf).trim()) else { return Vec::new() };
    assignments_of_everything(store, application, &sid)
        .into_iter()
        .filter_map(|assignment| {
            Some(Change::Remove(Object::of(store, assignment)?, vec![Link::Member(sid.to_string())]))
        })
        .collect()
}

/// The assignments of the default scope that name the account and give every operation.
pub fn assignments_of_everything(store: &Store, application: ObjId, sid: &Sid) -> Vec<ObjId> {
    let names = |assignment: ObjId| {
        store
            .leaves_of(assignment, LeafKind::Member)
            .any(|leaf| Sid::parse(store.text(leaf).trim()).is_ok_and(|member| member == *sid))
    };
    let with_member: Vec<ObjId> =
        store.listed(application, Kind::Assignment).filter(|&assignment| names(assignment)).collect();
    let operations = crate::access::Operations::of(store, application);
    let granted = crate::access::reached(store, &operations, &with_member);
    let all = with_member.into_iter().zip(granted);
    all.filter(|(_, rights)| {
        rights.any.iter().map(|word| word.count_ones() as usize).sum::<usize>() == operations.ids().len()
    })
    .map(|(assignment, _)| assignment)
    .collect()
}

/// The account that a finding HV-101 is about; `None` for another finding, and where a group has the member.
pub fn cannot_connect_member(store: &Store, finding: &Finding) -> Option<Sid> {
    let leaf = finding.leaf.filter(|&leaf| store.leaf_kind(leaf) == LeafKind::Member)?;
    let is_it = finding.code == "HV-101";
    is_it.then(|| Sid::parse(store.text(leaf).trim()).ok()).flatten()
}
