//! Prints the weekly report of runs that are always the same: for the browser test, which knows its figures.

use agent::{
    Envelope, Event, RunRecord, Source,
    event::{Actor, EventId, Reason, Resource},
    gate::Finding,
    prompt::PromptRef,
    record::{Arrival, StepTime, Tally},
    spent::Spent,
};
use jiff::{SignedDuration, Timestamp, civil::date, tz::TimeZone};

/// Drafts of each workflow by day, Sunday to Saturday, and seconds from webhook to draft.
const WEEK: [(&str, [usize; 7], u64); 4] = [
    ("rfi_question", [0, 3, 2, 4, 1, 2, 0], 64),
    ("rfi_response", [1, 9, 12, 7, 11, 8, 0], 71),
    ("submittal_review", [0, 2, 4, 5, 3, 6, 0], 94),
    ("daily_log_summary", [0, 2, 2, 2, 2, 2, 1], 38),
];

fn main() -> anyhow::Result<()> {
    let until = date(2026, 11, 21);
    let first = date(2026, 11, 15).to_zoned(TimeZone::UTC)?.timestamp();
    let mut runs = Vec::new();
    for (kind, (workflow, days, seconds)) in (0_u64..).zip(WEEK) {
        for (day, drafts) in (0_i64..).zip(days) {
            for number in 0..drafts {
                let place = u64::try_from(number)?;
                let at = first
                    + SignedDuration::from_hours(24 * day + 7)
                    + SignedDuration::from_mins(37 * i64::try_from(number)?);
                let mut run = run(workflow, at, runs.len());
                // Every seventh draft waited for a slow model.
                let late = if (place + kind) % 7 == 6 { 150 } else { 0 };
                came(&mut run, seconds + 3 * place + late);
                // In the middle of the week another prompt version was released.
                if let Some(prompt) = run.prompt.as_mut().filter(|_| day >= 3 && workflow == "rfi_response") {
                    prompt.version = 2;
                }
                // One draft in three is of one of ten other projects.
                if (place + kind) % 3 == 2 {
                    run.project_id = Some(4180 + i64::try_from(runs.len() % 10)?);
                }
                if number == 4 {
                    "InsufficientContext".clone_into(&mut run.outcome);
                }
                runs.push(run);
            }
        }
    }
    for (number, outcome) in [("Unchanged", 31), ("Skipped", 24), ("Failed", 3), ("Superseded", 2)]
        .into_iter()
        .flat_map(|(outcome, runs)| (0..runs).map(move |number| (number, outcome)))
    {
        let at = first + SignedDuration::from_hours(30 + 2 * number);
        let mut run = run("rfi_response", at, runs.len());
        run.tally.paid = None;
        run.spent = Spent::default();
        outcome.clone_into(&mut run.outcome);
        runs.push(run);
    }
    let mut stopped = run("submittal_review", first + SignedDuration::from_hours(80), runs.len());
    "Quarantined".clone_into(&mut stopped.outcome);
    "the model refused to answer".clone_into(&mut stopped.reason);
    "Submittal 10 28 00-3 <b>".clone_into(&mut stopped.record_label);
    runs.push(stopped);
    // Of the week before: left out.
    runs.push(run("rfi_response", first - SignedDuration::from_secs(1), runs.len()));
    runs.sort_by_key(|run| std::cmp::Reverse(run.started_at));
    let now = until.at(9, 30, 0, 0).to_zoned(TimeZone::UTC)?.timestamp();
    print!("{}", plumbline::report::html(&runs, until, 2, now)?);
    Ok(())
}

/// Lets a run end in a draft so many seconds after its webhook came.
fn came(run: &mut RunRecord, seconds: u64) {
    let post = StepTime { name: "post".to_owned(), started_ms: 4000, took_ms: 500 };
    run.steps.push(post);
    let at = run.started_at - SignedDuration::from_millis(i64::try_from(seconds * 1000 - 4500).unwrap_or(0));
    let event = Event {
        id: EventId(run.event_id.clone()),
        company: procore::CompanyId::new(8001),
        project: None,
        resource: Resource::Rfi,
        record: "7".to_owned(),
        reason: Reason::Update,
        actor: Actor::default(),
        occurred_at: None,
    };
    let arrival = Arrival::from(&Envelope::from_webhook(event, at));
    run.tally.arrival = Some(Arrival { source: Source::Webhook, ..arrival });
}

fn run(workflow: &str, started_at: Timestamp, number: usize) -> RunRecord {
    let spent =
        Spent { tokens_in: 9000, tokens_out: 700, cost_micro_usd: 6120, calls: 1, ..Spent::default() };
    RunRecord {
        id: format!("run-{number}"),
        event_id: format!("event-{number}"),
        event: None,
        workflow: Some(workflow.to_owned()),
        project_id: Some(4071),
        record_id: number.to_string(),
        record_label: format!("RFI {number}"),
        started_at,
        outcome: "Drafted".to_owned(),
        reason: "draft in correspondence item 3".to_owned(),
        steps: Vec::new(),
        evidence: Vec::new(),
        evidence_hash: String::new(),
        quotes: Vec::new(),
        observations: Vec::new(),
        findings: Vec::<Finding>::new(),
        answer: None,
        prompt: Some(PromptRef { workflow: workflow.to_owned(), version: 1, sha256: String::new() }),
        model: None,
        spent,
        procore_calls: 4,
        item_id: None,
        draft_text: None,
        flags: Vec::new(),
        not_read: Vec::new(),
        tally: Tally { paid: Some(spent), ..Tally::default() },
    }
}
