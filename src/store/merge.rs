//! Three-way merging: what was changed here, over what somebody else changed in the same store meanwhile.
//!
//! Both sides are compared with the store that they began from, object by object. What only one side did needs no
//! decision, and neither does what both did alike. What they did differently to one thing, and what one did in an object
//! that the other removed, is a conflict: nothing is taken from it until a side is chosen. What is taken is put into
//! changes by making it on their store, so that the merge is an ordinary step over their file.

mod needs;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::diff::{Difference, Snapshot, What, Who, leaf_key, pairs};
use super::perform::Work;
use super::script::join;
use super::trial::{self, Outcome, Wish};
use super::{Change, Guid, LeafKind, ObjId, Store};

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Did {
    /// Both, differently: a side is to be chosen.
    Differently,
    /// Only we did.
    Mine,
    /// Both did the same.
    Both,
    /// Only they did.
    Theirs,
}

/// Something that was changed here, there, or both.
pub struct Item {
    /// Who did it.
    pub did: Did,
    /// What was done here.
    pub mine: Vec<Difference>,
    /// What was done there.
    pub theirs: Vec<Difference>,
    /// Why ours cannot be made over theirs, if all of ours is taken.
    pub unfit: Option<String>,
    /// What taking ours means.
    wishes: Vec<Wish>,
}

/// What became of one store here and there. The items are in the order of [`Did`].
pub struct Merge {
    /// What was done.
    pub items: Vec<Item>,
}

/// What is changed of an object: one side's change of it meets the other's.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Existence,
    Place,
    Attribute(String),
    Text(LeafKind),
    Leaf(LeafKind, String),
    Unknown,
}

fn slot(what: &What) -> Slot {
    match what {
        What::Added | What::Removed => Slot::Existence,
        What::Moved { .. } => Slot::Place,
        What::Attribute { name, .. } => Slot::Attribute(name.clone()),
        What::Text { kind, .. } => Slot::Text(*kind),
        What::Linked { kind, text, .. } | What::Unlinked { kind, text, .. } => {
            Slot::Leaf(*kind, leaf_key(*kind, text))
        }
        What::Unknown { .. } => Slot::Unknown,
    }
}

/// Whether two changes of one slot come to the same.
fn agree(mine: &Wish, theirs: &Wish) -> bool {
    match (&mine.difference.what, &theirs.difference.what) {
        (What::Attribute { new: a, .. }, What::Attribute { new: b, .. })
        | (What::Text { new: a, .. }, What::Text { new: b, .. }) => a == b,
        (What::Linked { .. }, What::Linked { .. })
        | (What::Unlinked { .. }, What::Unlinked { .. })
        | (What::Removed, What::Removed) => true,
        (What::Unknown { new: a, .. }, What::Unknown { new: b, .. }) => a == b,
        (What::Moved { .. }, What::Moved { .. }) => {
            let home = |wish: &Wish| wish.new.as_ref().map(|new| new.home.clone());
            home(mine) == home(theirs)
        }
        (What::Added, What::Added) => {
            let name = |wish: &Wish| wish.new.as_ref().map(|new| (new.name.clone(), new.home.clone()));
            name(mine) == name(theirs)
        }
        _ => false,
    }
}

impl Merge {
    /// Compares what became of `base`: here `mine`, there `theirs`. Reads all three whole; `theirs` is tried on and is
    /// as before afterwards.
    pub fn of(base: &Store, mine: &Store, theirs: &mut Store) -> Merge {
        let wishes = |to: &Store| {
            let mut wishes = Vec::new();
            pairs(base, to, |old, new| trial::wish(old.as_ref(), new, &mut wishes));
            wishes.into_iter().map(Some).collect::<Vec<Option<Wish>>>()
        };
        let (mut ours, mut others) = (wishes(mine), wishes(theirs));
        let mut items = Vec::new();
        removed_here(base, theirs, &mut ours, &mut others, &mut items);
        removed_there(base, mine, &mut ours, &mut others, &mut items);
        let mut slots: HashMap<Who, BTreeMap<Slot, usize>> = HashMap::new();
        for (number, wish) in others.iter().enumerate() {
            if let Some(wish) = wish {
                slots.entry(wish.who.clone()).or_default().insert(slot(&wish.difference.what), number);
            }
        }
        for wish in ours.into_iter().flatten() {
            let met = slots.get(&wish.who).and_then(|of| of.get(&slot(&wish.difference.what)));
            let met = met.and_then(|&number| others.get_mut(number)).and_then(Option::take);
            let did = match &met {
                None => Did::Mine,
                Some(met) if agree(&wish, met) => Did::Both,
                Some(_) => Did::Differently,
            };
            let theirs = met.map(|met| met.difference).into_iter().collect();
            items.push(Item::new(did, vec![wish.difference.clone()], theirs, vec![wish]));
        }
        let left = others.into_iter().flatten();
        items.extend(left.map(|wish| Item::new(Did::Theirs, Vec::new(), vec![wish.difference], Vec::new())));
        items.sort_by_key(|item| item.did);
        let mut merge = Merge { items };
        merge.try_on(theirs);
        merge
    }

    /// Finds out which of ours can be made if all of ours is.
    fn try_on(&mut self, theirs: &mut Store) {
        let all = vec![true; self.items.len()];
        let refused = self.make(theirs, &all).1;
        for (number, why) in refused {
            if let Some(item) = self.items.get_mut(number) {
                item.unfit.get_or_insert(why);
            }
        }
    }

    /// The changes that make the chosen of ours on their store, which is as before afterwards; and the numbers of the
    /// items that cannot be made whole, each with the reason.
    pub fn changes(&self, theirs: &mut Store, mine: &[bool]) -> (Vec<Change>, Vec<(usize, String)>) {
        self.make(theirs, mine)
    }

    fn make(&self, theirs: &mut Store, mine: &[bool]) -> (Vec<Change>, Vec<(usize, String)>) {
        let (mut wishes, mut of) = (Vec::new(), Vec::new());
        for (number, item) in self.items.iter().enumerate() {
            if item.did != Did::Both && mine.get(number) == Some(&true) {
                wishes.extend(item.wishes.iter().cloned());
                of.resize(wishes.len(), number);
            }
        }
        let mut work = Work::default();
        let outcomes = trial::make(theirs, &mut work, &wishes);
        for edit in work.undo.into_iter().rev() {
            theirs.edit(edit);
        }
        let (mut changes, mut refused) = (Vec::new(), Vec::new());
        for (at, outcome) in outcomes {
            match (outcome, of.get(at)) {
                (Outcome::Made(made), _) => made.iter().for_each(|change| join(&mut changes, change)),
                (Outcome::Refused(why), Some(&number)) => refused.push((number, why)),
                (Outcome::Refused(_), None) => {}
            }
        }
        (changes, refused)
    }
}

impl Item {
    fn new(did: Did, mine: Vec<Difference>, theirs: Vec<Difference>, wishes: Vec<Wish>) -> Item {
        Item { did, mine, theirs, unfit: None, wishes }
    }
}

/// The objects that a side removed and that stood in nothing that it removed too.
fn tops(base: &Store, wishes: &[Option<Wish>]) -> Vec<ObjId> {
    let removed = wishes.iter().flatten().filter(|wish| wish.difference.what == What::Removed);
    let removed: BTreeSet<ObjId> = removed.filter_map(|wish| find(base, &wish.who)).collect();
    let is_top = |&id: &ObjId| {
        let mut above = std::iter::successors(base.parent(id), |&at| base.parent(at));
        !above.any(|at| removed.contains(&at))
    };
    removed.iter().copied().filter(is_top).collect()
}

/// An object that has a GUID of its own.
fn find(store: &Store, who: &Who) -> Option<ObjId> {
    match who {
        Who::Root => Some(store.root()),
        Who::Guid(guid) => store.by_guid(*guid),
        Who::Path(_) => None,
    }
}

fn whos(store: &Store, id: ObjId) -> BTreeSet<Guid> {
    store.within(id).filter_map(|id| store.guid(id)).collect()
}

fn is_in(who: &Who, inside: &BTreeSet<Guid>) -> bool {
    matches!(who, Who::Guid(guid) if inside.contains(guid))
}

/// Takes the wishes that fit out of a list.
fn take(wishes: &mut [Option<Wish>], fits: impl Fn(&Wish) -> bool) -> Vec<Wish> {
    wishes.iter_mut().filter_map(|wish| wish.take_if(|wish| fits(wish))).collect()
}

fn differences(wishes: &[Wish]) -> Vec<Difference> {
    wishes.iter().map(|wish| wish.difference.clone()).collect()
}

/// We removed what they changed.
fn removed_here(
    base: &Store,
    theirs: &Store,
    ours: &mut [Option<Wish>],
    others: &mut [Option<Wish>],
    items: &mut Vec<Item>,
) {
    // What they did may matter to several objects that we removed: a link to the owner and to the target.
    let all: Vec<Wish> = others.iter().flatten().cloned().collect();
    for top in tops(base, ours) {
        let Some(there) = base.guid(top).and_then(|guid| theirs.by_guid(guid)) else { continue };
        let mut inside = whos(base, top);
        inside.extend(whos(theirs, there));
        // A link to it from elsewhere keeps it too.
        let to_it = |wish: &Wish| links_into(wish, &inside);
        let matters = |wish: &Wish| {
            is_in(&wish.who, &inside) && wish.difference.what != What::Removed
                || matches!(wish.difference.what, What::Linked { .. }) && to_it(wish)
        };
        let changed: Vec<Wish> = all.iter().filter(|wish| matters(wish)).cloned().collect();
        if changed.is_empty() {
            continue;
        }
        take(others, matters);
        let gone = take(ours, |wish| {
            is_in(&wish.who, &inside) || matches!(wish.difference.what, What::Unlinked { .. }) && to_it(wish)
        });
        let mut wishes: Vec<Wish> = gone.iter().filter(|wish| !is_in(&wish.who, &inside)).cloned().collect();
        // Their links to it go with it.
        let theirs_links = theirs.links_from_outside(there).into_iter();
        let mut owners: Vec<ObjId> = theirs_links.map(|leaf| theirs.owner(leaf)).collect();
        owners.dedup();
        for owner in owners {
            let Some(then) = Snapshot::of(theirs, owner) else { continue };
            let mut now = Snapshot::of(theirs, owner);
            if let Some(now) = &mut now {
                now.leaves.retain(|(kind, text, _)| {
                    !(kind.is_link() && Guid::parse(text).is_some_and(|guid| inside.contains(&guid)))
                });
            }
            trial::wish(Some(&then), now, &mut wishes);
        }
        for id in theirs.within(there) {
            trial::wish(Snapshot::of(theirs, id).as_ref(), None, &mut wishes);
        }
        items.push(Item::new(Did::Differently, differences(&gone), differences(&changed), wishes));
    }
}

fn links_into(wish: &Wish, inside: &BTreeSet<Guid>) -> bool {
    match &wish.difference.what {
        What::Linked { kind, text, .. } | What::Unlinked { kind, text, .. } if kind.is_link() => {
            !is_in(&wish.who, inside) && Guid::parse(text).is_some_and(|guid| inside.contains(&guid))
        }
        _ => false,
    }
}

/// They removed what we changed: taking ours makes it again, as it is here.
fn removed_there(
    base: &Store,
    mine: &Store,
    ours: &mut [Option<Wish>],
    others: &mut [Option<Wish>],
    items: &mut Vec<Item>,
) {
    let all: Vec<Wish> = ours.iter().flatten().cloned().collect();
    for top in tops(base, others) {
        let Some(here) = base.guid(top).and_then(|guid| mine.by_guid(guid)) else { continue };
        let mut inside = whos(base, top);
        inside.extend(whos(mine, here));
        let matters = |wish: &Wish| {
            is_in(&wish.who, &inside) && wish.difference.what != What::Removed
                || matches!(wish.difference.what, What::Linked { .. }) && links_into(wish, &inside)
        };
        if !all.iter().any(matters) {
            continue;
        }
        let concerns = |wish: &Wish| is_in(&wish.who, &inside) || matters(wish);
        let changed: Vec<Wish> = all.iter().filter(|wish| concerns(wish)).cloned().collect();
        take(ours, concerns);
        let gone = take(others, |wish| is_in(&wish.who, &inside));
        let mut wishes = Vec::new();
        for id in mine.within(here) {
            trial::wish(None, Snapshot::of(mine, id), &mut wishes);
        }
        wishes.extend(changed.iter().filter(|wish| !is_in(&wish.who, &inside)).cloned());
        items.push(Item::new(Did::Differently, differences(&changed), differences(&gone), wishes));
    }
}
