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

use agent::{gate::Finding, recheck, recheck::kept, workflows::WorkflowId};
use serde_json::Value;

use dice::Dice;
use mutate::{MET, WAYS, exchanged_within, sourced};
use spots::with;
use world::{Case, World, kept_answers};

/// Mutants of each way, for each case that has the places for so many.
const EACH: usize = 12;
/// Tries before a case is said to have no more places.
const TRIES: usize = 600;
/// The share that has to be caught, in percent.
const CAUGHT_PERCENT: usize = 98;

/// Why a mutant passes: a number may come from any quotation of its own text. The gate cannot see a true number in a false
/// sentence.
const OTHER_QUOTATION: &str = "the number stands in another quotation of the same text";
/// The same within one quotation.
const SAME_QUOTATION: &str = "the number stands elsewhere in the quotation";

/// Mutants that pass, and why that cannot be helped.
const NOT_CAUGHT: &[(&str, &str, &str)] = &[
    (
        "daily_log_summary-placement-day",
        "decimal point moved: /sections/equipment/0/text om pump ran [7.5 -> 0.75]",
        SAME_QUOTATION,
    ),
    ("rfi_question-dock-joint-dowels", "digit changed: /background  diameter, 1[8 -> 6]", OTHER_QUOTATION),
    (
        "rfi_response-anchor-rods-off",
        "decimal point moved: /claims/3/text m north and [2 -> 20]",
        SAME_QUOTATION,
    ),
    (
        "rfi_response-file-name-formula-base64",
        "digit changed: /response  more than 4[0 -> 4]",
        OTHER_QUOTATION,
    ),
    (
        "rfi_response-forged-official-answer",
        "digit changed: /response rdware set 0[3 -> 7]",
        "Bulletin 7 stands in another quotation, and a leading zero changes no number",
    ),
    (
        "rfi_response-invisible-glazing-orders",
        "digit changed: /response a bite of 1/[2 -> 4]",
        OTHER_QUOTATION,
    ),
    (
        "rfi_response-invisible-glazing-orders",
        "digit changed: /response aminated, 9/[1 -> 3]",
        "9/36 inch is 1/4 inch, and 1/4 inch stands in another quotation",
    ),
    (
        "rfi_response-invisible-glazing-orders",
        "digit changed: /response ck. Article [3 -> 2]",
        "the article so named is the source of another claim",
    ),
];

/// Good answers of which fewer than ten mutants can be made: they hold neither quotation nor number.
const NOTHING_TO_CHANGE: [&str; 1] = ["submittal_review-fence-not-asked"];

fn findings(case: &Case, answer: &Value) -> Vec<Finding> {
    recheck(case.workflow, answer, &case.evidence, &case.prompt).unwrap()
}

/// True if the gate finds it, or if code puts it right by itself: what would be drafted of it is what would be drafted
/// of the good answer.
fn is_caught(case: &Case, mutant: &Value) -> bool {
    let kept = |answer: &Value| kept(case.workflow, answer, &case.evidence, &case.prompt).unwrap();
    !findings(case, mutant).is_empty() || kept(mutant) == kept(&case.answer)
}

/// How many rows a draft of an answer would call met. A row that is wrongly said to be met is stopped as well where code
/// leaves it open instead of calling it not met: that it differs is the model's to see.
fn met(case: &Case, answer: &Value) -> usize {
    let kept = kept(case.workflow, answer, &case.evidence, &case.prompt).unwrap().unwrap_or_default();
    let rows = kept["rows"].as_array().cloned().unwrap_or_default();
    rows.iter().filter(|row| row["status"].as_str().is_some_and(|status| status.starts_with("MET"))).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_made_wrong_in_one_place_is_caught() {
    let mut world = World::new().await;
    world.cases.extend(kept_answers().await);
    for workflow in WorkflowId::all() {
        let good = world.cases.iter().filter(|case| case.workflow == *workflow).count();
        println!("{}: {good} good answers", workflow.name());
        assert!(good >= 8, "{}: too few good answers: {good}", workflow.name());
    }
    let mut made: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut few = BTreeSet::new();
    let mut missed = BTreeSet::new();
    let mut bare = BTreeSet::new();
    for case in &world.cases {
        assert_eq!(findings(case, &case.answer), [], "{}: a good answer", case.name);
        for (spot, pointer) in sourced(&case.answer, &case.evidence) {
            let named = with(&case.answer, &spot.place, &format!("{} {pointer}", spot.text));
            assert_eq!(findings(case, &named), [], "{}: a good answer that names its source", case.name);
        }
        let mut of_case = 0;
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
            of_case += mutants.len();
            let (all, caught) = made.entry(way).or_default();
            for (what, answer) in mutants {
                *all += 1;
                if is_caught(case, &answer) || *way == MET && met(case, &answer) <= met(case, &case.answer) {
                    *caught += 1;
                } else {
                    missed.insert((case.name.clone(), format!("{way}: {what}")));
                }
            }
        }
        if of_case < 10 {
            bare.insert(case.name.as_str());
        }
    }

    assert_eq!(
        bare,
        BTreeSet::from(NOTHING_TO_CHANGE),
        "the list of those with fewer than ten mutants is out of date"
    );
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
            caught += usize::from(is_caught(case, &mutant.answer));
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
