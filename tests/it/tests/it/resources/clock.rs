//! Procore's clock is not ours. Neither tokens nor waits may suffer from it.

use std::time::{Duration, Instant};

use futures::future::join_all;
use procore::Windows;
use sandbox::{Options, Quotas, Sandbox};

use super::{Desk, PROJECT, client};

const DAY_S: i64 = 86_400;
const WINDOW: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_clock_that_is_off_costs_neither_tokens_nor_refusals_nor_time() {
    // A day ahead is believed; a day behind is, to the second, more than a clock may be off, and taken for a mistake.
    join_all([120, -120, DAY_S, -DAY_S].map(three_windows)).await;
}

/// More calls than two short windows hold, against a server whose clock is off by so much.
async fn three_windows(clock_offset_s: i64) {
    let hourly_window = Duration::from_secs(60);
    let quotas = Quotas { spike: 10, spike_window: WINDOW, hourly: 500, hourly_window };
    let sandbox = Sandbox::start(Options { clock_offset_s, quotas, ..Options::demo() }).await.unwrap();
    let windows = Windows { spike: WINDOW, hour: hourly_window };
    let procore = client(&sandbox, |settings| settings.windows = windows);
    let desk = Desk { sandbox, procore };
    let began = Instant::now();

    for _ in 0..25 {
        desk.procore.me().await.unwrap();
    }

    let taken = began.elapsed();
    assert_eq!((desk.tokens(), desk.sandbox.calls_refused()), (1, 0), "{clock_offset_s}");
    assert!((WINDOW..WINDOW * 15).contains(&taken), "{clock_offset_s}: {taken:?}");
}

#[tokio::test]
async fn a_token_that_was_taken_back_is_replaced_once_by_any_clock() {
    for clock_offset_s in [0, 120, -120, DAY_S, -DAY_S] {
        let desk = Desk::with(Options { clock_offset_s, ..Options::demo() }).await;
        desk.procore.me().await.unwrap();
        desk.sandbox.revoke_tokens();
        desk.procore.project(PROJECT).await.unwrap();
        desk.procore.locations(PROJECT).await.unwrap();
        assert_eq!(desk.tokens(), 2, "{clock_offset_s}");
    }
}
