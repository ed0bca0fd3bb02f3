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
        if Guid::parse(text).is_some() { Spelling::of_guid(text) } else { Spelling::None }
    }

    /// Looks at a text that is a GUID in some spelling.
    pub fn of_guid(text: &str) -> Spelling {
        let is_plain = text.len() == 36 && !text.bytes().any(|byte| byte.is_ascii_uppercase());
        if is_plain { Spelling::Plain } else { Spelling::Odd }
    }
}

/// What objects can have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sharing {
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

impl Sharing {
    /// Every one.
    pub const ALL: [Sharing; 4] = [Sharing::Name, Sharing::Look, Sharing::Number, Sharing::Across];

    /// The place of an object: within what, as what, under which word. Objects at one place have this in common;
    /// `None`: it has nothing to share.
    fn place(self, store: &Store, id: ObjId) -> Option<Place<'_>> {
        let kind = store.kind(id);
        let (within, class) = self.area(store, id, kind)?;
        let word = match self {
            Sharing::Number => Cow::Owned(store.operation_id(id)?.to_string()),
            Sharing::Look => names::look(store.name(id)),
            Sharing::Name | Sharing::Across => names::folded(store.name(id)),
        };
        (!word.is_empty()).then_some(Place { within, class, word })
    }

    /// The key of [`Sharing::place`], without making the word where the name is ASCII.
    fn key(self, store: &Store, id: ObjId, kind: Kind, name: &str) -> Option<u64> {
        let (within, class) = self.area(store, id, kind)?;
        let hash = Hash::of(within, class);
        match self {
            Sharing::Number => Some(hash.bytes(store.operation_id(id)?.to_string().bytes())),
            _ if name.is_empty() => None,
            Sharing::Look if names::is_simple(name) => Some(hash.bytes(names::simple_look(name))),
            Sharing::Look => Some(hash.bytes(names::look(Cow::Borrowed(name)).bytes())),
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
            Kind::Task | Kind::Role if self == Sharing::Look => 6,
            Kind::Task | Kind::Role => 5,
        };
        match self {
            Sharing::Name | Sharing::Look => Some((parent, class)),
            Sharing::Number => (kind == Kind::Operation).then_some((parent, class)),
            Sharing::Across => match kind {
                Kind::Group => Some((store.root(), class)),
                Kind::Operation | Kind::Task | Kind::Role => Some((store.application(id)?, class)),
                _ => None,
            },
        }
    }
}

/// See [`Sharing::place`].
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
    shared: [Keys; 4],
    /// The keys of each object, one for each [`Sharing`].
    keys: Vec<[Option<NonZero<u64>>; 4]>,
}

/// What one chunk of objects contributes.
struct Gathered {
    kinds: Vec<Option<Kind>>,
    link_counts: Vec<usize>,
    links: Vec<Outgoing>,
    keys: Vec<[Option<NonZero<u64>>; 4]>,
    shared: [Vec<(u64, ObjId)>; 4],
}

impl Gathered {
    /// With room for so many objects.
    fn for_objects(count: usize) -> Gathered {
        Gathered {
            kinds: Vec::with_capacity(count),
            link_counts: Vec::with_capacity(count),
            links: Vec::with_capacity(count),
            keys: Vec::with_capacity(count),
            shared: Default::default(),
        }
    }
}

impl Index {
    /// Looks at every object once.
    pub(super) fn build(store: &Store) -> Index {
        let count = store.object_numbers();
        let parts = parallel::chunks(count, |range| {
            let mut part = Gathered::for_objects(range.len());
            for number in range {
                let id = store.object_at(number);
                let before = part.links.len();
                part.kinds.push(id.map(|id| store.kind(id)));
                let keys = id.map_or([None; 4], |id| keys(store, id));
                for (sharing, key) in part.shared.iter_mut().zip(keys) {
                    sharing.extend(key.map(NonZero::get).zip(id));
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
            links: Vec::with_capacity(parts.iter().map(|part| part.links.len()).sum()),
            changed: HashMap::new(),
            incoming: vec![0; count],
            shared: Default::default(),
            keys: Vec::with_capacity(count),
        };
        for (number, keys) in index.shared.iter_mut().enumerate() {
            keys.base
                .reserve_exact(parts.iter().filter_map(|part| part.shared.get(number)).map(Vec::len).sum());
        }
        let mut start = 0;
        for part in parts {
            for links in part.link_counts {
                index.starts.push(start);
                start += links;
            }
            index.kinds.extend(part.kinds);
            index.links.extend(part.links);
            index.keys.extend(part.keys);
            for (sharing, keys) in index.shared.iter_mut().zip(part.shared) {
                sharing.base.extend(keys);
            }
        }
        index.starts.push(start);
        for (owner, targets) in index.starts.iter().zip(index.starts.iter().skip(1)).enumerate() {
            let links = index.links.get(*targets.0..*targets.1).unwrap_or_default();
            count_targets(&mut index.incoming, owner, links, 1);
        }
        index.shared = parallel::each(count, index.shared, |mut keys| {
            keys.base.sort_unstable();
            keys
        });
        index
    }

    /// The links of an object, in order.
    pub(super) fn outgoing(&self, id: ObjId) -> &[Outgoing] {
        if let Some(links) = self.changed.get(&id) {
            return links;
        }
        let range = self.starts.get(id.index()).zip(self.starts.get(id.index() + 1));
        range.and_then(|(start, end)| self.links.get(*start..*end)).unwrap_or_default()
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
        let count = store.object_numbers();
        if self.kinds.len() < count {
            // All new objects at once: this one may link to those with higher numbers.
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
        for (entries, key) in self.shared.iter_mut().zip(self.keys[number]) {
            let Some(key) = key.map(NonZero::get) else { continue };
            if !entries.get(key).any(|known| known == id) {
                entries.added.entry(key).or_default().push(id);
            }
        }
    }

    /// The keys of an object.
    pub(super) fn keys(&self, id: ObjId) -> impl Iterator<Item = (Sharing, u64)> {
        let keys = self.keys.get(id.index()).copied().unwrap_or_default();
        Sharing::ALL.into_iter().zip(keys).filter_map(|(sharing, key)| Some((sharing, key?.get())))
    }

    /// Every key that several objects had when the index was built.
    pub(super) fn shared_keys(&self, sharing: Sharing) -> Vec<u64> {
        let base = &self.shared[sharing as usize].base;
        let pairs = base.iter().zip(base.iter().skip(1));
        let mut keys: Vec<u64> = pairs.filter(|(one, next)| one.0 == next.0).map(|(one, _)| one.0).collect();
        keys.dedup();
        keys
    }

    /// The objects that have this key now, in the order of their numbers, apart by place. Mostly that is one list.
    pub(super) fn at_key(&self, store: &Store, sharing: Sharing, key: u64) -> Vec<Vec<ObjId>> {
        let mut here: Vec<ObjId> = self.shared[sharing as usize].get(key).collect();
        here.retain(|id| self.keys(*id).any(|has| has == (sharing, key)));
        here.sort_unstable();
        let mut by_place: HashMap<Place<'_>, Vec<ObjId>> = HashMap::new();
        for id in here {
            if let Some(place) = sharing.place(store, id) {
                by_place.entry(place).or_default().push(id);
            }
        }
        by_place.into_values().collect()
    }
}

fn keys(store: &Store, id: ObjId) -> [Option<NonZero<u64>>; 4] {
    let (kind, name) = (store.kind(id), store.name(id));
    // A key that happens to be zero becomes one: keys need not be exact.
    Sharing::ALL.map(|sharing| {
        sharing.key(store, id, kind, &name).map(|key| NonZero::new(key).unwrap_or(NonZero::<u64>::MIN))
    })
}

fn outgoing(store: &Store, id: ObjId) -> impl Iterator<Item = Outgoing> + '_ {
    store.leaves(id).filter(|leaf| store.leaf_kind(*leaf).is_link()).map(|leaf| {
        let (to, text) = (store.target(leaf), store.text(leaf));
        let spelling = if to.is_some() { Spelling::of_guid(&text) } else { Spelling::of(&text) };
        Outgoing { leaf, kind: store.leaf_kind(leaf), to, spelling }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_places() {
        let names = [
            "Reader",
            "reader",
            "Room 10",
            "100 %",
            "",
            "Gr\u{FC}ppe",
            "STRASSE",
            "stra\u{DF}e",
            "\u{410}dmin",
        ];
        let scopes = names.map(|name| format!("<AzScope Name=\"{name}\"/>")).concat();
        let store = format!(
            "<AzAdminManager><AzApplication Name=\"A\"><AzOperation Name=\"O\"><OperationID>07</OperationID>\
             </AzOperation>{scopes}</AzApplication></AzAdminManager>"
        );
        let store = Store::open(store.into_bytes()).unwrap();
        let mut compared = 0;
        for id in store.walk() {
            for sharing in Sharing::ALL {
                let place = sharing.place(&store, id);
                let key = sharing.key(&store, id, store.kind(id), &store.name(id));
                assert_eq!(key, place.as_ref().map(Place::key), "{sharing:?} {}", store.name(id));
                compared += usize::from(key.is_some());
            }
        }
        // Two keys for each scope with a name and the application, four for the operation.
        assert_eq!(compared, 2 * names.len() + 4);
    }

    #[test]
    fn spellings() {
        for (text, spelling) in [
            ("a0000000-0000-4000-8000-000000000001", Spelling::Plain),
            ("A0000000-0000-4000-8000-000000000001", Spelling::Odd),
            ("{a0000000-0000-4000-8000-000000000001}", Spelling::Odd),
            (" a0000000-0000-4000-8000-000000000001", Spelling::Odd),
            ("a0000000-0000-4000-8000-00000000000g", Spelling::None),
            ("a0000000-0000-4000-8000-0000000000001", Spelling::None),
            ("", Spelling::None),
        ] {
            assert_eq!(Spelling::of(text), spelling, "{text}");
        }
    }
}
