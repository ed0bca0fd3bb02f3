//! Choosing among changes before they are made: ours over a file that somebody else changed, or the steps that an
//! earlier run left.

use crate::app::input::{Key, KeyPress};
use crate::app::layout::scroll_to;

use super::list::move_by_key;
use super::{Outcome, SaveLine};

/// Which side a line stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What was done here.
    Mine,
    /// What somebody else did.
    Theirs,
}

/// One line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeRow {
    /// What it says.
    pub line: SaveLine,
    /// Whose it is, in a word; empty where the heading says it.
    pub whose: &'static str,
    /// The choice that it has a box for: an index into [`MergeDialog::choices`].
    pub choice: Option<(usize, Side)>,
}

/// Something to be chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeChoice {
    /// The side that was chosen; `None`: neither yet, or of ours alone that it stays out.
    pub side: Option<Side>,
    /// A side must be chosen.
    pub is_conflict: bool,
    /// The choices without which ours of this one cannot be made: indexes into [`MergeDialog::choices`].
    pub needs: Vec<usize>,
    /// The choices that need this one.
    pub needed_by: Vec<usize>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Purpose {
    /// Ours over the file as it is now.
    #[default]
    Merge,
    /// The steps of an earlier run.
    Recover,
    /// What brings a store into line with another.
    Align,
}

/// Changes to choose among.
#[derive(Debug, Default)]
pub struct MergeDialog {
    /// Verb and object.
    pub title: String,
    /// What is chosen for.
    pub purpose: Purpose,
    /// The lines.
    pub rows: Vec<MergeRow>,
    /// What there is to choose.
    pub choices: Vec<MergeChoice>,
    /// The selected line.
    pub selected: usize,
    /// First visible line.
    pub top: usize,
    /// Why it is not done yet.
    pub said: Option<String>,
    /// What was chosen, or not, along with the last choice.
    pub along: Option<String>,
}

impl MergeDialog {
    /// How many conflicts are not decided.
    pub fn undecided(&self) -> usize {
        self.choices.iter().filter(|choice| choice.is_conflict && choice.side.is_none()).count()
    }

    /// How many of ours are chosen.
    pub fn chosen(&self) -> usize {
        self.choices.iter().filter(|choice| choice.side == Some(Side::Mine)).count()
    }

    /// Scrolls to the selected line.
    pub fn settle(&mut self, page: usize) {
        self.selected = self.selected.min(self.rows.len().saturating_sub(1));
        self.top = scroll_to(self.top, self.selected, page).min(self.rows.len().saturating_sub(page));
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        self.said = None;
        self.along = None;
        match press.key {
            Key::Esc => return Outcome::Close,
            Key::Enter => return self.submit(),
            Key::Char(' ') => self.choose(),
            Key::Tab => self.find_choice(true),
            Key::BackTab => self.find_choice(false),
            _ => _ = move_by_key(&mut self.selected, self.rows.len(), press, page),
        }
        Outcome::Stay
    }

    fn submit(&mut self) -> Outcome {
        match self.undecided() {
            0 => return Outcome::Submit,
            1 => self.said = Some("1 conflict is not decided: Space chooses a side.".to_owned()),
            count => self.said = Some(format!("{count} conflicts are not decided: Space chooses a side.")),
        }
        let undecided = |row: &MergeRow| {
            let choice = row.choice.and_then(|(number, _)| self.choices.get(number));
            choice.is_some_and(|choice| choice.is_conflict && choice.side.is_none())
        };
        self.selected = self.rows.iter().position(undecided).unwrap_or(self.selected);
        Outcome::Stay
    }

    fn choose(&mut self) {
        let Some((number, side)) = self.rows.get(self.selected).and_then(|row| row.choice) else {
            self.said = Some("Nothing is chosen on this line.".to_owned());
            return;
        };
        let Some(choice) = self.choices.get_mut(number) else { return };
        choice.side = if choice.side == Some(side) { None } else { Some(side) };
        self.along = if choice.side == Some(Side::Mine) {
            let along = self.choose_needed(&[number]);
            self.told_chosen("It", &along)
        } else {
            let along = self.give_up_needing(number);
            match along.len() {
                1 => {
                    let line = self.line_of(&along);
                    Some(format!("Without it this cannot be made, and is given up too: {line}"))
                }
                0 => None,
                more => Some(format!("Without it {more} other lines cannot be made, and are given up too.")),
            }
        };
    }

    /// Says what `who` needs and is chosen along with it.
    pub fn told_chosen(&self, who: &str, along: &[usize]) -> Option<String> {
        match along.len() {
            0 => None,
            1 => Some(format!("{who} needs this, which is chosen too: {}", self.line_of(along))),
            more => Some(format!("{who} needs {more} other lines, which are chosen too.")),
        }
    }

    /// Notes for each choice which others need it.
    pub fn link_back(&mut self) {
        for number in 0..self.choices.len() {
            for needed in self.choices.get(number).map_or_else(Vec::new, |choice| choice.needs.clone()) {
                if let Some(choice) = self.choices.get_mut(needed) {
                    choice.needed_by.push(number);
                }
            }
        }
    }

    /// Chooses ours of what these choices need, and of what that needs; gives what was not chosen before, in order.
    pub fn choose_needed(&mut self, by: &[usize]) -> Vec<usize> {
        self.follow(by, |choice| &choice.needs, Some(Side::Mine))
    }

    /// Gives up ours of what needs a choice, and of what needs that.
    fn give_up_needing(&mut self, number: usize) -> Vec<usize> {
        self.follow(&[number], |choice| &choice.needed_by, None)
    }

    /// Goes along these ways from choice to choice; gives those that had another side, in order.
    fn follow(
        &mut self,
        from: &[usize],
        ways: fn(&MergeChoice) -> &Vec<usize>,
        side: Option<Side>,
    ) -> Vec<usize> {
        let mut todo = from.to_vec();
        let mut along = Vec::new();
        while let Some(number) = todo.pop() {
            for next in self.choices.get(number).map_or_else(Vec::new, |choice| ways(choice).clone()) {
                if let Some(choice) = self.choices.get_mut(next)
                    && choice.side != side
                {
                    choice.side = side;
                    along.push(next);
                    todo.push(next);
                }
            }
        }
        along.sort_unstable();
        along
    }

    /// The line of the first of these choices.
    fn line_of(&self, choices: &[usize]) -> String {
        let is_it =
            |row: &&MergeRow| row.choice.is_some_and(|(number, _)| Some(number) == choices.first().copied());
        self.rows.iter().find(is_it).map_or_else(String::new, |row| {
            let SaveLine { sign, what, text, place, .. } = &row.line;
            let words = [sign.to_string().as_str(), what, text, place].join(" ");
            words.trim_end().to_owned()
        })
    }

    /// To the next line with a choice, or the one before.
    fn find_choice(&mut self, forward: bool) {
        let with_choice = |at: &usize| self.rows.get(*at).is_some_and(|row| row.choice.is_some());
        let found = if forward {
            (self.selected.saturating_add(1)..self.rows.len()).find(with_choice)
        } else {
            (0..self.selected).rev().find(with_choice)
        };
        self.selected = found.unwrap_or(self.selected);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(dialog: &mut MergeDialog, keys: &str) -> Outcome {
        crate::app::dialog::pressed(keys, |press| dialog.key(press, 10))
    }

    #[test]
    fn nothing_is_done_before_every_conflict_is_decided() {
        let row = |number, side| MergeRow { choice: Some((number, side)), ..MergeRow::default() };
        let choice = |is_conflict, side| MergeChoice { side, is_conflict, ..MergeChoice::default() };
        let mut dialog = MergeDialog {
            rows: vec![
                MergeRow::default(),
                row(0, Side::Mine),
                row(0, Side::Theirs),
                row(1, Side::Mine),
                row(1, Side::Theirs),
                row(2, Side::Mine),
            ],
            choices: vec![choice(true, None), choice(true, None), choice(false, Some(Side::Mine))],
            ..MergeDialog::default()
        };
        assert_eq!(press(&mut dialog, "Enter"), Outcome::Stay);
        assert_eq!(dialog.selected, 1, "the first that is not decided");
        assert_eq!(press(&mut dialog, "Tab Space Enter"), Outcome::Stay);
        assert_eq!((dialog.choices[0].side, dialog.selected), (Some(Side::Theirs), 3));
        assert_eq!(press(&mut dialog, "Space Space Enter"), Outcome::Stay, "a side can be given up again");
        assert_eq!(press(&mut dialog, "Space Enter"), Outcome::Submit);
        assert_eq!(press(&mut dialog, "End Space Enter"), Outcome::Submit, "ours alone may stay out");
        assert_eq!(dialog.chosen(), 1);
    }
}
