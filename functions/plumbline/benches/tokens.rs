//! Tokens of a draft by workflow, over the evaluation's cases and their kept answers: the prompt, how much of it is the
//! same for every event, and the answer. Counted with the tokeniser of the gpt-4o, gpt-4.1 and gpt-5 families. Prints;
//! asserts nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a bench may panic")]

use std::{collections::BTreeMap, path::Path};

use llm::Tokenizer;
use plumbline::eval::{self, Arguments, Model};
use serde_json::Value;

const MODEL: &str = "gpt-4.1-mini";

/// Tokens of one case.
#[derive(Clone, Copy, Default)]
struct Tokens {
    /// Rules and examples: the same bytes for every event.
    rules: usize,
    /// The answer's schema, which endpoints put before the rules: the same too.
    schema: usize,
    /// The project's lists: the same for every event of a project.
    lists: usize,
    /// Record and evidence.
    evidence: usize,
    answer: usize,
}

#[tokio::main]
async fn main() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/eval");
    let program = Path::new(env!("CARGO_BIN_EXE_plumbline"));
    let (_, performances) =
        eval::evaluate(&Arguments::all(Model::Recorded, &dir), Some(program)).await.unwrap();
    let tokenizer = Tokenizer::of(MODEL);
    let mut by_workflow: BTreeMap<String, Vec<Tokens>> = BTreeMap::new();
    for performance in &performances {
        let (Some(request), Some(answer)) = (performance.asked.first(), &performance.story.answer) else {
            continue;
        };
        let content = |position: usize| request["messages"][position]["content"].as_str().unwrap();
        let (lists, evidence) = content(1).split_once("<<<EVIDENCE ").expect("a marker");
        let schema: &Value = &request["response_format"]["json_schema"]["schema"];
        let workflow = performance.story.workflow.clone().unwrap();
        by_workflow.entry(workflow).or_default().push(Tokens {
            rules: tokenizer.count(content(0)),
            schema: tokenizer.count(&schema.to_string()),
            lists: tokenizer.count(lists),
            evidence: tokenizer.count(evidence),
            answer: tokenizer.count(&answer.to_string()),
        });
    }
    println!("tokens of {MODEL}, mean of the cases (most)");
    println!(
        "{:<20} {:>6} {:>14} {:>8} {:>8} {:>7} {:>16} {:>14} {:>8}",
        "workflow", "cases", "prompt", "rules", "schema", "lists", "evidence", "answer", "static"
    );
    for (workflow, tokens) in by_workflow {
        let mean = |of: fn(&Tokens) -> usize| tokens.iter().map(of).sum::<usize>() / tokens.len();
        let most = |of: fn(&Tokens) -> usize| tokens.iter().map(of).max().unwrap_or_default();
        let prompt: fn(&Tokens) -> usize = |one| one.rules + one.schema + one.lists + one.evidence;
        let fixed = mean(|one| one.rules + one.schema);
        println!(
            "{workflow:<20} {:>6} {:>14} {:>8} {:>8} {:>7} {:>16} {:>14} {:>6.1} %",
            tokens.len(),
            format!("{} ({})", mean(prompt), most(prompt)),
            mean(|one| one.rules),
            mean(|one| one.schema),
            mean(|one| one.lists),
            format!("{} ({})", mean(|one| one.evidence), most(|one| one.evidence)),
            format!("{} ({})", mean(|one| one.answer), most(|one| one.answer)),
            fixed as f64 * 100.0 / mean(prompt) as f64,
        );
    }
}
