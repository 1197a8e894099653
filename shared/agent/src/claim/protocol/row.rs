//! The stored claim in as few values as the protocol looks at, and the way to the real [`Claim`] and back: states are
//! kept by the hundred thousand, and a decision is always the real one.

use jiff::Timestamp;
use procore::CorrespondenceItemId;

use crate::{
    claim::{Claim, Lease, State, StoredAnswer, Taken, decide},
    draft::Placed,
    spent::Spent,
};

/// Time in steps, counted from now: below zero is past.
pub(super) type Time = i8;
/// Seconds of one step of time.
pub(super) const STEP_S: i64 = 10;

/// Who holds a lease: worker 0 or 1 in the run it is in, or a run that has ended.
pub(super) type Holder = u8;
/// A run that is over, however it ended.
pub(super) const ENDED: Holder = 2;

/// A claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Row {
    /// 0: none is stored yet, or a version that is not stored any more; 1: the stored one.
    pub(super) version: u8,
    /// Which text of the record the work rests on.
    pub(super) text: u8,
    pub(super) state: State,
    pub(super) lease: Option<(Holder, Time)>,
    pub(super) answered: bool,
    pub(super) placed: Option<u8>,
    pub(super) unsettled: Unsettled,
}

/// A write that may have been applied, by the time it was announced; `None` if there is none.
pub(super) type Unsettled = Option<Time>;

/// What [`decide`] says to a run of `holder` that found the record to be `text`; `None` if it has to go away.
pub(super) fn granted(stored: Option<Row>, text: u8, holder: Holder, until: Time) -> Option<Row> {
    let lease = lease((holder, until));
    match decide(stored.map(Row::claim), &text.to_string(), lease, at(0)) {
        Taken::Granted(claim) => Some(Row::of(&claim)),
        Taken::Unchanged | Taken::Busy { .. } => None,
    }
}

impl Row {
    fn claim(self) -> Claim {
        let answer = self.answered.then(|| StoredAnswer {
            json: serde_json::Value::Null,
            model: String::new(),
            spent: Spent::default(),
            repaired: false,
        });
        Claim {
            version: self.version.into(),
            state: self.state,
            lease: self.lease.map(lease),
            answer,
            placed: self.placed.map(|item| Placed::Item {
                item: CorrespondenceItemId::new(item.into()),
                text_hash: String::new(),
            }),
            unsettled: self.unsettled.map(|_| String::new()).into_iter().collect(),
            unsettled_since: self.unsettled.map(at),
            ..Claim::fresh(&self.text.to_string(), at(0))
        }
    }

    fn of(claim: &Claim) -> Self {
        Self {
            version: claim.version.try_into().unwrap(),
            text: claim.evidence_hash.parse().unwrap(),
            state: claim.state,
            lease: claim.lease.as_ref().map(|lease| (lease.run.parse().unwrap(), time(lease.until))),
            answered: claim.answer.is_some(),
            placed: claim.placed.as_ref().map(|placed| match placed {
                Placed::Item { item, .. } => item.get().try_into().unwrap(),
                Placed::Field { .. } => unreachable!("the model places items only"),
            }),
            unsettled: (!claim.unsettled.is_empty()).then(|| time(claim.unsettled_since.unwrap())),
        }
    }
}

fn lease((holder, until): (Holder, Time)) -> Lease {
    Lease { holder: String::new(), run: holder.to_string(), until: at(until) }
}

fn at(time: Time) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + i64::from(time) * STEP_S).unwrap()
}

fn time(at: Timestamp) -> Time {
    ((at.as_second() - 1_800_000_000) / STEP_S).try_into().unwrap()
}
