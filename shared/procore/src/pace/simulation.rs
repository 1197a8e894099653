//! Hours of many processes in a moment: the account against a server that counts in windows of its own.
//!
//! Processes have clocks that disagree, calls take their time and some take very long, and everybody always has work. What must hold: the
//! server never refuses once it has been heard, and little of what it allows is left unused.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::account::{Account, Lengths, Purpose, Told, Verdict};
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

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Ask { post: bool },
    Arrive { granted_ms: i64 },
    Return { granted_ms: i64, told: [Option<(u32, u32, i64)>; 1], hold_ms: Option<i64> },
}

/// What each process knows of Procore's clock: it is between these two milliseconds off its own.
type Bounds = (i64, i64);

/// Calls allowed and refused in so many simulated milliseconds.
fn run(spike: u32, hour: u32, processes: &[Bounds], until_ms: i64) -> (u32, u32) {
    let lengths = Lengths::from(Windows::default());
    let (mut server, mut account, mut chance) = (Server::new(spike, hour), Account::default(), Chance(7));
    let mut acts = BinaryHeap::new();
    for process in 0..processes.len() {
        for _ in 0..4 {
            acts.push(Reverse((chance.below(50), process, Act::Ask { post: false })));
        }
    }
    while let Some(Reverse((now_ms, process, act))) = acts.pop() {
        if now_ms > until_ms {
            break;
        }
        // True time is Procore's; the process believes in an interval around it.
        let (least_ms, most_ms) = processes[process];
        let now = Span { earliest_ms: now_ms + least_ms, latest_ms: now_ms + most_ms };
        match act {
            Act::Ask { post } => {
                let purpose = if post { Purpose::Post } else { Purpose::Read };
                let act = match account.grant(purpose, now, lengths) {
                    Verdict::Now { granted_ms } => (now_ms + chance.travel_ms(), Act::Arrive { granted_ms }),
                    Verdict::NotBefore(at_ms) => {
                        (now_ms + at_ms - now.earliest_ms + chance.below(10), Act::Ask { post })
                    }
                    Verdict::Unknown => (now_ms + 50, Act::Ask { post }),
                };
                acts.push(Reverse((act.0, process, act.1)));
            }
            Act::Arrive { granted_ms } => {
                let told = server.call(now_ms);
                let back_ms = now_ms + chance.travel_ms();
                let act = Act::Return { granted_ms, told: [told.quota], hold_ms: told.hold_until_ms };
                acts.push(Reverse((back_ms, process, act)));
            }
            Act::Return { granted_ms, told: [quota], hold_ms } => {
                let told = Told { quota, hold_until_ms: hold_ms };
                account.note(granted_ms, now, Some(told), lengths);
                let post = chance.below(3) == 0;
                acts.push(Reverse((now_ms + chance.below(30), process, Act::Ask { post })));
            }
        }
    }
    (server.allowed, server.refused)
}

#[test]
fn the_quota_is_used_and_never_passed() {
    let right = [(0, 0); 8];
    let skewed = [(0, 0), (-900, 150), (-300, 700), (0, 0), (-40, 20), (-500, 500), (0, 0), (-10, 990)];
    let hour_ms = 3_600_000;
    for (name, spike, hour, processes, until_ms, allowed, share) in [
        ("the short window binds", 25, 100_000, &right, hour_ms / 2, 25 * 180, 0.90),
        ("the hourly window binds", 25, 600, &right, 3 * hour_ms, 600 * 3, 0.95),
        ("a wide short window", 200, 100_000, &right, hour_ms / 4, 200 * 90, 0.90),
        ("clocks disagree, the short window binds", 25, 100_000, &skewed, hour_ms / 2, 25 * 180, 0.80),
        ("clocks disagree, the hourly window binds", 25, 600, &skewed, 3 * hour_ms, 600 * 3, 0.95),
    ] {
        let (used, refused) = run(spike, hour, processes, until_ms);
        assert_eq!(refused, 0, "{name}");
        let used = f64::from(used) / f64::from(allowed);
        assert!(used >= share, "{name}: {used:.3} of what was allowed");
    }
}
