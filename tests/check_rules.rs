//! Every rule: one store that breaks it and nothing else, one that nearly does, and what its fix makes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use azedit::check::{self, Findings, RULES, Severity};
use azedit::store::{Session, Store};
use std::collections::BTreeSet;

/// A store without any finding. `@NN` stands for a GUID.
const SOUND: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<AzAdminManager MajorVersion="2" MinorVersion="0" Guid="@00" Description="">
	<AzApplicationGroup Guid="@01" Name="Global" Description="" GroupType="Basic">
		<Member>S-1-5-21-1-2-3-1001</Member>
	</AzApplicationGroup>
	<AzApplication Guid="@02" Name="App" Description="" ApplicationVersion="1">
		<AzOperation Guid="@10" Name="Read" Description=""><OperationID>1</OperationID></AzOperation>
		<AzOperation Guid="@11" Name="Write" Description=""><OperationID>2</OperationID></AzOperation>
		<AzTask Guid="@20" Name="Browse" Description="" BizRuleImportedPath="">
			<OperationLink>@10</OperationLink>
		</AzTask>
		<AzTask Guid="@21" Name="Editor" Description="" BizRuleImportedPath="" RoleDefinition="True">
			<OperationLink>@11</OperationLink>
			<TaskLink>@20</TaskLink>
		</AzTask>
		<AzApplicationGroup Guid="@30" Name="Staff" Description="" GroupType="Basic">
			<Member>S-1-5-21-1-2-3-1002</Member>
			<AppMemberLink>@01</AppMemberLink>
			<NonMember>S-1-5-21-1-2-3-1003</NonMember>
		</AzApplicationGroup>
		<AzRole Guid="@40" Name="Editor">
			<TaskLink>@21</TaskLink>
			<Member>S-1-5-32-544</Member>
			<AppMemberLink>@30</AppMemberLink>
		</AzRole>
		<AzScope Guid="@50" Name="http://site" Description="">
			<AzTask Guid="@51" Name="Local" Description="" BizRuleImportedPath="" RoleDefinition="True">
				<TaskLink>@21</TaskLink>
			</AzTask>
			<AzRole Guid="@52" Name="Editor">
				<TaskLink>@51</TaskLink>
				<Member>S-1-5-21-1-2-3-1001</Member>
			</AzRole>
		</AzScope>
		<AzScope Guid="@60" Name="Second" Description=""/>
	</AzApplication>
</AzAdminManager>
"#;

const ROOT: &str = "/";
const GLOBAL: &str = "groups/Global";
const READ: &str = "App/operations/Read";
const WRITE: &str = "App/operations/Write";
const BROWSE: &str = "App/tasks/Browse";
const STAFF: &str = "App/groups/Staff";
const EDITOR: &str = "App/assignments/Editor";
const LOCAL: &str = "App/scopes/http://site/roles/Local";
const SITE_EDITOR: &str = "App/scopes/http://site/assignments/Editor";
const SECOND: &str = "App/scopes/Second";

/// In a line (from 1), a text and what stands there instead.
type Edit<'a> = (usize, &'a str, &'a str);

struct Case<'a> {
    code: &'a str,
    /// Where the finding is: the object, and the line of the object or leaf.
    object: &'a str,
    line: u32,
    /// Makes the sound store break the rule.
    breaks: &'a [Edit<'a>],
    /// Makes it look like it, without breaking the rule. Other rules may have something to say.
    near: &'a [Edit<'a>],
    /// Codes that cannot be kept apart from this one.
    also: &'a [&'a str],
}

fn case<'a>(
    code: &'a str,
    object: &'a str,
    line: u32,
    breaks: &'a [Edit<'a>],
    near: &'a [Edit<'a>],
) -> Case<'a> {
    Case { code, object, line, breaks, near, also: &[] }
}

fn edited(edits: &[Edit<'_>]) -> String {
    let mut lines: Vec<String> = SOUND.lines().map(str::to_owned).collect();
    for (line, from, to) in edits {
        let line = &mut lines[line - 1];
        assert!(line.contains(from), "{line} does not hold {from}");
        *line = line.replacen(from, to, 1);
    }
    let text = lines.join("\r\n");
    long(&text.replace('@', "a0000000-0000-4000-8000-0000000000"))
}

/// `%65%` stands for 65 letters.
fn long(text: &str) -> String {
    let parts = text.split('%').enumerate();
    parts
        .map(|(at, part)| if at % 2 == 1 { "x".repeat(part.parse().unwrap()) } else { part.to_owned() })
        .collect()
}

fn store(text: &str) -> Store {
    Store::open(text.as_bytes().to_vec()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Code, object, line of every finding.
fn found(store: &Store) -> Vec<(&'static str, String, u32)> {
    let findings = Findings::of(store);
    findings
        .all()
        .map(|finding| (finding.code, store.path(finding.object), finding.position(store).unwrap().line))
        .collect()
}

const ADMINS: &str = "S-1-5-32-544";
const MEMBER: &str = "<Member>S-1-5-21-1-2-3-1001</Member>";

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn each_rule_finds_what_breaks_it_and_nothing_else() {
    let cases = [
        case("AZ-101", ROOT, 2, &[(2, "MajorVersion=\"2\"", "MajorVersion=\"3\"")], &[(2, "\"2\"", "\"1\"")]),
        case("AZ-101", ROOT, 2, &[(2, " MajorVersion=\"2\"", "")], &[(2, "\"2\"", "\" 2\"")]),
        case(
            "AZ-102",
            ROOT,
            2,
            &[(2, "MinorVersion=\"0\"", "MinorVersion=\"1\"")],
            &[(2, "\"0\"", "\"0 \"")],
        ),
        case("AZ-103", ROOT, 2, &[(2, " Guid=\"@00\"", "")], &[(2, "@00", "{@00}")]),
        case("AZ-104", SECOND, 35, &[(35, "@60", "{0}")], &[(35, "@60", "{@60}")]),
        case("AZ-104", SECOND, 35, &[(35, " Guid=\"@60\"", "")], &[(2, " Guid=\"@00\"", "")]),
        case("AZ-105", SECOND, 35, &[(35, "@60", "@50")], &[(35, "@60", "@5a")]),
        case("AZ-106", SECOND, 35, &[(35, "@60", "{@60}")], &[(35, "@60", "{0}")]),
        case("AZ-106", SITE_EDITOR, 31, &[(31, "@51", "{@51}")], &[(31, "@51", "51")]),
        case(
            "AZ-107",
            SECOND,
            35,
            &[(35, "/>", "><AzOperation Guid=\"@61\" Name=\"X\"/></AzScope>")],
            &[(35, "/>", "><AzTask Guid=\"@61\" Name=\"X\"/></AzScope>")],
        ),
        case(
            "AZ-107",
            EDITOR,
            24,
            &[(24, "<App", "<NonMember>S-1-1-0</NonMember><App")],
            &[(23, ADMINS, "S-1-1-0")],
        ),
        case("AZ-108", SITE_EDITOR, 33, &[(33, "</", "<Other/></")], &[(33, "</", "<!-- <Other/> --></")]),
        case("AZ-109", SECOND, 35, &[(35, "/>", " Extra=\"\"/>")], &[(35, " Description=\"\"", "")]),
        case(
            "AZ-109",
            EDITOR,
            22,
            &[(22, "<TaskLink>", "<TaskLink Extra=\"\">")],
            &[(22, "<TaskLink>", "<TaskLink >")],
        ),
        case(
            "AZ-110",
            SECOND,
            35,
            &[(35, "/>", ">text</AzScope>")],
            &[(35, "/>", "> <!-- text --> </AzScope>")],
        ),
        case(
            "AZ-111",
            READ,
            7,
            &[(7, "</Op", "</OperationID><OperationID>1</Op")],
            &[(7, "1</Op", "<!-- <OperationID>2</OperationID> -->1</Op")],
        ),
        case("AZ-112", STAFF, 16, &[(16, " GroupType=\"Basic\"", "")], &[(16, "Basic", "basic")]),
        case("AZ-112", STAFF, 16, &[(16, "Basic", "Fancy")], &[(16, "Basic", "BASIC")]),
        case(
            "AZ-113",
            STAFF,
            20,
            &[(20, "</", "<LdapQuery>(cn=x)</LdapQuery></")],
            &[(20, "</", "<LdapQuery> </LdapQuery></")],
        ),
        case(
            "AZ-113",
            STAFF,
            17,
            &[(16, "Basic", "LdapQuery"), (20, "</", "<LdapQuery>(cn=x)</LdapQuery></")],
            &[(16, "Basic", "basic")],
        ),
        Case {
            also: &["AZ-417"],
            ..case(
                "AZ-114",
                GLOBAL,
                3,
                &[(2, "\"2\"", "\"1\""), (3, "Basic", "Bizrule"), (4, MEMBER, "")],
                &[(3, "Basic", "Bizrule"), (4, MEMBER, "")],
            )
        },
        case("AZ-115", STAFF, 16, &[(16, "Basic", "basic")], &[(16, "Basic", "bassic")]),
        case(
            "AZ-116",
            BROWSE,
            9,
            &[(9, "Path=\"\"", "Path=\"\" RoleDefinition=\"1\"")],
            &[(9, "Path=\"\"", "Path=\"\" RoleDefinition=\"False\"")],
        ),
        case("AZ-120", READ, 7, &[(7, "<OperationID>1</OperationID>", "")], &[(7, ">1<", "><")]),
        case("AZ-121", READ, 7, &[(7, ">1<", ">one<")], &[(7, ">1<", "> 2147483647 <")]),
        case("AZ-121", READ, 7, &[(7, ">1<", ">2147483648<")], &[(7, ">1<", ">01<")]),
        case("AZ-122", WRITE, 8, &[(8, ">2<", ">1<")], &[(8, ">2<", ">11<")]),
        case("AZ-123", READ, 7, &[(7, ">1<", ">0<")], &[(7, ">1<", ">10<")]),
        case("AZ-201", "App/scopes/", 35, &[(35, " Name=\"Second\"", "")], &[(35, "Second", ".")]),
        case("AZ-202", "App/tasks/%65%", 9, &[(9, "Browse", "%65%")], &[(9, "Browse", "%64%")]),
        case("AZ-203", "App/scopes/%513%", 35, &[(35, "Second", "%513%")], &[(35, "Second", "%512%")]),
        case("AZ-204", "App/tasks/Bro|wse", 9, &[(9, "Browse", "Bro|wse")], &[(35, "Second", "Sec|ond")]),
        case("AZ-205", SECOND, 35, &[(35, "tion=\"", "tion=\"%1025%")], &[(35, "tion=\"", "tion=\"%1024%")]),
        case(
            "AZ-205",
            GLOBAL,
            3,
            &[
                (3, "GroupType=\"Basic\">", "GroupType=\"LdapQuery\"><LdapQuery>(cn=%4092%)</LdapQuery>"),
                (4, MEMBER, ""),
            ],
            &[
                (3, "GroupType=\"Basic\">", "GroupType=\"LdapQuery\"><LdapQuery>(cn=%4091%)</LdapQuery>"),
                (4, MEMBER, ""),
            ],
        ),
        case("AZ-210", "App/operations/Read", 8, &[(8, "Write", "Read")], &[(9, "Browse", "Read")]),
        case("AZ-210", "App/roles/Browse", 12, &[(12, "Editor", "Browse")], &[(21, "Editor", "Staff")]),
        case("AZ-211", "App/operations/READ", 8, &[(8, "Write", "READ")], &[(8, "Write", "Read")]),
        case("AZ-212", "App/tasks/read", 9, &[(9, "Browse", "read")], &[(21, "Editor", "Read")]),
        case(
            "AZ-213",
            "App/scopes/http://site/roles/editor",
            27,
            &[(27, "Local", "editor")],
            &[(30, "Editor", "Browse")],
        ),
        case("AZ-213", "App/groups/Global", 16, &[(16, "Staff", "Global")], &[(16, "Staff", "Editor")]),
        case("AZ-220", "App/scopes/ Second", 35, &[(35, "Second", " Second")], &[(35, "Second", "Sec ond")]),
        case("AZ-220", "App/scopes/Sec  ond", 35, &[(35, "Second", "Sec  ond")], &[(35, "Second", "S e c")]),
        case(
            "AZ-221",
            "App/scopes/Sec\u{200B}ond",
            35,
            &[(35, "Second", "Sec&#x200B;ond")],
            &[(35, "Second", "Sec&#xE9;nd")],
        ),
        case(
            "AZ-221",
            "App/scopes/Sec\tond",
            35,
            &[(35, "Second", "Sec&#9;ond")],
            &[(35, "Second", "Sec&#32;ond")],
        ),
        case(
            "AZ-223",
            "App/scopes/\u{410}dmin",
            35,
            &[(35, "Second", "\u{410}dmin")],
            &[(35, "Second", "\u{410}\u{434}\u{43C}\u{438}\u{43D} VM")],
        ),
        case(
            "AZ-223",
            "App/scopes/ab\u{3B1}",
            35,
            &[(35, "Second", "ab\u{3B1}")],
            &[(35, "Second", "VM\u{865A}\u{62DF}\u{673A}")],
        ),
        // Latin is more than ASCII.
        case(
            "AZ-223",
            "App/scopes/M\u{FC}\u{865A}\u{410}",
            35,
            &[(35, "Second", "M\u{FC}\u{865A}\u{410}")],
            &[(35, "Second", "M\u{FC}\u{865A}1")],
        ),
        case(
            "AZ-224",
            "App/scopes/Room l0",
            35,
            &[(26, "http://site", "Room 10"), (35, "Second", "Room l0")],
            &[(26, "http://site", "Room 10"), (35, "Second", "Room 12")],
        ),
        case(
            "AZ-224",
            "App/scopes/\u{41E}\u{41A}",
            35,
            &[(26, "http://site", "OK"), (35, "Second", "\u{41E}\u{41A}")],
            &[(8, "Write", "OK"), (35, "Second", "\u{41E}\u{41A}")],
        ),
        case("AZ-301", LOCAL, 28, &[(28, "@21", "@99")], &[(28, "@21", "@20")]),
        case("AZ-301", LOCAL, 28, &[(28, "@21", "Editor")], &[(28, "@21", "{@21}")]),
        case(
            "AZ-302",
            LOCAL,
            28,
            &[(28, "@21", "@10")],
            &[(28, "<TaskLink>@21</TaskLink>", "<OperationLink>@10</OperationLink>")],
        ),
        case("AZ-302", LOCAL, 28, &[(28, "@21", "@40")], &[(28, "@21", "@20")]),
        case("AZ-303", EDITOR, 22, &[(22, "@21", "@51")], &[(31, "@51", "@21")]),
        case(
            "AZ-303",
            GLOBAL,
            4,
            &[
                (4, MEMBER, "<AppMemberLink>@30</AppMemberLink>"),
                (18, "<AppMemberLink>@01</AppMemberLink>", ""),
                (24, "@30", "@01"),
            ],
            &[(4, MEMBER, "")],
        ),
        case(
            "AZ-304",
            BROWSE,
            10,
            &[(10, "</OperationLink>", "</OperationLink><TaskLink>@20</TaskLink>")],
            &[(10, "</OperationLink>", "</OperationLink><OperationLink>@11</OperationLink>")],
        ),
        case(
            "AZ-305",
            GLOBAL,
            4,
            &[(4, MEMBER, "<Member>S-1-5-18</Member><AppMemberLink>@01</AppMemberLink>")],
            &[(24, "@30", "@01")],
        ),
        case(
            "AZ-306",
            EDITOR,
            22,
            &[(22, "</TaskLink>", "</TaskLink><TaskLink>@21</TaskLink>")],
            &[(28, "</TaskLink>", "</TaskLink><TaskLink>@20</TaskLink>")],
        ),
        case("AZ-307", EDITOR, 22, &[(22, "@21", "@20")], &[(28, "@21", "@20")]),
        case(
            "AZ-308",
            EDITOR,
            22,
            &[(22, "<Task", "<OperationLink>@10</OperationLink><Task")],
            &[(28, "<Task", "<OperationLink>@10</OperationLink><Task")],
        ),
        case(
            "AZ-401",
            EDITOR,
            23,
            &[(23, ADMINS, "BUILTIN\\Administrators")],
            &[(23, ADMINS, "S-1-5-32-551")],
        ),
        case("AZ-401", EDITOR, 23, &[(23, ADMINS, " S-1-5-32-544")], &[(23, ADMINS, "S-1-5-32-<!-- -->544")]),
        case("AZ-402", EDITOR, 23, &[(23, ADMINS, "S-1-16-4096")], &[(23, ADMINS, "S-1-9-1-2-3")]),
        case("AZ-402", STAFF, 19, &[(19, "S-1-5-21-1-2-3-1003", "S-1-5-21-1-2-3")], &[(19, "1003", "500")]),
        case("AZ-403", EDITOR, 23, &[(23, ADMINS, "s-1-5-32-544")], &[(23, ADMINS, "S-1-0x000100000000-1")]),
        case("AZ-404", EDITOR, 23, &[(23, ADMINS, "S-1-1-0")], &[(19, "S-1-5-21-1-2-3-1003", "S-1-5-11")]),
        case("AZ-405", EDITOR, 23, &[(23, ADMINS, "S-1-5-4")], &[(19, "S-1-5-21-1-2-3-1003", "S-1-5-4")]),
        case("AZ-406", STAFF, 19, &[(19, "1003", "1002")], &[(19, "1003", "1001")]),
        case(
            "AZ-406",
            STAFF,
            19,
            &[(19, "S-1-5-21-1-2-3-1003", "S-1-1-0")],
            &[(19, "S-1-5-21-1-2-3-1003", "S-1-5-11")],
        ),
        case(
            "AZ-407",
            EDITOR,
            23,
            &[(23, "</", "</Member><Member>S-1-5-32-544</")],
            &[(23, "</", "</Member><Member>S-1-5-32-551</")],
        ),
        case(
            "AZ-411",
            SITE_EDITOR,
            30,
            &[(31, "<TaskLink>@51</TaskLink>", "")],
            &[(31, "TaskLink>@51</Task", "OperationLink>@10</Operation")],
        ),
        case(
            "AZ-412",
            SITE_EDITOR,
            30,
            &[(32, MEMBER, "")],
            &[(32, MEMBER, "<AppMemberLink>@30</AppMemberLink>")],
        ),
        case(
            "AZ-413",
            LOCAL,
            27,
            &[(28, "<TaskLink>@21</TaskLink>", "")],
            &[(28, "TaskLink>@21</Task", "OperationLink>@10</Operation")],
        ),
        case(
            "AZ-414",
            WRITE,
            8,
            &[(13, "<OperationLink>@11</OperationLink>", "")],
            &[(13, "<", "<!-- --><")],
        ),
        case(
            "AZ-415",
            STAFF,
            16,
            &[(24, "<AppMemberLink>@30</AppMemberLink>", "")],
            &[(18, "@01", "@01<!-- -->")],
        ),
        case("AZ-416", GLOBAL, 3, &[(4, MEMBER, "")], &[(17, "<Member>S-1-5-21-1-2-3-1002</Member>", "")]),
        case(
            "AZ-417",
            GLOBAL,
            3,
            &[(3, "Basic", "LdapQuery"), (4, MEMBER, "")],
            &[(3, "Basic", "LdapQuery"), (4, MEMBER, "<LdapQuery>(cn=x)</LdapQuery>")],
        ),
        // Microsoft's own example has no parentheses behind the exclamation mark.
        case(
            "AZ-418",
            GLOBAL,
            4,
            &[(3, "Basic", "LdapQuery"), (4, MEMBER, "<LdapQuery>(&amp;(cn=x)(!cn=y)</LdapQuery>")],
            &[(3, "Basic", "LdapQuery"), (4, MEMBER, "<LdapQuery>(&amp;(cn=x)(!cn=y))</LdapQuery>")],
        ),
        case(
            "AZ-501",
            BROWSE,
            10,
            &[(10, "<", "<BizRuleLanguage>VBScript</BizRuleLanguage><BizRule>x</BizRule><")],
            &[(10, "<", "<BizRuleLanguage>VBScript</BizRuleLanguage><BizRule></BizRule><")],
        ),
        Case {
            also: &["AZ-501"],
            ..case(
                "AZ-502",
                BROWSE,
                10,
                &[(10, "<", "<BizRuleLanguage></BizRuleLanguage><BizRule>x</BizRule><")],
                &[(10, "<", "<BizRuleLanguage>JScript</BizRuleLanguage><BizRule>x</BizRule><")],
            )
        },
    ];

    assert_eq!(found(&store(&edited(&[]))), [], "the sound store");
    let mut wrong = Vec::new();
    for Case { code, object, line, breaks, near, also } in &cases {
        let broken = store(&edited(breaks));
        let mut all = found(&broken);
        all.retain(|(code, ..)| !also.contains(code));
        if all != [(*code, long(object), *line)] {
            wrong.push(format!("{code} {breaks:?}: {all:?}"));
            continue;
        }
        let near_miss = found(&store(&edited(near)));
        if near_miss.iter().any(|(found, ..)| found == code) {
            wrong.push(format!("{code} near {near:?}: {near_miss:?}"));
        }
        fix(code, broken);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let tested: BTreeSet<&str> = cases.iter().map(|case| case.code).collect();
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(tested, rules);
}

/// Where a fix is offered, it removes the finding and makes no new one.
fn fix(code: &str, store: Store) {
    let findings = Findings::of(&store);
    let finding = findings.all().find(|finding| finding.code == code).unwrap();
    let changes = check::fix(&store, finding);
    if changes.is_empty() {
        return;
    }
    let errors = findings.count(Severity::Error);
    let mut session = Session::new(store);
    session.apply(&changes, "fix").unwrap_or_else(|(_, error)| panic!("{code}: {error}"));
    let after = Findings::of(session.store());
    assert!(after.all().all(|finding| finding.code != code), "{code} is still there");
    assert!(after.count(Severity::Error) <= errors, "{code} brought errors");
}

#[test]
fn rules_that_promise_a_fix_have_one() {
    let doubled = edited(&[
        (22, "</TaskLink>", "</TaskLink><TaskLink>@21</TaskLink>"),
        (23, "</", "</Member><Member>S-1-5-32-544</"),
        (31, "@51", "@99"),
        (32, "S-1-5-21-1-2-3-1001", "S-1-16-0"),
    ]);
    let store = store(&doubled);
    let findings = Findings::of(&store);
    let fixed: BTreeSet<&str> = findings
        .all()
        .filter(|finding| !check::fix(&store, finding).is_empty())
        .map(|finding| finding.code)
        .collect();
    let promised: BTreeSet<&str> =
        RULES.iter().filter(|rule| rule.fix.is_some()).map(|rule| rule.code).collect();
    assert_eq!(fixed, promised);
}

#[test]
fn rules_are_found_by_code() {
    assert_eq!(check::rule("az-412").unwrap().title, "role assignment without members");
    assert!(check::rule("AZ-999").is_none());
}
