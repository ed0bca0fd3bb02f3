//! What pasted lines would do at a place, and what has to be decided first.
//!
//! The objects that the lines make go to the place, whatever place the lines say; what the lines say of other objects
//! is left as it is. Objects keep their GUIDs unless the store has them already. A name that is taken, and a link to
//! what the store lacks, are questions; each is asked once, however many places and links it is about. Planning anew
//! with other answers costs what is pasted, so a dialog does it for every key.

use std::collections::HashMap;

use crate::app::bulk::plural;
use crate::app::marked::counted;
use crate::store::{Change, Guid, Kind, ObjId, Store};

use super::names::Given;
use super::planner::Planner;
use super::text::Lines;

/// What is to be done where a name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// The pasted one gets another name; an operation whose number is taken, another number.
    Rename,
    /// It is left out, with all that is in it; links to it lead to the one that is there.
    Skip,
}

/// What is to be done about links to what the store lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Make it too: as it was where the lines come from, where they tell; otherwise empty.
    Create,
    /// Link to this one instead.
    Map(ObjId),
    /// Leave the links out.
    Leave,
}

/// A kind and a name, as the pasted lines have them.
pub type Key = (Kind, String);

/// What the user has decided.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Names that are taken.
    pub clashes: HashMap<Key, Clash>,
    /// Links to what the store lacks.
    pub fills: HashMap<Key, Fill>,
}

/// Something to be decided, with what is chosen now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// A name (or an operation's number) is taken.
    Clash {
        /// Of which pasted object.
        key: Key,
        /// What stands in the way, as a phrase.
        why: String,
        /// In how many of the places.
        places: usize,
        /// What is chosen.
        choice: Clash,
    },
    /// A link's target is not there.
    Missing {
        /// Of what kind and name.
        key: Key,
        /// How many links lead to it.
        links: usize,
        /// What making it would make, as a phrase; `None`: it cannot be made, since nothing tells its number.
        make: Option<String>,
        /// What is chosen.
        choice: Fill,
    },
}

impl Question {
    /// What it is about.
    pub const fn key(&self) -> &Key {
        match self {
            Question::Clash { key, .. } | Question::Missing { key, .. } => key,
        }
    }
}

/// A line of the preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLine {
    /// `+` for what is made, `~` for what is changed.
    pub sign: char,
    /// The kind of object; empty for a change that is shown as it is written.
    pub what: String,
    /// Its name, or the change.
    pub text: String,
    /// Where it goes and what it holds.
    pub place: String,
}

/// What would be done.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The changes, to be made as one step.
    pub changes: Vec<Change>,
    /// What they do, for people.
    pub lines: Vec<PlanLine>,
    /// What has to be decided, with what is chosen now.
    pub questions: Vec<Question>,
    /// What is made at the places themselves: `2 role assignments`.
    pub made: String,
    /// The GUID of the first of these.
    pub first: Option<Guid>,
}

/// Plans to paste lines into these levels (the store, applications, scopes).
///
/// # Errors
/// A sentence that says why they cannot be pasted there.
pub fn plan(
    store: &Store,
    lines: &Lines,
    levels: &[ObjId],
    choices: &Choices,
    new_guid: fn() -> Guid,
) -> Result<Plan, String> {
    let mut whole = Plan::default();
    let mut given = Given::new(store, new_guid);
    let mut tops: Vec<Kind> = Vec::new();
    for (number, &level) in levels.iter().enumerate() {
        let mut one = Planner::new(store, lines, level, choices, &mut given);
        one.read()?;
        one.link()?;
        one.write(&mut whole, number == 0)?;
        tops.extend(one.tops().map(|(kind, _)| kind));
        whole.first = whole.first.or(one.tops().next().map(|(_, guid)| guid));
        for question in one.questions {
            merge(&mut whole.questions, question);
        }
    }
    let of = |kind: Kind| tops.iter().filter(|&&top| top == kind).count();
    let kinds = Kind::ALL.into_iter().map(|kind| (kind, of(kind))).filter(|(_, count)| *count > 0);
    whole.made = kinds.map(|(kind, count)| counted(count, kind)).collect::<Vec<_>>().join(", ");
    if whole.made.is_empty() {
        whole.made = plural(whole.changes.len(), "change");
    }
    Ok(whole)
}

/// The same question at another place is one question.
pub(super) fn merge(questions: &mut Vec<Question>, question: Question) {
    let same = |known: &&mut Question| {
        known.key() == question.key() && std::mem::discriminant(*known) == std::mem::discriminant(&question)
    };
    match (questions.iter_mut().find(same), &question) {
        (Some(Question::Clash { places, .. }), Question::Clash { .. }) => *places = places.saturating_add(1),
        (Some(Question::Missing { links, .. }), Question::Missing { links: more, .. }) => {
            *links = links.saturating_add(*more);
        }
        _ => questions.push(question),
    }
}
