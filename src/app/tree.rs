//! The tree pane: a flat list of the rows that are unfolded, in azman.msc's words and order.
//!
//! A row is a number, a part and a depth: names and counts are read when a row is drawn, so a frame costs what
//! its visible rows cost. Unfolding splices rows in, folding takes them out; a change rebuilds only the rows
//! below the container it happened in.

use std::collections::{HashMap, HashSet};

use crate::store::{Kind, LeafKind, ObjId, Store};

use super::layout::scroll_to;

/// Changes to so many objects or fewer are brought into the rows one by one.
const FEW: usize = 8;

/// Which line of an object a row stands for: the object itself or one of azman.msc's folders in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The object itself.
    Object,
    /// "Groups" of a store, application or scope.
    Groups,
    /// "Definitions" of an application or scope.
    Definitions,
    /// "Role Definitions".
    Roles,
    /// "Task Definitions".
    Tasks,
    /// "Operation Definitions" of an application.
    Operations,
    /// "Role Assignments".
    Assignments,
}

impl Part {
    /// azman.msc's label of a folder; empty for the object itself, whose label is its name.
    pub const fn label(self) -> &'static str {
        match self {
            Part::Object => "",
            Part::Groups => "Groups",
            Part::Definitions => "Definitions",
            Part::Roles => "Role Definitions",
            Part::Tasks => "Task Definitions",
            Part::Operations => "Operation Definitions",
            Part::Assignments => "Role Assignments",
        }
    }

    /// The kind of object a folder lists, if it lists objects.
    pub const fn kind(self) -> Option<Kind> {
        match self {
            Part::Groups => Some(Kind::Group),
            Part::Roles => Some(Kind::Role),
            Part::Tasks => Some(Kind::Task),
            Part::Operations => Some(Kind::Operation),
            Part::Assignments => Some(Kind::Assignment),
            Part::Object | Part::Definitions => None,
        }
    }
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    /// The object, or the object that the folder belongs to.
    pub object: ObjId,
    /// Object or folder.
    pub part: Part,
}

impl Node {
    /// The row of the object itself.
    pub const fn of(object: ObjId) -> Node {
        Node { object, part: Part::Object }
    }
}

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

    /// Unfolds everything above an object and selects its row.
    pub fn reveal(&mut self, store: &Store, object: ObjId) {
        self.reveal_node(store, Node::of(object));
    }

    /// The same for any node.
    pub fn reveal_node(&mut self, store: &Store, node: Node) {
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
            let Some(above) = container_of_kind(store, object) else { continue };
            self.counts.remove(&above);
            if let Some(parent) = store.parent(object) {
                self.counts.remove(&Node::of(parent));
            }
            containers.insert(above);
        }
        if !moved {
            return;
        }
        // One object in a folder of a million: its row alone is put in or taken out.
        let few = touched.len() <= FEW;
        if !(few && touched.iter().all(|&object| self.refresh_row(store, object))) {
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

    fn find(&self, node: Node) -> Option<usize> {
        self.rows.iter().position(|row| row.node == node)
    }

    /// How many rows hang below the one at `index`.
    fn below(&self, index: usize) -> usize {
        let Some(depth) = self.rows.get(index).map(|row| row.depth) else { return 0 };
        self.rows.iter().skip(index.saturating_add(1)).take_while(|row| row.depth > depth).count()
    }

    /// Puts in or takes out the row of one object. False: its place is not simply the end, so the folder must be
    /// listed anew.
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
                let Some(above) = container_of_kind(store, object) else { return false };
                let (Some(index), true) = (self.find(above), self.open.contains(&above)) else { return true };
                let Some(depth) = self.rows.get(index).map(|row| row.depth.saturating_add(1)) else {
                    return false;
                };
                let end = index.saturating_add(self.below(index)).saturating_add(1);
                // Numbers grow: what has the highest one was made last and stands last.
                let last =
                    (index..end).rev().find_map(|at| self.rows.get(at).filter(|row| row.depth == depth));
                let foldable = is_foldable(store, node);
                if self.open.contains(&node)
                    || last.is_some_and(|last| last.node.part == Part::Object && last.node.object > object)
                {
                    return false;
                }
                self.rows.insert(end, Row { node, depth, foldable });
                if self.selected >= end {
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
        for node in children(store, row.node) {
            let foldable = is_foldable(store, node);
            let child = Row { node, depth: row.depth.saturating_add(1), foldable };
            rows.push(child);
            if foldable && self.open.contains(&node) {
                self.push_below(store, child, rows);
            }
        }
    }
}

fn is_foldable(store: &Store, node: Node) -> bool {
    node.part != Part::Object
        || matches!(store.kind(node.object), Kind::Store | Kind::Application | Kind::Scope)
}

/// The nodes directly below a node, in azman.msc's order.
pub fn children(store: &Store, node: Node) -> Vec<Node> {
    let object = node.object;
    let folder = |part| Node { object, part };
    if let Some(kind) = node.part.kind() {
        return store.children_of(object, kind).map(Node::of).collect();
    }
    match (node.part, store.kind(object)) {
        (Part::Definitions, Kind::Application) => {
            vec![folder(Part::Roles), folder(Part::Tasks), folder(Part::Operations)]
        }
        (Part::Definitions, _) => vec![folder(Part::Roles), folder(Part::Tasks)],
        (_, Kind::Store) => std::iter::once(folder(Part::Groups))
            .chain(store.children_of(object, Kind::Application).map(Node::of))
            .collect(),
        (_, Kind::Application) => [Part::Groups, Part::Definitions, Part::Assignments]
            .into_iter()
            .map(folder)
            .chain(store.children_of(object, Kind::Scope).map(Node::of))
            .collect(),
        (_, Kind::Scope) => vec![folder(Part::Groups), folder(Part::Definitions), folder(Part::Assignments)],
        _ => Vec::new(),
    }
}

/// The node that a node hangs below; `None` for the store.
pub fn container(store: &Store, node: Node) -> Option<Node> {
    let object = node.object;
    match node.part {
        Part::Object => container_of_kind(store, object),
        Part::Roles | Part::Tasks | Part::Operations => Some(Node { object, part: Part::Definitions }),
        Part::Groups | Part::Definitions | Part::Assignments => Some(Node::of(object)),
    }
}

fn container_of_kind(store: &Store, object: ObjId) -> Option<Node> {
    let parent = store.parent(object)?;
    let part = match store.kind(object) {
        Kind::Store | Kind::Application | Kind::Scope => Part::Object,
        Kind::Group => Part::Groups,
        Kind::Role => Part::Roles,
        Kind::Task => Part::Tasks,
        Kind::Operation => Part::Operations,
        Kind::Assignment => Part::Assignments,
    };
    Some(Node { object: parent, part })
}

/// What a row counts: objects of a folder, operations of a definition, members of an assignment or group.
fn count(store: &Store, node: Node) -> u32 {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    if let Some(kind) = node.part.kind() {
        return number(store.children_of(node.object, kind).count());
    }
    match (node.part, store.kind(node.object)) {
        (Part::Object, Kind::Role | Kind::Task) => {
            number(store.leaves_of(node.object, LeafKind::OperationLink).count())
        }
        (Part::Object, Kind::Assignment | Kind::Group) => number(
            store
                .leaves(node.object)
                .filter(|&leaf| matches!(store.leaf_kind(leaf), LeafKind::Member | LeafKind::AppMemberLink))
                .count(),
        ),
        _ => 0,
    }
}
