//! Paths that are typed: completing one, and the stores that were opened last.

use std::path::PathBuf;

use super::dialog::Dialog;
use super::dialog::form::PATH;
use super::effect::Effect;
use super::filing;
use super::state::App;

/// A store that was opened before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// Where it is, or was.
    pub path: PathBuf,
    /// Whether there is a file.
    pub is_there: bool,
}

/// Names listed of what a path could become; more of them say nothing.
const LISTED: usize = 12;

/// Opens one of the stores that were opened last, by its number from 1.
pub fn open_recent(app: &mut App, number: usize, effects: &mut Vec<Effect>) {
    match number.checked_sub(1).and_then(|index| app.opened_before.get(index)).cloned() {
        Some(Recent { path, is_there: true }) => filing::open(app, path, effects),
        Some(Recent { path, .. }) => app.object(format!("{} is not there.", path.display())),
        None => app.object(format!("There is no {number} in the list.")),
    }
}

/// Asks the host what the path in the form could become.
pub fn complete(app: &App, effects: &mut Vec<Effect>) {
    if let Some(Dialog::Form(form)) = app.dialogs.last() {
        effects.push(Effect::Complete(form.value(PATH)));
    }
}

/// Takes in what a path could become: what all of it begins with is typed, and where that is no more than there was,
/// the key does what it does in other fields.
pub fn completed(app: &mut App, typed: &str, found: &[String]) {
    let store = app.docs.get(app.current).map(super::doc::Doc::store);
    let Some(Dialog::Form(form)) = app.dialogs.last_mut() else { return };
    if form.focused_path() != Some(typed) {
        return;
    }
    let common = common_beginning(found);
    let is_listed = !form.note.is_empty();
    form.note.clear();
    if common.len() > typed.len() || (!common.is_empty() && common != typed) {
        form.set_path(common);
    } else if found.len() < 2 || is_listed {
        // Leaving a field says in the form what is wrong with it.
        let _ = form.next(store);
        return;
    }
    if found.len() > 1 {
        let begin = common.rfind(['/', '\\']).map_or(0, |at| at.saturating_add(1));
        let names = found.iter().take(LISTED).filter_map(|path| path.get(begin..));
        let mut candidates: Vec<String> = names.map(str::to_owned).collect();
        if found.len() > LISTED {
            candidates.push(format!("and {} more", found.len().saturating_sub(LISTED)));
        }
        form.note = candidates.join("   ");
    }
}

/// What all of these begin with.
fn common_beginning(found: &[String]) -> &str {
    let Some((first, rest)) = found.split_first() else { return "" };
    let same = |other: &String| {
        let pairs = first.char_indices().zip(other.chars());
        let end = pairs.take_while(|((_, a), b)| a == b).last();
        end.map_or(0, |((at, c), _)| at.saturating_add(c.len_utf8()))
    };
    let length = rest.iter().map(same).min().unwrap_or(first.len());
    first.get(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_beginning_ends_at_a_character() {
        let common = |found: &[&str]| common_beginning(&found.map_owned()).to_owned();
        assert_eq!(common(&[]), "");
        assert_eq!(common(&["/a/Store.xml"]), "/a/Store.xml");
        assert_eq!(common(&["/a/Store.xml", "/a/Stone.xml"]), "/a/Sto");
        assert_eq!(common(&["/a/é.xml", "/a/è.xml"]), "/a/");
        assert_eq!(common(&["/a", "/a/b"]), "/a");
    }

    trait MapOwned {
        fn map_owned(&self) -> Vec<String>;
    }
    impl MapOwned for [&str] {
        fn map_owned(&self) -> Vec<String> {
            self.iter().map(|&text| text.to_owned()).collect()
        }
    }
}
