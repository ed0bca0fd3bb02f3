//! `explain`. Every event here is synthetic: made from the published template of event 4666.

use super::support::Place;

const JOE: &str = "S-1-5-21-1-2-3-1002";

fn event(account: &str, id: u32, scope: &str) -> String {
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>4666</EventID><Keywords>\
         0x8010000000000000</Keywords></System><EventData><Data Name='AppName'>Hyper-V services</Data><Data \
         Name='AppInstance'>1</Data><Data Name='ObjectName'>-</Data><Data Name='ScopeName'>{scope}</Data><Data \
         Name='ClientName'>{account}</Data><Data Name='ClientDomain'>CONTOSO</Data><Data Name='ClientLogonId'>1</Data><Data \
         Name='Role'/><Data Name='Group'/><Data Name='OperationName'>Read Service Configuration</Data><Data \
         Name='OperationId'>{id}</Data></EventData></Event>\r\n"
    )
}

#[test]
fn a_denial_is_explained_and_its_lines_mend_it() {
    let place = Place::with_sample();
    let store = "InitialStore.xml";
    let text = format!(
        "<?xml version=\"1.0\"?><Events>{}{}</Events>",
        event("joe", 100, ""),
        event("joe", 100, "-")
    );
    let utf16: Vec<u8> = format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    place.write("events.xml", &utf16);
    let sid = format!("CONTOSO\\joe={JOE}");
    let run = place.run(&["explain", store, "events.xml", "--sid", &sid]).exits(0);
    let run = run.says("CONTOSO\\joe (S-1-5-21-1-2-3-1002) in the default scope").says("denied 2 times");
    run.says("No role assignment in the default scope gives it").says("create role 'Service Access'");
    let json =
        place.run(&["explain", store, "events.xml", "--sid", &sid, "--format", "json"]).exits(0).json();
    let denial = &json["denials"][0];
    assert_eq!(denial["account"], "CONTOSO\\joe");
    assert_eq!(denial["sid"], JOE);
    assert_eq!(denial["application"], "Hyper-V services");
    assert_eq!(denial["operation"]["id"], 100);
    assert_eq!(denial["operation"]["name"], "Read Service Configuration");
    assert!(denial["scope"].is_null());
    assert_eq!(denial["count"], 2);
    assert_eq!(denial["why"], "no_grant");
    let lines: Vec<&str> =
        denial["fix"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    place.run_with(&["edit", store, "--script", "-"], lines.join("\n").as_bytes()).exits(0);
    place.run(&["can", store, JOE, "100"]).exits(0);
    let json = place.run(&["explain", store, "events.xml", "--sid", &sid, "--format", "json"]).json();
    assert_eq!(json["denials"][0]["why"], "allowed_now");
    assert_eq!(json["denials"][0]["fix"].as_array().unwrap().len(), 0);
}

#[test]
fn several_files_and_standard_input_are_one_log() {
    let place = Place::with_sample();
    place.write("a.xml", event("joe", 315, "Lab").as_bytes());
    let input = [event("joe", 315, "Lab"), event("ann", 100, "")].concat();
    let run =
        place.run_with(&["explain", "InitialStore.xml", "a.xml", "-", "--format", "json"], input.as_bytes());
    let json = run.exits(0).json();
    let told: Vec<_> = json["denials"]
        .as_array()
        .unwrap()
        .iter()
        .map(|denial| {
            (
                denial["account"].as_str().unwrap(),
                denial["why"].as_str().unwrap(),
                denial["count"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [("CONTOSO\\ann", "unknown_account", 1), ("CONTOSO\\joe", "unknown_scope", 2)]);
    // As a shell takes it: the backslash would be lost without quotes.
    let quote = if cfg!(windows) { '"' } else { '\'' };
    place
        .run_with(&["explain", "InitialStore.xml", "-"], event("ann", 100, "").as_bytes())
        .says(&format!("Which SID is CONTOSO\\ann? --sid {quote}CONTOSO\\ann=S-1-\u{2026}{quote} says it."));
}

#[test]
fn what_is_no_log_is_said() {
    let place = Place::with_sample();
    place.write("none.xml", b"<Events></Events>");
    place.run(&["explain", "InitialStore.xml", "none.xml"]).exits(0).says("no event is in it");
    place.write("bad.xml", b"<!DOCTYPE a><Events/>");
    place.run(&["explain", "InitialStore.xml", "bad.xml"]).exits(3).says("document type");
    let json = place.run(&["explain", "InitialStore.xml", "bad.xml", "--format", "json"]).exits(3).json();
    assert_eq!(json["error"]["kind"], "io");
    place.run(&["explain", "InitialStore.xml", "missing.xml"]).exits(3);
    place.run(&["explain", "InitialStore.xml"]).exits(2);
    place.run(&["explain", "InitialStore.xml", "none.xml", "--sid", "joe"]).exits(2).says("NAME=SID");
    // Names in events do not act on the terminal.
    place.write("hostile.xml", event("joe\u{1b}[2J\u{202e}", 100, "").as_bytes());
    let run = place.run(&["explain", "InitialStore.xml", "hostile.xml"]).exits(0);
    assert!(!run.out.contains(['\u{1b}', '\u{202e}']), "{}", run.out);
}

#[test]
fn what_cannot_be_read_is_named() {
    let place = Place::with_sample();
    std::fs::create_dir(place.path("folder")).unwrap();
    place.run(&["explain", "InitialStore.xml", "folder"]).exits(3).says("folder: a folder, not a file");
    place.run(&["explain", "InitialStore.xml", "none.xml"]).exits(3).says("none.xml: it does not exist");
    // A hyphen in the words is not the name of standard input.
    let ill_formed = place.run_with(&["explain", "InitialStore.xml", "-"], b"<Event>&amp</Event>").exits(3);
    assert!(ill_formed.err.starts_with("azedit: -: "), "{ill_formed:#?}");
}

#[test]
fn one_event_is_spoken_of_as_one() {
    let place = Place::with_sample();
    let other = event("joe", 100, "").replace("4666", "4624");
    place.write("events.xml", other.as_bytes());
    let run = place.run(&["explain", "InitialStore.xml", "events.xml"]).exits(0);
    run.says("1 event is about something else");
    place.write("events.xml", [other.as_str(), &other].concat().as_bytes());
    place
        .run(&["explain", "InitialStore.xml", "events.xml"])
        .exits(0)
        .says("2 events are about something else");
}
