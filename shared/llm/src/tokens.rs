//! How many tokens a text is, counted here as the model's own tokeniser does: for budgets before a call. What a call
//! did cost is told by the endpoint.
//!
//! Never asks the network: the vocabularies are part of the program, and one is unpacked when it is first counted with.

use tiktoken_rs::{CoreBPE, cl100k_base_singleton, o200k_base_singleton};

/// Longest piece given to the tokeniser at once, in bytes. Its time grows faster than a word's length, and a text from
/// outside may be one endless word.
const PIECE_BYTES: usize = 2_000;

/// A vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vocabulary {
    /// Of the gpt-4o, gpt-4.1 and gpt-5 families, and of those after them as far as they are known.
    O200k,
    /// Of gpt-4 and gpt-3.5.
    Cl100k,
}

/// Counts the tokens of one model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokenizer {
    vocabulary: Vocabulary,
    is_known: bool,
}

/// Names that begin so, the longer ones first: `gpt-4o` is no `gpt-4`.
const FAMILIES: &[(&str, Vocabulary)] = &[
    ("gpt-4o", Vocabulary::O200k),
    ("gpt-4.", Vocabulary::O200k),
    ("gpt-5", Vocabulary::O200k),
    ("o1", Vocabulary::O200k),
    ("o3", Vocabulary::O200k),
    ("o4", Vocabulary::O200k),
    ("gpt-4", Vocabulary::Cl100k),
    ("gpt-3.5", Vocabulary::Cl100k),
    ("gpt-35", Vocabulary::Cl100k),
];

impl Tokenizer {
    /// The one of a model, by its name. A name that says nothing of its vocabulary (a deployment's, another maker's) gets
    /// the newest one; [`Tokenizer::is_known`] tells.
    pub fn of(model: &str) -> Self {
        let found = FAMILIES.iter().find(|(family, _)| model.starts_with(family));
        Self {
            vocabulary: found.map_or(Vocabulary::O200k, |(_, vocabulary)| *vocabulary),
            is_known: found.is_some(),
        }
    }

    /// False if the count is of another model's tokens, and so an estimate.
    pub fn is_known(self) -> bool {
        self.is_known
    }

    /// The tokens of a text. Of one with very long lines a few more than the model would count.
    pub fn count(self, text: &str) -> usize {
        let vocabulary: &CoreBPE = match self.vocabulary {
            Vocabulary::O200k => o200k_base_singleton(),
            Vocabulary::Cl100k => cl100k_base_singleton(),
        };
        pieces(text).map(|piece| vocabulary.encode_ordinary(piece).len()).sum()
    }
}

/// The text in pieces of bounded length, each but the last cut behind a line or, in a very long one, in front of a blank:
/// where a token may end.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, tail) = rest.split_at(end_of_piece(rest));
        rest = tail;
        Some(piece)
    })
}

fn end_of_piece(text: &str) -> usize {
    if text.len() <= PIECE_BYTES {
        return text.len();
    }
    let head = text.get(..text.floor_char_boundary(PIECE_BYTES)).unwrap_or(text);
    let line = head.rfind('\n').map(|at| at.saturating_add(1));
    let blank = || head.rfind(' ').filter(|at| *at > 0);
    line.or_else(blank).unwrap_or(head.len())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_name_tells_its_vocabulary() {
        let table = [
            ("gpt-4.1-mini", Vocabulary::O200k, true),
            ("gpt-4.1-2025-04-14", Vocabulary::O200k, true),
            ("gpt-4o-mini", Vocabulary::O200k, true),
            ("gpt-5", Vocabulary::O200k, true),
            ("o3", Vocabulary::O200k, true),
            ("gpt-4-turbo", Vocabulary::Cl100k, true),
            ("gpt-4", Vocabulary::Cl100k, true),
            ("gpt-3.5-turbo", Vocabulary::Cl100k, true),
            ("our-deployment", Vocabulary::O200k, false),
            ("llama-4", Vocabulary::O200k, false),
        ];
        for (model, vocabulary, is_known) in table {
            assert_eq!(Tokenizer::of(model), Tokenizer { vocabulary, is_known }, "{model}");
        }
    }

    /// Lengths as the vocabularies' maker publishes them for these words.
    #[test]
    fn tokens_are_counted_as_the_model_counts_them() {
        let table = [
            ("", 0, 0),
            ("hello world", 2, 2),
            ("tiktoken is great!", 6, 6),
            ("antidisestablishmentarianism", 6, 6),
            ("2 + 2 = 4", 7, 7),
            ("お誕生日おめでとう", 8, 9),
        ];
        for (text, o200k, cl100k) in table {
            assert_eq!(Tokenizer::of("gpt-4.1").count(text), o200k, "{text}");
            assert_eq!(Tokenizer::of("gpt-4").count(text), cl100k, "{text}");
        }
    }

    #[test]
    fn pieces_are_the_text_and_cost_next_to_nothing() {
        let line =
            "A. Mount grab bars 34 inches above the finished floor, unless a sheet shows another height.\n";
        let text = line.repeat(200);
        let tokenizer = Tokenizer::of("gpt-4.1");
        assert_eq!(pieces(&text).collect::<String>(), text);
        assert!(pieces(&text).count() > 5 && pieces(&text).all(|piece| piece.len() <= PIECE_BYTES));
        let whole = o200k_base_singleton().encode_ordinary(&text).len();
        assert_eq!(tokenizer.count(&text), whole);
    }

    #[test]
    fn no_text_takes_long_or_ends_the_program() {
        let texts =
            ["a", " ", "\n", "\t", "é", "漢", "\u{1F600}", "a ", "\u{300}", "'s", "1", "\u{200B}", "\r\n "];
        let tokenizer = Tokenizer::of("gpt-4.1");
        tokenizer.count("unpacked");
        let started = Instant::now();
        for text in texts {
            let text = text.repeat(40_000);
            let count = tokenizer.count(&text);
            assert!((1..=text.len()).contains(&count), "{count}");
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    }
}
