//! The honest model for submittals: the articles of Part 2 that the title names, sentence by sentence, each beside the line
//! of the submitted pages that shares most words with it. What it cannot find it calls so.

use std::collections::BTreeSet;

use super::answer::{Answer, Row, Substitution};
use crate::model::{
    answer::{Citation, NextStep},
    passages::{self, MAX_CHARS, MIN_CHARS, Passage},
    prompt::{Prompt, Row as Evidence},
    signals,
    words::{content, folded, line},
};

/// Share of a heading's words that the title must name.
const NAMED: f64 = 0.5;
/// Sentences with these words are quoted, not repeated.
const LEFT_OUT: &[&str] = &["approv", "accept", "proceed", "guarante", "authoriz", "no cost", "http", "www."];
/// Limits: what the numbers come to is left to whoever compares them.
const LIMITS: &[&str] =
    &[" not less than ", " not more than ", " or less ", " at least ", " maximum ", " minimum "];

/// The answer to a prompt. A repair turn leaves out the rows it names.
pub(in crate::model) fn answer(prompt: &Prompt) -> Answer {
    let mut answer = compared(prompt);
    if let Some(findings) = &prompt.findings {
        let named =
            |place: usize| ["/", ":"].iter().any(|end| findings.contains(&format!("rows/{place}{end}")));
        let mut place = 0;
        answer.rows.retain(|_| {
            place += 1;
            !named(place - 1)
        });
    }
    if answer.rows.is_empty() {
        answer.outcome = "insufficient_context";
    }
    answer.within_limits()
}

fn compared(prompt: &Prompt) -> Answer {
    let title = prompt.record().map(title).unwrap_or_default();
    let lines: Vec<(&Evidence, String)> = prompt
        .rows
        .iter()
        .filter(|row| row.is('A'))
        .flat_map(|row| row.text.lines().map(move |line| (row, folded(line))))
        .filter(|(_, line)| (MIN_CHARS..=MAX_CHARS).contains(&line.chars().count()))
        .collect();
    let rows: Vec<Row> = governing(&title, &prompt.rows)
        .into_iter()
        .flat_map(passages::of)
        .map(|passage| row(&passage, &lines))
        .collect();
    let worst = |status: &str| rows.iter().any(|row| row.status == status);
    let suggested_disposition = if worst("NOT_MET") || worst("CANNOT_VERIFY") {
        "revise_and_resubmit"
    } else {
        "no_exceptions_noted"
    };
    Answer {
        outcome: "draft",
        missing_items: Vec::new(),
        undeclared_deviations: Vec::new(),
        substitution: substitution(prompt),
        suggested_disposition,
        next_step: next_step(&rows),
        flags: signals::flags(&prompt.rows),
        confidence: "medium",
        rows,
    }
}

/// The words of `Title:`, without those that every submittal's title has.
fn title(record: &Evidence) -> BTreeSet<String> {
    content(record.text.lines().find_map(|line| line.strip_prefix("Title:")).unwrap_or_default())
}

/// The articles of Part 2 whose headings the title names best.
fn governing<'r>(title: &BTreeSet<String>, rows: &'r [Evidence]) -> Vec<&'r Evidence> {
    let products = rows.iter().filter(|row| row.is('S') && row.label.contains(", art. 2."));
    let scored: Vec<(f64, &Evidence)> = products
        .map(|row| {
            let heading = row.label.split_once(", art. 2.").map(|(_, rest)| rest).unwrap_or_default();
            let heading = content(heading.split(", page").next().unwrap_or_default());
            (heading.intersection(title).count() as f64 / heading.len().max(1) as f64, row)
        })
        .collect();
    let best = scored.iter().map(|(score, _)| *score).fold(0.0, f64::max);
    scored.into_iter().filter(|(score, _)| *score >= NAMED && *score >= best).map(|(_, row)| row).collect()
}

fn row(passage: &Passage<'_>, lines: &[(&Evidence, String)]) -> Row {
    // `Clearance: 1-1/2 inches` is answered by a line on the clearance, not by one on other inches.
    let name = passage.text.split_once(':').map(|(name, _)| name).unwrap_or_default();
    let about = content(name);
    let shared = |line: &str| {
        let line = content(line);
        let fits = about.is_empty() || line.intersection(&about).next().is_some();
        if fits { line.intersection(&passage.words).count() } else { 0 }
    };
    let best = lines.iter().map(|(_, line)| shared(line)).max().unwrap_or_default();
    let found = lines.iter().find(|(_, line)| best > 0 && shared(line) == best);
    let status = match found {
        None => "CANNOT_VERIFY",
        Some((_, data)) => {
            let (wanted, given) = (figures(&passage.text), figures(data));
            let asked = line(&passage.text);
            // Without a figure to compare, one word in common shows nothing.
            if wanted.is_empty() && best * 2 < passage.words.len() {
                "CANNOT_VERIFY"
            } else if wanted.is_subset(&given) || LIMITS.iter().any(|limit| asked.contains(limit)) {
                "MET"
            } else if given.is_empty() {
                "CANNOT_VERIFY"
            } else {
                "NOT_MET"
            }
        }
    };
    let plain = |words: &str| !LEFT_OUT.iter().any(|left_out| words.to_lowercase().contains(left_out));
    let requirement = if !name.is_empty() && plain(name) && figures(name).is_empty() {
        name.to_owned()
    } else {
        "Requirement of the article".to_owned()
    };
    let short = |words: &str| words.chars().count() <= 120 && plain(words);
    let quoted = |words: &str| if short(words) { words.to_owned() } else { "as quoted".to_owned() };
    let found = found.filter(|_| status != "CANNOT_VERIFY");
    Row {
        requirement,
        required: quoted(&passage.text),
        submitted: found.map(|(_, data)| quoted(data)),
        status,
        note: None,
        spec: Citation { h: passage.row.handle.clone(), quote: passage.text.clone() },
        submittal: found.map(|(row, data)| Citation { h: row.handle.clone(), quote: data.clone() }),
    }
}

/// Words that begin with a digit, as written.
fn figures(text: &str) -> BTreeSet<String> {
    text.split([' ', '(', ')'])
        .map(|word| word.trim_end_matches(['.', ',', ';', ':']))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

fn substitution(prompt: &Prompt) -> Substitution {
    let offered = prompt.rows.iter().filter(|row| row.is('R') || row.is('A')).any(|row| {
        let text = line(&row.text);
        [" or equal ", " substitut", " in lieu of ", " in place of "].iter().any(|words| text.contains(words))
    });
    let governs = prompt.rows.iter().filter(|row| row.is('S')).flat_map(passages::of).find(|passage| {
        let text = line(&passage.text);
        [" request for substitution ", " comparable products "].iter().any(|words| text.contains(words))
    });
    Substitution {
        status: if offered { "yes" } else { "no" },
        cite: governs
            .filter(|_| offered)
            .map(|passage| Citation { h: passage.row.handle.clone(), quote: passage.text }),
    }
}

fn next_step(rows: &[Row]) -> NextStep {
    let (text, who) = if rows.is_empty() {
        ("Check which section governs what is submitted, and link it.", "pe")
    } else if rows.iter().any(|row| row.status != "MET") {
        ("Ask the subcontractor for data on the rows that are open or differ.", "pe")
    } else {
        ("Compare the quoted data with the pages, then decide on the response.", "pe")
    };
    NextStep { text: text.to_owned(), who: who.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(title: &str, data: &str) -> Prompt {
        let row = |handle: &str, label: &str, text: &str| Evidence {
            handle: handle.into(),
            kind: String::new(),
            label: label.into(),
            text: text.into(),
        };
        let rows = vec![
            row("R1", "Submittal 1", &format!("Title: {title}\n")),
            row(
                "S1",
                "10 00 00 Things rev 0, art. 1.4 SUBMITTALS, page 1",
                "A. Product Data: For each widget.",
            ),
            row(
                "S2",
                "10 00 00 Things rev 0, art. 2.1 WIDGETS, page 1",
                "2.1 WIDGETS\nA. Width: 7 inches.\nB. Color: Gray enamel.",
            ),
            row("S3", "10 00 00 Things rev 0, art. 2.2 GADGETS, page 1", "2.2 GADGETS\nA. Width: 9 inches."),
            row("A1", "data.txt, page 1", data),
        ];
        Prompt { rows, ..Prompt::default() }
    }

    #[test]
    fn each_requirement_of_what_is_submitted_gets_its_state() {
        let table = [
            ("Widget, product data", "Width: 7 inches\nColor: gray enamel", vec!["MET", "MET"]),
            ("Widget, product data", "Width: 8 inches\nColor: gray enamel", vec!["NOT_MET", "MET"]),
            ("Widget, product data", "Width: 7 inches clear", vec!["MET", "CANNOT_VERIFY"]),
            ("Gadget, product data", "Width: 9 inches clear", vec!["MET"]),
            ("Doohickey, product data", "Width: 7 inches clear", vec![]),
        ];
        for (title, data, expected) in table {
            let answer = answer(&prompt(title, data));
            let statuses: Vec<_> = answer.rows.iter().map(|row| row.status).collect();
            assert_eq!(statuses, expected, "{title}: {data}");
            assert_eq!(answer.outcome == "draft", !expected.is_empty(), "{title}");
        }
    }

    #[test]
    fn a_repair_leaves_out_what_was_named() {
        let mut prompt = prompt("Widget", "Width: 7 inches\nColor: gray enamel");
        prompt.findings = Some("rows/0/submitted: number_not_in_source (x)".to_owned());
        let rows = answer(&prompt).rows;
        assert_eq!(rows.iter().map(|row| row.requirement.as_str()).collect::<Vec<_>>(), ["Color"]);
    }
}
