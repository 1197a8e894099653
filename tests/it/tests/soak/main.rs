//! The soak: thousands of events through `plumbline serve` as a process that is killed every few seconds, with a fault
//! on one call in ten. In the end every record that asks for a draft has exactly one, and nothing else was written.
//!
//! `make test` runs a small one. `make soak` is the whole: SOAK_EVENTS and SOAK_SEED set size and dice. The seed fixes
//! what is sent, the sequence of faults and the lengths of the lives; the order in which calls meet the faults follows
//! from the machine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../it/child.rs"]
mod child;
mod drafts;
mod lives;
mod mail;
mod office;
mod paid;
mod project;
mod queue;
mod sender;
mod table;
mod verdict;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../it/world.rs"]
mod world;

use std::{str::FromStr, time::Instant};

use sandbox::{Dice, Options, Quotas};

use crate::{
    lives::Lives,
    office::Office,
    queue::Desk,
    table::Table,
    world::{FarSide, Terms},
};

/// Events of the soak that `make test` runs.
const EVENTS: usize = 300;
const SEED: u64 = 20_261_121;
/// One call in so many fails.
const FAULT_ONE_IN: u64 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_record_has_exactly_one_draft_after_kills_faults_and_duplicates() {
    let (events, seed) = (setting("SOAK_EVENTS", EVENTS), setting("SOAK_SEED", SEED));
    println!("soak: SOAK_EVENTS={events} SOAK_SEED={seed}");
    let began = Instant::now();
    let far = far_side().await;
    child::config(&far, Terms { quiet_window_s: 1, usd_per_day: "100000.00", ..Terms::default() });
    far.sandbox.fail_one_in(FAULT_ONE_IN, seed);
    far.model.fail_one_in(FAULT_ONE_IN, seed);
    far.model.keep_requests(usize::MAX);

    // Killed again and again while the events come in.
    let mut desk = Desk::open(&far);
    let lives = Lives::begin(&far, Dice::seeded(seed ^ 1)).await;
    let mut office = Office::new(&far, Dice::seeded(seed));
    let sent = sender::send(&mut office, events, &lives.door(), &mut desk).await;
    let chaos_s = began.elapsed().as_secs_f64();

    // Then all is well, and everything comes to rest.
    far.sandbox.heal();
    far.model.heal();
    let mut lives = lives.spare().await;
    desk.comes_to_rest().await;
    let letters = desk.letters().await;
    let failed = desk.take_failed_runs(&letters).await;
    if !failed.is_empty() {
        // Read at its start: what other processes send wakes nobody.
        lives = lives.renew(&far).await;
        desk.comes_to_rest().await;
    }
    let ended = lives.end().await;

    let runs = desk.runs().await;
    let table = Table { far: &far, sent: &sent, runs: &runs, ended: &ended, letters: &letters };
    println!("{}", table.show(chaos_s, began.elapsed().as_secs_f64()));
    verdict::of_the_service(&ended);
    verdict::of_the_events(&sent, &runs);
    verdict::of_the_letters(&far, &sent, &letters, &desk.letters().await);
    verdict::of_the_writes(&far);
    paid::verdict(&far, &ended);
    drafts::verdict(&far, &office, &runs, &ended);
}

/// So roomy that pacing is not what is tried.
async fn far_side() -> FarSide {
    let mut options = Options::empty();
    options.quotas = Quotas { hourly: 100_000_000, spike: 10_000_000, ..Quotas::default() };
    FarSide::start(options).await
}

fn setting<T: FromStr>(name: &str, usual: T) -> T {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text}: a number is expected")),
        Err(_) => usual,
    }
}
