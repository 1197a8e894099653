//! The records that may have a draft, of all workflows: by what their runs, their items and their webhooks know them.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    records::{RfiRecord, RfiStatus, Submittal, SubmittalStatus},
    state::State,
};

/// What is drafted, one for each workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Question,
    Response,
    Review,
    Summary,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Question, Self::Response, Self::Review, Self::Summary];

    /// Name of the workflow in the run records.
    pub(super) fn workflow(self) -> &'static str {
        match self {
            Self::Question => "rfi_question",
            Self::Response => "rfi_response",
            Self::Review => "submittal_review",
            Self::Summary => "daily_log_summary",
        }
    }

    /// Heading of the draft beside its record.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Question => "Draft question",
            Self::Response => "Draft response",
            Self::Review => "Draft review",
            Self::Summary => "Draft summary",
        }
    }

    /// The record in a sentence.
    pub(super) fn record(self) -> &'static str {
        match self {
            Self::Question => "draft RFI",
            Self::Response => "RFI",
            Self::Review => "submittal",
            Self::Summary => "day",
        }
    }
}

/// One record.
#[derive(Debug, Clone)]
pub(super) struct About {
    pub(super) kind: Kind,
    /// Id in the run records. A day goes by its digits, such as 20261120.
    pub(super) record_id: i64,
    /// The record as people name it.
    pub(super) label: String,
    /// What it is about; a day has nothing more to say.
    pub(super) subject: String,
    /// The tool its page belongs to, and the page's name there.
    pub(super) tool: &'static str,
    pub(super) page: String,
    /// Whether titles of items name it by its label.
    pub(super) named_in_titles: bool,
    /// Records whose webhooks bring the draft.
    pub(super) told_by: Vec<i64>,
    /// Whether a draft may still come.
    pub(super) open: bool,
}

impl About {
    pub(super) fn rfi(rfi: &RfiRecord) -> Self {
        let draft = rfi.status == RfiStatus::Draft;
        Self {
            kind: if draft { Kind::Question } else { Kind::Response },
            record_id: rfi.id,
            label: rfi.label(),
            subject: rfi.subject.clone(),
            tool: "rfis",
            page: rfi.id.to_string(),
            named_in_titles: rfi.number.is_some(),
            told_by: vec![rfi.id],
            open: rfi.status != RfiStatus::Closed,
        }
    }

    pub(super) fn submittal(submittal: &Submittal) -> Self {
        Self {
            kind: Kind::Review,
            record_id: submittal.id,
            label: format!("Submittal {}", submittal.formatted_number()),
            subject: submittal.title.clone(),
            tool: "submittals",
            page: submittal.id.to_string(),
            named_in_titles: true,
            told_by: vec![submittal.id],
            open: matches!(submittal.status, SubmittalStatus::Open | SubmittalStatus::InReview),
        }
    }

    pub(super) fn day(state: &State, date: Date) -> Self {
        let of_day = state.log_entries.iter().filter(|entry| entry.date == date);
        Self {
            kind: Kind::Summary,
            record_id: date.strftime("%Y%m%d").to_string().parse().unwrap_or_default(),
            label: format!("daily log {date}"),
            subject: String::new(),
            tool: "daily-log",
            page: date.to_string(),
            named_in_titles: true,
            told_by: of_day.map(|entry| entry.id).collect(),
            open: true,
        }
    }

    /// All records that live.
    pub(super) fn all(state: &State) -> Vec<Self> {
        let rfis = state.rfis.iter().filter(|rfi| !rfi.deleted).map(Self::rfi);
        let submittals = state.submittals.iter().filter(|one| !one.deleted).map(Self::submittal);
        let days = days(state).into_iter().map(|date| Self::day(state, date));
        rfis.chain(submittals).chain(days).collect()
    }
}

/// Days with entries, oldest first.
pub(super) fn days(state: &State) -> BTreeSet<Date> {
    state.log_entries.iter().filter(|entry| !entry.deleted).map(|entry| entry.date).collect()
}
