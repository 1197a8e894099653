//! The answer of the `rfi_response` workflow, in the shape its schema asks for.
//! Every list and string is cut to the schema's limits here, so that no behaviour is stopped by length alone.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize)]
pub(super) struct Answer {
    pub(super) outcome: &'static str,
    pub(super) title: String,
    pub(super) answer_status: String,
    pub(super) response: String,
    pub(super) claims: Vec<Claim>,
    pub(super) missing: Vec<Missing>,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) next_step: NextStep,
    pub(super) flags: Vec<String>,
    pub(super) confidence: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Claim {
    pub(super) text: String,
    pub(super) kind: String,
    pub(super) evidence: Vec<Citation>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Citation {
    pub(super) h: String,
    pub(super) quote: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Missing {
    pub(super) item: String,
    pub(super) why: String,
    pub(super) who: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Conflict {
    pub(super) a: Citation,
    pub(super) b: Citation,
    pub(super) note: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NextStep {
    pub(super) text: String,
    pub(super) who: String,
}

impl Answer {
    /// The answer cut to the schema's limits.
    pub(super) fn within_limits(mut self) -> Self {
        cut(&mut self.title, 80);
        cut(&mut self.response, 1200);
        self.claims.truncate(12);
        for claim in &mut self.claims {
            cut(&mut claim.text, 400);
            claim.evidence.iter_mut().for_each(Citation::cut);
        }
        self.missing.truncate(8);
        for missing in &mut self.missing {
            cut(&mut missing.item, 200);
            cut(&mut missing.why, 200);
        }
        self.conflicts.truncate(4);
        for conflict in &mut self.conflicts {
            conflict.a.cut();
            conflict.b.cut();
            cut(&mut conflict.note, 300);
        }
        cut(&mut self.next_step.text, 300);
        self
    }

    /// The same answer again without what the findings name, by place (`claims/2`) or by its words.
    pub(super) fn without(mut self, findings: &str) -> Self {
        let named = |list: &str, place: usize, words: &[&str]| {
            let place = format!("{list}/{place}");
            let by_place = findings
                .match_indices(&place)
                .any(|(at, _)| !findings[at + place.len()..].starts_with(|c: char| c.is_ascii_digit()));
            by_place || words.iter().any(|words| words.len() >= 12 && findings.contains(words))
        };
        self.claims = kept(self.claims, |place, claim| {
            let mut words = vec![claim.text.as_str()];
            words.extend(claim.evidence.iter().map(|citation| citation.quote.as_str()));
            !named("claims", place, &words)
        });
        self.conflicts = kept(self.conflicts, |place, conflict| {
            !named("conflicts", place, &[&conflict.a.quote, &conflict.b.quote, &conflict.note])
        });
        self.missing =
            kept(self.missing, |place, missing| !named("missing", place, &[&missing.item, &missing.why]));
        self
    }
}

impl Citation {
    pub(super) fn cut(&mut self) {
        cut(&mut self.quote, 300);
    }
}

fn kept<T>(list: Vec<T>, keep: impl Fn(usize, &T) -> bool) -> Vec<T> {
    list.into_iter().enumerate().filter(|(place, item)| keep(*place, item)).map(|(_, item)| item).collect()
}

pub(super) fn cut(text: &mut String, max_chars: usize) {
    if let Some((end, _)) = text.char_indices().nth(max_chars) {
        text.truncate(end);
    }
}
