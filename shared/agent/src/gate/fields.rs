//! Rules on the form of single fields, as a workflow declares them: how long, and one question where one is asked.

use std::sync::LazyLock;

use regex::Regex;

/// What a field's words have to be, beside true. Both rules are off by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldRule<'a> {
    /// The field, as in [`super::Statement::field`]; `claims` stands for every `claims/N`.
    pub field: &'a str,
    /// True if it asks exactly one question.
    pub one_question: bool,
    /// Longest text, in characters.
    pub max_chars: Option<usize>,
}

impl FieldRule<'_> {
    fn covers(&self, field: &str) -> bool {
        field.strip_prefix(self.field).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// A second thing asked in the same sentence. `where` is left out: it begins a condition more often than a question.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static AND_ALSO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:and|or|also|y|o|et|und)\b,? (?:also )?(?:if so,? )?(?:what|which|how|when|who|whose|why|qué|cuál|cuáles|cómo|cuándo|quién)\b")
        .expect("a constant pattern")
});

/// The declared rules a text breaks, each with the piece that breaks it.
pub(super) fn check(field: &str, text: &str, rules: &[FieldRule<'_>]) -> Vec<(&'static str, String)> {
    let mut broken = Vec::new();
    for rule in rules.iter().filter(|rule| rule.covers(field)) {
        if rule.one_question {
            match questions(text) {
                0 => broken.push(("no_question", text.to_owned())),
                1 => {}
                _ => broken.push(("more_than_one_question", text.to_owned())),
            }
        }
        let length = text.chars().count();
        if let Some(max) = rule.max_chars.filter(|max| length > *max) {
            broken.push(("too_long", format!("{length} of {max} characters")));
        }
    }
    broken
}

/// How many things are asked. `??` ends one question.
fn questions(text: &str) -> usize {
    let mut before = ' ';
    let mut count = 0_usize;
    for c in text.chars() {
        if is_mark(c) && !is_mark(before) {
            count = count.saturating_add(1);
        }
        before = c;
    }
    if count == 1 && AND_ALSO.is_match(text) { 2 } else { count }
}

fn is_mark(c: char) -> bool {
    matches!(c, '?' | '？' | '؟')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_question_is_one() {
        let table = [
            ("Does 1/2 in or 3/4 in govern at the head of the frame?", 1),
            ("Which of the two heights applies where the wall is masonry??", 1),
            ("¿Se requiere sellador en la junta?", 1),
            ("What is the height and what is the finish?", 2),
            ("Is the frame painted, and if so, which color?", 2),
            ("Is it A? Or is it B?", 2),
            ("¿Cuál es la altura y cuál es el acabado?", 2),
            ("Please advise.", 0),
        ];
        for (text, expected) in table {
            assert_eq!(questions(text), expected, "{text}");
        }
    }

    #[test]
    fn rules_hold_for_the_fields_they_name_and_no_other() {
        let rules = [
            FieldRule { field: "question", one_question: true, ..FieldRule::default() },
            FieldRule { field: "claims", max_chars: Some(5), ..FieldRule::default() },
        ];
        let names = |field, text, rules: &[FieldRule<'_>]| -> Vec<&'static str> {
            check(field, text, rules).into_iter().map(|(rule, _)| rule).collect()
        };
        let table: &[(&str, &str, &[&str])] = &[
            ("question", "A?", &[]),
            ("question", "A.", &["no_question"]),
            ("question", "A? B?", &["more_than_one_question"]),
            ("questions", "A.", &[]),
            ("claims/3", "12345", &[]),
            ("claims/3", "ñññññ", &[]),
            ("claims/3", "123456", &["too_long"]),
            ("claimsx/3", "123456", &[]),
            ("response", "123456 without a question", &[]),
        ];
        for (field, text, expected) in table {
            assert_eq!(names(field, text, &rules), *expected, "{field} {text}");
            assert_eq!(names(field, text, &[]), [""; 0], "nothing is declared, nothing is asked");
        }
    }
}
