//! Names of people who were hurt: taken out of every text of the day before anything else is done with it, with the
//! sentences that tell of them. Too much is taken rather than too little.

use documents::clean_text;
use procore::daily_logs::{Details, LogEntry};
use unicode_normalization::char::is_combining_mark;

use super::withheld;
use crate::gate::letters;

/// What stands where a name was.
pub(super) const REMOVED: &str = "[name removed]";
/// Parts of a name shorter than this are names only beside a title or another part, or written like a name.
const PART_CHARS: usize = 3;
/// Parts of names that are words of every sentence.
const PARTICLES: &[&str] = &[
    "al", "da", "das", "de", "del", "den", "der", "di", "dos", "el", "la", "las", "le", "los", "van", "von",
];
/// What stands before a name.
const TITLES: &[&str] = &[
    "don", "dona", "dr", "frau", "herr", "m", "mlle", "mme", "mr", "mrs", "ms", "miss", "sr", "sra", "srta",
    "senor", "senora",
];

/// The names of the people involved in the accidents of a day.
pub(super) struct Involved {
    /// Parts that are a name wherever they stand.
    parts: Vec<String>,
    /// Parts that are a name beside another part or a title.
    short: Vec<String>,
    /// Whether the day has an accident at all.
    accident: bool,
}

/// A word of a text.
struct Word {
    start: usize,
    end: usize,
    folded: String,
    /// `Wu`, not `wu` and not `WU`.
    written_as_name: bool,
    capital: bool,
}

impl Involved {
    pub(super) fn of(entries: &[LogEntry]) -> Self {
        let mut involved = Self { parts: Vec::new(), short: Vec::new(), accident: false };
        for entry in entries {
            let Details::Accident(accident) = &entry.details else { continue };
            involved.accident = true;
            let name = clean_text(accident.involved_name.as_deref().unwrap_or_default()).text;
            let parts: Vec<String> = words(&name).into_iter().map(|word| word.folded).collect();
            for part in &parts {
                // `jpena` is how programs call José Peña.
                let initials =
                    parts.iter().filter(|other| *other != part).filter_map(|other| other.chars().next());
                involved
                    .parts
                    .extend(initials.map(|initial| format!("{initial}{part}")).filter(|it| it.len() > 3));
            }
            let is_short =
                |part: &String| part.chars().count() < PART_CHARS || PARTICLES.contains(&part.as_str());
            let (short, long): (Vec<String>, Vec<String>) = parts.into_iter().partition(is_short);
            involved.parts.extend(long);
            involved.short.extend(short.into_iter().filter(|part| !TITLES.contains(&part.as_str())));
        }
        involved
    }

    /// The text without them, without the sentences that name them and those about an injury; and whether anything was
    /// taken.
    pub(super) fn out_of(&self, text: &str) -> (String, bool) {
        let text = clean_text(text).text;
        if !self.accident {
            return (text, false);
        }
        let (text, injury) = withheld::injuries(&text);
        let (text, told) = withheld::without(&text, withheld::OF_AN_ACCIDENT, |it| self.is_told_of(it));
        let (text, named) = self.unnamed(&text);
        (text, injury || told || named)
    }

    /// True if a sentence names one of them as people are named, with a capital.
    fn is_told_of(&self, sentence: &str) -> bool {
        let words = words(sentence);
        let taken = self.names_among(&words, sentence);
        words.iter().zip(taken).any(|(word, taken)| taken && word.capital)
    }

    fn unnamed(&self, text: &str) -> (String, bool) {
        let words = words(text);
        let taken = self.names_among(&words, text);
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for (word, _) in words.iter().zip(&taken).filter(|(_, taken)| **taken) {
            let before = text.get(from..word.start).unwrap_or_default();
            // Parts of one name are one mark.
            if !(out.ends_with(REMOVED) && from > 0 && joins(before)) {
                out.push_str(before);
                out.push_str(REMOVED);
            }
            from = word.end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        (out, taken.contains(&true))
    }

    /// Which words of a text are names.
    fn names_among(&self, words: &[Word], text: &str) -> Vec<bool> {
        let joined = |a: &Word, b: &Word| joins(text.get(a.end..b.start).unwrap_or_default());
        let is_short = |word: &Word| self.short.contains(&word.folded);
        let mut taken: Vec<bool> = words
            .iter()
            .enumerate()
            .map(|(at, word)| {
                let before = at.checked_sub(1).and_then(|at| words.get(at)).filter(|it| joined(it, word));
                let after = at.checked_add(1).and_then(|at| words.get(at)).filter(|it| joined(word, it));
                let beside =
                    [before, after].into_iter().flatten().any(|it| is_short(it) && it.folded != word.folded);
                let titled = before.is_some_and(|it| TITLES.contains(&it.folded.as_str()));
                let as_name = word.written_as_name && !PARTICLES.contains(&word.folded.as_str());
                self.parts.contains(&word.folded) || (is_short(word) && (beside || titled || as_name))
            })
            .collect();
        // Then what belongs to a name: its short parts on both sides, a title or an initial before it.
        for _ in 0..2 {
            let known = taken.clone();
            for (at, word) in words.iter().enumerate() {
                let neighbour = |at: Option<usize>| {
                    at.filter(|at| known.get(*at) == Some(&true)).and_then(|at| words.get(at))
                };
                let after = neighbour(at.checked_add(1)).is_some_and(|it| joined(word, it));
                let before = neighbour(at.checked_sub(1)).is_some_and(|it| joined(it, word));
                let introduces =
                    TITLES.contains(&word.folded.as_str()) || (word.capital && word.folded.len() == 1);
                let belongs = ((after || before) && is_short(word)) || (after && introduces);
                if let Some(taken) = taken.get_mut(at).filter(|_| belongs) {
                    *taken = true;
                }
            }
        }
        taken
    }
}

/// True for what stands between the parts of one name.
fn joins(gap: &str) -> bool {
    gap.chars().count() <= 3 && gap.chars().all(|c| matches!(c, ' ' | '.' | '-' | '\'' | '’' | '_' | ','))
}

fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut start = None;
    let is_part = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_part(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let piece = text.get(from..at).unwrap_or_default();
                let capital = piece.starts_with(char::is_uppercase);
                let written_as_name = capital && piece.chars().skip(1).any(char::is_lowercase);
                found.push(Word { start: from, end: at, folded: letters(piece), written_as_name, capital });
                start = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use procore::daily_logs::LogFamily;
    use serde_json::json;

    use super::*;

    fn involved(names: &[&str]) -> Involved {
        let entry = |name: &&str| {
            LogEntry::read(LogFamily::Accident, &json!({"id": 1, "involved_name": name})).unwrap()
        };
        Involved::of(&names.iter().map(entry).collect::<Vec<_>>())
    }

    #[test]
    fn a_name_is_known_however_it_is_written() {
        let table = [
            ("Jose Pena left at noon.", "[name removed] left at noon."),
            ("PEÑA's brake; jpena and J. Peña", "[name removed]'s brake; [name removed] and [name removed]"),
            ("Pen\u{303}a went home", "[name removed] went home"),
            ("P\u{435}ña", "[name removed]"),
            ("Mr. Wu and Li agree", "[name removed] and [name removed] agree"),
            ("Wu, Li came; mr wu too", "[name removed] came; [name removed] too"),
            ("L. Wu", "[name removed]"),
            ("o'brien-vant of O'Brien", "[name removed] of [name removed]"),
            ("De la Cruz and the cruz crew", "[name removed] and the [name removed] crew"),
            ("4 in of de-icing salt; wu is no word", "4 in of de-icing salt; wu is no word"),
            ("Vantage Corp, Penang, Liège", "Vantage Corp, Penang, Liège"),
        ];
        let involved = involved(&["José Peña", "Li Wu", "Rory O'Brien-Vant", "Ana de la Cruz"]);
        for (text, expected) in table {
            assert_eq!(involved.unnamed(text).0, expected, "{text}");
        }
    }

    #[test]
    fn what_is_told_of_them_is_left_out_whole() {
        let involved = involved(&["Will Peña"]);
        let table = [
            (
                "Roof curbs. Pena went down at 10:20, replaced.",
                "Roof curbs. [left out: concerns an accident]",
            ),
            (
                "Equipment: Peña's brake, 10 ft\nHours idle: 5",
                "[left out: concerns an accident]\nHours idle: 5",
            ),
            ("It will rain.", "It [name removed] rain."),
            ("Crane idle.", "Crane idle."),
        ];
        for (text, expected) in table {
            assert_eq!(involved.out_of(text), (expected.to_owned(), text != expected), "{text}");
        }
    }

    #[test]
    fn nothing_is_taken_on_a_day_without_an_accident() {
        let words = "Mr. Wu went to the hospital wing; a fracture of the slab was mapped.";
        assert_eq!(Involved::of(&[]).out_of(words), (words.to_owned(), false));
    }
}
