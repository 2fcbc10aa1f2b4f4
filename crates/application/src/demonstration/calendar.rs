//! The calendar of the simulation: how the traffic is spread over the days of the year and the hours of the day. Times
//! are in milliseconds.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use nosmoke_domain::days::{seoul_date, seoul_midnight};

use super::draw::Draw;

pub(super) const SECOND_MS: i64 = 1000;
pub(super) const MINUTE_MS: i64 = 60 * SECOND_MS;
pub(super) const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;

/// How many days before today are simulated.
const PAST_DAYS: u64 = 365;
/// The hour of the day at which the first customers come.
const OPENING_HOUR: i64 = 7;
/// The traffic of each hour from 7:00 to 22:00, in parts of [`BUSY_TOTAL`].
const BUSY: [i64; 15] = [4, 9, 9, 6, 6, 10, 10, 7, 8, 7, 6, 9, 5, 3, 1];
const BUSY_TOTAL: i64 = 100;

#[derive(Debug)]
pub(super) struct Calendar {
    pub(super) now_ms: i64,
    days: Vec<Day>,
}

#[derive(Debug, Clone, Copy)]
struct Day {
    midnight_ms: i64,
    /// The share of the year's visits that have taken place by the end of this day.
    share: f64,
    /// The day's traffic relative to an ordinary working day; for today only the traffic up to now.
    weight: f64,
}

impl Calendar {
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        let (now_ms, today) = (now.timestamp_millis(), seoul_date(now));
        let dates = (0..=PAST_DAYS).rev().filter_map(|ago| today.checked_sub_days(Days::new(ago)));
        let mut sum = 0.0;
        let mut days: Vec<_> = dates
            .map(|date| {
                let midnight_ms = seoul_midnight(date).timestamp_millis();
                let weight = weekday_weight(date) * elapsed(now_ms - midnight_ms);
                sum += weight;
                Day { midnight_ms, share: sum, weight }
            })
            .collect();
        days.iter_mut().for_each(|day| day.share /= sum);
        Self { now_ms, days }
    }

    pub(super) fn len(&self) -> usize {
        self.days.len()
    }

    pub(super) fn share(&self, day: usize) -> f64 {
        self.days.get(day).map_or(1.0, |day| day.share)
    }

    pub(super) fn weight(&self, day: usize) -> f64 {
        self.days.get(day).map_or(0.0, |day| day.weight)
    }

    /// Returns the exclusive end of a day; for today, one millisecond after now.
    pub(super) fn end_ms(&self, day: usize) -> i64 {
        self.days.get(day).map_or(self.now_ms, |day| (day.midnight_ms + DAY_MS).min(self.now_ms + 1))
    }

    /// Returns a random time within opening hours, `days_later` days after the day of `from_ms`.
    pub(super) fn open_time(&self, draw: &mut Draw, from_ms: i64, days_later: i64) -> i64 {
        let midnight_ms = self.days.iter().rev().map(|day| day.midnight_ms).find(|midnight_ms| *midnight_ms <= from_ms);
        midnight_ms.unwrap_or(from_ms) + days_later * DAY_MS + time_of_day(draw)
    }

    /// Returns a random time within opening hours of a day. For today it is before now; if there are no opening hours
    /// before now (at night), any time since midnight.
    pub(super) fn time(&self, draw: &mut Draw, day: usize) -> i64 {
        const MAX_TRIES: usize = 40;
        let midnight_ms = self.days.get(day).map_or(self.now_ms, |day| day.midnight_ms);
        for _ in 0..MAX_TRIES {
            let at_ms = midnight_ms + time_of_day(draw);
            if at_ms < self.now_ms {
                return at_ms;
            }
        }
        draw.from(midnight_ms, self.now_ms)
    }
}

fn weekday_weight(date: NaiveDate) -> f64 {
    match date.weekday() {
        Weekday::Sat => 0.55,
        Weekday::Sun => 0.45,
        Weekday::Fri => 1.1,
        _ => 1.0,
    }
}

/// Returns the share of a day's visits that take place in its first `ms` milliseconds.
#[expect(clippy::cast_precision_loss, reason = "shares")]
fn elapsed(ms: i64) -> f64 {
    let whole = |hour: i64| (ms - hour * HOUR_MS).clamp(0, HOUR_MS) as f64 / HOUR_MS as f64;
    let busy = (OPENING_HOUR..).zip(BUSY).map(|(hour, busy)| whole(hour) * busy as f64);
    busy.sum::<f64>() / BUSY_TOTAL as f64
}

fn time_of_day(draw: &mut Draw) -> i64 {
    let mut left = draw.from(0, BUSY_TOTAL);
    let mut hour = OPENING_HOUR;
    for busy in BUSY {
        if left < busy {
            break;
        }
        left -= busy;
        hour += 1;
    }
    hour * HOUR_MS + draw.from(0, HOUR_MS)
}
