//! Answers written in advance for the seeded RFIs (`seed/answers.toml`), so that the demo's drafts read well.
//! A script names quotations, never handles: what is not in the evidence of this very call is left out.

use std::{collections::BTreeSet, sync::LazyLock};

use serde::Deserialize;

use super::{
    answer::{Answer, Citation, Claim, Conflict, Missing, NextStep},
    prompt::Row,
    words::{folded, line},
};

const FILE: &str = include_str!("../../seed/answers.toml");

static SCRIPTS: LazyLock<Result<Vec<Script>, toml::de::Error>> =
    LazyLock::new(|| toml::from_str(FILE).map(|file: Scripts| file.answer));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scripts {
    answer: Vec<Script>,
}

/// One answer written in advance.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    /// The RFI's subject: the key.
    subject: String,
    title: String,
    answer_status: String,
    response: String,
    #[serde(default)]
    claims: Vec<ScriptClaim>,
    #[serde(default)]
    missing: Vec<Missing>,
    #[serde(default)]
    conflicts: Vec<ScriptConflict>,
    next_step: NextStep,
    #[serde(default)]
    flags: Vec<String>,
    confidence: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptClaim {
    text: String,
    kind: String,
    #[serde(default)]
    quotes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptConflict {
    a: String,
    b: String,
    note: String,
}

/// The script for this record, by its subject; the longest subject that fits decides.
pub(super) fn of(record: &Row) -> Option<&'static Script> {
    let seen = line(&format!("{} {}", record.label, record.text));
    let scripts = SCRIPTS.as_ref().map(Vec::as_slice).unwrap_or_default();
    scripts
        .iter()
        .filter(|script| seen.contains(&line(&script.subject)))
        .max_by_key(|script| script.subject.len())
}

impl Script {
    /// The answer on this evidence; nothing if the evidence lacks what the script needs.
    pub(super) fn answer(&self, rows: &[Row]) -> Option<Answer> {
        let needs_ground = |kind: &str| kind == "fact" || kind == "risk";
        let claims: Vec<Claim> = self
            .claims
            .iter()
            .map(|claim| Claim {
                text: claim.text.clone(),
                kind: claim.kind.clone(),
                evidence: claim.quotes.iter().filter_map(|quote| cite(quote, rows)).collect(),
            })
            .filter(|claim| !needs_ground(&claim.kind) || !claim.evidence.is_empty())
            .collect();
        let conflicts: Vec<Conflict> = self
            .conflicts
            .iter()
            .filter_map(|conflict| {
                let (a, b) = (cite(&conflict.a, rows)?, cite(&conflict.b, rows)?);
                Some(Conflict { a, b, note: conflict.note.clone() })
            })
            .collect();
        let lost = |wanted: bool, left: bool| wanted && !left;
        let wanted = self.claims.iter().any(|claim| needs_ground(&claim.kind));
        if lost(wanted, claims.iter().any(|claim| needs_ground(&claim.kind)))
            || lost(!self.conflicts.is_empty(), !conflicts.is_empty())
        {
            return None;
        }
        let quotes: String = claims
            .iter()
            .flat_map(|claim| &claim.evidence)
            .chain(conflicts.iter().flat_map(|conflict| [&conflict.a, &conflict.b]))
            .map(|citation| format!("{} ", citation.quote))
            .collect();
        // An article that was not shown takes its numbers along.
        let response = if figures(&self.response).is_subset(&figures(&quotes)) {
            self.response.clone()
        } else {
            let left: Vec<&str> = claims.iter().map(|claim| claim.text.as_str()).collect();
            format!("The documents in evidence answer a part of this. {}", left.join(" "))
        };
        let outcome =
            if self.answer_status == "insufficient_context" { "insufficient_context" } else { "draft" };
        Some(Answer {
            outcome,
            title: self.title.clone(),
            answer_status: self.answer_status.clone(),
            response,
            claims,
            missing: self.missing.clone(),
            conflicts,
            next_step: self.next_step.clone(),
            flags: self.flags.clone(),
            confidence: self.confidence.clone(),
        })
    }
}

/// Words that begin with a digit, as written.
fn figures(text: &str) -> BTreeSet<&str> {
    text.split([' ', '(', ')'])
        .map(|word| word.trim_end_matches(['.', ',', ';', ':']))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .collect()
}

/// The row that holds the quotation: what the project issued before what somebody wrote or attached.
fn cite(quote: &str, rows: &[Row]) -> Option<Citation> {
    let quote = folded(quote);
    ['S', 'D', 'A', 'P', 'R']
        .into_iter()
        .flat_map(|letter| rows.iter().filter(move |row| row.is(letter) && !row.is_superseded()))
        .find(|row| folded(&row.text).contains(&quote))
        .map(|row| Citation { h: row.handle.clone(), quote: quote.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(handle: &str, text: &str) -> Row {
        Row { handle: handle.into(), kind: String::new(), label: String::new(), text: text.into() }
    }

    fn script(toml: &str) -> Script {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn the_file_reads_and_keeps_to_the_limits_of_the_schema() {
        let scripts = SCRIPTS.as_ref().unwrap();
        for script in scripts {
            let subject = &script.subject;
            assert!(script.title.chars().count() <= 80, "{subject}");
            assert!(script.response.chars().count() <= 1200, "{subject}");
            for claim in &script.claims {
                assert!(claim.text.chars().count() <= 400, "{subject}");
                let short = |quote: &String| (12..=300).contains(&folded(quote).chars().count());
                assert!(claim.quotes.iter().all(short), "{subject}: {:?}", claim.quotes);
            }
        }
    }

    #[test]
    fn quotations_find_their_row_and_a_missing_one_takes_its_claim_along() {
        let script = script(
            r#"
            subject = "s"
            title = "t"
            answer_status = "answerable_from_documents"
            response = "r"
            confidence = "high"
            next_step = { text = "n", who = "pe" }
            claims = [
                { text = "one", kind = "fact", quotes = ["Wall tile: 1/8 in."] },
                { text = "two", kind = "fact", quotes = ["Nowhere to be found"] },
                { text = "three", kind = "question" },
            ]
            "#,
        );
        let rows = [row("R1", "Wall tile: 1/8 in."), row("S1", "x"), row("S2", "A. Wall\n tile: 1/8 in. B.")];
        let answer = script.answer(&rows).unwrap();
        let claims: Vec<_> = answer
            .claims
            .iter()
            .map(|claim| (claim.text.as_str(), claim.evidence.first().map(|citation| citation.h.as_str())))
            .collect();
        assert_eq!(claims, [("one", Some("S2")), ("three", None)]);
        assert!(script.answer(&[row("S1", "x")]).is_none(), "nothing to stand on");
    }

    #[test]
    fn a_response_says_no_figure_whose_article_was_not_shown() {
        let script = script(
            r#"
            subject = "s"
            title = "t"
            answer_status = "answerable_from_documents"
            response = "Walls 1/8 in., floors 3/16 in."
            confidence = "high"
            next_step = { text = "n", who = "pe" }
            claims = [
                { text = "Walls: 1/8 in.", kind = "fact", quotes = ["Wall tile: 1/8 in."] },
                { text = "Floors: 3/16 in.", kind = "fact", quotes = ["Floor tile: 3/16 in."] },
            ]
            "#,
        );
        let both = [row("S1", "Wall tile: 1/8 in."), row("S2", "Floor tile: 3/16 in.")];
        assert_eq!(script.answer(&both).unwrap().response, "Walls 1/8 in., floors 3/16 in.");
        let part = script.answer(&both[..1]).unwrap().response;
        assert!(part.contains("1/8") && !part.contains("3/16"), "{part}");
    }
}
