//! Names and links, found in constant time.
//!
//! Both indexes are built when first asked for, by one pass and a sort, and are only ever added to afterwards. What
//! they return is checked against the store (does it exist, does it still have this name), so that removing, renaming
//! and undoing need not touch them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Guid, Kind, LeafId, ObjId, Store};

/// A name with case folded away.
///
/// Whether Authorization Manager takes `reader` and `Reader` for one name is not documented, so nothing that we
/// create may differ from its neighbours in case only, and what a file holds is a finding.
pub fn fold(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        Cow::Borrowed(name)
    } else if name.is_ascii() {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        // Upper case first: `ß` and `SS`, `ς` and `σ` meet.
        Cow::Owned(name.to_uppercase().to_lowercase())
    }
}

/// A sorted base and what came later, both from a key to numbers.
#[derive(Clone)]
struct Index<K> {
    base: Vec<(K, u32)>,
    added: HashMap<K, Vec<u32>>,
}

impl<K: Ord + Hash + Copy> Index<K> {
    fn new(mut base: Vec<(K, u32)>) -> Index<K> {
        base.sort_unstable();
        Index { base, added: HashMap::new() }
    }

    fn add(&mut self, key: K, number: u32) {
        if self.base.binary_search(&(key, number)).is_ok() {
            return;
        }
        let added = self.added.entry(key).or_default();
        // Undoing and redoing a renaming comes by again and again.
        if !added.contains(&number) {
            added.push(number);
        }
    }

    fn get(&self, key: K) -> impl Iterator<Item = u32> + '_ {
        self.base(key, move |k| k == key).chain(self.added(key))
    }

    /// From `first` on while the keys fit, in the order of keys and then of numbers.
    fn base(&self, first: K, fits: impl Fn(K) -> bool) -> impl Iterator<Item = u32> {
        let from = self.base.partition_point(|&(k, _)| k < first);
        self.base.iter().skip(from).take_while(move |&&(k, _)| fits(k)).map(|&(_, n)| n)
    }

    fn added(&self, key: K) -> impl Iterator<Item = u32> + '_ {
        self.added.get(&key).into_iter().flatten().copied()
    }
}

/// From a level and a name to objects. Keys are hashes: a match is verified on the store.
///
/// The upper bits of a key are for the level and the folded name, the lower ones for the kind and the exact name. So
/// those that a name would be confused with lie together, and among them those with just this name, however many
/// others there are. What was added has the upper bits only.
#[derive(Clone)]
pub(super) struct Names(Index<u64>);

/// The bits for the level and the folded name.
const PLACE: u64 = !0xFF_FFFF;

fn name_place(level: u32, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (level, fold(name)).hash(&mut hasher);
    hasher.finish() & PLACE
}

fn name_key(level: u32, kind: Kind, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, name).hash(&mut hasher);
    name_place(level, name) | hasher.finish() & !PLACE
}

/// Looking through so many objects costs less than having them indexed.
const FEW: usize = 16;

/// From a level and a kind to the objects of that kind at that level.
#[derive(Clone)]
pub(super) struct Kinds(Index<(u32, Kind)>);

/// From a GUID to the leaves that hold it as a link.
#[derive(Clone)]
pub(super) struct Referrers(Index<Guid>);

impl Store {
    fn names(&self) -> &Names {
        self.names.get_or_init(|| {
            let keys = (0u32..).zip(&self.objects).skip(1).map(|(number, object)| {
                (name_key(object.parent, object.kind, &self.name(ObjId(number))), number)
            });
            Names(Index::new(keys.collect()))
        })
    }

    /// The objects at a level (standing directly in `level`) whose name equals `name` but for case, in the order of
    /// their numbers. All kinds: an operation and a task of one name are both found.
    pub fn named(&self, level: ObjId, name: &str) -> Vec<ObjId> {
        let folded = fold(name);
        let place = name_place(level.0, name);
        let Names(index) = self.names();
        let mut found: Vec<ObjId> = index
            .base(place, |key| key & PLACE == place)
            .chain(index.added(place))
            .map(ObjId)
            .filter(|&id| {
                self.parent(id) == Some(level) && self.is_live(id) && fold(&self.name(id)) == folded
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The object of a kind at a level with exactly this name; the first where a file has several.
    pub fn find(&self, level: ObjId, kind: Kind, name: &str) -> Option<ObjId> {
        if let Some(few) = self.few(level, kind) {
            return few.into_iter().filter(|&id| self.name(id) == name).min();
        }
        let (mut written, added) = self.namesakes(level, kind, name);
        written.next().into_iter().chain(added).min()
    }

    /// Whether another object of its kind and level has the same name. Costs nothing that grows with how many.
    pub fn has_namesake(&self, id: ObjId) -> bool {
        let (level, kind, name) = (self.level(id), self.kind(id), self.name(id));
        if let Some(few) = self.few(level, kind) {
            return few.into_iter().any(|other| other != id && self.name(other) == name);
        }
        let (mut written, mut added) = self.namesakes(level, kind, &name);
        written.any(|other| other != id) || added.any(|other| other != id)
    }

    /// The objects of a kind at a level, where they can be seen to be few: an index of the whole store is not made for the
    /// sake of its one application.
    fn few(&self, level: ObjId, kind: Kind) -> Option<Vec<ObjId>> {
        let is_few = self.names.get().is_none()
            && (self.children(level).nth(FEW).is_none()
                || self.kinds.get().is_some() && self.listed(level, kind).nth(FEW).is_none());
        is_few.then(|| self.of_kind(level, kind).collect())
    }

    /// The objects of a kind at a level with exactly this name: those that were there when the index was built, in the
    /// order of their numbers, and those that came later, in none and perhaps more than once.
    pub(super) fn namesakes<'a>(
        &'a self,
        level: ObjId,
        kind: Kind,
        name: &'a str,
    ) -> (impl Iterator<Item = ObjId> + 'a, impl Iterator<Item = ObjId> + 'a) {
        let key = name_key(level.0, kind, name);
        let Names(index) = self.names();
        let is_one = move |id: &ObjId| {
            self.parent(*id) == Some(level)
                && self.kind(*id) == kind
                && self.is_live(*id)
                && self.name(*id) == name
        };
        let written = index.base(key, move |k| k == key).map(ObjId).filter(is_one);
        (written, index.added(key & PLACE).map(ObjId).filter(is_one))
    }

    /// To be called when an object has got a name, or has become another kind.
    pub(super) fn index_name(&mut self, id: ObjId) {
        if self.names.get().is_some() {
            let place = name_place(self.object(id).parent, &self.name(id));
            if let Some(Names(index)) = self.names.get_mut() {
                index.add(place, id.0);
            }
        }
    }

    /// The same as [`Store::children_of`], for those who ask again and again: the first call lists the whole store, every
    /// further one costs what it gives, however many objects of other kinds stand there.
    pub fn listed(&self, level: ObjId, kind: Kind) -> impl Iterator<Item = ObjId> + '_ {
        let kinds = self.kinds.get_or_init(|| {
            let objects = (0u32..).zip(&self.objects).skip(1);
            Kinds(Index::new(
                objects.map(|(number, object)| ((object.parent, object.kind), number)).collect(),
            ))
        });
        kinds
            .0
            .get((level.0, kind))
            .map(ObjId)
            .filter(move |&id| self.object(id).live && self.kind(id) == kind)
    }

    /// The same as [`Store::children_of`]: through the index of [`Store::listed`] where that has been made.
    pub fn of_kind(&self, level: ObjId, kind: Kind) -> impl Iterator<Item = ObjId> + '_ {
        let is_indexed = self.kinds.get().is_some();
        let listed = is_indexed.then(|| self.listed(level, kind)).into_iter().flatten();
        listed.chain((!is_indexed).then(|| self.children_of(level, kind)).into_iter().flatten())
    }

    /// Makes the indexes that are made when they are first needed, all of them: on another thread, so that nobody waits
    /// for them.
    pub fn index_all(&self) {
        self.names();
        self.referrer_index();
        self.listed(self.root(), Kind::Scope).next();
        // Where lines begin.
        self.document().position(0);
    }

    /// An object is new.
    pub(super) fn index_new(&mut self, id: ObjId) {
        let (parent, kind) = (self.object(id).parent, self.kind(id));
        if let Some(kinds) = self.kinds.get_mut() {
            kinds.0.added.entry((parent, kind)).or_default().push(id.0);
        }
        self.index_name(id);
    }

    /// An object is of another kind than it was.
    pub(super) fn index_kind(&mut self, id: ObjId) {
        let (parent, kind) = (self.object(id).parent, self.kind(id));
        if let Some(kinds) = self.kinds.get_mut() {
            kinds.0.add((parent, kind), id.0);
        }
    }

    fn referrer_index(&self) -> &Referrers {
        self.referrers.get_or_init(|| {
            let links = (0u32..).zip(&self.leaves).filter(|(_, leaf)| leaf.kind.is_link());
            let keys =
                links.filter_map(|(number, _)| Some((Guid::parse(&self.text(LeafId(number)))?, number)));
            Referrers(Index::new(keys.collect()))
        })
    }

    /// The links that point to the object, in the order of their numbers. Links to another object with the same GUID
    /// count too: the file cannot tell them apart.
    pub fn referrers(&self, id: ObjId) -> Vec<LeafId> {
        let Some(guid) = self.guid(id) else { return Vec::new() };
        let mut found: Vec<LeafId> =
            self.referrer_index().0.get(guid).map(LeafId).filter(|&leaf| self.is_live_leaf(leaf)).collect();
        found.sort_unstable();
        found
    }

    pub(super) fn index_link(&mut self, leaf: LeafId) {
        if self.referrers.get().is_some()
            && self.leaf_kind(leaf).is_link()
            && let Some(guid) = Guid::parse(&self.text(leaf))
            && let Some(referrers) = self.referrers.get_mut()
        {
            referrers.0.add(guid, leaf.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folding_meets() {
        assert_eq!(fold("Reader"), fold("READER"));
        assert_eq!(fold("Straße"), fold("STRASSE"));
        assert_eq!(fold("ΟΔΟΣ"), fold("οδος"));
        assert_ne!(fold("Reader"), fold("Readers"));
    }
}
