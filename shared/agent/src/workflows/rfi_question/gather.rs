//! What the model may know about a draft RFI: what its writer filled in, the governing specification, and the files on it.
//! Never a text that did not go through `outside`, and never words of ours.

use documents::clean_text;
use procore::{ProjectId, Rfi};

use super::FORBIDDEN;
use crate::{
    draft::{RfiField, is_ours},
    error::Error,
    evidence::{Evidence, RowKind},
    workflows::{
        Sources,
        outside::outside,
        rfi::{self, RECORD_CHARS, field_text, label},
        topic::Topic,
    },
};

/// Gathers in a fixed order, so that the same record gives the same evidence.
pub(super) async fn gather(sources: &Sources, project: ProjectId, rfi: &Rfi) -> Result<Evidence, Error> {
    let mut evidence = Evidence::default();
    let mut record = rfi::description(rfi);
    if let Some(asked) = asked(rfi) {
        record.push_str(&format!("Question as begun:\n{asked}\n"));
    }
    let text = outside(&mut evidence, "draft RFI", &record, RECORD_CHARS);
    evidence.push(RowKind::Record, &label(rfi), &text);

    let words = words(rfi);
    let topic = Topic { words: &words, forbidden: FORBIDDEN };
    rfi::documents(&mut evidence, sources, project, rfi, topic).await?;
    Ok(evidence)
}

/// What the draft is about, for finding what matters to it.
pub(super) fn words(rfi: &Rfi) -> String {
    let asked = asked(rfi).unwrap_or_default();
    clean_text(&format!("{}\n{asked}", rfi.subject)).text
}

/// What the writer began to ask.
fn asked(rfi: &Rfi) -> Option<String> {
    Some(field_text(rfi, RfiField::Question)).filter(|asked| !asked.is_empty() && !is_ours(asked))
}
