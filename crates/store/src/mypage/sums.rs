//! Balances and outstanding sums, read from an index alone.
//!
//! SQLite fails on a sum beyond 64 bits, so the upper and lower halves of the amounts are summed apart.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use nosmoke_application::ports::{MypageTotals, PageCursor, SeriesPoint, StoreError};
use nosmoke_domain::ids::CustomerId;
use sqlx::sqlite::{SqlitePool, SqliteRow};

use super::apply::bytes;
use super::page::{end_ms, start_ms};
use super::row::{int, kind_of};
use crate::error::{corrupt, from_sqlx};
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

fn sums(row: &SqliteRow, first: usize) -> Result<Sums, StoreError> {
    let whole = |upper: i64, lower: i64| (i128::from(upper) << 32) + i128::from(lower);
    Ok(Sums {
        points: whole(int(row, first)?, int(row, first + 1)?),
        penalty_points: whole(int(row, first + 2)?, int(row, first + 3)?),
    })
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
pub(super) async fn totals_at(
    pool: &SqlitePool,
    customer: CustomerId,
    positions: &[PageCursor],
) -> Result<Vec<MypageTotals>, StoreError> {
    let rows = sqlx::query(concat!(
        "WITH stretch (place, to_ms, to_id, after_ms, after_id) AS MATERIALIZED ( \
         SELECT key, value ->> 0, unhex(value ->> 1), value ->> 2, unhex(value ->> 3) FROM json_each(?1)) \
         SELECT place, ",
        halves!(),
        " FROM stretch CROSS JOIN entry ON customer_id = ?2 AND (at_ms, entry_id) <= (to_ms, to_id) \
         AND (at_ms, entry_id) > (after_ms, after_id) GROUP BY place"
    ))
    .bind(stretches(positions))
    .bind(bytes(customer.0))
    .fetch_all(pool)
    .await
    .map_err(|error| from_sqlx(&error))?;
    let mut stretches = vec![Sums::default(); positions.len()];
    for row in &rows {
        let place = usize::try_from(int(row, 0)?).map_err(corrupt)?;
        *stretches.get_mut(place).ok_or_else(|| corrupt("a place that wasn't asked for"))? = sums(row, 1)?;
    }
    let mut sum = Sums::default();
    let mut totals: Vec<MypageTotals> = stretches
        .iter()
        .rev()
        .map(|stretch| {
            sum.points += stretch.points;
            sum.penalty_points += stretch.penalty_points;
            sum.totals()
        })
        .collect();
    totals.reverse();
    Ok(totals)
}

/// JSON `[[to_ms, to_id, after_ms, after_id], …]` of positions that are given newest first.
fn stretches(positions: &[PageCursor]) -> String {
    let mut json = String::from("[");
    for (place, position) in positions.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        let _ = write!(json, "{comma}[{},\"{}\",", position.at_ms, position.entry_id.simple());
        let _ = match positions.get(place + 1) {
            Some(older) => write!(json, "{},\"{}\"]", older.at_ms, older.entry_id.simple()),
            None => write!(json, "{},\"\"]", i64::MIN),
        };
    }
    json.push(']');
    json
}

pub(super) async fn totals_before(
    pool: &SqlitePool,
    customer: CustomerId,
    before: DateTime<Utc>,
) -> Result<MypageTotals, StoreError> {
    let row = sqlx::query(concat!("SELECT ", halves!(), " FROM entry WHERE customer_id = ? AND at_ms < ?"))
        .bind(bytes(customer.0))
        .bind(before.timestamp_millis())
        .fetch_one(pool)
        .await
        .map_err(|error| from_sqlx(&error))?;
    sums(&row, 0).map(Sums::totals)
}

pub(super) async fn series(
    pool: &SqlitePool,
    customer: CustomerId,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    points: usize,
) -> Result<Vec<SeriesPoint>, StoreError> {
    let each = sqlx::query(
        "SELECT at_ms, kind, points >> 32, points & 4294967295, penalty_points >> 32, penalty_points & 4294967295 \
         FROM entry WHERE customer_id = ? AND at_ms >= ? AND at_ms < ? AND (points <> 0 OR penalty_points <> 0) \
         ORDER BY at_ms, entry_id LIMIT ?",
    );
    let rows = each
        .bind(bytes(customer.0))
        .bind(start_ms(from))
        .bind(end_ms(until))
        .bind(limit(points).saturating_add(1))
        .fetch_all(pool)
        .await
        .map_err(|error| from_sqlx(&error))?;
    if rows.len() <= points {
        return rows.iter().map(|row| point(row, int(row, 0)?, int(row, 1)?)).collect();
    }
    // A day in Asia/Seoul, which is nine hours ahead all the year. The last entry's time and kind go as one number.
    let by_day = sqlx::query(concat!(
        "SELECT max(at_ms * 8 + kind), 0, ",
        halves!(),
        " FROM entry WHERE customer_id = ? AND at_ms >= ? AND at_ms < ? AND (points <> 0 OR penalty_points <> 0) \
         GROUP BY (at_ms + 32400000) / 86400000 ORDER BY 1"
    ));
    let rows = by_day
        .bind(bytes(customer.0))
        .bind(start_ms(from))
        .bind(end_ms(until))
        .fetch_all(pool)
        .await
        .map_err(|error| from_sqlx(&error))?;
    rows.iter()
        .map(|row| {
            let last = int(row, 0)?;
            point(row, last.div_euclid(8), last.rem_euclid(8))
        })
        .collect()
}

fn point(row: &SqliteRow, at_ms: i64, kind: i64) -> Result<SeriesPoint, StoreError> {
    let MypageTotals { balance, outstanding } = sums(row, 2)?.totals();
    Ok(SeriesPoint { at: time(at_ms)?, kind: kind_of(kind)?, points: balance, penalty_points: outstanding })
}
