//! Webhook bodies in the three payload versions.

use jiff::Timestamp;
use serde_json::{Value, json};
use ulid::Ulid;

/// Something that happened, before it takes a payload version's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `RFIs`, `Generic Tool Items`, ...
    pub resource_name: String,
    /// Id of the record.
    pub resource_id: i64,
    /// `create`, `update` or `delete`.
    pub reason: String,
    /// Who did it; `None` is sent as null.
    pub user_id: Option<i64>,
    /// OAuth client id of the application that did it; `None` for a person in the browser.
    pub application_id: Option<String>,
    /// Project; `None` makes a company-level event.
    pub project_id: Option<i64>,
}

/// Ids and time given to an event by the server.
pub(crate) struct Stamp {
    pub(crate) sequence: u64,
    pub(crate) at: Timestamp,
    pub(crate) company_id: i64,
    pub(crate) hide_metadata: bool,
}

/// The first event id: above 2^53, like the one Procore documents, so a reader that goes through f64 shows.
const FIRST_EVENT_ID: u64 = 5_982_324_300_946_918_000;

impl Event {
    /// The body for one payload version.
    pub(crate) fn payload(&self, version: &str, stamp: &Stamp) -> Value {
        let timestamp = stamp.at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string();
        let ulid = ulid(stamp);
        if version == "v4.0" {
            return json!({
                "id": ulid,
                "timestamp": timestamp,
                "reason": self.reason,
                "company_id": stamp.company_id.to_string(),
                "project_id": self.project_id.map(|id| id.to_string()),
                "user_id": self.user_id.map(|id| id.to_string()),
                "resource_type": self.resource_name,
                "resource_id": self.resource_id.to_string(),
            });
        }
        let mut body = json!({
            "id": FIRST_EVENT_ID + stamp.sequence,
            "ulid": ulid,
            "timestamp": timestamp,
            "event_type": self.reason,
            "company_id": stamp.company_id,
            "project_id": self.project_id,
            "user_id": self.user_id,
            "resource_name": self.resource_name,
            "resource_id": self.resource_id,
            "api_version": if version == "v3.0" { "v3.0" } else { "v2.0" },
            "metadata": self.metadata(stamp),
        });
        if version == "v3.0"
            && let Some(fields) = body.as_object_mut()
        {
            fields.insert("related_resources".to_owned(), json!([]));
        }
        body
    }

    fn metadata(&self, stamp: &Stamp) -> Value {
        if stamp.hide_metadata {
            return json!({
                "source_user_id": null,
                "source_company_id": null,
                "source_project_id": null,
                "source_application_id": null,
                "source_operation_id": null,
            });
        }
        json!({
            "source_user_id": self.user_id,
            "source_company_id": stamp.company_id,
            "source_project_id": self.project_id,
            "source_application_id": self.application_id,
            "source_operation_id": null,
        })
    }
}

fn ulid(stamp: &Stamp) -> String {
    let at_ms = u64::try_from(stamp.at.as_millisecond()).unwrap_or_default();
    Ulid::from_parts(at_ms, u128::from(stamp.sequence)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        Event {
            resource_name: "RFIs".to_owned(),
            resource_id: 562_949_953_421_312,
            reason: "create".to_owned(),
            user_id: Some(5301),
            application_id: None,
            project_id: Some(4071),
        }
    }

    fn stamp() -> Stamp {
        Stamp { sequence: 154, at: Timestamp::UNIX_EPOCH, company_id: 8001, hide_metadata: false }
    }

    #[test]
    fn v2_and_v3_carry_integers_and_metadata_and_v4_strings_and_none() {
        let v2 = event().payload("v2.0", &stamp());
        assert_eq!(v2["id"].as_u64(), Some(5_982_324_300_946_918_154));
        assert_eq!(v2["resource_id"], 562_949_953_421_312_i64);
        assert_eq!(v2["timestamp"], "1970-01-01T00:00:00.000000Z");
        assert_eq!(v2["metadata"]["source_user_id"], 5301);
        assert!(v2.get("related_resources").is_none());

        let v3 = event().payload("v3.0", &stamp());
        assert_eq!(v3["api_version"], "v3.0");
        assert_eq!(v3["related_resources"], json!([]));

        let v4 = event().payload("v4.0", &stamp());
        assert_eq!(v4["resource_id"], "562949953421312");
        assert_eq!(v4["reason"], "create");
        assert_eq!(v4["id"].as_str().map(str::len), Some(26));
        for absent in ["metadata", "event_type", "api_version", "ulid", "resource_name"] {
            assert!(v4.get(absent).is_none(), "{absent}");
        }
    }

    #[test]
    fn a_company_event_has_no_project_and_hidden_metadata_is_null() {
        let company = Event { project_id: None, ..event() };
        let body = company.payload("v2.0", &Stamp { hide_metadata: true, ..stamp() });
        assert!(body["project_id"].is_null());
        assert!(body["metadata"]["source_user_id"].is_null());
    }
}
