//! Every member of some levels, with the operations it holds there.
//!
//! A member's *own* holdings are what assignments at a level give to its SID, directly or by groups. What it may do
//! in a scope is that, and its holdings at the application's level, and those of the classes it is in.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::graph::{self, Block, EMPTY, Graph, LANES};
use super::links::{self, Finds};
use super::rights::{Operations, Principal, Rights};
use super::token;
use crate::accounts::{Sid, SidReader};
use crate::store::{Kind, LeafKind, ObjId, Store};

/// What a member holds by the assignments of one level.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The application or scope.
    pub level: ObjId,
    /// Who.
    pub principal: Principal,
    /// What: never empty.
    pub rights: Arc<Rights>,
}

/// What everybody who `is_wanted` holds by the assignments of each of these levels of one application, in the order of
/// levels and members. Linear in what the levels hold and in the grants there are.
pub fn holdings(
    store: &Store,
    operations: &Operations,
    levels: impl IntoIterator<Item = ObjId>,
    is_wanted: &dyn Fn(&Principal) -> bool,
) -> Vec<Holding> {
    let assignments: Vec<(ObjId, ObjId)> = levels
        .into_iter()
        .flat_map(|level| store.of_kind(level, Kind::Assignment).map(move |id| (level, id)))
        .collect();
    holdings_of(store, operations, &assignments, is_wanted)
}

/// The same for some assignments, each with its level, as if there were no others.
pub(super) fn holdings_of(
    store: &Store,
    operations: &Operations,
    assignments: &[(ObjId, ObjId)],
    is_wanted: &dyn Fn(&Principal) -> bool,
) -> Vec<Holding> {
    let grants = grants(store, assignments, is_wanted);
    let mut used: Vec<usize> = grants.iter().map(|grant| grant.2).collect();
    used.sort_unstable();
    used.dedup();
    let rights = rights(store, operations, used.iter().map(|&at| assignments[at].1));
    let rights: HashMap<usize, Arc<Rights>> = used.into_iter().zip(rights).collect();
    let mut holdings: Vec<Holding> = Vec::new();
    for ((level, principal), same) in runs(&grants) {
        let mut all =
            same.iter().filter_map(|grant| rights.get(&grant.2)).filter(|rights| !rights.is_empty());
        let Some(first) = all.next() else { continue };
        let mut sum = Arc::clone(first);
        all.for_each(|more| Arc::make_mut(&mut sum).join(more));
        if matches!(principal, Principal::Found(_)) {
            sum = Arc::new(sum.conditional());
        }
        holdings.push(Holding { level, principal, rights: sum });
    }
    holdings
}

/// What each of these assignments or definitions reaches through its links, in their order. A rule of a definition
/// itself does not count; those of the definitions in it do.
pub fn reached(store: &Store, operations: &Operations, owners: &[ObjId]) -> Vec<Arc<Rights>> {
    rights(store, operations, owners.iter().copied())
}

/// Who is in an application group, directly or by groups in it: accounts, and whoever a query or rule finds.
pub fn members_of(store: &Store, group: ObjId) -> Vec<Principal> {
    if links::finds(store, group) != Finds::Listed {
        return vec![Principal::Found(group)];
    }
    let mut members: Vec<Principal> =
        grants(store, &[(group, group)], &|_| true).into_iter().map(|grant| grant.1).collect();
    // As a level of its own a group lets in everybody whom it lists; what it keeps out is up to it.
    let out: HashSet<Sid> = links::sids(store, group, LeafKind::NonMember).collect();
    if !out.is_empty() {
        let is_out = |member: &Principal| match member {
            Principal::Account(sid) => is_kept_out(&out, sid),
            Principal::Found(_) => token::of_an_account().any(|sid| out.contains(&sid)),
        };
        members.retain(|member| !is_out(member));
    }
    members.dedup();
    members
}

fn is_kept_out(out: &HashSet<Sid>, sid: &Sid) -> bool {
    out.contains(sid) || token::implied(sid).any(|sid| out.contains(&sid))
}

/// What a member may do in one place: at the application's own level (`None`), which is everywhere, or in a scope
/// whose own assignments give it something there; what it may do everywhere can take the condition off that.
#[derive(Clone, Debug)]
pub struct Line {
    /// Who.
    pub principal: Principal,
    /// Where.
    pub scope: Option<ObjId>,
    /// What.
    pub rights: Arc<Rights>,
}

/// Every member of an application with what it may do in each place, without the ways there: member by member, the
/// application's own level first.
pub fn lines(store: &Store, application: ObjId, operations: &Operations) -> Vec<Line> {
    let levels = std::iter::once(application).chain(store.children_of(application, Kind::Scope));
    let held = holdings(store, operations, levels, &|_| true);
    let own = held.partition_point(|held| held.level == application);
    let (everywhere, _) = held.split_at(own);
    let surely = |rights: &Arc<Rights>, principal: &Principal| {
        let known = everywhere.binary_search_by(|held| held.principal.cmp(principal)).ok();
        let Some(own) = known.and_then(|at| everywhere.get(at)) else { return Arc::clone(rights) };
        let sure = |((plain, any), own): ((&u64, &u64), &u64)| plain | any & own;
        let plain = rights.plain.iter().zip(&rights.any).zip(&own.rights.plain).map(sure).collect();
        Arc::new(Rights { plain, any: rights.any.clone() })
    };
    let mut lines: Vec<Line> = held
        .iter()
        .enumerate()
        .map(|(at, Holding { level, principal, rights })| Line {
            principal: *principal,
            scope: (*level != application).then_some(*level),
            rights: if at < own { Arc::clone(rights) } else { surely(rights, principal) },
        })
        .collect();
    drop(held);
    // Each member's places stay in their order.
    lines.sort_by_key(|line| line.principal);
    lines
}

/// A level, who is a member there, and the number of the assignment that says so.
type Grant = (ObjId, Principal, usize);

/// Neighbours with the same level and member.
fn runs(grants: &[Grant]) -> impl Iterator<Item = ((ObjId, Principal), &[Grant])> {
    grants
        .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .filter_map(|same| same.first().map(|first| ((first.0, first.1), same)))
}

/// Who is in which assignment, directly or by groups; in order.
fn grants(
    store: &Store,
    assignments: &[(ObjId, ObjId)],
    is_wanted: &dyn Fn(&Principal) -> bool,
) -> Vec<Grant> {
    let mut grants: Vec<Grant> = Vec::new();
    let mut linked: Vec<(usize, ObjId)> = Vec::new();
    let mut read = SidReader::new();
    for (number, &(level, assignment)) in assignments.iter().enumerate() {
        links::each_sid(store, assignment, LeafKind::Member, &mut read, |sid| {
            let member = Principal::Account(sid);
            if is_wanted(&member) {
                grants.push((level, member, number));
            }
        });
        linked.extend(links::groups(store, assignment).map(|group| (number, group)));
    }
    // Levels come in their order: what each has is sorted by itself, and the whole is then.
    grants.chunk_by_mut(|a, b| a.0 == b.0).for_each(<[Grant]>::sort_unstable);
    if linked.is_empty() {
        grants.sort();
        return grants;
    }
    let mut by_groups: Vec<Grant> = Vec::new();
    let groups = Graph::reach(linked.iter().map(|link| link.1), |id| links::groups(store, id));
    // Every member of a group, with the nodes that list it.
    let mut listed: BTreeMap<Principal, Vec<usize>> = BTreeMap::new();
    for (node, &group) in groups.nodes().iter().enumerate() {
        let sids = links::sids(store, group, LeafKind::Member).map(Principal::Account);
        let found = (links::finds(store, group) != Finds::Listed).then_some(Principal::Found(group));
        for member in sids.chain(found).filter(is_wanted) {
            listed.entry(member).or_default().push(node);
        }
    }
    let listed: Vec<(Principal, Vec<usize>)> = listed.into_iter().collect();
    let keepers = keepers(store, &groups);
    let mut sets = vec![EMPTY; groups.nodes().len()];
    for members in listed.chunks(LANES) {
        sets.fill(EMPTY);
        for (lane, (_, nodes)) in members.iter().enumerate() {
            for &node in nodes {
                graph::put(&mut sets[node], lane);
            }
        }
        let keep = keep(&keepers, members, sets.len());
        if let Some(keep) = &keep {
            sets.iter_mut().zip(keep).for_each(|(set, keep)| {
                set.iter_mut().zip(keep).for_each(|(word, keep)| *word &= keep);
            });
        }
        groups.close(&mut sets, keep.as_deref());
        for &(number, group) in &linked {
            let Some(set) = groups.number(group).and_then(|node| sets.get(node)) else { continue };
            let level = assignments[number].0;
            by_groups.extend(graph::lanes(set).map(|lane| (level, members[lane].0, number)));
        }
    }
    by_groups.sort_unstable();
    grants.append(&mut by_groups);
    // This sort takes what is in order already as it is: it merges the two.
    grants.sort();
    // An assignment may name somebody and link a group that does too, or link a group twice.
    grants.dedup();
    grants
}

/// The nodes with non-members, and those.
fn keepers(store: &Store, groups: &Graph) -> Vec<(usize, HashSet<Sid>)> {
    let all = groups.nodes().iter().enumerate();
    all.map(|(node, &group)| (node, links::sids(store, group, LeafKind::NonMember).collect()))
        .filter(|(_, out): &(_, HashSet<Sid>)| !out.is_empty())
        .collect()
}

/// Whom each node lets through; `None` where every node lets everybody through. Whoever a query finds is kept out only
/// where everybody is.
fn keep(
    keepers: &[(usize, HashSet<Sid>)],
    members: &[(Principal, Vec<usize>)],
    nodes: usize,
) -> Option<Vec<Block>> {
    if keepers.is_empty() {
        return None;
    }
    let mut keep = vec![[u64::MAX; 4]; nodes];
    for (node, out) in keepers {
        for (lane, (member, _)) in members.iter().enumerate() {
            let is_out = match member {
                Principal::Account(sid) => is_kept_out(out, sid),
                Principal::Found(_) => token::of_an_account().any(|sid| out.contains(&sid)),
            };
            if is_out {
                keep[*node][lane / 64] &= !(1 << (lane % 64));
            }
        }
    }
    Some(keep)
}

/// What each of these definitions reaches, in their order.
pub fn definition_rights(store: &Store, operations: &Operations, definitions: &[ObjId]) -> Vec<Arc<Rights>> {
    let reached = rights(store, operations, definitions.iter().copied());
    let with_rule = |(&id, rights): (&ObjId, Arc<Rights>)| {
        if links::has_rule(store, id) { Arc::new(rights.conditional()) } else { rights }
    };
    definitions.iter().zip(reached).map(with_rule).collect()
}

/// What each of these assignments (or definitions, but for their own rules) grants, in their order.
pub(super) fn rights(
    store: &Store,
    operations: &Operations,
    assignments: impl Iterator<Item = ObjId>,
) -> Vec<Arc<Rights>> {
    let assignments: Vec<ObjId> = assignments.collect();
    let linked: Vec<Vec<ObjId>> =
        assignments.iter().map(|&id| links::definitions(store, id).collect()).collect();
    let definitions = Graph::reach(linked.iter().flatten().copied(), |id| links::definitions(store, id));
    let linked: Vec<Vec<usize>> =
        linked.iter().map(|ids| ids.iter().filter_map(|&id| definitions.number(id)).collect()).collect();
    let number = |id: ObjId| operations.number(id);
    // Operation and node, in the order of operations, so that each block takes a stretch of it.
    let mut own: Vec<(usize, usize)> = Vec::new();
    for (node, &id) in definitions.nodes().iter().enumerate() {
        own.extend(links::operations(store, id).filter_map(number).map(|operation| (operation, node)));
    }
    own.sort_unstable();
    let keep: Vec<Block> = definitions
        .nodes()
        .iter()
        .map(|&id| if links::has_rule(store, id) { EMPTY } else { [u64::MAX; 4] })
        .collect();
    let mut all: Vec<Rights> = assignments
        .iter()
        .map(|&id| {
            let mut rights = Rights::none(operations.words());
            for operation in links::operations(store, id).filter_map(number) {
                rights.plain[operation / 64] |= 1 << (operation % 64);
            }
            rights.any.clone_from(&rights.plain);
            rights
        })
        .collect();
    let mut sets = vec![EMPTY; keep.len()];
    let has_rules = keep.contains(&EMPTY);
    for part in own.chunk_by(|a, b| a.0 / LANES == b.0 / LANES) {
        let first = part.first().map_or(0, |own| own.0 / LANES * LANES);
        sets.fill(EMPTY);
        for &(operation, node) in part {
            graph::put(&mut sets[node], operation - first);
        }
        let plain = has_rules.then(|| {
            let mut plain: Vec<Block> =
                sets.iter().zip(&keep).map(|(set, keep)| if *keep == EMPTY { EMPTY } else { *set }).collect();
            definitions.close(&mut plain, Some(&keep));
            plain
        });
        definitions.close(&mut sets, None);
        for (rights, nodes) in all.iter_mut().zip(&linked) {
            for &node in nodes {
                let plain = plain.as_ref().unwrap_or(&sets);
                put_words(&mut rights.plain, first / 64, &plain[node]);
                put_words(&mut rights.any, first / 64, &sets[node]);
            }
        }
    }
    // Most assignments grant what another grants too.
    let mut known: HashSet<Arc<Rights>> = HashSet::new();
    let intern = |rights: Rights| {
        if let Some(known) = known.get(&rights) {
            return Arc::clone(known);
        }
        let rights = Arc::new(rights);
        known.insert(Arc::clone(&rights));
        rights
    };
    all.into_iter().map(intern).collect()
}

/// Adds a block to a set, from the word `at` on; the last block may reach beyond the set's end, with nothing in it.
fn put_words(set: &mut [u64], at: usize, block: &Block) {
    set.iter_mut().skip(at).zip(block).for_each(|(word, more)| *word |= more);
}
