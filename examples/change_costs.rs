//! What changes cost in the editor once a store is open and all that other threads read of it is there: milliseconds
//! until it can draw and take the next key, the median of several and the most. The time is that of a clock on the wall:
//! on a machine that does something else too, give it real-time priority.
//!
//! ```text
//! change_costs FILE
//! ```

#[path = "support/figures.rs"]
mod figures;

use std::time::Instant;

use azedit::app::denied::Events;
use azedit::app::input::keys;
use azedit::app::listing::Listed;
use azedit::app::work::Parcel;
use azedit::app::{App, Effect, HostEvent, Input, OpenedFile, update};
use azedit::hyperv;
use azedit::hyperv::events::{Attempt, Log};
use azedit::store::Kind;

/// Each change as a line of the palette; OF is an assignment in the middle of the store, IN its scope, ROLE its role
/// definition.
const CHANGES: [(&str, &str); 10] = [
    ("describe a scope", "set scope IN description \"Something else\""),
    ("rename a scope", "rename scope IN Renamed"),
    ("create a scope", "create scope Created"),
    ("delete a scope", "delete scope IN"),
    ("create an assignment", "create assignment Created --in IN --role ROLE --member S-1-5-21-1-2-3-4711"),
    ("add a member", "add assignment OF --in IN --member S-1-5-21-1-2-3-4711"),
    ("delete an assignment", "delete assignment OF --in IN"),
    ("describe a role definition", "set role ROLE description \"Something else\""),
    ("rename a role definition", "rename role ROLE Renamed"),
    ("describe the application", "set application APP description \"Something else\""),
];

/// So many denials, two of each account.
const DENIALS: usize = 20_000;

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

struct Figures(Vec<(String, Vec<f64>)>);

impl Figures {
    fn note(&mut self, what: &str, spent: f64) {
        match self.0.iter_mut().find(|(known, _)| known == what) {
            Some((_, times)) => times.push(spent),
            None => self.0.push((what.to_owned(), vec![spent])),
        }
    }

    /// Presses keys; the longest is noted.
    fn press(&mut self, app: &mut App, what: &str, sequence: &str) -> Result<(), Box<dyn std::error::Error>> {
        let mut longest = 0.0_f64;
        for input in keys(sequence)? {
            let start = Instant::now();
            update(app, input);
            longest = longest.max(milliseconds(start));
        }
        self.note(what, longest);
        Ok(())
    }
}

fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "'\\''"))
}

/// The lines of [`CHANGES`], about something in the middle of this store.
fn lines(app: &App) -> Option<Vec<(&'static str, String)>> {
    let store = app.doc()?.store();
    let application = store.children_of(store.root(), Kind::Application).next()?;
    let scopes: Vec<_> = store.children_of(application, Kind::Scope).collect();
    let scope = *scopes.get(scopes.len() / 2)?;
    let assignment = store.children_of(scope, Kind::Assignment).next()?;
    let role = store.children_of(application, Kind::Role).next()?;
    let name = |id| quoted(&store.name(id));
    let line = |(what, line): (&'static str, &str)| {
        let line = line.replace("APP", &name(application)).replace("ROLE", &name(role));
        (what, line.replace("OF", &name(assignment)).replace("IN", &name(scope)))
    };
    Some(CHANGES.into_iter().map(line).collect())
}

/// Denials of accounts that the store does not know, at the application's own level and in scopes.
fn denied(app: &App) -> Option<Log> {
    let store = app.doc()?.store();
    let application = store.children_of(store.root(), Kind::Application).next()?;
    let operation = store.children_of(application, Kind::Operation).next()?;
    let mut log = Log::default();
    let scopes: Vec<_> = store.children_of(application, Kind::Scope).collect();
    for number in 0..DENIALS / 2 {
        let scope = scopes.get(number % scopes.len()).map(|&scope| store.name(scope).into_owned());
        for scope in [None, scope] {
            let attempt = Attempt {
                account: format!("S-1-5-21-4-5-6-{}", 1000 + number),
                application: store.name(application).into_owned(),
                scope,
                id: store.operation_id(operation),
                operation: store.name(operation).into_owned(),
            };
            log.denied.insert(attempt, 1);
        }
    }
    Some(log)
}

/// Presses keys among denials, and has another thread's work done for the last of them.
fn among_denials(app: &mut App, figures: &mut Figures) -> Result<(), Box<dyn std::error::Error>> {
    for input in keys("Ctrl+E")? {
        update(app, input);
    }
    let log = denied(app).ok_or("no application with an operation and scopes")?;
    let events = Parcel::new(Events::of(log));
    let start = Instant::now();
    let read = HostEvent::Explained { path: "denied.xml".into(), explained: Some(Ok(events)) };
    update(app, Input::Host(read));
    figures.note("denials: shown when they are read", milliseconds(start));
    for _ in 0..5 {
        figures.press(app, "denials: a page on", "PgDn")?;
        figures.press(app, "denials: grant one", "f")?;
        figures.press(app, "denials: to the end", "End")?;
        figures.press(app, "denials: to the beginning", "Home")?;
    }
    let Some(azedit::app::dialog::Dialog::Denials(view)) = app.dialogs.last() else {
        return Err("no denials in view".into());
    };
    let (attempts, told) = (view.attempts.clone(), view.told.clone());
    let start = Instant::now();
    for input in keys("F")? {
        update(app, input);
    }
    let store = app.doc().ok_or("no store")?.store().clone();
    figures.note("denials: grant all, until another thread has it", milliseconds(start));
    let start = Instant::now();
    let found = hyperv::explain::together(store, &attempts, &told, &app.names, &|_| true);
    figures.note("denials: grant all, on another thread", milliseconds(start));
    let start = Instant::now();
    update(app, Input::Host(HostEvent::Allowed(found.map(Parcel::new))));
    figures.note("denials: grant all, made", milliseconds(start));
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: change_costs FILE")?;
    let mut app = App::new();
    app.developer = true;
    update(&mut app, Input::Resize { width: 120, height: 40 });
    let content = std::fs::read(&path)?.into();
    let file = OpenedFile { path: Some(path.into()), content, read_only: None, recovery: None };
    for effect in update(&mut app, Input::Host(HostEvent::Opened(file))) {
        let answer = match effect {
            Effect::Check(id) => {
                let Some(doc) = app.document(id) else { continue };
                let progress = doc.check.as_ref().map(|check| check.progress.clone()).unwrap_or_default();
                HostEvent::Checked(id, progress, Parcel::new(hyperv::findings(doc.store())))
            }
            Effect::List(id) => {
                let Some(doc) = app.document(id) else { continue };
                let progress = doc.listing.progress().cloned().unwrap_or_default();
                let listed = Listed::of(doc.store(), &progress).ok_or("stopped")?;
                HostEvent::Listed(id, progress, Parcel::new(listed))
            }
            _ => continue,
        };
        update(&mut app, Input::Host(answer));
    }
    let mut figures = Figures(Vec::new());
    for _ in 0..7 {
        for (what, line) in lines(&app).ok_or("no application with scopes, assignments and roles")? {
            let steps = |app: &App| app.doc().map_or(0, |doc| doc.session.position());
            let before = steps(&app);
            for input in keys(":")?.into_iter().chain([Input::Paste(line.clone())]) {
                update(&mut app, input);
            }
            figures.press(&mut app, what, "Enter")?;
            if steps(&app) != before + 1 {
                return Err(format!("{line}: {:?}", app.message).into());
            }
            figures.press(&mut app, &format!("  undone: {what}"), "u")?;
            figures.press(&mut app, &format!("  done again: {what}"), "U")?;
            figures.press(&mut app, &format!("  undone: {what}"), "u")?;
        }
    }
    among_denials(&mut app, &mut figures)?;
    figures::print(figures.0)?;
    Ok(())
}
