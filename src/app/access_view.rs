//! The access view at work: opens it, computes what it shows, carries out what its keys ask.
//!
//! What it asks of is read beforehand (see [`listing`](super::listing)): a question costs what it is about, and a frame
//! the lines and columns that are visible.

mod cell;
mod choosing;
mod offering;
mod path;
pub mod pointing;

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::Arc;

use crate::access::remedy::Wish;
use crate::access::{Access, Answer, Because, Operations, Principal, Where, definition_rights};
use crate::accounts::Sid;
use crate::store::{Kind, LeafId, ObjId, Store};

use self::cell::{cell, path_of};
use self::offering::{apply, offer};
use super::actions::Id;
use super::dialog::Dialog;
use super::dialog::access::{AccessView, Face, Over, Place, Request, Who};
use super::dialog::access_chooser::{Chooser, Choosing};
use super::doc::Doc;
use super::effect::Effect;
use super::layout::Pane;
use super::sheet::Entry;
use super::state::App;
use super::{editing, enabled};

/// So many of the changes on offer are visible at once.
pub const OFFERS: usize = 6;
/// Cells of a column: a number of an operation, and the name of a scope.
pub const OPERATION_CELLS: usize = 5;
/// See [`OPERATION_CELLS`].
pub const SCOPE_CELLS: usize = 14;

/// There is an application to ask about.
pub fn can_open(app: &App) -> Result<(), String> {
    enabled::store(app)?;
    let doc = enabled::doc(app)?;
    let store = doc.store();
    let mut applications = store.children_of(store.root(), Kind::Application);
    applications
        .next()
        .map(|_| ())
        .ok_or_else(|| "The store has no application: nobody may do anything.".to_owned())
}

/// Opens the view on what is selected, or where it was left to follow a link.
pub fn open(app: &mut App) {
    app.message = None;
    if let Some((id, view)) = app.left_access.take()
        && app.doc().is_some_and(|doc| doc.id == id && doc.store().is_live(view.application))
    {
        app.dialogs.push(Dialog::Access(view));
        return show(app);
    }
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let node = doc.node().object;
    let first = || store.children_of(store.root(), Kind::Application).next();
    let Some(application) = store.application(node).or_else(first) else { return };
    let mut view = new(store, application, doc.session.revision());
    view.scope = store.scope(node);
    aim(&mut view, doc, node);
    app.dialogs.push(Dialog::Access(Box::new(view)));
    show(app);
}

/// A view of an application that shows nothing yet.
fn new(store: &Store, application: ObjId, revision: u64) -> AccessView {
    AccessView {
        application,
        revision,
        face: Face::Members,
        who: None,
        scope: None,
        operation: None,
        operations: Arc::new(Operations::of(store, application)),
        roster: None,
        aim: None,
        answers: Vec::new(),
        holders: Vec::new(),
        reached: HashMap::new(),
        held: HashMap::new(),
        lines: [Place::default(); 4],
        columns: [Place::default(); 4],
        path: Vec::new(),
        on_path: None,
        over: None,
        page: 1,
        page_columns: 1,
    }
}

/// Points the view at what is selected in the panes: an account, an operation, a definition.
fn aim(view: &mut AccessView, doc: &Doc, node: ObjId) {
    let store = doc.store();
    if let Some(Entry::Account(leaf)) = doc.sheet.entry()
        && let Ok(sid) = Sid::parse(store.text(*leaf).trim())
    {
        (view.face, view.who) = (Face::Account, Some(Who::account(sid)));
        return;
    }
    match store.kind(node) {
        Kind::Operation => (view.face, view.operation) = (Face::Operation, Some(node)),
        Kind::Role | Kind::Task => (view.face, view.aim) = (Face::Roles, Some(node)),
        _ => view.aim = view.scope,
    }
}

/// Gives the view what was read of the application, and brings its matrices to what they are to stand on.
fn take_roster(view: &mut AccessView, doc: &mut Doc) {
    let store = doc.session.store();
    view.roster = doc.listing.roster(store, view.application);
    let Some(roster) = &view.roster else { return };
    view.operations = Arc::clone(roster.operations());
    let Some(aim) = view.aim.take() else { return };
    if let Some(at) = roster.definition_number(store, aim) {
        view.lines = [Place { at, top: 0 }; 4];
    }
    if let Some(at) = view.column_of(Some(aim)) {
        view.columns = [Place { at, top: 0 }; 4];
    }
}

/// The view on top, and the store it is about.
fn parts(app: &mut App) -> Option<(&mut AccessView, &mut Doc)> {
    let App { dialogs, docs, current, .. } = app;
    match dialogs.last_mut() {
        Some(Dialog::Access(view)) => Some((view, docs.get_mut(*current)?)),
        _ => None,
    }
}

/// Computes what the view is to show, of the store as it is now.
fn show(app: &mut App) {
    let Some((view, doc)) = parts(app) else { return };
    let revision = doc.session.revision();
    if view.revision != revision {
        let store = doc.session.store();
        view.revision = revision;
        view.operations = Arc::new(Operations::of(store, view.application));
        view.roster = None;
        view.reached.clear();
        view.held.clear();
        view.scope = view.scope.filter(|&id| store.is_live(id));
        view.operation = view.operation.filter(|&id| store.is_live(id));
    }
    if view.roster.is_none() {
        take_roster(view, doc);
    }
    let store = doc.session.store();
    let place = view.scope.map_or(Where::Default, Where::Scope);
    match view.face {
        Face::Account => match &view.who {
            None => choose(app, Choosing::Who),
            Some(who) => view.answers = answers(store, view, who, place),
        },
        Face::Operation => match view.operation {
            None => choose(app, Choosing::Operation),
            Some(operation) => {
                view.holders = Access::of(store, view.application, place).who_can(operation);
            }
        },
        Face::Roles | Face::Members => {}
    }
}

/// What an account may do in a place. While it is being read who is listed where, everybody in that place is looked at.
fn answers(store: &Store, view: &AccessView, who: &Who, place: Where) -> Vec<(ObjId, Answer, Vec<Because>)> {
    let all = || Access::of(store, view.application, place);
    match (who, who.token()) {
        (Who::Found(group), _) => {
            let member = Principal::Found(*group);
            let some = view.roster.as_ref().map(|roster| roster.access_of(store, member, place));
            some.unwrap_or_else(all).answers_of(member)
        }
        (_, Some(token)) => {
            let some = view.roster.as_ref().map(|roster| roster.access(store, &token, place));
            some.unwrap_or_else(all).answers(&token)
        }
        (_, None) => Vec::new(),
    }
}

/// Whether a list is not at its end, or the view waits for what is there now.
pub fn is_unfinished(app: &App) -> bool {
    match app.dialogs.last() {
        Some(Dialog::Access(view)) => match &view.over {
            Some(Over::Chooser(chooser)) => view.roster.is_some() && !chooser.is_done,
            _ => false,
        },
        _ => false,
    }
}

/// One slice more of a list that is not at its end.
pub fn go_on(app: &mut App) {
    let Some((view, doc)) = parts(app) else { return };
    view.over = match view.over.take() {
        Some(Over::Chooser(mut chooser)) => {
            choosing::go_on(doc.store(), view, &mut chooser);
            Some(Over::Chooser(chooser))
        }
        over => over,
    };
}

fn choose(app: &mut App, choosing: Choosing) {
    let names = Arc::clone(&app.names);
    let Some((view, doc)) = parts(app) else { return };
    let mut chooser = Chooser::new(choosing);
    choosing::refill((doc.store(), &names), view, &mut chooser);
    view.over = Some(Over::Chooser(chooser));
}

/// Carries out what a key asked.
pub fn act(app: &mut App, request: Request, effects: &mut Vec<Effect>) {
    match request {
        Request::Show => show(app),
        Request::Enter => enter(app),
        Request::Grant => offer(app, Wish::Grant),
        Request::Withdraw => offer(app, Wish::Withdraw),
        Request::Apply => apply(app, effects),
        Request::Choose(choosing) => begin(app, choosing),
        Request::Chosen => chosen(app),
        Request::Filter => {
            let names = Arc::clone(&app.names);
            let Some((view, doc)) = parts(app) else { return };
            if let Some(Over::Chooser(mut chooser)) = view.over.take() {
                choosing::refill((doc.store(), &names), view, &mut chooser);
                view.over = Some(Over::Chooser(chooser));
            }
        }
        Request::Undo => {
            match enabled::undo(app) {
                Ok(()) => editing::undo(app, effects),
                Err(why) => app.object(why),
            }
            show(app);
        }
        Request::NextApplication => next_application(app),
    }
}

/// Opens a list, in the face that what is chosen belongs to.
fn begin(app: &mut App, choosing: Choosing) {
    let Some((view, _)) = parts(app) else { return };
    match (choosing, view.face) {
        (Choosing::Scope, Face::Roles) => {
            return app.object("A definition reaches the same operations in every scope.");
        }
        (Choosing::Operation, Face::Account | Face::Roles) => view.face = Face::Operation,
        _ => {}
    }
    choose(app, choosing);
}

fn chosen(app: &mut App) {
    let Some((view, _)) = parts(app) else { return };
    let Some(Over::Chooser(chooser)) = view.over.take() else { return };
    let Some(chosen) = chooser.shown.into_iter().nth(chooser.place.at) else { return };
    let was = (view.who.clone(), view.operation);
    choosing::take(view, chosen);
    match (chooser.choosing, view.face) {
        (Choosing::Who, Face::Members) => {
            // The matrix has a line for each: go to it.
            let number = match view.who.clone() {
                Some(Who::Account { account: Some(sid), groups, .. }) if groups.is_empty() => {
                    Some(Principal::Account(sid))
                }
                Some(Who::Found(group)) => Some(Principal::Found(group)),
                _ => None,
            };
            let number = number.and_then(|member| view.roster.as_ref()?.number(member));
            match number {
                Some(at) => view.lines = [Place { at, top: at }; 4],
                None => view.face = Face::Account,
            }
        }
        (Choosing::Who, _) => view.face = Face::Account,
        (Choosing::Scope, Face::Members) => {
            let at = view.column_of(view.scope).unwrap_or(0);
            view.columns = [Place { at, top: 0 }; 4];
        }
        _ => {}
    }
    if was != (view.who.clone(), view.operation) {
        view.lines = if view.face == Face::Members { view.lines } else { [Place::default(); 4] };
    }
    show(app);
}

fn next_application(app: &mut App) {
    let Some((view, doc)) = parts(app) else { return };
    let store = doc.store();
    let all: Vec<ObjId> = store.children_of(store.root(), Kind::Application).collect();
    let at = all.iter().position(|&id| id == view.application).unwrap_or(0);
    let next = all.get(at.saturating_add(1)).or(all.first()).copied();
    match next.filter(|&next| next != view.application) {
        None => app.object("The store has one application."),
        Some(next) => {
            let who = view.who.take();
            *view = AccessView { face: view.face, who, ..new(store, next, doc.session.revision()) };
            show(app);
        }
    }
}

/// Goes to the link that grants what is selected, or offers what would.
fn enter(app: &mut App) {
    let Some((view, doc)) = parts(app) else { return };
    if let Some(link) = view.on_path.and_then(|at| view.path.get(at)).and_then(|line| line.link) {
        return jump(app, link);
    }
    if view.face == Face::Members && view.operation.is_none() {
        // A count stands for many operations: they are the account's list.
        let (member, scope) = (view.member(view.line().at), view.scope_of(view.column().at));
        if let Some(member) = member {
            (view.face, view.who, view.scope) = (Face::Account, Some(Who::member(member)), scope);
            view.lines = [Place { at: 0, top: 0 }, view.line(), view.line(), view.line()];
            show(app);
        }
        return;
    }
    let Some(cell) = cell(view, doc.store()) else { return };
    let link = view.path.iter().find_map(|line| line.link);
    match (cell.answer, link) {
        (Answer::Yes | Answer::Conditional, Some(link)) => jump(app, link),
        _ => offer(app, Wish::Grant),
    }
}

fn jump(app: &mut App, (object, leaf): (ObjId, Option<LeafId>)) {
    let Some(Dialog::Access(view)) = app.dialogs.pop() else { return };
    let Some(doc) = app.doc_mut() else { return };
    let id = doc.id;
    doc.reveal(object, leaf);
    app.left_access = Some((id, view));
    app.focus = if leaf.is_some() { Pane::Details } else { Pane::Tree };
    app.tell(format!("{} goes back to who may do what.", app.keys.named(Id::Access)));
}

/// So many lines of a matrix that was scrolled through are remembered.
const REMEMBERED: usize = 4096;

fn forget<K, V>(known: &mut HashMap<K, V>) {
    if known.len() > REMEMBERED {
        known.clear();
    }
}

/// Brings scroll positions and what is visible up to the state, for a window of this size.
pub fn settle(app: &mut App) {
    let (width, height) = app.size;
    let cut = super::layout::access(width, height, app.plain);
    let Some((view, doc)) = parts(app) else { return };
    if view.roster.is_none() {
        take_roster(view, doc);
    }
    let store = doc.session.store();
    view.page = usize::from(cut.list.height);
    let cells = if view.face == Face::Roles { OPERATION_CELLS } else { SCOPE_CELLS };
    view.page_columns = (usize::from(cut.list.width).saturating_sub(usize::from(cut.heading)) / cells).max(1);
    let (lines, columns) = (view.line_count(), view.column_count());
    let number = view.face.number();
    if let Some(place) = view.lines.get_mut(number) {
        place.settle(lines, view.page);
    }
    if let Some(place) = view.columns.get_mut(number) {
        place.settle(columns, view.page_columns);
    }
    let room = usize::from(cut.over_lines);
    match &mut view.over {
        Some(Over::Chooser(chooser)) => chooser.place.settle(chooser.shown.len(), room),
        Some(Over::Offers(offers)) => offers.place.settle(offers.remedies.len(), OFFERS),
        None => {}
    }
    let visible = view.line().top..view.line().top.saturating_add(view.page).min(lines);
    match view.face {
        Face::Roles => {
            forget(&mut view.reached);
            let there = visible.filter_map(|line| view.definition(line));
            let unknown: Vec<ObjId> = there.filter(|id| !view.reached.contains_key(id)).collect();
            let reached = definition_rights(store, &view.operations, &unknown);
            view.reached.extend(unknown.into_iter().zip(reached));
        }
        Face::Members => {
            forget(&mut view.held);
            let Some(roster) = view.roster.as_ref() else { return };
            for line in visible {
                if let Some(member) = roster.member(line)
                    && let Slot::Vacant(unknown) = view.held.entry(line)
                {
                    unknown.insert(roster.holdings(store, member));
                }
            }
        }
        Face::Account | Face::Operation => {}
    }
    view.path = path_of(view, store);
    view.on_path = view.on_path.filter(|&at| view.path.get(at).is_some_and(|line| line.link.is_some()));
}
