//! Computes balances and outstanding penalties, by index-only scans. PostgreSQL's sums are unbounded numerics, so they
//! are read as text.

use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::points::to_i64;
use nosmoke_ports::{MypageTotals, PageCursor, SeriesPoint};
use sqlx::Error;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::bounds::limit;
use crate::row::{corrupt, kind, time};

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    points: i128,
    penalty_points: i128,
}

impl Sums {
    fn read(points: &str, penalty_points: &str) -> Result<Self, Error> {
        Ok(Self { points: whole(points)?, penalty_points: whole(penalty_points)? })
    }

    fn totals(self) -> MypageTotals {
        MypageTotals { balance: to_i64(self.points), outstanding: to_i64(self.penalty_points) }
    }
}

/// Reads a sum from its digits.
pub(crate) fn whole(digits: &str) -> Result<i128, Error> {
    digits.parse().map_err(|_| corrupt(format!("{digits} isn't a sum of points")))
}

/// Returns the totals up to each position. One statement sums the entries between the positions, and those before the
/// oldest one; adding these sums up gives the totals. So every entry is read once, and all in one snapshot.
pub(crate) async fn totals_at(
    reader: &mut PgConnection,
    customer: CustomerId,
    positions: &[PageCursor],
) -> Result<Vec<MypageTotals>, Error> {
    if positions.is_empty() {
        return Ok(Vec::new());
    }
    let begin = PageCursor { at_ms: i64::MIN, entry_id: Uuid::nil() };
    let older = positions.iter().skip(1).chain([&begin]);
    let (after_ms, after_id): (Vec<_>, Vec<_>) = older.map(|it| (it.at_ms, it.entry_id)).unzip();
    let (to_ms, to_id): (Vec<_>, Vec<_>) = positions.iter().map(|it| (it.at_ms, it.entry_id)).unzip();
    let stretches: Vec<(String, String)> = sqlx::query_as(
        "SELECT s.points, s.penalty_points \
         FROM unnest($2::bigint[], $3::uuid[], $4::bigint[], $5::uuid[]) WITH ORDINALITY \
           AS p (to_ms, to_id, after_ms, after_id, place) \
         CROSS JOIN LATERAL (SELECT coalesce(sum(points), 0)::text AS points, \
           coalesce(sum(penalty_points), 0)::text AS penalty_points FROM entry \
           WHERE customer_id = $1 AND (at_ms, entry_id) <= (p.to_ms, p.to_id) \
             AND (at_ms, entry_id) > (p.after_ms, p.after_id)) s \
         ORDER BY p.place DESC",
    )
    .bind(customer.0)
    .bind(to_ms)
    .bind(to_id)
    .bind(after_ms)
    .bind(after_id)
    .fetch_all(reader)
    .await?;
    let mut sum = Sums::default();
    let mut totals = Vec::with_capacity(positions.len());
    for (points, penalty_points) in &stretches {
        let stretch = Sums::read(points, penalty_points)?;
        sum.points += stretch.points;
        sum.penalty_points += stretch.penalty_points;
        totals.push(sum.totals());
    }
    totals.reverse();
    Ok(totals)
}

pub(crate) async fn totals_before(
    reader: &mut PgConnection,
    customer: CustomerId,
    before: chrono::DateTime<chrono::Utc>,
) -> Result<MypageTotals, Error> {
    let (points, penalty_points): (String, String) = sqlx::query_as(
        "SELECT coalesce(sum(points), 0)::text, coalesce(sum(penalty_points), 0)::text \
         FROM entry WHERE customer_id = $1 AND at_ms < $2",
    )
    .bind(customer.0)
    .bind(before.timestamp_millis())
    .fetch_one(reader)
    .await?;
    Ok(Sums::read(&points, &penalty_points)?.totals())
}

pub(crate) async fn series(
    reader: &mut PgConnection,
    customer: CustomerId,
    (from, until): (i64, i64),
    points: usize,
) -> Result<Vec<SeriesPoint>, Error> {
    let each: Vec<(i64, i64, i64, i16)> = sqlx::query_as(
        "SELECT points, penalty_points, at_ms, kind FROM entry \
         WHERE customer_id = $1 AND at_ms >= $2 AND at_ms < $3 AND (points <> 0 OR penalty_points <> 0) \
         ORDER BY at_ms, entry_id LIMIT $4",
    )
    .bind(customer.0)
    .bind(from)
    .bind(until)
    .bind(limit(points).saturating_add(1))
    .fetch_all(&mut *reader)
    .await?;
    if each.len() <= points {
        let point = |(points, penalty_points, at_ms, code)| {
            Ok(SeriesPoint { at: time(at_ms)?, kind: kind(code)?, points, penalty_points })
        };
        return each.into_iter().map(point).collect();
    }
    // One point per day in Asia/Seoul, which is UTC+9 all the year. Time and kind of the day's last entry are combined
    // into one number, so that one `max` finds both.
    let days: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT sum(points)::text, sum(penalty_points)::text, max(at_ms * 16 + kind) FROM entry \
         WHERE customer_id = $1 AND at_ms >= $2 AND at_ms < $3 AND (points <> 0 OR penalty_points <> 0) \
         GROUP BY (at_ms + 32400000) / 86400000 ORDER BY 3",
    )
    .bind(customer.0)
    .bind(from)
    .bind(until)
    .fetch_all(reader)
    .await?;
    let day = |(points, penalty_points, last): (String, String, i64)| {
        let MypageTotals { balance, outstanding } = Sums::read(&points, &penalty_points)?.totals();
        let code = i16::try_from(last.rem_euclid(16)).map_err(|error| corrupt(error.to_string()))?;
        let (at, kind) = (time(last.div_euclid(16))?, kind(code)?);
        Ok(SeriesPoint { at, kind, points: balance, penalty_points: outstanding })
    };
    days.into_iter().map(day).collect()
}
