//! Lists of RFIs: their rows, and which to ask for.

use jiff::Timestamp;
use serde::Deserialize;

use super::status::RfiStatus;
use crate::ids::RfiId;
use crate::wire;

/// One row of a list of RFIs, which knows less than the RFI itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RfiRow {
    /// Which.
    pub id: RfiId,
    /// Number, where it has one.
    #[serde(default, deserialize_with = "wire::text")]
    pub number: Option<String>,
    /// Subject line.
    #[serde(default, deserialize_with = "wire::words")]
    pub subject: String,
    /// Status.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub status: RfiStatus,
    /// Whether only its people and administrators see it.
    #[serde(default, deserialize_with = "wire::flag")]
    pub private: bool,
    /// When it last changed.
    #[serde(default, deserialize_with = "wire::moment")]
    pub updated_at: Option<Timestamp>,
    /// Texts of its questions, possibly HTML.
    #[serde(default, rename = "questions", deserialize_with = "bodies")]
    pub questions: Vec<String>,
}

fn bodies<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    struct Asked {
        #[serde(default, deserialize_with = "wire::words")]
        body: String,
    }
    let asked: Vec<Asked> = wire::list(deserializer)?;
    Ok(asked.into_iter().map(|question| question.body).collect())
}

/// Which RFIs a list should hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RfiFilter {
    /// Any of these; all if empty.
    pub statuses: Vec<RfiStatus>,
    /// Changed since then.
    pub updated_since: Option<Timestamp>,
    /// At most so many rows, in the vendor's order; the client's own bound if absent.
    pub most_rows: Option<usize>,
}
