//! The claim protocol explored to the end: two workers, three crashes, one change of the record, every order of events.
//!
//! Who may work is asked of the real [`decide`](super::decide) over real claims. The steps of a run are told again in
//! `run.rs`, since they are calls to others, and have to follow the runner and the carrier for correspondence. Left out:
//! what the gate says, a person at the draft, and the text of an item that is written again.
//!
//! `cargo test -p agent claim::protocol -- --nocapture` prints the number of states, and the shortest way to each fault
//! that a missing rule lets in.

mod explore;
mod row;
mod rules;
mod run;
mod world;

use self::{
    explore::{Fault, explore},
    rules::{FLIGHT, Rules},
};

/// Explores, and asks that all is well. A model that comes to a few states only explores nothing.
fn holds(name: &str, rules: &Rules) {
    match explore(rules) {
        Ok(states) => {
            println!("{name}: {states} states");
            assert!(states > 10_000, "{name}: {states} states");
        }
        Err(fault) => panic!("{name}: {fault:?}"),
    }
}

/// Explores, and asks for this fault.
fn fails(name: &str, expected: &str, rules: &Rules) {
    match explore(rules) {
        Ok(states) => panic!("{name}: none of {states} states has a fault"),
        Err(fault) => {
            println!("{name}: {fault:?}");
            let Fault { what, .. } = fault;
            assert_eq!(what, expected, "{name}");
        }
    }
}

#[test]
fn workers_that_end_with_their_leases_never_make_two_items_and_never_get_stuck() {
    holds("in time", &Rules::IN_TIME);
    // These two are for workers that stand still.
    holds("in time, less", &Rules { waits_to_adopt: false, older_stays: false, ..Rules::IN_TIME });
}

#[test]
fn workers_that_stand_still_leave_one_item_in_the_end() {
    holds("stalling", &Rules::STALLING);
}

#[test]
fn every_rule_is_needed() {
    let kept = Rules::IN_TIME;
    let table = [
        ("any version is written over", "paid again", Rules { versioned: false, ..kept }),
        ("nothing is looked for", "two items", Rules { looked_for: false, ..kept }),
        ("nothing is waited for", "two items", Rules { wait: 0, ..kept }),
        ("sent at any time", "two items", Rules { sent_soon: false, ..kept }),
        ("only the flight is waited for", "two items", Rules { wait: FLIGHT, ..kept }),
        ("leases that never end", "stuck", Rules { leases_end: false, ..kept }),
    ];
    for (name, expected, rules) in table {
        fails(name, expected, &rules);
    }
}

#[test]
fn every_rule_for_workers_that_stand_still_is_needed() {
    let kept = Rules::STALLING;
    let in_the_end = "two items in the end";
    fails("the newer stays too", in_the_end, &Rules { older_stays: false, ..kept });
    fails("adopted at once", in_the_end, &Rules { waits_to_adopt: false, ..kept });
}

/// A limit, not a promise: no order of steps on our side can help against it, since Procore takes no key that would
/// make a second write the same as the first.
#[test]
fn one_that_sends_too_late_and_dies_before_the_answer_can_leave_two() {
    fails("dead late", "two items in the end", &Rules { late_may_die: true, ..Rules::STALLING });
}
