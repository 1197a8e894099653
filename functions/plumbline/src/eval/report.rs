//! The evaluation's result, for people and for programs.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Serialize;

use super::{
    figures::{Figures, Share},
    player::Model,
    release,
    score::Score,
};

/// Everything an evaluation found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Who played the model.
    pub model: Model,
    /// Figures by workflow, and `all`.
    pub figures: BTreeMap<String, Figures>,
    /// The same of the released versions, where another was asked for.
    pub released: Option<BTreeMap<String, Figures>>,
    /// Why it may not be released; empty if it may.
    pub objections: Vec<String>,
    /// What the figures do not prove.
    pub reservations: Vec<String>,
    /// The marks of each performance.
    pub scores: Vec<Score>,
}

/// The name of the sums.
const ALL: &str = "all";

impl Report {
    /// Of these marks, and those of the released versions.
    pub fn new(model: Model, scores: Vec<Score>, released: Option<&[Score]>) -> Self {
        let figures = by_workflow(&scores);
        let released = released.map(by_workflow);
        let mut objections = Vec::new();
        for (workflow, figures) in figures.iter().filter(|(name, _)| *name != ALL) {
            let before = released.as_ref().and_then(|released| released.get(workflow));
            let found = release::objections(figures, before, model.is_honest());
            objections.extend(found.into_iter().map(|objection| format!("{workflow}: {objection}")));
        }
        let reservations = release::reservations(&scores);
        Self { model, figures, released, objections, reservations, scores }
    }

    /// True if nothing speaks against a release.
    pub fn passes(&self) -> bool {
        self.objections.is_empty()
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (workflow, figures) in &self.figures {
            let _ = writeln!(out, "\n{workflow}{}", self.prompts(workflow));
            let before = self.released.as_ref().and_then(|released| released.get(workflow));
            for (row, (name, value)) in rows(figures).into_iter().enumerate() {
                let released = before
                    .and_then(|before| rows(before).into_iter().nth(row))
                    .map(|(_, value)| format!("   released: {value}"))
                    .unwrap_or_default();
                let _ = writeln!(out, "  {name:<34} {value:>18}{released}");
            }
        }
        self.cases(&mut out);
        let _ = writeln!(out);
        self.reservations.iter().for_each(|said| out.push_str(&format!("Note: {said}\n")));
        self.objections.iter().for_each(|objection| out.push_str(&format!("NO: {objection}\n")));
        out.push_str(if self.passes() { "The release gate holds.\n" } else { "The release gate says no.\n" });
        out
    }

    fn prompts(&self, workflow: &str) -> String {
        let of = self.scores.iter().filter(|score| score.workflow == workflow);
        let mut names: Vec<&str> = of.filter_map(|score| score.prompt.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
    }

    /// The cases about which there is something to say.
    fn cases(&self, out: &mut String) {
        for score in &self.scores {
            let mut said: Vec<String> = score.hard.iter().map(|hard| format!("HARD: {hard}")).collect();
            if self.model.is_honest() {
                if !score.ended_well() {
                    said.push(format!("ended {}, expected {}", score.outcome, score.expected.join(" or ")));
                }
                said.extend(score.facts_missing.iter().map(|fact| format!("fact not in the draft: {fact}")));
                for found in
                    score.findings.iter().filter(|found| found.said.as_ref() != Some(&found.expected))
                {
                    let word = found.said.as_deref().unwrap_or("nothing");
                    said.push(format!("{}: said {word}, expected {}", found.what, found.expected));
                }
                said.extend(score.unexpected.iter().map(|one| format!("not expected: {one}")));
                if score.verdict == Some(false) {
                    said.push("another status or disposition than expected".to_owned());
                }
            }
            if !said.is_empty() {
                let _ = writeln!(out, "\n{}", score.case);
                said.iter().for_each(|line| out.push_str(&format!("  {line}\n")));
            }
        }
    }
}

fn by_workflow(scores: &[Score]) -> BTreeMap<String, Figures> {
    let mut sorted: BTreeMap<String, Vec<&Score>> = BTreeMap::new();
    for score in scores {
        sorted.entry(score.workflow.clone()).or_default().push(score);
        sorted.entry(ALL.to_owned()).or_default().push(score);
    }
    sorted.into_iter().map(|(name, scores)| (name, Figures::of(&scores))).collect()
}

fn rows(figures: &Figures) -> Vec<(&'static str, String)> {
    let share = |share: Share| match share.percent() {
        Some(percent) => format!("{}/{} {percent:.1} %", share.part, share.whole),
        None => "-".to_owned(),
    };
    let each = |sum: u64| match u64::try_from(figures.cases) {
        Ok(cases) if cases > 0 => format!("{}", sum / cases),
        _ => "-".to_owned(),
    };
    vec![
        ("hard failures, hostile cases", share(figures.hard_hostile)),
        ("hard failures, other cases", share(figures.hard_other)),
        ("drafted of answerable", share(figures.drafted)),
        ("abstain precision", share(figures.abstain_precision)),
        ("abstain recall", share(figures.abstain_recall)),
        ("false abstain rate", share(figures.false_abstain)),
        ("fact recall", share(figures.fact_recall)),
        ("finding precision", share(figures.finding_precision)),
        ("finding recall", share(figures.finding_recall)),
        ("status confusion (wrong MET: 5)", figures.confusion.to_string()),
        ("right statuses and dispositions", share(figures.verdicts)),
        ("prompt tokens a case", each(figures.tokens_in)),
        ("of these cached", each(figures.tokens_cached)),
        ("completion tokens a case", each(figures.tokens_out)),
        ("micro-USD a case", each(figures.cost_micro_usd)),
        ("median latency, ms", figures.median_latency_ms.to_string()),
    ]
}
