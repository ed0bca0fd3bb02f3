//! AZ-3xx: links.

use super::rule::{Finding, Kinds, Report, Rule, Severity, Test};
use super::{Spelling, Subject};
use crate::store::{Change, Kind, LeafId, LeafKind, Object, Store};
use std::collections::HashSet;

const LINKING: Kinds = Kinds::of(&[Kind::Task, Kind::Role, Kind::Assignment, Kind::Group]);
const ASSIGNMENTS: Kinds = Kinds::of(&[Kind::Assignment]);

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "AZ-301",
        severity: Severity::Error,
        title: "link to nothing",
        help: "No object of the store has the GUID that the link holds, or the text is not a GUID. The link gives nobody \
               anything; what AzMan does with it when it loads the store is unknown. It is left over when an object was \
               removed with a text editor. The fix removes the link.",
        test: Test::Object(LINKING, dangling),
        fix: Some(remove_leaf),
    },
    Rule {
        code: "AZ-302",
        severity: Severity::Error,
        title: "link to the wrong kind of object",
        help: "An OperationLink leads to operations, a TaskLink to task and role definitions, an AppMemberLink to \
               application groups. This one leads to something else, and what AzMan does with it is unknown. Remove the \
               link and add one of the right kind.",
        test: Test::Object(LINKING, wrong_kind),
        fix: None,
    },
    Rule {
        code: "AZ-303",
        severity: Severity::Error,
        title: "link to a place that cannot be seen",
        help: "An object may use what its own level and the levels above have: a scope what the scope and the application \
               have, and groups of the store. This link leads down into a scope, into another scope, or into another \
               application. Move the target to a level above, or make a copy where it is used.",
        test: Test::Object(LINKING, out_of_sight),
        fix: None,
    },
    Rule {
        code: "AZ-304",
        severity: Severity::Error,
        title: "definition that contains itself",
        help: "A task or role definition contains itself, directly or by way of others. AzMan refuses to make such a circle \
               of groups and presumably one of definitions; what it does with one in a file is unknown. Remove one of \
               the links of the circle.",
        test: Test::Loop(LeafKind::TaskLink, circle),
        fix: None,
    },
    Rule {
        code: "AZ-305",
        severity: Severity::Error,
        title: "group that contains itself",
        help: "An application group contains itself, directly or by way of others. AzMan refuses to make such a circle (\"A \
               loop has been detected\"); what it does with one in a file is unknown. Remove one of the links of the \
               circle.",
        test: Test::Loop(LeafKind::AppMemberLink, circle),
        fix: None,
    },
    Rule {
        code: "AZ-306",
        severity: Severity::Warning,
        title: "link given twice",
        help: "The object has the same link twice. The second adds nothing, and removing one in another program may leave \
               the other. The fix leaves one.",
        test: Test::Object(LINKING, repeated),
        fix: Some(keep_one),
    },
    Rule {
        code: "AZ-307",
        severity: Severity::Warning,
        title: "task assigned as a role",
        help: "A role assignment links to a task definition, not to a role definition. That is legal, and works: what \
               makes a definition a role is a mark for the display only. azman.msc does not offer it, so it was \
               probably made by a program or by mistake.",
        test: Test::Object(ASSIGNMENTS, plain_task),
        fix: None,
    },
    Rule {
        code: "AZ-308",
        severity: Severity::Info,
        title: "operation assigned without a definition",
        help: "A role assignment links to an operation itself. Programs can make such links; azman.msc cannot and does not \
               show them. Put the operation into a role definition so that others see what is granted.",
        test: Test::Object(ASSIGNMENTS, bare_operation),
        fix: None,
    },
];

fn dangling(subject: &Subject<'_>, report: &mut Report<'_>) {
    for link in subject.links.iter().filter(|link| link.to.is_none()) {
        let text = subject.store.text(link.leaf);
        let message = match (link.spelling, link.kind) {
            (Spelling::None, kind) => {
                format!("\"{text}\" is no GUID: this {} link leads nowhere.", kind.word())
            }
            (_, LeafKind::OperationLink) => format!("There is no operation {text}."),
            (_, LeafKind::AppMemberLink) => format!("There is no application group {text}."),
            (..) => format!("There is no task or role definition {text}."),
        };
        report.leaf(subject.id, link.leaf, message);
    }
}

/// Whether a link of this kind may lead to an object of that kind.
fn fits(link: LeafKind, target: Kind) -> bool {
    match link {
        LeafKind::OperationLink => target == Kind::Operation,
        LeafKind::TaskLink => matches!(target, Kind::Task | Kind::Role),
        LeafKind::AppMemberLink => target == Kind::Group,
        _ => false,
    }
}

fn wrong_kind(subject: &Subject<'_>, report: &mut Report<'_>) {
    for link in subject.links {
        let Some(kind) = link.to.map(|to| subject.store.kind(to)) else { continue };
        if !fits(link.kind, kind) {
            report.leaf(
                subject.id,
                link.leaf,
                format!(
                    "{} links to {}; it should link to {}.",
                    link.kind.element(),
                    kind.a(),
                    wanted(link.kind)
                ),
            );
        }
    }
}

fn wanted(link: LeafKind) -> &'static str {
    match link {
        LeafKind::OperationLink => "an operation",
        LeafKind::AppMemberLink => "an application group",
        _ => "a task or role definition",
    }
}

fn out_of_sight(subject: &Subject<'_>, report: &mut Report<'_>) {
    let store = subject.store;
    let level = store.level(subject.id);
    for link in subject.links {
        let Some(to) = link.to else { continue };
        if !fits(link.kind, store.kind(to)) || store.can_see(level, to) {
            continue;
        }
        let message =
            if store.application(to).is_some() && store.application(to) != store.application(subject.id) {
                format!("The link leads from {} into an application.", article(store.kind(level)))
            } else {
                format!("The link leads from {} into a scope.", article(store.kind(level)))
            };
        report.leaf(subject.id, link.leaf, message);
    }
}

fn article(level: Kind) -> &'static str {
    match level {
        Kind::Store => "the store",
        Kind::Scope => "another scope",
        _ => "the application",
    }
}

fn circle(store: &Store, leaf: LeafId, report: &mut Report<'_>) {
    let owner = store.owner(leaf);
    let message = match store.target(leaf) {
        Some(target) if target != owner => {
            "Along this link it contains itself. Remove one link of the circle."
        }
        _ => "It contains itself. Remove the link.",
    };
    report.leaf(owner, leaf, message);
}

fn repeated(subject: &Subject<'_>, report: &mut Report<'_>) {
    // Most objects have a link or two; those are not worth a table.
    if let [] | [_] = subject.links {
        return;
    }
    if let [one, other] = subject.links
        && (one.kind != other.kind || one.to != other.to)
    {
        return;
    }
    let mut seen = HashSet::with_capacity(subject.links.len());
    for link in subject.links {
        if let Some(to) = link.to
            && !seen.insert((link.kind, to))
        {
            report.leaf(subject.id, link.leaf, format!("This {} is given twice.", link.kind.word()));
        }
    }
}

fn plain_task(subject: &Subject<'_>, report: &mut Report<'_>) {
    for link in subject.links {
        if link.kind == LeafKind::TaskLink && link.to.is_some_and(|to| subject.store.kind(to) == Kind::Task) {
            report.leaf(subject.id, link.leaf, "This assigns a task definition, not a role definition.");
        }
    }
}

fn bare_operation(subject: &Subject<'_>, report: &mut Report<'_>) {
    for link in subject.links.iter().filter(|link| link.kind == LeafKind::OperationLink) {
        report.leaf(
            subject.id,
            link.leaf,
            "This assigns an operation itself. azman.msc does not show such links.",
        );
    }
}

/// Removes the link or member that the finding is about, and those that mean the same.
pub(super) fn remove_leaf(store: &Store, finding: &Finding) -> Vec<Change> {
    let change =
        || Some(Change::Remove(Object::of(store, finding.object)?, vec![store.link_of(finding.leaf?)?]));
    change().into_iter().collect()
}

/// Removes the links or members that mean the same and adds one of them again, where that is not refused: what should
/// not be there at all is no repetition to mend.
pub(super) fn keep_one(store: &Store, finding: &Finding) -> Vec<Change> {
    let changes = || {
        let link = store.link_of(finding.leaf?).filter(|link| store.takes(finding.object, link))?;
        let object = Object::of(store, finding.object)?;
        Some(vec![Change::Remove(object.clone(), vec![link.clone()]), Change::Add(object, vec![link])])
    };
    changes().unwrap_or_default()
}
