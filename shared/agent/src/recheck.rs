//! The gate's word on a whole answer: during a run, and again on an answer that was kept, for evaluations and for
//! tests of the gate itself. Asks nobody and writes nothing.

use serde_json::Value;

use crate::{
    evidence::Evidence,
    gate::{self, Finding, Rules},
    prompt::Prompt,
    workflows::{Visitor, Workflow, WorkflowId},
};

/// Rounds of dropping after which an answer is given up.
const ROUNDS: usize = 4;

/// What the gate and the workflow's own rules find in an answer; empty: every statement may go out.
pub(crate) fn findings<W: Workflow>(
    output: &W::Output,
    evidence: &Evidence,
    rules: &Rules<'_>,
) -> Vec<Finding> {
    W::statements(output, evidence)
        .iter()
        .flat_map(|statement| gate::check(statement, evidence, rules))
        .chain(W::objections(output, evidence))
        .collect()
}

/// What is left of an answer when everything refused is dropped: dropping a claim can take away what another statement
/// stood on, so it is looked at until all of it stands. `found` is told of every round. `Err`: it never does.
pub(crate) fn settled<W: Workflow>(
    mut output: W::Output,
    evidence: &Evidence,
    rules: &Rules<'_>,
    mut found: impl FnMut(&[Finding]),
) -> Result<W::Output, Vec<Finding>> {
    for _ in 0..ROUNDS {
        let findings = findings::<W>(&output, evidence, rules);
        let refused: Vec<String> = findings.iter().map(|finding| finding.field.clone()).collect();
        found(&findings);
        output = W::keep(output, &refused, evidence);
        if findings.is_empty() {
            return Ok(output);
        }
    }
    let left = findings::<W>(&output, evidence, rules);
    if left.is_empty() { Ok(output) } else { Err(left) }
}

/// What the gate finds in a kept answer of a workflow, held against the evidence it was given with.
///
/// # Errors
/// When the answer is not one of this workflow.
pub fn recheck(
    workflow: WorkflowId,
    answer: &Value,
    evidence: &Evidence,
    prompt: &Prompt,
) -> Result<Vec<Finding>, serde_json::Error> {
    workflow.visit(Findings { answer, evidence, prompt })
}

/// What a draft would be written from if a model gave this answer and no better one when asked again: without what the
/// gate refused, and with what code settles itself. `None`: nothing of it stands.
///
/// # Errors
/// When the answer is not one of this workflow.
pub fn kept(
    workflow: WorkflowId,
    answer: &Value,
    evidence: &Evidence,
    prompt: &Prompt,
) -> Result<Option<Value>, serde_json::Error> {
    workflow.visit(Kept { answer, evidence, prompt })
}

struct Kept<'a> {
    answer: &'a Value,
    evidence: &'a Evidence,
    prompt: &'a Prompt,
}

impl Visitor for Kept<'_> {
    type Output = Result<Option<Value>, serde_json::Error>;

    fn visit<W: Workflow>(self) -> Self::Output {
        let output = serde_json::from_value(self.answer.clone())?;
        settled::<W>(output, self.evidence, &rules::<W>(self.prompt), |_| ())
            .ok()
            .map(serde_json::to_value)
            .transpose()
    }
}

struct Findings<'a> {
    answer: &'a Value,
    evidence: &'a Evidence,
    prompt: &'a Prompt,
}

impl Visitor for Findings<'_> {
    type Output = Result<Vec<Finding>, serde_json::Error>;

    fn visit<W: Workflow>(self) -> Self::Output {
        let output = serde_json::from_value(self.answer.clone())?;
        Ok(findings::<W>(&output, self.evidence, &rules::<W>(self.prompt)))
    }
}

/// The rules of a run. The fence of the call is gone with the call.
fn rules<W: Workflow>(prompt: &Prompt) -> Rules<'_> {
    Rules { forbidden: W::FORBIDDEN, prompt: &prompt.system, fields: W::FIELDS, ..Rules::default() }
}
