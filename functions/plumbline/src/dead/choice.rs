//! Which dead letters are meant.

use anyhow::ensure;
use clap::Args;
use jiff::Timestamp;

use super::{hand::Hand, letter::Letter};
use crate::{
    records::Records,
    since::since,
    terminal::{Out, line, shown_on_a_line},
};

/// Letters that are like this in every respect asked for.
#[derive(Clone, Debug, Default, Args)]
pub struct Filter {
    /// Only those whose reason holds these words; upper and lower case are the same.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Only those of these records.
    #[command(flatten)]
    pub records: Records,
    /// Only those put there since: a time (2026-11-20T08:00Z), a day (2026-11-20, UTC) or a span (24h, 7d).
    #[arg(long, value_parser = since)]
    pub since: Option<Timestamp>,
}

impl Filter {
    /// A letter whose records nobody can tell is not among those of a project or a kind.
    pub(super) fn holds(&self, letter: &Letter) -> bool {
        let kept = &letter.kept.letter;
        let reason = self
            .reason
            .as_ref()
            .is_none_or(|words| kept.reason.to_lowercase().contains(&words.to_lowercase()));
        let records =
            self.records.is_all() || letter.events().iter().any(|event| self.records.include(event));
        reason && records && self.since.is_none_or(|since| kept.at >= since)
    }

    fn is_empty(&self) -> bool {
        self.reason.is_none() && self.since.is_none() && self.records.is_all()
    }
}

/// Letters by name, by what they are like, or all: it has to be said.
#[derive(Clone, Debug, Default, Args)]
pub struct Choice {
    /// Those with these ids, as `list` tells them.
    #[arg(long = "id", value_name = "ID", num_args = 1.., conflicts_with_all = ["all", "reason", "project", "resource", "since"])]
    pub ids: Vec<String>,
    /// Every one.
    #[arg(long, conflicts_with_all = ["reason", "project", "resource", "since"])]
    pub all: bool,
    /// Those that are like this.
    #[command(flatten)]
    pub filter: Filter,
}

/// The ids of letters in hand, oldest first.
pub(super) struct Chosen {
    pub(super) ids: Vec<String>,
    /// Ids asked for that are not there.
    missing: usize,
}

impl Chosen {
    /// True if every letter asked for is there.
    pub(super) fn is_whole(&self) -> bool {
        self.missing == 0
    }
}

impl Choice {
    /// Chooses, and tells of what is not there.
    ///
    /// # Errors
    /// When nothing was said.
    pub(super) fn take_from<B>(&self, hand: &Hand<'_, B>, out: Out<'_>) -> anyhow::Result<Chosen> {
        ensure!(
            self.all || !self.ids.is_empty() || !self.filter.is_empty(),
            "say which dead letters: --id ID, --reason, --project, --resource, --since, or --all"
        );
        let missing: Vec<&String> = self.ids.iter().filter(|id| hand.letter(id).is_none()).collect();
        for id in &missing {
            line!(out, "{}", not_there(id));
        }
        let is_meant = |letter: &&Letter| {
            if self.ids.is_empty() { self.filter.holds(letter) } else { self.ids.contains(&letter.kept.id) }
        };
        let ids: Vec<String> = hand.letters().filter(is_meant).map(|letter| letter.kept.id.clone()).collect();
        if ids.is_empty() && missing.is_empty() {
            line!(out, "No dead letter is like that.");
        }
        Ok(Chosen { ids, missing: missing.len() })
    }
}

/// What is said of an id that is not there.
pub(super) fn not_there(id: &str) -> String {
    format!(
        "{}  no such dead letter; in AWS somebody else may have it in hand for some minutes",
        shown_on_a_line(id)
    )
}
