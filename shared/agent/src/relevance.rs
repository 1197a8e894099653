//! Which of many texts matter to a question.

use bm25::{Document, Language, SearchEngineBuilder};

/// Positions of the texts that share words with the question, best first (BM25, English stems).
pub(crate) fn rank(question: &str, texts: &[&str]) -> Vec<usize> {
    let documents = texts.iter().enumerate().map(|(position, text)| Document::new(position, *text));
    let engine =
        SearchEngineBuilder::<usize>::with_documents(Language::English, documents.collect::<Vec<_>>())
            .build();
    let mut found: Vec<_> = engine
        .search(question, texts.len())
        .into_iter()
        .map(|result| (result.score, result.document.id))
        .collect();
    // Equal scores keep the order of the texts: the same evidence hashes the same.
    found.sort_by(|(a, first), (b, second)| b.total_cmp(a).then(first.cmp(second)));
    found.into_iter().map(|(_, position)| position).collect()
}

/// The texts to keep within `budget_chars`: the best ranked, then, while there is room, the rest from the front
/// (a question in another language shares no words, and still deserves the section). In their own order.
pub(crate) fn choose(question: &str, texts: &[&str], budget_chars: usize) -> Vec<usize> {
    let ranked = rank(question, texts);
    let rest = (0..texts.len()).filter(|position| !ranked.contains(position));
    let mut left = budget_chars;
    let mut kept = Vec::new();
    for position in ranked.iter().copied().chain(rest) {
        let length = texts.get(position).map_or(0, |text| text.chars().count());
        if length <= left {
            left = left.saturating_sub(length);
            kept.push(position);
        }
    }
    kept.sort_unstable();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 3] =
        ["Deliver doors in cartons.", "Sealant joints: depth 6 mm at tile.", "Mock-up of a tiled wall."];

    #[test]
    fn the_text_about_the_question_comes_first() {
        assert_eq!(rank("How deep is the sealant in a tile joint?", &TEXTS).first(), Some(&1));
    }

    #[test]
    fn a_question_in_another_language_gets_the_texts_from_the_front() {
        assert_eq!(choose("¿Qué profundidad?", &TEXTS, 60), [0, 1]);
        assert_eq!(choose("sealant joint depth", &TEXTS, 40), [1]);
    }
}
