//! HV-1xx: what a store should keep because Hyper-V reads it. Only about the application that Hyper-V asks, and about
//! the others beside it.
//!
//! This is the table; `members` is about who can connect and who only seems limited, `roles` about role definitions,
//! `unused` about what Hyper-V leaves alone, `operations` compares with the catalogue.

mod members;
mod operations;
mod roles;
mod unused;

use std::collections::BTreeSet;

use self::members::{
    cannot_connect, is_trapped, leave_default_scope, many_cannot_connect, many_no_console, many_trapped,
    no_console, report_cannot_connect, report_no_console, report_trapped,
};
use self::operations::{
    is_extra, is_renamed, lacks_operations, many_extra, many_renamed, report_extra, report_missing,
    report_renamed,
};
use self::roles::{
    is_no_reader, is_only_to_connect, is_repeated, many_no_reader, many_only_to_connect, many_repeated,
    report_no_reader, report_only_to_connect, report_repeated,
};
use self::unused::{
    has_rule, is_beside_hyper_v, many_rules, many_tasks, report_other_application, report_rule, report_task,
};
use super::is_hyper_v;
use crate::check::{Kinds, Realm, Report, RightsTest, Rule, Severity, Subject, Test};
use crate::store::{Kind, ObjId};

pub use self::members::{assignments_of_everything, cannot_connect_member};

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
               assignment of the default scope that gives them; the recipe connect does it, and f in the editor uses it.",
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

/// What tells whether an object breaks a rule, what reports it, and what reports many at once.
type Parts = (
    fn(&Realm<'_>, &Subject<'_>) -> bool,
    fn(&Realm<'_>, ObjId, &mut Report<'_>),
    fn(&Realm<'_>, &BTreeSet<ObjId>) -> String,
);

const fn test(kinds: Kinds, (breaks, report, many): Parts) -> Test {
    Test::Rights(RightsTest { about: is_hyper_v, kinds, breaks, report, many })
}

/// `3 role assignments, "Administrator" in "Joes VM Scope" among them`.
fn counted(realm: &Realm<'_>, all: &BTreeSet<ObjId>, many: &str) -> String {
    let first = all.first().map_or_else(String::new, |&id| realm.store.describe(id));
    format!("{} {many}, {first} among them", all.len())
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
