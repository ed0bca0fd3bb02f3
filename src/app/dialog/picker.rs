//! Pickers: check boxes, or one choice, with type-to-find.
//!
//! Typing goes to the filter, and while it does, Space is a blank like any other character; Down or Enter goes to the
//! list, and there Space ticks. Ins ticks wherever one is. The last line of the dialog says which it is.

use crate::app::input::{Key, KeyPress};
use crate::app::line::Line;
use crate::store::{LeafKind, ObjId, fold};

use super::Outcome;
use super::list::List;

/// How many of several objects have something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// None of them.
    None,
    /// Some, and some have not.
    Some,
    /// All of them.
    All,
}

impl Share {
    /// `count` of `all` have it.
    pub const fn of(count: usize, all: usize) -> Share {
        match count {
            0 => Share::None,
            _ if count < all => Share::Some,
            _ => Share::All,
        }
    }
}

/// What a line stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// An object.
    Object(ObjId),
    /// An account, by its SID.
    Account(String),
}

/// One check box.
#[derive(Debug)]
pub struct Tick {
    /// What it stands for.
    pub value: Value,
    /// Its name.
    pub label: String,
    /// Where it is, its number, what it holds: shown on the right.
    pub detail: String,
    /// What it is about, where the lines are grouped: shown once, left of the first of them.
    pub heading: Option<&'static str>,
    /// Who has it now.
    pub on: Share,
    /// Who had it when the picker opened.
    pub was: Share,
    /// Whether all can have it; otherwise it can only be kept or taken away.
    pub whole: bool,
}

impl Tick {
    /// An empty box for an object.
    pub fn object_line(object: ObjId, label: String, detail: String) -> Tick {
        Tick {
            value: Value::Object(object),
            label,
            detail,
            heading: None,
            on: Share::None,
            was: Share::None,
            whole: true,
        }
    }

    /// The object it stands for, if it is one.
    pub fn object(&self) -> Option<ObjId> {
        match self.value {
            Value::Object(object) => Some(object),
            Value::Account(_) => None,
        }
    }

    /// The next state: none and all, with a stop at how it was where only some have it.
    fn flip(&mut self) {
        self.on = match (self.on, self.was) {
            (Share::Some, _) if self.whole => Share::All,
            (Share::Some, _) => Share::None,
            (Share::All, _) => Share::None,
            (Share::None, Share::Some) => Share::Some,
            (Share::None, _) if self.whole => Share::All,
            (Share::None, was) => was,
        };
    }
}

/// What a picker is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PickFor {
    /// Links of this kind from these objects to what is ticked.
    Links {
        /// The objects that get the links.
        owners: Vec<ObjId>,
        /// The kind of link.
        link: LeafKind,
    },
    /// The role definitions that get assignments at this level.
    NewAssignments(ObjId),
    /// The members of these objects.
    Members(Vec<ObjId>),
    /// What is added to the form below.
    Accounts,
    /// The levels that get a copy of these objects.
    CopyTo(Vec<ObjId>),
    /// The one level that these objects go to.
    MoveTo(Vec<ObjId>),
    /// The one scope, or the application for the default scope, that these virtual machines go to.
    Machines(Vec<u32>),
    /// The one object that a pasted link leads to: which of the links that the paste dialog below asks about.
    Map(usize),
}

/// A list of check boxes.
#[derive(Debug)]
pub struct Picker {
    /// Verb and object.
    pub title: String,
    /// What it will do.
    pub intro: String,
    /// Said when there is nothing to tick.
    pub empty: String,
    /// What is typed to find, and the boxes that match.
    pub list: List,
    /// Whether the filter has the cursor: Space is a blank then.
    pub typing: bool,
    /// Every box.
    pub ticks: Vec<Tick>,
    /// What it is for.
    pub purpose: PickFor,
}

impl Picker {
    /// A picker over these boxes.
    pub fn new(title: String, intro: String, empty: String, purpose: PickFor, ticks: Vec<Tick>) -> Picker {
        Picker { title, intro, empty, list: List::of(ticks.len()), typing: false, ticks, purpose }
    }

    /// Puts more lines at the end, those aside whose account is listed already.
    pub fn append(&mut self, mut ticks: Vec<Tick>) {
        ticks.retain(|new| self.ticks.iter().all(|tick| tick.value != new.value));
        self.ticks.append(&mut ticks);
        self.refilter();
    }

    /// Whether one line is chosen, not several ticked.
    pub const fn is_choice(&self) -> bool {
        matches!(self.purpose, PickFor::MoveTo(_) | PickFor::Machines(_) | PickFor::Map(_))
    }

    /// The boxes that changed.
    pub fn changed_ticks(&self) -> impl Iterator<Item = &Tick> {
        self.ticks.iter().filter(|tick| tick.on != tick.was)
    }

    /// How many boxes changed.
    pub fn changed(&self) -> usize {
        self.changed_ticks().count()
    }

    /// The selected box.
    pub fn chosen(&self) -> Option<&Tick> {
        self.list.current().and_then(|index| self.ticks.get(index))
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        match press.key {
            Key::Esc if !self.list.filter.text().is_empty() => {
                self.list.filter = Line::default();
                self.typing = false;
                self.refilter();
            }
            Key::Esc => return Outcome::Close,
            Key::Enter if self.is_choice() => {
                return if self.list.shown.is_empty() { Outcome::Stay } else { Outcome::Submit };
            }
            // From the filter to its list.
            Key::Enter | Key::Down if self.typing => self.typing = self.list.shown.is_empty(),
            Key::Enter => return Outcome::Submit,
            Key::Up if self.list.selected == 0 => self.typing = !self.list.filter.text().is_empty(),
            Key::Char(' ') if !self.typing && !self.is_choice() => self.flip(),
            Key::Insert if !self.is_choice() => self.flip(),
            Key::Char('a') if press.ctrl && !press.alt && !self.is_choice() => self.flip_all(),
            // In the list of what was found they go to its ends, in the filter to those of the text.
            Key::Home if !self.typing => self.list.selected = 0,
            Key::End if !self.typing => self.list.selected = self.list.shown.len().saturating_sub(1),
            _ if self.list.moves(press, page) => {}
            _ if self.list.types(press) => self.typed(),
            _ => {}
        }
        Outcome::Stay
    }

    fn flip(&mut self) {
        if let Some(tick) = self.list.current().and_then(|index| self.ticks.get_mut(index)) {
            tick.flip();
        }
    }

    /// All that is shown; all off if all are on.
    fn flip_all(&mut self) {
        let all_on = self
            .list
            .shown
            .iter()
            .all(|&index| self.ticks.get(index).is_some_and(|tick| tick.on == Share::All));
        for &index in &self.list.shown {
            if let Some(tick) = self.ticks.get_mut(index).filter(|tick| all_on || tick.whole) {
                tick.on = if all_on { Share::None } else { Share::All };
            }
        }
    }

    /// Pasted text goes into the filter.
    pub fn paste(&mut self, text: &str) {
        self.list.filter.insert(text);
        self.typed();
    }

    fn typed(&mut self) {
        self.typing = !self.list.filter.text().is_empty();
        self.refilter();
    }

    /// Shows what holds the typed text, blanks aside: `readservice` finds it too.
    fn refilter(&mut self) {
        let bare = |text: &str| -> String { fold(text).chars().filter(|c| !c.is_whitespace()).collect() };
        let wanted = bare(self.list.filter.text());
        // What is found by its name comes before what is found by its place or number.
        let (mut by_label, mut by_detail) = (Vec::new(), Vec::new());
        for (index, tick) in self.ticks.iter().enumerate() {
            if bare(&tick.label).contains(&wanted) {
                by_label.push(index);
            } else if bare(&tick.detail).contains(&wanted) {
                by_detail.push(index);
            }
        }
        by_label.append(&mut by_detail);
        if wanted.is_empty() { self.list.show_keeping(by_label) } else { self.list.show(by_label) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn picker(shares: &[(Share, bool)]) -> Picker {
        let bytes = include_bytes!("../../../assets/InitialStore.xml").to_vec();
        let root = Store::open(bytes).unwrap().root();
        let names = ["Read Service", "Reader", "Writer"];
        let ticks = shares.iter().zip(names).map(|(&(was, whole), name)| Tick {
            on: was,
            was,
            whole,
            ..Tick::object_line(root, name.to_owned(), String::new())
        });
        let purpose = PickFor::CopyTo(Vec::new());
        Picker::new("T".to_owned(), String::new(), String::new(), purpose, ticks.collect())
    }

    fn press(picker: &mut Picker, sequence: &str) -> Outcome {
        crate::app::dialog::pressed(sequence, |press| picker.key(press, 10))
    }

    fn on(picker: &Picker) -> Vec<Share> {
        picker.ticks.iter().map(|tick| tick.on).collect()
    }

    #[test]
    fn space_is_a_blank_while_one_types_and_a_tick_in_the_list() {
        let mut p = picker(&[(Share::None, true); 3]);
        press(&mut p, "Space");
        assert_eq!(on(&p), [Share::All, Share::None, Share::None]);
        press(&mut p, "\"read s\"");
        assert_eq!((p.list.filter.text(), p.list.shown.len()), ("read s", 1));
        assert_eq!(press(&mut p, "Enter"), Outcome::Stay, "Enter goes to the list first");
        press(&mut p, "Space");
        assert_eq!(on(&p), [Share::None; 3]);
        press(&mut p, "Esc \"wri\" Down Space");
        assert_eq!(on(&p), [Share::None, Share::None, Share::All]);
        assert_eq!(press(&mut p, "Enter"), Outcome::Submit);
    }

    #[test]
    fn ins_ticks_wherever_one_is_and_up_goes_back_to_the_filter() {
        let mut p = picker(&[(Share::None, true); 3]);
        press(&mut p, "\"writer\" Ins Down Up \"x\"");
        assert_eq!(on(&p), [Share::None, Share::None, Share::All]);
        assert_eq!(p.list.filter.text(), "writerx");
    }

    #[test]
    fn three_states_go_round_and_what_not_all_can_have_is_only_kept_or_taken() {
        let mut p = picker(&[(Share::Some, true), (Share::Some, false), (Share::All, true)]);
        let mut seen = Vec::new();
        for _ in 0..3 {
            press(&mut p, "Home Space Down Space Down Space");
            seen.push(on(&p));
        }
        assert_eq!(
            seen,
            [
                [Share::All, Share::None, Share::None],
                [Share::None, Share::Some, Share::All],
                [Share::Some, Share::None, Share::None],
            ]
        );
        press(&mut p, "Ctrl+A");
        assert_eq!(on(&p), [Share::All, Share::None, Share::All]);
    }
}
