//! Every reachable state, breadth first, so that the way to a fault is a shortest one.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasherDefault, Hash, Hasher},
};

/// What can be explored.
pub(super) trait Model {
    type State: Copy + Eq + Hash + std::fmt::Debug;
    type Action: Copy + std::fmt::Debug;

    fn first(&self) -> Self::State;
    /// All that may happen next.
    fn next(&self, state: &Self::State, out: &mut Vec<(Self::Action, Self::State)>);
    /// What must never be, by name.
    fn fault(&self, state: &Self::State) -> Option<&'static str>;
    /// True where the work has come to its end.
    fn is_done(&self, state: &Self::State) -> bool;
}

/// A state that must not be, and the shortest way there.
pub(super) struct Fault {
    pub(super) what: &'static str,
    pub(super) way: Vec<String>,
}

impl std::fmt::Debug for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:\n  {}", self.what, self.way.join("\n  "))
    }
}

/// How many states there are, if none has a fault and from each of them the work can still come to its end.
pub(super) fn explore<M: Model>(model: &M) -> Result<usize, Fault> {
    let mut graph = Graph::<M> { states: Vec::new(), index: HashMap::default(), came: Vec::new() };
    let mut edges: Vec<(u32, u32)> = Vec::new();
    let mut waiting = VecDeque::from([graph.add(model.first(), None).0]);
    let mut out = Vec::new();
    while let Some(from) = waiting.pop_front() {
        let state = graph.states[from as usize];
        if let Some(what) = model.fault(&state) {
            return Err(Fault { what, way: graph.way(from) });
        }
        model.next(&state, &mut out);
        for (action, next) in out.drain(..) {
            let (to, new) = graph.add(next, Some((from, action)));
            if new {
                waiting.push_back(to);
            }
            edges.push((to, from));
        }
    }
    match stuck(model, &graph.states, &edges) {
        Some(state) => Err(Fault { what: "stuck", way: graph.way(state) }),
        None => Ok(graph.states.len()),
    }
}

struct Graph<M: Model> {
    states: Vec<M::State>,
    index: HashMap<M::State, u32, BuildHasherDefault<Mix>>,
    /// From where, and by what, each was reached first.
    came: Vec<Option<(u32, M::Action)>>,
}

impl<M: Model> Graph<M> {
    fn add(&mut self, state: M::State, came: Option<(u32, M::Action)>) -> (u32, bool) {
        let next = u32::try_from(self.states.len()).unwrap();
        let index = *self.index.entry(state).or_insert(next);
        if index == next {
            self.states.push(state);
            self.came.push(came);
        }
        (index, index == next)
    }

    fn way(&self, mut to: u32) -> Vec<String> {
        let mut way = vec![format!("{:?}", self.states[to as usize])];
        while let Some((from, action)) = self.came[to as usize] {
            way.push(format!("{action:?}"));
            to = from;
        }
        way.reverse();
        way
    }
}

/// The first state from which no end can be reached any more. `edges` are (to, from).
fn stuck<M: Model>(model: &M, states: &[M::State], edges: &[(u32, u32)]) -> Option<u32> {
    // The edges into a state, one behind the other: for each state where its own begin.
    let mut begin = vec![0_u32; states.len() + 1];
    edges.iter().for_each(|(to, _)| begin[*to as usize + 1] += 1);
    for index in 1..begin.len() {
        begin[index] += begin[index - 1];
    }
    let mut free = begin.clone();
    let mut into = vec![0_u32; edges.len()];
    for (to, from) in edges {
        into[free[*to as usize] as usize] = *from;
        free[*to as usize] += 1;
    }
    let mut ends = vec![false; states.len()];
    let mut waiting: Vec<u32> = Vec::new();
    for (state, index) in states.iter().zip(0..) {
        if model.is_done(state) {
            ends[index as usize] = true;
            waiting.push(index);
        }
    }
    while let Some(to) = waiting.pop() {
        for from in &into[begin[to as usize] as usize..begin[to as usize + 1] as usize] {
            if !std::mem::replace(&mut ends[*from as usize], true) {
                waiting.push(*from);
            }
        }
    }
    ends.iter().position(|ends| !ends).map(|index| u32::try_from(index).unwrap())
}

/// A hash for states made by ourselves. The standard one withstands strangers, and takes most of the time.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u8(*byte));
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(value.into());
    }

    fn write_i8(&mut self, value: i8) {
        self.write_u64(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.write_u64(value as u64);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}
