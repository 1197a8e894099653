//! What the model may know about an RFI: its own words and files, earlier answers, the governing specification, and the
//! sheets it names in their current revision.
//! Never a text that did not go through `outside`.

use procore::{ProjectId, Rfi};

use super::FORBIDDEN;
use crate::{
    error::Error,
    evidence::{Evidence, RowKind},
    workflows::{
        Sources,
        outside::{ROW_CHARS, outside},
        rfi::{self, RECORD_CHARS, label, question_of, text_of},
        topic::Topic,
    },
};

/// Gathers in a fixed order, so that the same record gives the same evidence.
pub(super) async fn gather(sources: &Sources, project: ProjectId, rfi: &Rfi) -> Result<Evidence, Error> {
    let mut evidence = Evidence::default();
    record(&mut evidence, rfi, sources);
    let question = question_of(rfi);
    let topic = Topic { words: &question, forbidden: FORBIDDEN };
    rfi::documents(&mut evidence, sources, project, rfi, topic).await?;
    Ok(evidence)
}

fn record(evidence: &mut Evidence, rfi: &Rfi, sources: &Sources) {
    let mut text = rfi::description(rfi);
    for question in &rfi.questions {
        text.push_str("Question:\n");
        text.push_str(&text_of(&question.plain_text_body, &question.rich_text_body));
        text.push('\n');
    }
    let text = outside(evidence, "question", &text, RECORD_CHARS);
    evidence.push(RowKind::Record, &label(rfi), &text);

    for answer in rfi.questions.iter().flat_map(|question| &question.answers) {
        // What we wrote ourselves is no evidence.
        if answer.created_by_id == Some(sources.service_account) {
            continue;
        }
        let text = outside(
            evidence,
            "earlier answer",
            &text_of(&answer.plain_text_body, &answer.rich_text_body),
            ROW_CHARS,
        );
        evidence.push(RowKind::Answer, &format!("earlier answer on {}", label(rfi)), &text);
    }
}
