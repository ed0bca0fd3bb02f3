//! AZ-4xx: members, role assignments, groups.

use super::links::{keep_one, remove_leaf};
use super::rule::{Kinds, Report, Rule, Severity, Test};
use super::subject::{Member, Subject};
use crate::accounts::{Breadth, Sid, shown};
use crate::store::{GroupType, Kind, LeafKind, check_query};

const LISTS: Kinds = Kinds::of(&[Kind::Assignment, Kind::Group]);
const ASSIGNMENTS: Kinds = Kinds::of(&[Kind::Assignment]);
const GROUPS: Kinds = Kinds::of(&[Kind::Group]);
const OPERATIONS: Kinds = Kinds::of(&[Kind::Operation]);

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "AZ-401",
        severity: Severity::Error,
        title: "member that is not a SID",
        help: "Members are stored as SIDs, such as S-1-5-32-544. Anything else, an account's name included, is nobody to \
               AzMan, or makes it refuse the store. Remove the member and add the account's SID.",
        test: Test::Object(LISTS, not_a_sid),
        fix: None,
    },
    Rule {
        code: "AZ-402",
        severity: Severity::Error,
        title: "member that nobody can be",
        help: "The SID is well-formed but never an account that asks for access: a logon session, an integrity level, a \
               capability, a placeholder such as CREATOR OWNER, or a whole domain. As a member it gives nobody anything, \
               as a non-member it keeps nobody out. The fix removes it.",
        test: Test::Object(LISTS, never_a_member),
        fix: Some(remove_leaf),
    },
    Rule {
        code: "AZ-403",
        severity: Severity::Info,
        title: "unusual spelling of a SID",
        help: "Windows writes SIDs with a capital S, without leading zeros, and the authority in decimal below 2^32. \
               Another spelling means the same account; a program that compares texts would not find it. Removing and \
               adding the member writes it as Windows does.",
        test: Test::Object(LISTS, odd_sid),
        fix: None,
    },
    Rule {
        code: "AZ-404",
        severity: Severity::Warning,
        title: "everyone is a member",
        help: "Everyone, Authenticated Users, Users, Domain Users or Anonymous is a member: practically everybody who \
               reaches the host gets what is granted. If that is not meant, make a group in the domain with those who \
               need it and add that.",
        test: Test::Object(LISTS, anyone),
        fix: None,
    },
    Rule {
        code: "AZ-405",
        severity: Severity::Info,
        title: "wide class of accounts as a member",
        help: "A member stands for every account that logs on in a certain way or comes from a certain place, such as \
               INTERACTIVE, NETWORK, Guests or Domain Computers. That is legal; make sure that it is meant.",
        test: Test::Object(LISTS, wide),
        fix: None,
    },
    Rule {
        code: "AZ-406",
        severity: Severity::Warning,
        title: "non-member hides a member",
        help: "The same account is member and non-member of the group, or everyone is a non-member. Non-members win, so the \
               member is not in the group. Remove it from one of the two lists.",
        test: Test::Object(GROUPS, hidden_member),
        fix: None,
    },
    Rule {
        code: "AZ-407",
        severity: Severity::Info,
        title: "member given twice",
        help: "The same account is in the list twice. The second adds nothing, and removing one in another program may \
               leave the other. The fix leaves one.",
        test: Test::Object(LISTS, repeated_member),
        fix: Some(keep_one),
    },
    Rule {
        code: "AZ-411",
        severity: Severity::Warning,
        title: "role assignment without a role definition",
        help: "The role assignment links to no definition, so its members get nothing by it. Add a role definition, or \
               delete the assignment.",
        test: Test::Object(ASSIGNMENTS, no_definition),
        fix: None,
    },
    Rule {
        code: "AZ-412",
        severity: Severity::Warning,
        title: "role assignment without members",
        help: "The role assignment has no members and no groups, so nobody gets anything by it. Add members, or delete \
               the assignment.",
        test: Test::Object(ASSIGNMENTS, no_members),
        fix: None,
    },
    Rule {
        code: "AZ-413",
        severity: Severity::Warning,
        title: "definition with nothing in it",
        help: "The task or role definition has neither operations nor tasks, so to assign it grants nothing. Add \
               operations or tasks, or delete it.",
        test: Test::Object(Kinds::DEFINITIONS, empty_definition),
        fix: None,
    },
    Rule {
        code: "AZ-414",
        severity: Severity::Warning,
        title: "operation that nothing uses",
        help: "No task or role definition contains the operation, so nobody can be granted it. Add it to a definition if \
               somebody should be.",
        test: Test::Object(OPERATIONS, unused_operation),
        fix: None,
    },
    Rule {
        code: "AZ-415",
        severity: Severity::Warning,
        title: "group that nothing uses",
        help: "No role assignment and no other group has this application group as a member, so to be in it changes \
               nothing. Add it where it is meant to count, or delete it.",
        test: Test::Object(GROUPS, unused_group),
        fix: None,
    },
    Rule {
        code: "AZ-416",
        severity: Severity::Info,
        title: "group without members",
        help: "The basic group has no members, so nobody is in it. Applications are often delivered with empty groups to \
               be filled.",
        test: Test::Object(GROUPS, empty_group),
        fix: None,
    },
    Rule {
        code: "AZ-417",
        severity: Severity::Warning,
        title: "group without its query or rule",
        help: "The group finds its members by an LDAP query or by a rule, and has none. Nobody is known to be in it. Set \
               the query or the rule, or make it a basic group.",
        test: Test::Object(GROUPS, no_query),
        fix: None,
    },
    Rule {
        code: "AZ-418",
        severity: Severity::Warning,
        title: "LDAP query that cannot be read",
        help: "The text of the query follows neither the grammar of LDAP filters (RFC 4515) nor that of LDAP URLs, even \
               with what Windows takes besides. A directory server refuses it, and then nobody is in the group, or the \
               access check fails: which of both is not documented. Correct the query.",
        test: Test::Object(GROUPS, bad_query),
        fix: None,
    },
];

fn not_a_sid(subject: &Subject<'_>, report: &mut Report<'_>) {
    for member in &subject.members {
        let Err(why) = member.sid else { continue };
        let text = &member.text;
        let message = if text.trim().is_empty() {
            format!("This {} is empty.", member.kind.word())
        } else if Sid::parse(text.trim()).is_ok() {
            format!("There are blanks around the SID \"{}\".", text.trim())
        } else {
            format!("\"{text}\" is {why}.")
        };
        report.leaf(subject.id, member.leaf, message);
    }
}

fn never_a_member(subject: &Subject<'_>, report: &mut Report<'_>) {
    for member in subject.members.iter().filter(|member| member.standing.never.is_some()) {
        if let (Ok(sid), Some(why)) = (&member.sid, member.standing.never) {
            report.leaf(
                subject.id,
                member.leaf,
                format!("{} can never be a member: it is {why}.", shown(sid)),
            );
        }
    }
}

fn odd_sid(subject: &Subject<'_>, report: &mut Report<'_>) {
    for member in subject.members.iter().filter(|member| !member.is_canonical) {
        if let Ok(sid) = &member.sid {
            report.leaf(subject.id, member.leaf, format!("\"{}\" is usually written {sid}.", member.text));
        }
    }
}

fn broad(subject: &Subject<'_>, breadth: Breadth, mut each: impl FnMut(&Member<'_>, String)) {
    for member in subject.members.iter().filter(|member| member.standing.breadth == Some(breadth)) {
        if let (Ok(sid), LeafKind::Member) = (&member.sid, member.kind) {
            each(member, shown(sid));
        }
    }
}

fn anyone(subject: &Subject<'_>, report: &mut Report<'_>) {
    broad(subject, Breadth::Anyone, |member, name| {
        let message = format!("{name} is a member: practically everybody has what this gives.");
        report.leaf(subject.id, member.leaf, message);
    });
}

fn wide(subject: &Subject<'_>, report: &mut Report<'_>) {
    broad(subject, Breadth::Many, |member, name| {
        report.leaf(subject.id, member.leaf, format!("{name} stands for a wide class of accounts."));
    });
}

/// Runs of members that are the same SID, in the order of the list.
fn same_sids(subject: &Subject<'_>, run: impl FnMut(&[(&Sid, &Member<'_>)])) {
    if !subject.may_repeat {
        return;
    }
    let members = subject.members.iter();
    let mut sorted: Vec<_> = members.filter_map(|member| Some((member.sid.as_ref().ok()?, member))).collect();
    sorted.sort_by_key(|(sid, _)| *sid);
    sorted.chunk_by(|one, next| one.0 == next.0).filter(|same| same.len() > 1).for_each(run);
}

fn hidden_member(subject: &Subject<'_>, report: &mut Report<'_>) {
    const EVERYONE: Sid = Sid::from_parts(1, [0]);
    if !subject.has_member(LeafKind::NonMember) {
        return;
    }
    let is_out = |member: &Member<'_>| member.kind == LeafKind::NonMember;
    if let Some(everyone) = subject.members.iter().find(|member| is_out(member) && member.sid == Ok(EVERYONE))
    {
        if subject.members.iter().any(|member| !is_out(member)) || subject.has_link(LeafKind::AppMemberLink) {
            report.leaf(subject.id, everyone.leaf, "Everyone is a non-member: nobody is in this group.");
        }
        return;
    }
    same_sids(subject, |same| {
        if let Some((sid, out)) = same.iter().find(|(_, member)| is_out(member))
            && same.iter().any(|(_, member)| !is_out(member))
        {
            let message = format!("{} is a member too, but a non-member is never in the group.", shown(sid));
            report.leaf(subject.id, out.leaf, message);
        }
    });
}

fn repeated_member(subject: &Subject<'_>, report: &mut Report<'_>) {
    same_sids(subject, |same| {
        for kind in [LeafKind::Member, LeafKind::NonMember] {
            for (sid, member) in same.iter().filter(|(_, member)| member.kind == kind).skip(1) {
                report.leaf(subject.id, member.leaf, format!("{} is given twice.", shown(sid)));
            }
        }
    });
}

fn no_definition(subject: &Subject<'_>, report: &mut Report<'_>) {
    if !subject.has_link(LeafKind::TaskLink) && !subject.has_link(LeafKind::OperationLink) {
        report.object(subject.id, "No role definition: its members get nothing by it.");
    }
}

fn no_members(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.members.is_empty() && !subject.has_link(LeafKind::AppMemberLink) {
        report.object(subject.id, "No members: nobody gets anything by it.");
    }
}

fn empty_definition(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.links.is_empty() {
        report.object(subject.id, "Neither operations nor tasks: to assign it grants nothing.");
    }
}

fn unused_operation(subject: &Subject<'_>, report: &mut Report<'_>) {
    if !subject.is_used {
        report.object(subject.id, "No definition contains this operation: nobody can be granted it.");
    }
}

fn unused_group(subject: &Subject<'_>, report: &mut Report<'_>) {
    if !subject.is_used {
        report.object(subject.id, "No role assignment and no group has this group as a member.");
    }
}

fn empty_group(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.store.group_type(subject.id) == Some(GroupType::Basic)
        && !subject.has_member(LeafKind::Member)
        && !subject.has_link(LeafKind::AppMemberLink)
    {
        report.object(subject.id, "No members: nobody is in this group.");
    }
}

fn no_query(subject: &Subject<'_>, report: &mut Report<'_>) {
    let (wanted, what) = match subject.store.group_type(subject.id) {
        Some(GroupType::LdapQuery) => (LeafKind::LdapQuery, "query"),
        Some(GroupType::BizRule) => (LeafKind::BizRule, "rule"),
        _ => return,
    };
    if subject.text(wanted).is_none_or(|(_, text)| text.trim().is_empty()) {
        report.object(subject.id, format!("The group has no {what}: nobody is known to be in it."));
    }
}

fn bad_query(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.store.group_type(subject.id) != Some(GroupType::LdapQuery) {
        return;
    }
    if let Some((leaf, text)) = subject.text(LeafKind::LdapQuery)
        && !text.trim().is_empty()
        && let Err(fault) = check_query(&text)
    {
        report.leaf(subject.id, leaf, format!("The query cannot be read. {fault}"));
    }
}
