//! What a key and a frame cost does not grow with the store.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use azedit::app::input::keys;
use azedit::app::{App, HostEvent, Input, OpenedFile, update};
use azedit::ui::glyphs::{Glyphs, Tier};
use azedit::ui::paint;
use azedit::ui::theme::Theme;
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

/// The shortest of many runs: what it costs when nothing else is in the way.
fn shortest(mut run: impl FnMut()) -> Duration {
    (0..60)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .min()
        .unwrap()
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
    let start = Instant::now();
    press(&mut app, "y");
    assert_eq!(app.doc().unwrap().tree.rows().len(), 2, "the store and its groups are left");
    press(&mut app, "u");
    let time = start.elapsed();
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
    shortest(|| {
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
        let few = shortest(|| press(&mut small, sequence));
        let many = shortest(|| press(&mut large, sequence));
        assert!(many < few * 3, "{sequence}: {few:?} with 1,000 rows, {many:?} with 100,000 rows");
    }
}
