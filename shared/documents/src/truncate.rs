//! A long text with its head and its tail, and a mark where the middle was. Never cuts without saying so.

use unicode_normalization::char::is_combining_mark;

use crate::{Mapped, Origin};

const MAX_MARKS: usize = 4;

/// What [`truncate`] did to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Characters before.
    pub from_chars: usize,
    /// Characters after, the mark included.
    pub to_chars: usize,
}

/// Cuts a text to at most `max_chars` characters: two thirds of head, one third of tail, and between them
/// `[... N characters cut ...]` on a line of its own. Accents stay with their letters.
///
/// A limit too small for the mark keeps the head only; the returned [`Cut`] still tells.
pub fn truncate(text: &str, max_chars: usize) -> (String, Option<Cut>) {
    let (mapped, cut) = truncate_mapped(text, max_chars);
    (mapped.text, cut)
}

/// What [`truncate`] makes of a text, and where each part of it stood.
pub fn truncate_mapped(text: &str, max_chars: usize) -> (Mapped, Option<Cut>) {
    let from_chars = text.chars().count();
    if from_chars <= max_chars {
        return (Mapped::whole(text), None);
    }
    let byte = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    // No mark is longer than the one that names every character.
    let room = max_chars.saturating_sub(mark(from_chars).chars().count());
    let (shortened, edit) = if room < 3 {
        let head: String = text.chars().take(max_chars).collect();
        let edit = (head.len()..text.len(), 0);
        (head, edit)
    } else {
        let mut head_chars = room - room / 3;
        let mut tail_from = from_chars - room / 3;
        let joins = |position: usize| text.chars().nth(position).is_some_and(is_combining_mark);
        // A letter with more marks than that is no letter of any language.
        for _ in 0..MAX_MARKS {
            head_chars -= usize::from(head_chars > 0 && joins(head_chars));
            tail_from += usize::from(joins(tail_from));
        }
        let head: String = text.chars().take(head_chars).collect();
        let tail: String = text.chars().skip(tail_from).collect();
        let mark = mark(tail_from - head_chars);
        (format!("{head}{mark}{tail}"), (byte(head_chars)..byte(tail_from), mark.len()))
    };
    let cut = Cut { from_chars, to_chars: shortened.chars().count() };
    (Mapped { text: shortened, origin: Origin::of_edits(text.len(), &[edit]) }, Some(cut))
}

fn mark(cut_chars: usize) -> String {
    format!("\n[... {cut_chars} characters cut ...]\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_texts_stay() {
        assert_eq!(truncate("1½ in.", 6), ("1½ in.".to_owned(), None));
    }

    #[test]
    fn head_and_tail_are_kept_and_the_gap_is_named() {
        let text = format!("{}{}{}", "H".repeat(100), "m".repeat(100), "T".repeat(100));
        let (short, cut) = truncate(&text, 120);
        assert_eq!(short, format!("{}\n[... 210 characters cut ...]\n{}", "H".repeat(60), "T".repeat(30)));
        assert_eq!(cut, Some(Cut { from_chars: 300, to_chars: 120 }));
    }

    #[test]
    fn an_accent_stays_with_its_letter() {
        let text = "e\u{301}".repeat(200);
        let (short, _) = truncate(&text, 101);
        for part in short.split("\n[").flat_map(|part| part.split("]\n")) {
            assert!(!part.starts_with('\u{301}'), "{part}");
        }
        assert!(short.contains("\u{301}\n[..."), "the head ends with a whole letter: {short}");
    }

    #[test]
    fn a_limit_below_the_mark_keeps_the_head() {
        assert_eq!(truncate("abcdefgh", 3).0, "abc");
    }

    proptest! {
        #[test]
        fn never_longer_than_asked(text in any::<String>(), max_chars in 0_usize..80) {
            let (short, cut) = truncate(&text, max_chars);
            prop_assert!(short.chars().count() <= max_chars);
            prop_assert_eq!(cut.is_some(), text.chars().count() > max_chars);
        }
    }
}
