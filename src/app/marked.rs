//! What the user has marked, to be changed or copied in one go: objects in the tree, members and links in the details.
//!
//! Marks are plain numbers, so they survive folding, scrolling and undo of anything else; what was removed loses its
//! mark with the next change. Objects are kept by kind: whether an action fits all of them is asked for every frame,
//! and must not cost what is marked.

use std::collections::{BTreeMap, BTreeSet};

use crate::store::{Kind, LeafId, ObjId, Store};

use super::actions::Id;
use super::doc::Doc;
use super::enabled;
use super::layout::Pane;
use super::sheet::Entry;
use super::state::App;
use super::tree::Part;

/// The marks of one document.
#[derive(Debug, Clone, Default)]
pub struct Marked {
    objects: BTreeMap<Kind, BTreeSet<ObjId>>,
    /// Virtual machines, by their numbers; never beside objects, since nothing can be done with both.
    machines: BTreeSet<u32>,
    /// Marked members and links, all of one object: the one whose details were shown.
    lines: BTreeSet<LeafId>,
    lines_of: Option<ObjId>,
}

impl Marked {
    /// Whether the object is marked.
    pub fn has(&self, object: ObjId) -> bool {
        self.objects.values().any(|of_kind| of_kind.contains(&object))
    }

    /// Whether the member or link is marked.
    pub fn has_line(&self, leaf: LeafId) -> bool {
        self.lines.contains(&leaf)
    }

    /// The marked objects, kind by kind, each kind in the order of numbers.
    pub fn objects(&self) -> impl Iterator<Item = ObjId> + '_ {
        self.objects.values().flatten().copied()
    }

    /// The marked virtual machines, in the order of numbers.
    pub fn machines(&self) -> impl ExactSizeIterator<Item = u32> + '_ {
        self.machines.iter().copied()
    }

    /// Whether the virtual machine is marked.
    pub fn has_machine(&self, number: u32) -> bool {
        self.machines.contains(&number)
    }

    /// Virtual machines that are gone are marked no more.
    pub fn settle_machines(&mut self, is_there: impl Fn(u32) -> bool) {
        self.machines.retain(|&number| is_there(number));
    }

    /// Marks these virtual machines, or takes their marks away if all have one.
    fn flip_machines(&mut self, numbers: &[u32]) {
        if numbers.iter().all(|number| self.machines.contains(number)) {
            self.machines.retain(|number| !numbers.contains(number));
        } else {
            self.machines.extend(numbers);
        }
    }

    /// The marked members and links of this object.
    pub fn lines_of(&self, object: ObjId) -> impl ExactSizeIterator<Item = LeafId> + '_ {
        static NONE: BTreeSet<LeafId> = BTreeSet::new();
        let lines = if self.lines_of == Some(object) { &self.lines } else { &NONE };
        lines.iter().copied()
    }

    /// How many objects are marked.
    pub fn count(&self) -> usize {
        self.objects.values().map(BTreeSet::len).sum()
    }

    /// Whether no object is marked.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// A marked object that is of none of these kinds.
    pub fn other_than(&self, kinds: &[Kind]) -> Option<ObjId> {
        let mut others = self.objects.iter().filter(|(kind, _)| !kinds.contains(kind));
        others.find_map(|(_, of_kind)| of_kind.first().copied())
    }

    /// The kind of the marked objects, if they are all of one.
    pub fn only_kind(&self) -> Option<Kind> {
        let mut kinds = self.objects.keys();
        kinds.next().copied().filter(|_| kinds.next().is_none())
    }

    /// `2 role assignments, 1 application group`.
    pub fn summary(&self) -> String {
        match self.machines.len() {
            0 => {}
            1 => return "1 virtual machine".to_owned(),
            count => return format!("{count} virtual machines"),
        }
        let kinds = self.objects.iter().map(|(&kind, of_kind)| counted(of_kind.len(), kind));
        kinds.collect::<Vec<_>>().join(", ")
    }

    fn set(&mut self, kind: Kind, object: ObjId, marked: bool) {
        let of_kind = self.objects.entry(kind).or_default();
        if marked {
            of_kind.insert(object);
        } else {
            of_kind.remove(&object);
        }
        if of_kind.is_empty() {
            self.objects.remove(&kind);
        }
    }

    /// Marks these lines, or takes their marks away if all have one. Lines of another object lose theirs.
    fn flip_lines(&mut self, store: &Store, lines: &[LeafId]) {
        let Some(owner) = lines.first().map(|&leaf| store.owner(leaf)) else { return };
        if self.lines_of.replace(owner) != Some(owner) {
            self.lines.clear();
        }
        if lines.iter().all(|leaf| self.lines.contains(leaf)) {
            for leaf in lines {
                self.lines.remove(leaf);
            }
        } else {
            self.lines.extend(lines);
        }
    }

    /// Marks these objects, or takes their marks away if all have one.
    fn flip_objects(&mut self, store: &Store, objects: &[ObjId]) {
        let marked = objects.iter().all(|&object| self.has(object));
        for &object in objects {
            self.set(store.kind(object), object, !marked);
        }
    }

    /// The store has changed: what is gone is marked no more.
    pub fn settle(&mut self, store: &Store) {
        let objects: Vec<ObjId> = self.objects().filter(|&object| store.is_live(object)).collect();
        self.objects.clear();
        for object in objects {
            self.set(store.kind(object), object, true);
        }
        self.lines.retain(|&leaf| store.is_live_leaf(leaf));
    }

    /// Takes the marks of lines away. False: there was none.
    pub fn clear_lines(&mut self) -> bool {
        !std::mem::take(&mut self.lines).is_empty()
    }

    /// Takes the marks of objects away. False: there was none.
    pub fn clear_objects(&mut self) -> bool {
        let had_machines = !std::mem::take(&mut self.machines).is_empty();
        !std::mem::take(&mut self.objects).is_empty() || had_machines
    }
}

/// `1 scope`, `3 role assignments`.
pub fn counted(count: usize, kind: Kind) -> String {
    if count == 1 { format!("1 {kind}") } else { format!("{count} {kind}s") }
}

/// Marks the selected line, or unmarks it, and goes to the next.
pub fn toggle(app: &mut App) {
    let pane = app.focus;
    let Some(doc) = app.doc_mut() else { return };
    let Doc { session, marked, tree, sheet, .. } = doc;
    match at(tree.node(), sheet.entry(), pane) {
        Some(Line::Leaf(leaf)) => marked.flip_lines(session.store(), &[leaf]),
        Some(Line::Machine(_, number)) => marked.flip_machines(&[number]),
        Some(Line::Object(object)) if session.store().kind(object) != Kind::Store => {
            marked.flip_objects(session.store(), &[object]);
        }
        _ => return,
    }
    match pane {
        Pane::Details => doc.sheet.step(1),
        _ => doc.tree.step(1),
    }
    // The status line says what is marked, unless news stands there.
    app.message = None;
}

/// Marks everything beside the selected line: objects of its kind in the same place, members or links of its kind in
/// the same object; what is in a selected folder. Takes the marks away if all have one.
pub fn toggle_all(app: &mut App) {
    let pane = app.focus;
    let Some(doc) = app.doc_mut() else { return };
    let Doc { session, marked, tree, sheet, machines, .. } = doc;
    let store = session.store();
    match at(tree.node(), sheet.entry(), pane) {
        Some(Line::Leaf(leaf)) => {
            // Links to role and to task definitions are of one kind in the file, but two lists on the screen.
            let what = |leaf| (store.leaf_kind(leaf), store.target(leaf).map(|target| store.kind(target)));
            let wanted = what(leaf);
            let beside = store.leaves(store.owner(leaf)).filter(|&other| what(other) == wanted);
            marked.flip_lines(store, &beside.collect::<Vec<_>>());
        }
        Some(Line::Object(object)) => {
            let Some(parent) = store.parent(object) else { return };
            let beside: Vec<ObjId> = store.listed(parent, store.kind(object)).collect();
            marked.flip_objects(store, &beside);
        }
        Some(Line::Machine(level, _)) => {
            let beside: Vec<u32> = machines.roster().at(level).iter().map(|listed| listed.number).collect();
            marked.flip_machines(&beside);
        }
        Some(Line::Folder(parent, kind)) => {
            let inside: Vec<ObjId> = store.listed(parent, kind).collect();
            marked.flip_objects(store, &inside);
        }
        None => {}
    }
    app.message = None;
}

/// Why the selected line cannot be marked.
pub fn can_mark(app: &App) -> Result<(), String> {
    let doc = enabled::doc(app)?;
    let line = at(doc.tree.node(), doc.sheet.entry(), app.focus);
    apart(doc, line.as_ref())?;
    match line {
        Some(Line::Leaf(_) | Line::Machine(..)) => Ok(()),
        Some(Line::Object(object)) if doc.store().kind(object) == Kind::Store => {
            Err("The store itself is not marked: mark what is in it.".to_owned())
        }
        Some(Line::Object(_)) => Ok(()),
        Some(Line::Folder(..)) => {
            let (folder, key) = (doc.node().part.label(), app.keys.named(Id::MarkAll));
            Err(format!("{folder} is a folder: {key} marks all in it."))
        }
        None => Err(what_is_marked(app.focus)),
    }
}

/// Why nothing beside the selected line can be marked.
pub fn can_mark_all(app: &App) -> Result<(), String> {
    let doc = enabled::doc(app)?;
    let line = at(doc.tree.node(), doc.sheet.entry(), app.focus);
    apart(doc, line.as_ref())?;
    match line {
        Some(Line::Object(object)) if doc.store().kind(object) == Kind::Store => {
            Err("The store itself is not marked: mark what is in it.".to_owned())
        }
        Some(_) => Ok(()),
        None => Err(what_is_marked(app.focus)),
    }
}

/// Objects and virtual machines are not marked together: nothing can be done with both.
fn apart(doc: &Doc, line: Option<&Line>) -> Result<(), String> {
    let is_other = match line {
        Some(Line::Machine(..)) => !doc.marked.is_empty(),
        Some(Line::Object(_) | Line::Folder(..)) => doc.marked.machines().len() > 0,
        _ => false,
    };
    if is_other {
        return Err(format!(
            "{} marked already: objects and virtual machines are not marked together. Esc unmarks.",
            doc.marked.summary()
        ));
    }
    Ok(())
}

fn what_is_marked(pane: Pane) -> String {
    match pane {
        Pane::Tree => "Nothing is marked here: mark objects.",
        Pane::Details => "Only members, links and objects are marked.",
        Pane::Problems => "Problems are not marked: mark objects in the tree.",
    }
    .to_owned()
}

/// What a line stands for that can be marked.
enum Line {
    Object(ObjId),
    Folder(ObjId, Kind),
    Leaf(LeafId),
    /// A virtual machine in this place.
    Machine(ObjId, u32),
}

fn at(node: Option<super::tree::Node>, entry: Option<&Entry>, pane: Pane) -> Option<Line> {
    match (pane, entry) {
        (Pane::Tree, _) => {
            let node = node?;
            match node.part {
                Part::Object => Some(Line::Object(node.object)),
                Part::Machine(number) => Some(Line::Machine(node.object, number)),
                part => part.kind().map(|kind| Line::Folder(node.object, kind)),
            }
        }
        (Pane::Details, Some(Entry::Account(leaf) | Entry::Link(leaf))) => Some(Line::Leaf(*leaf)),
        (Pane::Details, Some(Entry::Child(object))) => Some(Line::Object(*object)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Change, Session};

    fn session() -> Session {
        let bytes = include_bytes!("../../assets/InitialStore.xml").to_vec();
        let mut session = Session::new(Store::open(bytes).unwrap());
        for line in ["create scope A", "create scope B", "create assignment X --in A --member S-1-1-0"] {
            session.apply(&[Change::parse(line).unwrap()], line).unwrap();
        }
        session
    }

    fn of_kind(session: &Session, kind: Kind) -> Vec<ObjId> {
        session.store().walk().filter(|&id| session.store().kind(id) == kind).collect()
    }

    #[test]
    fn all_or_none_are_marked_and_counted_by_kind() {
        let session = session();
        let (scopes, roles) = (of_kind(&session, Kind::Scope), of_kind(&session, Kind::Role));
        let mut marked = Marked::default();
        marked.flip_objects(session.store(), &scopes[..1]);
        marked.flip_objects(session.store(), &scopes);
        marked.flip_objects(session.store(), &roles);
        assert_eq!(marked.summary(), "2 scopes, 1 role definition");
        assert_eq!(marked.other_than(&[Kind::Scope]), Some(roles[0]));
        assert_eq!(marked.other_than(&[Kind::Scope, Kind::Role]), None);
        marked.flip_objects(session.store(), &scopes);
        assert_eq!(marked.summary(), "1 role definition");
    }

    #[test]
    fn what_is_gone_is_not_marked() {
        let mut session = session();
        let scopes = of_kind(&session, Kind::Scope);
        let assignment = *of_kind(&session, Kind::Assignment).last().unwrap();
        let member = session.store().leaves(assignment).next().unwrap();
        let mut marked = Marked::default();
        marked.flip_objects(session.store(), &scopes);
        marked.flip_lines(session.store(), &[member]);
        session.apply(&[Change::parse("delete scope A").unwrap()], "delete").unwrap();
        marked.settle(session.store());
        assert_eq!((marked.summary().as_str(), marked.has_line(member)), ("1 scope", false));
    }

    #[test]
    fn lines_are_marked_in_one_object_at_a_time() {
        let mut session = session();
        session.apply(&[Change::parse("create assignment Y --member S-1-5-11").unwrap()], "create").unwrap();
        let members: Vec<LeafId> = of_kind(&session, Kind::Assignment)
            .into_iter()
            .rev()
            .take(2)
            .map(|owner| session.store().leaves(owner).next().unwrap())
            .collect();
        let mut marked = Marked::default();
        marked.flip_lines(session.store(), &members[..1]);
        marked.flip_lines(session.store(), &members[1..]);
        assert_eq!((marked.has_line(members[0]), marked.has_line(members[1])), (false, true));
    }
}
