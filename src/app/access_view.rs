//! The access view at work: opens it, computes what it shows, carries out what its keys ask.
//!
//! Opening it reads the application once (see [`Roster`]); after that a question costs what it is about, and a frame
//! the lines and columns that are visible.

mod choosing;
mod path;

use std::sync::Arc;

use crate::access::remedy::{self, Effect as Besides, Question, Remedy, Wish};
use crate::access::{Access, Answer, Because, Principal, Roster, Where, definition_rights, way_down};
use crate::accounts::Sid;
use crate::report::access as words;
use crate::report::gains;
use crate::store::{Change, Kind, LeafId, LeafKind, ObjId, Store};

use super::dialog::Dialog;
use super::dialog::access::{AccessView, Face, Offers, Over, PathLine, Place, Request, Who};
use super::dialog::access_chooser::{Chooser, Choosing};
use super::effect::Effect;
use super::layout::Pane;
use super::sheet::Entry;
use super::state::{App, Doc};
use super::{editing, enabled};

/// So many of what a change gives and takes besides are told one by one.
const TOLD: usize = 200;
/// So many of the changes on offer are visible at once.
pub const OFFERS: usize = 6;
/// Cells of a column: a number of an operation, and the name of a scope.
pub const OPERATION_CELLS: usize = 5;
/// See [`OPERATION_CELLS`].
pub const SCOPE_CELLS: usize = 14;

/// There is an application to ask about.
pub fn can_open(app: &App) -> Result<(), String> {
    enabled::store(app)?;
    let doc = app.doc().ok_or("No store is open.")?;
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
    let mut view = read(store, application, doc.session.revision());
    view.scope = store.scope(node);
    aim(&mut view, doc, node);
    app.dialogs.push(Dialog::Access(Box::new(view)));
    show(app);
}

/// Reads all that the view needs to know of an application.
fn read(store: &Store, application: ObjId, revision: u64) -> AccessView {
    let scopes: Arc<[ObjId]> = store.children_of(application, Kind::Scope).collect();
    let is_definition = |id: &ObjId| matches!(store.kind(*id), Kind::Role | Kind::Task);
    let levels = std::iter::once(&application).chain(scopes.iter());
    let definitions = levels.flat_map(|&level| store.children(level)).filter(is_definition).collect();
    let roster = Roster::of(store, application);
    AccessView {
        application,
        revision,
        face: Face::Members,
        who: None,
        scope: None,
        operation: None,
        operations: Arc::clone(roster.operations()),
        roster: Arc::new(roster),
        definitions,
        scopes,
        answers: Vec::new(),
        holders: Vec::new(),
        reached: std::collections::HashMap::new(),
        held: std::collections::HashMap::new(),
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
        Kind::Role | Kind::Task => {
            view.face = Face::Roles;
            let at = view.definitions.iter().position(|&id| id == node).unwrap_or(0);
            view.lines = [Place { at, top: 0 }; 4];
        }
        _ => {
            let at = view.scopes.iter().position(|&id| Some(id) == view.scope);
            view.columns = [Place { at: at.map_or(0, |at| at.saturating_add(1)), top: 0 }; 4];
        }
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

/// Computes what the view is to show; reads the application again if the store has changed since.
fn show(app: &mut App) {
    let Some((view, doc)) = parts(app) else { return };
    let (store, revision) = (doc.session.store(), doc.session.revision());
    if view.revision != revision {
        let new = read(store, view.application, revision);
        let AccessView { operations, roster, definitions, scopes, .. } = new;
        view.revision = revision;
        (view.operations, view.roster, view.definitions, view.scopes) =
            (operations, roster, definitions, scopes);
        view.reached.clear();
        view.held.clear();
        view.scope = view.scope.filter(|&id| store.is_live(id));
        view.operation = view.operation.filter(|&id| store.is_live(id));
    }
    let place = view.scope.map_or(Where::Default, Where::Scope);
    match view.face {
        Face::Account => match &view.who {
            None => choose(app, Choosing::Who),
            Some(who) => {
                view.answers = match (who, who.token()) {
                    (Who::Found(group), _) => {
                        let member = Principal::Found(*group);
                        view.roster.access_of(store, member, place).answers_of(member)
                    }
                    (_, Some(token)) => view.roster.access(store, &token, place).answers(&token),
                    (_, None) => Vec::new(),
                };
            }
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

fn choose(app: &mut App, choosing: Choosing) {
    let Some((view, doc)) = parts(app) else { return };
    let mut chooser = Chooser::new(choosing);
    choosing::refill(doc.store(), view, &mut chooser);
    // Of one operation there is no list of all.
    if choosing == Choosing::Operation && view.face != Face::Members {
        chooser.shown.retain(|chosen| *chosen != super::dialog::access_chooser::Chosen::Operation(None));
    }
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
            let Some((view, doc)) = parts(app) else { return };
            if let Some(Over::Chooser(mut chooser)) = view.over.take() {
                choosing::refill(doc.store(), view, &mut chooser);
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
                    view.roster.number(Principal::Account(sid))
                }
                Some(Who::Found(group)) => view.roster.number(Principal::Found(group)),
                _ => None,
            };
            match number {
                Some(at) => view.lines = [Place { at, top: at }; 4],
                None => view.face = Face::Account,
            }
        }
        (Choosing::Who, _) => view.face = Face::Account,
        (Choosing::Scope, Face::Members) => {
            let at = view.scopes.iter().position(|&id| Some(id) == view.scope);
            view.columns = [Place { at: at.map_or(0, |at| at.saturating_add(1)), top: 0 }; 4];
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
            *view = AccessView { face: view.face, who, ..read(store, next, doc.session.revision()) };
            show(app);
        }
    }
}

/// What is selected: the definition or account, the operation and the place, the answer and its ways.
struct Cell {
    subject: Subject,
    operation: ObjId,
    scope: Option<ObjId>,
    answer: Answer,
    because: Vec<Because>,
}

enum Subject {
    Who(Who),
    Definition(ObjId),
}

fn cell(view: &AccessView, store: &Store) -> Option<Cell> {
    let line = view.line().at;
    match view.face {
        Face::Account => {
            let (operation, answer, because) = view.answers.get(line)?.clone();
            Some(Cell {
                subject: Subject::Who(view.who.clone()?),
                operation,
                scope: view.scope,
                answer,
                because,
            })
        }
        Face::Operation => {
            let (member, answer, because) = view.holders.get(line)?.clone();
            let subject = Subject::Who(Who::member(member));
            Some(Cell { subject, operation: view.operation?, scope: view.scope, answer, because })
        }
        Face::Roles => {
            let definition = *view.definitions.get(line)?;
            let operation = *view.operations.ids().get(view.column().at)?;
            let number = view.operations.number(operation)?;
            let answer = view.reached.get(&definition).map_or(Answer::No, |rights| rights.answer(number));
            let subject = Subject::Definition(definition);
            Some(Cell { subject, operation, scope: None, answer, because: Vec::new() })
        }
        Face::Members => {
            let member = view.roster.member(line)?;
            let (operation, scope) = (view.operation?, view.scope_of(view.column().at));
            let place = scope.map_or(Where::Default, Where::Scope);
            // What it may do by itself: what it may as one of Everyone is in Everyone's line.
            let answers = view.roster.access_of(store, member, place).answers_of(member);
            let (operation, answer, because) = answers.into_iter().find(|(id, ..)| *id == operation)?;
            Some(Cell { subject: Subject::Who(Who::member(member)), operation, scope, answer, because })
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
        let (member, scope) = (view.roster.member(view.line().at), view.scope_of(view.column().at));
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
    app.tell("W goes back to who may do what.");
}

/// Offers the changes that would give or take what is selected.
fn offer(app: &mut App, wish: Wish) {
    if let Err(why) = enabled::change(app) {
        return app.object(why);
    }
    let Some((view, doc)) = parts(app) else { return };
    let Some(cell) = cell(view, doc.store()) else {
        return app.object("Choose an operation first: o lists them.");
    };
    let verb = if wish == Wish::Grant { "may" } else { "may not" };
    let what = words::operation(doc.store(), cell.operation);
    let has = if wish == Wish::Grant { Answer::Yes } else { Answer::No };
    let (found, title) = match cell.subject {
        Subject::Definition(definition) => {
            let name = doc.store().name(definition).into_owned();
            let verb = if wish == Wish::Grant { "reaches" } else { "does not reach" };
            let title = format!("{name} {verb} {what}");
            if cell.answer == has {
                return app.object(format!("It is so already: {title}."));
            }
            let found = remedy::remedies_of_definition(&mut doc.session, definition, cell.operation, wish);
            (found, title)
        }
        Subject::Who(who) => {
            let place = words::place(doc.store(), cell.scope);
            let Who::Account { account, .. } = &who else {
                return app.object("Whom a query or rule finds is decided outside the store.");
            };
            let (Some(account), Some(token)) = (*account, who.token()) else {
                return app.object("These are groups alone: w, then type the account that they are of.");
            };
            let title = format!("{} {verb} {what} {place}", words::account(&account));
            let Cell { operation, scope, .. } = cell;
            let question = Question { application: view.application, scope, account, token, operation };
            let found = remedy::remedies(&mut doc.session, &question, wish);
            if found.is_empty() && cell.answer == has {
                return app.object(format!("It is so already: {title}."));
            }
            (found, title)
        }
    };
    if found.is_empty() {
        return app.object(format!("No change of one store's links alone leads to: {title}."));
    }
    let store = doc.store();
    let shown = found.iter().map(|remedy| shown(store, remedy)).collect();
    let offers = Offers { title, remedies: found, shown, place: Place::default(), top: 0 };
    if let Some((view, _)) = parts(app) {
        view.over = Some(Over::Offers(offers));
    }
}

/// The lines of a remedy, and what else it changes, in words.
fn shown(store: &Store, remedy: &Remedy) -> (Vec<String>, Vec<String>) {
    let several = store.children_of(store.root(), Kind::Application).nth(1).is_some();
    let line = |change: &Change| {
        let mut change = change.clone();
        if !several {
            match &mut change {
                Change::Create(create) => create.place.application = None,
                Change::Add(object, _) | Change::Remove(object, _) | Change::Set(object, ..) => {
                    object.place.application = None;
                }
                _ => {}
            }
        }
        change.to_string()
    };
    let besides = match &remedy.effect {
        Besides::Known { gained, lost } if gained.is_empty() && lost.is_empty() => {
            vec!["Nothing else changes.".to_owned()]
        }
        Besides::Known { gained, lost } => {
            let told = |list: &[crate::access::Gain]| list.iter().take(TOLD).cloned().collect::<Vec<_>>();
            let mut text = Vec::new();
            // Writing to memory cannot fail.
            let _ = gains::write_text(&mut text, (store, &told(gained)), (store, &told(lost)));
            let mut lines: Vec<String> = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
            let left = gained.len().saturating_add(lost.len()).saturating_sub(lines.len());
            if left > 0 {
                lines.push(format!("and {left} more"));
            }
            lines
        }
        Besides::Wide(levels) => vec![format!(
            "Reaches {levels} scopes: what it changes there is not listed. Apply, save under another name, and compare \
             the two with diff --access."
        )],
    };
    (remedy.changes.iter().map(line).collect(), besides)
}

fn apply(app: &mut App, effects: &mut Vec<Effect>) {
    let Some((view, _)) = parts(app) else { return };
    let Some(Over::Offers(offers)) = view.over.take() else { return };
    let Some(remedy) = offers.remedies.into_iter().nth(offers.place.at) else { return };
    let new_guid = app.new_guid;
    let mut changes = remedy.changes;
    for change in &mut changes {
        // The journal must make the same object again.
        if let Change::Create(create) = change {
            create.guid.get_or_insert_with(new_guid);
        }
    }
    if let Err(why) = editing::apply(app, &changes, &offers.title, effects) {
        app.fail(why);
    }
    show(app);
}

/// Brings scroll positions and what is visible up to the state, for a window of this size.
pub fn settle(app: &mut App) {
    let (width, height) = app.size;
    let cut = super::layout::access(width, height, app.plain);
    let Some((view, doc)) = parts(app) else { return };
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
            let unknown: Vec<ObjId> = view
                .definitions
                .get(visible)
                .unwrap_or_default()
                .iter()
                .copied()
                .filter(|id| !view.reached.contains_key(id))
                .collect();
            let reached = definition_rights(store, &view.operations, &unknown);
            view.reached.extend(unknown.into_iter().zip(reached));
        }
        Face::Members => {
            for line in visible {
                if let Some(member) = view.roster.member(line)
                    && !view.held.contains_key(&line)
                {
                    let held = view.roster.holdings(store, member);
                    view.held.insert(line, held);
                }
            }
        }
        Face::Account | Face::Operation => {}
    }
    view.path = path_of(view, store);
    view.on_path = view.on_path.filter(|&at| view.path.get(at).is_some_and(|line| line.link.is_some()));
}

/// The way behind what is selected.
fn path_of(view: &AccessView, store: &Store) -> Vec<PathLine> {
    let Some(cell) = cell(view, store) else { return Vec::new() };
    match cell.subject {
        Subject::Who(Who::Account { account, .. }) => {
            path::all(store, &cell.because, account, cell.operation)
        }
        Subject::Who(Who::Found(_)) => path::all(store, &cell.because, None, cell.operation),
        Subject::Definition(definition) => {
            let Some((way, condition)) = way_down(store, definition, cell.operation) else {
                return Vec::new();
            };
            let owners = way.iter().copied();
            let targets = way.iter().copied().skip(1).chain([cell.operation]);
            let mut lines: Vec<PathLine> = owners
                .zip(targets)
                .map(|(owner, target)| {
                    let is_operation = store.kind(target) == Kind::Operation;
                    let kind = if is_operation { LeafKind::OperationLink } else { LeafKind::TaskLink };
                    let leaf = store.leaves_of(owner, kind).find(|&leaf| store.target(leaf) == Some(target));
                    let text = format!("{} {}", store.kind(target), store.name(target));
                    PathLine { label: "has", text, link: Some((owner, leaf)) }
                })
                .collect();
            if condition.is_some() {
                let text = "an authorization rule says so".to_owned();
                lines.push(PathLine { label: "only if", text, link: None });
            }
            lines
        }
    }
}
