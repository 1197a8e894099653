//! What is measured of one thing that ended: a run, a sweep, an answer at the door.

use super::Metric;
use crate::{ingest::Answer, outcome::OutcomeName, record::RunRecord, sweep::Swept};

/// The numbers of one thing that ended, with the labels they have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// The workflow, where one was chosen.
    pub workflow: Option<String>,
    /// How it ended: a name of [`crate::outcome::OutcomeName`], `Failed`, or `Unreadable`. Only [`Metric::Events`] has it.
    pub outcome: Option<String>,
    /// The numbers, each metric at most once.
    pub values: Vec<(Metric, u64)>,
}

impl Measured {
    /// Of a run that ended, in whatever way.
    pub fn of_run(story: &RunRecord) -> Self {
        let tally = &story.tally;
        let mut values = vec![
            (Metric::Events, 1),
            (Metric::ProcoreCalls, story.procore_calls.into()),
            (Metric::Procore429, tally.procore_429.into()),
        ];
        values.extend(tally.call_budget_percent.map(|percent| (Metric::CallBudgetShare, percent.into())));
        values.extend(story.webhook_to_draft_ms().map(|ms| (Metric::WebhookToDraftMs, ms)));
        let paid = story.paid();
        if paid.calls > 0 {
            let findings = u64::try_from(story.findings.len()).unwrap_or(u64::MAX);
            values.extend([
                (Metric::ModelMs, paid.latency_ms),
                (Metric::TokensIn, paid.tokens_in.into()),
                (Metric::TokensOut, paid.tokens_out.into()),
                (Metric::CostMicroUsd, paid.cost_micro_usd),
                (Metric::GateFindings, findings),
            ]);
        }
        Self { workflow: story.workflow.clone(), outcome: Some(story.outcome.clone()), values }
    }

    /// Of a run that left no story: it panicked, or was dropped at its deadline.
    pub fn of_lost_run() -> Self {
        Self { outcome: Some("Failed".to_owned()), values: vec![(Metric::Events, 1)], workflow: None }
    }

    /// Of one answer at the front door: its time, and what ended there. What was queued ends later.
    pub fn of_answer(answer: &Answer, took_ms: u64) -> Vec<Self> {
        let time = Self { values: vec![(Metric::WebhookToAnswerMs, took_ms)], ..Self::default() };
        let skipped = format!("{:?}", OutcomeName::Skipped);
        let ended = [(skipped, answer.skipped.len()), ("Unreadable".to_owned(), answer.kept.len())];
        let ended = ended.into_iter().filter(|(_, events)| *events > 0).map(|(outcome, events)| Self {
            values: vec![(Metric::Events, u64::try_from(events).unwrap_or(u64::MAX))],
            outcome: Some(outcome),
            workflow: None,
        });
        std::iter::once(time).filter(|_| answer.status < 300).chain(ended).collect()
    }

    /// Of a sweep. A dry run is none of ours.
    pub fn of_sweep(swept: &Swept) -> Self {
        let lost = swept.deliveries.saturating_sub(swept.not_ours);
        let off = swept.hooks_off.iter().filter(|off| !off.reactivated).count();
        let mut values = vec![
            (Metric::LostDeliveries, u64::try_from(lost).unwrap_or(u64::MAX)),
            (Metric::HooksOff, u64::try_from(off).unwrap_or(u64::MAX)),
            (Metric::ProcoreCalls, swept.calls.into()),
            (Metric::Procore429, swept.too_many_calls.into()),
        ];
        values.extend(swept.call_budget_percent.map(|percent| (Metric::CallBudgetShare, percent.into())));
        Self { values, ..Self::default() }
    }

    /// Alarms since the last time; nothing if there were none.
    pub fn of_alarms(alarms: u64) -> Option<Self> {
        (alarms > 0).then(|| Self { values: vec![(Metric::Alarms, alarms)], ..Self::default() })
    }

    /// The labels of one of its metrics.
    pub fn labels(&self, metric: Metric) -> Vec<(&'static str, String)> {
        let workflow = self.workflow.iter().map(|workflow| ("workflow", workflow.clone()));
        let outcome = self.outcome.iter().filter(|_| metric == Metric::Events);
        workflow.chain(outcome.map(|outcome| ("outcome", outcome.clone()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use procore::HookId;

    use super::*;
    use crate::sweep::HookOff;

    fn value(measured: &Measured, metric: Metric) -> Option<u64> {
        measured.values.iter().find(|(known, _)| *known == metric).map(|(_, value)| *value)
    }

    #[test]
    fn a_sweep_tells_what_was_lost_of_ours_and_which_hooks_are_still_off() {
        let off = |reactivated| HookOff { hook: HookId::new(7), project: None, reactivated, refusal: None };
        let swept = Swept {
            deliveries: 9,
            not_ours: 4,
            hooks_off: vec![off(true), off(false)],
            calls: 12,
            too_many_calls: 1,
            call_budget_percent: Some(30),
            ..Swept::default()
        };
        let measured = Measured::of_sweep(&swept);
        for (metric, expected) in [
            (Metric::LostDeliveries, 5),
            (Metric::HooksOff, 1),
            (Metric::ProcoreCalls, 12),
            (Metric::Procore429, 1),
            (Metric::CallBudgetShare, 30),
        ] {
            assert_eq!(value(&measured, metric), Some(expected), "{metric:?}");
        }
        assert_eq!(measured.labels(Metric::HooksOff), []);
    }

    #[test]
    fn a_refusal_at_the_door_is_no_event_and_has_no_time() {
        let refused = |status| Answer {
            status,
            queued: 0,
            accepted: Vec::new(),
            skipped: vec!["our own change".into(), "a company-level event".into()],
            kept: Vec::new(),
        };
        let told = Measured::of_answer(&Answer { skipped: Vec::new(), ..refused(401) }, 3);
        assert_eq!(told, []);
        let told = Measured::of_answer(&refused(204), 3);
        assert_eq!(told.len(), 2);
        assert_eq!(value(&told[0], Metric::WebhookToAnswerMs), Some(3));
        assert_eq!((value(&told[1], Metric::Events), told[1].outcome.as_deref()), (Some(2), Some("Skipped")));
    }
}
