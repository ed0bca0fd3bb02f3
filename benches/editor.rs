//! What a frame and a key cost in the editor, with a thousand rows and with a million.
//!
//! `cargo bench --bench editor`. The terminal is not in it: only the state machine and the drawing into cells.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write as _;

use azedit::app::input::keys;
use azedit::app::{App, HostEvent, Input, OpenedFile, update};
use azedit::ui::glyphs::{Glyphs, Tier};
use azedit::ui::paint;
use azedit::ui::theme::Theme;
use criterion::{Criterion, criterion_group, criterion_main};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A program in a window of 160 × 50 that shows so many groups, all of them rows of the tree.
fn with_rows(count: usize) -> App {
    let mut xml = String::from("<AzAdminManager MajorVersion=\"2\" MinorVersion=\"0\">\n");
    for number in 0..count {
        let _ = writeln!(
            xml,
            "\t<AzApplicationGroup Guid=\"00000000-0000-4000-8000-{number:012}\" Name=\"Group {number}\" \
             GroupType=\"Basic\"><Member>S-1-5-21-1-2-3-{number}</Member></AzApplicationGroup>"
        );
    }
    xml.push_str("</AzAdminManager>");
    let mut app = App::new();
    update(&mut app, Input::Resize { width: 160, height: 50 });
    let file = OpenedFile { path: None, content: xml.into_bytes().into(), read_only: None, recovery: None };
    update(&mut app, Input::Host(HostEvent::Opened(file)));
    press(&mut app, &keys("Down Right PgDn PgDn").unwrap());
    app
}

fn press(app: &mut App, inputs: &[Input]) {
    for input in inputs {
        update(app, input.clone());
    }
}

fn editor(c: &mut Criterion) {
    let theme = Theme::builtin("dark").unwrap();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 160, 50));
    for count in [1_000, 1_000_000] {
        let mut app = with_rows(count);
        c.bench_function(&format!("frame 160x50, {count} rows"), |b| {
            b.iter(|| paint(&app, &theme, Glyphs::of(Tier::Unicode), &mut buffer));
        });
        let down_up = keys("Down Up").unwrap();
        c.bench_function(&format!("Down and Up, {count} rows"), |b| b.iter(|| press(&mut app, &down_up)));
        let rename = keys("F2 \"x\" Enter u").unwrap();
        c.bench_function(&format!("rename and undo, {count} rows"), |b| b.iter(|| press(&mut app, &rename)));
    }
}

criterion_group!(benches, editor);
criterion_main!(benches);
