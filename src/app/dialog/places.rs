//! Lists of places in the store: the jump list, and where something is used. Typing narrows, Enter goes there.

use crate::accounts::Names;
use crate::app::fuzzy::Pattern;
use crate::app::input::{Key, KeyPress};
use crate::app::machines::Roster;
use crate::app::scan::{Found, Scan, Test};
use crate::store::{Kind, LeafId, LeafKind, ObjId, Store};

use super::Outcome;
use super::list::List;

/// Most rows that are listed; the count says how many there are.
pub const LISTED: usize = 5000;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Where Enter goes.
    pub object: ObjId,
    /// The line of its details, if one is meant.
    pub leaf: Option<LeafId>,
    /// The virtual machine in it, by its number, if one is meant.
    pub machine: Option<u32>,
    /// The object's name.
    pub name: String,
    /// What it is.
    pub what: String,
    /// Where it is.
    pub place: String,
}

/// What a list is of.
#[derive(Debug)]
enum Source {
    /// Every object of the store, ranked by what is typed.
    Store(Scan),
    /// The leaves that hold an account; typing narrows what was found.
    Account(Scan),
    /// Known from the start.
    Known,
}

/// A list of places.
#[derive(Debug)]
pub struct Places {
    /// `Go to`, `Where role definition "Reader" is used`.
    pub title: String,
    /// Said when there is nothing.
    pub empty: String,
    /// Every row.
    pub spots: Vec<Spot>,
    /// The typed line and the rows that it leaves.
    pub list: List,
    source: Source,
}

impl Places {
    /// Every object, to go to one by its name. `scan` is over all of them, for no name.
    pub fn jump(store: &Store, scan: Scan) -> Places {
        let mut places = Places {
            title: "Go to".to_owned(),
            empty: "Nothing is called that.".to_owned(),
            spots: Vec::new(),
            list: List::default(),
            source: Source::Store(scan),
        };
        places.go_on(store);
        places
    }

    /// The links to an object.
    pub fn uses(store: &Store, title: String, links: &[LeafId]) -> Places {
        let spots: Vec<Spot> = links.iter().take(LISTED).map(|&leaf| use_of(store, leaf)).collect();
        let list = List::of(spots.len());
        Places { title, empty: "Nothing refers to it.".to_owned(), spots, list, source: Source::Known }
    }

    /// The members that are this account.
    pub fn account(store: &Store, title: String, scan: Scan) -> Places {
        let empty = "Nobody lists this account.".to_owned();
        let (spots, list) = (Vec::new(), List::default());
        let mut places = Places { title, empty, spots, list, source: Source::Account(scan) };
        places.go_on(store);
        places
    }

    /// Whether all has been looked at.
    pub fn is_done(&self) -> bool {
        match &self.source {
            Source::Store(scan) | Source::Account(scan) => scan.is_done(),
            Source::Known => true,
        }
    }

    /// How many there are, of which the list may hold only the best or the first.
    pub fn count(&self) -> usize {
        match &self.source {
            Source::Store(scan) | Source::Account(scan) => scan.count,
            Source::Known => self.spots.len(),
        }
    }

    /// Looks at one slice more.
    pub fn go_on(&mut self, store: &Store) {
        let (Source::Store(scan) | Source::Account(scan)) = &mut self.source else { return };
        if scan.is_done() && !self.spots.is_empty() {
            return;
        }
        scan.go_on(store);
        let is_ranked = matches!(scan.test, Test::Name(_));
        let machines = scan.machines();
        let spot = |found: &Found| match (found.leaf, found.machine) {
            (Some(leaf), _) => use_of(store, leaf),
            (None, Some((number, rank))) => machine(store, machines, found.object, number, rank),
            (None, None) => Spot {
                object: found.object,
                leaf: None,
                machine: None,
                name: store.name(found.object).into_owned(),
                what: store.kind(found.object).word().to_owned(),
                place: place(store, found.object),
            },
        };
        let spots: Vec<Spot> = scan.found.iter().take(LISTED).map(spot).collect();
        // The selection stays on its place while others are still found.
        let stood = self.list.current().and_then(|index| self.spots.get(index)).cloned();
        let stood = stood.filter(|_| self.list.selected > 0);
        self.spots = spots;
        if is_ranked {
            self.list.shown = (0..self.spots.len()).collect();
        } else {
            self.narrow();
        }
        let kept = stood.and_then(|stood| {
            self.list.shown.iter().position(|&index| self.spots.get(index) == Some(&stood))
        });
        self.list.selected = kept.unwrap_or(0);
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize, store: Option<&Store>) -> Outcome {
        match press.key {
            Key::Esc => return Outcome::Close,
            Key::Enter => {
                let spot = self.list.current().and_then(|index| self.spots.get(index));
                return spot.map_or(Outcome::Stay, |spot| match spot.machine {
                    Some(number) => Outcome::GoToMachine(number),
                    None => Outcome::Go(spot.object, spot.leaf),
                });
            }
            _ if self.list.moves(press, page) => {}
            _ if self.list.types(press) => self.typed(store),
            _ => {}
        }
        Outcome::Stay
    }

    /// Pasted text goes into the line.
    pub fn paste(&mut self, text: &str, store: Option<&Store>) {
        self.list.filter.insert(text);
        self.typed(store);
    }

    fn typed(&mut self, store: Option<&Store>) {
        if let (Source::Store(scan), Some(store)) = (&mut self.source, store) {
            *scan = scan.again(Test::Name(Pattern::new(self.list.filter.text())));
            self.spots.clear();
            self.list.show(Vec::new());
            self.go_on(store);
        } else {
            self.narrow();
            self.list.selected = 0;
            self.list.top = 0;
        }
    }

    /// Leaves the rows that hold what is typed, the best first.
    fn narrow(&mut self) {
        let pattern = Pattern::new(self.list.filter.text());
        let mut ranked: Vec<(i32, usize)> = self
            .spots
            .iter()
            .enumerate()
            .filter_map(|(index, spot)| {
                Some((pattern.score(&spot.name, || format!("{} {}", spot.what, spot.place))?, index))
            })
            .collect();
        ranked.sort_by_key(|&(score, index)| (std::cmp::Reverse(score), index));
        self.list.shown = ranked.into_iter().map(|(_, index)| index).collect();
    }
}

/// A virtual machine as a place.
fn machine(store: &Store, machines: &Roster, object: ObjId, number: u32, rank: u32) -> Spot {
    let rank = usize::try_from(rank).unwrap_or(usize::MAX);
    let name = machines.at(object).get(rank).map_or_else(String::new, |listed| listed.name.clone());
    let above = place(store, object);
    let place = match store.kind(object) {
        Kind::Scope => format!("{above} / {}", store.name(object)),
        _ => store.name(object).into_owned(),
    };
    Spot { object, leaf: None, machine: Some(number), name, what: "virtual machine".to_owned(), place }
}

/// Where an object is: the names of what it stands in, the application first.
fn place(store: &Store, object: ObjId) -> String {
    let way = std::iter::successors(store.parent(object), |&at| store.parent(at));
    let mut names: Vec<String> = way.map(|at| store.name(at).into_owned()).collect();
    names.pop();
    names.reverse();
    if names.is_empty() { "store".to_owned() } else { names.join(" / ") }
}

/// A link or member as a place: what holds it.
fn use_of(store: &Store, leaf: LeafId) -> Spot {
    let owner = store.owner(leaf);
    let kind = store.kind(owner);
    let what = match store.leaf_kind(leaf) {
        LeafKind::NonMember => format!("{kind}, kept out"),
        _ => kind.to_string(),
    };
    let name = store.name(owner).into_owned();
    Spot { object: owner, leaf: Some(leaf), machine: None, name, what, place: place(store, owner) }
}

/// How an account is called in a title.
pub fn account_title(text: &str, names: &Names) -> String {
    match names.name_of(text) {
        Some(name) => format!("Where {name} is listed"),
        None => format!("Where {text} is listed"),
    }
}
