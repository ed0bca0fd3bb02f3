//! Pasting lines: what they would do, and what has to be decided first.

use std::mem;

use crate::app::input::{Key, KeyPress};
use crate::app::layout::scroll_to;
use crate::app::paste::{self, Choices, Clash, Fill, Lines, Plan, PlanLine, Question};
use crate::store::{Guid, ObjId, Store};

use super::Outcome;

/// What pasting would do.
#[derive(Debug)]
pub struct PasteDialog {
    /// Verb, object and place.
    pub title: String,
    /// What the step of undo is called, before what is made: `paste`, `copy`.
    pub verb: &'static str,
    /// What is pasted.
    pub lines: Lines,
    /// Where: the store, applications, scopes.
    pub levels: Vec<ObjId>,
    /// The levels in words: `scope "S"`, `40 places`.
    pub place: String,
    /// What was decided.
    pub choices: Choices,
    /// What it comes to.
    pub plan: Plan,
    /// The question with the cursor.
    pub selected: usize,
    /// First visible line.
    pub top: usize,
    /// Why it could not be carried out.
    pub error: Option<String>,
}

/// A line of the dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasteRow<'p> {
    /// Nothing.
    Blank,
    /// The name of a section.
    Heading(&'static str),
    /// Something to decide: its number.
    Question(usize),
    /// What is done.
    Line(&'p PlanLine),
}

impl PasteDialog {
    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.before_lines().saturating_add(self.plan.lines.len())
    }

    /// Whether there are none; there always is a heading.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Lines that stand before what is done: its heading, and where there are questions, these with a heading and a
    /// blank.
    fn before_lines(&self) -> usize {
        match self.plan.questions.len() {
            0 => 1,
            count => count.saturating_add(3),
        }
    }

    /// A line by its number.
    pub fn row(&self, index: usize) -> PasteRow<'_> {
        let questions = self.plan.questions.len();
        if questions > 0 {
            match index {
                0 => return PasteRow::Heading("To decide"),
                _ if index <= questions => return PasteRow::Question(index.saturating_sub(1)),
                _ if index == questions.saturating_add(1) => return PasteRow::Blank,
                _ => {}
            }
        }
        match index.checked_sub(self.before_lines()).and_then(|at| self.plan.lines.get(at)) {
            Some(line) => PasteRow::Line(line),
            None => PasteRow::Heading("What it does"),
        }
    }

    /// Keeps the question with the cursor visible, and the last line at the bottom.
    pub fn settle(&mut self, height: usize) {
        self.selected = self.selected.min(self.plan.questions.len().saturating_sub(1));
        self.top = self.top.min(self.len().saturating_sub(height));
    }

    /// The question with the cursor.
    pub fn question(&self) -> Option<&Question> {
        self.plan.questions.get(self.selected)
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(
        &mut self,
        press: KeyPress,
        page: usize,
        store: Option<&Store>,
        new_guid: fn() -> Guid,
    ) -> Outcome {
        let last = self.plan.questions.len().saturating_sub(1);
        match press.key {
            Key::Esc => return Outcome::Close,
            Key::Enter => return Outcome::Submit,
            Key::Down if self.selected < last => self.select(self.selected.saturating_add(1), page),
            Key::Up if self.selected > 0 && self.top <= self.selected => {
                self.select(self.selected.saturating_sub(1), page);
            }
            Key::Down => self.top = self.top.saturating_add(1),
            Key::Up => self.top = self.top.saturating_sub(1),
            Key::PageDown => self.top = self.top.saturating_add(page),
            Key::PageUp => self.top = self.top.saturating_sub(page),
            Key::Left | Key::Right | Key::Char(' ') => {
                self.next_choice();
                if let Some(store) = store {
                    self.replan(store, new_guid);
                }
            }
            Key::Char('m') if matches!(self.question(), Some(Question::Missing { .. })) => {
                return Outcome::Map(self.selected);
            }
            _ => {}
        }
        Outcome::Stay
    }

    fn select(&mut self, question: usize, page: usize) {
        self.selected = question;
        // The heading comes along with the first.
        let line = if question == 0 { 0 } else { question.saturating_add(1) };
        self.top = scroll_to(self.top, line, page);
    }

    fn next_choice(&mut self) {
        let Some(question) = self.plan.questions.get(self.selected) else { return };
        match question {
            Question::Clash { key, choice, .. } => {
                let next = match choice {
                    Clash::Rename => Clash::Skip,
                    Clash::Skip => Clash::Rename,
                };
                self.choices.clashes.insert(key.clone(), next);
            }
            Question::Missing { key, make, choice, .. } => {
                let next = match choice {
                    Fill::Leave if make.is_some() => Fill::Create,
                    _ => Fill::Leave,
                };
                self.choices.fills.insert(key.clone(), next);
            }
        }
    }

    /// Links what the question asks about to this object.
    pub fn map(&mut self, question: usize, target: ObjId, store: &Store, new_guid: fn() -> Guid) {
        if let Some(question) = self.plan.questions.get(question) {
            self.choices.fills.insert(question.key().clone(), Fill::Map(target));
            self.replan(store, new_guid);
        }
    }

    fn replan(&mut self, store: &Store, new_guid: fn() -> Guid) {
        match paste::plan(store, &self.lines, &self.levels, &self.choices, new_guid) {
            Ok(plan) => {
                let before = mem::replace(&mut self.plan, plan);
                // Questions come and go with the answers to others.
                let stood = before.questions.get(self.selected).map(Question::key);
                let found = self.plan.questions.iter().position(|question| Some(question.key()) == stood);
                self.selected = found.unwrap_or(0);
                self.error = None;
            }
            Err(why) => self.error = Some(why),
        }
    }
}
