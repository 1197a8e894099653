//! What model calls cost.

use serde::{Deserialize, Serialize};

/// Tokens and money of one or more model calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// Prompt tokens, cached ones included.
    pub tokens_in: u32,
    /// Completion tokens.
    pub tokens_out: u32,
    /// Prompt tokens the endpoint served from its cache.
    pub tokens_cached: u32,
    /// Millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// Milliseconds spent waiting for the model.
    pub latency_ms: u64,
    /// Calls made.
    pub calls: u32,
}

impl std::ops::AddAssign for Spent {
    fn add_assign(&mut self, more: Self) {
        self.tokens_in = self.tokens_in.saturating_add(more.tokens_in);
        self.tokens_out = self.tokens_out.saturating_add(more.tokens_out);
        self.tokens_cached = self.tokens_cached.saturating_add(more.tokens_cached);
        self.cost_micro_usd = self.cost_micro_usd.saturating_add(more.cost_micro_usd);
        self.latency_ms = self.latency_ms.saturating_add(more.latency_ms);
        self.calls = self.calls.saturating_add(more.calls);
    }
}
