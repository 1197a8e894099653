//! Rows cut into passages that can be quoted: whole sentences, verbatim but for white space, with the words of the
//! headings they stand under. A passage never joins text of two rows.

use std::collections::BTreeSet;

use super::{
    prompt::Row,
    words::{content, folded},
};

/// Longest passage the answer's schema lets us quote, in characters.
pub(super) const MAX_CHARS: usize = 300;
/// Shortest.
pub(super) const MIN_CHARS: usize = 12;

/// A sentence of a row.
#[derive(Clone, Debug)]
pub(super) struct Passage<'r> {
    pub(super) row: &'r Row,
    /// Verbatim, white space folded.
    pub(super) text: String,
    pub(super) words: BTreeSet<String>,
    /// Words of the label, of the heading and of the paragraph above, which the sentence itself need not repeat.
    pub(super) context: BTreeSet<String>,
    /// Stands under an article that tells what is to be handed in or what words mean, not what is to be built.
    pub(super) is_formal: bool,
}

/// Headings of such articles, as stems.
const FORMAL: &[&str] = &["summary", "referenc", "definition", "submittal", "quality", "assuranc"];

/// The passages of a row, in order.
pub(super) fn of(row: &Row) -> Vec<Passage<'_>> {
    let label = content(&row.label);
    let (mut heading, mut parent) = (BTreeSet::new(), BTreeSet::new());
    let mut passages = Vec::new();
    for block in blocks(&row.text) {
        let (marker, text) = without_marker(&block);
        if is_heading(text) {
            heading = content(text);
            parent.clear();
            continue;
        }
        let lettered = marker.starts_with(|c: char| c.is_ascii_uppercase());
        if lettered {
            parent.clear();
        }
        let is_formal = FORMAL.iter().any(|word| heading.contains(*word));
        let context: BTreeSet<String> = label.iter().chain(&heading).chain(&parent).cloned().collect();
        for sentence in sentences(text) {
            let chars = sentence.chars().count();
            if (MIN_CHARS..=MAX_CHARS).contains(&chars) {
                passages.push(Passage {
                    row,
                    text: sentence.to_owned(),
                    words: content(sentence),
                    context: context.clone(),
                    is_formal,
                });
            }
        }
        if lettered {
            parent = content(text);
        }
    }
    passages
}

/// Paragraphs: a list marker, a heading or a blank line starts a new one, except that a blank line inside a sentence
/// is only how a page was extracted.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut fresh = true;
    for line in text.lines() {
        let (keynote, line) = without_keynote(line);
        let line = folded(line);
        if line.is_empty() {
            fresh = fresh || blocks.last().is_some_and(|block| block.ends_with(['.', '?', '!', ':', ';']));
            continue;
        }
        let starts = fresh || keynote || !without_marker(&line).0.is_empty() || is_heading(&line);
        match blocks.last_mut() {
            Some(block) if !starts && !is_heading(block) => {
                block.push(' ');
                block.push_str(&line);
            }
            _ => blocks.push(line),
        }
        fresh = false;
    }
    blocks
}

/// `12  Porcelain floor tile`: a note of a drawing, its number set off by a gap. True with the number taken off.
fn without_keynote(line: &str) -> (bool, &str) {
    let line = line.trim_start();
    let note = line.trim_start_matches(|c: char| c.is_ascii_digit());
    if note.len() < line.len() && note.starts_with("  ") { (true, note) } else { (false, line) }
}

/// `2.1`, `A.`, `1.`, `a.` or `1)` in front of a paragraph, and the paragraph.
fn without_marker(block: &str) -> (&str, &str) {
    let Some((first, rest)) = block.split_once(' ') else {
        return ("", block);
    };
    let body = first.trim_end_matches(['.', ')']);
    let closed = body.len() < first.len();
    let number = !body.is_empty() && body.len() <= 4 && body.chars().all(|c| c.is_ascii_digit() || c == '.');
    let letter = body.len() == 1 && body.chars().all(|c| c.is_ascii_alphabetic());
    let article = number && body.contains('.') && !body.starts_with('.') && is_heading(rest);
    if closed && (letter || (number && !body.contains('.'))) || article { (first, rest) } else { ("", block) }
}

/// `GROUT JOINTS`, `PART 2 - PRODUCTS`.
fn is_heading(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 4
        && text.chars().count() <= 80
        && !text.chars().any(char::is_lowercase)
        && !text.contains(": ")
}

/// Words with a stop that does not end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "no", "nos", "fig", "art", "sec", "dwg", "e.g", "i.e", "vs", "approx", "dia", "mr", "ms", "mrs", "dr",
    "st", "co",
];

fn sentences(block: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in block.char_indices() {
        if !matches!(c, '.' | '?' | '!') {
            continue;
        }
        let end = at + c.len_utf8();
        let tail = &block[end..];
        let next = tail.trim_start().chars().next();
        let word = block[start..at].rsplit([' ', '(']).next().unwrap_or_default().to_lowercase();
        let abbreviated = c == '.' && (ABBREVIATIONS.contains(&word.as_str()) || word.chars().count() == 1);
        if tail.starts_with(' ')
            && !abbreviated
            && next.is_some_and(|c| c.is_uppercase() || matches!(c, '¿' | '"'))
        {
            sentences.push(block[start..end].trim());
            start = end;
        }
    }
    sentences.push(block[start..].trim());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Row {
        Row {
            handle: "S1".into(),
            kind: "specification".into(),
            label: "09 30 00 Tiling rev 1".into(),
            text: text.into(),
        }
    }

    #[test]
    fn a_page_is_cut_at_markers_and_sentence_ends_only() {
        let row = row(
            "PART 2 - PRODUCTS\n\n2.2 GROUT\n\nA. Joint width, unless otherwise indicated:\n   1. Wall tile: 1/8 in.\n\
                       2. Floor tile: 3/16 in. at\n\n      showers. Use No. 4 spacers. Align joints\nB. Color: as selected.\n",
        );
        let texts: Vec<_> = of(&row).into_iter().map(|passage| passage.text).collect();
        assert_eq!(
            texts,
            [
                "Joint width, unless otherwise indicated:",
                "Wall tile: 1/8 in.",
                "Floor tile: 3/16 in. at showers.",
                "Use No. 4 spacers.",
                "Align joints",
                "Color: as selected.",
            ]
        );
    }

    #[test]
    fn a_list_item_stands_under_its_heading_and_its_paragraph() {
        let row = row("2.2 GROUT\nA. Joint width:\n1. Wall tile: 1/8 in.\nB. Color: as selected.");
        let passages = of(&row);
        assert!(passages[1].context.is_superset(&content("grout joint width tiling")), "{passages:?}");
        assert!(!passages[2].context.contains("width"), "{passages:?}");
    }

    #[test]
    fn every_passage_is_verbatim_and_of_quotable_length() {
        let row =
            row(&format!("Short.\n\n{}.\n\nA sentence that can be quoted as it stands.", "word ".repeat(90)));
        let passages = of(&row);
        assert_eq!(passages.len(), 1);
        assert!(folded(&row.text).contains(&passages[0].text));
    }
}
