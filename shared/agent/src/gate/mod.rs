//! The only way out of the model: every word of its answer passes here or stays behind.
//!
//! The gate knows statements, evidence and declared rules; it knows no workflow. It assumes a model that obeys
//! whatever stands in the record. It cannot see a true number in a false sentence: that is what the reviewer and
//! the quoted source beside each claim are for.

mod echo;
mod fields;
mod hygiene;
mod language;
mod numbers;
mod quotes;

use serde::{Deserialize, Serialize};

use crate::{
    evidence::{Evidence, Row},
    instruction,
};

pub use fields::FieldRule;
pub use language::COMMON_FORBIDDEN;
pub(crate) use language::letters;
pub(crate) use numbers::quantity::{Measure, Quantity, amounts_as_written, measures};
pub(crate) use quotes::{find, folded};

/// A quotation the model offers as ground for a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation<'a> {
    /// Handle of the row.
    pub handle: &'a str,
    /// The words said to stand there, verbatim.
    pub quote: &'a str,
}

/// A piece of the model's answer, as its workflow declares it to the gate.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    /// Where it stands in the answer, such as `claims/2`: what is dropped if it fails.
    pub field: String,
    /// The words.
    pub text: &'a str,
    /// Its own citations, each checked.
    pub citations: Vec<Citation<'a>>,
    /// True if it may not stand without a citation.
    pub must_cite: bool,
    /// Words that numbers, sections and sheets of `text` may come from, besides the statement's own quotes.
    pub grounds: Vec<&'a str>,
}

/// What a workflow forbids and what its answers are held against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules<'a> {
    /// Phrases of this workflow that may not leave, beside [`COMMON_FORBIDDEN`].
    pub forbidden: &'a [&'a str],
    /// The static prompt: its sentences may not come back.
    pub prompt: &'a str,
    /// The random fence token of this call: may not come back.
    pub fence: &'a str,
    /// The form single fields must have. Empty: none is asked for.
    pub fields: &'a [FieldRule<'a>],
}

/// What the gate found wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule, such as `quote_not_in_source`.
    pub rule: String,
    /// Where, such as `claims/2`.
    pub field: String,
    /// The offending piece, cut to 120 characters. Kept in the run record only.
    pub value: String,
    /// What was done about it: `sent_back`, `dropped`, `withheld`.
    pub action: String,
}

impl Finding {
    pub(crate) fn new(rule: &str, field: &str, value: &str) -> Self {
        Self {
            rule: rule.to_owned(),
            field: field.to_owned(),
            value: value.chars().take(120).collect(),
            action: "dropped".to_owned(),
        }
    }
}

/// Checks one statement. Empty: it may go out.
pub fn check(statement: &Statement<'_>, evidence: &Evidence, rules: &Rules<'_>) -> Vec<Finding> {
    let field = statement.field.as_str();
    let mut findings = Vec::new();
    let mut find = |rule: &str, value: &str| findings.push(Finding::new(rule, field, value));

    if statement.must_cite && statement.citations.is_empty() {
        find("no_citation", statement.text);
    }
    let mut grounds: Vec<&str> = statement.grounds.clone();
    for citation in &statement.citations {
        match quotes::check(citation, evidence) {
            Ok(row) => {
                grounds.push(citation.quote);
                grounds.push(&row.label);
            }
            Err(rule) => find(rule, citation.quote),
        }
        // A quotation is shown too: it must be as clean as our own words. Its language is its author's, so a
        // forbidden word in it withholds the words, not the citation (`quotable`).
        for (rule, value) in hygiene::check(citation.quote) {
            find(rule, &value);
        }
    }
    for (rule, value) in hygiene::check(statement.text) {
        find(rule, &value);
    }
    for phrase in language::check(statement.text, rules.forbidden) {
        find("forbidden_language", &phrase);
    }
    for (rule, value) in fields::check(field, statement.text, rules.fields) {
        find(rule, &value);
    }
    for (rule, value) in echo::check(statement.text, rules, evidence) {
        find(rule, &value);
    }
    let from_outside = evidence.rows.iter().filter(|row| !row.kind.is_governing());
    if let Some(order) = instruction::repeated(statement.text, from_outside.map(|row| row.text.as_str())) {
        find("order_repeated", order);
    }
    // Handles in brackets are pointers, taken out before anybody reads the sentence.
    for (rule, value) in numbers::check(&without_handles(statement.text, evidence), &grounds, evidence) {
        find(rule, &value);
    }
    findings
}

/// True if a verbatim quotation may be shown word for word; otherwise the draft names its place only. Words that speak
/// to software are shown once, in their own place.
pub fn quotable(quote: &str, forbidden: &[&str]) -> bool {
    language::check(quote, forbidden).is_empty() && instruction::spans(quote).is_empty()
}

/// The phrases no draft of a workflow may hold that a text holds.
pub fn forbidden_phrases(text: &str, forbidden: &[&str]) -> Vec<String> {
    language::check(text, forbidden)
}

/// True if words from the record (a subject, a label) may stand in a draft outside a citation.
pub fn presentable(text: &str, forbidden: &[&str]) -> bool {
    hygiene::check(text).is_empty() && language::check(text, forbidden).is_empty()
}

/// The same for words of the record itself (its subject), which may also name no section the project does not have.
pub fn presentable_of_record(text: &str, forbidden: &[&str], evidence: &Evidence) -> bool {
    presentable(text, forbidden) && !numbers::names_unknown_section(text, evidence)
}

/// What no text of ours may hold, be it a draft or a prompt: addresses, and characters that hide something.
pub(crate) fn foreign(text: &str) -> Vec<(&'static str, String)> {
    let rules = ["url", "email_address", "invisible_character", "mixed_scripts"];
    hygiene::check(text).into_iter().filter(|(rule, _)| rules.contains(rule)).collect()
}

/// The last look at the finished text, as a whole: what no draft may hold wherever it came from.
/// Returns the rules it breaks.
pub fn check_finished(text: &str, rules: &Rules<'_>) -> Vec<String> {
    let mut broken: Vec<String> = hygiene::check(text).into_iter().map(|(rule, _)| rule.to_owned()).collect();
    if !language::check(text, rules.forbidden).is_empty() {
        broken.push("forbidden_language".to_owned());
    }
    if text.contains(rules.fence) {
        broken.push("prompt_echo".to_owned());
    }
    broken.sort();
    broken.dedup();
    broken
}

/// Takes row handles in brackets out of a sentence: the model may point with them, the reader gets the source.
pub fn without_handles(text: &str, evidence: &Evidence) -> String {
    let known = |inner: &str| {
        !inner.is_empty() && inner.split([',', ';']).all(|part| evidence.row(part.trim()).is_some())
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        match after.split_once(']') {
            Some((inner, tail)) if known(inner) => {
                out.push_str(before.trim_end_matches(' '));
                rest = tail;
            }
            _ => {
                out.push_str(before);
                out.push('[');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The source of a citation, for people.
pub fn source_of<'e>(handle: &str, evidence: &'e Evidence) -> Option<&'e Row> {
    evidence.row(handle)
}
