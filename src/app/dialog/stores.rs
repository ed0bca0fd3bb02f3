//! The list of the open stores, with type-to-find.

use crate::app::effect::DocId;
use crate::app::input::{Key, KeyPress};
use crate::app::line::Line;
use crate::store::fold;

use super::list::List;
use super::{Answer, Outcome};

/// One open store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreRow {
    /// Which.
    pub id: DocId,
    /// Its file's name.
    pub name: String,
    /// Its path; empty for the sample.
    pub place: String,
    /// What is unsaved; empty where nothing is.
    pub state: String,
}

/// The open stores, with the filter focused. Enter shows the selected one.
#[derive(Debug)]
pub struct StoreList {
    /// Every store, in the order in which they were opened.
    pub rows: Vec<StoreRow>,
    /// What is typed to find, and the stores that match.
    pub list: List,
}

impl StoreList {
    /// A list that stands on the row with this index.
    pub fn new(rows: Vec<StoreRow>, selected: usize) -> StoreList {
        let list = List { selected, ..List::of(rows.len()) };
        StoreList { rows, list }
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        let chosen = self.list.current().and_then(|index| self.rows.get(index));
        match press.key {
            Key::Esc if !self.list.filter.text().is_empty() => {
                self.list.filter = Line::default();
                self.refilter();
            }
            Key::Esc => return Outcome::Close,
            Key::Enter => {
                return chosen.map_or(Outcome::Stay, |row| Outcome::Answered(Answer::Show(row.id)));
            }
            Key::Char('w') if press.ctrl && !press.alt => {
                return chosen.map_or(Outcome::Stay, |row| Outcome::Answered(Answer::Close(row.id)));
            }
            _ if self.list.moves(press, page) => {}
            _ if self.list.types(press) => self.refilter(),
            _ => {}
        }
        Outcome::Stay
    }

    /// Pasted text goes into the filter.
    pub fn paste(&mut self, text: &str) {
        self.list.filter.insert(text);
        self.refilter();
    }

    /// Shows what holds every typed word in its name, path or state.
    fn refilter(&mut self) {
        let wanted = fold(self.list.filter.text());
        let matches = |row: &StoreRow| {
            let text = format!("{} {} {}", row.name, row.place, row.state);
            let text = fold(&text);
            wanted.split_whitespace().all(|word| text.contains(word))
        };
        let shown = self.rows.iter().enumerate().filter(|(_, row)| matches(row)).map(|(at, _)| at).collect();
        self.list.show_keeping(shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> StoreList {
        let row = |id, name: &str, state: &str| StoreRow {
            id: DocId(id),
            name: name.to_owned(),
            place: format!("/stores/{name}"),
            state: state.to_owned(),
        };
        StoreList::new(vec![row(1, "A.xml", ""), row(2, "B.xml", "1 change"), row(3, "C.xml", "")], 0)
    }

    fn press(list: &mut StoreList, keys: &str) -> Outcome {
        crate::app::dialog::pressed(keys, |press| list.key(press, 10))
    }

    #[test]
    fn typing_finds_by_name_path_and_state() {
        assert_eq!(press(&mut list(), "\"change\" Enter"), Outcome::Answered(Answer::Show(DocId(2))));
        assert_eq!(press(&mut list(), "\"c.X\" Enter"), Outcome::Answered(Answer::Show(DocId(3))));
        assert_eq!(press(&mut list(), "\"none of them\" Enter"), Outcome::Stay);
        assert_eq!(press(&mut list(), "Down Down Ctrl+W"), Outcome::Answered(Answer::Close(DocId(3))));
    }

    #[test]
    fn what_was_selected_stays_so_while_it_is_found_and_esc_first_empties_the_filter() {
        let mut list = list();
        press(&mut list, "Down \"xml\"");
        assert_eq!((list.list.selected, list.list.shown.len()), (1, 3));
        assert_eq!(press(&mut list, "\" change\" Esc"), Outcome::Stay);
        assert_eq!((list.list.selected, list.list.shown.len()), (1, 3));
        assert_eq!(press(&mut list, "Esc"), Outcome::Close);
    }
}
