//! Questions about one application: may this account do that there, who may, and everything that anybody may.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::links::Condition;
use super::paths::{Definitions, Members, WayIn, WayOut};
use super::rights::{Answer, Operations, Principal};
use super::token::Token;
use crate::accounts::Sid;
use crate::store::{Kind, ObjId, Store};

/// One way to an operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Because {
    /// The role assignment.
    pub assignment: ObjId,
    /// The SID that it, or the last of the groups, lists; `None`: whoever that group finds.
    pub member: Option<Sid>,
    /// From the group that the assignment links to the one that has the member.
    pub groups: Vec<ObjId>,
    /// The definition that the assignment links; `None` where it links the operation itself.
    pub role: Option<ObjId>,
    /// The definitions between that one and the operation.
    pub tasks: Vec<ObjId>,
    /// What it depends on; of a query and a rule, the rule.
    pub condition: Option<Condition>,
}

/// What somebody may do in one place.
#[derive(Clone, Debug)]
pub struct Row {
    /// Who.
    pub principal: Principal,
    /// `None` is the application's own level, which counts in every scope.
    pub scope: Option<ObjId>,
    /// What.
    pub operation: ObjId,
    /// Never [`Answer::No`].
    pub answer: Answer,
    /// Every way there.
    pub because: Vec<Because>,
}

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// At the application's own level, which Hyper-V calls the default scope.
    Default,
    /// In one scope, where the application's own level counts too.
    Scope(ObjId),
    /// At the application's own level and in every scope.
    Anywhere,
}

/// One application, ready for questions.
pub struct Access<'s> {
    store: &'s Store,
    operations: Arc<Operations>,
    /// With the scope that each stands in; the application's own come first.
    assignments: Vec<(Option<ObjId>, ObjId)>,
}

/// An account's ways into assignments, by the assignments' numbers.
type Ways = BTreeMap<usize, Vec<WayIn>>;

impl<'s> Access<'s> {
    /// Prepares an application for questions about these places.
    pub fn of(store: &'s Store, application: ObjId, places: Where) -> Access<'s> {
        let scopes: Vec<ObjId> = match places {
            Where::Default => Vec::new(),
            Where::Scope(scope) => vec![scope],
            Where::Anywhere => store.children_of(application, Kind::Scope).collect(),
        };
        let at = |scope: Option<ObjId>| {
            let level = scope.unwrap_or(application);
            store.of_kind(level, Kind::Assignment).map(move |id| (scope, id))
        };
        let assignments = at(None).chain(scopes.into_iter().flat_map(|scope| at(Some(scope)))).collect();
        Access { store, operations: Arc::new(Operations::of(store, application)), assignments }
    }

    /// Prepares an application for questions about some of its role assignments, and those of its scopes, as if there
    /// were no others. It is for the caller to know that no other matters.
    pub(super) fn among(
        store: &'s Store,
        operations: Arc<Operations>,
        assignments: impl Iterator<Item = ObjId>,
    ) -> Access<'s> {
        let mut assignments: Vec<_> = assignments.map(|id| (store.scope(id), id)).collect();
        assignments.sort_unstable();
        Access { store, operations, assignments }
    }

    /// The operations of the application.
    pub fn operations(&self) -> &Operations {
        &self.operations
    }

    /// The members who are wanted; `None`: all.
    fn members(&self, wanted: Option<&[Sid]>) -> Members<'s> {
        let ids: Vec<ObjId> = self.assignments.iter().map(|(_, id)| *id).collect();
        Members::of(self.store, &ids, wanted)
    }

    fn definitions(&self, numbers: impl Iterator<Item = usize>) -> Definitions<'s> {
        Definitions::of(self.store, numbers.map(|number| self.assignments[number].1))
    }

    /// Whether whoever has this token may do this, in the places that this is about, and why.
    pub fn can(&self, token: &Token, operation: ObjId) -> (Answer, Vec<Because>) {
        let ways = self.members(Some(token.sids())).ways_with(token);
        let mut definitions = self.definitions(ways.keys().copied());
        let because = self.because(&mut definitions, ways.iter(), operation);
        (answer(&because), because)
    }

    /// The role assignments that whoever has this token is surely in.
    pub(super) fn joined(&self, token: &Token) -> Vec<ObjId> {
        let ways = self.members(Some(token.sids())).ways_with(token);
        let is_sure = |ways: &Vec<WayIn>| ways.iter().any(|way| way.condition.is_none());
        let sure = ways.iter().filter(|(_, ways)| is_sure(ways));
        sure.filter_map(|(&number, _)| self.assignments.get(number).map(|(_, id)| *id)).collect()
    }

    /// Every member that may do this in the places that this is about, each with all its ways. A member is what an
    /// assignment or group lists; what it may do as one of Everyone is Everyone's.
    pub fn who_can(&self, operation: ObjId) -> Vec<(Principal, Answer, Vec<Because>)> {
        let members = self.members(None);
        let mut definitions = self.definitions(0..self.assignments.len());
        let of = |principal: Principal| {
            let because = self.because(&mut definitions, members.ways_of(principal).iter(), operation);
            (principal, answer(&because), because)
        };
        members.principals().map(of).filter(|(_, answer, _)| *answer != Answer::No).collect()
    }

    /// What an access check would say of every operation to whoever has this token, and why.
    pub fn answers(&self, token: &Token) -> Vec<(ObjId, Answer, Vec<Because>)> {
        let ways = self.members(Some(token.sids())).ways_with(token);
        self.answers_by(&ways)
    }

    /// The same for a member by itself.
    pub fn answers_of(&self, member: Principal) -> Vec<(ObjId, Answer, Vec<Because>)> {
        let wanted = match member {
            Principal::Account(sid) => vec![sid],
            Principal::Found(_) => Vec::new(),
        };
        self.answers_by(&self.members(Some(&wanted)).ways_of(member))
    }

    fn answers_by(&self, ways: &Ways) -> Vec<(ObjId, Answer, Vec<Because>)> {
        let mut definitions = self.definitions(ways.keys().copied());
        let of = |&operation: &ObjId| {
            let because = self.because(&mut definitions, ways.iter(), operation);
            (operation, answer(&because), because)
        };
        self.operations.ids().iter().map(of).collect()
    }

    /// All that whoever has this token may do: at the application's own level, and in each scope whose own assignments
    /// give something. Rows carry `principal`.
    ///
    /// # Errors
    /// What `each` returns ends it.
    pub fn rows_of<E>(
        &self,
        token: &Token,
        principal: Principal,
        mut each: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let ways = self.members(Some(token.sids())).ways_with(token);
        let mut definitions = self.definitions(ways.keys().copied());
        self.rows(&mut definitions, principal, &ways, &mut each)
    }

    /// The same for every member, each by itself, in the order of SIDs; then for whoever groups find.
    ///
    /// # Errors
    /// What `each` returns ends it.
    pub fn all_rows<E>(&self, mut each: impl FnMut(Row) -> Result<(), E>) -> Result<(), E> {
        let members = self.members(None);
        let mut definitions = self.definitions(0..self.assignments.len());
        members.principals().try_for_each(|principal| {
            self.rows(&mut definitions, principal, &members.ways_of(principal), &mut each)
        })
    }

    fn rows<E>(
        &self,
        definitions: &mut Definitions<'_>,
        principal: Principal,
        ways: &Ways,
        each: &mut impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let own: Vec<_> = ways.iter().filter(|(number, _)| self.assignments[**number].0.is_none()).collect();
        // Numbers run by level.
        let all: Vec<_> = ways.iter().collect();
        for here in all.chunk_by(|a, b| self.assignments[*a.0].0 == self.assignments[*b.0].0) {
            let scope = here.first().and_then(|(number, _)| self.assignments[**number].0);
            for &operation in self.operations.ids() {
                let mut because = self.because(definitions, here.iter().copied(), operation);
                if because.is_empty() {
                    continue;
                }
                if scope.is_some() {
                    because.extend(self.because(definitions, own.iter().copied(), operation));
                }
                each(Row { principal, scope, operation, answer: answer(&because), because })?;
            }
        }
        Ok(())
    }

    /// Every way in with the best way on, and every way on with the best way in.
    fn because<'w>(
        &self,
        definitions: &mut Definitions<'_>,
        ways: impl Iterator<Item = (&'w usize, &'w Vec<WayIn>)>,
        operation: ObjId,
    ) -> Vec<Because> {
        let mut because = Vec::new();
        for (&number, ways_in) in ways {
            let assignment = self.assignments[number].1;
            let ways_out = definitions.ways_out(assignment, operation);
            let best_in = ways_in.iter().min_by_key(|way| (way.condition.is_some(), way.groups.len()));
            let best_out = ways_out.iter().min_by_key(|way| (way.condition.is_some(), way.tasks.len()));
            let (Some(best_in), Some(best_out)) = (best_in, best_out) else { continue };
            because.extend(ways_out.iter().map(|way_out| joined(assignment, best_in, way_out)));
            let others = ways_in.iter().filter(|way| !std::ptr::eq(*way, best_in));
            because.extend(others.map(|way_in| joined(assignment, way_in, best_out)));
        }
        because
    }
}

/// The definitions from this one down to the one that links the operation, and what that way depends on; the shortest
/// of those that depend on least. `None`: there is no way.
pub fn way_down(
    store: &Store,
    definition: ObjId,
    operation: ObjId,
) -> Option<(Vec<ObjId>, Option<Condition>)> {
    Definitions::among(store, std::iter::once(definition)).way_down(definition, operation)
}

fn joined(assignment: ObjId, way_in: &WayIn, way_out: &WayOut) -> Because {
    let conditions = [way_in.condition, way_out.condition];
    Because {
        assignment,
        member: way_in.member,
        groups: way_in.groups.clone(),
        role: way_out.role,
        tasks: way_out.tasks.clone(),
        condition: conditions.into_iter().flatten().min(),
    }
}

fn answer(because: &[Because]) -> Answer {
    match because.iter().map(|because| because.condition.is_none()).max() {
        None => Answer::No,
        Some(false) => Answer::Conditional,
        Some(true) => Answer::Yes,
    }
}
