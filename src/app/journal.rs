//! What the recovery journal is told, so that replaying it over the file gives the store as it is.
//!
//! The journal begins at the last save. A step and its undoing are one line each. But undo goes past the save, where
//! the journal has nothing to undo; then the way back is written as changes of its own, and the journal's reach
//! begins anew there. What these changes cannot say: that a text was absent and not empty; what AzMan's format does not
//! name, and names that AzMan does not allow, where undo brings them back after a save has dropped them. A replay names
//! the steps that it had to leave out. Where a step moves virtual machines, its line says so beside the changes; what a
//! save leaves to be moved is the first line of the next journal.

use crate::store::{Change, Property};

use super::doc::Doc;
use super::effect::{Effect, JournalStep};
use super::machines::Wish;

/// Which part of the history the journal can undo and redo by a word: positions from `start` to `top`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach {
    start: usize,
    top: usize,
}

impl Reach {
    /// A journal that begins at this position of the history.
    pub const fn at(position: usize) -> Reach {
        Reach { start: position, top: position }
    }
}

impl Doc {
    /// Journals a step that was just applied.
    pub fn journal_apply(&mut self, label: &str, changes: &[Change], effects: &mut Vec<Effect>) {
        self.reach.top = self.session.position();
        self.push_apply(label.to_owned(), changes, (self.session.revision(), 1), effects);
    }

    /// Undoes a step and journals that. `Err`: it was undone, but the journal does not hold all of that, and why.
    pub fn undo_journaled(
        &mut self,
        effects: &mut Vec<Effect>,
    ) -> Option<(crate::store::Applied, Result<(), String>)> {
        if self.why_kept().is_some() {
            return None;
        }
        let step = self.session.position().checked_sub(1)?;
        if step >= self.reach.start {
            let applied = self.session.undo()?;
            self.push(JournalStep::Undo, effects);
            return Some((applied, Ok(())));
        }
        let revision = self.session.revision();
        let (applied, changes, unsaid) = self.session.undo_in_words()?;
        self.reach = Reach::at(self.session.position());
        self.push_apply(format!("undo: {}", applied.label), &changes, (revision, -1), effects);
        let outcome = match unsaid {
            0 => Ok(()),
            _ => Err("no change says all of it".to_owned()),
        };
        Some((applied, outcome))
    }

    /// Why the last step is not undone, if so. What the file says of its schema has been relied on since it was saved, and
    /// neither AzMan nor the change language has a way back.
    pub fn why_kept(&self) -> Option<&'static str> {
        let step = self.session.transactions().get(self.session.position().checked_sub(1)?)?;
        let is_saved = self.saved_steps.iter().any(|(revision, _)| *revision == step.revision);
        let raises = |change: &Change| matches!(change, Change::Set(_, Property::Schema, _));
        (is_saved && step.changes.iter().any(raises))
            .then_some("A saved schema is not undone; azedit restore goes back.")
    }

    /// Journals the last step, which was not made by changes but can be said by them.
    pub fn journal_last(&mut self, effects: &mut Vec<Effect>) {
        let step = self.session.position().checked_sub(1).and_then(|at| self.session.transactions().get(at));
        let Some((label, changes)) = step.map(|step| (step.label.clone(), step.changes.clone())) else {
            return;
        };
        self.journal_apply(&label, &changes, effects);
    }

    /// Does a step again and journals that.
    pub fn redo_journaled(&mut self, effects: &mut Vec<Effect>) -> Option<crate::store::Applied> {
        let applied = self.session.redo()?;
        let position = self.session.position();
        if position <= self.reach.top {
            self.push(JournalStep::Redo, effects);
        } else {
            self.reach.top = position;
            let step = self.session.transactions().get(position.saturating_sub(1));
            let changes = step.map(|step| step.changes.clone()).unwrap_or_default();
            self.push_apply(applied.label.clone(), &changes, (self.session.revision(), 1), effects);
        }
        Some(applied)
    }

    /// Ends the journal because the user leaves this store: nothing in it is unsaved, or he gave that up.
    pub fn journal_end(&self, effects: &mut Vec<Effect>) {
        let may_be_lost = self.unconfirmed && !self.session.is_dirty();
        if self.has_journal() && self.recovery.is_none() && !may_be_lost {
            effects.push(Effect::Journal(self.id, JournalStep::Clear));
        }
    }

    /// Everything is saved: the journal is empty and begins here.
    pub fn journal_saved(&mut self, effects: &mut Vec<Effect>) {
        self.journal_stopped = false;
        self.reach = Reach::at(self.session.position());
        effects.push(Effect::Journal(self.id, JournalStep::Clear));
        let wishes = self.machines.pending_wishes(self.store());
        if !wishes.is_empty() {
            self.push_lines("virtual machines to be moved".to_owned(), &[], &wishes, effects);
        }
    }

    /// The machines are those of the step of this revision, which is made (`1`) or taken back.
    fn push_apply(
        &mut self,
        label: String,
        changes: &[Change],
        (revision, by): (u64, i32),
        effects: &mut Vec<Effect>,
    ) {
        let machines = self.machines.wishes(self.store(), revision, by);
        self.push_lines(label, changes, &machines, effects);
    }

    fn push_lines(&mut self, label: String, changes: &[Change], wishes: &[Wish], effects: &mut Vec<Effect>) {
        let mut lines: Vec<String> = changes.iter().map(ToString::to_string).collect();
        lines.extend(wishes.iter().map(ToString::to_string));
        self.push(JournalStep::Apply { label, lines }, effects);
    }

    fn push(&mut self, step: JournalStep, effects: &mut Vec<Effect>) {
        if self.has_journal() {
            effects.push(Effect::Journal(self.id, step));
        }
    }
}
