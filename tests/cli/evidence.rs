//! Every configuration here is synthetic, in the form of a published file of the time of 2012 R2.

use serde_json::json;

use crate::support::Place;

const JOHN: &str = "E57917F3-31C3-456E-B1BA-5E45B4CC7E0C";

fn config(name: &str, scope: &str) -> Vec<u8> {
    let text = format!(
        "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-16\" standalone=\"yes\"?>\r\n<configuration><_{JOHN}_><Connection>\
         <AuthorizationScope type=\"string\">{scope}</AuthorizationScope></Connection></_{JOHN}_><properties><global_id \
         type=\"string\">{JOHN}</global_id><name type=\"string\">{name}</name><version type=\"integer\">1280</version>\
         </properties></configuration>"
    );
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// As on a host: machines in a folder of a folder, and the store beside.
fn host() -> Place {
    let place = Place::with_sample();
    std::fs::create_dir_all(place.path("hyperv/Virtual Machines")).unwrap();
    std::fs::copy(place.path("InitialStore.xml"), place.path("hyperv/InitialStore.xml")).unwrap();
    place.write("hyperv/Virtual Machines/a.XML", &config("Johns VM", "Johns VM Scope"));
    place.write("hyperv/Virtual Machines/a.bin", b"state");
    place
}

#[test]
fn a_folder_is_looked_through_and_nothing_in_it_changes() {
    let place = host();
    let before = place.read("hyperv/Virtual Machines/a.XML");
    let run = place.run(&["vm", "config", "hyperv"]).exits(0);
    for text in
        ["a.XML", "Johns VM", JOHN, "Connection/AuthorizationScope is \"Johns VM Scope\"", "evidence and not"]
    {
        assert!(run.out.contains(text), "{text} is not in {run:#?}");
    }
    assert!(!run.out.contains("InitialStore.xml"));
    let document = place.run(&["vm", "config", "hyperv", "--format", "json"]).exits(0).json();
    let file = &document["files"][0];
    assert_eq!(
        (&file["guid"], &file["name"], &file["error"]),
        (&json!(JOHN), &json!("Johns VM"), &json!(null))
    );
    assert_eq!(file["evidence"][0]["value"], "Johns VM Scope");
    assert_eq!(place.read("hyperv/Virtual Machines/a.XML"), before);
}

#[test]
fn what_cannot_be_read_says_where_or_what_it_is() {
    let place = host();
    place.write("b.vmcx", b"\x01\x02");
    place.run(&["vm", "config", "b.vmcx"]).exits(3).says("not every file");
    let run = place.run(&["vm", "config", "b.vmcx", "hyperv"]).exits(3);
    assert!(run.out.contains("VMCX") && run.out.contains("Johns VM"), "{run:#?}");
    let mut cut = config("Johns VM", "");
    cut.truncate(cut.len() - 40);
    place.write("cut.xml", &cut);
    let document = place.run(&["vm", "config", "cut.xml", "--format", "json"]).exits(3).json();
    let why = document["files"][0]["error"].as_str().unwrap();
    assert!(why.starts_with("2:"), "{why}");
    let run = place.run(&["vm", "config", "InitialStore.xml"]).exits(3);
    assert!(run.out.contains("its root is <AzAdminManager>"), "{run:#?}");
    place.run(&["vm", "config", "missing.xml"]).exits(3).says("missing.xml");
    std::fs::create_dir(place.path("empty")).unwrap();
    let run = place.run(&["vm", "config", "empty"]).exits(0);
    assert!(run.out.contains("No configuration"), "{run:#?}");
    place.run(&["vm", "config"]).exits(2);
}

#[test]
fn hostile_names_do_not_act_on_the_terminal() {
    let place = Place::new();
    place.write("a.xml", &config("a\u{202E}b\u{85}", "x\u{200B}"));
    let run = place.run(&["vm", "config", "a.xml"]).exits(0);
    assert!(run.out.contains("a\\u{202E}b\\u{85}") && run.out.contains("x\\u{200B}"), "{run:#?}");
}
