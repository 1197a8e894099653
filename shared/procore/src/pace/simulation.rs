//! Hours of many processes in a moment: the account against a server that counts in windows of its own.
//!
//! Processes have clocks that disagree, calls take their time and some take very long; everybody always has work, or rests
//! now and then, or dies. What must hold: the server never refuses once it has been heard, little of what it allows is
//! left unused, and little is written where there is plenty of room.

use std::collections::BTreeMap;
use std::mem;

use super::account::{Account, Lengths, Purpose, Told, Wait};
use super::block::{Block, Permit};
use crate::clock::Span;
use crate::settings::Windows;

/// Procore's side: two windows, each begun by the first call after the last one's end.
struct Server {
    windows: [(i64, i64, u32, u32); 2], // length, begin, limit, used
    allowed: u32,
    refused: u32,
}

impl Server {
    fn new(spike: u32, hour: u32) -> Server {
        let before = i64::MIN / 2;
        Server { windows: [(10_000, before, spike, 0), (3_600_000, before, hour, 0)], allowed: 0, refused: 0 }
    }

    /// Counts a call and answers with the window that is nearer to its end.
    fn call(&mut self, now_ms: i64) -> Told {
        let mut over = false;
        for (length, begin, limit, used) in &mut self.windows {
            if now_ms - *begin >= *length {
                (*begin, *used) = (now_ms, 0);
            }
            *used += 1;
            over |= *used > *limit;
        }
        if over {
            self.refused += 1;
        } else {
            self.allowed += 1;
        }
        let left = |(_, _, limit, used): &(i64, i64, u32, u32)| {
            (u64::from(limit.saturating_sub(*used)) * 1_000_000) / u64::from(*limit)
        };
        let [spike, hour] = &self.windows;
        let (length, begin, limit, used) = if left(hour) < left(spike) { hour } else { spike };
        let reset_ms = (begin + length + 999) / 1000 * 1000;
        let hold_until_ms = over.then_some(reset_ms);
        Told { quota: Some((*limit, limit.saturating_sub(*used), reset_ms)), hold_until_ms }
    }
}

/// A small generator, so that every run is the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % bound).unwrap()
    }
}

impl Chance {
    /// How long a request or an answer is on its way: a moment as a rule, and now and then up to twelve seconds,
    /// more than the whole short window.
    fn travel_ms(&mut self) -> i64 {
        if self.below(200) == 0 { self.below(12_000) } else { self.below(240) }
    }
}

enum Act {
    Ask { purpose: Purpose },
    Arrive { permit: Permit },
    Return { permit: Permit, told: Told, life: u32 },
}

/// What a process knows of Procore's clock: it is between these two milliseconds off its own.
type Bounds = (i64, i64);

/// One process: what it holds of the account, and how many have died in its place.
#[derive(Default)]
struct Process {
    block: Block,
    lives: u32,
}

/// How the processes work.
#[derive(Clone, Copy)]
struct Habits {
    /// A task rests for up to so long after every seventh call or so; nobody else needs its calls more then.
    rest_ms: u64,
    /// One in so many calls is a process's last: it dies with all it holds.
    last_call: u64,
}

/// What came of it.
#[derive(Default)]
struct Tally {
    allowed: u32,
    refused: u32,
    /// Writes to the book.
    writes: u32,
}

impl Tally {
    fn writes_a_call(&self) -> f64 {
        f64::from(self.writes) / f64::from(self.allowed)
    }
}

/// Calls allowed and refused, and writes, in so many simulated milliseconds.
fn run(spike: u32, hour: u32, bounds: &[Bounds], until_ms: i64, habits: Habits) -> Tally {
    let lengths = Lengths::from(Windows::default());
    let (mut server, mut account, mut chance) = (Server::new(spike, hour), Account::default(), Chance(7));
    let mut processes: Vec<Process> = bounds.iter().map(|_| Process::default()).collect();
    let mut writes = 0;
    let mut order = 0_u64;
    let mut acts = BTreeMap::new();
    let mut plan = |acts: &mut BTreeMap<_, _>, at_ms: i64, number: usize, act: Act| {
        order += 1;
        acts.insert((at_ms, order), (number, act));
    };
    for number in 0..processes.len() {
        for _ in 0..4 {
            plan(&mut acts, chance.below(50), number, Act::Ask { purpose: Purpose::Read });
        }
    }
    while let Some(((now_ms, _), (number, act))) = acts.pop_first() {
        if now_ms > until_ms {
            break;
        }
        // True time is Procore's; the process believes in an interval around it.
        let (least_ms, most_ms) = bounds[number];
        let now = Span { earliest_ms: now_ms + least_ms, latest_ms: now_ms + most_ms };
        let Process { block, lives } = &mut processes[number];
        match act {
            Act::Ask { purpose } => {
                let permit = block.take(now, lengths).map_or_else(
                    || {
                        writes += u32::from(!block.is_empty());
                        mem::take(block).settle(&mut account, lengths);
                        let granted_ms = account.grant(purpose, now, lengths)?;
                        writes += 1;
                        Ok(block.begin(granted_ms, account.grant_ahead(granted_ms, now, lengths)))
                    },
                    Ok,
                );
                let (at_ms, act) = match permit {
                    Ok(permit) => (now_ms + chance.travel_ms(), Act::Arrive { permit }),
                    Err(Wait::NotBefore(at_ms)) => {
                        (now_ms + at_ms - now.earliest_ms + chance.below(10), Act::Ask { purpose })
                    }
                    Err(Wait::Unknown) => (now_ms + 50, Act::Ask { purpose }),
                };
                plan(&mut acts, at_ms, number, act);
            }
            Act::Arrive { permit } => {
                let told = server.call(now_ms);
                let act = Act::Return { permit, told, life: *lives };
                plan(&mut acts, now_ms + chance.travel_ms(), number, act);
            }
            Act::Return { permit, told, life } => {
                let mut rest_ms = 0;
                if chance.below(habits.last_call) == 0 {
                    (*block, *lives) = (Block::default(), *lives + 1);
                } else if life == *lives {
                    let mut tell = block.end(permit, now, Some(told), |limit| account.knows(limit));
                    if chance.below(7) == 0 {
                        (tell, rest_ms) = (true, chance.below(habits.rest_ms));
                    }
                    if tell {
                        writes += 1;
                        mem::take(block).settle(&mut account, lengths);
                    }
                }
                let purpose = if chance.below(3) == 0 { Purpose::Post } else { Purpose::Read };
                plan(&mut acts, now_ms + rest_ms + chance.below(30), number, Act::Ask { purpose });
            }
        }
    }
    Tally { allowed: server.allowed, refused: server.refused, writes }
}

const HOUR_MS: i64 = 3_600_000;
const RIGHT: [Bounds; 8] = [(0, 0); 8];
const SKEWED: [Bounds; 8] =
    [(0, 0), (-900, 150), (-300, 700), (0, 0), (-40, 20), (-500, 500), (0, 0), (-10, 990)];
/// Always at work, and nobody ever dies.
const BUSY: Habits = Habits { rest_ms: 1, last_call: u64::MAX };

#[test]
fn the_quota_is_used_and_never_passed() {
    for (name, spike, hour, processes, until_ms, allowed, share) in [
        ("the short window binds", 25, 100_000, &RIGHT, HOUR_MS / 2, 25 * 180, 0.90),
        ("the hourly window binds", 25, 600, &RIGHT, 3 * HOUR_MS, 600 * 3, 0.95),
        ("a wide short window", 200, 100_000, &RIGHT, HOUR_MS / 4, 200 * 90, 0.90),
        ("clocks disagree, the short window binds", 25, 100_000, &SKEWED, HOUR_MS / 2, 25 * 180, 0.80),
        ("clocks disagree, the hourly window binds", 25, 600, &SKEWED, 3 * HOUR_MS, 600 * 3, 0.95),
    ] {
        let tally = run(spike, hour, processes, until_ms, BUSY);
        assert_eq!(tally.refused, 0, "{name}");
        let used = f64::from(tally.allowed) / f64::from(allowed);
        assert!(used >= share, "{name}: {used:.3} of what was allowed");
    }
}

#[test]
fn processes_with_plenty_of_room_write_little_and_pass_nothing_even_if_they_die() {
    let living = |rest_ms| Habits { rest_ms, ..BUSY };
    let mortal = |rest_ms| Habits { rest_ms, last_call: 300 };
    for (name, spike, hour, processes, habits, most_writes) in [
        ("plenty", 1000, 100_000, &RIGHT, living(60_000), 0.5),
        ("plenty, and clocks disagree", 1000, 100_000, &SKEWED, living(60_000), 0.5),
        ("plenty, and they die", 1000, 100_000, &RIGHT, mortal(60_000), 0.5),
        ("now and then too little", 120, 100_000, &RIGHT, living(60_000), 1.7),
        ("now and then too little, and they die", 120, 100_000, &SKEWED, mortal(60_000), 1.9),
        ("too little, and they die", 25, 600, &RIGHT, mortal(1), 2.0),
    ] {
        let tally = run(spike, hour, processes, HOUR_MS / 4, habits);
        assert_eq!(tally.refused, 0, "{name}");
        assert!(tally.writes_a_call() <= most_writes, "{name}: {:.2} writes a call", tally.writes_a_call());
    }
}
