//! Definitions and groups that contain themselves, by way of others or directly.

use super::index::Index;
use crate::store::{Kind, LeafId, LeafKind, ObjId, Store};
use std::collections::HashMap;

/// The loops of a store.
#[derive(Default)]
pub(super) struct Loops {
    /// The number of the loop an object is in.
    of: HashMap<ObjId, usize>,
    /// The objects of each loop; empty for one that was broken.
    members: Vec<Vec<ObjId>>,
}

impl Loops {
    /// Looks for loops from these objects on, and gives back who is in one that was not known as it is now. Cost:
    /// linear in what can be reached from them.
    pub(super) fn find(
        &mut self,
        store: &Store,
        index: &Index,
        from: impl IntoIterator<Item = ObjId>,
    ) -> Vec<ObjId> {
        let mut changed = Vec::new();
        for members in strongly_connected(from, |id| nested(store, index, id)) {
            if self.is_known(&members) {
                continue;
            }
            for id in &members {
                changed.extend(self.forget(*id));
            }
            let number = self.members.len();
            self.of.extend(members.iter().map(|id| (*id, number)));
            changed.extend(&members);
            self.members.push(members);
        }
        changed
    }

    fn is_known(&self, members: &[ObjId]) -> bool {
        let number = members.first().and_then(|id| self.of.get(id));
        let known = number.and_then(|number| self.members.get(*number));
        known.is_some_and(|known| known.len() == members.len())
            && members.iter().all(|id| self.of.get(id) == number)
    }

    /// Forgets the loop an object is in and gives back who was in it, the object included.
    pub(super) fn forget(&mut self, id: ObjId) -> Vec<ObjId> {
        let members = self.of.get(&id).and_then(|number| self.members.get_mut(*number)).map(std::mem::take);
        let members = members.unwrap_or_default();
        for member in &members {
            self.of.remove(member);
        }
        members
    }

    /// The first link of an object that stays inside its loop, and what kind it is.
    pub(super) fn link(&self, store: &Store, index: &Index, id: ObjId) -> Option<(LeafKind, LeafId)> {
        let number = self.of.get(&id)?;
        let inside = |to: ObjId| self.of.get(&to) == Some(number);
        index
            .outgoing(id)
            .iter()
            .find(|link| link.to.is_some_and(|to| inside(to) && nests(link.kind, store.kind(to))))
            .map(|link| (link.kind, link.leaf))
    }
}

/// Whether a link of this kind puts an object of that kind into its owner.
fn nests(link: LeafKind, target: Kind) -> bool {
    match link {
        LeafKind::TaskLink => matches!(target, Kind::Task | Kind::Role),
        LeafKind::AppMemberLink => target == Kind::Group,
        _ => false,
    }
}

fn nested(store: &Store, index: &Index, id: ObjId) -> Vec<ObjId> {
    let inner = index.outgoing(id).iter().filter_map(|link| {
        let to = link.to?;
        nests(link.kind, store.kind(to)).then_some(to)
    });
    inner.collect()
}

/// Tarjan's algorithm without recursion: a chain of a hundred thousand definitions is as harmless as one of ten.
/// Gives the components that are loops: several objects, or one that leads to itself.
fn strongly_connected(
    from: impl IntoIterator<Item = ObjId>,
    next: impl Fn(ObjId) -> Vec<ObjId>,
) -> Vec<Vec<ObjId>> {
    /// An object that is being explored.
    struct Open {
        id: ObjId,
        order: usize,
        /// The earliest object on the stack that is known to be reachable.
        low: usize,
        next: std::vec::IntoIter<ObjId>,
        leads_to_itself: bool,
    }

    // In which order objects were met; `None` once their component is known.
    let mut met: HashMap<ObjId, Option<usize>> = HashMap::new();
    let mut stack: Vec<ObjId> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut loops = Vec::new();
    let mut order = 0;
    for root in from {
        let mut enter = Some(root).filter(|root| !met.contains_key(root));
        loop {
            if let Some(id) = enter.take() {
                met.insert(id, Some(order));
                stack.push(id);
                open.push(Open { id, order, low: order, next: next(id).into_iter(), leads_to_itself: false });
                order += 1;
            }
            let Some(here) = open.last_mut() else { break };
            if let Some(to) = here.next.next() {
                here.leads_to_itself |= to == here.id;
                match met.get(&to) {
                    None => enter = Some(to),
                    Some(Some(order)) => here.low = here.low.min(*order),
                    Some(None) => {}
                }
                continue;
            }
            let Some(done) = open.pop() else { break };
            if done.low == done.order {
                let at = stack.iter().rposition(|id| *id == done.id).unwrap_or(0);
                let component = stack.split_off(at);
                for id in &component {
                    met.insert(*id, None);
                }
                if component.len() > 1 || done.leads_to_itself {
                    loops.push(component);
                }
            }
            if let Some(outer) = open.last_mut() {
                outer.low = outer.low.min(done.low);
            }
        }
    }
    loops
}
