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

/// How many fixes are told one by one; the others are counted.
const TOLD: usize = 100;

/// What was mended.
#[derive(Debug, Default)]
pub struct Mended {
    /// How many findings.
    pub count: usize,
    /// The first of them: code, object and message of each.
    pub told: Vec<String>,
}

impl Mended {
    /// Takes in findings that were mended, told as they were before.
    fn add(&mut self, count: usize, told: Vec<String>) {
        self.count += count;
        self.told.extend(told);
        self.told.truncate(TOLD);
    }
}

/// Mends, keeps `findings` those of the session's store, and says what was mended. A fix that cannot be made leaves its
/// finding standing.
pub fn all(session: &mut Session, findings: &mut Findings) -> Mended {
    let mut mended = Mended::default();
    for _ in 0..PASSES {
        let has_fix = |finding: &&Finding| finding.rule().fix.is_some();
        let fixable: Vec<Finding> = findings.all().filter(has_fix).cloned().collect();
        let mut touched = Vec::new();
        for findings in fixable.chunk_by(|one, next| one.object == next.object) {
            object(session, findings, &mut touched, &mut mended);
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
fn object(session: &mut Session, findings: &[Finding], touched: &mut Vec<ObjId>, mended: &mut Mended) {
    let store = session.store();
    // Whatever is wrong with a link or member, its first fix is enough for now: others may be out of date by then.
    let mut seen = HashSet::new();
    let mut is_new = |finding: &&Finding| finding.leaf.is_none_or(|leaf| seen.insert(store.meaning(leaf)));
    let findings: Vec<&Finding> = findings.iter().filter(&mut is_new).collect();
    let (fixable, changes) = together(store, &findings);
    // Told before it is mended: the object may go with what is wrong with it.
    let room = TOLD.saturating_sub(mended.told.len());
    let tell =
        |finding: &&Finding| format!("{} {}: {}", finding.code, store.path(finding.object), finding.message);
    let told: Vec<String> = fixable.iter().take(room).map(tell).collect();
    let mut apply = |session: &mut Session, changes: &[Change], label: &str| {
        session.apply(changes, label).map(|applied| touched.extend(applied.touched)).is_ok()
    };
    if fixable.is_empty() {
        return;
    }
    if apply(session, &changes, "mend") {
        return mended.add(fixable.len(), told);
    }
    let mut told = told.into_iter();
    for finding in fixable.into_iter().take(ALONE) {
        let line = told.next();
        let changes = check::fix(session.store(), finding);
        if !changes.is_empty() && apply(session, &changes, finding.code) {
            mended.add(1, line.into_iter().collect());
        }
    }
}

/// The fixes of one object as few changes, and the findings that have one: what is removed is removed at once, and then
/// what is to stay of it is added at once.
fn together<'f>(store: &Store, findings: &[&'f Finding]) -> (Vec<&'f Finding>, Vec<Change>) {
    let (mut removed, mut added, mut others) = (None, None, Vec::new());
    let gather = |all: &mut Option<(Object, Vec<Link>)>, object, links| match all {
        Some((_, all)) => all.extend(links),
        None => *all = Some((object, links)),
    };
    let mut fixable = Vec::new();
    for &finding in findings {
        let changes = check::fix(store, finding);
        if !changes.is_empty() {
            fixable.push(finding);
        }
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
    (fixable, removed.into_iter().chain(added).chain(others).collect())
}
