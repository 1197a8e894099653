//! What a sandbox is started with.

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::seed::Seed;

/// Gives the run records shown on the run pages; called each time such a page is drawn.
pub type RunSource = Arc<dyn Fn() -> BoxFuture<'static, Vec<Value>> + Send + Sync>;

/// Everything that can be set before the start.
#[derive(Clone)]
pub struct Options {
    /// Address of the API and the pages. Must be loopback; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Project, people, sections and RFIs to begin with.
    pub seed: Seed,
    /// OAuth client id of the service account's application.
    pub client_id: String,
    /// OAuth client secret that goes with it.
    pub client_secret: String,
    /// Life of an access token in seconds. Procore docs: 90 minutes.
    pub token_life_s: u64,
    /// Call budget.
    pub quotas: Quotas,
    /// First delay before a failed webhook is sent again; doubles up to one hour. Procore docs: 1 s.
    pub webhook_retry_first_ms: u64,
    /// How far the server's clock is ahead of this machine's, in seconds; negative when it is behind. It shows in
    /// `Date`, in the reset header and in every time the server writes.
    pub clock_offset_s: i64,
    /// How long a hook may fail before its queue is flushed as discarded. Procore docs: 12 h.
    pub webhook_give_up_after: Duration,
    /// Source of the run pages; can also be given later with `Sandbox::set_runs`.
    pub runs: Option<RunSource>,
}

impl Options {
    /// The seeded project with its open and closed RFIs.
    #[must_use]
    pub fn demo() -> Self {
        Self::with(Seed::demo())
    }

    /// The seeded project at this moment, which the server's clock shows: for what must not depend on the day it is run on.
    #[must_use]
    pub fn demo_at(now: Timestamp) -> Self {
        let clock_offset_s = now.as_second().saturating_sub(Timestamp::now().as_second());
        Self { clock_offset_s, ..Self::with(Seed::demo_at(now)) }
    }

    /// The same project, people, correspondence type and sections, without any RFI.
    #[must_use]
    pub fn empty() -> Self {
        Self::with(Seed::empty())
    }

    fn with(seed: Seed) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed,
            client_id: "sandbox-client-id".to_owned(),
            client_secret: "sandbox-client-secret".to_owned(),
            token_life_s: 5400,
            quotas: Quotas::default(),
            clock_offset_s: 0,
            webhook_retry_first_ms: 1000,
            webhook_give_up_after: Duration::from_secs(12 * 3600),
            runs: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("quotas", &self.quotas)
            .field("webhook_retry_first_ms", &self.webhook_retry_first_ms)
            .finish_non_exhaustive()
    }
}

/// The two windows Procore counts calls in. Its docs give no fixed values, so the defaults are merely roomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Calls in the hourly window.
    pub hourly: u32,
    /// Calls in the spike window.
    pub spike: u32,
    /// Length of the hourly window. Procore docs: sixty minutes; a test may speed it up.
    pub hourly_window: Duration,
    /// Length of the spike window. Procore docs: ten seconds; a test may speed it up.
    pub spike_window: Duration,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            hourly: 36_000,
            spike: 2_000,
            hourly_window: Duration::from_secs(3600),
            spike_window: Duration::from_secs(10),
        }
    }
}

/// A webhook subscription.
#[derive(Debug, Clone)]
pub struct Hook {
    /// Where deliveries are posted.
    pub url: Url,
    /// Sent verbatim as the `Authorization` header: the only authenticity Procore offers. Empty: not sent.
    pub authorization: String,
    /// `v2.0`, `v3.0` or `v4.0`; anything else is sent as v2.0.
    pub payload_version: String,
}
