//! What a company lets its submittals be: statuses, responses, types.

use serde::Deserialize;

use crate::ids::{SubmittalResponseId, SubmittalStatusId};
use crate::wire;

/// A status a company gives its submittals. It can be had from the company's own list alone
/// ([`crate::Procore::submittal_statuses`]): what may be a draft hangs on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmittalStatus {
    id: SubmittalStatusId,
    name: String,
    status: Option<String>,
}

/// A row of that list. Private, so that no other JSON becomes a status.
#[derive(Deserialize)]
pub(super) struct StatusRow {
    id: SubmittalStatusId,
    #[serde(default, deserialize_with = "wire::words")]
    name: String,
    #[serde(default, deserialize_with = "wire::text")]
    status: Option<String>,
}

impl From<StatusRow> for SubmittalStatus {
    fn from(row: StatusRow) -> SubmittalStatus {
        SubmittalStatus { id: row.id, name: row.name, status: row.status }
    }
}

impl SubmittalStatus {
    /// Which.
    pub fn id(&self) -> SubmittalStatusId {
        self.id
    }

    /// Its name, the company's own.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it counts as. Procore docs: Open, Draft or Closed.
    pub fn status(&self) -> Option<&str> {
        self.status.as_deref()
    }

    pub(crate) fn is_draft(&self) -> bool {
        says_draft(self.status.as_deref(), &self.name)
    }
}

/// The status a submittal has: an object in v1.1, in some answers a bare name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Stated")]
pub struct SubmittalState {
    /// Which, where stated.
    pub id: Option<SubmittalStatusId>,
    /// Its name, the company's own; empty where not stated.
    pub name: String,
    /// What it counts as, where stated: Open, Draft or Closed.
    pub status: Option<String>,
}

impl SubmittalState {
    /// Whether it is a draft's.
    pub fn is_draft(&self) -> bool {
        says_draft(self.status.as_deref(), &self.name)
    }

    /// Whether it is one of those that are done with.
    pub fn is_closed(&self) -> bool {
        says(self.status.as_deref(), &self.name, "closed")
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Stated {
    Name(String),
    Object {
        #[serde(default, deserialize_with = "wire::maybe")]
        id: Option<SubmittalStatusId>,
        #[serde(default, deserialize_with = "wire::words")]
        name: String,
        #[serde(default, deserialize_with = "wire::text")]
        status: Option<String>,
    },
}

impl From<Stated> for SubmittalState {
    fn from(stated: Stated) -> SubmittalState {
        match stated {
            Stated::Name(name) => SubmittalState { id: None, name, status: None },
            Stated::Object { id, name, status } => SubmittalState { id, name, status },
        }
    }
}

/// What it counts as decides, in whatever case; its name does only where that is not stated. A company may call
/// a status "Draft" that counts as Open.
fn says_draft(status: Option<&str>, name: &str) -> bool {
    says(status, name, "draft")
}

fn says(status: Option<&str>, name: &str, word: &str) -> bool {
    status.unwrap_or(name).trim().eq_ignore_ascii_case(word)
}

/// A response a reviewer may choose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SubmittalResponse {
    /// Which.
    pub id: SubmittalResponseId,
    /// Its name, the company's own.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
    /// What it counts as: approved, rejected, revise and resubmit and others.
    #[serde(default, deserialize_with = "wire::text")]
    pub considered: Option<String>,
}

/// A type of submittal; a draft takes it by its name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SubmittalType {
    /// Which, where stated.
    #[serde(default, deserialize_with = "wire::maybe_id")]
    pub id: Option<i64>,
    /// Its name.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
}

#[cfg(test)]
pub(crate) fn draft_row(id: i64) -> SubmittalStatus {
    SubmittalStatus {
        id: SubmittalStatusId::new(id),
        name: "Draft".to_owned(),
        status: Some("Draft".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_what_counts_as_one() {
        for (status, name, draft) in [
            (Some("Draft"), "Being written", true),
            (Some("DRAFT"), "", true),
            (Some(" draft "), "", true),
            (None, "Draft", true),
            (None, "draft", true),
            (Some("Open"), "Draft", false),
            (Some("Closed"), "Draft", false),
            (Some("Open"), "Open", false),
            (None, "Draft for review", false),
            (None, "", false),
        ] {
            let row = serde_json::json!({ "id": 4, "name": name, "status": status });
            let row: SubmittalStatus = serde_json::from_value::<StatusRow>(row).unwrap().into();
            assert_eq!(row.is_draft(), draft, "{status:?} {name}");
            assert_eq!(
                crate::writes::submittals::DraftStatus::of(&row).is_some(),
                draft,
                "{status:?} {name}"
            );
        }
    }

    #[test]
    fn closed_is_what_counts_as_closed() {
        for (status, name, closed) in [
            (Some("Closed"), "Done", true),
            (None, "closed", true),
            (Some("Open"), "Closed", false),
            (None, "", false),
        ] {
            let state = SubmittalState { id: None, name: name.into(), status: status.map(Into::into) };
            assert_eq!(state.is_closed(), closed, "{status:?} {name}");
        }
    }

    #[test]
    fn a_status_is_an_object_or_a_name() {
        for (json, expected, draft) in [
            (r#"{"id": 3, "name": "Draft", "status": "Draft"}"#, (Some(3), "Draft", Some("Draft")), true),
            (r#"{"id": "3", "name": "New", "status": "draft"}"#, (Some(3), "New", Some("draft")), true),
            (r#""Draft""#, (None, "Draft", None), true),
            (r#""Open""#, (None, "Open", None), false),
            ("{}", (None, "", None), false),
            (r#"{"id": [], "name": 7}"#, (None, "7", None), false),
        ] {
            let state: SubmittalState = serde_json::from_str(json).unwrap();
            let read = (state.id.map(SubmittalStatusId::get), &*state.name, state.status.as_deref());
            assert_eq!((read, state.is_draft()), (expected, draft), "{json}");
        }
    }
}
