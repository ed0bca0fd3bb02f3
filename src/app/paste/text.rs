//! What text on a clipboard is: change-language lines, or a list of accounts.
//!
//! Objects are copied as the lines that make them. Behind `#needs` stand, for a store that lacks them, the lines that
//! make what they link to; `azedit edit` takes those for comments.

use std::collections::HashSet;
use std::fmt::Write as _;

use crate::accounts::{Sid, sids_in};
use crate::app::bulk::{named, outermost};
use crate::store::{Change, Create, ObjId, Store, creation, split, unknown_within};

/// Begins a line that makes what the copied objects link to.
const NEEDS: &str = "#needs ";
/// Words that a line of the change language begins with.
const VERBS: [&str; 8] = ["create", "delete", "rename", "set", "add", "remove", "copy", "move"];

/// Text that was pasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pasted {
    /// Change-language lines.
    Lines(Lines),
    /// Accounts, one for each line or part of one.
    Accounts(Vec<Account>),
}

/// Change-language lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// What they do.
    pub changes: Vec<Change>,
    /// What makes that which they link to and do not make themselves.
    pub needs: Vec<Change>,
}

/// A part of a text that should name an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Which line, from 1.
    pub line: usize,
    /// As it was written.
    pub text: String,
    /// Whom it names, or why nobody who could be a member: a sentence that names it.
    pub sid: Result<Sid, String>,
}

/// The text that stands for these objects, with what they link to, and what it cannot carry, in sentences.
///
/// # Errors
/// What no change can say, such as a link to nothing.
pub fn of_objects(store: &Store, objects: &[ObjId], title: &str) -> Result<(String, Vec<String>), String> {
    let tops = ordered(store, &outermost(store, objects));
    let inside = |id: ObjId| tops.iter().any(|&top| store.is_within(id, top));
    let mut text = format!("# azedit: {} from {title}\n", one_line(&named(store, &tops)));
    let mut lost = Vec::new();
    let mut needs = Needs { store, seen: HashSet::new(), order: Vec::new() };
    for &top in &tops {
        lost.extend(unknown_within(store, top).into_iter().map(|what| format!("Not copied: {what}.")));
        for id in store.within(top) {
            needs.targets_of(id, &inside);
        }
    }
    for &top in &tops {
        for line in creation(store, top)? {
            let _ = writeln!(text, "{line}");
        }
    }
    for need in needs.order {
        // What cannot be said of it is found out where it is missing.
        for line in creation(store, need).unwrap_or_default() {
            let _ = writeln!(text, "{NEEDS}{line}");
        }
    }
    Ok((text, lost))
}

/// Names come from anywhere, and a comment ends with its line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// These objects, each behind those of them that it links to.
fn ordered(store: &Store, tops: &[ObjId]) -> Vec<ObjId> {
    let all: HashSet<ObjId> = tops.iter().copied().collect();
    let top_of =
        |id: ObjId| std::iter::successors(Some(id), |&id| store.parent(id)).find(|above| all.contains(above));
    let (mut done, mut entered) = (Vec::with_capacity(tops.len()), HashSet::new());
    for &top in tops {
        let mut waiting = vec![(top, false)];
        while let Some((id, is_ready)) = waiting.pop() {
            if is_ready {
                done.push(id);
            } else if entered.insert(id) {
                waiting.push((id, true));
                let leaves = store.within(id).flat_map(|id| store.leaves(id).collect::<Vec<_>>());
                let targets = leaves.filter_map(|leaf| store.target(leaf)).filter_map(top_of);
                waiting.extend(targets.map(|target| (target, false)));
            }
        }
    }
    done
}

/// What is linked to from outside, each behind what it links to itself.
struct Needs<'s> {
    store: &'s Store,
    seen: HashSet<ObjId>,
    order: Vec<ObjId>,
}

impl Needs<'_> {
    fn targets_of(&mut self, id: ObjId, inside: &dyn Fn(ObjId) -> bool) {
        let store = self.store;
        let targets = |id: ObjId| {
            let links = store.leaves(id).filter_map(|leaf| store.target(leaf));
            links.filter(|&target| !inside(target)).map(|target| (target, false)).collect::<Vec<_>>()
        };
        let mut waiting = targets(id);
        while let Some((id, is_ready)) = waiting.pop() {
            if is_ready {
                self.order.push(id);
            } else if self.seen.insert(id) {
                waiting.push((id, true));
                waiting.extend(targets(id));
            }
        }
    }
}

/// Who is meant by a word: an account that can be a member; or why nobody is, in a sentence that names the word.
pub type Resolve<'r> = dyn FnMut(&str) -> Result<Sid, String> + 'r;

/// Reads pasted text. Members and accounts that are no SIDs are names that `resolve` knows or does not.
///
/// # Errors
/// A sentence that names the line that is neither a change nor, among accounts, one.
pub fn read(text: &str, resolve: &mut Resolve<'_>) -> Result<Pasted, String> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let begins = |line: &str| line.split_whitespace().next().is_some_and(|word| VERBS.contains(&word));
    let mut meant = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    match meant.next() {
        Some(first) if begins(first) => lines(text, resolve).map(Pasted::Lines),
        Some(_) => Ok(Pasted::Accounts(accounts(text, resolve))),
        None => Err("The clipboard holds no text.".to_owned()),
    }
}

fn lines(text: &str, resolve: &mut Resolve<'_>) -> Result<Lines, String> {
    let mut read = Lines::default();
    let mut all = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let wrong = |why: String| format!("Line {number} is no change: {why}.");
        let need = line.strip_prefix(NEEDS);
        let words = split(need.unwrap_or(line)).map_err(|error| wrong(error.message))?;
        if !words.is_empty() {
            let change = Change::parse_words(&words).map_err(|error| wrong(error.message))?;
            all.push((number, need.is_some(), change));
        }
    }
    // Nobody is asked who is meant in a text that is wrong anyway; in one that is right, about all names at once.
    let mut fault = None;
    for (number, is_need, mut change) in all {
        for member in change.members_mut().filter(|member| Sid::parse(member.trim()).is_err()) {
            match resolve(member.trim()) {
                Ok(sid) => *member = sid.to_string(),
                Err(why) => _ = fault.get_or_insert_with(|| format!("Line {number}: {why}")),
            }
        }
        if is_need { read.needs.push(change) } else { read.changes.push(change) }
    }
    fault.map_or(Ok(read), Err)
}

fn accounts(text: &str, resolve: &mut Resolve<'_>) -> Vec<Account> {
    let mut read: Vec<Account> = Vec::new();
    let mut named = HashSet::new();
    for (line, written) in (1..).zip(text.lines()) {
        let parts = written.split([',', ';']).map(str::trim);
        for part in parts.filter(|part| !part.is_empty() && !part.starts_with('#')) {
            // `CONTOSO\joe (S-1-5-…)`, and lines of lists with one SID in them.
            let mut inside = sids_in(part);
            let only = inside.next().filter(|_| inside.next().is_none()).map(|sid| sid.to_string());
            let sid = resolve(only.as_deref().unwrap_or(part));
            if sid.as_ref().map_or(true, |sid| named.insert(*sid)) {
                read.push(Account { line, text: part.to_owned(), sid });
            }
        }
    }
    read
}

/// The object that a line makes, if it makes one.
pub fn created(change: &Change) -> Option<&Create> {
    match change {
        Change::Create(create) => Some(create),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::Names;
    use crate::store::{Kind, Session};

    /// Who is known everywhere.
    fn known(word: &str) -> Result<Sid, String> {
        Names::default().resolve_member(word).map_err(|_| format!("{word} is nobody."))
    }

    #[test]
    fn what_text_is_and_which_line_is_wrong() {
        assert_eq!(read(" \n# nothing\n", &mut known), Err("The clipboard holds no text.".to_owned()));
        let Ok(Pasted::Lines(lines)) =
            read("# x\r\ncreate scope S\r\nadd assignment A --member Everyone\r\n", &mut known)
        else {
            panic!();
        };
        assert_eq!(lines.changes[1].to_string(), "add assignment A --member S-1-1-0");
        assert!(
            read("create scope S\ncreate nothing X", &mut known)
                .unwrap_err()
                .starts_with("Line 2 is no change")
        );
        assert!(
            read("add assignment A --member joe", &mut known)
                .unwrap_err()
                .starts_with("Line 1: joe is nobody")
        );
    }

    #[test]
    fn names_are_asked_about_when_the_whole_text_is_right() {
        let mut asked = Vec::new();
        let mut ask = |text: &str| {
            let _ = read(text, &mut |word| {
                asked.push(word.to_owned());
                known(word)
            });
            std::mem::take(&mut asked)
        };
        let lines = "add assignment A --member joe --member S-1-1-0\nadd group G --member ann";
        assert_eq!(ask(lines), ["joe", "ann"]);
        assert_eq!(ask(&format!("{lines}\ncreate nothing")), [""; 0]);
        assert_eq!(
            ask("CONTOSO\\joe (S-1-1-0)\nS-1-5-32-544\tBUILTIN\\x\njoe"),
            ["S-1-1-0", "S-1-5-32-544", "joe"]
        );
    }

    #[test]
    fn accounts_are_read_line_by_line_and_noise_is_named() {
        let text = "S-1-1-0\nEveryone, BUILTIN\\Administrators\n\nGROUP INFORMATION\nS-1-0-0";
        let Ok(Pasted::Accounts(read)) = read(text, &mut known) else { panic!() };
        let shown: Vec<(usize, &str, bool)> =
            read.iter().map(|account| (account.line, account.text.as_str(), account.sid.is_ok())).collect();
        assert_eq!(
            shown,
            [
                (1, "S-1-1-0", true),
                (2, "BUILTIN\\Administrators", true),
                (4, "GROUP INFORMATION", false),
                (5, "S-1-0-0", false),
            ]
        );
    }

    #[test]
    fn what_is_copied_brings_what_it_links_to_as_comments() {
        let bytes = include_bytes!("../../../assets/InitialStore.xml").to_vec();
        let mut session = Session::new(Store::open(bytes).unwrap());
        for line in [
            "create task T --operation 'Start Virtual Machine'",
            "create role R --task T",
            "create assignment A --role R --member S-1-1-0",
        ] {
            session.apply(&[Change::parse(line).unwrap()], line).unwrap();
        }
        let store = session.store();
        let named = |kind: Kind, name: &str| {
            store.walk().find(|&id| store.kind(id) == kind && store.name(id) == name).unwrap()
        };
        let (text, lost) = of_objects(store, &[named(Kind::Assignment, "A")], "x.xml").unwrap();
        assert!(lost.is_empty());
        let firsts: Vec<String> =
            text.lines().map(|line| line.split(" --").next().unwrap_or_default().to_owned()).collect();
        assert_eq!(
            firsts,
            [
                "# azedit: role assignment \"A\" from x.xml",
                "create assignment A",
                "#needs create operation 'Start Virtual Machine'",
                "#needs create task T",
                "#needs create role R",
            ]
        );
        // What is copied along is not needed, and stands before what links to it.
        let both = [named(Kind::Assignment, "A"), named(Kind::Role, "R")];
        let (text, _) = of_objects(store, &both, "x.xml").unwrap();
        let Ok(Pasted::Lines(lines)) = read(&text, &mut known) else { panic!() };
        let made: Vec<&str> =
            lines.changes.iter().filter_map(created).map(|create| create.name.as_str()).collect();
        assert_eq!((made, lines.needs.len()), (vec!["R", "A"], 2));
    }
}
