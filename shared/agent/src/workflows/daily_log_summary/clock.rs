//! Times of day and local days. Pure; knows no clock of its own.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// From one time of day to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// One of the two, or both, are not stated.
    NotStated,
    /// Stated, but no time of day.
    Unreadable,
    /// So many minutes. What ends before it begins is taken to end the next day.
    Minutes {
        /// How many.
        minutes: u32,
        /// Whether it ends before it begins.
        over_midnight: bool,
    },
}

/// The time between two times of day; an hour without its minute is a full hour.
pub(super) fn span(start: (Option<u32>, Option<u32>), end: (Option<u32>, Option<u32>)) -> Span {
    let (Some(start_hour), Some(end_hour)) = (start.0, end.0) else {
        return Span::NotStated;
    };
    let minute_of_day = |hour: u32, minute: Option<u32>| {
        let minute = minute.unwrap_or(0);
        (hour < 24 && minute < 60).then(|| hour * 60 + minute)
    };
    match (minute_of_day(start_hour, start.1), minute_of_day(end_hour, end.1)) {
        (Some(start), Some(end)) if end < start => {
            Span::Minutes { minutes: end + 24 * 60 - start, over_midnight: true }
        }
        (Some(start), Some(end)) => Span::Minutes { minutes: end - start, over_midnight: false },
        _ => Span::Unreadable,
    }
}

/// `07:30`, if it is a time of day.
pub(super) fn time(hour: Option<u32>, minute: Option<u32>) -> Option<String> {
    let (hour, minute) = (hour?, minute.unwrap_or(0));
    (hour < 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
}

/// The day at the project.
pub(crate) fn local_day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// A day as the id its claim and its draft go by: 20260603.
pub(crate) fn id_of(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// The day behind such an id.
pub(super) fn day_of(id: i64) -> Option<Date> {
    let part = |value: i64| i8::try_from(value % 100).ok();
    Date::new(i16::try_from(id / 10_000).ok()?, part(id / 100)?, part(id)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_before_it_begins_ends_the_next_day() {
        let at = |hour, minute| (Some(hour), Some(minute));
        let table = [
            (at(7, 30), at(9, 30), Span::Minutes { minutes: 120, over_midnight: false }),
            (at(22, 15), at(1, 0), Span::Minutes { minutes: 165, over_midnight: true }),
            (at(0, 0), at(0, 0), Span::Minutes { minutes: 0, over_midnight: false }),
            ((Some(7), None), at(8, 5), Span::Minutes { minutes: 65, over_midnight: false }),
            (at(24, 0), at(1, 0), Span::Unreadable),
            (at(7, 60), at(9, 0), Span::Unreadable),
            ((None, Some(5)), at(9, 0), Span::NotStated),
        ];
        for (start, end, expected) in table {
            assert_eq!(span(start, end), expected, "{start:?} {end:?}");
        }
        assert_eq!(time(Some(7), None).as_deref(), Some("07:00"));
        assert_eq!(time(Some(24), None), None);
    }

    #[test]
    fn a_moment_has_its_day_where_the_project_is() {
        let table = [
            // 23:50 on site is the next day in UTC, west of it.
            ("America/Los_Angeles", "2026-06-04T06:50:00Z", "2026-06-03"),
            ("America/Los_Angeles", "2026-06-04T07:00:00Z", "2026-06-04"),
            // And an early hour on site is the day before in UTC, east of it.
            ("Australia/Sydney", "2026-06-03T13:50:00Z", "2026-06-03"),
            ("Australia/Sydney", "2026-06-03T14:05:00Z", "2026-06-04"),
            ("Pacific/Kiritimati", "2026-06-03T10:00:00Z", "2026-06-04"),
            // The day of 23 hours: midnight to midnight is 08:00Z to 07:00Z.
            ("America/Los_Angeles", "2026-03-08T07:59:59Z", "2026-03-07"),
            ("America/Los_Angeles", "2026-03-08T08:00:00Z", "2026-03-08"),
            ("America/Los_Angeles", "2026-03-09T06:59:59Z", "2026-03-08"),
            ("America/Los_Angeles", "2026-03-09T07:00:00Z", "2026-03-09"),
            // The day of 25 hours: 07:00Z to 08:00Z.
            ("America/Los_Angeles", "2026-11-01T07:00:00Z", "2026-11-01"),
            ("America/Los_Angeles", "2026-11-02T07:59:59Z", "2026-11-01"),
            ("America/Los_Angeles", "2026-11-02T08:00:00Z", "2026-11-02"),
        ];
        for (zone, at, day) in table {
            let local = local_day(at.parse().unwrap(), &TimeZone::get(zone).unwrap());
            assert_eq!(local.to_string(), day, "{zone} {at}");
        }
    }

    #[test]
    fn a_day_and_its_id_are_one() {
        let day = jiff::civil::date(2026, 6, 3);
        assert_eq!(id_of(day), 20_260_603);
        assert_eq!(day_of(20_260_603), Some(day));
        for id in [0, -1, 20_260_631, 20_261_301, i64::MAX, 562_949_953_421_312] {
            assert_eq!(day_of(id), None, "{id}");
        }
    }
}
