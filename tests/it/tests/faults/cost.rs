//! What an event costs, counted on the way to the services.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use sandbox::NewRfi;
use serde_json::{Value, json};
use stack::Passed;

use crate::{
    clock,
    lambda::{Lambda, is_ledger},
    on_lambda,
    side::Side,
    world::{PERSON, SERVICE_ACCOUNT, Terms, event, question},
};

on_lambda!(what_an_event_costs);

/// Requests of one event, by service and operation.
struct Cost {
    what: &'static str,
    ledger: BTreeMap<String, usize>,
    /// Of the account of calls that all workers share.
    pace_book: BTreeMap<String, usize>,
    sqs: BTreeMap<String, usize>,
    s3: BTreeMap<String, usize>,
}

impl Cost {
    fn of(what: &'static str, journal: &[Passed]) -> Self {
        let count = |belongs: &dyn Fn(&Passed) -> bool| {
            let mut counts = BTreeMap::new();
            for passed in journal.iter().filter(|passed| belongs(passed)) {
                let operation = passed.operation.split_once(' ').unwrap().1.to_owned();
                *counts.entry(operation).or_default() += 1;
            }
            counts
        };
        let is_of = |service: &'static str| move |passed: &Passed| passed.operation.starts_with(service);
        Self {
            what,
            ledger: count(&is_ledger),
            pace_book: count(&|passed| is_of("DynamoDB ")(passed) && !is_ledger(passed)),
            sqs: count(&is_of("SQS ")),
            s3: count(&is_of("S3 ")),
        }
    }

    fn ledger(&self) -> usize {
        self.ledger.values().sum()
    }

    fn line(&self) -> String {
        let told = |counts: &BTreeMap<String, usize>| {
            let all: Vec<String> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
            if all.is_empty() { "-".to_owned() } else { all.join(", ") }
        };
        format!(
            "{:<34} | {} | {} | {} | {}",
            self.what,
            told(&self.ledger),
            told(&self.pace_book),
            told(&self.sqs),
            told(&self.s3)
        )
    }
}

/// Posts an event and delivers it once; what both cost.
async fn cost(side: &Lambda, what: &'static str, event: Value, outcome: Option<&str>) -> Cost {
    let before = side.runs().await.len();
    drop(side.between.take_journal());
    assert_eq!(side.post(&event).await, 204);
    side.deliver().await;
    let cost = Cost::of(what, &side.between.take_journal());
    let runs = side.runs().await;
    let ended = (runs.len() > before).then(|| runs[0].outcome.as_str());
    assert_eq!(ended, outcome, "{what}");
    cost
}

async fn what_an_event_costs(side: Lambda) {
    let far = side.far();
    let first = far.sandbox.add_rfi(question());
    let second = far.sandbox.add_rfi(question());
    let repaired = far.sandbox.add_rfi(question());
    let closed = far.sandbox.add_rfi(NewRfi { status: sandbox::RfiStatus::Closed, ..question() });
    let mut costs = vec![
        cost(&side, "a draft, section not read before", event(first, "create"), Some("Drafted")).await,
        cost(&side, "a draft, section known", event(second, "create"), Some("Drafted")).await,
    ];
    let told = |costs: &[Cost], most: usize| {
        for cost in costs {
            assert!(cost.ledger() <= most, "{}", cost.line());
        }
    };
    told(&costs, 5);

    far.model.set_behaviour(sandbox::model::Behaviour::Tainted);
    // What the gate leaves of such an answer is a note of what is missing: an item like any other.
    let repair =
        cost(&side, "a draft, one repair", event(repaired, "create"), Some("InsufficientContext")).await;
    assert_eq!((far.model.counters().repairs, far.items().len()), (1, 3), "else this shows nothing");
    far.model.set_behaviour(sandbox::model::Behaviour::Scripted);
    told(std::slice::from_ref(&repair), 6);
    costs.push(repair);

    let mut elsewhere = event(first, "update");
    elsewhere["project_id"] = json!("4072");
    let skipped = [
        cost(&side, "unchanged", event(first, "update"), Some("Unchanged")).await,
        cost(&side, "nothing to do (closed)", event(closed, "update"), Some("Skipped")).await,
        cost(&side, "skipped at admit", elsewhere, Some("Skipped")).await,
    ];
    told(&skipped, 2);

    let mut ours = event(first, "update");
    ours["user_id"] = json!(SERVICE_ACCOUNT.to_string());
    assert_ne!(SERVICE_ACCOUNT, PERSON);
    let at_the_door = cost(&side, "our own, skipped at the door", ours, None).await;
    assert_eq!((at_the_door.ledger(), at_the_door.pace_book.len()), (0, 0), "{}", at_the_door.line());
    assert!(at_the_door.sqs.is_empty(), "{}", at_the_door.line());

    side.configure(Terms { quiet_window_s: 60, ..Terms::default() }).await;
    clock::advance(SignedDuration::from_secs(61));
    let mut young = event(first, "update");
    young["timestamp"] = json!(clock::now().to_string());
    let settling = cost(&side, "settling, one wait", young, None).await;
    assert_eq!((settling.ledger(), settling.pace_book.len()), (0, 0), "{}", settling.line());
    assert_eq!(side.waiting().await, 1, "it waits");

    costs.extend(skipped);
    costs.extend([at_the_door, settling]);
    println!("{:<34} | ledger | pace book | SQS | S3", "event");
    for cost in &costs {
        println!("{}", cost.line());
    }
}
