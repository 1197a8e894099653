//! Places of the project, a tree.

use serde::Deserialize;

/// One place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Location id.
    pub id: i64,
    /// Whole path, such as `Level 1 > Exam wing`.
    pub name: String,
    /// The place it lies in.
    pub parent_id: Option<i64>,
}

impl Location {
    /// Last part of the path.
    #[must_use]
    pub fn node_name(&self) -> &str {
        self.name.rsplit(" > ").next().unwrap_or(&self.name)
    }
}
