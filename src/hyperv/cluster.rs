//! The stores of a cluster's nodes side by side.
//!
//! Each node has a file of its own, made on that node: the same role has another GUID on each, and a machine that moves
//! meets another policy. So objects are the same here when kind and path are, and links when the paths of their targets
//! are; GUIDs do not count. [`with_guids_of`] makes it so that they do, for bringing one node into line with another
//! ([`alignment`]). What is absent and what is empty are alike here: a script and azman.msc leave one or the other.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use crate::store::{Difference, Guid, Kind, LeafKind, Merge, ObjId, OpenError, Store, Tick, What};

/// What may differ about an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Whether it is there.
    Presence,
    /// The value of an attribute, by its name in the file.
    Attribute(String),
    /// A text of which there is one.
    Text(LeafKind),
    /// Whether it has this link or member; a target by its path, an account by its SID.
    Link(LeafKind, String),
}

/// What one node says about an aspect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The node has no such object.
    NoObject,
    /// It is there, or it is not.
    Is(bool),
    /// Its text; `None` = absent.
    Text(Option<String>),
}

/// Something that is not the same on all nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The object.
    pub kind: Kind,
    /// Its path.
    pub path: String,
    /// What of it.
    pub aspect: Aspect,
    /// What each node says, in the order of the nodes.
    pub cells: Vec<Cell>,
}

/// An object that is not the same on all nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// What it is.
    pub kind: Kind,
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Where it stands: `in Joes VM Scope`, or in which application; empty for what stands in the store.
    pub place: String,
    /// The object on each node, in the order of the nodes; `None` = it is not there.
    pub ids: Vec<Option<ObjId>>,
    /// What each node says of it, as a number from 1 on that is the same where they say the same; `None` = it is not
    /// there.
    pub variants: Vec<Option<usize>>,
    /// What differs about it: a range of [`Comparison::rows`].
    pub rows: Range<usize>,
}

/// All that is not the same on all nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// In the order of paths.
    pub rows: Vec<Row>,
    /// The objects that the rows are about, in the same order.
    pub objects: Vec<Differing>,
}

/// An object by kind and path. A second of the same name does not count: names are unique, and `check` says where they
/// are not.
type Key = (String, Kind);

/// A store by names.
#[derive(Default)]
struct Picture {
    objects: BTreeMap<Key, Facts>,
}

struct Facts {
    id: ObjId,
    /// Where it stands; `None` = the store, which stands nowhere.
    parent: Option<Key>,
    texts: BTreeMap<Aspect, String>,
    links: BTreeSet<(LeafKind, String)>,
}

fn key(store: &Store, id: ObjId) -> Key {
    (store.path(id), store.kind(id))
}

impl Picture {
    /// `None`: it was told to stop.
    fn of(store: &Store, tick: Tick<'_>) -> Option<Picture> {
        let mut objects = BTreeMap::new();
        for id in store.walk() {
            if !tick(1) {
                return None;
            }
            objects.entry(key(store, id)).or_insert_with(|| Facts::of(store, id));
        }
        Some(Picture { objects })
    }
}

/// Whether an attribute says what its absence says, so that two nodes with and without it are alike.
fn is_nothing(name: &str, value: &str) -> bool {
    value.is_empty() && matches!(name, "Description" | "ApplicationVersion" | "BizRuleImportedPath")
}

/// Whether a difference is one between nothing and nothing.
fn is_empty(difference: &Difference) -> bool {
    match &difference.what {
        What::Attribute { name, old, new } => {
            [old, new].iter().all(|value| is_nothing(name, value.as_deref().unwrap_or_default()))
        }
        What::Text { old, new, .. } => {
            [old, new].iter().all(|value| value.as_deref().unwrap_or_default().is_empty())
        }
        _ => false,
    }
}

impl Facts {
    fn of(store: &Store, id: ObjId) -> Facts {
        let attributes = store.attributes(id).into_iter();
        let mut texts: BTreeMap<_, _> = attributes
            .filter(|(name, value)| name != "Guid" && name != "Name" && !is_nothing(name, value))
            .map(|(name, value)| (Aspect::Attribute(name), value))
            .collect();
        let mut links = BTreeSet::new();
        for leaf in store.leaves(id) {
            let (kind, text) = (store.leaf_kind(leaf), store.text(leaf));
            if !kind.is_single() {
                let target = store.target(leaf).map(|target| store.path(target));
                links.insert((kind, target.unwrap_or_else(|| text.trim().to_ascii_uppercase())));
                continue;
            }
            // White space around a number or a word means nothing; in a rule or query it may.
            let text = match kind {
                LeafKind::OperationId | LeafKind::BizRuleLanguage => text.trim(),
                _ => &text,
            };
            if !text.is_empty() {
                texts.entry(Aspect::Text(kind)).or_insert_with(|| text.to_owned());
            }
        }
        Facts { id, parent: store.parent(id).map(|parent| key(store, parent)), texts, links }
    }

    fn cell(&self, aspect: &Aspect) -> Cell {
        match aspect {
            Aspect::Presence => Cell::Is(true),
            Aspect::Link(kind, target) => Cell::Is(self.links.contains(&(*kind, target.clone()))),
            Aspect::Attribute(_) | Aspect::Text(_) => Cell::Text(self.texts.get(aspect).cloned()),
        }
    }
}

/// What is not the same in all of these stores, in the order of paths. What stands in an object that a store lacks is
/// not listed for that store.
pub fn side_by_side(stores: &[&Store]) -> Vec<Row> {
    compare(stores, &|_| true).unwrap_or_default().rows
}

/// The same, object by object. Tells how many objects were read; `None`: it was told to stop.
pub fn compare(stores: &[&Store], tick: Tick<'_>) -> Option<Comparison> {
    let pictures = stores.iter().map(|store| Picture::of(store, tick)).collect::<Option<Vec<_>>>()?;
    let keys: BTreeSet<&Key> = pictures.iter().flat_map(|picture| picture.objects.keys()).collect();
    let mut comparison = Comparison::default();
    for key in keys {
        let facts: Vec<Option<&Facts>> = pictures.iter().map(|picture| picture.objects.get(key)).collect();
        let first = comparison.rows.len();
        compare_object(&pictures, key, &facts, &mut comparison.rows);
        let rows = first..comparison.rows.len();
        if let Some(about) = comparison.rows.get(rows.clone()).filter(|rows| !rows.is_empty()) {
            let there =
                stores.iter().zip(&facts).find_map(|(store, facts)| Some((*store, facts.as_ref()?.id)));
            let (name, place) = there.map(|(store, id)| name_and_place(store, id)).unwrap_or_default();
            comparison.objects.push(Differing {
                kind: key.1,
                path: key.0.clone(),
                name,
                place,
                ids: facts.iter().map(|facts| facts.map(|facts| facts.id)).collect(),
                variants: variants(about, &facts),
                rows,
            });
        }
    }
    Some(comparison)
}

fn name_and_place(store: &Store, id: ObjId) -> (String, String) {
    let level = store.level(id);
    let place = match store.kind(level) {
        Kind::Store => String::new(),
        _ => format!("in {}", store.name(level)),
    };
    (store.name(id).into_owned(), place)
}

/// See [`Differing::variants`].
fn variants(rows: &[Row], facts: &[Option<&Facts>]) -> Vec<Option<usize>> {
    let mut known: Vec<Vec<Option<&Cell>>> = Vec::new();
    let number = |(at, facts): (usize, Option<&Facts>)| {
        facts?;
        let says: Vec<_> = rows.iter().map(|row| row.cells.get(at)).collect();
        let place = known.iter().position(|other| *other == says).unwrap_or_else(|| {
            known.push(says);
            known.len() - 1
        });
        Some(place + 1)
    };
    facts.iter().copied().enumerate().map(number).collect()
}

fn compare_object(pictures: &[Picture], key: &Key, facts: &[Option<&Facts>], rows: &mut Vec<Row>) {
    let mut push = |aspect: Aspect, cells: Vec<Cell>| {
        let mut told = cells.iter().filter(|cell| **cell != Cell::NoObject);
        let first = told.next();
        if told.any(|cell| Some(cell) != first) {
            rows.push(Row { kind: key.1, path: key.0.clone(), aspect, cells });
        }
    };
    let parent = facts.iter().flatten().find_map(|facts| facts.parent.clone());
    let presence = facts.iter().zip(pictures).map(|(facts, picture)| match (facts, &parent) {
        (None, Some(parent)) if !picture.objects.contains_key(parent) => Cell::NoObject,
        (facts, _) => Cell::Is(facts.is_some()),
    });
    push(Aspect::Presence, presence.collect());
    let mut aspects = BTreeSet::new();
    for facts in facts.iter().flatten() {
        aspects.extend(facts.texts.keys().cloned());
        aspects.extend(facts.links.iter().map(|(kind, target)| Aspect::Link(*kind, target.clone())));
    }
    for aspect in aspects {
        let cells: Vec<_> =
            facts.iter().map(|facts| facts.map_or(Cell::NoObject, |facts| facts.cell(&aspect))).collect();
        push(aspect, cells);
    }
}

/// What brings `from` into line with `to`, by names, difference by difference: every item is one that only we did, and
/// [`Merge::changes`] puts the chosen ones into words for a copy of `from`.
///
/// # Errors
/// As [`with_guids_of`].
pub fn alignment(from: &Store, to: &Store) -> Result<Merge, OpenError> {
    let aligned = with_guids_of(from, to)?;
    let mut merge = Merge::of(from, &aligned, &mut from.clone());
    merge.items.retain(|item| !item.mine.iter().all(is_empty));
    Ok(merge)
}

/// Whether a difference of an [`alignment`] is about one of the objects at these paths, or about something in an object
/// that is to come or to go.
pub fn is_about(difference: &Difference, objects: &[&Differing]) -> bool {
    let was = match &difference.what {
        What::Moved { from } => Some(from.clone()),
        What::Attribute { name, old: Some(old), .. } if name == "Name" => {
            difference.path.strip_suffix(difference.name.as_str()).map(|folder| format!("{folder}{old}"))
        }
        _ => None,
    };
    let at = |path: &str, object: &Differing| {
        path == object.path && difference.kind == object.kind
            || object.ids.contains(&None)
                && path.strip_prefix(object.path.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    objects
        .iter()
        .any(|object| at(&difference.path, object) || was.as_deref().is_some_and(|path| at(path, object)))
}

/// The store `to` with the GUIDs that `from` has for the same objects: what [`script`](crate::store::script) then says
/// is what brings `from` into line with `to`, by names.
///
/// A GUID is replaced wherever it stands in the text, as that of an object and in links to it.
///
/// # Errors
/// What was made of `to` does not open.
pub fn with_guids_of(from: &Store, to: &Store) -> Result<Store, OpenError> {
    let whole = |store| Picture::of(store, &|_| true).unwrap_or_default();
    let (theirs, mine) = (whole(from), whole(to));
    let mut guids: HashMap<Guid, Guid> = HashMap::new();
    for (key, facts) in &mine.objects {
        let same = theirs.objects.get(key).and_then(|same| from.guid(same.id));
        guids.extend(to.guid(facts.id).zip(same));
    }
    // One that has, here, the GUID of another object there cannot keep it.
    let taken: HashSet<Guid> = guids.values().copied().collect();
    for facts in mine.objects.values() {
        if let Some(guid) = to.guid(facts.id).filter(|guid| taken.contains(guid)) {
            guids.entry(guid).or_insert_with(Guid::random);
        }
    }
    let bytes = to.rendering().to_bytes();
    let document = Store::open(bytes)?;
    let text = document.document().text();
    // The text is UTF-8 from here on, whatever its declaration says.
    let body = text.trim_start_matches('\u{FEFF}');
    let body = match body.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest,
        None => body,
    };
    Store::open(replaced(body, &guids).into_bytes())
}

/// The text with these GUIDs replaced by others.
fn replaced(text: &str, guids: &HashMap<Guid, Guid>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    let mut at = 0;
    // A GUID's first hyphen stands behind eight digits.
    while let Some(hyphen) = text.as_bytes().get(at..).and_then(|rest| memchr::memchr(b'-', rest)) {
        let start = (at + hyphen).checked_sub(8).filter(|&start| start >= kept);
        at += hyphen + 1;
        let Some(start) = start else { continue };
        let Some(new) = text.get(start..start + 36).and_then(Guid::parse).and_then(|guid| guids.get(&guid))
        else {
            continue;
        };
        out.push_str(text.get(kept..start).unwrap_or_default());
        out.push_str(&new.to_string());
        kept = start + 36;
        at = kept;
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(text: &str) -> Store {
        Store::open(text.as_bytes().to_vec()).unwrap()
    }

    /// A store with one application and one scope; what differs between nodes is put in.
    fn node(guids: [u8; 3], scope: &str) -> Store {
        let [a, b, c] = guids.map(|n| format!("000000{n:02}-0000-4000-8000-000000000000"));
        store(&format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\" Guid=\"{a}\" \
             Description=\"\">\n<AzApplication Guid=\"{b}\" Name=\"Hyper-V services\" Description=\"\" \
             ApplicationVersion=\"\"><AzScope Guid=\"{c}\" Name=\"{scope}\" Description=\"{c} 00000001-0000-4000-8000-00000000000\"/>\
             </AzApplication></AzAdminManager>"
        ))
    }

    #[test]
    fn guids_do_not_count() {
        let (a, b) = (node([1, 2, 3], "S"), node([4, 5, 3], "S"));
        assert_eq!(side_by_side(&[&a, &b, &a]), []);
        assert_eq!(side_by_side(&[&a]), []);
        assert_eq!(side_by_side(&[]), []);
    }

    #[test]
    fn an_object_that_a_node_lacks_is_one_row() {
        let rows = side_by_side(&[&node([1, 2, 3], "S"), &node([1, 2, 3], "T")]);
        let rows: Vec<_> = rows.iter().map(|row| (row.path.as_str(), row.cells.clone())).collect();
        assert_eq!(
            rows,
            [
                ("Hyper-V services/scopes/S", vec![Cell::Is(true), Cell::Is(false)]),
                ("Hyper-V services/scopes/T", vec![Cell::Is(false), Cell::Is(true)])
            ]
        );
    }

    #[test]
    fn objects_are_numbered_by_what_the_nodes_say() {
        let described = |text: &str| {
            node([1, 2, 3], "S").document().text().replace("00000003-0000-4000-8000-000000000000 0", text)
        };
        let [a, b, c] = ["x ", "y ", "x "].map(|text| store(&described(text)));
        let none = node([1, 2, 3], "T");
        let comparison = compare(&[&a, &b, &c, &none], &|_| true).unwrap();
        let variants: Vec<_> = comparison.objects.iter().map(|object| object.variants.clone()).collect();
        assert_eq!(variants, [vec![Some(1), Some(2), Some(1), None], vec![None, None, None, Some(1)]]);
        assert_eq!(comparison.objects[0].rows, 0..2);
        assert_eq!(comparison.objects[1].rows, 2..3);
        assert_eq!(compare(&[&a, &b], &|_| false), None);
    }

    #[test]
    fn guids_are_taken_over_wherever_they_stand_and_none_is_shared() {
        let (mine, theirs) = (node([1, 2, 3], "S"), node([4, 5, 6], "S"));
        let aligned = with_guids_of(&mine, &theirs).unwrap();
        assert_eq!(crate::store::diff(&mine, &aligned), []);
        // The scope T has, there, the GUID that the application has here.
        let other = with_guids_of(&mine, &node([4, 5, 2], "T")).unwrap();
        let guids: Vec<_> = other.walk().filter_map(|id| other.guid(id)).collect();
        assert_eq!(guids.len(), 3);
        assert_eq!(guids[1], mine.guid(mine.walk().nth(1).unwrap()).unwrap());
        assert!(guids[2] != guids[1] && guids[2] != guids[0]);
    }

    #[test]
    fn only_whole_guids_are_replaced() {
        let guid = |text: &str| Guid::parse(text).unwrap();
        let (a, b) = ("0000000a-0000-4000-8000-000000000000", "0000000b-0000-4000-8000-000000000000");
        let guids = HashMap::from([(guid(a), guid(b))]);
        assert_eq!(
            replaced(&format!("é-{{{a}}} {} {a}", a.split_at(1).1), &guids),
            format!("é-{{{b}}} {} {b}", a.split_at(1).1)
        );
        assert_eq!(replaced(&a.to_uppercase(), &guids), b);
        assert_eq!(replaced("a-b-c", &guids), "a-b-c");
    }
}
