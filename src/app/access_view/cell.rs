//! What is selected in the access view, whichever face it shows, and the way behind it.

use crate::access::{Answer, Because, Holding, Where, way_down};
use crate::app::dialog::access::{AccessView, Face, PathLine, Who};
use crate::store::{Kind, LeafKind, ObjId, Store};

use super::path;

/// So many places of one member are told; the matrix has them all.
const TOLD: usize = 20;

/// What is selected: the definition or account, the operation and the place, the answer and its ways.
pub(super) struct Cell {
    pub subject: Subject,
    pub operation: ObjId,
    pub scope: Option<ObjId>,
    pub answer: Answer,
    pub because: Vec<Because>,
}

pub(super) enum Subject {
    Who(Who),
    Definition(ObjId),
}

pub(super) fn cell(view: &AccessView, store: &Store) -> Option<Cell> {
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
            let definition = view.definition(line)?;
            let operation = *view.operations.ids().get(view.column().at)?;
            let number = view.operations.number(operation)?;
            let answer = view.reached.get(&definition).map_or(Answer::No, |rights| rights.answer(number));
            let subject = Subject::Definition(definition);
            Some(Cell { subject, operation, scope: None, answer, because: Vec::new() })
        }
        Face::Members => {
            let member = view.member(line)?;
            let (operation, scope) = (view.operation?, view.scope_of(view.column().at));
            let place = scope.map_or(Where::Default, Where::Scope);
            // What it may do by itself: what it may as one of Everyone is in Everyone's line.
            let answers = view.roster.as_ref()?.access_of(store, member, place).answers_of(member);
            let (operation, answer, because) = answers.into_iter().find(|(id, ..)| *id == operation)?;
            Some(Cell { subject: Subject::Who(Who::member(member)), operation, scope, answer, because })
        }
    }
}

/// The way behind what is selected.
pub(super) fn path_of(view: &AccessView, store: &Store) -> Vec<PathLine> {
    if view.face == Face::Members && view.operation.is_none() {
        return places(view, store);
    }
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

/// Where the selected member holds something of its own: in a large matrix those columns are far apart.
fn places(view: &AccessView, store: &Store) -> Vec<PathLine> {
    let places = view.places().into_iter().take(TOLD);
    let line = |(column, holding): (usize, &Holding)| {
        let scope = view.scope_of(column);
        let place =
            scope.map_or_else(|| "everywhere".to_owned(), |scope| format!("in {}", store.name(scope)));
        let (sure, all) = (holding.rights.sure(), view.operations.ids().len());
        let more = match holding.rights.count().saturating_sub(sure) {
            0 => String::new(),
            more => format!(", {more} more conditionally"),
        };
        PathLine { label: "may", text: format!("{sure} of {all} operations {place}{more}"), link: None }
    };
    places.map(line).collect()
}
