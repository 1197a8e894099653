//! Which draft belongs to which record: by the run record that names both, else by the record's name in the item's
//! title. A draft RFI is its own draft: it is filled in where it stands.

use minijinja::{Value as Drawn, context, value::Serde};
use serde::Serialize;
use serde_json::Value;

use super::{
    about::{About, Kind},
    chips::{self, Chip},
    evidence, filled,
    render::capitalised,
};
use crate::{
    journal::DeliveryStatus,
    records::Item,
    state::{Shared, State},
};

/// Ends of a run that tell nothing about the draft: another run of the same record does, or will.
const PASSING: [&str; 6] = ["Unchanged", "Skipped", "Settling", "Superseded", "Busy", "Paced"];

/// The product's run records, newest first.
pub(super) async fn runs(shared: &Shared) -> Vec<Value> {
    let Some(source) = shared.run_source() else {
        return Vec::new();
    };
    let mut runs = source().await;
    runs.sort_by(|a, b| text(b, "started_at").cmp(text(a, "started_at")));
    runs
}

/// What has become of a record's draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    /// It is there to be reviewed.
    Ready,
    /// A note says what is missing.
    Note,
    /// The webhook is out and nothing has come back yet.
    Waiting,
    /// A person has taken it over or thrown it away, or there was nothing to draft.
    Done,
    /// Nobody has told of the record.
    None,
}

/// What is known of a record's draft.
#[derive(Debug, Serialize)]
pub(super) struct RecordDraft {
    pub(super) kind: Kind,
    pub(super) heading: &'static str,
    pub(super) record: &'static str,
    pub(super) standing: Standing,
    pub(super) chip: Option<Chip>,
    pub(super) item_id: Option<i64>,
    pub(super) item_number: String,
    pub(super) text: String,
    pub(super) reason: String,
    pub(super) run_id: Option<String>,
    /// Of a draft RFI: what of it the service account wrote.
    pub(super) filled: Vec<&'static str>,
}

impl RecordDraft {
    pub(super) fn of(state: &State, runs: &[Value], about: &About) -> Self {
        let own: Vec<&Value> = runs.iter().filter(|run| is_of(run, about)).collect();
        let telling = telling(&own);
        let item = own
            .iter()
            .find_map(|run| state.item(run.get("item_id")?.as_i64()?))
            .or_else(|| item_naming(state, about));
        let filled = match about.kind {
            Kind::Question => filled::of(state, about.record_id),
            _ => Vec::new(),
        };
        let waiting = item.is_none() && telling.is_none() && about.open && under_way(state, about);
        let (standing, chip) = if filled.is_empty() {
            standing(item, telling, waiting)
        } else {
            (Standing::Ready, Some(Chip::new("Filled in", "good")))
        };
        Self {
            kind: about.kind,
            heading: about.kind.heading(),
            record: about.kind.record(),
            standing,
            chip,
            item_id: item.map(|item| item.id),
            item_number: item
                .map(|item| format!("{}-{}", state.correspondence_type.abbreviation, item.position))
                .unwrap_or_default(),
            text: item.map(|item| item.description.clone()).unwrap_or_default(),
            reason: telling.map(|run| capitalised(text(run, "reason"))).unwrap_or_default(),
            run_id: telling.map(|run| text(run, "id").to_owned()).filter(|id| !id.is_empty()),
            filled,
        }
    }
}

/// Later runs of the same record may say only that nothing changed; the telling one is shown. Newest first.
fn telling<'a>(runs: &[&'a Value]) -> Option<&'a Value> {
    runs.iter().find(|run| !PASSING.contains(&text(run, "outcome"))).or(runs.first()).copied()
}

/// The run that an item's text rests on.
pub(super) fn run_of_item(runs: &[Value], item_id: i64) -> Option<&Value> {
    let own: Vec<&Value> =
        runs.iter().filter(|run| run.get("item_id").and_then(Value::as_i64) == Some(item_id)).collect();
    telling(&own)
}

/// The draft of a record with the evidence it rests on, for the record's page.
pub(super) fn beside(state: &State, runs: &[Value], about: &About) -> Drawn {
    let draft = RecordDraft::of(state, runs, about);
    let run = draft.run_id.as_deref().and_then(|id| runs.iter().find(|run| text(run, "id") == id));
    context! { evidence => run.map(evidence::of), draft => Serde(draft) }
}

/// The record a run was about, if it lives.
pub(super) fn record_of(state: &State, run: &Value) -> Option<About> {
    let id = text(run, "record_id").parse::<i64>().ok()?;
    About::all(state).into_iter().find(|about| about.record_id == id)
}

/// A member of a run record as text; empty when it is missing.
pub(super) fn text<'a>(run: &'a Value, name: &str) -> &'a str {
    run.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A run of another workflow on the same record is another story; one that chose none is everybody's. Run records
/// hold the id as text: not every vendor id fits a number everywhere.
fn is_of(run: &Value, about: &About) -> bool {
    let workflow = text(run, "workflow");
    text(run, "record_id").parse() == Ok(about.record_id)
        && (workflow.is_empty() || workflow == about.kind.workflow())
}

fn standing(item: Option<&Item>, run: Option<&Value>, waiting: bool) -> (Standing, Option<Chip>) {
    let outcome = run.map(|run| text(run, "outcome")).unwrap_or_default();
    match (item, run) {
        (Some(_), _) if outcome == "InsufficientContext" => (Standing::Note, Some(chips::outcome(outcome))),
        (Some(item), _) if item.status != "Draft" => {
            (Standing::Done, Some(Chip::new(format!("Issued: {}", item.status), "quiet")))
        }
        (Some(_), _) => (Standing::Ready, Some(Chip::new("Draft ready", "good"))),
        (None, Some(_)) if outcome == "Drafted" => {
            (Standing::Done, Some(Chip::new("Draft deleted", "quiet")))
        }
        (None, Some(_)) if outcome == "InsufficientContext" => {
            (Standing::Note, Some(chips::outcome(outcome)))
        }
        (None, Some(_)) => (Standing::Done, Some(chips::outcome(outcome))),
        (None, None) if waiting => (Standing::Waiting, Some(Chip::new("Drafting", "wait"))),
        (None, None) => (Standing::None, None),
    }
}

/// An item whose title names the record by its label as whole words.
fn item_naming<'a>(state: &'a State, about: &About) -> Option<&'a Item> {
    if !about.named_in_titles {
        return None;
    }
    state.items.iter().rev().filter(|item| !item.deleted).find(|item| {
        item.title.match_indices(&about.label).any(|(at, _)| {
            let next = item.title.get(at + about.label.len()..).and_then(|rest| rest.chars().next());
            next.is_none_or(|next| !next.is_ascii_digit())
        })
    })
}

fn under_way(state: &State, about: &About) -> bool {
    state.deliveries.iter().any(|delivery| {
        let id = delivery.event.get("resource_id");
        let id = id.and_then(|id| id.as_i64().or_else(|| id.as_str()?.parse().ok()));
        id.is_some_and(|id| about.told_by.contains(&id)) && delivery.status != DeliveryStatus::Discarded
    })
}
