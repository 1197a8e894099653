//! Words a draft may not use: decisions, promises, blame, forecasts. They are a person's to say.

use unicode_normalization::UnicodeNormalization;

/// Phrases no draft of any workflow may hold. A `*` at the end stands for any ending.
pub const COMMON_FORBIDDEN: &[&str] = &[
    // Decisions.
    "approve*",
    "approval is granted",
    "authorize*",
    "authorise*",
    "acceptable",
    "accepted",
    "we accept",
    "proceed*",
    "go ahead",
    "permission is granted",
    "is granted",
    "waive*",
    "hereby",
    "on behalf of",
    // Promises of money or time.
    "no cost",
    "no additional cost",
    "no extra cost",
    "at no charge",
    "free of charge",
    "no time impact",
    "guarantee*",
    "time extension",
    "extension of time",
    "change order will",
    "will be paid",
    "will pay",
    // Blame and legal conclusions.
    "at fault",
    "negligen*",
    "violat*",
    "entitle*",
    "liable",
    "liability",
    "breach*",
    "compensable",
    "excusable",
    // Forecasts of what others will do.
    "will be revised",
    "will be reissued",
    "revision will be issued",
    "will issue a revision",
    // The same in the other languages people write RFIs in here.
    "aprobad*",
    "aprueb*",
    "autorizad*",
    "autoriz*",
    "aceptad*",
    "aceptable*",
    "procedan",
    "proceda",
    "sin costo",
    "garantiz*",
    "approuve*",
    "autorise*",
    "genehmigt*",
    "freigegeben",
    "aprovad*",
];

/// The forbidden phrases a text holds.
pub(super) fn check(text: &str, more: &[&str]) -> Vec<String> {
    let words = words(text);
    // Letters set apart ("a p p r o v e d") read as the word to a person.
    let joined = join_spaced(&words);
    COMMON_FORBIDDEN
        .iter()
        .chain(more)
        .filter(|phrase| holds(&words, phrase) || holds(&joined, phrase))
        .map(|phrase| (*phrase).to_owned())
        .collect()
}

fn holds(words: &[String], phrase: &str) -> bool {
    let parts: Vec<&str> = phrase.split(' ').collect();
    words.windows(parts.len()).any(|window| {
        window.iter().zip(&parts).all(|(word, part)| match part.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => word == part,
        })
    })
}

/// Lower-case words without accents, with look-alike letters, digits in place of letters and invisible characters
/// undone, so that a disguised word is the word.
fn words(text: &str) -> Vec<String> {
    letters(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            if word.chars().any(char::is_alphabetic) {
                word.chars().map(leet).collect()
            } else {
                word.to_owned()
            }
        })
        .collect()
}

/// Lower-case letters without accents, with look-alike letters undone and invisible characters left out.
pub(crate) fn letters(text: &str) -> String {
    text.nfkd()
        .flat_map(char::to_lowercase)
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c) && !is_joiner(*c))
        .map(plain_letter)
        .collect()
}

fn is_joiner(c: char) -> bool {
    matches!(u32::from(c), 0xAD | 0x200B..=0x200F | 0x2060..=0x2064 | 0xFEFF | 0xFE00..=0xFE0F | 0xE0000..=0xE0FFF)
}

/// Letters of other alphabets that look like Latin ones.
fn plain_letter(c: char) -> char {
    match c {
        'а' | 'α' | 'ɑ' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'є' | 'ε' => 'e',
        'һ' | 'н' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' | 'ⅼ' => 'l',
        'м' => 'm',
        'п' | 'η' => 'n',
        'о' | 'ο' | 'σ' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        other => other,
    }
}

fn leet(c: char) -> char {
    match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        other => other,
    }
}

fn join_spaced(words: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut run = String::new();
    for word in words {
        if word.chars().count() == 1 {
            run.push_str(word);
        } else {
            if !run.is_empty() {
                out.push(std::mem::take(&mut run));
            }
            out.push(word.clone());
        }
    }
    if !run.is_empty() {
        out.push(run);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguises_are_seen_through() {
        for text in [
            "This is APPROVED.",
            "this is appr\u{043E}ved",
            "this is ap\u{00AD}proved",
            "this is a p p r o v e d",
            "this is appr0v3d",
            "you may proceed",
            "there is No   Cost to you",
            "está aprobado",
            "the contractor violated the section",
            "a revision will be issued",
        ] {
            assert!(!check(text, &[]).is_empty(), "{text}");
        }
        assert_eq!(check("do it at once", &["at once"]), ["at once"]);
    }

    #[test]
    fn ordinary_sentences_pass() {
        for text in [
            "Ask the architect which of the two governs.",
            "Product data shall be submitted before fabrication; the procedure is in article 1.4.",
            "Costs are not addressed in the evidence. No costs are stated.",
            "The default value is 6 mm.",
        ] {
            assert_eq!(check(text, &[]), Vec::<String>::new(), "{text}");
        }
    }
}
