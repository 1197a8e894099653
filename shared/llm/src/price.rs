//! What a call costs.
//! A small table of public list prices, for budgets and reports: the operator's configuration overrides it, and an
//! unknown model has no price here rather than a guessed one.

use crate::reply::Usage;

/// Prices in micro-USD per million tokens: one dollar per million tokens is 1,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Prompt tokens that were not cached.
    pub input: u64,
    /// Prompt tokens the provider had cached.
    pub cached_input: u64,
    /// Tokens written.
    pub output: u64,
}

/// OpenAI's public list prices (standard tier, text), table of 2026-11. Surcharges for very long contexts, other service
/// tiers and Azure's regional prices are not in it.
const LIST: &[(&str, Price)] = &[
    ("gpt-4.1", Price { input: 2_000_000, cached_input: 500_000, output: 8_000_000 }),
    ("gpt-4.1-mini", Price { input: 400_000, cached_input: 100_000, output: 1_600_000 }),
    ("gpt-4.1-nano", Price { input: 100_000, cached_input: 25_000, output: 400_000 }),
    ("gpt-4o", Price { input: 2_500_000, cached_input: 1_250_000, output: 10_000_000 }),
    ("gpt-4o-mini", Price { input: 150_000, cached_input: 75_000, output: 600_000 }),
    ("gpt-5", Price { input: 1_250_000, cached_input: 125_000, output: 10_000_000 }),
    ("gpt-5-mini", Price { input: 250_000, cached_input: 25_000, output: 2_000_000 }),
    ("gpt-5-nano", Price { input: 50_000, cached_input: 5_000, output: 400_000 }),
];

/// Snapshots that were sold at another price than the name they belong to.
const EXCEPTIONS: &[&str] = &["gpt-4o-2024-05-13"];

/// The list price of a model, by its name or a dated snapshot of it (`gpt-4.1-2025-04-14`).
pub fn price_of(model: &str) -> Option<Price> {
    if EXCEPTIONS.contains(&model) {
        return None;
    }
    let name = without_date(model);
    LIST.iter().find(|(listed, _)| *listed == name).map(|(_, price)| *price)
}

/// Cost in micro-USD, rounded up: a call that used anything costs something.
pub fn cost_micro_usd(price: &Price, usage: &Usage) -> u64 {
    let cached = usage.tokens_cached.min(usage.tokens_in);
    let fresh = usage.tokens_in - cached;
    let total = [(fresh, price.input), (cached, price.cached_input), (usage.tokens_out, price.output)]
        .into_iter()
        .map(|(tokens, rate)| u128::from(tokens) * u128::from(rate))
        .sum::<u128>();
    u64::try_from(total.div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

fn without_date(model: &str) -> &str {
    let is_date = |tail: &str| {
        tail.len() == 11
            && tail.bytes().enumerate().all(|(place, byte)| match place {
                0 | 5 | 8 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
    };
    match model.len().checked_sub(11).and_then(|cut| model.split_at_checked(cut)) {
        Some((name, tail)) if is_date(tail) => name,
        _ => model,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_found_by_name_or_snapshot_and_never_guessed() {
        let cases = [
            ("gpt-4.1-mini", Some(400_000)),
            ("gpt-4.1-2025-04-14", Some(2_000_000)),
            ("gpt-4o-2024-08-06", Some(2_500_000)),
            ("gpt-4o-2024-05-13", None),
            ("gpt-4o-audio-preview", None),
            ("gpt-4", None),
            ("plumbline-scripted", None),
            ("modèle-2025-01-01", None),
            ("", None),
        ];
        for (model, input) in cases {
            assert_eq!(price_of(model).map(|price| price.input), input, "{model}");
        }
    }

    #[test]
    fn cost_is_exact_and_rounded_up() {
        let price = Price { input: 2_000_000, cached_input: 500_000, output: 8_000_000 };
        let cost = |tokens_in, tokens_cached, tokens_out| {
            cost_micro_usd(&price, &Usage { tokens_in, tokens_out, tokens_cached })
        };
        assert_eq!(cost(0, 0, 0), 0);
        assert_eq!(cost(1000, 0, 500), 2000 + 4000);
        assert_eq!(cost(1000, 600, 0), 800 + 300);
        assert_eq!(cost(1, 1, 0), 1, "half a micro-dollar is rounded up");
        assert_eq!(cost(1, 9, 0), 1, "more cached than sent counts as all cached");
        let dear = Price { input: u64::MAX, ..price };
        assert_eq!(cost_micro_usd(&dear, &Usage { tokens_in: u32::MAX, ..Usage::default() }), u64::MAX);
    }
}
