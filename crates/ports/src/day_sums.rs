//! The figures that reports read: sums of Mypage's lines by day, and the time that visitors were inside by hour. A store
//! keeps them beside the lines, changed in the same transaction, so they are those of the lines at every moment.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::days::{seoul_date, seoul_midnight};
use nosmoke_domain::ids::AreaId;

use crate::contract::EntryKind;
use crate::mypage::EntryRow;
use crate::period::{DayKey, DaySum, HourKey};

/// The longest part of a visit that counts as time inside. Longer visits were forgotten, and would hide the others.
pub const PRESENCE_MAX: TimeDelta = TimeDelta::hours(12);

impl DayKey {
    pub fn of(row: &EntryRow) -> Self {
        Self {
            day: seoul_date(row.at),
            kind: row.kind,
            voided: row.status == "VOIDED",
            area_id: row.area_id,
            code: row.code,
            ground: row.ground,
            decided: row.decided,
            incarnation: row.incarnation,
        }
    }
}

impl DaySum {
    pub fn of(row: &EntryRow) -> Self {
        Self {
            lines: 1,
            with_points: i64::from(row.points != 0),
            entered_afterwards: i64::from(row.entered_at.is_some()),
            points: row.points.into(),
            penalty_points: row.penalty_points.into(),
        }
    }
}

/// Returns how many milliseconds of a stay, at most of its first [`PRESENCE_MAX`], lie in each hour.
pub fn presence(area_id: AreaId, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<(HourKey, i64)> {
    let until = until.min(from.checked_add_signed(PRESENCE_MAX).unwrap_or(until));
    let (mut at, mut parts) = (from, Vec::new());
    while at < until {
        let day = seoul_date(at);
        let since_midnight = at - seoul_midnight(day);
        let hour = u8::try_from(since_midnight.num_hours()).unwrap_or_default();
        let next = seoul_midnight(day).checked_add_signed(TimeDelta::hours(i64::from(hour) + 1)).unwrap_or(until);
        let end = next.min(until);
        if end <= at {
            break;
        }
        parts.push((HourKey { day, area_id, hour }, (end - at).num_milliseconds()));
        at = end;
    }
    parts
}

fn presence_of(row: &EntryRow) -> Vec<(HourKey, i64)> {
    match (row.kind, row.area_id, row.started_at, row.ended_at) {
        (EntryKind::Visit, Some(area), Some(from), Some(until)) if row.status != "VOIDED" => {
            presence(area, from, until)
        }
        _ => Vec::new(),
    }
}

/// What the replacement of some lines by others changes in the sums. It depends only on the two sets of lines, so the
/// sums are those of the lines, however they came to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SumChanges {
    pub days: BTreeMap<DayKey, DaySum>,
    /// Milliseconds inside.
    pub hours: BTreeMap<HourKey, i64>,
}

impl SumChanges {
    /// Returns the changes, without those that are 0.
    pub fn between(removed: &[EntryRow], added: &[EntryRow]) -> Self {
        let mut changes = Self::default();
        let rows = removed.iter().map(|row| (row, -1)).chain(added.iter().map(|row| (row, 1)));
        for (row, times) in rows {
            changes.days.entry(DayKey::of(row)).or_default().add(DaySum::of(row), times);
            for (hour, ms) in presence_of(row) {
                *changes.hours.entry(hour).or_default() += times * ms;
            }
        }
        changes.days.retain(|_, sum| *sum != DaySum::default());
        changes.hours.retain(|_, ms| *ms != 0);
        changes
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_stay_over_midnight_in_seoul_is_split_by_hour_and_day() {
        let area = AreaId(Uuid::nil());
        let parts = presence(area, at("2026-03-01T14:50:00Z"), at("2026-03-01T15:20:00Z"));
        let short: Vec<_> = parts.iter().map(|(key, ms)| (key.day.to_string(), key.hour, ms / 60_000)).collect();
        assert_eq!(short, [("2026-03-01".into(), 23, 10), ("2026-03-02".into(), 0, 20)]);
        assert_eq!(presence(area, at("2026-03-01T15:20:00Z"), at("2026-03-01T15:20:00Z")), []);
        assert_eq!(
            presence(area, at("2026-03-01T15:20:00Z"), at("2026-03-01T14:20:00Z")),
            [],
            "an end before its begin"
        );
    }

    proptest! {
        #[test]
        fn the_parts_of_a_stay_add_up_to_it(from in 0_i64..4_000_000_000_000, length in 0_i64..100_000_000) {
            let from = DateTime::from_timestamp_millis(from).unwrap();
            let parts = presence(AreaId(Uuid::nil()), from, from + TimeDelta::milliseconds(length));
            prop_assert_eq!(parts.iter().map(|(_, ms)| ms).sum::<i64>(), length.min(PRESENCE_MAX.num_milliseconds()));
            prop_assert!(parts.iter().all(|(key, ms)| key.hour < 24 && (1..=3_600_000).contains(ms)));
        }
    }
}
