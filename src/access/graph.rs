//! What can be reached through nested definitions, or nested groups; loops included.
//!
//! Both questions of an access check have one shape. The operations of a definition are its own and those of the
//! definitions in it; the members of a group are its own and those of the groups in it, without those it keeps out.
//! So a [`Graph`] closes sets over nesting, 256 elements at a time: the time is that of reading each link once for
//! each 256 elements, and the memory one [`Block`] for each object, whatever the nesting looks like.

use std::collections::HashMap;
use std::ops::Range;

use crate::store::ObjId;

/// A set of [`LANES`] elements.
pub(super) type Block = [u64; 4];

/// How many elements a [`Block`] has room for.
pub(super) const LANES: usize = 256;

pub(super) const EMPTY: Block = [0; 4];

/// Puts the element into the set.
pub(super) fn put(block: &mut Block, lane: usize) {
    block[lane / 64] |= 1 << (lane % 64);
}

/// Puts all elements of `more` into the set.
pub(super) fn join(block: &mut Block, more: &Block) {
    block.iter_mut().zip(more).for_each(|(word, more)| *word |= more);
}

/// The elements of the set, in order.
pub(super) fn lanes(block: &Block) -> impl Iterator<Item = usize> + '_ {
    (0..4).flat_map(move |at| {
        let mut word = block[at];
        std::iter::from_fn(move || {
            let bit = word.trailing_zeros() as usize;
            word &= word.wrapping_sub(1);
            (bit < 64).then_some(at * 64 + bit)
        })
    })
}

/// Objects and what is nested in each.
pub(super) struct Graph {
    nodes: Vec<ObjId>,
    number: HashMap<ObjId, usize>,
    /// `inner[first[n]..first[n + 1]]` are the numbers of what is nested in node `n`.
    first: Vec<usize>,
    inner: Vec<usize>,
    /// All nodes, each behind what is nested in it, but for loops.
    order: Vec<usize>,
    /// Parts of `order`: single nodes, or the nodes of a loop.
    parts: Vec<Range<usize>>,
}

impl Graph {
    /// Everything that can be reached from `roots`; `nested` tells what is directly in an object.
    pub(super) fn reach<I: Iterator<Item = ObjId>>(
        roots: impl IntoIterator<Item = ObjId>,
        nested: impl Fn(ObjId) -> I,
    ) -> Graph {
        let mut graph = Graph {
            nodes: Vec::new(),
            number: HashMap::new(),
            first: vec![0],
            inner: Vec::new(),
            order: Vec::new(),
            parts: Vec::new(),
        };
        roots.into_iter().for_each(|root| _ = graph.meet(root));
        while let Some(&node) = graph.nodes.get(graph.first.len() - 1) {
            for inner in nested(node) {
                let number = graph.meet(inner);
                graph.inner.push(number);
            }
            graph.first.push(graph.inner.len());
        }
        graph.sort();
        graph
    }

    fn meet(&mut self, id: ObjId) -> usize {
        let next = self.nodes.len();
        let number = *self.number.entry(id).or_insert(next);
        if number == next {
            self.nodes.push(id);
        }
        number
    }

    /// The objects, by their numbers.
    pub(super) fn nodes(&self) -> &[ObjId] {
        &self.nodes
    }

    /// The number of an object, if it can be reached.
    pub(super) fn number(&self, id: ObjId) -> Option<usize> {
        self.number.get(&id).copied()
    }

    /// The numbers of what is nested in a node.
    pub(super) fn inner(&self, node: usize) -> &[usize] {
        &self.inner[self.first[node]..self.first[node + 1]]
    }

    /// Fills `order` and `parts`: Tarjan's strongly connected components, without recursion. A component comes out
    /// when everything that can be reached from it has.
    fn sort(&mut self) {
        const UNSEEN: usize = usize::MAX;
        let count = self.nodes.len();
        let (mut seen, mut low) = (vec![UNSEEN; count], vec![0; count]);
        let mut waiting = Vec::new();
        let mut is_waiting = vec![false; count];
        let mut walk: Vec<(usize, usize)> = Vec::new();
        let mut clock = 0;
        for root in 0..count {
            if seen[root] != UNSEEN {
                continue;
            }
            walk.push((root, 0));
            while let Some(&mut (node, ref mut next)) = walk.last_mut() {
                if *next == 0 {
                    (seen[node], low[node]) = (clock, clock);
                    clock += 1;
                    waiting.push(node);
                    is_waiting[node] = true;
                }
                let at = self.first[node] + *next;
                if at < self.first[node + 1] {
                    *next += 1;
                    let inner = self.inner[at];
                    if seen[inner] == UNSEEN {
                        walk.push((inner, 0));
                    } else if is_waiting[inner] {
                        low[node] = low[node].min(seen[inner]);
                    }
                    // A node is entered once: with its first link already behind it, or with none at all.
                    continue;
                }
                walk.pop();
                if let Some(&(outer, _)) = walk.last() {
                    low[outer] = low[outer].min(low[node]);
                }
                if low[node] == seen[node] {
                    let start = self.order.len();
                    while let Some(member) = waiting.pop() {
                        is_waiting[member] = false;
                        self.order.push(member);
                        if member == node {
                            break;
                        }
                    }
                    self.parts.push(start..self.order.len());
                }
            }
        }
    }

    /// Closes sets over nesting: afterwards each node's set holds its own and those of all nodes in it, without what
    /// a node does not keep (`keep`, if given), neither for itself nor for what it is in.
    pub(super) fn close(&self, sets: &mut [Block], keep: Option<&[Block]>) {
        for part in &self.parts {
            // In a loop every node gets what every other lets through: until nothing comes any more.
            loop {
                let mut changed = false;
                for &node in &self.order[part.clone()] {
                    let mut set = sets[node];
                    self.inner(node).iter().for_each(|&inner| join(&mut set, &sets[inner]));
                    if let Some(keep) = keep {
                        set.iter_mut().zip(&keep[node]).for_each(|(word, keep)| *word &= keep);
                    }
                    changed |= set != sets[node];
                    sets[node] = set;
                }
                if !changed || part.len() == 1 {
                    break;
                }
            }
        }
    }
}
