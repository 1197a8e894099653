//! The call budget: an hourly window and a ten-second one, as Procore documents them.

use jiff::Timestamp;

use crate::options::Quotas;

/// Both windows of one client.
#[derive(Debug)]
pub(crate) struct Meter {
    hourly: Window,
    spike: Window,
}

/// What the three rate-limit headers say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Unix seconds at which the window begins anew.
    pub(crate) reset_s: i64,
    /// The call was over a limit.
    pub(crate) exceeded: bool,
}

#[derive(Debug)]
struct Window {
    limit: u32,
    length_s: i64,
    began_s: i64,
    used: u32,
}

impl Meter {
    pub(crate) fn new(quotas: Quotas) -> Self {
        Self { hourly: Window::new(quotas.hourly, 3600), spike: Window::new(quotas.spike, 10) }
    }

    /// Counts one call; refused calls count too. The reading is that of the window nearer to its end.
    pub(crate) fn count(&mut self, now: Timestamp) -> Reading {
        let hourly = self.hourly.count(now.as_second());
        let spike = self.spike.count(now.as_second());
        let nearer = if u64::from(spike.remaining) * u64::from(hourly.limit)
            <= u64::from(hourly.remaining) * u64::from(spike.limit)
        {
            spike
        } else {
            hourly
        };
        if hourly.exceeded { hourly } else { Reading { exceeded: spike.exceeded, ..nearer } }
    }
}

impl Window {
    fn new(limit: u32, length_s: i64) -> Self {
        Self { limit, length_s, began_s: i64::MIN / 2, used: 0 }
    }

    fn count(&mut self, now_s: i64) -> Reading {
        if now_s - self.began_s >= self.length_s {
            self.began_s = now_s;
            self.used = 0;
        }
        self.used = self.used.saturating_add(1);
        Reading {
            limit: self.limit,
            remaining: self.limit.saturating_sub(self.used),
            reset_s: self.began_s + self.length_s,
            exceeded: self.used > self.limit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    #[test]
    fn the_nearer_window_is_described_and_the_spike_window_begins_anew() {
        let mut meter = Meter::new(Quotas { hourly: 100, spike: 3 });
        let first = meter.count(at(0));
        assert_eq!((first.limit, first.remaining, first.exceeded), (3, 2, false));
        assert_eq!(first.reset_s, 1_000_010);
        meter.count(at(1));
        meter.count(at(2));
        assert!(meter.count(at(9)).exceeded);
        assert!(!meter.count(at(10)).exceeded);
    }

    #[test]
    fn the_hourly_window_wins_once_it_is_spent() {
        let mut meter = Meter::new(Quotas { hourly: 2, spike: 50 });
        meter.count(at(0));
        assert_eq!(meter.count(at(20)).remaining, 0);
        let over = meter.count(at(40));
        assert!(over.exceeded);
        assert_eq!((over.limit, over.reset_s), (2, 1_003_600));
    }
}
