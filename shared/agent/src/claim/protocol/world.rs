//! Two workers, one record, the ledger and Procore, as far as the protocol depends on them.

use std::fmt;

use super::{
    explore::Model,
    row::{ENDED, Holder, Row, STEP_S, Time},
    rules::{FLIGHT, Rules},
    run::{At, Run},
};
use crate::claim::State;

/// Everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct World {
    /// What the record says: 0, and 1 once it has changed.
    pub(super) text: u8,
    crashes_left: u8,
    /// The ledger.
    pub(super) stored: Option<Row>,
    pub(super) runs: [Option<Run>; 2],
    /// Writes on their way to Procore.
    pub(super) flights: [Option<Flight>; 4],
    /// Live items of ours at Procore, 0 for none. A newer one has a higher number.
    pub(super) items: [u8; 4],
    /// For which texts of the record an answer has been stored.
    pub(super) answered: [bool; 2],
    /// An answer was paid for after one for the same text had been stored.
    pub(super) paid_again: bool,
}

/// A new item on its way to Procore.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Flight {
    /// Who waits for the answer.
    pub(super) sender: Holder,
    pub(super) sent: Time,
}

/// What happens. The workers, being alike, may change their numbers on the way: see [`World::tidy`].
#[derive(Clone, Copy)]
pub(super) enum Action {
    TimePasses,
    RecordChanges,
    Lands(Holder),
    Reclaimed,
    Starts(usize),
    Steps(usize, At),
    Fails(usize, At),
    HearsNothing(usize),
    Crashes(usize),
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimePasses => write!(f, "{STEP_S} s pass"),
            Self::RecordChanges => f.write_str("the record changes"),
            Self::Lands(ENDED) => f.write_str("the write of a run that is over arrives"),
            Self::Lands(sender) => write!(f, "the write of {sender} arrives"),
            Self::Reclaimed => f.write_str("the lease of a run that is over is given back"),
            Self::Starts(worker) => write!(f, "{worker} is granted the claim"),
            Self::Steps(worker, at) => write!(f, "{worker} {at:?}"),
            Self::Fails(worker, at) => write!(f, "{worker} fails to {at:?}"),
            Self::HearsNothing(worker) => write!(f, "{worker} gets no answer to its write"),
            Self::Crashes(worker) => write!(f, "{worker} crashes"),
        }
    }
}

impl Model for Rules {
    type State = World;
    type Action = Action;

    fn first(&self) -> World {
        World {
            text: 0,
            crashes_left: 3,
            stored: None,
            runs: [None; 2],
            flights: [None; 4],
            items: [0; 4],
            answered: [false; 2],
            paid_again: false,
        }
    }

    fn next(&self, world: &World, out: &mut Vec<(Action, World)>) {
        let mut can = |action, change: &dyn Fn(&mut World)| {
            let mut next = *world;
            change(&mut next);
            next.tidy(self);
            if next != *world {
                out.push((action, next));
            }
        };
        can(Action::TimePasses, &|next| next.pass_time(self));
        if world.text == 0 {
            can(Action::RecordChanges, &|next| next.text = 1);
        }
        for (index, flight) in world.flights.iter().enumerate() {
            if let Some(flight) = flight {
                can(Action::Lands(flight.sender), &|next| next.land(index));
            }
        }
        if self.leases_end && world.stored.is_some_and(|row| row.lease.is_some_and(|lease| lease.0 == ENDED))
        {
            can(Action::Reclaimed, &|next| next.reclaim());
        }
        for worker in 0..2 {
            let Some(run) = world.runs[worker] else {
                can(Action::Starts(worker), &|next| next.start(worker, false, self));
                continue;
            };
            can(Action::Steps(worker, run.at), &|next| next.step(worker, run, self));
            if self.late_may_die || !world.is_late(worker, run) {
                can(Action::Fails(worker, run.at), &|next| next.fail(worker, run, self));
                can(Action::HearsNothing(worker), &|next| next.hear_nothing(worker, run, self));
                if world.crashes_left > 0 {
                    can(Action::Crashes(worker), &|next| {
                        next.crashes_left -= 1;
                        next.end(worker);
                    });
                }
            }
        }
    }

    fn fault(&self, world: &World) -> Option<&'static str> {
        let items = world.live().count();
        if !self.stalls && items > 1 {
            return Some("two items");
        }
        if !self.stalls && world.paid_again {
            return Some("paid again");
        }
        match (world.rests(), items) {
            (false, _) | (true, 1) => None,
            (true, 0) => Some("no item in the end"),
            (true, _) => Some("two items in the end"),
        }
    }

    fn is_done(&self, world: &World) -> bool {
        world.rests() && world.live().count() == 1
    }
}

impl World {
    pub(super) fn live(&self) -> impl Iterator<Item = u8> + '_ {
        self.items.iter().copied().filter(|item| *item != 0)
    }

    pub(super) fn oldest(&self) -> Option<u8> {
        self.live().min()
    }

    /// True if nothing is on its way, nobody works, and whoever looks is told that all is done.
    fn rests(&self) -> bool {
        let done = |row: Row| row.text == self.text && matches!(row.state, State::Posted | State::Closed);
        self.stored.is_some_and(done) && self.runs == [None; 2] && self.flights == [None; 4]
    }

    /// True while something may come of a write that was sent too late.
    fn is_late(&self, worker: usize, run: Run) -> bool {
        let flies = || self.flights.iter().flatten().any(|flight| usize::from(flight.sender) == worker);
        run.late && (!matches!(run.at, At::Wait { landed: None, .. }) || flies())
    }

    fn pass_time(&mut self, rules: &Rules) {
        if let Some(row) = &mut self.stored {
            row.pass_time(rules);
        }
        for worker in 0..2 {
            if let Some(run) = &mut self.runs[worker] {
                run.claim.pass_time(rules);
                if let At::Look { before } | At::Send { before } = &mut run.at {
                    rules.age(before);
                }
                // What began in time may be in Procore's hands still; nobody waits for it any more.
                if !rules.stalls && run.claim.lease.is_none_or(|(_, until)| until <= 0) {
                    self.end(worker);
                }
            }
        }
        for flight in &mut self.flights {
            *flight = flight
                .map(|flight| Flight { sent: flight.sent - 1, ..flight })
                .filter(|flight| flight.sent > -FLIGHT);
        }
    }

    /// The item is made.
    fn land(&mut self, flight: usize) {
        let Some(Flight { sender, .. }) = self.flights[flight].take() else { return };
        let mut newest = 0;
        self.each_id(|id| newest = newest.max(*id));
        let item = newest + 1;
        *self.items.iter_mut().find(|place| **place == 0).unwrap() = item;
        if let Some(Some(run)) = self.runs.get_mut(usize::from(sender))
            && let At::Wait { landed, .. } = &mut run.at
        {
            *landed = Some(item);
        }
    }

    /// On one machine the death of a process is seen, and what it held is free at once.
    fn reclaim(&mut self) {
        if let Some(row) = &mut self.stored {
            row.lease = None;
        }
        for run in self.runs.iter_mut().flatten() {
            run.claim.version = 0;
        }
    }

    /// The run is over, in whatever way.
    pub(super) fn end(&mut self, worker: usize) {
        self.runs[worker] = None;
        let holder = Holder::try_from(worker).unwrap();
        if let Some(Row { lease: Some((held, _)), .. }) = &mut self.stored
            && *held == holder
        {
            *held = ENDED;
        }
        for flight in self.flights.iter_mut().flatten() {
            if flight.sender == holder {
                flight.sender = ENDED;
            }
        }
    }

    /// One form for all states that nobody could tell apart.
    fn tidy(&mut self, rules: &Rules) {
        if let Some(stored) = self.stored
            && rules.versioned
        {
            self.runs.iter_mut().flatten().for_each(|run| run.forget(stored));
        }
        // The two workers are alike.
        if self.runs[1] < self.runs[0] {
            self.runs.swap(0, 1);
            let stored = self.stored.iter_mut();
            let runs = self.runs.iter_mut().flatten().map(|run| &mut run.claim);
            let leases = stored.chain(runs).filter_map(|row| row.lease.as_mut()).map(|(holder, _)| holder);
            let senders = self.flights.iter_mut().flatten().map(|flight| &mut flight.sender);
            for holder in leases.chain(senders).filter(|holder| **holder != ENDED) {
                *holder = 1 - *holder;
            }
        }
        let mut known = 0;
        self.each_id(|id| known |= 1_u32 << *id);
        // Whatever the numbers were: only which is older matters. Zero stays zero.
        self.each_id(|id| *id = ((known | 1) & ((1 << *id) - 1)).count_ones() as u8);
        self.items.sort_unstable();
        self.flights.sort_unstable();
    }

    /// Every number of an item that anybody knows of, and zeros.
    fn each_id(&mut self, mut tell: impl FnMut(&mut u8)) {
        self.items.iter_mut().for_each(&mut tell);
        self.stored.iter_mut().filter_map(|row| row.placed.as_mut()).for_each(&mut tell);
        for run in self.runs.iter_mut().flatten() {
            run.claim.placed.iter_mut().for_each(&mut tell);
            if let At::Wait { landed: Some(item), .. } = &mut run.at {
                tell(item);
            }
        }
    }
}

impl Row {
    fn pass_time(&mut self, rules: &Rules) {
        if let Some((holder, until)) = &mut self.lease
            && (rules.leases_end || *holder != ENDED)
        {
            *until = (*until - 1).max(0);
        }
        rules.age(&mut self.unsettled);
    }
}
