//! Rules for what an RFI response may not decide or pass on as a fact: a substitution, an agreement nobody wrote down, a
//! sheet no longer in force. Decided from the record's own words and the rows quoted, never from what the model says of
//! them.

use std::sync::LazyLock;

use regex::Regex;

use super::answer::{Answer, AnswerStatus};
use crate::{
    evidence::{Evidence, RowKind},
    gate::{Finding, folded},
    workflows::answer::Cite,
};

/// Shortest and longest sentence quoted of the procedure, in characters.
const SENTENCE_CHARS: std::ops::RangeInclusive<usize> = 12..=300;

/// A wish for another product than the documents name.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static SUBSTITUTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?: or[\ -]equals? | substitut\w* | sustitu\w+ | in\ lieu\ of
          | (?:in\ place|instead)\ of\ the\ (?:specified|listed|named|basis\ of\ design)
          | (?:alternat(?:e|ive)|equivalent)\ (?:product|manufacturer|material|brand)s?
          | (?:as\ an\ equal|equal\ to\ the\ specified) )\b",
    )
    .expect("a constant pattern")
});
/// Words that decide about a product.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static VERDICT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)(?: ^\s*(?:yes|no|s[ií])\b[,.:] | \b(?:may|can|could|might)\ (?:\w+\ ){0,2}?(?:be\ )?(?:used?|furnish(?:ed)?|install(?:ed)?|provided?|substituted?)\b
          | \b(?:is|are|seems?|appears?)\ (?:\w+\ ){0,2}?(?:equal|equivalent|suitable|fine|okay|ok|allowed|permitted|compliant|comparable|adequate|sufficient|inferior|unsuitable)\b
          | \b(?:meets?|satisf(?:y|ies)|compl(?:y|ies)|qualif(?:y|ies)|conforms?)\b )",
    )
    .expect("a constant pattern")
});
/// An agreement or a word that was spoken.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static SPOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?: (?:by|over|on)\ (?:the\ )?(?:tele)?phone | phone\ call | verbal(?:ly)? | orally | in\ a\ (?:call|conversation)
          | told\ (?:us|me|him|her|them|the) | said\ (?:on\ site|so|yes|it|that|we|to)
          | agreed | okayed | consented | signed\ off | gave\ (?:the\ |an?\ |their\ )?(?:ok|okay|go-ahead|consent)
          | por\ tel[eé]fono | telefonisch )\b",
    )
    .expect("a constant pattern")
});
/// Words that say whose statement it is.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static ATTRIBUTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?: requester | no\ record | (?:rfi|record|note|letter|attachment|question)(?:\ itself)?\ (?:says?|states?|reports?|claims?|refers?|names?)
          | according\ to\ the\ (?:rfi|requester|note|letter|attachment) )",
    )
    .expect("a constant pattern")
});

/// Whether the RFI asks for another product than the documents name.
pub(super) fn asks_for_substitution(evidence: &Evidence) -> bool {
    evidence.row("R1").is_some_and(|record| SUBSTITUTION.is_match(&folded(&record.text)))
}

/// The sentence of the specification that says what becomes of such a request, if it is in evidence and the answer does
/// not quote it already.
pub(super) fn procedure(answer: &Answer, evidence: &Evidence) -> Option<Cite> {
    let speaks = |text: &str| text.to_lowercase().contains("substitution");
    if answer.governing_cites(evidence).any(|cite| speaks(&cite.quote)) {
        return None;
    }
    evidence.rows.iter().filter(|row| row.kind == RowKind::Specification).find_map(|row| {
        let text = row.text.lines().skip(1).map(folded).collect::<Vec<_>>().join(" ");
        let sentence = sentences(&text)
            .find(|sentence| speaks(sentence) && SENTENCE_CHARS.contains(&sentence.chars().count()))?;
        Some(Cite { h: row.handle.clone(), quote: sentence.to_owned() })
    })
}

/// What the answer may not say, by the place where it says it.
pub(super) fn objections(answer: &Answer, evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (position, conflict) in answer.conflicts.iter().enumerate() {
        // A sheet that was replaced disagrees with nobody any more.
        let mut sides = [&conflict.a, &conflict.b].into_iter().filter_map(|cite| evidence.row(&cite.h));
        if let Some(row) = sides.find(|row| row.kind == RowKind::Superseded) {
            findings.push(Finding::new("superseded_source", &format!("conflicts/{position}"), &row.label));
        }
        let quotes = [&conflict.a, &conflict.b].map(|cite| cite.quote.as_str());
        spoken(&mut findings, &format!("conflicts/{position}"), &conflict.note, &quotes);
    }
    for (position, claim) in answer.claims.iter().enumerate() {
        let governing = claim.evidence.iter().filter(|cite| is_governing(cite, evidence));
        let quotes: Vec<&str> = governing.map(|cite| cite.quote.as_str()).collect();
        spoken(&mut findings, &format!("claims/{position}"), &claim.text, &quotes);
    }
    let quotes: Vec<&str> = answer.governing_cites(evidence).map(|cite| cite.quote.as_str()).collect();
    spoken(&mut findings, "response", &answer.response, &quotes);

    if asks_for_substitution(evidence) && !answer.abstains() {
        if answer.answer_status == AnswerStatus::AnswerableFromDocuments {
            findings.push(Finding::new("substitution_is_decided", "answer_status", ""));
        }
        for sentence in sentences(&answer.response) {
            if let Some(verdict) = VERDICT.find(sentence)
                && !stands_in(verdict.as_str(), &quotes)
            {
                findings.push(Finding::new("substitution_is_decided", "response", sentence));
            }
        }
    }
    findings
}

/// Notes each sentence that passes on something spoken without saying whose statement it is. What the project's own
/// documents say in these words is no such thing.
fn spoken(findings: &mut Vec<Finding>, field: &str, text: &str, quotes: &[&str]) {
    for sentence in sentences(text) {
        let unfounded = SPOKEN.find_iter(sentence).any(|found| !stands_in(found.as_str(), quotes));
        if unfounded && !ATTRIBUTED.is_match(sentence) {
            findings.push(Finding::new("spoken_word_as_fact", field, sentence));
        }
    }
}

fn is_governing(cite: &Cite, evidence: &Evidence) -> bool {
    evidence.row(&cite.h).is_some_and(|row| row.kind.is_governing())
}

fn stands_in(words: &str, quotes: &[&str]) -> bool {
    let words = folded(words).to_lowercase();
    quotes.iter().any(|quote| folded(quote).to_lowercase().contains(&words))
}

/// Sentences as people end them; a full stop inside a number ends none.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['\n', '?', '!'])
        .flat_map(|part| {
            let ends = part.match_indices(". ").map(|(at, _)| at.saturating_add(1));
            let mut from = 0_usize;
            let mut pieces = Vec::new();
            for end in ends.chain(std::iter::once(part.len())) {
                pieces.push(part.get(from..end).unwrap_or_default().trim());
                from = end;
            }
            pieces
        })
        .filter(|sentence| !sentence.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const PROCEDURE: &str = "1.5 SUBSTITUTIONS\nA. General: read with care. Submit requests for substitution on the form.\n\
                             B. As agreed in writing.";

    fn evidence(asked: &str) -> Evidence {
        let mut evidence = Evidence::default();
        evidence.push(RowKind::Record, "RFI 7", asked);
        evidence.push(
            RowKind::Specification,
            "07 92 00 Sealants rev 1, art. 1.5 SUBSTITUTIONS, page 2",
            PROCEDURE,
        );
        evidence.push(RowKind::Attachment, "note.txt, page 1", "They agreed by phone to the other one.");
        evidence.push(RowKind::Superseded, "A-501 rev 1 (superseded)", "Joint width 1/4 inch, typical.");
        evidence.push(RowKind::Drawing, "A-501 rev 2, page 1", "Joint width 3/16 inch, typical.");
        evidence
    }

    fn answer(status: &str, response: &str, claim: &str, cites: Value) -> Answer {
        serde_json::from_value(json!({
            "outcome": "draft", "title": "Sealant", "answer_status": status, "response": response,
            "claims": [{"text": claim, "kind": "fact", "evidence": cites}], "missing": [], "conflicts": [],
            "next_step": {"text": "Ask.", "who": "pe"}, "flags": [], "confidence": "high"
        }))
        .unwrap()
    }

    fn rules(answer: &Answer, asked: &str) -> Vec<String> {
        let found = objections(answer, &evidence(asked));
        found.into_iter().map(|finding| format!("{}: {}", finding.field, finding.rule)).collect()
    }

    #[test]
    fn a_wish_for_another_product_is_heard() {
        let table = [
            ("Please confirm Bayline 300 as an or-equal.", true),
            ("Can we use Bayline in place of the\nspecified silicone?", true),
            ("May we furnish brass in lieu of bronze?", true),
            ("Is a substitute adhesive on the list?", true),
            ("We propose an alternate manufacturer.", true),
            ("Is the height equal to 60 inches on alternate floors?", false),
            ("What sealant depth is required at cast-in-place walls?", false),
        ];
        for (asked, expected) in table {
            assert_eq!(asks_for_substitution(&evidence(asked)), expected, "{asked}");
        }
    }

    #[test]
    fn a_substitution_is_routed_and_never_decided() {
        let asked = "Please confirm Bayline 300 as an or-equal.";
        let s1 = json!([{"h": "S1", "quote": "Submit requests for substitution on the form."}]);
        let table: [(&str, &str, &[&str]); 7] = [
            ("needs_designer_decision", "The section sends such a request to its form.", &[]),
            (
                "answerable_from_documents",
                "The section has a form.",
                &["answer_status: substitution_is_decided"],
            ),
            ("needs_designer_decision", "Yes, the form says so.", &["response: substitution_is_decided"]),
            (
                "needs_designer_decision",
                "Bayline may well be used here.",
                &["response: substitution_is_decided"],
            ),
            (
                "needs_designer_decision",
                "It fits. Bayline is not equivalent.",
                &["response: substitution_is_decided"],
            ),
            ("needs_designer_decision", "Bayline meets the section.", &["response: substitution_is_decided"]),
            ("insufficient_context", "Bayline meets the section.", &[]),
        ];
        for (status, response, expected) in table {
            let answer = answer(status, response, "There is a form.", s1.clone());
            assert_eq!(rules(&answer, asked), expected, "{response}");
            assert_eq!(rules(&answer, "What form is there?"), [""; 0], "{response}");
        }
    }

    #[test]
    fn the_procedure_is_quoted_from_its_article_once() {
        let row = evidence("").rows.remove(1);
        let other = json!([{"h": "D1", "quote": "Joint width 3/16 inch, typical."}]);
        let cite = procedure(&answer("needs_designer_decision", "", "", other), &evidence("")).unwrap();
        assert_eq!(
            (cite.h.as_str(), cite.quote.as_str()),
            ("S1", "Submit requests for substitution on the form.")
        );
        assert!(folded(&row.text).contains(&cite.quote));
        let quoted = json!([{"h": "S1", "quote": "Submit requests for substitution on the form."}]);
        assert_eq!(procedure(&answer("needs_designer_decision", "", "", quoted), &evidence("")), None);
        let mut without = evidence("");
        without.rows.remove(1);
        assert_eq!(procedure(&answer("needs_designer_decision", "", "", json!([])), &without), None);
    }

    #[test]
    fn what_was_only_said_is_the_requesters_statement() {
        let a1 = json!([{"h": "A1", "quote": "They agreed by phone to the other one."}]);
        let s1 = json!([{"h": "S1", "quote": "As agreed in writing."}]);
        let table = [
            ("The architect agreed by phone to the other one.", &a1, false),
            ("The office gave its word over the phone. The requester asks for more.", &a1, false),
            ("The superintendent told us to go on.", &a1, false),
            ("The requester states that the architect agreed by phone.", &a1, true),
            ("The attached note says that they agreed; no record in context.", &a1, true),
            ("It is as agreed in writing.", &s1, true),
            ("It was agreed by phone.", &s1, false),
            ("The sealant is a silicone.", &s1, true),
        ];
        for (text, cites, stands) in table {
            let found = rules(&answer("needs_designer_decision", "", text, cites.clone()), "What applies?");
            assert_eq!(found.is_empty(), stands, "{text}: {found:?}");
            let found = rules(&answer("needs_designer_decision", text, "", cites.clone()), "What applies?");
            assert_eq!(found.is_empty(), stands, "{text}: {found:?}");
        }
    }

    #[test]
    fn a_superseded_sheet_is_no_side_of_a_conflict() {
        for (handle, quote, expected) in [
            ("D1", "Joint width 3/16 inch, typical.", vec![]),
            ("A2", "Joint width 1/4 inch, typical.", vec!["conflicts/0: superseded_source"]),
        ] {
            let mut answer = answer("conflict_in_documents", "They disagree.", "", json!([]));
            answer.conflicts = serde_json::from_value(json!([{
                "a": {"h": "S1", "quote": "As agreed in writing."}, "b": {"h": handle, "quote": quote},
                "note": "They disagree."
            }]))
            .unwrap();
            assert_eq!(rules(&answer, "What applies?"), expected);
        }
    }
}
