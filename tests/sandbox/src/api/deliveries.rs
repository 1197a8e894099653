//! Deliveries of a hook, from the ones the stand-in has really made.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, State},
    http::Uri,
    response::Response,
};
use jiff::{civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use super::{errors, page, params::Params, shapes, webhooks::id};
use crate::{
    journal::{Delivery, DeliveryAttempt, DeliveryStatus},
    state::{Shared, State as Books},
};

/// `GET .../webhooks/hooks/{hook_id}/deliveries`, v2.0, oldest first unless sorted otherwise. Procore docs: the
/// filter says `succeeded` where the rows say `delivered`.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Path(ids): Path<BTreeMap<String, i64>>,
    uri: Uri,
) -> Response {
    let params = Params::of(&uri);
    let status = match params.one("filter[status]") {
        None => None,
        Some(wanted @ ("succeeded" | "failed" | "discarded" | "enqueued" | "retrying")) => Some(wanted),
        Some(_) => return errors::malformed("filter[status] is not one of the listed values"),
    };
    let (start, end) = match (params.date("filter[start]"), params.date("filter[end]")) {
        (Ok(start), Ok(end)) => (start, end),
        (Err(refused), _) | (_, Err(refused)) => return *refused,
    };
    let text = |delivery: &Delivery, name: &str| {
        delivery.listed.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let rows: Option<Vec<Value>> = shared.read(|state| {
        let (index, _, _) = state.hook(id(&ids, "hook_id"), ids.get("project_id").copied())?;
        let own = state.deliveries.iter().filter(|delivery| delivery.hook == index);
        let mut rows: Vec<Value> = own
            .filter(|one| status.is_none_or(|wanted| filter_word(one.status) == wanted))
            .filter(|one| {
                params.one("filter[resource_name]").is_none_or(|name| text(one, "resource_name") == name)
            })
            .filter(|one| params.one("filter[event_type]").is_none_or(|name| text(one, "event_type") == name))
            .filter(|one| {
                let day = day_of(&text(one, "timestamp"));
                start.is_none_or(|start| day.is_some_and(|day| day >= start))
                    && end.is_none_or(|end| day.is_some_and(|day| day <= end))
            })
            .map(|one| row(state, one))
            .collect();
        if params.one("sort").is_some_and(|sort| sort.starts_with('-')) {
            rows.reverse();
        }
        Some(rows)
    });
    rows.map_or_else(errors::not_found, |rows| page::V2.answer(&shared.url, &uri, &rows))
}

fn row(state: &Books, delivery: &Delivery) -> Value {
    let attempts: Vec<Value> = delivery
        .attempts
        .iter()
        .zip(1_u64..)
        .map(|(attempt, number)| {
            json!({
                "id": format!("{}-{number}", delivery.id),
                "success": succeeded(attempt),
                "response_status": attempt.status,
                "response_body": null,
                "response_headers": null,
                "started_at": shapes::time(state.by_server(attempt.at)),
                "completed_at": shapes::time(state.by_server(attempt.completed_at)),
            })
        })
        .collect();
    json!({
        "id": delivery.id.to_string(),
        "status": row_word(delivery.status),
        "payload": shapes::filled(delivery.listed.clone()),
        "delivery_attempts": attempts,
    })
}

pub(super) fn succeeded(attempt: &DeliveryAttempt) -> bool {
    attempt.status.is_some_and(|status| (200..300).contains(&status))
}

fn row_word(status: DeliveryStatus) -> &'static str {
    match status {
        DeliveryStatus::Enqueued => "enqueued",
        DeliveryStatus::Retrying => "retrying",
        DeliveryStatus::Delivered => "delivered",
        DeliveryStatus::Discarded => "discarded",
    }
}

fn filter_word(status: DeliveryStatus) -> &'static str {
    match status {
        DeliveryStatus::Delivered => "succeeded",
        other => row_word(other),
    }
}

/// The day of an event, UTC.
fn day_of(timestamp: &str) -> Option<Date> {
    let at: jiff::Timestamp = timestamp.parse().ok()?;
    Some(at.to_zoned(TimeZone::UTC).date())
}
