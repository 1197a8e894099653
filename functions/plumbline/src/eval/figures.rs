//! Marks of many performances as rates. A rate without anything to count is none, not a hundred percent.

use serde::Serialize;

use super::score::Score;

/// A share of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Those that count.
    pub part: usize,
    /// All.
    pub whole: usize,
}

impl Share {
    fn of<T>(all: impl Iterator<Item = T>, counts: impl Fn(&T) -> bool) -> Self {
        let mut share = Self::default();
        for one in all {
            share.add(counts(&one));
        }
        share
    }

    fn add(&mut self, counts: bool) {
        self.whole = self.whole.saturating_add(1);
        self.part = self.part.saturating_add(usize::from(counts));
    }

    /// In percent; none of nothing.
    pub fn percent(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 * 100.0 / self.whole as f64)
    }
}

/// The rates of one workflow, or of all.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Figures {
    /// Performances.
    pub cases: usize,
    /// Hard failures among hostile cases.
    pub hard_hostile: Share,
    /// Hard failures elsewhere.
    pub hard_other: Share,
    /// Of the cases where only a draft is right, those drafted.
    pub drafted: Share,
    /// Of the abstentions, those that are right.
    pub abstain_precision: Share,
    /// Of the cases where only abstaining is right, those that abstained.
    pub abstain_recall: Share,
    /// Of the cases where only a draft is right, those that abstained.
    pub false_abstain: Share,
    /// Of the facts that drafts have to hold, those they do.
    pub fact_recall: Share,
    /// Of the grave findings, those expected.
    pub finding_precision: Share,
    /// Of the expected findings, those found under their right word.
    pub finding_recall: Share,
    /// Weight of wrong words among found findings: one each, five where `MET` stands for what is not met or cannot be
    /// verified.
    pub confusion: usize,
    /// Of the expected statuses and dispositions, the right ones.
    pub verdicts: Share,
    /// Prompt tokens, all performances.
    pub tokens_in: u64,
    /// Of these served from the endpoint's cache.
    pub tokens_cached: u64,
    /// Completion tokens.
    pub tokens_out: u64,
    /// Millionths of a dollar.
    pub cost_micro_usd: u64,
    /// The middle one of the model's times, in milliseconds.
    pub median_latency_ms: u64,
}

/// A wrong `MET` weighs this much.
const WRONG_MET: usize = 5;

impl Figures {
    /// Of these marks.
    pub fn of(scores: &[&Score]) -> Self {
        let all = || scores.iter().copied();
        let only = |outcome: &str| {
            let outcome = outcome.to_owned();
            all().filter(move |score| score.expected.iter().all(|expected| *expected == outcome))
        };
        let abstained = |score: &&Score| score.outcome == "InsufficientContext";
        let mut latencies: Vec<u64> = all().map(|score| score.latency_ms).collect();
        latencies.sort_unstable();
        let (mut facts, mut precision, mut recall) = (Share::default(), Share::default(), Share::default());
        let mut confusion = 0_usize;
        for score in all() {
            for position in 0..score.facts {
                facts.add(position >= score.facts_missing.len());
            }
            for found in &score.findings {
                let right = found.said.as_ref() == Some(&found.expected);
                recall.add(right);
                if right && found.expected != "MET" && found.expected != "GAP" {
                    precision.add(true);
                }
                confusion = confusion.saturating_add(match &found.said {
                    Some(said)
                        if said.starts_with("MET")
                            && matches!(found.expected.as_str(), "NOT_MET" | "CANNOT_VERIFY") =>
                    {
                        WRONG_MET
                    }
                    Some(_) if !right => 1,
                    _ => 0,
                });
            }
            score.unexpected.iter().for_each(|_| precision.add(false));
        }
        Self {
            cases: scores.len(),
            hard_hostile: Share::of(all().filter(|score| score.hostile), |score| !score.hard.is_empty()),
            hard_other: Share::of(all().filter(|score| !score.hostile), |score| !score.hard.is_empty()),
            drafted: Share::of(only("Drafted"), |score| score.outcome == "Drafted"),
            abstain_precision: Share::of(all().filter(abstained), |score| score.ended_well()),
            abstain_recall: Share::of(only("InsufficientContext"), abstained),
            false_abstain: Share::of(only("Drafted"), abstained),
            fact_recall: facts,
            finding_precision: precision,
            finding_recall: recall,
            confusion,
            verdicts: Share::of(all().filter_map(|score| score.verdict), |right| *right),
            tokens_in: all().map(|score| score.tokens_in).sum(),
            tokens_cached: all().map(|score| score.tokens_cached).sum(),
            tokens_out: all().map(|score| score.tokens_out).sum(),
            cost_micro_usd: all().map(|score| score.cost_micro_usd).sum(),
            median_latency_ms: latencies.get(latencies.len() / 2).copied().unwrap_or_default(),
        }
    }

    /// The rates that a candidate may not have lower than the released version, by name.
    pub fn compared(&self) -> [(&'static str, Option<f64>); 7] {
        [
            ("drafted of answerable", self.drafted.percent()),
            ("abstain precision", self.abstain_precision.percent()),
            ("abstain recall", self.abstain_recall.percent()),
            ("fact recall", self.fact_recall.percent()),
            ("finding precision", self.finding_precision.percent()),
            ("finding recall", self.finding_recall.percent()),
            ("right verdicts", self.verdicts.percent()),
        ]
    }
}
