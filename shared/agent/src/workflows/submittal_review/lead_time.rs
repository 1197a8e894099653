//! When the review has to be back so that the goods are there when they are needed. Calendar arithmetic from the
//! submittal's own fields, with the calculation in words; never a forecast.

use jiff::{Span, civil::Date, tz::TimeZone};
use procore::Submittal;

/// What the calculation starts from; days are counted by the calendar.
#[derive(Clone, Copy, Debug, Default)]
struct Terms {
    on_site: Option<Date>,
    lead_days: Option<u32>,
    internal_days: Option<u32>,
    design_team_days: Option<u32>,
    review_due: Option<Date>,
    /// When the submittal was last saved: what lies before is past. Never said, so that saving it again changes nothing.
    saved: Option<Date>,
}

/// The calculation of a submittal, a line each.
pub(super) fn of(submittal: &Submittal) -> Vec<String> {
    lines(Terms {
        on_site: submittal.required_on_site_date,
        lead_days: submittal.lead_time,
        internal_days: submittal.internal_review_time,
        design_team_days: submittal.design_team_review_time,
        review_due: submittal.due_date,
        saved: submittal.updated_at.map(|at| at.to_zoned(TimeZone::UTC).date()),
    })
}

fn lines(terms: Terms) -> Vec<String> {
    let mut lines = Vec::new();
    let Some(on_site) = terms.on_site else {
        match terms.lead_days {
            Some(days) => {
                lines.push(
                    "The submittal has no required on-site date: its lead time cannot be held against one."
                        .to_owned(),
                );
                lines.push(format!("Lead time: {}.", counted(days)));
            }
            None => lines.push(
                "The submittal has no required on-site date and no lead time: nothing can be computed."
                    .to_owned(),
            ),
        }
        return lines;
    };
    let Some(lead_days) = terms.lead_days else {
        lines.push(format!(
            "Required on site: {on_site}. The submittal has no lead time to hold against that date."
        ));
        lines.extend(past(terms.saved, on_site, "The required on-site date"));
        return lines;
    };
    let Some(back) = before(on_site, lead_days) else {
        return vec!["The dates of the submittal are out of range.".to_owned()];
    };
    lines.push(format!(
        "Required on site {on_site}, less a lead time of {}: the review has to be back by {back}.",
        counted(lead_days)
    ));
    lines.extend(past(terms.saved, back, "The day the review has to be back by"));
    if let Some(due) = terms.review_due {
        lines.push(match apart(back, due) {
            0 => format!("The review is due on that day, {due}: no day is left over."),
            late @ 1.. => {
                format!("The review is due on {due}, {} after that day.", counted(late.unsigned_abs()))
            }
            early => {
                format!("The review is due on {due}, {} before that day.", counted(early.unsigned_abs()))
            }
        });
    }
    let stages = [("internal", terms.internal_days), ("design team", terms.design_team_days)];
    let stages: Vec<(&str, u32)> = stages.iter().filter_map(|(name, days)| Some((*name, (*days)?))).collect();
    let review_days = stages.iter().fold(0_u32, |sum, (_, days)| sum.saturating_add(*days));
    if !stages.is_empty()
        && let Some(start) = before(back, review_days)
    {
        let said: Vec<String> =
            stages.iter().map(|(name, days)| format!("{} ({name})", counted(*days))).collect();
        lines.push(format!("Review time of {}: the review has to begin by {start}.", said.join(" and ")));
    }
    lines.push("All days are calendar days.".to_owned());
    lines
}

/// That a day was past when the submittal was last saved.
fn past(saved: Option<Date>, day: Date, what: &str) -> Option<String> {
    saved.filter(|saved| day < *saved).map(|_| format!("{what} was past when the submittal was last saved."))
}

fn before(date: Date, days: u32) -> Option<Date> {
    date.checked_sub(Span::new().try_days(days).ok()?).ok()
}

/// Days from one date to another; negative if it lies before.
fn apart(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

fn counted(days: u32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_calculation_is_said_with_its_dates() {
        let whole = Terms {
            on_site: Some(date(2026, 3, 15)),
            lead_days: Some(42),
            internal_days: Some(5),
            design_team_days: Some(10),
            review_due: Some(date(2026, 2, 3)),
            saved: None,
        };
        assert_eq!(
            lines(whole),
            [
                "Required on site 2026-03-15, less a lead time of 42 days: the review has to be back by 2026-02-01.",
                "The review is due on 2026-02-03, 2 days after that day.",
                "Review time of 5 days (internal) and 10 days (design team): the review has to begin by 2026-01-17.",
                "All days are calendar days.",
            ]
        );
        let table = [
            (Terms { review_due: Some(date(2026, 2, 1)), ..whole }, "no day is left over"),
            (Terms { review_due: Some(date(2026, 1, 31)), ..whole }, "2026-01-31, 1 day before that day"),
            (Terms { on_site: Some(date(2024, 3, 1)), lead_days: Some(1), ..whole }, "back by 2024-02-29"),
            (Terms { on_site: Some(date(2025, 3, 1)), lead_days: Some(1), ..whole }, "back by 2025-02-28"),
            (Terms { lead_days: Some(0), ..whole }, "back by 2026-03-15"),
            (Terms { internal_days: None, ..whole }, "Review time of 10 days (design team)"),
            (Terms { on_site: None, ..whole }, "has no required on-site date"),
            (Terms { on_site: None, ..whole }, "Lead time: 42 days."),
            (Terms { lead_days: None, ..whole }, "has no lead time to hold against"),
            (Terms { lead_days: Some(u32::MAX), ..whole }, "out of range"),
            (
                Terms { saved: Some(date(2026, 2, 2)), ..whole },
                "back by was past when the submittal was last saved.",
            ),
            (
                Terms { lead_days: None, saved: Some(date(2026, 3, 16)), ..whole },
                "The required on-site date was past when",
            ),
            (Terms::default(), "and no lead time: nothing can be computed"),
            (Terms::default(), "has no required on-site date"),
        ];
        for (terms, expected) in table {
            let said = lines(terms).join(" ");
            assert!(said.contains(expected), "{expected}: {said}");
        }
        let in_time = Terms { saved: Some(date(2026, 2, 1)), ..whole };
        assert!(!lines(in_time).join(" ").contains("was past"), "the very day is not past");
        let nothing = lines(Terms { internal_days: None, design_team_days: None, review_due: None, ..whole });
        assert_eq!(nothing.len(), 2, "{nothing:?}");
    }

    proptest! {
        /// Counted day by day, the review's last day and the lead time make the day on site.
        #[test]
        fn counting_the_days_one_by_one_comes_to_the_same(start in 0_i32..40_000, days in 0_u32..800) {
            let on_site = date(1990, 1, 1).checked_add(Span::new().days(start)).unwrap();
            let mut day = before(on_site, days).unwrap();
            for _ in 0..days {
                day = day.tomorrow().unwrap();
            }
            prop_assert_eq!(day, on_site);
            prop_assert_eq!(apart(before(on_site, days).unwrap(), on_site), i32::try_from(days).unwrap());
        }
    }
}
