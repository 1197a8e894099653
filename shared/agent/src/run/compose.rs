//! From evidence to a finished draft, every word of which passed the gate or was put there by code.

use super::Run;
use crate::{
    config::ProjectConfig,
    draft::{Draft, Provenance},
    error::Error,
    evidence::Evidence,
    gate::{self, Rules},
    ledger::Ledger,
    outcome::{Outcome, OutcomeName, QuarantineReason},
    prompt::Prompt,
    workflows::{Workflow, WorkflowId},
};

impl<L: Ledger> Run<'_, L> {
    /// From evidence to a finished draft: budget, model, gate, text. `Err` inside is an outcome without a draft.
    pub(super) async fn compose<W: Workflow>(
        &mut self,
        workflow: WorkflowId,
        record: &W::Record,
        evidence: &Evidence,
        prompt: &Prompt,
        row: &ProjectConfig,
        draft_id: &str,
    ) -> Result<Result<Draft, Outcome>, Error> {
        let fence = self.ctx.fence(&self.story.id, &self.story.evidence_hash);
        let rules =
            Rules { forbidden: W::FORBIDDEN, prompt: &prompt.system, fence: &fence, fields: W::FIELDS };
        let output = match self.answer::<W>(workflow, evidence, prompt, &rules).await? {
            Ok(output) => output,
            Err(outcome) => return Ok(Err(outcome)),
        };

        let text = W::text(&output, record, evidence);
        self.story.quotes.clone_from(&text.quotes);
        self.story.observations.clone_from(&text.observations);
        let mut sources = vec![format!(
            "{}{}",
            W::label(record),
            W::updated_at(record).map(|at| format!(" (updated {at})")).unwrap_or_default()
        )];
        sources.extend(text.sources.iter().cloned());
        let dropped = self.story.findings.iter().filter(|finding| finding.action == "dropped").count();
        let mut flags = evidence.flags.clone();
        if dropped > 0 {
            flags.push(if dropped == 1 {
                "1 finding of the gate, its claim left out".to_owned()
            } else {
                format!("{dropped} findings of the gate, their claims left out")
            });
        }
        flags.extend(text.flags.iter().map(|flag| format!("model: {flag}")));
        self.story.flags.clone_from(&flags);
        let provenance = Provenance {
            prompt: &prompt.reference,
            model: self.story.model.as_deref(),
            evidence,
            sources: &sources,
            flags: &flags,
            draft_id,
            input_hash: &self.story.evidence_hash,
        };
        let body = format!(
            "DRAFT - for review by {} (Procore user {}). Not issued.\n\n{}{}\n{}",
            W::REVIEWED_BY,
            row.reviewer_id,
            text.body,
            orders(evidence, W::FORBIDDEN),
            provenance.footer()
        );
        let draft = Draft { title: text.title, body };
        let broken = gate::check_finished(&format!("{}\n{}", draft.title, draft.body), &rules);
        if !broken.is_empty() {
            let reason = QuarantineReason::UnsafeText { rules: broken };
            return Ok(Err(self.close(Outcome::Quarantined { reason })?));
        }
        self.claim_mut()?.outcome =
            Some(if text.abstains { OutcomeName::InsufficientContext } else { OutcomeName::Drafted });
        Ok(Ok(draft))
    }

    pub(super) fn tell_evidence(&mut self, evidence: &Evidence, hash: &str, prompt: &Prompt) {
        self.story.evidence.clone_from(&evidence.rows);
        self.story.not_read.clone_from(&evidence.not_read);
        self.story.flags.clone_from(&evidence.flags);
        hash.clone_into(&mut self.story.evidence_hash);
        self.story.prompt = Some(prompt.reference.clone());
    }
}

/// Words of the record that speak to software: shown to the reviewer as far as they are fit to be shown.
fn orders(evidence: &Evidence, forbidden: &[&str]) -> String {
    if evidence.orders.is_empty() {
        return String::new();
    }
    let mut out = "\nADDRESSED TO SOFTWARE IN THE RECORD (not followed)\n".to_owned();
    for order in evidence.orders.iter().take(5) {
        if gate::presentable_of_record(order, forbidden, evidence) {
            out.push_str(&format!("- \"{order}\"\n"));
        } else {
            out.push_str("- (words left out: they hold what drafts do not repeat; see the record)\n");
        }
    }
    out
}
