//! The gate against good answers made wrong in one place: a digit, a unit, a point, a section, a character of a
//! quotation, two numbers exchanged. What it does not see is listed here, with the reason.
//!
//! Presence cannot see a true number in a false sentence. Where a text rests on several sources at once (the response
//! of an RFI draft) two of its numbers can be exchanged unseen; how often is printed, and no test can promise less.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may panic")]

mod dice;
mod mutate;
mod spots;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use agent::{gate::Finding, recheck, workflows::WorkflowId};
use serde_json::Value;

use dice::Dice;
use mutate::{WAYS, exchanged_within, sourced};
use spots::with;
use world::{Case, World};

/// Mutants of each way, for each case that has the places for so many.
const EACH: usize = 20;
/// Tries before a case is said to have no more places.
const TRIES: usize = 600;
/// The share that has to be caught, in percent.
const CAUGHT_PERCENT: usize = 98;

/// Mutants that pass, and why that is right or cannot be helped.
const NOT_CAUGHT: &[(&str, &str, &str)] = &[(
    "RFI 43",
    "digit changed: /claims/2/text ints from 1/[4 -> 1]",
    "1/1 inch is 1 inch, and 1 inch stands in the quotation of the same claim: a true number in a false sentence",
)];

fn findings(case: &Case, answer: &Value) -> Vec<Finding> {
    recheck(case.workflow, answer, &case.evidence, &case.prompt).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_made_wrong_in_one_place_is_caught() {
    let world = World::new().await;
    assert!(world.cases.len() >= 8, "too few good answers: {}", world.cases.len());
    let mut made: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut few = BTreeSet::new();
    let mut missed = BTreeSet::new();
    for case in &world.cases {
        assert_eq!(findings(case, &case.answer), [], "{}: a good answer", case.name);
        for (spot, pointer) in sourced(&case.answer, &case.evidence) {
            let named = with(&case.answer, &spot.place, &format!("{} {pointer}", spot.text));
            assert_eq!(findings(case, &named), [], "{}: a good answer that names its source", case.name);
        }
        for (way, mutate) in WAYS {
            let mut dice = Dice::named(&format!("{} {way}", case.name));
            let mut mutants = BTreeMap::new();
            for _ in 0..TRIES {
                if mutants.len() < EACH
                    && let Some(mutant) = mutate(&case.answer, &case.evidence, &mut dice)
                {
                    mutants.insert(mutant.what, mutant.answer);
                }
            }
            if mutants.len() < 10 {
                few.insert(format!("{}: {way}: {}", case.name, mutants.len()));
            }
            let (all, caught) = made.entry(way).or_default();
            for (what, answer) in mutants {
                *all += 1;
                if findings(case, &answer).is_empty() {
                    missed.insert((case.name.clone(), format!("{way}: {what}")));
                } else {
                    *caught += 1;
                }
            }
        }
    }

    println!("{} good answers", world.cases.len());
    made.iter().for_each(|(way, (all, caught))| println!("{way}: {caught} of {all} caught"));
    few.iter().for_each(|line| println!("fewer than ten places: {line}"));
    missed.iter().for_each(|(case, what)| println!("not caught: {case}: {what}"));
    println!("{}", limit(&world.cases));
    let all: usize = made.values().map(|(all, _)| all).sum();
    let caught: usize = made.values().map(|(_, caught)| caught).sum();
    println!("all ways: {caught} of {all} caught");

    assert!(made.len() == WAYS.len() && made.values().all(|(all, _)| *all >= 30), "{made:?}");
    assert!(caught * 100 >= all * CAUGHT_PERCENT, "{caught} of {all}");
    let known: BTreeSet<(String, String)> =
        NOT_CAUGHT.iter().map(|(case, what, _)| ((*case).to_owned(), (*what).to_owned())).collect();
    assert_eq!(missed, known, "the list of those not caught is out of date");
}

/// What the gate cannot see, measured.
fn limit(cases: &[Case]) -> String {
    let (mut all, mut caught) = (0, 0);
    for case in cases {
        let mut dice = Dice::named(&case.name);
        for mutant in (0..TRIES).filter_map(|_| exchanged_within(&case.answer, &mut dice)).take(EACH) {
            all += 1;
            caught += usize::from(!findings(case, &mutant.answer).is_empty());
        }
    }
    format!(
        "numbers exchanged within one text of several sources: {caught} of {all} caught (a limit, not promised)"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_one_workflow_begin_with_the_same_bytes() {
    let world = World::new().await;
    for workflow in WorkflowId::all() {
        let requests: Vec<&Value> = world
            .requests
            .iter()
            .filter(|request| request["response_format"]["json_schema"]["name"] == workflow.name())
            .filter(|request| request["messages"].as_array().unwrap().len() == 2)
            .collect();
        assert!(
            requests.len() >= 2,
            "{}: no two events to compare; tell its records in world.rs",
            workflow.name()
        );
        let content = |request: &Value, position: usize| {
            request["messages"][position]["content"].as_str().unwrap().to_owned()
        };
        for other in &requests[1..] {
            assert_eq!(content(requests[0], 0), content(other, 0), "{}: the static half", workflow.name());
            assert_eq!(requests[0]["response_format"], other["response_format"], "{}", workflow.name());
            let before = |text: String| text.split_once("<<<EVIDENCE ").expect("a marker").0.to_owned();
            let (one, two) = (content(requests[0], 1), content(other, 1));
            assert_ne!(one, two, "two events");
            assert_eq!(before(one), before(two), "{}: the project's lists", workflow.name());
        }
    }
}
