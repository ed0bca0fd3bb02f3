//! The access view: who may do what, as the store is now.
//!
//! Full-screen. It has four faces: what one account may do in one place, who may do one operation, the matrix of
//! definitions and operations, and the matrix of members and scopes. What is shown is computed by
//! [`access_view`](crate::app::access_view); this is what it shows, and what keys do to it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::access::remedy::Remedy;
use crate::access::{Answer, Because, Holding, Operations, Principal, Rights, Roster, Token};
use crate::accounts::Sid;
use crate::app::input::{Key, KeyPress};
use crate::app::layout::scroll_to;
use crate::store::{LeafId, ObjId};

use super::Outcome;
use super::access_chooser::{Chooser, Choosing};

/// What the view shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Every operation of one account in one place.
    Account,
    /// Everybody who may do one operation in one place.
    Operation,
    /// Definitions by operations.
    Roles,
    /// Members by scopes.
    Members,
}

/// Whose access is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// An account with its groups.
    Account {
        /// The account; `None` where only its groups are known.
        account: Option<Sid>,
        /// Its groups.
        groups: Vec<Sid>,
        /// Everyone and Authenticated Users are implied.
        implied: bool,
    },
    /// Whoever the query or rule of this group finds.
    Found(ObjId),
}

impl Who {
    /// An account of which nothing else is known.
    pub fn account(sid: Sid) -> Who {
        Who::Account { account: Some(sid), groups: Vec::new(), implied: true }
    }

    /// The member by itself.
    pub fn member(member: Principal) -> Who {
        match member {
            Principal::Account(sid) => Who::account(sid),
            Principal::Found(group) => Who::Found(group),
        }
    }

    /// What stands for the account when it asks.
    pub fn token(&self) -> Option<Token> {
        let Who::Account { account, groups, implied } = self else { return None };
        let (first, rest) = match account {
            Some(account) => (*account, groups.as_slice()),
            None => groups.split_first().map(|(first, rest)| (*first, rest))?,
        };
        let groups = rest.iter().copied();
        Some(if *implied { Token::new(first, groups) } else { Token::exact(first, groups) })
    }
}

/// One line of a way, in words, and the link that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathLine {
    /// How: `listed in`, `which has` …
    pub label: &'static str,
    /// What.
    pub text: String,
    /// Where to go for it.
    pub link: Option<(ObjId, Option<LeafId>)>,
}

/// A place in a list, or in one direction of a matrix.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// The selected line or column.
    pub at: usize,
    /// The first visible one.
    pub top: usize,
}

impl Place {
    fn step(&mut self, by: isize, count: usize) {
        self.at = self.at.saturating_add_signed(by).min(count.saturating_sub(1));
    }

    /// Keeps the selection among `count` lines, and visible in `room` of them.
    pub fn settle(&mut self, count: usize, room: usize) {
        self.at = self.at.min(count.saturating_sub(1));
        self.top = scroll_to(self.top.min(count.saturating_sub(room)), self.at, room.max(1));
    }
}

/// The changes that would give or take something, to choose from.
#[derive(Debug)]
pub struct Offers {
    /// What is asked for.
    pub title: String,
    /// What the step is called that does it.
    pub label: String,
    /// What would do it, the smallest first.
    pub remedies: Vec<Remedy>,
    /// The changes of each as lines of the change language, and all that it changes besides as sentences.
    pub shown: Vec<(Vec<String>, Vec<String>)>,
    /// The selected one.
    pub place: Place,
    /// First visible line of what the selected one changes besides.
    pub top: usize,
}

/// What lies over the view.
#[derive(Debug)]
pub enum Over {
    /// A list to choose from.
    Chooser(Chooser),
    /// Changes to choose from.
    Offers(Offers),
}

/// What a key asks of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// Show something else: compute it.
    Show,
    /// Enter: go to the link, or offer to grant.
    Enter,
    /// Offer what would grant it.
    Grant,
    /// Offer what would withdraw it.
    Withdraw,
    /// Make the selected changes.
    Apply,
    /// Choose from a list.
    Choose(Choosing),
    /// The chosen line of the list.
    Chosen,
    /// The text of the list's filter changed.
    Filter,
    /// Take the last change back.
    Undo,
    /// To the next application.
    NextApplication,
}

/// The view. See the [module](self).
#[derive(Debug)]
pub struct AccessView {
    /// The application.
    pub application: ObjId,
    /// The state of the store that everything here is about.
    pub revision: u64,
    /// What is shown.
    pub face: Face,
    /// Whose access, in the first face.
    pub who: Option<Who>,
    /// Where; `None` is the application's own level.
    pub scope: Option<ObjId>,
    /// Which operation, in the second face and, if one was chosen, the fourth.
    pub operation: Option<ObjId>,
    /// The operations of the application.
    pub operations: Arc<Operations>,
    /// Who is listed where, and which scopes and definitions there are; `None` while that is being read.
    pub roster: Option<Arc<Roster>>,
    /// What the matrices are to stand on as soon as they are there.
    pub aim: Option<ObjId>,
    /// First face: each operation, the answer and the ways.
    pub answers: Vec<(ObjId, Answer, Vec<Because>)>,
    /// Second face: everybody who may, and how.
    pub holders: Vec<(Principal, Answer, Vec<Because>)>,
    /// Third face: what each definition that was visible reaches.
    pub reached: HashMap<ObjId, Arc<Rights>>,
    /// Fourth face: what each member that was visible holds, level by level.
    pub held: HashMap<usize, Vec<Holding>>,
    /// Where each face stands: lines.
    pub lines: [Place; 4],
    /// Where the matrices stand: columns.
    pub columns: [Place; 4],
    /// The way behind what is selected.
    pub path: Vec<PathLine>,
    /// Where the keyboard is in it, if it is there.
    pub on_path: Option<usize>,
    /// What lies over it.
    pub over: Option<Over>,
    /// How many lines of the list are visible.
    pub page: usize,
    /// How many columns of the matrix are visible.
    pub page_columns: usize,
}

impl Face {
    /// Its place among the four.
    pub const fn number(self) -> usize {
        match self {
            Face::Account => 0,
            Face::Operation => 1,
            Face::Roles => 2,
            Face::Members => 3,
        }
    }
}

impl AccessView {
    /// How many lines the shown face has.
    pub fn line_count(&self) -> usize {
        match self.face {
            Face::Account => self.answers.len(),
            Face::Operation => self.holders.len(),
            Face::Roles => self.roster.as_ref().map_or(0, |roster| roster.definition_count()),
            Face::Members => self.roster.as_ref().map_or(0, |roster| roster.len()),
        }
    }

    /// How many columns the shown face has; lists have none.
    pub fn column_count(&self) -> usize {
        match self.face {
            Face::Account | Face::Operation => 0,
            Face::Roles => self.operations.ids().len(),
            Face::Members => self.roster.as_ref().map_or(0, |roster| roster.scope_count()).saturating_add(1),
        }
    }

    /// Where the shown face stands among its lines.
    pub fn line(&self) -> Place {
        self.lines.get(self.face.number()).copied().unwrap_or_default()
    }

    /// Where it stands among its columns.
    pub fn column(&self) -> Place {
        self.columns.get(self.face.number()).copied().unwrap_or_default()
    }

    /// The scope of a column of the matrix of members; `None` is the application's own level.
    pub fn scope_of(&self, column: usize) -> Option<ObjId> {
        self.roster.as_ref()?.scope(column.checked_sub(1)?)
    }

    /// The column of a scope, or of the application's own level.
    pub fn column_of(&self, scope: Option<ObjId>) -> Option<usize> {
        match scope {
            None => Some(0),
            Some(scope) => Some(self.roster.as_ref()?.scope_number(scope)?.saturating_add(1)),
        }
    }

    /// The definition of a line of the matrix of definitions.
    pub fn definition(&self, line: usize) -> Option<ObjId> {
        self.roster.as_ref()?.definition(line)
    }

    /// The member of a line of the matrix of members.
    pub fn member(&self, line: usize) -> Option<Principal> {
        self.roster.as_ref()?.member(line)
    }

    /// Acts on a key.
    pub fn key(&mut self, press: KeyPress) -> Outcome {
        match &mut self.over {
            Some(Over::Chooser(chooser)) => {
                let outcome = chooser.key(press, self.page);
                if outcome == Outcome::Close {
                    self.over = None;
                    // Nobody was chosen, and nobody was before: there is nothing to go back to.
                    return if self.face == Face::Account && self.who.is_none() {
                        Outcome::Close
                    } else {
                        Outcome::Stay
                    };
                }
                outcome
            }
            Some(Over::Offers(offers)) => {
                let outcome = offers.key(press);
                if outcome == Outcome::Close {
                    self.over = None;
                    return Outcome::Stay;
                }
                outcome
            }
            None => self.own_key(press),
        }
    }

    fn own_key(&mut self, press: KeyPress) -> Outcome {
        if press.ctrl || press.alt {
            return Outcome::Stay;
        }
        let ask = Outcome::Access;
        if self.on_path.is_some() && self.path_key(press) {
            return Outcome::Stay;
        }
        match press.key {
            Key::Esc | Key::Char('q' | 'W') => return Outcome::Close,
            Key::Enter => return ask(Request::Enter),
            Key::Tab if self.face == Face::Members && self.operation.is_none() => {
                self.next_place();
                return Outcome::Stay;
            }
            Key::Tab | Key::BackTab => {
                self.on_path = self.first_link().filter(|_| self.on_path.is_none());
                return Outcome::Stay;
            }
            Key::Char('1') => return self.turn(Face::Account),
            Key::Char('2') => return self.turn(Face::Operation),
            Key::Char('3') => return self.turn(Face::Roles),
            Key::Char('4') => return self.turn(Face::Members),
            Key::Char('w' | '/') => return ask(Request::Choose(Choosing::Who)),
            Key::Char('s') => return ask(Request::Choose(Choosing::Scope)),
            Key::Char('o') => return ask(Request::Choose(Choosing::Operation)),
            Key::Char('n') => return ask(Request::NextApplication),
            Key::Char('g' | '+') => return ask(Request::Grant),
            Key::Char('x') | Key::Delete => return ask(Request::Withdraw),
            Key::Char('u') => return ask(Request::Undo),
            Key::Char('e') => {
                if let Some(Who::Account { implied, .. }) = &mut self.who {
                    *implied = !*implied;
                    return ask(Request::Show);
                }
            }
            _ => self.move_by(press.key),
        }
        Outcome::Stay
    }

    fn turn(&mut self, face: Face) -> Outcome {
        self.follow(face);
        self.face = face;
        self.on_path = None;
        Outcome::Access(Request::Show)
    }

    /// Takes what is selected along to another face: the member to the account, the operation to its list.
    fn follow(&mut self, to: Face) {
        let line = self.line().at;
        let (member, operation, scope) = match self.face {
            Face::Account => (None, self.answers.get(line).map(|(id, ..)| *id), None),
            Face::Operation => (self.holders.get(line).map(|(who, ..)| *who), None, None),
            Face::Roles => (None, self.operations.ids().get(self.column().at).copied(), None),
            Face::Members => (self.member(line), None, Some(self.scope_of(self.column().at))),
        };
        match to {
            Face::Account => {
                if let Some(member) = member {
                    self.who = Some(Who::member(member));
                }
            }
            Face::Operation => self.operation = operation.or(self.operation),
            Face::Members if self.face != Face::Members => self.operation = None,
            Face::Roles | Face::Members => {}
        }
        if let Some(scope) = scope
            && matches!(to, Face::Account | Face::Operation)
        {
            self.scope = scope;
        }
    }

    fn move_by(&mut self, key: Key) {
        let (lines, columns) = (self.line_count(), self.column_count());
        let page = isize::try_from(self.page.saturating_sub(1).max(1)).unwrap_or(1);
        let across = isize::try_from(self.page_columns.saturating_sub(1).max(1)).unwrap_or(1);
        let number = self.face.number();
        let (Some(line), Some(column)) = (self.lines.get_mut(number), self.columns.get_mut(number)) else {
            return;
        };
        match key {
            Key::Up | Key::Char('k') => line.step(-1, lines),
            Key::Down | Key::Char('j') => line.step(1, lines),
            Key::PageUp => line.step(page.saturating_neg(), lines),
            Key::PageDown => line.step(page, lines),
            Key::Home => line.at = 0,
            Key::End => line.at = lines.saturating_sub(1),
            Key::Left | Key::Char('h') => column.step(-1, columns),
            Key::Right | Key::Char('l') => column.step(1, columns),
            Key::Char('<') => column.step(across.saturating_neg(), columns),
            Key::Char('>') => column.step(across, columns),
            _ => {}
        }
    }

    /// The columns where the selected member holds something by assignments of that level, in order.
    pub fn places(&self) -> Vec<(usize, &Holding)> {
        let held = self.held.get(&self.line().at).map(Vec::as_slice).unwrap_or_default();
        let column = |level| self.column_of(Some(level).filter(|&level| level != self.application));
        held.iter().filter_map(|holding| Some((column(holding.level)?, holding))).collect()
    }

    /// To the next column where the selected member holds something, and round.
    fn next_place(&mut self) {
        let here = self.column().at;
        let columns: Vec<usize> = self.places().into_iter().map(|(column, _)| column).collect();
        let next = columns.iter().find(|column| **column > here).or(columns.first());
        let number = self.face.number();
        if let (Some(&next), Some(column)) = (next, self.columns.get_mut(number)) {
            column.at = next;
        }
    }

    fn first_link(&self) -> Option<usize> {
        self.path.iter().position(|line| line.link.is_some())
    }

    /// Moves among the lines of the way; whether the key was for that.
    fn path_key(&mut self, press: KeyPress) -> bool {
        let Some(at) = self.on_path else { return false };
        let linked = |line: &PathLine| line.link.is_some();
        let next = match press.key {
            Key::Up | Key::Char('k') => self.path.iter().take(at).rposition(linked),
            Key::Down | Key::Char('j') => {
                let behind = self.path.iter().skip(at.saturating_add(1)).position(linked);
                behind.map(|further| at.saturating_add(further).saturating_add(1))
            }
            Key::Esc => {
                self.on_path = None;
                return true;
            }
            _ => return false,
        };
        self.on_path = next.or(Some(at));
        true
    }

    /// Text that was pasted: into the list that is open.
    pub fn paste(&mut self, text: &str) -> bool {
        let Some(Over::Chooser(chooser)) = &mut self.over else { return false };
        chooser.paste(text);
        true
    }
}

impl Offers {
    fn key(&mut self, press: KeyPress) -> Outcome {
        let count = self.remedies.len();
        let before = self.place.at;
        match press.key {
            Key::Esc | Key::Char('q') => return Outcome::Close,
            Key::Char('a') if count > 0 => return Outcome::Access(Request::Apply),
            Key::Up | Key::Char('k') => self.place.step(-1, count),
            Key::Down | Key::Char('j') => self.place.step(1, count),
            Key::Home => self.place.at = 0,
            Key::End => self.place.at = count.saturating_sub(1),
            Key::PageDown => self.top = self.top.saturating_add(4),
            Key::PageUp => self.top = self.top.saturating_sub(4),
            _ => {}
        }
        if before != self.place.at {
            self.top = 0;
        }
        Outcome::Stay
    }
}
