//! The command palette: every action by words and keys, and the change language typed.
//!
//! What is typed is a change as soon as it begins with a verb and what may stand behind it. Then nothing in the list is
//! selected until it is gone down to: Enter carries out the line.

use crate::app::App;
use crate::app::actions::{ACTIONS, Id};
use crate::app::command::{self, Fault, Here, VERBS};
use crate::app::completing::{Completion, completions};
use crate::app::input::{Key, KeyPress};
use crate::app::keymap::Keymap;
use crate::app::line::Line;
use crate::app::typed_recipe;
use crate::app::waiting;
use crate::store::{Kind, tokens};

use super::Outcome;
use super::help::matching;
use super::list::List;

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// An action.
    Action(Id),
    /// A word that may stand next.
    Word(Completion),
}

/// The palette.
#[derive(Debug, Default)]
pub struct Palette {
    /// What is typed, and the rows it leaves: all of `rows`.
    pub list: List,
    /// The rows.
    pub rows: Vec<Row>,
    /// What is typed is a change.
    pub is_change: bool,
    /// A row is selected; else Enter carries out the line.
    pub has_row: bool,
    /// What the line takes for granted, in a sentence, or what is wrong with it.
    pub meant: Option<Result<String, Fault>>,
    /// Why the line was not carried out.
    pub refused: Option<String>,
    /// Who is asked about before it can be.
    pub asking: Option<String>,
    /// Which of the lines typed before stands here, the last is 1.
    recalled: usize,
    /// What the rows were made for.
    made_for: Option<(String, usize)>,
}

impl Palette {
    /// Acts on a key. `typed` are the lines typed before, the last first.
    pub fn key(&mut self, press: KeyPress, page: usize, typed: &[String]) -> Outcome {
        self.refused = self.refused.take().filter(|_| press.key == Key::Enter);
        self.asking = None;
        match press.key {
            Key::Esc => return Outcome::Close,
            Key::Enter => return self.enter(),
            Key::Tab => self.complete(),
            Key::Up if self.is_at_top() => self.recall(self.recalled.saturating_add(1), typed),
            Key::Up if self.is_change && self.list.selected == 0 => self.has_row = false,
            Key::Down if self.recalled > 0 && !self.has_row => {
                self.recall(self.recalled.saturating_sub(1), typed);
            }
            Key::Down if !self.has_row => self.has_row = !self.rows.is_empty(),
            Key::Home | Key::End => _ = self.list.filter.press(press),
            _ if self.list.moves(press, page) => self.has_row = true,
            _ => {
                if self.list.types(press) {
                    self.recalled = 0;
                }
            }
        }
        Outcome::Stay
    }

    /// Pasted text goes into the line.
    pub fn paste(&mut self, text: &str) {
        self.list.filter.insert(text.trim_end_matches('\n'));
    }

    /// Nothing is above: Up brings lines that were typed before.
    fn is_at_top(&self) -> bool {
        if self.is_change { !self.has_row } else { self.list.selected == 0 }
    }

    fn recall(&mut self, which: usize, typed: &[String]) {
        let Some(index) = which.checked_sub(1) else {
            self.list.filter = Line::default();
            self.recalled = 0;
            return;
        };
        if let Some(line) = typed.get(index) {
            self.list.filter = Line::new(line);
            self.recalled = which;
            self.has_row = false;
        }
    }

    fn row(&self) -> Option<&Row> {
        self.rows.get(self.list.current()?)
    }

    fn enter(&mut self) -> Outcome {
        if !self.has_row {
            return Outcome::Submit;
        }
        match self.row() {
            Some(Row::Action(id)) => Outcome::Run(*id),
            Some(Row::Word(_)) => {
                self.complete();
                Outcome::Stay
            }
            None => Outcome::Stay,
        }
    }

    /// Puts the selected word, or the first, into the line.
    fn complete(&mut self) {
        let word = self.row().into_iter().chain(&self.rows).find_map(|row| match row {
            Row::Word(word) => Some(word.clone()),
            Row::Action(_) => None,
        });
        let Some(word) = word else { return };
        let line = self.list.filter.text();
        let (Some(before), Some(behind)) = (line.get(..word.span.start), line.get(word.span.end..)) else {
            return;
        };
        // The cursor stands behind the word and a blank: what follows is moved along.
        let mut fresh = Line::new(behind.trim_start());
        fresh.press(Key::Home.into());
        fresh.insert(&format!("{before}{} ", word.text));
        self.list.filter = fresh;
        self.has_row = false;
    }
}

/// Brings the palette on top up to what is typed in it.
pub fn settle(app: &mut App, page: usize) {
    let Some(super::Dialog::Palette(palette)) = app.dialogs.last() else { return };
    let line = &palette.list.filter;
    let made_for = Some((line.text().to_owned(), line.cursor()));
    if palette.made_for != made_for {
        let Some(super::Dialog::Palette(mut palette)) = app.dialogs.pop() else { return };
        palette.made_for = made_for;
        refresh(&mut palette, app);
        app.dialogs.push(super::Dialog::Palette(palette));
    }
    if let Some(super::Dialog::Palette(palette)) = app.dialogs.last_mut() {
        palette.list.settle(page);
    }
}

fn refresh(palette: &mut Palette, app: &App) {
    let text = palette.list.filter.text();
    let cursor = palette.list.filter.cursor();
    let doc = app.doc().filter(|_| is_change(text));
    palette.is_change = doc.is_some();
    palette.rows.clear();
    palette.meant = None;
    let actions = actions(text, &app.recent, &app.keys).into_iter().map(Row::Action);
    if let Some(doc) = doc {
        let here = Here::of(doc);
        let words = completions(text, cursor, doc.store(), here, &app.names);
        palette.rows.extend(words.into_iter().map(Row::Word));
        palette.rows.extend(actions);
        let meant = if typed_recipe::is_one(text) {
            typed_recipe::read(text, &app.names).map(|(_, unknown)| (String::new(), unknown))
        } else {
            command::read(text, doc.store(), here, &app.names).map(|meant| (meant.assumed, meant.unknown))
        };
        palette.meant = Some(meant.and_then(|(assumed, unknown)| verdict(app, text, &assumed, &unknown)));
    } else {
        palette.rows.extend(actions);
        if app.doc().is_some() && !text.is_empty() {
            palette.rows.extend(verbs(text).map(Row::Word));
        }
    }
    palette.has_row = !palette.is_change && !palette.rows.is_empty();
    palette.list.show((0..palette.rows.len()).collect());
}

/// What there is to say of a line that is right: what it takes for granted, and whom it has asked about.
fn verdict(app: &App, line: &str, assumed: &str, unknown: &[String]) -> Result<String, Fault> {
    let mut said = Vec::new();
    if let Some(first) = unknown.first() {
        if !app.naming.can_ask {
            return Err(Fault { message: waiting::is_nobody(unknown), span: command::place_of(line, first) });
        }
        said.push(format!("Enter asks who this is: {}.", unknown.join(", ")));
    }
    if !assumed.is_empty() {
        said.push(format!("Taken for granted here: {assumed}"));
    }
    Ok(said.join(" "))
}

/// Whether a line is a change: a verb, and behind it nothing yet or the beginning of a kind. So "add members" still
/// finds the action.
fn is_change(text: &str) -> bool {
    if typed_recipe::is_one(text) {
        return true;
    }
    let (words, _) = tokens(text);
    let Some(verb) = words.first().and_then(|word| command::verb(&word.text)) else { return false };
    let is_kind = |word: &str| Kind::ALL.iter().any(|kind| kind.change_word().starts_with(word));
    match words.get(1) {
        None => text.len() > verb.word.len(),
        Some(word) => word.text.starts_with("--") || is_kind(&word.text),
    }
}

/// The verbs that begin as a text does.
fn verbs(text: &str) -> impl Iterator<Item = Completion> {
    let recipe = (typed_recipe::WORD, typed_recipe::HELP);
    let words = VERBS.iter().map(|verb| (verb.word, verb.help)).chain([recipe]);
    let matching = words.filter(move |(word, _)| word.starts_with(text));
    matching.map(|(word, help)| Completion {
        text: word.to_owned(),
        note: format!("typed: {help}"),
        span: 0..text.len(),
    })
}

/// The actions that a text finds, the last used first.
fn actions(text: &str, recent: &[Id], keys: &Keymap) -> Vec<Id> {
    let found: Vec<Id> =
        matching(text, keys).into_iter().filter_map(|at| Some(ACTIONS.get(at)?.id)).collect();
    let mut sorted: Vec<Id> = recent.iter().copied().filter(|id| found.contains(id)).collect();
    let rest: Vec<Id> = found.into_iter().filter(|id| !sorted.contains(id)).collect();
    sorted.extend(rest);
    sorted
}
