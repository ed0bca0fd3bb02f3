//! What the lists of the access view list.
//!
//! There may be a million members, and tens of thousands of scopes: a key looks at a slice of them, and the rest is
//! looked at while no key waits.

use std::collections::HashSet;
use std::fmt::Write as _;

use crate::access::Principal;
use crate::accounts::{self, Names, Sid};
use crate::app::dialog::access::{AccessView, Face, Place, Who};
use crate::app::dialog::access_chooser::{Chooser, Choosing, Chosen};
use crate::store::{ObjId, Store, fold};

/// So many lines are listed; who wants others types more of them.
const LISTED: usize = 200;
/// So many members or scopes are looked at in one go: a few milliseconds' work.
const SLICE: usize = 10_000;

/// Begins to fill the list with what its filter lets through.
pub fn refill((store, names): (&Store, &Names), view: &AccessView, chooser: &mut Chooser) {
    chooser.shown.clear();
    (chooser.looked, chooser.more, chooser.is_done) = (0, false, false);
    chooser.place = Place::default();
    let typed = typed(chooser);
    // Of nothing typed all are found anyway.
    let told = names.find(|name| !typed.is_empty() && fold(name).contains(&typed));
    chooser.told = if chooser.choosing == Choosing::Who { told.collect() } else { HashSet::new() };
    match chooser.choosing {
        Choosing::Who => {
            if let Some(pasted) = &chooser.pasted {
                chooser.shown.push(Chosen::Pasted(pasted.clone()));
                chooser.is_done = true;
            } else if let Ok(sid) = names.resolve(&typed) {
                let member = Principal::Account(sid);
                let is_listed = view.roster.as_ref().is_some_and(|roster| roster.number(member).is_some());
                chooser.shown.push(if is_listed { Chosen::Member(member) } else { Chosen::Typed(sid) });
            }
        }
        Choosing::Scope => {
            let is_meant = typed.is_empty() || "the application's own level, everywhere".contains(&typed);
            chooser.shown.extend(is_meant.then_some(Chosen::Scope(None)));
        }
        Choosing::Operation => {
            let fits = |&id: &ObjId| {
                let number = store.operation_id(id).map(|number| number.to_string());
                fold(&store.name(id)).contains(&typed)
                    || number.is_some_and(|number| number.starts_with(&typed))
            };
            // Of one operation there is no list of all.
            let counts = typed.is_empty() && view.face == Face::Members;
            let ids = view.operations.ids().iter().copied().filter(fits).map(Some);
            let all = counts.then_some(None).into_iter().chain(ids).map(Chosen::Operation);
            let mut all = all.peekable();
            chooser.shown.extend(all.by_ref().take(LISTED));
            (chooser.is_done, chooser.more) = (true, all.peek().is_some());
        }
    }
    go_on(store, view, chooser);
}

/// Looks at a slice more.
pub fn go_on(store: &Store, view: &AccessView, chooser: &mut Chooser) {
    let Some(roster) = view.roster.as_ref().filter(|_| !chooser.is_done) else { return };
    let typed = typed(chooser);
    // The account that is meant by the whole of what is typed.
    let first = chooser.shown.first().cloned();
    let mut part = Part::new(&typed);
    let count = if chooser.choosing == Choosing::Who { roster.len() } else { roster.scope_count() };
    let end = chooser.looked.saturating_add(SLICE).min(count);
    while chooser.looked < end && !chooser.more {
        let number = chooser.looked;
        chooser.looked = chooser.looked.saturating_add(1);
        let found = match chooser.choosing {
            Choosing::Who => roster
                .member(number)
                // Listed already, as the first.
                .filter(|member| first != Some(Chosen::Member(*member)))
                .filter(|member| match member {
                    Principal::Account(sid) => {
                        part.is_in(sid) || chooser.told.contains(sid) || has_name(sid, &typed)
                    }
                    Principal::Found(group) => fold(&store.name(*group)).contains(&typed),
                })
                .map(Chosen::Member),
            _ => roster
                .scope(number)
                .filter(|&id| fold(&store.name(id)).contains(&typed))
                .map(|id| Chosen::Scope(Some(id))),
        };
        if let Some(found) = found {
            if chooser.shown.len() < LISTED {
                chooser.shown.push(found);
            } else {
                chooser.more = true;
            }
        }
    }
    chooser.is_done = chooser.more || chooser.looked >= count;
}

fn typed(chooser: &Chooser) -> String {
    fold(chooser.filter.text().trim()).into_owned()
}

/// A part of the text of a SID. The accounts of one domain are asked one after another, and differ in their last number
/// alone: what the rest has of the part is looked up once.
struct Part<'t> {
    typed: &'t str,
    domain: Option<Sid>,
    /// The part is in the text of the domain itself.
    is_in_domain: bool,
    /// What is left of the part behind each place where the domain's text can end.
    rests: Vec<&'t str>,
    text: String,
}

impl<'t> Part<'t> {
    fn new(typed: &'t str) -> Part<'t> {
        Part { typed, domain: None, is_in_domain: false, rests: Vec::new(), text: String::new() }
    }

    fn is_in(&mut self, sid: &Sid) -> bool {
        let (domain, number) = match (sid.parent(), sid.subauthorities().last()) {
            (Some(domain), Some(number)) => (domain, *number),
            _ => return sid.to_string().to_ascii_lowercase().contains(self.typed),
        };
        if self.domain != Some(domain) {
            let head = format!("{domain}-").to_ascii_lowercase();
            let ends = self.typed.char_indices().filter(|(at, _)| *at > 0);
            let rests = ends.filter_map(|(at, _)| self.typed.split_at_checked(at));
            self.rests = rests.filter(|(begin, _)| head.ends_with(begin)).map(|(_, rest)| rest).collect();
            self.is_in_domain = head.contains(self.typed);
            self.domain = Some(domain);
        }
        if self.is_in_domain {
            return true;
        }
        self.text.clear();
        // Writing into memory cannot fail.
        let _ = write!(self.text, "{number}");
        self.text.contains(self.typed) || self.rests.iter().any(|rest| self.text.starts_with(rest))
    }
}

/// Whether the account has a well-known name that fits. Nearly every account is a domain's own, and has none: those are
/// numbered from 1000 on.
fn has_name(sid: &Sid, typed: &str) -> bool {
    let is_ordinary =
        matches!((sid.authority(), sid.subauthorities()), (5, [21, _, _, _, rid]) if *rid >= 1000);
    !is_ordinary && accounts::display_name(sid).is_some_and(|name| fold(&name).contains(typed))
}

/// What a line of the list stands for, taken into the view.
pub fn take(view: &mut AccessView, chosen: Chosen) {
    match chosen {
        Chosen::Member(member) => view.who = Some(Who::member(member)),
        Chosen::Typed(sid) => view.who = Some(Who::account(sid)),
        Chosen::Pasted(pasted) => {
            // Groups alone are those of the account that was chosen before.
            let before = match &view.who {
                Some(Who::Account { account, .. }) => *account,
                _ => None,
            };
            let account = pasted.account.or(before);
            view.who = Some(Who::Account { account, groups: pasted.groups, implied: true });
        }
        Chosen::Scope(scope) => view.scope = scope,
        Chosen::Operation(operation) => view.operation = operation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_sid_is_found_wherever_it_is_and_nowhere_else() {
        let sids =
            ["S-1-1-0", "S-1-5-32-544", "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-3100", "S-1-5-21-11-2-3-21"];
        let texts: Vec<String> = sids.iter().map(|sid| sid.to_lowercase()).collect();
        let mut parts: Vec<&str> = vec!["", "-3-31", "9", "--", "x", "1-100", "s-1-5-21-1-2-3-1001 "];
        for text in &texts {
            let to_end = |from| (from..text.len()).filter_map(move |to| text.get(from..=to));
            parts.extend((0..text.len()).flat_map(to_end));
        }
        for typed in parts {
            let mut part = Part::new(typed);
            for (sid, text) in sids.iter().zip(&texts) {
                assert_eq!(part.is_in(&Sid::parse(sid).unwrap()), text.contains(typed), "{typed} in {sid}");
            }
        }
    }
}
