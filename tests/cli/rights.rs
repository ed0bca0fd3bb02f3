//! Every template here is synthetic.

use serde_json::{Value, json};

use crate::support::Place;

const HEAD: &str = "[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n[Privilege Rights]\r\n";

fn utf16(text: &str) -> Vec<u8> {
    format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn policy(rights: &str) -> Vec<u8> {
    utf16(&format!("{HEAD}{rights}"))
}

const EXPORTED: &str = "SeChangeNotifyPrivilege = *S-1-1-0\r\nSeImpersonatePrivilege = *S-1-5-6\r\n\
                        SeCreateGlobalPrivilege = *S-1-5-6\r\n";

#[test]
fn a_policy_that_forgets_the_virtual_machines() {
    let place = Place::new();
    place.write("GptTmpl.inf", &policy("SeServiceLogonRight = *S-1-5-80-0,CONTOSO\\svc\r\n"));
    let run = place.run(&["rights", "GptTmpl.inf"]).exits(1);
    for text in [
        "SeServiceLogonRight",
        "S-1-5-83-0",
        "0x80070569",
        "gpupdate /force",
        "organizational unit",
        "gpresult",
    ] {
        assert!(run.out.contains(text), "{text} is not in {run:#?}");
    }
    let document = place.run(&["rights", "GptTmpl.inf", "--format", "json"]).exits(1).json();
    let file = &document["files"][0];
    assert_eq!((&file["path"], &file["kind"]), (&json!("GptTmpl.inf"), &json!("policy")));
    assert_eq!(
        file["rights"],
        json!([
            {"name": "SeServiceLogonRight", "state": "missing", "holders": ["S-1-5-80-0", "CONTOSO\\svc"]},
            {"name": "SeCreateSymbolicLinkPrivilege", "state": "not_defined", "holders": []},
            {"name": "SeDenyServiceLogonRight", "state": "not_defined", "holders": []},
        ])
    );
    let finding = &file["findings"][0];
    assert_eq!((&finding["severity"], &finding["right"]), (&json!("error"), &json!("SeServiceLogonRight")));
}

#[test]
fn absent_means_something_else_in_an_export() {
    let place = Place::new();
    place.write("none.inf", &policy("SeBackupPrivilege = *S-1-5-32-544\r\n"));
    place.run(&["rights", "none.inf"]).exits(0);
    place.run(&["rights", "none.inf", "--kind", "policy"]).exits(0);
    place.run(&["rights", "none.inf", "--kind", "export"]).exits(1).says("nobody");
    place.write("export.inf", &policy(EXPORTED));
    let document = place.run(&["rights", "export.inf", "--format", "json"]).exits(1).json();
    assert_eq!(document["files"][0]["kind"], "export");
    assert_eq!(document["files"][0]["rights"][0]["state"], "missing");
    let sound = format!(
        "{EXPORTED}SeServiceLogonRight = *S-1-5-80-0,*S-1-5-83-0\r\nSeCreateSymbolicLinkPrivilege = *S-1-5-83-0\r\n"
    );
    place.write("sound.inf", &policy(&sound));
    place.run(&["rights", "sound.inf"]).exits(0);
}

#[test]
fn where_the_kind_cannot_be_told_and_decides_it_is_asked_for() {
    let place = Place::new();
    let unclear = "SeChangeNotifyPrivilege = *S-1-1-0\r\n";
    place.write("a.inf", &policy(unclear));
    place.run(&["rights", "a.inf"]).exits(2).says("--kind");
    let sound =
        format!("{unclear}SeServiceLogonRight=*S-1-5-83-0\r\nSeCreateSymbolicLinkPrivilege=*S-1-5-83-0\r\n");
    place.write("b.inf", &policy(&sound));
    place.run(&["rights", "b.inf"]).exits(0);
}

#[test]
fn levels_and_older_hosts() {
    let place = Place::new();
    let one = "SeServiceLogonRight = *S-1-5-83-1-3655396106-1351506743-3915871121-3476744365\r\n";
    place.write("one.inf", &policy(one));
    place.run(&["rights", "one.inf"]).exits(0).says("warning RI-105");
    place.run(&["rights", "one.inf", "--fail-on", "warning"]).exits(1);
    place.run(&["rights", "one.inf", "--fail-on", "warning", "--before-2012"]).exits(0).says("RI-106");
}

#[test]
fn of_several_policies_the_last_that_defines_a_right_wins() {
    let place = Place::new();
    place.write("first.inf", &policy("SeServiceLogonRight = *S-1-5-80-0\r\n"));
    place.write("second.inf", &policy("SeServiceLogonRight = *S-1-5-83-0\r\n"));
    place.write("silent.inf", &policy(""));
    let document =
        place.run(&["rights", "first.inf", "second.inf", "silent.inf", "--format", "json"]).exits(1).json();
    assert_eq!(
        document["winners"],
        json!([{"name": "SeServiceLogonRight", "path": "second.inf", "state": "granted"}])
    );
    place.run(&["rights", "first.inf", "second.inf"]).exits(1).says("second.inf: virtual machines have it");
    place.run(&["rights", "second.inf", "first.inf"]).exits(1).says("first.inf: virtual machines lack it");
}

#[test]
fn what_is_no_template() {
    let place = Place::with_sample();
    let run = place.run(&["rights", "InitialStore.xml", "--format", "json"]).exits(3);
    assert_eq!(run.json()["error"]["kind"], "io");
    place.run(&["rights", "InitialStore.xml"]).exits(3).says("not a security template");
    place.run(&["rights", "missing.inf"]).exits(3).says("missing.inf");
    place.run(&["rights"]).exits(2);
    place.run(&["rights", "a.inf", "--local"]).exits(2);
    #[cfg(not(windows))]
    place.run(&["rights", "--local"]).exits(3).says("secedit /export");
}

#[test]
fn names_in_a_template_do_not_act_on_the_terminal() {
    let place = Place::new();
    place.write("a.inf", &policy("SeServiceLogonRight = x\u{1b}[2Jy\u{202e}\r\n"));
    let run = place.run(&["rights", "a.inf"]).exits(1);
    assert!(!run.out.contains('\u{1b}') && run.out.contains("\\u{1B}"), "{run:#?}");
    let json: Value = place.run(&["rights", "a.inf", "--format", "json"]).exits(1).json();
    assert_eq!(json["files"][0]["rights"][0]["holders"][0], "x\u{1b}[2Jy\u{202e}");
}

#[test]
fn names_can_stand_for_strings_of_the_file() {
    let place = Place::new();
    let rights =
        "SeServiceLogonRight = %SceInfAdmins%,%VMs%\r\nSeCreateSymbolicLinkPrivilege = %SceInfAdmins%\r\n";
    let strings = "[Strings]\r\nSceInfAdmins = Administrators\r\nVMs = \"*S-1-5-83-0\"\r\n";
    place.write("old.inf", &policy(&format!("{rights}{strings}")));
    let document = place.run(&["rights", "old.inf", "--kind", "policy", "--format", "json"]).exits(1).json();
    let rights = &document["files"][0]["rights"];
    assert_eq!((&rights[0]["state"], &rights[1]["state"]), (&json!("granted"), &json!("missing")));
    assert_eq!(rights[0]["holders"], json!(["S-1-5-32-544", "S-1-5-83-0"]));
    // A key without a string is nobody who is known.
    place.write("odd.inf", &policy("SeServiceLogonRight = %VMs%\r\n[Strings]\r\nVM = *S-1-5-83-0\r\n"));
    place.run(&["rights", "odd.inf"]).exits(1).says("\"%VMs%\"");
    // However many there are, in one line.
    let many = "%a%%b".repeat(200_000);
    place.write("many.inf", &policy(&format!("SeServiceLogonRight = {many}\r\n")));
    place.run(&["rights", "many.inf"]).exits(1);
}
