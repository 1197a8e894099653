//! Tells words from noise. Fonts without a table of characters give text that looks like text to a program;
//! it must not become evidence.

/// Below this many characters there is too little to judge.
const ENOUGH_CHARS: usize = 20;
const ENOUGH_WORDS: usize = 20;

/// Whether a clean text is more likely noise than words: characters that stand for nothing, hardly a letter
/// or digit, or long Latin words that nearly all lack a vowel. Tables of numbers, codes and dot leaders are
/// not noise.
pub(crate) fn is_garbled(text: &str) -> bool {
    let (mut total, mut meaningless, mut ordinary) = (0_usize, 0_usize, 0_usize);
    for character in text.chars().filter(|character| !character.is_whitespace() && !is_rule(*character)) {
        total += 1;
        meaningless += usize::from(is_meaningless(character));
        ordinary += usize::from(character.is_alphanumeric());
    }
    total >= ENOUGH_CHARS && (meaningless * 5 > total || ordinary * 2 < total || lacks_vowels(text))
}

/// Leaders, rules and frames, of any length.
fn is_rule(character: char) -> bool {
    matches!(
        character,
        '.' | '_' | '-' | '=' | '*' | '|' | '·' | '…' | '\u{2500}'..='\u{25FF}' | '–' | '—' | '•'
    )
}

fn is_meaningless(character: char) -> bool {
    matches!(character, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

fn lacks_vowels(text: &str) -> bool {
    let long_words = text
        .split(|character: char| !character.is_alphabetic())
        .filter(|word| word.len() >= 4 && word.chars().all(|letter| letter.is_ascii_alphabetic()));
    let (mut words, mut without) = (0_usize, 0_usize);
    for word in long_words {
        words += 1;
        without += usize::from(!word.contains(['a', 'e', 'i', 'o', 'u', 'y', 'A', 'E', 'I', 'O', 'U', 'Y']));
    }
    words >= ENOUGH_WORDS && without * 5 > words * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_codes_and_tables_are_legible() {
        for text in [
            "PART 2 - PRODUCTS\n2.1 PAINT MATERIALS, GENERAL",
            "SECTION 09 91 23 ........................................................ 14",
            "| 3'-6\" | 1½\" | 16 ga | 4,000 psi | 12'-0\" | 8'-2\" |",
            "HSS8X8X1/2 W12X26 L4X4X3/8 C10X15.3",
            "混凝土强度等级不低于三十兆帕斯卡且应符合规范要求的规定",
            "Спецификация бетона и арматуры для фундаментов",
            "?!",
            "______________________________  Date",
        ] {
            assert!(!is_garbled(text), "{text}");
        }
    }

    #[test]
    fn noise_is_not() {
        for text in [
            "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}a\u{FFFD}b c d e f g h i j k l m n o",
            "!\"#$%&'()*+,/:;<=>?@ !\"#$%&'() !$%&/()=",
            "\u{E001}\u{E002}\u{E003}\u{E004} \u{E005}\u{E006} abc \u{E007}\u{E008}\u{E009}\u{E00A}\u{E00B} defgh jkl",
        ] {
            assert!(is_garbled(text), "{text}");
        }
        let shifted =
            "wklv grfxphqw frqwdlqv vkliwhg ohwwhuv ".repeat(12).replace(['a', 'e', 'i', 'o', 'u', 'y'], "x");
        assert!(is_garbled(&shifted));
    }
}
