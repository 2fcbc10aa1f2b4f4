//! The traffic on one edge: a histogram for each minute of the last four hours, and for each hour of the rest of the
//! last day. A minute without traffic takes no memory.

use std::collections::VecDeque;
use std::time::Duration;

use super::histogram::Histogram;

/// The length of the window shown as recent.
pub const RECENT_MINUTES: i64 = 5;
/// The length of the window in which each minute has its own histogram.
pub const FOUR_HOURS_MINUTES: i64 = 240;
/// Older traffic is dropped.
const DAY_MINUTES: i64 = 24 * 60;
const HOUR_MINUTES: i64 = 60;

#[derive(Debug, Default)]
pub struct Ring {
    /// The histograms of minutes, with their number since 1970, the newest last.
    minutes: VecDeque<(i64, Histogram)>,
    /// The histograms of hours, with their number since 1970, the newest last.
    hours: VecDeque<(i64, Histogram)>,
}

/// Returns the first minute of a window of `minutes` minutes of which `now` is the last.
pub fn window(now: i64, minutes: i64) -> i64 {
    now - minutes + 1
}

/// Returns the first minute of the last day, rounded up to a whole hour, because the histogram of an hour can't be
/// split.
pub fn day(now: i64) -> i64 {
    let first = window(now, DAY_MINUTES);
    first + (-first).rem_euclid(HOUR_MINUTES)
}

impl Ring {
    pub fn observe(&mut self, now: i64, count: u64, latency: Duration, well: bool) {
        // If the clock was set back, traffic is counted in the latest minute so far.
        if self.minutes.back().is_none_or(|(last, _)| *last < now) {
            self.minutes.push_back((now, Histogram::default()));
            self.age_out(now);
        }
        if let Some((_, minute)) = self.minutes.back_mut() {
            minute.observe(count, latency, well);
        }
    }

    /// Adds the histograms of minutes older than four hours to those of their hours, and drops hours older than a day.
    fn age_out(&mut self, now: i64) {
        while self.minutes.front().is_some_and(|(minute, _)| *minute < window(now, FOUR_HOURS_MINUTES)) {
            let Some((minute, passed)) = self.minutes.pop_front() else { break };
            let hour = minute.div_euclid(HOUR_MINUTES);
            match self.hours.back_mut() {
                Some((last, all)) if *last >= hour => all.add(&passed),
                _ => self.hours.push_back((hour, passed)),
            }
        }
        while self.hours.front().is_some_and(|(hour, _)| hour * HOUR_MINUTES < day(now)) {
            self.hours.pop_front();
        }
    }

    /// Sums all histograms since the minute `first`.
    pub fn since(&self, first: i64) -> Histogram {
        let mut all = Histogram::default();
        let hours = self.hours.iter().filter(|(hour, _)| hour * HOUR_MINUTES >= first);
        hours.chain(self.minutes.iter().filter(|(minute, _)| *minute >= first)).for_each(|(_, one)| all.add(one));
        all
    }

    #[cfg(test)]
    pub fn kept(&self) -> (usize, usize) {
        (self.minutes.len(), self.hours.len())
    }
}
