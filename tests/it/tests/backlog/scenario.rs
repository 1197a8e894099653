//! A backlog: more changed RFIs than Procore's call limits allow at once, and many processes over one ledger.
//!
//! Time runs faster here, at the stand-in and in the workers alike: ten seconds are two, an hour is one minute.

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

use procore::Windows;
use sandbox::{Options, Quotas, WindowKind, WindowUse};
use tokio::task::JoinSet;

use crate::{
    child::Mortal,
    world::{FarSide, event, post, question},
};

pub(crate) const RFIS: usize = 200;
const WORKERS: usize = 8;
const SPIKE: u32 = 25;
const HOURLY: u32 = 600;
const WINDOWS: Windows = Windows { spike: Duration::from_secs(2), hour: Duration::from_secs(60) };
const SECTIONS: [&str; 4] = ["10 28 00", "09 30 00", "10 14 00", "08 71 00"];

/// What became of a backlog.
pub(crate) struct Report {
    pub(crate) refused: u64,
    pub(crate) calls: u64,
    /// Calls made while work was waiting, and calls allowed meanwhile.
    pub(crate) used: u32,
    pub(crate) allowed: u32,
    /// Drafts by the RFI they are for.
    pub(crate) drafts: BTreeMap<String, usize>,
    pub(crate) took: Duration,
}

impl Report {
    pub(crate) fn share(&self) -> f64 {
        f64::from(self.used) / f64::from(self.allowed.max(1))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "backlog    {RFIS} RFIs, {WORKERS} processes, {SPIKE} calls in 10 s, {HOURLY} an hour")?;
        writeln!(f, "time       10 s run in {:?}, an hour in {:?}", WINDOWS.spike, WINDOWS.hour)?;
        writeln!(
            f,
            "took       {:.1} s; {} calls, {} of them refused",
            self.took.as_secs_f64(),
            self.calls,
            self.refused
        )?;
        let share = 100.0 * self.share();
        writeln!(
            f,
            "used       {} of {} calls allowed while work was waiting: {share:.1} %",
            self.used, self.allowed
        )?;
        write!(f, "drafts     {} for {} RFIs", self.drafts.values().sum::<usize>(), self.drafts.len())
    }
}

/// Lets the workers loose on the backlog and waits until every RFI has its draft.
pub(crate) async fn run() -> Report {
    let mut options = Options::empty();
    options.quotas =
        Quotas { hourly: HOURLY, spike: SPIKE, hourly_window: WINDOWS.hour, spike_window: WINDOWS.spike };
    let far = FarSide::start(options).await;
    let rfis: Vec<i64> = (0..RFIS)
        .map(|number| {
            let section = SECTIONS.get(number % SECTIONS.len()).copied().map(str::to_owned);
            far.sandbox.add_rfi(sandbox::NewRfi { section, ..question() })
        })
        .collect();

    let mut workers = Vec::new();
    for _ in 0..WORKERS {
        workers.push(Mortal::start(&far).await);
    }
    let began = Instant::now();
    let door = workers.first().map(|worker| worker.door.clone()).unwrap();
    for rfi in &rfis {
        assert_eq!(post(&door, &event(*rfi, "update")).await, 204);
    }

    let done = |drafts: usize| move |sandbox: &sandbox::Sandbox| sandbox.correspondence().len() >= drafts;
    // While more wait than there are hands, work is waiting for calls and not the other way round.
    let hands = WORKERS * 4;
    assert!(far.sandbox.wait_for(Duration::from_secs(240), done(RFIS - hands)).await, "no end in sight");
    let windows = far.sandbox.quota_use();
    let now = jiff::Timestamp::now();
    assert!(far.sandbox.wait_for(Duration::from_secs(120), done(RFIS)).await, "the last drafts did not come");
    let took = began.elapsed();

    let mut stopping = JoinSet::new();
    for worker in workers {
        stopping.spawn(worker.stop());
    }
    stopping.join_all().await;
    let mut drafts = BTreeMap::new();
    for item in far.sandbox.correspondence() {
        // The title names the RFI.
        *drafts.entry(item.title).or_default() += 1;
    }
    let (used, allowed) = use_of(&windows, now.as_millisecond());
    Report {
        refused: far.sandbox.calls_refused(),
        calls: far.sandbox.calls_counted(),
        used,
        allowed,
        drafts,
        took,
    }
}

/// Calls made until `now_ms`, and the most that could have been made since the first of them: in each hourly window
/// what the short windows in it allow, but no more than the hourly limit.
fn use_of(windows: &[WindowUse], now_ms: i64) -> (u32, u32) {
    let of = |kind: WindowKind| windows.iter().filter(move |window| window.kind == kind);
    let used = of(WindowKind::Hourly).map(|window| window.used).sum();
    let began: Vec<i64> = of(WindowKind::Hourly).map(|window| window.began_at.as_millisecond()).collect();
    let spike_ms = i64::try_from(WINDOWS.spike.as_millis()).unwrap();
    let allowed = began
        .iter()
        .enumerate()
        .map(|(number, begin_ms)| {
            let end_ms = began.get(number + 1).copied().unwrap_or(now_ms);
            // A short window that has begun allows all its calls.
            let spikes = u32::try_from((end_ms - begin_ms + spike_ms - 1) / spike_ms).unwrap();
            (spikes * SPIKE).min(HOURLY)
        })
        .sum();
    (used, allowed)
}
