//! What spans objects: who links to whom, and who shares a name, a number or a look with whom.
//!
//! Built once by a parallel pass over the objects, then kept up to date for the objects that change. Tests read it;
//! nothing in it is a judgement.

use super::names;
use super::parallel;
use crate::store::{Guid, Kind, LeafId, LeafKind, ObjId, Store};
use std::borrow::Cow;
use std::collections::HashMap;
use std::num::NonZero;

/// A link of an object, resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The link.
    pub leaf: LeafId,
    /// What it links as.
    pub kind: LeafKind,
    /// What it links to; `None` where no object has that GUID.
    pub to: Option<ObjId>,
    /// How the GUID is written.
    pub spelling: Spelling,
}

/// How a GUID is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As azroles.dll writes it: lower case, hyphens, nothing around it.
    Plain,
    /// Another spelling of a GUID: upper case, braces, blanks.
    Odd,
    /// Not a GUID.
    None,
}

impl Spelling {
    /// Looks at a text that should be a GUID.
    pub fn of(text: &str) -> Spelling {
        let plain = |(at, byte): (usize, u8)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        };
        if text.len() == 36 && text.bytes().enumerate().all(plain) {
            Spelling::Plain
        } else if Guid::parse(text).is_some() {
            Spelling::Odd
        } else {
            Spelling::None
        }
    }
}

/// A shelf holds objects at places; objects at the same place have something in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shelf {
    /// The same name but for case, at one level: operations and definitions together, other kinds by themselves.
    Name,
    /// A name that looks the same, at one level: each kind by itself.
    Look,
    /// The same number: operations of one application.
    Number,
    /// The same name but for case, at any level of an application (groups: of the store): operations and
    /// definitions together, groups by themselves.
    Across,
}

impl Shelf {
    /// Every shelf.
    pub const ALL: [Shelf; 4] = [Shelf::Name, Shelf::Look, Shelf::Number, Shelf::Across];

    /// Where an object stands on the shelf: in what, as what, under which word. `None`: it is not on this shelf.
    fn place(self, store: &Store, id: ObjId) -> Option<Place<'_>> {
        let kind = store.kind(id);
        let (within, class) = self.area(store, id, kind)?;
        let word = match self {
            Shelf::Number => Cow::Owned(store.operation_id(id)?.to_string()),
            Shelf::Look => names::look(store.name(id)),
            Shelf::Name | Shelf::Across => names::folded(store.name(id)),
        };
        (!word.is_empty()).then_some(Place { within, class, word })
    }

    /// The key of [`Shelf::place`], without making the word where the name is ASCII.
    fn key(self, store: &Store, id: ObjId, kind: Kind, name: &str) -> Option<u64> {
        let (within, class) = self.area(store, id, kind)?;
        let hash = Hash::of(within, class);
        match self {
            Shelf::Number => Some(hash.bytes(store.operation_id(id)?.to_string().bytes())),
            _ if name.is_empty() => None,
            Shelf::Look if name.is_ascii() => Some(hash.bytes(names::ascii_look(name))),
            Shelf::Look => Some(hash.bytes(names::look(Cow::Borrowed(name)).bytes())),
            _ if name.is_ascii() => Some(hash.bytes(name.bytes().map(|byte| byte.to_ascii_lowercase()))),
            _ => Some(hash.bytes(names::folded(Cow::Borrowed(name)).bytes())),
        }
    }

    fn area(self, store: &Store, id: ObjId, kind: Kind) -> Option<(ObjId, u8)> {
        let parent = store.parent(id)?;
        let class = match kind {
            Kind::Store => return None,
            Kind::Application => 1,
            Kind::Scope => 2,
            Kind::Assignment => 3,
            Kind::Group => 4,
            Kind::Operation => 5,
            Kind::Task | Kind::Role if self == Shelf::Look => 6,
            Kind::Task | Kind::Role => 5,
        };
        match self {
            Shelf::Name | Shelf::Look => Some((parent, class)),
            Shelf::Number => (kind == Kind::Operation).then_some((parent, class)),
            Shelf::Across => match kind {
                Kind::Group => Some((store.root(), class)),
                Kind::Operation | Kind::Task | Kind::Role => Some((store.application(id)?, class)),
                _ => None,
            },
        }
    }
}

/// A place on a shelf, spelled out.
#[derive(PartialEq, Eq, Hash)]
struct Place<'s> {
    within: ObjId,
    class: u8,
    word: Cow<'s, str>,
}

#[cfg(test)]
impl Place<'_> {
    fn key(&self) -> u64 {
        Hash::of(self.within, self.class).bytes(self.word.bytes())
    }
}

/// FNV-1a. Keys only bring candidates together, [`Place`] decides; so a file made to collide costs time linear in
/// its size and nothing else.
struct Hash(u64);

impl Hash {
    fn of(within: ObjId, class: u8) -> Hash {
        let within = u64::try_from(within.index()).unwrap_or(u64::MAX);
        Hash((0xCBF2_9CE4_8422_2325 ^ within << 8 ^ u64::from(class)).wrapping_mul(Hash::PRIME))
    }

    fn bytes(self, bytes: impl Iterator<Item = u8>) -> u64 {
        bytes.fold(self.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(Hash::PRIME))
    }

    const PRIME: u64 = 0x0000_0100_0000_01B3;
}

/// Which objects are at a key. Entries are never taken out: what an entry says is checked when it is read.
#[derive(Default)]
struct Keys {
    base: Vec<(u64, ObjId)>,
    added: HashMap<u64, Vec<ObjId>>,
}

impl Keys {
    fn get(&self, key: u64) -> impl Iterator<Item = ObjId> + '_ {
        let from = self.base.partition_point(|(known, _)| *known < key);
        let base = self.base.iter().skip(from).take_while(move |(known, _)| *known == key).map(|(_, id)| *id);
        base.chain(self.added.get(&key).into_iter().flatten().copied())
    }
}

/// What spans objects. Everything is kept by the object's number.
pub(super) struct Index {
    /// What each object is, while it exists.
    kinds: Vec<Option<Kind>>,
    /// The links of object `n` are `links[starts[n]..starts[n + 1]]`, unless `changed` has them.
    starts: Vec<usize>,
    links: Vec<Outgoing>,
    changed: HashMap<ObjId, Vec<Outgoing>>,
    /// How many links of other objects lead to each object.
    incoming: Vec<u32>,
    shelves: [Keys; 4],
    /// The key of each object on each shelf.
    keys: Vec<[Option<NonZero<u64>>; 4]>,
}

/// What one chunk of objects contributes.
#[derive(Default)]
struct Gathered {
    kinds: Vec<Option<Kind>>,
    link_counts: Vec<usize>,
    links: Vec<Outgoing>,
    keys: Vec<[Option<NonZero<u64>>; 4]>,
    shelves: [Vec<(u64, ObjId)>; 4],
}

impl Index {
    /// Looks at every object once.
    pub(super) fn build(store: &Store) -> Index {
        let count = store.object_numbers();
        let parts = parallel::chunks(count, |range| {
            let mut part = Gathered::default();
            for number in range {
                let id = store.object_at(number);
                let before = part.links.len();
                part.kinds.push(id.map(|id| store.kind(id)));
                let keys = id.map_or([None; 4], |id| keys(store, id));
                for (shelf, key) in part.shelves.iter_mut().zip(keys) {
                    shelf.extend(key.map(NonZero::get).zip(id));
                }
                part.keys.push(keys);
                part.links.extend(id.into_iter().flat_map(|id| outgoing(store, id)));
                part.link_counts.push(part.links.len() - before);
            }
            part
        });
        let mut index = Index {
            kinds: Vec::with_capacity(count),
            starts: Vec::with_capacity(count + 1),
            links: Vec::new(),
            changed: HashMap::new(),
            incoming: vec![0; count],
            shelves: Default::default(),
            keys: Vec::with_capacity(count),
        };
        let mut start = 0;
        for part in parts {
            for links in part.link_counts {
                index.starts.push(start);
                start += links;
            }
            index.kinds.extend(part.kinds);
            index.links.extend(part.links);
            index.keys.extend(part.keys);
            for (shelf, keys) in index.shelves.iter_mut().zip(part.shelves) {
                shelf.base.extend(keys);
            }
        }
        index.starts.push(start);
        for (owner, targets) in index.starts.iter().zip(index.starts.iter().skip(1)).enumerate() {
            let links = index.links.get(*targets.0..*targets.1).unwrap_or_default();
            count_targets(&mut index.incoming, owner, links, 1);
        }
        index.shelves = parallel::each(index.shelves, |mut keys| {
            keys.base.sort_unstable();
            keys
        });
        index
    }

    /// The links of an object, in order.
    pub(super) fn outgoing(&self, id: ObjId) -> &[Outgoing] {
        match self.changed.get(&id) {
            Some(links) => links,
            None => {
                let range = self.starts.get(id.index()).zip(self.starts.get(id.index() + 1));
                range.and_then(|(start, end)| self.links.get(*start..*end)).unwrap_or_default()
            }
        }
    }

    /// Whether a link of another object leads here.
    pub(super) fn is_used(&self, id: ObjId) -> bool {
        self.incoming.get(id.index()).is_some_and(|count| *count > 0)
    }

    /// What the object was when the index last looked at it; `None` if it did not exist.
    pub(super) fn kind(&self, id: ObjId) -> Option<Kind> {
        self.kinds.get(id.index()).copied().flatten()
    }

    /// Looks again at one object, which may be new or gone.
    pub(super) fn refresh(&mut self, store: &Store, id: ObjId) {
        let (live, number) = (store.is_live(id), id.index());
        if self.kinds.len() <= number {
            let count = store.object_numbers();
            self.kinds.resize(count, None);
            self.incoming.resize(count, 0);
            self.keys.resize(count, [None; 4]);
        }
        let before = self.outgoing(id).to_vec();
        count_targets(&mut self.incoming, number, &before, -1);
        let links: Vec<Outgoing> = if live { outgoing(store, id).collect() } else { Vec::new() };
        count_targets(&mut self.incoming, number, &links, 1);
        self.changed.insert(id, links);
        self.kinds[number] = live.then(|| store.kind(id));
        self.keys[number] = if live { keys(store, id) } else { [None; 4] };
        for (entries, key) in self.shelves.iter_mut().zip(self.keys[number]) {
            let Some(key) = key.map(NonZero::get) else { continue };
            if !entries.get(key).any(|known| known == id) {
                entries.added.entry(key).or_default().push(id);
            }
        }
    }

    /// The key of an object on a shelf.
    pub(super) fn key(&self, shelf: Shelf, id: ObjId) -> Option<u64> {
        self.keys.get(id.index())?[shelf as usize].map(NonZero::get)
    }

    /// Every key of the shelf that several objects had when the index was built.
    pub(super) fn shared_keys(&self, shelf: Shelf) -> Vec<u64> {
        let base = &self.shelves[shelf as usize].base;
        let pairs = base.iter().zip(base.iter().skip(1));
        let mut keys: Vec<u64> = pairs.filter(|(one, next)| one.0 == next.0).map(|(one, _)| one.0).collect();
        keys.dedup();
        keys
    }

    /// The objects that have this key now, in the order of their numbers, apart by place. Mostly that is one list.
    pub(super) fn at_key(&self, store: &Store, shelf: Shelf, key: u64) -> Vec<Vec<ObjId>> {
        let mut here: Vec<ObjId> = self.shelves[shelf as usize].get(key).collect();
        here.retain(|id| self.key(shelf, *id) == Some(key));
        here.sort_unstable();
        let mut by_place: HashMap<Place<'_>, Vec<ObjId>> = HashMap::new();
        for id in here {
            if let Some(place) = shelf.place(store, id) {
                by_place.entry(place).or_default().push(id);
            }
        }
        by_place.into_values().collect()
    }
}

fn keys(store: &Store, id: ObjId) -> [Option<NonZero<u64>>; 4] {
    let (kind, name) = (store.kind(id), store.name(id));
    // A key that happens to be zero becomes one: keys need not be exact.
    Shelf::ALL.map(|shelf| {
        shelf.key(store, id, kind, &name).map(|key| NonZero::new(key).unwrap_or(NonZero::<u64>::MIN))
    })
}

fn outgoing(store: &Store, id: ObjId) -> impl Iterator<Item = Outgoing> + '_ {
    store.leaves(id).filter(|leaf| store.leaf_kind(*leaf).is_link()).map(|leaf| Outgoing {
        leaf,
        kind: store.leaf_kind(leaf),
        to: store.target(leaf),
        spelling: Spelling::of(&store.text(leaf)),
    })
}

/// Counts the links that lead from one object to others.
fn count_targets(incoming: &mut [u32], owner: usize, links: &[Outgoing], by: i32) {
    for target in links.iter().filter_map(|link| link.to) {
        if target.index() != owner
            && let Some(count) = incoming.get_mut(target.index())
        {
            *count = count.saturating_add_signed(by);
        }
    }
}
