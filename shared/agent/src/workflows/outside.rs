//! Text from outside on its way into evidence. Never a word that was not cleaned, cut to length and rid of personal
//! data here.

use documents::{Mapped, clean_html, clean_text, clean_text_mapped, redact_mapped, truncate_mapped};

use crate::{evidence::Evidence, gate, space::one_line};

/// Longest row of any kind but the record itself, in characters.
pub(super) const ROW_CHARS: usize = 6_000;
/// Longest name shown, in characters.
const NAME_CHARS: usize = 120;

/// Text from outside, made fit to be shown: hygiene, personal data, length. What was done is flagged.
pub(super) fn outside(evidence: &mut Evidence, what: &str, raw: &str, max_chars: usize) -> String {
    outside_mapped(evidence, what, raw, max_chars).text
}

/// The same, with where each part of it stood.
pub(super) fn outside_mapped(evidence: &mut Evidence, what: &str, raw: &str, max_chars: usize) -> Mapped {
    if !clean_text(raw).removed.is_empty() {
        evidence.flag("hidden_text_removed");
    }
    let text = clean_text_mapped(raw);
    let (clean, redacted) = redact_mapped(&text.text);
    let text = text.then(clean);
    if redacted > 0 {
        evidence.flag("pii_removed");
    }
    let (short, cut) = truncate_mapped(&text.text, max_chars);
    let text = text.then(short);
    if let Some(cut) = cut {
        evidence.flag("truncated_input");
        evidence
            .not_read
            .push(format!("{what}: {} -> {} characters (head and tail)", cut.from_chars, cut.to_chars));
    }
    text
}

/// A name from outside (a file, a company, a section title) on one line, if it may stand in a draft of a workflow with
/// these forbidden phrases.
pub(super) fn name(raw: &str, forbidden: &[&str]) -> Option<String> {
    let name = one_line(&clean_text(raw).text);
    let fits = !name.is_empty() && name.chars().count() <= NAME_CHARS && gate::presentable(&name, forbidden);
    fits.then_some(name)
}

/// The same, with a plain substitute for one that may not.
pub(super) fn name_or(raw: &str, substitute: &str, forbidden: &[&str]) -> String {
    name(raw, forbidden).unwrap_or_else(|| substitute.to_owned())
}

/// The clean text of an HTML body.
pub(super) fn html_text(html: &str) -> String {
    clean_html(html).text
}
