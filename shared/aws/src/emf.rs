//! What is measured, as CloudWatch takes it from the log: its embedded metric format, one line of JSON for each thing that
//! ended, straight to standard output.
//!
//! AWS docs, "CloudWatch embedded metric format specification". CloudWatch asks money for each metric with each set of
//! dimensions, so the sets are few: workflow, outcome, both or none, and never a project. The line holds nothing else.

use std::{fs, io::Write as _, sync::Once, time::Instant};

use agent::{
    Watch,
    metrics::{Measured, Metric, Unit},
};
use jiff::Timestamp;
use otlp::Exporter;
use serde_json::{Map, Value, json};

const NAMESPACE: &str = "Plumbline";

/// What watches a function: lines for CloudWatch, and a collector where `OTEL_EXPORTER_OTLP_ENDPOINT` names one.
pub struct Gauges {
    /// Takes what is measured.
    pub watch: Watch,
    began: Instant,
    first: Once,
}

impl Gauges {
    /// For the function of this name, from the environment. Call it first thing: a cold start is counted from here.
    ///
    /// # Errors
    /// Names the variable that cannot be used.
    pub fn set_up(function: &str, clock: fn() -> Timestamp) -> Result<Self, otlp::Error> {
        let service = format!("plumbline-{function}");
        let exporter = Exporter::from_variables(&service, |name| std::env::var(name).ok())?;
        Ok(Self {
            watch: Watch::new(Some(print), exporter, clock),
            began: Instant::now(),
            first: Once::new(),
        })
    }

    /// To be called when an invocation begins: the first one ends the cold start.
    pub fn begin(&self) {
        self.first.call_once(|| {
            let took_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
            let values = vec![(Metric::ColdStartMs, took_ms)];
            self.watch.note(&Measured { values, ..Measured::default() });
        });
    }

    /// To be called when an invocation ends: a function is frozen after it.
    pub async fn end(&self) {
        if let Some(mib) = peak_memory_mib() {
            let values = vec![(Metric::PeakMemoryMib, mib)];
            self.watch.note(&Measured { values, ..Measured::default() });
        }
        self.watch.flush().await;
    }
}

/// Most memory this process has held, without the one that reads documents; `None` where the system does not tell.
fn peak_memory_mib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = peak.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib.div_ceil(1024))
}

/// Writes one line. A log that cannot be written is nothing a function could tell anybody of.
fn print(measured: &Measured, at: Timestamp) {
    let mut text = line(measured, at).to_string();
    text.push('\n');
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

fn line(measured: &Measured, at: Timestamp) -> Value {
    let mut members = Map::new();
    let mut plain = Vec::new();
    let mut directives = Vec::new();
    for (metric, value) in &measured.values {
        let told = json!({ "Name": metric.name(), "Unit": unit(metric.unit()) });
        members.insert(metric.name().to_owned(), json!(value));
        match (metric, &measured.outcome, &measured.workflow) {
            // A number of all runs, waits among them, would say nothing: each has its outcome.
            (Metric::Events, Some(_), Some(_)) => {
                directives.push(directive(json!([["outcome"], ["workflow", "outcome"]]), vec![told]));
            }
            (Metric::Events, Some(_), None) => directives.push(directive(json!([["outcome"]]), vec![told])),
            _ => plain.push(told),
        }
    }
    if !plain.is_empty() {
        let sets = if measured.workflow.is_some() { json!([[], ["workflow"]]) } else { json!([[]]) };
        directives.push(directive(sets, plain));
    }
    let labels = [("workflow", &measured.workflow), ("outcome", &measured.outcome)];
    for (name, value) in labels {
        members.extend(value.as_ref().map(|value| (name.to_owned(), json!(value))));
    }
    members.insert(
        "_aws".to_owned(),
        json!({ "Timestamp": at.as_millisecond(), "CloudWatchMetrics": directives }),
    );
    Value::Object(members)
}

fn directive(dimensions: Value, metrics: Vec<Value>) -> Value {
    json!({ "Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": metrics })
}

/// CloudWatch's names.
fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "Count",
        Unit::Milliseconds => "Milliseconds",
        Unit::Percent => "Percent",
        Unit::Mebibytes => "Megabytes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    #[test]
    fn a_run_is_one_line_with_few_sets_of_dimensions() {
        let measured = Measured {
            workflow: Some("rfi_response".into()),
            outcome: Some("Drafted".into()),
            values: vec![(Metric::Events, 1), (Metric::WebhookToDraftMs, 4200)],
        };
        let expected = json!({
            "_aws": { "Timestamp": 1_800_000_000_000_i64, "CloudWatchMetrics": [
                { "Namespace": "Plumbline", "Dimensions": [["outcome"], ["workflow", "outcome"]],
                  "Metrics": [{ "Name": "Events", "Unit": "Count" }] },
                { "Namespace": "Plumbline", "Dimensions": [[], ["workflow"]],
                  "Metrics": [{ "Name": "WebhookToDraftMs", "Unit": "Milliseconds" }] },
            ] },
            "workflow": "rfi_response", "outcome": "Drafted", "Events": 1, "WebhookToDraftMs": 4200,
        });
        assert_eq!(line(&measured, at()), expected);
    }

    #[test]
    fn every_dimension_of_a_line_has_its_value_there() {
        let labels = [None, Some("Skipped".to_owned())];
        for outcome in &labels {
            for workflow in &labels {
                let values = Metric::ALL.into_iter().map(|metric| (metric, 1)).collect();
                let measured = Measured { workflow: workflow.clone(), outcome: outcome.clone(), values };
                let line = line(&measured, at());
                let mut told = 0;
                for directive in line["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
                    for name in directive["Dimensions"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .flat_map(|set| set.as_array().unwrap())
                    {
                        assert!(line[name.as_str().unwrap()].is_string(), "{name} of {line}");
                    }
                    for metric in directive["Metrics"].as_array().unwrap() {
                        assert_eq!(line[metric["Name"].as_str().unwrap()], 1);
                        told += 1;
                    }
                }
                assert_eq!(told, Metric::ALL.len());
            }
        }
    }

    #[test]
    fn this_process_holds_some_memory() {
        assert!(peak_memory_mib().is_some_and(|mib| (1..100_000).contains(&mib)));
    }
}
