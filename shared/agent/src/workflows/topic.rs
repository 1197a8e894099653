//! What a record is about, for finding what matters to it.

/// Words to rank by, and what the names shown beside them may not hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Topic<'a> {
    /// The record's own words.
    pub(super) words: &'a str,
    /// The workflow's forbidden phrases: a name that holds one is withheld.
    pub(super) forbidden: &'a [&'a str],
}
