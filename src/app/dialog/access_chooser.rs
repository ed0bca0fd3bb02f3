//! A list to choose an account, a scope or an operation from, by typing a part of it.

use std::collections::HashSet;

use crate::access::Principal;
use crate::accounts::{Pasted, Sid, read_pasted};
use crate::app::input::{Key, KeyPress};
use crate::app::line::Line;
use crate::store::ObjId;

use super::Outcome;
use super::access::{Place, Request};
use super::list::move_by_key;

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choosing {
    /// An account.
    Who,
    /// A scope, or the application's own level.
    Scope,
    /// An operation.
    Operation,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// A member of the store.
    Member(Principal),
    /// The account that was typed.
    Typed(Sid),
    /// What was pasted.
    Pasted(Pasted),
    /// A scope; `None` is the application's own level.
    Scope(Option<ObjId>),
    /// An operation; `None` is all of them.
    Operation(Option<ObjId>),
}

/// The list.
#[derive(Debug)]
pub struct Chooser {
    /// What is chosen.
    pub choosing: Choosing,
    /// What is typed to find.
    pub filter: Line,
    /// What is found, as far as it is listed.
    pub shown: Vec<Chosen>,
    /// How many members or scopes have been looked at.
    pub looked: usize,
    /// Whether all have been looked at, or enough of them.
    pub is_done: bool,
    /// There is more than is listed.
    pub more: bool,
    /// The accounts whose names, as far as they were told, hold what is typed.
    pub told: HashSet<Sid>,
    /// The selected line.
    pub place: Place,
    /// What was pasted, if that named anybody.
    pub pasted: Option<Pasted>,
}

impl Chooser {
    /// An empty list.
    pub fn new(choosing: Choosing) -> Chooser {
        Chooser {
            choosing,
            filter: Line::default(),
            shown: Vec::new(),
            looked: 0,
            is_done: false,
            more: false,
            told: HashSet::new(),
            place: Place::default(),
            pasted: None,
        }
    }

    /// Acts on a key; `page` is about how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        match press.key {
            Key::Esc if !self.filter.text().is_empty() || self.pasted.is_some() => {
                self.filter = Line::default();
                self.pasted = None;
                return Outcome::Access(Request::Filter);
            }
            Key::Esc => return Outcome::Close,
            Key::Enter if self.shown.is_empty() => return Outcome::Stay,
            Key::Enter => return Outcome::Access(Request::Chosen),
            Key::Up | Key::Down | Key::PageUp | Key::PageDown => {
                move_by_key(&mut self.place.at, self.shown.len(), press, page);
            }
            _ => {
                let before = self.filter.text().to_owned();
                self.filter.press(press);
                if before != self.filter.text() {
                    return Outcome::Access(Request::Filter);
                }
            }
        }
        Outcome::Stay
    }

    /// Pasted text: where it names several SIDs, an account with its groups; else it is typed.
    pub fn paste(&mut self, text: &str) {
        let pasted = read_pasted(text);
        let named = pasted.groups.len().saturating_add(pasted.deny_only.len());
        if self.choosing == Choosing::Who && named > 0 {
            self.filter = Line::default();
            self.pasted = Some(pasted);
        } else {
            self.filter.insert(text.trim());
        }
    }
}
