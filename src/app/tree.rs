//! The tree pane: a flat list of the rows that are unfolded, in azman.msc's words and order.
//!
//! A row is a number, a part and a depth: names and counts are read when a row is drawn, so a frame costs what
//! its visible rows cost. Unfolding splices rows in, folding takes them out; a change rebuilds only the rows
//! below the container it happened in.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::store::{Kind, ObjId, Store};

use super::layout::scroll_to;
use super::machines::Roster;
use super::node::{container_of, count, is_foldable};

pub use super::node::{Node, Part, children, container};

/// Whether a row is a machine's.
const fn is_machine(node: Node) -> bool {
    matches!(node.part, Part::Machine(_))
}

/// Changes to so many objects or fewer are brought into the rows one by one.
const FEW: usize = 8;

/// One visible line of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// What it stands for.
    pub node: Node,
    /// Steps below the store.
    pub depth: u8,
    /// Whether something can be below it.
    pub foldable: bool,
}

/// The tree pane.
#[derive(Debug, Clone)]
pub struct Tree {
    rows: Vec<Row>,
    open: HashSet<Node>,
    selected: usize,
    top: usize,
    counts: HashMap<Node, u32>,
    only: Option<Only>,
    machines: Arc<Roster>,
}

/// What a filter leaves of the tree.
#[derive(Debug, Clone, Default)]
struct Only {
    /// The objects that it lets through.
    hits: HashSet<ObjId>,
    /// The virtual machines that it lets through.
    machines: HashSet<u32>,
    /// What leads to them.
    way: HashSet<Node>,
    /// What was unfolded before.
    open_before: HashSet<Node>,
}

impl Only {
    /// Lets an object or a machine through, and what leads to it.
    fn let_through(&mut self, store: &Store, node: Node) {
        match node.part {
            Part::Machine(number) => _ = self.machines.insert(number),
            _ => _ = self.hits.insert(node.object),
        }
        let mut at = node;
        while let Some(above) = container(store, at) {
            if !self.way.insert(above) {
                return;
            }
            at = above;
        }
    }

    /// Whether a node has a row: it leads to a hit, is one, or stands in one that is there for its own sake.
    fn shows(&self, store: &Store, node: Node) -> bool {
        let is_hit = |node: &Node| match node.part {
            Part::Object => self.hits.contains(&node.object),
            Part::Machine(number) => self.machines.contains(&number),
            _ => false,
        };
        self.way.contains(&node)
            || std::iter::successors(Some(node), |&at| container(store, at))
                .find(|at| is_hit(at) || self.way.contains(at))
                .is_some_and(|at| is_hit(&at) && !self.way.contains(&at))
    }
}

impl Tree {
    /// A tree with the store unfolded, and its application too if it has only one.
    pub fn new(store: &Store) -> Tree {
        let root = Node::of(store.root());
        let mut tree = Tree {
            rows: vec![Row { node: root, depth: 0, foldable: true }],
            open: HashSet::new(),
            selected: 0,
            top: 0,
            counts: HashMap::new(),
            only: None,
            machines: Arc::default(),
        };
        tree.open.insert(root);
        let mut applications = store.children_of(store.root(), Kind::Application);
        if let (Some(only), None) = (applications.next(), applications.next()) {
            for part in [Part::Object, Part::Definitions, Part::Assignments] {
                tree.open.insert(Node { object: only, part });
            }
        }
        tree.rebuild_below(store, 0);
        tree
    }

    /// All unfolded rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The selected row's index.
    pub const fn selected(&self) -> usize {
        self.selected
    }

    /// The first visible row's index.
    pub const fn top(&self) -> usize {
        self.top
    }

    /// What is selected. A tree always has its store's row.
    pub fn node(&self) -> Option<Node> {
        self.rows.get(self.selected).map(|row| row.node)
    }

    /// Whether a node's rows are unfolded.
    pub fn is_open(&self, node: Node) -> bool {
        self.open.contains(&node)
    }

    /// Selects a row by index, as far as there is one.
    pub fn select(&mut self, index: usize) {
        self.selected = index.min(self.rows.len().saturating_sub(1));
    }

    /// Moves the selection by so many rows.
    pub fn step(&mut self, by: isize) {
        self.select(self.selected.saturating_add_signed(by));
    }

    /// Scrolls so that the selection is among the `height` visible rows, and counts what these rows show.
    pub fn settle(&mut self, store: &Store, height: usize) {
        let last_top = self.rows.len().saturating_sub(height);
        self.top = scroll_to(self.top.min(last_top), self.selected, height);
        for index in self.top..self.top.saturating_add(height).min(self.rows.len()) {
            if let Some(row) = self.rows.get(index)
                && !self.counts.contains_key(&row.node)
            {
                self.counts.insert(row.node, count(store, row.node));
            }
        }
    }

    /// Scrolls without moving the selection out of sight (the wheel).
    pub fn scroll(&mut self, by: isize, height: usize) {
        self.top = self.top.saturating_add_signed(by).min(self.rows.len().saturating_sub(height));
        self.selected = self.selected.clamp(self.top, self.top.saturating_add(height.saturating_sub(1)));
        self.select(self.selected);
    }

    /// How many objects, operations or members a row shows on its right; `None` until [`Tree::settle`] counted.
    pub fn count(&self, node: Node) -> Option<u32> {
        self.counts.get(&node).copied()
    }

    /// Unfolds the selected row. False if there is nothing to unfold or it is open.
    pub fn unfold(&mut self, store: &Store) -> bool {
        self.unfold_at(store, self.selected)
    }

    fn unfold_at(&mut self, store: &Store, index: usize) -> bool {
        let Some(row) = self.rows.get(index).copied() else { return false };
        if !row.foldable || !self.open.insert(row.node) {
            return false;
        }
        self.rebuild_below(store, index);
        true
    }

    /// Folds the selected row. False if it is folded or cannot fold.
    pub fn fold(&mut self, store: &Store) -> bool {
        let Some(row) = self.rows.get(self.selected).copied() else { return false };
        if !row.foldable || !self.open.remove(&row.node) {
            return false;
        }
        self.rebuild_below(store, self.selected);
        true
    }

    /// Selects the row that the selected one hangs below. False at the store.
    pub fn to_parent(&mut self) -> bool {
        let Some(depth) = self.rows.get(self.selected).map(|row| row.depth) else { return false };
        let above = self.rows.iter().take(self.selected).rposition(|row| row.depth < depth);
        above.map(|index| self.selected = index).is_some()
    }

    /// Leaves only these objects, given in the order of [`order`](super::search::order), and what leads to them, which
    /// is unfolded; and these machines. The selection stays where it stands if that is left, else it goes to the first
    /// of them.
    pub fn narrow(&mut self, store: &Store, hits: impl Iterator<Item = ObjId>, machines: &[Node]) {
        let stood = self.node();
        let open_before = self.only.take().map_or_else(|| self.open.clone(), |only| only.open_before);
        let mut only = Only { open_before, ..Only::default() };
        let root = Node::of(store.root());
        self.rows = vec![Row { node: root, depth: 0, foldable: true }];
        let mut first = None;
        // The nodes from the store to the row before, and to the one at hand: what they have in common has its rows.
        let (mut before, mut way) = (vec![root], Vec::new());
        for object in hits {
            only.let_through(store, Node::of(object));
            way.clear();
            way.extend(std::iter::successors(Some(Node::of(object)), |&at| container(store, at)));
            way.reverse();
            let common = way.iter().zip(&before).take_while(|(a, b)| a == b).count();
            for (depth, &node) in (0u8..).zip(&way).skip(common) {
                self.rows.push(Row { node, depth, foldable: is_foldable(store, node) });
            }
            first.get_or_insert(self.rows.len().saturating_sub(1));
            std::mem::swap(&mut before, &mut way);
        }
        only.way.insert(root);
        for &machine in machines {
            only.let_through(store, machine);
        }
        self.open.clone_from(&only.way);
        self.only = Some(only);
        if !machines.is_empty() {
            self.rebuild_below(store, 0);
            first = first.or_else(|| self.rows.iter().position(|row| machines.contains(&row.node)));
        }
        let kept = stood.filter(|stood| *stood != root).and_then(|stood| self.find(stood));
        self.select(kept.or(first).unwrap_or(0));
    }

    /// Shows everything again, unfolded as it was, and what is selected.
    pub fn widen(&mut self, store: &Store) {
        let Some(only) = self.only.take() else { return };
        let stood = self.node();
        self.open = only.open_before;
        self.rebuild_below(store, 0);
        if let Some(stood) = stood {
            self.reveal_node(store, stood);
        }
    }

    /// How many objects and machines the filter lets through; `None` without a filter.
    pub fn hits(&self) -> Option<usize> {
        self.only.as_ref().map(|only| only.hits.len().saturating_add(only.machines.len()))
    }

    /// Lets an object or a machine through the filter: it was gone to, or has come to match.
    pub fn let_through(&mut self, store: &Store, node: Node) {
        if self.shows(store, node) {
            return;
        }
        let stood = self.node();
        if let Some(only) = &mut self.only {
            only.let_through(store, node);
        }
        self.rebuild_below(store, 0);
        self.selected = stood.and_then(|stood| self.find(stood)).unwrap_or(0);
    }

    /// Whether the filter, if there is one, leaves a node its row.
    pub fn shows(&self, store: &Store, node: Node) -> bool {
        self.only.as_ref().is_none_or(|only| only.shows(store, node))
    }

    /// Unfolds everything above an object and selects its row.
    pub fn reveal(&mut self, store: &Store, object: ObjId) {
        self.reveal_node(store, Node::of(object));
    }

    /// The same for any node.
    pub fn reveal_node(&mut self, store: &Store, node: Node) {
        self.let_through(store, if is_machine(node) { node } else { Node::of(node.object) });
        if !self.shows(store, node) {
            // A folder of what leads to a hit, with no hit in it.
            return self.reveal_node(store, Node::of(node.object));
        }
        let mut way = vec![node];
        let mut at = node;
        while let Some(above) = container(store, at) {
            way.push(above);
            at = above;
        }
        let mut index = 0;
        for step in way.iter().rev() {
            let found = self.rows.iter().skip(index).position(|row| row.node == *step);
            let Some(offset) = found else { return };
            index = index.saturating_add(offset);
            if *step != node {
                self.unfold_at(store, index);
            }
        }
        self.selected = index;
    }

    /// Takes in a change to these objects: forgets what was counted there, and if objects came or went (`moved`),
    /// brings their rows up to it. The selection stays on what it stood on, or the nearest row that is left.
    pub fn refresh(&mut self, store: &Store, touched: &[ObjId], moved: bool) {
        let stood = self.node();
        let mut containers = HashSet::new();
        for &object in touched {
            self.counts.remove(&Node::of(object));
            let Some(above) = container_of(store, object) else { continue };
            self.counts.remove(&above);
            if let Some(parent) = store.parent(object) {
                self.counts.remove(&Node::of(parent));
            }
            if let Some(only) = &mut self.only
                && !store.is_live(object)
            {
                only.hits.remove(&object);
            }
            containers.insert(above);
        }
        if !moved {
            return;
        }
        // One object in a folder of a million: its row alone is put in or taken out. What stands in one that went goes with
        // it, and what came into a folded one has no row.
        let has_own_row = |&object: &ObjId| match (store.is_live(object), container_of(store, object)) {
            (true, Some(above)) => self.open.contains(&above),
            (false, Some(above)) => store.is_live(above.object),
            (_, None) => false,
        };
        let rows: Vec<ObjId> = touched.iter().copied().filter(has_own_row).collect();
        if !(rows.len() <= FEW && rows.iter().all(|&object| self.refresh_row(store, object))) {
            // Each is looked for among all rows: to list everything once is less than to look for many.
            if containers.len() > FEW {
                containers = HashSet::from([Node::of(store.root())]);
            }
            for above in containers {
                if let Some(index) = self.find(above) {
                    self.rebuild_below(store, index);
                }
            }
        }
        if let Some(stood) = stood
            && self.node() != Some(stood)
        {
            match self.find(stood) {
                Some(index) => self.selected = index,
                None => self.select(self.selected),
            }
        }
    }

    /// Takes in which machine stands where, and brings their rows up to it.
    pub fn set_machines(&mut self, store: &Store, machines: &Arc<Roster>) {
        let before = std::mem::replace(&mut self.machines, Arc::clone(machines));
        let changed = before.places().chain(machines.places()).map(|(level, _)| level);
        let changed: HashSet<ObjId> =
            changed.filter(|&level| before.at(level) != machines.at(level)).collect();
        if changed.is_empty() {
            return;
        }
        let stood = self.node();
        for level in changed {
            self.put_machines(store, level);
        }
        match stood.and_then(|stood| self.find(stood)) {
            Some(index) => self.selected = index,
            None => self.select(self.selected),
        }
    }

    /// Replaces the rows of the machines of one place.
    fn put_machines(&mut self, store: &Store, level: ObjId) {
        let above = Node::of(level);
        let (Some(index), true) = (self.find(above), self.open.contains(&above)) else { return };
        let Some(depth) = self.rows.get(index).map(|row| row.depth.saturating_add(1)) else { return };
        let range = index.saturating_add(1)..index.saturating_add(self.below(index)).saturating_add(1);
        // They stand behind the folders and before the scopes.
        let is_at = |at: &usize, fits: fn(Part) -> bool| {
            self.rows.get(*at).is_some_and(|row| row.depth == depth && fits(row.node.part))
        };
        let is_machine = |part| matches!(part, Part::Machine(_));
        let start = range
            .clone()
            .find(|at| is_at(at, |part| matches!(part, Part::Machine(_) | Part::Object)))
            .unwrap_or(range.end);
        let count = (start..range.end).take_while(|at| is_at(at, is_machine)).count();
        let row = |node| Row { node, depth, foldable: false };
        let fresh: Vec<Row> =
            self.machines_of(above).filter(|&node| self.shows(store, node)).map(row).collect();
        self.rows.splice(start..start.saturating_add(count), fresh);
    }

    /// The machines directly below a node.
    fn machines_of(&self, node: Node) -> impl Iterator<Item = Node> + use<> {
        let listed = if node.part == Part::Object { self.machines.at(node.object) } else { &[] };
        let numbers: Vec<u32> = listed.iter().map(|listed| listed.number).collect();
        numbers.into_iter().map(move |number| Node { object: node.object, part: Part::Machine(number) })
    }

    fn find(&self, node: Node) -> Option<usize> {
        self.rows.iter().position(|row| row.node == node)
    }

    /// How many rows hang below the one at `index`.
    fn below(&self, index: usize) -> usize {
        let Some(depth) = self.rows.get(index).map(|row| row.depth) else { return 0 };
        self.rows.iter().skip(index.saturating_add(1)).take_while(|row| row.depth > depth).count()
    }

    /// Puts in or takes out the row of one object. False: it is unfolded, so the folder must be listed anew.
    fn refresh_row(&mut self, store: &Store, object: ObjId) -> bool {
        let node = Node::of(object);
        match (store.is_live(object), self.find(node)) {
            (true, Some(_)) | (false, None) => true,
            (false, Some(index)) => {
                let end = index.saturating_add(self.below(index)).saturating_add(1);
                self.rows.drain(index..end);
                if self.selected >= end {
                    self.selected = self.selected.saturating_sub(end.saturating_sub(index));
                } else if self.selected >= index {
                    self.select(index);
                }
                true
            }
            (true, None) => {
                let Some(above) = container_of(store, object) else { return false };
                if !self.shows(store, node) {
                    return true;
                }
                let (Some(index), true) = (self.find(above), self.open.contains(&above)) else { return true };
                let Some(depth) = self.rows.get(index).map(|row| row.depth.saturating_add(1)) else {
                    return false;
                };
                let end = index.saturating_add(self.below(index)).saturating_add(1);
                if self.open.contains(&node) {
                    return false;
                }
                // Numbers grow: it stands before the first one of its like that was made later.
                let is_later = |row: &Row| {
                    row.depth == depth && row.node.part == Part::Object && row.node.object > object
                };
                let later = (index..end).find(|&at| self.rows.get(at).is_some_and(is_later));
                let (at, foldable) = (later.unwrap_or(end), is_foldable(store, node));
                self.rows.insert(at, Row { node, depth, foldable });
                if self.selected >= at {
                    self.selected = self.selected.saturating_add(1);
                }
                true
            }
        }
    }

    /// Replaces the rows below the row at `index` by what its node holds now.
    fn rebuild_below(&mut self, store: &Store, index: usize) {
        let Some(row) = self.rows.get(index).copied() else { return };
        let start = index.saturating_add(1);
        let below = self.below(index);
        let end = start.saturating_add(below);
        let mut fresh = Vec::new();
        if self.open.contains(&row.node) {
            self.push_below(store, row, &mut fresh);
        }
        let added = fresh.len();
        self.rows.splice(start..end, fresh);
        if self.selected >= end {
            self.selected = self.selected.saturating_sub(below).saturating_add(added);
        } else if self.selected >= start {
            self.selected = self.selected.min(start.saturating_add(added).saturating_sub(1));
        }
    }

    fn push_below(&self, store: &Store, row: Row, rows: &mut Vec<Row>) {
        let mut nodes = children(store, row.node);
        let scopes = nodes.iter().position(|node| node.part == Part::Object).unwrap_or(nodes.len());
        if scopes > 0 {
            nodes.splice(scopes..scopes, self.machines_of(row.node));
        }
        for node in nodes {
            if !self.shows(store, node) {
                continue;
            }
            let foldable = is_foldable(store, node);
            let child = Row { node, depth: row.depth.saturating_add(1), foldable };
            rows.push(child);
            if foldable && self.open.contains(&node) {
                self.push_below(store, child, rows);
            }
        }
    }
}
