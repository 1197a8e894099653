//! Plain text without what a reader cannot see. Never changes a sign that carries meaning: degrees,
//! fractions, primes, superscripts, accents and every script survive.

use crate::{Mapped, Removed};
use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::canonical_combining_class, is_nfc_quick,
};

/// A cleaned text, and the counts of what is no longer in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// What a reader would see.
    pub text: String,
    /// What was taken out.
    pub removed: Removed,
}

/// What becomes of one character.
enum Fate {
    Keep,
    Become(char),
    /// Latin ligatures of PDF fonts: spelled out, or a word with one is never found nor quoted.
    Spell(&'static str),
    ZeroWidth,
    Bidi,
    Tag,
    Variation,
    Control,
    SoftHyphen,
}

/// Removes invisible, reordering and control characters, makes line ends `\n` and exotic spaces plain, drops
/// blanks at line ends, and keeps at most two newlines in a row and none at either end.
///
/// The text is composed (NFC). The compatibility forms are not applied: they would turn `1½` into `11⁄2`
/// and `m²` into `m2`. Cleaning a clean text changes nothing.
pub fn clean_text(raw: &str) -> Cleaned {
    let mut removed = Removed::default();
    let mut visible = String::with_capacity(raw.len());
    let mut characters = raw.chars().peekable();
    while let Some(character) = characters.next() {
        match fate(character) {
            Fate::Keep => visible.push(character),
            Fate::Become('\n') if character == '\r' => {
                if characters.peek() != Some(&'\n') {
                    visible.push('\n');
                }
            }
            Fate::Become(other) => visible.push(other),
            Fate::Spell(letters) => visible.push_str(letters),
            Fate::ZeroWidth => removed.zero_width += 1,
            Fate::Bidi => removed.bidi += 1,
            Fate::Tag => removed.tag += 1,
            Fate::Variation => removed.variation += 1,
            Fate::Control => removed.control += 1,
            Fate::SoftHyphen => removed.soft_hyphen += 1,
        }
    }
    let composed: String = visible.nfc().collect();
    Cleaned { text: tidy_lines(&composed), removed }
}

/// What [`clean_text`] makes of a text, and where each part of it stood.
pub fn clean_text_mapped(raw: &str) -> Mapped {
    let composed = composed(&visible(raw));
    let keep = kept(composed.iter().map(|(character, ..)| *character));
    let mut mapped = Mapped::default();
    for ((character, source, exact), _) in composed.into_iter().zip(keep).filter(|(_, keep)| *keep) {
        mapped.text.push(character);
        mapped.origin.push(character.len_utf8(), source, exact);
    }
    mapped
}

/// A character, where it came from, and whether it is what stood there.
type Traced = (char, std::ops::Range<usize>, bool);

/// What a reader would see, character by character.
fn visible(raw: &str) -> Vec<Traced> {
    let mut visible = Vec::new();
    let mut characters = raw.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let source = at..at + character.len_utf8();
        match fate(character) {
            Fate::Keep => visible.push((character, source, true)),
            // The line feed behind it ends the line.
            Fate::Become('\n') if character == '\r' && matches!(characters.peek(), Some((_, '\n'))) => {}
            Fate::Become(other) => visible.push((other, source, false)),
            Fate::Spell(letters) => {
                visible.extend(letters.chars().map(|letter| (letter, source.clone(), false)));
            }
            _ => {}
        }
    }
    visible
}

/// The same composed: letters with their marks, each as a whole.
fn composed(visible: &[Traced]) -> Vec<Traced> {
    let mut composed = Vec::with_capacity(visible.len());
    for cluster in visible.chunk_by(|_, (next, ..)| !begins_anew(*next)) {
        let [(_, first, _), ..] = cluster else { continue };
        if let [alone] = cluster
            && begins_anew(alone.0)
        {
            composed.push(alone.clone());
            continue;
        }
        let end = cluster.last().map_or(first.end, |(_, last, _)| last.end);
        let letters = cluster.iter().map(|(character, ..)| *character).nfc();
        composed.extend(letters.map(|letter| (letter, first.start..end, false)));
    }
    composed
}

/// True if a character is never composed with the one before it, nor changed by composing alone.
fn begins_anew(character: char) -> bool {
    canonical_combining_class(character) == 0 && is_nfc_quick(std::iter::once(character)) == IsNormalized::Yes
}

/// Which characters [`tidy_lines`] keeps.
fn kept(characters: impl Iterator<Item = char>) -> Vec<bool> {
    let characters: Vec<char> = characters.collect();
    let mut keep = vec![false; characters.len()];
    let mut at = 0;
    let mut ends: Vec<usize> = Vec::new();
    let mut written = false;
    for line in characters.split(|character| *character == '\n') {
        let blanks = line.iter().rev().take_while(|c| matches!(c, ' ' | '\t')).count();
        let length = line.len() - blanks;
        if length > 0 {
            // The first two ends of lines since the last words: more would be a second empty line.
            for end in ends.drain(..).take(if written { 2 } else { 0 }) {
                if let Some(keep) = keep.get_mut(end) {
                    *keep = true;
                }
            }
            ends.clear();
            written = true;
            keep.iter_mut().skip(at).take(length).for_each(|keep| *keep = true);
        }
        ends.push(at + line.len());
        at += line.len() + 1;
    }
    keep
}

fn fate(character: char) -> Fate {
    match character {
        '\n' | '\t' => Fate::Keep,
        // Form feed, vertical tab and the line separators end a line wherever they stand.
        '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Fate::Become('\n'),
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' => Fate::Control,
        ' '..='~' => Fate::Keep,
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => Fate::Become(' '),
        '\u{2800}' | '\u{3000}' => Fate::Become(' '),
        '\u{AD}' => Fate::SoftHyphen,
        '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}' => Fate::ZeroWidth,
        '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2065}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' => {
            Fate::ZeroWidth
        }
        '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' => Fate::ZeroWidth,
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' => Fate::Bidi,
        '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}' => Fate::Variation,
        '\u{E0100}'..='\u{E01EF}' => Fate::Variation,
        '\u{E0000}'..='\u{E0FFF}' => Fate::Tag,
        '\u{FFF0}'..='\u{FFFC}' | '\u{FDD0}'..='\u{FDEF}' => Fate::Control,
        other if u32::from(other) & 0xFFFE == 0xFFFE => Fate::Control,
        '\u{FB00}' => Fate::Spell("ff"),
        '\u{FB01}' => Fate::Spell("fi"),
        '\u{FB02}' => Fate::Spell("fl"),
        '\u{FB03}' => Fate::Spell("ffi"),
        '\u{FB04}' => Fate::Spell("ffl"),
        '\u{FB05}' | '\u{FB06}' => Fate::Spell("st"),
        // The bullet of the Symbol and Wingdings fonts, which PDF files leave in the private use area.
        '\u{F0B7}' | '\u{F0A7}' => Fate::Become('\u{2022}'),
        _ => Fate::Keep,
    }
}

/// Trailing blanks off every line, one empty line at most between two, none around the text.
fn tidy_lines(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty_lines = 0_u32;
    for line in text.split('\n').map(|line| line.trim_end_matches([' ', '\t'])) {
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        if !tidy.is_empty() {
            tidy.push_str(if empty_lines == 0 { "\n" } else { "\n\n" });
        }
        tidy.push_str(line);
        empty_lines = 0;
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn signs_that_carry_meaning_survive() {
        for text in [
            "72 °F ± 5 °F, 40 °C",
            "1½\" × 3¾\" at 16\" o.c.",
            "3′-6″ and 3'-6\"",
            "10 m² per 5 m³, 2⁄3, ⅝\" gypsum board",
            "café, señal, Größe, naïve, Łódź",
            "λ ≤ 0.035 W/m·K, Ω, μm, Δ = 4 mm, Ø 16",
            "混凝土 强度 30 MPa, コンクリート, 콘크리트",
            "ASTM A653/A653M – G90 — “or equal”",
            "• item, ≥ 4 000 psi, § 2.1.A, № 4, ™ ®",
            "بند 4, שלום",
            "a\tb",
        ] {
            let cleaned = clean_text(text);
            assert_eq!(cleaned.text, text);
            assert!(cleaned.removed.is_empty(), "{text}: {:?}", cleaned.removed);
        }
    }

    #[test]
    fn what_cannot_be_seen_goes_and_is_counted() {
        let count = |change: fn(&mut Removed)| {
            let mut removed = Removed::default();
            change(&mut removed);
            removed
        };
        for (raw, text, removed) in [
            ("do\u{200B}or\u{FEFF}\u{2060}", "door", count(|r| r.zero_width = 3)),
            ("\u{202E}rood\u{202C} \u{2066}x\u{2069}", "rood x", count(|r| r.bidi = 4)),
            ("ok\u{E0001}\u{E0069}\u{E007F}", "ok", count(|r| r.tag = 3)),
            ("a\u{FE0F}b\u{E0101}", "ab", count(|r| r.variation = 2)),
            ("a\u{0}b\u{1B}[2J\u{9B}", "ab[2J", count(|r| r.control = 3)),
            ("fire\u{AD}stop", "firestop", count(|r| r.soft_hyphen = 1)),
        ] {
            let cleaned = clean_text(raw);
            assert_eq!((cleaned.text.as_str(), cleaned.removed), (text, removed), "{raw:?}");
        }
    }

    #[test]
    fn lines_and_spaces_become_plain() {
        for (raw, text) in [
            ("a\r\nb\rc\u{2028}d\u{C}e", "a\nb\nc\nd\ne"),
            ("a \t\n\n\n\n \nb\n\n", "a\n\nb"),
            ("\n\n  A. indented\n    1. more", "  A. indented\n    1. more"),
            ("10\u{A0}14\u{202F}00\u{3000}x", "10 14 00 x"),
            ("e\u{301}", "é"),
            ("e\u{200B}\u{301}", "é"),
            ("ﬁre-rated ﬂoor", "fire-rated floor"),
            ("", ""),
        ] {
            assert_eq!(clean_text(raw).text, text, "{raw:?}");
        }
    }

    #[test]
    fn counts_add_up() {
        let sum = clean_text("\u{200B}").removed + clean_text("\u{200B}\u{0}").removed;
        assert_eq!((sum.zero_width, sum.control), (2, 1));
        assert!(!sum.is_empty());
    }

    proptest! {
        #[test]
        fn cleaning_is_idempotent(raw in any::<String>()) {
            let once = clean_text(&raw);
            let twice = clean_text(&once.text);
            prop_assert_eq!(&once.text, &twice.text);
            prop_assert!(twice.removed.is_empty());
        }

        #[test]
        fn cleaning_is_idempotent_on_awkward_characters(
            raw in "[ab \t\n\r\u{A0}\u{AD}\u{200B}\u{301}\u{327}\u{FEFF}\u{202E}\u{E0041}\u{FE0F}\u{FB01}½°é]{0,40}"
        ) {
            let once = clean_text(&raw);
            prop_assert_eq!(&clean_text(&once.text).text, &once.text);
            prop_assert!(!once.text.contains("\n\n\n") && !once.text.contains(" \n"));
        }
    }
}
