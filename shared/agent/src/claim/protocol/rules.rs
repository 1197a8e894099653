//! The rules that the protocol consists of. Each can be left out, to see what it is good for.

use super::row::{STEP_S, Time, Unsettled};
use crate::error;

/// How long after it was sent a write may still be applied.
pub(super) const FLIGHT: Time = (error::AMBIGUOUS_WAIT.as_secs() as i64 / STEP_S) as Time;
/// The longest time between announcing a write and sending it.
pub(super) const SENT_WITHIN: Time = (error::SENT_WITHIN.as_secs() as i64 / STEP_S) as Time;

#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// A worker may stand still for any time and go on after its lease. Otherwise it is dropped when its lease ends.
    pub(super) stalls: bool,
    /// One that sent its write too late may die, or fail to read, before it has seen what became of it.
    pub(super) late_may_die: bool,
    /// How long a lease lasts.
    pub(super) lease: Time,
    /// The lease of a run that is over ends.
    pub(super) leases_end: bool,
    /// The ledger stores a claim only over the version it was read as.
    pub(super) versioned: bool,
    /// A write of unknown end is looked for before another is sent.
    pub(super) looked_for: bool,
    /// For so long after it was announced, a write may still arrive: until then another is not sent.
    pub(super) wait: Time,
    /// Until then an item that is found is not taken for the one that was announced either.
    pub(super) waits_to_adopt: bool,
    /// A write is sent at most [`SENT_WITHIN`] after it was announced, or not at all.
    pub(super) sent_soon: bool,
    /// Whoever finds items of ours, or may have written beside another, takes away all but the oldest.
    pub(super) older_stays: bool,
}

impl Rules {
    /// All of them, with workers that do nothing after their leases.
    pub(super) const IN_TIME: Self = Self {
        stalls: false,
        late_may_die: false,
        lease: FLIGHT + SENT_WITHIN + 1,
        leases_end: true,
        versioned: true,
        looked_for: true,
        wait: FLIGHT + SENT_WITHIN,
        waits_to_adopt: true,
        sent_soon: true,
        older_stays: true,
    };

    /// All of them, with workers that may stand still anywhere. Their leases only keep others away: with the shortest
    /// the most can happen.
    pub(super) const STALLING: Self = Self { stalls: true, lease: 1, ..Self::IN_TIME };

    /// Lets time pass over the announcement of a write, as far as anybody looks back.
    pub(super) fn age(&self, unsettled: &mut Unsettled) {
        *unsettled = unsettled.map(|announced| (announced - 1).max(-self.wait.max(SENT_WITHIN + 1)));
    }
}
