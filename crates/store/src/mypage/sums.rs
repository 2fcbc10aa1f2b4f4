//! Computes balances and outstanding penalties, from a covering index. SQLite's `sum` fails beyond 64 bits, so the
//! upper and lower halves of the amounts are summed separately.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::points::to_i64;
use nosmoke_ports::{MypageTotals, PageCursor, SeriesPoint, StoreError};

use super::page::{end_ms, start_ms};
use super::row::kind_of;
use crate::sqlite::{Connection, Row, params};
use crate::words::{limit, time};

/// The columns that [`sums`] reads: the halves of the two amounts.
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

fn sums(row: &Row<'_>, first: usize) -> Sums {
    let whole = |upper: i64, lower: i64| (i128::from(upper) << 32) + i128::from(lower);
    Sums {
        points: whole(row.int(first), row.int(first + 1)),
        penalty_points: whole(row.int(first + 2), row.int(first + 3)),
    }
}

impl Sums {
    fn totals(self) -> MypageTotals {
        MypageTotals { balance: to_i64(self.points), outstanding: to_i64(self.penalty_points) }
    }
}

/// Returns the totals up to each position. Sums the ranges between positions separately and adds them up from the
/// oldest, so every entry is read once.
pub(super) fn totals_at(
    db: &mut Connection,
    customer: CustomerId,
    positions: &[PageCursor],
) -> Result<Vec<MypageTotals>, StoreError> {
    let mut sum = Sums::default();
    let mut totals = Vec::with_capacity(positions.len());
    for (index, to) in positions.iter().enumerate().rev() {
        let (after_ms, after_id) = positions
            .get(index + 1)
            .map_or((i64::MIN, &[][..]), |older| (older.at_ms, older.entry_id.as_bytes().as_slice()));
        let range = db.row(
            concat!(
                "SELECT ",
                halves!(),
                " FROM entry WHERE customer_id = ?1 AND (at_ms, entry_id) <= (?2, ?3) AND (at_ms, entry_id) > (?4, ?5)"
            ),
            params![customer.0, to.at_ms, to.entry_id, after_ms, after_id],
            |row| Ok(sums(row, 0)),
        )?;
        let range = range.unwrap_or_default();
        sum.points += range.points;
        sum.penalty_points += range.penalty_points;
        totals.push(sum.totals());
    }
    totals.reverse();
    Ok(totals)
}

pub(super) fn totals_before(
    db: &mut Connection,
    customer: CustomerId,
    before: DateTime<Utc>,
) -> Result<MypageTotals, StoreError> {
    let sums = db.row(
        concat!("SELECT ", halves!(), " FROM entry WHERE customer_id = ?1 AND at_ms < ?2"),
        params![customer.0, before.timestamp_millis()],
        |row| Ok(sums(row, 0)),
    )?;
    Ok(sums.unwrap_or_default().totals())
}

pub(super) fn series(
    db: &mut Connection,
    customer: CustomerId,
    (from, until): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    points: usize,
) -> Result<Vec<SeriesPoint>, StoreError> {
    let (from, until) = (start_ms(from), end_ms(until));
    let each = db.rows(
        "SELECT points >> 32, points & 4294967295, penalty_points >> 32, penalty_points & 4294967295, at_ms, kind \
         FROM entry WHERE customer_id = ?1 AND at_ms >= ?2 AND at_ms < ?3 AND (points <> 0 OR penalty_points <> 0) \
         ORDER BY at_ms, entry_id LIMIT ?4",
        params![customer.0, from, until, limit(points).saturating_add(1)],
        |row| point(row, row.int(4), row.int(5)),
    )?;
    if each.len() <= points {
        return Ok(each);
    }
    // One point per day in Asia/Seoul, which is UTC+9 all the year. Time and kind of the day's last entry are combined
    // into one number, so that one `max` finds both.
    db.rows(
        concat!(
            "SELECT ",
            halves!(),
            ", max(at_ms * 16 + kind) FROM entry WHERE customer_id = ?1 AND at_ms >= ?2 AND at_ms < ?3 \
             AND (points <> 0 OR penalty_points <> 0) GROUP BY (at_ms + 32400000) / 86400000 ORDER BY 5"
        ),
        params![customer.0, from, until],
        |row| point(row, row.int(4).div_euclid(16), row.int(4).rem_euclid(16)),
    )
}

fn point(row: &Row<'_>, at_ms: i64, kind: i64) -> Result<SeriesPoint, StoreError> {
    let MypageTotals { balance, outstanding } = sums(row, 0).totals();
    Ok(SeriesPoint { at: time(at_ms)?, kind: kind_of(kind)?, points: balance, penalty_points: outstanding })
}
