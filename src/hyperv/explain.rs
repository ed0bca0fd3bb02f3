//! Why access checks were denied, as a store answers now, and the smallest grant that would allow them.

mod together;

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{READ_SERVICE, RECONFIGURE_SERVICE};
use super::events::{Attempt, Log};
use super::is_hyper_v;
use crate::access::{self, Access, Answer, Operations, Token, Where};
use crate::accounts::{self, Sid};
use crate::store::{Change, Create, Kind, LeafKind, Link, ObjId, Object, Place, Store};

pub use together::together;

/// Why an attempt was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The store gives the account no such right, or only under a condition.
    NoGrant,
    /// The store as it is now would allow it.
    AllowedNow,
    /// The event is about an application that the store does not have.
    OtherApplication,
    /// The application has no such scope.
    UnknownScope,
    /// The application has no such operation.
    UnknownOperation,
    /// The event names the account, and nobody knows its SID.
    UnknownAccount,
}

impl Why {
    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Why::NoGrant => "no_grant",
            Why::AllowedNow => "allowed_now",
            Why::OtherApplication => "other_application",
            Why::UnknownScope => "unknown_scope",
            Why::UnknownOperation => "unknown_operation",
            Why::UnknownAccount => "unknown_account",
        }
    }
}

/// A denial with its explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// What was attempted, by whom, where.
    pub attempt: Attempt,
    /// How often.
    pub count: u64,
    /// The account, where it is known.
    pub sid: Option<Sid>,
    /// The operation's name in the store; the event's where the store has none.
    pub operation: String,
    /// Why it was denied.
    pub why: Why,
    /// The same in a sentence, with what to do.
    pub sentence: String,
    /// The smallest grant; the same for all denials of one account in one place, for it serves them all.
    pub fix: Vec<Change>,
}

/// Names of accounts and their SIDs, as they were told of these events; compared without regard to case.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<String, Sid>);

impl Names {
    /// Adds `NAME=SID`.
    ///
    /// # Errors
    /// It has another form.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        let (name, sid) = text.rsplit_once('=').ok_or_else(|| format!("{text}: NAME=SID is wanted"))?;
        let sid = Sid::parse(sid.trim()).map_err(|error| format!("{text}: {error}"))?;
        self.tell(name.trim(), sid);
        Ok(())
    }

    /// Adds a name.
    pub fn tell(&mut self, name: &str, sid: Sid) {
        self.0.insert(name.to_lowercase(), sid);
    }

    /// The SID of an account: as it was told, with its domain or without; what the name itself says; a name that is the
    /// same on every host, or `known` besides.
    pub fn find(&self, account: &str, known: &accounts::Names) -> Option<Sid> {
        let name = account.rsplit('\\').next().unwrap_or(account);
        let told = self.0.get(&account.to_lowercase()).or_else(|| self.0.get(&name.to_lowercase()));
        told.copied().or_else(|| Sid::parse(name).ok()).or_else(|| known.resolve(account).ok())
    }
}

/// One place: an application and a scope of it.
type Spot = (ObjId, Option<ObjId>);

/// What [`Access::of`] gives, or something that is made sooner for questions about this token.
pub type Ask<'s> = dyn Fn(ObjId, &Token, Where) -> Access<'s> + 's;

/// Whom denials are explained by: a store, and who accounts are.
pub struct Judge<'s> {
    /// The store.
    pub store: &'s Store,
    /// As it was told of these events.
    pub told: &'s Names,
    /// As it is known besides.
    pub known: &'s accounts::Names,
    /// How the store is asked.
    pub ask: &'s Ask<'s>,
}

/// A denial and how often it was.
pub type Counted = (Attempt, u64);

/// Whether two denials are of one account in one place: what would allow them is one grant.
fn is_one_place(a: &Counted, b: &Counted) -> bool {
    let ((a, _), (b, _)) = (a, b);
    (&a.account, &a.application, &a.scope) == (&b.account, &b.application, &b.scope)
}

/// The denials of the account and place that the one at `at` has.
pub fn place_of(attempts: &[Counted], at: usize) -> &[Counted] {
    let Some(one) = attempts.get(at) else { return &[] };
    let is_same = |other: &&Counted| is_one_place(one, other);
    let before = attempts.get(..at).unwrap_or_default().iter().rev().take_while(is_same).count();
    let after = attempts.get(at..).unwrap_or_default().iter().take_while(is_same).count();
    attempts.get(at - before..at + after).unwrap_or_default()
}

/// Explains every denial of a log, in its order: by account, application, scope and operation.
pub fn explain(store: &Store, log: &Log, told: &Names, known: &accounts::Names) -> Vec<Denial> {
    let judge =
        Judge { store, told, known, ask: &|application, _, place| Access::of(store, application, place) };
    let attempts: Vec<Counted> =
        log.denied.iter().map(|(attempt, count)| (attempt.clone(), *count)).collect();
    attempts.chunk_by(is_one_place).flat_map(|same| judge.explained(same)).collect()
}

/// The changes of these denials, each once.
pub fn all_fixes(denials: &[Denial]) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    for change in denials.iter().flat_map(|denial| &denial.fix) {
        if !all.contains(change) {
            all.push(change.clone());
        }
    }
    all
}

impl Judge<'_> {
    /// Explains the denials of one account in one place.
    fn explained(&self, same: &[Counted]) -> Vec<Denial> {
        let mut denials: Vec<Denial> = same.iter().map(|counted| self.judged(counted)).collect();
        let fix = self.fix(same);
        for denial in denials.iter_mut().filter(|denial| denial.why == Why::NoGrant) {
            denial.fix.clone_from(&fix);
        }
        denials
    }

    /// Says why one denial was, without what would allow it.
    pub fn judged(&self, (attempt, count): &Counted) -> Denial {
        let store = self.store;
        let sid = self.told.find(&attempt.account, self.known);
        let application = application_of(store, attempt);
        let operation = application.and_then(|application| operation_of(store, application, attempt));
        let operation_name =
            operation.map_or_else(|| attempt.operation.clone(), |id| store.name(id).into_owned());
        let (why, sentence) = self.reason(attempt, (application, operation), sid, &operation_name);
        Denial {
            attempt: attempt.clone(),
            count: *count,
            sid,
            operation: operation_name,
            why,
            sentence,
            fix: Vec::new(),
        }
    }

    /// The smallest grant that allows those of one account's denials in one place that can be allowed.
    pub fn fix(&self, same: &[Counted]) -> Vec<Change> {
        let sid = same.first().and_then(|(attempt, _)| self.told.find(&attempt.account, self.known));
        let granting = |sid: Sid| self.granting(&sid, same.iter().map(|(attempt, _)| attempt));
        sid.map(granting).unwrap_or_default()
    }

    fn granting<'a>(&self, sid: &Sid, attempts: impl Iterator<Item = &'a Attempt>) -> Vec<Change> {
        let placed: Vec<(Spot, ObjId)> = attempts.filter_map(|attempt| placed(self.store, attempt)).collect();
        let Some((spot, _)) = placed.first() else { return Vec::new() };
        let held = self.held(*spot, sid);
        let wanted = placed.iter().map(|(_, operation)| *operation).filter(|id| !held.contains(id)).collect();
        grant(self.store, *spot, sid, wanted, &held)
    }

    fn asked(&self, (application, scope): Spot, token: &Token) -> Access<'_> {
        (self.ask)(application, token, scope.map_or(Where::Default, Where::Scope))
    }

    /// What the account may do in the place already.
    fn held(&self, spot: Spot, sid: &Sid) -> BTreeSet<ObjId> {
        let token = Token::new(*sid, []);
        let answers = self.asked(spot, &token).answers(&token).into_iter();
        answers.filter(|(_, answer, _)| *answer == Answer::Yes).map(|(operation, ..)| operation).collect()
    }

    fn reason(
        &self,
        attempt: &Attempt,
        (application, operation): (Option<ObjId>, Option<ObjId>),
        sid: Option<Sid>,
        name: &str,
    ) -> (Why, String) {
        let (store, account) = (self.store, &attempt.account);
        let Some(application) = application else {
            let sentence = format!(
                "The event is about the application \"{}\", which is not in this store.",
                attempt.application
            );
            return (Why::OtherApplication, sentence);
        };
        let Some(operation) = operation else {
            let id = attempt.id.map_or_else(|| name.to_owned(), |id| format!("{id} ({name})"));
            return (
                Why::UnknownOperation,
                format!("The application has no operation {id}: nobody can be given it."),
            );
        };
        let scope = attempt.scope.as_ref().map(|name| (name, store.find(application, Kind::Scope, name)));
        let scope = match scope {
            Some((name, None)) => {
                let sentence = format!(
                    "The application has no scope \"{name}\". Was it renamed or deleted? What asked for it goes by its name."
                );
                return (Why::UnknownScope, sentence);
            }
            Some((_, scope)) => scope,
            None => None,
        };
        let Some(sid) = sid else {
            return (Why::UnknownAccount, format!("Which SID is {account}?"));
        };
        let token = Token::new(sid, []);
        let (answer, because) = self.asked((application, scope), &token).can(&token, operation);
        let here =
            attempt.scope.as_ref().map_or("the default scope".to_owned(), |name| format!("\"{name}\""));
        match answer {
            Answer::Yes => {
                let by =
                    because.first().map(|because| store.describe(because.assignment)).unwrap_or_default();
                (Why::AllowedNow, format!("The store as it is now allows it: the {by} gives it."))
            }
            Answer::Conditional => {
                let sentence = format!(
                    "In {here} it is given only where a rule or a query says so, and Hyper-V asks neither."
                );
                (Why::NoGrant, sentence)
            }
            Answer::No => {
                let and = if scope.is_some() { " or the default scope" } else { "" };
                (
                    Why::NoGrant,
                    format!("No role assignment in {here}{and} gives it to this account by its own SID."),
                )
            }
        }
    }
}

/// The application that an attempt was made in.
pub fn application_of(store: &Store, attempt: &Attempt) -> Option<ObjId> {
    store
        .find(store.root(), Kind::Application, &attempt.application)
        .filter(|&id| store.name(id) == attempt.application)
}

fn operation_of(store: &Store, application: ObjId, attempt: &Attempt) -> Option<ObjId> {
    let by_name = store.find(application, Kind::Operation, &attempt.operation);
    let Some(number) = attempt.id else { return by_name };
    let has_number = |id: &ObjId| store.operation_id(*id) == Some(number);
    // Most often it has the name that the event gives it.
    by_name.filter(has_number).or_else(|| store.of_kind(application, Kind::Operation).find(has_number))
}

/// Where an attempt was made, and what it was, in this store.
fn placed(store: &Store, attempt: &Attempt) -> Option<(Spot, ObjId)> {
    let application = application_of(store, attempt)?;
    let scope = match &attempt.scope {
        Some(name) => Some(store.find(application, Kind::Scope, name)?),
        None => None,
    };
    Some(((application, scope), operation_of(store, application, attempt)?))
}

/// The smallest grant of these operations to an account in one place: nothing that the account does not ask for, and of
/// what is there as much as possible.
///
/// Hyper-V asks for 100 and 105 together, so they are given together.
fn grant(
    store: &Store,
    (application, scope): Spot,
    sid: &Sid,
    wanted: BTreeSet<ObjId>,
    held: &BTreeSet<ObjId>,
) -> Vec<Change> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let operations = Operations::of(store, application);
    let level = scope.unwrap_or(application);
    let mut allowed: BTreeSet<ObjId> = held.union(&wanted).copied().collect();
    if scope.is_none() && is_hyper_v(store, application) {
        let number = |id: &ObjId| store.operation_id(*id);
        let pair = [Some(READ_SERVICE), Some(RECONFIGURE_SERVICE)];
        if wanted.iter().any(|id| pair.contains(&number(id))) {
            allowed.extend(operations.ids().iter().copied().filter(|id| pair.contains(&number(id))));
        }
    }
    let grants_of = |ids: &[ObjId]| -> Vec<BTreeSet<ObjId>> {
        let set = |rights: &[u64]| -> BTreeSet<ObjId> {
            access::numbers(rights).filter_map(|at| operations.ids().get(at).copied()).collect()
        };
        access::reached(store, &operations, ids)
            .iter()
            .map(|rights| if rights.plain == rights.any { set(&rights.any) } else { BTreeSet::new() })
            .collect()
    };
    let mut left = wanted;
    let mut changes = Vec::new();
    let member = || Link::Member(sid.to_string());
    // A role assignment that is there and gives nothing else.
    let assignments: Vec<ObjId> = store.of_kind(level, Kind::Assignment).collect();
    let given = grants_of(&assignments);
    while let Some((id, granted)) = best(&assignments, &given, &allowed, &left) {
        let Some(object) = Object::of(store, id) else { break };
        changes.push(Change::Add(object, vec![member()]));
        left = left.difference(granted).copied().collect();
    }
    if left.is_empty() {
        return without_application(store, changes);
    }
    // A role definition that is there and gives nothing else, or one that is made.
    let has_no_rule =
        |id: &ObjId| store.first(*id, LeafKind::BizRule).is_none_or(|rule| rule.trim().is_empty());
    let levels = std::iter::once(application).chain(scope);
    let roles: Vec<ObjId> =
        levels.flat_map(|level| store.of_kind(level, Kind::Role)).filter(has_no_rule).collect();
    let given = grants_of(&roles);
    let role = best(&roles, &given, &allowed, &left).filter(|(_, granted)| left.is_subset(granted));
    let Some(place) = Place::of(store, level) else { return Vec::new() };
    let there = role.and_then(|(id, _)| Some((store.name(id).into_owned(), Link::to(store, level, id)?)));
    let made = || role_for(store, application, level, (&allowed, &left, held));
    let (name, link) = if let Some(there) = there {
        there
    } else if let Some((create, link)) = made() {
        let name = create.name.clone();
        changes.push(Change::Create(create));
        (name, link)
    } else {
        return Vec::new();
    };
    let name = free_name(store, &[level], Kind::Assignment, &name);
    let links = vec![link, member()];
    changes.push(Change::Create(Create { links, ..Create::new(Kind::Assignment, name, place) }));
    without_application(store, changes)
}

/// A new role definition of the default scope with what is left, and what belongs to it.
fn role_for(
    store: &Store,
    application: ObjId,
    level: ObjId,
    (allowed, left, held): (&BTreeSet<ObjId>, &BTreeSet<ObjId>, &BTreeSet<ObjId>),
) -> Option<(Create, Link)> {
    let pair = [Some(READ_SERVICE), Some(RECONFIGURE_SERVICE)];
    let is_service = |id: &ObjId| level == application && pair.contains(&store.operation_id(*id));
    let belongs = allowed.iter().filter(|id| !held.contains(*id) && is_service(id));
    let with: BTreeSet<ObjId> = left.iter().chain(belongs).copied().collect();
    let first = with.first()?;
    let name = match with.len() {
        _ if with.iter().all(is_service) && is_hyper_v(store, application) => "Service Access".to_owned(),
        1 => format!("{} only", store.name(*first).chars().take(50).collect::<String>().trim_end()),
        count => format!("Access to {count} operations"),
    };
    let name = free_name(store, &[application, level], Kind::Role, &name);
    let links: Option<Vec<Link>> = with.iter().map(|&id| Link::to(store, application, id)).collect();
    let create =
        Create { links: links?, ..Create::new(Kind::Role, name.clone(), Place::of(store, application)?) };
    Some((create, Link::Role(name.as_str().into())))
}

/// The name, with a number where it is taken at one of the levels: operations and definitions share their names,
/// assignments have their own.
fn free_name(store: &Store, levels: &[ObjId], kind: Kind, name: &str) -> String {
    let shares = |other: ObjId| (store.kind(other) == Kind::Assignment) == (kind == Kind::Assignment);
    let is_free = |name: &String| !levels.iter().flat_map(|&level| store.named(level, name)).any(shares);
    let numbered = (2..1000).map(|number| format!("{name} {number}"));
    std::iter::once(name.to_owned()).chain(numbered).find(is_free).unwrap_or_else(|| name.to_owned())
}

/// Of those that give nothing but what is allowed, the one that gives most of what is wanted.
fn best<'g>(
    ids: &[ObjId],
    given: &'g [BTreeSet<ObjId>],
    allowed: &BTreeSet<ObjId>,
    wanted: &BTreeSet<ObjId>,
) -> Option<(ObjId, &'g BTreeSet<ObjId>)> {
    let fits = ids.iter().zip(given).filter(|(_, gives)| gives.is_subset(allowed));
    let counted = fits.map(|(id, gives)| (gives.intersection(wanted).count(), id, gives));
    let best = counted
        .filter(|(count, ..)| *count > 0)
        .max_by_key(|(count, id, _)| (*count, std::cmp::Reverse(**id)));
    best.map(|(_, id, gives)| (*id, gives))
}

/// In a store with one application nobody wants to read its name in every line.
fn without_application(store: &Store, mut changes: Vec<Change>) -> Vec<Change> {
    if store.of_kind(store.root(), Kind::Application).nth(1).is_none() {
        for change in &mut changes {
            match change {
                Change::Create(create) => create.place.application = None,
                Change::Add(object, _) => object.place.application = None,
                _ => {}
            }
        }
    }
    changes
}
