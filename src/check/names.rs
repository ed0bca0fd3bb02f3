//! AZ-2xx: names and limits.

use super::confusables::skeleton;
use super::rule::{Kinds, Report, Rule, Severity, Test};
use super::{Sharing, Subject};
use crate::store::{self, Kind, LeafKind, ObjId, Store, limits};
use std::borrow::Cow;
use std::collections::HashMap;
use unicode_script::{Script, UnicodeScript};
use unicode_security::MixedScript;
use unicode_security::mixed_script::AugmentedScriptSet;

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "AZ-201",
        severity: Severity::Error,
        title: "object without a name",
        help: "Everything in a store but the store itself has a name; AzMan's dialogs require one. An object without a \
               name cannot be chosen in a dialog, and programs that look objects up by name cannot find it. Rename it.",
        test: Test::Object(Kinds::NAMED, no_name),
        fix: None,
    },
    Rule {
        code: "AZ-202",
        severity: Severity::Error,
        title: "name too long",
        help: "Names may have 512 characters for applications, 64 for operations, definitions, role assignments and \
               groups, 65536 for scopes (the AZ_MAX_ values of azroles.h). What AzMan does with a longer name in a \
               file is unknown. Rename the object.",
        test: Test::Object(Kinds::NAMED, long_name),
        fix: None,
    },
    Rule {
        code: "AZ-203",
        severity: Severity::Warning,
        title: "scope name of more than 512 characters",
        help: "The constants of azroles.h allow 65536 characters for a scope's name, one page of the documentation 512. \
               A name between the two may be refused. Choose a shorter name if nothing outside the store relies on \
               this one: programs ask for a scope by its name.",
        test: Test::Object(Kinds::of(&[Kind::Scope]), long_scope_name),
        fix: None,
    },
    Rule {
        code: "AZ-204",
        severity: Severity::Warning,
        title: "character that AzMan's dialogs refuse",
        help: "AzMan's dialogs refuse \\ / : * ? \" < > and the vertical bar in every name but a scope's. Stores \
               written by scripts may hold them all the same, and then work, but the object can no longer be edited \
               in such a dialog without renaming it. Rename it, unless a program asks for it by this name.",
        test: Test::Object(Kinds::NAMED, forbidden_character),
        fix: None,
    },
    Rule {
        code: "AZ-205",
        severity: Severity::Error,
        title: "text too long",
        help: "Descriptions may have 1024 characters, an application's version 512, a rule 65536, its language 64, its \
               path 512, an LDAP query 4096 (the AZ_MAX_ values of azroles.h). What AzMan does with a longer text in a \
               file is unknown. Shorten it.",
        test: Test::Object(Kinds::ALL, long_text),
        fix: None,
    },
    Rule {
        code: "AZ-210",
        severity: Severity::Error,
        title: "name used twice",
        help: "AzMan finds objects by name: applications in the store, scopes and operations in the application, \
               definitions, groups and role assignments at their level. Of two with one name only one can be found, \
               and which one is unknown. Rename one of them.",
        test: Test::Shared(Sharing::Name, same_name),
        fix: None,
    },
    Rule {
        code: "AZ-211",
        severity: Severity::Warning,
        title: "names equal but for case",
        help: "Whether AzMan takes two names that differ only in upper and lower case for one is not documented; stores \
               in Active Directory do. People do. Rename one of them.",
        test: Test::Shared(Sharing::Name, same_name_but_for_case),
        fix: None,
    },
    Rule {
        code: "AZ-212",
        severity: Severity::Warning,
        title: "definition named as an operation",
        help: "An operation and a task or role definition of one application share a name. Links go by GUID and do not \
               mind; whether AzMan's dialogs accept such a pair is unknown, and a list that shows both is hard to \
               read. Rename one of them.",
        test: Test::Shared(Sharing::Name, same_name_as_operation),
        fix: None,
    },
    Rule {
        code: "AZ-213",
        severity: Severity::Warning,
        title: "name used at a level above",
        help: "A definition or group of a scope has the name of one of the application (or a group the name of one of \
               the store). Links go by GUID and do not mind, but in a list where both can be chosen they cannot be \
               told apart. Rename one of them.",
        test: Test::Shared(Sharing::Across, same_name_above),
        fix: None,
    },
    Rule {
        code: "AZ-220",
        severity: Severity::Warning,
        title: "needless blanks in a name",
        help: "The name begins or ends with a blank, or holds two in a row. Nobody sees that, and whoever types the name \
               does not find the object. Rename it, unless a program asks for it by exactly this name.",
        test: Test::Object(Kinds::NAMED, blanks),
        fix: None,
    },
    Rule {
        code: "AZ-221",
        severity: Severity::Warning,
        title: "invisible character in a name",
        help: "The name holds a control character or one that cannot be seen: zero-width, bidirectional control, soft \
               hyphen, tag, variation selector. Two different names can look the same, or a name can be shown in \
               another order than it is stored. Rename the object.",
        test: Test::Object(Kinds::NAMED, invisible),
        fix: None,
    },
    Rule {
        code: "AZ-223",
        severity: Severity::Warning,
        title: "mixed scripts in a word",
        help: "One word of the name mixes letters of scripts that do not belong together, such as a Cyrillic А in \
               `Аdministrator`. It reads like another word and is not. Latin beside Chinese, Japanese or Korean \
               letters is not reported. Rename the object if the name was not meant so.",
        test: Test::Object(Kinds::NAMED, mixed_scripts),
        fix: None,
    },
    Rule {
        code: "AZ-224",
        severity: Severity::Warning,
        title: "names that look alike",
        help: "Two objects of one kind at one level have names that most fonts show alike (Unicode Technical Standard \
               39, confusable skeleton): O and 0, l and I and 1, rn and m, Latin and Cyrillic a. Whoever chooses one \
               may mean the other. Rename one of them.",
        test: Test::Shared(Sharing::Look, look_alike),
        fix: None,
    },
];

/// A name without regard to case.
pub(super) fn folded(name: Cow<'_, str>) -> Cow<'_, str> {
    match store::fold(&name) {
        Cow::Borrowed(_) => name,
        Cow::Owned(folded) => Cow::Owned(folded),
    }
}

/// What a name looks like: its confusable skeleton (UTS 39).
pub(super) fn look(name: Cow<'_, str>) -> Cow<'_, str> {
    if !is_simple(&name) {
        skeleton(&name).into()
    } else if simple_look(&name).eq(name.bytes()) {
        name
    } else {
        simple_look(&name).map(char::from).collect()
    }
}

/// Whether [`simple_look`] can tell what the name looks like. The percent sign is the one ASCII character whose
/// skeleton is not ASCII.
pub(super) fn is_simple(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii() && byte != b'%')
}

/// [`look`] of a simple name, without the tables: few characters of ASCII are not their own skeleton.
pub(super) fn simple_look(name: &str) -> impl Iterator<Item = u8> + '_ {
    name.bytes().flat_map(|byte| {
        let (first, second) = match byte {
            b'0' => (b'O', None),
            b'1' | b'I' | b'|' => (b'l', None),
            b'm' => (b'r', Some(b'n')),
            b'"' => (b'\'', Some(b'\'')),
            b'`' => (b'\'', None),
            other => (other, None),
        };
        std::iter::once(first).chain(second)
    })
}

fn no_name(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.name.is_empty() {
        report.object(subject.id, format!("This {} has no name. Give it one.", subject.kind));
    }
}

fn long_name(subject: &Subject<'_>, report: &mut Report<'_>) {
    let max = limits::max_name(subject.kind);
    // No text has more UTF-16 units than bytes.
    if subject.name.len() > max && limits::length(&subject.name) > max {
        let length = limits::length(&subject.name);
        report.object(
            subject.id,
            format!("The name has {length} characters; {} may have {max}.", subject.kind.a()),
        );
    }
}

fn long_scope_name(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.name.len() > limits::LONG_SCOPE_NAME {
        let length = limits::length(&subject.name);
        if length > limits::LONG_SCOPE_NAME && length <= limits::MAX_SCOPE_NAME {
            report.object(
                subject.id,
                format!("The name has {length} characters; some documents allow only 512."),
            );
        }
    }
}

fn forbidden_character(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.kind != Kind::Scope
        && let Some(c) = subject.name.chars().find(|c| limits::FORBIDDEN_IN_NAMES.contains(*c))
    {
        report.object(subject.id, format!("The name holds {c}, which AzMan's dialogs refuse."));
    }
}

fn long_text(subject: &Subject<'_>, report: &mut Report<'_>) {
    for (attribute, what, max) in [
        ("Description", "The description", limits::MAX_DESCRIPTION),
        ("ApplicationVersion", "The version", limits::MAX_VERSION),
        ("BizRuleImportedPath", "The path of the rule", limits::MAX_RULE_PATH),
    ] {
        if subject.tag_length() > max
            && let Some(text) = subject.attribute(attribute)
        {
            let length = limits::length(&text);
            if length > max {
                report.object(subject.id, format!("{what} has {length} characters; {max} are allowed."));
            }
        }
    }
    for &(kind, leaf) in &subject.texts {
        let (what, max) = match kind {
            LeafKind::BizRule => ("The rule", limits::MAX_RULE),
            LeafKind::BizRuleLanguage => ("The language of the rule", limits::MAX_RULE_LANGUAGE),
            LeafKind::BizRuleImportedPath => ("The path of the rule", limits::MAX_RULE_PATH),
            LeafKind::LdapQuery => ("The query", limits::MAX_QUERY),
            _ => continue,
        };
        let length = limits::length(&subject.store.text(leaf));
        if length > max {
            report.leaf(subject.id, leaf, format!("{what} has {length} characters; {max} are allowed."));
        }
    }
}

fn blanks(subject: &Subject<'_>, report: &mut Report<'_>) {
    let name = &*subject.name;
    let blank = |c: char| c.is_whitespace() && !c.is_control();
    let has_two = name.as_bytes().windows(2).any(|pair| pair == b"  ");
    if !has_two && !name.starts_with(blank) && !name.ends_with(blank) {
        return;
    }
    let what = if name.chars().all(blank) {
        "The name is nothing but blanks."
    } else if name.starts_with(blank) {
        "The name begins with a blank."
    } else if name.ends_with(blank) {
        "The name ends with a blank."
    } else {
        "The name has two blanks in a row."
    };
    report.object(subject.id, what);
}

fn invisible(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.name.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return;
    }
    let hidden = |c: &char| c.is_control() || limits::is_invisible(*c);
    if let Some((at, c)) = subject.name.chars().enumerate().find(|(_, c)| hidden(c)) {
        let code = u32::from(c);
        report.object(
            subject.id,
            format!("Character {} of the name is U+{code:04X}, which cannot be seen.", at + 1),
        );
    }
}

fn mixed_scripts(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.name.is_ascii() {
        return;
    }
    for word in subject.name.split(|c: char| !c.is_alphanumeric()) {
        if word.is_ascii() || word.is_single_script() || is_latin_beside_east_asian(word) {
            continue;
        }
        // The letter that fits no script common to those before it.
        let mut common = AugmentedScriptSet::default();
        let intruder = word.chars().find(|c| {
            common.intersect_with(AugmentedScriptSet::for_char(*c));
            common.is_empty()
        });
        let Some(first) = word.chars().next() else { continue };
        let c = intruder.unwrap_or(first);
        report.object(
            subject.id,
            format!(
                "\"{word}\" mixes scripts: {first} is {}, {c} (U+{:04X}) is {}.",
                AugmentedScriptSet::for_char(first),
                u32::from(c),
                AugmentedScriptSet::for_char(c)
            ),
        );
        return;
    }
}

/// Latin letters and digits are written within Chinese, Japanese and Korean words as a matter of course (UTS 39,
/// "highly restrictive").
fn is_latin_beside_east_asian(word: &str) -> bool {
    let rest: String = word.chars().filter(|c| c.script() != Script::Latin).collect();
    let scripts = AugmentedScriptSet::for_str(&rest);
    !scripts.is_all() && (scripts.hanb || scripts.jpan || scripts.kore)
}

/// What must not share a name: task and role definitions count as one.
fn class(kind: Kind) -> Kind {
    if kind == Kind::Role { Kind::Task } else { kind }
}

fn same_name(store: &Store, objects: &[ObjId], report: &mut Report<'_>) {
    let mut first = HashMap::new();
    for &id in objects {
        let kind = store.kind(id);
        let before = *first.entry((class(kind), store.name(id))).or_insert(id);
        if before != id {
            let other = if store.kind(before) == kind {
                format!("Another {kind}")
            } else {
                format!("A {}", store.kind(before))
            };
            report.object(id, format!("{other} here has the same name. Rename one of them."));
        }
    }
}

fn same_name_but_for_case(store: &Store, objects: &[ObjId], report: &mut Report<'_>) {
    let mut first = HashMap::new();
    let mut exact = HashMap::new();
    for &id in objects {
        let class = class(store.kind(id));
        let name = store.name(id);
        let is_first_so_written = exact.insert((class, name), id).is_none();
        let before = *first.entry(class).or_insert(id);
        if before != id && is_first_so_written {
            report.object(
                id,
                format!("\"{}\" has the same name but for case. Rename one of them.", store.name(before)),
            );
        }
    }
}

fn same_name_as_operation(store: &Store, objects: &[ObjId], report: &mut Report<'_>) {
    if objects.iter().any(|id| store.kind(*id) == Kind::Operation) {
        for &id in objects {
            let kind = store.kind(id);
            if matches!(kind, Kind::Task | Kind::Role) {
                report.object(id, "An operation here has the same name. Rename one of them.");
            }
        }
    }
}

fn same_name_above(store: &Store, objects: &[ObjId], report: &mut Report<'_>) {
    // The first object of this name at each level.
    let mut at_level = HashMap::new();
    for &id in objects {
        at_level.entry(store.level(id)).or_insert(id);
    }
    for &id in objects {
        let mut level = store.parent(store.level(id));
        while let Some(above) = level {
            if let Some(other) = at_level.get(&above) {
                report.object(
                    id,
                    format!("The {} also has {} of this name.", store.kind(above), store.kind(*other).a()),
                );
                break;
            }
            level = store.parent(above);
        }
    }
}

fn look_alike(store: &Store, objects: &[ObjId], report: &mut Report<'_>) {
    // The first two objects whose names differ in more than case: one of them differs from any third.
    let folded = |id: ObjId| store::fold(&store.name(id)).into_owned();
    let Some((&first, rest)) = objects.split_first() else { return };
    let first_name = folded(first);
    let mut other = None;
    for &id in rest {
        let name = folded(id);
        let before = if name == first_name {
            match other {
                Some(other) => other,
                None => continue,
            }
        } else {
            other.get_or_insert(id);
            first
        };
        report.object(
            id,
            format!("The name looks like that of \"{}\". Rename one of them.", store.name(before)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_looks_are_those_of_the_tables() {
        for c in (0..=0x7F_u8).map(char::from) {
            let name = c.to_string();
            let skeleton: String = unicode_security::skeleton(&name).collect();
            assert_eq!(skeleton.is_ascii(), is_simple(&name), "{c:?}");
            assert_eq!(look(Cow::Borrowed(&name)), skeleton, "{c:?}");
        }
        assert_eq!(look(Cow::Borrowed("Room 10")), look(Cow::Borrowed("Roorn lO")));
        assert_eq!(look(Cow::Borrowed("\u{410}dministrator")), look(Cow::Borrowed("Administrator")));
        assert_ne!(look(Cow::Borrowed("Reader")), look(Cow::Borrowed("reader")));
    }

    #[test]
    fn scripts_that_belong_together() {
        for (word, fits) in [
            ("\u{7BA1}\u{7406}\u{8005}VM", true),
            ("\u{30B5}\u{30FC}\u{30D0}\u{30FC}2", true),
            ("\u{AD00}\u{B9AC}\u{C790}A", true),
            ("\u{410}dmin", false),
            ("\u{3B1}bc", false),
        ] {
            assert_eq!(is_latin_beside_east_asian(word), fits, "{word}");
        }
    }
}
