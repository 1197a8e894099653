//! What was measured, put together: for those who ask from time to time.

use std::{collections::BTreeMap, fmt::Write as _};

use otlp::{Point, Points};

use super::{Kind, Measured, Metric, Unit};

/// Upper ends of the buckets that times are sorted into, in milliseconds: from an answer at the door to a draft that
/// waited for a morning.
const BOUNDS_MS: [u64; 18] = [
    5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 120_000, 300_000, 900_000,
    3_600_000, 14_400_000,
];

/// Each with its value.
type Labels = Vec<(&'static str, String)>;

/// Sums, levels and distributions by metric and labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meter {
    series: BTreeMap<(Metric, Labels), Series>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Series {
    /// The sum of all values; of a level the last one.
    value: u64,
    /// How many values fell into each bucket of a distribution; the last is for what is above all bounds.
    buckets: Vec<u64>,
}

impl Meter {
    /// Takes what was measured.
    pub fn add(&mut self, measured: &Measured) {
        for (metric, value) in &measured.values {
            let series = self.series.entry((*metric, measured.labels(*metric))).or_default();
            match metric.kind() {
                Kind::Level => series.value = *value,
                Kind::Sum => series.value = series.value.saturating_add(*value),
                Kind::Distribution => {
                    series.value = series.value.saturating_add(*value);
                    series.buckets.resize(BOUNDS_MS.len().saturating_add(1), 0);
                    let bucket = BOUNDS_MS.iter().take_while(|bound| *bound < value).count();
                    if let Some(count) = series.buckets.get_mut(bucket) {
                        *count = count.saturating_add(1);
                    }
                }
            }
        }
    }

    /// True if nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// As OpenTelemetry tells it.
    pub fn told(&self) -> Vec<otlp::Metric> {
        let with_any = |metric: &Metric| self.series.keys().any(|(known, _)| known == metric);
        Metric::ALL
            .into_iter()
            .filter(with_any)
            .map(|metric| {
                let of_it = self.series.iter().filter(|((known, _), _)| *known == metric);
                let numbers = of_it
                    .clone()
                    .map(|((_, labels), series)| Point { labels: labels.clone(), value: series.value });
                let points = match metric.kind() {
                    Kind::Sum => Points::Sums(numbers.collect()),
                    Kind::Level => Points::Levels(numbers.collect()),
                    Kind::Distribution => {
                        let points = of_it.map(|((_, labels), series)| Point {
                            labels: labels.clone(),
                            value: (series.value, series.buckets.clone()),
                        });
                        Points::Distributions { bounds: &BOUNDS_MS, points: points.collect() }
                    }
                };
                let unit = match metric.unit() {
                    Unit::Count => "1",
                    Unit::Milliseconds => "ms",
                    Unit::Percent => "%",
                    Unit::Mebibytes => "MiBy",
                };
                otlp::Metric { name: metric.name(), description: metric.meaning(), unit, points }
            })
            .collect()
    }

    /// As Prometheus reads it: <https://prometheus.io/docs/instrumenting/exposition_formats/>.
    pub fn exposition(&self) -> String {
        let mut page = String::new();
        let mut before = None;
        for ((metric, labels), series) in &self.series {
            let name = prometheus_name(*metric);
            if before != Some(*metric) {
                let kind = match metric.kind() {
                    Kind::Sum => "counter",
                    Kind::Level => "gauge",
                    Kind::Distribution => "histogram",
                };
                let _ = writeln!(page, "# HELP {name} {}\n# TYPE {name} {kind}", metric.meaning());
                before = Some(*metric);
            }
            if metric.kind() != Kind::Distribution {
                let _ = writeln!(page, "{name}{} {}", braced(labels, None), series.value);
                continue;
            }
            let ends = BOUNDS_MS.iter().map(u64::to_string).chain(["+Inf".to_owned()]);
            let mut count = 0_u64;
            for (end, bucket) in ends.zip(&series.buckets) {
                count = count.saturating_add(*bucket);
                let _ = writeln!(page, "{name}_bucket{} {count}", braced(labels, Some(&end)));
            }
            let labels = braced(labels, None);
            let _ = writeln!(page, "{name}_sum{labels} {}\n{name}_count{labels} {count}", series.value);
        }
        page
    }
}

/// `CostMicroUsd` becomes `plumbline_cost_micro_usd_total`.
fn prometheus_name(metric: Metric) -> String {
    let mut name = "plumbline".to_owned();
    let mut in_number = false;
    for c in metric.name().chars() {
        if c.is_ascii_uppercase() || (c.is_ascii_digit() && !in_number) {
            name.push('_');
        }
        in_number = c.is_ascii_digit();
        name.push(c.to_ascii_lowercase());
    }
    if metric.kind() == Kind::Sum {
        name.push_str("_total");
    }
    name
}

/// Labels are words of closed lists: nothing in them has to be escaped.
fn braced(labels: &[(&'static str, String)], end: Option<&str>) -> String {
    let labels = labels.iter().map(|(name, value)| format!("{name}=\"{value}\""));
    let all: Vec<String> = labels.chain(end.map(|end| format!("le=\"{end}\""))).collect();
    if all.is_empty() { String::new() } else { format!("{{{}}}", all.join(",")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(outcome: &str, ms: u64) -> Measured {
        Measured {
            workflow: Some("rfi_response".into()),
            outcome: Some(outcome.into()),
            values: vec![
                (Metric::Events, 1),
                (Metric::WebhookToDraftMs, ms),
                (Metric::CallBudgetShare, ms % 100),
                (Metric::Procore429, 0),
            ],
        }
    }

    #[test]
    fn sums_add_up_levels_hold_and_times_are_spread() {
        let mut meter = Meter::default();
        for (outcome, ms) in [("Drafted", 250), ("Drafted", 251), ("Unchanged", 99_000_042)] {
            meter.add(&run(outcome, ms));
        }
        let page = meter.exposition();
        for line in [
            "# TYPE plumbline_events_total counter",
            "plumbline_events_total{workflow=\"rfi_response\",outcome=\"Drafted\"} 2",
            "plumbline_events_total{workflow=\"rfi_response\",outcome=\"Unchanged\"} 1",
            "# TYPE plumbline_webhook_to_draft_ms histogram",
            "plumbline_webhook_to_draft_ms_bucket{workflow=\"rfi_response\",le=\"100\"} 0",
            "plumbline_webhook_to_draft_ms_bucket{workflow=\"rfi_response\",le=\"250\"} 1",
            "plumbline_webhook_to_draft_ms_bucket{workflow=\"rfi_response\",le=\"500\"} 2",
            "plumbline_webhook_to_draft_ms_bucket{workflow=\"rfi_response\",le=\"14400000\"} 2",
            "plumbline_webhook_to_draft_ms_bucket{workflow=\"rfi_response\",le=\"+Inf\"} 3",
            "plumbline_webhook_to_draft_ms_sum{workflow=\"rfi_response\"} 99000543",
            "plumbline_webhook_to_draft_ms_count{workflow=\"rfi_response\"} 3",
            "plumbline_call_budget_share{workflow=\"rfi_response\"} 42",
            "plumbline_procore_429_total{workflow=\"rfi_response\"} 0",
        ] {
            assert!(page.lines().any(|told| told == line), "{line}\n{page}");
        }
        let told = meter.told();
        let names: Vec<&str> = told.iter().map(|metric| metric.name).collect();
        assert_eq!(names, ["Events", "WebhookToDraftMs", "Procore429", "CallBudgetShare"]);
        let Points::Distributions { points, .. } = &told[1].points else { panic!("{:?}", told[1]) };
        assert_eq!((points[0].value.0, points[0].value.1.iter().sum::<u64>()), (99_000_543, 3));
    }
}
