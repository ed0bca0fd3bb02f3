//! Where everybody is listed: one pass over an application, for those who ask about it again and again.
//!
//! A [`Roster`] answers nothing itself. It tells the few role assignments that an account can possibly be in, and the
//! engine is asked about those alone: so there is one set of rules, and a question costs what the account has, not
//! what the store holds. A change of the store is taken in at the cost of what it touched.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::holdings::{Holding, holdings_of};
use super::links::{self, Finds};
use super::pages::Pages;
use super::question::{Access, Where};
use super::rights::{Operations, Principal};
use super::token::Token;
use crate::accounts::{Sid, SidReader};
use crate::store::{Guid, Kind, LeafKind, ObjId, Store, Tick};

/// An account as two numbers: which of [`Roster::bases`], and its own last number.
type Key = (u32, u32);

/// All of a SID but its last number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Base {
    /// This SID, which has no number to spare.
    Whole(Sid),
    /// What the account's last number follows.
    Domain(Sid),
}

/// Who is listed where in an application: by its role assignments, by those of its scopes, and by the groups that
/// these can link. About 16 bytes for each listing; a clone shares nearly all of them.
#[derive(Clone, Debug)]
pub struct Roster {
    application: ObjId,
    operations: Arc<Operations>,
    /// In order.
    bases: Vec<Base>,
    /// Who is listed, and by which object.
    listed: Pages<(Key, ObjId)>,
    /// The same accounts, each once.
    accounts: Pages<Key>,
    /// The groups that a query or a rule fills.
    found: Pages<ObjId>,
    /// GUIDs of groups, and the assignments and groups that ever linked them: which of them still do, and to which of
    /// several groups with one GUID, the engine looks up.
    linking: Pages<(Guid, ObjId)>,
    scopes: Pages<ObjId>,
    /// Each with the scope that it stands in.
    definitions: Pages<(Option<ObjId>, ObjId)>,
}

/// A step that touches more objects than this, or objects with more members and links, is not taken in one by one:
/// reading everything anew, which is nobody's wait, is done sooner.
const MOST_TOUCHED: usize = 20_000;

/// The roster of each application of a store. `tick` is told how many objects were read. `None`: it said to stop.
pub fn rosters(store: &Store, tick: Tick<'_>) -> Option<Vec<(ObjId, Roster)>> {
    let applications = store.children_of(store.root(), Kind::Application);
    applications.map(|id| Some((id, Roster::watched(store, id, tick)?))).collect()
}

impl Roster {
    /// Reads every member and every link to a group of one application. Linear in the store.
    pub fn of(store: &Store, application: ObjId) -> Roster {
        // It is never told to stop.
        Roster::watched(store, application, &|_| true).unwrap_or_else(|| Roster::empty(application))
    }

    fn empty(application: ObjId) -> Roster {
        Reading::default().finish(application, Operations::default())
    }

    /// The same; tells how many objects were read. `None`: it was told to stop.
    pub fn watched(store: &Store, application: ObjId, tick: Tick<'_>) -> Option<Roster> {
        let mut reading = Reading::default();
        reading.level(store, application);
        for scope in store.children_of(application, Kind::Scope) {
            reading.scopes.push(scope);
            let read = reading.level(store, scope);
            if !tick(read + 1) {
                return None;
            }
        }
        reading.level(store, store.root());
        Some(reading.finish(application, Operations::of(store, application)))
    }

    /// Takes in a step that touched these objects (as [`Applied`](crate::store::Applied) has them). False: it is too
    /// much, and everything is to be read anew.
    pub fn update(&mut self, store: &Store, touched: &[ObjId]) -> bool {
        let is_ours =
            |id: &ObjId| store.application(*id).is_none_or(|application| application == self.application);
        let touched: Vec<ObjId> = touched.iter().copied().filter(is_ours).collect();
        let size =
            touched.iter().flat_map(|&id| std::iter::once(()).chain(store.leaves_ever(id).map(|_| ())));
        if size.take(MOST_TOUCHED).count() == MOST_TOUCHED {
            return false;
        }
        let mut sids = SidReader::new();
        let mut has_other_operations = false;
        for id in touched {
            let is_live = store.is_live(id);
            match store.kind(id) {
                Kind::Store | Kind::Application => {}
                Kind::Scope => self.scopes.set(id, is_live),
                Kind::Role | Kind::Task => self.definitions.set((store.scope(id), id), is_live),
                Kind::Operation => has_other_operations = true,
                Kind::Assignment => self.list(store, id, is_live, &mut sids),
                Kind::Group => {
                    self.list(store, id, is_live, &mut sids);
                    self.found.set(id, is_live && links::finds(store, id) != Finds::Listed);
                }
            }
        }
        if has_other_operations {
            self.operations = Arc::new(Operations::of(store, self.application));
        }
        true
    }

    /// Whom an assignment or a group lists now, and no longer.
    fn list(&mut self, store: &Store, owner: ObjId, is_live: bool, sids: &mut SidReader) {
        let mut now = BTreeSet::new();
        if is_live {
            links::each_sid(store, owner, LeafKind::Member, sids, |sid| _ = now.insert(sid));
            links::groups(store, owner)
                .filter_map(|group| store.guid(group))
                .for_each(|group| self.linking.set((group, owner), true));
        }
        let mut ever = BTreeSet::new();
        links::each_sid_ever(store, owner, sids, |sid| _ = ever.insert(sid));
        for sid in ever.difference(&now) {
            if let Some(key) = self.key(sid) {
                self.listed.set((key, owner), false);
                if self.owners_of(key).next().is_none() {
                    self.accounts.set(key, false);
                }
            }
        }
        for sid in now {
            let (base, number) = split(&sid);
            let key = (self.place(base), number);
            self.listed.set((key, owner), true);
            self.accounts.set(key, true);
        }
    }

    /// The number of a base, which gets one if it has none.
    fn place(&mut self, base: Base) -> u32 {
        let as_number = |at| u32::try_from(at).unwrap_or(u32::MAX);
        let at = match self.bases.binary_search(&base) {
            Ok(at) => return as_number(at),
            Err(at) => at,
        };
        self.bases.insert(at, base);
        let new = as_number(at);
        self.listed.replace(|((base, _), _)| *base += u32::from(*base >= new));
        self.accounts.replace(|(base, _)| *base += u32::from(*base >= new));
        new
    }

    /// The scopes of the application, by their numbers: in document order.
    pub fn scope(&self, number: usize) -> Option<ObjId> {
        self.scopes.get(number)
    }

    /// The number of a scope.
    pub fn scope_number(&self, scope: ObjId) -> Option<usize> {
        self.scopes.number(&scope)
    }

    /// How many scopes there are.
    pub fn scope_count(&self) -> usize {
        self.scopes.len()
    }

    /// The role and task definitions, by their numbers: the application's own first.
    pub fn definition(&self, number: usize) -> Option<ObjId> {
        self.definitions.get(number).map(|(_, id)| id)
    }

    /// The number of a definition.
    pub fn definition_number(&self, store: &Store, definition: ObjId) -> Option<usize> {
        self.definitions.number(&(store.scope(definition), definition))
    }

    /// How many definitions there are.
    pub fn definition_count(&self) -> usize {
        self.definitions.len()
    }

    /// The operations of the application.
    pub fn operations(&self) -> &Arc<Operations> {
        &self.operations
    }

    /// How many members there are: accounts, and groups that find their members.
    pub fn len(&self) -> usize {
        self.accounts.len() + self.found.len()
    }

    /// Whether nobody is listed anywhere.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The member with this number, below [`Roster::len`]: accounts in their order, then groups.
    pub fn member(&self, number: usize) -> Option<Principal> {
        match number.checked_sub(self.accounts.len()) {
            None => self.sid(self.accounts.get(number)?).map(Principal::Account),
            Some(number) => self.found.get(number).map(Principal::Found),
        }
    }

    /// The number of a member.
    pub fn number(&self, member: Principal) -> Option<usize> {
        match member {
            Principal::Account(sid) => self.accounts.number(&self.key(&sid)?),
            Principal::Found(group) => self.found.number(&group).map(|number| number + self.accounts.len()),
        }
    }

    fn sid(&self, (base, number): Key) -> Option<Sid> {
        match *self.bases.get(base as usize)? {
            Base::Whole(sid) => Some(sid),
            Base::Domain(sid) => sid.with_number(number),
        }
    }

    fn key(&self, sid: &Sid) -> Option<Key> {
        let (base, number) = split(sid);
        Some((u32::try_from(self.bases.binary_search(&base).ok()?).ok()?, number))
    }

    fn owners_of(&self, key: Key) -> impl Iterator<Item = ObjId> + '_ {
        let from = self.listed.from(move |(known, _)| *known < key);
        from.take_while(move |(known, _)| *known == key).map(|(_, owner)| owner)
    }

    /// The objects that list this member themselves.
    fn owners(&self, member: Principal) -> impl Iterator<Item = ObjId> + '_ {
        let (key, group) = match member {
            Principal::Account(sid) => (self.key(&sid), None),
            Principal::Found(group) => (None, Some(group)),
        };
        key.into_iter().flat_map(|key| self.owners_of(key)).chain(group)
    }

    /// The role assignments in these places that one of these members can be in, if no group on the way keeps it out; in
    /// order.
    fn assignments(
        &self,
        store: &Store,
        members: impl Iterator<Item = Principal>,
        places: Where,
    ) -> Vec<ObjId> {
        let counts_there = |id| match (store.kind(id), store.scope(id), places) {
            (Kind::Assignment, Some(scope), Where::Scope(wanted)) => scope == wanted,
            (Kind::Assignment, Some(_), Where::Default) => false,
            _ => true,
        };
        let is_there = |&id: &ObjId| counts_there(id) && store.is_live(id);
        let owners = members.flat_map(|member| self.owners(member));
        let mut reached: BTreeSet<ObjId> = owners.filter(is_there).collect();
        let mut todo: Vec<ObjId> =
            reached.iter().copied().filter(|&id| store.kind(id) == Kind::Group).collect();
        while let Some(group) = todo.pop() {
            let Some(guid) = store.guid(group) else { continue };
            let linking = self.linking.from(|(linked, _)| *linked < guid);
            let linking = linking.take_while(|(linked, _)| *linked == guid).map(|(_, owner)| owner);
            for owner in linking.filter(is_there) {
                if reached.insert(owner) && store.kind(owner) == Kind::Group {
                    todo.push(owner);
                }
            }
        }
        reached.into_iter().filter(|&id| store.kind(id) == Kind::Assignment).collect()
    }

    /// The same as [`Access::of`], made only for questions about whoever has this token.
    pub fn access<'s>(&self, store: &'s Store, token: &Token, places: Where) -> Access<'s> {
        let accounts = token.sids().iter().copied().map(Principal::Account);
        let found = self.found.all().map(Principal::Found);
        self.among(store, accounts.chain(found), places)
    }

    /// The same for questions about one member by itself.
    pub fn access_of<'s>(&self, store: &'s Store, member: Principal, places: Where) -> Access<'s> {
        self.among(store, std::iter::once(member), places)
    }

    fn among<'s>(
        &self,
        store: &'s Store,
        members: impl Iterator<Item = Principal>,
        places: Where,
    ) -> Access<'s> {
        let assignments = self.assignments(store, members, places);
        Access::among(store, Arc::clone(&self.operations), assignments.into_iter())
    }

    /// What a member holds by itself, level by level.
    pub fn holdings(&self, store: &Store, member: Principal) -> Vec<Holding> {
        let assignments = self.assignments(store, std::iter::once(member), Where::Anywhere);
        let mut at_levels: Vec<_> = assignments.into_iter().map(|id| (store.level(id), id)).collect();
        at_levels.sort_unstable();
        holdings_of(store, &self.operations, &at_levels, &|principal| *principal == member)
    }
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    sids: SidReader,
    bases: Bases,
    listed: Vec<(Key, ObjId)>,
    found: Vec<ObjId>,
    linking: Vec<(Guid, ObjId)>,
    scopes: Vec<ObjId>,
    definitions: Vec<(Option<ObjId>, ObjId)>,
}

impl Reading {
    /// Reads what stands directly in a level; how many objects that is.
    fn level(&mut self, store: &Store, level: ObjId) -> usize {
        let mut count = 0;
        for id in store.children(level) {
            count += 1;
            match store.kind(id) {
                Kind::Assignment | Kind::Group => {}
                Kind::Role | Kind::Task => {
                    self.definitions.push((store.scope(id), id));
                    continue;
                }
                Kind::Store | Kind::Application | Kind::Scope | Kind::Operation => continue,
            }
            if store.kind(id) == Kind::Group && links::finds(store, id) != Finds::Listed {
                self.found.push(id);
            }
            links::each_sid(store, id, LeafKind::Member, &mut self.sids, |sid| {
                self.listed.push((self.bases.key(&sid), id));
            });
            let groups = links::groups(store, id).filter_map(|group| store.guid(group));
            self.linking.extend(groups.map(|group| (group, id)));
        }
        count
    }

    fn finish(mut self, application: ObjId, operations: Operations) -> Roster {
        let bases = self.bases.sort(&mut self.listed);
        let listed = Pages::of(self.listed);
        let mut accounts: Vec<Key> = listed.all().map(|(key, _)| key).collect();
        accounts.dedup();
        Roster {
            application,
            operations: Arc::new(operations),
            bases,
            listed,
            accounts: Pages::of(accounts),
            found: Pages::of(self.found),
            linking: Pages::of(self.linking),
            scopes: Pages::of(self.scopes),
            definitions: Pages::of(self.definitions),
        }
    }
}

/// The bases met so far, and their numbers in the order of meeting.
#[derive(Default)]
struct Bases {
    met: Vec<Base>,
    number: HashMap<Base, u32>,
    last: Option<(Base, u32)>,
}

fn split(sid: &Sid) -> (Base, u32) {
    match (sid.parent(), sid.subauthorities().last()) {
        (Some(parent), Some(&number)) => (Base::Domain(parent), number),
        _ => (Base::Whole(*sid), 0),
    }
}

impl Bases {
    fn key(&mut self, sid: &Sid) -> Key {
        let (base, number) = split(sid);
        if let Some((last, known)) = self.last
            && last == base
        {
            return (known, number);
        }
        let next = u32::try_from(self.met.len()).unwrap_or(u32::MAX);
        let known = *self.number.entry(base).or_insert(next);
        if known == next {
            self.met.push(base);
        }
        self.last = Some((base, known));
        (known, number)
    }

    /// The bases in their order, with the keys made so far told of it.
    fn sort(self, listed: &mut [(Key, ObjId)]) -> Vec<Base> {
        let mut order: Vec<u32> = (0..).zip(&self.met).map(|(number, _)| number).collect();
        order.sort_unstable_by_key(|&number| self.met[number as usize]);
        let mut place = vec![0; order.len()];
        for (at, &number) in (0..).zip(&order) {
            place[number as usize] = at;
        }
        for ((base, _), _) in listed.iter_mut() {
            *base = place[*base as usize];
        }
        order.into_iter().map(|number| self.met[number as usize]).collect()
    }
}
