//! The story of a run, to be read by people at a terminal.

use std::fmt::Write as _;

use agent::RunRecord;

use crate::{
    records::reason_name,
    terminal::{counted, shown},
};

/// Whether the texts of the evidence are told as well: they fill pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// They are.
    Told,
    /// Only the rows' handles, kinds and labels.
    Left,
}

/// Everything about a run: how it went, what it read, what the model said, what the gate found, what came of it.
pub fn told(story: &RunRecord, texts: Texts) -> String {
    let mut out = String::new();
    let mut section = |title: &str, text: &str| {
        let _ = writeln!(out, "== {title}\n{}\n", shown(text.trim_end()));
    };
    section("run", &head(story));
    section("steps", &or_none(steps(story)));
    section("evidence", &evidence(story, texts));
    if !story.not_read.is_empty() {
        section("not read", &story.not_read.join("\n"));
    }
    if !story.flags.is_empty() {
        section("flags", &story.flags.join("\n"));
    }
    if let Some(answer) = &story.answer {
        section("answer", &serde_json::to_string_pretty(answer).unwrap_or_default());
    }
    section("gate findings", &or_none(findings(story)));
    section("draft", story.draft_text.as_deref().unwrap_or("none"));
    section("outcome", &outcome(story));
    // One line after the last is enough.
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn or_none(text: String) -> String {
    if text.is_empty() { "none".to_owned() } else { text }
}

fn head(story: &RunRecord) -> String {
    let mut head = format!("{} of event {}, began {}\n", story.id, story.event_id, story.started_at);
    let label = if story.record_label.is_empty() { "record" } else { &story.record_label };
    let project = story.project_id.map_or_else(|| "no project".to_owned(), |id| format!("project {id}"));
    let _ = writeln!(head, "{label} (id {}) of {project}", story.record_id);
    if let Some(event) = &story.event {
        let actor = &event.actor;
        let _ = writeln!(
            head,
            "{}, at {}; user {}, source user {}, source application {}",
            reason_name(&event.reason),
            or_dash(event.occurred_at.as_ref()),
            or_dash(actor.user.as_ref()),
            or_dash(actor.source_user.as_ref()),
            or_dash(actor.source_application.as_ref()),
        );
    }
    match &story.prompt {
        Some(prompt) => {
            let hash: String = prompt.sha256.chars().take(12).collect();
            let _ = writeln!(head, "prompt {} v{} ({hash})", prompt.workflow, prompt.version);
        }
        None => {
            let _ = writeln!(head, "workflow {}, no prompt used", or_dash(story.workflow.as_ref()));
        }
    }
    let _ = writeln!(head, "model {}", or_dash(story.model.as_ref()));
    head
}

fn or_dash<T: ToString>(value: Option<&T>) -> String {
    value.map_or_else(|| "-".to_owned(), T::to_string)
}

fn steps(story: &RunRecord) -> String {
    let row = |step: &agent::record::StepTime| {
        format!("{:>8} ms  {:<9} {:>7} ms\n", step.started_ms, step.name, step.took_ms)
    };
    story.steps.iter().map(row).collect()
}

fn evidence(story: &RunRecord, texts: Texts) -> String {
    let hash = if story.evidence_hash.is_empty() { "none" } else { &story.evidence_hash };
    let mut evidence = format!("hash {hash}\n");
    for row in &story.evidence {
        let _ = writeln!(evidence, "[{}] {} | {}", row.handle, row.kind.name(), row.label);
        if texts == Texts::Told {
            let _ = writeln!(evidence, "{}", row.text);
        }
    }
    evidence
}

fn findings(story: &RunRecord) -> String {
    let row = |finding: &agent::gate::Finding| {
        format!("{} {} {:?} ({})\n", finding.field, finding.rule, finding.value, finding.action)
    };
    story.findings.iter().map(row).collect()
}

fn outcome(story: &RunRecord) -> String {
    let mut outcome = format!("{}: {}\n", story.outcome, story.reason);
    if let Some(item) = story.item_id {
        let _ = writeln!(outcome, "correspondence item {item}");
    }
    let spent = &story.spent;
    let _ = write!(
        outcome,
        "{} tokens in ({} from the cache), {} out, {} micro-USD, {} to the model in {} ms, {} to Procore",
        spent.tokens_in,
        spent.tokens_cached,
        spent.tokens_out,
        spent.cost_micro_usd,
        calls(spent.calls),
        spent.latency_ms,
        calls(story.procore_calls)
    );
    outcome
}

fn calls(number: u32) -> String {
    counted(usize::try_from(number).unwrap_or(usize::MAX), "call")
}
