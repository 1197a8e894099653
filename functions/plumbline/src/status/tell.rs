//! The status in lines for people.

use agent::{breaker::Standing, queue::Depth};
use jiff::Timestamp;

use super::{Purse, Status};
use crate::{
    figures::{span_told, usd_told},
    since::age,
    terminal::{Out, counted, line, shown_on_a_line},
};

/// Prints it. What asks for somebody says what to do.
pub fn told(status: &Status, out: Out<'_>) {
    line!(out, "queue      {}", queues(&status.queues, status.at));
    let dead = usize::try_from(status.dead_letters).unwrap_or(usize::MAX);
    let look = if dead == 0 { "" } else { ": see `plumbline dead list`" };
    line!(out, "dead       {}{look}", counted(dead, "letter"));
    let runs: u64 = status.outcomes.iter().map(|(_, count)| count).sum();
    let outcomes: Vec<String> =
        status.outcomes.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    let runs = counted(usize::try_from(runs).unwrap_or(usize::MAX), "run");
    let colon = if outcomes.is_empty() { "" } else { ": " };
    line!(out, "last 24 h  {runs}{colon}{}", outcomes.join(", "));
    line!(out, "drafts     {}", drafts(status));
    for purse in &status.purses {
        line!(out, "cost       {}", cost(purse));
    }
    let share = status.call_budget_percent.map(|percent| format!("{percent} % of the tighter limit used"));
    line!(out, "Procore    {}", share.unwrap_or_else(|| "its call limits are not known yet".to_owned()));
    for endpoint in &status.endpoints {
        let stands = match endpoint.breaker {
            Standing::Closed => "in order".to_owned(),
            Standing::Open(until) => format!("OUT OF ORDER: messages wait until {until}"),
            Standing::Try => "was out of order; the next draft tries it".to_owned(),
        };
        line!(out, "model      {}: {stands}", shown_on_a_line(&endpoint.name));
    }
    sweep(status, out);
}

fn queues(queues: &[Depth], now: Timestamp) -> String {
    let busy = queues.iter().filter(|depth| depth.waiting > 0 || depth.in_hand > 0);
    let told: Vec<String> = busy
        .map(|Depth { family, waiting, in_hand, oldest }| {
            let oldest = oldest.map(|at| format!(", oldest {}", age(at, now))).unwrap_or_default();
            format!("{family}: {waiting} waiting, {in_hand} in hand{oldest}")
        })
        .collect();
    if told.is_empty() { "empty".to_owned() } else { told.join("; ") }
}

fn drafts(status: &Status) -> String {
    let drafts = status.drafts;
    let count = usize::try_from(drafts.count).unwrap_or(usize::MAX);
    let (Some(half), Some(most)) = (drafts.p50_ms, drafts.p95_ms) else {
        return "none that a webhook asked for".to_owned();
    };
    format!(
        "{} from webhooks, half within {}, 95 % within {}",
        counted(count, "draft"),
        span_told(half),
        span_told(most)
    )
}

fn cost(purse: &Purse) -> String {
    let project = purse.project_id;
    let spent = usd_told(purse.micro_usd);
    match purse.budget_micro_usd {
        Some(budget) => {
            let percent = purse.micro_usd.saturating_mul(100).checked_div(budget).unwrap_or(0);
            format!("project {project}: USD {spent} of {} today ({percent} %)", usd_told(budget))
        }
        None => format!("project {project}: USD {spent} today"),
    }
}

fn sweep(status: &Status, out: Out<'_>) {
    let Some(last) = &status.last_sweep else {
        line!(out, "sweep      none so far");
        return;
    };
    line!(
        out,
        "sweep      {} ago: {} of {}, {} found, {}",
        age(last.at, status.at),
        last.completed,
        counted(last.projects, "project"),
        counted(last.sent, "record"),
        counted(last.problems, "problem")
    );
    if last.hooks_off.is_empty() {
        line!(out, "hooks      none was switched off then");
    }
    for off in &last.hooks_off {
        let whose = off.project.map_or_else(|| "the company".to_owned(), |id| format!("project {id}"));
        let now = if off.reactivated { "was off and is on again" } else { "IS OFF: switch it on at Procore" };
        line!(out, "hooks      hook {} of {whose} {now}", off.hook);
    }
}
