//! Which of the changes of a merge cannot be made without which others.

use std::collections::{BTreeSet, HashMap};

use super::super::trial::Wish;
use super::super::{Guid, Kind, LeafKind, ObjId, Store};
use super::{Merge, What, Who, find};

/// Where the changes are that others may need, by the numbers of their items.
#[derive(Default)]
struct Places {
    /// An object comes.
    adds: HashMap<Who, usize>,
    /// An object goes.
    removes: HashMap<ObjId, usize>,
    /// An object goes, or gets another name or place: its name is free then.
    frees: HashMap<ObjId, usize>,
    /// An operation of this application goes, or gets another number than this.
    frees_number: HashMap<(ObjId, u32), usize>,
    /// What belongs together in an object changes: its rule and the rule's language, or a group's type and query.
    pairs: HashMap<(Who, Pair), Vec<usize>>,
    /// An object's link to what has this GUID goes.
    unlinks: HashMap<(ObjId, Guid), usize>,
}

/// Two things of one object that go together.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Pair {
    Rule,
    Group,
}

impl Pair {
    fn of(what: &What) -> Option<Pair> {
        match what {
            What::Text { kind: LeafKind::BizRule | LeafKind::BizRuleLanguage, .. } => Some(Pair::Rule),
            What::Text { kind: LeafKind::LdapQuery, .. } => Some(Pair::Group),
            What::Attribute { name, .. } if name == "GroupType" => Some(Pair::Group),
            _ => None,
        }
    }
}

impl Merge {
    /// For each item the items without which ours of it cannot be made on their store, in order: an object must be there
    /// before something is put into it or linked to it; what goes must be linked by nothing, and go with all that stands in
    /// it; a name and a number must be free. Of objects without a GUID of their own nothing is told.
    pub fn needs(&self, theirs: &Store) -> Vec<Vec<usize>> {
        let mut places = Places::default();
        for (number, item) in self.items.iter().enumerate() {
            item.wishes.iter().for_each(|wish| places.note(theirs, number, wish));
        }
        let of = |(number, item): (usize, &super::Item)| {
            let mut needed = BTreeSet::new();
            item.wishes.iter().for_each(|wish| places.needed(theirs, wish, &mut needed));
            needed.remove(&number);
            needed.into_iter().collect()
        };
        self.items.iter().enumerate().map(of).collect()
    }
}

impl Places {
    fn note(&mut self, theirs: &Store, number: usize, wish: &Wish) {
        let here = find(theirs, &wish.who);
        if let Some(pair) = Pair::of(&wish.difference.what) {
            self.pairs.entry((wish.who.clone(), pair)).or_default().push(number);
        }
        match (&wish.difference.what, here) {
            (What::Added, _) => _ = self.adds.insert(wish.who.clone(), number),
            (What::Removed, Some(id)) => {
                self.removes.insert(id, number);
                self.frees.insert(id, number);
                self.note_number(theirs, number, id);
            }
            (What::Text { kind: LeafKind::OperationId, .. }, Some(id)) => {
                self.note_number(theirs, number, id);
            }
            (What::Moved { .. }, Some(id)) => _ = self.frees.insert(id, number),
            (What::Attribute { name, .. }, Some(id)) if name == "Name" => _ = self.frees.insert(id, number),
            (What::Unlinked { kind, text, .. }, Some(id)) if kind.is_link() => {
                self.unlinks.extend(Guid::parse(text).map(|guid| ((id, guid), number)));
            }
            _ => {}
        }
    }

    fn note_number(&mut self, theirs: &Store, number: usize, id: ObjId) {
        self.frees_number.extend(theirs.operation_id(id).map(|its| ((theirs.level(id), its), number)));
    }

    fn needed(&self, theirs: &Store, wish: &Wish, needed: &mut BTreeSet<usize>) {
        needed.extend(self.adds.get(&wish.who));
        let pair = Pair::of(&wish.difference.what).and_then(|pair| self.pairs.get(&(wish.who.clone(), pair)));
        needed.extend(pair.into_iter().flatten());
        if let What::Removed = wish.difference.what {
            let Some(id) = find(theirs, &wish.who) else { return };
            needed.extend(theirs.within(id).filter_map(|inside| self.removes.get(&inside)));
            for leaf in theirs.links_from_outside(id) {
                let owner = theirs.owner(leaf);
                let link = Guid::parse(&theirs.text(leaf)).and_then(|guid| self.unlinks.get(&(owner, guid)));
                needed.extend(link.or_else(|| self.removes.get(&owner)));
            }
            return;
        }
        let Some(new) = &wish.new else { return };
        match &wish.difference.what {
            What::Linked { kind, text, .. } if kind.is_link() => {
                needed.extend(Guid::parse(text).and_then(|guid| self.adds.get(&Who::Guid(guid))));
            }
            What::Added | What::Moved { .. } => {
                needed.extend(self.adds.get(&new.home));
                self.free(theirs, wish, needed);
                self.free_number(theirs, wish, needed);
            }
            What::Text { kind: LeafKind::OperationId, .. } => self.free_number(theirs, wish, needed),
            What::Attribute { name, .. } if name == "Name" => self.free(theirs, wish, needed),
            _ => {}
        }
    }

    /// What frees the name that an object is to have.
    fn free(&self, theirs: &Store, wish: &Wish, needed: &mut BTreeSet<usize>) {
        let Some(new) = &wish.new else { return };
        let Some(home) = find(theirs, &new.home) else { return };
        let is_same = |kind: Kind| kind.name_space() == new.kind.name_space();
        let others = theirs.named(home, &new.name).into_iter().filter(|&id| is_same(theirs.kind(id)));
        needed.extend(others.filter_map(|id| self.frees.get(&id)));
    }

    /// What frees the number that an operation is to have.
    fn free_number(&self, theirs: &Store, wish: &Wish, needed: &mut BTreeSet<usize>) {
        let Some(new) = wish.new.as_ref().filter(|new| new.kind == Kind::Operation) else { return };
        let Some(home) = find(theirs, &new.home) else { return };
        let text = new.leaves.iter().find(|(kind, ..)| *kind == LeafKind::OperationId);
        let number = text.and_then(|(_, text, _)| text.trim().parse().ok());
        needed.extend(number.and_then(|number: u32| self.frees_number.get(&(home, number))));
    }
}
