//! Which draft belongs to which RFI: by the run record that names both, else by the number in the item's title.

use serde::Serialize;
use serde_json::Value;

use super::chips::{self, Chip};
use crate::{
    journal::DeliveryStatus,
    records::{Item, RfiRecord, RfiStatus},
    state::{Shared, State},
};

/// The product's run records, newest first.
pub(super) async fn runs(shared: &Shared) -> Vec<Value> {
    let Some(source) = shared.run_source() else {
        return Vec::new();
    };
    let mut runs = source().await;
    runs.sort_by(|a, b| text(b, "started_at").cmp(text(a, "started_at")));
    runs
}

/// What is known of an RFI's draft.
#[derive(Debug, Serialize)]
pub(super) struct RfiDraft {
    pub(super) chip: Option<Chip>,
    pub(super) item_id: Option<i64>,
    pub(super) item_title: String,
    pub(super) item_status: Option<Chip>,
    pub(super) item_number: String,
    pub(super) text: String,
    pub(super) reason: String,
    pub(super) run_id: Option<String>,
    /// The webhook is out and nothing has come back yet.
    pub(super) waiting: bool,
}

impl RfiDraft {
    pub(super) fn of(state: &State, runs: &[Value], rfi: &RfiRecord) -> Self {
        let own: Vec<&Value> = runs.iter().filter(|run| record_id(run) == Some(rfi.id)).collect();
        // Later runs of the same record may say only that nothing changed; the telling one is shown.
        let telling = own
            .iter()
            .find(|run| !matches!(text(run, "outcome"), "Unchanged" | "Skipped" | "Settling" | "Superseded"))
            .or(own.first())
            .copied();
        let item = own
            .iter()
            .find_map(|run| state.item(run.get("item_id")?.as_i64()?))
            .or_else(|| item_naming(state, rfi));
        let waiting =
            item.is_none() && telling.is_none() && rfi.status == RfiStatus::Open && under_way(state, rfi.id);
        Self {
            chip: chip(item, telling, waiting),
            item_id: item.map(|item| item.id),
            item_title: item.map(|item| item.title.clone()).unwrap_or_default(),
            item_status: item.map(|item| chips::status(&item.status)),
            item_number: item
                .map(|item| format!("{}-{}", state.correspondence_type.abbreviation, item.position))
                .unwrap_or_default(),
            text: item.map(|item| item.description.clone()).unwrap_or_default(),
            reason: telling.map(|run| text(run, "reason").to_owned()).unwrap_or_default(),
            run_id: telling.map(|run| text(run, "id").to_owned()).filter(|id| !id.is_empty()),
            waiting,
        }
    }
}

/// A member of a run record as text; empty when it is missing.
pub(super) fn text<'a>(run: &'a Value, name: &str) -> &'a str {
    run.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The record a run was about. Run records hold it as text: not every vendor id fits a number everywhere.
pub(super) fn record_id(run: &Value) -> Option<i64> {
    text(run, "record_id").parse().ok()
}

fn chip(item: Option<&Item>, run: Option<&Value>, waiting: bool) -> Option<Chip> {
    let outcome = run.map(|run| text(run, "outcome")).unwrap_or_default();
    match (item, run) {
        (Some(_), _) if outcome == "InsufficientContext" => Some(chips::outcome(outcome)),
        (Some(item), _) if item.status != "Draft" => {
            Some(Chip::new(format!("Issued: {}", item.status), "quiet"))
        }
        (Some(_), _) => Some(Chip::new("Draft ready", "good")),
        (None, Some(_)) if outcome == "Drafted" => Some(Chip::new("Draft deleted", "quiet")),
        (None, Some(_)) => Some(chips::outcome(outcome)),
        (None, None) if waiting => Some(Chip::new("Drafting", "wait")),
        (None, None) => None,
    }
}

/// An item whose title names the RFI's number as a whole word.
fn item_naming<'a>(state: &'a State, rfi: &RfiRecord) -> Option<&'a Item> {
    let label = format!("RFI {}", rfi.number?);
    state.items.iter().rev().filter(|item| !item.deleted).find(|item| {
        item.title.match_indices(&label).any(|(at, _)| {
            let next = item.title.get(at + label.len()..).and_then(|rest| rest.chars().next());
            next.is_none_or(|next| !next.is_ascii_digit())
        })
    })
}

fn under_way(state: &State, rfi_id: i64) -> bool {
    state.deliveries.iter().any(|delivery| {
        let id = delivery.event.get("resource_id");
        let same = id.and_then(Value::as_i64) == Some(rfi_id)
            || id.and_then(Value::as_str) == Some(rfi_id.to_string().as_str());
        same && delivery.status != DeliveryStatus::Discarded
    })
}
