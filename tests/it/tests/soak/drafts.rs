//! Every record that asks for a draft has exactly one, made from its present version.

use std::collections::{BTreeMap, BTreeSet};

use agent::{
    RunRecord,
    draft::{MARK, draft_id},
};
use jiff::SignedDuration;
use sandbox::{Item, RfiStatus};

use crate::{
    lives::{Ended, Kill},
    office::Office,
    paid::HANDS,
    world::FarSide,
};

const PROJECT: i64 = 4071;
/// A run that has written says so within this time, on a machine that does other things too.
const TELLS_WITHIN: SignedDuration = SignedDuration::from_secs(3);

/// One that asks for a draft now, and the words of its present version.
struct Asking {
    workflow: &'static str,
    record: i64,
    words: Vec<String>,
}

/// How many drafts of ours stand, the filled fields of draft RFIs included.
pub(crate) fn count(far: &FarSide) -> (usize, usize) {
    let filled = far.sandbox.rfis().into_iter().filter(|rfi| {
        rfi.question.contains(MARK) || rfi.reference.as_deref().is_some_and(|line| line.contains(MARK))
    });
    (far.items().len(), filled.count())
}

pub(crate) fn verdict(far: &FarSide, office: &Office, runs: &[RunRecord], ended: &Ended) {
    let mut items: BTreeMap<String, Item> = BTreeMap::new();
    for item in far.items() {
        let id = after(&item.description, "draft id: ").to_owned();
        if let Some(other) = items.insert(id, item) {
            panic!("two drafts of one record: {} ({})", other.title, other.id);
        }
    }
    let inputs = inputs(runs);
    for Asking { workflow, record, words } in asking(far, office) {
        let what = format!("{workflow} {record}");
        let item = items.remove(&draft_id(workflow, PROJECT, record));
        let item = item.unwrap_or_else(|| panic!("no draft: {what}: {}", ends(runs, record)));
        let input = after(&item.description, "input hash: ");
        let evidence = inputs.get(&(workflow, input)).unwrap_or_else(|| panic!("no run: {what} {input}"));
        for word in words {
            assert!(
                evidence.contains(&word),
                "{what}: the draft ({input}) is not of the version with {word}: {}\n{}",
                ends(runs, record),
                writes(far, item.id)
            );
        }
    }
    // What is left was drafted for records that asked for it then, and its run says so, unless nobody saw the end of the
    // write: the answer was lost, or the writer killed.
    let named: BTreeSet<String> = runs
        .iter()
        .filter(|run| run.item_id.is_some())
        .filter_map(|run| Some(draft_id(run.workflow.as_deref()?, PROJECT, run.record_id.parse().ok()?)))
        .collect();
    let mut by_kill: BTreeMap<Kill, usize> = BTreeMap::new();
    for (id, item) in items.iter().filter(|(id, _)| !named.contains(*id)) {
        match unseen(far, ended, id) {
            Some(Unseen::AnswerLost) => {}
            Some(Unseen::Killed(kill)) => *by_kill.entry(kill).or_default() += 1,
            None => panic!("no run made {}: {}", item.id, item.title),
        }
    }
    for (kill, items) in by_kill {
        assert!(items <= HANDS, "{items} items were written by runs that {kill:?} ended");
    }
    of_draft_rfis(far, runs);
}

/// Why nobody saw the end of a write.
enum Unseen {
    AnswerLost,
    Killed(Kill),
}

/// Why nobody saw the end of the write that made an item: `None` if there is no such reason.
fn unseen(far: &FarSide, ended: &Ended, draft_id: &str) -> Option<Unseen> {
    let made = far.writes().into_iter().rfind(|write| {
        let text = write.body["generic_tool_item"]["description"].as_str().unwrap_or_default();
        write.method == "POST" && write.status == 201 && after(text, "draft id: ") == draft_id
    })?;
    if made.dropped {
        return Some(Unseen::AnswerLost);
    }
    let kill = ended.kills.iter().find(|kill| kill.until >= made.at)?;
    (kill.at.duration_since(made.at) < TELLS_WITHIN).then_some(Unseen::Killed(*kill))
}

fn asking(far: &FarSide, office: &Office) -> Vec<Asking> {
    let word = |record: i64| office.project.present[&record].clone();
    let mut all = Vec::new();
    for rfi in far.sandbox.rfis() {
        if rfi.status == RfiStatus::Open && !rfi.deleted && rfi.answers.is_empty() {
            all.push(Asking { workflow: "rfi_response", record: rfi.id, words: vec![word(rfi.id)] });
        }
    }
    for one in far.sandbox.submittals() {
        let ours = one.ball_in_court != [5201];
        if ours && one.status == sandbox::SubmittalStatus::Open && !one.deleted {
            all.push(Asking { workflow: "submittal_review", record: one.id, words: vec![word(one.id)] });
        }
    }
    let mut days: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for entry in far.sandbox.log_entries().into_iter().filter(|entry| !entry.deleted) {
        let day = entry.date.to_string().replace('-', "").parse().unwrap();
        days.entry(day).or_default().push(word(entry.id));
    }
    let days = days.into_iter();
    all.extend(days.map(|(record, words)| Asking { workflow: "daily_log_summary", record, words }));
    all
}

/// Each that has a gap was filled once, in one field, and never again.
fn of_draft_rfis(far: &FarSide, runs: &[RunRecord]) {
    let mut applied: BTreeMap<i64, usize> = BTreeMap::new();
    for write in far.writes() {
        if let Some((_, rfi)) = write.path.rsplit_once("/rfis/")
            && (200..300).contains(&write.status)
        {
            *applied.entry(rfi.parse().unwrap()).or_default() += 1;
        }
    }
    for rfi in far.sandbox.rfis() {
        let fillings = applied.remove(&rfi.id).unwrap_or(0);
        let ours =
            rfi.question.contains(MARK) || rfi.reference.as_deref().is_some_and(|one| one.contains(MARK));
        if rfi.status == RfiStatus::Draft && !rfi.deleted {
            assert!(ours && fillings == 1, "RFI {}: filled {fillings} times: {}", rfi.id, ends(runs, rfi.id));
        } else {
            assert!(fillings <= 1, "RFI {}: filled {fillings} times", rfi.id);
        }
    }
    assert!(applied.is_empty(), "writes to RFIs that are not there: {applied:?}");
}

/// The evidence of every run, by workflow and by the head of its hash as footers show it.
fn inputs(runs: &[RunRecord]) -> BTreeMap<(&str, &str), String> {
    let mut inputs = BTreeMap::new();
    for run in runs {
        if let (Some(workflow), Some(input)) = (run.workflow.as_deref(), run.evidence_hash.get(..12)) {
            inputs.entry((workflow, input)).or_insert_with(|| {
                let texts = run.evidence.iter().map(|row| format!("{}\n{}\n", row.label, row.text));
                texts.collect::<String>()
            });
        }
    }
    inputs
}

/// How the runs of a record ended, for a message.
fn ends(runs: &[RunRecord], record: i64) -> String {
    let record = record.to_string();
    let of = runs.iter().filter(|run| run.record_id == record);
    of.map(|run| {
        let input = run.evidence_hash.get(..12).unwrap_or_default();
        format!("\n  {} {} {input} {}: {}", run.started_at, run.event_id, run.outcome, run.reason)
    })
    .collect()
}

/// What was sent about an item and what became of it, for a message.
fn writes(far: &FarSide, item: i64) -> String {
    let of = far.writes().into_iter().filter(|write| write.path.ends_with(&format!("/{item}")));
    of.map(|write| {
        let input = after(
            write.body["generic_tool_item"]["description"].as_str().unwrap_or_default(),
            "input hash: ",
        );
        let lost = if write.dropped { ", answer lost" } else { "" };
        format!("\n  {} {} {input} {}{lost}", write.at, write.method, write.status)
    })
    .collect()
}

/// The word that follows.
fn after<'a>(text: &'a str, name: &str) -> &'a str {
    text.split_once(name).and_then(|(_, rest)| rest.split_whitespace().next()).unwrap_or_default()
}
