//! What passed on one edge: a histogram a minute over four hours, and beyond them one an hour, up to a day. A minute in which
//! nothing passed takes nothing.

use std::collections::VecDeque;
use std::time::Duration;

use super::histogram::Histogram;

/// Minutes that are looked at, and of which each is kept by itself.
pub const RECENT: i64 = 5;
pub const HOURS: i64 = 240;
/// Minutes kept at all.
const DAY: i64 = 24 * 60;
const HOUR: i64 = 60;

#[derive(Debug, Default)]
pub struct Ring {
    /// By their numbers since 1970, the newest last.
    minutes: VecDeque<(i64, Histogram)>,
    hours: VecDeque<(i64, Histogram)>,
}

/// The first minute of a window that ends with this one.
pub fn window(now: i64, minutes: i64) -> i64 {
    now - minutes + 1
}

/// The first minute of the last day, by whole hours: hours aren't parted any more.
pub fn day(now: i64) -> i64 {
    let first = window(now, DAY);
    first + (-first).rem_euclid(HOUR)
}

impl Ring {
    pub fn record(&mut self, now: i64, count: u64, latency: Duration, well: bool) {
        // A clock that is set back goes on in the last minute.
        if self.minutes.back().is_none_or(|(last, _)| *last < now) {
            self.minutes.push_back((now, Histogram::default()));
            self.pass(now);
        }
        if let Some((_, minute)) = self.minutes.back_mut() {
            minute.record(count, latency, well);
        }
    }

    /// Minutes older than four hours become part of their hours; hours older than a day go.
    fn pass(&mut self, now: i64) {
        while self.minutes.front().is_some_and(|(minute, _)| *minute < window(now, HOURS)) {
            let Some((minute, passed)) = self.minutes.pop_front() else { break };
            let hour = minute.div_euclid(HOUR);
            match self.hours.back_mut() {
                Some((last, all)) if *last >= hour => all.add(&passed),
                _ => self.hours.push_back((hour, passed)),
            }
        }
        while self.hours.front().is_some_and(|(hour, _)| hour * HOUR < day(now)) {
            self.hours.pop_front();
        }
    }

    /// All since a minute.
    pub fn since(&self, first: i64) -> Histogram {
        let mut all = Histogram::default();
        let hours = self.hours.iter().filter(|(hour, _)| hour * HOUR >= first);
        hours.chain(self.minutes.iter().filter(|(minute, _)| *minute >= first)).for_each(|(_, one)| all.add(one));
        all
    }

    #[cfg(test)]
    pub fn kept(&self) -> (usize, usize) {
        (self.minutes.len(), self.hours.len())
    }
}
