//! AZ-5xx: authorization rules, the scripts that AzMan calls business rules.

use super::Subject;
use super::rule::{Kinds, Report, Rule, Severity, Test};
use crate::store::{Kind, LeafKind};

const SCRIPTED: Kinds = Kinds::of(&[Kind::Task, Kind::Role, Kind::Group]);

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "AZ-501",
        severity: Severity::Warning,
        title: "authorization rule",
        help: "The definition or group has a script. Since Windows Server 2008 AzMan runs scripts only where they were \
               switched on for the application on that machine; the store does not say whether they were. What depends \
               on the script is granted only where it runs and says so. Hyper-V runs none.",
        test: Test::Object(SCRIPTED, has_rule),
        fix: None,
    },
    Rule {
        code: "AZ-502",
        severity: Severity::Warning,
        title: "authorization rule without a language",
        help: "The language of a script is VBScript or JScript, and AzMan wants it set before the script. What it does with \
               a script in no language, or in another, is unknown. Set the rule's language.",
        test: Test::Object(SCRIPTED, no_language),
        fix: None,
    },
];

fn has_rule(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some((leaf, text)) = subject.text(LeafKind::BizRule)
        && !text.trim().is_empty()
    {
        report.leaf(
            subject.id,
            leaf,
            "A script decides here, where scripts are switched on. They are off by default.",
        );
    }
}

fn no_language(subject: &Subject<'_>, report: &mut Report<'_>) {
    let Some((rule, text)) = subject.text(LeafKind::BizRule) else { return };
    if text.trim().is_empty() {
        return;
    }
    match subject.text(LeafKind::BizRuleLanguage) {
        Some((_, language))
            if ["VBScript", "JScript"].iter().any(|known| language.eq_ignore_ascii_case(known)) => {}
        Some((leaf, language)) if !language.trim().is_empty() => {
            let message = format!("\"{language}\" is no language of rules: VBScript or JScript.");
            report.leaf(subject.id, leaf, message);
        }
        _ => report.leaf(subject.id, rule, "The rule has no language: VBScript or JScript."),
    }
}
