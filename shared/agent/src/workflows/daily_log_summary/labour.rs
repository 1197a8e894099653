//! Who worked, for how long: totals over manpower entries and construction reports. Pure, exact, and the only place
//! where such numbers are made. A value that is negative or no number is not counted, and nothing takes its place.

use procore::daily_logs::{ConstructionReport, Details, Manpower};
use rust_decimal::Decimal;

use super::{
    number::{Stated, stated, workers},
    sheet::Sheet,
    tally::Tally,
};

/// Sums of labour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Labour {
    /// Entries.
    pub(super) entries: u32,
    /// Of these, entries that state no people.
    pub(super) unmanned: u32,
    /// People.
    pub(super) workers: Decimal,
    /// Hours all of them worked together.
    pub(super) hours: Decimal,
    /// Of these, hours beyond the regular day of each.
    pub(super) overtime: Decimal,
}

impl Labour {
    fn add(&mut self, crew: &Crew) {
        self.entries = self.entries.saturating_add(1);
        self.unmanned = self.unmanned.saturating_add(u32::from(crew.workers.is_none()));
        self.workers += crew.workers.unwrap_or_default();
        self.hours += crew.hours.unwrap_or_default();
        self.overtime += crew.overtime;
    }
}

/// What one entry adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Crew {
    /// People, if stated.
    pub(super) workers: Option<Decimal>,
    /// Hours together: as stated, or people times hours each where the sum is not stated.
    pub(super) hours: Option<Decimal>,
    /// Hours beyond the regular day; none where the hours of each are not stated.
    pub(super) overtime: Decimal,
}

/// What a manpower entry adds. `regular` are the hours of a day without overtime.
pub(super) fn crew(entry: &Manpower, regular: Decimal) -> Crew {
    let workers = workers(entry.workers);
    let each = stated(entry.hours_each.as_deref()).value();
    let product = workers.zip(each).map(|(workers, each)| workers * each);
    let hours = match stated(entry.hours.as_deref()) {
        Stated::Absent => product,
        stated => stated.value(),
    };
    let beyond = each.map(|each| each - regular).filter(|beyond| *beyond > Decimal::ZERO);
    let overtime = match (hours, workers, beyond) {
        (Some(_), Some(workers), Some(beyond)) => workers * beyond,
        _ => Decimal::ZERO,
    };
    Crew { workers, hours, overtime }
}

/// The grades of a construction report: name, people, hours of all of them.
pub(super) fn grades(report: &ConstructionReport) -> [(&'static str, Option<u32>, Option<&str>); 4] {
    [
        ("Foremen", report.foremen, report.foreman_hours.as_deref()),
        ("Journeymen", report.journeymen, report.journeyman_hours.as_deref()),
        ("Apprentices", report.apprentices, report.apprentice_hours.as_deref()),
        ("Others", report.others, report.other_hours.as_deref()),
    ]
}

/// What a construction report adds.
pub(super) fn reported(report: &ConstructionReport) -> Crew {
    let sum = |values: [Option<Decimal>; 4]| {
        let stated: Vec<Decimal> = values.into_iter().flatten().collect();
        (!stated.is_empty()).then(|| stated.iter().sum())
    };
    let grades = grades(report);
    Crew {
        workers: sum(grades.map(|(_, people, _)| workers(people))),
        hours: sum(grades.map(|(_, _, hours)| stated(hours).value())),
        overtime: Decimal::ZERO,
    }
}

/// Manpower by company.
pub(super) fn manpower(sheet: &Sheet<'_>, regular: Decimal) -> Tally<Labour> {
    let mut tally = Tally::default();
    for line in &sheet.lines {
        if let Details::Manpower(entry) = &line.entry.details {
            let crew = crew(entry, regular);
            tally.add(&line.company, line.pending, |sum: &mut Labour| sum.add(&crew));
        }
    }
    tally
}

/// Construction reports by company. Kept apart from manpower: both may tell of the same people.
pub(super) fn reports(sheet: &Sheet<'_>) -> Tally<Labour> {
    let mut tally = Tally::default();
    for line in &sheet.lines {
        if let Details::ConstructionReport(report) = &line.entry.details {
            let crew = reported(report);
            tally.add(&line.company, line.pending, |sum: &mut Labour| sum.add(&crew));
        }
    }
    tally
}
