//! The gate's word on a whole answer: during a run, and again on an answer that was kept, for evaluations and for
//! tests of the gate itself. Asks nobody and writes nothing.

use serde_json::Value;

use crate::{
    evidence::Evidence,
    gate::{self, Finding, Rules},
    prompt::Prompt,
    workflows::{Visitor, Workflow, WorkflowId},
};

/// What the gate finds in an answer; empty: every statement may go out.
pub(crate) fn findings<W: Workflow>(
    output: &W::Output,
    evidence: &Evidence,
    rules: &Rules<'_>,
) -> Vec<Finding> {
    W::statements(output, evidence)
        .iter()
        .flat_map(|statement| gate::check(statement, evidence, rules))
        .collect()
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
    workflow.visit(Kept { answer, evidence, prompt })
}

struct Kept<'a> {
    answer: &'a Value,
    evidence: &'a Evidence,
    prompt: &'a Prompt,
}

impl Visitor for Kept<'_> {
    type Output = Result<Vec<Finding>, serde_json::Error>;

    fn visit<W: Workflow>(self) -> Self::Output {
        let output = serde_json::from_value(self.answer.clone())?;
        // The fence of the call is gone with the call.
        let rules = Rules { forbidden: W::FORBIDDEN, prompt: &self.prompt.system, ..Rules::default() };
        Ok(findings::<W>(&output, self.evidence, &rules))
    }
}
