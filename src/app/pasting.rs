//! Pasting, copying into several places, moving: from what is on the clipboard to one step of undo.

use std::sync::Arc;

use crate::store::{Change, Kind, LeafKind, Level, ObjId, Store};

use super::actions::Id;
use super::bulk::{self, named, plural, subjects};
use super::changes::{self, level_for};
use super::clip::{Cut, MOVABLE};
use super::dialog::{Answer, Choice, Confirm, Dialog, PasteDialog, PickFor, Picker, Share, TextView, Tick};
use super::effect::Effect;
use super::enabled;
use super::paste::{self, Account, Choices, Lines, Pasted, Question};
use super::state::App;
use super::waiting::{self, Nobody};

/// Lines of one list in a question.
const LISTED: usize = 200;

/// Asks the host what is on the clipboard.
pub fn paste(_: &mut App, effects: &mut Vec<Effect>) {
    effects.push(Effect::ReadClipboard);
}

/// The host has read the clipboard, or cannot (`None`): then what was copied here is pasted.
pub fn clipboard(app: &mut App, text: Option<String>, effects: &mut Vec<Effect>) {
    let own = app.clip.as_ref().map(|clip| clip.text.clone());
    match (text.filter(|text| !text.trim().is_empty()), own) {
        // Clipboards change line ends on their way.
        (Some(text), Some(own)) if text.lines().eq(own.lines()) => pasted(app, &own, effects),
        (Some(text), _) => pasted(app, &text, effects),
        (None, Some(own)) => pasted(app, &own, effects),
        (None, None) => app.object(
            "Nothing was copied here, and no other clipboard can be read: paste with the terminal's own key.",
        ),
    }
}

/// Text arrived that is not typed into anything: the same as a paste, and nothing happens before it was seen.
pub fn pasted(app: &mut App, text: &str, effects: &mut Vec<Effect>) {
    if let Err(why) = super::enabled::change(app) {
        return app.object(why);
    }
    if let Some((from, cut)) =
        app.clip.as_ref().filter(|clip| clip.text == text).and_then(|clip| clip.cut.clone())
        && app.doc().is_some_and(|doc| doc.id == from)
    {
        return match cut {
            Cut::Objects(objects) => move_here(app, &objects, effects),
            Cut::Machines(numbers) => super::machines::moving::paste(app, &numbers, effects),
        };
    }
    pasted_with(app, text, Vec::new(), effects);
}

/// The same where it is known that some names in it are nobody's, and why.
pub fn pasted_with(app: &mut App, text: &str, nobody: Vec<Nobody>, effects: &mut Vec<Effect>) {
    let names = Arc::clone(&app.names);
    let mut unknown: Vec<String> = Vec::new();
    let read = paste::read(text, &mut |word| match (waiting::resolve(&names, word)?, why(&nobody, word)) {
        (Some(sid), _) => Ok(sid),
        (None, Some(why)) => Err(format!("{why}.")),
        (None, None) => {
            // Any other word may stand in a text that is no list of accounts: nobody is asked about those.
            if word.contains(['\\', '@']) && !unknown.iter().any(|other| other == word) {
                unknown.push(word.to_owned());
            }
            Err(waiting::is_nobody(&[word.to_owned()]))
        }
    });
    if !unknown.is_empty() && app.naming.can_ask {
        return waiting::ask_for_pasted(app, text, (unknown, nobody), effects);
    }
    match read {
        Ok(Pasted::Lines(lines)) => paste_lines(app, lines),
        Ok(Pasted::Accounts(accounts)) => paste_accounts(app, &accounts),
        // Of one who can be asked all that is asked about is known by now, or why it is not.
        Err(why) if !unknown.is_empty() => app.fail(format!("{why} {}", waiting::nobody_can_be_asked(app))),
        Err(why) => app.fail(why),
    }
}

fn why<'n>(nobody: &'n [Nobody], word: &str) -> Option<&'n str> {
    nobody.iter().find(|(name, _)| name == word).map(|(_, why)| why.as_str())
}

/// Where lines are pasted: into every marked scope or application, or else where the selection is.
fn paste_lines(app: &mut App, lines: Lines) {
    let Some(doc) = app.doc() else { return };
    let is_level = doc.marked.other_than(&[Kind::Application, Kind::Scope]).is_none();
    let levels: Vec<ObjId> = if doc.marked.is_empty() {
        let object = doc.node().object;
        vec![match doc.store().kind(object) {
            Kind::Store | Kind::Application | Kind::Scope => object,
            _ => doc.store().level(object),
        }]
    } else if is_level {
        doc.marked.objects().collect()
    } else {
        return app.object("Pasted is into marked scopes and applications only: Esc unmarks the others.");
    };
    if let Err(why) = preview(app, lines, levels, "paste") {
        app.fail(why);
    }
}

/// Shows what pasting would do.
fn preview(app: &mut App, lines: Lines, levels: Vec<ObjId>, verb: &'static str) -> Result<(), String> {
    let store = enabled::doc(app)?.store();
    let choices = Choices::default();
    let plan = paste::plan(store, &lines, &levels, &choices, app.new_guid)?;
    let place = match levels.as_slice() {
        [one] => store.describe_level(*one),
        many => named(store, many),
    };
    let title = format!("{} {} into {place}", super::editing::capitalised(verb), plan.made);
    let error = enabled::carry_out(app, &plan.changes).err();
    app.dialogs.push(Dialog::Paste(PasteDialog {
        title,
        verb,
        lines,
        levels,
        place,
        choices,
        plan,
        selected: 0,
        top: 0,
        error,
    }));
    Ok(())
}

/// Carries out what the paste dialog shows. Where that cannot be, it stays and says why.
pub fn finish(app: &mut App, mut dialog: PasteDialog, effects: &mut Vec<Effect>) {
    let label = format!("{} {} into {}", dialog.verb, dialog.plan.made, dialog.place);
    let outcome = if dialog.plan.changes.is_empty() {
        Err("Nothing is left to do: all of it is left out.".to_owned())
    } else if let Err(why) = enabled::carry_out(app, &dialog.plan.changes) {
        Err(why)
    } else if dialog.levels.len() > 1 {
        bulk::apply_here(app, &dialog.plan.changes, &label, effects)
    } else {
        let outcome = super::editing::apply(app, &dialog.plan.changes, &label, effects);
        // What was pasted is shown, not the last thing in it.
        if let Some(doc) = app.doc_mut().filter(|_| outcome.is_ok())
            && let Some(object) = dialog.plan.first.and_then(|guid| doc.store().by_guid(guid))
        {
            doc.reveal(object, None);
        }
        outcome
    };
    if let Err(why) = outcome {
        dialog.error = Some(why);
        app.dialogs.push(Dialog::Paste(dialog));
    }
}

/// Opens the picker for what a missing link is to lead to.
pub fn map(app: &mut App, question: usize) {
    let Some(Dialog::Paste(dialog)) = app.dialogs.last() else { return };
    let Some(Question::Missing { key: (kind, name), .. }) = dialog.plan.questions.get(question) else {
        return;
    };
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let ticks = super::linking::candidates_at(store, &dialog.levels, *kind).into_iter();
    let ticks = ticks
        .filter(|&id| paste::can_be_linked(store, id))
        .map(|id| Tick::object_line(id, store.name(id).into_owned(), super::linking::detail(store, id)));
    let title = format!("Link to another {kind} instead of \"{name}\"");
    let empty = format!("There is no {kind} here.");
    let picker = Picker::new(title, String::new(), empty, PickFor::Map(question), ticks.collect());
    app.dialogs.push(Dialog::Picker(picker));
}

/// Something was chosen for a missing link; the paste dialog is on top again.
pub fn mapped(app: &mut App, question: usize, target: ObjId) {
    let App { dialogs, docs, current, new_guid, .. } = app;
    let Some(doc) = docs.get(*current) else { return };
    if let Some(Dialog::Paste(dialog)) = dialogs.last_mut() {
        dialog.map(question, target, doc.store(), *new_guid);
    }
}

/// A list of accounts: members of what is marked or selected, after it was seen who they are.
fn paste_accounts(app: &mut App, accounts: &[Account]) {
    if super::enabled::members(app).is_err() {
        return app.object(match accounts.first() {
            Some(Account { sid: Ok(_), .. }) => {
                "Accounts are added to role assignments and groups: select one.".to_owned()
            }
            Some(Account { line, text, .. }) => {
                format!("Line {line} is neither a change nor an account: {text}")
            }
            None => "The clipboard holds no text.".to_owned(),
        });
    }
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let objects = subjects(doc);
    if let Err(why) = bulk::check_lists_members(store, &objects) {
        return app.object(why);
    }
    let held: Vec<_> = objects.iter().map(|&id| bulk::accounts_of(store, id, LeafKind::Member)).collect();
    let (mut sids, mut lines, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for Account { line, sid, .. } in accounts {
        match sid {
            Err(why) => wrong.push(format!("  ! line {line}: {why}")),
            Ok(sid) => {
                let sid = sid.to_string();
                let meaning = crate::store::Meaning::of(LeafKind::Member, &sid);
                let count = held.iter().filter(|held| held.contains(&meaning)).count();
                let name =
                    app.names.name_of(&sid).map_or_else(|| sid.clone(), |name| format!("{name}  {sid}"));
                lines.push(match Share::of(count, objects.len()) {
                    Share::None => format!("  + {name}"),
                    Share::Some => format!("  + {name}, which {count} of {} have", objects.len()),
                    Share::All => format!("    {name} is a member already"),
                });
                if count < objects.len() {
                    sids.push(sid);
                }
            }
        }
    }
    lines.truncate(LISTED);
    if !wrong.is_empty() {
        lines.push(format!("{} left out:", plural(wrong.len(), "part")));
        lines.extend(wrong.into_iter().take(LISTED));
        if !app.naming.can_ask {
            lines.push(waiting::nobody_can_be_asked(app));
        }
    }
    let to = named(store, &objects);
    if sids.is_empty() {
        lines.insert(0, format!("Nobody here can be added to {to}:"));
        return app.dialogs.push(Dialog::Text(TextView::new("Nothing to add", lines)));
    }
    let title = format!("Add {} to {to}", plural(sids.len(), "member"));
    let verb = format!("Add {}", sids.len());
    let choices = vec![Choice::cancel(), Choice::new('a', verb, Answer::AddAccounts(sids))];
    app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
}

/// Adds accounts to what is marked or selected.
pub fn add_accounts(app: &mut App, sids: &[String], effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let objects = subjects(doc);
    let label = format!("add {} to {}", plural(sids.len(), "member"), named(store, &objects));
    let outcome = bulk::adding(store, &objects, LeafKind::Member, sids)
        .and_then(|changes| bulk::apply_here(app, &changes, &label, effects));
    if let Err(why) = outcome {
        app.fail(why);
    }
}

/// Moves what was cut to where the selection is.
fn move_here(app: &mut App, objects: &[ObjId], effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let left: Vec<ObjId> = objects.iter().copied().filter(|&id| store.is_live(id)).collect();
    let Some(&first) = left.first() else {
        app.clip = None;
        return app.fail("What was cut is not there any more.");
    };
    let level = match level_for(store, store.kind(first), doc.node().object) {
        Ok(level) => level,
        Err(why) => return app.object(why),
    };
    match move_to(app, &left, level, effects) {
        Ok(()) => app.clip = None,
        Err(why) => app.fail(format!("Not moved: {why}")),
    }
}

/// Moves objects, with their GUIDs and the links to them, to a level of their application.
fn move_to(app: &mut App, objects: &[ObjId], level: ObjId, effects: &mut Vec<Effect>) -> Result<(), String> {
    let store = enabled::doc(app)?.store();
    let to = match store.kind(level) {
        Kind::Application => Level::Application,
        Kind::Scope => Level::Scope(changes::object(store, level)?.name),
        _ => {
            return Err(format!(
                "nothing can be moved to the store's own level: {} copies it.",
                app.keys.named(Id::Copy)
            ));
        }
    };
    let mut steps = Vec::new();
    for &id in objects.iter().filter(|&&id| store.level(id) != level) {
        let kind = store.kind(id);
        if !MOVABLE.contains(&kind) {
            return Err(format!("{} cannot be moved: {} copies it.", kind.a(), app.keys.named(Id::Copy)));
        }
        if store.application(id) != store.application(level) {
            return Err(format!(
                "{} belongs to {}: {} copies it.",
                store.describe(id),
                home(store, id),
                app.keys.named(Id::Copy)
            ));
        }
        steps.push(Change::Move { object: changes::object(store, id)?, to: to.clone() });
    }
    if steps.is_empty() {
        return Err("it is there already.".to_owned());
    }
    let label = format!("move {} to {}", named(store, objects), store.describe_level(level));
    enabled::carry_out(app, &steps)?;
    super::editing::apply(app, &steps, &label, effects)
}

fn home(store: &Store, id: ObjId) -> String {
    store
        .application(id)
        .map_or_else(|| "the store".to_owned(), |application| store.describe_level(application))
}

/// Opens the picker of the places that get a copy of what is marked or selected, or of the one that it moves to.
pub fn pick_places(app: &mut App, moving: bool) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let objects = subjects(doc);
    let Some(&first) = objects.first() else { return };
    let fits = |level: ObjId| {
        objects.iter().all(|&id| {
            let here = store.level(id) == level;
            let same = !moving || store.application(id) == store.application(level);
            store.kind(id).belongs_in(store.kind(level)) && same && !(here && objects.len() == 1)
        })
    };
    let mut levels = vec![store.root()];
    for application in store.children_of(store.root(), Kind::Application) {
        levels.push(application);
        levels.extend(store.children_of(application, Kind::Scope));
    }
    let ticks = levels.into_iter().filter(|&level| fits(level) && (!moving || level != store.root()));
    let ticks: Vec<Tick> = ticks
        .map(|level| {
            let (name, kind) = match store.kind(level) {
                Kind::Store => (doc.title(), "store".to_owned()),
                Kind::Scope => {
                    (store.name(level).into_owned(), format!("scope of {}", store.name(store.level(level))))
                }
                kind => (store.name(level).into_owned(), kind.word().to_owned()),
            };
            Tick::object_line(level, name, kind)
        })
        .collect();
    let what = named(store, &objects);
    let (title, intro, purpose) = if moving {
        (format!("Move {what} to"), "Links to it go along.", PickFor::MoveTo(objects))
    } else {
        (
            format!("Copy {what} into"),
            "Each place gets a copy with GUIDs of its own.",
            PickFor::CopyTo(objects),
        )
    };
    let empty = format!("There is no other place for {}.", store.kind(first).a());
    app.dialogs.push(Dialog::Picker(Picker::new(title, intro.to_owned(), empty, purpose, ticks)));
}

/// Carries out what was chosen in [`pick_places`].
pub fn picked_places(app: &mut App, picker: &Picker, effects: &mut Vec<Effect>) -> Result<(), String> {
    match &picker.purpose {
        PickFor::MoveTo(objects) => {
            let level = picker.chosen().and_then(Tick::object).ok_or("Choose a place.")?;
            move_to(app, objects, level, effects)
        }
        PickFor::CopyTo(objects) => {
            let levels: Vec<ObjId> = picker.changed_ticks().filter_map(Tick::object).collect();
            if levels.is_empty() {
                return Ok(());
            }
            let doc = enabled::doc(app)?;
            let (text, _) = paste::of_objects(doc.store(), objects, &doc.title())?;
            let Pasted::Lines(lines) = paste::read(&text, &mut |word| Err(word.to_owned()))? else {
                return Ok(());
            };
            preview(app, lines, levels, "copy")?;
            // Where it goes was chosen already: it is shown again only if something is left to decide.
            let is_decided = |dialog: &mut Dialog| matches!(dialog, Dialog::Paste(paste) if paste.plan.questions.is_empty());
            if let Some(Dialog::Paste(dialog)) = app.dialogs.pop_if(is_decided) {
                finish(app, dialog, effects);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
