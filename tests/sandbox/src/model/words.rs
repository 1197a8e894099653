//! Words, as the scripted model compares them: folded, without stop words, cut to a rough stem, Spanish words of the
//! trade as English ones. Good enough to find a paragraph; not linguistics.

use std::collections::BTreeSet;

use super::glossary::{GLOSSARY, STOP};

/// The words of a text that say what it is about.
pub(super) fn content(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .map(|word| word.chars().flat_map(char::to_lowercase).map(plain).collect::<String>())
        .filter(|word| word.chars().count() > 2 && !STOP.contains(&word.as_str()))
        .filter(|word| word.chars().any(char::is_alphabetic))
        .map(|word| {
            let english = GLOSSARY.iter().find(|(spanish, _)| *spanish == word).map(|(_, english)| *english);
            stem(english.unwrap_or(&word))
        })
        .collect()
}

/// All words, folded, one space apart and around: for finding a phrase in a text.
pub(super) fn line(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> =
        words.map(|word| word.chars().flat_map(char::to_lowercase).map(plain).collect()).collect();
    format!(" {} ", words.join(" "))
}

/// White space as single spaces.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters of Western languages without their accents.
fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

/// Endings off, the same way on both sides of a comparison.
fn stem(word: &str) -> String {
    let long = word.chars().count();
    let word = match word {
        _ if long > 4 && word.ends_with("ies") => return format!("{}y", &word[..word.len() - 3]),
        _ if long > 4 && ["ches", "shes", "sses", "xes"].iter().any(|end| word.ends_with(end)) => {
            &word[..word.len() - 2]
        }
        _ if long > 3 && word.ends_with('s') && !word.ends_with("ss") => &word[..word.len() - 1],
        _ if long > 5 && word.ends_with("ing") => &word[..word.len() - 3],
        _ if long > 4 && word.ends_with("ed") => &word[..word.len() - 2],
        _ => word,
    };
    let word = if word.len() > 3 { word.strip_suffix('e').unwrap_or(word) } else { word };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_and_its_translation_meet() {
        let same = [
            ("joints", "joint"),
            ("tile", "tiles"),
            ("cured", "curing"),
            ("finishes", "finish"),
            ("assemblies", "assembly"),
            ("¿Sellador?", "sealants"),
            ("Señales", "sign"),
            ("hormigón", "concrete"),
        ];
        for (a, b) in same {
            assert_eq!(content(a), content(b), "{a} {b}");
            assert_eq!(content(a).len(), 1, "{a}");
        }
    }

    #[test]
    fn formalities_are_no_subject() {
        assert!(
            content("Please confirm what the specification section requires. ¿Cuál es, por favor?")
                .is_empty()
        );
    }

    #[test]
    fn a_phrase_is_found_whatever_stands_between_its_words() {
        assert!(line("RFI 7: Grout-joint width,\n Señal").contains(&line("grout joint WIDTH senal")));
        assert!(!line("outjoint").contains(&line("joint")));
    }
}
