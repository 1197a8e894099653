//! What is measured while the product runs: one closed list of names, units and meanings, the same for CloudWatch, for
//! Prometheus and for OpenTelemetry.
//!
//! Labels are the workflow and the outcome, both from closed lists. A project is none: each of its numbers would be a
//! metric of its own in CloudWatch, for which it asks money every month; `plumbline status` and the weekly report tell
//! projects apart. Pure: who writes them out is known above.

mod measured;
mod meter;

pub use measured::Measured;
pub use meter::Meter;

/// A metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is told by `meaning`")]
pub enum Metric {
    Events,
    WebhookToAnswerMs,
    WebhookToDraftMs,
    ModelMs,
    ProcoreCalls,
    Procore429,
    CallBudgetShare,
    TokensIn,
    TokensOut,
    CostMicroUsd,
    GateFindings,
    LostDeliveries,
    HooksOff,
    Alarms,
    ColdStartMs,
    PeakMemoryMib,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Milliseconds.
    Milliseconds,
    /// Parts of a hundred.
    Percent,
    /// Mebibytes.
    Mebibytes,
}

/// How numbers of a metric are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// They add up.
    Sum,
    /// The last one holds.
    Level,
    /// What counts is how they are spread.
    Distribution,
}

impl Metric {
    /// All of them, in the order they are told.
    pub const ALL: [Self; 16] = [
        Self::Events,
        Self::WebhookToAnswerMs,
        Self::WebhookToDraftMs,
        Self::ModelMs,
        Self::ProcoreCalls,
        Self::Procore429,
        Self::CallBudgetShare,
        Self::TokensIn,
        Self::TokensOut,
        Self::CostMicroUsd,
        Self::GateFindings,
        Self::LostDeliveries,
        Self::HooksOff,
        Self::Alarms,
        Self::ColdStartMs,
        Self::PeakMemoryMib,
    ];

    /// Its name. Alarms and dashboards are built on it: never changed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "Events",
            Self::WebhookToAnswerMs => "WebhookToAnswerMs",
            Self::WebhookToDraftMs => "WebhookToDraftMs",
            Self::ModelMs => "ModelMs",
            Self::ProcoreCalls => "ProcoreCalls",
            Self::Procore429 => "Procore429",
            Self::CallBudgetShare => "CallBudgetShare",
            Self::TokensIn => "TokensIn",
            Self::TokensOut => "TokensOut",
            Self::CostMicroUsd => "CostMicroUsd",
            Self::GateFindings => "GateFindings",
            Self::LostDeliveries => "LostDeliveries",
            Self::HooksOff => "HooksOff",
            Self::Alarms => "Alarms",
            Self::ColdStartMs => "ColdStartMs",
            Self::PeakMemoryMib => "PeakMemoryMib",
        }
    }

    /// What it counts.
    pub const fn unit(self) -> Unit {
        match self {
            Self::WebhookToAnswerMs | Self::WebhookToDraftMs | Self::ModelMs | Self::ColdStartMs => {
                Unit::Milliseconds
            }
            Self::CallBudgetShare => Unit::Percent,
            Self::PeakMemoryMib => Unit::Mebibytes,
            _ => Unit::Count,
        }
    }

    /// How its numbers are put together.
    pub const fn kind(self) -> Kind {
        match self {
            Self::WebhookToAnswerMs | Self::WebhookToDraftMs | Self::ModelMs | Self::ColdStartMs => {
                Kind::Distribution
            }
            Self::CallBudgetShare | Self::HooksOff | Self::PeakMemoryMib => Kind::Level,
            _ => Kind::Sum,
        }
    }

    /// What it means, in one line.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Events => "runs and events dropped at the door, by how they ended",
            Self::WebhookToAnswerMs => "a webhook's time at the front door",
            Self::WebhookToDraftMs => {
                "from the acceptance of a webhook to its draft, quiet window and model included"
            }
            Self::ModelMs => "a run's time spent waiting for the model",
            Self::ProcoreCalls => "calls made to Procore",
            Self::Procore429 => "calls that Procore refused as too many",
            Self::CallBudgetShare => "used share of the tighter of Procore's two call limits",
            Self::TokensIn => "prompt tokens, cached ones included",
            Self::TokensOut => "completion tokens",
            Self::CostMicroUsd => "what the model cost, in millionths of a US dollar",
            Self::GateFindings => "what the gate found in answers of the model",
            Self::LostDeliveries => "deliveries of Procore that failed and that a sweep found",
            Self::HooksOff => "webhooks of ours that Procore switched off and that are still off",
            Self::Alarms => "lines of the log that begin with ALARM:",
            Self::ColdStartMs => "from the start of the process to its first work",
            Self::PeakMemoryMib => "most memory the process held so far",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page that an operator reads lists every metric, with the unit it has here.
    #[test]
    fn the_operators_page_lists_all() {
        let page = include_str!("../../../../docs/operations.md");
        for metric in Metric::ALL {
            let unit = match metric.unit() {
                Unit::Count => "count",
                Unit::Milliseconds => "ms",
                Unit::Percent => "percent",
                Unit::Mebibytes => "MiB",
            };
            let row = format!("| `{}` | {unit} |", metric.name());
            assert!(page.contains(&row), "docs/operations.md lacks: {row}");
        }
    }

    #[test]
    fn no_name_stands_for_two() {
        let names: std::collections::BTreeSet<&str> =
            Metric::ALL.iter().map(|metric| metric.name()).collect();
        assert_eq!(names.len(), Metric::ALL.len());
    }
}
