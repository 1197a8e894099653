//! One event of a delivery, whichever of the three payload versions it came in.
//!
//! Reading is generous: unknown members, resources and reasons are values, numbers and strings are the
//! same, null is absent. Only what an event cannot be routed without makes it [`Unreadable`], and then its
//! raw text is kept for a person to look at, never for a log.

use jiff::Timestamp;

use super::fields::{Fields, elements};
use crate::ids::{CompanyId, ProjectId, UserId};

/// Version of the payload, told by its members; Procore docs compare the three formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// v2.0: integers, `event_type`, `metadata`.
    V2,
    /// v3.0: v2.0 and `related_resources`.
    V3,
    /// v4.0: strings, `reason` and `resource_type`, no metadata.
    V4,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Payload {
    /// Which format it came in.
    pub version: Version,
    /// What a repetition of the same event would carry too: the ULID, else the event's id.
    pub delivery_id: String,
    /// When the change happened, if it says so readably.
    pub occurred_at: Option<Timestamp>,
    /// `create`, `update`, `delete` or anything newer, in lower case.
    pub reason: String,
    /// The company.
    pub company_id: CompanyId,
    /// The project; events of company resources have none.
    pub project_id: Option<ProjectId>,
    /// Who made the change, if it names somebody by number.
    pub user_id: Option<UserId>,
    /// The kind of record, e.g. `RFIs`.
    pub resource_name: String,
    /// The record: digits, or whatever the vendor sends.
    pub resource_id: String,
    /// Where the change came from (`metadata`); `None` when none of it is stated, and always in v4.0.
    pub source: Option<Source>,
    /// Records it belongs to, e.g. the parent of a line item (v3.0).
    pub related: Vec<Related>,
}

/// Where a change came from. Procore docs: each member may be null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Who made it.
    pub user_id: Option<UserId>,
    /// OAuth client id of the app that made it.
    pub application_id: Option<String>,
    /// A token of the client that made it.
    pub operation_id: Option<String>,
}

/// A record an event belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Which: digits, or whatever the vendor sends.
    pub id: String,
    /// Its kind, e.g. `Change Events`; empty where not stated.
    pub name: String,
}

/// A body, or an element of it, that no event can be made of.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Unreadable {
    /// Which member is at fault and what was expected; never what was met.
    pub reason: String,
    /// The body or the element as it came, bytes that are not UTF-8 replaced.
    pub raw: String,
}

/// `raw` may hold anything, so only its size shows.
impl std::fmt::Debug for Unreadable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Unreadable")
            .field("reason", &self.reason)
            .field("raw_bytes", &self.raw.len())
            .finish()
    }
}

/// Reads a delivery's body: one event, or an array of them, each judged alone. An empty array is no event.
///
/// # Errors
/// [`Unreadable`] if the body as a whole is neither.
pub fn parse(body: &[u8]) -> Result<Vec<Result<Payload, Unreadable>>, Unreadable> {
    let Ok(text) = std::str::from_utf8(body) else {
        let raw = String::from_utf8_lossy(body).into_owned();
        return Err(Unreadable { reason: "body: expected UTF-8".to_owned(), raw });
    };
    let text = text.trim_start_matches('\u{feff}');
    if let Some(events) = elements(text) {
        return Ok(events.into_iter().map(event).collect());
    }
    if Fields::read(text).is_some() {
        return Ok(vec![event(text)]);
    }
    let reason = "body: expected a JSON object or an array of them".to_owned();
    Err(Unreadable { reason, raw: text.to_owned() })
}

fn event(json: &str) -> Result<Payload, Unreadable> {
    read(json).map_err(|reason| Unreadable { reason: reason.to_owned(), raw: json.to_owned() })
}

fn read(json: &str) -> Result<Payload, &'static str> {
    let fields = Fields::read(json).ok_or("event: expected a JSON object")?;
    let version = version(&fields);
    let either = |first: &str, second: &str| fields.text(first).or_else(|| fields.text(second));
    let (reason, resource_name) = match version {
        Version::V4 => (either("reason", "event_type"), either("resource_type", "resource_name")),
        Version::V2 | Version::V3 => {
            (either("event_type", "reason"), either("resource_name", "resource_type"))
        }
    };
    let project = fields.text("project_id").map(|id| id.parse());
    if project.is_none() && !fields.silent("project_id") {
        return Err("project_id: expected digits or nothing");
    }
    Ok(Payload {
        version,
        delivery_id: either("ulid", "id").ok_or("ulid, id: expected one of them, a string or a number")?,
        occurred_at: fields.text("timestamp").and_then(|text| text.parse().ok()),
        reason: reason.ok_or("event_type, reason: expected one of them, a string")?.to_lowercase(),
        company_id: fields
            .text("company_id")
            .and_then(|id| id.parse().ok())
            .ok_or("company_id: expected digits")?,
        project_id: project.transpose().map_err(|_| "project_id: expected digits or nothing")?,
        user_id: user(&fields, "user_id"),
        resource_name: resource_name.ok_or("resource_name, resource_type: expected one of them, a string")?,
        resource_id: fields.text("resource_id").ok_or("resource_id: expected a string or a number")?,
        source: fields.object("metadata").and_then(|metadata| source(&metadata)),
        related: fields.elements("related_resources").into_iter().filter_map(related).collect(),
    })
}

/// v3.0 and v2.0 name themselves (older v2 as "v2"); v4.0 does not, but speaks of `reason` and `resource_type`.
fn version(fields: &Fields<'_>) -> Version {
    let stated = fields.text("api_version");
    let major = stated
        .as_deref()
        .map(|text| text.trim_start_matches(['v', 'V']).split('.').next().unwrap_or_default());
    match major {
        Some("4") => Version::V4,
        Some("3") => Version::V3,
        Some(_) if fields.has("related_resources") => Version::V3,
        Some(_) => Version::V2,
        None if !fields.has("event_type") && (fields.has("reason") || fields.has("resource_type")) => {
            Version::V4
        }
        None if fields.has("related_resources") => Version::V3,
        None => Version::V2,
    }
}

/// An id that is not a number names nobody we could compare with; the event stays readable.
fn user(fields: &Fields<'_>, name: &str) -> Option<UserId> {
    fields.text(name)?.parse().ok()
}

fn source(metadata: &Fields<'_>) -> Option<Source> {
    let source = Source {
        user_id: user(metadata, "source_user_id"),
        application_id: metadata.text("source_application_id"),
        operation_id: metadata.text("source_operation_id"),
    };
    let stated = source.user_id.is_some() || source.application_id.is_some() || source.operation_id.is_some();
    stated.then_some(source)
}

fn related(json: &str) -> Option<Related> {
    let fields = Fields::read(json)?;
    Some(Related { id: fields.text("id")?, name: fields.text("name").unwrap_or_default() })
}
