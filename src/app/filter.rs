//! Filters: the tree shows what matches a text, is changed, or has problems, and what leads to it.
//!
//! The three are one: a set of objects for [`Tree::narrow`](super::tree::Tree::narrow). They go together too: changed
//! objects with problems whose text holds "joe". What stops to match stays until the filter is set anew, so that a
//! row does not go away under the hand that mends it; what begins to match comes in.

use std::collections::HashSet;
use std::sync::Arc;

use crate::accounts::Names;
use crate::check::{Finding, Findings, Severity};
use crate::store::ObjId;

use super::actions::Id;
use super::doc::Doc;
use super::keymap::Keymap;
use super::layout::Pane;
use super::line::Line;
use super::machines::Resident;
use super::node::{Node, Part};
use super::scan::{Scan, Test};
use super::search::{Aim, Needle, Search};
use super::state::App;

/// Touched objects that are asked, after a change, whether they match now.
const ASKED: usize = 1000;

/// What is let through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Objects that hold this text; empty for any.
    pub text: String,
    /// Only what differs from the file.
    pub changed: bool,
    /// Only what has errors or warnings.
    pub problems: bool,
}

/// A filter that is on.
#[derive(Debug, Clone)]
pub struct Filter {
    /// What it lets through.
    pub wanted: Wanted,
    scan: Scan,
    /// The machines that it lets through: they are few, and looked at in one go.
    machines: Vec<Node>,
    /// How many matches the tree shows of those found so far.
    shown: usize,
    /// Objects of the store when the filter was set.
    total: usize,
}

impl Filter {
    /// The walk through the store.
    pub fn scan(&self) -> &Scan {
        &self.scan
    }

    /// `Filter: joe, 12 of 340, & edits, Esc clears`.
    pub fn line(&self, hits: usize, keys: &Keymap) -> String {
        let wanted = &self.wanted;
        let mut parts = vec![wanted.text.trim()];
        let changed = format!("changed ({})", keys.named(Id::ChangedOnly));
        let problems = format!("with problems ({})", keys.named(Id::ProblemsOnly));
        parts.extend(wanted.changed.then_some(changed.as_str()));
        parts.extend(wanted.problems.then_some(problems.as_str()));
        parts.retain(|part| !part.is_empty());
        let count = match (self.scan.is_done(), hits) {
            (false, _) => format!("{} so far", self.scan.count),
            (true, 0) => "nothing matches".to_owned(),
            (true, _) => format!("{hits} of {}", self.total.max(hits)),
        };
        format!("Filter: {}, {count}, {} edits, Esc clears", parts.join(", "), keys.named(Id::Filter))
    }

    fn lets_through(&self, doc: &Doc, object: ObjId) -> bool {
        let store = doc.store();
        (!self.wanted.changed || doc.marks.of(object).is_some())
            && (!self.wanted.problems || doc.findings_about(object).iter().any(is_problem))
            && match &self.scan.test {
                Test::Text(needle) => {
                    needle.is_in_object(store, object)
                        || store.leaves(object).any(|leaf| needle.is_in_leaf(store, leaf))
                }
                _ => true,
            }
    }
}

/// What the signs in the tree count as a problem.
pub fn is_problem(finding: &Finding) -> bool {
    finding.severity >= Severity::Warning
}

impl Doc {
    /// Sets the filter; one that wants nothing is none.
    pub fn set_filter(&mut self, wanted: Wanted, names: &Names) {
        if wanted == Wanted::default() {
            self.clear_filter();
            return;
        }
        let order = self.object_order();
        let root = self.store().root();
        let total = order.len().saturating_sub(1).saturating_add(self.machines.all().count());
        let mut candidates: Option<HashSet<ObjId>> = None;
        if wanted.changed {
            let store = self.session.store();
            candidates = Some(self.marks.objects().filter(|&object| store.is_live(object)).collect());
        }
        if wanted.problems {
            let found = self.findings.iter().flat_map(Findings::all).filter(|found| is_problem(found));
            let found: HashSet<ObjId> = found.map(|found| found.object).collect();
            candidates = Some(match candidates {
                Some(changed) => changed.intersection(&found).copied().collect(),
                None => found,
            });
        }
        let over: Arc<[ObjId]> = match candidates {
            Some(wanted) => order.iter().copied().filter(|object| wanted.contains(object)).collect(),
            None => order.iter().copied().filter(|object| *object != root).collect(),
        };
        let test = Test::Text(Needle::with(&wanted.text, names));
        let machines = self.machines_wanted(&wanted);
        self.filter = Some(Filter { wanted, scan: Scan::new(test, over, 0), machines, shown: 0, total });
        self.filter_on();
    }

    /// Looks at one slice more, and shows what was found once that is worth it.
    pub fn filter_on(&mut self) {
        let Some(filter) = &mut self.filter else { return };
        let store = self.session.store();
        let began = filter.scan.found.is_empty();
        filter.scan.go_on(store);
        // Rows are made anew each time there are twice as many: showing costs no more than finding.
        let found = filter.scan.found.len();
        if filter.scan.is_done() || began || found >= filter.shown.saturating_mul(2) {
            filter.shown = found;
            let objects = filter.scan.found.iter().map(|found| found.object);
            self.tree.narrow(store, objects, &filter.machines);
        }
    }

    /// Shows the whole tree.
    pub fn clear_filter(&mut self) {
        if self.filter.take().is_some() {
            self.tree.widen(self.session.store());
        }
    }

    /// After a change: lets through what matches now.
    pub fn filter_touched(&mut self, touched: &[ObjId]) {
        let Some(filter) = &self.filter else { return };
        let is_match = |&object: &ObjId| self.store().is_live(object) && filter.lets_through(self, object);
        let matching: Vec<ObjId> = touched.iter().take(ASKED).copied().filter(is_match).collect();
        for object in matching {
            self.tree.let_through(self.session.store(), Node::of(object));
        }
    }

    /// The machines that a filter lets through.
    fn machines_wanted(&self, wanted: &Wanted) -> Vec<Node> {
        let needle = Needle::new(&wanted.text);
        let roster = self.machines.roster();
        let mut nodes = Vec::new();
        for (object, listed) in roster.places() {
            let fits = listed.iter().filter(|listed| {
                let one = self.machines.get(listed.number);
                listed.matches(&needle)
                    && (!wanted.changed || one.is_some_and(Resident::is_pending))
                    && (!wanted.problems || one.is_some_and(|one| one.is_alarming(self.store())))
            });
            nodes.extend(fits.map(|listed| Node { object, part: Part::Machine(listed.number) }));
        }
        nodes
    }

    /// After machines were moved: lets through those that match now.
    pub fn filter_moved(&mut self) {
        let Some(filter) = &self.filter else { return };
        for node in self.machines_wanted(&filter.wanted) {
            self.tree.let_through(self.session.store(), node);
        }
    }
}

/// Opens the line for the filter's text.
pub fn begin(app: &mut App) {
    let Some(doc) = app.doc() else { return };
    let text = doc.filter.as_ref().map(|filter| filter.wanted.text.clone()).unwrap_or_default();
    let from = doc.node();
    app.hunt = None;
    app.focus = Pane::Tree;
    app.search = Some(Search { line: Line::selected(&text), aim: Aim::Narrow(text), from });
}

/// The filter's text is this now.
pub fn narrow(app: &mut App, text: &str) {
    let names = Arc::clone(&app.names);
    if let Some(doc) = app.doc_mut() {
        let wanted = doc.filter.as_ref().map(|filter| filter.wanted.clone()).unwrap_or_default();
        doc.set_filter(Wanted { text: text.trim().to_owned(), ..wanted }, &names);
    }
}

/// `~`: only what differs from the file, or everything again.
pub fn toggle_changed(app: &mut App) {
    toggle(app, |wanted| wanted.changed = !wanted.changed);
}

/// `!`: only what has errors or warnings, or everything again.
pub fn toggle_problems(app: &mut App) {
    toggle(app, |wanted| wanted.problems = !wanted.problems);
}

fn toggle(app: &mut App, turn: fn(&mut Wanted)) {
    app.focus = Pane::Tree;
    let names = Arc::clone(&app.names);
    if let Some(doc) = app.doc_mut() {
        let mut wanted = doc.filter.as_ref().map(|filter| filter.wanted.clone()).unwrap_or_default();
        turn(&mut wanted);
        doc.set_filter(wanted, &names);
    }
}
