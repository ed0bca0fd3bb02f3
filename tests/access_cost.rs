//! What a key costs in the access view and among denied checks does not grow with the store, nor with what was denied.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/cost.rs"]
mod cost;

use std::fmt::Write as _;
use std::time::Duration;

use azedit::app::denied::Events;
use azedit::app::dialog::Dialog;
use azedit::app::input::keys;
use azedit::app::listing::Listed;
use azedit::app::work::Parcel;
use azedit::app::{App, Effect, HostEvent, Input, OpenedFile, update};
use azedit::hyperv::events::{Attempt, Log};
use cost::least;

/// A program that shows who may do what in a store with so many scopes, three members in each.
fn with_scopes(scopes: usize) -> App {
    let guid = |number: usize| format!("00000000-0000-4000-8000-{number:012}");
    let mut xml = String::from("<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\">\n");
    let _ = write!(
        xml,
        "<AzApplication Guid=\"{}\" Name=\"A\"><AzOperation Guid=\"{}\" Name=\"O\"><OperationID>1</OperationID>\
         </AzOperation><AzTask Guid=\"{}\" Name=\"R\" RoleDefinition=\"True\"><OperationLink>{}</OperationLink></AzTask>",
        guid(1),
        guid(2),
        guid(3),
        guid(2)
    );
    for number in 0..scopes {
        let _ = write!(
            xml,
            "<AzScope Guid=\"{}\" Name=\"S{number}\"><AzRole Guid=\"{}\" Name=\"R\"><TaskLink>{}</TaskLink>",
            guid(10 + 2 * number),
            guid(11 + 2 * number),
            guid(3)
        );
        for member in 0..3 {
            let _ = write!(xml, "<Member>S-1-5-21-1-2-3-{}</Member>", 1000 + 3 * number + member);
        }
        xml.push_str("</AzRole></AzScope>");
    }
    xml.push_str("</AzApplication></AzAdminManager>");
    let mut app = App::new();
    update(&mut app, Input::Resize { width: 120, height: 40 });
    let file = OpenedFile { path: None, content: xml.into_bytes().into(), read_only: None, recovery: None };
    // What is read on another thread is there.
    for effect in update(&mut app, Input::Host(HostEvent::Opened(file))) {
        if let Effect::List(id) = effect {
            let doc = app.document(id).unwrap();
            let progress = doc.listing.progress().unwrap().clone();
            let listed = Parcel::new(Listed::of(doc.store(), &progress).unwrap());
            update(&mut app, Input::Host(HostEvent::Listed(id, progress, listed)));
        }
    }
    press(&mut app, "W PgDn PgDn");
    app
}

fn press(app: &mut App, sequence: &str) {
    for input in keys(sequence).unwrap() {
        update(app, input);
    }
}

#[test]
fn a_key_in_the_matrix_costs_the_same_with_fifty_times_the_scopes() {
    let (mut small, mut large) = (with_scopes(1_000), with_scopes(50_000));
    for sequence in [
        "Down",
        "PgDn PgUp",
        "Right > < Left",
        "Enter 4",
        "3 Right 4",
        "Enter End g Esc 4",
        "Enter Down x Esc 4",
    ] {
        let few = least(|| press(&mut small, sequence));
        let many = least(|| press(&mut large, sequence));
        // What is told apart here is a walk over 50,000 scopes, a millisecond and more in this build.
        assert!(
            many < few * 3 + Duration::from_micros(150),
            "{sequence}: {few:?} with 1,000 scopes, {many:?} with 50,000"
        );
    }
}

/// The same with so many denials in view: of each account two, at the application's own level and in a scope.
fn with_denials(scopes: usize, accounts: usize) -> App {
    let mut app = with_scopes(scopes);
    press(&mut app, "Esc Ctrl+E");
    let mut log = Log::default();
    for number in 0..accounts {
        for scope in [None, Some(format!("S{}", number % scopes))] {
            let account = format!("S-1-5-21-4-5-6-{}", 1000 + number);
            let (application, operation) = ("A".to_owned(), "O".to_owned());
            log.denied.insert(Attempt { account, application, scope, id: Some(1), operation }, 1);
        }
    }
    let events = Ok(Parcel::new(Events::of(log)));
    let path = "/logs/denied.xml".into();
    update(&mut app, Input::Host(HostEvent::Explained { path, explained: Some(events) }));
    assert!(matches!(app.dialogs.last(), Some(Dialog::Denials(view)) if view.attempts.len() == 2 * accounts));
    app
}

#[test]
fn a_key_among_denials_costs_the_same_with_fifty_times_the_scopes_and_denials() {
    let (mut small, mut large) = (with_denials(1_000, 200), with_denials(50_000, 10_000));
    for sequence in ["Down", "PgDn PgUp", "End Home", "f Down Down"] {
        let few = least(|| press(&mut small, sequence));
        let many = least(|| press(&mut large, sequence));
        assert!(
            many < few * 3 + Duration::from_micros(150),
            "{sequence}: {few:?} with 1,000 scopes and 400 denials, {many:?} with 50,000 and 20,000"
        );
    }
    // Each was granted something.
    for app in [&mut small, &mut large] {
        press(app, "Esc Esc");
        assert!(app.doc().unwrap().session.position() >= 40);
    }
}
