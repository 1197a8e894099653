//! Points in time as an operator writes and reads them.

use jiff::{SignedDuration, Timestamp, civil::Date};

/// Reads a time (2026-11-20T08:00Z), a day (2026-11-20, UTC) or a span before now (24h, 7d).
///
/// # Errors
/// In words, when it is none of them.
pub(crate) fn since(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    if let Ok(day) = text.parse::<Date>() {
        return day
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map(|at| at.timestamp())
            .map_err(|error| error.to_string());
    }
    // A day is 24 hours here.
    let span = match text.strip_suffix('d').map(str::parse::<i64>) {
        Some(Ok(days)) => days.checked_mul(24).map(SignedDuration::from_hours),
        _ => text.parse().ok(),
    };
    span.filter(|span| span.is_positive())
        .and_then(|span| Timestamp::now().checked_sub(span).ok())
        .ok_or_else(|| {
            "neither a time (2026-11-20T08:00Z) nor a day (2026-11-20) nor a span (24h, 7d)".to_owned()
        })
}

/// How long ago, in the largest unit that counts it: `40s`, `12m`, `5h`, `9d`.
pub(crate) fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(at).as_secs().max(0);
    match seconds {
        0..120 => format!("{seconds}s"),
        120..7200 => format!("{}m", seconds / 60),
        7200..172_800 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_in_time_is_a_time_a_day_or_a_span() {
        let day = "2026-11-20T00:00:00Z".parse::<Timestamp>().unwrap();
        assert_eq!(since("2026-11-20"), Ok(day));
        assert_eq!(since("2026-11-20T00:00:00Z"), Ok(day));
        for (span, hours) in [("24h", 24), ("7d", 168), ("90m", 1)] {
            let at = since(span).unwrap();
            let back = Timestamp::now().duration_since(at);
            assert_eq!(back.as_hours(), hours, "{span}");
        }
        for wrong in ["", "yesterday", "-3h", "0d", "7 fortnights", "9223372036854775807d"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_age_is_told_in_one_unit() {
        for (seconds, told) in [(-5, "0s"), (119, "119s"), (120, "2m"), (7200, "2h"), (172_800, "2d")] {
            let at = Timestamp::UNIX_EPOCH;
            assert_eq!(age(at, at + SignedDuration::from_secs(seconds)), told, "{seconds}");
        }
    }
}
