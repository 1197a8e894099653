//! How claims, counters, notes, runs and the pace book lie in the table.
//!
//! `table.json`, beside this crate's manifest, is the table's one definition, in the words of CloudFormation: tests make
//! their table from it, and so does whatever deploys one. `pk` and `sk` are both strings.
//!
//! | what | pk | sk | expires |
//! |---|---|---|---|
//! | a claim | `claim#workflow/project/record` | `claim` | never |
//! | a counter | `counter#name` | `counter` | 8 days after the date its name ends with; never without one |
//! | a note | `note#name` | `note` | never |
//! | a run | `runs#2026-11-20`, the UTC day it began | microseconds and id | 30 days after it began |
//! | a company's pace book | `pace#company` | `pace` | never |
//!
//! Runs lie by day so that no partition grows or heats without end. `expires_at` is DynamoDB's own time to live, which
//! may be days late: nothing here relies on it.
//!
//! The index `leases` finds the claims a dead worker left: `lease_project`, the project's id, and `lease_until`, in
//! milliseconds since 1970. Only a claim that somebody holds has the two, so the index is as small as what is under way;
//! it holds keys alone.

use agent::{
    ledger::{ClaimKey, Counter},
    record::RunRecord,
};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use crate::{
    Error,
    attributes::{Item, key, number, text},
};

/// The index of claims that somebody holds.
pub(crate) const LEASES: &str = "leases";
/// Its partition: the project's id, as text.
pub(crate) const LEASE_PROJECT: &str = "lease_project";
/// Its order: when the lease ends, in milliseconds since 1970.
pub(crate) const LEASE_UNTIL: &str = "lease_until";

/// How long a run's record is kept: it holds record text and is nobody's archive.
pub(crate) const RUN_LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A week to look back, and one day for time zones.
const COUNTER_LIFE: SignedDuration = SignedDuration::from_hours(8 * 24);

/// Largest JSON of a run, in bytes. AWS docs: an item, names and all, is at most 400 KB.
const MAX_RUN_BYTES: usize = 390_000;

/// The partition of a claim.
pub(crate) fn claim_partition(key: &ClaimKey) -> String {
    format!("claim#{key}")
}

/// The claim of a partition; `None` if it is none, or of a workflow this program does not know.
pub(crate) fn claim_key(partition: &str) -> Option<ClaimKey> {
    ClaimKey::parse(partition.strip_prefix("claim#")?)
}

/// The partition of a counter.
pub(crate) fn counter_partition(counter: &Counter) -> String {
    format!("counter#{}", counter.0)
}

/// The partition of a note.
pub(crate) fn note_partition(name: &str) -> String {
    format!("note#{name}")
}

/// The partition of a day's runs.
pub(crate) fn run_partition(day: Date) -> String {
    format!("runs#{day}")
}

/// The UTC day of a moment.
pub(crate) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// Sorts runs of a day by their beginning; the same run again has the same place.
fn run_sort_key(run: &RunRecord) -> String {
    format!("{:020}#{}", run.started_at.as_microsecond().max(0), run.id)
}

/// What the sort keys of all runs that began in this millisecond lie between.
pub(crate) fn run_sort_keys(began: Timestamp) -> (String, String) {
    let from_us = began.as_millisecond().max(0).saturating_mul(1000);
    (format!("{from_us:020}#"), format!("{:020}#", from_us.saturating_add(1000)))
}

/// A run as an item, cut where it is too large for one.
pub(crate) fn run_item(run: &RunRecord) -> Result<Item, Error> {
    let expires_at = run.started_at.checked_add(RUN_LIFE).unwrap_or(Timestamp::MAX);
    let mut item = key(&run_partition(day_of(run.started_at)), &run_sort_key(run));
    item.insert("expires_at".to_owned(), number(expires_at.as_second()));
    item.insert("json".to_owned(), text(run_json(run)?));
    Ok(item)
}

/// When a counter may go, in seconds since 1970; `None`: never.
pub(crate) fn counter_expiry(name: &str) -> Option<i64> {
    let (_, date) = name.rsplit_once('/')?;
    let day: Date = date.parse().ok()?;
    let begins = day.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(begins.checked_add(COUNTER_LIFE).ok()?.as_second())
}

/// A run as JSON that fits into an item. What is too large is cut, evidence first, and the copy says so.
fn run_json(run: &RunRecord) -> Result<String, Error> {
    let json = to_json(run)?;
    if json.len() <= MAX_RUN_BYTES {
        return Ok(json);
    }
    let quoted: Vec<&str> = run.quotes.iter().map(|quote| quote.handle.as_str()).collect();
    let mut kept = run.clone();
    kept.not_read
        .push("this stored copy of the run was too large: long evidence was cut after the run".to_owned());
    // Rows nobody quoted go first: what carries the draft stays readable longest.
    for (chars, quoted_too) in [(2000, false), (200, false), (2000, true), (200, true)] {
        for row in &mut kept.evidence {
            if quoted_too || !quoted.contains(&row.handle.as_str()) {
                cut(&mut row.text, chars);
            }
        }
        let json = to_json(&kept)?;
        if json.len() <= MAX_RUN_BYTES {
            return Ok(json);
        }
    }
    kept.evidence.clear();
    kept.quotes.clear();
    kept.observations.clear();
    kept.findings.clear();
    kept.answer = None;
    kept.draft_text = None;
    kept.flags.clear();
    kept.not_read = vec![
        "this stored copy of the run was far too large: evidence, answer and draft were left out".to_owned(),
    ];
    for text in [&mut kept.reason, &mut kept.record_label] {
        cut(text, 2000);
    }
    to_json(&kept)
}

fn to_json(run: &RunRecord) -> Result<String, Error> {
    serde_json::to_string(run).map_err(|_| Error::Unwritable { what: "run" })
}

fn cut(text: &mut String, chars: usize) {
    if let Some((end, _)) = text.char_indices().nth(chars) {
        text.truncate(end);
        text.push_str(" [cut]");
    }
}

#[cfg(test)]
mod tests {
    use agent::{
        evidence::{Row, RowKind},
        record::Quoted,
        spent::Spent,
    };

    use super::*;

    fn run(texts: &[usize]) -> RunRecord {
        let evidence = texts.iter().enumerate().map(|(position, length)| Row {
            handle: format!("S{position}"),
            kind: RowKind::Specification,
            label: "10 14 00".into(),
            text: "é".repeat(*length),
        });
        RunRecord {
            id: "01J0-1".into(),
            event_id: "01J0".into(),
            event: None,
            workflow: None,
            project_id: None,
            record_id: "7".into(),
            record_label: String::new(),
            started_at: "2026-11-20T23:59:59Z".parse().unwrap(),
            outcome: "Drafted".into(),
            reason: String::new(),
            steps: Vec::new(),
            evidence: evidence.collect(),
            evidence_hash: String::new(),
            quotes: vec![Quoted { handle: "S0".into(), quote: "é".into(), source: Vec::new() }],
            observations: Vec::new(),
            findings: Vec::new(),
            answer: None,
            prompt: None,
            model: None,
            spent: Spent::default(),
            procore_calls: 0,
            item_id: Some(9),
            draft_text: Some("draft".into()),
            flags: Vec::new(),
            not_read: Vec::new(),
            tally: agent::record::Tally::default(),
        }
    }

    #[test]
    fn a_run_is_cut_until_it_fits_and_says_so() {
        // lengths of the rows -> lengths of what is kept, in characters; row 0 is quoted
        let cut = " [cut]".len();
        let table: [(&[usize], &[usize]); 4] = [
            (&[100_000, 50_000], &[100_000, 50_000]),
            (&[100_000, 150_000], &[100_000, 2000 + cut]),
            (&[300_000, 150_000], &[2000 + cut, 200 + cut]),
            (&[300; 2000], &[]),
        ];
        for (lengths, kept) in table {
            let json = run_json(&run(lengths)).unwrap();
            assert!(json.len() <= MAX_RUN_BYTES);
            let stored: RunRecord = serde_json::from_str(&json).unwrap();
            let got: Vec<usize> = stored.evidence.iter().map(|row| row.text.chars().count()).collect();
            assert_eq!(got, kept);
            assert_eq!(stored.not_read.is_empty(), got == lengths, "a cut is told");
            assert_eq!(stored.item_id, Some(9));
        }
    }

    #[test]
    fn runs_of_a_day_sort_by_time() {
        let early = run(&[]);
        let mut late = run(&[]);
        late.started_at = "2026-11-20T23:59:59.000001Z".parse().unwrap();
        assert!(run_sort_key(&early) < run_sort_key(&late));
        assert_eq!(run_partition(day_of(early.started_at)), "runs#2026-11-20");
        for run in [&early, &late] {
            let (from, to) = run_sort_keys(run.started_at);
            assert!(from < run_sort_key(run) && run_sort_key(run) < to);
        }
    }

    #[test]
    fn only_counters_of_a_day_expire() {
        let eight_days_later = "2026-11-28T00:00:00Z".parse::<Timestamp>().unwrap().as_second();
        assert_eq!(counter_expiry("usd/4071/2026-11-20"), Some(eight_days_later));
        for name in ["crowd", "pace/8001", "2026-11-20", "usd/2026-13-01"] {
            assert_eq!(counter_expiry(name), None, "{name}");
        }
    }
}
