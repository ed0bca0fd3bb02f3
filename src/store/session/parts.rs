//! Some of the unsaved differences without the others.
//!
//! A part of what is unsaved is made from the saved state: all steps since are undone and the chosen differences are
//! made again in the words of the change language, which says by itself what depends on what. That is one step of the
//! history like any other, and taking it back gives everything again.

use std::collections::{BTreeSet, HashSet};

use super::super::diff::{Difference, What, Who, compare};
use super::super::edit::Edit;
use super::super::perform::Work;
use super::super::script::join;
use super::super::trial::{self, Outcome, Wish};
use super::super::{Change, LeafKind, ObjId};
use super::{Applied, Session, Transaction};

/// The unsaved differences, to be chosen from by their numbers.
pub struct Parts {
    wishes: Vec<Wish>,
    /// What each is.
    pub all: Vec<Part>,
}

/// An unsaved difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What differs.
    pub difference: Difference,
    /// Why it cannot be made apart from all the others.
    pub bound: Option<String>,
}

impl Parts {
    fn chosen(&self, chosen: &[bool]) -> Vec<Wish> {
        let wishes = self.wishes.iter().zip(chosen);
        wishes.filter(|(_, chosen)| **chosen).map(|(wish, _)| wish.clone()).collect()
    }

    /// Those that are chosen without another that they make one thing with: a rule, its language and the type of group
    /// that asks for it.
    fn torn(&self, chosen: &[bool]) -> Vec<(usize, &'static str)> {
        let is_about_rule = |number: &usize| match &self.wishes[*number].difference.what {
            What::Attribute { name, .. } => name == "GroupType",
            What::Text { kind, .. } => matches!(kind, LeafKind::BizRule | LeafKind::BizRuleLanguage),
            _ => false,
        };
        let about: Vec<usize> = (0..chosen.len()).filter(is_about_rule).collect();
        let torn = about.iter().copied().filter(|&number| {
            let of_same = |other: &usize| self.wishes[*other].who == self.wishes[number].who;
            chosen[number] && about.iter().any(|other| of_same(other) && !chosen[*other])
        });
        let mut all: Vec<_> =
            torn.map(|number| (number, "the rule, its language and the type of group")).collect();
        // A change that removes a link removes all that lead there from one object.
        let link = |number: usize| match &self.wishes[number].difference.what {
            What::Unlinked { kind, text, .. } => Some((&self.wishes[number].who, *kind, text.as_str())),
            _ => None,
        };
        let kept: HashSet<_> = (0..chosen.len()).filter(|&number| !chosen[number]).filter_map(link).collect();
        let twice = (0..chosen.len())
            .filter(|&number| chosen[number] && link(number).is_some_and(|link| kept.contains(&link)));
        all.extend(twice.map(|number| (number, "the same link, which is there twice")));
        all
    }
}

/// Why a new object cannot be made by changes: it holds what no change can say.
fn unsayable(wish: &Wish) -> Option<String> {
    let is_odd =
        wish.difference.what == What::Added && wish.new.as_ref().is_some_and(|new| !new.unknown.is_empty());
    is_odd.then(|| {
        "It holds what Authorization Manager's format does not name, and no change makes that.".to_owned()
    })
}

impl Session {
    /// The unsaved differences, as in [`Session::unsaved`]. `None`: the saved state was undone and then left for good,
    /// so that nothing can be made from it. Costs what was changed.
    pub fn parts(&mut self) -> Option<Parts> {
        let (saved_at, ids) = self.since_saved()?;
        let mut wishes = Vec::new();
        for (then, now) in self.since(saved_at, &ids) {
            trial::wish(then.as_ref(), now, &mut wishes);
        }
        // What a new object has of itself comes with it.
        wishes.retain(|wish| !wish.is_of_new());
        let mut bound: Vec<Option<String>> = wishes.iter().map(unsayable).collect();
        for (number, outcome) in self.try_on_saved(saved_at, &wishes) {
            if let Outcome::Refused(why) = outcome {
                bound[number] = Some(why);
            }
        }
        let parts = wishes.iter().zip(bound);
        let all = parts.map(|(wish, bound)| Part { difference: wish.difference.clone(), bound }).collect();
        Some(Parts { wishes, all })
    }

    fn try_on_saved(&mut self, saved_at: usize, wishes: &[Wish]) -> Vec<(usize, Outcome)> {
        let here = self.position;
        self.step_to(saved_at);
        let outcomes = self.try_here(wishes);
        self.step_to(here);
        outcomes
    }

    fn try_here(&mut self, wishes: &[Wish]) -> Vec<(usize, Outcome)> {
        let mut work = Work::default();
        let store = self.store_mut();
        let outcomes = trial::make(store, &mut work, wishes);
        for edit in work.undo.into_iter().rev() {
            store.edit(edit);
        }
        outcomes
    }

    /// Leaves out of the chosen parts those that cannot be made without one that is not chosen, and gives each with
    /// the reason.
    pub fn settle(&mut self, parts: &Parts, chosen: &mut [bool]) -> Vec<(usize, String)> {
        let Some((saved_at, _)) = self.since_saved() else { return Vec::new() };
        if chosen.iter().all(|&chosen| chosen) {
            return Vec::new();
        }
        let mut left_out = Vec::new();
        loop {
            for (number, with) in parts.torn(chosen) {
                chosen[number] = false;
                left_out.push((number, format!("It goes with {with}.")));
            }
            for (number, is_chosen) in chosen.iter_mut().enumerate().filter(|(_, is_chosen)| **is_chosen) {
                if let Some(why) = unsayable(&parts.wishes[number]) {
                    *is_chosen = false;
                    left_out.push((number, why));
                }
            }
            let numbers: Vec<usize> = (0..chosen.len()).filter(|&number| chosen[number]).collect();
            let wishes: Vec<Wish> = numbers.iter().map(|&number| parts.wishes[number].clone()).collect();
            let mut again = false;
            for (at, outcome) in self.try_on_saved(saved_at, &wishes) {
                if let Outcome::Refused(why) = outcome {
                    chosen[numbers[at]] = false;
                    left_out.push((numbers[at], why));
                    again = true;
                }
            }
            if !again {
                return left_out;
            }
        }
    }

    /// Leaves only the chosen parts of what is unsaved, as one step. What is chosen must be settled. Gives how much of
    /// the step no change can say.
    pub fn leave_only(&mut self, parts: &Parts, chosen: &[bool], label: &str) -> (Applied, usize) {
        let edits = self.reduce(parts, chosen, &[]);
        self.push(label, edits, true)
    }

    /// The same, and makes these changes too, as far as they can be made: [`Session::bring_back`] takes them away with
    /// the rest.
    pub fn leave_only_with(
        &mut self,
        parts: &Parts,
        chosen: &[bool],
        also: &[Change],
        label: &str,
    ) -> (Applied, usize) {
        let edits = self.reduce(parts, chosen, also);
        self.push(label, edits, true)
    }

    /// Makes the chosen parts from the saved state, and then these changes. Gives the edits that take that back, in the
    /// order in which to apply them.
    fn reduce(&mut self, parts: &Parts, chosen: &[bool], also: &[Change]) -> Vec<Edit> {
        let Some((saved_at, _)) = self.since_saved() else { return Vec::new() };
        let here = self.position;
        let between: Vec<usize> =
            if saved_at <= here { (saved_at..here).rev().collect() } else { (here..saved_at).collect() };
        let mut work = Work::default();
        for at in between {
            let edits: Vec<Edit> = self.transactions[at].edits.clone();
            for edit in edits {
                self.store_mut().make(&mut work, edit);
            }
        }
        let wishes = parts.chosen(chosen);
        trial::make(self.store_mut(), &mut work, &wishes);
        self.make_exact(&mut work, &wishes);
        let store = self.store_mut();
        for change in also {
            let from = work.undo.len();
            if store.perform(&mut work, change).is_err() {
                work.undo.split_off(from).into_iter().rev().for_each(|edit| _ = store.edit(edit));
            }
        }
        work.undo.reverse();
        work.undo
    }

    /// Gives what was made anew the very attributes that it has: no change says that one is absent and not empty.
    fn make_exact(&mut self, work: &mut Work, wishes: &[Wish]) {
        for wish in wishes.iter().filter(|wish| wish.difference.what == What::Added) {
            let (Who::Guid(guid), Some(new)) = (&wish.who, &wish.new) else { continue };
            let Some(id) = self.store.by_guid(*guid) else { continue };
            let made = self.store.attributes(id);
            let gone = made.iter().filter(|(name, _)| new.attribute(name).is_none());
            let gone = gone.map(|(name, _)| (name.clone(), None));
            let came = new.attributes.iter().filter(|attribute| !made.contains(attribute));
            let came = came.map(|(name, value)| (name.clone(), Some(value.clone())));
            for (name, value) in gone.chain(came).collect::<Vec<_>>() {
                self.store_mut().make(work, Edit::Attribute { id, name: name.into(), value });
            }
        }
    }

    /// Looks at the session as it would be with only the chosen parts. It is as before afterwards.
    pub fn with_only<T>(
        &mut self,
        parts: &Parts,
        chosen: &[bool],
        look: impl FnOnce(&mut Session) -> T,
    ) -> T {
        if chosen.iter().all(|&chosen| chosen) {
            return look(self);
        }
        let last_revision = self.last_revision;
        let edits = self.reduce(parts, chosen, &[]);
        self.push("", edits, false);
        let seen = look(self);
        self.undo();
        self.forget_undone();
        self.last_revision = last_revision;
        seen
    }

    /// After undoing the step that [`Session::leave_only`] made: as if it had never been.
    pub fn forget_undone(&mut self) {
        self.transactions.truncate(self.position);
        self.transactions.append(&mut self.undone);
    }

    /// Makes again, as a step of its own, what [`Session::leave_only`] took away in the last step. Gives how much of it
    /// no change can say.
    pub fn bring_back(&mut self, label: &str) -> Option<(Applied, usize)> {
        let edits = self.transactions.get(self.position.checked_sub(1)?)?.edits.clone();
        let store = self.store_mut();
        let mut undo: Vec<Edit> = edits.into_iter().map(|edit| store.edit(edit)).collect();
        undo.reverse();
        let pushed = self.push(label, undo, true);
        self.undone.clear();
        Some(pushed)
    }

    /// Undoes the last step and says that in changes, with how much of it they cannot say.
    pub fn undo_in_words(&mut self) -> Option<(Applied, Vec<Change>, usize)> {
        let at = self.position.checked_sub(1)?;
        let ids = self.edited(at);
        let applied = self.undo()?;
        let (changes, unsaid) = self.words(at + 1, &ids);
        Some((applied, changes, unsaid))
    }

    /// The changes that lead from a position of the history to the present one, as far as these objects go, and how
    /// much they cannot say.
    fn words(&mut self, from: usize, ids: &BTreeSet<ObjId>) -> (Vec<Change>, usize) {
        let mut wishes = Vec::new();
        for (then, now) in self.since(from, ids) {
            trial::wish(then.as_ref(), now, &mut wishes);
        }
        let here = self.position;
        self.step_to(from);
        let outcomes = self.try_here(&wishes);
        self.step_to(here);
        let (mut changes, mut unsaid) = (Vec::new(), 0);
        for (_, outcome) in outcomes {
            match outcome {
                Outcome::Made(made) => made.iter().for_each(|change| join(&mut changes, change)),
                Outcome::Refused(_) => unsaid += 1,
            }
        }
        (changes, unsaid)
    }

    /// Takes in a step that was carried out, with the edits that take it back in the order in which to apply them; in
    /// words, if it is to be kept. Gives how much of it those cannot say.
    fn push(&mut self, label: &str, edits: Vec<Edit>, is_kept: bool) -> (Applied, usize) {
        self.undone = self.transactions.split_off(self.position);
        self.last_revision += 1;
        self.transactions.push(Transaction {
            label: label.to_owned(),
            changes: Vec::new(),
            revision: self.last_revision,
            edits,
            about: None,
        });
        let at = self.position;
        self.position += 1;
        let ids = self.edited(at);
        let mut about = BTreeSet::new();
        for (then, now) in self.since(at, &ids) {
            let mut differences = Vec::new();
            compare(then.as_ref(), now.as_ref(), &mut differences);
            if !differences.is_empty() {
                about.extend([then, now].into_iter().flatten().map(|snapshot| snapshot.id));
            }
        }
        let (changes, unsaid) = if is_kept { self.words(at, &about) } else { (Vec::new(), 0) };
        self.transactions[at].changes = changes;
        self.transactions[at].about = Some(about);
        let touched = self.touched(at);
        let label = label.to_owned();
        (Applied { label, changed: true, select: None, touched, notes: Vec::new() }, unsaid)
    }
}
