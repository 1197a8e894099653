//! The claim protocol, pure: who may work on a record, and where an interrupted run goes on.
//!
//! `Claimed -> Answered -> Posting -> Posted`, or `Closed` for a run that ended without a draft. Each step is one
//! conditional write on the version read before, so a worker whose lease was taken over cannot take another step:
//! its version is old. The lease only says how long others wait; the version is what keeps two from posting.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    draft::{Draft, Placed},
    evidence::Evidence,
    outcome::OutcomeName,
    spent::Spent,
};

/// How far the work on one version of the record has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Somebody works on it; nothing is paid yet.
    Claimed,
    /// The model's answer is stored; it is never paid for again.
    Answered,
    /// The draft's text is final and a write to Procore may have begun.
    Posting,
    /// The draft is where the reviewer finds it.
    Posted,
    /// The run ended without a draft, for good as far as this version of the record goes.
    Closed,
}

/// Who holds the claim, and until when others wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The worker: on one machine the process, in AWS the invocation. When it dies, its leases end.
    pub holder: String,
    /// The run. Two messages about one record in the hands of one worker are still two.
    pub run: String,
    /// After this the claim may be taken over. Not later than the holder's own deadline.
    pub until: Timestamp,
}

/// What the model answered, kept so that a retry does not pay again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredAnswer {
    /// The answer, valid against the workflow's schema.
    pub json: serde_json::Value,
    /// The model as the endpoint named it.
    pub model: String,
    /// What it cost, all calls of this version together.
    pub spent: Spent,
    /// True once the one repair call was made.
    pub repaired: bool,
}

/// The one row of a (workflow, project, record).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Counted up by the ledger at each write; 0 before the first.
    pub version: u64,
    /// When the record was first claimed: nothing of ours on it is older.
    pub claimed_at: Timestamp,
    /// The evidence this work rests on.
    pub evidence_hash: String,
    /// How far it has come.
    pub state: State,
    /// Who works on it now; `None` if nobody does.
    pub lease: Option<Lease>,
    /// From `Answered` on.
    pub answer: Option<StoredAnswer>,
    /// The closed RFIs the answer was given with: a retry shows it to the reviewer with these and no others, whatever
    /// was closed since. Only as long as the work goes on; words of other records are not kept with this one.
    #[serde(default)]
    pub precedents: Evidence,
    /// The exact text being posted, from `Posting` on.
    pub draft: Option<Draft>,
    /// Our item at Procore as we left it, once there is one. Outlives the evidence it was made from.
    pub placed: Option<Placed>,
    /// Writes may have been applied whose answers we never saw, and these are the hashes of the texts they carried
    /// ([`Draft::text_hash`]), the newest last: look at Procore before writing again. More than one where the record
    /// changed before the end of a write was known: any of them may stand there, and none of them is a person's.
    #[serde(default, deserialize_with = "texts")]
    pub unsettled: Vec<String>,
    /// When the newest of them began: it may still be on its way for a while, even if its writer is dead.
    #[serde(default)]
    pub unsettled_since: Option<Timestamp>,
    /// How it ended, in `Posted` and `Closed`.
    pub outcome: Option<OutcomeName>,
    /// How many answers were paid for on the last day there was one: too many are a loop.
    #[serde(default)]
    pub drafts: DraftsOn,
    /// Money taken from the project's purse for calls that were not made yet.
    #[serde(default)]
    pub reserve: Option<Reserve>,
    /// The record's own time of change in the version this work rests on: a sweep need not look at it again.
    #[serde(default)]
    pub seen_at: Option<Timestamp>,
}

/// Far more writes of unknown end than ever follow each other without a look between them.
const MOST_UNSETTLED: usize = 8;

/// Claims of before held one text or none.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Held {
        One(Option<String>),
        Some(Vec<String>),
    }
    Ok(match Held::deserialize(deserializer)? {
        Held::One(text) => text.into_iter().collect(),
        Held::Some(texts) => texts,
    })
}

/// Answers paid for on one UTC day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftsOn {
    /// The day; none before the first.
    pub day: Option<Date>,
    /// How many.
    pub count: u32,
}

impl DraftsOn {
    /// How many there were on this day.
    pub fn of(self, day: Date) -> u32 {
        if self.day == Some(day) { self.count } else { 0 }
    }

    /// With one more on this day.
    #[must_use]
    pub fn and_one(self, day: Date) -> Self {
        Self { day: Some(day), count: self.of(day).saturating_add(1) }
    }
}

/// Money set aside for calls of the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserve {
    /// The purse it came from, and goes back to.
    pub purse: String,
    /// What is left of it, in millionths of a dollar.
    pub micro_usd: i64,
}

impl Claim {
    /// One of a record that was never claimed before.
    pub(crate) fn fresh(evidence_hash: &str, now: Timestamp) -> Self {
        Self {
            version: 0,
            claimed_at: now,
            evidence_hash: evidence_hash.to_owned(),
            state: State::Claimed,
            lease: None,
            answer: None,
            precedents: Evidence::default(),
            draft: None,
            placed: None,
            unsettled: Vec::new(),
            unsettled_since: None,
            outcome: None,
            drafts: DraftsOn::default(),
            reserve: None,
            seen_at: None,
        }
    }

    /// Notes that a text is about to be written.
    pub(crate) fn announce(&mut self, text: String, now: Timestamp) {
        self.unsettled.retain(|other| *other != text);
        self.unsettled.push(text);
        let too_many = self.unsettled.len().saturating_sub(MOST_UNSETTLED);
        self.unsettled.drain(..too_many);
        self.unsettled_since = Some(now);
    }

    /// Notes that what stands there is known.
    pub(crate) fn settle(&mut self) {
        self.unsettled.clear();
        self.unsettled_since = None;
    }

    /// True while a paid answer waits to be brought to its place.
    pub(crate) fn is_paid_for(&self) -> bool {
        matches!(self.state, State::Answered | State::Posting)
    }
}

/// What a worker that wants to work on a record gets.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken {
    /// Go on from `claim.state`; the claim is stored and held by the asker.
    Granted(Box<Claim>),
    /// This version of the record is done.
    Unchanged,
    /// Somebody else works on it until then.
    Busy {
        /// When their lease ends.
        until: Timestamp,
    },
}

/// Decides from what is stored. The returned claim is not yet written.
pub(crate) fn decide(stored: Option<Claim>, evidence_hash: &str, lease: Lease, now: Timestamp) -> Taken {
    let Some(stored) = stored else {
        return Taken::Granted(Box::new(Claim { lease: Some(lease), ..Claim::fresh(evidence_hash, now) }));
    };
    let same = stored.evidence_hash == evidence_hash;
    if same && matches!(stored.state, State::Posted | State::Closed) {
        return Taken::Unchanged;
    }
    if let Some(held) = &stored.lease
        && held.until > now
        && held.run != lease.run
    {
        return Taken::Busy { until: held.until };
    }
    Taken::Granted(Box::new(if same {
        // A worker that died before it stored an answer may have paid for one: what it set aside stays spent.
        let reserve = stored.reserve.filter(|_| stored.state != State::Claimed);
        Claim { lease: Some(lease), reserve, ..stored }
    } else {
        // What is known of our item, and of a write of unknown end, outlives the evidence.
        Claim {
            evidence_hash: evidence_hash.to_owned(),
            state: State::Claimed,
            lease: Some(lease),
            answer: None,
            precedents: Evidence::default(),
            draft: None,
            outcome: None,
            reserve: None,
            ..stored
        }
    }))
}

#[cfg(test)]
mod protocol;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn lease(run: &str, until: i64) -> Lease {
        Lease { holder: "process".into(), run: run.into(), until: at(until) }
    }

    fn stored(state: State, hash: &str, lease: Option<Lease>) -> Claim {
        Claim {
            version: 7,
            state,
            lease,
            unsettled: (state == State::Posting).then(|| "text".to_owned()).into_iter().collect(),
            unsettled_since: (state == State::Posting).then(|| at(-10)),
            ..Claim::fresh(hash, at(-100))
        }
    }

    #[test]
    fn who_gets_the_claim() {
        use State::*;
        let other = || Some(lease("other", 60));
        let ended = || Some(lease("other", -1));
        // (stored, asked hash) -> granted state, or U(nchanged) or B(usy)
        let table: [(&str, Option<Claim>, &str); 12] = [
            ("never claimed", None, "Claimed"),
            ("done", Some(stored(Posted, "a", None)), "U"),
            ("closed", Some(stored(Closed, "a", None)), "U"),
            ("done, but the record changed", Some(stored(Posted, "b", None)), "Claimed"),
            ("held", Some(stored(Claimed, "a", other())), "B"),
            ("held for an older version", Some(stored(Answered, "b", other())), "B"),
            ("lease ended before the answer", Some(stored(Claimed, "a", ended())), "Claimed"),
            ("lease ended after the answer", Some(stored(Answered, "a", ended())), "Answered"),
            ("lease ended while posting", Some(stored(Posting, "a", ended())), "Posting"),
            ("given back", Some(stored(Answered, "a", None)), "Answered"),
            ("our own, redelivered", Some(stored(Answered, "a", Some(lease("me", 60)))), "Answered"),
            ("lease ended, record changed", Some(stored(Posting, "b", ended())), "Claimed"),
        ];
        for (name, stored, expected) in table {
            let got = match decide(stored, "a", lease("me", 90), at(0)) {
                Taken::Granted(claim) => {
                    assert_eq!(claim.lease, Some(lease("me", 90)), "{name}");
                    assert_eq!(claim.evidence_hash, "a", "{name}");
                    format!("{:?}", claim.state)
                }
                Taken::Unchanged => "U".into(),
                Taken::Busy { until } => {
                    assert_eq!(until, at(60), "{name}");
                    "B".into()
                }
            };
            assert_eq!(got, expected, "{name}");
        }
    }

    #[test]
    fn a_write_of_unknown_end_is_remembered_over_a_change_of_the_record() {
        let interrupted = stored(State::Posting, "old", Some(lease("other", -1)));
        let Taken::Granted(claim) = decide(Some(interrupted), "new", lease("me", 90), at(0)) else {
            panic!("the lease had ended");
        };
        assert_eq!(claim.unsettled_since, Some(at(-10)));
        assert!(!claim.unsettled.is_empty(), "a draft may be there already: it must be looked for");
    }
}
