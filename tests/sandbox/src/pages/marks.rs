//! Marks quoted words in evidence. White space may differ between the two, nothing else.

use serde::Serialize;

/// A run of text, quoted or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Segment {
    pub(super) text: String,
    pub(super) quoted: bool,
}

/// The text cut at the quotes, and how many quotes were not found in it.
pub(super) fn marked(text: &str, quotes: &[&str]) -> (Vec<Segment>, usize) {
    let letters: Vec<char> = text.chars().collect();
    let mut quoted = vec![false; letters.len()];
    let mut lost = 0;
    for quote in quotes {
        match find(&letters, quote) {
            Some(range) => {
                quoted.iter_mut().skip(range.0).take(range.1 - range.0).for_each(|mark| *mark = true)
            }
            None => lost += 1,
        }
    }
    let mut segments: Vec<Segment> = Vec::new();
    for (letter, quoted) in letters.into_iter().zip(quoted) {
        match segments.last_mut() {
            Some(segment) if segment.quoted == quoted => segment.text.push(letter),
            _ => segments.push(Segment { text: letter.to_string(), quoted }),
        }
    }
    (segments, lost)
}

/// Range of the quote in the letters.
fn find(letters: &[char], quote: &str) -> Option<(usize, usize)> {
    let wanted: Vec<char> = quote.trim().chars().collect();
    if wanted.is_empty() {
        return None;
    }
    (0..letters.len()).find_map(|start| Some((start, matched(letters.get(start..)?, &wanted)? + start)))
}

/// Length of the match at the beginning of `letters`.
fn matched(letters: &[char], wanted: &[char]) -> Option<usize> {
    let (mut here, mut there) = (0, 0);
    while there < wanted.len() {
        let (have, want) = (*letters.get(here)?, *wanted.get(there)?);
        if want.is_whitespace() && have.is_whitespace() {
            here += letters.get(here..)?.iter().take_while(|letter| letter.is_whitespace()).count();
            there += wanted.get(there..)?.iter().take_while(|letter| letter.is_whitespace()).count();
        } else if have == want {
            here += 1;
            there += 1;
        } else {
            return None;
        }
    }
    Some(here)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, quotes: &[&str]) -> (String, usize) {
        let (segments, lost) = marked(text, quotes);
        let text =
            segments.into_iter().map(|s| if s.quoted { format!("[{}]", s.text) } else { s.text }).collect();
        (text, lost)
    }

    #[test]
    fn quotes_are_marked_over_line_breaks_and_may_overlap() {
        let cases = [
            ("not less than 48\ninches above", vec!["than 48 inches"], "not less [than 48\ninches] above", 0),
            ("a b c d", vec!["a b", "b c"], "[a b c] d", 0),
            ("48 inches", vec!["84 inches"], "48 inches", 1),
            ("48 inches", vec![" "], "48 inches", 1),
            ("½ inch × 3°", vec!["½ inch"], "[½ inch] × 3°", 0),
        ];
        for (text, quotes, expected, lost) in cases {
            assert_eq!(shown(text, &quotes), (expected.to_owned(), lost), "{text}");
        }
    }
}
