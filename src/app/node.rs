//! What the rows of the tree stand for: objects, azman.msc's folders in them, and virtual machines.

use crate::store::{Kind, LeafKind, ObjId, Store};

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
    /// A virtual machine whose place this object is, by its number: the scope, or the application for the default scope.
    Machine(u32),
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
            Part::Machine(_) => "Virtual machine",
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
            Part::Object | Part::Definitions | Part::Machine(_) => None,
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

/// Whether something can be below a node.
pub fn is_foldable(store: &Store, node: Node) -> bool {
    match node.part {
        Part::Object => matches!(store.kind(node.object), Kind::Store | Kind::Application | Kind::Scope),
        Part::Machine(_) => false,
        _ => true,
    }
}

/// The nodes of the store directly below a node, in azman.msc's order. The machines there are the tree's matter.
pub fn children(store: &Store, node: Node) -> Vec<Node> {
    let object = node.object;
    let folder = |part| Node { object, part };
    if let Some(kind) = node.part.kind() {
        return store.children_of(object, kind).map(Node::of).collect();
    }
    match (node.part, store.kind(object)) {
        (Part::Machine(_), _) => Vec::new(),
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
        Part::Object => container_of(store, object),
        Part::Roles | Part::Tasks | Part::Operations => Some(Node { object, part: Part::Definitions }),
        Part::Groups | Part::Definitions | Part::Assignments | Part::Machine(_) => Some(Node::of(object)),
    }
}

/// The node that an object hangs below.
pub fn container_of(store: &Store, object: ObjId) -> Option<Node> {
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
pub fn count(store: &Store, node: Node) -> u32 {
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
