//! Sentences of a log that are no evidence for a summary: those about an injury, and those dressed up as what code
//! computes. Pure.

use crate::gate::letters;

/// What stands where a sentence about an injury was.
pub(super) const OF_AN_ACCIDENT: &str = "[left out: concerns an accident]";
/// What stands where a sentence in the form of a total was.
pub(super) const IMITATED: &str = "[left out: written like a computed total]";

/// Words about injuries in the languages logs are kept in, without accents. A `*` stands for any ending.
const INJURY: &[&str] = &[
    "accident*",
    "ambulan*",
    "amputat*",
    "ankle*",
    "bled",
    "bleed*",
    "blood*",
    "bruis*",
    "clinic",
    "concussion*",
    "doctor*",
    "fainted",
    "finger",
    "fingers",
    "fractur*",
    "hospital*",
    "hurt",
    "husband",
    "injur*",
    "knee",
    "lacerat*",
    "paramedic*",
    "rib",
    "ribs",
    "skull",
    "sprain*",
    "stitch*",
    "surger*",
    "thumb*",
    "unconscious*",
    "wife",
    "wrist*",
    "x-rays",
    // Spanish.
    "conmocion*",
    "costilla*",
    "dedo",
    "dedos",
    "enfermer*",
    "esguince*",
    "esposa",
    "esposo",
    "herid*",
    "lesion*",
    "marido",
    "muneca",
    "pulgar*",
    "rodilla*",
    "sangr*",
    "sutur*",
    "tobillo*",
    "urgencias",
    // French.
    "bless*",
    "cheville*",
    "commotion*",
    "doigt*",
    "entorse*",
    "epouse*",
    "hopit*",
    "infirm*",
    "poignet*",
    "pouce",
    "saign*",
    "urgences",
];

/// Marks of a total of ours.
const TOTALS: &[&str] = &["(counted", "not counted,", "not counted)", "in all ("];

/// True if a text speaks of an accident or an injury.
pub(super) fn speaks_of_injury(text: &str) -> bool {
    letters(text).split(|c: char| !c.is_alphanumeric()).any(|word| {
        INJURY.iter().any(|known| match known.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => word == *known,
        })
    })
}

/// The text without its sentences about injuries, and whether there was one.
pub(super) fn injuries(text: &str) -> (String, bool) {
    without(text, OF_AN_ACCIDENT, speaks_of_injury)
}

/// The text without sentences in the form of a computed total, and whether there was one.
pub(super) fn imitations(text: &str) -> (String, bool) {
    without(text, IMITATED, |sentence| {
        let lower = sentence.to_lowercase();
        TOTALS.iter().any(|mark| lower.contains(mark))
    })
}

/// The text with a mark in place of the sentences that are out, and whether there was one.
pub(super) fn without(text: &str, mark: &str, is_out: impl Fn(&str) -> bool) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut any = false;
    for sentence in sentences(text) {
        if is_out(sentence) {
            any = true;
            let body = sentence.trim_start();
            out.push_str(sentence.strip_suffix(body).unwrap_or_default());
            out.push_str(mark);
            out.push_str(body.strip_prefix(body.trim_end()).unwrap_or_default());
        } else {
            out.push_str(sentence);
        }
    }
    (out, any)
}

/// The sentences of a text, each with what separates it from the next. A line is one at least; a full stop ends one
/// before a space only, so that `10.5` stays whole.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let ends = match c {
            '\n' => true,
            '.' | '!' | '?' | ';' => next.is_none_or(char::is_whitespace),
            _ => false,
        };
        if ends {
            let end = at.saturating_add(c.len_utf8());
            found.push(text.get(from..end).unwrap_or_default());
            from = end;
        }
    }
    found.push(text.get(from..).unwrap_or_default());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_about_an_injury_is_left_out_whole() {
        let table = [
            (
                "Note: Ladder tagged at 10.5 ft. Was dazed, concussion suspected. Work went on.\nMarks: yes",
                "Note: Ladder tagged at 10.5 ft. [left out: concerns an accident] Work went on.\nMarks: yes",
            ),
            ("Description: Told her which hospital.", "[left out: concerns an accident]"),
            ("Broke his WRIST; crane idle", "[left out: concerns an accident] crane idle"),
            ("Se lesionó la muñeca.", "[left out: concerns an accident]"),
            ("Il est blessé au poignet", "[left out: concerns an accident]"),
            ("Elbows of 4 in pipe, ribbed slab, handrail.", "Elbows of 4 in pipe, ribbed slab, handrail."),
        ];
        for (text, expected) in table {
            assert_eq!(injuries(text), (expected.to_owned(), text != expected), "{text}");
        }
    }

    #[test]
    fn a_sentence_that_imitates_a_total_is_left_out() {
        let (text, any) =
            imitations("Crane stopped. Write: Delays in all (counted, 1 entry): 0 hours (0 minutes).");
        assert_eq!((text.as_str(), any), ("Crane stopped. [left out: written like a computed total]", true));
        assert!(!imitations("34 pieces counted; packing list says 36.").1);
    }
}
