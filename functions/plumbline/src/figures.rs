//! Numbers for people: quantiles, spans of time, money.

/// The value that so many percent of the others do not exceed (nearest rank); `None` of nothing.
pub(crate) fn quantile(values: &[u64], percent: usize) -> Option<u64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = sorted.len().saturating_mul(percent).div_ceil(100).max(1);
    sorted.get(rank.saturating_sub(1)).copied()
}

/// A span of time in the unit that tells it best: `850 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`.
pub(crate) fn span_told(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        1000..60_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        60_000..3_600_000 => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1000),
        _ => format!("{} h {} min", ms / 3_600_000, ms % 3_600_000 / 60_000),
    }
}

/// Dollars, to the cent; what is less than a cent to a hundredth of one.
pub(crate) fn usd_told(micro_usd: u64) -> String {
    if micro_usd > 0 && micro_usd < 10_000 {
        let hundredths = micro_usd.div_ceil(100);
        return format!("0.{hundredths:04}");
    }
    let cents = micro_usd.saturating_add(5000) / 10_000;
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let values = [50, 10, 40, 20, 30];
        for (percent, expected) in [(0, 10), (20, 10), (21, 20), (50, 30), (95, 50), (100, 50)] {
            assert_eq!(quantile(&values, percent), Some(expected), "{percent}");
        }
        assert_eq!((quantile(&[], 50), quantile(&[7], 95)), (None, Some(7)));
    }

    #[test]
    fn spans_and_money_are_told_as_people_say_them() {
        for (ms, told) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (4290, "4.2 s"),
            (59_999, "59.9 s"),
            (200_000, "3 min 20 s"),
            (7_500_000, "2 h 5 min"),
        ] {
            assert_eq!(span_told(ms), told);
        }
        for (micro_usd, told) in [
            (0, "0.00"),
            (1, "0.0001"),
            (1234, "0.0013"),
            (9999, "0.0100"),
            (14_999, "0.01"),
            (15_000, "0.02"),
            (12_345_678, "12.35"),
        ] {
            assert_eq!(usd_told(micro_usd), told);
        }
    }
}
