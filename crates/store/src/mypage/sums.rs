//! Balances and outstanding sums, read from an index alone.
//!
//! SQLite fails on a sum beyond 64 bits, so the upper and lower halves of the amounts are summed apart.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{MypageTotals, PageCursor, SeriesPoint, StoreError};

use super::page::{end_ms, start_ms};
use super::row::kind_of;
use crate::raw::{Raw, Row, binds};
use crate::words::{limit, time};

/// Four columns, for [`sums`].
macro_rules! halves {
    () => {
        "coalesce(sum(points >> 32), 0), coalesce(sum(points & 4294967295), 0), \
         coalesce(sum(penalty_points >> 32), 0), coalesce(sum(penalty_points & 4294967295), 0)"
    };
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    points: i128,
    penalty_points: i128,
}

fn sums(row: &Row<'_>, first: i32) -> Sums {
    let whole = |upper: i64, lower: i64| (i128::from(upper) << 32) + i128::from(lower);
    Sums {
        points: whole(row.int(first), row.int(first + 1)),
        penalty_points: whole(row.int(first + 2), row.int(first + 3)),
    }
}

impl Sums {
    fn totals(self) -> MypageTotals {
        MypageTotals { balance: shown(self.points), outstanding: shown(self.penalty_points) }
    }
}

/// What a screen can show of a sum.
fn shown(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}

/// The stretches between the positions are summed each by itself, the last one down to the beginning, and added up from
/// there: every entry is read once.
pub(super) fn totals_at(
    raw: &mut Raw<'_>,
    customer: CustomerId,
    positions: &[PageCursor],
) -> Result<Vec<MypageTotals>, StoreError> {
    let mut sum = Sums::default();
    let mut totals = Vec::with_capacity(positions.len());
    for (place, to) in positions.iter().enumerate().rev() {
        let (after_ms, after_id) = positions
            .get(place + 1)
            .map_or((i64::MIN, &[][..]), |older| (older.at_ms, older.entry_id.as_bytes().as_slice()));
        let stretch = raw.row(
            concat!(
                "SELECT ",
                halves!(),
                " FROM entry WHERE customer_id = ?1 AND (at_ms, entry_id) <= (?2, ?3) AND (at_ms, entry_id) > (?4, ?5)"
            ),
            binds![customer.0, to.at_ms, to.entry_id, after_ms, after_id],
            |row| Ok(sums(row, 0)),
        )?;
        let stretch = stretch.unwrap_or_default();
        sum.points += stretch.points;
        sum.penalty_points += stretch.penalty_points;
        totals.push(sum.totals());
    }
    totals.reverse();
    Ok(totals)
}

pub(super) fn totals_before(
    raw: &mut Raw<'_>,
    customer: CustomerId,
    before: DateTime<Utc>,
) -> Result<MypageTotals, StoreError> {
    let sums = raw.row(
        concat!("SELECT ", halves!(), " FROM entry WHERE customer_id = ?1 AND at_ms < ?2"),
        binds![customer.0, before.timestamp_millis()],
        |row| Ok(sums(row, 0)),
    )?;
    Ok(sums.unwrap_or_default().totals())
}

pub(super) fn series(
    raw: &mut Raw<'_>,
    customer: CustomerId,
    (from, until): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    points: usize,
) -> Result<Vec<SeriesPoint>, StoreError> {
    let (from, until) = (start_ms(from), end_ms(until));
    let each = raw.rows(
        "SELECT points >> 32, points & 4294967295, penalty_points >> 32, penalty_points & 4294967295, at_ms, kind \
         FROM entry WHERE customer_id = ?1 AND at_ms >= ?2 AND at_ms < ?3 AND (points <> 0 OR penalty_points <> 0) \
         ORDER BY at_ms, entry_id LIMIT ?4",
        binds![customer.0, from, until, limit(points).saturating_add(1)],
        |row| point(row, row.int(4), row.int(5)),
    )?;
    if each.len() <= points {
        return Ok(each);
    }
    // A day in Asia/Seoul, which is nine hours ahead all the year. The last entry's time and kind go as one number.
    raw.rows(
        concat!(
            "SELECT ",
            halves!(),
            ", max(at_ms * 8 + kind) FROM entry WHERE customer_id = ?1 AND at_ms >= ?2 AND at_ms < ?3 \
             AND (points <> 0 OR penalty_points <> 0) GROUP BY (at_ms + 32400000) / 86400000 ORDER BY 5"
        ),
        binds![customer.0, from, until],
        |row| point(row, row.int(4).div_euclid(8), row.int(4).rem_euclid(8)),
    )
}

fn point(row: &Row<'_>, at_ms: i64, kind: i64) -> Result<SeriesPoint, StoreError> {
    let MypageTotals { balance, outstanding } = sums(row, 0).totals();
    Ok(SeriesPoint { at: time(at_ms)?, kind: kind_of(kind)?, points: balance, penalty_points: outstanding })
}
