//! The lettered paragraphs of an article: where a quotation stands, and which paragraphs there are.

/// The paragraph a quotation stands in, such as `A.1`: the last list markers before it.
pub(super) fn of(text: &str, quote: &str) -> Option<String> {
    let (whole, marks) = marked(text);
    let at = whole.find(&folded(quote))?;
    let before: Vec<&(usize, String)> = marks.iter().filter(|(start, _)| *start <= at).collect();
    let (start, letter) = before.iter().rev().find(|(_, mark)| is_letter(mark))?;
    let number = before.last().filter(|(own, mark)| own > start && !is_letter(mark));
    Some(number.map_or_else(|| letter.clone(), |(_, number)| format!("{letter}.{number}")))
}

/// The letters of all paragraphs, in order.
pub(super) fn letters(text: &str) -> Vec<String> {
    marked(text).1.into_iter().map(|(_, mark)| mark).filter(|mark| is_letter(mark)).collect()
}

/// The text on one line, with each list marker and where it stands.
fn marked(text: &str) -> (String, Vec<(usize, String)>) {
    let (mut whole, mut marks) = (String::new(), Vec::new());
    for line in text.lines() {
        let line = folded(line);
        if let Some((mark, _)) = line.split_once(". ")
            && mark.len() <= 2
            && (mark.chars().all(|c| c.is_ascii_uppercase()) || mark.chars().all(|c| c.is_ascii_digit()))
        {
            marks.push((whole.len(), mark.to_owned()));
        }
        whole.push_str(&line);
        whole.push(' ');
    }
    (whole, marks)
}

fn is_letter(mark: &str) -> bool {
    mark.starts_with(|c: char| c.is_ascii_uppercase())
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_is_placed_in_its_paragraph() {
        let text = "2.1 PANEL SIGNS\nA. Face Material: Photopolymer\n   bonded to acrylic.\n  1. Thickness: 1/8 inch.\n\
                    B. Size: 8 inches wide.";
        let table = [
            ("Face Material: Photopolymer bonded", Some("A")),
            ("A. Face Material: Photopolymer", Some("A")),
            ("Thickness: 1/8 inch.", Some("A.1")),
            ("Size: 8 inches wide.", Some("B")),
            ("2.1 PANEL SIGNS", None),
            ("stands nowhere", None),
        ];
        for (quote, expected) in table {
            assert_eq!(of(text, quote).as_deref(), expected, "{quote}");
        }
        assert_eq!(letters(text), ["A", "B"]);
    }
}
