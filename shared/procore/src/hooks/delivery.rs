//! Deliveries: what became of events. The only place to see what was discarded while our end was away.
//!
//! An endpoint's answers and headers, which deliveries repeat, are not read: they may say anything.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::scope::Scope;
use super::trigger::TriggerEvent;
use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::HookId;
use crate::versions::newer_or_older;
use crate::webhook::{self, Payload};
use crate::wire;
use crate::writes::administration::HOOKS_V1;

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum DeliveryStatus {
    /// Our end took it.
    Delivered,
    /// Our end did not.
    Failed,
    /// Given up. Procore docs: after 12 hours without success the queue is flushed, and nothing sends it again.
    Discarded,
    /// Waiting.
    Enqueued,
    /// Failed, and to be tried again.
    Retrying,
    /// Newer than this program, or not stated (empty).
    Other(String),
}

impl DeliveryStatus {
    /// The name a filter takes. Procore docs: rows say `delivered` where the filter says `succeeded`.
    fn filter(&self) -> &str {
        match self {
            DeliveryStatus::Delivered => "succeeded",
            DeliveryStatus::Failed => "failed",
            DeliveryStatus::Discarded => "discarded",
            DeliveryStatus::Enqueued => "enqueued",
            DeliveryStatus::Retrying => "retrying",
            DeliveryStatus::Other(name) => name,
        }
    }
}

impl From<String> for DeliveryStatus {
    /// The names of v2.0 rows, of its filter, and of v1.0 outcomes.
    fn from(name: String) -> DeliveryStatus {
        match name.to_ascii_lowercase().as_str() {
            "delivered" | "succeeded" | "ok" => DeliveryStatus::Delivered,
            "failed" => DeliveryStatus::Failed,
            "discarded" => DeliveryStatus::Discarded,
            "enqueued" => DeliveryStatus::Enqueued,
            "retrying" | "retried" => DeliveryStatus::Retrying,
            _ => DeliveryStatus::Other(name),
        }
    }
}

impl Default for DeliveryStatus {
    fn default() -> DeliveryStatus {
        DeliveryStatus::Other(String::new())
    }
}

/// One try to deliver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Attempt {
    /// Status our end answered with, if it did.
    #[serde(default, deserialize_with = "wire::count")]
    pub response_status: Option<u32>,
    /// When it began.
    #[serde(default, deserialize_with = "wire::moment")]
    pub started_at: Option<Timestamp>,
    /// When it was over.
    #[serde(default, deserialize_with = "wire::moment")]
    pub completed_at: Option<Timestamp>,
}

/// One delivery.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Wire")]
pub struct Delivery {
    /// Which, in the vendor's words; v1.0 knows only the event's id.
    pub id: String,
    /// What became of it.
    pub status: DeliveryStatus,
    /// The event, if it can be read: as it would have arrived.
    pub payload: Option<Payload>,
    /// Tries so far.
    pub attempts: Vec<Attempt>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "wire::id_text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "wire::id_text")]
    event_id: Option<String>,
    #[serde(default, deserialize_with = "wire::maybe")]
    status: Option<DeliveryStatus>,
    #[serde(default, deserialize_with = "wire::maybe")]
    outcome: Option<DeliveryStatus>,
    #[serde(default)]
    payload: Value,
    #[serde(default)]
    event: Value,
    #[serde(default, deserialize_with = "wire::maybe")]
    delivery_attempts: Option<Vec<Attempt>>,
    #[serde(flatten)]
    attempt: Attempt,
}

impl TryFrom<Wire> for Delivery {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Delivery, &'static str> {
        let event = if wire.payload.is_object() { wire.payload } else { wire.event };
        let v1 = if wire.attempt == Attempt::default() { Vec::new() } else { vec![wire.attempt] };
        Ok(Delivery {
            id: wire.id.or(wire.event_id).ok_or("a delivery without an id")?,
            status: wire.status.or(wire.outcome).unwrap_or_default(),
            payload: event.is_object().then(|| payload(&event)).flatten(),
            attempts: wire.delivery_attempts.unwrap_or(v1),
        })
    }
}

fn payload(event: &Value) -> Option<Payload> {
    webhook::parse(event.to_string().as_bytes()).ok()?.pop()?.ok()
}

/// Which deliveries a list should hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Of this status.
    pub status: Option<DeliveryStatus>,
    /// About this kind of record.
    pub resource_name: Option<String>,
    /// About this event.
    pub event: Option<TriggerEvent>,
    /// From this day on.
    pub start: Option<Date>,
    /// Up to this day.
    pub end: Option<Date>,
    /// At most so many rows, in the vendor's order; the client's own bound if absent.
    pub most_rows: Option<usize>,
}

impl DeliveryFilter {
    /// v1.0 filters by a status whose names are not described, and by nothing else: we filter ourselves. Days
    /// are compared in UTC.
    fn admits(&self, delivery: &Delivery) -> bool {
        let payload = delivery.payload.as_ref();
        let day = payload
            .and_then(|payload| payload.occurred_at)
            .map(|moment| moment.to_zoned(jiff::tz::TimeZone::UTC).date());
        self.status.as_ref().is_none_or(|status| *status == delivery.status)
            && self
                .resource_name
                .as_ref()
                .is_none_or(|name| payload.is_some_and(|payload| payload.resource_name == *name))
            && self.event.as_ref().is_none_or(|event| {
                payload.is_some_and(|payload| TriggerEvent::from(payload.reason.clone()) == *event)
            })
            && self.start.is_none_or(|start| day.is_some_and(|day| day >= start))
            && self.end.is_none_or(|end| day.is_some_and(|day| day <= end))
    }
}

impl Procore {
    /// The deliveries of a hook that the filter lets through. Of v1.0, only the first hundred are looked at: how
    /// its pages are numbered is not described.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn deliveries(
        &self,
        scope: Scope,
        hook: HookId,
        filter: &DeliveryFilter,
    ) -> Result<Vec<Delivery>, Error> {
        let company = self.company();
        let mut newer = Call::get(format!("{}/{hook}/deliveries", scope.hooks_path(company)));
        let status = filter.status.as_ref().map(DeliveryStatus::filter);
        let event = filter.event.as_ref().map(TriggerEvent::as_str);
        for (key, value) in [
            ("filter[status]", status),
            ("filter[resource_name]", filter.resource_name.as_deref()),
            ("filter[event_type]", event),
        ] {
            if let Some(value) = value {
                newer = newer.query(key, value);
            }
        }
        for (key, day) in [("filter[start]", filter.start), ("filter[end]", filter.end)] {
            if let Some(day) = day {
                newer = newer.query(key, day);
            }
        }
        let older = scope.v1(company, format!("{HOOKS_V1}/{hook}/deliveries")).query("page_size", 100);
        newer_or_older(self.pages(newer, filter.most_rows), async {
            let mut rows: Vec<Delivery> = self.send(older).await?.list()?;
            rows.retain(|delivery| filter.admits(delivery));
            rows.truncate(filter.most_rows.unwrap_or(usize::MAX));
            Ok(rows)
        })
        .await
    }
}
