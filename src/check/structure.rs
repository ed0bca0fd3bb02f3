//! AZ-1xx: the file's structure.

use super::index::Spelling;
use super::rule::{Kinds, Report, Rule, Severity, Test};
use super::{Sharing, Subject};
use crate::store::{GroupType, Kind, LeafKind, ObjId, Store, UnknownKind};

const STORE: Kinds = Kinds::of(&[Kind::Store]);
const OPERATIONS: Kinds = Kinds::of(&[Kind::Operation]);
const GROUPS: Kinds = Kinds::of(&[Kind::Group]);

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "AZ-101",
        severity: Severity::Error,
        title: "schema version neither 1 nor 2",
        help: "The attribute MajorVersion of the root says by which rules the store is read; 1 and 2 are the only \
               versions there are ([MS-AZMP] 2.2). AzMan is said to refuse any other. Set it to 2, or to 1 if Windows \
               Server 2003 has to read the store.",
        test: Test::Object(STORE, major_version),
        fix: None,
    },
    Rule {
        code: "AZ-102",
        severity: Severity::Warning,
        title: "minor schema version is not 0",
        help: "The attribute MinorVersion of the root is 0 in every store that AzMan wrote. What it does with another \
               value is unknown.",
        test: Test::Object(STORE, minor_version),
        fix: None,
    },
    Rule {
        code: "AZ-103",
        severity: Severity::Info,
        title: "store without a GUID",
        help: "The root has no Guid, or one that is not a GUID. Stores of schema 1.0 are often so and work; nothing \
               links to the store itself.",
        test: Test::Object(STORE, store_guid),
        fix: None,
    },
    Rule {
        code: "AZ-104",
        severity: Severity::Error,
        title: "object without a GUID",
        help: "Every object but the root needs a GUID: links hold nothing else. Without one, or with a text that is \
               not a GUID (templates hold things like {0}), nothing can link to the object. Delete it and create it \
               again: the new one gets a GUID.",
        test: Test::Object(Kinds::NAMED, no_guid),
        fix: None,
    },
    Rule {
        code: "AZ-105",
        severity: Severity::Error,
        title: "GUID used twice",
        help: "Two objects have one GUID, upper and lower case aside. A link to it means both, and which one AzMan takes \
               is unknown; azedit takes the first. It comes from copying text inside the file. Delete one of the two, \
               or delete it and create it again to get a new GUID.",
        test: Test::Object(Kinds::ALL, same_guid),
        fix: None,
    },
    Rule {
        code: "AZ-106",
        severity: Severity::Warning,
        title: "unusual spelling of a GUID",
        help: "AzMan writes GUIDs in lower case without braces. Another spelling names the same object for azedit; a \
               program that compares texts would not find it. Removing and adding a link writes it as AzMan does.",
        test: Test::Object(Kinds::ALL, odd_guid),
        fix: None,
    },
    Rule {
        code: "AZ-107",
        severity: Severity::Error,
        title: "element in the wrong place",
        help: "The element belongs to AzMan's format, but not where it stands: an operation or a scope within a scope, \
               a member of an operation, a group's query in a role assignment. azedit keeps it and takes no notice of \
               it; what AzMan does is unknown. Move or remove it with a text editor.",
        test: Test::Object(Kinds::ALL, misplaced_element),
        fix: None,
    },
    Rule {
        code: "AZ-108",
        severity: Severity::Warning,
        title: "unknown element",
        help: "The element is not part of the format as it is known. It may belong to another program or a later \
               version. azedit keeps it as it is. Look at the spelling: names are case-sensitive.",
        test: Test::Object(Kinds::ALL, unknown_element),
        fix: None,
    },
    Rule {
        code: "AZ-109",
        severity: Severity::Warning,
        title: "unknown attribute",
        help: "The attribute is not part of the format as it is known. AzMan has settings (auditing, limits, application \
               data) whose spelling in a file nobody documented, and this may be one of them. azedit keeps it as it is.",
        test: Test::Object(Kinds::ALL, unknown_attribute),
        fix: None,
    },
    Rule {
        code: "AZ-110",
        severity: Severity::Warning,
        title: "text between elements",
        help: "There is text where only elements belong. AzMan reads no text there. azedit keeps it as it is. It is often \
               left over from editing by hand.",
        test: Test::Object(Kinds::ALL, stray_text),
        fix: None,
    },
    Rule {
        code: "AZ-111",
        severity: Severity::Error,
        title: "property given twice",
        help: "The object has two elements where there can be one: two rules, two languages, two queries, two operation \
               numbers. Which of them AzMan takes is unknown. azedit takes the first. Set the property: that keeps one.",
        test: Test::Object(Kinds::ALL, repeated_property),
        fix: None,
    },
    Rule {
        code: "AZ-112",
        severity: Severity::Error,
        title: "group without a type",
        help: "The attribute GroupType says how a group finds its members: Basic, LdapQuery or Bizrule ([MS-AZMP] 2.2). \
               This group has none of them, and what AzMan takes it for is unknown. Set the type.",
        test: Test::Object(GROUPS, group_type),
        fix: None,
    },
    Rule {
        code: "AZ-113",
        severity: Severity::Error,
        title: "group's type and content disagree",
        help: "A basic group has members and non-members, an LDAP group a query, a rule group a rule; [MS-AZMP] forbids \
               one in the other. Whoever is listed in a group of another type is not in it. Set the type that the \
               content was meant for, or remove the content.",
        test: Test::Object(GROUPS, group_content),
        fix: None,
    },
    Rule {
        code: "AZ-114",
        severity: Severity::Error,
        title: "rule group in a store of schema 1.0",
        help: "Groups by rule came with schema 2.0 (Windows Vista, Server 2008). Programs that read schema 1.0 do not know \
               them. Raise the schema version if nothing older reads the store, or replace the group.",
        test: Test::Object(GROUPS, rule_group_in_schema_1),
        fix: None,
    },
    Rule {
        code: "AZ-115",
        severity: Severity::Warning,
        title: "unusual spelling of a group's type",
        help: "AzMan writes Basic, LdapQuery and Bizrule (with a small r). Whether it reads another spelling is unknown. \
               Setting the type writes it as AzMan does.",
        test: Test::Object(GROUPS, odd_group_type),
        fix: None,
    },
    Rule {
        code: "AZ-116",
        severity: Severity::Warning,
        title: "unusual value of RoleDefinition",
        help: "AzMan writes RoleDefinition=\"True\" into a role definition and leaves the attribute out of a task. azedit \
               takes every other value for a task; what AzMan takes it for is unknown.",
        test: Test::Object(Kinds::DEFINITIONS, odd_role_definition),
        fix: None,
    },
    Rule {
        code: "AZ-120",
        severity: Severity::Error,
        title: "operation without a number",
        help: "Programs ask for operations by number. An operation without one can be granted and never asked for. Set \
               the number that the program expects.",
        test: Test::Object(OPERATIONS, no_number),
        fix: None,
    },
    Rule {
        code: "AZ-121",
        severity: Severity::Error,
        title: "operation number is not a number",
        help: "An operation's number is a decimal number from 0 to 2147483647. What AzMan makes of anything else is \
               unknown. Set the number that the program expects.",
        test: Test::Object(OPERATIONS, bad_number),
        fix: None,
    },
    Rule {
        code: "AZ-122",
        severity: Severity::Error,
        title: "operation number used twice",
        help: "Two operations of one application have the same number. The program asks by number, so to grant one may be \
               to grant the other. Look up in the program's documentation which operation has which number. The same \
               number in two applications is no fault.",
        test: Test::Shared(Sharing::Number, same_number),
        fix: None,
    },
    Rule {
        code: "AZ-123",
        severity: Severity::Warning,
        title: "operation number 0",
        help: "Of Microsoft's pages one allows 0 as an operation's number, others say it must be greater. Use another \
               number if the program lets you.",
        test: Test::Object(OPERATIONS, number_zero),
        fix: None,
    },
];

fn major_version(subject: &Subject<'_>, report: &mut Report<'_>) {
    match subject.attribute("MajorVersion") {
        None => {
            report.object(subject.id, "The store does not say its schema version: MajorVersion is missing.");
        }
        Some(version) if matches!(version.trim(), "1" | "2") => {}
        Some(version) => {
            report.object(subject.id, format!("MajorVersion is \"{version}\". AzMan knows 1 and 2."));
        }
    }
}

fn minor_version(subject: &Subject<'_>, report: &mut Report<'_>) {
    match subject.attribute("MinorVersion") {
        None => report.object(subject.id, "MinorVersion is missing. AzMan writes 0."),
        Some(version) if version.trim() == "0" => {}
        Some(version) => report.object(subject.id, format!("MinorVersion is \"{version}\". AzMan writes 0.")),
    }
}

fn store_guid(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.store.guid(subject.id).is_none() {
        match subject.attribute("Guid") {
            None => report.object(subject.id, "The store has no GUID. It works without."),
            Some(text) => {
                report.object(subject.id, format!("\"{text}\" is not a GUID. The store works without."));
            }
        }
    }
}

fn no_guid(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.store.guid(subject.id).is_none() {
        match subject.attribute("Guid") {
            None => report.object(subject.id, "No GUID: nothing can link to this object."),
            Some(text) => {
                report.object(
                    subject.id,
                    format!("\"{text}\" is not a GUID: nothing can link to this object."),
                );
            }
        }
    }
}

fn same_guid(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some(first) = subject.store.twin(subject.id) {
        let (kind, name) = (subject.store.kind(first), subject.store.name(first));
        let other =
            if kind == Kind::Store { "The store".to_owned() } else { format!("The {kind} \"{name}\"") };
        report.object(subject.id, format!("{other} has the same GUID. Links to it mean that one."));
    }
}

fn odd_guid(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.store.guid(subject.id).is_some()
        && let Some(text) = subject.attribute("Guid")
        && Spelling::of_guid(&text) == Spelling::Odd
    {
        report.object(
            subject.id,
            format!("The GUID is written \"{text}\". AzMan writes lower case without braces."),
        );
    }
    for link in subject.links.iter().filter(|link| link.spelling == Spelling::Odd) {
        let text = subject.store.text(link.leaf);
        report.leaf(
            subject.id,
            link.leaf,
            format!("The link is written \"{text}\". AzMan writes lower case without braces."),
        );
    }
}

/// Calls `each` for what stands in the object that the format does not name: its name and place.
fn unknown(subject: &Subject<'_>, kind: UnknownKind, mut each: impl FnMut(&str, u32)) {
    if subject.store.has_unknown(subject.id) {
        for (_, span) in subject.store.unknown_spans(subject.id).filter(|(known, _)| *known == kind) {
            each(subject.store.document().get(span), kind.begins(span));
        }
    }
}

fn is_of_the_format(element: &str) -> bool {
    Kind::ALL.iter().any(|kind| kind.element() == element)
        || LeafKind::ALL.iter().any(|kind| kind.element() == element)
}

fn misplaced_element(subject: &Subject<'_>, report: &mut Report<'_>) {
    unknown(subject, UnknownKind::Element, |name, offset| {
        if is_of_the_format(name) {
            let message = format!("<{name}> does not belong in {}. It has no effect here.", subject.kind.a());
            report.offset(subject.id, offset, message);
        }
    });
}

fn unknown_element(subject: &Subject<'_>, report: &mut Report<'_>) {
    unknown(subject, UnknownKind::Element, |name, offset| {
        if !is_of_the_format(name) {
            report.offset(subject.id, offset, format!("<{name}> is unknown. It is kept as it is."));
        }
    });
}

fn unknown_attribute(subject: &Subject<'_>, report: &mut Report<'_>) {
    unknown(subject, UnknownKind::Attribute, |name, offset| {
        report.offset(subject.id, offset, format!("The attribute {name} is unknown. It is kept as it is."));
    });
    // Those that were set here have no place in the file yet.
    for name in subject.store.added_attributes(subject.id) {
        report.object(subject.id, format!("The attribute {name} is unknown. It is kept as it is."));
    }
}

fn stray_text(subject: &Subject<'_>, report: &mut Report<'_>) {
    unknown(subject, UnknownKind::Text, |_, offset| {
        report.offset(subject.id, offset, "There is text between the elements. It is kept as it is.");
    });
}

fn repeated_property(subject: &Subject<'_>, report: &mut Report<'_>) {
    let mut seen = [false; LeafKind::ALL.len()];
    for (kind, leaf) in &subject.texts {
        if std::mem::replace(&mut seen[*kind as usize], true) {
            let message =
                format!("There is another {} before this one. Only the first counts here.", kind.word());
            report.leaf(subject.id, *leaf, message);
        }
    }
}

fn group_type(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.store.group_type(subject.id).is_none() {
        match subject.attribute("GroupType") {
            None => report.object(subject.id, "The group has no type: basic, LDAP query or rule."),
            Some(text) => report.object(
                subject.id,
                format!("\"{text}\" is no type of group. There are Basic, LdapQuery and Bizrule."),
            ),
        }
    }
}

fn group_content(subject: &Subject<'_>, report: &mut Report<'_>) {
    let Some(group_type) = subject.store.group_type(subject.id) else { return };
    let group = match group_type {
        GroupType::Basic => "A basic group",
        GroupType::LdapQuery => "An LDAP group",
        GroupType::BizRule => "A rule group",
    };
    for &(kind, leaf) in &subject.texts {
        let home = match kind {
            LeafKind::LdapQuery => GroupType::LdapQuery,
            LeafKind::BizRule | LeafKind::BizRuleImportedPath => GroupType::BizRule,
            _ => continue,
        };
        if home != group_type && !subject.store.text(leaf).trim().is_empty() {
            report.leaf(subject.id, leaf, format!("{group} has no {}.", kind.word()));
        }
    }
    if group_type != GroupType::Basic {
        let members = subject.members.iter().map(|member| (member.kind, member.leaf));
        let links = subject.links.iter().map(|link| (link.kind, link.leaf));
        if let Some((kind, leaf)) = members.chain(links).min_by_key(|(_, leaf)| *leaf) {
            report.leaf(
                subject.id,
                leaf,
                format!("{group} has no list of members: this {} is not in it.", kind.word()),
            );
        }
    }
}

fn rule_group_in_schema_1(subject: &Subject<'_>, report: &mut Report<'_>) {
    let store = subject.store;
    if store.group_type(subject.id) == Some(GroupType::BizRule) && store.schema().0.trim() == "1" {
        report.object(subject.id, "Groups of type rule need schema 2.0; this store has schema 1.0.");
    }
}

fn odd_group_type(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let (Some(group_type), Some(text)) =
        (subject.store.group_type(subject.id), subject.attribute("GroupType"))
        && text != group_type.attribute()
    {
        report.object(
            subject.id,
            format!("The type is written \"{text}\". AzMan writes \"{}\".", group_type.attribute()),
        );
    }
}

fn odd_role_definition(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some(text) = subject.attribute("RoleDefinition")
        && !["true", "false"].iter().any(|usual| text.eq_ignore_ascii_case(usual))
    {
        report.object(subject.id, format!("RoleDefinition is \"{text}\". AzMan writes \"True\" or nothing."));
    }
}

fn no_number(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.text(LeafKind::OperationId).is_none() {
        report.object(subject.id, "The operation has no number: no program can ask for it.");
    }
}

fn bad_number(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some((leaf, text)) = subject.text(LeafKind::OperationId)
        && subject.store.operation_id(subject.id).is_none()
    {
        report.leaf(subject.id, leaf, format!("\"{text}\" is not a number from 0 to 2147483647."));
    }
}

fn same_number(store: &Store, objects: &[ObjId], report: &mut Report<'_>) {
    let Some((first, rest)) = objects.split_first() else { return };
    let number = store.operation_id(*first).unwrap_or_default();
    let name = store.name(*first);
    for &id in rest {
        let message = format!("\"{name}\" has the number {number} too. Programs cannot tell the two apart.");
        match store.leaves_of(id, LeafKind::OperationId).next() {
            Some(leaf) => report.leaf(id, leaf, message),
            None => report.object(id, message),
        }
    }
}

fn number_zero(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some((leaf, _)) = subject.text(LeafKind::OperationId)
        && subject.store.operation_id(subject.id) == Some(0)
    {
        report.leaf(subject.id, leaf, "The operation has the number 0, which some documents forbid.");
    }
}
