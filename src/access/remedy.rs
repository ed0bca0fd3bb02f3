//! The smallest changes after which an access check says something else, and all that each would change besides.
//!
//! Candidates are found by looking at the links on and around the way, and every one is tried on the store and taken
//! back: only what really leads to the wished answer is offered, with what it gives and takes as [`gains`] compares it.
//!
//! [`gains`]: super::gains()

mod grant;
mod withdraw;

use std::collections::BTreeSet;

use super::gains::{Gain, Look, Picture, compare};
use super::question::{Access, Because, Where, way_down};
use super::rights::{Answer, Principal};
use super::token::Token;
use crate::accounts::Sid;
use crate::store::{Change, LeafKind, Link, ObjId, Object, Session, Store};

/// So many are offered.
const OFFERED: usize = 12;
/// A change that can matter at more levels than this is called wide and not followed everywhere: nobody reads on.
const MOST_LEVELS: usize = 400;

/// An access check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Of which application.
    pub application: ObjId,
    /// In which scope; `None`: at the application's own level.
    pub scope: Option<ObjId>,
    /// Who is to be given or denied it.
    pub account: Sid,
    /// All that the account is when it asks, itself included.
    pub token: Token,
    /// What.
    pub operation: ObjId,
}

/// What the answer is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Yes.
    Grant,
    /// No.
    Withdraw,
}

/// Changes after which the answer is as wished.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// To be made in this order, as one step.
    pub changes: Vec<Change>,
    /// What else they would change.
    pub effect: Effect,
}

/// What changes besides the answer that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Exactly this.
    Known {
        /// Who gains what.
        gained: Vec<Gain>,
        /// Who loses what.
        lost: Vec<Gain>,
    },
    /// It reaches this many scopes (and the application's own level as one): more than are followed.
    Wide(usize),
}

impl Effect {
    /// How much it is: operations by member and place.
    pub fn size(&self) -> usize {
        match self {
            Effect::Known { gained, lost } => {
                gained.iter().chain(lost).map(|gain| gain.plain.len() + gain.conditional.len()).sum()
            }
            Effect::Wide(_) => usize::MAX,
        }
    }

    /// How many others gain or lose something.
    fn others(&self, account: Principal) -> usize {
        match self {
            Effect::Known { gained, lost } => {
                let all: BTreeSet<_> = gained.iter().chain(lost).map(|gain| gain.principal).collect();
                all.len() - usize::from(all.contains(&account))
            }
            Effect::Wide(_) => usize::MAX,
        }
    }
}

impl Question {
    fn ask(&self, store: &Store) -> (Answer, Vec<Because>) {
        let place = self.scope.map_or(Where::Default, Where::Scope);
        Access::of(store, self.application, place).can(&self.token, self.operation)
    }

    /// The levels whose assignments count, the nearest first.
    fn levels(&self) -> impl Iterator<Item = ObjId> + use<> {
        self.scope.into_iter().chain([self.application])
    }
}

impl Wish {
    fn is_met(self, answer: Answer) -> bool {
        match self {
            Wish::Grant => answer == Answer::Yes,
            Wish::Withdraw => answer == Answer::No,
        }
    }
}

/// The changes that make the answer as wished: those of fewest lines first, and of those what changes least for others,
/// and then least at all. None where it is so already. The session is as
/// before.
pub fn remedies(session: &mut Session, question: &Question, wish: Wish) -> Vec<Remedy> {
    let (answer, because) = question.ask(session.store());
    if wish.is_met(answer) {
        return Vec::new();
    }
    let candidates = match wish {
        Wish::Grant => grant::candidates(session.store(), question, &because),
        Wish::Withdraw => withdraw::candidates(session, question, &because),
    };
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut remedies = Vec::new();
    for changes in candidates {
        let mut text: Vec<String> = changes.iter().map(Change::to_string).collect();
        text.sort_unstable();
        if seen.insert(text) {
            remedies.extend(tried(session, question, wish, changes));
        }
    }
    let account = Principal::Account(question.account);
    remedies.sort_by_cached_key(|remedy| {
        (remedy.changes.len(), remedy.effect.others(account), remedy.effect.size())
    });
    remedies.truncate(OFFERED);
    remedies
}

/// The changes after which a definition reaches an operation surely (or not at all), the smallest first.
pub fn remedies_of_definition(
    session: &mut Session,
    definition: ObjId,
    operation: ObjId,
    wish: Wish,
) -> Vec<Remedy> {
    let reaches = |store: &Store| match way_down(store, definition, operation) {
        None => Answer::No,
        Some((_, Some(_))) => Answer::Conditional,
        Some((_, None)) => Answer::Yes,
    };
    let store = session.store();
    if wish.is_met(reaches(store)) {
        return Vec::new();
    }
    let way = way_down(store, definition, operation).map(|(way, _)| way).unwrap_or_default();
    let candidates: Vec<Change> = match wish {
        Wish::Grant => add_link(store, definition, operation).into_iter().collect(),
        Wish::Withdraw => {
            let inner = way.iter().zip(way.iter().skip(1));
            let inner = inner.filter_map(|(&from, &to)| remove_link(store, from, LeafKind::TaskLink, to));
            let last =
                way.last().and_then(|&last| remove_link(store, last, LeafKind::OperationLink, operation));
            inner.chain(last).collect()
        }
    };
    let meets = |store: &Store| wish.is_met(reaches(store));
    let mut remedies: Vec<Remedy> =
        candidates.into_iter().filter_map(|change| effect(session, vec![change], &meets)).collect();
    remedies.sort_by_cached_key(|remedy| remedy.effect.size());
    remedies
}

/// What these changes would give and take; `None` where they cannot be made. The session is as before.
pub fn effect_of(session: &mut Session, changes: &[Change]) -> Option<Effect> {
    effect(session, changes.to_vec(), &|_| true).map(|remedy| remedy.effect)
}

/// The remedy that these changes are, if they are one.
fn tried(session: &mut Session, question: &Question, wish: Wish, changes: Vec<Change>) -> Option<Remedy> {
    let mut remedy = effect(session, changes, &|store| wish.is_met(question.ask(store).0))?;
    if let Effect::Known { gained, lost } = &mut remedy.effect {
        drop_asked(if wish == Wish::Grant { gained } else { lost }, question);
    }
    Some(remedy)
}

/// All that these changes change, if they can be made and lead to where they should.
fn effect(session: &mut Session, changes: Vec<Change>, is_met: &dyn Fn(&Store) -> bool) -> Option<Remedy> {
    let seen = session.attempt(&changes, |store, edited| {
        if !is_met(store) {
            return None;
        }
        let look = Look::of(store, edited);
        let levels = look.count().unwrap_or(usize::MAX);
        let after = (levels <= MOST_LEVELS).then(|| Picture::of(store, &look));
        Some((look, levels, after))
    });
    let (look, levels, after) = seen.ok()??;
    let Some(after) = after else { return Some(Remedy { changes, effect: Effect::Wide(levels) }) };
    let (gained, lost) = compare(&Picture::of(session.store(), &look), &after);
    Some(Remedy { changes, effect: Effect::Known { gained, lost } })
}

/// Takes out what was asked for.
fn drop_asked(gains: &mut Vec<Gain>, question: &Question) {
    for gain in gains.iter_mut() {
        let is_asked = gain.principal == Principal::Account(question.account) && gain.scope == question.scope;
        if is_asked && gain.application == question.application {
            let count = gain.plain.len() + gain.conditional.len();
            gain.plain.retain(|&operation| operation != question.operation);
            gain.conditional.retain(|&operation| operation != question.operation);
            gain.is_all &= count == gain.plain.len() + gain.conditional.len();
        }
    }
    gains.retain(|gain| !gain.plain.is_empty() || !gain.conditional.is_empty());
}

/// `add` of one link, named so that it means exactly `target`.
fn add_link(store: &Store, owner: ObjId, target: ObjId) -> Option<Change> {
    let link = Link::to(store, store.level(owner), target)?;
    Some(Change::Add(Object::of(store, owner)?, vec![link]))
}

/// `add` of the account itself.
fn add_member(store: &Store, owner: ObjId, sid: &Sid) -> Option<Change> {
    Some(Change::Add(Object::of(store, owner)?, vec![Link::Member(sid.to_string())]))
}

/// `remove` of the link from one object to another.
fn remove_link(store: &Store, owner: ObjId, kind: LeafKind, target: ObjId) -> Option<Change> {
    let leaf = store.leaves_of(owner, kind).find(|&leaf| store.target(leaf) == Some(target))?;
    Some(Change::Remove(Object::of(store, owner)?, vec![store.link_of(leaf)?]))
}
