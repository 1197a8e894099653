//! Metrics: sums, levels and distributions since the last time they were told.

/// A metric with its points, one for each set of labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub description: &'static str,
    /// Its unit, in UCUM: `ms`, `{token}`, `%`.
    pub unit: &'static str,
    /// What was measured.
    pub points: Points,
}

/// What was measured, by the kind of the metric.
#[derive(Clone, Debug, PartialEq)]
pub enum Points {
    /// How much came in addition since the last time.
    Sums(Vec<Point<u64>>),
    /// How it stands.
    Levels(Vec<Point<u64>>),
    /// How what came since the last time is spread.
    Distributions {
        /// Upper ends of all buckets but the last, ascending.
        bounds: &'static [u64],
        /// Sum of all values and the number of values in each bucket, one bucket more than bounds.
        points: Vec<Point<(u64, Vec<u64>)>>,
    },
}

/// One point.
#[derive(Clone, Debug, PartialEq)]
pub struct Point<T> {
    /// Labels, each with its value.
    pub labels: Vec<(&'static str, String)>,
    /// What was measured.
    pub value: T,
}
