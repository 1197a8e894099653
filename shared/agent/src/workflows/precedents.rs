//! What was answered before on the same section. Closed RFIs come to the shelf when their own events are worked on, so
//! finding them costs no call. Private ones are nobody else's evidence.

use procore::{ProjectId, Rfi, RfiStatus, UserId};

use super::{
    Sources,
    outside::{ROW_CHARS, outside},
    rfi::{label, question_of, text_of},
};
use crate::{
    error::Error,
    evidence::{Evidence, RowKind},
    relevance,
    shelf::Precedent,
};

/// Begins what was asked in a precedent's text.
const QUESTION: &str = "Question: ";
/// Begins what was answered there.
const ANSWER: &str = "Answer: ";
/// Precedents shown at most.
const SHOWN: usize = 3;
/// Longest text kept of one, in characters: more than is shown, since it is cleaned only then.
const KEPT_CHARS: usize = 24_000;

/// Keeps an RFI that may be evidence for others, and forgets one that may not (any more).
pub(super) async fn note(sources: &Sources, project: ProjectId, rfi: &Rfi) -> Result<(), Error> {
    match precedent(rfi, sources.service_account) {
        Some(precedent) => {
            sources.shelf.keep_precedent(project, rfi.id, &precedent).await;
            Ok(())
        }
        None => sources.shelf.forget_precedent(project, rfi.id).await,
    }
}

/// The RFI as evidence for others, if it may be that: closed, public, on a section, and answered by somebody else than
/// us.
fn precedent(rfi: &Rfi, service_account: UserId) -> Option<Precedent> {
    let section = rfi.specification_section.as_ref()?.id;
    if rfi.status != RfiStatus::Closed || rfi.draft || rfi.private || rfi.deleted {
        return None;
    }
    let mut text = format!("Subject: {}\n", without_marks(&rfi.subject));
    let mut answered = false;
    for question in &rfi.questions {
        let asked = text_of(&question.plain_text_body, &question.rich_text_body);
        text.push_str(&format!("{QUESTION}{}\n", without_marks(&asked)));
        for answer in question.answers.iter().filter(|a| a.created_by_id != Some(service_account)) {
            answered = true;
            text.push_str(&format!("{ANSWER}{}\n", text_of(&answer.plain_text_body, &answer.rich_text_body)));
        }
    }
    let bounded = |text: &str| documents::truncate(text, KEPT_CHARS).0;
    answered.then(|| Precedent {
        section,
        label: label(rfi),
        asked: bounded(&question_of(rfi)),
        text: bounded(&text),
    })
}

/// Words of somebody who asks, without what would make them an answer's.
fn without_marks(asked: &str) -> String {
    asked.replace(ANSWER.trim_end(), "Answer -")
}

/// Whether this place of a precedent's text stands in an answer: what was asked there decides nothing.
pub(super) fn is_answer(text: &str, place: usize) -> bool {
    let last = |mark: &str| {
        let begins_a_line =
            |at: &usize| *at == 0 || text.get(..*at).is_some_and(|before| before.ends_with('\n'));
        let marks = text.match_indices(mark.trim_end()).map(|(at, _)| at).filter(begins_a_line);
        marks.take_while(|at| *at <= place).last()
    };
    last(ANSWER) > last(QUESTION)
}

/// The precedents of the RFI's section, best first by the words it is about.
pub(super) async fn precedents(sources: &Sources, project: ProjectId, rfi: &Rfi, words: &str) -> Evidence {
    let mut evidence = Evidence::default();
    let Some(section) = &rfi.specification_section else {
        return evidence;
    };
    let mut kept = sources.shelf.precedents(project, section.id).await;
    kept.retain(|(id, _)| *id != rfi.id);
    let asked: Vec<&str> = kept.iter().map(|(_, precedent)| precedent.asked.as_str()).collect();
    for position in relevance::rank(words, &asked).into_iter().take(SHOWN) {
        if let Some((_, precedent)) = kept.get(position) {
            let name = format!("closed {}", precedent.label);
            let text = outside(&mut evidence, &name, &precedent.text, ROW_CHARS);
            evidence.push(RowKind::RelatedRfi, &name, &text);
        }
    }
    evidence
}
