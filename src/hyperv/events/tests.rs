//! The events here are synthetic: made from the published template, not exported from a host.

use super::*;

/// An event 4666 as `wevtutil qe Security /f:xml` writes it. Synthetic.
fn attempt(account: &str, id: u32, scope: &str, keywords: &str) -> String {
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider \
         Name='Microsoft-Windows-Security-Auditing' Guid='{{54849625-5478-4994-a5ba-3e3b0328c30d}}'/><EventID>4666</EventID>\
         <Version>0</Version><Level>0</Level><Keywords>{keywords}</Keywords><Computer>host</Computer><Security/></System><EventData>\
         <Data Name='AppName'>Hyper-V services</Data><Data Name='AppInstance'>4503599627370496</Data>\
         <Data Name='ObjectName'>-</Data><Data Name='ScopeName'>{scope}</Data><Data Name='ClientName'>{account}</Data>\
         <Data Name='ClientDomain'>CONTOSO</Data><Data Name='ClientLogonId'>123456</Data><Data Name='Role'></Data>\
         <Data Name='Group'></Data><Data Name='OperationName'>Operation {id}</Data><Data Name='OperationId'>{id}</Data>\
         </EventData></Event>"
    )
}

const FAILURE: &str = "0x8010000000000000";
const SUCCESS: &str = "0x8020000000000000";

fn log(text: &str) -> Log {
    let mut log = Log::default();
    log.read(text.as_bytes()).unwrap();
    log
}

fn only(log: &Log) -> &Attempt {
    assert_eq!(log.denied.len(), 1, "{log:?}");
    log.denied.keys().next().unwrap()
}

#[test]
fn a_denial_says_who_asked_for_what_and_where() {
    let log = log(&attempt("joe", 315, "Joes VM &amp; Scope", FAILURE));
    let expected = Attempt {
        account: "CONTOSO\\joe".to_owned(),
        application: "Hyper-V services".to_owned(),
        scope: Some("Joes VM & Scope".to_owned()),
        id: Some(315),
        operation: "Operation 315".to_owned(),
    };
    assert_eq!(only(&log), &expected);
}

#[test]
fn a_denial_that_says_nothing_is_none() {
    let empty = "<Event><System><EventID>4666</EventID></System><EventData><Data Name='AppName'/></EventData></Event>";
    let log = log(&empty.repeat(2));
    assert!(log.denied.is_empty());
    assert_eq!(log.others, 2);
}

#[test]
fn with_a_root_and_without_in_any_encoding_it_is_the_same() {
    let two = [attempt("joe", 100, "", FAILURE), attempt("joe", 100, "-", FAILURE)].join("\r\n");
    let rooted = format!(
        "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<Events>{}</Events>",
        two.replace(
            "</EventData>",
            "</EventData><RenderingInfo Culture='en-US'><Message>text</Message><Keywords>\
        <Keyword>Audit Success</Keyword></Keywords><EventID>1</EventID></RenderingInfo>"
        )
    );
    let expected = log(&two);
    assert_eq!(expected.denied.values().collect::<Vec<_>>(), [&2], "blank and - are the default scope");
    assert_eq!(only(&expected).scope, None);
    assert_eq!(log(&rooted), expected);
    let utf16: Vec<u8> = rooted.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut read = Log::default();
    read.read(utf16.as_slice()).unwrap();
    assert_eq!(read, expected);
    assert_eq!(log(&format!("{rooted}{rooted}")).denied.values().sum::<u64>(), 4, "files put together");
}

#[test]
fn fields_without_names_are_known_by_their_places() {
    let mut text = attempt("joe", 315, "Lab", FAILURE);
    for name in ATTEMPT {
        text = text.replace(&format!("<Data Name='{name}'>"), "<Data>");
    }
    assert_eq!(log(&text), log(&attempt("joe", 315, "Lab", FAILURE)));
}

#[test]
fn what_was_allowed_and_what_is_something_else_is_counted() {
    let opened = attempt("joe", 1, "", FAILURE)
        .replace(">4666<", ">4668<")
        .replace("'OperationId'>1<", "'StoreUrl'>msxml://C:\\InitialStore.xml<");
    let texts = [
        attempt("joe", 100, "", SUCCESS),
        opened.clone(),
        opened,
        attempt("joe", 100, "", FAILURE).replace(">4666<", ">4665<"),
        attempt("joe", 100, "", FAILURE).replace(">4666<", ">4624<"),
    ];
    let log = log(&texts.concat());
    assert_eq!((log.allowed, log.about_clients, log.others, log.denied.len()), (1, 3, 1, 0));
    assert_eq!(log.stores, ["msxml://C:\\InitialStore.xml"]);
    assert!(!log.is_empty() && Log::default().is_empty());
}

#[test]
fn many_events_cost_as_much_memory_as_they_differ() {
    struct Many(String, usize, usize);
    impl Read for Many {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.1 == 0 {
                return Ok(0);
            }
            let rest = &self.0.as_bytes()[self.2..];
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            self.2 += count;
            if self.2 == self.0.len() {
                (self.1, self.2) = (self.1 - 1, 0);
            }
            Ok(count)
        }
    }
    let mut log = Log::default();
    log.read(Many(attempt("joe", 100, "", FAILURE), 20_000, 0)).unwrap();
    assert_eq!(log.denied.values().collect::<Vec<_>>(), [&20_000]);
    let mut log = Log::default();
    for number in 0..MOST + 3 {
        log.deny(Attempt {
            account: number.to_string(),
            application: String::new(),
            scope: None,
            id: None,
            operation: String::new(),
        });
    }
    assert_eq!((log.denied.len(), log.more), (MOST, 3));
}

#[test]
fn broken_files_say_where() {
    let mut log = Log::default();
    let whole = attempt("joe", 100, "", FAILURE);
    let error = log.read(format!("{whole}<Event><System><EventID").as_bytes()).unwrap_err();
    assert!(error.at >= whole.len() as u64, "{error}");
    assert_eq!(log.denied.len(), 1, "what came before is kept");
    assert!(Log::default().read("no XML".as_bytes()).is_ok(), "it has no event, which is said elsewhere");
}
