//! A run that has been granted the claim, step by step as the runner and the carrier take them.
//!
//! What a run does between its steps with the ledger and Procore has no effect on others and is left out.

use super::{
    row::{Holder, Row, Unsettled, granted},
    rules::{FLIGHT, Rules, SENT_WITHIN},
    world::{Flight, World},
};
use crate::claim::State;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Run {
    pub(super) at: At,
    pub(super) claim: Row,
    started_over: bool,
    /// Its write was sent later than it may be.
    pub(super) late: bool,
}

/// What a run does next. Between any two of these anything may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum At {
    WriteClaim,
    CallModel,
    StoreAnswer,
    Recheck,
    /// Store that a write is about to begin.
    Announce,
    /// See what is there. `before`: the write that an earlier run announced.
    Look {
        before: Unsettled,
    },
    Send {
        before: Unsettled,
    },
    Wait {
        contested: bool,
        landed: Option<u8>,
    },
    /// Look for all items of ours, and take away the newest, until one is left.
    Sift {
        overtaken: bool,
    },
    Finish {
        wrote: bool,
        state: State,
    },
}

impl World {
    /// Asks for the claim. One that is told to go away is as if it had never come.
    pub(super) fn start(&mut self, worker: usize, started_over: bool, rules: &Rules) {
        let holder = Holder::try_from(worker).unwrap();
        match granted(self.stored, self.text, holder, rules.lease) {
            Some(claim) => {
                self.runs[worker] = Some(Run { at: At::WriteClaim, claim, started_over, late: false });
            }
            None => self.end(worker),
        }
    }

    /// What the run does next, when all goes well.
    pub(super) fn step(&mut self, worker: usize, run: Run, rules: &Rules) {
        let claim = run.claim;
        match run.at {
            At::WriteClaim if claim.answered => self.advance(worker, claim, At::Recheck, rules),
            At::WriteClaim => self.advance(worker, claim, At::CallModel, rules),
            At::CallModel => {
                self.paid_again |= self.answered[usize::from(claim.text)];
                self.go_on(worker, At::StoreAnswer);
            }
            At::StoreAnswer => {
                let claim = Row { answered: true, state: State::Answered, ..claim };
                self.advance(worker, claim, At::Recheck, rules);
                // Who stands still may pay beside another: that is not asked there.
                self.answered[usize::from(claim.text)] |= !rules.stalls && self.runs[worker].is_some();
            }
            At::Recheck if claim.text == self.text => self.go_on(worker, At::Announce),
            At::Recheck if run.started_over => self.release(worker, claim, rules),
            At::Recheck => self.start(worker, true, rules),
            At::Announce => {
                let before = claim.unsettled;
                let claim = Row { state: State::Posting, unsettled: Some(0), ..claim };
                self.advance(worker, claim, At::Look { before }, rules);
            }
            At::Look { before } => self.look(worker, claim, before, rules),
            At::Send { before } => {
                let late = claim.unsettled.is_none_or(|announced| announced < -SENT_WITHIN);
                if late && rules.sent_soon && !rules.stalls {
                    return self.release(worker, Row { unsettled: before, ..claim }, rules);
                }
                let flight = Flight { sender: Holder::try_from(worker).unwrap(), sent: 0 };
                *self.flights.iter_mut().find(|place| place.is_none()).unwrap() = Some(flight);
                let at = At::Wait { contested: before.is_some(), landed: None };
                self.runs[worker] = Some(Run { at, late, ..run });
            }
            At::Wait { landed: None, .. } => {}
            At::Wait { contested: true, landed: Some(_) } if rules.older_stays => {
                self.go_on(worker, At::Sift { overtaken: false });
            }
            At::Wait { landed: Some(item), .. } => self.placed(worker, claim, item, true),
            At::Sift { overtaken } => match (self.oldest(), self.live().max()) {
                (Some(oldest), Some(newest)) if newest > oldest => {
                    self.items.iter_mut().filter(|item| **item == newest).for_each(|item| *item = 0);
                }
                _ if overtaken => self.end(worker),
                (Some(oldest), _) => self.placed(worker, claim, oldest, true),
                (None, _) => self.fail(worker, run, rules),
            },
            At::Finish { wrote, state } => {
                let done = Row { state, unsettled: None, lease: None, ..claim };
                if !self.write(worker, done, rules) && wrote && rules.older_stays {
                    // Overtaken: another may have written as well.
                    self.go_on(worker, At::Sift { overtaken: true });
                } else {
                    self.end(worker);
                }
            }
        }
    }

    /// Where the draft goes, by what is there.
    fn look(&mut self, worker: usize, claim: Row, before: Unsettled, rules: &Rules) {
        if let Some(placed) = claim.placed {
            let there = self.live().any(|item| item == placed);
            // One that is gone was deleted by a person: hands off.
            let state = if there { State::Posted } else { State::Closed };
            return self.go_on(worker, At::Finish { wrote: false, state });
        }
        if let Some(announced) = before
            && rules.looked_for
        {
            let found = self.oldest();
            if announced + rules.wait > 0 && (found.is_none() || rules.waits_to_adopt) {
                return self.release(worker, Row { unsettled: before, ..claim }, rules);
            }
            if let Some(found) = found {
                return match rules.older_stays {
                    true => self.go_on(worker, At::Sift { overtaken: false }),
                    false => self.placed(worker, claim, found, false),
                };
            }
        }
        self.go_on(worker, At::Send { before });
    }

    /// The draft is there, as that item.
    fn placed(&mut self, worker: usize, claim: Row, item: u8, wrote: bool) {
        if let Some(run) = &mut self.runs[worker] {
            run.claim = Row { placed: Some(item), ..claim };
            run.at = At::Finish { wrote, state: State::Posted };
        }
    }

    /// The step fails in a way that the run lives to see.
    pub(super) fn fail(&mut self, worker: usize, run: Run, rules: &Rules) {
        match run.at {
            // Refused, or something could not be read. What was announced counts as sent.
            At::CallModel | At::Recheck | At::Look { .. } | At::Sift { overtaken: false } => {
                self.release(worker, run.claim, rules);
            }
            // No leave to call in time: nothing was sent, for certain.
            At::Send { before } => self.release(worker, Row { unsettled: before, ..run.claim }, rules),
            _ => {}
        }
    }

    /// The answer to the write does not come. The lease is kept until the write has arrived or will not any more.
    pub(super) fn hear_nothing(&mut self, worker: usize, run: Run, rules: &Rules) {
        if let At::Wait { .. } = run.at {
            let lease = run.claim.lease.map(|(holder, _)| (holder, FLIGHT));
            self.write(worker, Row { lease, ..run.claim }, rules);
            self.end(worker);
        }
    }

    /// Stores the claim as the run has it. False: somebody else wrote since.
    fn write(&mut self, worker: usize, claim: Row, rules: &Rules) -> bool {
        let version = self.stored.map_or(0, |row| row.version);
        if rules.versioned && claim.version != version {
            return false;
        }
        let claim = Row { version: 1, ..claim };
        self.stored = Some(claim);
        for (other, run) in self.runs.iter_mut().enumerate() {
            if let Some(run) = run {
                run.claim = if other == worker { claim } else { Row { version: 0, ..run.claim } };
            }
        }
        true
    }

    /// Gives the claim back, if it is still its own to give, and ends the run.
    fn release(&mut self, worker: usize, claim: Row, rules: &Rules) {
        self.write(worker, Row { lease: None, ..claim }, rules);
        self.end(worker);
    }

    /// Stores the claim and goes on, or ends if that is refused.
    fn advance(&mut self, worker: usize, claim: Row, at: At, rules: &Rules) {
        if self.write(worker, claim, rules) { self.go_on(worker, at) } else { self.end(worker) }
    }

    fn go_on(&mut self, worker: usize, at: At) {
        if let Some(run) = &mut self.runs[worker] {
            run.at = at;
        }
    }
}

impl Run {
    /// What is in a claim that will not be stored again makes no difference, but for what the run reads in it.
    pub(super) fn forget(&mut self, stored: Row) {
        if self.claim.version == stored.version {
            return;
        }
        let Row { version, text, placed, unsettled, .. } = self.claim;
        let outdated = Row { version, lease: None, unsettled: None, ..stored };
        let claim = match self.at {
            At::CallModel | At::Recheck => Row { text, ..outdated },
            At::Look { .. } | At::Send { .. } => Row { placed, unsettled, ..outdated },
            _ => outdated,
        };
        match &mut self.at {
            at @ (At::WriteClaim | At::StoreAnswer) => *at = At::Announce,
            At::Wait { contested, .. } => *contested = true,
            At::Finish { state, .. } => *state = State::Posted,
            _ => {}
        }
        let started_over = self.started_over && matches!(self.at, At::CallModel | At::Recheck);
        *self = Self { claim, started_over, ..*self };
    }
}
