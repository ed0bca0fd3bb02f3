//! Which key runs which action: the action table's own keys, and what the user's configuration says instead.
//!
//! The map is data of the program, so that dispatch, key bar and help look into one place. An action without any key
//! is still run from help, which therefore never loses its last key.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use super::actions::{ACTIONS, Id, get};
use super::input::{Key, KeyPress};

/// The key that help keeps when it would have none left.
const HELP: KeyPress = KeyPress { key: Key::F(1), ctrl: false, alt: false, shift: false };

/// Keys and actions, both ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    by_key: HashMap<KeyPress, Id>,
    by_action: HashMap<Id, Vec<KeyPress>>,
}

impl Default for Keymap {
    fn default() -> Keymap {
        Keymap::with(&BTreeMap::new()).0
    }
}

impl Keymap {
    /// The action table's keys, but for the actions named here, by [`name`]: those have exactly these. What is wrong
    /// is listed, and left out. A key that is taken from an action by the configuration is no fault: that action has
    /// what is left.
    pub fn with(wanted: &BTreeMap<String, Vec<String>>) -> (Keymap, Vec<String>) {
        let mut faults = Vec::new();
        let mut map = Keymap { by_key: HashMap::new(), by_action: HashMap::new() };
        for unknown in
            wanted.keys().filter(|wanted| !ACTIONS.iter().any(|action| name(action.id) == **wanted))
        {
            faults.push(format!("there is no action `{unknown}`"));
        }
        let own = |id: Id| wanted.get(&name(id));
        for action in ACTIONS {
            for key in own(action.id).into_iter().flatten() {
                match key.parse::<KeyPress>() {
                    Err(error) => faults.push(format!("{}: {error}", name(action.id))),
                    Ok(press) => match map.by_key.get(&press) {
                        Some(other) if *other != action.id => {
                            faults.push(format!(
                                "`{press}` is given to {} and to {}",
                                name(*other),
                                name(action.id)
                            ));
                        }
                        _ => map.give(press, action.id),
                    },
                }
            }
        }
        for action in ACTIONS.iter().filter(|action| own(action.id).is_none()) {
            for press in action.keys.iter().filter_map(|key| key.parse().ok()) {
                if !map.by_key.contains_key(&press) {
                    map.give(press, action.id);
                }
            }
        }
        if map.of(Id::Help).is_empty() {
            faults.push(format!("help needs a key, or nothing could be found any more: it keeps {HELP}"));
            if let Some(robbed) = map.by_key.get(&HELP).copied() {
                map.by_action.entry(robbed).or_default().retain(|press| *press != HELP);
            }
            map.give(HELP, Id::Help);
        }
        (map, faults)
    }

    fn give(&mut self, press: KeyPress, id: Id) {
        self.by_key.insert(press, id);
        let keys = self.by_action.entry(id).or_default();
        if !keys.contains(&press) {
            keys.push(press);
        }
    }

    /// The action that a key runs in the panes.
    pub fn action(&self, press: KeyPress) -> Option<Id> {
        self.by_key.get(&press).copied()
    }

    /// The keys of an action, the shown one first.
    pub fn of(&self, id: Id) -> &[KeyPress] {
        self.by_action.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The key of an action that is shown; empty where it has none.
    pub fn shown(&self, id: Id) -> String {
        self.of(id).first().map_or_else(String::new, KeyPress::to_string)
    }

    /// An action as a sentence names it: by its key, or else by its label, by which help finds it.
    pub fn named(&self, id: Id) -> String {
        match self.of(id).first() {
            Some(press) => press.to_string(),
            None => format!("\"{}\"", get(id).map_or("", |action| action.label)),
        }
    }

    /// All keys of an action, as help lists them.
    pub fn listed(&self, id: Id) -> String {
        self.of(id).iter().map(KeyPress::to_string).collect::<Vec<_>>().join(" ")
    }
}

/// What the configuration calls an action: `new-role` for [`Id::NewRole`].
pub fn name(id: Id) -> String {
    let mut name = String::new();
    for c in format!("{id:?}").chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

/// The part of the annotated configuration that lists every action with its keys, each line a comment.
pub fn annotated() -> String {
    // Writing to a string cannot fail.
    let mut text = String::new();
    let mut group = None;
    for action in ACTIONS {
        if group != Some(action.group) {
            group = Some(action.group);
            let _ = writeln!(text, "\n# {}", action.group.label());
        }
        let keys: Vec<String> = action.keys.iter().map(|key| quoted(key)).collect();
        let _ = writeln!(text, "#   {}\n# {} = [{}]", action.help, name(action.id), keys.join(", "));
    }
    text
}

/// A TOML string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(wanted: &[(&str, &[&str])]) -> (Keymap, Vec<String>) {
        let own = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect();
        Keymap::with(&wanted.iter().map(|(name, keys)| ((*name).to_owned(), own(keys))).collect())
    }

    fn id(map: &Keymap, key: &str) -> Option<Id> {
        map.action(key.parse().unwrap())
    }

    #[test]
    fn without_a_configuration_the_table_holds() {
        let map = Keymap::default();
        for action in ACTIONS {
            let keys: Vec<String> = map.of(action.id).iter().map(KeyPress::to_string).collect();
            assert_eq!(keys, action.keys);
            assert!(action.keys.iter().all(|key| id(&map, key) == Some(action.id)));
        }
    }

    #[test]
    fn names_are_unique_and_as_they_are_written() {
        assert_eq!(name(Id::NewRole), "new-role");
        let mut names: Vec<String> = ACTIONS.iter().map(|action| name(action.id)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), ACTIONS.len());
    }

    #[test]
    fn sentences_name_the_key_that_there_is() {
        let (map, _) = with(&[("create", &["F4"]), ("save", &[])]);
        assert_eq!([Id::Create, Id::Save, Id::Help].map(|id| map.named(id)), ["F4", "\"Save\"", "?"]);
    }

    #[test]
    fn what_is_configured_takes_the_place_of_the_actions_own_keys() {
        let (map, faults) = with(&[("rename", &["Ctrl+E", "u"]), ("quit", &[])]);
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!((id(&map, "Ctrl+E"), id(&map, "u")), (Some(Id::Rename), Some(Id::Rename)));
        assert_eq!((id(&map, "F2"), id(&map, "q")), (None, None));
        assert_eq!(map.listed(Id::Rename), "Ctrl+E u");
        assert_eq!(map.listed(Id::Undo), "Ctrl+Z", "it lost one key and keeps the other");
        assert_eq!(map.shown(Id::Quit), "");
    }

    #[test]
    fn faults_are_listed_and_the_rest_holds() {
        let (map, faults) = with(&[
            ("renam", &["x"]),
            ("rename", &["Strg+R", "F4"]),
            ("describe", &["F4", "D"]),
            ("help", &["F1x"]),
            ("log", &["F1", "m"]),
        ]);
        assert_eq!(faults.len(), 5, "{faults:?}");
        assert_eq!((id(&map, "F4"), id(&map, "D")), (Some(Id::Rename), Some(Id::Describe)));
        assert_eq!((id(&map, "F1"), map.listed(Id::Help)), (Some(Id::Help), "F1".to_owned()));
        assert_eq!(map.listed(Id::Log), "m");
    }
}
