//! White space.

/// Runs of it, ends of lines among them, as one space; none at either end. Procore and PDF files fold it as they please.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
