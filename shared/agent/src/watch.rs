//! Whoever watches a process: takes what it measured and hands it to those who keep it. Never in the way: what cannot be
//! told is lost, and said once in the log.

use std::{
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use otlp::{Exporter, Span};

use crate::{
    alarm,
    ingest::Answer,
    metrics::{Measured, Meter},
    record::RunRecord,
    spans,
    sweep::Swept,
};

/// Spans kept until the next [`Watch::flush`] at most.
const MOST_SPANS: usize = 4096;

/// Writes what was measured of one thing at this moment, where a platform reads it from the log.
pub type Write = fn(&Measured, Timestamp);

/// Takes what is measured.
pub struct Watch {
    write: Option<Write>,
    exporter: Option<Exporter>,
    clock: fn() -> Timestamp,
    held: Mutex<Held>,
}

struct Held {
    /// Since the process began.
    all: Meter,
    /// Since the last time the collector was told, and when that was.
    untold: Meter,
    since: Timestamp,
    spans: Vec<Span>,
    /// The last telling failed, and that was said.
    failing: bool,
}

impl Watch {
    /// One that writes, exports, both or neither, and counts in any case.
    pub fn new(write: Option<Write>, exporter: Option<Exporter>, clock: fn() -> Timestamp) -> Self {
        let held = Held {
            all: Meter::default(),
            untold: Meter::default(),
            since: clock(),
            spans: Vec::new(),
            failing: false,
        };
        Self { write, exporter, clock, held: Mutex::new(held) }
    }

    /// Takes what was measured of one thing.
    pub fn note(&self, measured: &Measured) {
        if let Some(write) = self.write {
            write(measured, (self.clock)());
        }
        let mut held = self.held();
        held.all.add(measured);
        if self.exporter.is_some() {
            held.untold.add(measured);
        }
    }

    /// A run ended; without its story if it panicked or was dropped.
    pub fn run(&self, story: Option<&RunRecord>) {
        match story {
            Some(story) => {
                self.note(&Measured::of_run(story));
                self.keep(|| spans::of_run(story));
            }
            None => self.note(&Measured::of_lost_run()),
        }
    }

    /// A webhook was answered.
    pub fn answer(&self, answer: &Answer, began: Timestamp, ended: Timestamp) {
        let took_ms = u64::try_from(ended.duration_since(began).as_millis()).unwrap_or(0);
        Measured::of_answer(answer, took_ms).iter().for_each(|measured| self.note(measured));
        self.keep(|| spans::of_answer(answer, began, ended));
    }

    /// A sweep ended.
    pub fn sweep(&self, swept: &Swept) {
        if !swept.dry_run {
            self.note(&Measured::of_sweep(swept));
        }
    }

    /// Everything since the process began, as Prometheus reads it.
    pub fn exposition(&self) -> String {
        self.alarms();
        self.held().all.exposition()
    }

    /// Tells the collector what it does not know yet. At the end of an invocation, or every few seconds.
    pub async fn flush(&self) {
        self.alarms();
        let Some(exporter) = &self.exporter else { return };
        let until = (self.clock)();
        let (spans, meter, since) = {
            let mut held = self.held();
            let since = mem::replace(&mut held.since, until);
            (mem::take(&mut held.spans), mem::take(&mut held.untold), since)
        };
        let told = async {
            if !spans.is_empty() {
                exporter.tell_spans(&spans).await?;
            }
            if !meter.is_empty() {
                exporter.tell_metrics(&meter.told(), since, until).await?;
            }
            Ok::<_, otlp::Error>(())
        };
        match told.await {
            Ok(()) => self.held().failing = false,
            Err(error) if !mem::replace(&mut self.held().failing, true) => {
                tracing::warn!(%error, "what was measured is lost until the collector answers again");
            }
            Err(_) => {}
        }
    }

    fn alarms(&self) {
        if let Some(alarms) = Measured::of_alarms(alarm::take()) {
            self.note(&alarms);
        }
    }

    fn keep(&self, spans: impl FnOnce() -> Vec<Span>) {
        if self.exporter.is_none() {
            return;
        }
        let spans = spans();
        let mut held = self.held();
        if held.spans.len().saturating_add(spans.len()) <= MOST_SPANS {
            held.spans.extend(spans);
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
