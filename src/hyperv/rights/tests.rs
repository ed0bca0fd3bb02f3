//! Every template here is synthetic; the lines of `EXPORT` are those of a published export of a real host.

use super::*;

const EXPORT: &str = "[Privilege Rights]\nSeChangeNotifyPrivilege = *S-1-1-0\nSeImpersonatePrivilege = *S-1-5-6\n\
    SeCreateGlobalPrivilege = *S-1-5-6\nSeServiceLogonRight = *S-1-5-80-0,*S-1-5-83-0,*S-1-5-99-0\n\
    SeCreateSymbolicLinkPrivilege = *S-1-5-32-544,*S-1-5-83-0\n[Version]\n";

fn template(rights: &str) -> Template {
    Template::read(format!("[Version]\n[Privilege Rights]\n{rights}").as_bytes()).unwrap()
}

fn codes(judgement: &Judgement) -> Vec<(&str, &str)> {
    judgement.findings.iter().map(|f| (f.code, f.right.unwrap_or_default())).collect()
}

fn states(judgement: &Judgement) -> [State; 3] {
    let states: Vec<_> = judgement.rights.iter().map(|right| right.state).collect();
    states.try_into().unwrap()
}

#[test]
fn a_sound_export() {
    let template = Template::read(EXPORT.as_bytes()).unwrap();
    assert_eq!(Kind::guess("rights.inf", &template), Some(Kind::Export));
    let judgement = judge(&template, Kind::Export);
    assert_eq!(states(&judgement), [State::Granted, State::Granted, State::NotDefined]);
    assert!(codes(&judgement).is_empty(), "{judgement:?}");
}

#[test]
fn absent_is_safe_in_a_policy_and_an_error_in_an_export() {
    let empty = template("");
    let policy = judge(&empty, Kind::Policy);
    assert_eq!((states(&policy), codes(&policy)), ([State::NotDefined; 3], Vec::new()));
    let export = judge(&empty, Kind::Export);
    assert_eq!(states(&export), [State::Missing, State::Missing, State::NotDefined]);
    assert_eq!(codes(&export), [("RI-101", SERVICE_LOGON), ("RI-101", SYMBOLIC_LINK)]);
}

#[test]
fn granted_to_others_is_an_error_for_each_right_by_itself() {
    let all_services =
        template("SeServiceLogonRight = *S-1-5-80-0\nSeCreateSymbolicLinkPrivilege=*S-1-5-83-0\n");
    let judgement = judge(&all_services, Kind::Policy);
    assert_eq!(states(&judgement), [State::Missing, State::Granted, State::NotDefined]);
    assert_eq!(codes(&judgement), [("RI-102", SERVICE_LOGON), ("RI-107", "")]);
    let finding = &judgement.findings[0];
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.consequence.unwrap().contains("0x80070569"), "{finding:?}");
    assert!(finding.fix.as_ref().unwrap().contains("organizational unit"), "{finding:?}");
    assert!(finding.cure.unwrap().contains("gpupdate /force"), "{finding:?}");
}

#[test]
fn the_group_by_a_name_in_any_language_counts() {
    for name in
        ["NT VIRTUAL MACHINE\\Virtual Machines", "nt virtual machine\\Virtuelle Computer", "*S-1-5-83-0"]
    {
        let judgement = judge(&template(&format!("SeServiceLogonRight = {name}\n")), Kind::Policy);
        assert_eq!(states(&judgement)[0], State::Granted, "{name}");
    }
    let other = judge(&template("SeServiceLogonRight = CONTOSO\\Virtual Machines\n"), Kind::Policy);
    assert_eq!(codes(&other)[..2], [("RI-102", SERVICE_LOGON), ("RI-108", SERVICE_LOGON)]);
}

#[test]
fn defined_and_empty_is_an_error() {
    let judgement = judge(&template("SeServiceLogonRight =\n"), Kind::Policy);
    assert_eq!(states(&judgement)[0], State::Empty);
    assert_eq!(codes(&judgement)[0], ("RI-103", SERVICE_LOGON));
}

#[test]
fn denying_the_group_everyone_or_services_is_an_error() {
    for (who, denied) in [
        ("*S-1-5-83-0", true),
        ("Everyone", true),
        ("*S-1-5-6", true),
        ("Guest", false),
        ("*S-1-5-83-1-1-2-3-4", false),
    ] {
        let rights = format!(
            "SeServiceLogonRight = *S-1-5-83-0\nSeCreateSymbolicLinkPrivilege = *S-1-5-83-0\n\
             SeDenyServiceLogonRight = *S-1-5-32-546,{who}\n"
        );
        let judgement = judge(&template(&rights), Kind::Export);
        assert_eq!(states(&judgement)[2], if denied { State::Denied } else { State::Granted }, "{who}");
        assert_eq!(codes(&judgement) == [("RI-104", DENY_SERVICE_LOGON)], denied, "{who}");
    }
}

#[test]
fn single_machines_are_not_enough() {
    let rights =
        "SeServiceLogonRight = *S-1-5-80-0,*S-1-5-83-1-3655396106-1351506743-3915871121-3476744365\n";
    let judgement = judge(&template(rights), Kind::Policy);
    assert_eq!(codes(&judgement)[0], ("RI-105", SERVICE_LOGON));
    assert_eq!(judgement.findings[0].severity, Severity::Warning);
}

#[test]
fn a_machine_by_its_name_is_not_the_group() {
    let name = "NT VIRTUAL MACHINE\\E57917F3-31C3-456E-B1BA-5E45B4CC7E0C";
    let judgement = judge(&template(&format!("SeServiceLogonRight = {name}\n")), Kind::Policy);
    assert_eq!(states(&judgement)[0], State::Missing);
    assert_eq!(codes(&judgement)[0], ("RI-105", SERVICE_LOGON));
}

#[test]
fn older_hosts_need_none_of_it() {
    let judgement = judge_before_2012(&template("SeServiceLogonRight =\n"), Kind::Policy);
    assert_eq!(codes(&judgement), [("RI-106", "")]);
    assert_eq!(judgement.findings[0].severity, Severity::Info);
}

#[test]
fn of_two_lines_the_worse_counts() {
    let rights = "SeServiceLogonRight = *S-1-5-83-0\nSeServiceLogonRight = *S-1-5-80-0\n";
    let judgement = judge(&template(rights), Kind::Policy);
    assert_eq!(codes(&judgement)[..2], [("RI-102", SERVICE_LOGON), ("RI-109", SERVICE_LOGON)]);
}

#[test]
fn the_last_policy_that_defines_a_right_wins() {
    let judged = |rights: &str, kind| judge(&template(rights), kind);
    let lacking = judged("SeServiceLogonRight = *S-1-5-80-0\n", Kind::Policy);
    let granting = judged("SeServiceLogonRight = *S-1-5-83-0\n", Kind::Policy);
    let silent = judged("", Kind::Policy);
    let export = judged("", Kind::Export);
    assert_eq!(winner(&[&lacking, &granting, &silent, &export], SERVICE_LOGON), Some(1));
    assert_eq!(winner(&[&granting, &lacking], SERVICE_LOGON), Some(1));
    assert_eq!(winner(&[&silent, &export], SERVICE_LOGON), None);
}

#[test]
fn the_kind_is_guessed_only_where_it_is_clear() {
    let guess = |path: &str, rights: &str| Kind::guess(path, &template(rights));
    assert_eq!(
        guess(r"\\dc\SYSVOL\x\Machine\Microsoft\Windows NT\SecEdit\GptTmpl.inf", ""),
        Some(Kind::Policy)
    );
    assert_eq!(guess("a.inf", "SeServiceLogonRight = *S-1-5-80-0\n"), Some(Kind::Policy));
    assert_eq!(guess("a.inf", "SeChangeNotifyPrivilege = *S-1-1-0\n"), None);
    let all = "SeChangeNotifyPrivilege = a\nSeImpersonatePrivilege = a\nSeCreateGlobalPrivilege = a\n";
    assert_eq!(guess("a.inf", all), Some(Kind::Export));
    assert_eq!(guess("/gpo/gpttmpl.INF", all), Some(Kind::Policy));
}
