//! HV-1xx: what a store should keep because Hyper-V reads it. Only about the application that Hyper-V asks, and about
//! the others beside it.

use std::collections::BTreeSet;

use super::catalogue::{self, INPUT, OUTPUT, READ_SERVICE, RECONFIGURE_SERVICE, VIEW_SWITCH_SERVICE};
use super::{APPLICATION, is_hyper_v};
use crate::access::Principal;
use crate::accounts::{self, Sid};
use crate::check::{Finding, Kinds, Realm, Report, RightsTest, Rule, Set, Severity, Subject, Test};
use crate::store::{Change, GroupType, Kind, LeafId, LeafKind, Link, ObjId, Object, Store};

/// So many members of one assignment are reported one by one.
const MEMBERS: usize = 20;

/// Every rule about Hyper-V, by code.
pub static RULES: &[Rule] = &[
    Rule {
        code: "HV-101",
        severity: Severity::Warning,
        title: "rights in a scope, no way to connect",
        help: "Hyper-V asks for Read Service Configuration (100) and Reconfigure Service (105) always in the default scope, \
               whatever scope a virtual machine is in. A member that has rights in a scope but neither 100 with 105 nor the \
               narrower 100 with 295 in the default scope gets \"You do not have the required permission to complete this \
               task\" from Hyper-V Manager. He may have them by a group that the store does not name. Add him to a role \
               assignment of the default scope that gives them; the recipe own-scope does it.",
        test: test(
            Kinds::of(&[Kind::Assignment]),
            (cannot_connect, report_cannot_connect, many_cannot_connect),
        ),
        fix: None,
    },
    Rule {
        code: "HV-102",
        severity: Severity::Info,
        title: "console without operation 295",
        help: "The member may use the screen or the keyboard of virtual machines in a scope, but has no View Virtual Switch \
               Management Service (295) in the default scope. One published guide found that connecting a console needs \
               it, others do without. If the console does not connect, give 295 in the default scope.",
        test: test(Kinds::of(&[Kind::Assignment]), (no_console, report_no_console, many_no_console)),
        fix: None,
    },
    Rule {
        code: "HV-103",
        severity: Severity::Warning,
        title: "limited to a scope, and everything everywhere",
        help: "The member is in a role assignment of a scope, which looks as if he were limited to it, and he also may do \
               everything in the default scope, which reaches all virtual machines. HVRemote leaves this behind: \
               \"hvremote /add\" puts an account into the assignment Administrator of the default scope; with /noazman it \
               does not. The fix removes him from the assignments of the default scope that give everything; what he \
               needs there to connect (HV-101) is given by the recipe undo-hvremote.",
        test: test(Kinds::of(&[Kind::Assignment]), (is_trapped, report_trapped, many_trapped)),
        fix: Some(leave_default_scope),
    },
    Rule {
        code: "HV-104",
        severity: Severity::Info,
        title: "role definition that the default scope has too",
        help: "A role definition in a scope grants exactly what one of the default scope grants. The Hyper-V team's advice is \
               to keep role definitions in the default scope, where every scope can use them, and to make one in a scope \
               only when it belongs to it alone. Link the assignments to the one of the default scope and delete this one.",
        test: test(Kinds::of(&[Kind::Role]), (is_repeated, report_repeated, many_repeated)),
        fix: None,
    },
    Rule {
        code: "HV-105",
        severity: Severity::Info,
        title: "Reconfigure Service only to let someone connect",
        help: "A role definition grants Reconfigure Service (105) and nothing beyond what connecting takes. Whoever has 105 \
               can change the host's settings. The Hyper-V team's own example gives 100 and 105; one published guide \
               found 100 with 295 to be enough. Where that works for you, take 105 out and put 295 in.",
        test: test(
            Kinds::of(&[Kind::Role]),
            (is_only_to_connect, report_only_to_connect, many_only_to_connect),
        ),
        fix: None,
    },
    Rule {
        code: "HV-106",
        severity: Severity::Warning,
        title: "role called a reader's that changes something",
        help: "By its name the role definition only looks, but it grants an operation that changes something or uses a \
               virtual machine's keyboard and mouse. A published recipe for a role \"Reader\" holds Allow Input to Virtual \
               Machine (340), which is enough to do anything inside the machine. Take the operation out, or give the role \
               a name that says what it does.",
        test: test(Kinds::of(&[Kind::Role]), (is_no_reader, report_no_reader, many_no_reader)),
        fix: None,
    },
    Rule {
        code: "HV-107",
        severity: Severity::Info,
        title: "task definition, which Hyper-V does not use",
        help: "Hyper-V's own store has no task definitions and needs none: role definitions hold the operations. Tasks work, \
               since Authorization Manager resolves them, but they hide what a role grants from whoever reads it.",
        test: test(Kinds::of(&[Kind::Task]), (|_, _| true, report_task, many_tasks)),
        fix: None,
    },
    Rule {
        code: "HV-108",
        severity: Severity::Warning,
        title: "authorization rule, which Hyper-V does not run",
        help: "Hyper-V runs no authorization rules: scripts are switched off for its application. A definition with a rule, or \
               a group that a script decides about, does not do what it says. Remove the rule.",
        test: test(Kinds::of(&[Kind::Task, Kind::Role, Kind::Group]), (has_rule, report_rule, many_rules)),
        fix: None,
    },
    Rule {
        code: "HV-109",
        severity: Severity::Info,
        title: "application that Hyper-V does not read",
        help: "Hyper-V asks one application, by the name in the registry value ServiceApplication, which is \"Hyper-V \
               services\" unless somebody changed it. What another application of the same store grants has no effect \
               on virtual machines.",
        test: Test::Rights(RightsTest {
            about: is_beside_hyper_v,
            kinds: Kinds::of(&[Kind::Application]),
            breaks: |_, _| true,
            report: report_other_application,
            many: |_, _| String::new(),
        }),
        fix: None,
    },
    Rule {
        code: "HV-110",
        severity: Severity::Info,
        title: "operation of Hyper-V missing",
        help: "The application lacks an operation that Hyper-V can ask for. A store made on Windows Server 2008 has no Allow \
               Virtual Machine Snapshot (355), which 2008 R2 added: on such a host nobody can be given it. Most numbers of \
               azedit's list are not confirmed by a source, so compare with a store of the same Windows version before \
               adding an operation.",
        test: test(Kinds::of(&[Kind::Application]), (lacks_operations, report_missing, |_, _| String::new())),
        fix: None,
    },
    Rule {
        code: "HV-111",
        severity: Severity::Info,
        title: "operation that Hyper-V is not known to have",
        help: "azedit's list of Hyper-V's operations has none with this number. It may come from a version of Windows that the \
               list does not know, or somebody made it, and then nothing ever asks for it. The store is right where the two \
               differ.",
        test: test(Kinds::of(&[Kind::Operation]), (is_extra, report_extra, many_extra)),
        fix: None,
    },
    Rule {
        code: "HV-112",
        severity: Severity::Info,
        title: "operation under another name",
        help: "Hyper-V asks for operations by number. The name of this one differs from the one in azedit's list; the store's \
               name is shown everywhere. Documents misname some operations, and a host in another language may have \
               other names.",
        test: test(Kinds::of(&[Kind::Operation]), (is_renamed, report_renamed, many_renamed)),
        fix: None,
    },
];

type Parts = (
    fn(&Realm<'_>, &Subject<'_>) -> bool,
    fn(&Realm<'_>, ObjId, &mut Report<'_>),
    fn(&Realm<'_>, &BTreeSet<ObjId>) -> String,
);

const fn test(kinds: Kinds, (breaks, report, many): Parts) -> Test {
    Test::Rights(RightsTest { about: is_hyper_v, kinds, breaks, report, many })
}

fn is_beside_hyper_v(store: &Store, application: ObjId) -> bool {
    !is_hyper_v(store, application) && super::application(store).is_some()
}

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
    realm.store.kind(realm.store.level(subject.id)) == Kind::Scope && !realm.granted(subject.id).is_empty()
}

fn uses_console(realm: &Realm<'_>, assignment: ObjId) -> bool {
    let granted = realm.granted(assignment);
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
            add(leaf, say(&account(&sid)));
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

fn account(sid: &Sid) -> String {
    accounts::display_name(sid).unwrap_or_else(|| sid.to_string())
}

/// `3 role assignments, "Administrator" in "Joes VM Scope" among them`.
fn counted(realm: &Realm<'_>, all: &BTreeSet<ObjId>, many: &str) -> String {
    let first = all.first().map_or_else(String::new, |&id| realm.store.describe(id));
    format!("{} {many}, {first} among them", all.len())
}

fn cannot_connect(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    is_scoped(realm, subject) && any(realm, subject, "HV-101", lacks_connecting)
}

fn report_cannot_connect(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    report_members(realm, id, ("HV-101", lacks_connecting), report, |who| {
        format!(
            "{who} has rights in this scope but cannot connect: in the default scope he lacks Read Service Configuration \
             (100), or Reconfigure Service (105) beside it."
        )
    });
}

fn many_cannot_connect(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!(
        "{}, have members with rights in a scope who cannot connect: they lack 100, or 105 beside it, in the default \
         scope.",
        counted(realm, all, "role assignments")
    )
}

fn no_console(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    is_scoped(realm, subject)
        && uses_console(realm, subject.id)
        && any(realm, subject, "HV-102", lacks_console)
}

fn report_no_console(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    report_members(realm, id, ("HV-102", lacks_console), report, |who| {
        format!(
            "{who} may use consoles in this scope; connecting one may also take View Virtual Switch Management Service \
             (295) in the default scope."
        )
    });
}

fn many_no_console(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!(
        "{}, give consoles in a scope to members without View Virtual Switch Management Service (295) in the default \
         scope.",
        counted(realm, all, "role assignments")
    )
}

fn is_trapped(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    is_scoped(realm, subject) && any(realm, subject, "HV-103", has_everything)
}

fn report_trapped(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    report_members(realm, id, ("HV-103", has_everything), report, |who| {
        format!(
            "{who} looks limited to this scope, but may do everything in the default scope and so reaches every virtual \
             machine."
        )
    });
}

fn many_trapped(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!(
        "{}, have members who look limited to a scope but may do everything in the default scope.",
        counted(realm, all, "role assignments")
    )
}

/// Takes the member out of the assignments of the default scope that give everything.
fn leave_default_scope(store: &Store, finding: &Finding) -> Vec<Change> {
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
    let operations = crate::access::Operations::of(store, application);
    let names = |assignment: ObjId| {
        store
            .leaves_of(assignment, LeafKind::Member)
            .any(|leaf| Sid::parse(store.text(leaf).trim()).is_ok_and(|member| member == *sid))
    };
    let with_member: Vec<ObjId> =
        store.children_of(application, Kind::Assignment).filter(|&assignment| names(assignment)).collect();
    let granted = crate::access::reached(store, &operations, &with_member);
    let all = with_member.into_iter().zip(granted);
    all.filter(|(_, rights)| {
        rights.any.iter().map(|word| word.count_ones() as usize).sum::<usize>() == operations.ids().len()
    })
    .map(|(assignment, _)| assignment)
    .collect()
}

/// The role definition of the default scope that grants the same as this one of a scope.
fn same_in_default_scope(realm: &Realm<'_>, id: ObjId) -> Option<ObjId> {
    let store = realm.store;
    let is_candidate = store.kind(store.level(id)) == Kind::Scope
        && store.first(id, LeafKind::BizRule).is_none_or(|rule| rule.trim().is_empty());
    let granted = is_candidate.then(|| realm.granted(id)).filter(|granted| !granted.is_empty())?;
    realm.own_role_that_grants(&granted)
}

fn is_repeated(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    same_in_default_scope(realm, subject.id).is_some()
}

fn report_repeated(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    if let Some(same) = same_in_default_scope(realm, id) {
        let name = realm.store.name(same);
        report.object(id, format!("The role definition \"{name}\" of the default scope grants the same."));
    }
}

fn many_repeated(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!(
        "{}, grant what one of the default scope grants.",
        counted(realm, all, "role definitions of scopes")
    )
}

fn is_only_to_connect(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    let granted = realm.numbers(&realm.granted(subject.id).any);
    granted.contains(&RECONFIGURE_SERVICE)
        && granted
            .iter()
            .all(|number| [READ_SERVICE, RECONFIGURE_SERVICE, VIEW_SWITCH_SERVICE].contains(number))
}

fn report_only_to_connect(_: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    report.object(
        id,
        "Reconfigure Service (105) lets its members change the host's settings; to connect, 100 with 295 may be enough.",
    );
}

fn many_only_to_connect(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
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

fn is_no_reader(realm: &Realm<'_>, subject: &Subject<'_>) -> bool {
    !not_for_readers(realm, subject.id).is_empty()
}

fn report_no_reader(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
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

fn many_no_reader(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!("{}, are called a reader's and change something.", counted(realm, all, "role definitions"))
}

fn report_task(_: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    report.object(id, "Hyper-V uses no task definitions: put the operations into a role definition.");
}

fn many_tasks(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!("{}, which Hyper-V does not use.", counted(realm, all, "task definitions"))
}

fn has_rule(_: &Realm<'_>, subject: &Subject<'_>) -> bool {
    subject.text(LeafKind::BizRule).is_some_and(|(_, text)| !text.trim().is_empty())
        || subject.store.group_type(subject.id) == Some(GroupType::BizRule)
}

fn report_rule(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    let message = if realm.store.kind(id) == Kind::Group {
        "A script decides who is in this group, and Hyper-V runs none."
    } else {
        "It has an authorization rule, and Hyper-V runs none."
    };
    report.object(id, message);
}

fn many_rules(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!("{}, have an authorization rule, and Hyper-V runs none.", counted(realm, all, "objects"))
}

fn report_other_application(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    let name = realm.store.name(id);
    report.object(id, format!("Hyper-V reads the application \"{APPLICATION}\"; nothing asks \"{name}\"."));
}

/// The operations of the catalogue whose number no operation of the application has. An application without any
/// operation is a store being made.
fn missing(realm: &Realm<'_>) -> Vec<&'static catalogue::Operation> {
    if realm.size() == 0 {
        return Vec::new();
    }
    let there: BTreeSet<u32> = realm.operations().map(|(number, _)| number).collect();
    catalogue::operations().iter().filter(|operation| !there.contains(&operation.id)).collect()
}

fn lacks_operations(realm: &Realm<'_>, _: &Subject<'_>) -> bool {
    !missing(realm).is_empty()
}

fn report_missing(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
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

fn is_extra(_: &Realm<'_>, subject: &Subject<'_>) -> bool {
    subject.store.operation_id(subject.id).is_some_and(|number| catalogue::operation(number).is_none())
}

fn report_extra(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    let number = realm.store.operation_id(id).unwrap_or_default();
    report.object(id, format!("Hyper-V is not known to ask for an operation {number}."));
}

fn many_extra(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!("{}, are not known to belong to Hyper-V.", counted(realm, all, "operations"))
}

fn is_renamed(_: &Realm<'_>, subject: &Subject<'_>) -> bool {
    let number = subject.store.operation_id(subject.id);
    number.and_then(catalogue::operation).is_some() && catalogue::known(number, &subject.name).is_none()
}

fn report_renamed(realm: &Realm<'_>, id: ObjId, report: &mut Report<'_>) {
    if let Some(known) = realm.store.operation_id(id).and_then(catalogue::operation) {
        report.object(id, format!("Hyper-V's operation {} is known as \"{}\".", known.id, known.name));
    }
}

fn many_renamed(realm: &Realm<'_>, all: &BTreeSet<ObjId>) -> String {
    format!("{}, have other names than Hyper-V's.", counted(realm, all, "operations"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_explains_itself() {
        assert!(RULES.is_sorted_by(|a, b| a.code < b.code));
        for rule in RULES {
            assert!(rule.code.starts_with("HV-1") && rule.code.len() == 6, "{}", rule.code);
            assert!(!rule.title.ends_with('.') && rule.title.len() < 60, "{}", rule.code);
            assert!(rule.help.len() > 100 && rule.help.ends_with('.'), "{}", rule.code);
            assert!(!rule.help.contains("  "), "{}", rule.code);
        }
    }
}
