//! Values to store, and a clock to pass in.

use agent::{
    claim::{Claim, DraftsOn, Lease, Reserve, State, StoredAnswer},
    envelope::Envelope,
    event::{Actor, Event, EventId, Reason, Resource},
    evidence::Evidence,
    ledger::ClaimKey,
    record::RunRecord,
    spent::Spent,
};
use jiff::Timestamp;

/// `seconds` after the moment these tests begin.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).unwrap()
}

/// The clock of stores under test: it stands still.
pub(crate) fn clock() -> Timestamp {
    at(0)
}

/// The clock an hour later.
pub(crate) fn later() -> Timestamp {
    at(3600)
}

pub(crate) fn key(record: i64) -> ClaimKey {
    ClaimKey { workflow: "rfi_response", project: "4071".parse().unwrap(), record }
}

/// A claim with everything in it that JSON could spoil.
pub(crate) fn claim(version: u64, lease: Option<Lease>) -> Claim {
    Claim {
        version,
        claimed_at: at(-1),
        evidence_hash: "5e1f".into(),
        state: State::Answered,
        lease,
        answer: Some(StoredAnswer {
            json: serde_json::json!({ "text": "Anker 1½\" – \"É\" \u{1f6a7} \\ \n", "x": 0.1, "one": 1.0, "id": 9007199254740993_i64 }),
            model: "scripted".into(),
            spent: Spent { tokens_in: 7, ..Spent::default() },
            repaired: true,
        }),
        precedents: Evidence::default(),
        draft: None,
        placed: None,
        unsettled: vec!["01J0".into()],
        unsettled_since: Some(at(0)),
        outcome: None,
        drafts: DraftsOn { day: Some(jiff::civil::date(2026, 11, 18)), count: 2 },
        reserve: Some(Reserve { purse: "usd/4071/2026-11-18".into(), micro_usd: 1_500_000 }),
        seen_at: Some(at(-7)),
    }
}

pub(crate) fn lease(holder: &str, until: Timestamp) -> Lease {
    Lease { run: "run".to_owned(), holder: holder.into(), until }
}

pub(crate) fn envelope(name: &str) -> Envelope {
    let event = Event {
        id: EventId(name.into()),
        company: "8001".parse().unwrap(),
        project: Some("4071".parse().unwrap()),
        resource: Resource::Rfi,
        record: "9007199254740993".into(),
        reason: Reason::Update,
        actor: Actor::default(),
        occurred_at: Some(at(-5)),
    };
    Envelope::from_webhook(event, at(0))
}

/// The event's name, from a message body.
pub(crate) fn name(body: &str) -> String {
    Envelope::from_body(body).unwrap().event.id.0
}

pub(crate) fn run(id: &str, started_at: Timestamp) -> RunRecord {
    RunRecord {
        id: id.into(),
        event_id: "01J0".into(),
        event: Some(envelope("01J0").event),
        workflow: Some("rfi_response".into()),
        project_id: Some(4071),
        record_id: "7".into(),
        record_label: "RFI 7".into(),
        started_at,
        outcome: "Drafted".into(),
        reason: "draft in correspondence item 3".into(),
        steps: Vec::new(),
        evidence: Vec::new(),
        evidence_hash: "5e1f".into(),
        quotes: Vec::new(),
        observations: vec![agent::Observation { what: "answer_status".into(), status: "not_an_rfi".into() }],
        findings: Vec::new(),
        answer: Some(serde_json::json!({ "text": "Anker 1½\"" })),
        prompt: None,
        model: Some("scripted".into()),
        spent: Spent::default(),
        procore_calls: 4,
        item_id: Some(3),
        draft_text: None,
        flags: Vec::new(),
        not_read: Vec::new(),
        tally: agent::record::Tally::default(),
    }
}
