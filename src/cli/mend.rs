//! `check --fix`: mends what can safely be mended.
//!
//! All fixes of one object are one step, so that an object with thousands of findings costs little more than one with
//! two. What a step brings to light is looked for once for all of them, in the next pass.

use std::collections::HashSet;

use crate::check::{self, Finding, Findings};
use crate::store::{Change, Link, ObjId, Object, Session, Store};

/// How often what the fixes themselves brought to light is mended.
const PASSES: usize = 8;

/// How many fixes of an object are tried one by one where all of them together are refused.
const ALONE: usize = 100;

/// Mends, keeps `findings` those of the session's store, and gives the number of fixes. A fix that cannot be made
/// leaves its finding standing.
pub fn all(session: &mut Session, findings: &mut Findings) -> usize {
    let mut mended = 0;
    for _ in 0..PASSES {
        let has_fix = |finding: &&Finding| finding.rule().fix.is_some();
        let fixable: Vec<Finding> = findings.all().filter(has_fix).cloned().collect();
        let mut touched = Vec::new();
        for findings in fixable.chunk_by(|one, next| one.object == next.object) {
            mended += object(session, findings, &mut touched);
        }
        if touched.is_empty() {
            break;
        }
        touched.sort_unstable();
        touched.dedup();
        findings.update(session.store(), &touched);
    }
    mended
}

/// Mends one object, which has these findings.
fn object(session: &mut Session, findings: &[Finding], touched: &mut Vec<ObjId>) -> usize {
    let store = session.store();
    // Whatever is wrong with a link or member, its first fix is enough for now: others may be out of date by then.
    let mut seen = HashSet::new();
    let mut is_new = |finding: &&Finding| finding.leaf.is_none_or(|leaf| seen.insert(store.meaning(leaf)));
    let findings: Vec<&Finding> = findings.iter().filter(&mut is_new).collect();
    let (count, changes) = together(store, &findings);
    let mut apply = |session: &mut Session, changes: &[Change], label: &str| {
        session.apply(changes, label).map(|applied| touched.extend(applied.touched)).is_ok()
    };
    if count == 0 {
        return 0;
    }
    if apply(session, &changes, "mend") {
        return count;
    }
    let alone = findings.into_iter().take(ALONE);
    let alone = alone.filter(|finding| {
        let changes = check::fix(session.store(), finding);
        !changes.is_empty() && apply(session, &changes, finding.code)
    });
    alone.count()
}

/// The fixes of one object as few changes, and how many fixes they are: what is removed is removed at once, and then
/// what is to stay of it is added at once.
fn together(store: &Store, findings: &[&Finding]) -> (usize, Vec<Change>) {
    let (mut removed, mut added, mut others) = (None, None, Vec::new());
    let gather = |all: &mut Option<(Object, Vec<Link>)>, object, links| match all {
        Some((_, all)) => all.extend(links),
        None => *all = Some((object, links)),
    };
    let mut count = 0;
    for finding in findings {
        let changes = check::fix(store, finding);
        count += usize::from(!changes.is_empty());
        for change in changes {
            match change {
                Change::Remove(object, links) => gather(&mut removed, object, links),
                Change::Add(object, links) => gather(&mut added, object, links),
                other => others.push(other),
            }
        }
    }
    let removed = removed.map(|(object, links)| Change::Remove(object, links));
    let added = added.map(|(object, links)| Change::Add(object, links));
    (count, removed.into_iter().chain(added).chain(others).collect())
}
