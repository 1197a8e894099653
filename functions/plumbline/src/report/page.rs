//! The page: figures in words, charts with their tables, and nothing that is loaded from anywhere.

use agent::workflows::WorkflowId;
use jiff::{Timestamp, tz::TimeZone};
use minijinja::{AutoEscape, Environment, Value, context};

use super::{
    chart::{self, Column},
    week::{Day, Row, Week},
};
use crate::figures::{quantile, span_told, usd_told};

const TEMPLATE: &str = include_str!("week.html");

/// So many projects have a row of their own; the others share one, so that the page stays one.
const MOST_PROJECTS: usize = 6;

/// So many matters are listed; the others are counted.
const MOST_MATTERS: usize = 5;

/// Longer than this, times are drawn in minutes.
const MINUTES_FROM_MS: u64 = 180_000;

pub(super) fn html(week: &Week, dead_letters: u64, now: Timestamp) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("week", TEMPLATE)?;
    let (first, last) = (week.days.first().map(|day| day.date), week.days.last().map(|day| day.date));
    let (shown, others) = week.rows.split_at_checked(MOST_PROJECTS).unwrap_or((&week.rows, &[]));
    let others = (!others.is_empty()).then(|| (format!("{} others", others.len()), Row::together(others)));
    let named = shown.iter().map(|row| (row.project_id.unwrap_or_default().to_string(), row.clone()));
    let rows: Vec<Value> = named.chain(others).map(|(name, row)| project(&name, &row)).collect();
    let prompts: Vec<Value> = week
        .prompts
        .iter()
        .map(|row| {
            context! {
                workflow => name_of(&row.workflow), version => row.version,
                in_force => row.in_force, made => row.made,
            }
        })
        .collect();
    let people: Vec<Value> = week
        .people
        .iter()
        .take(MOST_MATTERS)
        .map(|matter| context! { what => &matter.what, project_id => matter.project_id, why => &matter.why })
        .collect();
    let outcomes: Vec<Value> = week
        .outcomes
        .iter()
        .map(|(outcome, runs)| context! { name => outcome_told(outcome), runs => runs })
        .collect();
    let page = context! {
        first => first.map(|date| date.strftime("%-d %B").to_string()),
        last => last.map(|date| date.strftime("%-d %B %Y").to_string()),
        written => now.to_zoned(TimeZone::UTC).strftime("%-d %B %Y, %H:%M UTC").to_string(),
        drafts => week.drafts(), notes => week.notes(),
        median => quantile(&week.times_ms, 50).map(span_told),
        most => quantile(&week.times_ms, 95).map(span_told),
        cost => usd_told(week.cost_micro_usd()),
        cost_of_one => week.cost_of_one_micro_usd().map(usd_told),
        runs => week.outcomes.iter().map(|(_, runs)| runs).sum::<u64>(),
        workflows => WorkflowId::all().iter().map(|workflow| {
            context! { class => workflow.name(), name => name_of(workflow.name()) }
        }).collect::<Vec<_>>(),
        days => days(week), rows, prompts, outcomes,
        people, more_people => week.people.len().saturating_sub(MOST_MATTERS), dead_letters,
        time_unit => if in_minutes(week) { "minutes" } else { "seconds" },
        drafts_chart => Value::from_safe_string(drafts_chart(week)),
        outcome_chart => Value::from_safe_string(outcome_chart(week)),
        time_chart => Value::from_safe_string(time_chart(week)),
        cost_chart => Value::from_safe_string(cost_chart(week)),
    };
    environment.get_template("week")?.render(page)
}

fn project(name: &str, row: &Row) -> Value {
    let of = |workflow: &WorkflowId| row.drafts.get(workflow.name()).copied().unwrap_or(0);
    context! {
        name, drafts => WorkflowId::all().iter().map(of).collect::<Vec<_>>(), notes => row.notes,
        median => quantile(&row.times_ms, 50).map(span_told), cost => usd_told(row.cost_micro_usd),
    }
}

fn days(week: &Week) -> Vec<Value> {
    let day = |day: &Day| {
        let of = |workflow: &WorkflowId| day.drafts.get(workflow.name()).copied().unwrap_or(0);
        context! {
            label => day.label(),
            drafts => WorkflowId::all().iter().map(of).collect::<Vec<_>>(),
            median => quantile(&day.times_ms, 50).map(span_told),
            most => quantile(&day.times_ms, 95).map(span_told),
            cost => usd_told(day.cost_micro_usd),
        }
    };
    week.days.iter().map(day).collect()
}

fn drafts_chart(week: &Week) -> String {
    let columns: Vec<Column> = week
        .days
        .iter()
        .map(|day| Column {
            label: day.label(),
            parts: WorkflowId::all()
                .iter()
                .map(|workflow| {
                    let drafts = day.drafts.get(workflow.name()).copied().unwrap_or(0);
                    (workflow.name().to_owned(), drafts as f64)
                })
                .collect(),
            mark: None,
            told: told(day.drafts.values().sum()),
        })
        .collect();
    let words = format!("{} drafts in seven days, stacked by workflow", week.drafts());
    chart::columns("drafts", "Drafts by day", &words, &columns)
}

fn time_chart(week: &Week) -> String {
    let unit_ms = if in_minutes(week) { 60_000.0 } else { 1000.0 };
    let columns: Vec<Column> = week
        .days
        .iter()
        .map(|day| {
            let of = |percent| quantile(&day.times_ms, percent).map(|ms| ms as f64 / unit_ms);
            Column {
                label: day.label(),
                parts: of(50).map(|half| ("plain".to_owned(), half)).into_iter().collect(),
                mark: of(95),
                told: String::new(),
            }
        })
        .collect();
    let words = "Column: half of the day's drafts came within this time. Line above it: 95 of 100.";
    chart::columns("time", "Time from webhook to draft by day", words, &columns)
}

fn in_minutes(week: &Week) -> bool {
    week.days.iter().filter_map(|day| quantile(&day.times_ms, 95)).any(|ms| ms > MINUTES_FROM_MS)
}

fn cost_chart(week: &Week) -> String {
    let columns: Vec<Column> = week
        .days
        .iter()
        .map(|day| Column {
            label: day.label(),
            parts: vec![("plain".to_owned(), day.cost_micro_usd as f64 / 1e6)],
            mark: None,
            told: if day.cost_micro_usd == 0 { String::new() } else { usd_told(day.cost_micro_usd) },
        })
        .collect();
    let words = format!("USD {} in seven days", usd_told(week.cost_micro_usd()));
    chart::columns("cost", "Cost of the model by day, in US dollars", &words, &columns)
}

fn outcome_chart(week: &Week) -> String {
    let bars: Vec<(String, String, u64)> = week
        .outcomes
        .iter()
        .map(|(outcome, runs)| (outcome_told(outcome).to_owned(), outcome_class(outcome).to_owned(), *runs))
        .collect();
    let words = "How many events ended in which way";
    chart::bars("outcomes", "How events ended", words, &bars)
}

fn told(number: u64) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}

/// What those who pay call a workflow.
fn name_of(workflow: &str) -> &str {
    match workflow {
        "rfi_question" => "RFI questions",
        "rfi_response" => "RFI responses",
        "submittal_review" => "Submittal reviews",
        "daily_log_summary" => "Daily log summaries",
        other => other,
    }
}

/// What those who pay call an outcome.
fn outcome_told(outcome: &str) -> &str {
    match outcome {
        "Drafted" => "Draft written",
        "InsufficientContext" => "Information missing",
        "Skipped" => "Nothing to draft",
        "Unchanged" => "Already done",
        "Superseded" => "Changed meanwhile",
        "OverBudget" => "Waited for budget",
        "NoCarrier" => "No place set up",
        "Quarantined" => "Stopped for safety",
        "Failed" => "Failed, tried again",
        other => other,
    }
}

/// Three kinds of ends: what was written, what needed nothing, what somebody should know of.
fn outcome_class(outcome: &str) -> &'static str {
    match outcome {
        "Drafted" | "InsufficientContext" => "plain",
        "Skipped" | "Unchanged" | "Superseded" => "quiet",
        _ => "loud",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_workflow_has_a_name_and_a_colour() {
        for workflow in WorkflowId::all() {
            assert_ne!(name_of(workflow.name()), workflow.name());
            let rule = format!(".{} ", workflow.name());
            assert!(TEMPLATE.contains(&rule), "week.html has no colour for {rule}");
        }
    }
}
