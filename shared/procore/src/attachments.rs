//! Files on records, as records name them. Fetching one is the business of `files`.

use serde::Deserialize;

use crate::wire;

/// A file on a record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct Attachment {
    /// Which, where stated.
    pub id: Option<i64>,
    /// File name; empty where not stated.
    pub name: String,
    /// Where the bytes are; possibly not at Procore, possibly a redirect, and it may expire.
    pub url: Option<String>,
    /// Media type, where stated.
    pub content_type: Option<String>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "wire::maybe_id")]
    id: Option<i64>,
    #[serde(default, deserialize_with = "wire::text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    filename: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    url: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    content_type: Option<String>,
}

impl From<Wire> for Attachment {
    /// Procore docs: `filename` is the deprecated twin of `name`; some answers have both, some it alone.
    fn from(wire: Wire) -> Attachment {
        Attachment {
            id: wire.id,
            name: wire.name.or(wire.filename).unwrap_or_default(),
            url: wire.url,
            content_type: wire.content_type,
        }
    }
}
