//! The disposition a reviewer may want to start from. Derived from the rows by rule; a model can make it stricter, never
//! more lenient.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::{Status, SubstitutionStatus};

/// What a review can come to, from the most lenient to the strictest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Disposition {
    /// The section asks for no such submittal.
    NotRequiredBySpec,
    /// Nothing was found.
    NoExceptionsNoted,
    /// Small things were found, or something is left to compare.
    MakeCorrections,
    /// It has to come again.
    ReviseAndResubmit,
    /// It does not fit at all.
    Reject,
}

impl Disposition {
    /// As in the answer.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NotRequiredBySpec => "not_required_by_spec",
            Self::NoExceptionsNoted => "no_exceptions_noted",
            Self::MakeCorrections => "make_corrections",
            Self::ReviseAndResubmit => "revise_and_resubmit",
            Self::Reject => "reject",
        }
    }

    /// For the reader, as a suggestion: never the words of a stamp.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::NotRequiredBySpec => "Not required by the section.",
            Self::NoExceptionsNoted => "Nothing to note was found in what could be checked.",
            Self::MakeCorrections => "Corrections or additions needed.",
            Self::ReviseAndResubmit => "Revise and resubmit.",
            Self::Reject => "Reject.",
        }
    }
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The product (Part 2).
    Product,
    /// What has to be handed in with it, or done about it (Part 1).
    Procedure,
}

/// What the disposition hangs on.
#[derive(Clone, Debug)]
pub(super) struct Findings {
    /// Every row, with what it is about.
    pub(super) rows: Vec<(Subject, Status)>,
    /// An item that the section asks for is not there.
    pub(super) item_missing: bool,
    /// The data departs from the section without saying so.
    pub(super) deviates: bool,
    /// Another product is offered.
    pub(super) substitution: SubstitutionStatus,
    /// Something could not be traced and was left out.
    pub(super) incomplete: bool,
    /// Paragraphs about the product have no row, or there is no row about it at all.
    pub(super) uncompared: bool,
    /// The section has an article on submittals.
    pub(super) asks_for_submittals: bool,
}

/// The disposition the findings allow at best.
pub(super) fn derived(findings: &Findings) -> Disposition {
    let mut worst = Disposition::NoExceptionsNoted;
    for (subject, status) in &findings.rows {
        worst = worst.max(match (status, subject) {
            (Status::Met, _) => Disposition::NoExceptionsNoted,
            (Status::MetWithNote, _) | (Status::NotMet, Subject::Procedure) => Disposition::MakeCorrections,
            (Status::NotMet, Subject::Product) | (Status::CannotVerify, _) => Disposition::ReviseAndResubmit,
        });
    }
    let resubmit = findings.item_missing
        || findings.deviates
        || findings.incomplete
        || findings.substitution == SubstitutionStatus::Yes;
    if resubmit {
        worst = worst.max(Disposition::ReviseAndResubmit);
    }
    if findings.substitution == SubstitutionStatus::Unclear || findings.uncompared {
        worst = worst.max(Disposition::MakeCorrections);
    }
    worst
}

/// True if nothing speaks for the submittal being asked for at all: only then may it be called not required.
pub(super) fn may_be_not_required(findings: &Findings) -> bool {
    findings.rows.is_empty()
        && !findings.item_missing
        && !findings.deviates
        && !findings.incomplete
        && !findings.asks_for_submittals
        && findings.substitution != SubstitutionStatus::Yes
}

/// What the draft suggests: the derived disposition, or the model's if that is stricter.
pub(super) fn suggested(findings: &Findings, of_model: Disposition) -> Disposition {
    if of_model == Disposition::NotRequiredBySpec && may_be_not_required(findings) {
        return Disposition::NotRequiredBySpec;
    }
    derived(findings).max(of_model)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUSES: [Status; 4] = [Status::Met, Status::NotMet, Status::CannotVerify, Status::MetWithNote];
    const SUBJECTS: [Subject; 2] = [Subject::Product, Subject::Procedure];
    const SUBSTITUTIONS: [SubstitutionStatus; 3] =
        [SubstitutionStatus::Yes, SubstitutionStatus::No, SubstitutionStatus::Unclear];
    const ALL: [Disposition; 5] = [
        Disposition::NotRequiredBySpec,
        Disposition::NoExceptionsNoted,
        Disposition::MakeCorrections,
        Disposition::ReviseAndResubmit,
        Disposition::Reject,
    ];

    fn clean(rows: &[(Subject, Status)]) -> Findings {
        Findings {
            rows: rows.to_vec(),
            item_missing: false,
            deviates: false,
            substitution: SubstitutionStatus::No,
            incomplete: false,
            uncompared: false,
            asks_for_submittals: true,
        }
    }

    /// Every list of up to four rows, in every state.
    fn lists() -> Vec<Vec<(Subject, Status)>> {
        let mut lists = vec![vec![]];
        let mut last = lists.clone();
        for _ in 0..4 {
            let longer: Vec<Vec<_>> = last
                .iter()
                .flat_map(|list: &Vec<_>| {
                    SUBJECTS.iter().flat_map(move |subject| {
                        STATUSES.iter().map(move |status| {
                            let mut list = list.clone();
                            list.push((*subject, *status));
                            list
                        })
                    })
                })
                .collect();
            lists.extend(longer.clone());
            last = longer;
        }
        lists
    }

    #[test]
    fn one_row_decides_what_it_decides() {
        use Disposition::{MakeCorrections, NoExceptionsNoted, ReviseAndResubmit};
        use Status::{CannotVerify, Met, MetWithNote, NotMet};
        use Subject::{Procedure, Product};
        let table = [
            (Product, Met, NoExceptionsNoted),
            (Product, MetWithNote, MakeCorrections),
            (Product, NotMet, ReviseAndResubmit),
            (Product, CannotVerify, ReviseAndResubmit),
            (Procedure, Met, NoExceptionsNoted),
            (Procedure, MetWithNote, MakeCorrections),
            (Procedure, NotMet, MakeCorrections),
            (Procedure, CannotVerify, ReviseAndResubmit),
        ];
        for (subject, status, expected) in table {
            assert_eq!(derived(&clean(&[(subject, status)])), expected, "{subject:?} {status:?}");
        }
    }

    #[test]
    fn the_suggestion_is_never_more_lenient_than_derived_in_any_combination() {
        let lists = lists();
        assert_eq!(lists.len(), 1 + 8 + 64 + 512 + 4096);
        for rows in &lists {
            for marks in 0..32_u8 {
                for substitution in SUBSTITUTIONS {
                    let findings = Findings {
                        rows: rows.clone(),
                        item_missing: marks & 1 != 0,
                        deviates: marks & 2 != 0,
                        incomplete: marks & 4 != 0,
                        asks_for_submittals: marks & 8 != 0,
                        uncompared: marks & 16 != 0,
                        substitution,
                    };
                    let derived = derived(&findings);
                    for of_model in ALL {
                        let suggested = suggested(&findings, of_model);
                        let lenient = suggested < derived || suggested < of_model;
                        let excused =
                            suggested == Disposition::NotRequiredBySpec && may_be_not_required(&findings);
                        assert!(!lenient || excused, "{findings:?} {of_model:?}: {suggested:?}");
                    }
                    // The rules of the house, said a second time and apart from the code above.
                    let has = |what: fn(&(Subject, Status)) -> bool| findings.rows.iter().any(what);
                    let strict = has(|row| *row == (Subject::Product, Status::NotMet))
                        || has(|(_, status)| *status == Status::CannotVerify)
                        || findings.item_missing
                        || findings.deviates
                        || findings.incomplete
                        || substitution == SubstitutionStatus::Yes;
                    assert_eq!(derived >= Disposition::ReviseAndResubmit, strict, "{findings:?}");
                    let all_met = !has(|(_, status)| *status != Status::Met);
                    assert_eq!(
                        derived == Disposition::NoExceptionsNoted,
                        all_met && !strict && !findings.uncompared && substitution == SubstitutionStatus::No,
                        "{findings:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn another_row_never_makes_it_more_lenient() {
        for rows in lists().iter().filter(|rows| !rows.is_empty()) {
            let fewer = derived(&clean(&rows[1..]));
            assert!(derived(&clean(rows)) >= fewer, "{rows:?}");
        }
    }

    #[test]
    fn no_section_that_asks_for_submittals_is_said_to_ask_for_none() {
        let none = Findings { asks_for_submittals: false, ..clean(&[]) };
        assert_eq!(suggested(&none, Disposition::NotRequiredBySpec), Disposition::NotRequiredBySpec);
        for asked in [clean(&[]), Findings { item_missing: true, ..none.clone() }] {
            assert!(suggested(&asked, Disposition::NotRequiredBySpec) > Disposition::NotRequiredBySpec);
        }
    }
}
