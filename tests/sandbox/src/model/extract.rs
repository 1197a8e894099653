//! Which passages speak to the question: word overlap, weighted by how rare a word is in the evidence.
//! Never picks a passage that shares only the trade's small talk with the question.

use std::collections::{BTreeMap, BTreeSet};

use super::passages::Passage;

/// How many passages an answer quotes at most.
const MOST: usize = 3;
/// A further passage must come this near to the best one.
const NEARNESS: f64 = 0.6;
/// Share of the question's weight the best passage must meet: below it, the document is about something else. Found by
/// putting every seeded question to every seeded section.
const COVERAGE: f64 = 0.14;
const LONG_QUESTION_WORDS: f64 = 16.0;
/// What a sentence about submittals and the like weighs when the question is about the work.
const FORMAL_WEIGHT: f64 = 0.5;
/// Stems of words that ask for papers.
const PAPERS: &[&str] =
    &["submittal", "submit", "sampl", "mockup", "data", "report", "installer", "fabricator"];
/// Passages with these words say something only a person may say; the honest model leaves them out.
const LEFT_OUT: &[&str] = &[
    "approv",
    "accept",
    "proceed",
    "guarante",
    "authoriz",
    "no cost",
    "no additional cost",
    "violat",
    "fault",
    "entitle",
    "http",
    "www.",
    "@",
];

/// How rare each word is in the passages at hand.
struct Weights<'p> {
    found: BTreeMap<&'p str, usize>,
    passages: f64,
}

impl<'p> Weights<'p> {
    fn of(passages: &'p [Passage<'_>]) -> Self {
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for word in passages.iter().flat_map(|passage| passage.words.union(&passage.context)) {
            *found.entry(word).or_default() += 1;
        }
        Self { found, passages: passages.len() as f64 }
    }

    /// A word that stands nowhere weighs as much as one that stands once.
    fn weight(&self, word: &str) -> f64 {
        let count = self.found.get(word).copied().unwrap_or(1);
        (1.0 + self.passages / count as f64).ln()
    }
}

/// The passages that answer, best first; empty if they cover too little of what the question is about.
pub(super) fn answering<'p, 'r>(
    question: &BTreeSet<String>,
    passages: &'p [Passage<'r>],
) -> Vec<&'p Passage<'r>> {
    let weights = Weights::of(passages);
    let whole: f64 = question.iter().map(|word| weights.weight(word)).sum();
    // A question may be long without being about more.
    let whole = whole.min(LONG_QUESTION_WORDS * (1.0 + weights.passages).ln());
    let ranked = ranked(question, passages, &weights);
    let covered = ranked.first().is_some_and(|(score, _)| *score >= whole * COVERAGE);
    if covered { nearest(ranked) } else { Vec::new() }
}

/// The passages nearest to the question, best first, however little they say on it.
pub(super) fn nearest_to<'p, 'r>(
    question: &BTreeSet<String>,
    passages: &'p [Passage<'r>],
) -> Vec<&'p Passage<'r>> {
    nearest(ranked(question, passages, &Weights::of(passages)))
}

fn ranked<'p, 'r>(
    question: &BTreeSet<String>,
    passages: &'p [Passage<'r>],
    weights: &Weights<'_>,
) -> Vec<(f64, &'p Passage<'r>)> {
    let weight = |word: &String| weights.weight(word);
    let asks_for_papers = PAPERS.iter().any(|word| question.contains(*word));
    let mut scored: Vec<(f64, &Passage<'_>)> = passages
        .iter()
        .filter(|passage| speaks_to(question, passage) && may_be_quoted(&passage.text))
        .map(|passage| {
            let own: f64 = question.intersection(&passage.words).map(weight).sum();
            let around =
                question.intersection(&passage.context).filter(|word| !passage.words.contains(*word));
            let around: f64 = around.map(weight).sum();
            // A long sentence meets more words by chance.
            let score = (own + 0.5 * around) / (1.0 + passage.words.len() as f64 / 40.0);
            let off_point = passage.is_formal && !asks_for_papers;
            (if off_point { score * FORMAL_WEIGHT } else { score }, passage)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored
}

fn nearest<'p, 'r>(ranked: Vec<(f64, &'p Passage<'r>)>) -> Vec<&'p Passage<'r>> {
    let least = ranked.first().map_or(0.0, |(best, _)| best * NEARNESS);
    let mut picked: Vec<&Passage<'_>> = Vec::new();
    for (score, passage) in ranked {
        if score >= least && picked.len() < MOST && picked.iter().all(|known| known.text != passage.text) {
            picked.push(passage);
        }
    }
    picked
}

/// One word in the sentence itself and two in all: a single shared word is an accident.
fn speaks_to(question: &BTreeSet<String>, passage: &Passage<'_>) -> bool {
    let own = question.intersection(&passage.words).count();
    let around =
        question.intersection(&passage.context).filter(|word| !passage.words.contains(*word)).count();
    own >= 2 || (own == 1 && around >= 1)
}

fn may_be_quoted(text: &str) -> bool {
    let text = text.to_lowercase();
    // A colon announces the list below, a question mark asks: neither says anything.
    !text.ends_with([':', '?'])
        && !text.starts_with("question:")
        && !LEFT_OUT.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{passages, prompt::Row, words::content};

    fn picked(question: &str, text: &str) -> Vec<String> {
        let row = Row {
            handle: "S1".into(),
            kind: "specification".into(),
            label: "09 30 00 Tiling rev 1".into(),
            text: text.into(),
        };
        let passages = passages::of(&row);
        answering(&content(question), &passages).into_iter().map(|passage| passage.text.clone()).collect()
    }

    const TEXT: &str = "2.2 GROUT\nA. Joint width:\n1. Wall tile: 1/8 in.\n2. Floor tile: 3/16 in.\n\
                        B. Grout color for wall tile: as selected from the full range.\n\
                        C. Cleaning: neutral detergent only.\n3.4 CURING\nA. Keep traffic off floor tile for 72 hours.";

    #[test]
    fn the_sentence_that_answers_comes_first() {
        assert_eq!(picked("What grout joint width is required at wall tile?", TEXT)[0], "Wall tile: 1/8 in.");
        assert_eq!(
            picked("How long must traffic stay off the floor tile?", TEXT)[0],
            "Keep traffic off floor tile for 72 hours."
        );
        assert_eq!(
            picked("¿Qué ancho de junta se requiere en la loseta de muro?", TEXT)[0],
            "Wall tile: 1/8 in."
        );
    }

    #[test]
    fn a_question_the_text_does_not_speak_to_finds_nothing() {
        for question in
            ["Which roof membrane flashing height applies?", "Please confirm the requirement.", ""]
        {
            assert_eq!(picked(question, TEXT), Vec::<String>::new(), "{question}");
        }
    }

    #[test]
    fn what_only_a_person_may_say_is_not_quoted() {
        let text = "A. Grout color for wall tile approved by the owner is gray.\nB. Grout joint of wall tile: 1/8 in.";
        assert_eq!(picked("Which grout color for wall tile?", text), ["Grout joint of wall tile: 1/8 in."]);
    }
}
