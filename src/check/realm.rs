//! One application as the tests of rights see it: what its definitions grant, and who holds what at its own level.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::subject::{Subject, mixed};
use crate::access::{self, Operations, Principal, Rights};
use crate::accounts::Sid;
use crate::store::{Kind, LeafId, LeafKind, ObjId, Store};

/// What is known of an application, apart from the store it was read from.
pub(super) struct Estate {
    operations: Operations,
    /// The application's operations by their numbers, with their place in a set of operations.
    numbers: Vec<(u32, usize)>,
    /// Their names, by their places: messages hold them.
    names: Vec<String>,
    /// What the application's own definitions grant, in the order of their numbers.
    definitions: Vec<(ObjId, Arc<Rights>)>,
    /// The first role definition of the application's own that grants each of these, with its name.
    roles: HashMap<Arc<Rights>, (ObjId, String)>,
    /// What everybody holds at the application's own level.
    own: HashMap<Principal, Arc<Rights>>,
    marks: Marks,
    /// What of that any account holds, named there or not.
    anybody: Vec<u64>,
}

impl Estate {
    /// Linear in what the application's own level holds, and in the groups it uses.
    pub(super) fn of(store: &Store, application: ObjId) -> Estate {
        let operations = Operations::of(store, application);
        let numbered = operations.ids().iter().enumerate();
        let mut numbers: Vec<(u32, usize)> =
            numbered.filter_map(|(at, &id)| Some((store.operation_id(id)?, at))).collect();
        numbers.sort_unstable();
        let names = operations.ids().iter().map(|&id| store.name(id).into_owned()).collect();
        let mut estate = Estate {
            operations,
            numbers,
            names,
            definitions: Vec::new(),
            roles: HashMap::new(),
            own: HashMap::new(),
            marks: Marks::default(),
            anybody: Vec::new(),
        };
        let mut own: Vec<ObjId> =
            [Kind::Task, Kind::Role].into_iter().flat_map(|kind| store.of_kind(application, kind)).collect();
        own.sort_unstable();
        let granted = access::reached(store, &estate.operations, &own);
        for (&id, rights) in own.iter().zip(&granted) {
            if store.kind(id) == Kind::Role {
                estate.roles.entry(Arc::clone(rights)).or_insert_with(|| (id, store.name(id).into_owned()));
            }
        }
        estate.definitions = own.into_iter().zip(granted).collect();
        estate.look_at_members(store, application);
        estate
    }

    /// Looks anew at who holds what at the application's own level.
    fn look_at_members(&mut self, store: &Store, application: ObjId) {
        let held = access::holdings(store, &self.operations, [application], &|_| true);
        self.own = held.into_iter().map(|holding| (holding.principal, holding.rights)).collect();
        self.marks = Marks::default();
        for principal in self.own.keys() {
            if let Principal::Account(sid) = principal {
                self.marks.add(sid);
            }
        }
        self.anybody = self.held_by_name(access::of_an_account().map(Principal::Account));
    }

    /// What these are given without condition under just these names.
    fn held_by_name(&self, names: impl Iterator<Item = Principal>) -> Vec<u64> {
        let mut held = vec![0; self.operations.words()];
        for rights in names.filter_map(|name| self.own.get(&name)) {
            held.iter_mut().zip(&rights.plain).for_each(|(word, more)| *word |= more);
        }
        held
    }

    /// What a definition of the application's own grants.
    fn defined(&self, id: ObjId) -> Option<&Rights> {
        let at = self.definitions.binary_search_by_key(&id, |(known, _)| *known).ok()?;
        self.definitions.get(at).map(|(_, rights)| &**rights)
    }

    /// What it is after a change to the application's own level or to a group of the store.
    pub(super) fn renewed(&self, store: &Store, application: ObjId) -> Renewed {
        let new = Estate::of(store, application);
        let has_same_rights = new.operations.ids() == self.operations.ids()
            && new.numbers == self.numbers
            && new.definitions == self.definitions
            && new.own == self.own;
        let has_same_names = new.names == self.names && new.roles == self.roles;
        match (has_same_rights, has_same_names) {
            (true, true) => Renewed::Same,
            (true, false) => Renewed::Names(new),
            (false, _) => Renewed::Rights(new),
        }
    }
}

/// What a change made of an [`Estate`].
pub(super) enum Renewed {
    Same,
    /// Nobody's rights are others, but messages are.
    Names(Estate),
    Rights(Estate),
}

/// Tells cheaply that an account holds nothing at the application's own level: nearly every member of a large store.
#[derive(Default)]
struct Marks(Vec<u64>);

impl Marks {
    const BITS: usize = 1 << 14;

    fn place(sid: &Sid) -> usize {
        mixed(sid) as usize >> 18
    }

    fn add(&mut self, sid: &Sid) {
        self.0.resize(Marks::BITS / 64, 0);
        let place = Marks::place(sid);
        self.0[place / 64] |= 1 << (place % 64);
    }

    fn may_have(&self, sid: &Sid) -> bool {
        let place = Marks::place(sid);
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }
}

/// A set of operations of one application, one bit for each.
pub type Set = [u64];

/// An application under test.
pub struct Realm<'s> {
    /// The store it is in.
    pub store: &'s Store,
    /// Its number.
    pub application: ObjId,
    estate: &'s Estate,
    /// What was found out about groups: many assignments link the same one.
    groups: Mutex<HashMap<(&'static str, ObjId), bool>>,
}

impl<'s> Realm<'s> {
    pub(super) fn new(store: &'s Store, application: ObjId, estate: &'s Estate) -> Realm<'s> {
        Realm { store, application, estate, groups: Mutex::default() }
    }

    /// The application's operations in the order of their numbers; of several with one number, each.
    pub fn operations(&self) -> impl Iterator<Item = (u32, ObjId)> + '_ {
        let ids = self.estate.operations.ids();
        self.estate.numbers.iter().filter_map(|&(number, at)| Some((number, *ids.get(at)?)))
    }

    /// How many operations the application has.
    pub fn size(&self) -> usize {
        self.estate.operations.ids().len()
    }

    /// Whether the set has an operation with this number.
    pub fn has(&self, set: &Set, number: u32) -> bool {
        let numbers = &self.estate.numbers;
        let from = numbers.partition_point(|(known, _)| *known < number);
        let same = numbers.iter().skip(from).take_while(|(known, _)| *known == number);
        same.map(|(_, at)| *at).any(|at| set.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1))
    }

    /// The numbers of the operations in a set, in order and without repeats.
    pub fn numbers(&self, set: &Set) -> BTreeSet<u32> {
        let numbers = self.estate.numbers.iter().map(|(number, _)| *number);
        numbers.filter(|&number| self.has(set, number)).collect()
    }

    /// Whether the set has every operation of the application, and there is one.
    pub fn is_everything(&self, set: &Set) -> bool {
        let count: usize = set.iter().map(|word| word.count_ones() as usize).sum();
        count == self.size() && count > 0
    }

    /// What an assignment or definition of the application grants, conditionally or not.
    pub fn granted(&self, owner: ObjId) -> Cow<'_, Rights> {
        if let Some(rights) = self.estate.defined(owner) {
            return Cow::Borrowed(rights);
        }
        let reached = access::reached(self.store, &self.estate.operations, &[owner]);
        let rights = reached.into_iter().next().map(Arc::unwrap_or_clone);
        Cow::Owned(rights.unwrap_or_else(|| Rights::none(self.estate.operations.words())))
    }

    /// The same of an assignment under test.
    pub fn granted_by(&self, assignment: &Subject<'_>) -> Cow<'_, Rights> {
        let mut linked = assignment.links.iter().filter(|link| link.kind != LeafKind::AppMemberLink);
        // Nearly every assignment links one definition of the application and nothing else.
        if let (Some(only), None) = (linked.next(), linked.next())
            && let Some(rights) = only.to.and_then(|definition| self.estate.defined(definition))
        {
            return Cow::Borrowed(rights);
        }
        self.granted(assignment.id)
    }

    /// The first role definition of the application's own that grants exactly this.
    pub fn own_role_that_grants(&self, rights: &Rights) -> Option<ObjId> {
        self.estate.roles.get(rights).map(|(id, _)| *id)
    }

    /// What somebody holds at the application's own level without condition, also as one of Everyone or of
    /// Authenticated Users.
    pub fn held(&self, who: &Principal) -> Cow<'_, Set> {
        let Principal::Account(sid) = who else {
            // Whoever a query finds is an account, and whether it is found there too is the same question.
            return Cow::Borrowed(self.estate.own.get(who).map_or(&[], |rights| &rights.any));
        };
        let itself = (!self.holds_nothing_itself(sid)).then_some(*who);
        if itself.is_none() && access::implied(sid).eq(access::of_an_account()) {
            return Cow::Borrowed(&self.estate.anybody);
        }
        let classes = access::implied(sid).map(Principal::Account);
        Cow::Owned(self.estate.held_by_name(itself.into_iter().chain(classes)))
    }

    /// Whether this account is known to hold nothing of its own at the application's own level. Cheap; `false` says
    /// nothing.
    pub fn holds_nothing_itself(&self, sid: &Sid) -> bool {
        !self.estate.marks.may_have(sid)
    }

    /// Whether somebody in an application group is so; found out once for each group and `question`.
    pub fn any_in_group(
        &self,
        question: &'static str,
        group: ObjId,
        is_so: impl Fn(&Principal) -> bool,
    ) -> bool {
        let known =
            self.groups.lock().unwrap_or_else(PoisonError::into_inner).get(&(question, group)).copied();
        known.unwrap_or_else(|| {
            let answer = access::members_of(self.store, group).iter().any(is_so);
            self.groups.lock().unwrap_or_else(PoisonError::into_inner).insert((question, group), answer);
            answer
        })
    }

    /// The application groups that an assignment links and can see.
    pub fn groups_of(&self, assignment: ObjId) -> impl Iterator<Item = (LeafId, ObjId)> + '_ {
        let level = self.store.level(assignment);
        let linked = self.store.leaves_of(assignment, LeafKind::AppMemberLink);
        let linked = linked.filter_map(|leaf| Some((leaf, self.store.target(leaf)?)));
        linked.filter(move |&(_, to)| self.store.kind(to) == Kind::Group && self.store.can_see(level, to))
    }
}
