//! What Procore would send: events in the three payload versions, ours, broken ones, and those nobody listens to.

use jiff::civil::Date;
use sandbox::Dice;
use serde_json::{Value, json};

use crate::world::{PERSON, SERVICE_ACCOUNT};

/// What is special about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A record was created or changed.
    Change,
    /// An earlier event once more.
    SameId,
    /// An earlier change under another event id.
    NewId,
    /// Caused by the service account.
    Own,
    /// No event can be made of it.
    Malformed,
    /// More than the front door reads.
    TooLarge,
    /// About a kind of record without a workflow.
    UnknownResource,
    /// Of a project without a row in the configuration.
    OtherProject,
    /// Of another company, or of the company itself.
    NoProject,
}

impl Kind {
    /// Whether a run has to come of it.
    pub(crate) fn is_work(self) -> bool {
        matches!(self, Self::Change | Self::SameId | Self::NewId | Self::OtherProject)
    }
}

/// What an event tells.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) resource: String,
    pub(crate) record: i64,
    pub(crate) reason: &'static str,
    /// When it happened, where that matters: a deleted entry of the log is known by nothing else.
    pub(crate) day: Option<Date>,
}

/// One event as it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) kind: Kind,
    /// The id a run would know it by.
    pub(crate) id: String,
    pub(crate) version: &'static str,
    pub(crate) told: Told,
    pub(crate) text: Vec<u8>,
}

/// One request to the front door.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) body: Vec<u8>,
}

impl Mail {
    /// A body of one event.
    pub(crate) fn single(piece: Piece) -> Self {
        Self { body: piece.text.clone(), pieces: vec![piece] }
    }

    /// An array of events.
    pub(crate) fn array(pieces: Vec<Piece>) -> Self {
        let texts: Vec<&[u8]> = pieces.iter().map(|piece| piece.text.as_slice()).collect();
        let body = [b"[".as_slice(), &texts.join(&b','), b"]"].concat();
        Self { pieces, body }
    }

    /// What the front door has to answer in the end.
    pub(crate) fn expected(&self) -> u16 {
        if self.pieces.iter().any(|piece| piece.kind == Kind::TooLarge) { 413 } else { 204 }
    }
}

/// Writes events.
pub(crate) struct Pen {
    number: u64,
}

impl Pen {
    pub(crate) fn new() -> Self {
        Self { number: 0 }
    }

    fn id(&mut self) -> String {
        self.number += 1;
        format!("01K1Q8ZB7V3M5N9R2T{:08}", self.number)
    }

    /// An event of this kind about this record.
    pub(crate) fn write(&mut self, kind: Kind, told: Told, dice: &mut Dice) -> Piece {
        let id = self.id();
        let version = *dice.pick(&["v2.0", "v3.0", "v4.0"]).unwrap();
        let mut event = payload(version, &id, &told);
        match kind {
            Kind::Own => make_own(&mut event, version, dice),
            Kind::OtherProject => event["project_id"] = json!("4072"),
            Kind::NoProject if dice.one_in(2) => event["project_id"] = Value::Null,
            Kind::NoProject => event["company_id"] = json!("8002"),
            _ => {}
        }
        if kind == Kind::TooLarge {
            event["padding"] = json!("x".repeat(300 * 1024));
        } else if kind == Kind::Change && dice.one_in(200) {
            event["padding"] = json!("x".repeat(200 * 1024));
        }
        let mut text = event.to_string().into_bytes();
        if kind == Kind::Malformed {
            text = broken(&event, text, dice);
        }
        Piece { kind, id, version, told, text }
    }
}

/// The three forms. Ids are strings in v4.0 and numbers before.
fn payload(version: &str, id: &str, told: &Told) -> Value {
    let Told { resource, record, reason, day } = told;
    let day = day.unwrap_or(jiff::civil::date(2026, 6, 3));
    let timestamp = format!("{day}T18:20:33.250001Z");
    if version == "v4.0" {
        return json!({
            "id": id, "timestamp": timestamp, "reason": reason, "company_id": "8001", "project_id": "4071",
            "user_id": PERSON.to_string(), "resource_type": resource, "resource_id": record.to_string(),
        });
    }
    let mut event = json!({
        "id": 5_982_324_300_946_918_154_i64, "ulid": id, "timestamp": timestamp, "event_type": reason,
        "company_id": 8001, "project_id": 4071, "user_id": PERSON, "resource_name": resource,
        "resource_id": record, "api_version": version,
        "metadata": {
            "source_user_id": PERSON, "source_company_id": null, "source_project_id": null,
            "source_application_id": null, "source_operation_id": null,
        },
    });
    if version == "v3.0" {
        event["related_resources"] = json!([]);
    }
    event
}

fn make_own(event: &mut Value, version: &str, dice: &mut Dice) {
    if version != "v4.0" && dice.one_in(2) {
        event["metadata"]["source_application_id"] = json!("sandbox-client-id");
    } else if version != "v4.0" && dice.one_in(2) {
        event["metadata"]["source_user_id"] = json!(SERVICE_ACCOUNT);
    } else {
        event["user_id"] = json!(SERVICE_ACCOUNT.to_string());
    }
}

/// Cut off, not JSON, a member missing, a member of the wrong type, large rubbish. Each differs from all others.
fn broken(event: &Value, whole: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let mut event = event.clone();
    let id = event.get("ulid").unwrap_or(&event["id"]).as_str().unwrap().to_owned();
    let members = event.as_object_mut().unwrap();
    match dice.below(5) {
        0 => return whole[..whole.len() - 2].to_vec(),
        1 => return format!("hello {id}").into_bytes(),
        2 => drop(members.remove("resource_id")),
        3 => drop(members.insert("company_id".to_owned(), json!({"is": "no number"}))),
        _ => return format!("{id}{}", "rubbish ".repeat(25 * 1024)).into_bytes(),
    }
    event.to_string().into_bytes()
}
