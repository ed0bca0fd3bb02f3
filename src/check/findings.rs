//! What the rules found in a store, kept per object.

use super::index::{Index, Sharing};
use super::loops::Loops;
use super::parallel;
use super::rights::{Again, Broken, Granted, Reporting};
use super::rule::{
    Finding, LoopTest, ObjectTest, Origin, Report, RightsTest, Rule, Severity, SharedTest, Test,
};
use super::subject::Subject;
use super::table::RULES;
use crate::store::{Kind, LeafKind, ObjId, Store, Tick};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};

/// All findings of a store.
///
/// They are those of the store as it was at the last [`Findings::of`] or [`Findings::update`]. `update` gives exactly
/// what `of` would give anew; its cost depends on what was touched and what that is linked to or shares a name with,
/// not on the size of the store.
pub struct Findings {
    rules: Rules,
    index: Index,
    loops: Loops,
    granted: Granted,
    /// The schema decides how groups are judged; when it changes, everything is judged anew.
    schema: (String, String),
    found: BTreeMap<Place, Vec<Finding>>,
    places: HashMap<ObjId, (Place, Kind)>,
    counts: [usize; 3],
    /// Of each rule: how many there are, and how severe they are.
    by_code: HashMap<&'static str, (usize, Severity)>,
    inside: HashMap<(ObjId, Option<Kind>), [usize; 3]>,
    root: ObjId,
}

/// Where an object is in document order: the numbers of what it stands in, from the outside, and its own. Objects
/// that were added have the highest numbers and are the last in what they stand in, so numbers tell the order there.
type Place = [Option<ObjId>; 3];

/// The rules, sorted by what they are tested on.
struct Rules {
    extra: &'static [Rule],
    /// By kind of object.
    objects: [Vec<(&'static Rule, ObjectTest)>; Kind::ALL.len()],
    /// By what is shared.
    shared: [Vec<(&'static Rule, SharedTest)>; Sharing::ALL.len()],
    loops: Vec<(&'static Rule, LeafKind, LoopTest)>,
    rights: Vec<(&'static Rule, RightsTest)>,
}

impl Rules {
    fn new(extra: &'static [Rule]) -> Rules {
        let mut rules = Rules {
            extra,
            objects: Default::default(),
            shared: Default::default(),
            loops: Vec::new(),
            rights: Vec::new(),
        };
        for rule in RULES.iter().chain(extra) {
            match rule.test {
                Test::Object(kinds, test) => {
                    for kind in Kind::ALL.into_iter().filter(|kind| kinds.contains(*kind)) {
                        rules.objects[kind as usize].push((rule, test));
                    }
                }
                Test::Shared(sharing, test) => rules.shared[sharing as usize].push((rule, test)),
                Test::Loop(through, test) => rules.loops.push((rule, through, test)),
                Test::Rights(test) => rules.rights.push((rule, test)),
            }
        }
        rules
    }

    fn test_object(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for (rule, test) in &self.objects[subject.kind as usize] {
            test(subject, &mut Report { rule, found });
        }
    }

    fn test_shared(
        &self,
        store: &Store,
        index: &Index,
        sharing: Sharing,
        key: u64,
        found: &mut Vec<Finding>,
    ) {
        for objects in index.at_key(store, sharing, key) {
            if objects.len() > 1 {
                for (rule, test) in &self.shared[sharing as usize] {
                    test(store, &objects, &mut Report { rule, found });
                }
            }
        }
    }

    fn test_loop(&self, store: &Store, index: &Index, loops: &Loops, id: ObjId, found: &mut Vec<Finding>) {
        let Some((kind, leaf)) = loops.link(store, index, id) else { return };
        for (rule, _, test) in self.loops.iter().filter(|(_, through, _)| *through == kind) {
            test(store, leaf, &mut Report { rule, found });
        }
    }
}

impl Findings {
    /// What the rules of [`RULES`] find in the whole store. Linear in its size, on all processors.
    pub fn of(store: &Store) -> Findings {
        Findings::with(store, &[])
    }

    /// As [`Findings::of`], with further rules; `update` will apply them too.
    pub fn with(store: &Store, extra: &'static [Rule]) -> Findings {
        match Findings::watched(store, extra, &|_| true) {
            Some(findings) => findings,
            None => unreachable!("nobody told it to stop"),
        }
    }

    /// As [`Findings::with`]; tells how many of [`Store::object_numbers`] are tested. `None`: it was told to stop.
    pub fn watched(store: &Store, extra: &'static [Rule], tick: Tick<'_>) -> Option<Findings> {
        let rules = Rules::new(extra);
        let index = Index::build(store);
        let mut loops = Loops::default();
        let is_stopped = AtomicBool::new(!tick(0));
        let mut granted = Granted::new(store, rules.rights.clone());
        let realms = granted.realms(store);
        let parts = parallel::chunks(store.object_numbers(), |range| {
            let (mut found, mut broken) = (Vec::new(), Broken::new());
            if is_stopped.load(Ordering::Relaxed) {
                return (found, broken);
            }
            if !tick(range.len()) {
                is_stopped.store(true, Ordering::Relaxed);
            }
            let mut subject = Subject::new(store);
            for id in range.filter_map(|number| store.object_at(number)) {
                subject.turn_to(&index, id);
                rules.test_object(&subject, &mut found);
                granted.judge(&realms, &subject, &mut broken);
            }
            (found, broken)
        });
        if is_stopped.into_inner() {
            return None;
        }
        let everywhere = realms.into_keys().map(|application| (application, Again::EVERYTHING)).collect();
        let (mut found, mut broken) = (Vec::new(), Broken::new());
        for (more, others) in parts {
            found.extend(more);
            for (key, ids) in others {
                broken.entry(key).or_default().extend(ids);
            }
        }
        for sharing in Sharing::ALL {
            for key in index.shared_keys(sharing) {
                rules.test_shared(store, &index, sharing, key, &mut found);
            }
        }
        let all = (0..store.object_numbers()).filter_map(|number| store.object_at(number));
        let mut in_loops = loops.find(
            store,
            &index,
            all.filter(|id| matches!(store.kind(*id), Kind::Task | Kind::Role | Kind::Group)),
        );
        in_loops.sort_unstable();
        in_loops.dedup();
        for id in in_loops {
            rules.test_loop(store, &index, &loops, id, &mut found);
        }
        let mut findings = Findings {
            rules,
            index,
            loops,
            granted: Granted::default(),
            schema: store.schema(),
            found: BTreeMap::new(),
            places: HashMap::new(),
            counts: [0; 3],
            by_code: HashMap::new(),
            inside: HashMap::new(),
            root: store.root(),
        };
        let reporting = granted.take_in(&everywhere, broken);
        findings.granted = granted;
        findings.report_rights(store, &reporting, &mut found);
        findings.add(store, found);
        Some(findings)
    }

    /// Looks again where a change can matter. `touched` are the objects that were made, removed or changed since the
    /// last look, all in those that were made or removed, and what they link to, as [`Applied`](crate::store::Applied) lists them.
    pub fn update(&mut self, store: &Store, touched: &[ObjId]) {
        if self.schema != store.schema() {
            *self = Findings::with(store, self.rules.extra);
            return;
        }
        let _ = self.update_within(store, touched, usize::MAX);
    }

    /// The same, if no more than `most` objects have to be looked at. Otherwise false: these findings are of no use any
    /// more, and everything is to be looked at anew.
    #[must_use]
    pub fn update_within(&mut self, store: &Store, touched: &[ObjId], most: usize) -> bool {
        if self.schema != store.schema() || touched.len() > most {
            return false;
        }
        let changed = self.changed(store, touched);
        let again = self.granted.affected(store, &changed);
        let judged =
            again.values().map(|again| again.objects.as_ref().map_or(store.object_numbers(), BTreeSet::len));
        if judged.sum::<usize>() > most {
            return false;
        }
        // Whatever depends on what changed, as it was before and as it is now.
        let mut objects = changed.clone();
        let mut keys = BTreeSet::new();
        let mut looping = changed.clone();
        for &id in &changed {
            keys.extend(self.index.keys(id));
            looping.extend(self.loops.forget(id));
            self.index.refresh(store, id);
            keys.extend(self.index.keys(id));
            objects.extend(store.guid(id).into_iter().flat_map(|guid| store.all_by_guid(guid)));
        }
        let live: Vec<ObjId> = looping.iter().copied().filter(|id| store.is_live(*id)).collect();
        looping.extend(self.loops.find(store, &self.index, live));

        let mut found = Vec::new();
        for &id in &objects {
            self.forget(id, |origin| origin == Origin::Object);
        }
        let mut subject = Subject::new(store);
        for &id in objects.iter().filter(|id| store.is_live(**id)) {
            subject.turn_to(&self.index, id);
            self.rules.test_object(&subject, &mut found);
        }
        for &id in &changed {
            self.forget(id, |origin| matches!(origin, Origin::Shared(_)));
        }
        for (sharing, key) in keys {
            for id in self.index.at_key(store, sharing, key).concat() {
                self.forget(id, |origin| origin == Origin::Shared(sharing));
            }
            self.rules.test_shared(store, &self.index, sharing, key, &mut found);
        }
        for &id in &looping {
            self.forget(id, |origin| matches!(origin, Origin::Loop(_)));
            if store.is_live(id) {
                self.rules.test_loop(store, &self.index, &self.loops, id, &mut found);
            }
        }
        self.update_rights(store, &again, &mut found);
        self.add(store, found);
        true
    }

    /// Looks again at what these objects grant, and at everybody to whom that matters.
    fn update_rights(&mut self, store: &Store, again: &BTreeMap<ObjId, Again>, found: &mut Vec<Finding>) {
        if again.is_empty() {
            return;
        }
        let realms = self.granted.realms(store);
        let mut broken = Broken::new();
        let mut subject = Subject::new(store);
        for (&application, again) in again {
            let mut judge = |id: ObjId| {
                subject.turn_to(&self.index, id);
                self.granted.judge(&realms, &subject, &mut broken);
            };
            match &again.objects {
                Some(ids) => ids.iter().copied().filter(|&id| store.is_live(id)).for_each(judge),
                None if !realms.contains_key(&application) => {}
                None => {
                    judge(application);
                    for child in store.children(application) {
                        judge(child);
                        store.children(child).for_each(&mut judge);
                    }
                }
            }
        }
        drop(realms);
        let reporting = self.granted.take_in(again, broken);
        self.report_rights(store, &reporting, found);
    }

    fn report_rights(&mut self, store: &Store, reporting: &[Reporting], found: &mut Vec<Finding>) {
        for Reporting { rule, forget, .. } in reporting {
            for &id in forget {
                self.forget(id, |origin| origin == Origin::Rights(rule.code));
            }
        }
        let realms = self.granted.realms(store);
        for &Reporting { rule, at, application, ref report, .. } in reporting {
            let (Some(realm), Some(test)) = (realms.get(&application), self.granted.test(at)) else {
                continue;
            };
            let mut to = Report { rule, found };
            match report {
                Some(ids) => ids.iter().for_each(|&id| (test.report)(realm, id, &mut to)),
                None => {
                    if let Some(all) = self.granted.broken(at, application) {
                        to.object(application, (test.many)(realm, all));
                    }
                }
            }
        }
    }

    /// What is not as it was: the touched objects, and what links to those that came, went or became another kind, for
    /// such links lead elsewhere now.
    fn changed(&self, store: &Store, touched: &[ObjId]) -> BTreeSet<ObjId> {
        let mut changed: BTreeSet<ObjId> = touched.iter().copied().collect();
        for &id in touched {
            if self.index.kind(id) != store.is_live(id).then(|| store.kind(id)) {
                changed.extend(store.referrers(id).into_iter().map(|leaf| store.owner(leaf)));
            }
        }
        changed
    }

    fn add(&mut self, store: &Store, found: Vec<Finding>) {
        let mut objects = Vec::new();
        for finding in found {
            let id = finding.object;
            let (place, kind) = *self.places.entry(id).or_insert_with(|| (place(store, id), store.kind(id)));
            self.counts[finding.severity as usize] += 1;
            self.by_code.entry(finding.code).or_insert((0, finding.severity)).0 += 1;
            for tally in tallies(store.root(), place, kind) {
                self.inside.entry(tally).or_default()[finding.severity as usize] += 1;
            }
            objects.push(place);
            self.found.entry(place).or_default().push(finding);
        }
        objects.sort_unstable();
        objects.dedup();
        for place in objects {
            if let Some(findings) = self.found.get_mut(&place) {
                findings.sort_by(|a, b| (a.code, a.leaf, a.offset).cmp(&(b.code, b.leaf, b.offset)));
            }
        }
    }

    fn forget(&mut self, id: ObjId, origin: impl Fn(Origin) -> bool) {
        let Some(&(place, kind)) = self.places.get(&id) else { return };
        let Some(findings) = self.found.get_mut(&place) else { return };
        for gone in findings.extract_if(.., |finding| origin(finding.origin)) {
            self.counts[gone.severity as usize] -= 1;
            if let Some((count, _)) = self.by_code.get_mut(gone.code) {
                *count -= 1;
            }
            for tally in tallies(self.root, place, kind) {
                if let Some(counts) = self.inside.get_mut(&tally) {
                    counts[gone.severity as usize] -= 1;
                }
            }
        }
        if findings.is_empty() {
            self.found.remove(&place);
            self.places.remove(&id);
        }
    }

    /// Every finding in document order, those of one object by code.
    pub fn all(&self) -> impl Iterator<Item = &Finding> {
        self.found.values().flatten()
    }

    /// How many findings come before an object in document order. Counts them.
    pub fn before(&self, store: &Store, id: ObjId) -> usize {
        self.found.range(..place(store, id)).map(|(_, findings)| findings.len()).sum()
    }

    /// How many findings of each severity are about what stands in `level` (the store, an application
    /// or a scope), in whatever depth; with `kind`, only about what of this kind stands directly in it. Counted
    /// as they come and go, so that asking costs nothing.
    pub fn inside(&self, level: ObjId, kind: Option<Kind>) -> [usize; 3] {
        if kind.is_none() && level == self.root {
            return self.counts;
        }
        self.inside.get(&(level, kind)).copied().unwrap_or_default()
    }

    /// The findings about one object, by code.
    pub fn for_object(&self, id: ObjId) -> &[Finding] {
        let findings = self.places.get(&id).and_then(|(place, _)| self.found.get(place));
        findings.map(Vec::as_slice).unwrap_or_default()
    }

    /// How many findings of a rule there are, and how severe they are.
    pub fn count_of(&self, code: &str) -> (usize, Severity) {
        self.by_code.get(code).copied().unwrap_or((0, Severity::Info))
    }

    /// How many findings of this severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.counts[severity as usize]
    }

    /// The rules that were tested: the table's and the further ones.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        RULES.iter().chain(self.rules.extra)
    }
}

/// The tallies that a finding counts in, by where its object stands and the kind it was of when its first finding came:
/// those of the levels around it, and that of its kind in the nearest of these.
fn tallies(root: ObjId, place: Place, kind: Kind) -> impl Iterator<Item = (ObjId, Option<Kind>)> {
    let depth = place.iter().flatten().count();
    let levels = place.into_iter().flatten().take(depth.saturating_sub(1));
    let parent = levels.clone().last().unwrap_or(root);
    levels.map(|level| (level, None)).chain([(parent, Some(kind))])
}

/// Where the object stands in document order.
fn place(store: &Store, id: ObjId) -> Place {
    let mut outwards = [None; 3];
    let mut depth = 0;
    let mut at = Some(id);
    while let Some((here, parent)) = at.and_then(|here| Some((here, store.parent(here)?))) {
        outwards.rotate_right(1);
        outwards[0] = Some(here);
        depth += 1;
        at = Some(parent);
    }
    debug_assert!(depth <= 3, "an application, a scope and what is in it");
    outwards
}
