//! The ways from an assignment to an operation, and of an account into an assignment: what an answer is because of.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;

use super::graph::Graph;
use super::links::{self, Condition, Finds};
use super::rights::Principal;
use super::token::{self, Token};
use crate::accounts::{Sid, SidReader};
use crate::store::{LeafKind, ObjId, Store};

/// How an account comes into a role assignment.
#[derive(Clone, Debug)]
pub(super) struct WayIn {
    /// The SID that is listed; `None`: whoever the last group finds.
    pub member: Option<Sid>,
    /// From the group that the assignment links to the one that lists the member; empty where it lists it itself.
    pub groups: Vec<ObjId>,
    /// What it depends on.
    pub condition: Option<Condition>,
}

/// How a role assignment comes to an operation.
#[derive(Clone, Debug)]
pub(super) struct WayOut {
    /// The definition that the assignment links; `None` where it links the operation itself.
    pub role: Option<ObjId>,
    /// The definitions between that one and the operation.
    pub tasks: Vec<ObjId>,
    /// What it depends on.
    pub condition: Option<Condition>,
}

/// Nodes and what each is nested in.
struct Nesting {
    graph: Graph,
    outer: Vec<Vec<usize>>,
}

impl Nesting {
    fn of(graph: Graph) -> Nesting {
        let mut outer = vec![Vec::new(); graph.nodes().len()];
        for node in 0..graph.nodes().len() {
            for &inner in graph.inner(node) {
                outer[inner].push(node);
            }
        }
        Nesting { graph, outer }
    }

    /// What can be reached outwards from some nodes, by the fewest steps, through nodes that let it through.
    fn spread(&self, from: impl IntoIterator<Item = usize>, lets_through: impl Fn(usize) -> bool) -> Reached {
        let mut reached = HashMap::new();
        let mut todo: VecDeque<(usize, Option<usize>)> = from.into_iter().map(|node| (node, None)).collect();
        while let Some((node, by)) = todo.pop_front() {
            if !reached.contains_key(&node) && lets_through(node) {
                reached.insert(node, by);
                todo.extend(self.outer[node].iter().map(|&outer| (outer, Some(node))));
            }
        }
        Reached(reached)
    }

    fn ids(&self, nodes: impl IntoIterator<Item = usize>) -> Vec<ObjId> {
        nodes.into_iter().map(|node| self.graph.nodes()[node]).collect()
    }
}

/// From a node to the one that it was reached from.
struct Reached(HashMap<usize, Option<usize>>);

impl Reached {
    /// The nodes from this one to where it began; `None` if it was not reached.
    fn way(&self, node: usize) -> Option<Vec<usize>> {
        self.0
            .contains_key(&node)
            .then(|| std::iter::successors(Some(node), |node| self.0.get(node).copied().flatten()).collect())
    }
}

/// The definitions that some assignments reach.
pub(super) struct Definitions<'s> {
    store: &'s Store,
    nesting: Nesting,
    has_rule: Vec<bool>,
    /// For each operation the nodes that link it.
    linking: HashMap<ObjId, Vec<usize>>,
    /// For each operation asked for: what leads to it past no rule, and what leads to it at all.
    ways: HashMap<ObjId, (Reached, Reached)>,
    /// What assignments link, each list once: most of a large store's assignments link what another does.
    lists: Vec<Linked>,
    list_number: HashMap<Linked, usize>,
    list_of: HashMap<ObjId, usize>,
    /// The ways by a list and an operation, as far as they were asked for lately.
    known: HashMap<(usize, ObjId), Rc<[WayOut]>>,
}

/// So many ways are remembered before all are forgotten: about 100 MB of them.
const MOST_KNOWN: usize = 1_000_000;

/// What an assignment links.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Linked {
    definitions: Vec<ObjId>,
    operations: Vec<ObjId>,
}

impl<'s> Definitions<'s> {
    pub(super) fn of(store: &'s Store, assignments: impl IntoIterator<Item = ObjId>) -> Definitions<'s> {
        Definitions::among(store, assignments.into_iter().flat_map(|id| links::definitions(store, id)))
    }

    /// These definitions, and all that they reach.
    pub(super) fn among(store: &'s Store, roots: impl IntoIterator<Item = ObjId>) -> Definitions<'s> {
        let graph = Graph::reach(roots, |id| links::definitions(store, id));
        let mut linking: HashMap<ObjId, Vec<usize>> = HashMap::new();
        for (node, &id) in graph.nodes().iter().enumerate() {
            for operation in links::operations(store, id) {
                linking.entry(operation).or_default().push(node);
            }
        }
        let has_rule = graph.nodes().iter().map(|&id| links::has_rule(store, id)).collect();
        Definitions {
            store,
            nesting: Nesting::of(graph),
            has_rule,
            linking,
            ways: HashMap::new(),
            lists: Vec::new(),
            list_number: HashMap::new(),
            list_of: HashMap::new(),
            known: HashMap::new(),
        }
    }

    /// The ways of an assignment to an operation: one for each of its links that leads there, the unconditional one if
    /// there is one, and the shortest of those.
    pub(super) fn ways_out(&mut self, assignment: ObjId, operation: ObjId) -> Rc<[WayOut]> {
        let linked = self.linked(assignment);
        if let Some(ways) = self.known.get(&(linked, operation)) {
            return Rc::clone(ways);
        }
        let Linked { definitions, operations } = self.lists.get(linked).cloned().unwrap_or_default();
        let direct = WayOut { role: None, tasks: Vec::new(), condition: None };
        let direct = operations.contains(&operation).then_some(direct);
        let by_definitions = definitions.iter().filter_map(|&id| {
            let (way, condition) = self.way_down(id, operation)?;
            Some(WayOut { role: Some(id), tasks: way.into_iter().skip(1).collect(), condition })
        });
        let ways: Rc<[WayOut]> = direct.into_iter().chain(by_definitions).collect();
        if self.known.len() >= MOST_KNOWN {
            self.known.clear();
        }
        self.known.insert((linked, operation), Rc::clone(&ways));
        ways
    }

    /// The number of the list of links that the assignment has.
    fn linked(&mut self, assignment: ObjId) -> usize {
        if let Some(&number) = self.list_of.get(&assignment) {
            return number;
        }
        let linked = Linked {
            definitions: links::definitions(self.store, assignment).collect(),
            operations: links::operations(self.store, assignment).collect(),
        };
        let next = self.lists.len();
        let number = *self.list_number.entry(linked.clone()).or_insert(next);
        if number == next {
            self.lists.push(linked);
        }
        self.list_of.insert(assignment, number);
        number
    }

    /// The way from a definition to an operation: the definitions on it, itself the first.
    pub(super) fn way_down(
        &mut self,
        definition: ObjId,
        operation: ObjId,
    ) -> Option<(Vec<ObjId>, Option<Condition>)> {
        let Definitions { nesting, has_rule, linking, ways, .. } = self;
        let (plain, any) = ways.entry(operation).or_insert_with(|| {
            let from = linking.get(&operation).map(Vec::as_slice).unwrap_or_default();
            let from = || from.iter().copied();
            (nesting.spread(from(), |node| !has_rule[node]), nesting.spread(from(), |_| true))
        });
        let node = nesting.graph.number(definition)?;
        let (way, condition) = match plain.way(node) {
            Some(way) => (way, None),
            None => (any.way(node)?, Some(Condition::Rule)),
        };
        Some((nesting.ids(way), condition))
    }
}

/// Where somebody is listed.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// By the assignment with this number.
    Assignment(usize, Option<Sid>),
    /// By the group that is this node.
    Group(usize, Option<Sid>),
}

/// The members of some assignments, and the groups that these link.
pub(super) struct Members<'s> {
    store: &'s Store,
    nesting: Nesting,
    /// For each group the assignments that link it, by their numbers.
    linking: Vec<Vec<usize>>,
    /// What each group keeps out, for those that keep out anybody.
    keeps_out: HashMap<usize, Vec<Sid>>,
    places: BTreeMap<Principal, Vec<Place>>,
}

impl<'s> Members<'s> {
    /// Of these assignments; only members who are wanted are remembered: `None` is everybody.
    pub(super) fn of(store: &'s Store, assignments: &[ObjId], wanted: Option<&[Sid]>) -> Members<'s> {
        let ends: Option<Vec<u32>> = wanted
            .map(|wanted| wanted.iter().filter_map(|sid| sid.subauthorities().last().copied()).collect());
        let is_wanted = |sid: &Sid| wanted.is_none_or(|wanted| wanted.contains(sid));
        let mut read = SidReader::new();
        let mut listed = |owner: ObjId, each: &mut dyn FnMut(Sid)| {
            links::each_sid_among(store, owner, ends.as_deref(), &mut read, |sid| {
                if is_wanted(&sid) {
                    each(sid);
                }
            });
        };
        let roots = assignments.iter().flat_map(|&id| links::groups(store, id));
        let nesting = Nesting::of(Graph::reach(roots, |id| links::groups(store, id)));
        let mut members = Members {
            store,
            linking: vec![Vec::new(); nesting.graph.nodes().len()],
            nesting,
            keeps_out: HashMap::new(),
            places: BTreeMap::new(),
        };
        for (number, &assignment) in assignments.iter().enumerate() {
            listed(assignment, &mut |sid| {
                members.place(Principal::Account(sid), Place::Assignment(number, Some(sid)));
            });
            for node in
                links::groups(store, assignment).filter_map(|group| members.nesting.graph.number(group))
            {
                members.linking[node].push(number);
            }
        }
        for node in 0..members.linking.len() {
            let group = members.nesting.graph.nodes()[node];
            listed(group, &mut |sid| {
                members.place(Principal::Account(sid), Place::Group(node, Some(sid)));
            });
            let out: Vec<Sid> = links::sids(store, group, LeafKind::NonMember).collect();
            if !out.is_empty() {
                members.keeps_out.insert(node, out);
            }
            if links::finds(store, group) != Finds::Listed {
                members.place(Principal::Found(group), Place::Group(node, None));
            }
        }
        members
    }

    fn place(&mut self, principal: Principal, place: Place) {
        self.places.entry(principal).or_default().push(place);
    }

    /// Everybody who is listed, in order, and then whoever groups find.
    pub(super) fn principals(&self) -> impl Iterator<Item = Principal> + '_ {
        self.places.keys().copied()
    }

    /// The ways of one member into each assignment, by its number.
    pub(super) fn ways_of(&self, principal: Principal) -> BTreeMap<usize, Vec<WayIn>> {
        let sids = match principal {
            Principal::Account(sid) => Token::new(sid, []),
            Principal::Found(_) => Token::of(token::of_an_account()),
        };
        self.ways_in(self.places.get(&principal).into_iter().flatten().copied(), &sids)
    }

    /// The ways of an account into each assignment, by its number: with all its SIDs, and with what groups find counted
    /// as a perhaps.
    pub(super) fn ways_with(&self, token: &Token) -> BTreeMap<usize, Vec<WayIn>> {
        let places = self.places.iter().filter(|(principal, _)| match principal {
            Principal::Account(sid) => token.has(sid),
            Principal::Found(_) => true,
        });
        self.ways_in(places.flat_map(|(_, places)| places.iter().copied()), token)
    }

    fn ways_in(&self, places: impl Iterator<Item = Place>, token: &Token) -> BTreeMap<usize, Vec<WayIn>> {
        let mut ways: BTreeMap<usize, Vec<WayIn>> = BTreeMap::new();
        // Who is listed by each group; the first SID will do.
        let (mut listed, mut found) = (BTreeMap::new(), Vec::new());
        for place in places {
            match place {
                Place::Assignment(number, member) => {
                    ways.entry(number).or_default().push(WayIn {
                        member,
                        groups: Vec::new(),
                        condition: None,
                    });
                }
                Place::Group(node, Some(sid)) => _ = listed.entry(node).or_insert(sid),
                Place::Group(node, None) => found.push(node),
            }
        }
        let lets_through =
            |node: usize| self.keeps_out.get(&node).is_none_or(|out| !out.iter().any(|sid| token.has(sid)));
        let certain = self.nesting.spread(listed.keys().copied(), lets_through);
        let perhaps = self.nesting.spread(found, lets_through);
        let mut reached: Vec<usize> = certain.0.keys().chain(perhaps.0.keys()).copied().collect();
        reached.sort_unstable();
        reached.dedup();
        for node in reached {
            let (way, is_certain) = match (certain.way(node), perhaps.way(node)) {
                (Some(way), _) => (way, true),
                (None, Some(way)) => (way, false),
                (None, None) => continue,
            };
            let last = way.last().copied().unwrap_or(node);
            let member = if is_certain { listed.get(&last).copied() } else { None };
            let condition = match links::finds(self.store, self.nesting.graph.nodes()[last]) {
                Finds::Unknown(condition) if !is_certain => Some(condition),
                _ => None,
            };
            for &number in &self.linking[node] {
                let groups = self.nesting.ids(way.iter().copied());
                ways.entry(number).or_default().push(WayIn { member, groups, condition });
            }
        }
        ways
    }
}
