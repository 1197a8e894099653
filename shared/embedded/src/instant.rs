//! Times in the database: whole microseconds since 1970, so that SQL can compare and add them.

use std::time::Duration;

use jiff::Timestamp;

/// Microseconds since 1970; what is finer is dropped.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// Microseconds since 1970 of `at + wait`. A wait too long to count ends at the end of time, not in the past.
pub(crate) fn micros_after(at: Timestamp, wait: Duration) -> i64 {
    let wait = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
    micros(at).saturating_add(wait).min(micros(Timestamp::MAX))
}

/// The time a column holds. A number outside of time is taken as its nearest end.
pub(crate) fn timestamp(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_comes_back_to_the_microsecond() {
        let at: Timestamp = "2026-11-20T18:03:04.123456789Z".parse().unwrap();
        assert_eq!(timestamp(micros(at)), "2026-11-20T18:03:04.123456Z".parse().unwrap());
        assert_eq!(micros_after(at, Duration::from_millis(250)), micros(at) + 250_000);
    }

    #[test]
    fn an_endless_wait_stays_in_the_future() {
        let at = Timestamp::UNIX_EPOCH;
        assert_eq!(timestamp(micros_after(at, Duration::MAX)), timestamp(micros(Timestamp::MAX)));
        assert_eq!(timestamp(i64::MIN), Timestamp::MIN);
        assert_eq!(timestamp(i64::MAX), Timestamp::MAX);
    }
}
