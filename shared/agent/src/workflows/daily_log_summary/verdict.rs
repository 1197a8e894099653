//! What words say about the result of an inspection, and whether a statement says the same as what it rests on. In
//! English, Spanish and French; never more than the words say. Pure.

use crate::gate::letters;

const PASSED: &[&str] = &[
    "pass", "passed", "passes", "aprobada", "aprobado", "aprobo", "pasa", "paso", "pasaron", "reussi",
    "reussie", "reussis",
];
const FAILED: &[&str] = &[
    "fail",
    "failed",
    "fails",
    "reject",
    "rejected",
    "rejects",
    "echec",
    "echoue",
    "echouee",
    "fallo",
    "fallaron",
    "rechazada",
    "rechazado",
    "rechazo",
    "reprobada",
    "reprobado",
];
const DOUBT: &[&str] = &[
    "conditional",
    "conditionally",
    "except",
    "exception",
    "exceptions",
    "no",
    "non",
    "not",
    "partial",
    "partially",
    "partly",
    "pending",
    "unless",
    "excepto",
    "parcial",
    "parcialmente",
    "salvo",
    "ne",
    "pas",
    "partiel",
    "partielle",
    "partiellement",
    "sauf",
];
/// Words that state a result which is neither of the two.
const OTHERWISE: &[&str] = &[
    "accepted",
    "approved",
    "complies",
    "conforme",
    "corrections",
    "deficient",
    "incomplete",
    "ok",
    "okay",
    "partial",
    "partially",
    "partly",
    "reinspect",
    "reinspection",
    "satisfactory",
    "unsatisfactory",
    "parcial",
    "partiel",
];

/// What a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Verdict {
    passed: bool,
    failed: bool,
    doubt: bool,
    otherwise: bool,
}

impl Verdict {
    fn of(text: &str) -> Self {
        let folded = letters(text);
        let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).collect();
        let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
        Self { passed: any(PASSED), failed: any(FAILED), doubt: any(DOUBT), otherwise: any(OTHERWISE) }
    }
}

/// The result an inspection's comments state, in fixed words.
pub(super) fn result(comments: &str) -> &'static str {
    match Verdict::of(comments) {
        Verdict { passed: true, failed: false, doubt: false, .. } => "stated as passed",
        Verdict { passed: false, failed: true, doubt: false, .. } => "stated as failed",
        Verdict { passed: false, failed: false, otherwise: false, .. } => "not stated",
        _ => "not clear from the comments",
    }
}

/// True if a statement turns no result round: what it says passed or failed, its sources say passed or failed, and
/// their doubts are its own.
pub(super) fn agrees(statement: &str, sources: &str) -> bool {
    let (said, known) = (Verdict::of(statement), Verdict::of(sources));
    let passed = !said.passed
        || (known.passed && (said.doubt || said.failed || !(known.doubt || known.failed)))
        || (said.doubt && known.failed);
    let failed = !said.failed || known.failed || (known.passed && known.doubt);
    passed && failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_what_the_comments_say_and_no_more() {
        let table = [
            ("Passed.", "stated as passed"),
            ("Passed, north half of the exam wing.", "stated as passed"),
            ("FAILED, see list", "stated as failed"),
            ("Failed: nozzle at the north wall.", "stated as failed"),
            ("Not passed", "not clear from the comments"),
            ("Passed with exceptions", "not clear from the comments"),
            ("Passed in A, failed in B", "not clear from the comments"),
            ("No pasó en 1 de 3 puntos.", "not clear from the comments"),
            ("Aprobó.", "stated as passed"),
            ("Essai réussi", "stated as passed"),
            ("Échoué", "stated as failed"),
            ("N'a pas réussi", "not clear from the comments"),
            ("Rechazado.", "stated as failed"),
            ("Approved.", "not clear from the comments"),
            ("Partial.", "not clear from the comments"),
            ("Inspector left early", "not stated"),
            ("Passage blocked", "not stated"),
            ("", "not stated"),
        ];
        for (comments, expected) in table {
            assert_eq!(result(comments), expected, "{comments}");
        }
    }

    #[test]
    fn a_statement_turns_no_result_round() {
        let table = [
            ("The reinforcing passed.", "Comments: Passed.", true),
            ("The reinforcing failed.", "Comments: Passed.", false),
            ("The reinforcing passed.", "Comments: Failed.", false),
            ("It passed with exceptions.", "Passed with exceptions: 3 anchors", true),
            ("It passed.", "Passed with exceptions: 3 anchors", false),
            ("It passed.", "Not passed", false),
            ("It did not pass.", "No pasó en 1 de 3 puntos.", true),
            ("It failed.", "No pasó en 1 de 3 puntos.", true),
            ("It did not pass.", "Failed.", true),
            ("Framing passed and the fire stopping failed.", "Passed. Failed: penetrations", true),
            ("Framing passed.", "Passed. Failed: penetrations", false),
            ("Framing was inspected; no result is stated.", "Comments: Passed.", true),
            ("The test passed.", "Slump 4 in", false),
        ];
        for (statement, sources, expected) in table {
            assert_eq!(agrees(statement, sources), expected, "{statement} / {sources}");
        }
    }
}
