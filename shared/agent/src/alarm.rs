//! Counts the lines of the log that a person must look at: those that begin with `ALARM:`.

use std::{
    fmt::Debug,
    sync::atomic::{AtomicU64, Ordering},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};

/// How such a line begins.
pub const MARK: &str = "ALARM:";

/// Lines since the last [`take`], of this process.
static LINES: AtomicU64 = AtomicU64::new(0);

/// Alarms since this was asked last.
pub fn take() -> u64 {
    LINES.swap(0, Ordering::Relaxed)
}

/// Listens to a program's log. Put beside what writes it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listener;

impl<S: Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut says = Says(false);
        event.record(&mut says);
        if says.0 {
            LINES.fetch_add(1, Ordering::Relaxed);
        }
    }
}

struct Says(bool);

impl Visit for Says {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0 |= field.name() == "message" && format!("{value:?}").starts_with(MARK);
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[test]
    fn only_lines_that_begin_with_the_mark_are_counted() {
        tracing::subscriber::with_default(tracing_subscriber::registry().with(Listener), || {
            take();
            tracing::error!(project_id = 4071, "ALARM: the budget is used up");
            tracing::error!(reason = "ALARM: told in a field", "kept");
            tracing::warn!("no ALARM: this");
        });
        assert_eq!((take(), take()), (1, 0));
    }
}
