//! Where the selection was: back and forward, as in a browser.
//!
//! A place is kept when something jumps away from it (a link, a search, a problem), not for every step.

use super::node::Node;

/// Places kept on either side.
const LENGTH: usize = 200;

/// The places before and after the present one.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    back: Vec<Node>,
    forward: Vec<Node>,
}

impl Trail {
    /// The selection jumps away from this place.
    pub fn leave(&mut self, place: Node) {
        if self.back.last() != Some(&place) {
            self.back.push(place);
        }
        if self.back.len() > LENGTH {
            self.back.remove(0);
        }
        self.forward.clear();
    }

    /// The place to go to from `here`, one step back or forward. Places that are gone are passed over: undo may bring
    /// them back, so they stay where they are only until they are passed.
    pub fn step(&mut self, here: Node, forward: bool, exists: impl Fn(Node) -> bool) -> Option<Node> {
        let (from, to) =
            if forward { (&mut self.forward, &mut self.back) } else { (&mut self.back, &mut self.forward) };
        // Without a place to go to, everything stays as it is.
        let index = from.iter().rposition(|&place| exists(place) && place != here)?;
        let place = from.get(index).copied()?;
        from.truncate(index);
        to.push(here);
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Guid, Kind, Schema, Store, new_store};

    fn nodes() -> [Node; 3] {
        use crate::app::node::Part;
        let store = Store::open(new_store(Schema::V1, Guid::random(), "")).unwrap();
        assert_eq!(store.kind(store.root()), Kind::Store);
        [Part::Object, Part::Groups, Part::Roles].map(|part| Node { object: store.root(), part })
    }

    #[test]
    fn back_and_forward_are_inverse() {
        let [a, b, c] = nodes();
        let mut trail = Trail::default();
        trail.leave(a);
        trail.leave(b);
        assert_eq!(trail.step(c, false, |_| true), Some(b));
        assert_eq!(trail.step(b, false, |_| true), Some(a));
        assert_eq!(trail.step(a, false, |_| true), None);
        assert_eq!(trail.step(a, true, |_| true), Some(b));
        assert_eq!(trail.step(b, true, |_| true), Some(c));
        assert_eq!(trail.step(c, true, |_| true), None);
    }

    #[test]
    fn what_is_gone_is_passed_over_and_a_jump_forgets_the_way_forward() {
        let [a, b, c] = nodes();
        let mut trail = Trail::default();
        trail.leave(a);
        trail.leave(b);
        assert_eq!(trail.step(c, false, |place| place != b), Some(a));
        trail.leave(b);
        assert_eq!(trail.step(c, true, |_| true), None);
        assert_eq!(trail.step(c, false, |_| false), None);
        assert_eq!(trail.step(c, false, |_| true), Some(b));
    }
}
