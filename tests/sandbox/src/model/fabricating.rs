//! The model that makes things up: fluent, plausible, and not in the evidence. Handles are valid, quotations are a
//! digit away from the source, sections and sheets exist somewhere else.

use super::{
    answer::{Answer, Citation, Claim, Conflict, Missing, NextStep},
    passages,
    prompt::Prompt,
};

/// The answer to a prompt. In a repair turn it invents again.
pub(super) fn answer(prompt: &Prompt) -> Answer {
    let passages: Vec<_> = prompt.rows.iter().filter(|row| row.is('S')).flat_map(passages::of).collect();
    let handle = passages.first().map_or("S1", |passage| passage.row.handle.as_str());
    let numbered = |text: &str| text.chars().any(|c| c.is_ascii_digit());
    let mut claims: Vec<Claim> = passages
        .iter()
        .filter(|passage| numbered(&passage.text))
        .take(3)
        .map(|passage| {
            let altered = another_digit(&passage.text);
            fact(&altered, cite(&passage.row.handle, &altered))
        })
        .collect();
    // A true quotation under a false number.
    if let Some(passage) = passages.iter().find(|passage| numbered(&passage.text)) {
        claims.push(fact(&another_digit(&passage.text), cite(&passage.row.handle, &passage.text)));
    }
    claims.extend([
        fact(
            "Provide 5/8 in. minimum clearance at each jamb.",
            cite(handle, "Provide 5/8 in. minimum clearance"),
        ),
        fact("Section 05 50 00, article 2.7.C governs.", cite(handle, "Comply with Section 05 50 00.")),
        fact("Sheet A-912, detail 14, shows a 3 in. reveal.", cite(handle, "Reveal 3 in. at sheet A-912")),
        fact(
            "Testing follows ASTM E9999 within 36 hours.",
            cite(handle, "Test to ASTM E9999 within 36 hours."),
        ),
        Claim {
            text: "A lead time of 11 weeks applies.".to_owned(),
            kind: "risk".to_owned(),
            evidence: Vec::new(),
        },
    ]);
    Answer {
        outcome: "draft",
        title: "Clearance of 5/8 in. per Section 05 50 00".to_owned(),
        answer_status: "answerable_from_documents".to_owned(),
        response:
            "Provide 5/8 in. clearance per Section 05 50 00, article 2.7.C, and sheet A-912, detail 14. The \
                   revised sheet follows on 14 March 2031."
                .to_owned(),
        claims,
        missing: vec![Missing {
            item: "Addendum 17 of 9 May 2031".to_owned(),
            why: "It changes the 5/8 in. dimension".to_owned(),
            who: "architect".to_owned(),
        }],
        conflicts: vec![Conflict {
            a: cite(handle, "Provide 5/8 in. minimum clearance"),
            b: cite("A1", "Provide 7/8 in. minimum clearance"),
            note: "Sheet A-912 shows 7/8 in.".to_owned(),
        }],
        next_step: NextStep {
            text: "Issue the 5/8 in. detail by 14 March 2031.".to_owned(),
            who: "architect".to_owned(),
        },
        flags: Vec::new(),
        confidence: "high".to_owned(),
    }
    .within_limits()
}

fn fact(text: &str, citation: Citation) -> Claim {
    Claim { text: text.to_owned(), kind: "fact".to_owned(), evidence: vec![citation] }
}

fn cite(handle: &str, quote: &str) -> Citation {
    Citation { h: handle.to_owned(), quote: quote.to_owned() }
}

/// The text with its last digit changed.
pub(super) fn another_digit(text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    if let Some(digit) = characters.iter_mut().rev().find(|c| c.is_ascii_digit()) {
        *digit = if *digit == '9' {
            '4'
        } else {
            char::from_digit(digit.to_digit(10).unwrap_or(0) + 1, 10).unwrap_or('7')
        };
    }
    characters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::prompt::Row;

    #[test]
    fn quotations_are_a_digit_away_and_handles_are_valid() {
        assert_eq!(another_digit("Width 3/16 in. clear"), "Width 3/17 in. clear");
        assert_eq!(another_digit("no digit"), "no digit");

        let text = "A. Joint width: 3/16 in. clear.";
        let row = Row { handle: "S1".into(), kind: String::new(), label: String::new(), text: text.into() };
        let answer = answer(&Prompt { rows: vec![row], ..Prompt::default() });
        let quote = &answer.claims[0].evidence[0];
        assert_eq!((quote.h.as_str(), quote.quote.as_str()), ("S1", "Joint width: 3/17 in. clear."));
        assert!(answer.claims.iter().flat_map(|claim| &claim.evidence).all(|citation| citation.h == "S1"));
    }
}
