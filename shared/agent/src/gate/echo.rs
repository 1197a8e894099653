//! Words of the prompt that come back: a model made to recite its orders.

use super::Rules;
use crate::evidence::Evidence;

/// So many words of the prompt in a row are no accident.
const RUN_OF_WORDS: usize = 8;

pub(super) fn check(text: &str, rules: &Rules<'_>, evidence: &Evidence) -> Vec<(&'static str, String)> {
    if !rules.fence.is_empty() && text.contains(rules.fence) {
        return vec![("prompt_echo", "the fence token".to_owned())];
    }
    let spoken = words(text);
    let prompt = format!(" {} ", words(rules.prompt).join(" "));
    let shown: Vec<String> =
        evidence.rows.iter().map(|row| format!(" {} ", words(&row.text).join(" "))).collect();
    spoken
        .windows(RUN_OF_WORDS)
        .map(|run| run.join(" "))
        .find(|run| {
            let run = format!(" {run} ");
            prompt.contains(&run) && !shown.iter().any(|row| row.contains(&run))
        })
        .map(|run| ("prompt_echo", run))
        .into_iter()
        .collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}
