//! The call budget: an hourly window and a ten-second one, as Procore documents them.

use std::time::Duration;

use jiff::Timestamp;

use crate::options::Quotas;

/// Which of the two windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowKind {
    /// Sixty minutes, unless the options say otherwise.
    Hourly,
    /// Ten seconds, unless the options say otherwise.
    Spike,
}

/// What became of one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowUse {
    /// Which window.
    pub kind: WindowKind,
    /// When its first call came in, by the server's clock. A window begins with a call, never by itself.
    pub began_at: Timestamp,
    /// Calls it allows.
    pub limit: u32,
    /// Calls counted in it, at most the limit.
    pub used: u32,
    /// Calls over its limit.
    pub refused: u32,
}

/// Both windows of one client.
#[derive(Debug)]
pub(crate) struct Meter {
    hourly: Window,
    spike: Window,
    counted: u64,
    refused: u64,
}

/// What the three rate-limit headers say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Unix milliseconds at which the window begins anew.
    pub(crate) reset_ms: i64,
    /// The call was over a limit.
    pub(crate) exceeded: bool,
}

#[derive(Debug)]
struct Window {
    kind: WindowKind,
    limit: u32,
    length_ms: i64,
    /// Every window that has begun; the last one is the present one.
    begun: Vec<WindowUse>,
}

impl Meter {
    pub(crate) fn new(quotas: Quotas) -> Self {
        Self {
            hourly: Window::new(WindowKind::Hourly, quotas.hourly, quotas.hourly_window),
            spike: Window::new(WindowKind::Spike, quotas.spike, quotas.spike_window),
            counted: 0,
            refused: 0,
        }
    }

    /// Counts one call; refused calls count too. The reading is that of the window nearer to its end.
    pub(crate) fn count(&mut self, now: Timestamp) -> Reading {
        let hourly = self.hourly.count(now);
        let spike = self.spike.count(now);
        let nearer = if u64::from(spike.remaining) * u64::from(hourly.limit)
            <= u64::from(hourly.remaining) * u64::from(spike.limit)
        {
            spike
        } else {
            hourly
        };
        let reading = if hourly.exceeded { hourly } else { Reading { exceeded: spike.exceeded, ..nearer } };
        self.counted += 1;
        self.refused += u64::from(reading.exceeded);
        reading
    }

    pub(crate) fn counted(&self) -> u64 {
        self.counted
    }

    pub(crate) fn refused(&self) -> u64 {
        self.refused
    }

    /// Every window that has begun, the hourly ones first.
    pub(crate) fn windows(&self) -> Vec<WindowUse> {
        self.hourly.begun.iter().chain(&self.spike.begun).copied().collect()
    }
}

impl Reading {
    /// Whole unix seconds for the header, rounded up: a client that waits until then is never too early.
    pub(crate) fn reset_s(self) -> i64 {
        ceiling_s(self.reset_ms)
    }

    /// Whole seconds from now until then, rounded up, at least one.
    pub(crate) fn wait_s(self, now: Timestamp) -> i64 {
        ceiling_s(self.reset_ms.saturating_sub(now.as_millisecond())).max(1)
    }
}

impl Window {
    fn new(kind: WindowKind, limit: u32, length: Duration) -> Self {
        let length_ms = i64::try_from(length.as_millis()).unwrap_or(i64::MAX / 4).max(1);
        Self { kind, limit, length_ms, begun: Vec::new() }
    }

    fn count(&mut self, now: Timestamp) -> Reading {
        let fresh = WindowUse { kind: self.kind, began_at: now, limit: self.limit, used: 0, refused: 0 };
        let over = |one: &WindowUse| {
            now.as_millisecond().saturating_sub(one.began_at.as_millisecond()) >= self.length_ms
        };
        let mut present = self.begun.pop().unwrap_or(fresh);
        if over(&present) {
            self.begun.push(present);
            present = fresh;
        }
        let exceeded = present.used >= present.limit;
        *(if exceeded { &mut present.refused } else { &mut present.used }) += 1;
        self.begun.push(present);
        Reading {
            limit: present.limit,
            remaining: present.limit.saturating_sub(present.used),
            reset_ms: present.began_at.as_millisecond().saturating_add(self.length_ms),
            exceeded,
        }
    }
}

fn ceiling_s(ms: i64) -> i64 {
    ms.saturating_add(999).div_euclid(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_ms(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_000_000_000 + ms).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        at_ms(second * 1000)
    }

    fn meter(hourly: u32, spike: u32) -> Meter {
        Meter::new(Quotas { hourly, spike, ..Quotas::default() })
    }

    #[test]
    fn the_nearer_window_is_described_and_the_spike_window_begins_anew() {
        let mut meter = meter(100, 3);
        let first = meter.count(at(0));
        assert_eq!((first.limit, first.remaining, first.exceeded), (3, 2, false));
        assert_eq!(first.reset_s(), 1_000_010);
        meter.count(at(1));
        meter.count(at(2));
        assert!(meter.count(at(9)).exceeded);
        assert!(!meter.count(at(10)).exceeded);
    }

    #[test]
    fn the_hourly_window_wins_once_it_is_spent() {
        let mut meter = meter(2, 50);
        meter.count(at(0));
        assert_eq!(meter.count(at(20)).remaining, 0);
        let over = meter.count(at(40));
        assert!(over.exceeded);
        assert_eq!((over.limit, over.reset_s()), (2, 1_003_600));
    }

    #[test]
    fn short_windows_are_kept_to_the_millisecond_and_announced_rounded_up() {
        let spike_window = Duration::from_millis(250);
        let mut meter = Meter::new(Quotas { spike: 1, spike_window, ..Quotas::default() });
        let first = meter.count(at_ms(900));
        assert_eq!((first.reset_ms, first.reset_s()), (1_000_001_150, 1_000_002));
        let refused = meter.count(at_ms(1149));
        assert!(refused.exceeded);
        assert_eq!(refused.wait_s(at_ms(1149)), 1);
        assert!(!meter.count(at_ms(1150)).exceeded);
    }

    #[test]
    fn a_reset_on_the_second_is_not_moved() {
        assert_eq!([ceiling_s(0), ceiling_s(1), ceiling_s(1000), ceiling_s(1001)], [0, 1, 1, 2]);
    }

    #[test]
    fn every_window_that_began_is_in_the_books() {
        let mut meter = meter(100, 2);
        for second in [0, 1, 2, 30] {
            meter.count(at(second));
        }
        let row = |kind, second, limit, used, refused| WindowUse {
            kind,
            began_at: at(second),
            limit,
            used,
            refused,
        };
        assert_eq!(
            meter.windows(),
            [
                row(WindowKind::Hourly, 0, 100, 4, 0),
                row(WindowKind::Spike, 0, 2, 2, 1),
                row(WindowKind::Spike, 30, 2, 1, 0),
            ]
        );
        assert_eq!((meter.counted(), meter.refused()), (4, 1));
    }
}
