//! What a key and a frame cost does not grow with the store.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/cost.rs"]
mod cost;

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::time::Duration;

use azedit::app::input::keys;
use azedit::app::listing::Listed;
use azedit::app::work::Parcel;
use azedit::app::{App, Effect, HostEvent, Input, OpenedFile, update};
use azedit::check::Findings;
use azedit::hyperv;
use azedit::store::{Change, Session, Store};
use azedit::ui::glyphs::{Glyphs, Tier};
use azedit::ui::paint;
use azedit::ui::theme::Theme;
use cost::{least, spent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A program that shows a store with so many groups, all of them rows of the tree.
fn with_rows(count: usize) -> App {
    let mut xml = String::from("<AzAdminManager MajorVersion=\"2\" MinorVersion=\"0\">\n");
    for number in 0..count {
        let _ = writeln!(
            xml,
            "\t<AzApplicationGroup Guid=\"00000000-0000-4000-8000-{number:012}\" Name=\"Group {number}\" \
             Description=\"\" GroupType=\"Basic\"><Member>S-1-5-21-1-2-3-{number}</Member></AzApplicationGroup>"
        );
    }
    xml.push_str("</AzAdminManager>");
    let mut app = App::new();
    update(&mut app, Input::Resize { width: 160, height: 50 });
    let file = OpenedFile { path: None, content: xml.into_bytes().into(), read_only: None, recovery: None };
    update(&mut app, Input::Host(HostEvent::Opened(file)));
    press(&mut app, "Down Right");
    assert_eq!(app.doc().unwrap().tree.rows().len(), count + 2);
    app
}

fn press(app: &mut App, sequence: &str) {
    for input in keys(sequence).unwrap() {
        update(app, input);
    }
}

/// How long it takes to delete an application with so many scopes, each with an assignment that has its role, and to
/// undo that.
fn delete_and_undo(scopes: usize) -> Duration {
    let guid = |number: usize| format!("00000000-0000-4000-8000-{number:012}");
    let mut xml = String::from("<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\">\n");
    let _ = write!(xml, "<AzApplication Guid=\"{}\" Name=\"A\">", guid(1));
    let _ = write!(xml, "<AzTask Guid=\"{}\" Name=\"R\" RoleDefinition=\"True\"/>", guid(2));
    for number in 0..scopes {
        let (scope, role) = (guid(10 + 2 * number), guid(11 + 2 * number));
        let _ = write!(
            xml,
            "<AzScope Guid=\"{scope}\" Name=\"S{number}\"><AzRole Guid=\"{role}\" Name=\"R\"><TaskLink>{}</TaskLink></AzRole></AzScope>",
            guid(2)
        );
    }
    xml.push_str("</AzApplication></AzAdminManager>");
    let mut app = App::new();
    app.developer = true;
    let file = OpenedFile { path: None, content: xml.into_bytes().into(), read_only: None, recovery: None };
    update(&mut app, Input::Host(HostEvent::Opened(file)));
    press(&mut app, "Down Down Del");
    let time = spent(|| {
        press(&mut app, "y");
        assert_eq!(app.doc().unwrap().tree.rows().len(), 2, "the store and its groups are left");
        press(&mut app, "u");
    });
    assert!(app.doc().unwrap().tree.rows().len() > scopes);
    time
}

#[test]
fn deleting_an_application_takes_time_by_its_scopes_and_not_by_their_square() {
    let (few, many) = (delete_and_undo(2_000), delete_and_undo(40_000));
    assert!(many < few * 30, "{few:?} with 2,000 scopes, {many:?} with 40,000");
}

fn frame(app: &App) -> Duration {
    let theme = Theme::builtin("dark").unwrap();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 160, 50));
    least(|| {
        paint(app, &theme, Glyphs::of(Tier::Unicode), &mut buffer);
    })
}

#[test]
fn a_frame_and_a_key_cost_the_same_with_a_hundred_times_the_rows() {
    let mut small = with_rows(1_000);
    let mut large = with_rows(100_000);
    let (few, many) = (frame(&small), frame(&large));
    assert!(many < few * 2, "a frame of 1,000 rows takes {few:?}, of 100,000 rows {many:?}");
    // From the middle, so that both lists scroll.
    press(&mut small, "PgDn PgDn PgDn");
    press(&mut large, "PgDn PgDn PgDn");
    for sequence in ["Down", "PgDn PgUp", "Enter Esc", "Left"] {
        let few = least(|| press(&mut small, sequence));
        let many = least(|| press(&mut large, sequence));
        assert!(many < few * 3, "{sequence}: {few:?} with 1,000 rows, {many:?} with 100,000 rows");
    }
}

/// A Hyper-V store with so many scopes, each with two members who cannot connect.
fn store_with_scopes(scopes: usize) -> Vec<u8> {
    let guid = |number: usize| format!("00000000-0000-4000-8000-{number:012}");
    let mut xml = String::from("<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\">\n");
    let _ = write!(xml, "<AzApplication Guid=\"{}\" Name=\"Hyper-V services\">", guid(1));
    let _ = write!(
        xml,
        "<AzOperation Guid=\"{}\" Name=\"Start Virtual Machine\"><OperationID>315</OperationID></AzOperation>",
        guid(2)
    );
    let _ = write!(
        xml,
        "<AzTask Guid=\"{}\" Name=\"R\" RoleDefinition=\"True\"><OperationLink>{}</OperationLink></AzTask>",
        guid(3),
        guid(2)
    );
    for number in 0..scopes {
        let (scope, assignment) = (guid(10 + 2 * number), guid(11 + 2 * number));
        let _ = write!(
            xml,
            "<AzScope Guid=\"{scope}\" Name=\"S{number}\"><AzRole Guid=\"{assignment}\" Name=\"A\">"
        );
        let _ = write!(xml, "<TaskLink>{}</TaskLink>", guid(3));
        for member in 0..2 {
            let _ = write!(xml, "<Member>S-1-5-21-1-2-3-{}</Member>", 1000 + 2 * number + member);
        }
        xml.push_str("</AzRole></AzScope>");
    }
    xml.push_str("</AzApplication></AzAdminManager>");
    xml.into_bytes()
}

/// A program that shows it. All that other threads read of it is there.
fn with_scopes(scopes: usize) -> App {
    let mut app = App::new();
    app.developer = true;
    update(&mut app, Input::Resize { width: 120, height: 40 });
    let content = store_with_scopes(scopes).into();
    let file = OpenedFile { path: None, content, read_only: None, recovery: None };
    let mut effects = VecDeque::from(update(&mut app, Input::Host(HostEvent::Opened(file))));
    while let Some(effect) = effects.pop_front() {
        if let Some(answer) = other_threads(&app, &effect) {
            effects.extend(update(&mut app, Input::Host(answer)));
        }
    }
    app
}

/// What another thread finds out.
fn other_threads(app: &App, effect: &Effect) -> Option<HostEvent> {
    match effect {
        Effect::Check(id) => {
            let doc = app.document(*id)?;
            let progress = doc.check.as_ref()?.progress.clone();
            Some(HostEvent::Checked(*id, progress, Parcel::new(hyperv::findings(doc.store()))))
        }
        Effect::List(id) => {
            let doc = app.document(*id)?;
            let progress = doc.listing.progress()?.clone();
            let listed = Parcel::new(Listed::of(doc.store(), &progress)?);
            Some(HostEvent::Listed(*id, progress, listed))
        }
        _ => None,
    }
}

/// What is wrong, kept up to date: the larger part of what a change costs. The rest is the tree's, whose rows are looked
/// through where one comes or goes; that is measured by `examples/change_costs.rs`.
#[test]
fn looking_again_after_a_change_costs_the_same_with_twenty_times_the_scopes() {
    let of = |scopes: usize| {
        let store = Store::open(store_with_scopes(scopes)).unwrap();
        let findings = hyperv::findings(&store);
        assert_eq!(findings.count_of("HV-101").0, 1, "they are too many to be told one by one");
        store.index_all();
        (Session::new(store), findings)
    };
    let (mut small, mut large) = (of(2_000), of(40_000));
    for line in [
        "set scope S1000 description Else",
        "rename scope S1000 Other",
        "create scope Other",
        "delete scope S1000",
        "add assignment A --in S1000 --member S-1-5-21-1-2-3-4",
        "delete assignment A --in S1000",
        "create assignment B --in S1000 --member S-1-5-21-1-2-3-4",
    ] {
        let change = [Change::parse(line).unwrap()];
        let cost = |(session, findings): &mut (Session, Findings)| {
            least(|| {
                let applied = session.apply(&change, line).unwrap();
                assert!(findings.update_within(session.store(), &applied.touched, 1_000), "{line}");
                let undone = session.undo().unwrap();
                assert!(findings.update_within(session.store(), &undone.touched, 1_000), "{line}");
            })
        };
        let (few, many) = (cost(&mut small), cost(&mut large));
        // What is told apart here is a walk over 40,000 scopes, a millisecond and more in this build.
        let most = few * 3 + Duration::from_micros(500);
        assert!(many < most, "{line}: {few:?} with 2,000 scopes, {many:?} with 40,000");
    }
}

#[test]
fn what_changes_everybodys_rights_is_judged_on_another_thread() {
    let mut app = with_scopes(40_000);
    let change = |app: &mut App, line: &str| {
        press(app, ":");
        update(app, Input::Paste(line.to_owned()));
        let mut effects = Vec::new();
        for input in keys("Enter").unwrap() {
            effects.extend(update(app, input));
        }
        effects
    };
    let found =
        |app: &App| app.doc().unwrap().findings.as_ref().map(|findings| findings.count_of("HV-101").0);
    // A name is said anew without judging anybody.
    assert_eq!(found(&app), Some(1), "too many to be told one by one");
    assert!(!change(&mut app, "rename role R Other").iter().any(|effect| matches!(effect, Effect::Check(_))));
    assert_eq!(found(&app), Some(1));
    let effects = change(&mut app, "remove role Other --operation 'Start Virtual Machine'");
    assert_eq!(found(&app), None, "nobody waits for it");
    let check = effects.iter().find(|effect| matches!(effect, Effect::Check(_))).unwrap();
    let answer = other_threads(&app, check).unwrap();
    update(&mut app, Input::Host(answer));
    assert_eq!(found(&app), Some(0));
}
