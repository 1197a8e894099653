//! Where a draft RFI has room. A person's words always win: they are never replaced, shortened or added to.

use procore::Rfi;

use crate::{
    draft::{RfiField, is_ours},
    workflows::rfi::field_text,
};

/// Fewer words than this, none of them followed by a question mark, ask nothing that can be answered: thin.
const THIN_WORDS: usize = 15;

/// The one field that may be filled in, or why none may. The question where it is blank. Beside a thin one, which stays as
/// it is, the reference: of what a draft RFI can be given, the only other free text. A field with words of ours in it
/// counts as the gap it was; whether they are still as we left them is the carrier's to see.
pub(super) fn gap(rfi: &Rfi) -> Result<RfiField, &'static str> {
    if rfi.questions.len() > 1 {
        return Err("the draft has several questions");
    }
    let question = field_text(rfi, RfiField::Question);
    if question.is_empty() || is_ours(&question) {
        return Ok(RfiField::Question);
    }
    if !is_thin(&question) {
        return Err("the draft asks its question already");
    }
    let reference = field_text(rfi, RfiField::Reference);
    if reference.is_empty() || is_ours(&reference) {
        return Ok(RfiField::Reference);
    }
    Err("no field beside the writer's words is empty")
}

fn is_thin(question: &str) -> bool {
    !question.contains(['?', '？', '؟']) && question.split_whitespace().count() < THIN_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::MARK;

    #[test]
    fn a_persons_words_are_never_the_gap() {
        let ours = format!("Which height applies?\n---\n{MARK}\n");
        let long = "The section and the sheet give two heights for these signs and nobody here knows which of them is \
                    right.";
        let table = [
            (vec![], None, Ok(RfiField::Question)),
            (vec![""], None, Ok(RfiField::Question)),
            (vec![""], Some("A-811"), Ok(RfiField::Question)),
            (vec![ours.as_str()], None, Ok(RfiField::Question)),
            (vec!["Sign height."], None, Ok(RfiField::Reference)),
            (vec!["Sign height."], Some(" "), Ok(RfiField::Reference)),
            (vec!["Sign height."], Some(MARK), Ok(RfiField::Reference)),
            (vec!["Sign height."], Some("A-811"), Err("no field beside the writer's words is empty")),
            (vec!["Sign height?"], None, Err("the draft asks its question already")),
            (vec![long], None, Err("the draft asks its question already")),
            (vec!["", ""], None, Err("the draft has several questions")),
        ];
        for (questions, reference, expected) in table {
            let questions: Vec<_> =
                questions.iter().map(|text| serde_json::json!({"id": 1, "plain_text_body": text})).collect();
            let rfi = serde_json::json!({"id": 9, "reference": reference, "questions": questions});
            let rfi: Rfi = serde_json::from_value(rfi).unwrap();
            assert_eq!(gap(&rfi), expected, "{questions:?} {reference:?}");
        }
    }
}
