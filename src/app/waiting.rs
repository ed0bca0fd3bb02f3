//! What was typed or pasted with names that nobody here knows: it waits until it is known who they are.
//!
//! Where it was typed it stays, and whoever goes on meanwhile is not called back. What was found is shown before it is
//! used; who was not found is said with why.

use std::collections::HashSet;
use std::sync::Arc;

use crate::accounts::{Account, Names, Sid, Unnamed, Unresolved};

use super::actions::Id;
use super::dialog::{Answer, Choice, Confirm, Dialog, Form};
use super::effect::Effect;
use super::state::App;
use super::{naming, pasting};

/// Pasted names that are asked about at once.
const AT_ONCE: usize = 1000;

/// Names shown of those that are asked about.
const LISTED: usize = 10;

/// What waits, and what was found so far.
#[derive(Debug, Clone)]
pub struct Waiting {
    what: What,
    open: HashSet<String>,
    found: Vec<(String, Account)>,
    failed: Vec<Nobody>,
}

/// What waits.
#[derive(Debug, Clone)]
enum What {
    /// The form on top.
    Form,
    /// This line in the palette on top.
    Line(String),
    /// Pasted text, under a question that can be left.
    Pasted(String),
}

/// A name that is nobody's, and why: a sentence without its full stop.
pub type Nobody = (String, String);

/// Asks who is meant by what was typed into a form, which stays open; or says in it that nobody can be asked.
pub fn ask_for_form(app: &mut App, form: &mut Form, unknown: Vec<String>, effects: &mut Vec<Effect>) {
    if !app.naming.can_ask {
        let why = format!("{} {}", is_nobody(&unknown), nobody_can_be_asked(app));
        return form.object_to_accounts(&unknown, why);
    }
    form.error = None;
    form.note = asking(&unknown);
    ask(app, What::Form, unknown, effects);
}

/// The same for the line of the palette. What is said under it meanwhile.
///
/// # Errors
/// Nobody can be asked.
pub fn ask_for_line(
    app: &mut App,
    line: &str,
    unknown: Vec<String>,
    effects: &mut Vec<Effect>,
) -> Result<String, String> {
    if !app.naming.can_ask {
        return Err(format!("{} {}", is_nobody(&unknown), nobody_can_be_asked(app)));
    }
    let said = asking(&unknown);
    ask(app, What::Line(line.to_owned()), unknown, effects);
    Ok(said)
}

/// The same for pasted text. What it would do is shown when all that is asked is answered.
///
/// `nobody` are those that were asked about in vain already.
pub fn ask_for_pasted(
    app: &mut App,
    text: &str,
    (mut unknown, nobody): (Vec<String>, Vec<Nobody>),
    effects: &mut Vec<Effect>,
) {
    // The rest comes after these.
    unknown.truncate(AT_ONCE);
    let mut lines: Vec<String> = unknown.iter().take(LISTED).map(|name| format!("  {name}")).collect();
    if let Some(more) = unknown.len().checked_sub(LISTED).filter(|more| *more > 0) {
        lines.push(format!("  and {more} more"));
    }
    lines.insert(0, "Asking who this is. What was pasted is shown then.".to_owned());
    let stop = Choice { label: "Cancel".to_owned(), key: None, answer: Answer::StopWaiting };
    app.dialogs.push(Dialog::Confirm(Confirm::new("Paste", lines, vec![stop])));
    ask(app, What::Pasted(text.to_owned()), unknown, effects);
    if let Some(waiting) = &mut app.naming.waiting {
        waiting.failed = nobody;
    }
}

fn ask(app: &mut App, what: What, unknown: Vec<String>, effects: &mut Vec<Effect>) {
    let open = unknown.iter().cloned().collect();
    app.naming.waiting = Some(Waiting { what, open, found: Vec::new(), failed: Vec::new() });
    naming::ask_who(app, unknown, effects);
}

fn asking(unknown: &[String]) -> String {
    format!("Asking who this is: {}.", unknown.join(", "))
}

/// What to do about names that are not known where nobody can be asked.
pub fn nobody_can_be_asked(app: &App) -> String {
    format!(
        "Nobody can be asked on this machine: give the SID, or load a map of names ({}).",
        app.keys.named(Id::Names)
    )
}

/// That nobody here knows these names.
pub fn is_nobody(unknown: &[String]) -> String {
    match unknown {
        [one] => format!("{one} is no SID and no name that is known here."),
        many => format!("No SIDs and no names that are known here: {}.", many.join(", ")),
    }
}

/// The account that a word means, which must be one that can be a member; `Ok(None)`: nobody here knows it.
///
/// # Errors
/// Why it is none, in a sentence that names the word.
pub fn resolve(names: &Names, word: &str) -> Result<Option<Sid>, String> {
    match names.resolve_member(word) {
        Ok(sid) => Ok(Some(sid)),
        Err(Unresolved::Unknown) => Ok(None),
        Err(Unresolved::Wrong(why)) if why.contains(word) => Err(format!("{why}.")),
        Err(why) => Err(format!("{word}: {why}.")),
    }
}

/// The answer to a name.
pub fn named(app: &mut App, name: &str, found: Result<Account, Unnamed>, effects: &mut Vec<Effect>) {
    let App { names, naming, .. } = app;
    if let Ok(account) = &found {
        let names = Arc::make_mut(names);
        names.learn(account.clone());
        names.is_called(name, account.sid);
    }
    let Some(waiting) = &mut naming.waiting else { return };
    if !waiting.open.remove(name) {
        return;
    }
    match found {
        Ok(account) => match account.sort.never_a_member() {
            None => waiting.found.push((name.to_owned(), account)),
            Some(why) => {
                waiting.failed.push((name.to_owned(), format!("{name} can be no member: it is {why}")));
            }
        },
        Err(why) => waiting.failed.push((name.to_owned(), format!("{name}: {}", sentence(&why)))),
    }
    if waiting.open.is_empty()
        && let Some(waiting) = naming.waiting.take()
    {
        answered(app, waiting, effects);
    }
}

fn sentence(why: &Unnamed) -> String {
    match why {
        Unnamed::Unknown | Unnamed::Deleted => {
            "nobody of this name is known here; write DOMAIN\\user or user@domain, or give the SID".to_owned()
        }
        Unnamed::TimedOut => "its domain did not answer in time; give the SID".to_owned(),
        why => why.to_string(),
    }
}

/// All that is waited for is answered. Whoever has left meanwhile what waits is not asked any more.
fn answered(app: &mut App, waiting: Waiting, effects: &mut Vec<Effect>) {
    let Waiting { what, found, failed, .. } = waiting;
    let why = || format!("{}.", failed.iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>().join(". "));
    let (title, verb) = match (what, app.dialogs.last_mut()) {
        (What::Form, Some(Dialog::Form(form))) if form.takes_accounts() => {
            form.note = String::new();
            if !failed.is_empty() {
                let words: Vec<String> = failed.iter().map(|(name, _)| name.clone()).collect();
                return form.object_to_accounts(&words, why());
            }
            (form.title.clone(), form.verb)
        }
        (What::Line(line), Some(Dialog::Palette(palette))) if palette.list.filter.text() == line => {
            palette.asking = None;
            if !failed.is_empty() {
                palette.refused = Some(why());
                return;
            }
            (line, "Carry out")
        }
        (What::Pasted(text), Some(Dialog::Confirm(confirm))) if confirm.waits() => {
            app.dialogs.pop();
            return pasting::pasted_with(app, &text, failed, effects);
        }
        _ => return,
    };
    let line = |(typed, account): &(String, Account)| {
        let found =
            if account.name.eq_ignore_ascii_case(typed) { String::new() } else { format!("{typed} is ") };
        format!("{found}{}  {}  {}", account.name, account.sid, account.sort.word()).trim_end().to_owned()
    };
    let lines = found.iter().map(line).collect();
    let choices = vec![
        Choice { label: "Back".to_owned(), key: None, answer: Answer::Cancel },
        Choice::new('y', verb, Answer::Submit),
    ];
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
}
