//! Text from outside on its way into evidence. Never a word that was not cleaned, cut to length and rid of personal
//! data here.

use documents::{clean_html, clean_text, redact, truncate};

use crate::{evidence::Evidence, gate};

/// Longest row of any kind but the record itself, in characters.
pub(super) const ROW_CHARS: usize = 6_000;

/// Text from outside, made fit to be shown: hygiene, personal data, length. What was done is flagged.
pub(super) fn outside(evidence: &mut Evidence, what: &str, raw: &str, max_chars: usize) -> String {
    let cleaned = clean_text(raw);
    if !cleaned.removed.is_empty() {
        evidence.flag("hidden_text_removed");
    }
    let (text, redacted) = redact(&cleaned.text);
    if redacted > 0 {
        evidence.flag("pii_removed");
    }
    let (text, cut) = truncate(&text, max_chars);
    if let Some(cut) = cut {
        evidence.flag("truncated_input");
        evidence
            .not_read
            .push(format!("{what}: {} -> {} characters (head and tail)", cut.from_chars, cut.to_chars));
    }
    text
}

/// A name from outside (a file, a section title) if it may stand in a draft of a workflow with these forbidden
/// phrases, else a plain substitute.
pub(super) fn name_or(raw: &str, substitute: &str, forbidden: &[&str]) -> String {
    let name = clean_text(raw).text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !name.is_empty() && name.chars().count() <= 120 && gate::presentable(&name, forbidden);
    if fits { name } else { substitute.to_owned() }
}

/// The clean text of an HTML body.
pub(super) fn html_text(html: &str) -> String {
    clean_html(html).text
}
