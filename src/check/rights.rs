//! Findings of [`Test::Rights`](super::Test::Rights): what breaks such a rule, kept per application, and where to look
//! again.

use std::collections::{BTreeMap, BTreeSet};

use super::realm::{Estate, Realm, Renewed};
use super::rule::{RightsTest, Rule};
use super::subject::Subject;
use crate::store::{Kind, ObjId, Store};

/// More findings of one rule in one application than anybody reads are one finding about the application.
pub const FEW: usize = 1000;

/// The rules of rights and what breaks them.
#[derive(Default)]
pub(super) struct Granted {
    rules: Vec<(&'static Rule, RightsTest)>,
    applications: BTreeMap<ObjId, Known>,
    /// What breaks a rule, by its place in `rules` and by application.
    broken: BTreeMap<(usize, ObjId), BTreeSet<ObjId>>,
}

/// What is kept of an application.
struct Known {
    name: String,
    /// Which rules are about it, by their place in `rules`.
    rules: Vec<usize>,
    /// Only where a rule is about it.
    estate: Option<Estate>,
}

/// What breaks a rule, by the rule's place and by application, as it was judged.
pub(super) type Broken = BTreeMap<(usize, ObjId), Vec<ObjId>>;

/// What is to be judged again in an application.
#[derive(Clone, Debug)]
pub(super) struct Again {
    /// These objects; `None`: all.
    pub(super) objects: Option<BTreeSet<ObjId>>,
    /// What is said of all others that break a rule is to be said anew too: names in it are others.
    says_otherwise: bool,
}

impl Again {
    pub(super) const EVERYTHING: Again = Again { objects: None, says_otherwise: true };
    const NOTHING: Again = Again { objects: Some(BTreeSet::new()), says_otherwise: false };
}

impl Granted {
    pub(super) fn new(store: &Store, rules: Vec<(&'static Rule, RightsTest)>) -> Granted {
        let mut granted = Granted { rules, ..Granted::default() };
        if !granted.rules.is_empty() {
            for application in store.children_of(store.root(), Kind::Application) {
                let known = granted.look_at(store, application);
                granted.applications.insert(application, known);
            }
        }
        granted
    }

    fn look_at(&self, store: &Store, application: ObjId) -> Known {
        let rules = self.rules_about(store, application);
        let estate = (!rules.is_empty()).then(|| Estate::of(store, application));
        Known { name: store.name(application).into_owned(), rules, estate }
    }

    fn rules_about(&self, store: &Store, application: ObjId) -> Vec<usize> {
        let about = self.rules.iter().enumerate().filter(|(_, (_, test))| (test.about)(store, application));
        about.map(|(at, _)| at).collect()
    }

    /// The applications that a rule is about, ready for tests.
    pub(super) fn realms<'a>(&'a self, store: &'a Store) -> BTreeMap<ObjId, Realm<'a>> {
        let realm =
            |(&id, known): (&ObjId, &'a Known)| Some((id, Realm::new(store, id, known.estate.as_ref()?)));
        self.applications.iter().filter_map(realm).collect()
    }

    /// Adds the rules that one object breaks.
    pub(super) fn judge(
        &self,
        realms: &BTreeMap<ObjId, Realm<'_>>,
        subject: &Subject<'_>,
        broken: &mut Broken,
    ) {
        let Some(application) = home(subject.store, subject.id) else { return };
        let Some((realm, known)) = realms.get(&application).zip(self.applications.get(&application)) else {
            return;
        };
        for &at in &known.rules {
            if let Some((_, test)) = self.rules.get(at)
                && test.kinds.contains(subject.kind)
                && (test.breaks)(realm, subject)
            {
                broken.entry((at, application)).or_default().push(subject.id);
            }
        }
    }

    /// Takes in what was judged, and gives for each rule and application what is to be reported anew: everything that
    /// breaks it now where `None`, or only these. Costs what was judged, not what breaks a rule.
    pub(super) fn take_in(&mut self, judged: &BTreeMap<ObjId, Again>, mut broken: Broken) -> Vec<Reporting> {
        let mut reporting = Vec::new();
        for (&application, again) in judged {
            for (at, (rule, _)) in self.rules.iter().enumerate() {
                let key = (at, application);
                let found: BTreeSet<ObjId> = broken.remove(&key).unwrap_or_default().into_iter().collect();
                let mut all = self.broken.remove(&key).unwrap_or_default();
                if all.is_empty() && found.is_empty() {
                    continue;
                }
                let was_many = all.len() > FEW;
                let before = if was_many { BTreeSet::new() } else { all.clone() };
                let stale = match &again.objects {
                    Some(ids) => ids.iter().copied().filter(|id| all.remove(id)).collect(),
                    None => std::mem::take(&mut all),
                };
                // Those that are left were not judged, so they are others than those found.
                let is_many = all.len() + found.len() > FEW;
                let forget = match (was_many, is_many || again.says_otherwise) {
                    (true, _) => BTreeSet::from([application]),
                    (false, true) => before,
                    (false, false) => stale,
                };
                let report = match (is_many, was_many || again.says_otherwise) {
                    (true, _) => None,
                    (false, true) => Some(&all | &found),
                    (false, false) => Some(found.clone()),
                };
                if all.is_empty() {
                    all = found;
                } else {
                    all.extend(found);
                }
                reporting.push(Reporting { rule, at, application, forget, report });
                if !all.is_empty() {
                    self.broken.insert(key, all);
                }
            }
        }
        reporting
    }

    pub(super) fn broken(&self, at: usize, application: ObjId) -> Option<&BTreeSet<ObjId>> {
        self.broken.get(&(at, application))
    }

    pub(super) fn test(&self, at: usize) -> Option<&RightsTest> {
        self.rules.get(at).map(|(_, test)| test)
    }

    /// Where a change of these objects can matter. What is kept of the applications is as they are now.
    pub(super) fn affected(&mut self, store: &Store, changed: &BTreeSet<ObjId>) -> BTreeMap<ObjId, Again> {
        let mut again = BTreeMap::new();
        if self.rules.is_empty() {
            return again;
        }
        self.look_at_applications(store, changed, &mut again);
        self.look_at_own_levels(store, changed, &mut again);
        for &id in changed {
            let level = store.level(id);
            match store.kind(id) {
                Kind::Group => each_in_reach(store, id, &mut again),
                Kind::Scope => self.add_level(store, id, &mut again),
                Kind::Task | Kind::Role if store.kind(level) == Kind::Scope => {
                    self.add_level(store, level, &mut again);
                }
                _ => {}
            }
            add(store, id, &mut again);
        }
        again.retain(|application, _| {
            self.applications.contains_key(application) || was_known(self, *application)
        });
        again
    }

    /// An application that came, went or got another name changes what the rules are about, also for others.
    fn look_at_applications(
        &mut self,
        store: &Store,
        changed: &BTreeSet<ObjId>,
        again: &mut BTreeMap<ObjId, Again>,
    ) {
        let is_other = |id: &ObjId| {
            let known = self.applications.get(id).map(|known| known.name.as_str());
            store.kind(*id) == Kind::Application
                && known != store.is_live(*id).then(|| store.name(*id)).as_deref()
        };
        if !changed.iter().any(is_other) {
            return;
        }
        let gone: Vec<ObjId> = self.applications.keys().copied().filter(|&id| !store.is_live(id)).collect();
        for id in gone {
            self.applications.remove(&id);
            again.insert(id, Again::EVERYTHING);
        }
        let all: Vec<ObjId> = store.children_of(store.root(), Kind::Application).collect();
        for id in all {
            let is_as_before = self.applications.get(&id).is_some_and(|before| {
                before.name == *store.name(id) && before.rules == self.rules_about(store, id)
            });
            if !is_as_before {
                let known = self.look_at(store, id);
                self.applications.insert(id, known);
                again.insert(id, Again::EVERYTHING);
            }
        }
    }

    fn look_at_own_levels(
        &mut self,
        store: &Store,
        changed: &BTreeSet<ObjId>,
        again: &mut BTreeMap<ObjId, Again>,
    ) {
        let mut levels = BTreeSet::new();
        for &id in changed {
            let level = store.level(id);
            match store.kind(id) {
                Kind::Operation | Kind::Task | Kind::Role | Kind::Assignment | Kind::Group => {
                    levels.insert(level);
                }
                _ => {}
            }
        }
        let is_global = levels.contains(&store.root());
        for (&id, known) in &mut self.applications {
            if (is_global || levels.contains(&id))
                && let Some(estate) = &mut known.estate
            {
                match estate.renewed(store, id) {
                    Renewed::Same => {}
                    Renewed::Names(renewed) => {
                        *estate = renewed;
                        again.entry(id).or_insert(Again::NOTHING).says_otherwise = true;
                    }
                    Renewed::Rights(renewed) => {
                        *estate = renewed;
                        again.insert(id, Again::EVERYTHING);
                    }
                }
            }
        }
    }

    fn add_level(&self, store: &Store, level: ObjId, again: &mut BTreeMap<ObjId, Again>) {
        if store.parent(level).is_some_and(|application| self.applications.contains_key(&application)) {
            for child in store.children(level) {
                add(store, child, again);
            }
        }
    }
}

/// Whether something of the application is still reported.
fn was_known(granted: &Granted, application: ObjId) -> bool {
    granted.broken.keys().any(|(_, known)| *known == application)
}

/// What is to be reported anew of one rule in one application.
pub(super) struct Reporting {
    pub rule: &'static Rule,
    pub at: usize,
    pub application: ObjId,
    /// The objects whose findings of this rule are out of date.
    pub forget: BTreeSet<ObjId>,
    /// The objects to report; `None`: all of them as one.
    pub report: Option<BTreeSet<ObjId>>,
}

/// The application that an object is in or is.
fn home(store: &Store, id: ObjId) -> Option<ObjId> {
    match store.kind(id) {
        Kind::Application => Some(id),
        _ => store.application(id),
    }
}

fn add(store: &Store, id: ObjId, again: &mut BTreeMap<ObjId, Again>) {
    let Some(application) = home(store, id) else { return };
    if let Some(ids) = &mut again.entry(application).or_insert(Again::NOTHING).objects {
        ids.insert(id);
    }
}

/// Adds every assignment that a group is in, directly or by other groups.
fn each_in_reach(store: &Store, group: ObjId, again: &mut BTreeMap<ObjId, Again>) {
    let mut seen = BTreeSet::from([group]);
    let mut todo = vec![group];
    while let Some(at) = todo.pop() {
        for owner in store.referrers(at).into_iter().map(|leaf| store.owner(leaf)) {
            match store.kind(owner) {
                Kind::Group if seen.insert(owner) => todo.push(owner),
                Kind::Assignment => add(store, owner, again),
                _ => {}
            }
        }
    }
}
