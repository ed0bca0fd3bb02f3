//! Who loses what by a deletion, for the question before it.

use crate::access::remedy::{Effect, effect_of};
use crate::accounts::Names;
use crate::report::gains;
use crate::store::{Change, ObjId, Session, Store};

/// So many are named; more are counted.
const NAMED: usize = 6;
/// Where more objects than this go or are linked to, nothing is tried out: the dialog that saves says who loses what.
const MOST: usize = 2_000;

/// Sentences about who would lose access by deleting these objects, the worst first; none where nobody would.
pub fn who_loses(session: &mut Session, objects: &[ObjId], changes: &[Change], names: &Names) -> Vec<String> {
    if !is_small(session.store(), objects) {
        return vec!["Who loses what is shown before it is saved.".to_owned()];
    }
    let Some(effect) = effect_of(session, changes) else { return Vec::new() };
    let lost = match effect {
        Effect::Known { lost, .. } => gains::sentences("loses", (session.store(), &lost), names),
        Effect::Wide(levels) => {
            vec![format!("It matters in {levels} scopes: who loses what is shown before it is saved.")]
        }
    };
    let more = lost.len().saturating_sub(NAMED);
    let mut lines: Vec<String> = lost.into_iter().take(NAMED).collect();
    if more > 0 {
        lines.push(format!("and {more} more such."));
    }
    lines
}

fn is_small(store: &Store, objects: &[ObjId]) -> bool {
    let mut todo = objects.to_vec();
    let mut count = 0_usize;
    while let Some(id) = todo.pop() {
        count = count.saturating_add(store.referrers(id).len()).saturating_add(1);
        if count > MOST {
            return false;
        }
        todo.extend(store.children(id).take(MOST));
    }
    true
}
