//! Gains and losses against what two matrices differ by.

use std::collections::{BTreeMap, BTreeSet};

use azedit::access::{Access, Answer, Principal, Where, gains};
use azedit::store::{Kind, ObjId, Store};

use crate::random::{open, random_store};
use crate::support::Random;

/// What each member may do at each place by its own SID, as the matrix has it: surely or perhaps.
pub fn matrix(store: &Store) -> BTreeMap<(String, Option<String>, String), Answer> {
    let mut matrix = BTreeMap::new();
    for application in store.children_of(store.root(), Kind::Application) {
        let result: Result<(), ()> = Access::of(store, application, Where::Anywhere).all_rows(|row| {
            let key =
                (who(store, row.principal), row.scope.map(|id| name(store, id)), name(store, row.operation));
            matrix.insert(key, row.answer);
            Ok(())
        });
        result.unwrap();
    }
    matrix
}

pub fn name(store: &Store, id: ObjId) -> String {
    store.path(id)
}

pub fn who(store: &Store, principal: Principal) -> String {
    match principal {
        Principal::Account(sid) => sid.to_string(),
        Principal::Found(group) => name(store, group),
    }
}

/// Whoever may do more in one matrix than in the other, in a place where that is not what it may do everywhere.
pub fn more(
    here: &BTreeMap<(String, Option<String>, String), Answer>,
    there: &BTreeMap<(String, Option<String>, String), Answer>,
) -> BTreeSet<(String, Option<String>, String, bool)> {
    let get = |of: &BTreeMap<_, Answer>, who: &String, scope: Option<String>, operation: &String| {
        of.get(&(who.clone(), scope, operation.clone())).copied().unwrap_or(Answer::No)
    };
    let surplus = here.iter().filter_map(|((who, scope, operation), answer)| {
        let had = get(there, who, scope.clone(), operation).max(get(there, who, None, operation));
        let everywhere = if scope.is_some() { get(here, who, None, operation) } else { Answer::No };
        (*answer > had.max(everywhere))
            .then(|| (who.clone(), scope.clone(), operation.clone(), *answer == Answer::Conditional))
    });
    surplus.collect()
}

#[test]
fn gains_and_losses_are_what_two_matrices_differ_by() {
    let mut random = Random(42);
    let mut found = 0;
    for _ in 0..300 {
        let text = random_store(&mut random, 0);
        // Members change, a rule comes or goes, an operation goes: objects keep their names and places.
        let mut other = text.clone();
        for _ in 0..=random.below(3) {
            let change = [
                ("S-1-1-0</Member>", "S-1-5-21-1-2-3-1001</Member>"),
                ("<BizRule>x = 1</BizRule>", ""),
                ("<BizRule> </BizRule>", "<BizRule>y = 2</BizRule>"),
                ("S-1-5-32-544</Member>", "nobody</Member>"),
                ("GroupType=\"LdapQuery\"", "GroupType=\"Basic\""),
                ("NonMember>", "Member>"),
            ];
            let (from, to) = *random.pick(&change).unwrap();
            other = other.replace(from, to);
        }
        let (old, new) = (open(&text), open(&other));
        let (gained, lost) = gains(&old, &new);
        let (before, after) = (matrix(&old), matrix(&new));
        for (store, list, expected) in
            [(&new, gained, more(&after, &before)), (&old, lost, more(&before, &after))]
        {
            let mut told = BTreeSet::new();
            for gain in list {
                let scope = gain.scope.map(|id| name(store, id));
                for (ids, is_conditional) in [(&gain.plain, false), (&gain.conditional, true)] {
                    told.extend(ids.iter().map(|&id| {
                        (who(store, gain.principal), scope.clone(), name(store, id), is_conditional)
                    }));
                }
            }
            assert_eq!(told, expected);
            found += told.len();
        }
    }
    assert!(found > 150, "{found}");
}
