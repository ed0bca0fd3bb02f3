//! What the lists of the access view list.

use std::collections::HashSet;
use std::fmt::Write as _;

use crate::access::Principal;
use crate::accounts::{self, Names, Sid};
use crate::app::dialog::access::{AccessView, Who};
use crate::app::dialog::access_chooser::{Chooser, Choosing, Chosen};
use crate::store::{ObjId, Store, fold};

/// So many lines are listed; who wants others types more of them.
const LISTED: usize = 200;

/// Fills the list with what its filter lets through.
pub fn refill((store, names): (&Store, &Names), view: &AccessView, chooser: &mut Chooser) {
    let typed = fold(chooser.filter.text().trim()).into_owned();
    chooser.shown.clear();
    chooser.more = false;
    chooser.place = crate::app::dialog::access::Place::default();
    match chooser.choosing {
        Choosing::Who => who((store, names), view, &typed, chooser),
        Choosing::Scope => {
            let here = "the application's own level, everywhere";
            let own = (typed.is_empty() || here.contains(&typed)).then_some(None);
            let scopes = view.scopes.iter().copied().filter(|&id| fold(&store.name(id)).contains(&typed));
            list(chooser, own.into_iter().chain(scopes.map(Some)).map(Chosen::Scope));
        }
        Choosing::Operation => {
            let fits = |&id: &ObjId| {
                let number = store.operation_id(id).map(|number| number.to_string());
                fold(&store.name(id)).contains(&typed)
                    || number.is_some_and(|number| number.starts_with(&typed))
            };
            let all = typed.is_empty().then_some(None);
            let ids = view.operations.ids().iter().copied().filter(fits).map(Some);
            list(chooser, all.into_iter().chain(ids).map(Chosen::Operation));
        }
    }
}

fn list(chooser: &mut Chooser, found: impl Iterator<Item = Chosen>) {
    let mut found = found.peekable();
    chooser.shown.extend(found.by_ref().take(LISTED));
    chooser.more = found.peek().is_some();
}

fn who((store, names): (&Store, &Names), view: &AccessView, typed: &str, chooser: &mut Chooser) {
    if let Some(pasted) = &chooser.pasted {
        chooser.shown.push(Chosen::Pasted(pasted.clone()));
        return;
    }
    let sid = names.resolve(typed).ok();
    let told: HashSet<Sid> = names.find(|name| fold(name).contains(typed)).collect();
    let typed_sid = sid.filter(|sid| view.roster.number(Principal::Account(*sid)).is_none());
    // One text is written into again and again: there may be a million members.
    let mut text = String::new();
    let fits = |member: &Principal| {
        if typed.is_empty() || sid.is_some_and(|sid| *member == Principal::Account(sid)) {
            return true;
        }
        match member {
            Principal::Account(sid) => {
                text.clear();
                let _ = write!(text, "{sid}");
                text.make_ascii_lowercase();
                text.contains(typed) || told.contains(sid) || has_name(sid, typed)
            }
            Principal::Found(group) => fold(&store.name(*group)).contains(typed),
        }
    };
    let members = (0..view.roster.len()).filter_map(|number| view.roster.member(number)).filter(fits);
    list(chooser, typed_sid.map(Chosen::Typed).into_iter().chain(members.map(Chosen::Member)));
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
