//! The words of a requirement and of the data beside it: which words of the section the data lacks. Compares words, never meanings: what differs is left open, not judged.

use crate::gate::{Measure, measures};

/// Words too common to show that two sentences speak of one thing.
const COMMON: &[&str] = &[
    "the",
    "and",
    "for",
    "not",
    "all",
    "per",
    "with",
    "than",
    "that",
    "this",
    "from",
    "each",
    "less",
    "more",
    "into",
    "least",
    "most",
    "must",
    "shall",
    "unless",
    "used",
    "when",
    "where",
    "which",
    "other",
    "type",
    "standard",
    "inch",
    "inches",
    "feet",
    "manufacturer",
];
/// Words of dimensions and of writing that data need not repeat: the values beside them are compared.
const DIMENSIONS: &[&str] = &[
    "material",
    "materials",
    "thick",
    "thickness",
    "wide",
    "width",
    "high",
    "height",
    "long",
    "length",
    "deep",
    "depth",
    "size",
    "diameter",
    "overall",
    "minimum",
    "maximum",
    "greater",
    "better",
    "plus",
    "minus",
    "only",
    "both",
    "its",
    "are",
    "any",
    "value",
    "quoted",
    "required",
    "submitted",
];
/// Of each line one word excludes the others.
const OPPOSED: &[&[&str]] = &[
    &["steel", "stainless", "aluminum", "aluminium", "copper", "brass", "bronze", "iron", "zinc", "lead"],
    &["silicone", "polyurethane", "polysulfide", "acrylic", "latex", "epoxy", "alkyd", "butyl"],
    &[
        "polyethylene",
        "polypropylene",
        "polystyrene",
        "polyisocyanurate",
        "fiberglass",
        "pvc",
        "vinyl",
        "mineral",
    ],
    &["oak", "maple", "birch", "pine", "fir", "plywood", "particleboard", "mdf"],
    &["hollow", "solid"],
    &["annealed", "tempered", "strengthened"],
    &["anodized", "painted", "galvanized", "powder", "plated"],
    &["wired", "wireless"],
    &["interior", "exterior"],
];
/// Words that a letter follows as a value.
const LETTERED: &[&str] = &["type", "grade", "class", "category", "group"];
/// The words of the section that data has to hold: those of the value the row names, or of the whole quotation where
/// it names none that stand there. Where an amount with a unit is named, the amount is enough.
pub(super) fn needed(required: &str, quote: &str) -> Vec<String> {
    let value = quote.split_once(": ").map_or(quote, |(_, value)| value);
    let of_section = content(value);
    let named: Vec<String> = content(required)
        .into_iter()
        .filter(|word| of_section.iter().any(|other| same(word, other)))
        .collect();
    let has_amount =
        measures(quote).iter().any(|measure| matches!(measure, Measure::Amount(amount) if amount.has_unit()));
    match (named.is_empty(), has_amount) {
        (false, _) => named,
        (true, true) => Vec::new(),
        (true, false) => of_section,
    }
}

/// True if the data holds every one of the words.
pub(super) fn holds_all(data: &str, needed: &[String]) -> bool {
    let said = words(data);
    needed.iter().all(|word| said.iter().any(|other| same(word, other)))
}

/// True if the data names another material or grade than the section: a word of one line, or a letter after `Type`.
pub(super) fn is_opposed(data: &str, quote: &str) -> bool {
    let lettered = LETTERED.iter().any(|label| {
        let (said, asked) = (letters(data, label), letters(quote, label));
        !asked.is_empty() && said.iter().any(|letter| !asked.contains(letter))
    });
    lettered || has_opposed_words(data, quote)
}

/// True if the section asks for a letter after `Type` or another such word and the data names none.
pub(super) fn lacks_a_letter(data: &str, quote: &str) -> bool {
    LETTERED.iter().any(|label| !letters(quote, label).is_empty() && letters(data, label).is_empty())
}

/// The capital letters after a word: `E` and `S` of `Type E or S`.
fn letters<'t>(text: &'t str, label: &str) -> Vec<&'t str> {
    let mut found = Vec::new();
    let mut after = false;
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let is_letter = word.len() <= 2 && word.chars().all(|c| c.is_ascii_uppercase());
        if same(&word.to_lowercase(), label) {
            after = true;
        } else if after && is_letter {
            found.push(word);
        } else if !matches!(word, "or" | "and") {
            after = false;
        }
    }
    found
}

fn has_opposed_words(data: &str, quote: &str) -> bool {
    let (said, asked) = (words(data), words(quote));
    OPPOSED.iter().any(|line| {
        let of = |all: &[String]| -> Vec<&str> {
            line.iter().copied().filter(|word| all.iter().any(|other| other == word)).collect()
        };
        let (said, asked) = (of(&said), of(&asked));
        !said.is_empty() && !asked.is_empty() && !said.iter().any(|word| asked.contains(word))
    })
}

/// True if two texts share a word that tells what they speak of.
pub(super) fn share_a_subject(a: &str, b: &str) -> bool {
    let b = words(b);
    words(a).iter().any(|word| {
        word.chars().count() >= 3
            && !COMMON.contains(&word.as_str())
            && b.iter().any(|other| same(word, other))
    })
}

/// True if a text holds one of the phrases, as whole words.
pub(super) fn has_phrase(text: &str, phrases: &[&str]) -> bool {
    let text = format!(" {} ", words(text).join(" "));
    phrases.iter().any(|phrase| text.contains(&format!(" {phrase} ")))
}

pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Words that are neither common nor part of a value.
fn content(text: &str) -> Vec<String> {
    let is_value =
        |word: &str| !measures(word).is_empty() || !measures(&format!("2 {word}")).iter().all(bare);
    words(text)
        .into_iter()
        .filter(|word| word.chars().count() >= 3 && word.chars().all(char::is_alphabetic))
        .filter(|word| !COMMON.contains(&word.as_str()) && !DIMENSIONS.contains(&word.as_str()))
        .filter(|word| !is_value(word))
        .collect()
}

fn bare(measure: &Measure) -> bool {
    matches!(measure, Measure::Amount(amount) if !amount.has_unit())
}

/// One word, in the singular or the plural.
fn same(a: &str, b: &str) -> bool {
    a.trim_end_matches('s') == b.trim_end_matches('s')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_value_have_to_be_there() {
        let table: [(&str, &str, &[&str]); 6] = [
            ("copper, tin plated", "Bus: Copper, tin plated.", &["copper", "tin", "plated"]),
            ("10 years for materials and labor", "Membrane: 10 years for materials and labor.", &["labor"]),
            ("not more than 4 inches", "Clear Openings: Not more than 4 inches between rails.", &[]),
            (
                "as quoted",
                "Core: Mineral board at fire-rated doors.",
                &["mineral", "board", "fire", "rated", "doors"],
            ),
            ("Thickness", "Thickness: 1/8 inch overall.", &[]),
            ("two coats", "Finish: two coats of enamel", &[]),
        ];
        for (required, quote, expected) in table {
            assert_eq!(needed(required, quote), expected, "{required}");
        }
    }

    #[test]
    fn another_material_of_one_line_is_opposed() {
        let table = [
            ("Bus: aluminum, tin plated", "Bus: Copper, tin plated", true),
            ("Core: hollow", "Core: Solid", true),
            ("Glass: annealed", "Glass: Fully tempered", true),
            ("Bars: steel, painted", "Bars: stainless steel", false),
            ("Screen: aluminum wire", "Screen: aluminum", false),
            ("Frame: aluminum", "Frame: 4 inches", false),
            ("Pipe: ASTM A53, Type E, Grade B", "Pipe: ASTM A53, Type E or S, Grade B", false),
            ("Pipe: ASTM A53, Type F, Grade B", "Pipe: ASTM A53, Type E or S, Grade B", true),
            ("Pipe: ASTM A53, Types E, Grade A", "Pipe: ASTM A53, Type E or S, Grade B", true),
            ("Pipe: ASTM A53, black", "Pipe: ASTM A53, Type E or S, Grade B", false),
        ];
        for (data, quote, expected) in table {
            assert_eq!(is_opposed(data, quote), expected, "{data} / {quote}");
            assert_eq!(lacks_a_letter(data, quote), data.ends_with("black"), "{data} / {quote}");
        }
    }
}
