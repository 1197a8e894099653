//! `plumbline hooks deliveries`: what became of events on their way to us. Of what our endpoint answered only the status
//! is read: bodies and headers may say anything.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use procore::{
    HookId, ProjectId,
    hooks::{Delivery, DeliveryFilter, DeliveryStatus, Scope},
};
use serde_json::json;

use super::{
    desk::Desk,
    found::{Stray, at, place},
};
use crate::{
    since::since,
    terminal::{Out, line, shown_on_a_line},
};

/// Looked back where nothing else is said.
const USUALLY: SignedDuration = SignedDuration::from_hours(24);
/// Rows of one hook looked at.
const MOST_ROWS: usize = 5_000;

/// Which deliveries.
#[derive(Debug, Args)]
pub struct Choice {
    /// Only those that ended so.
    #[arg(long)]
    pub status: Option<Status>,
    /// Only events since: a time (2026-11-20T08:00Z), a day (2026-11-20, UTC) or a span (24h, 7d). A day back if not said.
    #[arg(long, value_parser = since)]
    pub since: Option<Timestamp>,
    /// Only those of this project.
    #[arg(long)]
    pub project: Option<ProjectId>,
    /// So many at most, the newest; the counts are of all.
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
}

/// How a delivery can end, or stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Status {
    /// Our endpoint took it.
    Delivered,
    /// It did not.
    Failed,
    /// Given up: nothing sends it again, a sweep finds it.
    Discarded,
    /// Waiting.
    Enqueued,
    /// Failed, and to be tried again.
    Retrying,
}

impl From<Status> for DeliveryStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Delivered => Self::Delivered,
            Status::Failed => Self::Failed,
            Status::Discarded => Self::Discarded,
            Status::Enqueued => Self::Enqueued,
            Status::Retrying => Self::Retrying,
        }
    }
}

/// A delivery and whose it is.
struct Row {
    scope: Scope,
    hook: HookId,
    delivery: Delivery,
    at: Option<Timestamp>,
}

/// Lists them, oldest first. `Ok(false)` if a hook could not be asked.
///
/// # Errors
/// None of its own.
pub(super) async fn deliveries(
    desk: &Desk,
    choice: &Choice,
    now: Timestamp,
    out: Out<'_>,
) -> anyhow::Result<bool> {
    let first = choice.since.or_else(|| now.checked_sub(USUALLY).ok()).unwrap_or(now);
    let filter = DeliveryFilter {
        status: choice.status.map(DeliveryStatus::from),
        start: Some(first.to_zoned(TimeZone::UTC).date()),
        most_rows: Some(MOST_ROWS),
        ..DeliveryFilter::default()
    };
    let rows = desk.config.projects.iter().map(|project| project.id);
    let projects: Vec<ProjectId> = choice.project.map_or_else(|| rows.collect(), |project| vec![project]);
    let scopes = projects.into_iter().map(Scope::Project);
    let (hooks, mut unseen) = at(&desk.procore, &desk.config.namespace, scopes).await;
    let mut rows = Vec::new();
    for Stray { scope, hook } in hooks {
        match desk.procore.deliveries(scope, hook.id, &filter).await {
            Ok(found) => rows.extend(found.into_iter().map(|delivery| Row::new(scope, hook.id, delivery))),
            Err(error) => unseen.push(format!("{}: hook {}: {error}", place(scope), hook.id)),
        }
    }
    // A filter by day lets the hours before the first moment through. What has no readable time is shown.
    rows.retain(|row| row.at.is_none_or(|at| at >= first));
    rows.sort_by_key(|row| row.at);
    let shown = rows.iter().skip(rows.len().saturating_sub(choice.limit));
    for row in shown {
        if choice.json {
            line!(out, "{}", row.as_json());
        } else {
            line!(out, "{}", shown_on_a_line(&row.told()));
        }
    }
    for why in &unseen {
        if choice.json {
            line!(out, "{}", json!({ "not_looked_at": why }));
        } else {
            line!(out, "not looked at: {}", shown_on_a_line(why));
        }
    }
    if !choice.json {
        line!(out, "{}", summary(&rows, choice.limit));
    }
    Ok(unseen.is_empty())
}

fn summary(rows: &[Row], limit: usize) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        let count = counts.entry(status_name(&row.delivery.status)).or_default();
        *count = count.saturating_add(1);
    }
    let noun = if rows.len() == 1 { "delivery" } else { "deliveries" };
    let mut words = format!("{} {noun}", rows.len());
    if !counts.is_empty() {
        let counts: Vec<String> = counts.iter().map(|(status, count)| format!("{count} {status}")).collect();
        words = format!("{words}: {}", shown_on_a_line(&counts.join(", ")));
    }
    match rows.len().saturating_sub(limit) {
        0 => format!("{words}."),
        more => format!("{words}. The oldest {more} are not shown: raise --limit."),
    }
}

impl Row {
    fn new(scope: Scope, hook: HookId, delivery: Delivery) -> Self {
        let occurred = delivery.payload.as_ref().and_then(|payload| payload.occurred_at);
        let begun = delivery.attempts.first().and_then(|attempt| attempt.started_at);
        Self { scope, hook, at: occurred.or(begun), delivery }
    }

    /// What the last try was answered.
    fn last_status(&self) -> Option<u32> {
        self.delivery.attempts.last().and_then(|attempt| attempt.response_status)
    }

    fn told(&self) -> String {
        let at = self.at.map_or_else(|| "at an unknown time".to_owned(), |at| at.to_string());
        let event = self.delivery.payload.as_ref().map_or_else(
            || "an event that cannot be read".to_owned(),
            |payload| format!("{} {} {}", payload.resource_name, payload.resource_id, payload.reason),
        );
        let tries = self.delivery.attempts.len();
        let answer = match (tries, self.last_status()) {
            (0, _) => "not tried yet".to_owned(),
            (_, Some(status)) => format!("we answered {status}"),
            (_, None) => "we did not answer".to_owned(),
        };
        let again = if tries > 1 { format!(" at try {tries}") } else { String::new() };
        let status = status_name(&self.delivery.status);
        format!("{at}  {status}  {}, hook {}  {event}  {answer}{again}", place(self.scope), self.hook)
    }

    fn as_json(&self) -> serde_json::Value {
        let payload = self.delivery.payload.as_ref();
        let last = self.delivery.attempts.last();
        json!({
            "id": self.delivery.id,
            "at": self.at,
            "status": status_name(&self.delivery.status),
            "project_id": match self.scope { Scope::Project(project) => Some(project), Scope::Company => None },
            "hook_id": self.hook,
            "event_id": payload.map(|payload| &payload.delivery_id),
            "resource_name": payload.map(|payload| &payload.resource_name),
            "record_id": payload.map(|payload| &payload.resource_id),
            "reason": payload.map(|payload| &payload.reason),
            "tries": self.delivery.attempts.len(),
            "last_response_status": self.last_status(),
            "last_tried_at": last.and_then(|attempt| attempt.started_at),
        })
    }
}

/// A status in one word; the vendor's own where we have none.
fn status_name(status: &DeliveryStatus) -> &str {
    match status {
        DeliveryStatus::Delivered => "delivered",
        DeliveryStatus::Failed => "failed",
        DeliveryStatus::Discarded => "discarded",
        DeliveryStatus::Enqueued => "enqueued",
        DeliveryStatus::Retrying => "retrying",
        DeliveryStatus::Other(name) if name.is_empty() => "not stated",
        DeliveryStatus::Other(name) => name,
    }
}
