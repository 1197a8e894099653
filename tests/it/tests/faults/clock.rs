//! The time of one test: real time plus what the test added. Each test has a thread of its own.

use std::{
    cell::{Cell, RefCell},
    pin::pin,
    task::{Context, Waker},
};

use agent::run::{Edge, Step};
use jiff::{SignedDuration, Timestamp};

type Watching = Box<dyn FnMut(Step, Edge)>;

thread_local! {
    static AHEAD: Cell<SignedDuration> = const { Cell::new(SignedDuration::ZERO) };
    static SKEW: Cell<SignedDuration> = const { Cell::new(SignedDuration::ZERO) };
    static WATCHER: RefCell<Option<Watching>> = const { RefCell::new(None) };
}

/// The clock of workers.
pub(crate) fn now() -> Timestamp {
    Timestamp::now() + AHEAD.get()
}

/// The clock of a worker whose clock is wrong by [`skew`].
pub(crate) fn skewed() -> Timestamp {
    now() + SKEW.get()
}

/// From now on it is so much later.
pub(crate) fn advance(by: SignedDuration) {
    AHEAD.set(AHEAD.get() + by);
}

/// It is as late as it really is: for a new world, whose far side's clock was never told of what was added. Nobody looks
/// for what was written more than an hour before its claim.
pub(crate) fn begin_anew() {
    AHEAD.set(SignedDuration::ZERO);
    SKEW.set(SignedDuration::ZERO);
}

/// From now on the second worker's clock is so far ahead.
pub(crate) fn skew(by: SignedDuration) {
    SKEW.set(by);
}

/// Tells the test of every step of this thread's runs.
pub(crate) fn watch(step: Step, edge: Edge) {
    // Taken out while it is called: what it does may take steps itself.
    let watcher = WATCHER.with_borrow_mut(Option::take);
    if let Some(mut watcher) = watcher {
        watcher(step, edge);
        WATCHER.with_borrow_mut(|place| *place = Some(watcher));
    }
}

/// The next wait of this task for anything is a wait, even for what is there already: so that whoever is told of a step
/// comes before what the run does next. Tokio lets a task have so much in one turn, and here it is used up.
pub(crate) fn end_turn() {
    let mut nobody = Context::from_waker(Waker::noop());
    while pin!(tokio::task::consume_budget()).poll(&mut nobody).is_ready() {}
}

/// Who is told.
pub(crate) fn set_watcher(watcher: impl FnMut(Step, Edge) + 'static) {
    WATCHER.with_borrow_mut(|place| *place = Some(Box::new(watcher)));
}
