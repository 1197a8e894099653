//! Names of people who were hurt: taken out of every text of the day before anything else is done with it. Too much is
//! taken rather than too little.

use documents::clean_text;
use procore::daily_logs::{Details, LogEntry};
use regex::Regex;

/// What stands where a name was.
const REMOVED: &str = "[name removed]";
/// Parts of a name shorter than this are initials and particles.
const PART_CHARS: usize = 3;

/// The names of the people involved in the accidents of a day.
pub(super) struct Involved(Option<Regex>);

impl Involved {
    pub(super) fn of(entries: &[LogEntry]) -> Self {
        let mut names = Vec::new();
        for entry in entries {
            let Details::Accident(accident) = &entry.details else { continue };
            let name = clean_text(accident.involved_name.as_deref().unwrap_or_default()).text;
            names.push(name.split_whitespace().collect::<Vec<_>>().join(" "));
            let parts = name.split(|c: char| !c.is_alphanumeric() && c != '\'');
            names.extend(parts.filter(|part| part.chars().count() >= PART_CHARS).map(str::to_owned));
        }
        names.retain(|name| name.chars().any(char::is_alphanumeric));
        // Longest first: a regex alternation takes the first that fits.
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names.dedup();
        let words: Vec<String> = names
            .iter()
            .map(|name| regex::escape(name).replace("\\ ", r"\s+").replace(' ', r"\s+"))
            .collect();
        let pattern = format!(r"(?i)(?:\b|_)(?:{})(?:\b|_)", words.join("|"));
        Self((!words.is_empty()).then(|| Regex::new(&pattern).ok()).flatten())
    }

    /// The text without them, and whether one stood in it.
    pub(super) fn out_of(&self, text: &str) -> (String, bool) {
        let text = clean_text(text).text;
        match &self.0 {
            Some(names) if names.is_match(&text) => (names.replace_all(&text, REMOVED).into_owned(), true),
            _ => (text, false),
        }
    }
}
