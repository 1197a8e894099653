//! The honest model for draft RFIs: it asks about what the subject names, quotes the sentences that speak to it, and
//! abstains where nothing says what the RFI is about. Outside quotations it holds no number and no name.

use super::answer::{Answer, Impact, NeedBy, Reference, Routing};
use crate::model::{
    answer::{Citation, Conflict, Missing},
    conflict, extract,
    passages::{self, Passage},
    prompt::{Prompt, Row},
    signals,
    words::content,
};

/// Stands for a subject that cannot be repeated.
const ELEMENT: &str = "the element named in the subject";
const TBD: Impact = Impact { status: "tbd", evidence: None };

/// The answer to a prompt. A repair turn leaves out what it names.
pub(in crate::model) fn answer(prompt: &Prompt) -> Answer {
    let findings = prompt.findings.as_deref().unwrap_or_default();
    let flags = signals::flags(&prompt.rows);
    let Some(record) = prompt.record() else {
        return insufficient(flags);
    };
    let named = signals::title(record);
    let plain = !["question:", "title:", "background:"].iter().any(|field| findings.contains(field));
    let subject = named.strip_prefix("Draft: ").filter(|_| plain).unwrap_or(ELEMENT);

    let (governing, attached) = (passages_of(prompt, &['S']), passages_of(prompt, &['A', 'D']));
    let asked = content(&about(record));
    let found = conflict::find(&asked, &governing, &attached);
    let mut picked = extract::answering(&asked, &governing);
    if picked.is_empty() {
        picked = extract::answering(&asked, &attached);
    }
    let named = |list: &str, place: usize| findings.contains(&format!("{list}/{place}:"));
    let mut references: Vec<Reference> = picked.iter().map(|passage| quoted(passage)).collect();
    let mut place = 0;
    references.retain(|_| {
        place += 1;
        !named("references", place - 1)
    });
    let conflicts: Vec<Conflict> = found.into_iter().filter(|_| !named("conflicts", 0)).collect();

    let (question, background) = if !conflicts.is_empty() {
        (
            format!("Which of the two quoted values governs for {subject}?"),
            "The specification and the attached document give different values for the same item.",
        )
    } else if !references.is_empty() {
        (
            format!("Do the quoted requirements apply to {subject} as they stand?"),
            "The quoted sentences are what the documents in evidence say on this. The record does not say what is \
             unclear about them.",
        )
    } else if let Some(line) = place_line(record) {
        references.push(Reference {
            kind: "rfi",
            h: record.handle.clone(),
            quote: line.to_owned(),
            detail: None,
        });
        (
            format!("Which document governs {subject} at the place the record names?"),
            "The record names a place. No document in evidence speaks to the subject.",
        )
    } else {
        return insufficient(flags);
    };
    let due = record.text.lines().find(|line| line.starts_with("Due: "));
    Answer {
        outcome: "draft",
        title: subject.to_owned(),
        question,
        background: background.to_owned(),
        references,
        proposed_solution: None,
        cost_impact: TBD,
        schedule_impact: TBD,
        need_by: due.map(|line| NeedBy {
            text: "The due day of the record".to_owned(),
            evidence: Citation { h: record.handle.clone(), quote: line.to_owned() },
        }),
        routing: Routing {
            discipline: "architect",
            reason: "The quoted documents are the design team's".to_owned(),
        },
        missing: Vec::new(),
        conflicts,
        flags,
        confidence: "medium",
    }
    .within_limits()
}

/// Nothing says what the RFI is about.
fn insufficient(flags: Vec<String>) -> Answer {
    Answer {
        outcome: "insufficient_context",
        title: "Draft question".to_owned(),
        question: String::new(),
        background: String::new(),
        references: Vec::new(),
        proposed_solution: None,
        cost_impact: TBD,
        schedule_impact: TBD,
        need_by: None,
        routing: Routing { discipline: "other", reason: "Nothing in the record says whose it is".to_owned() },
        missing: vec![Missing {
            item: "The section, drawing or place the RFI is about".to_owned(),
            why: "Nothing in the evidence gives a subject".to_owned(),
            who: "pe".to_owned(),
        }],
        conflicts: Vec::new(),
        flags,
        confidence: "low",
    }
}

/// What the writer said it is about: the subject, and the question as begun.
fn about(record: &Row) -> String {
    let fields = ["Location: ", "Drawing number: ", "Reference: ", "Due: ", "Specification section: "];
    let lines = record.text.lines().filter(|line| !fields.iter().any(|field| line.starts_with(field)));
    lines.map(|line| line.strip_prefix("Subject:").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// The line of the record that names a place or a sheet, if it is long enough to be quoted.
fn place_line(record: &Row) -> Option<&str> {
    let names = |line: &&str| line.starts_with("Location: ") || line.starts_with("Drawing number: ");
    let fits = |line: &&str| (passages::MIN_CHARS..=passages::MAX_CHARS).contains(&line.chars().count());
    record.text.lines().filter(names).find(fits)
}

fn passages_of<'r>(prompt: &'r Prompt, letters: &[char]) -> Vec<Passage<'r>> {
    let rows = prompt.rows.iter().filter(|row| letters.iter().any(|letter| row.is(*letter)));
    rows.flat_map(passages::of).collect()
}

fn quoted(passage: &Passage<'_>) -> Reference {
    let kind = if passage.row.is('S') { "spec" } else { "drawing" };
    let Citation { h, quote } = conflict::citation(passage);
    Reference { kind, h, quote, detail: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: (&str, &str) =
        ("S1", "2.9 WIDGETS\nA. Widget spacing: 7 in. on center.\nB. Gadget color: gray.");

    fn answered(rows: &[(&str, &str)], findings: Option<&str>) -> Answer {
        let rows = rows.iter().map(|(handle, text)| Row {
            handle: (*handle).into(),
            kind: String::new(),
            label: String::new(),
            text: (*text).into(),
        });
        answer(&Prompt { system: String::new(), rows: rows.collect(), findings: findings.map(str::to_owned) })
    }

    #[test]
    fn it_asks_about_what_the_record_and_its_documents_name() {
        let table = [
            (
                vec![("R1", "Subject: Widget spacing\n"), SPEC],
                "Do the quoted requirements apply to Widget spacing as they stand?",
            ),
            (
                vec![("R1", "Subject: Widget spacing\n"), SPEC, ("A1", "Widget spacing 9 in.")],
                "Which of the two quoted values governs for Widget spacing?",
            ),
            (
                vec![("R1", "Subject: Roof\nLocation: Level 1 > Lobby\n"), SPEC],
                "Which document governs Roof at the place the record names?",
            ),
            (vec![("R1", "Subject: Roof, 9 of 12\nLocation: Level 1 > Lobby\n")], {
                "Which document governs the element named in the subject at the place the record names?"
            }),
            (vec![("R1", "Subject: Roof\nLocation: x\n"), SPEC], ""),
            (vec![("R1", "Subject: Roof\n")], ""),
        ];
        for (rows, question) in table {
            let answer = answered(&rows, None);
            assert_eq!(answer.question, question, "{rows:?}");
            assert_eq!(answer.outcome == "draft", !question.is_empty(), "{rows:?}");
        }
    }

    #[test]
    fn a_repair_leaves_out_what_was_named() {
        let rows = [("R1", "Subject: Widget spacing\nLocation: Level 1 > Lobby\n"), SPEC];
        let again = answered(&rows, Some("references/0: quote_not_in_source (x)"));
        assert_eq!(again.references[0].h, "R1");
        let again = answered(&rows, Some("question: forbidden_language (x)"));
        assert!(again.question.contains(ELEMENT), "{}", again.question);
    }
}
