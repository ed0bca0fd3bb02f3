//! What questions about access cost in the editor once a store is open: milliseconds until it can draw and take the next
//! key, the median of several and the most. What is left to be looked at while no key waits is a line of its own, and so
//! is what another thread does. The time is that of a clock on the wall: on a machine that does something else too, give
//! it real-time priority.
//!
//! ```text
//! access_questions FILE
//! ```

#[path = "support/figures.rs"]
mod figures;

use std::time::Instant;

use azedit::app::input::keys;
use azedit::app::listing::Listed;
use azedit::app::work::Parcel;
use azedit::app::{App, Effect, HostEvent, Input, OpenedFile, update};
use azedit::check::Findings;
use azedit::hyperv;

/// Each question as keys, with what goes before it unmeasured; the view is open on the matrix of members. Of several
/// keys the longest counts.
const QUESTIONS: [(&str, &str, &str); 13] = [
    ("one account, every operation, its own level", "", "Enter"),
    ("one account, every operation, in a scope found by name", "Enter", "s \"0042\" Enter"),
    ("one operation, everybody, the application's own level", "", "2 \"100\" Enter"),
    ("one operation, everybody, in a scope found by name", "2 \"100\" Enter", "s \"0042\" Enter"),
    ("one operation, members by scopes", "", "o \"100\" Enter"),
    ("a page of members by scopes", "End", "PgUp"),
    ("a page of scopes across", "", ">"),
    ("a page of definitions by operations", "3 End", "PgUp"),
    ("an account by a part of its SID", "w", "\"-4711\" Enter"),
    ("what would grant an operation", "Enter s \"0042\" Enter End", "g"),
    ("what would withdraw an operation", "2 \"100\" Enter s \"0042\" Enter", "x"),
    ("what would let a definition reach an operation", "3 Down Down End Right", "g"),
    ("a change made and everything shown again", "Enter s \"0042\" Enter End g", "a"),
];

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// The editor, and what its host owes it.
struct Editor {
    app: App,
    goes_on: bool,
    slices: Vec<f64>,
}

impl Editor {
    /// Takes in one input; how long that takes.
    fn input(&mut self, input: Input) -> f64 {
        let start = Instant::now();
        let effects = update(&mut self.app, input);
        let spent = milliseconds(start);
        self.goes_on |= effects.contains(&Effect::GoOn);
        spent
    }

    /// Presses keys, each as soon as the one before is done; the longest.
    fn press(&mut self, sequence: &str) -> Result<f64, Box<dyn std::error::Error>> {
        let mut longest = 0.0_f64;
        for input in keys(sequence)? {
            longest = longest.max(self.input(input));
        }
        Ok(longest)
    }

    /// No key waits: what is left is looked at, slice by slice.
    fn rest(&mut self) -> f64 {
        let mut all = 0.0;
        while std::mem::take(&mut self.goes_on) {
            let slice = self.input(Input::Host(HostEvent::GoOn));
            self.slices.push(slice);
            all += slice;
        }
        all
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: access_questions FILE")?;
    let mut app = App::new();
    update(&mut app, Input::Resize { width: 120, height: 40 });
    let file =
        OpenedFile { path: None, content: std::fs::read(path)?.into(), read_only: None, recovery: None };
    let effects = update(&mut app, Input::Host(HostEvent::Opened(file)));
    let mut editor = Editor { app, goes_on: false, slices: Vec::new() };
    editor.press("Home Down Down")?;
    let mut figures: Vec<(String, Vec<f64>)> = Vec::new();
    let mut note = |what: &str, spent: f64| match figures.iter_mut().find(|(known, _)| known == what) {
        Some((_, times)) => times.push(spent),
        None => figures.push((what.to_owned(), vec![spent])),
    };
    for effect in effects {
        if let Effect::Check(id) = effect {
            let Some(doc) = editor.app.document(id) else { continue };
            let progress = doc.check.as_ref().map(|check| check.progress.clone()).unwrap_or_default();
            let start = Instant::now();
            Findings::of(doc.store());
            note("other threads: all rules but those about Hyper-V", milliseconds(start));
            let start = Instant::now();
            let findings = hyperv::findings(doc.store());
            note("other threads: all rules, with those about Hyper-V", milliseconds(start));
            let checked = HostEvent::Checked(id, progress, Parcel::new(findings));
            note("taking in what was found", editor.input(Input::Host(checked)));
        }
        if let Effect::List(id) = effect {
            note("opening the view while members are read", editor.press("W")?);
            editor.press("Esc Esc")?;
            let Some(doc) = editor.app.document(id) else { continue };
            let progress = doc.listing.progress().cloned().unwrap_or_default();
            let start = Instant::now();
            let copy = doc.store().clone();
            note("a first step while another thread looks at the store: copying it", milliseconds(start));
            drop(copy);
            let start = Instant::now();
            let listed = Listed::of(doc.store(), &progress).ok_or("stopped")?;
            note("other thread: reading all members, making all indexes", milliseconds(start));
            let listed = HostEvent::Listed(id, progress, Parcel::new(listed));
            note("taking in what the other thread read", editor.input(Input::Host(listed)));
        }
    }
    for _ in 0..5 {
        for (what, before, question) in QUESTIONS {
            note("opening the view", editor.press("W")?);
            editor.rest();
            editor.press(before)?;
            editor.rest();
            let steps = editor.app.doc().map_or(0, |doc| doc.session.position());
            note(what, editor.press(question)?);
            let rest = editor.rest();
            if rest > 0.0 {
                note(&format!("  and while no key waits: {what}"), rest);
            }
            if editor.app.doc().is_some_and(|doc| doc.session.position() > steps) {
                note("the same undone", editor.press("u")?);
            }
            // Out of whatever is open.
            editor.press("Esc Esc Esc Esc Home Down Down")?;
            editor.rest();
        }
    }
    note("the longest slice while no key waits", editor.slices.iter().copied().fold(0.0, f64::max));
    figures::print(figures)?;
    Ok(())
}
