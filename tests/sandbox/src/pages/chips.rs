//! Words and tones of the status chips.

use minijinja::{Value, value::Serde};
use serde::Serialize;

/// A chip: its words and its tone (`good`, `wait`, `warn`, `bad`, `quiet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Chip {
    pub(super) words: String,
    pub(super) tone: &'static str,
}

impl Chip {
    pub(super) fn new(words: impl Into<String>, tone: &'static str) -> Self {
        Self { words: words.into(), tone }
    }
}

impl From<Chip> for Value {
    fn from(chip: Chip) -> Self {
        Self::from(Serde(chip))
    }
}

/// How a run ended, as the run pages say it.
pub(super) fn outcome(outcome: &str) -> Chip {
    let name = outcome.split(['(', ' ', ':']).next().unwrap_or_default();
    let (words, tone) = match name {
        "Drafted" => ("Drafted", "good"),
        "InsufficientContext" => ("Needs information", "warn"),
        "Skipped" => ("Skipped", "quiet"),
        "Unchanged" => ("Unchanged", "quiet"),
        "Settling" => ("Settling", "wait"),
        "Busy" | "Paced" => ("Waiting its turn", "wait"),
        "Superseded" => ("Superseded", "quiet"),
        "OverBudget" => ("Over budget", "warn"),
        "NoCarrier" => ("No correspondence type", "warn"),
        "Quarantined" => ("Quarantined", "bad"),
        "" => ("Running", "wait"),
        other => (other, "warn"),
    };
    Chip::new(words, tone)
}

/// Status of a record, an item or a log entry.
pub(super) fn status(status: &str) -> Chip {
    match status {
        "open" | "Open" => Chip::new("Open", "open"),
        "In Review" => Chip::new("In review", "open"),
        "pending" => Chip::new("Pending", "warn"),
        "approved" => Chip::new("Approved", "quiet"),
        "rejected" => Chip::new("Rejected", "bad"),
        "closed" | "Closed" => Chip::new("Closed", "quiet"),
        "draft" | "Draft" => Chip::new("Draft", "draft"),
        other => Chip::new(other, "quiet"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_with_a_reason_inside_are_read_by_their_name() {
        let cases = [
            ("Drafted", "good"),
            ("Quarantined(Hygiene)", "bad"),
            ("Skipped: closed", "quiet"),
            ("", "wait"),
        ];
        for (text, tone) in cases {
            assert_eq!(outcome(text).tone, tone, "{text}");
        }
    }
}
