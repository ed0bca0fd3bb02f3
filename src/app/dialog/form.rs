//! Forms: fields one under the other, checked when they are left.

use crate::app::area::Area;
use crate::app::input::{Key, KeyPress};
use crate::app::line::Line;
use crate::store::{GroupType, Kind, ObjId, Store};

use super::Outcome;
use super::field::{AREA_ROWS, Field, FieldInput, Rule, account_words};

/// What a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Create an object of this kind in this parent.
    Create(Kind, ObjId),
    /// Add members to this object.
    AddMembers(ObjId),
    /// Add non-members to this group.
    AddNonMembers(ObjId),
    /// Give this object an attribute that AzMan does not name.
    AddAttribute(ObjId),
    /// Read the rule that is edited below from a file.
    ReadRule,
    /// Write the rule that is edited below to a file.
    WriteRule,
    /// Add members, or non-members, to every marked object.
    AddToMarked {
        /// Accounts that groups keep out.
        non_members: bool,
    },
    /// Describe every marked object.
    DescribeMarked,
    /// Answer the questions of the recipe with this name.
    Recipe(&'static str),
    /// Explain denied events.
    Explain,
    /// Read a map of names.
    LoadNames,
    /// Write a map of names.
    WriteNames,
    /// Write the list on the screen.
    Export,
    /// Compare with this store.
    Compare,
    /// Open a store.
    Open,
    /// Ask a host for its virtual machines.
    MachinesOf,
    /// Read virtual machines from a file.
    MachinesIn,
    /// Write the script that lists virtual machines.
    MachinesListing,
    /// Write the script that moves virtual machines.
    MachinesMoving,
    /// Begin an empty store.
    NewStore,
    /// Give the open store a path and save it.
    SaveAs,
}

/// Cells of a form, frame included.
pub const WIDTH: u16 = 84;
/// Cells of a field's label.
pub const LABEL: u16 = 13;
/// A form. The focus runs over the fields, then the button that carries it out, then Cancel.
#[derive(Debug)]
pub struct Form {
    /// Verb and object.
    pub title: String,
    /// What it will do.
    pub intro: String,
    /// The fields.
    pub fields: Vec<Field>,
    /// Field or button with the cursor.
    pub focus: usize,
    /// What was wrong with the whole.
    pub error: Option<String>,
    /// What it is for.
    pub purpose: Purpose,
    /// Verb on the button.
    pub verb: &'static str,
    /// Paths that Up and Down offer in a field for one, newest first.
    pub earlier: Vec<String>,
    /// What is said below the fields until the next key: what the path being typed could become, who is asked about.
    pub note: String,
    /// Texts as they were when it opened: what was typed is guarded.
    before: Vec<String>,
}

/// The label of a form's path.
pub const PATH: &str = "Path";

impl Form {
    /// A form with the cursor in its first field.
    pub fn new(
        title: String,
        intro: String,
        purpose: Purpose,
        verb: &'static str,
        fields: Vec<Field>,
    ) -> Form {
        let before = fields.iter().map(Field::text).collect();
        Form {
            title,
            intro,
            fields,
            focus: 0,
            error: None,
            purpose,
            verb,
            earlier: Vec::new(),
            note: String::new(),
            before,
        }
    }

    /// Whether something was typed since it opened.
    pub fn is_touched(&self) -> bool {
        self.fields.iter().zip(&self.before).any(|(field, before)| field.text() != *before)
    }

    /// The text of the field with this label.
    pub fn value(&self, label: &str) -> String {
        self.fields.iter().find(|field| field.label == label).map(Field::text).unwrap_or_default()
    }

    /// Scrolls areas so that their cursors are seen in so many cells.
    pub fn settle(&mut self, cells: usize) {
        for field in &mut self.fields {
            if let FieldInput::Area(area) = &mut field.input {
                area.settle(cells, AREA_ROWS);
            }
        }
    }

    /// The key that carries the form out where the cursor is: Enter, unless that begins a new line.
    pub fn submit_key(&self) -> &'static str {
        match self.fields.get(self.focus).map(|field| &field.input) {
            Some(FieldInput::Area(area)) if !is_ended(area) => "Ctrl+S",
            _ => "Enter",
        }
    }

    /// Whether the cursor is on Cancel.
    pub fn on_cancel(&self) -> bool {
        self.focus > self.fields.len()
    }

    /// Checks every field; puts the cursor into the first that is wrong.
    pub fn check(&mut self, store: Option<&Store>) -> bool {
        let mut wrong = None;
        for (index, field) in self.fields.iter_mut().enumerate() {
            field.error = field.check(store).err();
            if field.error.is_some() && wrong.is_none() {
                wrong = Some(index);
            }
        }
        if let Some(index) = wrong {
            self.focus = index;
        }
        wrong.is_none()
    }

    fn leave(&mut self, store: Option<&Store>, to: usize) -> Outcome {
        if let Some(field) = self.fields.get_mut(self.focus) {
            // An empty field that was only passed is not called wrong before the form is carried out.
            field.error = if field.text().is_empty() { None } else { field.check(store).err() };
        }
        self.focus = to;
        Outcome::Stay
    }

    /// Puts the cursor into a field, or on a button behind the fields.
    pub fn go_to(&mut self, index: usize, store: Option<&Store>) {
        if index != self.focus {
            self.leave(store, index.min(self.fields.len().saturating_add(1)));
        }
    }

    /// Chooses a word in a field of a few words.
    pub fn choose(&mut self, field: usize, word: usize) {
        if let Some(FieldInput::Choice { options, index }) =
            self.fields.get_mut(field).map(|field| &mut field.input)
        {
            *index = word.min(options.len().saturating_sub(1));
        }
    }

    /// The path being typed, if the cursor is in a field for one.
    pub fn focused_path(&self) -> Option<&str> {
        match self.fields.get(self.focus) {
            Some(Field { rule: Rule::Path, input: FieldInput::Line(line), .. }) => Some(line.text()),
            _ => None,
        }
    }

    /// Puts another path in the place of the one being typed.
    pub fn set_path(&mut self, path: &str) {
        if let Some(Field { rule: Rule::Path, input: FieldInput::Line(line), error, .. }) =
            self.fields.get_mut(self.focus)
        {
            *line = Line::new(path);
            *error = None;
            self.error = None;
        }
    }

    /// Whether the cursor is in a field for accounts.
    pub fn asks_for_accounts(&self) -> bool {
        self.fields.get(self.focus).is_some_and(|field| field.rule == Rule::Accounts)
    }

    /// Whether a field is for accounts.
    pub fn takes_accounts(&self) -> bool {
        self.fields.iter().any(|field| field.rule == Rule::Accounts)
    }

    /// Says what is wrong with the accounts that were typed, under the first field that names one of these.
    pub fn object_to_accounts(&mut self, words: &[String], why: String) {
        let names_one = |field: &Field| {
            let text = field.text();
            field.rule == Rule::Accounts
                && account_words(&text).any(|word| words.iter().any(|wrong| wrong == word))
        };
        if let Some(at) = self.fields.iter().position(names_one)
            && let Some(field) = self.fields.get_mut(at)
        {
            field.error = Some(why);
            self.focus = at;
        }
    }

    /// Adds accounts to the field with the cursor, behind what was typed.
    pub fn add_accounts(&mut self, accounts: &[String]) {
        let Some(field) = self.fields.get_mut(self.focus).filter(|field| field.rule == Rule::Accounts) else {
            return;
        };
        let mut text = field.text().trim_end().to_owned();
        match &mut field.input {
            FieldInput::Line(line) => {
                for account in accounts {
                    let comma = if text.is_empty() || text.ends_with([',', ';']) { "" } else { ", " };
                    text = format!("{text}{comma}{account}");
                }
                *line = Line::new(&text);
            }
            FieldInput::Area(area) => {
                for account in accounts {
                    let end = if text.is_empty() { "" } else { "\n" };
                    text = format!("{text}{end}{account}");
                }
                **area = Area::new("");
                // The cursor stands behind what is inserted.
                area.insert(&format!("{text}\n"));
            }
            FieldInput::Choice { .. } => {}
        }
        field.error = None;
        self.error = None;
    }

    /// To the next field or button.
    pub fn next(&mut self, store: Option<&Store>) -> Outcome {
        let stops = self.fields.len().saturating_add(2);
        self.leave(store, self.focus.saturating_add(1) % stops)
    }

    /// The earlier path before (`older`) or after the one that is there.
    fn recall(&mut self, older: bool) {
        let at = self.focused_path().and_then(|path| self.earlier.iter().position(|known| known == path));
        let index = match (at, older) {
            (None, true) => Some(0),
            (None, false) => None,
            (Some(at), true) => Some(at.saturating_add(1)),
            (Some(at), false) => at.checked_sub(1),
        };
        if let Some(path) = index.and_then(|index| self.earlier.get(index)).cloned() {
            self.set_path(&path);
        }
    }

    /// Acts on a key.
    pub fn key(&mut self, press: KeyPress, store: Option<&Store>) -> Outcome {
        let stops = self.fields.len().saturating_add(2);
        let next = self.focus.saturating_add(1) % stops;
        let previous = self.focus.saturating_add(stops).saturating_sub(1) % stops;
        let save = press.ctrl && !press.alt && press.key == Key::Char('s');
        if press.key != Key::Tab {
            self.note.clear();
        }
        match press.key {
            Key::Esc => Outcome::Close,
            _ if save => Outcome::Submit,
            Key::F(4) if self.asks_for_accounts() => Outcome::ListAccounts,
            Key::Tab if self.focused_path().is_some_and(|path| !path.is_empty()) => Outcome::Complete,
            Key::Tab => self.leave(store, next),
            Key::Up | Key::Down if self.focused_path().is_some() && !self.earlier.is_empty() => {
                self.recall(press.key == Key::Down);
                Outcome::Stay
            }
            Key::BackTab => self.leave(store, previous),
            _ => self.key_in_field(press, store, previous, next),
        }
    }

    fn key_in_field(
        &mut self,
        press: KeyPress,
        store: Option<&Store>,
        previous: usize,
        next: usize,
    ) -> Outcome {
        let buttons = self.fields.len();
        let Some(field) = self.fields.get_mut(self.focus) else {
            match press.key {
                Key::Enter if self.focus == buttons => return Outcome::Submit,
                Key::Enter => return Outcome::Close,
                Key::Up | Key::Left => self.focus = previous,
                Key::Down | Key::Right => self.focus = next,
                _ => {}
            }
            return Outcome::Stay;
        };
        let cleared = |field: &mut Field, error: &mut Option<String>| {
            field.error = None;
            *error = None;
        };
        match (&mut field.input, press.key) {
            (FieldInput::Area(area), key) => {
                match key {
                    Key::Enter if is_ended(area) => return Outcome::Submit,
                    Key::Enter => area.break_line(),
                    _ if area.press(press) => {}
                    Key::Up => return self.leave(store, previous),
                    Key::Down => return self.leave(store, next),
                    _ => return Outcome::Stay,
                }
                cleared(field, &mut self.error);
            }
            (_, Key::Enter) => return Outcome::Submit,
            (_, Key::Up) => return self.leave(store, previous),
            (_, Key::Down) => return self.leave(store, next),
            (FieldInput::Line(line), _) => {
                if line.press(press) {
                    cleared(field, &mut self.error);
                    field.check_typing();
                }
            }
            (FieldInput::Choice { options, index }, key) => {
                let count = options.len().max(1);
                match key {
                    Key::Right | Key::Char(' ') => *index = index.saturating_add(1) % count,
                    Key::Left => *index = index.saturating_add(count).saturating_sub(1) % count,
                    Key::Char(c) if !press.ctrl && !press.alt => {
                        let typed = c.to_ascii_lowercase();
                        let starts = |word: &str| word.to_ascii_lowercase().starts_with(typed);
                        if let Some(found) = options.iter().position(|word| starts(word)) {
                            *index = found;
                        }
                    }
                    _ => {}
                }
                cleared(field, &mut self.error);
            }
        }
        Outcome::Stay
    }

    /// Pasted text goes into the field with the cursor; in an area each pasted line is a line.
    pub fn paste(&mut self, text: &str) {
        let Some(field) = self.fields.get_mut(self.focus) else { return };
        field.error = None;
        self.error = None;
        match &mut field.input {
            FieldInput::Line(line) => line.insert(text.trim_end_matches('\n')),
            FieldInput::Area(area) => area.insert(text),
            FieldInput::Choice { .. } => {}
        }
        field.check_typing();
    }
}

/// Whether the cursor is on the empty last line: all is typed, and Enter carries the form out, as in a line.
fn is_ended(area: &Area) -> bool {
    let row = area.cursor().0;
    row.saturating_add(1) == area.lines() && area.line(row).is_empty()
}

/// The words of a group's types in a form, in the order of [`group_type`].
pub const GROUP_TYPES: &[&str] = &["Basic", "LDAP query", "Business rule"];

/// The type that a word of [`GROUP_TYPES`] names.
pub fn group_type(word: &str) -> GroupType {
    match word {
        "LDAP query" => GroupType::LdapQuery,
        "Business rule" => GroupType::BizRule,
        _ => GroupType::Basic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: Vec<Field>) -> Form {
        Form::new("Add members".to_owned(), String::new(), Purpose::Open, "Add", fields)
    }

    fn press(form: &mut Form, sequence: &str) -> Outcome {
        crate::app::dialog::pressed(sequence, |press| form.key(press, None))
    }

    #[test]
    fn a_field_is_checked_when_it_is_left_and_its_error_goes_with_the_next_key() {
        let mut form =
            form(vec![Field::line("Who", "", Rule::Accounts, ""), Field::line("Why", "", Rule::Free, "")]);
        press(&mut form, "\"S-1-x\" Tab");
        assert!(form.fields[0].error.as_deref().unwrap().contains("SID"));
        press(&mut form, "Shift+Tab \"x\"");
        assert_eq!(form.fields[0].error, None);
    }

    #[test]
    fn enter_carries_out_and_an_area_needs_an_empty_line_for_it() {
        let mut one = form(vec![Field::line("Name", "", Rule::Free, "")]);
        assert_eq!(press(&mut one, "\"x\" Enter"), Outcome::Submit);
        let mut area = form(vec![Field::area("Members", "", Rule::Free, "")]);
        assert_eq!(press(&mut area, "\"S-1-1-0\" Enter"), Outcome::Stay);
        assert_eq!(press(&mut area, "Enter"), Outcome::Submit);
        assert_eq!(area.value("Members"), "S-1-1-0\n");
    }

    #[test]
    fn an_area_splits_joins_and_takes_pasted_lines() {
        let mut area = form(vec![Field::area("Text", "", Rule::Free, "")]);
        area.paste("ab\ncd");
        assert_eq!(area.value("Text"), "ab\ncd");
        press(&mut area, "Home Backspace");
        assert_eq!(area.value("Text"), "abcd");
        press(&mut area, "\"-\" Enter");
        assert_eq!(area.value("Text"), "ab-\ncd");
        press(&mut area, "Up End \"x\"");
        assert_eq!(area.value("Text"), "ab-x\ncd");
    }
}
