//! Two documents that disagree: passages about the same thing with different measures.
//! Reports both sides and prefers neither.

use std::collections::BTreeSet;

use super::{
    answer::{Citation, Conflict},
    extract,
    passages::Passage,
};

/// The disagreement between the governing passages and an attachment on what the question asks, if there is one.
pub(super) fn find(
    question: &BTreeSet<String>,
    governing: &[Passage<'_>],
    attached: &[Passage<'_>],
) -> Option<Conflict> {
    let theirs = extract::nearest_to(question, attached);
    for ours in extract::nearest_to(question, governing) {
        for theirs in &theirs {
            let (a, b) = (measures(&ours.text), measures(&theirs.text));
            let measured = !a.is_empty() && !b.is_empty() && a.is_disjoint(&b);
            if measured && same_subject(ours, theirs) {
                return Some(Conflict {
                    a: citation(ours),
                    b: citation(theirs),
                    note: format!(
                        "The specification and the {} give different values for the same item.",
                        other_side(&theirs.row.handle)
                    ),
                });
            }
        }
    }
    None
}

/// Most words of the shorter one stand in the other too; units alone make no subject.
fn same_subject(a: &Passage<'_>, b: &Passage<'_>) -> bool {
    const UNITS: &[&str] = &["inch", "feet", "foot", "millimeter", "hour", "day", "psi"];
    let subject = |passage: &Passage<'_>| -> BTreeSet<String> {
        passage.words.iter().filter(|word| !UNITS.contains(&word.as_str())).cloned().collect()
    };
    let (a, b) = (subject(a), subject(b));
    let shared = a.intersection(&b).count();
    shared >= 2 && shared * 2 > a.len().min(b.len())
}

/// What the other side of a conflict with the specification is.
pub(super) fn other_side(handle: &str) -> &'static str {
    if handle.starts_with('D') { "drawing" } else { "attached document" }
}

pub(super) fn citation(passage: &Passage<'_>) -> Citation {
    Citation { h: passage.row.handle.clone(), quote: passage.text.clone() }
}

/// Numbers and fractions as written; a digit inside a name (`C920`, `A-501`) is none.
fn measures(text: &str) -> BTreeSet<&str> {
    text.split([' ', ',', ';', ':', '(', ')', '='])
        .map(|word| word.trim_end_matches(['.', '"', '\'', '%']))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .filter(|word| word.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | '.' | '-' | '\'' | '"')))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{passages, prompt::Row, words::content};

    fn row(handle: &str, text: &str) -> Row {
        Row { handle: handle.into(), kind: String::new(), label: String::new(), text: text.into() }
    }

    fn conflict(question: &str, ours: &str, theirs: &str) -> Option<(String, String)> {
        let (ours, theirs) = (row("S1", ours), row("A1", theirs));
        find(&content(question), &passages::of(&ours), &passages::of(&theirs))
            .map(|conflict| (conflict.a.quote, conflict.b.quote))
    }

    #[test]
    fn different_measures_of_one_thing_are_a_conflict() {
        let question = "Sign mounting height: which applies?";
        let ours = "A. Mounting height of room signs: 60 in. above floor.";
        assert_eq!(
            conflict(question, ours, "Room sign mounting height 54 in. typical."),
            Some((
                "Mounting height of room signs: 60 in. above floor.".into(),
                "Room sign mounting height 54 in. typical.".into()
            ))
        );
        assert_eq!(conflict(question, ours, "Room sign mounting height 60 in. typical."), None, "they agree");
        assert_eq!(conflict(question, ours, "Door hardware set 54 has a closer."), None, "another thing");
        assert_eq!(
            conflict(question, "A. Mounting height of signs: as indicated.", "Sign mounting height 54 in."),
            None
        );
    }
}
