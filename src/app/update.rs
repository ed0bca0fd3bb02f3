//! From an input to the next state and what is asked of the host.

use std::sync::Arc;

use super::actions::{self, Group, Id, START};
use super::deciding;
use super::dialog::access::Request;
use super::dialog::{Answer, Dialog, Outcome};
use super::effect::Effect;
use super::input::{Input, Key, KeyPress};
use super::layout::SMALLEST;
use super::room::{cluster_below, dialog_page, dialog_width, form_width, is_wide, save_width};
use super::state::{AfterSave, App};
use super::{
    access_view, answers, choosing, comparing, conflict, denied, editing, finding, listing, machines, moving,
    pasting, paths, rules, saving, themes, versions, work,
};

/// Takes in one input. The effects are for the host, in this order.
pub fn update(app: &mut App, input: Input) -> Vec<Effect> {
    let mut effects = Vec::new();
    match (&mut app.busy, &input) {
        (Some(busy), Input::Key(press)) => {
            work::key(busy, *press);
            return effects;
        }
        (Some(_), Input::Paste(_) | Input::Mouse(_)) => return effects,
        _ => {}
    }
    if is_blind(app, &input) {
        return effects;
    }
    match input {
        Input::Key(press) => {
            app.age_message();
            key(app, press, &mut effects);
        }
        Input::Paste(text) => paste(app, &text, &mut effects),
        Input::Mouse(event) => super::mouse::mouse(app, event, &mut effects),
        Input::Resize { width, height } => app.size = (width, height),
        Input::Focus(true) => conflict::look(app, &mut effects),
        Input::Focus(false) => {}
        Input::Host(event) => answers::answer(app, event, &mut effects),
    }
    work::check_unchecked(app, &mut effects);
    settle(app);
    // What is shown may have found that it must be read anew.
    listing::read_unread(app, &mut effects);
    if !app.goes_on && (finding::is_unfinished(app) || access_view::is_unfinished(app)) {
        app.goes_on = true;
        effects.push(Effect::GoOn);
    }
    effects
}

/// Whether the user cannot see what the input would do: where nothing fits, only leaving is taken, and not the answer to
/// a question that nobody could read.
fn is_blind(app: &App, input: &Input) -> bool {
    let fits = app.size.0 >= SMALLEST.0 && app.size.1 >= SMALLEST.1;
    match input {
        _ if fits => false,
        Input::Key(press) => !app.dialogs.is_empty() || app.keys.action(*press) != Some(Id::Quit),
        Input::Paste(_) | Input::Mouse(_) => true,
        Input::Resize { .. } | Input::Focus(_) | Input::Host(_) => false,
    }
}

/// Brings what is derived from the state (scroll positions, the sheet, what is counted) up to it.
fn settle(app: &mut App) {
    machines::tell_names(app);
    let cut = app.layout();
    let page = dialog_page(app);
    let width = dialog_width(app);
    let (is_wide, save_cells) = (is_wide(app), save_width(app));
    let (size, plain) = (app.size, app.plain);
    let screen = usize::from(app.size.0);
    let below = cluster_below(app);
    let names = Arc::clone(&app.names);
    match app.dialogs.last_mut() {
        Some(Dialog::Picker(picker)) => picker.list.settle(page),
        Some(Dialog::Help(help)) => help.list.settle(page),
        Some(Dialog::Menu(menu)) => menu.settle(page),
        Some(Dialog::Places(places)) => places.list.settle(page),
        Some(Dialog::Stores(stores)) => stores.list.settle(page),
        Some(Dialog::Cluster(view)) => view.settle(page, below, screen.saturating_sub(6), &names),
        Some(Dialog::Denials(_)) => denied::settle(app, page),
        Some(Dialog::Save(save)) => save.settle(page, save_cells, is_wide),
        Some(Dialog::Merge(merge)) => merge.settle(page),
        Some(Dialog::Past(past)) => past.settle(page),
        Some(Dialog::Text(text)) => text.settle(width, page),
        Some(Dialog::Access(_)) => access_view::settle(app),
        Some(Dialog::Form(form)) => form.settle(form_width(size)),
        Some(Dialog::Themes(list)) => list.settle(page),
        Some(Dialog::Rule(rule)) => rule.settle(size, plain),
        Some(Dialog::Plain(text)) => text.settle(screen, page),
        Some(Dialog::Paste(paste)) => paste.settle(page),
        _ => {}
    }
    super::dialog::palette::settle(app, page);
    let Some(doc) = app.doc_mut() else { return };
    doc.tree.settle(doc.session.store(), usize::from(cut.tree.height));
    // A pane that is not shown keeps the lines it had.
    let width = if cut.details.is_empty() { doc.sheet.width } else { usize::from(cut.details.width) };
    doc.settle_sheet_in(width, &names);
    doc.sheet.settle(usize::from(cut.details.height));
    doc.settle_problems(usize::from(cut.problems.height));
}

/// Takes in a key.
pub fn key(app: &mut App, press: KeyPress, effects: &mut Vec<Effect>) {
    if !app.dialogs.is_empty() {
        dialog_key(app, press, effects);
    } else if app.search.is_some() {
        finding::key(app, press);
    } else if app.edit().is_some() {
        edit_key(app, press, effects);
    } else if app.docs.is_empty() && START.iter().any(|(c, ..)| press == KeyPress::plain(Key::Char(*c))) {
        let chosen = START.iter().find(|(c, ..)| press == KeyPress::plain(Key::Char(*c)));
        if let Some((_, id, _)) = chosen {
            run(app, *id, effects);
        }
    } else if let Some(number) = numbered(app, press) {
        paths::open_recent(app, number, effects);
    } else if let Some(id) = app.keys.action(press) {
        run(app, id, effects);
    } else {
        app.object(format!("{press} does nothing here. {} lists the keys.", app.keys.named(Id::Help)));
    }
}

/// The number that a key is on the start screen, where stores that were opened before are listed.
fn numbered(app: &App, press: KeyPress) -> Option<usize> {
    let listed = app.docs.is_empty() && !app.opened_before.is_empty();
    let digit = press.text().filter(|_| listed)?.to_digit(10).filter(|&digit| digit > 0)?;
    usize::try_from(digit).ok()
}

/// Runs an action, or says why it cannot.
pub fn run(app: &mut App, id: Id, effects: &mut Vec<Effect>) {
    let Some(action) = actions::get(id) else { return };
    match action.can(app) {
        Ok(()) => {
            (action.run)(app, effects);
            let matters = matches!(action.group, Group::Create | Group::Change)
                || matches!(id, Id::Save | Id::SaveAs | Id::NextStore | Id::PreviousStore);
            if matters {
                conflict::look(app, effects);
            }
        }
        Err(why) => app.object(why),
    }
}

fn edit_key(app: &mut App, press: KeyPress, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc_mut() else { return };
    let Some(edit) = &mut doc.sheet.edit else { return };
    match press.key {
        Key::Enter => editing::commit_edit(app, effects),
        Key::Tab | Key::BackTab => editing::commit_and_go_on(app, press.key == Key::Tab, effects),
        Key::Esc if edit.line.text() != edit.before && !edit.warned => {
            edit.warned = true;
            app.object("Esc again drops what was typed; Enter keeps it.");
        }
        Key::Esc => {
            let back = edit.back;
            doc.sheet.edit = None;
            app.focus = back;
        }
        _ => {
            edit.warned = false;
            if edit.line.press(press) {
                edit.error = edit.what.fault_in(edit.line.text());
            }
        }
    }
}

fn paste(app: &mut App, text: &str, effects: &mut Vec<Effect>) {
    let App { dialogs, docs, current, .. } = app;
    let store = docs.get(*current).map(super::doc::Doc::store);
    if let Some(dialog) = dialogs.last_mut() {
        match dialog {
            Dialog::Form(form) => form.paste(text),
            Dialog::Picker(picker) => picker.paste(text),
            Dialog::Help(help) => help.paste(text),
            Dialog::Places(places) => places.paste(text, store),
            Dialog::Palette(palette) => palette.paste(text),
            Dialog::Access(view) => {
                if view.paste(text) {
                    access_view::act(app, Request::Filter, &mut Vec::new());
                }
            }
            Dialog::Rule(rule) => rule.paste(text),
            Dialog::Stores(list) => list.paste(text),
            Dialog::Save(save) => save.paste(text),
            Dialog::Confirm(_)
            | Dialog::Merge(_)
            | Dialog::Past(_)
            | Dialog::Text(_)
            | Dialog::Menu(_)
            | Dialog::Themes(_)
            | Dialog::Cluster(_)
            | Dialog::Denials(_)
            | Dialog::Plain(_)
            | Dialog::Paste(_) => {}
        }
    } else if let Some(search) = &mut app.search {
        search.line.insert(text);
        finding::typed(app);
    } else if let Some(edit) = app.doc_mut().and_then(|doc| doc.sheet.edit.as_mut()) {
        edit.line.insert(text.trim_end_matches('\n'));
        edit.error = edit.what.fault_in(edit.line.text());
    } else {
        // Pasted text is never a command: what it would do is shown first.
        pasting::pasted(app, text, effects);
    }
}

/// Takes in a key for the dialog on top.
pub fn dialog_key(app: &mut App, press: KeyPress, effects: &mut Vec<Effect>) {
    let page = dialog_page(app);
    let App { dialogs, docs, current, new_guid, typed, keys, names, .. } = app;
    let store = docs.get(*current).map(super::doc::Doc::store);
    let Some(dialog) = dialogs.last_mut() else { return };
    let outcome = match dialog {
        Dialog::Confirm(confirm) => confirm.key(press),
        Dialog::Form(form) => form.key(press, store),
        Dialog::Picker(picker) => picker.key(press, page),
        Dialog::Save(save) => save.key(press, page),
        Dialog::Merge(merge) => merge.key(press, page),
        Dialog::Past(past) => past.key(press, page),
        Dialog::Help(help) => help.key(press, page),
        Dialog::Text(text) | Dialog::Plain(text) => text.key(press, page),
        Dialog::Paste(paste) => paste.key(press, page, store, *new_guid),
        Dialog::Stores(list) => list.key(press, page),
        Dialog::Menu(menu) => menu.key(press, page, keys),
        Dialog::Cluster(view) => view.key(press, page, names),
        Dialog::Denials(view) => view.key(press, page),
        Dialog::Palette(palette) => palette.key(press, page, typed),
        Dialog::Places(places) => places.key(press, page, store),
        Dialog::Themes(list) => list.key(press, page),
        Dialog::Access(view) => view.key(press),
        Dialog::Rule(rule) => rule.key(press),
    };
    finish(app, outcome, effects);
}

/// Carries out what a key meant to the dialog on top.
fn finish(app: &mut App, outcome: Outcome, effects: &mut Vec<Effect>) {
    match outcome {
        Outcome::Stay => {}
        Outcome::Close => {
            if matches!(app.dialogs.last(), Some(Dialog::Plain(_))) {
                effects.push(Effect::Mouse(app.mouse));
            }
            close(app);
        }
        Outcome::Complete => paths::complete(app, effects),
        Outcome::ListAccounts => choosing::open(app, effects),
        Outcome::Run(id) => {
            let can = actions::get(id).is_some_and(|action| action.can(app).is_ok());
            if !can && matches!(app.dialogs.last(), Some(Dialog::Menu(_))) {
                // The menu says why.
                return;
            }
            if matches!(app.dialogs.last(), Some(Dialog::Palette(_))) {
                super::commanding::ran(app, id);
            }
            app.dialogs.pop();
            run(app, id, effects);
        }
        Outcome::GoToMachine(number) => {
            app.dialogs.clear();
            super::machines::moving::go(app, number);
        }
        Outcome::Go(object, leaf) => {
            app.dialogs.clear();
            moving::go(app, object, leaf);
        }
        Outcome::Answered(answer) => {
            app.dialogs.pop();
            deciding::answered(app, answer, effects);
        }
        Outcome::Map(question) => pasting::map(app, question),
        Outcome::Submit => deciding::submit(app, effects),
        Outcome::TryOn(name) => effects.push(Effect::Wear(name)),
        Outcome::Wear { name, keep } => themes::close(app, name, keep, effects),
        Outcome::Tick => saving::tick(app),
        Outcome::TakeBack => saving::take_back(app, effects),
        Outcome::Restore => versions::read(app, true, effects),
        Outcome::Access(request) => access_view::act(app, request, effects),
        Outcome::Cluster(request) => comparing::act(app, request, effects),
        Outcome::Grant(what) => denied::grant(app, what, effects),
        Outcome::RuleFile(what) => rules::file(app, what, effects),
        Outcome::Copy(text) => effects.push(Effect::Copy(text)),
    }
}

fn close(app: &mut App) {
    let loses = match app.dialogs.last() {
        Some(Dialog::Form(form)) if form.is_touched() => Some(form.title.clone()),
        Some(Dialog::Picker(picker)) if picker.changed() > 0 => Some(picker.title.clone()),
        Some(Dialog::Rule(rule)) if rule.is_touched() => Some(rule.title.clone()),
        _ => None,
    };
    if let Some(title) = loses {
        use super::dialog::{Choice, Confirm};
        let lines = vec!["What was typed or ticked would be lost.".to_owned()];
        let choices = vec![
            Choice { label: "Go on".to_owned(), key: None, answer: Answer::Cancel },
            Choice::new('d', "Drop", Answer::DropForm),
        ];
        app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
    } else {
        app.dialogs.pop();
        // Who leaves the dialog that would save does not leave the program either.
        app.after_save = AfterSave::Stay;
    }
}
